/*
 * What the files of /proc share. Linux: fs/proc/internal.h
 */
#ifndef KERNEL_FS_PROC_INTERNAL_H
#define KERNEL_FS_PROC_INTERNAL_H

#include "kernel/fs/internal.h"

/* What the kernel wants to be seen under a name. Entries are made at boot and stay for good. */
struct proc_dir_entry {
	struct proc_dir_entry *parent;
	struct list_head subdir, sibling; /* children, in order of creation */
	const char *name;                 /* owned */
	umode_t mode;
	unsigned int nlink;
	unsigned int low_ino; /* the inode's number */
	const struct inode_operations *proc_iops;
	const struct file_operations *proc_fops;
	int (*single_show)(struct seq_file *m, void *v);
	void *data;
};

extern struct proc_dir_entry proc_root;

/* An inode for @de; or NULL. */
struct inode *proc_get_inode(struct super_block *sb, struct proc_dir_entry *de);
static inline struct proc_dir_entry *PDE(const struct inode *inode)
{
	return inode->i_private;
}

/*
 * The entry @name of @mode below @parent, with these operations; an existing one of that name is
 * returned as it is. NULL: no memory.
 */
struct proc_dir_entry *proc_register(struct proc_dir_entry *parent, const char *name, umode_t mode,
				     const struct inode_operations *iops,
				     const struct file_operations *fops, void *data);
int proc_setattr(struct dentry *dentry, struct iattr *attr);

void proc_meminfo_init(void);
void proc_slabinfo_init(void);
void proc_fs_sysctls_init(void);

#endif
