/*
 * tmpfs: when it is full, and when memory is short, nothing is left behind.
 */
#include <uapi/falloc.h>

#include "kernel/fs/internal.h"
#include "kernel/fs/mount.h"
#include "kernel/fs/tmpfs/tmpfs.h"
#include "tests/kernel/ktap.h"
#include "tests/kernel/leaks.h"

static int mount_it(void *options)
{
	return init_mount("tmpfs", "/mnt", "tmpfs", 0, options);
}

static int umount_it(void)
{
	struct path path;
	int error = kern_path("/mnt", 0, &path);

	return error ? error : path_umount(&path, 0);
}

static const struct shmem_sb_info *instance(void)
{
	const struct shmem_sb_info *sbinfo = NULL;
	struct path path;

	if (!kern_path("/mnt", 0, &path)) {
		sbinfo = SHMEM_SB(path.mnt->mnt_sb);
		path_put(&path);
	}
	return sbinfo;
}

/* Each allocation of a mount, and of what is done in it, fails once. */
KTAP_SUITE(tmpfs_without_memory)
{
	struct leaks before;
	struct file *file;
	int i, error = -1;

	leaks_begin(&before);
	KTAP_EXPECT_EQ(init_mkdir("/mnt", 0755), 0);
	for (i = 0; error && i < 50; i++) {
		failslab_arm(NULL, i, 1);
		error = mount_it((void *)"size=64k,nr_inodes=20");
		failslab_arm(NULL, 0, 0);
		KTAP_EXPECT(!error || error == -ENOMEM);
	}
	KTAP_EXPECT(i > 5);
	KTAP_EXPECT_EQ(instance()->free_inodes, 19);
	for (error = -1, i = 0; error && i < 50; i++) {
		failslab_arm(NULL, i, 1);
		file = filp_open("/mnt/file", O_RDWR | O_CREAT | O_EXCL, 0600);
		failslab_arm(NULL, 0, 0);
		error = PTR_ERR_OR_ZERO(file);
		KTAP_EXPECT(!error || error == -ENOMEM || error == -ENOSPC);
		KTAP_EXPECT_EQ(instance()->free_inodes, error ? 19 : 18);
	}
	KTAP_EXPECT(i > 3);
	for (error = -1, i = 0; error && i < 50; i++) {
		failslab_arm(NULL, i, 1);
		error = init_symlink("target", "/mnt/link");
		failslab_arm(NULL, 0, 0);
		KTAP_EXPECT(!error || error == -ENOMEM || error == -ENOSPC);
		KTAP_EXPECT_EQ(instance()->free_inodes, error ? 18 : 17);
	}
	KTAP_EXPECT(i > 2);
	if (!IS_ERR(file)) {
		loff_t pos = 0;

		failslab_arm(NULL, 0, 1); /* the node of the page cache */
		KTAP_EXPECT_EQ(kernel_write(file, "x", 1, &pos), -ENOMEM);
		failslab_arm(NULL, 0, 0);
		KTAP_EXPECT_EQ(instance()->used_blocks, 0);
		fput(file);
	}
	KTAP_EXPECT_EQ(umount_it(), 0);
	KTAP_EXPECT_EQ(init_rmdir("/mnt"), 0);
	KTAP_EXPECT(leaks_none(&before));
}

/* Blocks and inodes run out, and come back. */
KTAP_SUITE(tmpfs_full)
{
	const struct shmem_sb_info *sbinfo;
	struct leaks before;
	struct file *file;
	loff_t pos = 0;

	leaks_begin(&before);
	KTAP_EXPECT_EQ(init_mkdir("/mnt", 0755), 0);
	KTAP_EXPECT_EQ(mount_it((void *)"size=16k,nr_inodes=3,mode=700"), 0);
	sbinfo = instance();
	file = filp_open("/mnt/a", O_RDWR | O_CREAT, 0600);
	KTAP_EXPECT(!IS_ERR(file));
	KTAP_EXPECT_EQ(init_link("/mnt/a", "/mnt/b"), 0);
	KTAP_EXPECT_EQ(sbinfo->free_inodes, 0);
	KTAP_EXPECT_EQ(init_link("/mnt/a", "/mnt/c"), -ENOSPC);
	KTAP_EXPECT_EQ(init_mkdir("/mnt/d", 0755), -ENOSPC);
	KTAP_EXPECT_EQ(init_unlink("/mnt/b"), 0);
	KTAP_EXPECT_EQ(sbinfo->free_inodes, 1);
	KTAP_EXPECT_EQ(shmem_fallocate(file, 0, 0, 5 * PAGE_SIZE), -ENOSPC);
	KTAP_EXPECT_EQ(sbinfo->used_blocks, 0);
	KTAP_EXPECT_EQ(shmem_fallocate(file, 0, PAGE_SIZE, 3 * PAGE_SIZE), 0);
	KTAP_EXPECT_EQ(sbinfo->used_blocks, 3);
	KTAP_EXPECT_EQ(kernel_write(file, "x", 1, &pos), 1);
	pos = 4 * PAGE_SIZE;
	KTAP_EXPECT_EQ(kernel_write(file, "x", 1, &pos), -ENOSPC);
	KTAP_EXPECT_EQ(file->f_inode->i_size, 4 * PAGE_SIZE);
	KTAP_EXPECT_EQ(shmem_fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 1,
				       3 * PAGE_SIZE), 0);
	KTAP_EXPECT_EQ(sbinfo->used_blocks, 2);
	KTAP_EXPECT_EQ(kernel_write(file, "x", 1, &pos), 1);
	fput(file);
	KTAP_EXPECT_EQ(init_unlink("/mnt/a"), 0);
	KTAP_EXPECT_EQ(sbinfo->used_blocks, 0);
	KTAP_EXPECT_EQ(sbinfo->free_inodes, 2);
	KTAP_EXPECT_EQ(umount_it(), 0);
	KTAP_EXPECT_EQ(mount_it((void *)"size=x"), -EINVAL);
	KTAP_EXPECT_EQ(mount_it((void *)"size"), -EINVAL);
	KTAP_EXPECT_EQ(mount_it((void *)"mode=9"), -EINVAL);
	KTAP_EXPECT_EQ(mount_it((void *)"colour=red"), -EINVAL);
	KTAP_EXPECT_EQ(mount_it((void *)",size=50%,,"), 0);
	KTAP_EXPECT_EQ(umount_it(), 0);
	KTAP_EXPECT_EQ(init_rmdir("/mnt"), 0);
	KTAP_EXPECT(leaks_none(&before));
}
