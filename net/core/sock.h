/*
 * struct sock: the face of a socket towards its protocol, whatever the protocol is.
 * Linux: include/net/sock.h
 *
 * A protocol's own structure begins with a sock, as a sock begins with a sock_common:
 *   tcp_sock { inet_connection_sock { inet_sock { sock { sock_common }}}}
 * so one pointer serves all floors. A field joins when something reads it.
 */
#ifndef NET_CORE_SOCK_H
#define NET_CORE_SOCK_H

#include "net/net.h"

/* TCP states, borrowed by every protocol. Linux: include/net/tcp_states.h */
enum {
	TCP_ESTABLISHED = 1,
	TCP_SYN_SENT,
	TCP_SYN_RECV,
	TCP_FIN_WAIT1,
	TCP_FIN_WAIT2,
	TCP_TIME_WAIT,
	TCP_CLOSE,
	TCP_CLOSE_WAIT,
	TCP_LAST_ACK,
	TCP_LISTEN,
	TCP_CLOSING,
	TCP_NEW_SYN_RECV,
};

/* sk_shutdown */
#define RCV_SHUTDOWN 1
#define SEND_SHUTDOWN 2
#define SHUTDOWN_MASK 3

#define SK_CAN_REUSE 1 /* sk_reuse */

/* sk_flags, bit numbers */
enum sock_flags {
	SOCK_DEAD, /* no struct socket any more */
	SOCK_DONE,
	SOCK_URGINLINE,
	SOCK_KEEPOPEN,
	SOCK_LINGER,
	SOCK_DESTROY,
	SOCK_BROADCAST,
	SOCK_TIMESTAMP,
	SOCK_ZAPPED, /* not connected yet */
	SOCK_USE_WRITE_QUEUE,
};

struct proto;

struct sock_common {
	struct proto *skc_prot;
	struct net *skc_net;
	struct list_head skc_node; /* in the protocol's hash; next is NULL while not hashed */
	refcount_t skc_refcnt;
	unsigned short skc_family;
	unsigned char skc_state; /* TCP_* */
	unsigned char skc_reuse;
};

struct sock {
	struct sock_common __sk_common;
#define sk_prot __sk_common.skc_prot
#define sk_net __sk_common.skc_net
#define sk_node __sk_common.skc_node
#define sk_refcnt __sk_common.skc_refcnt
#define sk_family __sk_common.skc_family
#define sk_state __sk_common.skc_state
#define sk_reuse __sk_common.skc_reuse
	u8 sk_shutdown;    /* RCV_SHUTDOWN, SEND_SHUTDOWN */
	bool sk_kern_sock; /* the kernel's own */
	bool sk_net_refcnt; /* counted as a user of sk_net */
	u16 sk_type;
	u16 sk_protocol;
	int sk_err; /* a positive errno to report once, or 0 */
	refcount_t sk_wmem_alloc; /* bytes on their way out, plus one for the sock itself */
	int sk_rcvbuf, sk_sndbuf; /* bytes */
	unsigned long sk_flags; /* bits of enum sock_flags */
	struct socket *sk_socket; /* not counted; NULL once orphaned */
	struct socket_wq *sk_wq;
	struct proto *sk_prot_creator;
	void *sk_security;
	void (*sk_destruct)(struct sock *sk);
};

/* A transport protocol: what is done to its socks. NULL: nothing to do. */
struct proto {
	const char *name; /* of the slab cache too */
	struct module *owner;
	void (*close)(struct sock *sk, long timeout);
	/* *@karg: the answer, for ring 3. -ENOIOCTLCMD: not one of ours. */
	int (*ioctl)(struct sock *sk, unsigned int cmd, int *karg);
	int (*init)(struct sock *sk);
	void (*destroy)(struct sock *sk);
	int (*sendmsg)(struct sock *sk, struct msghdr *msg, size_t len);
	int (*recvmsg)(struct sock *sk, struct msghdr *msg, size_t len, int flags);
	int (*hash)(struct sock *sk);
	void (*unhash)(struct sock *sk);
	atomic_long_t *sockets_allocated;
	unsigned int obj_size; /* of the protocol's own structure, bytes */
	struct kmem_cache *slab;
};

/* Make the protocol's slab cache. At boot; panics without memory. */
void proto_register(struct proto *prot);

/*
 * A sock of @prot->obj_size zeroed bytes, with one write reference and no sk_refcnt yet:
 * sock_init_data() gives the caller that. NULL: no memory, or the policy or the owner said no.
 */
struct sock *sk_alloc(struct net *net, int family, gfp_t priority, struct proto *prot, int kern);

/* First values of @sk, state TCP_CLOSE, and the two-way link to @sock (NULL: none). */
void sock_init_data(struct socket *sock, struct sock *sk);

/* Drop the sock's own write reference; freed when that was the last. */
void sk_free(struct sock *sk);

/* The end of a sock that nothing refers to. */
void sk_destruct(struct sock *sk);

/* Take down a sock whose protocol has no goodbyes to say: destroy, unhash, orphan, put. */
void sk_common_release(struct sock *sk);

/* The sk_error to report now, negative, or 0; it is reported once. */
static inline int sock_error(struct sock *sk)
{
	int err = sk->sk_err;

	if (likely(!err))
		return 0;
	sk->sk_err = 0;
	return -err;
}

static inline void sock_set_flag(struct sock *sk, enum sock_flags flag)
{
	__set_bit(flag, &sk->sk_flags);
}

static inline bool sock_flag(const struct sock *sk, enum sock_flags flag)
{
	return test_bit(flag, &sk->sk_flags);
}

static inline void sock_hold(struct sock *sk)
{
	refcount_inc(&sk->sk_refcnt);
}

/* Drop a reference; the last one frees. */
static inline void sock_put(struct sock *sk)
{
	if (refcount_dec_and_test(&sk->sk_refcnt))
		sk_free(sk);
}

static inline struct net *sock_net(const struct sock *sk)
{
	return sk->sk_net;
}

/* Bytes queued for sending. */
static inline int sk_wmem_alloc_get(const struct sock *sk)
{
	return refcount_read(&sk->sk_wmem_alloc) - 1;
}

/* Cut the link to struct socket: nobody in ring 3 can reach this sock any more. */
static inline void sock_orphan(struct sock *sk)
{
	sock_set_flag(sk, SOCK_DEAD);
	sk->sk_socket = NULL;
	sk->sk_wq = NULL;
}

static inline bool sk_hashed(const struct sock *sk)
{
	return sk->sk_node.next;
}

/* datagram.c */
/*
 * Wait for a packet. -EAGAIN with MSG_DONTWAIT, the pending error, -ERESTARTSYS on a signal, or 0
 * when the receiving side was shut down.
 */
int __skb_wait_for_more_packets(struct sock *sk, int flags);

/* stream.c */
int sk_stream_wait_connect(struct sock *sk);
int sk_stream_error(struct sock *sk, int flags, int err);

#endif
