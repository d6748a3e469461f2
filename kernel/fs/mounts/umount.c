/*
 * umount(): a mount leaves the tree, when nobody uses it, or at once (MNT_DETACH) and ends when nobody uses
 * it any more. Linux: fs/namespace.c
 */
#include <uapi/mount.h>

#include "kernel/fs/mounts/mounts.h"
#include "kernel/syscalls.h"

void detach_mnt(struct mount *mnt)
{
	struct path mountpoint = { .mnt = &mnt->mnt_parent->mnt, .dentry = mnt->mnt_mountpoint };

	hlist_del_init(&mnt->mnt_hash);
	list_del_init(&mnt->mnt_child);
	list_del_init(&mnt->mnt_list);
	mnt->mnt_parent = mnt;
	mnt->mnt_mountpoint = mnt->mnt.mnt_root;
	if (!is_mountpoint(mountpoint.dentry))
		mountpoint.dentry->d_flags &= ~DCACHE_MOUNTED;
	path_put(&mountpoint);
}

/* The children go before their parents, each to an end of its own. */
void umount_tree(struct mount *mnt)
{
	struct mount *p = mnt, *parent;

	for (;;) {
		while (!list_empty(&p->mnt_mounts))
			p = list_first_entry(&p->mnt_mounts, struct mount, mnt_child);
		parent = p->mnt_parent;
		if (mnt_has_parent(p))
			detach_mnt(p);
		mntput(&p->mnt);
		if (p == mnt)
			return;
		p = parent;
	}
}

/*
 * MNT_EXPIRE: -EAGAIN, and a mark; the second time, when no path has led through the mount meanwhile, it
 * goes. The call itself is one use.
 */
static int expire(struct mount *mnt, int flags)
{
	bool marked = mnt->mnt_expiry_mark && mnt->mnt_expiry_mark + 1 == mnt->mnt_uses;

	if (&mnt->mnt == current->fs->root.mnt || (flags & (MNT_FORCE | MNT_DETACH)))
		return -EINVAL;
	if (atomic_read(&mnt->mnt.mnt_count) != 2)
		return -EBUSY;
	mnt->mnt_expiry_mark = mnt->mnt_uses;
	return marked ? 0 : -EAGAIN;
}

/* Busy: somebody but the tree and the caller has a reference, be it a mount below. */
static int do_umount(struct mount *mnt, int flags)
{
	int error = flags & MNT_EXPIRE ? expire(mnt, flags) : 0;

	if (error)
		return error;
	if (!mnt_has_parent(mnt)) /* the root of all paths */
		return -EINVAL;
	if (!(flags & MNT_DETACH) && atomic_read(&mnt->mnt.mnt_count) > 2)
		return -EBUSY;
	umount_tree(mnt);
	return 0;
}

/* Linux: fs/namespace.c:can_umount() */
static int can_umount(const struct path *path)
{
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (path->dentry != path->mnt->mnt_root || !check_mnt(real_mount(path->mnt)))
		return -EINVAL;
	return 0;
}

int path_umount(struct path *path, int flags)
{
	int error;

	mutex_lock(&namespace_mutex);
	error = can_umount(path);
	if (!error)
		error = do_umount(real_mount(path->mnt), flags);
	mutex_unlock(&namespace_mutex);
	path_put(path);
	return error;
}

SYSCALL_DEFINE2(umount2, char __user *, name, int, flags)
{
	struct path path;
	int error;

	if (flags & ~(MNT_FORCE | MNT_DETACH | MNT_EXPIRE | UMOUNT_NOFOLLOW))
		return -EINVAL;
	error = user_path_at(AT_FDCWD, name, flags & UMOUNT_NOFOLLOW ? 0 : LOOKUP_FOLLOW, &path);
	return error ? error : path_umount(&path, flags);
}
