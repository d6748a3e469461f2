/*
 * syslog(2): the kernel log as one text, "<6>[    0.123456] message\n", and what goes to the
 * console. Linux: kernel/printk/printk.c:do_syslog()
 */
#include "kernel/drivers/internal.h"
#include "kernel/printk/internal.h"
#include "kernel/lib/init.h"
#include "kernel/printk/printk_ringbuffer.h"
#include "kernel/syscalls.h"

#define PREFIX_MAX 32
#define RECORD_TEXT_MAX (4 * LOG_LINE_MAX) /* with a prefix on each line, but for silly texts */
#define CONSOLE_LEVEL console_printk[0]
#define CONSOLE_MINIMUM console_printk[2]

struct wait_queue_head log_wait;
u64 clear_seq;

static unsigned long dmesg_restrict = 1;    /* Debian's default: reading takes CAP_SYSLOG too */
static u64 syslog_seq;                      /* the next record SYSLOG_ACTION_READ gives ... */
static size_t syslog_partial;               /* ... and how many bytes of it are given already */
static unsigned long saved_console_level;   /* by CONSOLE_OFF; 0: none */

int check_syslog_permissions(int type)
{
	bool harmless = type == SYSLOG_ACTION_READ_ALL || type == SYSLOG_ACTION_SIZE_BUFFER;

	if ((harmless && !dmesg_restrict) || capable(CAP_SYSLOG))
		return 0;
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	pr_warn_once("%s (%d): Attempt to access syslog with CAP_SYS_ADMIN but no CAP_SYSLOG "
		     "(deprecated).\n", current->comm, current->pid);
	return 0;
}

/*
 * A record as text, each of its lines with a prefix, in @buf (RECORD_TEXT_MAX bytes; NULL: measure
 * only). Returns its length. Linux: record_print_text()
 */
static size_t record_print_text(const struct printk_info *info, const char *text, char *buf)
{
	char prefix[PREFIX_MAX];
	u64 usec = info->ts_nsec / 1000;
	size_t n = scnprintf(prefix, sizeof(prefix), "<%u>[%5llu.%06llu] ",
			     info->facility << 3 | info->level,
			     (unsigned long long)(usec / 1000000),
			     (unsigned long long)(usec % 1000000));
	size_t len = 0, at = 0;

	do {
		const char *line = text + at;
		size_t left = info->text_len - at, size;

		for (size = 0; size < left && line[size] != '\n'; size++)
			;
		if (len + n + size + 1 > RECORD_TEXT_MAX)
			break;
		if (buf) {
			memcpy(buf + len, prefix, n);
			memcpy(buf + len + n, line, size);
			buf[len + n + size] = '\n';
		}
		len += n + size + 1;
		at += size + 1;
	} while (at <= info->text_len);
	return len;
}

/* Two buffers for one record: as it is stored, and as text. */
struct record {
	struct printk_info info;
	char text[LOG_LINE_MAX];
	char printed[RECORD_TEXT_MAX];
};

/* Give record @seq, or the next there is, as r->printed; its length, or 0 when there is none. */
static size_t print_record(u64 seq, struct record *r)
{
	if (!prb_read_valid(seq, &r->info, r->text))
		return 0;
	return record_print_text(&r->info, r->text, r->printed);
}

/* Copy what was not read yet. Linux: syslog_print() */
static int syslog_print(char __user *buf, size_t size, struct record *r)
{
	int len = wait_event_interruptible(log_wait, syslog_seq < prb_next_seq());
	size_t n, skip;

	if (len)
		return len;
	while (size && (n = print_record(syslog_seq, r))) {
		if (r->info.seq != syslog_seq) { /* the partly read one is overwritten */
			syslog_seq = r->info.seq;
			syslog_partial = 0;
		}
		skip = syslog_partial;
		n -= skip;
		if (n <= size) {
			syslog_seq++;
			syslog_partial = 0;
		} else if (!len) {
			n = size;
			syslog_partial += n;
		} else {
			break;
		}
		if (copy_to_user(buf + len, r->printed + skip, n))
			return len ? len : -EFAULT;
		len += n;
		size -= n;
	}
	return len;
}

