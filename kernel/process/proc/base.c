/*
 * The directories of tasks in /proc: /proc/PID for each process, /proc/PID/task/TID for each thread, and the
 * names that are in them.
 *
 * An inode knows the struct pid, not the task. Each use asks for the task, and is told -ESRCH, or finds no
 * such name, when it is gone. A number of a thread that is no process is found in /proc, but not told.
 * Read proc_pid_lookup(), then proc_pident_lookup(). Linux: fs/proc/base.c
 */
#include "kernel/process/proc/internal.h"

struct task_struct *get_proc_task(const struct inode *inode)
{
	struct task_struct *task = pid_task(PROC_I(inode)->pid, PIDTYPE_PID);

	return task ? get_task_struct(task) : NULL;
}

/*
 * Who is not allowed to look into a program, because it has more rights than him, does not own what is
 * said of it either. The directory itself, which all may read, is always the task's.
 */
void task_dump_owner(struct task_struct *task, umode_t mode, kuid_t *uid, kgid_t *gid)
{
	*uid = task->cred->euid;
	*gid = task->cred->egid;
	if (task->flags & PF_KTHREAD ||
	    (mode != (S_IFDIR | 0555) && !(task->mm && task->mm->dumpable))) {
		*uid = GLOBAL_ROOT_UID;
		*gid = GLOBAL_ROOT_GID;
	}
}

void pid_update_inode(struct task_struct *task, struct inode *inode)
{
	task_dump_owner(task, inode->i_mode, &inode->i_uid, &inode->i_gid);
	inode->i_mode &= ~(S_ISUID | S_ISGID);
}

static int pid_revalidate(struct dentry *dentry, unsigned int flags __maybe_unused)
{
	struct task_struct *task = pid_task(PROC_I(dentry->d_inode)->pid, PIDTYPE_PID);

	if (!task)
		return 0;
	pid_update_inode(task, dentry->d_inode);
	return 1;
}

int pid_getattr(const struct path *path, struct kstat *stat, u32 request_mask __maybe_unused,
		unsigned int query_flags __maybe_unused)
{
	const struct inode *inode = path->dentry->d_inode;
	struct task_struct *task = pid_task(PROC_I(inode)->pid, PIDTYPE_PID);

	generic_fillattr(inode, stat);
	stat->uid = GLOBAL_ROOT_UID;
	stat->gid = GLOBAL_ROOT_GID;
	if (task)
		task_dump_owner(task, inode->i_mode, &stat->uid, &stat->gid);
	return 0;
}

/* Linux: fs/proc/base.c:proc_setattr() */
int proc_pid_setattr(struct dentry *dentry, struct iattr *attr)
{
	int error = attr->ia_valid & ATTR_MODE ? -EPERM : setattr_prepare(dentry, attr);

	if (!error)
		setattr_copy(dentry->d_inode, attr);
	return error;
}

struct inode *proc_pid_make_inode(struct super_block *sb, struct task_struct *task, umode_t mode,
				  unsigned long ino)
{
	struct inode *inode = new_inode(sb);

	if (!inode)
		return NULL;
	PROC_I(inode)->pid = get_task_pid(task, PIDTYPE_PID);
	if (!PROC_I(inode)->pid) {
		iput(inode);
		return NULL;
	}
	PROC_I(inode)->d_revalidate = pid_revalidate;
	inode->i_mode = mode;
	inode->i_ino = ino;
	inode->i_atime = inode->i_mtime = inode->i_ctime = ktime_get_real_ns();
	pid_update_inode(task, inode);
	return inode;
}

/* --- names that every task has -------------------------------------------------------------- */

static int proc_single_show(struct seq_file *m, void *v __maybe_unused)
{
	struct inode *inode = m->private;
	struct task_struct *task = get_proc_task(inode);
	int ret;

	if (!task)
		return -ESRCH;
	ret = PROC_I(inode)->entry->show(m, task);
	put_task_struct(task);
	return ret;
}

static int proc_single_open(struct inode *inode, struct file *file)
{
	return single_open(file, proc_single_show, inode);
}

