/*
 * /proc/PID/fd: the open files of a task as links that lead to them; /proc/PID/fdinfo: what there is to say of
 * each. Linux: fs/proc/fd.c
 */
#include "kernel/fs/mount.h"
#include "kernel/process/proc/internal.h"

/* The file behind descriptor @fd of @task, without a reference; or NULL. Linux: fs/file.c:task_lookup_fd_rcu() */
static struct file *task_lookup_fd(const struct task_struct *task, unsigned int fd)
{
	const struct fdtable *fdt = task->files ? files_fdtable(task->files) : NULL;

	return fdt && fd < fdt->max_fds ? fdt->fd[fd] : NULL;
}

/* The first descriptor from @fd on that is open; -1: there is none. Linux: task_lookup_next_fd_rcu() */
static int next_fd(const struct task_struct *task, unsigned int fd)
{
	const struct fdtable *fdt = task->files ? files_fdtable(task->files) : NULL;

	while (fdt && fd < fdt->max_fds) {
		fd = find_next_bit(fdt->open_fds, fdt->max_fds, fd);
		if (fd < fdt->max_fds && fdt->fd[fd])
			return fd;
		fd++;
	}
	return -1;
}

/* The file of @inode, with a reference; or NULL. */
static struct file *proc_fd_file(const struct inode *inode)
{
	const struct task_struct *task = pid_task(PROC_I(inode)->pid, PIDTYPE_PID);
	struct file *file = task ? task_lookup_fd(task, PROC_I(inode)->fd) : NULL;

	return file ? get_file(file) : NULL;
}

/* --- fd ------------------------------------------------------------------------------------- */

/* Where the link leads, with references. 0, -EACCES, -ENOENT: the descriptor is closed. */
static int tid_fd_follow(const struct inode *inode, struct path *path)
{
	struct task_struct *task = get_proc_task(inode);
	struct file *file = NULL;
	int error = -EACCES;

	if (!task)
		return error;
	if (ptrace_may_access(task, PTRACE_MODE_READ_FSCREDS)) {
		file = proc_fd_file(inode);
		error = -ENOENT;
	}
	put_task_struct(task);
	if (!file)
		return error;
	*path = file->f_path;
	path_get(path);
	fput(file);
	return 0;
}

static const char *tid_fd_get_link(struct dentry *dentry __maybe_unused, struct inode *inode)
{
	struct path path;
	int error = tid_fd_follow(inode, &path);

	return error ? ERR_PTR(error) : ERR_PTR(nd_jump_link(&path));
}

static int tid_fd_readlink(struct dentry *dentry, char __user *buffer, int buflen)
{
	struct path path;
	int error = tid_fd_follow(dentry->d_inode, &path);

	if (error)
		return error;
	error = do_proc_readlink(&path, buffer, buflen);
	path_put(&path);
	return error;
}

static const struct inode_operations tid_fd_link_inode_operations = {
	.readlink = tid_fd_readlink,
	.get_link = tid_fd_get_link,
	.getattr = pid_getattr,
	.setattr = proc_pid_setattr,
};

static struct dentry *lookup_fd(struct inode *dir, struct dentry *dentry,
				const struct pid_entry *entry)
{
	struct task_struct *task = get_proc_task(dir);
	unsigned int fd = name_to_int(&dentry->d_name);
	struct dentry *res = ERR_PTR(-ENOENT);

	if (!task)
		return res;
	if (fd != -1u && task_lookup_fd(task, fd))
		res = proc_pident_instantiate(dir, dentry, task, entry,
					      PROC_INO_FD(dir->i_ino, fd));
	if (!res)
		PROC_I(dentry->d_inode)->fd = fd;
	put_task_struct(task);
	return res;
}

/* The mode of a link says how the file is open. */
static umode_t fd_mode(const struct file *file)
{
	umode_t mode = S_IFLNK;

	if (file->f_mode & FMODE_READ)
		mode |= S_IRUSR | S_IXUSR;
	if (file->f_mode & FMODE_WRITE)
		mode |= S_IWUSR | S_IXUSR;
	return mode;
}

/* The descriptor may be another file meanwhile: that is what the link means then. */
static int tid_fd_revalidate(struct dentry *dentry, unsigned int flags __maybe_unused)
{
	struct inode *inode = dentry->d_inode;
	struct task_struct *task = pid_task(PROC_I(inode)->pid, PIDTYPE_PID);
	const struct file *file = task ? task_lookup_fd(task, PROC_I(inode)->fd) : NULL;

	if (!file)
		return 0;
	task_dump_owner(task, 0, &inode->i_uid, &inode->i_gid);
	if (S_ISLNK(inode->i_mode))
		inode->i_mode = fd_mode(file);
	return 1;
}

static struct dentry *proc_lookupfd(struct inode *dir, struct dentry *dentry,
				    unsigned int flags)
{
	static const struct pid_entry entry = {
		.mode = S_IFLNK,
		.iop = &tid_fd_link_inode_operations,
	};
	struct dentry *res = lookup_fd(dir, dentry, &entry);

	if (res)
		return res;
	dentry->d_inode->i_size = 64;
	PROC_I(dentry->d_inode)->d_revalidate = tid_fd_revalidate;
	return tid_fd_revalidate(dentry, flags) ? NULL : ERR_PTR(-ENOENT);
}

