/*
 * struct tcp_sock, and what the TCP files share.
 * Linux: include/linux/tcp.h, include/net/inet_connection_sock.h, tcp.h
 */
#ifndef NET_IPV4_TCP_H
#define NET_IPV4_TCP_H

#include "net/ipv4/inet.h"

#define SIOCOUTQNSD 0x894B /* Linux: uapi/linux/sockios.h */

#define TCP_TIMEOUT_INIT HZ            /* 1 s: RFC 6298's first retransmission timeout, ticks */
#define TCP_INIT_CWND 10               /* RFC 6928, packets */
#define TCP_INFINITE_SSTHRESH 0x7fffffff
#define TCP_MSS_DEFAULT 536            /* RFC 1122, bytes */
#define TCP_WMEM_DEFAULT 16384         /* tcp_wmem[1], bytes */
#define TCP_RMEM_DEFAULT 131072        /* tcp_rmem[1] */

/* What differs between TCP over IPv4 and over IPv6. Read by tests/kernel/refcounts.c only. */
struct inet_connection_sock_af_ops {
	unsigned short net_header_len; /* bytes of an IP header without options */
	unsigned short sockaddr_len;
};

struct inet_connection_sock {
	struct inet_sock icsk_inet;
	u32 icsk_rto; /* retransmission timeout in ticks; read by tests/kernel/refcounts.c only */
	const struct inet_connection_sock_af_ops *icsk_af_ops;
};

/*
 * Sequence numbers have the names of RFC 9293 §3.3.1. The last three fields are read by
 * tests/kernel/refcounts.c only: they are the values with which a sender will start.
 */
struct tcp_sock {
	struct inet_connection_sock inet_conn;
	u32 snd_una;     /* first byte not acknowledged */
	u32 snd_nxt;     /* next byte to send */
	u32 write_seq;   /* the byte after the last one that ring 3 wrote */
	u32 rcv_nxt;     /* next byte expected */
	u32 copied_seq;  /* next byte that ring 3 reads */
	u32 snd_cwnd;    /* congestion window, packets */
	u32 snd_ssthresh; /* slow start threshold, packets */
	u32 mss_cache;   /* maximum segment size, bytes */
};

static inline struct inet_connection_sock *inet_csk(struct sock *sk)
{
	return container_of(sk, struct inet_connection_sock, icsk_inet.sk);
}

static inline struct tcp_sock *tcp_sk(struct sock *sk)
{
	return container_of(sk, struct tcp_sock, inet_conn.icsk_inet.sk);
}

/* How many TCP socks exist. */
extern atomic_long_t tcp_sockets_allocated;

/* Set the first values of a TCP sock, over IPv4 or IPv6. */
void tcp_init_sock(struct sock *sk);

/* Ring 3 has closed @sk: shut it down in both directions and destroy it. */
void tcp_close(struct sock *sk, long timeout);

/*
 * Send or receive @len bytes. On a socket that was never connected sending is -EPIPE, with SIGPIPE
 * unless MSG_NOSIGNAL is set, and receiving is -ENOTCONN.
 */
int tcp_sendmsg(struct sock *sk, struct msghdr *msg, size_t len);
int tcp_recvmsg(struct sock *sk, struct msghdr *msg, size_t len, int flags);
int tcp_ioctl(struct sock *sk, unsigned int cmd, int *karg);
__poll_t tcp_poll(struct file *file, struct socket *sock, poll_table *wait);

/* Destroy an orphaned sock in state TCP_CLOSE. Drops a reference. */
void inet_csk_destroy_sock(struct sock *sk);

#endif
