/*
 * Polling: wait until one of several files is ready; poll() and select(), each with a variant that blocks other
 * signals meanwhile. See poll.h for how to use it. Linux: fs/select.c
 */
#include <uapi/personality.h>

#include "kernel/fs/fdtable.h"
#include "kernel/fs/poll.h"
#include "kernel/syscalls.h"
#include "kernel/time/hrtimer.h"
#include "kernel/time/time.h"

/* Entries beyond those in poll_wqueues. */
struct poll_table_page {
	struct poll_table_page *next;
	unsigned int used;
	struct poll_table_entry entries[];
};
#define ENTRIES_PER_PAGE \
	((PAGE_SIZE - sizeof(struct poll_table_page)) / sizeof(struct poll_table_entry))

static struct poll_table_entry *poll_get_entry(struct poll_wqueues *pwq)
{
	struct poll_table_page *table = pwq->table, *new;
	struct page *page;

	if (pwq->inline_index < N_INLINE_POLL_ENTRIES)
		return &pwq->inline_entries[pwq->inline_index++];
	if (!table || table->used == ENTRIES_PER_PAGE) {
		page = alloc_page(GFP_KERNEL);
		if (!page) {
			pwq->error = -ENOMEM;
			return NULL;
		}
		new = page_address(page);
		new->next = table;
		new->used = 0;
		pwq->table = table = new;
	}
	return &table->entries[table->used++];
}

/* Events that nobody waits for wake nobody. A wake-up without events may mean any. */
static int pollwake(struct wait_queue_entry *wait, unsigned int mode, int flags, void *key)
{
	struct poll_table_entry *entry = container_of(wait, struct poll_table_entry, wait);
	struct poll_wqueues *pwq = wait->private;
	DECLARE_WAITQUEUE(dummy, pwq->polling_task);

	if (key && !(key_to_poll(key) & entry->key))
		return 0;
	pwq->triggered = true;
	return default_wake_function(&dummy, mode, flags, key);
}

/* What poll_wait() calls. */
static void __pollwait(struct file *file, struct wait_queue_head *wq, poll_table *pt)
{
	struct poll_wqueues *pwq = container_of(pt, struct poll_wqueues, pt);
	struct poll_table_entry *entry = poll_get_entry(pwq);

	if (!entry)
		return;
	entry->filp = get_file(file);
	entry->wait_address = wq;
	entry->key = pt->_key;
	init_waitqueue_func_entry(&entry->wait, pollwake);
	entry->wait.private = pwq;
	add_wait_queue(wq, &entry->wait);
}

void poll_initwait(struct poll_wqueues *pwq)
{
	init_poll_funcptr(&pwq->pt, __pollwait);
	pwq->polling_task = current;
	pwq->triggered = false;
	pwq->error = 0;
	pwq->table = NULL;
	pwq->inline_index = 0;
}

static void free_poll_entry(struct poll_table_entry *entry)
{
	remove_wait_queue(entry->wait_address, &entry->wait);
	fput(entry->filp);
}

void poll_freewait(struct poll_wqueues *pwq)
{
	struct poll_table_page *table;
	unsigned int i;

	for (i = 0; i < pwq->inline_index; i++)
		free_poll_entry(&pwq->inline_entries[i]);
	while ((table = pwq->table)) {
		for (i = 0; i < table->used; i++)
			free_poll_entry(&table->entries[i]);
		pwq->table = table->next;
		put_page(virt_to_page(table));
	}
}

/* A wake-up between the last look at the files and here is remembered in pwq->triggered. */
int poll_schedule_timeout(struct poll_wqueues *pwq, unsigned int state, ktime_t *expires)
{
	int ret = -EINTR;

	set_current_state(state);
	if (!READ_ONCE(pwq->triggered) && !signal_pending_state(state, current))
		ret = schedule_hrtimeout(expires, HRTIMER_MODE_ABS);
	__set_current_state(TASK_RUNNING);
	pwq->triggered = false;
	return ret;
}

/* --- until when ----------------------------------------------------------------------------- */

/* What ring 3 gave as a timeout is a timeval or a timespec; or nothing, and there is no end. */
enum poll_time_type { PT_TIMEVAL, PT_TIMESPEC };

