/*
 * RAW: struct proto raw_prot. Ring 3 sends and receives whole IP packets of one protocol number.
 * Linux: net/ipv4/raw.c
 *
 * A raw sock has its number from the start, so inet_create() puts it into the hash table at once:
 * arriving packets are looked up there.
 */
#include "net/ipv4/inet.h"

#define RAW_HTABLE_SIZE 256
#define RAW_MAX_LEN 0xffff /* bytes of an IP packet */

struct raw_sock {
	struct inet_sock inet;
};

static struct list_head raw_v4_hashinfo[RAW_HTABLE_SIZE];

/* The hash table holds a reference on the sock. */
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

/* No message has a destination: there is no connect(2) and no sendto(2) yet. */
static int raw_sendmsg(struct sock *sk __maybe_unused, struct msghdr *msg, size_t len)
{
	if (len > RAW_MAX_LEN)
		return -EMSGSIZE;
	if (msg->msg_flags & MSG_OOB)
		return -EOPNOTSUPP;
	return -EDESTADDRREQ;
}

struct proto raw_prot = {
	.name = "RAW",
	.owner = THIS_MODULE,
	.close = datagram_close,
	.ioctl = datagram_ioctl,
	.sendmsg = raw_sendmsg,
	.recvmsg = datagram_recvmsg,
	.hash = raw_hash_sk,
	.unhash = raw_unhash_sk,
	.obj_size = sizeof(struct raw_sock),
};

void raw_init(void)
{
	for (unsigned int i = 0; i < RAW_HTABLE_SIZE; i++)
		INIT_LIST_HEAD(&raw_v4_hashinfo[i]);
}