static const struct file_operations proc_single_file_operations = {
	.open = proc_single_open,
	.read_iter = seq_read_iter,
	.llseek = seq_lseek,
	.release = single_release,
};

static const struct inode_operations proc_def_inode_operations = {
	.setattr = proc_pid_setattr,
	.getattr = pid_getattr,
};

#define NOD(NAME, MODE, ...) { .name = (NAME), .mode = (MODE), __VA_ARGS__ }
#define DIR(NAME, MODE, IOP, FOP) NOD(NAME, S_IFDIR | (MODE), .iop = &(IOP), .fop = &(FOP))
#define LNK(NAME, GET_LINK) \
	NOD(NAME, S_IFLNK | 0777, .iop = &proc_pid_link_inode_operations, .get_link = (GET_LINK))
#define REG(NAME, MODE, FOP) \
	NOD(NAME, S_IFREG | (MODE), .iop = &proc_def_inode_operations, .fop = &(FOP))
#define ONE(NAME, MODE, SHOW)                                                \
	NOD(NAME, S_IFREG | (MODE), .iop = &proc_def_inode_operations,       \
	    .fop = &proc_single_file_operations, .show = (SHOW))

static const struct inode_operations proc_task_inode_operations;
static const struct file_operations proc_task_operations;

#define FIRST_OF_GROUP 1 /* entries that a thread has not */

/* "task" is only in the directory of a group; what follows is in that of a thread, too. */
static const struct pid_entry tgid_base_stuff[] = {
	DIR("task", 0555, proc_task_inode_operations, proc_task_operations),
	DIR("fd", 0500, proc_fd_inode_operations, proc_fd_operations),
	DIR("fdinfo", 0555, proc_fdinfo_inode_operations, proc_fdinfo_operations),
	REG("environ", 0400, proc_environ_operations),
	ONE("status", 0444, proc_pid_status),
	ONE("limits", 0444, proc_pid_limits),
	REG("comm", 0644, proc_pid_set_comm_operations),
	REG("cmdline", 0444, proc_pid_cmdline_ops),
	ONE("stat", 0444, proc_tgid_stat),
	ONE("statm", 0444, proc_pid_statm),
	REG("maps", 0444, proc_pid_maps_operations),
	LNK("cwd", proc_cwd_link),
	LNK("root", proc_root_link),
	LNK("exe", proc_exe_link),
	ONE("mounts", 0444, proc_pid_mounts),
	ONE("wchan", 0444, proc_pid_wchan),
	ONE("oom_score", 0444, proc_oom_score),
	REG("oom_score_adj", 0644, proc_oom_score_adj_operations),
};

static const struct pid_entry tid_stat = ONE("stat", 0444, proc_tid_stat);

struct dentry *proc_pident_instantiate(struct inode *dir, struct dentry *dentry,
				       struct task_struct *task, const struct pid_entry *entry,
				       unsigned long ino)
{
	struct inode *inode = proc_pid_make_inode(dir->i_sb, task, entry->mode, ino);

	if (!inode)
		return ERR_PTR(task->thread_pid ? -ENOMEM : -ENOENT);
	if (S_ISDIR(entry->mode))
		inode->i_nlink = 2;
	inode->i_op = entry->iop;
	if (entry->fop)
		inode->i_fop = entry->fop;
	PROC_I(inode)->entry = entry;
	d_add(dentry, inode);
	return NULL;
}

static struct dentry *proc_pident_lookup(struct inode *dir, struct dentry *dentry, size_t first)
{
	struct task_struct *task = get_proc_task(dir);
	struct dentry *res = ERR_PTR(-ENOENT);

	for (size_t i = first; task && i < ARRAY_SIZE(tgid_base_stuff); i++) {
		const struct pid_entry *p = &tgid_base_stuff[i];

		if (strcmp(p->name, dentry->d_name.name))
			continue;
		if (first && p->show == proc_tgid_stat)
			p = &tid_stat;
		res = proc_pident_instantiate(dir, dentry, task, p, PROC_INO_ENTRY(dir->i_ino, i));
		break;
	}
	if (task)
		put_task_struct(task);
	return res;
}

