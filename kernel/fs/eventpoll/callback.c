/*
 * What happens to files that are watched: their wait queues are joined, and a wake-up there makes an entry ready.
 * Linux: fs/eventpoll.c
 */
#include "kernel/fs/eventpoll/internal.h"

#include "kernel/mm/slab.h"

#define EPOLLINOUT_BITS (EPOLLIN | EPOLLOUT)

void ep_make_ready(struct epitem *epi)
{
	struct eventpoll *ep = epi->ep;
	unsigned long flags;

	local_irq_save(flags);
	if (list_empty(&epi->rdllink))
		list_add_tail(&epi->rdllink, &ep->rdllist);
	local_irq_restore(flags);
	wake_up(&ep->wq);
	wake_up_poll(&ep->poll_wait, EPOLLIN);
}

/* Does this wake-up count as one for an entry with EPOLLEXCLUSIVE? Only if the task it wakes can use it. */
static bool wakes_exclusively(const struct epitem *epi, __poll_t happened)
{
	if (!waitqueue_active(&epi->ep->wq))
		return false;
	switch (happened & EPOLLINOUT_BITS) {
	case EPOLLIN:
		return epi->event.events & EPOLLIN;
	case EPOLLOUT:
		return epi->event.events & EPOLLOUT;
	case 0:
		return true;
	default: /* there is something for readers and for writers: others may be needed, too */
		return false;
	}
}

/*
 * Called by the wake-up of a queue that an entry has joined, perhaps in an interrupt. Returns whether it
 * was one of those wake-ups of which there are to be only so many.
 */
static int ep_poll_callback(struct wait_queue_entry *wait, unsigned int mode __maybe_unused,
			    int flags __maybe_unused, void *key)
{
	struct eppoll_entry *pwq = container_of(wait, struct eppoll_entry, wait);
	struct epitem *epi = pwq->base;
	__poll_t happened = key_to_poll(key);
	bool exclusive = epi->event.events & EPOLLEXCLUSIVE, counts = !exclusive;

	if (epi->event.events & ~EP_PRIVATE_BITS && (!happened || happened & epi->event.events)) {
		counts = counts || wakes_exclusively(epi, happened);
		ep_make_ready(epi);
	}
	if (happened & POLLFREE) {
		list_del_init(&wait->entry);
		pwq->whead = NULL;
	}
	return counts;
}

/* What vfs_poll() is given when an entry is made: which entry, or NULL when there was no memory. */
struct ep_pqueue {
	poll_table pt;
	struct epitem *epi;
};

static void ep_ptable_queue_proc(struct file *file __maybe_unused, struct wait_queue_head *whead,
				 poll_table *pt)
{
	struct ep_pqueue *epq = container_of(pt, struct ep_pqueue, pt);
	struct epitem *epi = epq->epi;
	struct eppoll_entry *pwq = epi ? kmalloc(sizeof(*pwq), GFP_KERNEL) : NULL;

	if (!pwq) {
		epq->epi = NULL;
		return;
	}
	init_waitqueue_func_entry(&pwq->wait, ep_poll_callback);
	pwq->whead = whead;
	pwq->base = epi;
	pwq->next = epi->pwqlist;
	epi->pwqlist = pwq;
	if (epi->event.events & EPOLLEXCLUSIVE)
		add_wait_queue_exclusive(whead, &pwq->wait);
	else
		add_wait_queue(whead, &pwq->wait);
}

void ep_unregister_pollwait(struct epitem *epi)
{
	struct eppoll_entry *pwq;

	while ((pwq = epi->pwqlist)) {
		epi->pwqlist = pwq->next;
		if (pwq->whead)
			remove_wait_queue(pwq->whead, &pwq->wait);
		kfree(pwq);
	}
}

/* Does anything hold of one of the entries on @ep's ready list? Those of which nothing does leave the list. */
static __poll_t ep_ready_poll(struct eventpoll *ep, int depth)
{
	poll_table pt;
	__poll_t found = 0;

	init_poll_funcptr(&pt, NULL);
	mutex_lock(&ep->mtx);
	while (!found && !list_empty(&ep->rdllist)) {
		struct epitem *epi = list_first_entry(&ep->rdllist, struct epitem, rdllink);

		local_irq_disable();
		list_del_init(&epi->rdllink);
		local_irq_enable();
		if (ep_item_poll(epi, &pt, depth)) {
			found = EPOLLIN | EPOLLRDNORM;
			local_irq_disable();
			if (list_empty(&epi->rdllink))
				list_add(&epi->rdllink, &ep->rdllist);
			local_irq_enable();
		}
		cond_resched();
	}
	mutex_unlock(&ep->mtx);
	return found;
}

__poll_t poll_epoll_file(struct file *file, poll_table *pt, int depth)
{
	struct eventpoll *ep = file->private_data;

	poll_wait(file, &ep->poll_wait, pt);
	return ep_ready_poll(ep, depth);
}

/* The chains are short: ep_loop_check(). */
__poll_t ep_item_poll(const struct epitem *epi, poll_table *pt, int depth)
{
	__poll_t events;

	pt->_key = epi->event.events;
	events = is_file_epoll(epi->file) ? poll_epoll_file(epi->file, pt, depth + 1) :
					    vfs_poll(epi->file, pt);
	return events & epi->event.events;
}

int ep_join(struct epitem *epi, __poll_t *events)
{
	struct ep_pqueue epq = { .epi = epi };

	init_poll_funcptr(&epq.pt, ep_ptable_queue_proc);
	*events = ep_item_poll(epi, &epq.pt, 1);
	return epq.epi ? 0 : -ENOMEM;
}
