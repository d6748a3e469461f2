/*
 * The INET family: struct inet_sock, and the switch from socket type to protocol.
 * Linux: include/net/inet_sock.h, protocol.h
 */
#ifndef NET_IPV4_INET_H
#define NET_IPV4_INET_H

#include "net/core/sock.h"

#define IP_PMTUDISC_WANT 1

/* inet_flags, bit numbers. Linux: include/net/inet_sock.h */
enum {
	INET_FLAGS_HDRINCL, /* ring 3 writes the IP header itself */
	INET_FLAGS_MC_LOOP,
	INET_FLAGS_MC_ALL,
	INET_FLAGS_IS_ICSK, /* the sock is an inet_connection_sock */
};

struct inet_sock {
	struct sock sk;
	unsigned long inet_flags;
	u16 inet_num;     /* local port, host order; a raw socket's protocol */
	u16 inet_sport;   /* local port, network order */
	s16 uc_ttl;       /* -1: the system's default */
	u8 mc_ttl;
	u8 pmtudisc;
};

static inline struct inet_sock *inet_sk(struct sock *sk)
{
	return container_of(sk, struct inet_sock, sk);
}

static inline u16 htons(u16 host)
{
	return __builtin_bswap16(host);
}

/* inet_protosw flags */
#define INET_PROTOSW_REUSE 0x01
#define INET_PROTOSW_PERMANENT 0x02
#define INET_PROTOSW_ICSK 0x04

/* One row of the switch: what answers to (type, protocol). Linux: include/net/protocol.h */
struct inet_protosw {
	struct list_head list;
	unsigned short type;     /* SOCK_* */
	unsigned short protocol; /* IPPROTO_*; IPPROTO_IP: any but 0 */
	struct proto *prot;
	const struct proto_ops *ops;
	unsigned char flags; /* INET_PROTOSW_* */
};

/*
 * Add @p to the list of its type, behind the permanent entries, whose protocols nobody else can
 * take over. A refusal is logged. @p is kept by reference.
 */
void inet_register_protosw(struct inet_protosw *p);
void inet_unregister_protosw(struct inet_protosw *p);

/* The protocols' own faces */
extern struct proto tcp_prot, udp_prot, raw_prot, ping_prot;
extern const struct proto_ops inet_stream_ops, inet_dgram_ops, inet_sockraw_ops;
void raw_init(void);
void ping_init(void);

#endif
