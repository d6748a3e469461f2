/*
 * The LSM hooks: which hooks one socket(2) meets, in which order, what they see, and what a refusal
 * of each does to the caller and leaves behind.
 */
#include "kernel/security/security.h"
#include "net/ipv4/inet.h"
#include "tests/kernel/ktap.h"
#include "tests/kernel/leaks.h"

/* What the recording module saw: a letter for each hook, capitals for the freeing ones. */
static char events[64];
static struct {
	int family, type, protocol, kern;
} seen_create, seen_post;

static char refuse;    /* the letter of the hook that says no */
static int refuse_with;

static int note(char hook)
{
	size_t n = strlen(events);

	if (n < sizeof(events) - 1) {
		events[n] = hook;
		events[n + 1] = '\0';
	}
	return hook == refuse ? refuse_with : 0;
}

static int on_socket_create(int family, int type, int protocol, int kern)
{
	seen_create.family = family;
	seen_create.type = type;
	seen_create.protocol = protocol;
	seen_create.kern = kern;
	return note('c');
}

static int on_post_create(struct socket *sock __maybe_unused, int family, int type, int protocol,
			  int kern)
{
	seen_post.family = family;
	seen_post.type = type;
	seen_post.protocol = protocol;
	seen_post.kern = kern;
	return note('p');
}

static int on_inode_alloc(struct inode *inode __maybe_unused)
{
	return note('i');
}

static void on_inode_free(struct inode *inode __maybe_unused)
{
	note('I');
}

static int on_file_alloc(struct file *file __maybe_unused)
{
	return note('f');
}

static void on_file_free(struct file *file __maybe_unused)
{
	note('F');
}

static int on_sk_alloc(struct sock *sk __maybe_unused, int family __maybe_unused,
		       gfp_t gfp __maybe_unused)
{
	return note('s');
}

static void on_sk_free(struct sock *sk __maybe_unused)
{
	note('S');
}

static struct security_hook_list recorder[] = {
	LSM_HOOK_INIT(socket_create, on_socket_create),
	LSM_HOOK_INIT(socket_post_create, on_post_create),
	LSM_HOOK_INIT(inode_alloc_security, on_inode_alloc),
	LSM_HOOK_INIT(inode_free_security, on_inode_free),
	LSM_HOOK_INIT(file_alloc_security, on_file_alloc),
	LSM_HOOK_INIT(file_free_security, on_file_free),
	LSM_HOOK_INIT(sk_alloc_security, on_sk_alloc),
	LSM_HOOK_INIT(sk_free_security, on_sk_free),
};

static void recorder_start(void)
{
	events[0] = '\0';
	refuse = 0;
	security_add_hooks(recorder, ARRAY_SIZE(recorder), "ktap", NULL);
}

static void recorder_stop(void)
{
	security_delete_hooks(recorder, ARRAY_SIZE(recorder));
}

/* Was exactly @expected seen since the last call? */
static bool saw(const char *expected)
{
	bool same = !strcmp(events, expected);

	if (!same)
		pr_info("# hooks: saw %s, expected %s\n", events, expected);
	events[0] = '\0';
	return same;
}

KTAP_SUITE(lsm_order)
{
	struct leaks before;
	int fd;

	leaks_begin(&before);
	recorder_start();
	fd = __sys_socket(AF_INET, SOCK_STREAM, 0);
	KTAP_EXPECT(fd >= 0);
	KTAP_EXPECT(saw("cispf"));
	close_fd(fd);
	KTAP_EXPECT(saw("SIF"));
	recorder_stop();
	KTAP_EXPECT(leaks_none(&before));
}

KTAP_SUITE(lsm_arguments)
{
	struct socket *sock;
	int fd;

	recorder_start();
	fd = __sys_socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	KTAP_EXPECT_EQ(seen_create.family, AF_INET);
	KTAP_EXPECT_EQ(seen_create.type, SOCK_STREAM); /* without the flags */
	KTAP_EXPECT_EQ(seen_create.protocol, 0);       /* as asked for, not 6 */
	KTAP_EXPECT_EQ(seen_create.kern, 0);
	KTAP_EXPECT_EQ(seen_post.type, SOCK_STREAM);
	KTAP_EXPECT_EQ(seen_post.protocol, 0);
	close_fd(fd);

	/* The family is rewritten before the hook, and the hook comes before the look-up. */
	KTAP_EXPECT_EQ(__sys_socket(AF_INET, SOCK_PACKET, 3), -EAFNOSUPPORT);
	KTAP_EXPECT_EQ(seen_create.family, AF_PACKET);
	KTAP_EXPECT_EQ(seen_create.type, SOCK_PACKET);
	KTAP_EXPECT_EQ(seen_create.protocol, 3);

	KTAP_EXPECT_EQ(sock_create_kern(&init_net, AF_INET, SOCK_DGRAM, 17, &sock), 0);
	KTAP_EXPECT_EQ(seen_create.kern, 1);
	KTAP_EXPECT_EQ(seen_post.kern, 1);
	KTAP_EXPECT_EQ(seen_post.protocol, 17);
	sock_release(sock);
	recorder_stop();
}

