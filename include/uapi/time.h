/*
 * time.h - clocks and timers: numbers and structures.
 */
#ifndef UAPI_TIME_H
#define UAPI_TIME_H

#include <uapi/types.h>

typedef int clockid_t;

#define CLOCK_REALTIME			0
#define CLOCK_MONOTONIC			1
#define CLOCK_PROCESS_CPUTIME_ID	2
#define CLOCK_THREAD_CPUTIME_ID		3
#define CLOCK_MONOTONIC_RAW		4
#define CLOCK_REALTIME_COARSE		5
#define CLOCK_MONOTONIC_COARSE		6
#define CLOCK_BOOTTIME			7
#define CLOCK_REALTIME_ALARM		8
#define CLOCK_BOOTTIME_ALARM		9
#define CLOCK_TAI			11

#define TIMER_ABSTIME	1	/* the time is a point on the clock, not a span from now on */

struct timespec {
	__s64 tv_sec;
	__s64 tv_nsec;		/* 0..999999999 */
};

struct timeval {
	__s64 tv_sec;
	__s64 tv_usec;		/* 0..999999 */
};

#endif
