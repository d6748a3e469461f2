/*
 * What all kinds of locks share: their memory, and who waits for whom. Linux: fs/locks.c
 *
 * Nothing here sleeps but locks_wait() and what allocates, and ring 0 is not preempted: between two
 * calls of these no other task sees the lists.
 */
#include "kernel/fs/locks/locks.h"

#include "kernel/lib/init.h"

#define BLOCKED_HASH_BITS 7
#define MAX_DEADLK_ITERATIONS 10 /* as Linux: a longer circle is not found */

static struct kmem_cache *filelock_cache, *flctx_cache;
static struct hlist_head blocked_hash[1 << BLOCKED_HASH_BITS];

static struct hlist_head *blocked_bucket(fl_owner_t owner)
{
	unsigned long hash = (unsigned long)owner / 64;

	return &blocked_hash[(hash ^ hash >> BLOCKED_HASH_BITS) & (ARRAY_SIZE(blocked_hash) - 1)];
}

void locks_init_lock(struct file_lock *fl)
{
	memset(fl, 0, sizeof(*fl));
	INIT_LIST_HEAD(&fl->fl_list);
	INIT_LIST_HEAD(&fl->fl_blocked_member);
	INIT_LIST_HEAD(&fl->fl_blocked_requests);
	init_waitqueue_head(&fl->fl_wait);
}

struct file_lock *locks_alloc_lock(void)
{
	struct file_lock *fl = kmem_cache_alloc(filelock_cache, GFP_KERNEL);

	if (fl)
		locks_init_lock(fl);
	return fl;
}

void locks_free_lock(struct file_lock *fl)
{
	if (!fl)
		return;
	BUG_ON(!list_empty(&fl->fl_blocked_requests) || !list_empty(&fl->fl_list));
	kmem_cache_free(filelock_cache, fl);
}

struct file_lock_context *locks_get_lock_context(struct inode *inode)
{
	struct file_lock_context *ctx = inode->i_flctx;

	if (ctx)
		return ctx;
	ctx = kmem_cache_alloc(flctx_cache, GFP_KERNEL);
	if (!ctx)
		return NULL;
	if (inode->i_flctx) { /* another task was here while we slept */
		kmem_cache_free(flctx_cache, ctx);
		return inode->i_flctx;
	}
	INIT_LIST_HEAD(&ctx->flc_flock);
	INIT_LIST_HEAD(&ctx->flc_posix);
	inode->i_flctx = ctx;
	inode->i_state |= I_FLUSH; /* for good: other files may have a flush(), too */
	return ctx;
}

/*
 * Linux keeps the context until the inode goes. Here the last lock takes it along, so that the end of
 * an inode need not look for it.
 */
void locks_put_lock_context(struct inode *inode)
{
	struct file_lock_context *ctx = inode->i_flctx;

	if (!ctx || !list_empty(&ctx->flc_flock) || !list_empty(&ctx->flc_posix))
		return;
	inode->i_flctx = NULL;
	kmem_cache_free(flctx_cache, ctx);
}

void locks_insert_block(struct file_lock *blocker, struct file_lock *waiter,
			bool (*conflict)(const struct file_lock *, const struct file_lock *))
{
	struct file_lock *fl;

new_blocker:
	list_for_each_entry(fl, &blocker->fl_blocked_requests, fl_blocked_member) {
		if (conflict(fl, waiter)) {
			blocker = fl;
			goto new_blocker;
		}
	}
	waiter->fl_blocker = blocker;
	list_add_tail(&waiter->fl_blocked_member, &blocker->fl_blocked_requests);
	if ((waiter->fl_flags & (FL_POSIX | FL_OFDLCK)) == FL_POSIX)
		hlist_add_head(&waiter->fl_link, blocked_bucket(waiter->fl_owner));
	locks_wake_up_blocks(waiter); /* they may be compatible with what blocks it */
}

static void unblock(struct file_lock *waiter)
{
	if (!hlist_unhashed(&waiter->fl_link))
		hlist_del_init(&waiter->fl_link);
	list_del_init(&waiter->fl_blocked_member);
	waiter->fl_blocker = NULL;
}

void locks_wake_up_blocks(struct file_lock *blocker)
{
	while (!list_empty(&blocker->fl_blocked_requests)) {
		struct file_lock *waiter = list_first_entry(&blocker->fl_blocked_requests,
							    struct file_lock, fl_blocked_member);

		unblock(waiter);
		wake_up(&waiter->fl_wait);
	}
}

void locks_delete_block(struct file_lock *waiter)
{
	locks_wake_up_blocks(waiter);
	if (waiter->fl_blocker)
		unblock(waiter);
}

void locks_move_blocks(struct file_lock *new, struct file_lock *old)
{
	struct file_lock *fl;

	list_for_each_entry(fl, &old->fl_blocked_requests, fl_blocked_member)
		fl->fl_blocker = new;
	list_splice_init(&old->fl_blocked_requests, &new->fl_blocked_requests);
}

void locks_delete_lock(struct file_lock *fl)
{
	list_del_init(&fl->fl_list);
	locks_wake_up_blocks(fl);
	locks_free_lock(fl);
}

/* The lock that the owner of @block_fl waits for at last, or NULL: it does not wait. */
static const struct file_lock *what_owner_is_waiting_for(const struct file_lock *block_fl)
{
	const struct file_lock *fl;

	hlist_for_each_entry(fl, blocked_bucket(block_fl->fl_owner), fl_link) {
		if (fl->fl_owner == block_fl->fl_owner) {
			while (fl->fl_blocker)
				fl = fl->fl_blocker;
			return fl;
		}
	}
	return NULL;
}

bool posix_locks_deadlock(const struct file_lock *caller, const struct file_lock *block)
{
	int i = 0;

	if (caller->fl_flags & FL_OFDLCK)
		return false; /* an open file waits for nobody: only tasks do */
	while ((block = what_owner_is_waiting_for(block))) {
		if (i++ > MAX_DEADLK_ITERATIONS)
			return false;
		if (block->fl_owner == caller->fl_owner)
			return true;
	}
	return false;
}

int locks_wait(struct inode *inode, struct file_lock *request,
	       int (*apply)(struct inode *inode, struct file_lock *request))
{
	int error;

	for (;;) {
		error = apply(inode, request);
		if (error != FILE_LOCK_DEFERRED)
			break;
		error = wait_event_interruptible(request->fl_wait, !request->fl_blocker);
		if (error)
			break;
	}
	locks_delete_block(request);
	return error;
}

static int filelock_init(void)
{
	filelock_cache = kmem_cache_create("file_lock_cache", sizeof(struct file_lock), 0,
					   SLAB_PANIC, NULL);
	flctx_cache = kmem_cache_create("file_lock_ctx", sizeof(struct file_lock_context), 0,
					SLAB_PANIC, NULL);
	return 0;
}
late_initcall(filelock_init);
