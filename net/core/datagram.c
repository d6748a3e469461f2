/*
 * What datagram protocols share when they receive.
 * Stands on net/core/sock.h. Called by the recvmsg of UDP, RAW and PING. Linux: net/core/datagram.c
 */
#include "net/core/sock.h"

/*
 * No network device exists and no socket can send to another, so no packet ends this wait: only an
 * error, a shutdown or a signal does.
 */
int __skb_wait_for_more_packets(struct sock *sk, int flags)
{
	int err = sock_error(sk);

	if (err || sk->sk_shutdown & RCV_SHUTDOWN)
		return err;
	if (flags & MSG_DONTWAIT)
		return -EAGAIN;
	err = wait_event_interruptible(sk->sk_wq->wait,
				       sk->sk_err || sk->sk_shutdown & RCV_SHUTDOWN);
	return err ? err : sock_error(sk);
}
