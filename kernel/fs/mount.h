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
	struct list_head mnt_mounts; /* those that hang on it, */
	struct list_head mnt_child;  /* by this */
	struct list_head mnt_list;   /* in mount_list; in none: no path leads to it */
	const char *mnt_devname;     /* what mount() was told to mount */
	int mnt_writers;             /* files open for writing */
	bool mnt_unbindable;
	/* How often a path has led into it; and how often it had when umount() marked it to expire. */
	unsigned int mnt_uses, mnt_expiry_mark;
};

extern struct list_head mount_list; /* all that paths lead to, by age */

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
struct mount *alloc_vfsmnt(const char *name); /* one reference, in no tree; NULL: no memory */
/* A new instance of the file system called @fstype. ERR_PTR(-EINVAL, -ENODEV), or what it says. */
struct vfsmount *get_new_mount(const char *fstype, int sb_flags, const char *name, void *data);
/* Hang @mnt on @path, which has been followed to its end. */
void attach_mnt(struct mount *mnt, const struct path *path);
/*
 * Hang @mnt, whose reference the tree takes over, on @path, which is followed first: 0, -ENOENT (it was
 * removed), -ENOTDIR. do_add_mount(): a new mount, -EBUSY for the same twice, -EINVAL.
 */
int graft_tree(struct mount *mnt, struct path *path);
int do_add_mount(struct mount *mnt, struct path *path);
bool is_mountpoint(const struct dentry *dentry); /* of any mount */

/* mounts/proc_namespace.c: all mounts, a line for each, as /proc/mounts tells them. 0 */
int show_mounts(struct seq_file *m);

/* May one write to what @mnt shows? 0 or -EROFS. Linux: fs/namespace.c:mnt_want_write() */
static inline int mnt_want_write(const struct vfsmount *mnt)
{
	return (mnt->mnt_flags & MNT_READONLY) || (mnt->mnt_sb->s_flags & SB_RDONLY) ? -EROFS : 0;
}

/* mounts/writers.c. As get_write_access() and put_write_access(), and counted for the mount. */
int mnt_get_writer(const struct path *path);
void mnt_put_writer(const struct path *path);

static inline bool path_noexec(const struct path *path)
{
	return path->mnt->mnt_flags & MNT_NOEXEC;
}

/* As long as something is mounted on @path, go to its root. References move along. */
void follow_mount(struct path *path);
/*
 * Where the mount @mnt hangs, and its parent if that is only a mount's root again, and so on. False:
 * there is none below @root. @path: with references.
 */
bool choose_mountpoint(struct mount *mnt, const struct path *root, struct path *path);

#endif
