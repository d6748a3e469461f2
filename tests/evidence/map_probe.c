// SPDX-License-Identifier: MIT
/*
 * map_probe: from the socket to a number. The number is reserved, then the file is made, then the
 * slot is filled; at each of these moments: what the descriptor table holds. And the way out at
 * close(2), where the file goes and the socket with it.
 */
#include "evidence.h"

#include <linux/fdtable.h>
#include <linux/fs.h>
#include <linux/net.h>
#include <linux/rcupdate.h>
#include <net/sock.h>

/* The number get_unused_fd_flags() gave last to @mapper, for the probe on sock_alloc_file(). */
static int reserved = -1;
static struct task_struct *mapper;

/* Slot @fd of the current task: whether its number is taken, and by which file. */
static struct file *look_at_slot(int fd, int *taken)
{
	struct fdtable *fdt;
	struct file *file = NULL;

	*taken = 0;
	rcu_read_lock();
	fdt = files_fdtable(current->files);
	if (fd >= 0 && fd < (int)fdt->max_fds) {
		*taken = test_bit(fd, fdt->open_fds);
		file = fdt->fd[fd];
	}
	rcu_read_unlock();
	return file;
}

static unsigned long first_numbers_taken(void)
{
	unsigned long bits;

	rcu_read_lock();
	bits = files_fdtable(current->files)->open_fds[0];
	rcu_read_unlock();
	return bits;
}

/* int sock_map_fd(sock, flags) */
static int map_entered(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	struct socket *sock = (struct socket *)watched_arg(regs, 0);
	unsigned long from = stack_top(regs);

	if (!evidence_wanted())
		return 1;
	evidence("entry", watched_name(ri),
		 "addr=%px from=%px caller=%ps sock=%px flags=0x%x state=%d ops_name=%ps sk=%px file=%px",
		 get_kretprobe(ri)->kp.addr, (void *)from, (void *)from, sock,
		 (int)watched_arg(regs, 1), sock->state, sock->ops, sock->sk, sock->file);
	return 0;
}

static int int_returns(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	evidence("return", watched_name(ri), "ret=%d", (int)regs_return_value(regs));
	return 0;
}

static int reserve_entered(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	if (!evidence_wanted())
		return 1;
	evidence("entry", watched_name(ri), "flags=0x%x taken=0x%lx", (int)watched_arg(regs, 0),
		 first_numbers_taken());
	return 0;
}

static int reserve_returns(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	reserved = (int)regs_return_value(regs);
	mapper = current;
	return int_returns(ri, regs);
}

/* struct file *sock_alloc_file(sock, flags, dname) */
static int file_entered(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	struct socket *sock = (struct socket *)watched_arg(regs, 0);
	struct file *file;
	int taken;

	if (!evidence_wanted())
		return 1;
	watched_call(ri)->arg[0] = (unsigned long)sock;
	file = look_at_slot(mapper == current ? reserved : -1, &taken);
	evidence("entry", watched_name(ri),
		 "sock=%px flags=0x%x state=%d ops_name=%ps sk=%px file=%px fd=%d taken=%d slot=%px",
		 sock, (int)watched_arg(regs, 1), sock->state, sock->ops, sock->sk, sock->file,
		 reserved, taken, file);
	return 0;
}

static int file_returns(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	struct socket *sock = (struct socket *)watched_call(ri)->arg[0];
	struct file *file = (struct file *)regs_return_value(regs);

	if (IS_ERR(file)) {
		evidence("return", watched_name(ri), "ret=%px error=%ld", file, PTR_ERR(file));
		return 0;
	}
	evidence("return", watched_name(ri), "ret=%px private=%px inode=%px sock=%px sock_file=%px",
		 file, file->private_data, file_inode(file), sock, sock->file);
	return 0;
}

/* void fd_install(fd, file) */
static int install_entered(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	int fd = (int)watched_arg(regs, 0), taken;
	struct file *file = (struct file *)watched_arg(regs, 1), *slot;

	if (!evidence_wanted())
		return 1;
	watched_call(ri)->arg[0] = fd;
	slot = look_at_slot(fd, &taken);
	evidence("entry", watched_name(ri), "fd=%d file=%px private=%px taken=%d slot=%px", fd,
		 file, file->private_data, taken, slot);
	return 0;
}

static int install_returns(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	int fd = (int)watched_call(ri)->arg[0], taken;
	struct file *slot = look_at_slot(fd, &taken);

	evidence("return", watched_name(ri), "fd=%d taken=%d slot=%px", fd, taken, slot);
	return 0;
}

/* void __sock_release(sock, inode) */
static int release_entered(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	struct socket *sock = (struct socket *)watched_arg(regs, 0);

	if (!evidence_wanted())
		return 1;
	evidence("entry", watched_name(ri), "sock=%px inode=%px sk=%px file=%px", sock,
		 (void *)watched_arg(regs, 1), sock->sk, sock->file);
	return 0;
}

static struct watch watches[] = {
	WATCH_IF_THERE("sock_map_fd", map_entered, int_returns),
	WATCH("get_unused_fd_flags", reserve_entered, reserve_returns),
	WATCH("sock_alloc_file", file_entered, file_returns),
	WATCH("fd_install", install_entered, install_returns),
	WATCH("__sock_release", release_entered, NULL),
};

EVIDENCE_MODULE(watches, "evidence: how a socket becomes a descriptor");
