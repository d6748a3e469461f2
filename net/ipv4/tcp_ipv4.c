/*
 * TCP over IPv4: struct proto tcp_prot, and what only IPv4 needs in a TCP sock.
 * Linux: net/ipv4/tcp_ipv4.c
 */
#include "net/ipv4/tcp.h"

static const struct inet_connection_sock_af_ops ipv4_specific = {
	.net_header_len = 20,
	.sockaddr_len = sizeof(struct sockaddr_in),
};

static int tcp_v4_init_sock(struct sock *sk)
{
	tcp_init_sock(sk);
	inet_csk(sk)->icsk_af_ops = &ipv4_specific;
	return 0;
}

static void tcp_v4_destroy_sock(struct sock *sk)
{
	atomic_long_dec(sk->sk_prot->sockets_allocated);
}

struct proto tcp_prot = {
	.name = "TCP",
	.owner = THIS_MODULE,
	.close = tcp_close,
	.ioctl = tcp_ioctl,
	.init = tcp_v4_init_sock,
	.destroy = tcp_v4_destroy_sock,
	.sendmsg = tcp_sendmsg,
	.recvmsg = tcp_recvmsg,
	.sockets_allocated = &tcp_sockets_allocated,
	.obj_size = sizeof(struct tcp_sock),
};
