/*
 * What connects the timer device, hrtimers and the tick. Linux: kernel/time/tick-internal.h
 */
#ifndef KERNEL_TIME_TICK_H
#define KERNEL_TIME_TICK_H

#include "kernel/lib/types.h"

/*
 * Have the timer device interrupt at @expires (ktime_get_ns()), or at once if that time has passed.
 */
void clockevents_program_event(ktime_t expires);

/* A tick was charged to current: whoever waited for its CPU time is told. */
void run_posix_cpu_timers(void);

/* The timer device has interrupted. */
void hrtimer_interrupt(void);

#endif
