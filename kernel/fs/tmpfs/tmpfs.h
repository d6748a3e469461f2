/*
 * tmpfs: files in memory, as many and as large as a mount allows. Shared by the files of this folder.
 * Linux: include/linux/shmem_fs.h
 */
#ifndef KERNEL_FS_TMPFS_TMPFS_H
#define KERNEL_FS_TMPFS_TMPFS_H

#include <uapi/flock.h>

#include "kernel/fs/fs.h"

#define BOGO_DIRENT_SIZE 20 /* what a name adds to the size of its directory */

/* One instance. Limits of 0: none. */
struct shmem_sb_info {
	unsigned long max_blocks, used_blocks; /* pages */
	unsigned long max_inodes, free_inodes;
	umode_t mode; /* of the root */
	kuid_t uid;
	kgid_t gid;
};

struct shmem_inode_info {
	struct inode vfs_inode;
	unsigned long charged; /* pages counted for it: those in the page cache, or more until it is recalculated */
	unsigned int seals;    /* F_SEAL_* */
	char *name;            /* of a memfd: its dentry's */
};

static inline struct shmem_inode_info *SHMEM_I(struct inode *inode)
{
	return container_of(inode, struct shmem_inode_info, vfs_inode);
}

static inline struct shmem_sb_info *SHMEM_SB(const struct super_block *sb)
{
	return sb->s_fs_info;
}

/* inode.c. A new inode below @dir (NULL: below nothing), counted; or NULL: no room, or no memory. */
struct inode *shmem_get_inode(struct super_block *sb, const struct inode *dir, umode_t mode,
			      dev_t dev);
/* Count one name or inode more. 0 or -ENOSPC. */
int shmem_reserve_inode(struct super_block *sb);
void shmem_free_inode(struct super_block *sb);
void shmem_evict_inode(struct inode *inode);
extern const struct inode_operations shmem_inode_operations, shmem_dir_inode_operations;

/* file.c */
#define PG_fallocated PG_owner_priv_1 /* made ahead of its use: SEEK_DATA does not see it */
extern const struct file_operations shmem_file_operations;
extern const struct address_space_operations shmem_aops;
/* Count @pages more for @inode. False: the instance is full. */
bool shmem_charge(struct inode *inode, unsigned long pages);
/* Pages have left the page cache: they are free again. Linux: mm/shmem.c:shmem_recalc_inode() */
void shmem_recalc_inode(struct inode *inode);
long shmem_fallocate(struct file *file, int mode, loff_t offset, loff_t len); /* fallocate.c */

/* super.c. A file of @size bytes that no path leads to, as Linux's of that name; @name: a literal. */
struct file *tmpfs_file_setup(const char *name, loff_t size);

/* memfd.c. fcntl()'s F_ADD_SEALS and F_GET_SEALS. 0 or seals, or -errno. */
long memfd_fcntl(struct file *file, unsigned int cmd, unsigned long arg);

#endif
