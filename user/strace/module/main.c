// SPDX-License-Identifier: MIT
/*
 * strace: /dev/strace, from which the program strace learns what tasks ask of the kernel. As long as
 * nobody has it open there is no probe, and it costs nothing. One at a time may have it open.
 */
#include "strace.h"

#include <linux/atomic.h>
#include <linux/miscdevice.h>

struct strace_start setting;
static atomic_t users = ATOMIC_INIT(0);
static bool started;

static int strace_open(struct inode *inode, struct file *file)
{
	return atomic_cmpxchg(&users, 0, 1) ? -EBUSY : 0;
}

static int strace_release(struct inode *inode, struct file *file)
{
	tasks_stop();
	records_forget();
	started = false;
	atomic_set(&users, 0);
	return 0;
}

static long add_call(const void __user *arg)
{
	struct strace_call call;

	if (copy_from_user(&call, arg, sizeof(call)))
		return -EFAULT;
	return started ? -EBUSY : tasks_describe(&call);
}

static long start(const void __user *arg)
{
	long err;

	if (copy_from_user(&setting, arg, sizeof(setting)))
		return -EFAULT;
	if (setting.string_size > STRACE_STRING_MAX)
		return -EINVAL;
	if (started)
		return -EBUSY;
	err = tasks_start();
	started = !err;
	return err;
}

static long strace_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case STRACE_CALL:
		return add_call((const void __user *)arg);
	case STRACE_START:
		return start((const void __user *)arg);
	case STRACE_ME:
		if (!started)
			return -EINVAL;
		tasks_trace_me();
		return 0;
	default:
		return -ENOTTY;
	}
}

/* Only one has the device open, but its child may read at the same time: one after the other. */
static DEFINE_MUTEX(reader);

static ssize_t strace_read(struct file *file, char __user *buf, size_t size, loff_t *pos)
{
	ssize_t ret;

	ret = wait_event_interruptible(record_wait, records_waiting() || !tasks_left());
	if (ret)
		return ret;
	mutex_lock(&reader);
	ret = records_read(buf, size);
	mutex_unlock(&reader);
	return ret;
}

static const struct file_operations strace_fops = {
	.owner = THIS_MODULE,
	.open = strace_open,
	.release = strace_release,
	.unlocked_ioctl = strace_ioctl,
	.read = strace_read,
	.llseek = noop_llseek,
};

static struct miscdevice strace_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "strace",
	.fops = &strace_fops,
};

module_misc_device(strace_device);
MODULE_DESCRIPTION("records system calls, for strace");
MODULE_LICENSE("Dual MIT/GPL");
