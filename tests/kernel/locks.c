/*
 * Locks on files, and the owners of their signals, when memory is short: nothing is left behind.
 */
#include "kernel/fs/fasync.h"
#include "kernel/fs/internal.h"
#include "kernel/fs/locks/locks.h"
#include "tests/kernel/ktap.h"
#include "tests/kernel/leaks.h"

static struct file *open_new(const char *name)
{
	struct file *file = filp_open(name, O_RDWR | O_CREAT, 0600);

	KTAP_EXPECT(!IS_ERR(file));
	return file;
}

static int lock(struct file *file, int type, loff_t start, loff_t end)
{
	struct file_lock fl;

	locks_init_lock(&fl);
	fl.fl_type = type;
	fl.fl_flags = FL_POSIX;
	fl.fl_owner = current->files;
	fl.fl_file = file;
	fl.fl_start = start;
	fl.fl_end = end;
	return posix_lock_inode(file->f_inode, &fl);
}

static int held(const struct file *file)
{
	const struct file_lock *fl;
	int n = 0;

	if (!file->f_inode->i_flctx)
		return 0;
	list_for_each_entry(fl, &file->f_inode->i_flctx->flc_posix, fl_list)
		n++;
	return n;
}

KTAP_SUITE(locks_without_memory)
{
	struct file *file;
	struct leaks before;
	int i, error;

	leaks_begin(&before);
	file = open_new("/locked");
	for (i = 0; i < 3; i++) { /* the lock, what it may cut off, the inode's context */
		failslab_arm(NULL, i, 1);
		error = lock(file, F_WRLCK, 0, 99);
		failslab_arm(NULL, 0, 0);
		KTAP_EXPECT(error == -ENOLCK || error == -ENOMEM);
		KTAP_EXPECT(!file->f_inode->i_flctx);
	}
	KTAP_EXPECT_EQ(lock(file, F_WRLCK, 0, 99), 0);
	failslab_arm(NULL, 0, 1);
	KTAP_EXPECT_EQ(lock(file, F_UNLCK, 40, 49), -ENOLCK);
	failslab_arm(NULL, 0, 0);
	KTAP_EXPECT_EQ(held(file), 1);
	KTAP_EXPECT_EQ(lock(file, F_UNLCK, 40, 49), 0);
	KTAP_EXPECT_EQ(held(file), 2);
	failslab_arm(NULL, 0, 1);
	KTAP_EXPECT_EQ(lock(file, F_UNLCK, 0, OFFSET_MAX), 0); /* needs none */
	KTAP_EXPECT_EQ(failslab.times, 1);
	failslab_arm(NULL, 0, 0);
	KTAP_EXPECT_EQ(held(file), 0);
	KTAP_EXPECT(!file->f_inode->i_flctx);
	fput(file);
	KTAP_EXPECT_EQ(init_unlink("/locked"), 0);
	KTAP_EXPECT(leaks_none(&before));
}

KTAP_SUITE(locks_go_with_the_file)
{
	struct leaks before;
	struct file *file;

	leaks_begin(&before);
	file = open_new("/locked");
	KTAP_EXPECT_EQ(lock(file, F_WRLCK, 0, 9), 0);
	KTAP_EXPECT_EQ(lock(file, F_RDLCK, 3, 5), 0);
	KTAP_EXPECT_EQ(held(file), 3);
	KTAP_EXPECT_EQ(filp_close(get_file(file), current->files), 0);
	KTAP_EXPECT_EQ(held(file), 0);
	fput(file);
	KTAP_EXPECT_EQ(init_unlink("/locked"), 0);
	KTAP_EXPECT(leaks_none(&before));
}

/* A file that has an owner, asks for SIGIO and is told: also without memory. */
KTAP_SUITE(fasync)
{
	struct fasync_struct *list = NULL;
	struct leaks before;
	struct file *file;

	leaks_begin(&before);
	file = open_new("/async");
	failslab_arm(NULL, 0, 1);
	KTAP_EXPECT_EQ(f_setown(file, 1, 1), -ENOMEM);
	failslab_arm(NULL, 0, 1);
	KTAP_EXPECT_EQ(f_setsig(file, SIGUSR1), -ENOMEM);
	failslab_arm(NULL, 0, 0);
	KTAP_EXPECT_EQ(f_getsig(file), 0);
	KTAP_EXPECT_EQ(f_setsig(file, SIGRTMIN), 0);
	KTAP_EXPECT_EQ(f_getown(file), 0);
	failslab_arm(NULL, 0, 1);
	KTAP_EXPECT_EQ(fasync_helper(3, file, 1, &list), -ENOMEM);
	failslab_arm(NULL, 0, 0);
	KTAP_EXPECT_EQ(fasync_helper(3, file, 1, &list), 1);
	KTAP_EXPECT(file->f_flags & O_ASYNC);
	kill_fasync(&list, SIGIO, POLL_IN); /* nobody is to be told */
	KTAP_EXPECT_EQ(f_setown(file, current->tgid, 1), 0);
	KTAP_EXPECT_EQ(f_getown(file), current->tgid);
	KTAP_EXPECT_EQ(fasync_helper(4, file, 1, &list), 0);
	KTAP_EXPECT_EQ(list->fa_fd, 4);
	KTAP_EXPECT_EQ(fasync_helper(-1, file, 0, &list), 1);
	KTAP_EXPECT(!list && !(file->f_flags & O_ASYNC));
	KTAP_EXPECT_EQ(fasync_helper(-1, file, 0, &list), 0);
	fput(file);
	KTAP_EXPECT_EQ(init_unlink("/async"), 0);
	KTAP_EXPECT(leaks_none(&before));
}
