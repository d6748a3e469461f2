/*
 * The switch from (type, protocol) to a row, and who may register what.
 */
#include "net/ipv4/inet.h"
#include "tests/kernel/ktap.h"
#include "tests/kernel/leaks.h"

/* The protocol that (PF_INET, @type, @protocol) resolves to, or -errno. */
static int resolve(int type, int protocol)
{
	struct socket *sock;
	int err = sock_create_kern(&init_net, PF_INET, type, protocol, &sock);

	if (err)
		return err;
	protocol = sock->sk->sk_protocol;
	sock_release(sock);
	return protocol;
}

static const struct {
	int type, protocol, result;
} lookups[] = {
	{ SOCK_STREAM, 0, IPPROTO_TCP },
	{ SOCK_STREAM, IPPROTO_TCP, IPPROTO_TCP },
	{ SOCK_STREAM, IPPROTO_UDP, -EPROTONOSUPPORT },
	{ SOCK_STREAM, IPPROTO_MAX - 1, -EPROTONOSUPPORT },
	{ SOCK_STREAM, IPPROTO_MAX, -EINVAL },
	{ SOCK_STREAM, -1, -EINVAL },
	{ SOCK_DGRAM, 0, IPPROTO_UDP },
	{ SOCK_DGRAM, IPPROTO_UDP, IPPROTO_UDP },
	{ SOCK_DGRAM, IPPROTO_TCP, -EPROTONOSUPPORT },
	{ SOCK_DGRAM, IPPROTO_ICMP, -EACCES },
	{ SOCK_RAW, 0, -EPROTONOSUPPORT }, /* wild asks wild: explicitly no match */
	{ SOCK_RAW, 1, 1 },
	{ SOCK_RAW, 255, 255 },
	{ SOCK_RAW, 256, 256 },
	{ SOCK_RAW, -1, -EINVAL },
	{ SOCK_RDM, 0, -ESOCKTNOSUPPORT },
	{ SOCK_SEQPACKET, 6, -ESOCKTNOSUPPORT },
	{ SOCK_DCCP, 0, -ESOCKTNOSUPPORT },
	{ 0, 0, -ESOCKTNOSUPPORT },
	{ 7, 0, -ESOCKTNOSUPPORT },
	{ 7, -1, -EINVAL }, /* the protocol's range before the type's list */
	{ SOCK_MAX, 0, -EINVAL },
	{ -1, 0, -EINVAL },
};

KTAP_SUITE(inetsw_lookup)
{
	struct leaks before;

	leaks_begin(&before);
	for (unsigned int i = 0; i < ARRAY_SIZE(lookups); i++)
		KTAP_EXPECT_EQ(resolve(lookups[i].type, lookups[i].protocol), lookups[i].result);
	KTAP_EXPECT(leaks_none(&before));
}

static struct inet_protosw older = {
	.type = SOCK_SEQPACKET, .protocol = 132, .prot = &udp_prot, .ops = &inet_dgram_ops,
};
static struct inet_protosw newer = {
	.type = SOCK_SEQPACKET, .protocol = 136, .prot = &udp_prot, .ops = &inet_dgram_ops,
};
static struct inet_protosw mptcp = {
	.type = SOCK_STREAM, .protocol = IPPROTO_MPTCP, .prot = &udp_prot, .ops = &inet_dgram_ops,
};

/* Protocol 0 takes the first row; new rows go to the front, but behind the permanent ones. */
KTAP_SUITE(inetsw_order)
{
	inet_register_protosw(&older);
	KTAP_EXPECT_EQ(resolve(SOCK_SEQPACKET, 0), 132);
	inet_register_protosw(&newer);
	KTAP_EXPECT_EQ(resolve(SOCK_SEQPACKET, 0), 136);
	KTAP_EXPECT_EQ(resolve(SOCK_SEQPACKET, 132), 132);
	KTAP_EXPECT_EQ(resolve(SOCK_SEQPACKET, 6), -EPROTONOSUPPORT);
	inet_unregister_protosw(&newer);
	KTAP_EXPECT_EQ(resolve(SOCK_SEQPACKET, 0), 132);
	inet_unregister_protosw(&older);
	KTAP_EXPECT_EQ(resolve(SOCK_SEQPACKET, 0), -ESOCKTNOSUPPORT);

	inet_register_protosw(&mptcp);
	KTAP_EXPECT_EQ(resolve(SOCK_STREAM, 0), IPPROTO_TCP);
	KTAP_EXPECT_EQ(resolve(SOCK_STREAM, IPPROTO_MPTCP), IPPROTO_MPTCP);
	inet_unregister_protosw(&mptcp);
}

/* A permanent protocol is nobody else's, and stays. */
KTAP_SUITE(inetsw_permanent)
{
	static struct inet_protosw thief = {
		.type = SOCK_STREAM, .protocol = IPPROTO_TCP, .prot = &udp_prot,
		.ops = &inet_dgram_ops,
	};
	static struct inet_protosw bad_type = {
		.type = SOCK_MAX, .protocol = 1, .prot = &udp_prot, .ops = &inet_dgram_ops,
	};
	struct socket *sock;

	inet_register_protosw(&thief);
	KTAP_EXPECT(!thief.list.next);
	inet_register_protosw(&bad_type);
	KTAP_EXPECT(!bad_type.list.next);

	thief.flags = INET_PROTOSW_PERMANENT;
	inet_unregister_protosw(&thief);
	KTAP_EXPECT_EQ(sock_create_kern(&init_net, PF_INET, SOCK_STREAM, 0, &sock), 0);
	KTAP_EXPECT(sock->ops == &inet_stream_ops);
	sock_release(sock);
}

KTAP_SUITE(inetsw_families)
{
	struct net_proto_family ops = { .family = PF_INET };

	KTAP_EXPECT_EQ(sock_register(&ops), -EEXIST);
	ops.family = NPROTO;
	KTAP_EXPECT_EQ(sock_register(&ops), -ENOBUFS);
	ops.family = -1;
	KTAP_EXPECT_EQ(sock_register(&ops), -ENOBUFS);
}

/* Which complaint comes first. */
KTAP_SUITE(inetsw_precedence)
{
	KTAP_EXPECT_EQ(__sys_socket(-1, 0x11, 0), -EINVAL);
	KTAP_EXPECT_EQ(__sys_socket(AF_INET, SOCK_STREAM | 0x100, 0), -EINVAL);
	KTAP_EXPECT_EQ(__sys_socket(AF_INET, -1, 0), -EINVAL);
	KTAP_EXPECT_EQ(__sys_socket(AF_MAX, 15, 0), -EAFNOSUPPORT);
	KTAP_EXPECT_EQ(__sys_socket(-1, SOCK_STREAM, 0), -EAFNOSUPPORT);
	KTAP_EXPECT_EQ(__sys_socket(AF_UNSPEC, SOCK_STREAM, 0), -EAFNOSUPPORT);
	KTAP_EXPECT_EQ(__sys_socket(AF_AX25, 11, 0), -EINVAL);
	KTAP_EXPECT_EQ(__sys_socket(AF_AX25, 5, 0), -EAFNOSUPPORT);
	KTAP_EXPECT_EQ(__sys_socket(AF_INET, SOCK_PACKET, 3), -EAFNOSUPPORT);
}
