/*
 * mount(): a new instance in the tree, other flags for one that is there, and which of the other kinds of
 * mount() is meant. Linux: fs/namespace.c:path_mount()
 */
#include <uapi/mount.h>

#include "kernel/fs/mounts/mounts.h"
#include "kernel/syscalls.h"

DEFINE_MUTEX(namespace_mutex);

/* What mount() gets besides paths: a copy of ring 3's @data, padded with zeros. NULL: none; or ERR_PTR. */
static void *copy_mount_options(const void __user *data)
{
	char *copy;
	size_t left;

	if (!data)
		return NULL;
	copy = kmalloc(PAGE_SIZE, GFP_KERNEL);
	if (!copy)
		return ERR_PTR(-ENOMEM);
	left = copy_from_user(copy, data, PAGE_SIZE - 1);
	if (left == PAGE_SIZE - 1) {
		kfree(copy);
		return ERR_PTR(-EFAULT);
	}
	memset(copy + (PAGE_SIZE - 1 - left), 0, left + 1);
	return copy;
}

/* A name from ring 3. NULL: none was given; or ERR_PTR(-EFAULT, -EINVAL: too long, -ENOMEM). */
static char *copy_mount_string(const void __user *string)
{
	char *copy;
	long len;

	if (!string)
		return NULL;
	copy = kmalloc(PAGE_SIZE, GFP_KERNEL);
	if (!copy)
		return ERR_PTR(-ENOMEM);
	len = strncpy_from_user(copy, string, PAGE_SIZE);
	if (len >= 0 && len < (long)PAGE_SIZE)
		return copy;
	kfree(copy);
	return ERR_PTR(len < 0 ? len : -EINVAL);
}

/* MS_* of mount() as MNT_* of the mount at @path. */
static int to_mnt_flags(const struct path *path, unsigned long flags)
{
	const unsigned long of_times = MS_NOATIME | MS_NODIRATIME | MS_RELATIME | MS_STRICTATIME;
	int mnt_flags = 0;

	if (!(flags & MS_NOATIME))
		mnt_flags |= MNT_RELATIME;
	if (flags & MS_NOSUID)
		mnt_flags |= MNT_NOSUID;
	if (flags & MS_NODEV)
		mnt_flags |= MNT_NODEV;
	if (flags & MS_NOEXEC)
		mnt_flags |= MNT_NOEXEC;
	if (flags & MS_NOATIME)
		mnt_flags |= MNT_NOATIME;
	if (flags & MS_NODIRATIME)
		mnt_flags |= MNT_NODIRATIME;
	if (flags & MS_STRICTATIME)
		mnt_flags &= ~(MNT_RELATIME | MNT_NOATIME);
	if (flags & MS_RDONLY)
		mnt_flags |= MNT_READONLY;
	if ((flags & MS_REMOUNT) && !(flags & of_times)) { /* times go on as they did */
		mnt_flags &= ~MNT_ATIME_MASK;
		mnt_flags |= path->mnt->mnt_flags & MNT_ATIME_MASK;
	}
	return mnt_flags;
}

/* Linux: fs/namespace.c:do_new_mount() */
static int new_mount(struct path *path, const char *fstype, int sb_flags, int mnt_flags,
		     const char *name, void *data)
{
	struct vfsmount *mnt = get_new_mount(fstype, sb_flags, name, data);
	int error;

	if (IS_ERR(mnt))
		return PTR_ERR(mnt);
	mnt->mnt_flags = mnt_flags;
	mutex_lock(&namespace_mutex);
	error = do_add_mount(real_mount(mnt), path);
	mutex_unlock(&namespace_mutex);
	if (error)
		mntput(mnt);
	return error;
}

/* May the mount at @path get other flags? */
static int check_remount(const struct path *path)
{
	return check_mnt(real_mount(path->mnt)) && path->dentry == path->mnt->mnt_root ? 0 : -EINVAL;
}

/* Other flags for one mount, whatever others there are of its instance. Linux: do_reconfigure_mnt() */
static int reconfigure_mnt(const struct path *path, int mnt_flags)
{
	struct mount *mnt = real_mount(path->mnt);
	int error = check_remount(path);

	if (error)
		return error;
	if ((mnt_flags & MNT_READONLY) && !(mnt->mnt.mnt_flags & MNT_READONLY) && mnt->mnt_writers)
		return -EBUSY;
	mnt->mnt.mnt_flags = mnt_flags;
	return 0;
}

/* Other flags and options for the instance. Linux: fs/namespace.c:do_remount() */
static int remount(const struct path *path, int sb_flags, int mnt_flags, void *data)
{
	struct super_block *sb = path->mnt->mnt_sb;
	int error = check_remount(path);

	if (error)
		return error;
	if (sb->s_op->remount_fs)
		error = sb->s_op->remount_fs(sb, &sb_flags, data);
	if (!error && (sb_flags & MS_RDONLY) && !(sb->s_flags & SB_RDONLY) && sb_has_writers(sb))
		error = -EBUSY;
	if (error)
		return error;
	sb->s_flags = (sb->s_flags & ~SB_RDONLY) | (sb_flags & MS_RDONLY ? SB_RDONLY : 0);
	path->mnt->mnt_flags = mnt_flags;
	return 0;
}

int path_mount(const char *dev_name, struct path *path, const char *type_page, unsigned long flags,
	       void *data_page)
{
	int mnt_flags, sb_flags;

	if ((flags & MS_MGC_MSK) == MS_MGC_VAL)
		flags &= ~MS_MGC_MSK;
	if (flags & MS_NOUSER)
		return -EINVAL;
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	mnt_flags = to_mnt_flags(path, flags);
	sb_flags = flags & MS_RDONLY;
	if ((flags & (MS_REMOUNT | MS_BIND)) == (MS_REMOUNT | MS_BIND))
		return reconfigure_mnt(path, mnt_flags);
	if (flags & MS_REMOUNT)
		return remount(path, sb_flags, mnt_flags, data_page);
	if (flags & MS_BIND)
		return do_loopback(path, dev_name, flags & MS_REC);
	if (flags & (MS_SHARED | MS_PRIVATE | MS_SLAVE | MS_UNBINDABLE))
		return do_change_type(path, flags);
	if (flags & MS_MOVE)
		return do_move_mount(path, dev_name);
	return new_mount(path, type_page, sb_flags, mnt_flags, dev_name, data_page);
}

/* @dir_name: where; the rest is path_mount()'s. */
static int mount_at(const char __user *dir_name, const char *dev, const char *type,
		    unsigned long flags, void *options)
{
	struct path path;
	int error = user_path_at(AT_FDCWD, dir_name, LOOKUP_FOLLOW, &path);

	if (error)
		return error;
	error = path_mount(dev, &path, type, flags, options);
	path_put(&path);
	return error;
}

SYSCALL_DEFINE5(mount, char __user *, dev_name, char __user *, dir_name, char __user *, type,
		unsigned long, flags, void __user *, data)
{
	char *kernel_type = copy_mount_string(type), *kernel_dev;
	void *options;
	int error;

	if (IS_ERR(kernel_type))
		return PTR_ERR(kernel_type);
	kernel_dev = copy_mount_string(dev_name);
	error = PTR_ERR_OR_ZERO(kernel_dev);
	if (error)
		goto free_type;
	options = copy_mount_options(data);
	error = PTR_ERR_OR_ZERO(options);
	if (error)
		goto free_dev;
	error = mount_at(dir_name, kernel_dev, kernel_type, flags, options);
	kfree(options);
free_dev:
	kfree(kernel_dev);
free_type:
	kfree(kernel_type);
	return error;
}
