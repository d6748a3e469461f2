/*
 * Dentries and mounts: what a name stands for, and where a tree hangs. Part of kernel/fs/fs.h.
 * Linux: include/linux/dcache.h, path.h, mount.h, namei.h
 */
#ifndef KERNEL_FS_DCACHE_H
#define KERNEL_FS_DCACHE_H

#include "kernel/lib/lib.h"

struct dentry;
struct file_system_type;
struct inode;
struct super_block;
struct vfsmount;

/* One component of a path. */
struct qstr {
	u32 hash;         /* full_name_hash() of the name below its directory */
	unsigned int len; /* bytes, without the final NUL */
	const char *name;
};

/* What a file system wants to decide about its dentries; super_block.s_d_op. */
struct dentry_operations {
	/* Does a dentry that was found still mean what is there? 0: look the name up again. */
	int (*d_revalidate)(struct dentry *dentry, unsigned int flags);
	int (*d_delete)(const struct dentry *dentry); /* nobody uses it: 1, do not keep it */
};

/*
 * What a name stands for: an inode, on which the dentry owns a reference, or nothing (a negative
 * dentry: the file system has been asked, and there is no such name).
 *
 * A hashed dentry is found by d_lookup(). When nobody uses it any more (d_count 0) it stays, in the
 * list of unused ones, until it is needed again or pruned. An unhashed one is freed at once.
 */
struct dentry {
	unsigned int d_flags; /* DCACHE_* */
	atomic_t d_count;
	struct hlist_node d_hash;
	struct dentry *d_parent; /* referenced; itself for a root or a pseudo file */
	struct qstr d_name;      /* d_name.name is owned, but for pseudo files: theirs is a literal */
	struct inode *d_inode;
	struct super_block *d_sb;
	/* These are valid unless DCACHE_PSEUDO. */
	struct list_head d_child; /* in d_parent->d_subdirs */
	union {
		struct list_head d_subdirs; /* children, the newest first */
		struct list_head d_lru;     /* an unused dentry, which has no children, is in this list */
	};
};
#define DCACHE_PSEUDO 0x1u   /* of a file that no path leads to: in no list */
#define DCACHE_CURSOR 0x2u   /* stands for a reader's place in its directory, and for no name */
#define DCACHE_LRU_LIST 0x4u /* in the list of unused ones */
#define DCACHE_MOUNTED 0x8u  /* something is mounted here, in some mount of this tree */

struct vfsmount {
	atomic_t mnt_count;
	int mnt_flags; /* MNT_* */
	struct dentry *mnt_root; /* referenced */
	struct super_block *mnt_sb;
};

#define MNT_NOSUID 0x01
#define MNT_NODEV 0x02
#define MNT_NOEXEC 0x04
#define MNT_NOATIME 0x08
#define MNT_NODIRATIME 0x10
#define MNT_RELATIME 0x20
#define MNT_READONLY 0x40
#define MNT_ATIME_MASK (MNT_NOATIME | MNT_NODIRATIME | MNT_RELATIME)

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};

/* dcache.c */
u32 full_name_hash(const struct dentry *dir, const char *name, unsigned int len);
/* The same in pieces: FNV-1a over the directory's address and the name. Linux: include/linux/stringhash.h */
static inline u32 init_name_hash(const struct dentry *dir)
{
	return 2166136261u ^ (u32)((unsigned long)dir >> 4);
}

static inline u32 partial_name_hash(u8 c, u32 hash)
{
	return (hash ^ c) * 16777619u;
}

/* A name as the functions below take it. */
#define QSTR(dir, string, length)                                                       \
	((struct qstr){ .hash = full_name_hash(dir, string, length), .len = (length),   \
			.name = (string) })

