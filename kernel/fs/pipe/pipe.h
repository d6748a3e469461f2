/*
 * Pipes: a ring of pages between those who write and those who read. Linux: include/linux/pipe_fs_i.h
 *
 * head counts the buffers that were ever filled, tail those that were emptied: both only grow, and wrap
 * around at 2^32. A buffer's place in the ring is its number modulo ring_size, a power of two.
 */
#ifndef KERNEL_FS_PIPE_PIPE_H
#define KERNEL_FS_PIPE_PIPE_H

#include "kernel/fs/fasync.h"
#include "kernel/fs/fs.h"

#define PIPE_DEF_BUFFERS 16    /* of a new pipe: 64 KiB */
#define PIPE_MIN_DEF_BUFFERS 2 /* of one whose user has many */

/* A piece of one page. */
struct pipe_buffer {
	struct page *page; /* referenced */
	unsigned int offset, len; /* bytes */
	unsigned int flags; /* PIPE_BUF_FLAG_* */
};
#define PIPE_BUF_FLAG_PACKET 0x08    /* one read() takes it, and drops what does not fit */
#define PIPE_BUF_FLAG_CAN_MERGE 0x10 /* the page is the pipe's own: more may be written behind @len */

struct pipe_inode_info {
	struct mutex mutex; /* for all of this */
	struct wait_queue_head rd_wait, wr_wait;
	unsigned int head, tail;
	unsigned int max_usage; /* as many buffers may be filled ... */
	unsigned int ring_size; /* ... and there is room for so many */
	unsigned int nr_accounted; /* counted for @user */
	unsigned int readers, writers; /* open files */
	unsigned int files; /* the same, and open() calls under way; the last one ends the pipe */
	unsigned int r_counter, w_counter; /* how often it was opened: what open() waits for */
	bool poll_usage; /* somebody polls it: each write wakes, not only one into an empty pipe */
	struct page *tmp_page[2]; /* emptied, and kept for the next write */
	struct fasync_struct *fasync_readers, *fasync_writers;
	struct pipe_buffer *bufs;
	struct user_struct *user; /* referenced */
};

static inline bool pipe_empty(const struct pipe_inode_info *pipe)
{
	return pipe->head == pipe->tail;
}

static inline unsigned int pipe_occupancy(const struct pipe_inode_info *pipe)
{
	return pipe->head - pipe->tail;
}

static inline bool pipe_full(const struct pipe_inode_info *pipe)
{
	return pipe_occupancy(pipe) >= pipe->max_usage;
}

/* The buffer number @n, tail <= n; that of head is the next one to be filled. */
static inline struct pipe_buffer *pipe_buf(const struct pipe_inode_info *pipe, unsigned int n)
{
	return &pipe->bufs[n & (pipe->ring_size - 1)];
}

/* pipe.c. Of pipes and of FIFOs. */
extern const struct file_operations pipefifo_fops;
/* What a reader, what a writer waits for; asked without the mutex, too. */
bool pipe_readable(const struct pipe_inode_info *pipe);
bool pipe_writable(const struct pipe_inode_info *pipe);
void pipe_buf_release(struct pipe_inode_info *pipe, struct pipe_buffer *buf);
/* There is something to read, or there is room: wake those who wait or poll, and */
void pipe_wake_readers(struct pipe_inode_info *pipe);
void pipe_wake_writers(struct pipe_inode_info *pipe);
/* send SIGIO to those who asked for it. */
void pipe_tell_readers(struct pipe_inode_info *pipe);
void pipe_tell_writers(struct pipe_inode_info *pipe);

/* info.c. A new pipe without files; NULL: no memory, or the user has too many. */
struct pipe_inode_info *alloc_pipe_info(void);
/* One file less; the last one ends @pipe, which is the one of @inode. */
void put_pipe_info(struct inode *inode, struct pipe_inode_info *pipe);
/* fcntl(): F_SETPIPE_SZ, F_GETPIPE_SZ. Bytes; -EBADF: no pipe; -EINVAL, -EPERM, -EBUSY, -ENOMEM. */
long pipe_fcntl(struct file *file, unsigned int cmd, unsigned long arg);
/* The pipe behind @file, or NULL. */
struct pipe_inode_info *get_pipe_info(const struct file *file);

/* fifo.c */
int fifo_open(struct inode *inode, struct file *file);

/* pipefs.c. Is @inode one of a pipe() call, without a name? */
bool is_pipefs_inode(const struct inode *inode);

#endif
