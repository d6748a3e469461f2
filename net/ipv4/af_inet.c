/*
 * The protocol family PF_INET. inet_create() finds the operations and the protocol for a type and a
 * protocol number, and makes the struct sock. Linux: net/ipv4/af_inet.c
 */
#include "net/ipv4/inet.h"
#include "net/ipv4/tcp.h"

/* For each socket type the entries that serve it: first the permanent ones, then the newest. */
static struct list_head inetsw[SOCK_MAX];

static void inet_sock_destruct(struct sock *sk)
{
	if (sk->sk_type == SOCK_STREAM && sk->sk_state != TCP_CLOSE) {
		pr_err("Attempt to release TCP socket in state %d %p\n", sk->sk_state, sk);
		return;
	}
	if (!sock_flag(sk, SOCK_DEAD)) {
		pr_err("Attempt to release alive inet socket %p\n", sk);
		return;
	}
	WARN_ON(refcount_read(&sk->sk_wmem_alloc));
}

/*
 * The entry that serves (@type, *@protocol). ERR_PTR(-ESOCKTNOSUPPORT): no entry has the type;
 * ERR_PTR(-EPROTONOSUPPORT): an entry has the type, but none has the protocol.
 * Protocol 0 asks for the first entry that has a number, which is stored in *@protocol. An entry
 * with number 0 serves every protocol but 0, so SOCK_RAW with protocol 0 is not supported.
 * Inline because Linux has this loop inside inet_create().
 */
static __always_inline struct inet_protosw *inet_lookup_protosw(int type, int *protocol)
{
	struct inet_protosw *answer;
	int err = -ESOCKTNOSUPPORT;

	list_for_each_entry(answer, &inetsw[type], list) {
		err = 0;
		if (*protocol == answer->protocol) {
			if (*protocol != IPPROTO_IP)
				return answer;
		} else {
			if (*protocol == IPPROTO_IP) {
				*protocol = answer->protocol;
				return answer;
			}
			if (answer->protocol == IPPROTO_IP)
				return answer;
		}
		err = -EPROTONOSUPPORT;
	}
	return ERR_PTR(err);
}

/*
 * Order of the checks: protocol number EINVAL; type ESOCKTNOSUPPORT; protocol EPROTONOSUPPORT;
 * CAP_NET_RAW EPERM; memory or security module ENOMEM; then the protocol's own hash() and init().
 */
static int inet_create(struct net *net, struct socket *sock, int protocol, int kern)
{
	struct inet_protosw *answer;
	struct sock *sk;
	int err = 0;

	if (protocol < 0 || protocol >= IPPROTO_MAX)
		return -EINVAL;
	sock->state = SS_UNCONNECTED;

	answer = inet_lookup_protosw(sock->type, &protocol);
	if (IS_ERR(answer))
		return PTR_ERR(answer);
	if (sock->type == SOCK_RAW && !kern && !capable(CAP_NET_RAW))
		return -EPERM;

	sock->ops = answer->ops;
	sk = sk_alloc(net, PF_INET, GFP_KERNEL, answer->prot, kern);
	if (!sk)
		return -ENOMEM;

	sock_init_data(sock, sk);
	sk->sk_destruct = inet_sock_destruct;
	sk->sk_protocol = protocol;
	inet_sk(sk)->uc_ttl = -1;
	inet_sk(sk)->mc_ttl = 1;

	if (sock->type == SOCK_RAW) { /* packets find a raw sock by its protocol number */
		inet_sk(sk)->inet_num = protocol;
		err = sk->sk_prot->hash(sk);
	}
	if (!err && sk->sk_prot->init)
		err = sk->sk_prot->init(sk);
	if (err) {
		sk_common_release(sk);
		sock->sk = NULL;
	}
	return err;
}

/* The last descriptor was closed. @timeout of close() is 0: SO_LINGER cannot be set yet. */
static int inet_release(struct socket *sock)
{
	struct sock *sk = sock->sk;

	if (sk) {
		sk->sk_prot->close(sk, 0);
		sock->sk = NULL;
	}
	return 0;
}

static int inet_sendmsg(struct socket *sock, struct msghdr *msg, size_t len)
{
	return sock->sk->sk_prot->sendmsg(sock->sk, msg, len);
}

