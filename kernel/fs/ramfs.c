/*
 * ramfs: the one tree of names. Directories, links and nodes; file contents are in ramfs_file.c.
 *
 * A name in the tree holds one reference on its dentry, which is all that keeps a file alive.
 * Stands on inode.c, dcache.c and namei.c. Called by open(), cpio.c, proc.c and the drivers.
 * Linux: fs/ramfs/inode.c, fs/libfs.c
 */
#include "kernel/fs/internal.h"

static void ramfs_evict_inode(struct inode *inode)
{
	if (S_ISREG(inode->i_mode) && inode->i_fop == &ramfs_file_operations)
		ramfs_free_pages(inode);
	else if (S_ISLNK(inode->i_mode))
		kfree(inode->i_private);
}

static const struct super_operations ramfs_ops = { .evict_inode = ramfs_evict_inode };

struct super_block ramfs_sb = {
	.s_id = "rootfs",
	.s_blocksize = PAGE_SIZE,
	.s_dev = MKDEV(0, 2),
	.s_op = &ramfs_ops,
};

/* Linux: fs/libfs.c:simple_lookup() */
static struct dentry *ramfs_lookup(struct dentry *dir, const char *name, unsigned int len)
{
	struct dentry *dentry;

	list_for_each_entry(dentry, &dir->d_subdirs, d_child)
		if (dentry->d_name.len == len && !memcmp(dentry->d_name.name, name, len))
			return dget(dentry);
	return ERR_PTR(-ENOENT);
}

static struct dentry *ramfs_create(struct dentry *dir, const char *name, unsigned int len,
				   umode_t mode)
{
	return ramfs_add(dir, name, len, mode, 0);
}

static const char *ramfs_get_link(struct inode *inode)
{
	return inode->i_private;
}

static ssize_t generic_read_dir(struct kiocb *iocb __maybe_unused,
				struct iov_iter *to __maybe_unused)
{
	return -EISDIR;
}

static const struct inode_operations ramfs_dir_inode_operations = {
	.lookup = ramfs_lookup,
	.create = ramfs_create,
};
/* A directory only the kernel puts names into: /proc. */
const struct inode_operations proc_dir_inode_operations = { .lookup = ramfs_lookup };
static const struct inode_operations ramfs_symlink_inode_operations = {
	.get_link = ramfs_get_link,
};
static const struct file_operations ramfs_dir_operations = {
	.llseek = generic_file_llseek,
	.read_iter = generic_read_dir,
};

/*
 * A new inode of @mode, current's own; @dev for a device. One reference, or NULL when there is no
 * memory. Linux: fs/ramfs/inode.c:ramfs_get_inode()
 */
struct inode *ramfs_get_inode(umode_t mode, dev_t dev)
{
	struct inode *inode = new_inode_pseudo(&ramfs_sb);

	if (!inode)
		return NULL;
	inode->i_ino = get_next_ino();
	inode->i_mode = mode;
	inode->i_uid = current_fsuid();
	inode->i_gid = current_fsgid();
	inode->i_rdev = dev;
	inode->i_atime = inode->i_mtime = inode->i_ctime = ktime_get_real_ns();
	switch (mode & S_IFMT) {
	case S_IFREG:
		inode->i_op = &ramfs_file_inode_operations;
		inode->i_fop = &ramfs_file_operations;
		break;
	case S_IFDIR:
		inode->i_op = &ramfs_dir_inode_operations;
		inode->i_fop = &ramfs_dir_operations;
		inode->i_nlink = 2; /* its name and its own "." */
		break;
	case S_IFLNK:
		inode->i_op = &ramfs_symlink_inode_operations;
		break;
	case S_IFCHR:
		inode->i_fop = &def_chr_fops;
		break;
	}
	return inode;
}

/* Put @dentry, made for @dir, into it: the tree takes a reference of its own. */
static void d_add(struct dentry *dir, struct dentry *dentry, struct inode *inode)
{
	d_instantiate(dentry, inode);
	list_add_tail(&dget(dentry)->d_child, &dir->d_subdirs);
	if (S_ISDIR(inode->i_mode))
		dir->d_inode->i_nlink++;
	dir->d_inode->i_mtime = dir->d_inode->i_ctime = ktime_get_real_ns();
}

struct dentry *ramfs_add(struct dentry *dir, const char *name, unsigned int len, umode_t mode,
			 dev_t dev)
{
	const struct inode *parent = dir->d_inode;
	struct dentry *dentry = d_alloc(dir, name, len);
	struct inode *inode;

	if (!dentry)
		return ERR_PTR(-ENOMEM);
	inode = ramfs_get_inode(mode, dev);
	if (!inode) {
		dput(dentry);
		return ERR_PTR(-ENOMEM);
	}
	if (parent->i_mode & S_ISGID) { /* Linux: fs/inode.c:inode_init_owner() */
		inode->i_gid = parent->i_gid;
		if (S_ISDIR(mode))
			inode->i_mode |= S_ISGID;
	}
	d_add(dir, dentry, inode);
	return dentry;
}

int ramfs_link(struct dentry *dir, const char *name, unsigned int len, struct inode *inode)
{
	struct dentry *dentry = d_alloc(dir, name, len);

	if (!dentry)
		return -ENOMEM;
	ihold(inode);
	inode->i_nlink++;
	d_add(dir, dentry, inode);
	dput(dentry);
	return 0;
}

void ramfs_remove(struct dentry *dentry)
{
	struct inode *inode = dentry->d_inode;

	list_del_init(&dentry->d_child);
	inode->i_nlink--;
	if (S_ISDIR(inode->i_mode)) {
		inode->i_nlink--;
		dentry->d_parent->d_inode->i_nlink--;
	}
	dput(dentry);
}

/* Make the link @inode say @target (@len bytes, copied). 0 or -ENOMEM. */
int ramfs_symlink(struct inode *inode, const char *target, size_t len)
{
	char *copy = kmalloc(len + 1, GFP_KERNEL);

	if (!copy)
		return -ENOMEM;
	memcpy(copy, target, len);
	copy[len] = '\0';
	kfree(inode->i_private);
	inode->i_private = copy;
	inode->i_size = len;
	return 0;
}

/* The root directory and its mount. Panics when there is no memory. */
void ramfs_init(void)
{
	struct inode *inode = ramfs_get_inode(S_IFDIR | 0755, 0);
	struct dentry *root = d_alloc(NULL, "/", 1);

	if (!inode || !root)
		panic("VFS: no memory for the root directory");
	root->d_sb = &ramfs_sb;
	d_instantiate(root, inode);
	ramfs_sb.s_root = root;
	rootfs_mnt = kern_mount(&ramfs_sb);
	if (IS_ERR(rootfs_mnt))
		panic("VFS: no memory for the root mount");
}
