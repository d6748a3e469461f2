/*
 * Watches and events when memory is short: an event that cannot be queued becomes an overflow, and nothing is
 * left behind.
 */
#include <uapi/inotify.h>

#include "kernel/fs/internal.h"
#include "kernel/fs/notify/notify.h"
#include "kernel/syscalls.h"
#include "tests/kernel/ktap.h"
#include "tests/kernel/leaks.h"

long __x64_sys_inotify_init1(const struct pt_regs *regs);

static long create(void)
{
	struct pt_regs regs = { .di = IN_NONBLOCK };

	return __x64_sys_inotify_init1(&regs);
}

static struct inotify_group *group_of(int fd)
{
	struct file *file = fget(fd);
	struct inotify_group *group = file->private_data;

	fput(file);
	return group;
}

static int watch(struct inotify_group *group, const char *name, u32 mask)
{
	struct path path;
	int wd = kern_path(name, 0, &path);

	if (wd)
		return wd;
	wd = inotify_update_watch(group, path.dentry->d_inode, mask);
	path_put(&path);
	return wd;
}

KTAP_SUITE(inotify_without_memory)
{
	struct inotify_group *group;
	struct leaks before;
	long fd = -1;
	int i, wd = -1;

	close_fd(create());
	leaks_begin(&before);
	for (i = 0; fd < 0 && i < 20; i++) {
		failslab_arm(NULL, i, 1);
		fd = create();
		failslab_arm(NULL, 0, 0);
		KTAP_EXPECT(fd >= 0 || fd == -ENOMEM || fd == -ENFILE);
		KTAP_EXPECT(fd >= 0 || leaks_none(&before));
	}
	KTAP_EXPECT(i >= 4);
	group = group_of(fd);
	KTAP_EXPECT_EQ(init_mkdir("/watched", 0755), 0);
	for (i = 0; wd < 0 && i < 20; i++) {
		failslab_arm(NULL, i, 1);
		wd = watch(group, "/watched", IN_ALL_EVENTS);
		failslab_arm(NULL, 0, 0);
		KTAP_EXPECT(wd > 0 || wd == -ENOMEM);
		KTAP_EXPECT_EQ(fsnotify_watches, wd > 0);
	}
	KTAP_EXPECT(i >= 2);
	KTAP_EXPECT_EQ(init_mkdir("/watched/a", 0755), 0);
	KTAP_EXPECT_EQ(group->nr_events, 1);
	failslab_arm(find_cache("kmalloc-64"), 0, 1);
	inotify_queue_event(group, wd, IN_OPEN, 0, NULL);
	failslab_arm(NULL, 0, 0);
	KTAP_EXPECT_EQ(group->nr_events, 2); /* which says that some were lost */
	KTAP_EXPECT(group->overflowed);
	inotify_queue_event(group, wd, IN_ACCESS, 0, NULL);
	KTAP_EXPECT_EQ(group->nr_events, 2);
	KTAP_EXPECT_EQ(init_rmdir("/watched/a"), 0);
	KTAP_EXPECT_EQ(init_rmdir("/watched"), 0); /* and with it the watch */
	KTAP_EXPECT_EQ(fsnotify_watches, 0);
	close_fd(fd);
	KTAP_EXPECT(leaks_none(&before));
}

/* What is watched still goes with its user, and a watch with what it is on. */
KTAP_SUITE(inotify_references)
{
	struct leaks before;
	struct path path;
	long fd;

	close_fd(create());
	leaks_begin(&before);
	fd = create();
	KTAP_EXPECT_EQ(init_mkdir("/m", 0755), 0);
	KTAP_EXPECT_EQ(init_mount("x", "/m", "tmpfs", 0, NULL), 0);
	KTAP_EXPECT_EQ(init_mkdir("/m/a", 0755), 0);
	KTAP_EXPECT(watch(group_of(fd), "/m", IN_ALL_EVENTS) > 0);
	KTAP_EXPECT(watch(group_of(fd), "/m/a", IN_ALL_EVENTS) > 0);
	KTAP_EXPECT_EQ(watch(group_of(fd), "/m/a", IN_MASK_CREATE | IN_OPEN), -EEXIST);
	KTAP_EXPECT_EQ(fsnotify_watches, 2);
	KTAP_EXPECT_EQ(kern_path("/m", 0, &path), 0);
	KTAP_EXPECT_EQ(path_umount(&path, 0), 0);
	KTAP_EXPECT_EQ(fsnotify_watches, 0);
	KTAP_EXPECT_EQ(group_of(fd)->nr_events, 4); /* IN_UNMOUNT and IN_IGNORED of each */
	KTAP_EXPECT(watch(group_of(fd), "/m", IN_ALL_EVENTS) > 0);
	close_fd(fd);
	KTAP_EXPECT_EQ(fsnotify_watches, 0);
	KTAP_EXPECT_EQ(init_rmdir("/m"), 0);
	KTAP_EXPECT(leaks_none(&before));
}