/* @expires: when @sec and @nsec are over; 0: do not wait. 0 or -EINVAL. */
static int poll_select_set_timeout(ktime_t *expires, s64 sec, s64 nsec)
{
	struct timespec ts = { sec, nsec };

	if (!timespec_valid(&ts))
		return -EINVAL;
	*expires = timespec_to_ktime(ts);
	if (*expires)
		*expires = min(*expires, KTIME_MAX - (ktime_t)ktime_get_ns()) + (ktime_t)ktime_get_ns();
	return 0;
}

ktime_t *poll_timeout_msecs(ktime_t *expires, int ms)
{
	*expires = ms > 0 ? ktime_get_ns() + ms * (s64)(NSEC_PER_SEC / 1000) : 0;
	return ms < 0 ? NULL : expires;
}

int poll_timeout_timespec(ktime_t *expires, const struct timespec __user *uts)
{
	struct timespec ts;

	return get_timespec(&ts, uts) ?: poll_select_set_timeout(expires, ts.tv_sec, ts.tv_nsec);
}

/* Tell ring 3 at @p what is left until @expires. 0 or -EFAULT. */
static int put_remaining(ktime_t expires, void __user *p, enum poll_time_type type)
{
	struct timespec left = ktime_to_timespec(max(expires - (ktime_t)ktime_get_ns(), (ktime_t)0));
	struct timeval tv = { left.tv_sec, left.tv_nsec / 1000 };

	if (type == PT_TIMESPEC)
		return put_timespec(&left, p);
	return copy_to_user(p, &tv, sizeof(tv)) ? -EFAULT : 0;
}

/*
 * The end of a call that said @ret: the signals are blocked that were before, and the time that is left is
 * written to @p (NULL: there was none). Where that cannot be written, the call cannot begin again with it.
 */
static int poll_select_finish(ktime_t expires, void __user *p, enum poll_time_type type, int ret)
{
	bool sticky = current->personality & STICKY_TIMEOUTS;

	restore_saved_sigmask_unless(ret == -ERESTARTNOHAND);
	if (!p || (!expires && !sticky))
		return ret;
	if (!sticky && !put_remaining(expires, p, type))
		return ret;
	return ret == -ERESTARTNOHAND ? -EINTR : ret;
}

/* --- poll() --------------------------------------------------------------------------------- */

/* Look at one file, and join its wait queues if @pt still wants that. True: something has happened. */
static bool do_pollfd(struct pollfd *pollfd, poll_table *pt)
{
	__poll_t filter = (unsigned short)pollfd->events | EPOLLERR | EPOLLHUP, mask = EPOLLNVAL;
	struct fd f;

	pollfd->revents = 0;
	if (pollfd->fd < 0)
		return false;
	f = fdget(pollfd->fd);
	if (f.file) {
		pt->_key = filter;
		mask = vfs_poll(f.file, pt) & filter;
	}
	fdput(f);
	pollfd->revents = mask;
	return mask;
}

/* How many files are ready when one is, or when it is *@expires (NULL: never); -ERESTARTNOHAND, -ENOMEM. */
static int do_poll(struct pollfd *fds, unsigned int nfds, struct poll_wqueues *wait, ktime_t *expires)
{
	bool timed_out = expires && !*expires;
	int count = 0;

	if (timed_out)
		wait->pt._qproc = NULL;
	for (;;) {
		for (unsigned int i = 0; i < nfds; i++) {
			if (do_pollfd(&fds[i], &wait->pt)) {
				count++;
				wait->pt._qproc = NULL;
			}
			cond_resched();
		}
		wait->pt._qproc = NULL; /* it is on the queues now */
		if (!count)
			count = signal_pending(current) ? -ERESTARTNOHAND : wait->error;
		if (count || timed_out)
			return count;
		timed_out = !poll_schedule_timeout(wait, TASK_INTERRUPTIBLE, expires);
	}
}

/* @expires: ktime_get_ns(); 0: do not wait; NULL: for ever. */
static int do_sys_poll(struct pollfd __user *ufds, unsigned int nfds, ktime_t *expires)
{
	struct poll_wqueues table;
	struct pollfd *fds;
	int ret = -EFAULT;

	if (nfds > rlimit(RLIMIT_NOFILE))
		return -EINVAL;
	fds = kmalloc(max(nfds, 1u) * sizeof(*fds), GFP_KERNEL);
	if (!fds)
		return -ENOMEM;
	if (copy_from_user(fds, ufds, nfds * sizeof(*fds)))
		goto out_fds;
	poll_initwait(&table);
	ret = do_poll(fds, nfds, &table, expires);
	poll_freewait(&table);
	for (unsigned int i = 0; i < nfds; i++) {
		if (put_user(fds[i].revents, &ufds[i].revents)) {
			ret = -EFAULT;
			break;
		}
	}
out_fds:
	kfree(fds);
	return ret;
}

