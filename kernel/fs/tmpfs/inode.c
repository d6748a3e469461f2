/*
 * Inodes and directories of tmpfs. Names and their order are the dentry cache's, as in ramfs; what is
 * added here is that inodes are counted, and that a directory's size grows with its names.
 * Linux: mm/shmem.c
 */
#include "kernel/fs/internal.h"
#include "kernel/fs/tmpfs/tmpfs.h"

int shmem_reserve_inode(struct super_block *sb)
{
	struct shmem_sb_info *sbinfo = SHMEM_SB(sb);

	if (!sbinfo->max_inodes)
		return 0;
	if (!sbinfo->free_inodes)
		return -ENOSPC;
	sbinfo->free_inodes--;
	return 0;
}

void shmem_free_inode(struct super_block *sb)
{
	if (SHMEM_SB(sb)->max_inodes)
		SHMEM_SB(sb)->free_inodes++;
}

static void set_operations(struct inode *inode, umode_t mode, dev_t dev)
{
	inode->i_op = &shmem_inode_operations;
	switch (mode & S_IFMT) {
	case S_IFREG:
		inode->i_fop = &shmem_file_operations;
		break;
	case S_IFDIR:
		inode->i_op = &shmem_dir_inode_operations;
		inode->i_fop = &simple_dir_operations;
		inode->i_nlink = 2;                     /* its name and its own "." */
		inode->i_size = 2 * BOGO_DIRENT_SIZE; /* "." and ".." */
		break;
	case S_IFLNK:
		inode->i_op = &simple_symlink_inode_operations;
		break;
	default:
		init_special_inode(inode, mode, dev);
	}
}

struct inode *shmem_get_inode(struct super_block *sb, const struct inode *dir, umode_t mode,
			      dev_t dev)
{
	struct shmem_inode_info *info;
	struct inode *inode;

	if (shmem_reserve_inode(sb))
		return NULL;
	inode = new_inode(sb);
	if (!inode) {
		shmem_free_inode(sb);
		return NULL;
	}
	info = SHMEM_I(inode);
	info->charged = 0;
	info->seals = F_SEAL_SEAL;
	info->name = NULL;
	inode->i_ino = get_next_ino();
	inode_init_owner(inode, dir, mode);
	inode->i_data.a_ops = &shmem_aops;
	inode->i_atime = inode->i_mtime = inode->i_ctime = ktime_get_real_ns();
	set_operations(inode, mode, dev);
	return inode;
}

/* Its last name and user are gone. */
void shmem_evict_inode(struct inode *inode)
{
	truncate_inode_pages(&inode->i_data, 0);
	shmem_recalc_inode(inode);
	kfree(inode->i_link);
	inode->i_link = NULL;
	shmem_free_inode(inode->i_sb);
}

/* The tree keeps a reference on @dentry from now on. */
static int shmem_mknod(struct inode *dir, struct dentry *dentry, umode_t mode, dev_t dev)
{
	struct inode *inode = shmem_get_inode(dir->i_sb, dir, mode, dev);

	if (!inode)
		return -ENOSPC;
	d_instantiate(dentry, inode);
	dget(dentry);
	dir->i_size += BOGO_DIRENT_SIZE;
	dir->i_mtime = dir->i_ctime = inode->i_ctime;
	return 0;
}

static int shmem_mkdir(struct inode *dir, struct dentry *dentry, umode_t mode)
{
	int error = shmem_mknod(dir, dentry, mode | S_IFDIR, 0);

	if (!error)
		dir->i_nlink++;
	return error;
}

static int shmem_create(struct inode *dir, struct dentry *dentry, umode_t mode,
			bool excl __maybe_unused)
{
	return shmem_mknod(dir, dentry, mode | S_IFREG, 0);
}

