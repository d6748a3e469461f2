/*
 * open(), openat(): flags are checked and translated, a descriptor is reserved, the file is opened
 * (the walk along the path is in namei.c), then installed. And close().
 *
 * Called by ring 3 and, through filp_open() and do_open_execat(), by the kernel. Linux: fs/open.c
 */
#include "kernel/fs/fsnotify.h"
#include "kernel/fs/internal.h"
#include "kernel/fs/mount.h"
#include "kernel/syscalls.h"

#define S_IALLUGO 07777

/*
 * open()'s arguments, with the bits that open() has always ignored taken out.
 * Linux: fs/open.c:build_open_how()
 */
static struct open_how build_open_how(int flags, umode_t mode)
{
	struct open_how how = { .flags = flags & VALID_OPEN_FLAGS };

	if (flags & O_PATH)
		how.flags &= O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	if (how.flags & (O_CREAT | O_TMPFILE_BIT))
		how.mode = mode & S_IALLUGO;
	return how;
}

/*
 * Translate @how. 0, or -EINVAL for O_CREAT with O_DIRECTORY or a wrong O_TMPFILE; what openat2() also refuses it has checked itself.
 * Linux: fs/open.c:build_open_flags()
 */
int build_open_flags(const struct open_how *how, struct open_flags *op)
{
	static const int acc_modes[] = { MAY_READ, MAY_WRITE, MAY_READ | MAY_WRITE,
					 MAY_READ | MAY_WRITE };
	int flags = how->flags & ~O_CLOEXEC; /* which is of the descriptor, not of the file */

	*op = (struct open_flags){ .acc_mode = acc_modes[flags & O_ACCMODE] };
	if (flags & (O_CREAT | O_TMPFILE_BIT))
		op->mode = how->mode | S_IFREG;
	if ((flags & (O_CREAT | O_DIRECTORY)) == (O_CREAT | O_DIRECTORY))
		return -EINVAL;
	if ((flags & O_TMPFILE_BIT) && (!(flags & O_DIRECTORY) || !(op->acc_mode & MAY_WRITE)))
		return -EINVAL;
	if (flags & O_PATH)
		op->acc_mode = 0;
	if (flags & O_SYNC)
		flags |= O_DSYNC;
	if (flags & O_TRUNC)
		op->acc_mode |= MAY_WRITE;
	if (flags & O_DIRECTORY)
		op->lookup_flags |= LOOKUP_DIRECTORY;
	if (!(flags & O_NOFOLLOW) && (flags & (O_CREAT | O_EXCL)) != (O_CREAT | O_EXCL))
		op->lookup_flags |= LOOKUP_FOLLOW;
	op->lookup_flags |= how->resolve << LOOKUP_RESOLVE_SHIFT;
	op->open_flag = flags;
	return 0;
}

/*
 * Open @path as @file, which takes its own references. 0, or -errno: -ETXTBSY if a program runs
 * from the file, -ENODEV if the module of its operations is being removed, -EINVAL for O_DIRECT,
 * which no file here supports, or what its own open() says. Linux: fs/open.c:do_dentry_open()
 */
int vfs_open(const struct path *path, struct file *file)
{
	struct inode *inode = path->dentry->d_inode;
	int error = 0;

	if ((file->f_mode & FMODE_WRITE) && !special_file(inode->i_mode)) {
		error = mnt_get_writer(path);
		if (error)
			return error;
		file->f_mode |= FMODE_WRITER;
	}
	path_get(path);
	file->f_path = *path;
	file->f_inode = inode;
	file->f_op = fops_get(inode->i_fop);
	if (!file->f_op) {
		error = -ENODEV;
		goto cleanup;
	}
	file->f_mode |= FMODE_LSEEK | FMODE_PREAD | FMODE_PWRITE | FMODE_NOTIFY; /* open() may clear them */
	if (S_ISREG(inode->i_mode) || S_ISDIR(inode->i_mode))
		file->f_mode |= FMODE_ATOMIC_POS;
	if (file->f_op->open)
		error = file->f_op->open(inode, file);
	if (error) {
		fops_put(file->f_op);
		goto cleanup;
	}
	file->f_mode |= FMODE_OPENED;
	if (file->f_op->flush)
		inode->i_state |= I_FLUSH;
	if (S_ISCHR(inode->i_mode) || file->f_op->owner)
		file->f_mode |= FMODE_OWNED;
	if (!file->f_op->llseek)
		file->f_mode &= ~FMODE_LSEEK;
	file->f_flags &= ~(O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC);
	return file->f_flags & O_DIRECT ? -EINVAL : 0;

cleanup:
	if (file->f_mode & FMODE_WRITER)
		mnt_put_writer(path);
	path_put(path);
	return error;
}

