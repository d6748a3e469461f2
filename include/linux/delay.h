/*
 * Waiting: without giving up the CPU (delay), or asleep (sleep).
 */
#ifndef INCLUDE_LINUX_DELAY_H
#define INCLUDE_LINUX_DELAY_H

#include "kernel/cpu/cpu.h"
#include "kernel/lib/lib.h"
#include "kernel/time/timer.h"

static inline void ndelay(unsigned long ns)
{
	u64 end = ktime_get_ns() + ns;

	while (ktime_get_ns() < end)
		__asm__ volatile("pause" : : : "memory");
}

#define ssleep(secs) msleep((secs) * 1000u)
#define usleep_range(low, high) msleep(DIV_ROUND_UP(low, 1000))
#define udelay(us) ndelay((us) * 1000ul)
#define mdelay(ms) ndelay((ms) * 1000000ul)

#endif
