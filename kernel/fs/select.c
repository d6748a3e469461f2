/*
 * Polling: wait until one of several files is ready. See poll.h for how to use it. Linux: fs/select.c
 */
#include "kernel/fs/poll.h"

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
