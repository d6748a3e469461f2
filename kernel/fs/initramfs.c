/*
 * The initramfs: cpio archives unpacked into the root at boot.
 *
 * A later file of the same name replaces an earlier one, so that an appended archive can override
 * the first. Stands on cpio.c, ramfs and namei. Called by start_kernel(). Linux: init/initramfs.c
 */
#define pr_fmt(fmt) "initramfs: " fmt

#include "kernel/fs/cpio.h"
#include "kernel/fs/internal.h"

/* A file that may get more names: entries of the same ino and device, later in the archive. */
struct cpio_link {
	struct list_head list;
	u32 ino, major, minor;
	struct inode *inode; /* referenced */
};

static LIST_HEAD(cpio_links);

/* The inode an earlier name of this file got, or NULL. */
static struct inode *find_link(const struct cpio *cpio)
{
	const struct cpio_link *link;

	list_for_each_entry(link, &cpio_links, list)
		if (link->ino == cpio->field[C_INO] && link->major == cpio->field[C_DEVMAJOR] &&
		    link->minor == cpio->field[C_DEVMINOR])
			return link->inode;
	return NULL;
}

/* Later names of this file are to find @inode. 0 or -ENOMEM. */
static int remember_link(const struct cpio *cpio, struct inode *inode)
{
	struct cpio_link *link = kmalloc(sizeof(*link), GFP_KERNEL);

	if (!link)
		return -ENOMEM;
	ihold(inode);
	link->ino = cpio->field[C_INO];
	link->major = cpio->field[C_DEVMAJOR];
	link->minor = cpio->field[C_DEVMINOR];
	link->inode = inode;
	list_add(&link->list, &cpio_links);
	return 0;
}

static void forget_links(void)
{
	struct cpio_link *link, *next;

	list_for_each_entry_safe(link, next, &cpio_links, list) {
		list_del(&link->list);
		iput(link->inode);
		kfree(link);
	}
}

/* Owner, permissions, times and contents. 0 or -ENOMEM. */
static int fill_inode(const struct cpio *cpio, struct inode *inode)
{
	const u32 *field = cpio->field;
	size_t size = field[C_FILESIZE];
	int error = 0;

	inode->i_uid = field[C_UID];
	inode->i_gid = field[C_GID];
	inode->i_mode = field[C_MODE];
	if (S_ISLNK(inode->i_mode))
		error = ramfs_symlink(inode, cpio->data, size);
	else if (size && ramfs_write(inode, cpio->data, size, 0) != (ssize_t)size)
		error = -ENOMEM;
	inode->i_atime = inode->i_mtime = inode->i_ctime = field[C_MTIME] * NSEC_PER_SEC;
	return error;
}

/* Make room for the entry: what already has its name goes, unless both are directories. */
static int replace(const struct cpio *cpio, struct dentry *old)
{
	if (S_ISDIR(old->d_inode->i_mode) && !list_empty(&old->d_subdirs))
		return cpio_bad(cpio, "a directory with files in it is in the way", "");
	ramfs_remove(old);
	return 0;
}

/* The inode the entry describes, under its name nd->last. A dentry with a reference, or ERR_PTR. */
static struct dentry *make_dentry(const struct cpio *cpio, struct nameidata *nd)
{
	const u32 *field = cpio->field;
	struct dentry *dir = nd->path.dentry, *dentry;
	bool linked = S_ISREG(field[C_MODE]) && field[C_NLINK] > 1;
	struct inode *inode = linked ? find_link(cpio) : NULL;
	int error = 0;

	if (nd->last_type != LAST_NORM)
		return S_ISDIR(field[C_MODE]) ? dget(dir) : ERR_PTR(-EISDIR);
	dentry = lookup_one(dir, nd->last, nd->last_len);
	if (!IS_ERR(dentry)) {
		if (S_ISDIR(field[C_MODE]) && S_ISDIR(dentry->d_inode->i_mode))
			return dentry;
		error = replace(cpio, dentry);
		dput(dentry);
	} else if (dentry != ERR_PTR(-ENOENT)) {
		return dentry;
	}
	if (!error && inode)
		error = ramfs_link(dir, nd->last, nd->last_len, inode);
	if (error)
		return ERR_PTR(error);
	if (inode)
		return lookup_one(dir, nd->last, nd->last_len);
	dentry = ramfs_add(dir, nd->last, nd->last_len, field[C_MODE],
			   MKDEV(field[C_RDEVMAJOR], field[C_RDEVMINOR]));
	if (linked && !IS_ERR(dentry))
		error = remember_link(cpio, dentry->d_inode);
	if (!error)
		return dentry;
	dput(dentry);
	return ERR_PTR(error);
}

/* Linux leaves out what has no directory to go to; we make the directory. */
static int unpack_entry(const struct cpio *cpio)
{
	struct nameidata nd;
	struct dentry *dentry;
	int error = ramfs_make_parents(cpio->name, 0755, NULL);

	if (!error)
		error = path_parentat(cpio->name, &nd);
	if (error)
		return error;
	dentry = make_dentry(cpio, &nd);
	terminate_walk(&nd);
	if (IS_ERR(dentry))
		return PTR_ERR(dentry);
	error = fill_inode(cpio, dentry->d_inode);
	dput(dentry);
	return error;
}

int unpack_to_rootfs(const char *start, size_t len)
{
	struct cpio cpio = { .start = start, .len = len };
	int error;

	while ((error = cpio_next(&cpio)) > 0) {
		error = unpack_entry(&cpio);
		if (!error)
			continue;
		if (error == -ENOMEM)
			pr_err("%s at offset %zu: out of memory\n", cpio.name, cpio.pos);
		else if (error != -EINVAL) /* else it is told already */
			error = cpio_bad(&cpio, "its path leads nowhere", "");
		break;
	}
	forget_links();
	return error;
}
