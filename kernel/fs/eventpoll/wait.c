/*
 * epoll_wait() and its variants: sleep until an entry is on the ready list, look at the files there, and tell
 * of those of which something holds. Linux: fs/eventpoll.c:ep_poll(), ep_send_events()
 */
#include "kernel/fs/eventpoll/internal.h"

#include "kernel/fs/fdtable.h"
#include "kernel/sched/sched.h"
#include "kernel/syscalls.h"
#include "kernel/time/hrtimer.h"

#define EP_MAX_EVENTS ((int)(INT32_MAX / sizeof(struct epoll_event)))

/* Take the first entry of @ready. It is in no list then, so that what happens from now on puts it into one. */
static struct epitem *take_first(struct list_head *ready)
{
	struct epitem *epi = list_first_entry(ready, struct epitem, rdllink);

	local_irq_disable();
	list_del_init(&epi->rdllink);
	local_irq_enable();
	return epi;
}

/* Put @epi into @ready, first or last, unless it is in a list again. */
static void put_back(struct epitem *epi, struct list_head *ready, bool first)
{
	local_irq_disable();
	if (list_empty(&epi->rdllink)) {
		if (first)
			list_add(&epi->rdllink, ready);
		else
			list_add_tail(&epi->rdllink, ready);
	}
	local_irq_enable();
}

/*
 * Tell of at most @maxevents events. Each entry that is ready now is looked at once: what is told as long as it
 * holds goes to the end of the ready list, so that all get their turn. How many; 0: nothing held any more; -EFAULT.
 */
static int ep_send_events(struct eventpoll *ep, struct epoll_event __user *events, int maxevents)
{
	LIST_HEAD(txlist);
	poll_table pt;
	int told = 0;

	init_poll_funcptr(&pt, NULL);
	mutex_lock(&ep->mtx);
	local_irq_disable();
	list_splice_init(&ep->rdllist, &txlist);
	local_irq_enable();
	while (told >= 0 && told < maxevents && !list_empty(&txlist)) {
		struct epitem *epi = take_first(&txlist);
		struct epoll_event event = { ep_item_poll(epi, &pt, 1), epi->event.data };

		cond_resched();
		if (!event.events)
			continue;
		if (copy_to_user(&events[told], &event, sizeof(event))) {
			put_back(epi, &txlist, true);
			told = told ? told : -EFAULT;
			break;
		}
		told++;
		if (epi->event.events & EPOLLONESHOT)
			epi->event.events &= EP_PRIVATE_BITS;
		else if (!(epi->event.events & EPOLLET))
			put_back(epi, &ep->rdllist, false);
	}
	local_irq_disable();
	list_splice_init(&txlist, &ep->rdllist);
	local_irq_enable();
	if (!list_empty(&ep->rdllist))
		wake_up(&ep->wq); /* there is something for the next one, too */
	mutex_unlock(&ep->mtx);
	return told;
}

/* Sleep until there is something on the ready list. 0; or -ETIME, -EINTR. */
static int wait_for_events(struct eventpoll *ep, ktime_t *expires)
{
	struct wait_queue_entry wait;
	int ret = 0;

	init_wait_entry(&wait, WQ_FLAG_EXCLUSIVE);
	if (signal_pending(current))
		return -EINTR;
	prepare_to_wait_exclusive(&ep->wq, &wait, TASK_INTERRUPTIBLE);
	if (list_empty(&ep->rdllist) && !signal_pending(current) && !schedule_hrtimeout(expires, HRTIMER_MODE_ABS))
		ret = -ETIME;
	finish_wait(&ep->wq, &wait);
	return ret;
}

int ep_poll(struct eventpoll *ep, struct epoll_event __user *events, int maxevents, ktime_t *expires)
{
	bool timed_out = expires && !*expires;
	int ret;

	for (;;) {
		if (!list_empty(&ep->rdllist)) {
			ret = ep_send_events(ep, events, maxevents);
			if (ret)
				return ret;
		}
		if (timed_out)
			return 0;
		ret = wait_for_events(ep, expires);
		if (ret == -EINTR)
			return ret;
		timed_out = ret == -ETIME;
	}
}

/* @expires: as for ep_poll(). */
static int do_epoll_wait(int epfd, struct epoll_event __user *events, int maxevents, ktime_t *expires)
{
	struct fd f;
	int ret = -EINVAL;

	if (maxevents <= 0 || maxevents > EP_MAX_EVENTS)
		return -EINVAL;
	if (!access_ok(events, maxevents * sizeof(*events)))
		return -EFAULT;
	f = fdget(epfd);
	if (!f.file)
		return -EBADF;
	if (is_file_epoll(f.file))
		ret = ep_poll(f.file->private_data, events, maxevents, expires);
	fdput(f);
	return ret;
}

/* The same with the signals *@sigmask blocked, unless @sigmask is NULL. */
static int do_epoll_pwait(int epfd, struct epoll_event __user *events, int maxevents, ktime_t *expires,
			  const sigset_t __user *sigmask, size_t sigsetsize)
{
	int ret = set_user_sigmask(sigmask, sigsetsize);

	if (ret)
		return ret;
	ret = do_epoll_wait(epfd, events, maxevents, expires);
	restore_saved_sigmask_unless(ret == -EINTR);
	return ret;
}

SYSCALL_DEFINE4(epoll_wait, int, epfd, struct epoll_event __user *, events, int, maxevents, int, timeout)
{
	ktime_t expires;

	return do_epoll_wait(epfd, events, maxevents, poll_timeout_msecs(&expires, timeout));
}

SYSCALL_DEFINE6(epoll_pwait, int, epfd, struct epoll_event __user *, events, int, maxevents, int, timeout,
		const sigset_t __user *, sigmask, size_t, sigsetsize)
{
	ktime_t expires;

	return do_epoll_pwait(epfd, events, maxevents, poll_timeout_msecs(&expires, timeout), sigmask, sigsetsize);
}

/* @timeout: NULL: for ever. */
SYSCALL_DEFINE6(epoll_pwait2, int, epfd, struct epoll_event __user *, events, int, maxevents,
		const struct timespec __user *, timeout, const sigset_t __user *, sigmask, size_t, sigsetsize)
{
	ktime_t expires;
	int ret = timeout ? poll_timeout_timespec(&expires, timeout) : 0;

	if (ret)
		return ret;
	return do_epoll_pwait(epfd, events, maxevents, timeout ? &expires : NULL, sigmask, sigsetsize);
}
