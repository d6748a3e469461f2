/*
 * times.h - struct tms of times(2).
 */
#ifndef UAPI_TIMES_H
#define UAPI_TIMES_H

#define USER_HZ	100	/* clock ticks a second, as programs count them */

struct tms {
	long tms_utime, tms_stime;	/* clock ticks */
	long tms_cutime, tms_cstime;	/* of children that were waited for */
};

#endif
