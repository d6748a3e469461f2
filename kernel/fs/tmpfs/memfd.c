/*
 * memfd_create(): a file in memory without a name, and seals: what nobody may do to a file any more.
 * Linux: mm/memfd.c
 */
#include <uapi/memfd.h>

#include "kernel/fs/internal.h"
#include "kernel/fs/tmpfs/tmpfs.h"
#include "kernel/syscalls.h"

#define MFD_NAME_PREFIX "memfd:"
#define MFD_NAME_MAX_LEN (NAME_MAX - (sizeof(MFD_NAME_PREFIX) - 1))
#define MFD_ALL_FLAGS (MFD_CLOEXEC | MFD_ALLOW_SEALING)
#define F_ALL_SEALS (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_FUTURE_WRITE)

/* "memfd:" and ring 3's @uname. ERR_PTR(-EFAULT, -EINVAL: too long, -ENOMEM). */
static char *memfd_name(const char __user *uname)
{
	char *name = kmalloc(NAME_MAX + 2, GFP_KERNEL);
	long len;

	if (!name)
		return ERR_PTR(-ENOMEM);
	memcpy(name, MFD_NAME_PREFIX, sizeof(MFD_NAME_PREFIX) - 1);
	len = strncpy_from_user(name + sizeof(MFD_NAME_PREFIX) - 1, uname, MFD_NAME_MAX_LEN + 1);
	if (len >= 0 && len <= (long)MFD_NAME_MAX_LEN)
		return name;
	kfree(name);
	return ERR_PTR(len < 0 ? -EFAULT : -EINVAL);
}

/* The file, which owns @name. ERR_PTR: @name is still the caller's. */
static struct file *memfd_file(char *name, unsigned int flags)
{
	struct file *file = tmpfs_file_setup(name, 0);

	if (IS_ERR(file))
		return file;
	SHMEM_I(file->f_inode)->name = name;
	file->f_mode |= FMODE_LSEEK | FMODE_PREAD | FMODE_PWRITE | FMODE_ATOMIC_POS;
	file->f_flags |= O_LARGEFILE;
	if (flags & MFD_ALLOW_SEALING)
		SHMEM_I(file->f_inode)->seals &= ~F_SEAL_SEAL;
	return file;
}

SYSCALL_DEFINE2(memfd_create, const char __user *, uname, unsigned int, flags)
{
	struct file *file;
	char *name;
	int fd;

	if (flags & ~MFD_ALL_FLAGS)
		return -EINVAL;
	name = memfd_name(uname);
	if (IS_ERR(name))
		return PTR_ERR(name);
	fd = get_unused_fd_flags(flags & MFD_CLOEXEC ? O_CLOEXEC : 0);
	if (fd < 0)
		goto free_name;
	file = memfd_file(name, flags);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		fd = PTR_ERR(file);
		goto free_name;
	}
	fd_install(fd, file);
	return fd;

free_name:
	kfree(name);
	return fd;
}

static bool has_seals(const struct file *file)
{
	return file->f_op == &shmem_file_operations;
}

static int memfd_add_seals(struct file *file, unsigned int seals)
{
	struct inode *inode = file->f_inode;
	unsigned int *file_seals;
	int error = 0;

	if (!(file->f_mode & FMODE_WRITE))
		return -EPERM;
	if (seals & ~F_ALL_SEALS)
		return -EINVAL;
	if (!has_seals(file))
		return -EINVAL;
	inode_lock(inode);
	file_seals = &SHMEM_I(inode)->seals;
	if (*file_seals & F_SEAL_SEAL)
		error = -EPERM;
	else if ((seals & ~*file_seals & F_SEAL_WRITE) && mapping_writably_mapped(inode->i_mapping))
		error = -EBUSY;
	else
		*file_seals |= seals;
	inode_unlock(inode);
	return error;
}

/* F_ADD_SEALS and F_GET_SEALS. Linux: mm/memfd.c:memfd_fcntl() */
long memfd_fcntl(struct file *file, unsigned int cmd, unsigned long arg)
{
	if (cmd == F_GET_SEALS)
		return has_seals(file) ? (long)SHMEM_I(file->f_inode)->seals : -EINVAL;
	return arg >> 32 ? -EINVAL : memfd_add_seals(file, arg);
}
