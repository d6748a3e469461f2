/*
 * What namespace.c and namei.c know of a mount. Linux: fs/mount.h
 */
#ifndef KERNEL_FS_MOUNT_H
#define KERNEL_FS_MOUNT_H

#include "kernel/fs/fs.h"

/* A mount with its place in the tree. It holds a reference on its parent and on its mountpoint. */
struct mount {
	struct hlist_node mnt_hash;    /* by parent and mountpoint */
	struct mount *mnt_parent;      /* itself: no path leads to it, or it is the root */
	struct dentry *mnt_mountpoint; /* in the parent */
	int mnt_id; /* of this mount alone */
	struct vfsmount mnt;
};

static inline struct mount *real_mount(struct vfsmount *mnt)
{
	return container_of(mnt, struct mount, mnt);
}

static inline bool mnt_has_parent(const struct mount *mnt)
{
	return mnt->mnt_parent != mnt;
}

static inline bool path_equal(const struct path *a, const struct path *b)
{
	return a->mnt == b->mnt && a->dentry == b->dentry;
}

/* A mount of a new instance of @type, in no tree; or ERR_PTR. */
struct vfsmount *vfs_kern_mount(struct file_system_type *type, int flags, const char *name,
				void *data);
/* As long as something is mounted on @path, go to its root. References move along. */
void follow_mount(struct path *path);
/*
 * Where the mount @mnt hangs, and its parent if that is only a mount's root again, and so on. False:
 * there is none below @root. @path: with references.
 */
bool choose_mountpoint(struct mount *mnt, const struct path *root, struct path *path);

#endif