/* Linux: fs/open.c:file_open_name() */
struct file *file_open_name(struct filename *name, int flags, umode_t mode)
{
	struct open_how how = build_open_how(flags, mode);
	struct open_flags op;
	int error = build_open_flags(&how, &op);

	return error ? ERR_PTR(error) : do_filp_open(AT_FDCWD, name, &op);
}

/* Linux: fs/open.c:filp_open() */
struct file *filp_open(const char *filename, int flags, umode_t mode)
{
	struct filename *name = getname_kernel(filename);
	struct file *file;

	if (IS_ERR(name))
		return ERR_CAST(name);
	file = file_open_name(name, flags, mode);
	putname(name);
	return file;
}

struct file *do_open_execat(int fd, struct filename *name)
{
	static const struct open_flags op = {
		.open_flag = O_LARGEFILE | O_RDONLY,
		.acc_mode = MAY_EXEC,
		.lookup_flags = LOOKUP_FOLLOW,
	};
	struct file *file = do_filp_open(fd, name, &op);
	int error;

	if (IS_ERR(file))
		return file;
	error = S_ISREG(file->f_inode->i_mode) && !path_noexec(&file->f_path) ? deny_write_access(file) : -EACCES;
	if (error) {
		fput(file);
		return ERR_PTR(error);
	}
	return file;
}

/* Errors in Linux's order: flags, name, descriptor, file. Linux: fs/open.c:do_sys_openat2() */
long do_sys_openat2(int dfd, const char __user *filename, struct open_how *how)
{
	struct open_flags op;
	struct filename *name;
	int fd = build_open_flags(how, &op);

	if (fd)
		return fd;
	name = getname(filename);
	if (IS_ERR(name))
		return PTR_ERR(name);
	fd = get_unused_fd_flags(how->flags);
	if (fd >= 0) {
		struct file *file = do_filp_open(dfd, name, &op);

		if (IS_ERR(file)) {
			put_unused_fd(fd);
			fd = PTR_ERR(file);
		} else {
			if (!(file->f_mode & FMODE_PATH))
				fsnotify_dentry(FS_OPEN, file->f_path.dentry);
			fd_install(fd, file);
		}
	}
	putname(name);
	return fd;
}

/* Linux: fs/open.c:do_sys_open() */
static long do_sys_open(int dfd, const char __user *filename, int flags, umode_t mode)
{
	struct open_how how = build_open_how(flags | O_LARGEFILE, mode);

	return do_sys_openat2(dfd, filename, &how);
}

SYSCALL_DEFINE3(open, const char __user *, filename, int, flags, umode_t, mode)
{
	return do_sys_open(AT_FDCWD, filename, flags, mode);
}

SYSCALL_DEFINE4(openat, int, dfd, const char __user *, filename, int, flags, umode_t, mode)
{
	return do_sys_open(dfd, filename, flags, mode);
}

/* What is true without kernel/fs/locks. */
void __weak noprobe locks_remove_posix(struct file *file __maybe_unused,
				       fl_owner_t id __maybe_unused)
{
}

int filp_close(struct file *file, fl_owner_t id)
{
	int error = file->f_op->flush ? file->f_op->flush(file, id) : 0;

	if (file->f_inode->i_flctx)
		locks_remove_posix(file, id);
	fput(file);
	return error;
}

/* The descriptor is gone whatever flush() says, so a restart is no option. Linux: fs/open.c */
SYSCALL_DEFINE1(close, unsigned int, fd)
{
	struct file *file = file_close_fd(fd);
	int error;

	if (!file)
		return -EBADF;
	if (likely(!(file->f_inode->i_state & I_FLUSH))) { /* what filp_close() does; no call is needed for it */
		fput(file);
		return 0;
	}
	error = filp_close(file, current->files);
	return error == -ERESTARTSYS ? -EINTR : error;
}
