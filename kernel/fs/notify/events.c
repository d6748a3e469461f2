/*
 * The events of an inotify file: queued, merged, read. Linux: fs/notify/inotify/inotify_fsnotify.c,
 * inotify_user.c, fs/notify/notification.c
 */
#include <uapi/ioctl.h>
#include <uapi/siginfo.h>

#include "kernel/fs/notify/notify.h"
#include "kernel/fs/poll.h"

/* The same as the one before, which nobody has read yet, tells nothing new. */
static bool event_compare(const struct inotify_event_info *old, int wd, u32 mask,
			  const struct qstr *name)
{
	unsigned int len = name ? name->len : 0;

	return !(old->mask & IN_IGNORED) && old->mask == mask && old->wd == wd &&
	       old->name_len == len && (!len || !memcmp(old->name, name->name, len));
}

static struct inotify_event_info *last_event(const struct inotify_group *group)
{
	if (list_empty(&group->events))
		return NULL;
	return list_entry(group->events.prev, struct inotify_event_info, list);
}

static void add_event(struct inotify_group *group, struct inotify_event_info *event)
{
	list_add_tail(&event->list, &group->events);
	group->nr_events++;
	wake_up(&group->waitq);
	kill_fasync(&group->fasync, SIGIO, POLL_IN);
}

static struct inotify_event_info *new_event(int wd, u32 mask, u32 cookie, const struct qstr *name)
{
	unsigned int len = name ? name->len : 0;
	struct inotify_event_info *event = kmalloc(sizeof(*event) + len + 1, GFP_ATOMIC);

	if (!event)
		return NULL;
	event->wd = wd;
	event->mask = mask;
	event->cookie = cookie;
	event->name_len = len;
	if (len)
		memcpy(event->name, name->name, len);
	event->name[len] = '\0';
	return event;
}

void inotify_queue_event(struct inotify_group *group, int wd, u32 mask, u32 cookie,
			 const struct qstr *name)
{
	struct inotify_event_info *event = last_event(group);

	if (group->overflowed || (event && event_compare(event, wd, mask, name)))
		return;
	event = NULL;
	if (group->nr_events < group->max_events)
		event = new_event(wd, mask, cookie, name);
	if (!event) {
		event = new_event(-1, IN_Q_OVERFLOW, 0, NULL);
		group->overflowed = true; /* until that was read */
	}
	if (event)
		add_event(group, event);
}

static void remove_event(struct inotify_group *group, struct inotify_event_info *event)
{
	list_del(&event->list);
	group->nr_events--;
	if (event->mask & IN_Q_OVERFLOW || list_empty(&group->events))
		group->overflowed = false;
}

void inotify_flush_events(struct inotify_group *group)
{
	struct inotify_event_info *event, *next;

	list_for_each_entry_safe(event, next, &group->events, list) {
		list_del(&event->list);
		kfree(event);
		cond_resched();
	}
}

/* Bytes that the name takes when it is read: with one NUL at least, a multiple of an event's size. */
static size_t round_event_name_len(const struct inotify_event_info *event)
{
	return event->name_len ? ALIGN(event->name_len + 1, sizeof(struct inotify_event)) : 0;
}

/* Bytes, or -EFAULT: the event is lost then, as on Linux. */
static ssize_t copy_event_to_user(const struct inotify_event_info *event, char __user *buf)
{
	size_t len = round_event_name_len(event);
	struct inotify_event header = {
		.wd = event->wd, .mask = event->mask, .cookie = event->cookie, .len = len,
	};

	if (copy_to_user(buf, &header, sizeof(header)))
		return -EFAULT;
	buf += sizeof(header);
	if (len && (copy_to_user(buf, event->name, event->name_len) ||
		    clear_user(buf + event->name_len, len - event->name_len)))
		return -EFAULT;
	return sizeof(header) + len;
}

/* The next event that fits into @count bytes, out of the queue. NULL: none; ERR_PTR(-EINVAL): it does not. */
static struct inotify_event_info *get_one_event(struct inotify_group *group, size_t count)
{
	struct inotify_event_info *event =
		list_first_entry_or_null(&group->events, struct inotify_event_info, list);

	if (!event)
		return NULL;
	if (sizeof(struct inotify_event) + round_event_name_len(event) > count)
		return ERR_PTR(-EINVAL);
	remove_event(group, event);
	return event;
}

/* As many as there are and fit. Bytes; 0: none is there; -EINVAL: not even one fits; -EFAULT. */
static ssize_t read_events(struct inotify_group *group, char __user *buf, size_t count)
{
	struct inotify_event_info *event;
	size_t done = 0;

	while ((event = get_one_event(group, count - done))) {
		ssize_t n;

		if (IS_ERR(event))
			return done ? (ssize_t)done : PTR_ERR(event);
		n = copy_event_to_user(event, buf + done);
		kfree(event);
		if (n < 0)
			return n;
		done += n;
		cond_resched();
	}
	return done;
}

static ssize_t inotify_read(struct file *file, char __user *buf, size_t count,
			    loff_t *pos __maybe_unused)
{
	struct inotify_group *group = file->private_data;
	ssize_t ret;

	while (!(ret = read_events(group, buf, count))) {
		if (file->f_flags & O_NONBLOCK)
			return -EAGAIN;
		ret = wait_event_interruptible(group->waitq, !list_empty(&group->events));
		if (ret)
			return ret;
	}
	return ret;
}

static __poll_t inotify_poll(struct file *file, poll_table *wait)
{
	struct inotify_group *group = file->private_data;

	poll_wait(file, &group->waitq, wait);
	return list_empty(&group->events) ? 0 : EPOLLIN | EPOLLRDNORM;
}

static long inotify_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	const struct inotify_group *group = file->private_data;
	const struct inotify_event_info *event;
	size_t len = 0;

	if (cmd != FIONREAD)
		return -ENOTTY;
	list_for_each_entry(event, &group->events, list)
		len += sizeof(struct inotify_event) + round_event_name_len(event);
	return put_user((int)len, (int __user *)arg);
}

static int inotify_fasync(int fd, struct file *file, int on)
{
	struct inotify_group *group = file->private_data;

	return fasync_helper(fd, file, on, &group->fasync) < 0 ? -EIO : 0;
}

static int inotify_release(struct inode *inode __maybe_unused, struct file *file)
{
	inotify_fasync(-1, file, 0);
	inotify_free_group(file->private_data);
	return 0;
}

const struct file_operations inotify_fops = {
	.read = inotify_read,
	.poll = inotify_poll,
	.unlocked_ioctl = inotify_ioctl,
	.fasync = inotify_fasync,
	.release = inotify_release,
	.llseek = noop_llseek,
};
