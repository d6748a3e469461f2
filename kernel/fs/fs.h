/*
 * The public interface of kernel/fs: inodes, dentries, open files, descriptor tables, paths, and
 * what a file system is made of. It knows nothing of sockets: it sees an inode, a file and their
 * operations. Linux: include/linux/fs.h, dcache.h, mount.h
 */
#ifndef KERNEL_FS_FS_H
#define KERNEL_FS_FS_H

#include <uapi/fcntl.h>
#include <uapi/limits.h>
#include <uapi/stat.h>

#include "kernel/fs/cdev.h"
#include "kernel/fs/dcache.h"
#include "kernel/fs/fdtable.h"
#include "kernel/fs/namei.h"
#include "kernel/fs/proc.h"
#include "kernel/fs/radix_tree.h"
#include "kernel/fs/seq_file.h"
#include "kernel/fs/super.h"
#include "kernel/fs/uio.h"
#include "kernel/lib/lib.h"
#include "kernel/lib/module.h"
#include "kernel/mm/mm.h"
#include "kernel/sched/mutex.h"
#include "kernel/sched/sched.h"

struct dentry;
struct file;
struct dir_context;
struct file_operations;
struct inode;
struct inode_operations;
struct poll_table_struct;
struct super_block;
struct super_operations;

/* Who closed a descriptor: an address to compare, never to follow. */
typedef void *fl_owner_t;

/* file->f_mode. Linux: include/linux/fs.h */
#define FMODE_READ 0x1u
#define FMODE_WRITE 0x2u
#define FMODE_LSEEK 0x4u
#define FMODE_PREAD 0x8u  /* pread64() can be used, */
#define FMODE_PWRITE 0x10u /* pwrite64() can */
#define FMODE_PATH 0x4000u   /* O_PATH: it only says where a file is */
#define FMODE_ATOMIC_POS 0x8000u /* users of one position take turns */
#define FMODE_WRITER 0x10000u   /* counted in i_writecount */
#define FMODE_OPENED 0x80000u   /* f_op->open() succeeded: f_op->release() is due */
#define FMODE_CREATED 0x100000u /* this open() made the file */
#define FMODE_LOCKED 0x400u /* it may have locks: kernel/fs/locks */
#define FMODE_EPOLL 0x800u /* epoll files watch it */
#define FMODE_FOWNER 0x1000u /* fasync.c knows who gets its signals */
#define FMODE_NOTIFY 0x2000u /* it was opened by a path: closing it is an event */
#define FMODE_STREAM 0x200000u  /* no position: read and write take none */
#define MAX_LFS_FILESIZE ((loff_t)(~0ul >> 1))
#define FMODE_NOWAIT 0x8000000u
#define FMODE_OWNED 0x80000000u /* modules are held: those of f_op and of the character device */
/* The end of such a file is more than its release(): what __fput() asks. */
#define FMODE_LAST_PUT (FMODE_WRITER | FMODE_OWNED | FMODE_LOCKED | FMODE_FOWNER | FMODE_EPOLL | \
			FMODE_NOTIFY)

/* The pages of a file that are in memory, by their number in the file. filemap.c */
struct address_space {
	struct inode *host;
	struct radix_tree_root i_pages;
	unsigned long nrpages;
	struct rb_root i_mmap; /* the areas that map it: kernel/mman/interval_tree.c */
	const struct address_space_operations *a_ops;
};

struct address_space_operations {
	/* Fill @page, which is all zeros. NULL: what is not in memory is a hole. 0 or -errno. */
	int (*readpage)(struct file *file, struct page *page, unsigned long index);
	/*
	 * Around a write of @len bytes at @pos, inside one page: find or make the page, with a
	 * reference in *@pagep; note that @copied bytes were written, and drop the reference.
	 */
	int (*write_begin)(struct file *file, struct address_space *mapping, loff_t pos,
			   unsigned int len, struct page **pagep, void **fsdata);
	int (*write_end)(struct file *file, struct address_space *mapping, loff_t pos,
			 unsigned int len, unsigned int copied, struct page *page, void *fsdata);
};