static int proc_pident_readdir(struct file *file, struct dir_context *ctx, size_t first)
{
	const struct inode *dir = file->f_inode;

	if (!pid_task(PROC_I(dir)->pid, PIDTYPE_PID))
		return -ENOENT;
	if (!dir_emit_dots(file, ctx))
		return 0;
	for (; (size_t)ctx->pos - 2 + first < ARRAY_SIZE(tgid_base_stuff); ctx->pos++) {
		size_t i = ctx->pos - 2 + first;
		const struct pid_entry *p = &tgid_base_stuff[i];

		if (!ctx->actor(ctx, p->name, strlen(p->name), ctx->pos,
				PROC_INO_ENTRY(dir->i_ino, i), p->mode >> 12))
			break;
	}
	return 0;
}

static struct dentry *proc_tgid_base_lookup(struct inode *dir, struct dentry *dentry,
					    unsigned int flags __maybe_unused)
{
	return proc_pident_lookup(dir, dentry, 0);
}

static int proc_tgid_base_readdir(struct file *file, struct dir_context *ctx)
{
	return proc_pident_readdir(file, ctx, 0);
}

static struct dentry *proc_tid_base_lookup(struct inode *dir, struct dentry *dentry,
					   unsigned int flags __maybe_unused)
{
	return proc_pident_lookup(dir, dentry, FIRST_OF_GROUP);
}

static int proc_tid_base_readdir(struct file *file, struct dir_context *ctx)
{
	return proc_pident_readdir(file, ctx, FIRST_OF_GROUP);
}

/* Nobody may do anything in the directory of a process that is gone. */
static int proc_pid_permission(struct inode *inode, int mask)
{
	if (!pid_task(PROC_I(inode)->pid, PIDTYPE_PID))
		return -ESRCH;
	return generic_permission(inode, mask);
}

static const struct inode_operations proc_tgid_base_inode_operations = {
	.permission = proc_pid_permission,
	.lookup = proc_tgid_base_lookup,
	.getattr = pid_getattr,
	.setattr = proc_pid_setattr,
};

static const struct file_operations proc_tgid_base_operations = {
	.llseek = generic_file_llseek,
	.read_iter = generic_read_dir,
	.iterate_shared = proc_tgid_base_readdir,
};

static const struct inode_operations proc_tid_base_inode_operations = {
	.lookup = proc_tid_base_lookup,
	.getattr = pid_getattr,
	.setattr = proc_pid_setattr,
};

static const struct file_operations proc_tid_base_operations = {
	.llseek = generic_file_llseek,
	.read_iter = generic_read_dir,
	.iterate_shared = proc_tid_base_readdir,
};

/* --- /proc/PID ------------------------------------------------------------------------------ */

unsigned int name_to_int(const struct qstr *name)
{
	unsigned int n = 0;

	if (name->len > 1 && name->name[0] == '0')
		return -1;
	for (unsigned int i = 0; i < name->len; i++) {
		unsigned int c = name->name[i] - '0';

		if (c > 9 || n >= (~0u - 9) / 10)
			return -1;
		n = n * 10 + c;
	}
	return n;
}

bool proc_emit_number(struct dir_context *ctx, unsigned int number, unsigned long ino,
		      unsigned int type)
{
	char name[12];
	int len = scnprintf(name, sizeof(name), "%u", number);

	return ctx->actor(ctx, name, len, ctx->pos, ino, type);
}

static struct dentry *instantiate(struct dentry *dentry, struct task_struct *task,
				  const struct pid_entry *entry, unsigned long ino)
{
	struct dentry *res;

	get_task_struct(task);
	res = proc_pident_instantiate(dentry->d_parent->d_inode, dentry, task, entry, ino);
	if (!res) /* ".", "..", and the directories in it: fd, fdinfo, and of a group task */
		dentry->d_inode->i_nlink = entry->iop == &proc_tgid_base_inode_operations ? 5 : 4;
	put_task_struct(task);
	return res;
}

struct dentry *proc_pid_lookup(struct inode *dir __maybe_unused, struct dentry *dentry)
{
	static const struct pid_entry entry =
		DIR("", 0555, proc_tgid_base_inode_operations, proc_tgid_base_operations);
	unsigned int tgid = name_to_int(&dentry->d_name);
	struct task_struct *task = tgid > INT32_MAX ? NULL : find_task_by_vpid(tgid);

