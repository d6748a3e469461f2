/*
 * What the files of kernel/fs tell each other and nobody else. Linux: fs/internal.h, fs/namei.c
 */
#ifndef KERNEL_FS_INTERNAL_H
#define KERNEL_FS_INTERNAL_H

#include "kernel/fs/fs.h"

enum last_type {
	LAST_NORM,  /* a name */
	LAST_ROOT,  /* nothing: the path was only slashes */
	LAST_DOT,   /* "." */
	LAST_DOTDOT /* ".." */
};

/* A walk in progress. Linux: fs/namei.c:struct nameidata */
struct nameidata {
	struct path path;      /* where the walk is; referenced */
	struct path root;      /* where "/" is; fs_struct holds the reference */
	const char *last;      /* the last component, not walked yet; followed by "/..." or NUL */
	unsigned int last_len; /* bytes */
	enum last_type last_type;
	unsigned int flags; /* LOOKUP_* */
	unsigned int total_link_count;
};

/* open()'s arguments (struct open_how), checked and translated. Linux: fs/internal.h:struct open_flags */
struct open_flags {
	int open_flag; /* O_* */
	umode_t mode;  /* for a file to be created, with its type, umask not applied */
	int acc_mode;  /* MAY_* */
	unsigned int lookup_flags;
};

/* namei.c */
struct file *do_filp_open(int dfd, const char *name, const struct open_flags *op);
void terminate_walk(struct nameidata *nd);
struct dentry *lookup_one(struct dentry *dir, const char *name, unsigned int len);
/*
 * The directory that holds, or would hold, the last component of @name; nd->last says which.
 * 0, then terminate_walk() is due; or -errno.
 */
int path_parentat(const char *name, struct nameidata *nd);

/* open.c */
/* What open() is asked. Linux: include/uapi/linux/openat2.h */
struct open_how {
	u64 flags;   /* O_* */
	u64 mode;    /* of a file to be created, umask not applied; else 0 */
	u64 resolve; /* 0: openat2() is not a system call here */
};
long do_sys_openat2(int dfd, const char __user *filename, struct open_how *how);
int vfs_open(const struct path *path, struct file *file);

/* file.c */
void set_close_on_exec(unsigned int fd, int flag);
bool get_close_on_exec(unsigned int fd);
int f_dupfd(unsigned int from, struct file *file, unsigned int flags);

/* Caches and tables, made once by vfs_init(). */
void inode_init(void);
void dcache_init(void);
void files_init(void);
void fdtable_init(void);
void fs_struct_init(void);
void proc_init(void);
extern struct fs_struct init_fs;

/* ramfs.c, ramfs_file.c */
extern struct super_block ramfs_sb;
extern const struct file_operations ramfs_file_operations;
extern const struct inode_operations ramfs_file_inode_operations;
void ramfs_init(void);
struct inode *ramfs_get_inode(umode_t mode, dev_t dev);
/*
 * Put a new inode of @mode and @dev into directory @dir. A dentry with a reference for the caller,
 * besides the one that keeps it in the tree; or ERR_PTR(-ENOMEM).
 */
struct dentry *ramfs_add(struct dentry *dir, const char *name, unsigned int len, umode_t mode,
			 dev_t dev);
/* One more name for @inode. 0 or -ENOMEM. */
int ramfs_link(struct dentry *dir, const char *name, unsigned int len, struct inode *inode);
/* Take @dentry out of its directory; open files on it live on. The caller keeps his reference. */
void ramfs_remove(struct dentry *dentry);
int ramfs_symlink(struct inode *inode, const char *target, size_t len);
/* Write from kernel memory, without a file. Bytes written, or -ENOMEM, -EFBIG. */
ssize_t ramfs_write(struct inode *inode, const void *buf, size_t len, loff_t pos);
int ramfs_truncate(struct inode *inode, loff_t size);
void ramfs_free_pages(struct inode *inode);

/* init.c */
/*
 * Put a new inode of @mode and @dev at @path. A dentry with a reference for the caller; or ERR_PTR
 * of -EEXIST, -ENOMEM, or what the walk to its directory says.
 */
struct dentry *ramfs_create_node(const char *path, umode_t mode, dev_t dev);
/*
 * Make what is missing of the directories above @path, of permissions @mode and with operations
 * @i_op (NULL: a ramfs directory's). 0 or -errno.
 */
int ramfs_make_parents(const char *path, umode_t mode, const struct inode_operations *i_op);
extern const struct inode_operations proc_dir_inode_operations;

/* char_dev.c. Linux: fs/char_dev.c */
int register_chrdev(dev_t dev, const struct file_operations *fop);
extern const struct file_operations def_chr_fops;

#endif
