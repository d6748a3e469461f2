// SPDX-License-Identifier: MIT
/*
 * puzzle_probe: when a step of the construction fails, who frees what was already there?
 *
 * fail=FUNCTION makes that step fail for the watched program:
 *
 *	security_socket_create		-EACCES, nothing exists yet
 *	new_inode_pseudo		NULL
 *	sk_alloc			NULL
 *	tcp_v4_init_sock		-ENOBUFS, after it did its work
 *	security_socket_post_create	-EACCES
 *
 * Without it nothing is injected: a full descriptor table (EMFILE) and a full file table (ENFILE)
 * are caused from ring 3. Whatever happens, every socket_alloc and every sock the watched program
 * brings to life is followed by its address until it is freed, even if that is later and in
 * somebody else's context; the totals are recorded when the module is removed.
 *
 * A function is kept from running by sending the CPU to our own empty one instead, which returns to
 * the caller; override_function_with_return() would do the same, but is empty on a kernel without
 * function error injection, as Debian's.
 */
#include "evidence.h"

#include <linux/fs.h>
#include <linux/net.h>
#include <net/sock.h>

static char *fail = "";
module_param(fail, charp, 0444);
MODULE_PARM_DESC(fail, "the function that shall fail");

static int detailed = 2;
module_param(detailed, int, 0444);
MODULE_PARM_DESC(detailed, "of how many sockets single events are recorded");

/* --- what is alive ------------------------------------------------------------------------- */

enum { INODE, SOCK, KINDS };
static const char *const kind_name[KINDS] = { "socket_alloc", "sock" };
static int born[KINDS], freed[KINDS];

static struct {
	void *object;
	int kind;
	bool detailed;
} live[256];

static unsigned int find_live(int kind, const void *object)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(live); i++)
		if (live[i].object == object && (!object || live[i].kind == kind))
			break;
	return i;
}

static void birth(const char *fn, int kind, void *object)
{
	unsigned int i = find_live(kind, NULL);

	if (!object)
		return;
	born[kind]++;
	if (i == ARRAY_SIZE(live))
		return; /* it will count as never freed */
	live[i].object = object;
	live[i].kind = kind;
	live[i].detailed = born[kind] <= detailed;
	if (live[i].detailed)
		evidence("born", fn, "kind=%s object=%px", kind_name[kind], object);
}

/* Runs in any context: only the address says that it is one of ours. */
static void death(const char *fn, int kind, void *object)
{
	unsigned int i = find_live(kind, object);

	if (!object || i == ARRAY_SIZE(live))
		return;
	live[i].object = NULL;
	freed[kind]++;
	if (live[i].detailed)
		evidence("freed", fn, "kind=%s object=%px", kind_name[kind], object);
}

static int only_wanted(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	return !evidence_wanted();
}

static int inode_born(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	birth(watched_name(ri), INODE, (void *)regs_return_value(regs));
	return 0;
}

static int sock_born(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	birth(watched_name(ri), SOCK, (void *)regs_return_value(regs));
	return 0;
}

static int inode_freed(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	death(watched_name(ri), INODE, (void *)watched_arg(regs, 0));
	return 1;
}

static int sock_freed(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	death(watched_name(ri), SOCK, (void *)watched_arg(regs, 0));
	return 1;
}

static int released(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	struct socket *sock = (struct socket *)watched_arg(regs, 0);

	if (evidence_wanted() && born[INODE] <= detailed)
		evidence("entry", watched_name(ri), "sock=%px inode=%px ops_name=%ps sk=%px file=%px",
			 sock, (void *)watched_arg(regs, 1), sock->ops, sock->sk, sock->file);
	return 1;
}

static struct watch watches[] = {
	WATCH("sock_alloc_inode", only_wanted, inode_born),
	WATCH("sock_free_inode", inode_freed, NULL),
	WATCH("sk_alloc", only_wanted, sock_born),
	WATCH("sk_destruct", sock_freed, NULL),
	WATCH("__sock_release", released, NULL),
};

/* --- what fails ---------------------------------------------------------------------------- */

static const struct {
	const char *name;
	long value;
	bool after; /* let it run, change what it returns */
} steps[] = {
	{ "security_socket_create", -EACCES, false },
	{ "new_inode_pseudo", 0, false },
	{ "sk_alloc", 0, false },
	{ "tcp_v4_init_sock", -ENOBUFS, true }, /* its destroy() undoes what it did */
	{ "security_socket_post_create", -EACCES, false },
};

static int injected;
static long fail_value;

static noinline void return_at_once(void)
{
	asm volatile("");
}

static int refuse(struct kprobe *p, struct pt_regs *regs)
{
	if (!evidence_wanted())
		return 0;
	if (injected++ < detailed)
		evidence("fail", p->symbol_name, "value=%ld", fail_value);
	regs->ax = (unsigned long)fail_value;
	regs->ip = (unsigned long)return_at_once;
	return 1;
}

/* Its being there is what allows a pre_handler to change regs->ip: Linux, kprobes.rst. */
static void refused(struct kprobe *p, struct pt_regs *regs, unsigned long flags)
{
}

static int fail_afterwards(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	if (injected++ < detailed)
		evidence("fail", watched_name(ri), "value=%ld", fail_value);
	regs->ax = (unsigned long)fail_value;
	return 0;
}

static struct kprobe refuser = { .pre_handler = refuse, .post_handler = refused };
static struct watch changer = WATCH(NULL, only_wanted, fail_afterwards);
static bool refusing;

/* Put the injection in place. Before the watches: a probe that changes regs->ip comes first. */
static int inject(void)
{
	unsigned int i;
	int err = -EINVAL;

	if (!*fail)
		return 0;
	for (i = 0; i < ARRAY_SIZE(steps); i++) {
		if (strcmp(steps[i].name, fail))
			continue;
		fail_value = steps[i].value;
		if (steps[i].after) {
			changer.rp.kp.symbol_name = steps[i].name;
			return watch_all(&changer, 1);
		}
		refuser.symbol_name = steps[i].name;
		err = register_kprobe(&refuser);
		refusing = !err;
	}
	return err;
}

static void stop_injecting(void)
{
	unwatch_all(&changer, 1);
	if (refusing)
		unregister_kprobe(&refuser);
}

/* --- the module ---------------------------------------------------------------------------- */

/* A function that fails without running brings nothing to life. */
static unsigned int others(void)
{
	unsigned int i, n = 0;

	for (i = 0; i < ARRAY_SIZE(watches); i++)
		if (!refusing || strcmp(watches[i].rp.kp.symbol_name, fail))
			watches[n++] = watches[i];
	return n;
}

static unsigned int watching;

static int __init puzzle_probe_init(void)
{
	int err = inject();

	if (err)
		return err;
	watching = others();
	err = watch_all(watches, watching);
	if (err)
		stop_injecting();
	return err;
}

static void __exit puzzle_probe_exit(void)
{
	unwatch_all(watches, watching);
	stop_injecting();
	evidence("total", *fail ? fail : "none",
		 "injected=%d inodes_born=%d inodes_freed=%d socks_born=%d socks_freed=%d",
		 injected, born[INODE], freed[INODE], born[SOCK], freed[SOCK]);
}

module_init(puzzle_probe_init);
module_exit(puzzle_probe_exit);
MODULE_DESCRIPTION("evidence: who frees a socket whose construction fails");
MODULE_LICENSE("Dual MIT/GPL");
