/*
 * What the datagram protocols UDP, RAW and PING do in the same way: receive, answer ioctl(2) and
 * close. Linux: net/core/datagram.c, and in net/ipv4/ the functions of each protocol for it.
 */
#include <uapi/ioctl.h>

#include "net/core/sock.h"

/*
 * No network device exists and no socket can send to another, so no packet ends this wait. Only an
 * error, a shutdown or a signal does.
 */
int datagram_recvmsg(struct sock *sk, struct msghdr *msg __maybe_unused, size_t len __maybe_unused,
		     int flags)
{
	int err;

	if (flags & MSG_ERRQUEUE)
		return -EAGAIN; /* the queue of errors is empty */

	err = sock_error(sk);
	if (err || sk->sk_shutdown & RCV_SHUTDOWN)
		return err;
	if (flags & MSG_DONTWAIT)
		return -EAGAIN;
	err = wait_event_interruptible(sk->sk_wq->wait,
				       sk->sk_err || sk->sk_shutdown & RCV_SHUTDOWN);
	return err ? err : sock_error(sk);
}

/* Nothing can be read before the receive side is shut down. */
__poll_t datagram_poll(struct file *file, struct socket *sock, poll_table *wait)
{
	struct sock *sk = sock->sk;
	__poll_t mask = 0;

	sock_poll_wait(file, sock, wait);
	if (sk->sk_err)
		mask |= EPOLLERR;
	if (sk->sk_shutdown & RCV_SHUTDOWN)
		mask |= EPOLLRDHUP | EPOLLIN | EPOLLRDNORM;
	if (sk->sk_shutdown == SHUTDOWN_MASK)
		mask |= EPOLLHUP;
	if (sock_writeable(sk))
		mask |= EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND;
	return mask;
}

int datagram_ioctl(struct sock *sk, unsigned int cmd, int *karg)
{
	switch (cmd) {
	case SIOCOUTQ:
		*karg = sk_wmem_alloc_get(sk);
		return 0;
	case SIOCINQ:
		*karg = 0; /* no packet is waiting */
		return 0;
	default:
		return -ENOIOCTLCMD;
	}
}

void datagram_close(struct sock *sk, long timeout __maybe_unused)
{
	sk_common_release(sk);
}
