/*
 * Mounts: which tree hangs where. One table, found by the mount and the dentry something hangs on.
 *
 * A mount's count starts at 1 for being in the tree (or for whoever asked kern_mount()); each path,
 * open file and mount below it adds one. Linux: fs/namespace.c
 */
#include "kernel/fs/mount.h"

#include "kernel/fs/internal.h"

#define MOUNT_HASH_BITS 10

static struct hlist_head mount_hashtable[1 << MOUNT_HASH_BITS];

LIST_HEAD(mount_list);

static struct hlist_head *m_hash(const struct dentry *dentry)
{
	unsigned long hash = (unsigned long)dentry / 64;

	return &mount_hashtable[(hash ^ hash >> MOUNT_HASH_BITS) & ((1ul << MOUNT_HASH_BITS) - 1)];
}

/* The mount on @path, or NULL. No reference. */
static struct mount *__lookup_mnt(const struct vfsmount *mnt, const struct dentry *dentry)
{
	struct mount *p;

	hlist_for_each_entry(p, m_hash(dentry), mnt_hash)
		if (&p->mnt_parent->mnt == mnt && p->mnt_mountpoint == dentry)
			return p;
	return NULL;
}

bool is_mountpoint(const struct dentry *dentry)
{
	struct mount *p;

	hlist_for_each_entry(p, m_hash(dentry), mnt_hash)
		if (p->mnt_mountpoint == dentry)
			return true;
	return false;
}

void follow_mount(struct path *path)
{
	while (d_mountpoint(path->dentry)) {
		struct mount *mounted = __lookup_mnt(path->mnt, path->dentry);

		if (!mounted)
			return; /* the dentry is a mountpoint in another mount of its tree */
		mounted->mnt_uses++;
		mntget(&mounted->mnt);
		dget(mounted->mnt.mnt_root);
		path_put(path);
		path->mnt = &mounted->mnt;
		path->dentry = mounted->mnt.mnt_root;
	}
}

bool choose_mountpoint(struct mount *mnt, const struct path *root, struct path *path)
{
	while (mnt_has_parent(mnt)) {
		path->dentry = mnt->mnt_mountpoint;
		mnt = mnt->mnt_parent;
		path->mnt = &mnt->mnt;
		if (path_equal(path, root))
			return false;
		if (path->dentry != mnt->mnt.mnt_root) {
			path_get(path);
			return true;
		}
	}
	return false;
}

void path_get(const struct path *path)
{
	mntget(path->mnt);
	dget(path->dentry);
}

void path_put(const struct path *path)
{
	dput(path->dentry);
	mntput(path->mnt);
}

/* The last reference is gone, so the mount is in no tree any more. */
void cleanup_mnt(struct vfsmount *mnt)
{
	struct super_block *sb = mnt->mnt_sb;

	dput(mnt->mnt_root);
	deactivate_super(sb);
	kfree(real_mount(mnt)->mnt_devname);
	kfree(real_mount(mnt));
}

struct mount *alloc_vfsmnt(const char *name)
{
	static int last_mnt_id;
	struct mount *mnt = kzalloc(sizeof(*mnt), GFP_KERNEL);

	if (!mnt)
		return NULL;
	mnt->mnt_devname = kstrdup(name ? name : "none", GFP_KERNEL);
	if (!mnt->mnt_devname) {
		kfree(mnt);
		return NULL;
	}
	mnt->mnt_id = ++last_mnt_id;
	mnt->mnt_parent = mnt;
	INIT_LIST_HEAD(&mnt->mnt_mounts);
	INIT_LIST_HEAD(&mnt->mnt_child);
	INIT_LIST_HEAD(&mnt->mnt_list);
	atomic_set(&mnt->mnt.mnt_count, 1);
	return mnt;
}