/* The position is the next descriptor, behind "." and "..". */
static int readdir_fds(struct file *file, struct dir_context *ctx, unsigned int type)
{
	const struct inode *dir = file->f_inode;
	struct task_struct *task = get_proc_task(dir);
	bool more = true;
	int fd;

	if (!task)
		return -ENOENT;
	if (!dir_emit_dots(file, ctx))
		goto out;
	while (more && (fd = next_fd(task, ctx->pos - 2)) >= 0) {
		ctx->pos = fd + 2;
		more = proc_emit_number(ctx, fd, PROC_INO_FD(dir->i_ino, fd), type);
		ctx->pos += more;
		cond_resched();
		if (fatal_signal_pending(current))
			break;
	}
out:
	put_task_struct(task);
	return 0;
}

static int proc_readfd(struct file *file, struct dir_context *ctx)
{
	return readdir_fds(file, ctx, S_IFLNK >> 12);
}

/* A thread of the group may, whatever the mode says: the owner may be root, after a set-user-ID program. */
static int proc_fd_permission(struct inode *inode, int mask)
{
	const struct task_struct *task;
	int error = generic_permission(inode, mask);

	if (!error)
		return 0;
	task = pid_task(PROC_I(inode)->pid, PIDTYPE_PID);
	return task && task->signal == current->signal ? 0 : error;
}

const struct inode_operations proc_fd_inode_operations = {
	.lookup = proc_lookupfd,
	.permission = proc_fd_permission,
	.getattr = pid_getattr,
	.setattr = proc_pid_setattr,
};

const struct file_operations proc_fd_operations = {
	.llseek = generic_file_llseek,
	.read_iter = generic_read_dir,
	.iterate_shared = proc_readfd,
};

/* --- fdinfo --------------------------------------------------------------------------------- */

static int seq_show(struct seq_file *m, void *v __maybe_unused)
{
	const struct inode *inode = m->private;
	struct task_struct *task = pid_task(PROC_I(inode)->pid, PIDTYPE_PID);
	struct file *file = proc_fd_file(inode);
	unsigned int flags;

	if (!file)
		return -ENOENT;
	flags = file->f_flags & ~O_CLOEXEC;
	if (test_bit(PROC_I(inode)->fd, files_fdtable(task->files)->close_on_exec))
		flags |= O_CLOEXEC;
	seq_printf(m, "pos:\t%lld\nflags:\t0%o\nmnt_id:\t%d\nino:\t%lu\n", file->f_pos, flags,
		   real_mount(file->f_path.mnt)->mnt_id, file->f_inode->i_ino);
	if (file->f_op->show_fdinfo)
		file->f_op->show_fdinfo(m, file);
	fput(file);
	return 0;
}

/* Linux: fs/proc/fd.c:proc_fdinfo_access_allowed() */
static int proc_fdinfo_access_allowed(const struct inode *inode)
{
	struct task_struct *task = get_proc_task(inode);
	bool allowed;

	if (!task)
		return -ESRCH;
	allowed = ptrace_may_access(task, PTRACE_MODE_READ_FSCREDS);
	put_task_struct(task);
	return allowed ? 0 : -EACCES;
}

static int seq_fdinfo_open(struct inode *inode, struct file *file)
{
	int error = proc_fdinfo_access_allowed(inode);

	return error ? error : single_open(file, seq_show, inode);
}

static const struct file_operations proc_fdinfo_file_operations = {
	.open = seq_fdinfo_open,
	.read_iter = seq_read_iter,
	.llseek = seq_lseek,
	.release = single_release,
};

static const struct inode_operations fdinfo_file_inode_operations = {
	.getattr = pid_getattr,
	.setattr = proc_pid_setattr,
};

static struct dentry *proc_lookupfdinfo(struct inode *dir, struct dentry *dentry,
					unsigned int flags)
{
	static const struct pid_entry entry = {
		.mode = S_IFREG | 0400,
		.iop = &fdinfo_file_inode_operations,
		.fop = &proc_fdinfo_file_operations,
	};
	struct dentry *res = lookup_fd(dir, dentry, &entry);

	if (res)
		return res;
	PROC_I(dentry->d_inode)->d_revalidate = tid_fd_revalidate;
	return tid_fd_revalidate(dentry, flags) ? NULL : ERR_PTR(-ENOENT);
}

static int proc_readfdinfo(struct file *file, struct dir_context *ctx)
{
	return readdir_fds(file, ctx, S_IFREG >> 12);
}

static int proc_open_fdinfo(struct inode *inode, struct file *file __maybe_unused)
{
	return proc_fdinfo_access_allowed(inode);
}

const struct inode_operations proc_fdinfo_inode_operations = {
	.lookup = proc_lookupfdinfo,
	.getattr = pid_getattr,
	.setattr = proc_pid_setattr,
};

const struct file_operations proc_fdinfo_operations = {
	.open = proc_open_fdinfo,
	.llseek = generic_file_llseek,
	.read_iter = generic_read_dir,
	.iterate_shared = proc_readfdinfo,
};
