/*
 * eventpoll.h - epoll(7). Its events are those of poll.h.
 */
#ifndef UAPI_EVENTPOLL_H
#define UAPI_EVENTPOLL_H

#include <uapi/fcntl.h>
#include <uapi/poll.h>
#include <uapi/types.h>

#define EPOLL_CLOEXEC	O_CLOEXEC

#define EPOLL_CTL_ADD	1
#define EPOLL_CTL_DEL	2
#define EPOLL_CTL_MOD	3

/* How an entry behaves, beside its events */
#define EPOLLEXCLUSIVE	(1u << 28)	/* of those who wait for the file, wake one and not all */
#define EPOLLWAKEUP	(1u << 29)	/* the machine does not go to sleep meanwhile */
#define EPOLLONESHOT	(1u << 30)	/* told once, then silent until EPOLL_CTL_MOD */
#define EPOLLET		(1u << 31)	/* told when something happens, not as long as it holds */

struct epoll_event {
	__u32 events;
	__u64 data;
} __attribute__((packed));

#endif
