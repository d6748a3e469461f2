/*
 * Paths that come from outside of kernel/fs: struct filename, a path in the kernel's memory.
 * Linux: fs/namei.c
 *
 * A short path lies in the same object as its struct filename (iname[]). A longer one, up to PATH_MAX, has
 * a page for itself: to clear and to check a page costs more than most walks.
 */
#include "kernel/fs/internal.h"

#define NAMES_SIZE 64u /* of a struct filename with iname[] */
#define EMBEDDED_NAME_MAX (NAMES_SIZE - offsetof(struct filename, iname))

static struct kmem_cache *names_cachep;

void names_init(void)
{
	names_cachep = kmem_cache_create("names_cache", NAMES_SIZE, 0, SLAB_PANIC, NULL);
}

static void free_filename(struct filename *result)
{
	if (result->name != result->iname) /* it is another object */
		kfree(result->name);
	kmem_cache_free(names_cachep, result);
}

/*
 * Copy the path at @uptr behind @result, or, when it is too long for that, into a page of its own.
 * The length of the path, or PATH_MAX if it is not shorter than that; -EFAULT, -ENOMEM.
 */
static long copy_name(struct filename *result, const char __user *uptr)
{
	long len = strncpy_from_user((char *)result->iname, uptr, EMBEDDED_NAME_MAX);
	char *apart;

	result->name = result->iname;
	if (len != EMBEDDED_NAME_MAX)
		return len;
	apart = kmalloc(PATH_MAX, GFP_KERNEL);
	if (!apart)
		return -ENOMEM;
	result->name = apart;
	return strncpy_from_user(apart, uptr, PATH_MAX);
}

struct filename *getname_flags(const char __user *filename, int flags, int *empty)
{
	struct filename *result = kmem_cache_alloc(names_cachep, GFP_KERNEL);
	long len;

	if (!result)
		return ERR_PTR(-ENOMEM);
	len = copy_name(result, filename);
	if (len == 0 && empty)
		*empty = 1;
	if (len == 0 && !(flags & LOOKUP_EMPTY))
		len = -ENOENT;
	if (len == PATH_MAX)
		len = -ENAMETOOLONG;
	if (len < 0) {
		free_filename(result);
		return ERR_PTR(len);
	}
	result->uptr = filename;
	atomic_set(&result->refcnt, 1);
	return result;
}

struct filename *getname(const char __user *filename)
{
	return getname_flags(filename, 0, NULL);
}

struct filename *getname_kernel(const char *filename)
{
	size_t len = strlen(filename) + 1;
	struct filename *result;

	if (len > PATH_MAX)
		return ERR_PTR(-ENAMETOOLONG);
	result = kmem_cache_alloc(names_cachep, GFP_KERNEL);
	if (!result)
		return ERR_PTR(-ENOMEM);
	result->name = len <= EMBEDDED_NAME_MAX ? result->iname : kmalloc(len, GFP_KERNEL);
	if (!result->name) {
		kmem_cache_free(names_cachep, result);
		return ERR_PTR(-ENOMEM);
	}
	memcpy((char *)result->name, filename, len);
	result->uptr = NULL;
	atomic_set(&result->refcnt, 1);
	return result;
}

void putname(struct filename *name)
{
	if (!IS_ERR(name) && atomic_dec_and_test(&name->refcnt))
		free_filename(name);
}
