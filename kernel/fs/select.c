/*
 * Polling: wait until one of several files is ready, and poll(). See poll.h for how to use it. Linux: fs/select.c
 */
#include "kernel/fs/poll.h"

#include "kernel/fs/fdtable.h"
#include "kernel/syscalls.h"
#include "kernel/time/hrtimer.h"

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
	ktime_t expires = timeout > 0 ? ktime_get_ns() + timeout * (s64)(NSEC_PER_SEC / 1000) : 0;
	struct restart_block *restart = &current->restart_block;
	int ret = do_sys_poll(ufds, nfds, timeout < 0 ? NULL : &expires);

	if (ret != -ERESTARTNOHAND)
		return ret;
	restart->poll.ufds = ufds;
	restart->poll.nfds = nfds;
	restart->poll.has_timeout = timeout >= 0;
	restart->poll.tv_sec = expires / (s64)NSEC_PER_SEC;
	restart->poll.tv_nsec = expires % (s64)NSEC_PER_SEC;
	return set_restart_fn(restart, do_restart_poll);
}
