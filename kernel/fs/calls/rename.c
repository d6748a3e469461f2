/*
 * rename(), renameat(), renameat2(): a name goes to another place, or two change places.
 *
 * Locks are taken from the root downward: the directories, the one above first, then what is renamed.
 * Where the two directories lie to each other must not change meanwhile. So a rename between directories
 * also takes the mutex of the file system: no other one can move either of them. Read do_renameat2(),
 * lock_rename(), vfs_rename(). Linux: fs/namei.c
 */
#include "kernel/fs/calls/calls.h"
#include "kernel/fs/mount.h"
#include "kernel/fs/notify/notify.h"
#include "kernel/syscalls.h"

struct dentry *lock_rename(struct dentry *p1, struct dentry *p2)
{
	struct dentry *p;

	if (p1 == p2) {
		inode_lock(p1->d_inode);
		return NULL;
	}
	mutex_lock(&p1->d_sb->s_vfs_rename_mutex);
	p = d_ancestor(p2, p1);
	if (p) {
		inode_lock(p2->d_inode);
		inode_lock(p1->d_inode);
		return p;
	}
	p = d_ancestor(p1, p2);
	inode_lock(p1->d_inode);
	inode_lock(p2->d_inode);
	return p;
}

void unlock_rename(struct dentry *p1, struct dentry *p2)
{
	inode_unlock(p1->d_inode);
	if (p1 != p2) {
		inode_unlock(p2->d_inode);
		mutex_unlock(&p1->d_sb->s_vfs_rename_mutex);
	}
}

/*
 * Lock what is renamed and what is in its way: of directories only the one that goes, since the other
 * is held by its parents; of other files both, in the order of their addresses.
 * Linux: fs/inode.c:lock_two_nondirectories()
 */
static void lock_renamed(struct inode *source, struct inode *target, bool exchange)
{
	if (S_ISDIR(source->i_mode) && !exchange) {
		if (target)
			inode_lock(target);
		return;
	}
	if (source > target)
		swap(source, target);
	if (source && !S_ISDIR(source->i_mode))
		inode_lock(source);
	if (target && !S_ISDIR(target->i_mode))
		inode_lock(target);
}

static void unlock_renamed(struct inode *source, struct inode *target, bool exchange)
{
	if (S_ISDIR(source->i_mode) && !exchange) {
		if (target)
			inode_unlock(target);
		return;
	}
	if (!S_ISDIR(source->i_mode))
		inode_unlock(source);
	if (target && !S_ISDIR(target->i_mode))
		inode_unlock(target);
}

/*
 * May @old_dentry go, may something come to @new_dentry? A directory that gets another parent changes its "..",
 * so one must be allowed to write to it. 0 or -errno.
 */
static int may_rename(struct inode *old_dir, struct dentry *old_dentry, struct inode *new_dir,
		      struct dentry *new_dentry, bool exchange)
{
	struct inode *source = old_dentry->d_inode, *target = new_dentry->d_inode;
	bool is_dir = S_ISDIR(source->i_mode), new_is_dir = target && S_ISDIR(target->i_mode);
	int error = may_delete(old_dir, old_dentry, is_dir);

	if (error)
		return error;
	if (!target)
		error = may_create(new_dir, new_dentry);
	else
		error = may_delete(new_dir, new_dentry, exchange ? new_is_dir : is_dir);
	if (error)
		return error;
	if (!old_dir->i_op->rename)
		return -EPERM;
	if (new_dir == old_dir)
		return 0;
	if (is_dir)
		error = inode_permission(source, MAY_WRITE);
	if (!error && exchange && new_is_dir)
		error = inode_permission(target, MAY_WRITE);
	return error;
}

/* Both directories are locked by lock_rename(). What stands in the way is removed by the file system. */
int vfs_rename(struct inode *old_dir, struct dentry *old_dentry, struct inode *new_dir,
	       struct dentry *new_dentry, unsigned int flags)
{
	struct inode *source = old_dentry->d_inode, *target = new_dentry->d_inode;
	bool exchange = flags & RENAME_EXCHANGE;
	struct qstr old_name;
	int error;

	if (source == target)
		return 0;
	error = may_rename(old_dir, old_dentry, new_dir, new_dentry, exchange);
	if (error)
		return error;
	old_name = fsnotify_oldname(old_dentry);
	if (target)
		ihold(target); /* it is unlocked below */
	lock_renamed(source, target, exchange);
	if (d_mountpoint(old_dentry) || d_mountpoint(new_dentry))
		error = -EBUSY;
	else
		error = old_dir->i_op->rename(old_dir, old_dentry, new_dir, new_dentry, flags);
	if (!error && exchange)
		d_exchange(old_dentry, new_dentry);
	else if (!error)
		d_move(old_dentry, new_dentry);
	unlock_renamed(source, target, exchange);
	if (!error)
		fsnotify_move(old_dir, new_dir, &old_name, old_dentry,
			      target && !exchange ? new_dentry : NULL);
	if (!error && exchange)
		fsnotify_move(new_dir, old_dir, &old_dentry->d_name, new_dentry, NULL);
	kfree(old_name.name);
	iput(target);
	return error;
}