static int inet_recvmsg(struct socket *sock, struct msghdr *msg, size_t len, int flags)
{
	return sock->sk->sk_prot->recvmsg(sock->sk, msg, len, flags);
}

static int inet_ioctl(struct socket *sock, unsigned int cmd, unsigned long arg)
{
	struct sock *sk = sock->sk;
	int karg, err;

	if (!sk->sk_prot->ioctl)
		return -ENOIOCTLCMD;
	err = sk->sk_prot->ioctl(sk, cmd, &karg);
	return err ? err : put_user(karg, (int __user *)arg);
}

const struct proto_ops inet_stream_ops = {
	.family = PF_INET,
	.owner = THIS_MODULE,
	.release = inet_release,
	.poll = tcp_poll,
	.ioctl = inet_ioctl,
	.sendmsg = inet_sendmsg,
	.recvmsg = inet_recvmsg,
};

const struct proto_ops inet_dgram_ops = {
	.family = PF_INET,
	.owner = THIS_MODULE,
	.release = inet_release,
	.poll = datagram_poll,
	.ioctl = inet_ioctl,
	.sendmsg = inet_sendmsg,
	.recvmsg = inet_recvmsg,
};

/* For RAW and PING. On Linux they differ from inet_dgram_ops in poll and in what is only UDP's. */
const struct proto_ops inet_sockraw_ops = {
	.family = PF_INET,
	.owner = THIS_MODULE,
	.release = inet_release,
	.poll = datagram_poll,
	.ioctl = inet_ioctl,
	.sendmsg = inet_sendmsg,
	.recvmsg = inet_recvmsg,
};

static const struct net_proto_family inet_family_ops = {
	.family = PF_INET,
	.create = inet_create,
	.owner = THIS_MODULE,
};

/* Registered at boot, in this order. */
static struct inet_protosw inetsw_array[] = {
	{
		.type = SOCK_STREAM,
		.protocol = IPPROTO_TCP,
		.prot = &tcp_prot,
		.ops = &inet_stream_ops,
		.flags = INET_PROTOSW_PERMANENT | INET_PROTOSW_ICSK,
	},
	{
		.type = SOCK_DGRAM,
		.protocol = IPPROTO_UDP,
		.prot = &udp_prot,
		.ops = &inet_dgram_ops,
		.flags = INET_PROTOSW_PERMANENT,
	},
	{
		.type = SOCK_DGRAM,
		.protocol = IPPROTO_ICMP,
		.prot = &ping_prot,
		.ops = &inet_sockraw_ops,
		.flags = INET_PROTOSW_REUSE,
	},
	{
		.type = SOCK_RAW,
		.protocol = IPPROTO_IP, /* every protocol but 0 */
		.prot = &raw_prot,
		.ops = &inet_sockraw_ops,
		.flags = INET_PROTOSW_REUSE,
	},
};

void inet_register_protosw(struct inet_protosw *p)
{
	struct list_head *last_perm;
	struct inet_protosw *answer;

	if (p->type >= SOCK_MAX) {
		pr_err("Ignoring attempt to register invalid socket type %d\n", p->type);
		return;
	}

	last_perm = &inetsw[p->type];
	list_for_each_entry(answer, &inetsw[p->type], list) {
		if (!(answer->flags & INET_PROTOSW_PERMANENT))
			break;
		if (answer->protocol == p->protocol) {
			pr_err("Attempt to override permanent protocol %d\n", p->protocol);
			return;
		}
		last_perm = &answer->list;
	}
	list_add(&p->list, last_perm);
}

void inet_unregister_protosw(struct inet_protosw *p)
{
	if (p->flags & INET_PROTOSW_PERMANENT) {
		pr_err("Attempt to unregister permanent protocol %d\n", p->protocol);
		return;
	}
	list_del(&p->list);
}

void inet_init(void)
{
	proto_register(&tcp_prot);
	proto_register(&udp_prot);
	proto_register(&raw_prot);
	proto_register(&ping_prot);

	BUG_ON(sock_register(&inet_family_ops));

	for (unsigned int i = 0; i < SOCK_MAX; i++)
		INIT_LIST_HEAD(&inetsw[i]);
	for (unsigned int i = 0; i < ARRAY_SIZE(inetsw_array); i++)
		inet_register_protosw(&inetsw_array[i]);

	raw_init();
	ping_init();
}
