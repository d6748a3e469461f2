/*
 * TCP, as ring 3 sees it: a new sock, read, write, ioctl and close. Linux: net/ipv4/tcp.c
 *
 * Every sock is in state TCP_CLOSE, because there is no connect(2) and no listen(2) yet.
 */
#include <uapi/ioctl.h>

#include "net/ipv4/tcp.h"

atomic_long_t tcp_sockets_allocated;

void tcp_init_sock(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	inet_csk(sk)->icsk_rto = TCP_TIMEOUT_INIT;
	tp->snd_cwnd = TCP_INIT_CWND;
	tp->snd_ssthresh = TCP_INFINITE_SSTHRESH;
	tp->mss_cache = TCP_MSS_DEFAULT;

	sock_set_flag(sk, SOCK_USE_WRITE_QUEUE);
	sk->sk_sndbuf = TCP_WMEM_DEFAULT;
	sk->sk_rcvbuf = TCP_RMEM_DEFAULT;
	__set_bit(SOCK_SUPPORT_ZC, &sk->sk_socket->flags);
	atomic_long_inc(sk->sk_prot->sockets_allocated);
}

/* Without a connection the sock has hung up, and a write would fail at once: it need not wait. */
__poll_t tcp_poll(struct file *file, struct socket *sock, poll_table *wait)
{
	struct sock *sk = sock->sk;
	__poll_t mask = 0;

	sock_poll_wait(file, sock, wait);
	if (sk->sk_shutdown == SHUTDOWN_MASK || sk->sk_state == TCP_CLOSE)
		mask |= EPOLLHUP;
	if (sk->sk_shutdown & RCV_SHUTDOWN)
		mask |= EPOLLIN | EPOLLRDNORM | EPOLLRDHUP;
	mask |= EPOLLOUT | EPOLLWRNORM;
	if (sk->sk_err)
		mask |= EPOLLERR;
	return mask;
}

/*
 * The socket holds one reference on @sk. We take a second one, so that the sock exists until the
 * end of this function: inet_csk_destroy_sock() drops the socket's, and the last line drops ours.
 */
void tcp_close(struct sock *sk, long timeout __maybe_unused)
{
	sk->sk_shutdown = SHUTDOWN_MASK;

	sock_hold(sk);
	sock_orphan(sk);
	inet_csk_destroy_sock(sk);

	sock_put(sk);
}

/* No sock is connected, so that a sender always finds a broken pipe. */
int tcp_sendmsg(struct sock *sk, struct msghdr *msg, size_t len __maybe_unused)
{
	return sk_stream_error(sk, msg->msg_flags, -EPIPE);
}

int tcp_recvmsg(struct sock *sk, struct msghdr *msg __maybe_unused,
		size_t len __maybe_unused, int flags)
{
	int err;

	if (flags & MSG_ERRQUEUE)
		return -EAGAIN; /* the queue of errors is empty */
	if (flags & MSG_OOB)
		return -EINVAL; /* there is no urgent byte */

	err = sock_error(sk);
	if (err || sk->sk_shutdown & RCV_SHUTDOWN)
		return err;
	return -ENOTCONN;
}

/* How many bytes can be read (SIOCINQ), are not acknowledged (SIOCOUTQ), not sent (SIOCOUTQNSD). */
int tcp_ioctl(struct sock *sk, unsigned int cmd, int *karg)
{
	struct tcp_sock *tp = tcp_sk(sk);

	switch (cmd) {
	case SIOCINQ:
		*karg = tp->rcv_nxt - tp->copied_seq;
		return 0;
	case SIOCATMARK:
		*karg = 0; /* no urgent byte has come */
		return 0;
	case SIOCOUTQ:
		*karg = tp->write_seq - tp->snd_una;
		return 0;
	case SIOCOUTQNSD:
		*karg = tp->write_seq - tp->snd_nxt;
		return 0;
	default:
		return -ENOIOCTLCMD;
	}
}
