/*
 * UDP: struct proto udp_prot. A socket has neither a port nor a peer yet. Linux: net/ipv4/udp.c
 */
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

/* No message has a destination: there is no connect(2) and no sendto(2) yet. */
static int udp_sendmsg(struct sock *sk __maybe_unused, struct msghdr *msg, size_t len)
{
	if (len > UDP_MAX_LEN)
		return -EMSGSIZE;
	if (msg->msg_flags & MSG_OOB)
		return -EOPNOTSUPP;
	return -EDESTADDRREQ;
}

struct proto udp_prot = {
	.name = "UDP",
	.owner = THIS_MODULE,
	.close = datagram_close,
	.ioctl = datagram_ioctl,
	.init = udp_init_sock,
	.sendmsg = udp_sendmsg,
	.recvmsg = datagram_recvmsg,
	.obj_size = sizeof(struct udp_sock),
};
