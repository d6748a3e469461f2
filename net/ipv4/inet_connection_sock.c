/*
 * What connection-oriented INET protocols share. Linux: net/ipv4/inet_connection_sock.c
 */
#include "net/ipv4/tcp.h"

void inet_csk_destroy_sock(struct sock *sk)
{
	WARN_ON(sk->sk_state != TCP_CLOSE);
	WARN_ON(!sock_flag(sk, SOCK_DEAD));

	sk->sk_prot->destroy(sk);
	sock_put(sk);
}