struct vfsmount *vfs_kern_mount(struct file_system_type *type, int flags, const char *name,
				void *data)
{
	struct mount *mnt = alloc_vfsmnt(name);
	struct dentry *root;

	if (!mnt)
		return ERR_PTR(-ENOMEM);
	root = type->mount(type, flags, name, data);
	if (IS_ERR(root)) {
		kfree(mnt->mnt_devname);
		kfree(mnt);
		return ERR_CAST(root);
	}
	mnt->mnt_mountpoint = root;
	mnt->mnt.mnt_root = root;
	mnt->mnt.mnt_sb = root->d_sb;
	return &mnt->mnt;
}

struct vfsmount *kern_mount(struct file_system_type *type)
{
	return vfs_kern_mount(type, 0, type->name, NULL);
}

void attach_mnt(struct mount *mnt, const struct path *path)
{
	path_get(path);
	mnt->mnt_parent = real_mount(path->mnt);
	mnt->mnt_mountpoint = path->dentry;
	path->dentry->d_flags |= DCACHE_MOUNTED;
	hlist_add_head(&mnt->mnt_hash, m_hash(path->dentry));
	list_add_tail(&mnt->mnt_child, &mnt->mnt_parent->mnt_mounts);
	list_add_tail(&mnt->mnt_list, &mount_list);
}

int graft_tree(struct mount *mnt, struct path *path)
{
	follow_mount(path);
	if (path->dentry != path->mnt->mnt_root && d_unhashed(path->dentry))
		return -ENOENT; /* it was removed */
	if (S_ISDIR(mnt->mnt.mnt_root->d_inode->i_mode) != S_ISDIR(path->dentry->d_inode->i_mode))
		return -ENOTDIR;
	attach_mnt(mnt, path);
	return 0;
}

int do_add_mount(struct mount *mnt, struct path *path)
{
	follow_mount(path);
	if (list_empty(&real_mount(path->mnt)->mnt_list))
		return -EINVAL; /* no path leads there any more */
	if (path->mnt->mnt_sb == mnt->mnt.mnt_sb && path->mnt->mnt_root == path->dentry)
		return -EBUSY; /* twice the same */
	if (S_ISLNK(mnt->mnt.mnt_root->d_inode->i_mode))
		return -EINVAL;
	return graft_tree(mnt, path);
}

struct vfsmount *get_new_mount(const char *fstype, int sb_flags, const char *name, void *data)
{
	struct file_system_type *type = fstype ? get_fs_type(fstype) : NULL;
	struct vfsmount *mnt;

	if (!type)
		return ERR_PTR(fstype ? -ENODEV : -EINVAL);
	mnt = vfs_kern_mount(type, sb_flags, name, data);
	put_filesystem(type);
	if (!IS_ERR(mnt) && atomic_read(&mnt->mnt_sb->s_active) == 1)
		mnt->mnt_sb->s_flags |= sb_flags; /* it is a new instance */
	return mnt;
}

/* Without kernel/fs/mounts: no flags, and nothing is unmounted. */
int __weak noprobe path_mount(const char *dev_name, struct path *path, const char *type_page,
			      unsigned long flags __maybe_unused, void *data_page)
{
	struct vfsmount *mnt = get_new_mount(type_page, 0, dev_name, data_page);
	int error = PTR_ERR_OR_ZERO(mnt);

	if (!error)
		error = do_add_mount(real_mount(mnt), path);
	if (error && !IS_ERR(mnt))
		mntput(mnt);
	return error;
}

/* The root of all paths, and where the first task stands. Panics when there is no memory. */
void mnt_init(void)
{
	struct vfsmount *mnt = vfs_kern_mount(&rootfs_fs_type, 0, "rootfs", NULL);

	if (IS_ERR(mnt))
		panic("VFS: no memory for the root mount");
	list_add_tail(&real_mount(mnt)->mnt_list, &mount_list);
	init_fs.root = (struct path){ .mnt = mnt, .dentry = mnt->mnt_root };
	init_fs.pwd = init_fs.root;
	path_get(&init_fs.root);
	path_get(&init_fs.pwd);
}