	if (!task)
		return ERR_PTR(-ENOENT);
	return instantiate(dentry, task, &entry, PROC_INO_TGID(task->pid));
}

/* The position says the smallest number that has not been told yet. */
int proc_pid_readdir(struct file *file __maybe_unused, struct dir_context *ctx)
{
	struct pid *pid;

	while ((pid = find_ge_pid(ctx->pos - FIRST_PROCESS_ENTRY))) {
		ctx->pos = FIRST_PROCESS_ENTRY + pid_nr(pid);
		if (pid_task(pid, PIDTYPE_TGID) &&
		    !proc_emit_number(ctx, pid_nr(pid), PROC_INO_TGID(pid_nr(pid)), DT_DIR))
			return 0;
		ctx->pos++;
		cond_resched();
		if (fatal_signal_pending(current))
			return -EINTR;
	}
	return 0;
}

/* --- /proc/PID/task ------------------------------------------------------------------------- */

static struct dentry *proc_task_lookup(struct inode *dir, struct dentry *dentry,
				       unsigned int flags __maybe_unused)
{
	static const struct pid_entry entry =
		DIR("", 0555, proc_tid_base_inode_operations, proc_tid_base_operations);
	const struct task_struct *leader = pid_task(PROC_I(dir)->pid, PIDTYPE_PID);
	unsigned int tid = name_to_int(&dentry->d_name);
	struct task_struct *task = tid > INT32_MAX ? NULL : find_task_by_vpid(tid);

	if (!leader || !task || task->signal != leader->signal)
		return ERR_PTR(-ENOENT);
	return instantiate(dentry, task, &entry, PROC_INO_TID(task->pid));
}

/* Thread number @nr of @leader's group, or NULL. Linux: fs/proc/base.c:first_tid() */
static struct task_struct *nth_thread(struct task_struct *leader, loff_t nr)
{
	struct task_struct *task;

	if (nr >= leader->signal->nr_threads)
		return NULL;
	for_each_thread(leader, task) {
		if (!nr--)
			return task;
	}
	return NULL;
}

/* The next thread; NULL: @task was the last one, or has left its group while its name was taken. */
static struct task_struct *next_tid(struct task_struct *task)
{
	struct list_head *next = task->thread_node.next;

	if (!task->thread_pid || next == &task->signal->thread_head)
		return NULL;
	return list_entry(next, struct task_struct, thread_node);
}

/*
 * The position says how many have been told. f_version of Linux, which remembers the last one, would make
 * the next call begin faster. A big buffer needs only one.
 */
static int proc_task_readdir(struct file *file, struct dir_context *ctx)
{
	struct task_struct *task = get_proc_task(file->f_inode), *next;
	bool more = true;

	if (!task)
		return -ENOENT;
	if (!dir_emit_dots(file, ctx)) {
		put_task_struct(task);
		return 0;
	}
	next = nth_thread(task, ctx->pos - 2);
	put_task_struct(task);
	while (next && more) {
		task = get_task_struct(next);
		more = proc_emit_number(ctx, task->pid, PROC_INO_TID(task->pid), DT_DIR);
		ctx->pos += more;
		next = more ? next_tid(task) : NULL;
		put_task_struct(task);
	}
	return 0;
}

static int proc_task_getattr(const struct path *path, struct kstat *stat, u32 request_mask,
			     unsigned int query_flags)
{
	const struct task_struct *task = pid_task(PROC_I(path->dentry->d_inode)->pid, PIDTYPE_PID);

	pid_getattr(path, stat, request_mask, query_flags);
	if (task)
		stat->nlink += task->signal->nr_threads;
	return 0;
}

static const struct inode_operations proc_task_inode_operations = {
	.lookup = proc_task_lookup,
	.getattr = proc_task_getattr,
	.setattr = proc_pid_setattr,
};

static const struct file_operations proc_task_operations = {
	.llseek = generic_file_llseek,
	.read_iter = generic_read_dir,
	.iterate_shared = proc_task_readdir,
};