struct inode {
	umode_t i_mode;
	kuid_t i_uid;
	kgid_t i_gid;
	const struct inode_operations *i_op;
	struct super_block *i_sb;
	struct address_space *i_mapping; /* &i_data */
	void *i_security;
	unsigned long i_ino;
	unsigned int i_nlink;
	dev_t i_rdev;
	loff_t i_size;
	u64 i_atime, i_mtime, i_ctime; /* nanoseconds since 1970 */
	unsigned long i_state;         /* I_* */
	atomic_t i_count;
	atomic_t i_writecount; /* writers, or minus the number of programs running from it */
	const struct file_operations *i_fop;
	struct file_lock_context *i_flctx; /* NULL: no locks. kernel/fs/locks */
	struct list_head i_sb_list; /* in i_sb->s_inodes, or in no list */
	struct address_space i_data;
	/*
	 * Held from reading f_pos of a file on this inode to writing it back. Linux has one for each
	 * file (f_pos_lock); here it is made once in the life of an inode's memory, and costs a
	 * socket nothing.
	 */
	struct mutex i_pos_lock;
	struct mutex i_mutex; /* one writer at a time: inode_lock() */
	union {
		char *i_link; /* of a symbolic link: the target */
		struct chrdev_inode *i_cdev; /* of a character device: its driver while it is open */
		struct pipe_inode_info *i_pipe; /* of a FIFO: what is behind it while it is open */
	};
	void *i_private; /* the file system's own */
};
#define I_FREEING 0x20ul
#define I_LINKABLE 0x400ul /* it may get a name although it has none: made by O_TMPFILE */
#define I_FLUSH 0x10000ul /* closing a descriptor of it is more than fput(): filp_close() */

/* What a file is told by stat(). Linux: include/linux/stat.h */
struct kstat {
	umode_t mode;
	unsigned int nlink;
	u32 blksize;
	dev_t dev, rdev;
	u64 ino;
	kuid_t uid;
	kgid_t gid;
	loff_t size;
	u64 atime, mtime, ctime; /* nanoseconds since 1970 */
	u64 blocks;              /* memory or disk it takes, in units of 512 bytes */
};

/* What notify_change() is to set. Linux: include/linux/fs.h */
struct iattr {
	unsigned int ia_valid; /* ATTR_* */
	umode_t ia_mode;
	kuid_t ia_uid;
	kgid_t ia_gid;
	loff_t ia_size;
	u64 ia_atime, ia_mtime, ia_ctime;
};
#define ATTR_MODE 0x1u
#define ATTR_UID 0x2u
#define ATTR_GID 0x4u
#define ATTR_SIZE 0x8u
#define ATTR_ATIME 0x10u
#define ATTR_MTIME 0x20u
#define ATTR_CTIME 0x40u /* to ia_ctime; otherwise, whatever is set, it is now */
#define ATTR_ATIME_SET 0x80u /* to ia_atime, */
#define ATTR_MTIME_SET 0x100u /* to ia_mtime, and not to now */
#define ATTR_FORCE 0x200u /* it is not asked who may */
#define ATTR_KILL_SUID 0x800u /* the set-user-ID bit goes, */
#define ATTR_KILL_SGID 0x1000u /* the set-group-ID bit does */
#define ATTR_TIMES_SET 0x10000u /* a caller chose the times */

/*
 * As Linux 6.1's, without the user namespace that is their first parameter there. @dentry of the
 * operations that make a name is negative and hashed. 0 or -errno. An operation that is
 * NULL cannot be done there: -EPERM, or for create -EACCES, or for lookup -ENOTDIR.
 */
struct inode_operations {
	/* d_add() what @dentry means below @dir. NULL, or ERR_PTR. @flags: LOOKUP_* */
	struct dentry *(*lookup)(struct inode *dir, struct dentry *dentry, unsigned int flags);
	const char *(*get_link)(struct dentry *dentry, struct inode *inode);
	/* What readlink() copies to @buffer: how many bytes, or -errno. NULL: get_link()'s text. */
	int (*readlink)(struct dentry *dentry, char __user *buffer, int buflen);
	int (*permission)(struct inode *inode, int mask); /* NULL: generic_permission() */
	int (*create)(struct inode *dir, struct dentry *dentry, umode_t mode, bool excl);
	int (*link)(struct dentry *old_dentry, struct inode *dir, struct dentry *dentry);
	int (*unlink)(struct inode *dir, struct dentry *dentry);
	int (*symlink)(struct inode *dir, struct dentry *dentry, const char *target);
	int (*mkdir)(struct inode *dir, struct dentry *dentry, umode_t mode);
	int (*rmdir)(struct inode *dir, struct dentry *dentry);
	int (*mknod)(struct inode *dir, struct dentry *dentry, umode_t mode, dev_t dev);
	int (*rename)(struct inode *old_dir, struct dentry *old_dentry, struct inode *new_dir,
		      struct dentry *new_dentry, unsigned int flags);
	/* A file below no name, for @file, whose path says where: d_tmpfile(), then finish_open_simple() */
	int (*tmpfile)(struct inode *dir, struct file *file, umode_t mode);
	int (*setattr)(struct dentry *dentry, struct iattr *attr); /* NULL: simple_setattr() */
	int (*getattr)(const struct path *path, struct kstat *stat, u32 request_mask,
		       unsigned int query_flags); /* NULL: generic_fillattr() */
};

