/*
 * The INET family: struct inet_sock, and the table from socket type to protocol.
 * Linux: include/net/inet_sock.h, protocol.h
 */
#ifndef NET_IPV4_INET_H
#define NET_IPV4_INET_H

#include "net/core/sock.h"

/* The two TTLs are read by tests/kernel/refcounts.c only. */
struct inet_sock {
	struct sock sk;
	u16 inet_num; /* local port in host order; of a raw sock its protocol number */
	s16 uc_ttl;   /* unicast; -1: the system's default */
	u8 mc_ttl;    /* multicast */
};

static inline struct inet_sock *inet_sk(struct sock *sk)
{
	return container_of(sk, struct inet_sock, sk);
}

/*
 * inet_protosw flags. REUSE and ICSK have Linux's values for modules that print the table; nothing
 * here reads them, because there is no bind(2) yet.
 */
#define INET_PROTOSW_REUSE 0x01
#define INET_PROTOSW_PERMANENT 0x02
#define INET_PROTOSW_ICSK 0x04

/* One entry of the table: what serves (type, protocol). Linux: include/net/protocol.h */
struct inet_protosw {
	struct list_head list;
	unsigned short type;     /* SOCK_* */
	unsigned short protocol; /* IPPROTO_*; IPPROTO_IP: every protocol but 0 */
	struct proto *prot;
	const struct proto_ops *ops;
	unsigned char flags; /* INET_PROTOSW_* */
};

/*
 * Add @p to the list of its type, behind the permanent entries, whose protocols no other entry can
 * take over. A refusal is only logged. The list keeps the pointer @p.
 */
void inet_register_protosw(struct inet_protosw *p);
void inet_unregister_protosw(struct inet_protosw *p);

extern struct proto tcp_prot, udp_prot, raw_prot, ping_prot;
extern const struct proto_ops inet_stream_ops, inet_dgram_ops, inet_sockraw_ops;
void raw_init(void);
void ping_init(void);

#endif