/* poll() with the time that is left, after a signal without a handler. */
static long do_restart_poll(struct restart_block *restart)
{
	ktime_t expires = restart->poll.tv_sec * (s64)NSEC_PER_SEC + restart->poll.tv_nsec;
	int ret = do_sys_poll(restart->poll.ufds, restart->poll.nfds,
			      restart->poll.has_timeout ? &expires : NULL);

	return ret == -ERESTARTNOHAND ? set_restart_fn(restart, do_restart_poll) : ret;
}

/* @timeout: milliseconds, 0: do not wait, below: for ever. */
SYSCALL_DEFINE3(poll, struct pollfd __user *, ufds, unsigned int, nfds, int, timeout)
{
	struct restart_block *restart = &current->restart_block;
	ktime_t expires;
	int ret = do_sys_poll(ufds, nfds, poll_timeout_msecs(&expires, timeout));

	if (ret != -ERESTARTNOHAND)
		return ret;
	restart->poll.ufds = ufds;
	restart->poll.nfds = nfds;
	restart->poll.has_timeout = timeout >= 0;
	restart->poll.tv_sec = expires / (s64)NSEC_PER_SEC;
	restart->poll.tv_nsec = expires % (s64)NSEC_PER_SEC;
	return set_restart_fn(restart, do_restart_poll);
}

/* @sigmask: blocked while it waits, if it is not NULL. The time that is left is written to @tsp. */
SYSCALL_DEFINE5(ppoll, struct pollfd __user *, ufds, unsigned int, nfds, struct timespec __user *, tsp,
		const sigset_t __user *, sigmask, size_t, sigsetsize)
{
	ktime_t expires = 0;
	int ret;

	ret = tsp ? poll_timeout_timespec(&expires, tsp) : 0;
	if (ret)
		return ret;
	ret = set_user_sigmask(sigmask, sigsetsize);
	if (ret)
		return ret;
	ret = do_sys_poll(ufds, nfds, tsp ? &expires : NULL);
	return poll_select_finish(expires, tsp, PT_TIMESPEC, ret);
}

/* --- select() ------------------------------------------------------------------------------- */

/* The three sets of select(), what is asked and what is found: one bit for each descriptor. */
enum { IN, OUT, EX, NR_SETS };
struct fd_sets {
	unsigned long *asked[NR_SETS], *found[NR_SETS];
};

/* The events by which a descriptor is found in each set. Linux: POLLIN_SET and its like */
static const __poll_t set_events[NR_SETS] = {
	[IN] = EPOLLRDNORM | EPOLLRDBAND | EPOLLIN | EPOLLHUP | EPOLLERR | EPOLLNVAL,
	[OUT] = EPOLLWRBAND | EPOLLWRNORM | EPOLLOUT | EPOLLERR | EPOLLNVAL,
	[EX] = EPOLLPRI | EPOLLNVAL,
};

static bool is_asked(const struct fd_sets *fds, unsigned int fd)
{
	return test_bit(fd, fds->asked[IN]) || test_bit(fd, fds->asked[OUT]) || test_bit(fd, fds->asked[EX]);
}

/* One more than the highest descriptor that is asked for, below @n; -EBADF: one is not open. */
static int max_select_fd(int n, const struct fd_sets *fds)
{
	const struct fdtable *fdt = files_fdtable(current->files);
	int max = 0;

	for (int fd = 0; fd < n; fd++) {
		if (!is_asked(fds, fd))
			continue;
		if (!test_bit(fd, fdt->open_fds))
			return -EBADF;
		max = fd + 1;
	}
	return max;
}

/* Look at descriptor @fd, and join its wait queues if @pt still wants that. In how many sets it is found. */
static int select_fd(unsigned int fd, struct fd_sets *fds, poll_table *pt)
{
	__poll_t wanted = 0, mask = EPOLLNVAL;
	struct fd f = fdget(fd);
	int count = 0;

	for (int set = 0; set < NR_SETS; set++)
		if (test_bit(fd, fds->asked[set]))
			wanted |= set_events[set];
	if (f.file) {
		pt->_key = wanted | EPOLLERR | EPOLLHUP;
		mask = vfs_poll(f.file, pt);
	}
	fdput(f);
	for (int set = 0; set < NR_SETS; set++) {
		if (test_bit(fd, fds->asked[set]) && mask & set_events[set]) {
			__set_bit(fd, fds->found[set]);
			count++;
		}
	}
	return count;
}