/* One end of a rename: a directory, and a name in it. */
struct rename_end {
	struct path dir;
	struct qstr last;
	enum last_type type;
	struct dentry *dentry; /* what the name means */
};

static bool trailing_slash(const struct rename_end *end)
{
	return end->last.name[end->last.len];
}

/* Is this a pair of names that can be renamed? @trap: of lock_rename(). 0 or -errno. */
static int check_names(const struct rename_end *old, const struct rename_end *new,
		       unsigned int flags, const struct dentry *trap)
{
	bool exchange = flags & RENAME_EXCHANGE;

	if ((flags & RENAME_NOREPLACE) && !d_is_negative(new->dentry))
		return -EEXIST;
	if (exchange && d_is_negative(new->dentry))
		return -ENOENT;
	if (exchange && !S_ISDIR(new->dentry->d_inode->i_mode) && trailing_slash(new))
		return -ENOTDIR;
	if (!S_ISDIR(old->dentry->d_inode->i_mode)) {
		if (trailing_slash(old) || (!exchange && trailing_slash(new)))
			return -ENOTDIR;
	}
	if (old->dentry == trap)
		return -EINVAL; /* into itself */
	if (new->dentry == trap)
		return exchange ? -EINVAL : -ENOTEMPTY;
	return 0;
}

/* Look the two names up, and rename. The directories are locked. */
static int rename_last(struct rename_end *old, struct rename_end *new, unsigned int flags,
		       struct dentry *trap)
{
	int error;

	old->dentry = __lookup_hash(&old->last, old->dir.dentry, 0);
	if (IS_ERR(old->dentry))
		return PTR_ERR(old->dentry);
	error = -ENOENT;
	if (d_is_negative(old->dentry))
		goto put_old;
	new->dentry = __lookup_hash(&new->last, new->dir.dentry, 0);
	error = PTR_ERR_OR_ZERO(new->dentry);
	if (error)
		goto put_old;
	error = check_names(old, new, flags, trap);
	if (!error)
		error = vfs_rename(old->dir.dentry->d_inode, old->dentry, new->dir.dentry->d_inode,
				   new->dentry, flags);
	dput(new->dentry);
put_old:
	dput(old->dentry);
	return error;
}

/* Both walks have ended at a directory. 0 or -errno. */
static int rename_between(struct rename_end *old, struct rename_end *new, unsigned int flags)
{
	struct dentry *trap;
	int error;

	if (old->dir.mnt != new->dir.mnt)
		return -EXDEV;
	if (old->type != LAST_NORM)
		return -EBUSY;
	if (new->type != LAST_NORM)
		return flags & RENAME_NOREPLACE ? -EEXIST : -EBUSY;
	error = mnt_want_write(old->dir.mnt);
	if (error)
		return error;
	trap = lock_rename(new->dir.dentry, old->dir.dentry);
	error = rename_last(old, new, flags, trap);
	unlock_rename(new->dir.dentry, old->dir.dentry);
	return error;
}

int rename_paths(int olddfd, const char *from, int newdfd, const char *to, unsigned int flags)
{
	struct rename_end old, new;
	int error = path_parentat(olddfd, from, &old.dir, &old.last, &old.type);

	if (error)
		return error;
	error = path_parentat(newdfd, to, &new.dir, &new.last, &new.type);
	if (!error) {
		error = rename_between(&old, &new, flags);
		path_put(&new.dir);
	}
	path_put(&old.dir);
	return error;
}

static int do_renameat2(int olddfd, const char __user *oldname, int newdfd,
			const char __user *newname, unsigned int flags)
{
	struct filename *from = getname(oldname), *to = getname(newname);
	int error = -EINVAL;

	if (flags & ~(RENAME_NOREPLACE | RENAME_EXCHANGE | RENAME_WHITEOUT))
		goto put_names;
	if ((flags & RENAME_EXCHANGE) && flags != RENAME_EXCHANGE)
		goto put_names;
	error = PTR_ERR_OR_ZERO(from);
	if (!error)
		error = PTR_ERR_OR_ZERO(to);
	if (!error)
		error = rename_paths(olddfd, from->name, newdfd, to->name, flags);
put_names:
	putname(to);
	putname(from);
	return error;
}

SYSCALL_DEFINE5(renameat2, int, olddfd, const char __user *, oldname, int, newdfd,
		const char __user *, newname, unsigned int, flags)
{
	return do_renameat2(olddfd, oldname, newdfd, newname, flags);
}

SYSCALL_DEFINE4(renameat, int, olddfd, const char __user *, oldname, int, newdfd,
		const char __user *, newname)
{
	return do_renameat2(olddfd, oldname, newdfd, newname, 0);
}

SYSCALL_DEFINE2(rename, const char __user *, oldname, const char __user *, newname)
{
	return do_renameat2(AT_FDCWD, oldname, AT_FDCWD, newname, 0);
}
