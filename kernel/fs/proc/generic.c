/*
 * The tree of /proc: entries, and how names and readers of directories find them.
 *
 * An inode is made when a name is looked up. It and its dentry go when nobody uses them any more;
 * the entry stays until it is removed, and its memory until the last inode is gone. Linux:
 * fs/proc/generic.c
 */
#include "kernel/fs/proc/internal.h"

struct proc_dir_entry *pde_subdir_find(struct proc_dir_entry *dir, const char *name,
				       unsigned int len)
{
	struct proc_dir_entry *de;

	list_for_each_entry(de, &dir->subdir, sibling)
		if (strlen(de->name) == len && !memcmp(de->name, name, len))
			return de;
	return NULL;
}

struct dentry *proc_lookup(struct inode *dir, struct dentry *dentry,
				  unsigned int flags __maybe_unused)
{
	struct proc_dir_entry *de =
		pde_subdir_find(PDE(dir), dentry->d_name.name, dentry->d_name.len);
	struct inode *inode;

	if (!de)
		return ERR_PTR(-ENOENT);
	inode = proc_get_inode(dir->i_sb, de);
	if (!inode)
		return ERR_PTR(-ENOMEM);
	d_add(dentry, inode);
	return NULL;
}

/*
 * An entry may be removed while its name is taken, which may sleep. It is kept until then, but leads
 * nowhere any more: the next call goes on by the position. 1 when all have been told. Linux: proc_readdir_de()
 */
int proc_readdir_de(struct file *file, struct dir_context *ctx)
{
	struct proc_dir_entry *de, *next;
	bool more;
	loff_t skip;

	if (!dir_emit_dots(file, ctx))
		return 0;
	skip = ctx->pos - 2;
	list_for_each_entry_safe(de, next, &PDE(file->f_inode)->subdir, sibling) {
		if (skip-- > 0)
			continue;
		pde_get(de);
		more = ctx->actor(ctx, de->name, strlen(de->name), ctx->pos, de->low_ino,
				  de->mode >> 12);
		if (list_empty(&de->sibling)) /* those behind it have moved up */
			more = false;
		else
			ctx->pos += more;
		next = list_next_entry(de, sibling);
		pde_put(de);
		if (!more)
			return 0;
	}
	return 1;
}