/* Bytes of text from record @seq on. */
static size_t text_size(u64 seq, struct record *r)
{
	size_t total = 0, n;

	while ((n = print_record(seq, r))) {
		total += n;
		seq = r->info.seq + 1;
	}
	return total;
}

/* Copy the last records that fit, of those after the last clear. Linux: syslog_print_all() */
static int syslog_print_all(char __user *buf, size_t size, bool clear, struct record *r)
{
	size_t total = text_size(clear_seq, r), n;
	u64 seq = clear_seq;
	int len = 0;

	for (; total > size && (n = print_record(seq, r)); seq = r->info.seq + 1)
		total -= n;
	while ((n = print_record(seq, r)) && len + n <= size) {
		if (copy_to_user(buf + len, r->printed, n)) {
			len = -EFAULT;
			break;
		}
		len += n;
		seq = r->info.seq + 1;
	}
	if (clear)
		clear_seq = seq;
	return len;
}

static int read_log(int type, char __user *buf, int len)
{
	struct record *r;
	int ret;

	if (!buf || len < 0)
		return -EINVAL;
	if (!len)
		return 0;
	if (!access_ok(buf, len))
		return -EFAULT;
	r = kmalloc(sizeof(*r), GFP_KERNEL);
	if (!r)
		return -ENOMEM;
	if (type == SYSLOG_ACTION_READ)
		ret = syslog_print(buf, len, r);
	else
		ret = syslog_print_all(buf, len, type == SYSLOG_ACTION_READ_CLEAR, r);
	kfree(r);
	return ret;
}

static int size_unread(void)
{
	struct record *r = kmalloc(sizeof(*r), GFP_KERNEL);
	size_t size;

	if (!r)
		return -ENOMEM;
	if (syslog_seq < prb_first_valid_seq()) {
		syslog_seq = prb_first_valid_seq();
		syslog_partial = 0;
	}
	size = text_size(syslog_seq, r) - syslog_partial;
	kfree(r);
	return size;
}

static int set_console_level(int level)
{
	if (level < 1 || level > 8)
		return -EINVAL;
	CONSOLE_LEVEL = max((unsigned long)level, CONSOLE_MINIMUM);
	saved_console_level = 0;
	return 0;
}

SYSCALL_DEFINE3(syslog, int, type, char __user *, buf, int, len)
{
	int error = check_syslog_permissions(type);

	if (error)
		return error;
	switch (type) {
	case SYSLOG_ACTION_CLOSE:
	case SYSLOG_ACTION_OPEN:
		return 0;
	case SYSLOG_ACTION_READ:
	case SYSLOG_ACTION_READ_ALL:
	case SYSLOG_ACTION_READ_CLEAR:
		return read_log(type, buf, len);
	case SYSLOG_ACTION_CLEAR:
		clear_seq = prb_next_seq();
		return 0;
	case SYSLOG_ACTION_CONSOLE_OFF:
		saved_console_level = saved_console_level ?: CONSOLE_LEVEL;
		CONSOLE_LEVEL = CONSOLE_MINIMUM;
		return 0;
	case SYSLOG_ACTION_CONSOLE_ON:
		CONSOLE_LEVEL = saved_console_level ?: CONSOLE_LEVEL;
		saved_console_level = 0;
		return 0;
	case SYSLOG_ACTION_CONSOLE_LEVEL:
		return set_console_level(len);
	case SYSLOG_ACTION_SIZE_UNREAD:
		return size_unread();
	case SYSLOG_ACTION_SIZE_BUFFER:
		return LOG_BUF_LEN;
	default:
		return -EINVAL;
	}
}

static int syslog_init(void)
{
	proc_sysctl("/proc/sys/kernel/printk", console_printk, 4, 0, 15);
	return proc_sysctl("/proc/sys/kernel/dmesg_restrict", &dmesg_restrict, 1, 0, 1);
}
late_initcall(syslog_init);
