/*
 * Record locks: fcntl()'s, of a process or of an open file. Linux: fs/locks.c:posix_lock_inode()
 *
 * An owner has one kind of lock on a byte at most: what it asks for replaces what it had there, and
 * locks of one kind that touch become one. An operation looks at each lock of the inode, as Linux's does.
 */
#include "kernel/fs/locks/locks.h"

static bool posix_locks_conflict(const struct file_lock *a, const struct file_lock *b)
{
	return a->fl_owner != b->fl_owner && locks_overlap(a, b) && locks_conflict(a, b);
}

const struct file_lock *posix_test_lock(const struct inode *inode, const struct file_lock *request)
{
	const struct file_lock *fl;

	if (!inode->i_flctx)
		return NULL;
	list_for_each_entry(fl, &inode->i_flctx->flc_posix, fl_list) {
		if (posix_locks_conflict(request, fl))
			return fl;
	}
	return NULL;
}

/* A copy of @old, which is held, from @start to @end. @new: its memory. */
static void copy_held(struct file_lock *new, const struct file_lock *old, loff_t start, loff_t end)
{
	new->fl_type = old->fl_type;
	new->fl_flags = old->fl_flags & ~FL_SLEEP;
	new->fl_owner = old->fl_owner;
	new->fl_pid = old->fl_pid;
	new->fl_file = old->fl_file;
	new->fl_start = start;
	new->fl_end = end;
}

/* Is @fl to become one with @new: of its type, and overlapping or next to it? */
static bool touches(const struct file_lock *fl, const struct file_lock *new)
{
	return fl->fl_type == new->fl_type && fl->fl_start - 1 <= new->fl_end &&
	       fl->fl_end >= new->fl_start - 1;
}

/*
 * @fl of another type loses the bytes of @request. What is left behind it becomes a lock of its own in
 * *@spare when there is something left in front, too. Returns what is left behind it, or NULL.
 */
static struct file_lock *cut(struct file_lock *fl, const struct file_lock *request,
			     struct file_lock **spare)
{
	bool left = fl->fl_start < request->fl_start, right = fl->fl_end > request->fl_end;
	struct file_lock *behind = right ? fl : NULL;

	if (left && right) {
		behind = *spare;
		*spare = NULL;
		copy_held(behind, fl, request->fl_end + 1, fl->fl_end);
		list_add(&behind->fl_list, &fl->fl_list);
	}
	if (left)
		fl->fl_end = request->fl_start - 1;
	else if (right)
		fl->fl_start = request->fl_end + 1;
	if (left || right)
		locks_wake_up_blocks(fl);
	else
		locks_delete_lock(fl);
	return behind;
}

/*
 * Make room for @new (type F_UNLCK: only that) among the locks of its owner; it grows by those it
 * becomes one with. Returns the lock that it has to stand before, or the list's head.
 */
static struct list_head *replace(struct file_lock_context *ctx, struct file_lock *new,
				 struct file_lock **spare)
{
	struct file_lock *fl, *next;
	bool seen = false;

	list_for_each_entry_safe(fl, next, &ctx->flc_posix, fl_list) {
		if (fl->fl_owner != new->fl_owner) {
			if (seen)
				return &fl->fl_list; /* behind the last of the owner's */
			continue;
		}
		seen = true;
		if (touches(fl, new)) {
			new->fl_start = min(new->fl_start, fl->fl_start);
			new->fl_end = max(new->fl_end, fl->fl_end);
			locks_delete_lock(fl);
		} else if (locks_overlap(fl, new)) {
			struct file_lock *behind = cut(fl, new, spare);

			if (behind)
				return &behind->fl_list;
		} else if (fl->fl_start > new->fl_end) {
			return &fl->fl_list;
		}
	}
	return &ctx->flc_posix;
}

/* 0: nothing conflicts. Else -EAGAIN, -EDEADLK, or FILE_LOCK_DEFERRED: @request is blocked. */
static int find_conflict(struct file_lock_context *ctx, struct file_lock *request)
{
	struct file_lock *fl;

	list_for_each_entry(fl, &ctx->flc_posix, fl_list) {
		if (!posix_locks_conflict(request, fl))
			continue;
		if (!(request->fl_flags & FL_SLEEP))
			return -EAGAIN;
		if (posix_locks_deadlock(request, fl))
			return -EDEADLK;
		locks_insert_block(fl, request, posix_locks_conflict);
		return FILE_LOCK_DEFERRED;
	}
	return 0;
}

/* There is memory for all that can be needed: @new for the lock, *@spare for what is cut off. */
static void posix_apply(struct file_lock_context *ctx, struct file_lock *request,
			struct file_lock *new, struct file_lock **spare)
{
	struct file_lock *what = new ? new : request;
	struct list_head *before;

	if (new)
		copy_held(new, request, request->fl_start, request->fl_end);
	before = replace(ctx, what, spare);
	if (new) {
		list_add_tail(&new->fl_list, before);
		locks_move_blocks(new, request);
	}
}

int posix_lock_inode(struct inode *inode, struct file_lock *request)
{
	bool unlock = request->fl_type == F_UNLCK;
	bool all = unlock && request->fl_start == 0 && request->fl_end == OFFSET_MAX;
	struct file_lock *new = NULL, *spare = NULL;
	struct file_lock_context *ctx;
	int error = 0;

	if (unlock && !inode->i_flctx)
		return 0;
	if (!unlock)
		new = locks_alloc_lock();
	if (!all) /* to unlock everything needs no memory: exit() does so */
		spare = locks_alloc_lock();
	ctx = locks_get_lock_context(inode);
	if (!ctx || (!unlock && !new) || (!all && !spare))
		error = ctx ? -ENOLCK : -ENOMEM;
	else if (!unlock)
		error = find_conflict(ctx, request);
	if (!error) {
		posix_apply(ctx, request, new, &spare);
		new = NULL;
	}
	locks_put_lock_context(inode);
	locks_free_lock(new);
	locks_free_lock(spare);
	return error;
}

void locks_remove_posix(struct file *file, fl_owner_t owner)
{
	struct inode *inode = file->f_inode;
	struct file_lock lock;

	if (!inode->i_flctx || list_empty(&inode->i_flctx->flc_posix))
		return;
	locks_init_lock(&lock);
	lock.fl_type = F_UNLCK;
	lock.fl_flags = FL_POSIX;
	lock.fl_owner = owner;
	lock.fl_file = file;
	lock.fl_end = OFFSET_MAX;
	posix_lock_inode(inode, &lock);
}
