/*
 * A process as a file: whoever has it open means this process, even when another one has got its
 * number. Linux: kernel/pid.c, kernel/fork.c
 */
#include <uapi/fcntl.h>

#include "kernel/fs/anon_inodes.h"
#include "kernel/fs/poll.h"
#include "kernel/process/process.h"
#include "kernel/process/task.h"
#include "kernel/syscalls.h"

#define PIDFD_NONBLOCK O_NONBLOCK

static int pidfd_release(struct inode *inode __maybe_unused, struct file *file)
{
	put_pid(file->private_data);
	return 0;
}

/* A process has ended when all of its threads have, whether or not somebody has waited for it. */
static __poll_t pidfd_poll(struct file *file, poll_table *wait)
{
	struct pid *pid = file->private_data;
	const struct task_struct *task;

	poll_wait(file, &pid->wait_pidfd, wait);
	task = pid_task(pid, PIDTYPE_PID);
	return !task || (task->exit_state && thread_group_empty(task)) ? EPOLLIN | EPOLLRDNORM : 0;
}

static const struct file_operations pidfd_fops = {
	.release = pidfd_release,
	.poll = pidfd_poll,
	.llseek = noop_llseek,
};

struct pid *pidfd_get_pid(unsigned int fd, unsigned int *flags)
{
	struct pid *pid = ERR_PTR(-EBADF);
	struct fd f = fdget(fd);

	if (!f.file)
		return pid;
	if (f.file->f_op == &pidfd_fops) {
		pid = get_pid(f.file->private_data);
		*flags = f.file->f_flags;
	}
	fdput(f);
	return pid;
}

int pidfd_create(struct pid *pid, unsigned int flags)
{
	int fd;

	if (!pid_task(pid, PIDTYPE_TGID))
		return -EINVAL;
	fd = anon_inode_getfd("[pidfd]", &pidfd_fops, get_pid(pid), flags | O_RDWR | O_CLOEXEC);
	if (fd < 0)
		put_pid(pid);
	return fd;
}

int pidfd_prepare(const struct kernel_clone_args *args, struct pid *pid, struct file **file)
{
	int fd = get_unused_fd_flags(O_CLOEXEC), err;

	if (fd < 0)
		return fd;
	*file = anon_inode_getfile("[pidfd]", &pidfd_fops, get_pid(pid), O_RDWR);
	if (IS_ERR(*file)) {
		err = PTR_ERR(*file);
		put_pid(pid);
		goto out_fd;
	}
	err = put_user(fd, args->pidfd);
	if (!err)
		return fd;

	fput(*file);
out_fd:
	*file = NULL;
	put_unused_fd(fd);
	return err;
}

SYSCALL_DEFINE2(pidfd_open, pid_t, nr, unsigned int, flags)
{
	struct pid *pid;
	int fd;

	if (flags & ~PIDFD_NONBLOCK || nr <= 0)
		return -EINVAL;
	pid = find_get_pid(nr);
	if (!pid)
		return -ESRCH;
	fd = pidfd_create(pid, flags);
	put_pid(pid);
	return fd;
}
