/*
 * itimer.h - what timers are set to.
 */
#ifndef UAPI_ITIMER_H
#define UAPI_ITIMER_H

#include <uapi/time.h>

#define ITIMER_REAL	0	/* SIGALRM */
#define ITIMER_VIRTUAL	1	/* time in ring 3: SIGVTALRM */
#define ITIMER_PROF	2	/* time in ring 3 and in ring 0: SIGPROF */

struct itimerspec {
	struct timespec it_interval, it_value;
};

struct itimerval {
	struct timeval it_interval, it_value;
};

#endif