static int proc_readdir(struct file *file, struct dir_context *ctx)
{
	return min(proc_readdir_de(file, ctx), 0);
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

/*
 * The size of an entry is what its reader makes of it, so that only this much can be changed. It
 * lasts longer than the inode.
 */
int proc_setattr(struct dentry *dentry, struct iattr *attr)
{
	struct inode *inode = dentry->d_inode;
	int error = setattr_prepare(dentry, attr);

	if (error)
		return error;
	setattr_copy(inode, attr);
	proc_set_user(PDE(inode), inode->i_uid, inode->i_gid);
	PDE(inode)->mode = inode->i_mode;
	return 0;
}

void pde_put(struct proc_dir_entry *de)
{
	if (!atomic_dec_and_test(&de->refcnt))
		return;
	kfree(de->name);
	kfree(de);
}

/* A removed entry may have dentries that are in use, and so may a task that has ended. */
static int proc_revalidate(struct dentry *dentry, unsigned int flags)
{
	const struct inode *inode = dentry->d_inode;

	if (inode && PROC_I(inode)->d_revalidate)
		return PROC_I(inode)->d_revalidate(dentry, flags);
	return !inode || PDE(inode)->in_use >= 0;
}

static int proc_delete(const struct dentry *dentry __maybe_unused)
{
	return 1; /* entries are at hand: no unused dentries are kept */
}

const struct dentry_operations proc_dentry_ops = {
	.d_revalidate = proc_revalidate,
	.d_delete = proc_delete,
};

/* --- made ----------------------------------------------------------------------------------- */

/*
 * The directory that holds, or would hold, the last component of *@name (which *@name is then),
 * from
 * @parent on. NULL, with a warning: there is none. Linux: xlate_proc_name()
 */
static struct proc_dir_entry *xlate_proc_name(const char **name, struct proc_dir_entry *parent)
{
	const char *slash, *path = *name;

	if (!parent)
		parent = &proc_root;
	while (parent && (slash = strchr(*name, '/'))) {
		parent = pde_subdir_find(parent, *name, slash - *name);
		*name = slash + 1;
	}
	WARN(!parent, "name '%s'\n", path);
	return parent;
}

/* A name that is not taken, and where it is to be. Linux: __proc_create(), proc_register() */
static struct proc_dir_entry *may_register(const char **name, struct proc_dir_entry *parent)
{
	struct proc_dir_entry *dir = xlate_proc_name(name, parent);
	size_t len = strlen(*name);

	if (!dir)
		return NULL;
	if (WARN(!len || len > NAME_MAX, "name len %lu\n", len))
		return NULL;
	if (WARN(pde_subdir_find(dir, *name, len), "proc_dir_entry '%s/%s' already registered\n",
		 dir->name, *name))
		return NULL;
	return dir;
}

struct proc_dir_entry *proc_register(struct proc_dir_entry *parent, const char *name, umode_t mode,
				     const struct inode_operations *iops,
				     const struct file_operations *fops, void *data)
{
	struct proc_dir_entry *dir = may_register(&name, parent), *de;

	if (!dir)
		return NULL;
	de = kzalloc(sizeof(*de), GFP_KERNEL);
	if (!de)
		return NULL;
	de->name = kstrdup(name, GFP_KERNEL);
	if (!de->name) {
		kfree(de);
		return NULL;
	}
	atomic_set(&de->refcnt, 1);
	INIT_LIST_HEAD(&de->pde_openers);
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

struct proc_dir_entry *proc_mkdir_data(const char *name, umode_t mode,
				       struct proc_dir_entry *parent, void *data)
{
	return proc_register(parent, name, S_IFDIR | (mode ? mode : 0555),
			     &proc_dir_inode_operations, &proc_dir_operations, data);
}

struct proc_dir_entry *proc_mkdir_mode(const char *name, umode_t mode,
				       struct proc_dir_entry *parent)
{
	return proc_mkdir_data(name, mode, parent, NULL);
}

struct proc_dir_entry *proc_mkdir(const char *name, struct proc_dir_entry *parent)
{
	return proc_mkdir_data(name, 0, parent, NULL);
}

static const struct inode_operations proc_file_inode_operations = { .setattr = proc_setattr };

struct proc_dir_entry *proc_create_data(const char *name, umode_t mode,
					struct proc_dir_entry *parent, const struct proc_ops *ops,
					void *data)
{
	const struct file_operations *fops =
		ops->proc_read_iter ? &proc_iter_file_ops : &proc_reg_file_ops;
	struct proc_dir_entry *de;

	if (!(mode & S_IFMT))
		mode |= S_IFREG;
	if (!(mode & 07777))
		mode |= 0444;
	if (WARN_ON(!S_ISREG(mode)))
		return NULL;
	de = proc_register(parent, name, mode, &proc_file_inode_operations, fops, data);
	if (de)
		de->proc_ops = ops;
	return de;
}

struct proc_dir_entry *proc_create(const char *name, umode_t mode, struct proc_dir_entry *parent,
				   const struct proc_ops *ops)
{
	return proc_create_data(name, mode, parent, ops, NULL);
}

static int proc_single_open(struct inode *inode, struct file *file)
{
	return single_open(file, PDE(inode)->single_show, PDE(inode)->data);
}

static const struct proc_ops proc_single_ops = {
	.proc_open = proc_single_open,
	.proc_read_iter = seq_read_iter,
	.proc_lseek = seq_lseek,
	.proc_release = single_release,
};

struct proc_dir_entry *proc_create_single_data(const char *name, umode_t mode,
					       struct proc_dir_entry *parent,
					       int (*show)(struct seq_file *m, void *v), void *data)
{
	struct proc_dir_entry *de = proc_create_data(name, mode, parent, &proc_single_ops, data);

	if (de)
		de->single_show = show;
	return de;
}

static int proc_seq_open(struct inode *inode, struct file *file)
{
	const struct proc_dir_entry *de = PDE(inode);

	if (de->state_size)
		return seq_open_private(file, de->seq_ops, de->state_size);
	return seq_open(file, de->seq_ops);
}

static int proc_seq_release(struct inode *inode, struct file *file)
{
	return PDE(inode)->state_size ? seq_release_private(inode, file) : seq_release(inode, file);
}

static const struct proc_ops proc_seq_ops = {
	.proc_open = proc_seq_open,
	.proc_read_iter = seq_read_iter,
	.proc_lseek = seq_lseek,
	.proc_release = proc_seq_release,
};

struct proc_dir_entry *proc_create_seq_private(const char *name, umode_t mode,
					       struct proc_dir_entry *parent,
					       const struct seq_operations *ops,
					       unsigned int state_size, void *data)
{
	struct proc_dir_entry *de = proc_create_data(name, mode, parent, &proc_seq_ops, data);

	if (de) {
		de->seq_ops = ops;
		de->state_size = state_size;
	}
	return de;
}

void proc_set_size(struct proc_dir_entry *de, loff_t size)
{
	de->size = size;
}

void proc_set_user(struct proc_dir_entry *de, kuid_t uid, kgid_t gid)
{
	de->uid = uid;
	de->gid = gid;
}

/* --- removed -------------------------------------------------------------------------------- */

/* Take @de, which nothing is below, out of the tree. Nobody uses it then; inodes may be left. */
static void remove_entry(struct proc_dir_entry *de)
{
	list_del_init(&de->sibling);
	if (S_ISDIR(de->mode))
		de->parent->nlink--;
	de->nlink = 0;
	proc_entry_rundown(de);
}

void remove_proc_entry(const char *name, struct proc_dir_entry *parent)
{
	const char *last = name;
	struct proc_dir_entry *dir = xlate_proc_name(&last, parent), *de;

	if (!dir)
		return;
	de = pde_subdir_find(dir, last, strlen(last));
	if (WARN(!de, "name '%s'\n", name))
		return;
	remove_entry(de);
	WARN(!list_empty(&de->subdir), "%s: removing non-empty directory '%s/%s'\n", __func__,
	     dir->name, de->name);
	pde_put(de);
}

/* The first entry without entries below, from @de on. */
static struct proc_dir_entry *first_leaf(struct proc_dir_entry *de)
{
	while (!list_empty(&de->subdir))
		de = list_first_entry(&de->subdir, struct proc_dir_entry, sibling);
	return de;
}

void proc_remove(struct proc_dir_entry *de)
{
	bool done = !de;

	while (!done) {
		struct proc_dir_entry *leaf = first_leaf(de);

		done = leaf == de;
		remove_entry(leaf);
		pde_put(leaf);
	}
}

int remove_proc_subtree(const char *name, struct proc_dir_entry *parent)
{
	const char *last = name;
	struct proc_dir_entry *dir = xlate_proc_name(&last, parent), *de;

	if (!dir)
		return -ENOENT;
	de = pde_subdir_find(dir, last, strlen(last));
	if (WARN(!de, "name '%s'\n", name))
		return -ENOENT;
	proc_remove(de);
	return 0;
}
