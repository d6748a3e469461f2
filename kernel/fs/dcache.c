/*
 * Dentries: what a name stands for, found by a hash of the directory and the name.
 *
 * A dentry in use has a count. When nobody uses it any more it is freed at once if it is not hashed
 * (a pseudo file's never is) or if its file system does not want it kept. Otherwise it waits in a
 * list, the longest unused ones at the front, until d_lookup() takes it back or prune_dcache() frees
 * it, which the page allocator asks for when memory is short. Interrupt handlers do not come here.
 *
 * Read d_alloc_pseudo() and dput() to follow socket() and close(). Linux: fs/dcache.c
 */
#include "kernel/fs/internal.h"
#include "kernel/mm/shrinker.h"

#define DENTRY_LISTS_MIN 4096ul
#define DENTRY_LISTS_MAX (1ul << 17)
#define UNUSED_DENTRIES_MAX 4096ul /* so many are kept; more are freed before the next is made */

static struct kmem_cache *dentry_cache;
static struct hlist_head *dentry_hashtable; /* d_hash_mask + 1 lists */
static u32 d_hash_mask;
static LIST_HEAD(dentry_unused);
unsigned long nr_unused_dentries;

/* Linux: fs/namei.c:full_name_hash() */
u32 full_name_hash(const struct dentry *dir, const char *name, unsigned int len)
{
	u32 hash = init_name_hash(dir);

	while (len--)
		hash = partial_name_hash(*name++, hash);
	return hash;
}

static struct hlist_head *d_hash(u32 hash)
{
	return &dentry_hashtable[(hash ^ hash >> 16) & d_hash_mask];
}

/*
 * A pseudo dentry with one reference. It has no inode yet, is its own parent and is in no list.
 * NULL: no memory.
 */
static inline struct dentry *__d_alloc(struct super_block *sb, const char *name)
{
	struct dentry *dentry = kmem_cache_alloc(dentry_cache, GFP_KERNEL);

	if (!dentry)
		return NULL;
	dentry->d_flags = DCACHE_PSEUDO;
	atomic_set(&dentry->d_count, 1);
	dentry->d_hash.pprev = NULL; /* unhashed */
	dentry->d_parent = dentry;
	dentry->d_inode = NULL;
	dentry->d_name.name = name;
	dentry->d_sb = sb;
	return dentry;
}

/*
 * A dentry for an open file that has no path. It points to @literal, which must exist as long as
 * the dentry does. Linux: fs/dcache.c
 */
struct dentry *d_alloc_pseudo(struct super_block *sb, const char *literal)
{
	struct dentry *dentry = __d_alloc(sb, literal);

	if (dentry)
		dentry->d_name.len = strlen(literal);
	return dentry;
}

/* A dentry of @sb, which owns a copy of @name and is its own parent. NULL: no memory. */
static struct dentry *d_alloc_named(struct super_block *sb, const struct qstr *name)
{
	struct dentry *dentry;
	char *copy = kmalloc(name->len + 1, GFP_KERNEL);

	if (!copy)
		return NULL;
	memcpy(copy, name->name, name->len);
	copy[name->len] = '\0';
	dentry = __d_alloc(sb, copy);
	if (!dentry) {
		kfree(copy);
		return NULL;
	}
	dentry->d_flags = 0;
	dentry->d_name.hash = name->hash;
	dentry->d_name.len = name->len;
	INIT_LIST_HEAD(&dentry->d_subdirs);
	INIT_LIST_HEAD(&dentry->d_child);
	return dentry;
}

struct dentry *d_alloc(struct dentry *parent, const struct qstr *name)
{
	struct dentry *dentry;

	if (nr_unused_dentries > UNUSED_DENTRIES_MAX)
		prune_dcache(nr_unused_dentries - UNUSED_DENTRIES_MAX);
	dentry = d_alloc_named(parent->d_sb, name);
	if (dentry) {
		dentry->d_parent = dget(parent);
		list_add(&dentry->d_child, &parent->d_subdirs);
	}
	return dentry;
}

struct dentry *d_make_root(struct inode *root_inode)
{
	static const struct qstr slash = { .name = "/", .len = 1 };
	struct dentry *root = root_inode ? d_alloc_named(root_inode->i_sb, &slash) : NULL;

	if (root)
		d_instantiate(root, root_inode);
	else
		iput(root_inode);
	return root;
}

static void dentry_lru_add(struct dentry *dentry)
{
	dentry->d_flags |= DCACHE_LRU_LIST;
	list_add_tail(&dentry->d_lru, &dentry_unused);
	nr_unused_dentries++;
}

static void dentry_lru_del(struct dentry *dentry)
{
	if (!(dentry->d_flags & DCACHE_LRU_LIST))
		return;
	dentry->d_flags &= ~DCACHE_LRU_LIST;
	list_del(&dentry->d_lru);
	INIT_LIST_HEAD(&dentry->d_subdirs);
	nr_unused_dentries--;
}

struct dentry *d_lookup(struct dentry *parent, const struct qstr *name)
{
	struct dentry *dentry;

	hlist_for_each_entry(dentry, d_hash(name->hash), d_hash) {
		if (dentry->d_name.hash != name->hash || dentry->d_parent != parent ||
		    dentry->d_name.len != name->len ||
		    memcmp(dentry->d_name.name, name->name, name->len))
			continue;
		dentry_lru_del(dentry);
		return dget(dentry);
	}
	return NULL;
}

void d_rehash(struct dentry *dentry)
{
	hlist_add_head(&dentry->d_hash, d_hash(dentry->d_name.hash));
}

void d_drop(struct dentry *dentry)
{
	hlist_del_init(&dentry->d_hash);
}

