/*
 * proc as a file system: mounted on /proc at boot, and wherever else one likes.
 *
 * Linux: fs/proc/root.c. There, init mounts it; here, the kernel does.
 */
#include "kernel/fs/proc/internal.h"

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
	if (register_filesystem(&proc_fs_type))
		panic("proc: it is there already");
	proc_meminfo_init();
	proc_slabinfo_init();
	proc_fs_sysctls_init();
}
