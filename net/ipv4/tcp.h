/*
 * struct tcp_sock and what the TCP files know of each other.
 * Linux: include/linux/tcp.h, include/net/inet_connection_sock.h, tcp.h
 */
#ifndef NET_IPV4_TCP_H
#define NET_IPV4_TCP_H

#include "net/ipv4/inet.h"

#define SIOCOUTQNSD 0x894B /* bytes written but not sent. Linux: uapi/linux/sockios.h */

#define TCP_TIMEOUT_INIT HZ            /* 1 s: RFC 6298's first retransmission timeout, ticks */
#define TCP_RTO_MIN (HZ / 5)           /* 200 ms */
#define TCP_INIT_CWND 10               /* RFC 6928, packets */
#define TCP_INFINITE_SSTHRESH 0x7fffffff
#define TCP_MSS_DEFAULT 536            /* RFC 1122, bytes */
#define TCP_WMEM_DEFAULT 16384         /* tcp_wmem[1], bytes */
#define TCP_RMEM_DEFAULT 131072        /* tcp_rmem[1] */

/* How TCP reacts to loss: one algorithm. */
struct tcp_congestion_ops {
	const char *name;
};
extern const struct tcp_congestion_ops tcp_reno;

/* What differs between TCP over IPv4 and over IPv6. */
struct inet_connection_sock_af_ops {
	unsigned short net_header_len; /* bytes of an IP header without options */
	unsigned short sockaddr_len;
};

struct inet_connection_sock {
	struct inet_sock icsk_inet;
	u32 icsk_rto, icsk_rto_min; /* ticks */
	const struct tcp_congestion_ops *icsk_ca_ops;
	const struct inet_connection_sock_af_ops *icsk_af_ops;
};

/* Sequence numbers as RFC 9293 §3.3.1 names them. */
struct tcp_sock {
	struct inet_connection_sock inet_conn;
	u32 snd_una;     /* first byte not acknowledged */
	u32 snd_nxt;     /* next byte to send */
	u32 write_seq;   /* one past the last byte ring 3 wrote */
	u32 rcv_nxt;     /* next byte expected */
	u32 copied_seq;  /* next byte ring 3 reads */
	u32 snd_cwnd;    /* congestion window, packets */
	u32 snd_ssthresh;
	u32 mss_cache;   /* bytes */
};

static inline struct inet_connection_sock *inet_csk(struct sock *sk)
{
	return container_of(sk, struct inet_connection_sock, icsk_inet.sk);
}

static inline struct tcp_sock *tcp_sk(struct sock *sk)
{
	return container_of(sk, struct tcp_sock, inet_conn.icsk_inet.sk);
}

/* TCP socks in being, orphans included. */
extern atomic_long_t tcp_sockets_allocated;

/* First values of every TCP sock, whatever it runs on. */
void tcp_init_sock(struct sock *sk);

/* Ring 3 is done with @sk: shut down both ways and, since nothing is connected, destroy it. */
void tcp_close(struct sock *sk, long timeout);

/*
 * Send or receive @len bytes. On a socket that was never connected: -EPIPE with SIGPIPE (unless
 * MSG_NOSIGNAL), and -ENOTCONN.
 */
int tcp_sendmsg(struct sock *sk, struct msghdr *msg, size_t len);
int tcp_recvmsg(struct sock *sk, struct msghdr *msg, size_t len, int flags);
int tcp_ioctl(struct sock *sk, unsigned int cmd, int *karg);

/* Destroy an orphan in state TCP_CLOSE; consumes a reference. */
void inet_csk_destroy_sock(struct sock *sk);

#endif
