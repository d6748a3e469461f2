/*
 * The leak prevention table: every step of socket(2) made to fail, the errno the caller gets, and
 * nothing left behind.
 */
#include "net/ipv4/inet.h"
#include "tests/kernel/ktap.h"
#include "tests/kernel/leaks.h"

/* socket(2) while the allocation after @skip others from @cache (NULL: any) fails. */
static int socket_with_failslab(const struct kmem_cache *cache, unsigned int skip, int type,
				int protocol)
{
	int fd;

	failslab_arm(cache, skip, 1);
	fd = __sys_socket(AF_INET, type, protocol);
	failslab.times = 0;
	return fd;
}

KTAP_SUITE(unwind_each_cache)
{
	static const struct {
		const char *cache;
		int type, protocol, error;
	} rows[] = {
		{ "sock_inode_cache", SOCK_STREAM, 0, -ENFILE },
		{ "TCP", SOCK_STREAM, 0, -ENOMEM },
		{ "UDP", SOCK_DGRAM, 0, -ENOMEM },
		{ "RAW", SOCK_RAW, 1, -ENOMEM },
		{ "PING", SOCK_DGRAM, IPPROTO_ICMP, -ENOMEM },
		{ "filp", SOCK_STREAM, 0, -ENOMEM },
	};
	struct leaks before;

	leaks_begin(&before);
	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++) {
		struct kmem_cache *cache = find_cache(rows[i].cache);

		KTAP_EXPECT(cache);
		if (!cache)
			continue;
		KTAP_EXPECT_EQ(socket_with_failslab(cache, 0, rows[i].type, rows[i].protocol),
			       rows[i].error);
		KTAP_EXPECT(leaks_none(&before));
	}
}

/*
 * Let the first allocation fail, then the second, and so on until the call succeeds. Only the inode
 * is reported as ENFILE. Returns how many allocations the call makes, or -1: something is wrong.
 */
static int fail_each_allocation(int type, int protocol)
{
	struct leaks before;

	leaks_begin(&before);
	for (int n = 0; n < 100; n++) {
		int fd = socket_with_failslab(NULL, n, type, protocol);

		if (fd >= 0) {
			close_fd(fd);
			return leaks_none(&before) ? n : -1;
		}
		if (fd != (n == 0 ? -ENFILE : -ENOMEM) || !leaks_none(&before)) {
			pr_info("# allocation %d failed: got %d\n", n, fd);
			return -1;
		}
	}
	return -1;
}

/* inode, sk (its security blob with it), dentry, file: four chances to fail at least. */
KTAP_SUITE(unwind_each_allocation)
{
	KTAP_EXPECT(fail_each_allocation(SOCK_STREAM, 0) >= 4);
	KTAP_EXPECT(fail_each_allocation(SOCK_DGRAM, 0) >= 4);
	KTAP_EXPECT(fail_each_allocation(SOCK_RAW, 1) >= 4);
}

KTAP_SUITE(unwind_inet_create)
{
	struct leaks before;
	kernel_cap_t caps = current_cred()->cap_effective;

	set_caps(caps);
	leaks_begin(&before);
	KTAP_EXPECT_EQ(__sys_socket(AF_INET, SOCK_STREAM, -1), -EINVAL);
	KTAP_EXPECT_EQ(__sys_socket(AF_INET, SOCK_RDM, 0), -ESOCKTNOSUPPORT);
	KTAP_EXPECT_EQ(__sys_socket(AF_INET, SOCK_STREAM, 17), -EPROTONOSUPPORT);
	KTAP_EXPECT_EQ(__sys_socket(AF_AX25, SOCK_SEQPACKET, 0), -EAFNOSUPPORT);
	KTAP_EXPECT_EQ(__sys_socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP), -EACCES); /* prot->init */
	KTAP_EXPECT(leaks_none(&before));

	set_caps(caps & ~BIT(CAP_NET_RAW));
	KTAP_EXPECT_EQ(__sys_socket(AF_INET, SOCK_RAW, 1), -EPERM);
	KTAP_EXPECT_EQ(__sys_socket(AF_INET, SOCK_RAW, 0), -EPROTONOSUPPORT); /* comes first */
	set_caps(caps);
	KTAP_EXPECT(leaks_none(&before));
}

/* A family that fails and leaves sk set: when the socket is released it points at nothing. */
static struct socket *victim;

static int leave_sk_behind(struct net *net __maybe_unused, struct socket *sock,
			   int protocol __maybe_unused, int kern __maybe_unused)
{
	victim = sock;
	sock->sk = (struct sock *)sock;
	return -EPROTO;
}

KTAP_SUITE(unwind_dangling_sk)
{
	static const struct net_proto_family family = {
		.family = AF_AX25, .create = leave_sk_behind,
	};
	struct socket *sock;
	struct leaks before;

	leaks_begin(&before);
	KTAP_EXPECT_EQ(sock_register(&family), 0);
	KTAP_EXPECT_EQ(sock_create_kern(&init_net, AF_AX25, SOCK_STREAM, 0, &sock), -EPROTO);
	sock_unregister(AF_AX25);
	KTAP_EXPECT(leaks_none(&before));

	/* Freed, but objects of this cache keep their contents until the next use: look at them. */
	KTAP_EXPECT(!victim->sk && !victim->ops && !victim->file);
}

