/*
 * inotify_init(), inotify_add_watch(), inotify_rm_watch(). Linux: fs/notify/inotify/inotify_user.c
 */
#include "kernel/fs/anon_inodes.h"
#include "kernel/fs/notify/notify.h"
#include "kernel/lib/init.h"
#include "kernel/syscalls.h"

#define ALL_INOTIFY_BITS                                                                        \
	(IN_ALL_EVENTS | IN_UNMOUNT | IN_Q_OVERFLOW | IN_IGNORED | IN_ONLYDIR | IN_DONT_FOLLOW |  \
	 IN_EXCL_UNLINK | IN_MASK_ADD | IN_MASK_CREATE | IN_ISDIR | IN_ONESHOT)
#define KEPT_BITS (IN_ALL_EVENTS | IN_UNMOUNT | IN_EXCL_UNLINK | IN_ONESHOT)
#define WATCH_COST (sizeof(struct inotify_watch) + 2 * sizeof(struct inode))

static unsigned long inotify_max_queued_events = 16384;
static unsigned long inotify_max_user_instances = 128;
static unsigned long inotify_max_user_watches;

static struct kmem_cache *watch_cachep;

/* Out of the tables, freed, and no longer counted. Returns the inode, with the watch's reference. */
static struct inode *free_watch(struct inotify_watch *watch)
{
	struct inode *inode = watch->inode;

	watch_unhash(watch);
	list_del(&watch->list);
	radix_tree_delete(&watch->group->wds, watch->wd);
	watch->group->user->inotify_watches--;
	kmem_cache_free(watch_cachep, watch);
	return inode;
}

struct inode *inotify_end_watch(struct inotify_watch *watch)
{
	inotify_queue_event(watch->group, watch->wd, IN_IGNORED, 0, NULL);
	return free_watch(watch);
}

void inotify_free_group(struct inotify_group *group)
{
	while (!list_empty(&group->watches)) {
		iput(free_watch(list_first_entry(&group->watches, struct inotify_watch, list)));
		cond_resched();
	}
	inotify_flush_events(group);
	group->user->inotify_instances--;
	free_uid(group->user);
	kfree(group);
}

/* A group of current's user. ERR_PTR(-EMFILE): he has too many; -ENOMEM. */
static struct inotify_group *inotify_new_group(void)
{
	struct user_struct *user = current_cred()->user;
	struct inotify_group *group;

	if (user->inotify_instances >= inotify_max_user_instances)
		return ERR_PTR(-EMFILE);
	group = kzalloc(sizeof(*group), GFP_KERNEL);
	if (!group)
		return ERR_PTR(-ENOMEM);
	INIT_LIST_HEAD(&group->events);
	INIT_LIST_HEAD(&group->watches);
	init_waitqueue_head(&group->waitq);
	group->max_events = inotify_max_queued_events;
	group->user = get_uid(user);
	user->inotify_instances++;
	return group;
}

static int do_inotify_init(int flags)
{
	struct inotify_group *group;
	int fd;

	if (flags & ~(IN_CLOEXEC | IN_NONBLOCK))
		return -EINVAL;
	group = inotify_new_group();
	if (IS_ERR(group))
		return PTR_ERR(group);
	fd = anon_inode_getfd("inotify", &inotify_fops, group, O_RDONLY | flags);
	if (fd < 0)
		inotify_free_group(group);
	return fd;
}

SYSCALL_DEFINE1(inotify_init1, int, flags)
{
	return do_inotify_init(flags);
}

SYSCALL_DEFINE1(inotify_init, unsigned long, unused __maybe_unused)
{
	return do_inotify_init(0);
}

/* What is to be watched, for whoever may read it. 0, and @path is referenced; or -errno. */
static int inotify_find_inode(const char __user *pathname, u32 mask, struct path *path)
{
	unsigned int flags = mask & IN_DONT_FOLLOW ? 0 : LOOKUP_FOLLOW;
	int error;

	if (mask & IN_ONLYDIR)
		flags |= LOOKUP_DIRECTORY;
	error = user_path_at(AT_FDCWD, pathname, flags, path);
	if (error)
		return error;
	error = inode_permission(path->dentry->d_inode, MAY_READ);
	if (error)
		path_put(path);
	return error;
}

