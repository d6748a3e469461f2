/*
 * The tree of /proc: entries, and how names and readers of directories find them.
 *
 * An inode is made when a name is looked up. It and its dentry go when nobody uses them any more; the
 * entry stays. Linux: fs/proc/generic.c
 */
#include "kernel/fs/proc/internal.h"

static struct proc_dir_entry *find_entry(struct proc_dir_entry *dir, const char *name,
					 unsigned int len)
{
	struct proc_dir_entry *de;

	list_for_each_entry(de, &dir->subdir, sibling)
		if (strlen(de->name) == len && !memcmp(de->name, name, len))
			return de;
	return NULL;
}

static struct dentry *proc_lookup(struct inode *dir, struct dentry *dentry,
				  unsigned int flags __maybe_unused)
{
	struct proc_dir_entry *de = find_entry(PDE(dir), dentry->d_name.name, dentry->d_name.len);
	struct inode *inode = NULL;

	if (de) {
		inode = proc_get_inode(dir->i_sb, de);
		if (!inode)
			return ERR_PTR(-ENOMEM);
	}
	d_add(dentry, inode);
	return NULL;
}

static int proc_readdir(struct file *file, struct dir_context *ctx)
{
	struct proc_dir_entry *de;
	loff_t skip;

	if (!dir_emit_dots(file, ctx))
		return 0;
	skip = ctx->pos - 2;
	list_for_each_entry(de, &PDE(file->f_inode)->subdir, sibling) {
		if (skip-- > 0)
			continue;
		if (!ctx->actor(ctx, de->name, strlen(de->name), ctx->pos, de->low_ino,
				de->mode >> 12))
			return 0;
		ctx->pos++;
	}
	return 0;
}

static const struct file_operations proc_dir_operations = {
	.llseek = generic_file_llseek,
	.read_iter = generic_read_dir,
	.iterate_shared = proc_readdir,
};

static const struct inode_operations proc_dir_inode_operations = {
	.lookup = proc_lookup,
	.setattr = proc_setattr,
};

/* The size of an entry is what its reader makes of it, so that only this much can be changed. */
int proc_setattr(struct dentry *dentry, struct iattr *attr)
{
	setattr_copy(dentry->d_inode, attr);
	return 0;
}

struct proc_dir_entry proc_root = {
	.parent = &proc_root,
	.subdir = LIST_HEAD_INIT(proc_root.subdir),
	.name = "/proc",
	.mode = S_IFDIR | 0555,
	.nlink = 2,
	.low_ino = 1,
	.proc_iops = &proc_dir_inode_operations,
	.proc_fops = &proc_dir_operations,
};

struct proc_dir_entry *proc_register(struct proc_dir_entry *parent, const char *name, umode_t mode,
				     const struct inode_operations *iops,
				     const struct file_operations *fops, void *data)
{
	struct proc_dir_entry *dir = parent ? parent : &proc_root;
	struct proc_dir_entry *de = find_entry(dir, name, strlen(name));

	if (de)
		return de;
	de = kzalloc(sizeof(*de), GFP_KERNEL);
	if (!de)
		return NULL;
	de->name = kstrdup(name, GFP_KERNEL);
	if (!de->name) {
		kfree(de);
		return NULL;
	}
	de->parent = dir;
	INIT_LIST_HEAD(&de->subdir);
	de->mode = mode;
	de->nlink = S_ISDIR(mode) ? 2 : 1;
	de->low_ino = get_next_ino();
	de->proc_iops = iops;
	de->proc_fops = fops;
	de->data = data;
	list_add_tail(&de->sibling, &dir->subdir);
	if (S_ISDIR(mode))
		dir->nlink++;
	return de;
}

struct proc_dir_entry *proc_mkdir(const char *name, struct proc_dir_entry *parent)
{
	return proc_register(parent, name, S_IFDIR | 0555, &proc_dir_inode_operations,
			     &proc_dir_operations, NULL);
}

static int proc_single_open(struct inode *inode, struct file *file)
{
	return single_open(file, PDE(inode)->single_show, PDE(inode)->data);
}

static const struct file_operations proc_single_operations = {
	.llseek = generic_file_llseek,
	.open = proc_single_open,
	.release = single_release,
	.read_iter = seq_read_iter,
};

static const struct inode_operations proc_file_inode_operations = { .setattr = proc_setattr };

struct proc_dir_entry *proc_create_single(const char *name, umode_t mode,
					  struct proc_dir_entry *parent,
					  int (*show)(struct seq_file *m, void *v))
{
	struct proc_dir_entry *de = proc_register(parent, name, S_IFREG | (mode ? mode : 0444),
						  &proc_file_inode_operations,
						  &proc_single_operations, NULL);

	if (de)
		de->single_show = show;
	return de;
}
