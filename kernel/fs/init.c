/*
 * The file system layer comes up; and what boot code does with paths before there is a program that
 * could do it by system calls. Linux: fs/init.c, fs/dcache.c:vfs_caches_init()
 */
#include "kernel/fs/internal.h"
#include "kernel/fs/mount.h"

int init_mount(const char *dev_name, const char *dir_name, const char *type_page,
	       unsigned long flags, void *data_page)
{
	struct path path;
	int error = kern_path(dir_name, LOOKUP_FOLLOW, &path);

	if (error)
		return error;
	error = path_mount(dev_name, &path, type_page, flags, data_page);
	path_put(&path);
	return error;
}

int init_mkdir(const char *pathname, umode_t mode)
{
	struct path path;
	struct dentry *dentry = kern_path_create(AT_FDCWD, pathname, &path, LOOKUP_DIRECTORY);
	int error;

	if (IS_ERR(dentry))
		return PTR_ERR(dentry);
	error = vfs_mkdir(path.dentry->d_inode, dentry, mode & ~current->fs->umask);
	done_path_create(&path, dentry);
	return error;
}

int init_mknod(const char *filename, umode_t mode, dev_t dev)
{
	struct path path;
	struct dentry *dentry = kern_path_create(AT_FDCWD, filename, &path, 0);
	int error;

	if (IS_ERR(dentry))
		return PTR_ERR(dentry);
	error = vfs_mknod(path.dentry->d_inode, dentry, mode & ~current->fs->umask, dev);
	done_path_create(&path, dentry);
	return error;
}

/* Change what @attr says; @lookup_flags: LOOKUP_FOLLOW or 0. */
static int change_attr(const char *filename, unsigned int lookup_flags, struct iattr *attr)
{
	struct path path;
	int error = kern_path(filename, lookup_flags, &path);

	if (error)
		return error;
	if (attr->ia_valid & ATTR_MODE)
		attr->ia_mode = (attr->ia_mode & 07777) | (path.dentry->d_inode->i_mode & S_IFMT);
	inode_lock(path.dentry->d_inode);
	error = notify_change(path.dentry, attr);
	inode_unlock(path.dentry->d_inode);
	path_put(&path);
	return error;
}

int init_chmod(const char *filename, umode_t mode)
{
	struct iattr attr = { .ia_valid = ATTR_MODE, .ia_mode = mode };

	return change_attr(filename, LOOKUP_FOLLOW, &attr);
}

int init_chown(const char *filename, uid_t user, gid_t group, int flags)
{
	struct iattr attr = {
		.ia_valid = ATTR_UID | ATTR_GID,
		.ia_uid = make_kuid(current_user_ns(), user),
		.ia_gid = make_kgid(current_user_ns(), group),
	};

	return change_attr(filename, flags & AT_SYMLINK_NOFOLLOW ? 0 : LOOKUP_FOLLOW, &attr);
}

int init_utimes(const char *filename, u64 atime, u64 mtime)
{
	struct iattr attr = { .ia_valid = ATTR_ATIME | ATTR_MTIME | ATTR_CTIME };

	attr.ia_valid |= ATTR_ATIME_SET | ATTR_MTIME_SET;
	attr.ia_atime = atime;
	attr.ia_mtime = attr.ia_ctime = mtime;
	return change_attr(filename, 0, &attr);
}

int init_symlink(const char *oldname, const char *newname)
{
	struct path path;
	struct dentry *dentry = kern_path_create(AT_FDCWD, newname, &path, 0);
	int error;

	if (IS_ERR(dentry))
		return PTR_ERR(dentry);
	error = vfs_symlink(path.dentry->d_inode, dentry, oldname);
	done_path_create(&path, dentry);
	return error;
}

int init_link(const char *oldname, const char *newname)
{
	struct path old_path, path;
	struct dentry *dentry;
	int error = kern_path(oldname, 0, &old_path);

	if (error)
		return error;
	dentry = kern_path_create(AT_FDCWD, newname, &path, 0);
	error = PTR_ERR(dentry);
	if (!IS_ERR(dentry)) {
		error = -EXDEV;
		if (old_path.mnt == path.mnt)
			error = vfs_link(old_path.dentry, path.dentry->d_inode, dentry);
		done_path_create(&path, dentry);
	}
	path_put(&old_path);
	return error;
}

int init_unlink(const char *pathname)
{
	struct path path;
	struct dentry *dentry = kern_path_locked(AT_FDCWD, pathname, &path);
	int error;

	if (IS_ERR(dentry))
		return PTR_ERR(dentry);
	error = vfs_unlink(path.dentry->d_inode, dentry);
	done_path_create(&path, dentry);
	return error;
}

int init_rmdir(const char *pathname)
{
	struct path path;
	struct dentry *dentry = kern_path_locked(AT_FDCWD, pathname, &path);
	int error;

	if (IS_ERR(dentry))
		return PTR_ERR(dentry);
	error = vfs_rmdir(path.dentry->d_inode, dentry);
	done_path_create(&path, dentry);
	return error;
}

void __weak noprobe sysfs_init(void)
{
}

void vfs_init(void)
{
	names_init();
	inode_init();
	dcache_init();
	files_init();
	fdtable_init();
	fs_struct_init();
	radix_tree_init();
	ramfs_init();
	mnt_init();
	init_task.fs = &init_fs;
	init_task.files = &init_files;
	proc_root_init();
	if (init_mkdir("/dev", 0755) || init_mkdir("/proc", 0555) ||
	    init_mount("proc", "/proc", "proc", 0, NULL))
		panic("VFS: /dev and /proc could not be made");
	sysfs_init();
}
