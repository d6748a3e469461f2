/*
 * devpts: a file system with a character device for each pty that has a master. It is mounted on /dev/pts
 * at boot. Each mount() makes an instance with ptys of its own. Linux: fs/devpts/inode.c
 */
#include "kernel/drivers/tty/devpts.h"

#include "kernel/drivers/tty/tty.h"
#include "kernel/fs/internal.h"
#include "kernel/fs/mount.h"
#include "kernel/lib/init.h"

#define NR_UNIX98_PTY_MAX 32768u /* in one instance */
#define PTMX_INO 2

struct pts_fs_info {
	struct super_block *sb;
	unsigned long allocated[BITS_TO_LONGS(NR_UNIX98_PTY_MAX)];
	int lowest; /* no free number is below */
};

/* kernel.pty.max, reserve and nr: how many there may be, how many of these other mount namespaces leave. */
static unsigned long pty_limit = 4096, pty_reserve = 1024, pty_count;

static struct file_system_type devpts_fs_type;

static struct pts_fs_info *DEVPTS_SB(const struct super_block *sb)
{
	return sb->s_fs_info;
}

/* --- numbers -------------------------------------------------------------------------------- */

int devpts_new_index(struct pts_fs_info *fsi)
{
	unsigned long index;

	if (pty_count + 1 >= pty_limit)
		return -ENOSPC;
	index = find_next_zero_bit(fsi->allocated, NR_UNIX98_PTY_MAX, fsi->lowest);
	if (index >= NR_UNIX98_PTY_MAX)
		return -ENOSPC;
	__set_bit(index, fsi->allocated);
	fsi->lowest = index + 1;
	pty_count++;
	return index;
}

void devpts_kill_index(struct pts_fs_info *fsi, int index)
{
	__clear_bit(index, fsi->allocated);
	fsi->lowest = min(fsi->lowest, index);
	pty_count--;
}

/* --- names ---------------------------------------------------------------------------------- */

static struct inode *new_node(struct super_block *sb, unsigned long ino, umode_t mode, dev_t dev)
{
	struct inode *inode = new_inode(sb);

	if (!inode)
		return NULL;
	inode->i_ino = ino;
	inode->i_atime = inode->i_mtime = inode->i_ctime = ktime_get_real_ns();
	inode_init_owner(inode, NULL, mode);
	init_special_inode(inode, mode, dev);
	return inode;
}

/* The name holds a reference on the dentry. */
static struct dentry *add_name(struct super_block *sb, const char *name, struct inode *inode)
{
	struct dentry *root = sb->s_root, *dentry;
	struct qstr qstr = QSTR(root, name, strlen(name));

	dentry = inode ? d_alloc(root, &qstr) : NULL;
	if (!dentry) {
		if (inode)
			iput(inode);
		return ERR_PTR(-ENOMEM);
	}
	d_add(dentry, inode);
	return dentry;
}

struct dentry *devpts_pty_new(struct pts_fs_info *fsi, int index, void *tty)
{
	struct inode *inode = new_node(fsi->sb, index + 3, S_IFCHR | 0600,
				       MKDEV(UNIX98_PTY_SLAVE_MAJOR, index));
	char name[12];

	if (inode)
		inode->i_private = tty;
	scnprintf(name, sizeof(name), "%d", index);
	return add_name(fsi->sb, name, inode);
}

void devpts_pty_kill(struct dentry *dentry)
{
	dentry->d_inode->i_private = NULL;
	dentry->d_inode->i_nlink--;
	d_drop(dentry);
	dput(dentry);
}

void *devpts_get_priv(const struct inode *inode)
{
	return inode->i_sb->s_type == &devpts_fs_type ? inode->i_private : NULL;
}

/* --- instances ------------------------------------------------------------------------------ */

/* The root of the devpts that @file's ptmx belongs to. 0 or -ENODEV. With references. */
static int devpts_root(const struct file *file, struct path *path)
{
	struct dentry *pts;

	*path = file->f_path;
	path_get(path);
	if (path->mnt->mnt_sb->s_type == &devpts_fs_type)
		return 0;
	pts = d_lookup(path->dentry->d_parent, &QSTR(path->dentry->d_parent, "pts", 3));
	dput(path->dentry);
	path->dentry = pts;
	if (!pts) {
		mntput(path->mnt);
		return -ENODEV;
	}
	follow_mount(path);
	if (path->mnt->mnt_sb->s_type == &devpts_fs_type && path->dentry == path->mnt->mnt_root)
		return 0;
	path_put(path);
	return -ENODEV;
}