struct file {
	fmode_t f_mode;
	unsigned int f_flags; /* O_* */
	atomic_long_t f_count;
	const struct cred *f_cred;
	struct path f_path;
	struct inode *f_inode;
	const struct file_operations *f_op;
	void *f_security;
	void *private_data;
	loff_t f_pos;
};

struct file_operations {
	struct module *owner; /* stays loaded while a file that was opened by path is open */
	loff_t (*llseek)(struct file *file, loff_t offset, int whence); /* NULL: -ESPIPE */
	/* Move bytes between one buffer of ring 3 and the file at *@pos, which moves on: how many. */
	ssize_t (*read)(struct file *file, char __user *buf, size_t count, loff_t *pos);
	ssize_t (*write)(struct file *file, const char __user *buf, size_t count, loff_t *pos);
	/* The same through an iterator: several buffers, or the kernel's. Used where the above are NULL. */
	ssize_t (*read_iter)(struct kiocb *iocb, struct iov_iter *to);
	ssize_t (*write_iter)(struct kiocb *iocb, struct iov_iter *from);
	/* The events that hold now; names its wait queues by poll_wait(). NULL: DEFAULT_POLLMASK */
	__poll_t (*poll)(struct file *file, struct poll_table_struct *wait);
	/* Tell @ctx->actor each name from @ctx->pos on. 0 or -errno. */
	int (*iterate_shared)(struct file *file, struct dir_context *ctx);
	int (*fsync)(struct file *file, loff_t start, loff_t end, int datasync); /* NULL: -EINVAL */
	/* Memory for [@offset, @offset + @len), or as @mode (FALLOC_FL_*) says. NULL: -EOPNOTSUPP */
	long (*fallocate)(struct file *file, int mode, loff_t offset, loff_t len);
	long (*unlocked_ioctl)(struct file *file, unsigned int cmd, unsigned long arg);
	/* @vma, not yet in its address space, becomes one of @file: set vm_ops. NULL: -ENODEV */
	int (*mmap)(struct file *file, struct vm_area_struct *vma);
	int (*open)(struct inode *inode, struct file *file);
	/* A descriptor of @file was closed; others may be left. @id: the table it was in. */
	int (*flush)(struct file *file, fl_owner_t id);
	int (*release)(struct inode *inode, struct file *file); /* the last reference is gone */
	void (*show_fdinfo)(struct seq_file *m, struct file *file); /* more for /proc/PID/fdinfo */
	/* @file is to send SIGIO, or (@on 0) no more: fasync_helper(). release() ends with @on 0. */
	int (*fasync)(int fd, struct file *file, int on);
};

/* The type of a name for readers of directories is S_IFMT >> 12. Linux: include/linux/fs_types.h */
#define DT_DIR (S_IFDIR >> 12)

/* A reader of a directory. Linux: include/linux/fs.h */
struct dir_context {
	/* Take one name; false: no more. @type: DT_*. */
	bool (*actor)(struct dir_context *ctx, const char *name, int namelen, loff_t offset,
		      u64 ino, unsigned int type);
	loff_t pos;
};

