// SPDX-License-Identifier: MIT
/*
 * security_probe: the security hooks. What they are asked before anything exists, whom it asks, what it says;
 * and the second question, when the socket is whole.
 */
#include "evidence.h"

static int int_returns(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	evidence("return", watched_name(ri), "ret=%d", (int)regs_return_value(regs));
	return 0;
}

/* int security_socket_create(family, type, protocol, kern), and the modules' hooks */
static int create_entered(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	unsigned long from = stack_top(regs);

	if (!evidence_wanted())
		return 1;
	evidence("entry", watched_name(ri),
		 "from=%px caller=%ps family=%d type=%d protocol=%d kern=%d", (void *)from,
		 (void *)from, (int)watched_arg(regs, 0), (int)watched_arg(regs, 1),
		 (int)watched_arg(regs, 2), (int)watched_arg(regs, 3));
	return 0;
}

/* int security_socket_post_create(sock, family, type, protocol, kern) */
static int post_create_entered(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	if (!evidence_wanted())
		return 1;
	evidence("entry", watched_name(ri), "sock=%px family=%d type=%d protocol=%d kern=%d",
		 (void *)watched_arg(regs, 0), (int)watched_arg(regs, 1),
		 (int)watched_arg(regs, 2), (int)watched_arg(regs, 3), (int)watched_arg(regs, 4));
	return 0;
}

static struct watch watches[] = {
	WATCH("security_socket_create", create_entered, int_returns),
	WATCH_IF_THERE("apparmor_socket_create", create_entered, int_returns),
	WATCH("security_socket_post_create", post_create_entered, int_returns),
};

EVIDENCE_MODULE(watches, "evidence: the security hooks of socket(2)");
