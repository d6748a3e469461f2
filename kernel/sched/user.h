/*
 * What is counted for a user over all of the user's processes. Linux: include/linux/sched/user.h
 */
#ifndef KERNEL_SCHED_USER_H
#define KERNEL_SCHED_USER_H

#include "kernel/lib/lib.h"
#include "kernel/lib/uidgid.h"

struct user_struct {
	refcount_t __count;
	kuid_t uid;
	unsigned long processes;  /* tasks, limited by RLIMIT_NPROC */
	unsigned long sigpending; /* queued signals, limited by RLIMIT_SIGPENDING */
	unsigned long epoll_watches; /* entries of epoll files, limited by fs.epoll.max_user_watches */
	unsigned long pipe_bufs;  /* pages that pipes have room for: kernel/fs/pipe/info.c */
	unsigned long inotify_instances, inotify_watches; /* limited by fs.inotify.max_user_* */
	struct list_head uidhash_node;
};

extern struct user_struct root_user;

/* The one struct of user @uid, made if there is none, with a reference; NULL: no memory. */
struct user_struct *alloc_uid(kuid_t uid);

/* The one struct of user @uid with a reference; NULL when nobody has made it. */
struct user_struct *find_user(kuid_t uid);

void free_uid(struct user_struct *user); /* drops a reference; NULL is allowed */

static inline struct user_struct *get_uid(struct user_struct *user)
{
	refcount_inc(&user->__count);
	return user;
}

/* Has @user, who is not root, more tasks than current's RLIMIT_NPROC allows? */
bool too_many_processes(const struct user_struct *user);

void uid_cache_init(void);

#endif