/* A dentry for @name (copied) below @parent, no inode, not hashed, one reference; or NULL. */
struct dentry *d_alloc(struct dentry *parent, const struct qstr *name);
struct dentry *d_alloc_pseudo(struct super_block *sb, const char *literal);
struct dentry *d_make_root(struct inode *root_inode); /* consumes the inode; NULL: no memory */
/* The cached dentry of @name below @parent, positive or negative, with a reference; or NULL. */
struct dentry *d_lookup(struct dentry *parent, const struct qstr *name);
void d_rehash(struct dentry *dentry);
void d_drop(struct dentry *dentry);   /* d_lookup() no longer finds it */
void d_delete(struct dentry *dentry); /* its file is deleted: negative, or unhashed while in use */
/*
 * dcache_move.c. @dentry moves to where @target is, with its name; @target gets unhashed. Or the two change
 * places. d_ancestor(): the child of @p1 above or at @p2; NULL: @p1 is not above it.
 */
void d_move(struct dentry *dentry, struct dentry *target);
void d_exchange(struct dentry *dentry1, struct dentry *dentry2);
struct dentry *d_ancestor(struct dentry *p1, struct dentry *p2);
bool is_subdir(const struct dentry *dentry, const struct dentry *ancestor);

/* @dentry now means @inode (NULL: no such name), and owns the caller's reference on it. */
static inline void d_instantiate(struct dentry *dentry, struct inode *inode)
{
	dentry->d_inode = inode;
}

/* The same, and from now on d_lookup() finds it: what i_op->lookup() ends with. */
static inline void d_add(struct dentry *dentry, struct inode *inode)
{
	d_instantiate(dentry, inode);
	d_rehash(dentry);
}

static inline bool d_unhashed(const struct dentry *dentry)
{
	return hlist_unhashed(&dentry->d_hash);
}

/* Its name is gone; the root of a file system has none to lose. */
static inline bool d_unlinked(const struct dentry *dentry)
{
	return d_unhashed(dentry) && dentry != dentry->d_parent;
}

static inline bool d_is_negative(const struct dentry *dentry)
{
	return !dentry->d_inode;
}

static inline bool d_mountpoint(const struct dentry *dentry)
{
	return dentry->d_flags & DCACHE_MOUNTED;
}

static inline struct dentry *dget(struct dentry *dentry)
{
	atomic_inc(&dentry->d_count);
	return dentry;
}

void dput(struct dentry *dentry); /* NULL is allowed */

/* Free unused dentries: up to @nr of the longest unused; all of @sb. How many were freed. */
unsigned long prune_dcache(unsigned long nr);
unsigned long shrink_dcache_sb(struct super_block *sb);
/* @sb ends: so must all its dentries. Complains about those still in use. */
void shrink_dcache_for_umount(struct super_block *sb);
extern unsigned long nr_unused_dentries;

/* namespace.c */
void path_get(const struct path *path);
void path_put(const struct path *path);

/*
 * d_path.c: the path as text, at the end of @buf, which has @buflen bytes; ERR_PTR(-ENAMETOOLONG):
 * it does not fit. From the root of current on, with " (deleted)" behind it for a deleted file; from
 * the root of the dentry's own file system on.
 */
char *d_path(const struct path *path, char *buf, int buflen);
char *dentry_path_raw(const struct dentry *dentry, char *buf, int buflen);

static inline struct vfsmount *mntget(struct vfsmount *mnt)
{
	atomic_inc(&mnt->mnt_count);
	return mnt;
}

void cleanup_mnt(struct vfsmount *mnt);

/* Inline as fput() is: on the call path of close(), where it hardly ever is the last reference. */
static inline void mntput(struct vfsmount *mnt)
{
	int left = atomic_dec_return(&mnt->mnt_count);

	BUG_ON(left < 0);
	if (unlikely(!left))
		cleanup_mnt(mnt);
}

/* A mount of a new instance of @type that no path leads to; or ERR_PTR. mntput() ends it. */
struct vfsmount *kern_mount(struct file_system_type *type);
/*
 * Mount a file system of type @type_page on @path. 0; -ENODEV: no such type; -EINVAL: unknown
 * @flags, or no place for a mount; -ENOTDIR, -EBUSY, or what the type's mount() says.
 * @dev_name, @data_page: for mount(), may be NULL.
 */
int path_mount(const char *dev_name, struct path *path, const char *type_page, unsigned long flags,
	       void *data_page);
/* Take the mount whose root is @path away; consumes @path. -EINVAL: none; -EBUSY: it is in use. */
int path_umount(struct path *path, int flags);

#endif
