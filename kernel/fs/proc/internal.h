/*
 * What the files of /proc share. Linux: fs/proc/internal.h
 */
#ifndef KERNEL_FS_PROC_INTERNAL_H
#define KERNEL_FS_PROC_INTERNAL_H

#include "kernel/fs/internal.h"
#include "kernel/sched/completion.h"

/* What the kernel wants to be seen under a name. */
struct proc_dir_entry {
	int in_use;	 /* operations that run; PROC_REMOVED is added when the entry is removed */
	atomic_t refcnt; /* the tree and each inode */
	struct completion *pde_unload_completion; /* the last of in_use has left */
	struct list_head pde_openers;		  /* struct pde_opener */
	struct proc_dir_entry *parent;
	struct list_head subdir, sibling; /* children, in order of creation */
	const char *name;		  /* owned */
	umode_t mode;
	unsigned int nlink;
	unsigned int low_ino; /* the inode's number */
	kuid_t uid;
	kgid_t gid;
	loff_t size;
	const struct inode_operations *proc_iops;
	const struct file_operations *proc_fops;
	const struct proc_ops *proc_ops; /* for proc_reg_file_ops and proc_iter_file_ops */
	union {
		const struct seq_operations *seq_ops;
		int (*single_show)(struct seq_file *m, void *v);
	};
	unsigned int state_size;
	void *data;
};
#define PROC_REMOVED INT32_MIN

extern struct proc_dir_entry proc_root;

/* An inode of /proc: of an entry, which is its i_private, or of a task. */
struct proc_inode {
	struct pid *pid; /* the task; NULL: an entry's. Referenced */
	/* Does a dentry of the task's still mean what is there? As d_revalidate(). */
	int (*d_revalidate)(struct dentry *dentry, unsigned int flags);
	unsigned int fd; /* below fd and fdinfo: of this descriptor */
	const struct pid_entry *entry; /* a name that every task has: kernel/process/proc */
	struct inode vfs_inode;
};

static inline struct proc_inode *PROC_I(const struct inode *inode)
{
	return container_of((struct inode *)inode, struct proc_inode, vfs_inode);
}

void proc_init_kmemcache(void);

/*
 * root.c. What /proc has for tasks: in kernel/process/proc, without which there is nothing. The name
 * of a task below the root is looked up: NULL, or ERR_PTR(-ENOENT, -ENOMEM); all are told, from
 * position FIRST_PROCESS_ENTRY on.
 */
struct dentry *proc_pid_lookup(struct inode *dir, struct dentry *dentry);
int proc_pid_readdir(struct file *file, struct dir_context *ctx);
#define FIRST_PROCESS_ENTRY 256

/* inode.c. An inode for @de, which holds a reference on it; or NULL. */
struct inode *proc_get_inode(struct super_block *sb, struct proc_dir_entry *de);
extern const struct super_operations proc_sops;
extern const struct file_operations proc_reg_file_ops, proc_iter_file_ops;
/* No operation of @de runs any more or will run; its open files are released. */
void proc_entry_rundown(struct proc_dir_entry *de);
static inline struct proc_dir_entry *PDE(const struct inode *inode)
{
	return inode->i_private;
}

/* generic.c. Of directories of entries. */
struct dentry *proc_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags);
int proc_readdir_de(struct file *file, struct dir_context *ctx);
static inline struct proc_dir_entry *pde_get(struct proc_dir_entry *de)
{
	atomic_inc(&de->refcnt);
	return de;
}
void pde_put(struct proc_dir_entry *de);
extern const struct dentry_operations proc_dentry_ops;
struct proc_dir_entry *pde_subdir_find(struct proc_dir_entry *dir, const char *name,
				       unsigned int len); /* or NULL */
/* The entry @name of @mode below @parent, with these operations. NULL: as proc_create(). */
struct proc_dir_entry *proc_register(struct proc_dir_entry *parent, const char *name, umode_t mode,
				     const struct inode_operations *iops,
				     const struct file_operations *fops, void *data);
int proc_setattr(struct dentry *dentry, struct iattr *attr);

void proc_fs_sysctls_init(void);

#endif