/*
 * The caller, who removed the name, holds one reference. If nobody else does, the dentry says from
 * now on that the name does not exist; otherwise those who use it keep the inode.
 */
void d_delete(struct dentry *dentry)
{
	struct inode *inode = dentry->d_inode;

	if (atomic_read(&dentry->d_count) > 1) {
		d_drop(dentry);
		return;
	}
	dentry->d_inode = NULL;
	iput(inode);
}

/*
 * The end of a dentry nobody uses. Returns the parent it held, whose reference is to be dropped.
 * Inline because dput() is on the call path of close(): out of line it costs 9 instructions more.
 */
static inline struct dentry *__dentry_kill(struct dentry *dentry)
{
	struct dentry *parent = dentry->d_parent == dentry ? NULL : dentry->d_parent;

	iput(dentry->d_inode);
	if (!(dentry->d_flags & DCACHE_PSEUDO)) {
		dentry_lru_del(dentry);
		BUG_ON(!list_empty(&dentry->d_subdirs));
		d_drop(dentry);
		list_del(&dentry->d_child);
		kfree(dentry->d_name.name);
	}
	kmem_cache_free(dentry_cache, dentry);
	return parent;
}

/* Shall this hashed dentry, which nobody uses, be kept? Linux: fs/dcache.c:retain_dentry() */
static bool retain_dentry(const struct dentry *dentry)
{
	const struct dentry_operations *op = dentry->d_sb->s_d_op;

	return !(op && op->d_delete && op->d_delete(dentry));
}

/*
 * Drop a reference. If it was the last one and the dentry is freed, the dentry's own reference on
 * its parent is dropped as well, and so on up the tree.
 */
void dput(struct dentry *dentry)
{
	while (dentry) {
		int left = atomic_dec_return(&dentry->d_count);

		BUG_ON(left < 0);
		if (left)
			return;
		if (!d_unhashed(dentry) && retain_dentry(dentry)) {
			dentry_lru_add(dentry);
			return;
		}
		dentry = __dentry_kill(dentry);
	}
}

unsigned long prune_dcache(unsigned long nr)
{
	unsigned long freed = 0;

	while (freed < nr && !list_empty(&dentry_unused)) {
		dput(__dentry_kill(list_first_entry(&dentry_unused, struct dentry, d_lru)));
		freed++;
	}
	return freed;
}

/*
 * They are gathered in a list of this function before the first is freed, since another task may
 * change dentry_unused at each cond_resched(). Parents that become unused by it are freed in the
 * next pass.
 */
unsigned long shrink_dcache_sb(struct super_block *sb)
{
	struct dentry *dentry, *next;
	unsigned long freed = 0;
	LIST_HEAD(dispose);

	for (;;) {
		list_for_each_entry_safe(dentry, next, &dentry_unused, d_lru)
			if (dentry->d_sb == sb)
				list_move_tail(&dentry->d_lru, &dispose);
		if (list_empty(&dispose))
			return freed;
		while (!list_empty(&dispose)) {
			dput(__dentry_kill(list_first_entry(&dispose, struct dentry, d_lru)));
			freed++;
			cond_resched();
		}
	}
}

static unsigned long dcache_count(struct shrinker *shrinker __maybe_unused,
				  struct shrink_control *sc __maybe_unused)
{
	return nr_unused_dentries;
}

static unsigned long dcache_scan(struct shrinker *shrinker __maybe_unused, struct shrink_control *sc)
{
	return prune_dcache(sc->nr_to_scan);
}

static struct shrinker dcache_shrinker = {
	.count_objects = dcache_count,
	.scan_objects = dcache_scan,
};

/*
 * Drop the reference that each name below @root holds for being there, from the leaves up. What
 * somebody still uses is unhashed, and freed when he is done. Nobody else works in the tree, but
 * unused dentries may be pruned at cond_resched(), so @next is read after that.
 */
void d_genocide(struct dentry *root)
{
	struct dentry *dentry = root, *parent, *child;
	struct list_head *next = root->d_subdirs.next;

	for (;;) {
		if (next != &dentry->d_subdirs) {
			child = list_entry(next, struct dentry, d_child);
			next = next->next;
			if (simple_positive(child)) {
				dentry = child;
				next = child->d_subdirs.next;
			}
			continue;
		}
		if (dentry == root)
			return;
		cond_resched();
		parent = dentry->d_parent;
		next = dentry->d_child.next;
		d_drop(dentry);
		dput(dentry);
		dentry = parent;
	}
}

void shrink_dcache_for_umount(struct super_block *sb)
{
	struct dentry *root = sb->s_root;

	sb->s_root = NULL;
	shrink_dcache_sb(sb);
	if (!root)
		return;
	if (WARN_ON(atomic_read(&root->d_count) != 1))
		return;
	dput(root);
}

/* Without kernel/mm/vmscan.c nobody asks for what is cached. */
int __weak noprobe register_shrinker(struct shrinker *shrinker __maybe_unused,
				     const char *name __maybe_unused)
{
	return 0;
}

/* A list for each 8 KiB of memory, as on Linux. */
void dcache_init(void)
{
	unsigned long lists = DENTRY_LISTS_MIN;

	while (lists < totalram_pages() / 2 && lists < DENTRY_LISTS_MAX)
		lists *= 2;
	dentry_hashtable = kzalloc(lists * sizeof(*dentry_hashtable), GFP_KERNEL);
	if (!dentry_hashtable)
		panic("dcache: no memory for %lu lists", lists);
	d_hash_mask = lists - 1;
	dentry_cache = kmem_cache_create("dentry", sizeof(struct dentry), 0, SLAB_PANIC, NULL);
	register_shrinker(&dcache_shrinker, "dentry");
}
