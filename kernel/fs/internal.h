/*
 * What the files of kernel/fs tell each other and nobody else. Linux: fs/internal.h, fs/namei.c
 */
#ifndef KERNEL_FS_INTERNAL_H
#define KERNEL_FS_INTERNAL_H

#include <uapi/openat2.h>

#include "kernel/fs/fs.h"

enum last_type {
	LAST_NORM,  /* a name */
	LAST_ROOT,  /* nothing: the path was only slashes */
	LAST_DOT,   /* "." */
	LAST_DOTDOT /* ".." */
};

#define MAXSYMLINKS 40 /* followed in one lookup, all together; more is -ELOOP */

/* A walk in progress. Linux: fs/namei.c:struct nameidata */
struct nameidata {
	struct path path;      /* where the walk is; referenced */
	struct path root;      /* where "/" is; referenced, or .mnt is NULL: nobody asked yet */
	struct qstr last;      /* the last component, not walked yet; followed by "/..." or NUL */
	enum last_type last_type;
	unsigned int flags; /* LOOKUP_* */
	unsigned int total_link_count;
	unsigned int depth; /* links whose text is being walked */
	struct saved {
		struct dentry *link; /* of stack[0] to stack[depth - 1]: referenced */
		const char *rest;    /* of link_path_walk(): what is left behind a link in its path */
	} stack[MAXSYMLINKS];
};

/* open()'s arguments (struct open_how), checked and translated. Linux: fs/internal.h:struct open_flags */
struct open_flags {
	int open_flag; /* O_* */
	umode_t mode;  /* for a file to be created, with its type, umask not applied */
	int acc_mode;  /* MAY_* */
	unsigned int lookup_flags;
};

/* namei_open.c; calls/tmpfile.c for O_TMPFILE, calls/o_path.c for O_PATH */
struct file *do_filp_open(int dfd, struct filename *pathname, const struct open_flags *op);
int may_open(struct inode *inode, int acc_mode, int open_flag); /* may current, in this way? 0 or -errno */
int do_tmpfile(int dfd, const char *name, struct file *file, const struct open_flags *op);
int do_o_path(int dfd, const char *name, struct file *file, const struct open_flags *op);

/* namei.c. The pieces of a walk, for namei_open.c. */
int path_init(struct nameidata *nd, int dfd, const char *name, unsigned int flags);
int link_path_walk(const char *name, struct nameidata *nd);
#define WALK_TRAILING 1
#define WALK_MORE 2
const char *walk_component(struct nameidata *nd, int flags);
const char *step_into(struct nameidata *nd, struct dentry *dentry, bool trailing);
void put_link(struct nameidata *nd);
int complete_walk(const struct nameidata *nd); /* -EXDEV: it may not have ended there */
void terminate_walk(struct nameidata *nd);
struct dentry *__lookup_hash(const struct qstr *name, struct dentry *dir, unsigned int flags);
/*
 * The directory that holds, or would hold, the last component of @name: 0, and @parent has references; or
 * -errno. @last: that component, which lies in @name, if it is a name (@type).
 */
int path_parentat(int dfd, const char *name, struct path *parent, struct qstr *last,
		  enum last_type *type);

/* namei_change.c */
/* May a name be made in @dir? -EEXIST, -ENOENT (@dir was removed), -EACCES. */
int may_create(struct inode *dir, const struct dentry *child);
/* May @victim be removed from @dir, as a directory (@isdir) or as something else? 0 or -errno. */
int may_delete(struct inode *dir, struct dentry *victim, bool isdir);
#define WHITEOUT_DEV 0 /* the number of a character device that stands for a name that was removed */
struct dentry *kern_path_create(int dfd, const char *name, struct path *path,
				unsigned int lookup_flags);
void done_path_create(struct path *path, struct dentry *dentry);
struct dentry *kern_path_locked(int dfd, const char *name, struct path *path);

/* attr.c. Give a file, which one may write to, the size @length. Waits for a write that runs. 0 or -errno. */
int do_truncate(struct dentry *dentry, loff_t length);

/* permission.c. May a link in the directory @dir be followed at the end of a path? */
bool may_follow_link(const struct inode *dir, const struct inode *link);

