// SPDX-License-Identifier: MIT
/*
 * sock_alloc_probe: the birth of the object. What sock_alloc() returns and what state that is in;
 * on the way there, the inode it comes with and the one allocation they share.
 *
 * poison=1 overwrites the registers that carry arguments when sock_alloc() is entered: a function
 * of no arguments does not notice.
 */
#include "evidence.h"

#include <linux/fs.h>
#include <linux/net.h>
#include <net/sock.h>

static int poison;
module_param(poison, int, 0444);
MODULE_PARM_DESC(poison, "1: overwrite the argument registers when sock_alloc() is entered");

#define POISON_VALUE 0x6b6b6b6b6b6b6b6bul

/* The task that is inside sock_alloc_inode(), or NULL. */
static struct task_struct *allocating;

static int alloc_entered(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	unsigned long from = stack_top(regs);

	if (!evidence_wanted())
		return 1;
	evidence("entry", watched_name(ri), "addr=%px from=%px caller=%ps poison=%d",
		 get_kretprobe(ri)->kp.addr, (void *)from, (void *)from, poison);
	if (poison) {
		regs->di = regs->si = regs->dx = POISON_VALUE;
		regs->cx = regs->r8 = regs->r9 = POISON_VALUE;
	}
	return 0;
}

static int alloc_returns(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	struct socket *sock = (struct socket *)regs_return_value(regs);
	unsigned long to = get_kretprobe_retaddr(ri);
	struct inode *inode;

	if (!sock) {
		evidence("return", watched_name(ri), "ret=%px", sock);
		return 0;
	}
	inode = SOCK_INODE(sock);
	evidence("return", watched_name(ri),
		 "ret=%px to=%px parent=%ps state=%d type=%d ops=%px sk=%px file=%px inode=%px mode=0%o count=%d ino=%lu",
		 sock, (void *)to, (void *)to, sock->state, sock->type, sock->ops, sock->sk,
		 sock->file, inode, inode->i_mode, atomic_read(&inode->i_count), inode->i_ino);
	return 0;
}

static int inode_entered(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	unsigned long from = stack_top(regs);

	if (!evidence_wanted())
		return 1;
	evidence("entry", watched_name(ri), "from=%px caller=%ps", (void *)from, (void *)from);
	return 0;
}

static int pointer_returns(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	evidence("return", watched_name(ri), "ret=%px", (void *)regs_return_value(regs));
	return 0;
}

static int object_entered(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	int err = inode_entered(ri, regs);

	if (!err)
		allocating = current;
	return err;
}

static int object_returns(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	allocating = NULL;
	return pointer_returns(ri, regs);
}

/* The slab allocator is everybody's: only what it does inside sock_alloc_inode() is of interest. */
static int slab_entered(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	return allocating != current;
}

static struct watch watches[] = {
	WATCH("sock_alloc", alloc_entered, alloc_returns),
	WATCH("new_inode_pseudo", inode_entered, pointer_returns),
	WATCH("sock_alloc_inode", object_entered, object_returns),
	WATCH("kmem_cache_alloc", slab_entered, pointer_returns),
	WATCH_IF_THERE("kmem_cache_alloc_lru", slab_entered, pointer_returns),
};

EVIDENCE_MODULE(watches, "evidence: what sock_alloc() returns");
