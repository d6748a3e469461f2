/*
 * kernel/fs: inodes, dentries, open files, descriptor tables, paths; ramfs, procfs.
 * Stands on kernel/lib, mm, sched. Knows nothing of sockets: it sees an inode, a file
 * and their operations. Linux: include/linux/fs.h, dcache.h, mount.h
 */
#ifndef KERNEL_FS_FS_H
#define KERNEL_FS_FS_H

#include <uapi/fcntl.h>
#include <uapi/limits.h>
#include <uapi/stat.h>

#include "kernel/fs/dcache.h"
#include "kernel/fs/fdtable.h"
#include "kernel/fs/proc.h"
#include "kernel/fs/uio.h"
#include "kernel/lib/lib.h"
#include "kernel/mm/mm.h"
#include "kernel/sched/sched.h"

struct dentry;
struct file;
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
#define FMODE_WRITER 0x10000u   /* counted in i_writecount */
#define FMODE_OPENED 0x80000u   /* f_op->open() succeeded: f_op->release() is due */
#define FMODE_CREATED 0x100000u /* this open() made the file */
#define FMODE_STREAM 0x200000u  /* no position: read and write take none */
#define FMODE_NOWAIT 0x8000000u

/* Device numbers, as the kernel keeps them. Linux: include/linux/kdev_t.h */
#define MINORBITS 20
#define MKDEV(major, minor) ((dev_t)((major) << MINORBITS | (minor)))
#define MAJOR(dev) ((unsigned int)(dev) >> MINORBITS)
#define MINOR(dev) ((unsigned int)(dev) & ((1u << MINORBITS) - 1))

struct super_block {
	const char *s_id; /* file system name */
	unsigned long s_blocksize; /* bytes; what FIGETBSZ tells */
	dev_t s_dev;
	const struct super_operations *s_op;
	struct dentry *s_root;
};

struct super_operations {
	struct inode *(*alloc_inode)(struct super_block *sb); /* NULL: plain inode_cache */
	void (*free_inode)(struct inode *inode);
	void (*evict_inode)(struct inode *inode); /* drop contents, before free_inode */
};

struct inode {
	umode_t i_mode;
	kuid_t i_uid;
	kgid_t i_gid;
	const struct inode_operations *i_op;
	struct super_block *i_sb;
	void *i_security;
	unsigned long i_ino;
	unsigned int i_nlink;
	dev_t i_rdev;
	loff_t i_size;
	u64 i_blocks;                  /* memory or disk it takes, in units of 512 bytes */
	u64 i_atime, i_mtime, i_ctime; /* nanoseconds since 1970 */
	unsigned long i_state;         /* I_* */
	atomic_t i_count;
	atomic_t i_writecount; /* writers, or minus the number of programs running from it */
	const struct file_operations *i_fop;
	void *i_private; /* the file system's own */
};
#define I_FREEING 0x20ul

struct inode_operations {
	/* @name of @len bytes below @dir: a dentry with a reference, or ERR_PTR(-ENOENT). */
	struct dentry *(*lookup)(struct dentry *dir, const char *name, unsigned int len);
	/* Create a file of @mode below @dir: a dentry with a reference, or ERR_PTR. */
	struct dentry *(*create)(struct dentry *dir, const char *name, unsigned int len,
				 umode_t mode);
	int (*truncate)(struct inode *inode, loff_t size);
	const char *(*get_link)(struct inode *inode); /* target of a symbolic link */
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
	loff_t (*llseek)(struct file *file, loff_t offset, int whence); /* NULL: -ESPIPE */
	/* Both move bytes through the iterator and return how many, or -errno. */
	ssize_t (*read_iter)(struct kiocb *iocb, struct iov_iter *to);
	ssize_t (*write_iter)(struct kiocb *iocb, struct iov_iter *from);
	/* The events that hold now; names its wait queues by poll_wait(). NULL: DEFAULT_POLLMASK */
	__poll_t (*poll)(struct file *file, struct poll_table_struct *wait);
	long (*unlocked_ioctl)(struct file *file, unsigned int cmd, unsigned long arg);
	/* @vma, not yet in its address space, becomes one of @file: set vm_ops. NULL: -ENODEV */
	int (*mmap)(struct file *file, struct vm_area_struct *vma);
	int (*open)(struct inode *inode, struct file *file);
	/* A descriptor of @file was closed; others may be left. @id: the table it was in. */
	int (*flush)(struct file *file, fl_owner_t id);
	int (*release)(struct inode *inode, struct file *file); /* the last reference is gone */
};

