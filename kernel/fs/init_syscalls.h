/*
 * Files by path, for boot code (init.c, initramfs.c).
 * Part of kernel/fs/fs.h. Linux: include/linux/init_syscalls.h
 */
#ifndef KERNEL_FS_INIT_SYSCALLS_H
#define KERNEL_FS_INIT_SYSCALLS_H

#include "kernel/lib/lib.h"

/* Each: 0 or -errno. */
int init_mount(const char *dev_name, const char *dir_name, const char *type_page,
	       unsigned long flags, void *data_page);
int init_mkdir(const char *pathname, umode_t mode);
int init_mknod(const char *filename, umode_t mode, dev_t dev);
int init_chmod(const char *filename, umode_t mode);
int init_chown(const char *filename, uid_t user, gid_t group, int flags);
int init_utimes(const char *filename, u64 atime, u64 mtime); /* ns since 1970; no link is followed */
int init_symlink(const char *oldname, const char *newname);
int init_link(const char *oldname, const char *newname);
int init_unlink(const char *pathname);
int init_rmdir(const char *pathname);
/*
 * Unpack the newc cpio archives in [@start, @start + @len) into the root; zero padding between
 * archives is allowed, later files replace earlier ones. 0, or -errno after a message that says
 * which entry is bad. Linux: init/initramfs.c
 */
int unpack_to_rootfs(const char *start, size_t len);

#endif
