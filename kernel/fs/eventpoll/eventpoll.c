/*
 * epoll: one file that watches many others. This file has the entries: made, changed and removed by
 * epoll_ctl(). callback.c puts them on the ready list when something happens to their files.
 *
 * An entry joins the wait queues of its file once, when it is made. Each wake-up there calls
 * ep_poll_callback(), which puts the entry on the ready list of its epoll file; epoll_wait() (wait.c) looks
 * at the files on that list only. So its cost grows with the files that are ready, and not with those watched.
 * Linux: fs/eventpoll.c
 */
#include "kernel/fs/eventpoll/internal.h"

#include "kernel/fs/anon_inodes.h"
#include "kernel/fs/fdtable.h"
#include "kernel/lib/init.h"
#include "kernel/mm/slab.h"
#include "kernel/sched/user.h"
#include "kernel/syscalls.h"

/* What EPOLLEXCLUSIVE may be combined with. */
#define EPOLLEXCLUSIVE_OK_BITS \
	(EPOLLIN | EPOLLOUT | EPOLLERR | EPOLLHUP | EPOLLWAKEUP | EPOLLET | EPOLLEXCLUSIVE)

/*
 * Held while files are watched by chains of epoll files, and while an epoll file or a file that is watched
 * ends. Taken before the lock of an epoll file.
 */
static DEFINE_MUTEX(epmutex);
static struct rb_root watched_files = RB_ROOT; /* struct epitems_head, by file */
static unsigned long max_user_watches;         /* fs.epoll.max_user_watches */

static const struct file_operations eventpoll_fops;

bool is_file_epoll(const struct file *file)
{
	return file->f_op == &eventpoll_fops;
}

/* --- which entries there are ---------------------------------------------------------------- */

struct epitems_head *ep_watchers(const struct file *file)
{
	struct rb_node *node = watched_files.rb_node;

	if (!(file->f_mode & FMODE_EPOLL))
		return NULL;
	while (node) {
		struct epitems_head *head = rb_entry(node, struct epitems_head, rbn);

		if (head->file == file)
			return head;
		node = file < head->file ? node->rb_left : node->rb_right;
	}
	return NULL;
}

/* The same, made if there is none. NULL: no memory. */
static struct epitems_head *make_watchers(struct file *file)
{
	struct rb_node **link = &watched_files.rb_node, *parent = NULL;
	struct epitems_head *head = ep_watchers(file), *new;

	if (head)
		return head;
	new = kzalloc(sizeof(*new), GFP_KERNEL);
	if (!new)
		return NULL;
	new->file = file;
	while (*link) {
		parent = *link;
		link = file < rb_entry(parent, struct epitems_head, rbn)->file ? &parent->rb_left :
										 &parent->rb_right;
	}
	rb_link_node(&new->rbn, parent, link);
	rb_insert_color(&new->rbn, &watched_files);
	file->f_mode |= FMODE_EPOLL;
	return new;
}

static void drop_watchers(struct epitems_head *head)
{
	if (!hlist_empty(&head->epitems))
		return;
	head->file->f_mode &= ~FMODE_EPOLL;
	rb_erase(&head->rbn, &watched_files);
	kfree(head);
}

/* Below, at or above (file, fd) in the order of an epoll file's tree: < 0, 0, > 0. */
static int ep_cmp(const struct file *file, int fd, const struct epitem *epi)
{
	if (file != epi->file)
		return file < epi->file ? -1 : 1;
	return fd < epi->fd ? -1 : fd > epi->fd;
}

static struct epitem *ep_find(const struct eventpoll *ep, const struct file *file, int fd)
{
	struct rb_node *node = ep->rbr.rb_node;

	while (node) {
		struct epitem *epi = rb_entry(node, struct epitem, rbn);
		int cmp = ep_cmp(file, fd, epi);

		if (!cmp)
			return epi;
		node = cmp < 0 ? node->rb_left : node->rb_right;
	}
	return NULL;
}

static void ep_rbtree_insert(struct eventpoll *ep, struct epitem *epi)
{
	struct rb_node **link = &ep->rbr.rb_node, *parent = NULL;

	while (*link) {
		parent = *link;
		link = ep_cmp(epi->file, epi->fd, rb_entry(parent, struct epitem, rbn)) < 0 ?
			       &parent->rb_left :
			       &parent->rb_right;
	}
	rb_link_node(&epi->rbn, parent, link);
	rb_insert_color(&epi->rbn, &ep->rbr);
}

