/*
 * Probes. What only modules use is here.
 */
#ifndef INCLUDE_LINUX_KPROBES_H
#define INCLUDE_LINUX_KPROBES_H

#include "kernel/kprobes/kprobes.h"
#include "kernel/debug/debug.h"

/* Code of modules has no probe sites that others could find: nothing to do. */
#define NOKPROBE_SYMBOL(fn)
#define __kprobes
#define nokprobe_inline inline __attribute__((always_inline))

#endif