/* open.c */
#define O_TMPFILE_BIT (O_TMPFILE & ~O_DIRECTORY) /* Linux: __O_TMPFILE */
/* Every flag open() knows; it has always ignored the others. */
#define VALID_OPEN_FLAGS                                                                        \
	(O_ACCMODE | O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_APPEND | O_NONBLOCK | O_SYNC |   \
	 O_ASYNC | O_DIRECT | O_LARGEFILE | O_DIRECTORY | O_NOFOLLOW | O_NOATIME | O_CLOEXEC |  \
	 O_PATH | O_TMPFILE)
int build_open_flags(const struct open_how *how, struct open_flags *op);
long do_sys_openat2(int dfd, const char __user *filename, struct open_how *how);
int vfs_open(const struct path *path, struct file *file);

/* read_write.c. @rw: READ or WRITE. @pos: moves on; NULL for a stream, which has no position. */
loff_t *file_ppos(struct file *file);
/* Is [*@ppos, *@ppos + @count) a range that a file can have? 0 or -EINVAL. */
int rw_verify_area(const loff_t *ppos, size_t count);
/* Was @file opened for this, and can it do it? 0, -EBADF, -EINVAL. */
int may_transfer(int rw, const struct file *file);
/* Does @file do this by an operation for one buffer of ring 3? Then call_one() does a transfer, else call_iter(). */
bool one_buffer(int rw, const struct file *file);
ssize_t call_one(int rw, struct file *file, void *buf, size_t count, loff_t *pos);
ssize_t call_iter(int rw, struct file *file, struct iov_iter *iter, loff_t *pos);

/* fcntl.c, fcntl_more.c. The commands of fcntl() that the walk does not need. */
long fcntl_more(unsigned int fd, unsigned int cmd, unsigned long arg, struct file *file);
/* locks/posix.c. Linux: fs/locks.c:locks_remove_posix() */
void locks_remove_posix(struct file *file, fl_owner_t owner);
/* fasync.c. @file goes: so do its locks, and the owner of its signals. */
void file_forget_locks(struct file *file);

/* mounts/atime.c. @file was read: so much the mount lets it be known. */
void touch_atime(struct file *file);

/* Opening one of these for writing does not write to the inode's own contents. */
static inline bool special_file(umode_t mode)
{
	return S_ISCHR(mode) || S_ISBLK(mode) || S_ISFIFO(mode) || S_ISSOCK(mode);
}

/* file.c */
void set_close_on_exec(unsigned int fd, int flag);
bool get_close_on_exec(unsigned int fd);
int f_dupfd(unsigned int from, struct file *file, unsigned int flags);

/* Caches and tables, made once by vfs_init(). */
void names_init(void);
void inode_init(void);
void dcache_init(void);
void files_init(void);
void fdtable_init(void);
void fs_struct_init(void);
void ramfs_init(void);
void mnt_init(void);
void proc_root_init(void);
void sysfs_init(void); /* after the root is there: it makes and mounts /sys */
extern struct fs_struct init_fs;
extern struct file_system_type rootfs_fs_type;

/* filesystems.c, super.c, namespace.c */
extern struct file_system_type *file_systems; /* all, by ->next */
struct file_system_type *get_fs_type(const char *name); /* put_filesystem() it; or NULL */
void put_filesystem(struct file_system_type *fs);
void deactivate_super(struct super_block *sb); /* one user less */

/* dcache.c */
void d_genocide(struct dentry *root);

/* Is there a file of this name? A cursor, and what was removed, is unhashed. */
static inline bool simple_positive(const struct dentry *dentry)
{
	return dentry->d_inode && !d_unhashed(dentry);
}

/* libfs.c. Tell "." and "..", the positions 0 and 1; false: the reader wants no more. */
bool dir_emit_dots(struct file *file, struct dir_context *ctx);

/* ramfs/inode.c. A new inode of @mode below @dir (NULL: below nothing); or NULL. */
struct inode *ramfs_get_inode(struct super_block *sb, const struct inode *dir, umode_t mode,
			      dev_t dev);
int ramfs_tmpfile(struct inode *dir, struct file *file, umode_t mode); /* ramfs/tmpfile.c */

/* char_dev.c, kernel/fs/pipe */
extern const struct file_operations def_chr_fops, pipefifo_fops;

#endif
