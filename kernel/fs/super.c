/*
 * Superblocks: mounted instances of file systems, made by mount() of a type and ended by its
 * kill_sb() when nobody uses them any more.
 *
 * s_active counts the mounts; it starts at 1 for whoever made the instance. Linux: fs/super.c
 */
#define pr_fmt(fmt) "VFS: " fmt

#include "kernel/fs/fsnotify.h"
#include "kernel/fs/internal.h"
#include "kernel/lib/module.h"

/* A device number for what has no device: major 0 and the next minor. */
static int get_anon_bdev(dev_t *dev)
{
	static unsigned int last_minor = 1; /* as on Linux, the root is 0:2 */

	if (last_minor + 1 >= 1u << MINORBITS)
		return -EMFILE;
	*dev = MKDEV(0, ++last_minor);
	return 0;
}

int set_anon_super(struct super_block *sb, void *data __maybe_unused)
{
	return get_anon_bdev(&sb->s_dev);
}

static struct super_block *alloc_super(struct file_system_type *type)
{
	struct super_block *sb = kzalloc(sizeof(*sb), GFP_KERNEL);

	if (!sb)
		return NULL;
	sb->s_type = type;
	sb->s_id = type->name;
	sb->s_blocksize = PAGE_SIZE;
	sb->s_maxbytes = MAX_LFS_FILESIZE;
	atomic_set(&sb->s_active, 1);
	mutex_init(&sb->s_vfs_rename_mutex);
	INIT_LIST_HEAD(&sb->s_inodes);
	return sb;
}

/*
 * The instance of @type that @test recognises by @data, with one more s_active; or a new one, for
 * which @set has found a device number (0 or -errno), and which is in use once. @test: may be NULL.
 */
struct super_block *sget(struct file_system_type *type,
			 int (*test)(struct super_block *sb, void *data),
			 int (*set)(struct super_block *sb, void *data), void *data)
{
	struct super_block *sb;
	int error;

	if (test) {
		list_for_each_entry(sb, &type->fs_supers, s_instances) {
			if (test(sb, data)) {
				atomic_inc(&sb->s_active);
				return sb;
			}
		}
	}
	sb = alloc_super(type);
	if (!sb)
		return ERR_PTR(-ENOMEM);
	error = try_module_get(type->owner) ? set(sb, data) : -ENODEV;
	if (error) {
		kfree(sb);
		return ERR_PTR(error);
	}
	list_add_tail(&sb->s_instances, &type->fs_supers);
	return sb;
}

/* The last user is gone: the file system ends this instance. */
void deactivate_super(struct super_block *sb)
{
	if (!atomic_dec_and_test(&sb->s_active))
		return;
	sb->s_type->kill_sb(sb);
	put_filesystem(sb->s_type);
	kfree(sb);
}

/* Without kernel/fs/notify. */
void __weak noprobe fsnotify_sb_delete(struct super_block *sb __maybe_unused)
{
}

/* Everything an instance holds. What is left then is in use by mistake. */
static void generic_shutdown_super(struct super_block *sb)
{
	if (fsnotify_watches)
		fsnotify_sb_delete(sb);
	if (sb->s_root || !list_empty(&sb->s_inodes)) {
		shrink_dcache_for_umount(sb);
		if (!list_empty(&sb->s_inodes))
			panic("VFS: Busy inodes after unmount of %s", sb->s_id);
	}
	if (sb->s_op && sb->s_op->put_super)
		sb->s_op->put_super(sb);
	list_del(&sb->s_instances);
}

void kill_anon_super(struct super_block *sb)
{
	generic_shutdown_super(sb);
}

void kill_litter_super(struct super_block *sb)
{
	if (sb->s_root)
		d_genocide(sb->s_root);
	kill_anon_super(sb);
}

struct dentry *mount_nodev(struct file_system_type *type, int flags __maybe_unused, void *data,
			   int (*fill_super)(struct super_block *sb, void *data, int silent))
{
	struct super_block *sb = sget(type, NULL, set_anon_super, NULL);
	int error;

	if (IS_ERR(sb))
		return ERR_CAST(sb);
	error = fill_super(sb, data, 0);
	if (error) {
		deactivate_super(sb);
		return ERR_PTR(error);
	}
	return dget(sb->s_root);
}

struct dentry *mount_pseudo(struct file_system_type *type, const char *name,
			    const struct super_operations *ops, unsigned long magic)
{
	struct super_block *sb = sget(type, NULL, set_anon_super, NULL);
	struct inode *root;

	if (IS_ERR(sb))
		return ERR_CAST(sb);
	sb->s_id = name;
	sb->s_op = ops;
	sb->s_magic = magic;
	root = new_inode(sb);
	if (root) {
		root->i_ino = 1;
		root->i_mode = S_IFDIR | 0600;
		root->i_nlink = 2;
	}
	sb->s_root = d_make_root(root);
	if (!sb->s_root) {
		deactivate_super(sb);
		return ERR_PTR(-ENOMEM);
	}
	return dget(sb->s_root);
}
