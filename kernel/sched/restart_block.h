/*
 * How a system call goes on that a signal without a handler has interrupted, and that cannot simply
 * start again: it was to sleep for a time, part of which is over. It returns set_restart_fn(); ring 3
 * then calls restart_syscall(), which calls the function. Linux: include/linux/restart_block.h
 */
#ifndef KERNEL_SCHED_RESTART_BLOCK_H
#define KERNEL_SCHED_RESTART_BLOCK_H

#include "kernel/lib/lib.h"

struct timespec;
struct pollfd;

struct restart_block {
	long (*fn)(struct restart_block *restart);
	union {
		struct {
			u32 __user *uaddr;
			u32 val, flags, bitset;
			u64 time; /* nanoseconds of the clock that flags names */
			u32 __user *uaddr2;
		} futex;
		struct {
			int clockid;
			struct timespec __user *rmtp; /* or NULL */
			u64 expires; /* nanoseconds of the clock */
		} nanosleep;
		struct {
			struct pollfd __user *ufds;
			int nfds, has_timeout;
			s64 tv_sec;
			long tv_nsec; /* monotonic time */
		} poll;
	};
};

/* The function of a task whose call cannot go on: -EINTR. */
long do_no_restart_syscall(struct restart_block *restart);

static inline long set_restart_fn(struct restart_block *restart,
				  long (*fn)(struct restart_block *restart))
{
	restart->fn = fn;
	return -ERESTART_RESTARTBLOCK;
}

#endif
