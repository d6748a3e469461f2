/*
 * UDP: struct proto udp_prot. Sockets without a port and without a peer.
 * Stands on net/core. Called by inet_create() and the socket's operations. Linux: net/ipv4/udp.c
 */
#include <uapi/ioctl.h>

#include "net/ipv4/inet.h"

#define UDP_MAX_LEN 0xffff /* bytes; what a 16-bit length can say */

struct udp_sock {
	struct inet_sock inet;
};

static int udp_init_sock(struct sock *sk)
{
	__set_bit(SOCK_SUPPORT_ZC, &sk->sk_socket->flags);
	return 0;
}

static void udp_lib_close(struct sock *sk, long timeout __maybe_unused)
{
	sk_common_release(sk);
}

/* No message carries an address (sendto(2) comes later) and no socket has a peer. */
static int udp_sendmsg(struct sock *sk __maybe_unused, struct msghdr *msg, size_t len)
{
	if (len > UDP_MAX_LEN)
		return -EMSGSIZE;
	if (msg->msg_flags & MSG_OOB)
		return -EOPNOTSUPP;
	return -EDESTADDRREQ;
}

static int udp_recvmsg(struct sock *sk, struct msghdr *msg __maybe_unused,
		       size_t len __maybe_unused, int flags)
{
	if (flags & MSG_ERRQUEUE)
		return -EAGAIN;
	return __skb_wait_for_more_packets(sk, flags);
}

/* FIONREAD: length of the first packet waiting; SIOCOUTQ: bytes on their way out. */
static int udp_ioctl(struct sock *sk, unsigned int cmd, int *karg)
{
	switch (cmd) {
	case SIOCOUTQ:
		*karg = sk_wmem_alloc_get(sk);
		return 0;
	case SIOCINQ:
		*karg = 0;
		return 0;
	default:
		return -ENOIOCTLCMD;
	}
}

struct proto udp_prot = {
	.name = "UDP",
	.owner = THIS_MODULE,
	.close = udp_lib_close,
	.ioctl = udp_ioctl,
	.init = udp_init_sock,
	.sendmsg = udp_sendmsg,
	.recvmsg = udp_recvmsg,
	.obj_size = sizeof(struct udp_sock),
};
