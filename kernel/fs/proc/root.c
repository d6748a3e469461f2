/*
 * proc as a file system: mounted on /proc at boot, and wherever else one likes.
 *
 * Linux: fs/proc/root.c. There, init mounts it; here, the kernel does.
 */
#include "kernel/fs/proc/internal.h"

/* Without kernel/process/proc no task is seen here. */
struct dentry *__weak noprobe proc_pid_lookup(struct inode *dir __maybe_unused,
					      struct dentry *dentry __maybe_unused)
{
	return ERR_PTR(-ENOENT);
}

int __weak noprobe proc_pid_readdir(struct file *file __maybe_unused,
				    struct dir_context *ctx __maybe_unused)
{
	return 0;
}

static struct dentry *proc_root_lookup(struct inode *dir, struct dentry *dentry,
				       unsigned int flags)
{
	struct dentry *found = proc_pid_lookup(dir, dentry);

	return found == ERR_PTR(-ENOENT) ? proc_lookup(dir, dentry, flags) : found;
}

/* The entries come first, then tasks in the order of their numbers. */
static int proc_root_readdir(struct file *file, struct dir_context *ctx)
{
	if (ctx->pos < FIRST_PROCESS_ENTRY) {
		int error = proc_readdir_de(file, ctx);

		if (error <= 0)
			return error;
		ctx->pos = FIRST_PROCESS_ENTRY;
	}
	return proc_pid_readdir(file, ctx);
}

static const struct file_operations proc_root_operations = {
	.llseek = generic_file_llseek,
	.read_iter = generic_read_dir,
	.iterate_shared = proc_root_readdir,
};

static const struct inode_operations proc_root_inode_operations = {
	.lookup = proc_root_lookup,
	.setattr = proc_setattr,
};

struct proc_dir_entry proc_root = {
	.refcnt = ATOMIC_INIT(1),
	.pde_openers = LIST_HEAD_INIT(proc_root.pde_openers),
	.parent = &proc_root,
	.subdir = LIST_HEAD_INIT(proc_root.subdir),
	.name = "/proc",
	.mode = S_IFDIR | 0555,
	.nlink = 2,
	.low_ino = 1,
	.proc_iops = &proc_root_inode_operations,
	.proc_fops = &proc_root_operations,
};

static int proc_fill_super(struct super_block *sb, void *data __maybe_unused,
			   int silent __maybe_unused)
{
	sb->s_blocksize = 1024;
	sb->s_magic = PROC_SUPER_MAGIC;
	sb->s_op = &proc_sops;
	sb->s_d_op = &proc_dentry_ops; /* entries are at hand: no unused dentries are kept */
	sb->s_root = d_make_root(proc_get_inode(sb, &proc_root));
	return sb->s_root ? 0 : -ENOMEM;
}

static struct dentry *proc_mount(struct file_system_type *type, int flags,
				 const char *dev_name __maybe_unused, void *data)
{
	return mount_nodev(type, flags, data, proc_fill_super);
}

static struct file_system_type proc_fs_type = {
	.name = "proc",
	.mount = proc_mount,
	.kill_sb = kill_anon_super,
};

void proc_root_init(void)
{
	proc_init_kmemcache();
	if (register_filesystem(&proc_fs_type))
		panic("proc: it is there already");
	proc_fs_sysctls_init();
}
