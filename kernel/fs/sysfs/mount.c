/*
 * sysfs as a file system. There is one instance, wherever it is mounted. Linux: fs/sysfs/mount.c
 */
#include "kernel/fs/sysfs/internal.h"

static const struct super_operations sysfs_ops;

static int sysfs_fill_super(struct super_block *sb)
{
	struct inode *inode;

	sb->s_op = &sysfs_ops;
	sb->s_d_op = &simple_dentry_operations;
	inode = new_inode(sb);
	if (!inode)
		return -ENOMEM;
	inode->i_ino = 1;
	inode->i_mode = S_IFDIR | 0555;
	inode->i_nlink = 2;
	inode->i_op = &sysfs_dir_inode_operations;
	inode->i_fop = &simple_dir_operations;
	sb->s_root = d_make_root(inode);
	return sb->s_root ? 0 : -ENOMEM;
}

static int is_any(struct super_block *sb __maybe_unused, void *data __maybe_unused)
{
	return 1;
}

static struct dentry *sysfs_mount(struct file_system_type *type, int flags __maybe_unused,
				  const char *dev_name __maybe_unused, void *data __maybe_unused)
{
	struct super_block *sb = sget(type, is_any, set_anon_super, NULL);
	int error;

	if (IS_ERR(sb))
		return ERR_CAST(sb);
	error = sb->s_root ? 0 : sysfs_fill_super(sb);
	if (error) {
		deactivate_super(sb);
		return ERR_PTR(error);
	}
	return dget(sb->s_root);
}

static struct file_system_type sysfs_fs_type = {
	.name = "sysfs",
	.mount = sysfs_mount,
	.kill_sb = kill_litter_super,
};

struct dentry *sysfs_root;

void sysfs_init(void)
{
	struct vfsmount *mnt;

	if (register_filesystem(&sysfs_fs_type))
		panic("sysfs: it is there already");
	mnt = kern_mount(&sysfs_fs_type); /* keeps the instance */
	if (IS_ERR(mnt) || init_mkdir("/sys", 0555) || init_mount("sysfs", "/sys", "sysfs", 0, NULL))
		panic("sysfs: /sys could not be made");
	sysfs_root = mnt->mnt_root;
}
