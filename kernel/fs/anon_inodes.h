/*
 * Open files without a name: see anon_inodes.c. Linux: include/linux/anon_inodes.h
 */
#ifndef KERNEL_FS_ANON_INODES_H
#define KERNEL_FS_ANON_INODES_H

#include "kernel/fs/fs.h"

/*
 * An open file with the operations @fops and private_data @priv, which still belongs to the caller when
 * this fails. @name: a literal. @flags: O_RDONLY, O_WRONLY or O_RDWR, O_NONBLOCK. One reference, or
 * ERR_PTR(-ENFILE, -ENOMEM, or what a security module says).
 */
struct file *anon_inode_getfile(const char *name, const struct file_operations *fops, void *priv,
				int flags);

/* The same in a new descriptor, which is returned; -EMFILE, too. @flags: O_CLOEXEC, too. */
int anon_inode_getfd(const char *name, const struct file_operations *fops, void *priv, int flags);

#endif
