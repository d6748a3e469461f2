/*
 * What stream protocols share: what a sender is told.
 * Stands on net/core/sock.h. Called by net/ipv4/tcp.c. Linux: net/core/stream.c
 */
#include "net/core/sock.h"

/*
 * May a sender go on? 0 when connected; else the pending error, or -EPIPE: there is no connection
 * and none on its way (connect(2) does not exist yet, so there is never one to wait for).
 */
int sk_stream_wait_connect(struct sock *sk)
{
	int err = sock_error(sk);

	if (err)
		return err;
	return sk->sk_state == TCP_ESTABLISHED || sk->sk_state == TCP_CLOSE_WAIT ? 0 : -EPIPE;
}

/* The errno a sender gets for @err; a broken pipe is also a SIGPIPE, unless @flags forbid it. */
int sk_stream_error(struct sock *sk, int flags, int err)
{
	int sk_error;

	if (err != -EPIPE)
		return err;
	sk_error = sock_error(sk);
	if (sk_error)
		return sk_error;
	if (!(flags & MSG_NOSIGNAL))
		send_sig(SIGPIPE, current);
	return -EPIPE;
}