/* A new watch on @inode, of which it takes a reference. Its wd; -ENOSPC: the user has too many; -ENOMEM. */
static int inotify_new_watch(struct inotify_group *group, struct inode *inode, u32 mask)
{
	struct inotify_watch *watch;
	int error;

	if (group->user->inotify_watches >= inotify_max_user_watches)
		return -ENOSPC;
	watch = kmem_cache_alloc(watch_cachep, GFP_KERNEL);
	if (!watch)
		return -ENOMEM;
	watch->group = group;
	watch->inode = inode;
	watch->mask = mask;
	watch->wd = ++group->last_wd;
	error = radix_tree_insert(&group->wds, watch->wd, watch);
	if (!error && find_watch(group, inode)) { /* another task was here while we slept */
		radix_tree_delete(&group->wds, watch->wd);
		error = -EAGAIN;
	}
	if (error) {
		kmem_cache_free(watch_cachep, watch);
		return error;
	}
	ihold(inode);
	list_add_tail(&watch->list, &group->watches);
	watch_hash(watch);
	group->user->inotify_watches++;
	return watch->wd;
}

/* Another mask for what the group watches already, or a new watch. The wd, or -errno; -EAGAIN: again. */
static int __inotify_update_watch(struct inotify_group *group, struct inode *inode, u32 arg)
{
	struct inotify_watch *watch = find_watch(group, inode);
	u32 mask = (arg & KEPT_BITS) | IN_UNMOUNT;

	if (!watch)
		return inotify_new_watch(group, inode, mask);
	if (arg & IN_MASK_CREATE)
		return -EEXIST;
	watch->mask = arg & IN_MASK_ADD ? watch->mask | mask : mask;
	return watch->wd;
}

int inotify_update_watch(struct inotify_group *group, struct inode *inode, u32 arg)
{
	int ret;

	do {
		ret = __inotify_update_watch(group, inode, arg);
	} while (ret == -EAGAIN);
	return ret;
}

SYSCALL_DEFINE3(inotify_add_watch, int, fd, const char __user *, pathname, u32, mask)
{
	struct path path;
	struct fd f;
	int ret = -EINVAL;

	if ((mask & ~ALL_INOTIFY_BITS) || !(mask & ALL_INOTIFY_BITS))
		return -EINVAL;
	f = fdget(fd);
	if (!f.file)
		return -EBADF;
	if ((mask & IN_MASK_ADD) && (mask & IN_MASK_CREATE))
		goto out;
	if (f.file->f_op != &inotify_fops)
		goto out;
	ret = inotify_find_inode(pathname, mask, &path);
	if (ret)
		goto out;
	ret = inotify_update_watch(f.file->private_data, path.dentry->d_inode, mask);
	path_put(&path);
out:
	fdput(f);
	return ret;
}

SYSCALL_DEFINE2(inotify_rm_watch, int, fd, int, wd)
{
	struct inotify_watch *watch;
	struct inotify_group *group;
	struct fd f = fdget(fd);
	int ret = -EINVAL;

	if (!f.file)
		return -EBADF;
	if (f.file->f_op == &inotify_fops && wd >= 0) {
		group = f.file->private_data;
		watch = radix_tree_lookup(&group->wds, wd);
		if (watch) {
			iput(inotify_end_watch(watch));
			ret = 0;
		}
	}
	fdput(f);
	return ret;
}

/* A user may let a hundredth of memory be taken by what he watches. */
static int inotify_init(void)
{
	unsigned long watches = (totalram_pages() << PAGE_SHIFT) / 100 / WATCH_COST;

	inotify_max_user_watches = min(max(watches, 8192ul), 1048576ul);
	watch_cachep = kmem_cache_create("inotify_inode_mark", sizeof(struct inotify_watch), 0,
					 SLAB_PANIC, NULL);
	return proc_sysctl("/proc/sys/fs/inotify/max_queued_events", &inotify_max_queued_events, 1, 0,
			   INT32_MAX) ?:
	       proc_sysctl("/proc/sys/fs/inotify/max_user_instances", &inotify_max_user_instances, 1, 0,
			   INT32_MAX) ?:
	       proc_sysctl("/proc/sys/fs/inotify/max_user_watches", &inotify_max_user_watches, 1, 0,
			   INT32_MAX);
}
late_initcall(inotify_init);