/* O_TMPFILE. Linux: mm/shmem.c:shmem_tmpfile() */
static int shmem_tmpfile(struct inode *dir, struct file *file, umode_t mode)
{
	struct inode *inode = shmem_get_inode(dir->i_sb, dir, mode, 0);

	if (!inode)
		return -ENOSPC;
	d_tmpfile(file, inode);
	return finish_open_simple(file, 0);
}

static int shmem_symlink(struct inode *dir, struct dentry *dentry, const char *target)
{
	char *copy = kstrdup(target, GFP_KERNEL);
	int error = copy ? shmem_mknod(dir, dentry, S_IFLNK | 0777, 0) : -ENOMEM;

	if (error) {
		kfree(copy);
		return error;
	}
	dentry->d_inode->i_link = copy;
	dentry->d_inode->i_size = strlen(copy);
	return 0;
}

/* A name of a file that has one already needs memory that cannot be taken back: it counts as an inode. */
static int shmem_link(struct dentry *old_dentry, struct inode *dir, struct dentry *dentry)
{
	if (old_dentry->d_inode->i_nlink && shmem_reserve_inode(dir->i_sb))
		return -ENOSPC;
	dir->i_size += BOGO_DIRENT_SIZE;
	return simple_link(old_dentry, dir, dentry);
}

static int shmem_unlink(struct inode *dir, struct dentry *dentry)
{
	const struct inode *inode = dentry->d_inode;

	if (inode->i_nlink > 1 && !S_ISDIR(inode->i_mode))
		shmem_free_inode(dir->i_sb);
	dir->i_size -= BOGO_DIRENT_SIZE;
	return simple_unlink(dir, dentry);
}

static int shmem_rmdir(struct inode *dir, struct dentry *dentry)
{
	int error = simple_rmdir(dir, dentry);

	if (!error)
		dir->i_size -= BOGO_DIRENT_SIZE;
	return error;
}

static int shmem_rename(struct inode *old_dir, struct dentry *old_dentry, struct inode *new_dir,
			struct dentry *new_dentry, unsigned int flags)
{
	const struct inode *target = new_dentry->d_inode;
	bool frees = target && !S_ISDIR(target->i_mode) && target->i_nlink > 1;
	int error = simple_rename(old_dir, old_dentry, new_dir, new_dentry, flags);

	if (error || (flags & RENAME_EXCHANGE))
		return error;
	if (frees) /* one name of several */
		shmem_free_inode(new_dir->i_sb);
	old_dir->i_size -= BOGO_DIRENT_SIZE;
	if (!target)
		new_dir->i_size += BOGO_DIRENT_SIZE;
	return 0;
}

/* A new size: what the seals say of it comes after what anybody may do. */
static int shmem_setattr(struct dentry *dentry, struct iattr *attr)
{
	struct inode *inode = dentry->d_inode;
	int error = setattr_prepare(dentry, attr);

	if (error)
		return error;
	if (S_ISREG(inode->i_mode) && (attr->ia_valid & ATTR_SIZE)) {
		unsigned int seals = SHMEM_I(inode)->seals;

		if ((attr->ia_size < inode->i_size && (seals & F_SEAL_SHRINK)) ||
		    (attr->ia_size > inode->i_size && (seals & F_SEAL_GROW)))
			return -EPERM;
		truncate_setsize(inode, attr->ia_size);
		shmem_recalc_inode(inode);
	}
	setattr_copy(inode, attr);
	return 0;
}

const struct inode_operations shmem_inode_operations = {
	.setattr = shmem_setattr,
	.getattr = simple_getattr,
};

const struct inode_operations shmem_dir_inode_operations = {
	.lookup = simple_lookup,
	.create = shmem_create,
	.link = shmem_link,
	.unlink = shmem_unlink,
	.symlink = shmem_symlink,
	.mkdir = shmem_mkdir,
	.rmdir = shmem_rmdir,
	.mknod = shmem_mknod,
	.tmpfile = shmem_tmpfile,
	.rename = shmem_rename,
	.setattr = shmem_setattr,
	.getattr = simple_getattr,
};
