/*
 * RAW: struct proto raw_prot. Whole IP packets of one protocol number, to and from ring 3.
 * Stands on net/core. Called by inet_create() and the socket's operations. Linux: net/ipv4/raw.c
 *
 * A raw socket has its number from birth, so it is hashed at once: arriving packets look it up.
 */
#include <uapi/ioctl.h>

#include "net/ipv4/inet.h"

#define RAW_HTABLE_SIZE 256
#define RAW_MAX_LEN 0xffff /* bytes of an IP packet */

struct raw_sock {
	struct inet_sock inet;
};

static struct list_head raw_v4_hashinfo[RAW_HTABLE_SIZE];

/* The hash counts as a holder of the sock. */
static int raw_hash_sk(struct sock *sk)
{
	sock_hold(sk);
	list_add(&sk->sk_node, &raw_v4_hashinfo[inet_sk(sk)->inet_num % RAW_HTABLE_SIZE]);
	return 0;
}

static void raw_unhash_sk(struct sock *sk)
{
	if (!sk_hashed(sk))
		return;
	list_del(&sk->sk_node);
	BUG_ON(refcount_dec_and_test(&sk->sk_refcnt)); /* the caller holds one too */
}

static void raw_close(struct sock *sk, long timeout __maybe_unused)
{
	sk_common_release(sk);
}

static int raw_sendmsg(struct sock *sk __maybe_unused, struct msghdr *msg, size_t len)
{
	if (len > RAW_MAX_LEN)
		return -EMSGSIZE;
	if (msg->msg_flags & MSG_OOB)
		return -EOPNOTSUPP;
	return -EDESTADDRREQ;
}

static int raw_recvmsg(struct sock *sk, struct msghdr *msg __maybe_unused,
		       size_t len __maybe_unused, int flags)
{
	if (flags & MSG_OOB)
		return -EOPNOTSUPP;
	if (flags & MSG_ERRQUEUE)
		return -EAGAIN;
	return __skb_wait_for_more_packets(sk, flags);
}

static int raw_ioctl(struct sock *sk, unsigned int cmd, int *karg)
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

struct proto raw_prot = {
	.name = "RAW",
	.owner = THIS_MODULE,
	.close = raw_close,
	.ioctl = raw_ioctl,
	.sendmsg = raw_sendmsg,
	.recvmsg = raw_recvmsg,
	.hash = raw_hash_sk,
	.unhash = raw_unhash_sk,
	.obj_size = sizeof(struct raw_sock),
};

void raw_init(void)
{
	for (unsigned int i = 0; i < RAW_HTABLE_SIZE; i++)
		INIT_LIST_HEAD(&raw_v4_hashinfo[i]);
}
