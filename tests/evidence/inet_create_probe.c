// SPDX-License-Identifier: MIT
/*
 * inet_create_probe: the protocol's half. The socket inet_create() is given, what it is like when
 * the sock is allocated and when it comes back, and the sock that then belongs to it.
 */
#include "evidence.h"

#include <linux/net.h>
#include <net/sock.h>

/* The socket being set up by @creator, for the probes below inet_create(). */
static struct socket *creating;
static struct task_struct *creator;

/* int inet_create(net, sock, protocol, kern) */
static int create_entered(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	struct socket *sock = (struct socket *)watched_arg(regs, 1);
	unsigned long from = stack_top(regs);

	if (!evidence_wanted())
		return 1;
	watched_call(ri)->arg[0] = (unsigned long)sock;
	creating = sock;
	creator = current;
	evidence("entry", watched_name(ri),
		 "addr=%px from=%px caller=%ps net=%px sock=%px protocol=%d kern=%d state=%d type=%d ops=%px sk=%px",
		 get_kretprobe(ri)->kp.addr, (void *)from, (void *)from,
		 (void *)watched_arg(regs, 0), sock, (int)watched_arg(regs, 2),
		 (int)watched_arg(regs, 3), sock->state, sock->type, sock->ops, sock->sk);
	return 0;
}

static void note_sock(const char *fn, struct sock *sk)
{
	evidence("sock", fn,
		 "sk=%px socket=%px net=%px family=%d type=%d protocol=%d state=%d refcnt=%d wmem=%d prot=%s",
		 sk, sk->sk_socket, sock_net(sk), sk->sk_family, sk->sk_type, sk->sk_protocol,
		 sk->sk_state, refcount_read(&sk->sk_refcnt),
		 refcount_read(&sk->sk_wmem_alloc), sk->sk_prot->name);
}

static int create_returns(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	struct socket *sock = (struct socket *)watched_call(ri)->arg[0];

	creating = NULL;
	evidence("return", watched_name(ri), "ret=%d sock=%px state=%d ops=%px ops_name=%ps sk=%px",
		 (int)regs_return_value(regs), sock, sock->state, sock->ops, sock->ops, sock->sk);
	if (sock->sk)
		note_sock(watched_name(ri), sock->sk);
	return 0;
}

/* Below inet_create(): is the operations table there yet, is the sock? */
static int step_entered(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	if (!evidence_wanted() || creator != current || !creating)
		return 1;
	evidence("entry", watched_name(ri), "sock=%px state=%d ops_name=%ps sk=%px", creating,
		 creating->state, creating->ops, creating->sk);
	return 0;
}

static int sk_alloc_returns(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	evidence("return", watched_name(ri), "ret=%px", (void *)regs_return_value(regs));
	return 0;
}

static int init_sock_returns(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	evidence("return", watched_name(ri), "ret=%d", (int)regs_return_value(regs));
	return 0;
}

static struct watch watches[] = {
	WATCH("inet_create", create_entered, create_returns),
	WATCH("sk_alloc", step_entered, sk_alloc_returns),
	WATCH("tcp_v4_init_sock", step_entered, init_sock_returns),
};

EVIDENCE_MODULE(watches, "evidence: what inet_create() makes of a socket");
