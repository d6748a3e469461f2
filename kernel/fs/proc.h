/*
 * /proc: text about the kernel, and sysctls. Linux: include/linux/proc_fs.h, sysctl.h
 */
#ifndef KERNEL_FS_PROC_H
#define KERNEL_FS_PROC_H

#include "kernel/fs/seq_file.h"
#include "kernel/lib/uidgid.h"

struct file;
struct inode;
struct iov_iter;
struct kiocb;
struct poll_table_struct;
struct proc_dir_entry;

/*
 * What a file of /proc does. None of these is called, or still runs, when the entry has been
 * removed: files that are open then get their proc_release(), and answer -EIO from there on.
 */
struct proc_ops {
	unsigned int proc_flags; /* 0 */
	int (*proc_open)(struct inode *inode, struct file *file);
	ssize_t (*proc_read)(struct file *file, char __user *buf, size_t count, loff_t *pos);
	ssize_t (*proc_read_iter)(struct kiocb *iocb, struct iov_iter *to); /* instead of the above */
	ssize_t (*proc_write)(struct file *file, const char __user *buf, size_t count, loff_t *pos);
	loff_t (*proc_lseek)(struct file *file, loff_t offset, int whence); /* NULL: -ESPIPE */
	int (*proc_release)(struct inode *inode, struct file *file);
	__poll_t (*proc_poll)(struct file *file, struct poll_table_struct *wait);
	long (*proc_ioctl)(struct file *file, unsigned int cmd, unsigned long arg);
};

/*
 * New entries. @parent: NULL is /proc itself. @name: of the entry, or a path from @parent to it.
 * @mode 0: all may read it. @data: what pde_data() of its inodes is. NULL: no memory, or (with a
 * warning) the name is taken or no name.
 */
struct proc_dir_entry *proc_create_data(const char *name, umode_t mode,
					struct proc_dir_entry *parent, const struct proc_ops *ops,
					void *data);
struct proc_dir_entry *proc_create(const char *name, umode_t mode, struct proc_dir_entry *parent,
				   const struct proc_ops *ops);
/* A text that @show writes: m->private is @data. */
struct proc_dir_entry *proc_create_single_data(const char *name, umode_t mode,
					       struct proc_dir_entry *parent,
					       int (*show)(struct seq_file *m, void *v), void *data);
#define proc_create_single(name, mode, parent, show) \
	proc_create_single_data(name, mode, parent, show, NULL)
/* A text of records; @state_size bytes of m->private for each that opens it. */
struct proc_dir_entry *proc_create_seq_private(const char *name, umode_t mode,
					       struct proc_dir_entry *parent,
					       const struct seq_operations *ops,
					       unsigned int state_size, void *data);
#define proc_create_seq_data(name, mode, parent, ops, data) \
	proc_create_seq_private(name, mode, parent, ops, 0, data)
#define proc_create_seq(name, mode, parent, ops) \
	proc_create_seq_private(name, mode, parent, ops, 0, NULL)
struct proc_dir_entry *proc_mkdir_data(const char *name, umode_t mode,
				       struct proc_dir_entry *parent, void *data);
struct proc_dir_entry *proc_mkdir_mode(const char *name, umode_t mode,
				       struct proc_dir_entry *parent);
struct proc_dir_entry *proc_mkdir(const char *name, struct proc_dir_entry *parent);

void *pde_data(const struct inode *inode);
void proc_set_size(struct proc_dir_entry *de, loff_t size);
void proc_set_user(struct proc_dir_entry *de, kuid_t uid, kgid_t gid);

/*
 * The end of an entry, and of what is below it. They wait until no operation of it runs. By
 * remove_proc_entry() a directory has to be empty.
 */
void proc_remove(struct proc_dir_entry *de); /* NULL is allowed */
void remove_proc_entry(const char *name, struct proc_dir_entry *parent);
int remove_proc_subtree(const char *name, struct proc_dir_entry *parent); /* 0, -ENOENT */

/* NAME_proc_ops around a NAME_show(), for proc_create_data() */
#define DEFINE_PROC_SHOW_ATTRIBUTE(name)                                     \
	static int name##_open(struct inode *inode, struct file *file)       \
	{                                                                    \
		return single_open(file, name##_show, pde_data(inode));      \
	}                                                                    \
	static const struct proc_ops name##_proc_ops = {                     \
		.proc_open = name##_open,                                    \
		.proc_read = seq_read,                                       \
		.proc_lseek = seq_lseek,                                     \
		.proc_release = single_release,                              \
	}

/*
 * The sysctl @path, which begins with /proc/sys/: @count (1..4) decimal numbers separated by tabs,
 * each within [@low, @high]. All may read it, root may write it. 0 or -errno. At boot.
 */
int proc_sysctl(const char *path, unsigned long *data, int count, unsigned long low,
		unsigned long high);

#endif
