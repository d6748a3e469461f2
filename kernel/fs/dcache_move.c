/*
 * A dentry that changes its place in the tree. Linux: fs/dcache.c
 */
#include "kernel/fs/internal.h"

/* @dentry goes to where @target is, and @target to where it was; the names change hands, too. */
static void swap_places(struct dentry *dentry, struct dentry *target)
{
	struct dentry *old_parent = dentry->d_parent;
	struct qstr name = dentry->d_name;

	d_drop(dentry);
	d_drop(target);
	dentry->d_name = target->d_name;
	target->d_name = name;
	dentry->d_parent = target->d_parent;
	target->d_parent = old_parent;
	list_move(&dentry->d_child, &dentry->d_parent->d_subdirs);
	list_move(&target->d_child, &old_parent->d_subdirs);
	d_rehash(dentry);
}

/*
 * @target, which may still be in use, keeps its name and its place: its path says " (deleted)" behind them.
 * Without memory for a second copy of the name it gets those of @dentry.
 */
void d_move(struct dentry *dentry, struct dentry *target)
{
	struct dentry *old_parent = dentry->d_parent;
	char *name = d_is_negative(target) ? NULL : kmalloc(target->d_name.len + 1, GFP_KERNEL);

	if (!name) {
		swap_places(dentry, target);
		return;
	}
	d_drop(dentry);
	d_drop(target);
	memcpy(name, target->d_name.name, target->d_name.len + 1);
	kfree(dentry->d_name.name);
	dentry->d_name = target->d_name;
	dentry->d_name.name = name;
	dentry->d_parent = dget(target->d_parent);
	list_move(&dentry->d_child, &dentry->d_parent->d_subdirs);
	d_rehash(dentry);
	dput(old_parent);
}

void d_exchange(struct dentry *dentry1, struct dentry *dentry2)
{
	swap_places(dentry1, dentry2);
	d_rehash(dentry2);
}

struct dentry *d_ancestor(struct dentry *p1, struct dentry *p2)
{
	struct dentry *p;

	for (p = p2; p->d_parent != p; p = p->d_parent)
		if (p->d_parent == p1)
			return p;
	return NULL;
}

bool is_subdir(const struct dentry *dentry, const struct dentry *ancestor)
{
	while (dentry != ancestor && dentry->d_parent != dentry)
		dentry = dentry->d_parent;
	return dentry == ancestor;
}