/* inode.c */
struct inode *new_inode(struct super_block *sb);        /* one reference; NULL: no memory */
struct inode *new_inode_pseudo(struct super_block *sb); /* the same, but not in sb->s_inodes */
/* The owner of a new inode below @dir (NULL: of none), and its mode. */
void inode_init_owner(struct inode *inode, const struct inode *dir, umode_t mode);
void init_special_inode(struct inode *inode, umode_t mode, dev_t rdev); /* devices, FIFOs, sockets */
void ihold(struct inode *inode);
/* For whoever changes what @inode contains. Linux: i_rwsem, taken for writing */
void inode_lock(struct inode *inode);
void inode_unlock(struct inode *inode);
void iput(struct inode *inode); /* the last one evicts and frees */
/* A number for an inode of a file system that has none of its own; 32 bits, never 0. */
static inline unsigned int get_next_ino(void)
{
	extern unsigned int last_ino;

	if (unlikely(!++last_ino))
		last_ino++;
	return last_ino;
}

void inode_init_once(struct inode *inode); /* for slab constructors */
int no_open(struct inode *inode, struct file *file);

/* file_table.c. Linux: fs/file_table.c */
struct file *alloc_empty_file(int flags, const struct cred *cred); /* -ENFILE, -ENOMEM, LSM's */
/*
 * An open file on @inode that has no path: takes over the caller's inode reference on success,
 * leaves it with the caller on failure. @name: a literal, shown as the file's name.
 */
struct file *alloc_file_pseudo(struct inode *inode, struct vfsmount *mnt, const char *name,
			       int flags, const struct file_operations *fop);
static inline struct file *get_file(struct file *file)
{
	atomic_long_inc(&file->f_count);
	return file;
}
void __fput(struct file *file); /* the last reference is gone: release it */

/*
 * Drop a reference. The last one closes the file before fput() returns: Linux does so for close()
 * (__fput_sync()) and defers other cases to the return to user mode.
 */
static inline void fput(struct file *file)
{
	long left = atomic_long_dec_return(&file->f_count);

	BUG_ON(left < 0);
	if (!left)
		__fput(file);
}

/* The end of what fdget() and fdget_pos() began. Linux: include/linux/file.h */
static inline void fdput(struct fd fd)
{
	if (fd.flags & FDPUT_FPUT)
		fput(fd.file);
}

static inline void fdput_pos(struct fd fd)
{
	if (fd.flags & FDPUT_POS_UNLOCK)
		mutex_unlock(&fd.file->f_inode->i_pos_lock);
	fdput(fd);
}

/*
 * The end of a descriptor that was in table @id (or of an open file the kernel has): flush, then
 * the reference is dropped. What f_op->flush() said, or 0. Linux: fs/open.c:filp_close()
 */
int filp_close(struct file *file, fl_owner_t id);

/* A file without a position: what sockets, pipes and terminals are. */
static inline int stream_open(struct inode *inode __maybe_unused, struct file *file)
{
	file->f_mode &= ~(FMODE_LSEEK | FMODE_PREAD | FMODE_PWRITE | FMODE_ATOMIC_POS);
	file->f_mode |= FMODE_STREAM;
	return 0;
}

extern unsigned long sysctl_file_max; /* fs.file-max */
unsigned long get_nr_files(void);

/* open.c, read_write.c */
/* A path in the kernel's memory. Linux: include/linux/fs.h */
struct filename {
	const char *name;
	const char __user *uptr; /* where it came from; NULL: from the kernel */
	atomic_t refcnt;
	const char iname[]; /* name, when it lies here */
};
/*
 * getname.c. A path from ring 3 with one reference, or ERR_PTR(-EFAULT/-ENAMETOOLONG/-ENOMEM).
 * getname() answers "" with -ENOENT, getname_flags() with LOOKUP_EMPTY takes it; *@empty (unless
 * @empty is NULL) becomes 1 when it is "".
 */
struct filename *getname(const char __user *filename);
struct filename *getname_flags(const char __user *filename, int flags, int *empty);
struct filename *getname_kernel(const char *filename); /* a copy of a kernel string */
void putname(struct filename *name);                   /* one reference less; takes an ERR_PTR */
struct file *filp_open(const char *name, int flags, umode_t mode); /* kernel string; or ERR_PTR */
struct file *file_open_name(struct filename *name, int flags, umode_t mode);
/*
 * A program to run: a regular file current may execute (not necessarily read), with writing to it
 * denied until the caller's allow_write_access() and fput(). Or ERR_PTR(-EACCES, -ETXTBSY, ...).
 * There is no execveat(): no flags. Linux: fs/exec.c:do_open_execat()
 */
