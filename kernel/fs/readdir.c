/*
 * Reading a directory: names go to whoever asks, one by one; getdents64(). Linux: fs/readdir.c
 */
#include "kernel/fs/internal.h"
#include "kernel/fs/notify/notify.h"
#include "kernel/sched/sched.h"
#include "kernel/syscalls.h"

int iterate_dir(struct file *file, struct dir_context *ctx)
{
	int error = -ENOENT;

	if (!file->f_op->iterate_shared)
		return -ENOTDIR;
	inode_lock(file->f_inode); /* no name is removed while it is told */
	if (file->f_inode->i_nlink) {
		ctx->pos = file->f_pos;
		error = file->f_op->iterate_shared(file, ctx);
		file->f_pos = ctx->pos;
	}
	fsnotify_dentry(IN_ACCESS, file->f_path.dentry);
	inode_unlock(file->f_inode);
	return error;
}

/* One name, as ring 3 gets it; the next one begins at a multiple of 8. Linux: include/linux/dirent.h */
struct linux_dirent64 {
	u64 d_ino;
	s64 d_off; /* the position behind this name */
	unsigned short d_reclen; /* bytes from here to the next name */
	unsigned char d_type; /* DT_* */
	char d_name[]; /* ends with a NUL */
};

struct getdents_callback64 {
	struct dir_context ctx;
	struct linux_dirent64 __user *current_dir; /* where the next name goes */
	struct linux_dirent64 __user *previous;    /* NULL: there is none yet */
	size_t count; /* bytes that are left */
	int error;
};

/* Only now is it known where the name before ends, so the place for that is filled in first. */
static bool filldir64(struct dir_context *ctx, const char *name, int namelen, loff_t offset, u64 ino,
		      unsigned int type)
{
	struct getdents_callback64 *buf = container_of(ctx, struct getdents_callback64, ctx);
	size_t header = offsetof(struct linux_dirent64, d_name);
	size_t reclen = ALIGN(header + namelen + 1, sizeof(u64));
	struct linux_dirent64 __user *dirent = buf->current_dir;
	struct linux_dirent64 entry = { .d_ino = ino, .d_reclen = reclen, .d_type = type };

	buf->error = -EINVAL; /* what is told when not even the first name fits */
	if (reclen > buf->count)
		return false;
	if (buf->previous && signal_pending(current))
		return false;
	buf->error = -EFAULT;
	if (buf->previous && put_user(offset, &buf->previous->d_off))
		return false;
	if (copy_to_user(dirent, &entry, header) || copy_to_user(dirent->d_name, name, namelen) ||
	    put_user((char)0, dirent->d_name + namelen))
		return false;
	buf->error = 0;
	buf->previous = dirent;
	buf->current_dir = (void __user *)((char __user *)dirent + reclen);
	buf->count -= reclen;
	return true;
}

SYSCALL_DEFINE3(getdents64, unsigned int, fd, struct linux_dirent64 __user *, dirent, unsigned int,
		count)
{
	struct getdents_callback64 buf = {
		.ctx = { .actor = filldir64 }, .current_dir = dirent, .count = count,
	};
	struct fd f = fdget_pos(fd);
	int error;

	if (!f.file)
		return -EBADF;
	error = iterate_dir(f.file, &buf.ctx);
	if (error >= 0)
		error = buf.error;
	if (buf.previous)
		error = put_user(buf.ctx.pos, &buf.previous->d_off) ? -EFAULT :
								      (int)(count - buf.count);
	fdput_pos(f);
	return error;
}
