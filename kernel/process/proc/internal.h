/*
 * What the files of kernel/process/proc share: the names that /proc has for each task.
 * Linux: fs/proc/internal.h
 */
#ifndef KERNEL_PROCESS_PROC_INTERNAL_H
#define KERNEL_PROCESS_PROC_INTERNAL_H

#include "kernel/fs/proc/internal.h"
#include "kernel/process/process.h"
#include "kernel/sched/ptrace.h"

/* One name in the directory of a task: an inode gets these operations. */
struct pid_entry {
	const char *name;
	umode_t mode;
	const struct inode_operations *iop;
	const struct file_operations *fop;
	/* Of a symbolic link: where it leads, with references. 0 or -errno. */
	int (*get_link)(struct task_struct *task, struct path *path);
	/* Of a text that is one record. 0 or -errno. */
	int (*show)(struct seq_file *m, struct task_struct *task);
};

/* base.c. The task of @inode, with a reference; NULL: it is gone. */
struct task_struct *get_proc_task(const struct inode *inode);
/*
 * An inode of @task with number @ino, owned by whom task_dump_owner() says. NULL: no memory, or @task is
 * gone. proc_task_instantiate(): give @dentry such an inode, or one for @entry.
 */
struct inode *proc_pid_make_inode(struct super_block *sb, struct task_struct *task, umode_t mode,
				  unsigned long ino);
struct dentry *proc_pident_instantiate(struct inode *dir, struct dentry *dentry,
				       struct task_struct *task, const struct pid_entry *entry,
				       unsigned long ino);
/* Directories of tasks: of a group, and of one thread. */
struct dentry *proc_tgid_instantiate(struct dentry *dentry, struct task_struct *task);
struct dentry *proc_tid_instantiate(struct dentry *dentry, struct task_struct *task);
/* The owner of what /proc says of @task. Linux: fs/proc/base.c */
void task_dump_owner(struct task_struct *task, umode_t mode, kuid_t *uid, kgid_t *gid);
void pid_update_inode(struct task_struct *task, struct inode *inode);
int pid_getattr(const struct path *path, struct kstat *stat, u32 request_mask,
		unsigned int query_flags);
int proc_pid_setattr(struct dentry *dentry, struct iattr *attr);
/* A number as a name: without zeros in front. -1: it is none. Linux: fs/proc/util.c */
unsigned int name_to_int(const struct qstr *name);
/* Tell a number as a name; false: the reader wants no more. */
bool proc_emit_number(struct dir_context *ctx, unsigned int number, unsigned long ino,
		      unsigned int type);

/*
 * Numbers of inodes: the task's in the upper half, so that the same file has the same number whenever one
 * looks; a directory's other children count from its own number on.
 */
#define PROC_INO_TGID(pid) ((unsigned long)(pid) << 32)
#define PROC_INO_TID(pid) (PROC_INO_TGID(pid) | 1ul << 31)
#define PROC_INO_ENTRY(dir, index) ((dir) | (unsigned long)((index) + 1) << 24)
#define PROC_INO_FD(dir, fd) ((dir) + (fd) + 1)

/* link.c: magic links. */
extern const struct inode_operations proc_pid_link_inode_operations;
int do_proc_readlink(const struct path *path, char __user *buffer, int buflen);
int proc_exe_link(struct task_struct *task, struct path *path);
int proc_cwd_link(struct task_struct *task, struct path *path);
int proc_root_link(struct task_struct *task, struct path *path);

/* fd.c */
extern const struct inode_operations proc_fd_inode_operations, proc_fdinfo_inode_operations;
extern const struct file_operations proc_fd_operations, proc_fdinfo_operations;

/* array.c, status.c, task_mmu.c, limits.c: texts of one record. */
int proc_tgid_stat(struct seq_file *m, struct task_struct *task);
int proc_tid_stat(struct seq_file *m, struct task_struct *task);
int proc_pid_status(struct seq_file *m, struct task_struct *task);
int proc_pid_statm(struct seq_file *m, struct task_struct *task);
int proc_pid_limits(struct seq_file *m, struct task_struct *task);
int proc_pid_wchan(struct seq_file *m, struct task_struct *task);
int proc_pid_mounts(struct seq_file *m, struct task_struct *task);
int proc_oom_score(struct seq_file *m, struct task_struct *task);
/* As a letter and words, such as "S (sleeping)". */
const char *get_task_state(const struct task_struct *task);

/* mem.c, task_mmu.c, comm.c, oom.c: files with operations of their own. */
extern const struct file_operations proc_pid_cmdline_ops, proc_environ_operations,
	proc_pid_maps_operations, proc_pid_set_comm_operations, proc_oom_score_adj_operations;

/* status.c. Pages of the areas that are a stack; of those that are code. */
void count_areas(struct mm_struct *mm, unsigned long *stack, unsigned long *code);

/*
 * mem.c. The address space of @task, with a user counted. NULL: it has none; ERR_PTR(-EACCES): current may not
 * look into it. get_task_mm(): without that check. proc_mem_open(): of the task of @inode, which keeps the
 * struct for an open file and no memory; ERR_PTR(-ESRCH), too.
 */
struct mm_struct *get_task_mm(struct task_struct *task);
struct mm_struct *mm_access(struct task_struct *task, unsigned int mode);
struct mm_struct *proc_mem_open(const struct inode *inode);

#endif