struct file *do_open_execat(int fd, struct filename *name);
/*
 * Move bytes between @file and ring 3's memory, at *@pos on (NULL: a stream's, which has none).
 * How many; 0 at the end; -EBADF (not opened for this), -EINVAL, -EFAULT, or what the file says.
 */
ssize_t vfs_read(struct file *file, char __user *buf, size_t count, loff_t *pos);
ssize_t vfs_write(struct file *file, const char __user *buf, size_t count, loff_t *pos);
ssize_t ksys_read(unsigned int fd, char __user *buf, size_t count);
ssize_t ksys_write(unsigned int fd, const char __user *buf, size_t count);
ssize_t kernel_read(struct file *file, void *buf, size_t count, loff_t *pos);
ssize_t kernel_write(struct file *file, const void *buf, size_t count, loff_t *pos);
loff_t vfs_llseek(struct file *file, loff_t offset, int whence); /* -ESPIPE, or f_op->llseek() */
loff_t generic_file_llseek(struct file *file, loff_t offset, int whence);
loff_t noop_llseek(struct file *file, loff_t offset, int whence);
/* Forbid/allow writing while a program runs from it. -ETXTBSY when somebody writes. */
int deny_write_access(struct file *file);
void allow_write_access(struct file *file);
int get_write_access(struct inode *inode); /* one more writer; -ETXTBSY when it is being run */
void put_write_access(struct inode *inode);
/* Permission of current on @inode: MAY_* bits; 0 or -EACCES, or what i_op->permission() says. */
int inode_permission(struct inode *inode, int mask);
int generic_permission(struct inode *inode, int mask); /* by mode, owner, groups, capabilities */
/* Does current own @inode, or override ownership (CAP_FOWNER)? */
bool inode_owner_or_capable(const struct inode *inode);

/* Current changes the contents of @inode, which is locked: unless it has CAP_FSETID, no set-ID bits stay. */
void inode_remove_suid(struct inode *inode);
#define MAY_EXEC 1
#define MAY_WRITE 2
#define MAY_READ 4

/* The root and current directory of a task; shared by count. */
struct fs_struct {
	refcount_t users;
	unsigned int in_exec; /* execve() calls that rely on nobody else sharing it: no clone() does */
	umode_t umask;
	struct path root, pwd;
};
struct fs_struct *copy_fs_struct(struct fs_struct *old); /* NULL: no memory */
void put_fs_struct(struct fs_struct *fs);

#include "kernel/fs/init_syscalls.h"
#include "kernel/fs/libfs.h"
#include "kernel/fs/pagemap.h"

/* readdir.c. Tell @ctx->actor the names in directory @file. 0, -ENOTDIR, or what the file says. */
int iterate_dir(struct file *file, struct dir_context *ctx);

/* stat.c, attr.c */
int vfs_getattr(const struct path *path, struct kstat *stat, u32 request_mask,
		unsigned int query_flags);
void generic_fillattr(const struct inode *inode, struct kstat *stat);
int notify_change(struct dentry *dentry, struct iattr *attr); /* the inode is locked */
void setattr_copy(struct inode *inode, const struct iattr *attr);
/* setattr.c. May current make the changes @attr? What it may not take along is taken out. 0, -EPERM, -EFBIG. */
int setattr_prepare(struct dentry *dentry, struct iattr *attr);
/* remove_privs.c. Which ATTR_KILL_* go with a new owner, or with new contents? */
int setattr_should_drop_sgid(const struct inode *inode);
int setattr_should_drop_suidgid(const struct inode *inode);
bool in_group_or_capable(kgid_t gid);
umode_t mode_strip_sgid(const struct inode *dir, umode_t mode); /* @mode of a new file in @dir */

/*
 * Caches, the root file system with /dev and /proc, and init_task's fs and files. After the
 * allocators and security_init(), before anything opens a file.
 */
void vfs_init(void);

/*
 * A nameless file of @size zero bytes, mapped and shared but found by no path: what is behind
 * mmap(MAP_SHARED | MAP_ANONYMOUS). One reference, or ERR_PTR(-ENOMEM, -ENFILE, ...).
 * Linux: mm/shmem.c:shmem_kernel_file_setup()
 */
struct file *shmem_file_setup(const char *name, loff_t size);

#endif
