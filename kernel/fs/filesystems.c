/*
 * The kinds of file systems there are. Linux: fs/filesystems.c
 */
#include "kernel/fs/internal.h"
#include "kernel/lib/module.h"

struct file_system_type *file_systems;

/* The link that points to the type of this name, or the one at the end of the list. */
static struct file_system_type **find_filesystem(const char *name)
{
	struct file_system_type **p;

	for (p = &file_systems; *p; p = &(*p)->next)
		if (!strcmp((*p)->name, name))
			break;
	return p;
}

int register_filesystem(struct file_system_type *fs)
{
	struct file_system_type **p = find_filesystem(fs->name);

	if (*p || fs->next)
		return -EBUSY;
	INIT_LIST_HEAD(&fs->fs_supers);
	*p = fs;
	return 0;
}

int unregister_filesystem(struct file_system_type *fs)
{
	struct file_system_type **p = find_filesystem(fs->name);

	if (*p != fs)
		return -EINVAL;
	*p = fs->next;
	fs->next = NULL;
	return 0;
}

struct file_system_type *get_fs_type(const char *name)
{
	struct file_system_type *fs = *find_filesystem(name);

	return fs && try_module_get(fs->owner) ? fs : NULL;
}

void put_filesystem(struct file_system_type *fs)
{
	module_put(fs->owner);
}
