/*
 * poll.h - the events of poll(2) and epoll(7), which have the same values; struct pollfd.
 */
#ifndef UAPI_POLL_H
#define UAPI_POLL_H

#define POLLIN		0x0001	/* there is something to read */
#define POLLPRI		0x0002	/* ... something urgent */
#define POLLOUT		0x0004	/* a write would not wait */
#define POLLERR		0x0008	/* these three are told unasked */
#define POLLHUP		0x0010
#define POLLNVAL	0x0020
#define POLLRDNORM	0x0040
#define POLLRDBAND	0x0080
#define POLLWRNORM	0x0100
#define POLLWRBAND	0x0200
#define POLLRDHUP	0x2000	/* the peer will send no more */

struct pollfd {
	int fd;
	short events, revents;
};

#define EPOLLIN		POLLIN
#define EPOLLPRI	POLLPRI
#define EPOLLOUT	POLLOUT
#define EPOLLERR	POLLERR
#define EPOLLHUP	POLLHUP
#define EPOLLNVAL	POLLNVAL
#define EPOLLRDNORM	POLLRDNORM
#define EPOLLRDBAND	POLLRDBAND
#define EPOLLWRNORM	POLLWRNORM
#define EPOLLWRBAND	POLLWRBAND
#define EPOLLRDHUP	POLLRDHUP

#endif
