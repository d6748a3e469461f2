// SPDX-License-Identifier: MIT
/* fd_watch_table.c - what fd_watch_main.c saw, in a list. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/fs.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/net.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <net/sock.h>

#include "fd_watch.h"

struct fd_entry {
	struct list_head list;
	unsigned int fd;
	short type;
	u16 protocol;
	char name[16];
	char comm[TASK_COMM_LEN];
};

static LIST_HEAD(entries);
static DEFINE_SPINLOCK(lock);
static unsigned int count;

/* From a probe: no sleeping. */
void fd_table_note(unsigned int fd, struct file *file)
{
	struct inode *inode = file_inode(file);
	struct fd_entry *entry;
	struct socket *sock;
	unsigned long flags;

	if (!S_ISSOCK(inode->i_mode) || count >= FD_WATCH_MAX)
		return;
	entry = kzalloc(sizeof(*entry), GFP_ATOMIC);
	if (!entry)
		return;
	sock = SOCKET_I(inode);
	entry->fd = fd;
	entry->type = sock->type;
	entry->protocol = sock->sk->sk_protocol;
	strscpy(entry->name, file->f_path.dentry->d_name.name, sizeof(entry->name));
	get_task_comm(entry->comm, current);
	spin_lock_irqsave(&lock, flags);
	list_add_tail(&entry->list, &entries);
	count++;
	spin_unlock_irqrestore(&lock, flags);
}

unsigned int fd_table_print(void)
{
	struct fd_entry *entry;

	list_for_each_entry(entry, &entries, list)
		pr_info("%s: descriptor %u is a socket, %s, type %d, protocol %u\n", entry->comm,
			entry->fd, entry->name, entry->type, entry->protocol);
	return count;
}

void fd_table_free(void)
{
	struct fd_entry *entry, *next;

	list_for_each_entry_safe(entry, next, &entries, list) {
		list_del(&entry->list);
		kfree(entry);
	}
}