static __poll_t ep_eventpoll_poll(struct file *file, poll_table *wait)
{
	return poll_epoll_file(file, wait, 0);
}

/* --- made, changed, removed ----------------------------------------------------------------- */

/* With ep->mtx held. */
static void ep_remove(struct eventpoll *ep, struct epitem *epi)
{
	struct epitems_head *head = ep_watchers(epi->file);

	ep_unregister_pollwait(epi);
	hlist_del(&epi->fllink);
	drop_watchers(head);
	rb_erase(&epi->rbn, &ep->rbr);
	local_irq_disable();
	list_del_init(&epi->rdllink);
	local_irq_enable();
	ep->user->epoll_watches--;
	kfree(epi);
}

/* @nested: chains of epoll files lead here, of which there may not be too many. With ep->mtx held. */
static int ep_insert(struct eventpoll *ep, const struct epoll_event *event, struct file *file, int fd, bool nested)
{
	struct epitems_head *head;
	struct epitem *epi;
	__poll_t events;
	int error;

	if (ep->user->epoll_watches >= max_user_watches)
		return -ENOSPC;
	epi = kzalloc(sizeof(*epi), GFP_KERNEL);
	if (!epi)
		return -ENOMEM;
	head = make_watchers(file);
	if (!head) {
		kfree(epi);
		return -ENOMEM;
	}
	INIT_LIST_HEAD(&epi->rdllink);
	epi->ep = ep;
	epi->file = file;
	epi->fd = fd;
	epi->event = *event;
	hlist_add_head(&epi->fllink, &head->epitems);
	ep_rbtree_insert(ep, epi);
	ep->user->epoll_watches++;
	error = nested ? reverse_path_check(file) : 0;
	if (error)
		goto out_remove;
	error = ep_join(epi, &events);
	if (error)
		goto out_remove;
	if (events)
		ep_make_ready(epi);
	return 0;
out_remove:
	ep_remove(ep, epi);
	return error;
}

/* With ep->mtx held. */
static void ep_modify(struct epitem *epi, const struct epoll_event *event)
{
	poll_table pt;

	init_poll_funcptr(&pt, NULL);
	epi->event = *event;
	if (ep_item_poll(epi, &pt, 1))
		ep_make_ready(epi);
}

void eventpoll_release_file(struct file *file)
{
	struct epitems_head *head;

	if (!(file->f_mode & FMODE_EPOLL))
		return;
	mutex_lock(&epmutex);
	while ((head = ep_watchers(file))) {
		struct epitem *epi = hlist_entry(head->epitems.first, struct epitem, fllink);
		struct eventpoll *ep = epi->ep;

		mutex_lock(&ep->mtx);
		ep_remove(ep, epi);
		mutex_unlock(&ep->mtx);
		cond_resched();
	}
	mutex_unlock(&epmutex);
}

static int ep_eventpoll_release(struct inode *inode __maybe_unused, struct file *file)
{
	struct eventpoll *ep = file->private_data;
	struct rb_node *node;

	mutex_lock(&epmutex);
	mutex_lock(&ep->mtx);
	while ((node = rb_first(&ep->rbr))) {
		ep_remove(ep, rb_entry(node, struct epitem, rbn));
		cond_resched();
	}
	mutex_unlock(&ep->mtx);
	mutex_unlock(&epmutex);
	free_uid(ep->user);
	kfree(ep);
	return 0;
}

static const struct file_operations eventpoll_fops = {
	.release = ep_eventpoll_release,
	.poll = ep_eventpoll_poll,
	.llseek = noop_llseek,
};

/* --- the system calls ----------------------------------------------------------------------- */

static struct eventpoll *ep_alloc(void)
{
	struct eventpoll *ep = kzalloc(sizeof(*ep), GFP_KERNEL);

	if (!ep)
		return NULL;
	mutex_init(&ep->mtx);
	init_waitqueue_head(&ep->wq);
	init_waitqueue_head(&ep->poll_wait);
	INIT_LIST_HEAD(&ep->rdllist);
	ep->user = get_uid(current->cred->user);
	return ep;
}

