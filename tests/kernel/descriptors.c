/*
 * Descriptors in use: what a file is told when one is closed, and when it is held meanwhile.
 * Linux: fs/file.c, fs/open.c
 */
#include <uapi/unistd.h>
#include "kernel/fs/internal.h"
#include "kernel/fs/mount.h"
#include "tests/kernel/ktap.h"
#include "tests/kernel/leaks.h"

static struct {
	int flushes, releases;
	fl_owner_t id;
} closed;

static int count_flush(struct file *file __maybe_unused, fl_owner_t id)
{
	closed.flushes++;
	closed.id = id;
	return -EIO;
}

static int count_release(struct inode *inode __maybe_unused, struct file *file __maybe_unused)
{
	closed.releases++;
	return 0;
}

/* Each descriptor that is closed is flushed; only with the last one the file is released. */
KTAP_SUITE(vfs_flush)
{
	static const struct file_operations fops = {
		.flush = count_flush, .release = count_release,
	};
	struct files_struct *copy;
	struct leaks before;
	struct file *file;
	struct cdev cdev;
	int fd;

	leaks_begin(&before);
	cdev_init(&cdev, &fops);
	KTAP_EXPECT_EQ(cdev_add(&cdev, MKDEV(241, 7), 2), 0);
	KTAP_EXPECT_EQ(register_chrdev_region(MKDEV(241, 7), 2, "flush"), 0);
	KTAP_EXPECT_EQ(register_chrdev_region(MKDEV(241, 8), 1, "other"), -EBUSY);
	KTAP_EXPECT_EQ(register_chrdev_region(MKDEV(241, 0), ~0u, "wraps"), -EINVAL);
	KTAP_EXPECT_EQ(register_chrdev_region(MKDEV(4095, MINORBITS), 1, "too high"), -EINVAL);
	KTAP_EXPECT_EQ(register_chrdev_region(MKDEV(242, 1), 1u << MINORBITS, "too many"), -EINVAL);
	KTAP_EXPECT_EQ(init_mknod("/flush", S_IFCHR | 0600, MKDEV(241, 8)), 0);
	file = filp_open("/flush", O_RDONLY, 0);
	KTAP_EXPECT(!IS_ERR(file));
	fd = get_unused_fd_flags(0);
	fd_install(fd, file);
	copy = dup_fd(current->files);
	KTAP_EXPECT_EQ(filp_close(file_close_fd(fd), current->files), -EIO);
	KTAP_EXPECT(closed.flushes == 1 && closed.id == current->files && !closed.releases);
	put_files_struct(copy);
	KTAP_EXPECT(closed.flushes == 2 && closed.id == copy && closed.releases == 1);
	cdev_del(&cdev);
	cdev_del(&cdev); /* no harm done */
	KTAP_EXPECT(filp_open("/flush", O_RDONLY, 0) == ERR_PTR(-ENXIO));
	unregister_chrdev_region(MKDEV(241, 7), 2);
	KTAP_EXPECT_EQ(init_unlink("/flush"), 0);
	KTAP_EXPECT(leaks_none(&before));
}

/* A file in use is held when the table is shared, and only then. */
KTAP_SUITE(vfs_fdget)
{
	struct files_struct *files = current->files;
	struct file *file = filp_open("/dev/null", O_RDWR, 0);
	int fd = get_unused_fd_flags(0);
	struct fd f;

	fd_install(fd, file);
	f = fdget(fd);
	KTAP_EXPECT(f.file == file && !f.flags);
	KTAP_EXPECT_EQ(atomic_long_read(&file->f_count), 1);
	fdput(f);

	refcount_inc(&files->count);
	f = fdget(fd);
	KTAP_EXPECT(f.file == file && f.flags == FDPUT_FPUT);
	close_fd(fd); /* what another thread could do */
	KTAP_EXPECT_EQ(atomic_long_read(&file->f_count), 1);
	fdput(f);
	KTAP_EXPECT(!refcount_dec_and_test(&files->count));

	/* a position is locked when somebody else holds the file, and it has one */
	file = filp_open("/init", O_RDONLY, 0);
	fd = get_unused_fd_flags(0);
	fd_install(fd, file);
	f = fdget_pos(fd);
	KTAP_EXPECT(!f.flags && !mutex_is_locked(&file->f_inode->i_pos_lock));
	fdput_pos(f);
	get_file(file); /* as after fork() */
	f = fdget_pos(fd);
	KTAP_EXPECT(f.flags == FDPUT_POS_UNLOCK && mutex_is_locked(&file->f_inode->i_pos_lock));
	fdput_pos(f);
	KTAP_EXPECT(!mutex_is_locked(&file->f_inode->i_pos_lock));
	fput(file);
	close_fd(fd);
	KTAP_EXPECT(!fdget(fd).file);
	KTAP_EXPECT(!fdget(1u << 30).file);
}
