/*
 * /dev/kmsg: the kernel log record by record, "level,seq,usec,flags;text\n"; writing adds one.
 * Linux: kernel/printk/printk.c:kmsg_fops
 */
#include <uapi/unistd.h>

#include "kernel/drivers/internal.h"
#include "kernel/fs/poll.h"
#include "kernel/interrupt.h"
#include "kernel/printk/internal.h"
#include "kernel/printk/printk_ringbuffer.h"

#define MEM_MAJOR 1
#define KMSG_MINOR 11
#define HEADER_MAX 64
#define EXT_RECORD_MAX (HEADER_MAX + 4 * LOG_LINE_MAX + 1) /* every byte escaped */

/* One open file. */
struct devkmsg_user {
	u64 seq; /* of the record to be read next */
	struct printk_info info;
	char text[LOG_LINE_MAX];
	char buf[EXT_RECORD_MAX];
};

static int devkmsg_open(struct inode *inode __maybe_unused, struct file *file)
{
	struct devkmsg_user *user;
	int error = 0;

	if (file->f_mode & FMODE_READ)
		error = check_syslog_permissions(SYSLOG_ACTION_READ_ALL);
	if (error)
		return error;
	user = kmalloc(sizeof(*user), GFP_KERNEL);
	if (!user)
		return -ENOMEM;
	user->seq = prb_first_valid_seq();
	file->private_data = user;
	return 0;
}

static int devkmsg_release(struct inode *inode __maybe_unused, struct file *file)
{
	kfree(file->private_data);
	return 0;
}

/*
 * What user->info and user->text say, in user->buf. Returns its length. Linux: msg_print_ext_body()
 */
static size_t print_ext_record(struct devkmsg_user *user)
{
	const struct printk_info *info = &user->info;
	size_t len = scnprintf(user->buf, HEADER_MAX, "%u,%llu,%llu,%c;",
			       info->facility << 3 | info->level, (unsigned long long)info->seq,
			       (unsigned long long)(info->ts_nsec / 1000),
			       info->flags & LOG_CONT ? 'c' : '-');
	size_t i;

	for (i = 0; i < info->text_len; i++) {
		u8 c = user->text[i];

		if (c < ' ' || c >= 127 || c == '\\')
			len += scnprintf(user->buf + len, EXT_RECORD_MAX - len, "\\x%02x", c);
		else
			user->buf[len++] = c;
	}
	user->buf[len++] = '\n';
	return len;
}

/* One record. -EPIPE, once: records that were not read yet are overwritten. */
static ssize_t devkmsg_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct devkmsg_user *user = iocb->ki_filp->private_data;
	size_t len;
	int error;

	if (user->seq >= prb_next_seq()) {
		if (iocb->ki_filp->f_flags & O_NONBLOCK)
			return -EAGAIN;
		error = wait_event_interruptible(log_wait, user->seq < prb_next_seq());
		if (error)
			return error;
	}
	prb_read_valid(user->seq, &user->info, user->text);
	if (user->info.seq != user->seq) {
		user->seq = user->info.seq;
		return -EPIPE;
	}
	len = print_ext_record(user);
	user->seq++;
	if (len > to->count)
		return -EINVAL;
	return copy_to_iter(user->buf, len, to) == len ? (ssize_t)len : -EFAULT;
}

/* Linux: devkmsg_poll() */
static __poll_t devkmsg_poll(struct file *file, poll_table *wait)
{
	struct devkmsg_user *user = file->private_data;

	poll_wait(file, &log_wait, wait);
	if (user->seq >= prb_next_seq())
		return 0;
	if (user->seq < prb_first_valid_seq()) /* the next read fails: records are overwritten */
		return EPOLLIN | EPOLLRDNORM | EPOLLERR | EPOLLPRI;
	return EPOLLIN | EPOLLRDNORM;
}

static __printf(3, 4) void devkmsg_emit(int facility, int level, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vprintk_emit(facility, level, fmt, args);
	va_end(args);
}

/* The facility and level in "<N>" at the front of @text, if it is there; returns what follows. */
static const char *parse_level(const char *text, int *facility, int *level)
{
	const char *end = text + 1;
	unsigned int n = 0;

	if (*text != '<')
		return text;
	while (*end >= '0' && *end <= '9')
		n = n * 10 + *end++ - '0';
	if (*end != '>')
		return text;
	*level = n & 7;
	if (n >> 3 & 0xff) /* facility 0 is for the kernel only */
		*facility = n >> 3 & 0xff;
	return end + 1;
}

static ssize_t devkmsg_write_iter(struct kiocb *iocb __maybe_unused, struct iov_iter *from)
{
	int facility = 1, level = console_printk[1];
	size_t len = from->count;
	ssize_t ret = -EFAULT;
	char *buf;

	if (len > LOG_LINE_MAX)
		return -EINVAL;
	buf = kmalloc(len + 1, GFP_KERNEL);
	if (!buf)
		return -ENOMEM;
	if (copy_from_iter(buf, len, from) == len) {
		const char *text;

		buf[len] = '\0';
		text = parse_level(buf, &facility, &level);
		devkmsg_emit(facility, level, "%s", text);
		ret = len;
	}
	kfree(buf);
	return ret;
}

/* Linux: devkmsg_llseek() */
static loff_t devkmsg_llseek(struct file *file, loff_t offset, int whence)
{
	struct devkmsg_user *user = file->private_data;

	if (offset)
		return -ESPIPE;
	switch (whence) {
	case SEEK_SET:
		user->seq = prb_first_valid_seq();
		return 0;
	case SEEK_DATA:
		user->seq = clear_seq;
		return 0;
	case SEEK_END:
		user->seq = prb_next_seq();
		return 0;
	default:
		return -EINVAL;
	}
}

static const struct file_operations kmsg_fops = {
	.open = devkmsg_open,
	.release = devkmsg_release,
	.llseek = devkmsg_llseek,
	.read_iter = devkmsg_read_iter,
	.write_iter = devkmsg_write_iter,
	.poll = devkmsg_poll,
};

static void wake_readers(void)
{
	wake_up_interruptible_all(&log_wait);
}

/*
 * Called after every message, from anywhere: even by a probe in the middle of a wake-up, which holds
 * the lock that this one needs. So readers are woken by a softirq. Linux: wake_up_klogd()
 */
static void wake_up_klogd(void)
{
	if (waitqueue_active(&log_wait))
		raise_softirq(KLOG_SOFTIRQ);
}

void kmsg_init(void)
{
	static struct cdev kmsg;

	init_waitqueue_head(&log_wait);
	open_softirq(KLOG_SOFTIRQ, wake_readers);
	printk_set_listener(wake_up_klogd);
	make_device("/dev/kmsg", 0644, MKDEV(MEM_MAJOR, KMSG_MINOR), &kmsg, &kmsg_fops);
}
