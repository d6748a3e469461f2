/*
 * struct sock: what a protocol knows of a socket, the same for all protocols.
 * Linux: include/net/sock.h
 *
 * A protocol's own structure begins with a sock, and a sock begins with a sock_common:
 *   tcp_sock { inet_connection_sock { inet_sock { sock { sock_common }}}}
 * so that one pointer is a pointer to each of them. There are only the fields that something here
 * reads; where only a test reads a field, the field says so. The small functions are inline because
 * Linux has them in this header, too.
 */
#ifndef NET_CORE_SOCK_H
#define NET_CORE_SOCK_H

#include "kernel/fs/poll.h"
#include "net/net.h"

/* TCP states. The other protocols use TCP_CLOSE. Linux: include/net/tcp_states.h */
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

/*
 * sk_flags, bit numbers. SOCK_ZAPPED and SOCK_USE_WRITE_QUEUE are read by tests/kernel/refcounts.c
 * only: a new TCP sock has both.
 */
enum sock_flags {
	SOCK_DEAD,                /* there is no struct socket any more */
	SOCK_ZAPPED = 8,          /* not connected yet */
	SOCK_USE_WRITE_QUEUE = 9, /* data waits in a queue of the sock until it is sent */
};

struct proto;

struct sock_common {
	struct proto *skc_prot;
	struct net *skc_net;
	struct list_head skc_node; /* in the protocol's hash table; next is NULL while not in it */
	refcount_t skc_refcnt;
	unsigned short skc_family;
	unsigned char skc_state; /* TCP_* */
};

struct sock {
	struct sock_common __sk_common;
#define sk_prot __sk_common.skc_prot
#define sk_net __sk_common.skc_net
#define sk_node __sk_common.skc_node
#define sk_refcnt __sk_common.skc_refcnt
#define sk_family __sk_common.skc_family
#define sk_state __sk_common.skc_state
	u8 sk_shutdown;     /* RCV_SHUTDOWN, SEND_SHUTDOWN */
	bool sk_net_refcnt; /* this sock holds a reference on sk_net */
	u16 sk_type;
	u16 sk_protocol;
	int sk_err; /* a positive errno to report once, or 0 */
	refcount_t sk_wmem_alloc; /* bytes that are being sent, plus one for the sock itself */
	int sk_rcvbuf, sk_sndbuf; /* limits in bytes; only tests/kernel/refcounts.c reads sk_rcvbuf */
	unsigned long sk_flags; /* bits of enum sock_flags */
	struct socket *sk_socket; /* without a reference; NULL after sock_orphan() */
	struct socket_wq *sk_wq;
	struct proto *sk_prot_creator;
	void *sk_security;
	void (*sk_destruct)(struct sock *sk);
};

/* A transport protocol: the functions that work on its socks. NULL: nothing to do. */
struct proto {
	const char *name; /* also of the slab cache */
	struct module *owner;
	void (*close)(struct sock *sk, long timeout);
	/* 0 and the answer in *@karg; -ENOIOCTLCMD: the protocol does not know @cmd. */
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

/* Make the slab cache of the protocol's socks. At boot; panics without memory. */
void proto_register(struct proto *prot);

/*
 * A sock of @prot->obj_size zeroed bytes, with one write reference and no sk_refcnt yet:
 * sock_init_data() sets that to 1, for the caller. NULL: no memory, or a security module or the
 * owner of @prot refused.
 */
struct sock *sk_alloc(struct net *net, int family, gfp_t priority, struct proto *prot, int kern);

/* Set the first values of @sk, and link it with @sock in both directions (NULL: no socket). */
void sock_init_data(struct socket *sock, struct sock *sk);

/* Drop the sock's own write reference; freed when that was the last. */
void sk_free(struct sock *sk);

/* Free a sock that nothing refers to. */
void sk_destruct(struct sock *sk);

/* Close a sock at once: destroy, unhash, orphan, and drop the socket's reference. */
void sk_common_release(struct sock *sk);

/* The pending error as a negative errno, or 0. It is cleared, so that it is reported once. */
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

/* How many bytes are being sent. */
static inline int sk_wmem_alloc_get(const struct sock *sk)
{
	return refcount_read(&sk->sk_wmem_alloc) - 1;
}

/* Unlink @sk from its struct socket: ring 3 cannot reach this sock any more. */
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

/*
 * datagram.c: struct proto's recvmsg, ioctl and close of UDP, RAW and PING.
 * datagram_recvmsg() returns 0 when the receiving side was shut down, -EAGAIN with MSG_DONTWAIT,
 * the pending error, or -ERESTARTSYS on a signal. No system call can pass MSG_OOB yet.
 */
int datagram_recvmsg(struct sock *sk, struct msghdr *msg, size_t len, int flags);
int datagram_ioctl(struct sock *sk, unsigned int cmd, int *karg);
__poll_t datagram_poll(struct file *file, struct socket *sock, poll_table *wait);

/* The queue of @sock is woken when what a poll function has returned changes. */
static inline void sock_poll_wait(struct file *file, struct socket *sock, poll_table *wait)
{
	poll_wait(file, &sock->wq.wait, wait);
}

/* Is there room to send, less than half of the buffer being in use? */
static inline bool sock_writeable(const struct sock *sk)
{
	return (int)refcount_read(&sk->sk_wmem_alloc) < sk->sk_sndbuf >> 1;
}
void datagram_close(struct sock *sk, long timeout);

/*
 * stream.c: the errno that a sender gets for @err. For -EPIPE it is the pending error of the sock,
 * if there is one; else the sender also gets SIGPIPE, unless @flags has MSG_NOSIGNAL.
 */
int sk_stream_error(struct sock *sk, int flags, int err);

#endif