/* How many bits were found, when one was or it is *@expires (NULL: never) or a signal came; -EBADF, -ENOMEM. */
static int do_select(int n, struct fd_sets *fds, ktime_t *expires)
{
	bool timed_out = expires && !*expires;
	struct poll_wqueues table;
	int count = 0;

	n = max_select_fd(n, fds);
	if (n < 0)
		return n;
	poll_initwait(&table);
	if (timed_out)
		table.pt._qproc = NULL;
	for (;;) {
		for (int fd = 0; fd < n; fd++) {
			if (is_asked(fds, fd))
				count += select_fd(fd, fds, &table.pt);
			if (count)
				table.pt._qproc = NULL;
			cond_resched();
		}
		table.pt._qproc = NULL; /* it is on the queues now */
		if (count || timed_out || signal_pending(current))
			break;
		if (table.error) {
			count = table.error;
			break;
		}
		timed_out = !poll_schedule_timeout(&table, TASK_INTERRUPTIBLE, expires);
	}
	poll_freewait(&table);
	return count;
}

/* @inp, @outp, @exp: sets of ring 3, or NULL. Descriptors that the table has no room for are not looked at. */
static int core_sys_select(int n, void __user *inp, void __user *outp, void __user *exp, ktime_t *expires)
{
	void __user *user[NR_SETS] = { inp, outp, exp };
	unsigned long *bits;
	struct fd_sets fds;
	size_t words;
	int ret = -EFAULT;

	if (n < 0)
		return -EINVAL;
	n = min((unsigned int)n, files_fdtable(current->files)->max_fds);
	words = BITS_TO_LONGS(n);
	bits = kzalloc(max(words, 1ul) * 2 * NR_SETS * sizeof(*bits), GFP_KERNEL);
	if (!bits)
		return -ENOMEM;
	for (int set = 0; set < NR_SETS; set++) {
		fds.asked[set] = bits + set * words;
		fds.found[set] = bits + (NR_SETS + set) * words;
		if (user[set] && copy_from_user(fds.asked[set], user[set], words * sizeof(*bits)))
			goto out;
	}
	ret = do_select(n, &fds, expires);
	if (!ret && signal_pending(current))
		ret = -ERESTARTNOHAND;
	if (ret < 0)
		goto out;
	for (int set = 0; set < NR_SETS; set++)
		if (user[set] && copy_to_user(user[set], fds.found[set], words * sizeof(*bits)))
			ret = -EFAULT;
out:
	kfree(bits);
	return ret;
}

/* @tvp: how long to wait at most, and afterwards what is left of that; NULL: for ever. */
SYSCALL_DEFINE5(select, int, n, void __user *, inp, void __user *, outp, void __user *, exp,
		struct timeval __user *, tvp)
{
	struct timeval tv;
	ktime_t expires = 0;
	int ret;

	if (tvp) {
		if (copy_from_user(&tv, tvp, sizeof(tv)))
			return -EFAULT;
		if (poll_select_set_timeout(&expires, tv.tv_sec + tv.tv_usec / 1000000,
					    tv.tv_usec % 1000000 * 1000))
			return -EINVAL;
	}
	ret = core_sys_select(n, inp, outp, exp, tvp ? &expires : NULL);
	return poll_select_finish(expires, tvp, PT_TIMEVAL, ret);
}

/* The last argument of pselect6(): six registers are not enough for seven arguments. */
struct sigset_argpack {
	const sigset_t __user *p;
	size_t size;
};

SYSCALL_DEFINE6(pselect6, int, n, void __user *, inp, void __user *, outp, void __user *, exp,
		struct timespec __user *, tsp, struct sigset_argpack __user *, sig)
{
	struct sigset_argpack mask = { NULL, 0 };
	ktime_t expires = 0;
	int ret;

	if (sig && copy_from_user(&mask, sig, sizeof(mask)))
		return -EFAULT;
	ret = tsp ? poll_timeout_timespec(&expires, tsp) : 0;
	if (ret)
		return ret;
	ret = set_user_sigmask(mask.p, mask.size);
	if (ret)
		return ret;
	ret = core_sys_select(n, inp, outp, exp, tsp ? &expires : NULL);
	return poll_select_finish(expires, tsp, PT_TIMESPEC, ret);
}