struct pts_fs_info *devpts_acquire(const struct file *file)
{
	struct pts_fs_info *fsi;
	struct path path;
	int error = devpts_root(file, &path);

	if (error)
		return ERR_PTR(error);
	fsi = DEVPTS_SB(path.mnt->mnt_sb);
	atomic_inc(&fsi->sb->s_active);
	path_put(&path);
	return fsi;
}

void devpts_release(struct pts_fs_info *fsi)
{
	deactivate_super(fsi->sb);
}

/* No permission is asked for: who has the master may open its slave. Linux: devpts_mntget(), dentry_open() */
struct file *devpts_open(const struct file *master, struct dentry *dentry, int flags)
{
	struct path path;
	struct file *file;
	int error = devpts_root(master, &path);

	if (error)
		return ERR_PTR(error);
	dput(path.dentry);
	path.dentry = dget(dentry);
	error = path.mnt->mnt_sb == dentry->d_sb ? 0 : -ENODEV;
	file = error ? ERR_PTR(error) : alloc_empty_file(flags, current_cred());
	error = PTR_ERR_OR_ZERO(file);
	if (!error)
		error = vfs_open(&path, file);
	path_put(&path);
	if (!error)
		return file;
	if (!IS_ERR(file))
		fput(file);
	return ERR_PTR(error);
}

static const struct inode_operations devpts_dir_inode_operations = { .lookup = simple_lookup };

static void devpts_put_super(struct super_block *sb)
{
	kfree(sb->s_fs_info);
}

static const struct super_operations devpts_sops = { .put_super = devpts_put_super };

static int devpts_fill_super(struct super_block *sb, void *data __maybe_unused,
			     int silent __maybe_unused)
{
	struct pts_fs_info *fsi = kzalloc(sizeof(*fsi), GFP_KERNEL);
	struct inode *root;

	if (!fsi)
		return -ENOMEM;
	fsi->sb = sb;
	sb->s_fs_info = fsi;
	sb->s_blocksize = 1024;
	sb->s_magic = DEVPTS_SUPER_MAGIC;
	sb->s_op = &devpts_sops;
	sb->s_d_op = &simple_dentry_operations;
	root = new_node(sb, 1, S_IFDIR | 0755, 0);
	if (root) {
		root->i_op = &devpts_dir_inode_operations;
		root->i_fop = &simple_dir_operations;
		root->i_nlink = 2;
	}
	sb->s_root = d_make_root(root);
	if (!sb->s_root)
		return -ENOMEM;
	return PTR_ERR_OR_ZERO(add_name(sb, "ptmx", new_node(sb, PTMX_INO, S_IFCHR,
							      MKDEV(TTYAUX_MAJOR, 2))));
}

static struct dentry *devpts_mount(struct file_system_type *type, int flags,
				   const char *dev_name __maybe_unused, void *data)
{
	return mount_nodev(type, flags, data, devpts_fill_super);
}

static struct file_system_type devpts_fs_type = {
	.name = "devpts",
	.mount = devpts_mount,
	.kill_sb = kill_litter_super,
};

static int pty_nr_show(struct seq_file *m, void *v __maybe_unused)
{
	seq_printf(m, "%lu\n", pty_count);
	return 0;
}

static int devpts_init(void)
{
	int error = register_filesystem(&devpts_fs_type);

	if (!error)
		error = init_mkdir("/dev/pts", 0755);
	if (!error)
		error = init_mount("devpts", "/dev/pts", "devpts", 0, NULL);
	if (!error)
		error = proc_sysctl("/proc/sys/kernel/pty/max", &pty_limit, 1, 0, INT32_MAX);
	if (!error)
		error = proc_sysctl("/proc/sys/kernel/pty/reserve", &pty_reserve, 1, 0, INT32_MAX);
	if (!error && !proc_create_single("sys/kernel/pty/nr", 0444, NULL, pty_nr_show))
		error = -ENOMEM;
	return error;
}
late_initcall(devpts_init);
