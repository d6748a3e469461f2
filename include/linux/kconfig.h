/*
 * Which of Linux's options this kernel answers to. Included in front of every module's source.
 */
#ifndef INCLUDE_LINUX_KCONFIG_H
#define INCLUDE_LINUX_KCONFIG_H

#define CONFIG_64BIT 1
#define CONFIG_X86 1
#define CONFIG_X86_64 1
#define CONFIG_HZ 250
#define CONFIG_FRAME_POINTER 1
#define CONFIG_INET 1
#define CONFIG_KALLSYMS 1
#define CONFIG_KPROBES 1
#define CONFIG_KRETPROBES 1
#define CONFIG_KRETPROBE_ON_RETHOOK 1
#define CONFIG_MODULES 1
#define CONFIG_MODULE_UNLOAD 1
#define CONFIG_NET 1
#define CONFIG_PRINTK 1
#define CONFIG_SECURITY 1
#define CONFIG_SECURITY_NETWORK 1
#define CONFIG_STACKTRACE 1

/*
 * IS_ENABLED(CONFIG_X): 1 when CONFIG_X is defined as 1, else 0. Only a macro that expands to 1
 * pastes to the name below, which shifts the arguments by one.
 */
#define __ARG_PLACEHOLDER_1 0,
#define __take_second_arg(ignored, value, ...) value
#define __is_defined(x) ___is_defined(x)
#define ___is_defined(value) ____is_defined(__ARG_PLACEHOLDER_##value)
#define ____is_defined(shift) __take_second_arg(shift 1, 0)
#define IS_BUILTIN(option) __is_defined(option)
#define IS_ENABLED(option) __is_defined(option)
#define IS_REACHABLE(option) __is_defined(option)

#endif
