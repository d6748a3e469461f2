/*
 * ramfs: a file system that is nothing but the dentry and page caches. The root is one.
 *
 * What is special to it is how inodes are made; libfs.c and filemap.c do the rest.
 * Linux: fs/ramfs/inode.c, fs/ramfs/file-mmu.c; init/do_mounts.c:rootfs_fs_type
 */
#include "kernel/fs/internal.h"

static const struct file_operations ramfs_file_operations = {
	.llseek = generic_file_llseek,
	.read_iter = generic_file_read_iter,
	.write_iter = generic_file_write_iter,
	.fsync = noop_fsync,
	.mmap = generic_file_mmap,
};

static const struct inode_operations ramfs_file_inode_operations = {
	.setattr = simple_setattr,
	.getattr = simple_getattr,
};
static const struct inode_operations ramfs_dir_inode_operations;

struct inode *ramfs_get_inode(struct super_block *sb, const struct inode *dir, umode_t mode,
			      dev_t dev)
{
	struct inode *inode = new_inode(sb);

	if (!inode)
		return NULL;
	inode->i_ino = get_next_ino();
	inode_init_owner(inode, dir, mode);
	inode->i_data.a_ops = &ram_aops;
	inode->i_atime = inode->i_mtime = inode->i_ctime = ktime_get_real_ns();
	switch (mode & S_IFMT) {
	case S_IFREG:
		inode->i_op = &ramfs_file_inode_operations;
		inode->i_fop = &ramfs_file_operations;
		break;
	case S_IFDIR:
		inode->i_op = &ramfs_dir_inode_operations;
		inode->i_fop = &simple_dir_operations;
		inode->i_nlink = 2; /* its name and its own "." */
		break;
	case S_IFLNK:
		inode->i_op = &simple_symlink_inode_operations;
		break;
	default:
		init_special_inode(inode, inode->i_mode, dev);
	}
	return inode;
}

/* The tree keeps a reference on @dentry from now on. */
static int ramfs_mknod(struct inode *dir, struct dentry *dentry, umode_t mode, dev_t dev)
{
	struct inode *inode = ramfs_get_inode(dir->i_sb, dir, mode, dev);

	if (!inode)
		return -ENOSPC;
	d_instantiate(dentry, inode);
	dget(dentry);
	dir->i_mtime = dir->i_ctime = inode->i_ctime;
	return 0;
}

static int ramfs_mkdir(struct inode *dir, struct dentry *dentry, umode_t mode)
{
	int error = ramfs_mknod(dir, dentry, mode | S_IFDIR, 0);

	if (!error)
		dir->i_nlink++;
	return error;
}

static int ramfs_create(struct inode *dir, struct dentry *dentry, umode_t mode,
			bool excl __maybe_unused)
{
	return ramfs_mknod(dir, dentry, mode | S_IFREG, 0);
}

static int ramfs_symlink(struct inode *dir, struct dentry *dentry, const char *target)
{
	char *copy = kstrdup(target, GFP_KERNEL);
	int error = copy ? ramfs_mknod(dir, dentry, S_IFLNK | 0777, 0) : -ENOSPC;

	if (error) {
		kfree(copy);
		return error;
	}
	dentry->d_inode->i_link = copy;
	dentry->d_inode->i_size = strlen(copy);
	return 0;
}

/* Without tmpfile.c nobody makes files that have no name. */
int __weak noprobe ramfs_tmpfile(struct inode *dir __maybe_unused, struct file *file __maybe_unused,
				 umode_t mode __maybe_unused)
{
	return -EOPNOTSUPP;
}

static const struct inode_operations ramfs_dir_inode_operations = {
	.lookup = simple_lookup,
	.create = ramfs_create,
	.link = simple_link,
	.unlink = simple_unlink,
	.symlink = ramfs_symlink,
	.mkdir = ramfs_mkdir,
	.rmdir = simple_rmdir,
	.mknod = ramfs_mknod,
	.tmpfile = ramfs_tmpfile,
	.rename = simple_rename,
};

static void ramfs_evict_inode(struct inode *inode)
{
	truncate_inode_pages(&inode->i_data, 0);
	kfree(inode->i_link);
	inode->i_link = NULL;
}

static const struct super_operations ramfs_ops = { .evict_inode = ramfs_evict_inode };

static int ramfs_fill_super(struct super_block *sb, void *data __maybe_unused,
			    int silent __maybe_unused)
{
	sb->s_magic = RAMFS_MAGIC;
	sb->s_op = &ramfs_ops;
	sb->s_d_op = &simple_dentry_operations;
	sb->s_root = d_make_root(ramfs_get_inode(sb, NULL, S_IFDIR | 0755, 0));
	return sb->s_root ? 0 : -ENOMEM;
}

static struct dentry *ramfs_mount(struct file_system_type *type, int flags,
				  const char *dev_name __maybe_unused, void *data)
{
	return mount_nodev(type, flags, data, ramfs_fill_super);
}

static struct file_system_type ramfs_fs_type = {
	.name = "ramfs",
	.mount = ramfs_mount,
	.kill_sb = kill_litter_super,
};

struct file_system_type rootfs_fs_type = {
	.name = "rootfs",
	.mount = ramfs_mount,
	.kill_sb = kill_litter_super,
};

static struct vfsmount *shm_mnt;

void ramfs_init(void)
{
	if (register_filesystem(&ramfs_fs_type) || register_filesystem(&rootfs_fs_type))
		panic("VFS: ramfs is there already");
	shm_mnt = kern_mount(&ramfs_fs_type);
	if (IS_ERR(shm_mnt))
		panic("VFS: no memory for the mount of shared memory");
}

struct file *shmem_file_setup(const char *name, loff_t size)
{
	struct inode *inode;
	struct file *file;

	if (size < 0 || size > MAX_LFS_FILESIZE)
		return ERR_PTR(-EINVAL);
	inode = ramfs_get_inode(shm_mnt->mnt_sb, NULL, S_IFREG | 0777, 0);
	if (!inode)
		return ERR_PTR(-ENOSPC);
	inode->i_nlink = 0;
	inode->i_size = size;
	file = alloc_file_pseudo(inode, shm_mnt, name, O_RDWR, &ramfs_file_operations);
	if (IS_ERR(file))
		iput(inode);
	return file;
}
