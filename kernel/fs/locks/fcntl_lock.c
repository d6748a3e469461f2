/*
 * Record locks as ring 3 asks for them: a range from the start, the position or the end of the file.
 * Linux: fs/locks.c:fcntl_getlk(), fcntl_setlk()
 */
#include <uapi/unistd.h>

#include "kernel/fs/locks/locks.h"

/* Where offsets count from. @start: bytes; -EINVAL: no such @whence. */
static int flock_base(const struct file *file, short whence, loff_t *start)
{
	switch (whence) {
	case SEEK_SET:
		*start = 0;
		return 0;
	case SEEK_CUR:
		*start = file->f_pos;
		return 0;
	case SEEK_END:
		*start = file->f_inode->i_size;
		return 0;
	}
	return -EINVAL;
}

/*
 * The range of @l: l_len 0 is all from l_start on, a negative one the bytes before it.
 * 0, -EINVAL, -EOVERFLOW. Linux: fs/locks.c:flock64_to_posix_lock()
 */
static int flock_range(const struct file *file, struct file_lock *fl, const struct flock *l)
{
	int error = flock_base(file, l->l_whence, &fl->fl_start);

	if (error)
		return error;
	if (l->l_start > OFFSET_MAX - fl->fl_start)
		return -EOVERFLOW;
	fl->fl_start += l->l_start;
	if (fl->fl_start < 0)
		return -EINVAL;
	if (l->l_len > 0) {
		if (l->l_len - 1 > OFFSET_MAX - fl->fl_start)
			return -EOVERFLOW;
		fl->fl_end = fl->fl_start + (l->l_len - 1);
	} else if (l->l_len < 0) {
		if (fl->fl_start + l->l_len < 0)
			return -EINVAL;
		fl->fl_end = fl->fl_start - 1;
		fl->fl_start += l->l_len;
	} else {
		fl->fl_end = OFFSET_MAX;
	}
	return 0;
}

/* Linux: fs/locks.c:flock_to_posix_lock() */
static int flock_to_posix_lock(struct file *file, struct file_lock *fl, const struct flock *l)
{
	int error = flock_range(file, fl, l);

	if (error)
		return error;
	fl->fl_owner = current->files;
	fl->fl_pid = current->tgid;
	fl->fl_file = file;
	fl->fl_flags = FL_POSIX;
	if (l->l_type != F_RDLCK && l->l_type != F_WRLCK && l->l_type != F_UNLCK)
		return -EINVAL;
	fl->fl_type = l->l_type;
	return 0;
}

/* The F_OFD_ commands: the open file owns the lock, and l_pid must be 0. */
static int of_open_file(struct file *file, struct file_lock *fl, const struct flock *l)
{
	if (l->l_pid)
		return -EINVAL;
	fl->fl_flags |= FL_OFDLCK;
	fl->fl_owner = file;
	fl->fl_pid = -1;
	return 0;
}

static int fcntl_getlk(struct file *file, unsigned int cmd, struct flock *flock)
{
	const struct file_lock *found;
	struct file_lock fl;
	int error;

	if (flock->l_type != F_RDLCK && flock->l_type != F_WRLCK)
		return -EINVAL;
	locks_init_lock(&fl);
	error = flock_to_posix_lock(file, &fl, flock);
	if (!error && cmd == F_OFD_GETLK)
		error = of_open_file(file, &fl, flock);
	if (error)
		return error;
	found = posix_test_lock(file->f_inode, &fl);
	if (!found) {
		flock->l_type = F_UNLCK;
		return 0;
	}
	flock->l_type = found->fl_type;
	flock->l_whence = SEEK_SET;
	flock->l_start = found->fl_start;
	flock->l_len = found->fl_end == OFFSET_MAX ? 0 : found->fl_end - found->fl_start + 1;
	flock->l_pid = found->fl_pid;
	return 0;
}

/* Was @file opened for this kind of lock? */
static int check_fmode_for_setlk(const struct file_lock *fl)
{
	if (fl->fl_type == F_RDLCK && !(fl->fl_file->f_mode & FMODE_READ))
		return -EBADF;
	if (fl->fl_type == F_WRLCK && !(fl->fl_file->f_mode & FMODE_WRITE))
		return -EBADF;
	return 0;
}

/*
 * Another thread closed the descriptor while this one waited: the lock would never be released by a
 * close(), so it goes now.
 */
static int undo_if_closed(unsigned int fd, struct file *file, struct file_lock *fl)
{
	struct file *now = fget(fd);

	if (now)
		fput(now); /* it is in the table, so this is not the last */
	if (now == file)
		return 0;
	fl->fl_type = F_UNLCK;
	posix_lock_inode(file->f_inode, fl);
	return -EBADF;
}

static int fcntl_setlk(unsigned int fd, struct file *file, unsigned int cmd,
		       const struct flock *flock)
{
	struct file_lock *fl = locks_alloc_lock();
	int error;

	if (!fl)
		return -ENOLCK;
	error = flock_to_posix_lock(file, fl, flock);
	if (!error)
		error = check_fmode_for_setlk(fl);
	if (!error && (cmd == F_OFD_SETLK || cmd == F_OFD_SETLKW))
		error = of_open_file(file, fl, flock);
	if (!error) {
		if (cmd == F_SETLKW || cmd == F_OFD_SETLKW)
			fl->fl_flags |= FL_SLEEP;
		file->f_mode |= FMODE_LOCKED;
		error = locks_wait(file->f_inode, fl, posix_lock_inode);
		if (!error && fl->fl_type != F_UNLCK && !(fl->fl_flags & FL_OFDLCK))
			error = undo_if_closed(fd, file, fl);
	}
	locks_free_lock(fl);
	return error;
}

long fcntl_lock(unsigned int fd, struct file *file, unsigned int cmd, struct flock __user *arg)
{
	struct flock flock;
	int error;

	if (copy_from_user(&flock, arg, sizeof(flock)))
		return -EFAULT;
	if (cmd != F_GETLK && cmd != F_OFD_GETLK)
		return fcntl_setlk(fd, file, cmd, &flock);
	error = fcntl_getlk(file, cmd, &flock);
	if (!error && copy_to_user(arg, &flock, sizeof(flock)))
		error = -EFAULT;
	return error;
}
