/*
 * Probes. What only modules use is here.
 */
#ifndef INCLUDE_LINUX_KPROBES_H
#define INCLUDE_LINUX_KPROBES_H

#include <linux/fs.h>
#include <linux/interrupt.h>
#include <linux/kallsyms.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/ptrace.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

#include "kernel/kprobes/kprobes.h"
#include "kernel/debug/debug.h"

/* Code of modules has no probe sites that others could find: nothing to do. */
#define NOKPROBE_SYMBOL(fn)
#define __kprobes
#define KPROBE_FLAG_OPTIMIZED 4 /* never set: a probe is one byte and has nothing to optimise */
#define KPROBE_FLAG_FTRACE 8    /* never set: no probe uses ftrace */
#define kprobe_gone(p) ((p)->flags & KPROBE_FLAG_GONE)
#define kprobe_disabled(p) ((p)->flags & (KPROBE_FLAG_DISABLED | KPROBE_FLAG_GONE))
#define nokprobe_inline inline __attribute__((always_inline))

#endif
