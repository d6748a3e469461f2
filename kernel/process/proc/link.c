/*
 * Symbolic links that lead to a file itself, whatever its path is now: exe, cwd, root; and those that say who
 * asks: /proc/self, /proc/thread-self, /proc/mounts. Linux: fs/proc/base.c, self.c, thread_self.c
 */
#include "kernel/lib/init.h"
#include "kernel/process/proc/internal.h"

int proc_exe_link(struct task_struct *task, struct path *path)
{
	if (!task->mm || !task->mm->exe_file)
		return -ENOENT;
	*path = task->mm->exe_file->f_path;
	path_get(path);
	return 0;
}

int proc_cwd_link(struct task_struct *task, struct path *path)
{
	if (!task->fs)
		return -ENOENT;
	*path = task->fs->pwd;
	path_get(path);
	return 0;
}

int proc_root_link(struct task_struct *task, struct path *path)
{
	if (!task->fs)
		return -ENOENT;
	*path = task->fs->root;
	path_get(path);
	return 0;
}

/* Where the link @inode leads. 0; -EACCES: current may not look into the task, or it is gone. */
static int proc_pid_follow(const struct inode *inode, struct path *path)
{
	struct task_struct *task = get_proc_task(inode);
	int error = -EACCES;

	if (!task)
		return error;
	if (ptrace_may_access(task, PTRACE_MODE_READ_FSCREDS))
		error = PROC_I(inode)->entry->get_link(task, path);
	put_task_struct(task);
	return error;
}

static const char *proc_pid_get_link(struct dentry *dentry __maybe_unused, struct inode *inode)
{
	struct path path;
	int error = proc_pid_follow(inode, &path);

	return error ? ERR_PTR(error) : ERR_PTR(nd_jump_link(&path));
}

int do_proc_readlink(const struct path *path, char __user *buffer, int buflen)
{
	char *page = kmalloc(PAGE_SIZE, GFP_KERNEL), *name;
	int len;

	if (!page)
		return -ENOMEM;
	name = d_path(path, page, PAGE_SIZE);
	len = PTR_ERR(name);
	if (!IS_ERR(name)) {
		len = min((int)(page + PAGE_SIZE - 1 - name), buflen);
		if (copy_to_user(buffer, name, len))
			len = -EFAULT;
	}
	kfree(page);
	return len;
}

static int proc_pid_readlink(struct dentry *dentry, char __user *buffer, int buflen)
{
	struct path path;
	int error = proc_pid_follow(dentry->d_inode, &path);

	if (error)
		return error;
	error = do_proc_readlink(&path, buffer, buflen);
	path_put(&path);
	return error;
}

const struct inode_operations proc_pid_link_inode_operations = {
	.readlink = proc_pid_readlink,
	.get_link = proc_pid_get_link,
	.getattr = pid_getattr,
	.setattr = proc_pid_setattr,
};

/* The text belongs to the task that asks, for which it is the same each time. */
static const char *proc_self_get_link(struct dentry *dentry __maybe_unused,
				      struct inode *inode __maybe_unused)
{
	scnprintf(current->proc_self, sizeof(current->proc_self), "%d", current->tgid);
	return current->proc_self;
}

static const char *proc_thread_self_get_link(struct dentry *dentry __maybe_unused,
					     struct inode *inode __maybe_unused)
{
	scnprintf(current->proc_self, sizeof(current->proc_self), "%d/task/%d", current->tgid,
		  current->pid);
	return current->proc_self;
}

static const char *proc_mounts_get_link(struct dentry *dentry __maybe_unused, struct inode *inode __maybe_unused)
{
	return "self/mounts";
}

static const struct inode_operations proc_mounts_inode_operations = {
	.get_link = proc_mounts_get_link,
};
static const struct inode_operations proc_self_inode_operations = {
	.get_link = proc_self_get_link,
};
static const struct inode_operations proc_thread_self_inode_operations = {
	.get_link = proc_thread_self_get_link,
};
static const struct file_operations no_operations;

static int proc_self_init(void)
{
	if (!proc_register(NULL, "self", S_IFLNK | 0777, &proc_self_inode_operations, &no_operations,
			   NULL) ||
	    !proc_register(NULL, "thread-self", S_IFLNK | 0777, &proc_thread_self_inode_operations,
			   &no_operations, NULL) ||
	    !proc_register(NULL, "mounts", S_IFLNK | 0777, &proc_mounts_inode_operations, &no_operations,
			   NULL))
		return -ENOMEM;
	return 0;
}
late_initcall(proc_self_init);
