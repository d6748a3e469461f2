/*
 * PF_INET: from (type, protocol) to operations and a struct sock.
 * Stands on net/core and on the protocols it lists at the end. Called by __sock_create() through
 * net_families[], and by the socket's operations. Linux: net/ipv4/af_inet.c
 */
#include "net/ipv4/inet.h"

/* For each type, who can serve it: permanent protocols first, then newest first. */
static struct list_head inetsw[SOCK_MAX];

/* Linux: net/ipv4/af_inet.c:inet_sock_destruct() */
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
 * The row that answers (@type, *@protocol), or ERR_PTR(-ESOCKTNOSUPPORT): nobody serves the type;
 * ERR_PTR(-EPROTONOSUPPORT): nobody of them the protocol. Protocol 0 asks for the first that has a
 * number, which is stored; a row with number 0 takes any but 0. So SOCK_RAW with 0 finds nobody.
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

/* What the row says about the new @sk, before sock_init_data(). */
static __always_inline void inet_sock_init_early(struct socket *sock, struct sock *sk,
						 unsigned char answer_flags, int protocol)
{
	struct inet_sock *inet = inet_sk(sk);

	if (answer_flags & INET_PROTOSW_REUSE)
		sk->sk_reuse = SK_CAN_REUSE;
	if (answer_flags & INET_PROTOSW_ICSK)
		__set_bit(INET_FLAGS_IS_ICSK, &inet->inet_flags);
	if (sock->type == SOCK_RAW) {
		inet->inet_num = protocol;
		if (protocol == IPPROTO_RAW)
			__set_bit(INET_FLAGS_HDRINCL, &inet->inet_flags);
	}
}

/* And what every INET sock starts with, after it. What is 0 is so from sk_alloc(). */
static __always_inline void inet_sock_init_late(struct sock *sk, int protocol)
{
	struct inet_sock *inet = inet_sk(sk);

	sk->sk_destruct = inet_sock_destruct;
	sk->sk_protocol = protocol;
	inet->uc_ttl = -1;
	inet->inet_flags |= BIT(INET_FLAGS_MC_LOOP) | BIT(INET_FLAGS_MC_ALL);
	inet->mc_ttl = 1;
	inet->pmtudisc = IP_PMTUDISC_WANT;
}

/* The protocol's own beginnings: a raw sock is hashed by its number, and each has its init(). */
static __always_inline int inet_sock_start(struct sock *sk)
{
	int err;

	if (inet_sk(sk)->inet_num) {
		inet_sk(sk)->inet_sport = htons(inet_sk(sk)->inet_num);
		err = sk->sk_prot->hash(sk);
		if (err)
			return err;
	}
	return sk->sk_prot->init ? sk->sk_prot->init(sk) : 0;
}

/*
 * Order of the checks: protocol number EINVAL; type ESOCKTNOSUPPORT; protocol EPROTONOSUPPORT;
 * CAP_NET_RAW EPERM; memory or policy ENOMEM; the protocol's own hash() and init().
 */
static int inet_create(struct net *net, struct socket *sock, int protocol, int kern)
{
	struct inet_protosw *answer;
	struct sock *sk;
	int err;

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

	inet_sock_init_early(sock, sk, answer->flags, protocol);
	sock_init_data(sock, sk);
	inet_sock_init_late(sk, protocol);

	err = inet_sock_start(sk);
	if (err) {
		sk_common_release(sk);
		sock->sk = NULL;
	}
	return err;
}

/* The last descriptor is gone. No lingering: there is no way yet to ask for it. */
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
	.ioctl = inet_ioctl,
	.sendmsg = inet_sendmsg,
	.recvmsg = inet_recvmsg,
};

const struct proto_ops inet_dgram_ops = {
	.family = PF_INET,
	.owner = THIS_MODULE,
	.release = inet_release,
	.ioctl = inet_ioctl,
	.sendmsg = inet_sendmsg,
	.recvmsg = inet_recvmsg,
};

/* For RAW and PING: Linux's differ from inet_dgram_ops in poll and in what only UDP can do. */
const struct proto_ops inet_sockraw_ops = {
	.family = PF_INET,
	.owner = THIS_MODULE,
	.release = inet_release,
	.ioctl = inet_ioctl,
	.sendmsg = inet_sendmsg,
	.recvmsg = inet_recvmsg,
};

static const struct net_proto_family inet_family_ops = {
	.family = PF_INET,
	.create = inet_create,
	.owner = THIS_MODULE,
};

/* Registered in this order. */
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
		.protocol = IPPROTO_IP, /* wild card */
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
