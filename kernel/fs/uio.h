/*
 * iov_iter: the buffers of one read or write, whoever's memory they are in.
 * Linux: include/linux/uio.h, lib/iov_iter.c
 */
#ifndef KERNEL_FS_UIO_H
#define KERNEL_FS_UIO_H

#include <uapi/uio.h>

#include "kernel/lib/lib.h"

#define UIO_MAXIOV 1024
#define MAX_RW_COUNT 0x7ffff000

/* The direction of a transfer, seen from ring 3. Linux: include/linux/kernel.h */
#define READ 0
#define WRITE 1

struct file;

struct iov_iter {
	bool user;             /* the segments lie in ring 3's memory */
	const struct iovec *iov; /* kernel copy of the segment list */
	size_t nr_segs;
	size_t iov_offset;     /* bytes of iov[0] already done */
	size_t count;          /* bytes left in all */
};

/* One operation on a file. Linux: struct kiocb */
struct kiocb {
	struct file *ki_filp;
	loff_t ki_pos;
};

void iov_iter_init(struct iov_iter *i, bool user, const struct iovec *iov, size_t nr_segs,
		   size_t count);

/*
 * Move up to @bytes between kernel memory at @addr and the iterator, and advance it.
 * Return the bytes moved; fewer than asked means the buffer ended or faulted there.
 */
size_t copy_to_iter(const void *addr, size_t bytes, struct iov_iter *i);
size_t copy_from_iter(void *addr, size_t bytes, struct iov_iter *i);
size_t iov_iter_zero(size_t bytes, struct iov_iter *i);

#endif