static int do_epoll_create(int flags)
{
	struct eventpoll *ep;
	int fd;

	if (flags & ~EPOLL_CLOEXEC)
		return -EINVAL;
	ep = ep_alloc();
	if (!ep)
		return -ENOMEM;
	fd = get_unused_fd_flags(flags);
	if (fd < 0)
		goto out_free;
	ep->file = anon_inode_getfile("[eventpoll]", &eventpoll_fops, ep, O_RDWR);
	if (IS_ERR(ep->file))
		goto out_fd;
	fd_install(fd, ep->file);
	return fd;
out_fd:
	put_unused_fd(fd);
	fd = PTR_ERR(ep->file);
out_free:
	free_uid(ep->user);
	kfree(ep);
	return fd;
}

SYSCALL_DEFINE1(epoll_create1, int, flags)
{
	return do_epoll_create(flags);
}

/* @size: once a hint. */
SYSCALL_DEFINE1(epoll_create, int, size)
{
	return size <= 0 ? -EINVAL : do_epoll_create(0);
}

/* May there be such a call? 0, -EPERM, -EINVAL, in Linux's order. */
static int check_ctl(const struct file *file, int op, const struct file *watched, const struct epoll_event *event)
{
	if (!file_can_poll(watched))
		return -EPERM;
	if (file == watched || !is_file_epoll(file))
		return -EINVAL;
	if (op == EPOLL_CTL_DEL || !(event->events & EPOLLEXCLUSIVE))
		return 0;
	if (op == EPOLL_CTL_MOD)
		return -EINVAL;
	return op == EPOLL_CTL_ADD && (is_file_epoll(watched) || event->events & ~EPOLLEXCLUSIVE_OK_BITS) ? -EINVAL : 0;
}

/* With ep->mtx held. */
static int change_entry(struct eventpoll *ep, int op, struct file *file, int fd, const struct epoll_event *event,
			bool nested)
{
	struct epitem *epi = ep_find(ep, file, fd);

	switch (op) {
	case EPOLL_CTL_ADD:
		return epi ? -EEXIST : ep_insert(ep, event, file, fd, nested);
	case EPOLL_CTL_DEL:
		if (!epi)
			return -ENOENT;
		ep_remove(ep, epi);
		return 0;
	case EPOLL_CTL_MOD:
		if (!epi)
			return -ENOENT;
		if (epi->event.events & EPOLLEXCLUSIVE)
			return -EINVAL;
		ep_modify(epi, event);
		return 0;
	default:
		return -EINVAL;
	}
}

int do_epoll_ctl(struct file *file, int op, struct file *watched, int fd, struct epoll_event *event)
{
	struct eventpoll *ep = file->private_data;
	bool nested;
	int error = check_ctl(file, op, watched, event);

	if (error)
		return error;
	event->events |= EPOLLERR | EPOLLHUP; /* told unasked */
	nested = op == EPOLL_CTL_ADD && (ep_watchers(file) || is_file_epoll(watched));
	if (nested)
		mutex_lock(&epmutex);
	if (nested && is_file_epoll(watched))
		error = ep_loop_check(ep, watched->private_data);
	if (!error) {
		mutex_lock(&ep->mtx);
		error = change_entry(ep, op, watched, fd, event, nested);
		mutex_unlock(&ep->mtx);
	}
	if (nested)
		mutex_unlock(&epmutex);
	return error;
}

SYSCALL_DEFINE4(epoll_ctl, int, epfd, int, op, int, fd, struct epoll_event __user *, uevent)
{
	struct epoll_event event = { 0, 0 };
	struct fd f, tf;
	int error = -EBADF;

	if (op != EPOLL_CTL_DEL && copy_from_user(&event, uevent, sizeof(event)))
		return -EFAULT;
	f = fdget(epfd);
	tf = fdget(fd);
	if (f.file && tf.file)
		error = do_epoll_ctl(f.file, op, tf.file, fd, &event);
	fdput(tf);
	fdput(f);
	return error;
}

/* As many entries as fit into a twenty-fifth of the memory. */
static int eventpoll_init(void)
{
	max_user_watches = totalram_pages() / 25 * PAGE_SIZE / (sizeof(struct epitem) + sizeof(struct eppoll_entry));
	return proc_sysctl("/proc/sys/fs/epoll/max_user_watches", &max_user_watches, 1, 0, ~0ul >> 1);
}
late_initcall(eventpoll_init);