/* Family and type numbers out of range never reach a hook; an unregistered family does. */
KTAP_SUITE(lsm_not_asked)
{
	recorder_start();
	KTAP_EXPECT_EQ(__sys_socket(AF_MAX, SOCK_STREAM, 0), -EAFNOSUPPORT);
	KTAP_EXPECT_EQ(__sys_socket(AF_INET, 11, 0), -EINVAL);
	KTAP_EXPECT_EQ(__sys_socket(AF_INET, SOCK_STREAM | 0x10, 0), -EINVAL);
	KTAP_EXPECT(saw(""));
	KTAP_EXPECT_EQ(__sys_socket(AF_UNIX, SOCK_STREAM, 0), -EAFNOSUPPORT);
	KTAP_EXPECT(saw("ciI"));
	KTAP_EXPECT_EQ(__sys_socket(AF_INET, SOCK_RAW, 0), -EPROTONOSUPPORT);
	KTAP_EXPECT(saw("ciI"));
	recorder_stop();
}

/* What the caller sees when each hook refuses with 99, and all that happens then. */
static const struct {
	char hook;
	int error;
	const char *events;
} refusals[] = {
	{ 'c', -99, "c" },
	{ 'i', -ENFILE, "ciI" },
	{ 's', -ENOMEM, "cisSI" },
	{ 'p', -99, "cispSI" },
	{ 'f', -99, "cispfFSI" },
};

KTAP_SUITE(lsm_refusals)
{
	struct leaks before;

	leaks_begin(&before);
	recorder_start();
	refuse_with = -99;
	for (unsigned int i = 0; i < ARRAY_SIZE(refusals); i++) {
		refuse = refusals[i].hook;
		KTAP_EXPECT_EQ(__sys_socket(AF_INET, SOCK_STREAM, 0), refusals[i].error);
		KTAP_EXPECT(saw(refusals[i].events));
		KTAP_EXPECT(leaks_none(&before));
	}
	recorder_stop();
}

/* A protocol whose owner is going away: the sock was labelled by then, and is unlabelled again. */
KTAP_SUITE(lsm_busy_protocol)
{
	static struct module owner = { .name = "ktap_proto", .state = MODULE_STATE_GOING };
	static struct proto prot = { .name = "KTAP", .owner = &owner };
	static struct inet_protosw row = {
		.type = SOCK_SEQPACKET, .protocol = 132, .prot = &prot, .ops = &inet_dgram_ops,
	};
	struct leaks before;

	prot.slab = udp_prot.slab;
	prot.obj_size = udp_prot.obj_size;
	leaks_begin(&before);
	inet_register_protosw(&row);
	recorder_start();
	KTAP_EXPECT_EQ(__sys_socket(AF_INET, SOCK_SEQPACKET, 0), -ENOMEM);
	KTAP_EXPECT(saw("cisSI"));
	recorder_stop();
	inet_unregister_protosw(&row);
	KTAP_EXPECT(leaks_none(&before));
}

static int say_first(int family __maybe_unused, int type __maybe_unused,
		     int protocol __maybe_unused, int kern __maybe_unused)
{
	note('1');
	return refuse == '1' ? -EPERM : 0;
}

static int say_second(int family __maybe_unused, int type __maybe_unused,
		      int protocol __maybe_unused, int kern __maybe_unused)
{
	note('2');
	return -EACCES;
}

static struct security_hook_list first[] = { LSM_HOOK_INIT(socket_create, say_first) };
static struct security_hook_list second[] = { LSM_HOOK_INIT(socket_create, say_second) };

/* Registration order; the first that is not content decides, and nobody behind it is asked. */
KTAP_SUITE(lsm_first_nonzero_wins)
{
	events[0] = '\0';
	security_add_hooks(first, 1, "ktap", NULL);
	security_add_hooks(second, 1, "ktap", NULL);
	refuse = 0;
	KTAP_EXPECT_EQ(__sys_socket(AF_INET, SOCK_STREAM, 0), -EACCES);
	KTAP_EXPECT(saw("12"));
	refuse = '1';
	refuse_with = 0;
	KTAP_EXPECT_EQ(__sys_socket(AF_INET, SOCK_STREAM, 0), -EPERM);
	KTAP_EXPECT(saw("1"));
	security_delete_hooks(second, 1);
	security_delete_hooks(first, 1);
	refuse = 0;
}
