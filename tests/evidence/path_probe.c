// SPDX-License-Identifier: MIT
/*
 * path_probe: the two functions between the system call and the work, with what they are given and
 * who called them; and three that may have left no trace, because the compiler inlined them.
 */
#include "evidence.h"

static int three_ints_entered(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	unsigned long from = stack_top(regs);

	if (!evidence_wanted())
		return 1;
	evidence("entry", watched_name(ri),
		 "addr=%px from=%px caller=%ps family=%d type=%d protocol=%d",
		 get_kretprobe(ri)->kp.addr, (void *)from, (void *)from, (int)watched_arg(regs, 0),
		 (int)watched_arg(regs, 1), (int)watched_arg(regs, 2));
	return 0;
}

/* An int: the upper half of RAX means nothing. */
static int int_returns(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	evidence("return", watched_name(ri), "ret=%d", (int)regs_return_value(regs));
	return 0;
}

/* int __sock_create(net, family, type, protocol, struct socket **res, int kern) */
static int create_entered(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	unsigned long from = stack_top(regs);

	if (!evidence_wanted())
		return 1;
	watched_call(ri)->arg[0] = watched_arg(regs, 4);
	evidence("entry", watched_name(ri),
		 "addr=%px from=%px caller=%ps net=%px family=%d type=%d protocol=%d kern=%d",
		 get_kretprobe(ri)->kp.addr, (void *)from, (void *)from,
		 (void *)watched_arg(regs, 0), (int)watched_arg(regs, 1),
		 (int)watched_arg(regs, 2), (int)watched_arg(regs, 3), (int)watched_arg(regs, 5));
	return 0;
}

static int create_returns(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	int ret = (int)regs_return_value(regs);
	void **res = (void **)watched_call(ri)->arg[0];

	evidence("return", watched_name(ri), "ret=%d sock=%px", ret, ret ? NULL : *res);
	return 0;
}

static struct watch watches[] = {
	WATCH("__sys_socket", three_ints_entered, int_returns),
	WATCH("__sock_create", create_entered, create_returns),
	WATCH_IF_THERE("update_socket_protocol", three_ints_entered, int_returns),
	WATCH_IF_THERE("__sys_socket_create", three_ints_entered, int_returns),
	WATCH_IF_THERE("sock_create", three_ints_entered, int_returns),
};

EVIDENCE_MODULE(watches, "evidence: from the system call to __sock_create()");
