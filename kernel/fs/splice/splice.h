/*
 * What the files of kernel/fs/splice share. Linux: include/linux/splice.h
 */
#ifndef KERNEL_FS_SPLICE_SPLICE_H
#define KERNEL_FS_SPLICE_SPLICE_H

#include <uapi/splice.h>

#include "kernel/fs/internal.h"
#include "kernel/fs/pipe/pipe.h"

#define SPLICE_F_ALL (SPLICE_F_MOVE | SPLICE_F_NONBLOCK | SPLICE_F_MORE | SPLICE_F_GIFT)

/* page.c. Is @file one whose bytes can come from, or go to (@rw: READ, WRITE), pages of the kernel? */
bool can_splice(int rw, const struct file *file);
/*
 * Up to @len bytes of @in at *@pos, which moves on, all in one page: @buf gets a reference on it. How many; 0: the
 * end; -EINVAL: @in cannot do this; -ENOMEM, or what @in says.
 */
ssize_t splice_page_in(struct file *in, loff_t *pos, size_t len, struct pipe_buffer *buf);
/* Write what is in @buf, or the first @len bytes of it, to @out at *@pos, which moves on. As vfs_write(). */
ssize_t splice_page_out(const struct pipe_buffer *buf, size_t len, struct file *out, loff_t *pos);

/* to_pipe.c. Bytes of @in at *@pos, which moves on, into @pipe. */
ssize_t splice_file_to_pipe(struct file *in, struct pipe_inode_info *pipe, loff_t *pos, size_t len,
			    unsigned int flags);
/* Wait until @pipe, locked, has room. 0, -EPIPE with SIGPIPE, -EAGAIN, -ERESTARTSYS. */
int wait_for_space(struct pipe_inode_info *pipe, unsigned int flags);
/* Wait until there is something in @pipe, locked. 1; 0: nobody writes; -EAGAIN, -ERESTARTSYS. */
int wait_for_data(struct pipe_inode_info *pipe, unsigned int flags);

/* pipes.c. Move, or only copy, what is in @ipipe into @opipe. */
ssize_t splice_pipe_to_pipe(struct pipe_inode_info *ipipe, struct pipe_inode_info *opipe, size_t len,
			    unsigned int flags);

/* sendfile.c. As Linux's, with *@opos that moves on. */
ssize_t do_splice_direct(struct file *in, loff_t *ppos, struct file *out, loff_t *opos, size_t len);

#endif
