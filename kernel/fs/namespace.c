/*
 * Mounts: which tree hangs where. One table, found by the mount and the dentry something hangs on.
 *
 * A mount's count starts at 1 for being in the tree (or for whoever asked kern_mount()); each path,
 * open file and mount below it adds one. Linux: fs/namespace.c
 */
#include "kernel/fs/mount.h"

#include "kernel/fs/internal.h"

#define MOUNT_HASH_BITS 6

static struct hlist_head mount_hashtable[1 << MOUNT_HASH_BITS];

static struct hlist_head *m_hash(const struct vfsmount *mnt, const struct dentry *dentry)
{
	unsigned long hash = (unsigned long)mnt / 64 + (unsigned long)dentry / 64;

	return &mount_hashtable[(hash ^ hash >> MOUNT_HASH_BITS) & ((1ul << MOUNT_HASH_BITS) - 1)];
}

/* The mount on @path, or NULL. No reference. */
static struct mount *__lookup_mnt(const struct vfsmount *mnt, const struct dentry *dentry)
{
	struct mount *p;

	hlist_for_each_entry(p, m_hash(mnt, dentry), mnt_hash)
		if (&p->mnt_parent->mnt == mnt && p->mnt_mountpoint == dentry)
			return p;
	return NULL;
}

void follow_mount(struct path *path)
{
	while (d_mountpoint(path->dentry)) {
		struct mount *mounted = __lookup_mnt(path->mnt, path->dentry);

		if (!mounted)
			return; /* the dentry is a mountpoint in another mount of its tree */
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
	kfree(real_mount(mnt));
}

struct vfsmount *vfs_kern_mount(struct file_system_type *type, int flags, const char *name,
				void *data)
{
	struct mount *mnt = kzalloc(sizeof(*mnt), GFP_KERNEL);
	static int last_mnt_id;
	struct dentry *root;

	if (!mnt)
		return ERR_PTR(-ENOMEM);
	root = type->mount(type, flags, name, data);
	if (IS_ERR(root)) {
		kfree(mnt);
		return ERR_CAST(root);
	}
	mnt->mnt_id = ++last_mnt_id;
	mnt->mnt_parent = mnt;
	mnt->mnt_mountpoint = root;
	atomic_set(&mnt->mnt.mnt_count, 1);
	mnt->mnt.mnt_root = root;
	mnt->mnt.mnt_sb = root->d_sb;
	return &mnt->mnt;
}

struct vfsmount *kern_mount(struct file_system_type *type)
{
	return vfs_kern_mount(type, 0, type->name, NULL);
}

/* May @mnt hang on @path? 0 or -errno. */
static int check_mountpoint(const struct mount *mnt, const struct path *path)
{
	const struct dentry *root = mnt->mnt.mnt_root;

	if (path->dentry != path->mnt->mnt_root && d_unhashed(path->dentry))
		return -ENOENT; /* it was removed */
	if (path->mnt->mnt_sb == mnt->mnt.mnt_sb && path->mnt->mnt_root == path->dentry)
		return -EBUSY; /* twice the same */
	if (S_ISLNK(root->d_inode->i_mode))
		return -EINVAL;
	if (S_ISDIR(root->d_inode->i_mode) != S_ISDIR(path->dentry->d_inode->i_mode))
		return -ENOTDIR;
	return 0;
}

/* Hang @mnt, whose reference the tree takes over, on @path. 0 or -errno, and nothing is changed. */
static int do_add_mount(struct mount *mnt, struct path *path)
{
	int error;

	follow_mount(path);
	error = check_mountpoint(mnt, path);
	if (error)
		return error;
	path_get(path);
	mnt->mnt_parent = real_mount(path->mnt);
	mnt->mnt_mountpoint = path->dentry;
	path->dentry->d_flags |= DCACHE_MOUNTED;
	hlist_add_head(&mnt->mnt_hash, m_hash(path->mnt, path->dentry));
	return 0;
}

static int do_new_mount(struct path *path, const char *fstype, int sb_flags, const char *name,
			void *data)
{
	struct file_system_type *type;
	struct vfsmount *mnt;
	int error;

	if (!fstype)
		return -EINVAL;
	type = get_fs_type(fstype);
	if (!type)
		return -ENODEV;
	mnt = vfs_kern_mount(type, sb_flags, name, data);
	if (IS_ERR(mnt)) {
		put_filesystem(type);
		return PTR_ERR(mnt);
	}
	error = do_add_mount(real_mount(mnt), path);
	if (error)
		mntput(mnt);
	put_filesystem(type);
	return error;
}

int path_mount(const char *dev_name, struct path *path, const char *type_page, unsigned long flags,
	       void *data_page)
{
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (flags)
		return -EINVAL;
	return do_new_mount(path, type_page, flags, dev_name, data_page);
}

/* Does something else still hang on this dentry, in another mount? */
static bool still_mounted_on(const struct dentry *dentry)
{
	struct mount *p;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(mount_hashtable); i++)
		hlist_for_each_entry(p, &mount_hashtable[i], mnt_hash)
			if (p->mnt_mountpoint == dentry)
				return true;
	return false;
}

/* Take @mnt out of the tree. The caller has another reference than the tree's. */
static void umount_tree(struct mount *mnt)
{
	struct path mountpoint = { .mnt = &mnt->mnt_parent->mnt, .dentry = mnt->mnt_mountpoint };

	hlist_del_init(&mnt->mnt_hash);
	mnt->mnt_parent = mnt;
	mnt->mnt_mountpoint = mnt->mnt.mnt_root;
	if (!still_mounted_on(mountpoint.dentry))
		mountpoint.dentry->d_flags &= ~DCACHE_MOUNTED;
	path_put(&mountpoint);
	mntput(&mnt->mnt);
}

/* Busy: somebody but the tree and @path has a reference, be it a mount below. */
static int do_umount(struct mount *mnt, const struct path *path, int flags)
{
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (flags)
		return -EINVAL;
	if (path->dentry != path->mnt->mnt_root || !mnt_has_parent(mnt))
		return -EINVAL;
	if (atomic_read(&mnt->mnt.mnt_count) > 2)
		return -EBUSY;
	umount_tree(mnt);
	return 0;
}

int path_umount(struct path *path, int flags)
{
	int error = do_umount(real_mount(path->mnt), path, flags);

	path_put(path);
	return error;
}

/* The root of all paths, and where the first task stands. Panics when there is no memory. */
void mnt_init(void)
{
	struct vfsmount *mnt = vfs_kern_mount(&rootfs_fs_type, 0, "rootfs", NULL);

	if (IS_ERR(mnt))
		panic("VFS: no memory for the root mount");
	init_fs.root = (struct path){ .mnt = mnt, .dentry = mnt->mnt_root };
	init_fs.pwd = init_fs.root;
	path_get(&init_fs.root);
	path_get(&init_fs.pwd);
}
