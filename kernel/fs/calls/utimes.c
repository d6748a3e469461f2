/*
 * utimensat(), futimesat(), utimes(), utime(): the times of a file. Linux: fs/utimes.c
 */
#include <uapi/stat.h>
#include <uapi/time.h>

#include "kernel/fs/calls/calls.h"
#include "kernel/fs/mount.h"
#include "kernel/syscalls.h"

static bool nsec_valid(s64 nsec)
{
	return nsec == UTIME_OMIT || nsec == UTIME_NOW || (nsec >= 0 && nsec < (s64)NSEC_PER_SEC);
}

/* A time as inodes have it; the nearest that they can have. Linux: fs/inode.c:timestamp_truncate() */
static u64 file_time(const struct timespec *t)
{
	if (t->tv_sec < 0)
		return 0;
	if ((u64)t->tv_sec >= UINT64_MAX / NSEC_PER_SEC)
		return UINT64_MAX;
	return t->tv_sec * NSEC_PER_SEC + t->tv_nsec;
}

/* What setting @times changes. */
static struct iattr times_to_attr(const struct timespec *times)
{
	struct iattr attr = { .ia_valid = ATTR_ATIME | ATTR_MTIME | ATTR_TIMES_SET };

	if (times[0].tv_nsec == UTIME_OMIT) {
		attr.ia_valid &= ~ATTR_ATIME;
	} else if (times[0].tv_nsec != UTIME_NOW) {
		attr.ia_atime = file_time(&times[0]);
		attr.ia_valid |= ATTR_ATIME_SET;
	}
	if (times[1].tv_nsec == UTIME_OMIT) {
		attr.ia_valid &= ~ATTR_MTIME;
	} else if (times[1].tv_nsec != UTIME_NOW) {
		attr.ia_mtime = file_time(&times[1]);
		attr.ia_valid |= ATTR_MTIME_SET;
	}
	return attr;
}

/* NULL for @times is now; then who may write to the file may do it, too. 0 or -errno. */
static int vfs_utimes(const struct path *path, const struct timespec *times)
{
	struct iattr attr = { .ia_valid = ATTR_ATIME | ATTR_MTIME };
	struct inode *inode = path->dentry->d_inode;
	int error;

	if (times && (!nsec_valid(times[0].tv_nsec) || !nsec_valid(times[1].tv_nsec)))
		return -EINVAL;
	if (times && times[0].tv_nsec == UTIME_NOW && times[1].tv_nsec == UTIME_NOW)
		times = NULL;
	error = mnt_want_write(path->mnt);
	if (error)
		return error;
	if (times)
		attr = times_to_attr(times);
	inode_lock(inode);
	if (!times && !inode_owner_or_capable(inode))
		error = inode_permission(inode, MAY_WRITE);
	if (!error)
		error = notify_change(path->dentry, &attr);
	inode_unlock(inode);
	return error;
}

static int do_utimes_path(int dfd, const char __user *filename, const struct timespec *times, int flags)
{
	struct path path;
	int error;

	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	error = user_path_at(dfd, filename, at_lookup_flags(flags), &path);
	if (error)
		return error;
	error = vfs_utimes(&path, times);
	path_put(&path);
	return error;
}

static int do_utimes_fd(int fd, const struct timespec *times, int flags)
{
	struct fd f;
	int error;

	if (flags)
		return -EINVAL;
	f = fdget(fd);
	if (!f.file)
		return -EBADF;
	error = vfs_utimes(&f.file->f_path, times);
	fdput(f);
	return error;
}

static int do_utimes(int dfd, const char __user *filename, const struct timespec *times, int flags)
{
	if (!filename && dfd != AT_FDCWD)
		return do_utimes_fd(dfd, times, flags);
	return do_utimes_path(dfd, filename, times, flags);
}

SYSCALL_DEFINE4(utimensat, int, dfd, const char __user *, filename,
		const struct timespec __user *, utimes, int, flags)
{
	struct timespec times[2];

	if (utimes && copy_from_user(times, utimes, sizeof(times)))
		return -EFAULT;
	if (utimes && times[0].tv_nsec == UTIME_OMIT && times[1].tv_nsec == UTIME_OMIT)
		return 0; /* not even the path is looked at */
	return do_utimes(dfd, filename, utimes ? times : NULL, flags);
}

static int do_futimesat(int dfd, const char __user *filename, const struct timeval __user *utimes)
{
	struct timespec times[2];
	struct timeval tv[2];
	int i;

	if (!utimes)
		return do_utimes(dfd, filename, NULL, 0);
	if (copy_from_user(tv, utimes, sizeof(tv)))
		return -EFAULT;
	for (i = 0; i < 2; i++) {
		if (tv[i].tv_usec < 0 || tv[i].tv_usec >= 1000000)
			return -EINVAL;
		times[i] = (struct timespec){ tv[i].tv_sec, tv[i].tv_usec * 1000 };
	}
	return do_utimes(dfd, filename, times, 0);
}

SYSCALL_DEFINE3(futimesat, int, dfd, const char __user *, filename, const struct timeval __user *, utimes)
{
	return do_futimesat(dfd, filename, utimes);
}

SYSCALL_DEFINE2(utimes, const char __user *, filename, const struct timeval __user *, utimes)
{
	return do_futimesat(AT_FDCWD, filename, utimes);
}

SYSCALL_DEFINE2(utime, const char __user *, filename, const struct utimbuf __user *, times)
{
	struct timespec tv[2];
	struct utimbuf buf;

	if (!times)
		return do_utimes(AT_FDCWD, filename, NULL, 0);
	if (copy_from_user(&buf, times, sizeof(buf)))
		return -EFAULT;
	tv[0] = (struct timespec){ buf.actime, 0 };
	tv[1] = (struct timespec){ buf.modtime, 0 };
	return do_utimes(AT_FDCWD, filename, tv, 0);
}
