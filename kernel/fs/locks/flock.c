/*
 * flock(): locks on whole files, which belong to the open file. Linux: fs/locks.c
 */
#include "kernel/fs/locks/locks.h"
#include "kernel/syscalls.h"

static bool flock_locks_conflict(const struct file_lock *a, const struct file_lock *b)
{
	return a->fl_file != b->fl_file && locks_conflict(a, b);
}

/* F_RDLCK, F_WRLCK, F_UNLCK, or -EINVAL. */
static int flock_translate_cmd(unsigned int cmd)
{
	switch (cmd) {
	case LOCK_SH:
		return F_RDLCK;
	case LOCK_EX:
		return F_WRLCK;
	case LOCK_UN:
		return F_UNLCK;
	}
	return -EINVAL;
}

static struct file_lock *flock_of(struct file_lock_context *ctx, const struct file *file)
{
	struct file_lock *fl;

	list_for_each_entry(fl, &ctx->flc_flock, fl_list) {
		if (fl->fl_file == file)
			return fl;
	}
	return NULL;
}

/* 0: @request can be granted. Else -EAGAIN or FILE_LOCK_DEFERRED: it is blocked. */
static int find_conflict(struct file_lock_context *ctx, struct file_lock *request)
{
	struct file_lock *fl;

	list_for_each_entry(fl, &ctx->flc_flock, fl_list) {
		if (!flock_locks_conflict(request, fl))
			continue;
		if (!(request->fl_flags & FL_SLEEP))
			return -EAGAIN;
		locks_insert_block(fl, request, flock_locks_conflict);
		return FILE_LOCK_DEFERRED;
	}
	return 0;
}

/*
 * Another type of lock replaces the one that the file has, and that one is gone even if the new one
 * has to wait. 0, FILE_LOCK_DEFERRED, -EAGAIN, -ENOMEM. Linux: fs/locks.c:flock_lock_inode()
 */
static int flock_lock_inode(struct inode *inode, struct file_lock *request)
{
	bool unlock = request->fl_type == F_UNLCK;
	struct file_lock *new = NULL, *old;
	struct file_lock_context *ctx;
	int error = 0;

	if (unlock && !inode->i_flctx)
		return 0;
	ctx = unlock ? inode->i_flctx : locks_get_lock_context(inode);
	if (!ctx)
		return -ENOMEM;
	if (!unlock) {
		new = locks_alloc_lock(); /* may sleep: then the context may be another one */
		ctx = new ? locks_get_lock_context(inode) : NULL;
		if (!ctx)
			error = -ENOMEM;
	}
	old = ctx ? flock_of(ctx, request->fl_file) : NULL;
	if (error || (old && old->fl_type == request->fl_type))
		goto out;
	if (old)
		locks_delete_lock(old);
	if (unlock)
		goto out;
	error = find_conflict(ctx, request);
	if (error)
		goto out;
	new->fl_type = request->fl_type;
	new->fl_flags = FL_FLOCK;
	new->fl_owner = new->fl_file = request->fl_file;
	new->fl_end = OFFSET_MAX;
	list_add_tail(&new->fl_list, &ctx->flc_flock);
	locks_move_blocks(new, request);
	new = NULL;
out:
	locks_put_lock_context(inode);
	locks_free_lock(new);
	return error;
}

static void flock_make_lock(struct file *file, struct file_lock *fl, int type)
{
	locks_init_lock(fl);
	fl->fl_type = type;
	fl->fl_flags = FL_FLOCK;
	fl->fl_owner = fl->fl_file = file;
	fl->fl_end = OFFSET_MAX;
}

SYSCALL_DEFINE2(flock, unsigned int, fd, unsigned int, cmd)
{
	struct file_lock fl;
	struct fd f;
	int error, type;

	if (cmd & LOCK_MAND) /* of Linux before 5.16: nothing is locked, and it is no error */
		return 0;
	type = flock_translate_cmd(cmd & ~LOCK_NB);
	if (type < 0)
		return type;
	f = fdget(fd);
	if (!f.file)
		return -EBADF;
	error = -EBADF;
	if (type == F_UNLCK || (f.file->f_mode & (FMODE_READ | FMODE_WRITE))) {
		flock_make_lock(f.file, &fl, type);
		if (!(cmd & LOCK_NB))
			fl.fl_flags |= FL_SLEEP;
		f.file->f_mode |= FMODE_LOCKED;
		error = locks_wait(f.file->f_inode, &fl, flock_lock_inode);
	}
	fdput(f);
	return error;
}

void locks_remove_file(struct file *file)
{
	struct inode *inode = file->f_inode;
	struct file_lock fl;

	locks_remove_posix(file, file); /* the OFD locks: the file owns them */
	flock_make_lock(file, &fl, F_UNLCK);
	flock_lock_inode(inode, &fl);
}