/* A family of our own, whose sockets are UDP's inside, owned by modules that may be going away. */
static struct module family_owner = { .name = "ktap_family" };
static struct module ops_owner = { .name = "ktap_ops" };
static int releases;

static int busy_release(struct socket *sock)
{
	releases++;
	sk_common_release(sock->sk);
	return 0;
}

static struct proto_ops busy_ops = {
	.family = AF_AX25, .owner = &ops_owner, .release = busy_release,
};

static int busy_create(struct net *net, struct socket *sock, int protocol __maybe_unused, int kern)
{
	struct sock *sk = sk_alloc(net, AF_AX25, GFP_KERNEL, &udp_prot, kern);

	if (!sk)
		return -ENOMEM;
	sock->ops = &busy_ops;
	sock_init_data(sock, sk);
	return 0;
}

static const struct net_proto_family busy_family = {
	.family = AF_AX25, .create = busy_create, .owner = &family_owner,
};

KTAP_SUITE(unwind_busy_modules)
{
	struct leaks before;
	int fd;

	leaks_begin(&before);
	KTAP_EXPECT_EQ(sock_register(&busy_family), 0);

	releases = 0;
	family_owner.state = MODULE_STATE_GOING; /* of the family: refused before create() */
	ops_owner.state = MODULE_STATE_LIVE;
	KTAP_EXPECT_EQ(__sys_socket(AF_AX25, SOCK_STREAM, 0), -EAFNOSUPPORT);
	KTAP_EXPECT_EQ(releases, 0);
	KTAP_EXPECT(leaks_none(&before));

	family_owner.state = MODULE_STATE_LIVE; /* of the operations: the finished sk must go all the same */
	ops_owner.state = MODULE_STATE_GOING;
	KTAP_EXPECT_EQ(__sys_socket(AF_AX25, SOCK_STREAM, 0), -EAFNOSUPPORT);
	KTAP_EXPECT_EQ(releases, 1);
	KTAP_EXPECT_EQ(family_owner.refcnt, 0);
	KTAP_EXPECT_EQ(ops_owner.refcnt, 0);
	KTAP_EXPECT(leaks_none(&before));

	ops_owner.state = MODULE_STATE_LIVE; /* a living socket holds the operations' owner, not the family's */
	fd = __sys_socket(AF_AX25, SOCK_STREAM, 0);
	KTAP_EXPECT(fd >= 0);
	KTAP_EXPECT_EQ(family_owner.refcnt, 0);
	KTAP_EXPECT_EQ(ops_owner.refcnt, 1);
	close_fd(fd);
	KTAP_EXPECT_EQ(ops_owner.refcnt, 0);
	KTAP_EXPECT_EQ(releases, 2);

	sock_unregister(AF_AX25);
	KTAP_EXPECT(leaks_none(&before));
}

/* Numbers run out last: an invalid request keeps its own errno even then. */
KTAP_SUITE(unwind_emfile)
{
	struct rlimit *limit = &current->signal->rlim[RLIMIT_NOFILE];
	unsigned long saved = limit->rlim_cur;
	struct leaks before;

	leaks_begin(&before);
	limit->rlim_cur = 0;
	KTAP_EXPECT_EQ(__sys_socket(AF_INET, SOCK_STREAM, 0), -EMFILE);
	KTAP_EXPECT_EQ(__sys_socket(AF_INET, SOCK_DGRAM, 0), -EMFILE);
	KTAP_EXPECT_EQ(__sys_socket(AF_INET, SOCK_RAW, 1), -EMFILE);
	KTAP_EXPECT_EQ(__sys_socket(AF_MAX, SOCK_STREAM, 0), -EAFNOSUPPORT);
	KTAP_EXPECT_EQ(__sys_socket(AF_INET, SOCK_STREAM, 17), -EPROTONOSUPPORT);
	KTAP_EXPECT_EQ(__sys_socket(AF_INET, 11, 0), -EINVAL);
	limit->rlim_cur = saved;
	KTAP_EXPECT(leaks_none(&before));
}

/* The system's limit: a number was reserved by then, and is given back. */
KTAP_SUITE(unwind_enfile)
{
	kernel_cap_t caps = current_cred()->cap_effective;
	unsigned long saved = sysctl_file_max;
	struct leaks before;
	int fd;

	set_caps(caps);
	fd = __sys_socket(AF_INET, SOCK_STREAM, 0);
	close_fd(fd);
	leaks_begin(&before);
	set_caps(caps & ~BIT(CAP_SYS_ADMIN));
	sysctl_file_max = get_nr_files();
	KTAP_EXPECT_EQ(__sys_socket(AF_INET, SOCK_STREAM, 0), -ENFILE);
	KTAP_EXPECT_EQ(__sys_socket(AF_INET, SOCK_DGRAM, 0), -ENFILE);

	set_caps(caps); /* who may administer the system may go beyond */
	KTAP_EXPECT_EQ(__sys_socket(AF_INET, SOCK_STREAM, 0), fd);
	close_fd(fd); /* the same number again: the reserved ones were given back */
	sysctl_file_max = saved;
	KTAP_EXPECT(leaks_none(&before));
}
