/*
 * Trees of mounts: the same files at another place (bind), and a mount that goes elsewhere (move).
 * Linux: fs/namespace.c
 */
#include <uapi/mount.h>

#include "kernel/fs/mounts/mounts.h"

/* Another mount of the instance of @old, which shows what is below @root; in no tree. Or ERR_PTR. */
static struct mount *clone_mnt(const struct mount *old, struct dentry *root)
{
	struct mount *mnt = alloc_vfsmnt(old->mnt_devname);

	if (!mnt)
		return ERR_PTR(-ENOMEM);
	atomic_inc(&root->d_sb->s_active);
	mnt->mnt.mnt_sb = root->d_sb;
	mnt->mnt.mnt_root = dget(root);
	mnt->mnt.mnt_flags = old->mnt.mnt_flags;
	mnt->mnt_mountpoint = root;
	return mnt;
}

/* The mount after @p of those on @root, parents before children. NULL: no more. */
static struct mount *next_mnt(struct mount *p, struct mount *root)
{
	if (!list_empty(&p->mnt_mounts))
		return list_first_entry(&p->mnt_mounts, struct mount, mnt_child);
	for (; p != root; p = p->mnt_parent) {
		if (p->mnt_child.next != &p->mnt_parent->mnt_mounts)
			return list_entry(p->mnt_child.next, struct mount, mnt_child);
	}
	return NULL;
}

/* @mnt and all that hangs on it, as of @root: pass over them. */
static struct mount *skip_mnt_tree(struct mount *mnt)
{
	while (!list_empty(&mnt->mnt_mounts))
		mnt = list_entry(mnt->mnt_mounts.prev, struct mount, mnt_child);
	return mnt;
}

/*
 * A copy of @mnt below @dentry with all that is mounted there, but for what is unbindable. The copies of
 * the children hang on those of their parents. Or ERR_PTR(-ENOMEM).
 */
static struct mount *copy_tree(struct mount *mnt, struct dentry *dentry)
{
	struct mount *res = clone_mnt(mnt, dentry), *p = mnt, *q = res, *s;

	if (IS_ERR(res))
		return res;
	for (s = next_mnt(mnt, mnt); s; s = next_mnt(s, mnt)) {
		struct path where;
		struct mount *copy;

		if (s->mnt_unbindable ||
		    (s->mnt_parent == mnt && !is_subdir(s->mnt_mountpoint, dentry))) {
			s = skip_mnt_tree(s);
			continue;
		}
		while (p != s->mnt_parent) {
			p = p->mnt_parent;
			q = q->mnt_parent;
		}
		copy = clone_mnt(s, s->mnt.mnt_root);
		if (IS_ERR(copy)) {
			umount_tree(res);
			return copy;
		}
		where = (struct path){ .mnt = &q->mnt, .dentry = s->mnt_mountpoint };
		attach_mnt(copy, &where);
		p = s;
		q = copy;
	}
	return res;
}

static struct mount *loopback_of(const struct path *old_path, bool recurse)
{
	struct mount *old = real_mount(old_path->mnt);

	if (old->mnt_unbindable || !check_mnt(old))
		return ERR_PTR(-EINVAL);
	return recurse ? copy_tree(old, old_path->dentry) : clone_mnt(old, old_path->dentry);
}

int do_loopback(struct path *path, const char *old_name, bool recurse)
{
	struct path old_path;
	struct mount *mnt;
	int error;

	if (!old_name || !*old_name)
		return -EINVAL;
	error = kern_path(old_name, LOOKUP_FOLLOW, &old_path);
	if (error)
		return error;
	mutex_lock(&namespace_mutex);
	mnt = check_mnt(real_mount(path->mnt)) ? loopback_of(&old_path, recurse) : ERR_PTR(-EINVAL);
	error = PTR_ERR_OR_ZERO(mnt);
	if (!error) {
		error = graft_tree(mnt, path);
		if (error)
			umount_tree(mnt);
	}
	mutex_unlock(&namespace_mutex);
	path_put(&old_path);
	return error;
}

/*
 * Whether mounts spread to copies of this one. There is one namespace, and no mount is shared, so private is
 * what each is; a slave of nobody is private, too. Linux: fs/namespace.c:do_change_type()
 */
int do_change_type(const struct path *path, unsigned long ms_flags)
{
	unsigned long type = ms_flags & ~(unsigned long)(MS_REC | MS_SILENT);
	struct mount *mnt = real_mount(path->mnt), *m;

	if (path->dentry != path->mnt->mnt_root)
		return -EINVAL;
	if (type != MS_PRIVATE && type != MS_SLAVE && type != MS_UNBINDABLE)
		return -EINVAL;
	mutex_lock(&namespace_mutex);
	for (m = mnt; m; m = ms_flags & MS_REC ? next_mnt(m, mnt) : NULL)
		m->mnt_unbindable = type == MS_UNBINDABLE;
	mutex_unlock(&namespace_mutex);
	return 0;
}

/* May the mount at @old hang at @new, which has been followed to its end? */
static int check_move(const struct path *old_path, const struct path *new_path)
{
	const struct mount *old = real_mount(old_path->mnt), *p = real_mount(new_path->mnt);

	if (!check_mnt(p) || !check_mnt(old) || !mnt_has_parent(old))
		return -EINVAL;
	if (old_path->dentry != old_path->mnt->mnt_root)
		return -EINVAL;
	if (S_ISDIR(new_path->dentry->d_inode->i_mode) != S_ISDIR(old_path->dentry->d_inode->i_mode))
		return -EINVAL;
	for (; mnt_has_parent(p); p = p->mnt_parent) {
		if (p == old)
			return -ELOOP;
	}
	return 0;
}

int do_move_mount(struct path *path, const char *old_name)
{
	struct path old_path;
	int error;

	if (!old_name || !*old_name)
		return -EINVAL;
	error = kern_path(old_name, LOOKUP_FOLLOW, &old_path);
	if (error)
		return error;
	mutex_lock(&namespace_mutex);
	follow_mount(path);
	if (d_unlinked(path->dentry))
		error = -ENOENT;
	if (!error)
		error = check_move(&old_path, path);
	if (!error) {
		detach_mnt(real_mount(old_path.mnt));
		attach_mnt(real_mount(old_path.mnt), path);
	}
	mutex_unlock(&namespace_mutex);
	path_put(&old_path);
	return error;
}
