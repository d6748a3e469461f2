/*
 * The file system layer comes up: caches first, then the root, then what hangs on it. And what boot
 * code uses to make directories and nodes by their path.
 *
 * Called by start_kernel(), the drivers and the unpacker of the initramfs. Linux: fs/init.c,
 * fs/dcache.c:vfs_caches_init(), fs/namespace.c:mnt_init()
 */
#include "kernel/fs/internal.h"

struct vfsmount *rootfs_mnt;

struct dentry *ramfs_create_node(const char *path, umode_t mode, dev_t dev)
{
	struct nameidata nd;
	struct dentry *dentry;
	int error = path_parentat(path, &nd);

	if (error)
		return ERR_PTR(error);
	dentry = ERR_PTR(-EEXIST);
	if (nd.last_type == LAST_NORM)
		dentry = lookup_one(nd.path.dentry, nd.last, nd.last_len);
	if (!IS_ERR(dentry)) {
		dput(dentry);
		dentry = ERR_PTR(-EEXIST);
	} else if (dentry == ERR_PTR(-ENOENT)) {
		dentry = ramfs_add(nd.path.dentry, nd.last, nd.last_len, mode, dev);
	}
	terminate_walk(&nd);
	return dentry;
}

int ramfs_make_parents(const char *path, umode_t mode, const struct inode_operations *i_op)
{
	char *copy = kstrdup(path, GFP_KERNEL), *slash;
	int error = 0;

	if (!copy)
		return -ENOMEM;
	for (slash = strchr(copy + 1, '/'); slash && !error; slash = strchr(slash + 1, '/')) {
		struct dentry *dentry;

		*slash = '\0';
		dentry = ramfs_create_node(copy, S_IFDIR | mode, 0);
		*slash = '/';
		if (dentry == ERR_PTR(-EEXIST))
			continue;
		if (IS_ERR(dentry)) {
			error = PTR_ERR(dentry);
			break;
		}
		if (i_op)
			dentry->d_inode->i_op = i_op;
		dput(dentry);
	}
	kfree(copy);
	return error;
}

/* Linux: fs/init.c:init_mkdir() */
int ramfs_mkdir(const char *path, umode_t mode)
{
	struct dentry *dentry = ramfs_create_node(path, S_IFDIR | mode, 0);

	if (IS_ERR(dentry))
		return PTR_ERR(dentry);
	dput(dentry);
	return 0;
}

/* Linux: fs/init.c:init_mknod() */
int ramfs_mknod(const char *path, umode_t mode, dev_t dev, const struct file_operations *fop)
{
	int error = S_ISCHR(mode) ? register_chrdev(dev, fop) : 0;
	struct dentry *dentry;

	if (error)
		return error;
	dentry = ramfs_create_node(path, mode, dev);
	if (IS_ERR(dentry))
		return PTR_ERR(dentry);
	if (!S_ISCHR(mode))
		dentry->d_inode->i_fop = fop;
	dput(dentry);
	return 0;
}

/* Linux: fs/dcache.c:vfs_caches_init() */
void vfs_init(void)
{
	inode_init();
	dcache_init();
	files_init();
	fdtable_init();
	fs_struct_init();
	ramfs_init();
	init_fs.root = (struct path){ .mnt = rootfs_mnt, .dentry = ramfs_sb.s_root };
	init_fs.pwd = init_fs.root;
	path_get(&init_fs.root);
	path_get(&init_fs.pwd);
	init_task.fs = &init_fs;
	init_task.files = &init_files;
	if (ramfs_mkdir("/dev", 0755))
		panic("VFS: no memory for /dev");
	proc_init();
}
