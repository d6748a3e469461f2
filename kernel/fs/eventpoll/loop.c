/*
 * Epoll files that watch epoll files: no circles, no long chains, and not too many ways by which one event
 * wakes somebody. Called with the lock over all of them held. Linux: fs/eventpoll.c
 */
#include "kernel/fs/eventpoll/internal.h"

static unsigned long loop_check_gen; /* number of the search that is going on */

/* How long the longest chain is that begins at @ep and goes down; more than EP_MAX_NESTS: also when it meets @from. */
static int depth_below(struct eventpoll *ep, const struct eventpoll *from, int depth)
{
	int longest = 0;

	if (ep->gen == loop_check_gen)
		return ep->depth;
	mutex_lock(&ep->mtx);
	ep->gen = loop_check_gen;
	for (struct rb_node *node = rb_first(&ep->rbr); node && longest <= EP_MAX_NESTS; node = rb_next(node)) {
		struct file *file = rb_entry(node, struct epitem, rbn)->file;

		if (!is_file_epoll(file))
			continue;
		if (file->private_data == from || depth > EP_MAX_NESTS)
			longest = EP_MAX_NESTS + 1;
		else
			longest = max(longest, depth_below(file->private_data, from, depth + 1) + 1);
	}
	ep->depth = longest;
	mutex_unlock(&ep->mtx);
	return longest;
}

/* How long the longest chain is that ends at @ep. */
static int depth_above(struct eventpoll *ep)
{
	const struct epitems_head *head = ep_watchers(ep->file);
	struct epitem *epi;
	int longest = 0;

	if (ep->gen == loop_check_gen)
		return ep->depth;
	if (head) {
		hlist_for_each_entry(epi, &head->epitems, fllink)
			longest = max(longest, depth_above(epi->ep) + 1);
	}
	ep->gen = loop_check_gen;
	ep->depth = longest;
	return longest;
}

int ep_loop_check(struct eventpoll *ep, struct eventpoll *to)
{
	int below;

	loop_check_gen++;
	below = depth_below(to, ep, 0);
	if (below > EP_MAX_NESTS)
		return -ELOOP;
	return below + 1 + depth_above(ep) > EP_MAX_NESTS ? -ELOOP : 0;
}

/* How many chains of each length may lead from a file to epoll files that nobody watches; without a link, any number. */
static const int path_limits[] = { 1000, 500, 100, 50, 10 };

/* Count the chains that begin at @file, @depth links from where the search began. -EINVAL: too many. */
static int count_paths(const struct file *file, int depth, int *counts)
{
	const struct epitems_head *head = ep_watchers(file);
	struct epitem *epi;
	int error;

	if (depth > EP_MAX_NESTS)
		return -EINVAL;
	hlist_for_each_entry(epi, &head->epitems, fllink) {
		if (ep_watchers(epi->ep->file))
			error = count_paths(epi->ep->file, depth + 1, counts);
		else
			error = depth && ++counts[depth] > path_limits[depth] ? -EINVAL : 0;
		if (error)
			return error;
	}
	return 0;
}

/* The same for @file; or, when that is an epoll file, for each file below it that was not looked at yet. */
static int check_paths(const struct file *file)
{
	int counts[ARRAY_SIZE(path_limits)] = { 0 };
	struct eventpoll *ep = file->private_data;
	int error = 0;

	if (!is_file_epoll(file))
		return count_paths(file, 0, counts);
	if (ep->gen == loop_check_gen)
		return 0;
	ep->gen = loop_check_gen;
	for (struct rb_node *node = rb_first(&ep->rbr); node && !error; node = rb_next(node))
		error = check_paths(rb_entry(node, struct epitem, rbn)->file);
	return error;
}

int reverse_path_check(const struct file *file)
{
	loop_check_gen++;
	return check_paths(file);
}
