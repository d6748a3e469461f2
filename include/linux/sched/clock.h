/*
 * Nanoseconds since boot, cheap, from any context: on one CPU all these clocks are one.
 */
#ifndef INCLUDE_LINUX_SCHED_CLOCK_H
#define INCLUDE_LINUX_SCHED_CLOCK_H

#include "kernel/printk/printk.h"

static inline u64 sched_clock(void)
{
	return local_clock();
}

static inline u64 cpu_clock(int cpu __maybe_unused)
{
	return local_clock();
}

#endif
