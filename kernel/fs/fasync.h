/*
 * Files that tell by a signal that they can be read or written. Linux: include/linux/fs.h
 */
#ifndef KERNEL_FS_FASYNC_H
#define KERNEL_FS_FASYNC_H

#include <uapi/flock.h>

#include "kernel/fs/fs.h"

/* Who gets the signals of a file, and which; as whom it was asked for. */
struct fown_struct {
	struct hlist_node hash;
	const struct file *file;
	struct pid *pid; /* NULL: nobody */
	enum pid_type pid_type;
	kuid_t uid, euid;
	int signum; /* 0: SIGIO, which says no more */
};

/* One file in a list of those who are told. */
struct fasync_struct {
	struct fasync_struct *fa_next;
	struct file *fa_file;
	int fa_fd;
};

/*
 * What f_op->fasync() does: put @filp into the list *@fapp, take it out (@on 0). 1: the list
 * changed; 0: not; -ENOMEM. Changes FASYNC in f_flags.
 */
int fasync_helper(int fd, struct file *filp, int on, struct fasync_struct **fapp);
/* Tell all in *@fp: @sig SIGIO or SIGURG; @band: POLL_IN ... Any context. */
void kill_fasync(struct fasync_struct **fp, int sig, int band);
/* @who (with its reference counted by the callee) gets the signals. 0, -EINVAL, -ESRCH, -ENOMEM. */
int f_setown(struct file *filp, unsigned long arg, int force);
pid_t f_getown(struct file *filp); /* negative: a process group; 0: nobody */

/* fcntl()'s commands about the owner. Linux: fs/fcntl.c */
int f_setown_ex(struct file *filp, unsigned long arg);
int f_getown_ex(struct file *filp, unsigned long arg);
int f_setsig(struct file *filp, unsigned long sig);
int f_getsig(const struct file *filp);

#endif
