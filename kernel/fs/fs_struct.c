/*
 * struct fs_struct: a task's root, current directory and umask. Called by fork and exit.
 * Linux: fs/fs_struct.c
 */
#include "kernel/fs/internal.h"

static struct kmem_cache *fs_cachep;

struct fs_struct init_fs = { .users = REFCOUNT_INIT(1), .umask = 0022 };

void fs_struct_init(void)
{
	fs_cachep = kmem_cache_create("fs_cache", sizeof(struct fs_struct), 0, SLAB_PANIC, NULL);
}

/* A copy with one reference, or NULL. Linux: fs/fs_struct.c:copy_fs_struct() */
struct fs_struct *copy_fs_struct(struct fs_struct *old)
{
	struct fs_struct *fs = kmem_cache_alloc(fs_cachep, GFP_KERNEL);

	if (!fs)
		return NULL;
	*fs = *old;
	refcount_set(&fs->users, 1);
	fs->in_exec = 0;
	path_get(&fs->root);
	path_get(&fs->pwd);
	return fs;
}

/* Drop a reference. Linux: fs/fs_struct.c:exit_fs() */
void put_fs_struct(struct fs_struct *fs)
{
	if (!refcount_dec_and_test(&fs->users))
		return;
	path_put(&fs->root);
	path_put(&fs->pwd);
	if (fs != &init_fs)
		kmem_cache_free(fs_cachep, fs);
}
