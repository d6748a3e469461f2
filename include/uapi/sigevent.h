/*
 * sigevent.h - what timer_create(2) does when the timer expires.
 */
#ifndef UAPI_SIGEVENT_H
#define UAPI_SIGEVENT_H

#include <uapi/types.h>

#define SIGEV_SIGNAL	0	/* send a signal to the process */
#define SIGEV_NONE	1	/* nothing */
#define SIGEV_THREAD	2	/* as SIGEV_SIGNAL: libc does the rest */
#define SIGEV_THREAD_ID	4	/* ... to one thread */

struct sigevent {
	__u64 sigev_value;	/* union sigval */
	int sigev_signo;
	int sigev_notify;
	int sigev_notify_thread_id;
	int __pad[11];
};

#endif