/* inode.c */
struct inode *new_inode_pseudo(struct super_block *sb); /* one reference, not listed anywhere */
void ihold(struct inode *inode);
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
	file->f_mode = (file->f_mode & ~FMODE_LSEEK) | FMODE_STREAM;
	return 0;
}

extern unsigned long sysctl_file_max; /* fs.file-max */
unsigned long get_nr_files(void);

/* namei.c, open.c, read_write.c */
/* @name: kernel string. Fills @path with references. @dfd: a directory descriptor or AT_FDCWD. */
int path_lookup(int dfd, const char *name, unsigned int lookup_flags, struct path *path);
#define LOOKUP_FOLLOW 0x1u
#define LOOKUP_DIRECTORY 0x2u
#define LOOKUP_EMPTY 0x4000u /* "" is allowed and means @dfd itself */
/*
 * A path string from ring 3 in a buffer the caller kfree()s, or ERR_PTR(-EFAULT/-ENAMETOOLONG/
 * -ENOMEM). getname() answers "" with -ENOENT, getname_flags() with LOOKUP_EMPTY takes it.
 */
char *getname(const char __user *filename);
char *getname_flags(const char __user *filename, unsigned int lookup_flags);
struct file *filp_open(const char *name, int flags, umode_t mode); /* kernel string; or ERR_PTR */
/*
 * A program to run: a regular file current may execute (not necessarily read), with writing to it
 * denied until the caller's allow_write_access() and fput(). Or ERR_PTR(-EACCES, -ETXTBSY, ...).
 * Linux: fs/exec.c:open_exec()
 */
struct file *open_exec(const char *name);
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
/* Forbid/allow writing while a program runs from it. -ETXTBSY when somebody writes. */
int deny_write_access(struct file *file);
void allow_write_access(struct file *file);
int get_write_access(struct inode *inode); /* one more writer; -ETXTBSY when it is being run */
void put_write_access(struct inode *inode);
/* Permission of current on @inode: MAY_* bits; 0 or -EACCES. */
int inode_permission(struct inode *inode, int mask);
/* Does current own @inode, or override ownership (CAP_FOWNER)? */
bool inode_owner_or_capable(const struct inode *inode);
#define MAY_EXEC 1
#define MAY_WRITE 2
#define MAY_READ 4

/* The root and current directory of a task; shared by count. */
struct fs_struct {
	refcount_t users;
	umode_t umask;
	struct path root, pwd;
};
struct fs_struct *copy_fs_struct(struct fs_struct *old); /* NULL: no memory */
void put_fs_struct(struct fs_struct *fs);

/* ramfs, cpio and devices */
/*
 * Caches, the root file system with /dev and /proc, and init_task's fs and files. After the
 * allocators and security_init(), before anything opens a file.
 */
void vfs_init(void);
extern struct vfsmount *rootfs_mnt;
int ramfs_mkdir(const char *path, umode_t mode); /* 0, -EEXIST, -ENOENT, -ENOTDIR, -ENOMEM */
/*
 * A node at @path. @mode: with its type. A character device registers @fop as the driver of @dev;
 * any other type is operated by @fop itself. 0, or as ramfs_mkdir().
 */
int ramfs_mknod(const char *path, umode_t mode, dev_t dev, const struct file_operations *fop);
/*
 * Unpack the newc cpio archives in [@start, @start + @len) into the root; zero padding between
 * archives is allowed, later files replace earlier ones. 0, or -errno after a message that says
 * which entry is bad. Linux: init/initramfs.c
 */
int unpack_to_rootfs(const char *start, size_t len);

/*
 * A nameless file of @size zero bytes, mapped and shared but found by no path: what is behind
 * mmap(MAP_SHARED | MAP_ANONYMOUS). One reference, or ERR_PTR(-ENOMEM, -ENFILE, ...).
 * Linux: mm/shmem.c:shmem_kernel_file_setup()
 */
struct file *shmem_file_setup(const char *name, loff_t size);

#endif
