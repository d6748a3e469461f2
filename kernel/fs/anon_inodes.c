/*
 * Open files that have no name and no inode of their own: only operations, and an object that belongs to
 * them. Linux: fs/anon_inodes.c
 *
 * All of them share one inode, in a file system that is mounted nowhere in the tree.
 */
#include "kernel/fs/anon_inodes.h"

#include "kernel/lib/init.h"

static struct vfsmount *anon_inode_mnt;
static struct inode *anon_inode_inode;

static const struct super_operations anon_inodefs_ops;

static struct dentry *anon_inodefs_mount(struct file_system_type *type, int flags __maybe_unused,
					 const char *dev_name __maybe_unused,
					 void *data __maybe_unused)
{
	return mount_pseudo(type, "anon_inode:", &anon_inodefs_ops, ANON_INODE_FS_MAGIC);
}

static struct file_system_type anon_inode_fs_type = {
	.name = "anon_inodefs",
	.fs_supers = LIST_HEAD_INIT(anon_inode_fs_type.fs_supers),
	.mount = anon_inodefs_mount,
	.kill_sb = kill_anon_super,
};

struct file *anon_inode_getfile(const char *name, const struct file_operations *fops, void *priv,
				int flags)
{
	struct file *file;

	ihold(anon_inode_inode);
	file = alloc_file_pseudo(anon_inode_inode, anon_inode_mnt, name,
				 flags & (O_ACCMODE | O_NONBLOCK), fops);
	if (IS_ERR(file)) {
		iput(anon_inode_inode);
		return file;
	}
	file->private_data = priv;
	if (fops->flush)
		anon_inode_inode->i_state |= I_FLUSH;
	return file;
}

int anon_inode_getfd(const char *name, const struct file_operations *fops, void *priv, int flags)
{
	int fd = get_unused_fd_flags(flags);
	struct file *file;

	if (fd < 0)
		return fd;
	file = anon_inode_getfile(name, fops, priv, flags);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		return PTR_ERR(file);
	}
	fd_install(fd, file);
	return fd;
}

static int anon_inode_init(void)
{
	anon_inode_mnt = kern_mount(&anon_inode_fs_type);
	if (IS_ERR(anon_inode_mnt))
		panic("anon_inode_init() kernel mount failed (%ld)", PTR_ERR(anon_inode_mnt));
	anon_inode_inode = new_inode_pseudo(anon_inode_mnt->mnt_sb);
	if (!anon_inode_inode)
		panic("anon_inode_init() inode allocation failed");
	anon_inode_inode->i_ino = get_next_ino();
	anon_inode_inode->i_mode = S_IRUSR | S_IWUSR;
	anon_inode_inode->i_atime = anon_inode_inode->i_mtime = anon_inode_inode->i_ctime =
		ktime_get_real_ns();
	return 0;
}
late_initcall(anon_inode_init);
