/*
 * Inodes: what a file, directory, device or socket is, whatever its names.
 *
 * An inode is made by its file system's own alloc_inode() (a socket's lies inside a struct
 * socket_alloc) or out of inode_cache, and lives for as long as somebody holds a reference.
 * Stands on slab and security. Called by ramfs, sockfs and dcache. Linux: fs/inode.c
 */
#include "kernel/fs/internal.h"
#include "kernel/security/security.h"

static struct kmem_cache *inode_cachep;

/* The open() of an inode nobody has given operations to: -ENXIO. Linux: fs/inode.c:no_open() */
int no_open(struct inode *inode __maybe_unused, struct file *file __maybe_unused)
{
	return -ENXIO;
}

static const struct inode_operations empty_iops;
static const struct file_operations no_open_fops = { .open = no_open };

/* What has to be true of an inode only once in its slab's life. Linux: fs/inode.c */
void inode_init_once(struct inode *inode)
{
	memset(inode, 0, sizeof(*inode));
}

static void init_once(void *object)
{
	inode_init_once(object);
}

void inode_init(void)
{
	inode_cachep = kmem_cache_create("inode_cache", sizeof(struct inode), 0, SLAB_PANIC, init_once);
}

/*
 * Set every field a new user of the memory depends on. Object caches with a constructor keep old
 * contents, so a field left out here would be the previous inode's. Times are the file system's.
 * 0, or -ENOMEM when a security module refuses. Linux: fs/inode.c:inode_init_always()
 */
static inline int inode_init_always(struct super_block *sb, struct inode *inode)
{
	inode->i_sb = sb;
	atomic_set(&inode->i_count, 1);
	inode->i_op = &empty_iops;
	inode->i_fop = &no_open_fops;
	inode->i_ino = 0;
	inode->i_nlink = 1;
	inode->i_uid = 0;
	inode->i_gid = 0;
	atomic_set(&inode->i_writecount, 0);
	inode->i_size = 0;
	inode->i_blocks = 0;
	inode->i_rdev = 0;
	inode->i_private = NULL;
	if (unlikely(security_inode_alloc(inode)))
		return -ENOMEM;
	return 0;
}

/* Give the memory back to where it came from. Linux waits for a grace period: ours is over. */
static inline void i_callback(struct inode *inode)
{
	const struct super_operations *ops = inode->i_sb->s_op;

	if (ops->free_inode)
		ops->free_inode(inode);
	else
		kmem_cache_free(inode_cachep, inode);
}

/* NULL when there is no memory, or a security module refused. Linux: fs/inode.c:alloc_inode() */
static struct inode *alloc_inode(struct super_block *sb)
{
	const struct super_operations *ops = sb->s_op;
	struct inode *inode;

	if (ops->alloc_inode)
		inode = ops->alloc_inode(sb);
	else
		inode = kmem_cache_alloc(inode_cachep, GFP_KERNEL);
	if (!inode)
		return NULL;
	if (unlikely(inode_init_always(sb, inode))) {
		i_callback(inode);
		return NULL;
	}
	return inode;
}

/*
 * An inode with one reference for the caller that is on no list and in no table, so that the last
 * iput() always ends it. NULL: no memory. Linux: fs/inode.c:new_inode_pseudo()
 */
struct inode *new_inode_pseudo(struct super_block *sb)
{
	struct inode *inode = alloc_inode(sb);

	if (inode)
		inode->i_state = 0;
	return inode;
}

unsigned int last_ino;

/* One more reference on an inode that has one already. Linux: fs/inode.c:ihold() */
void ihold(struct inode *inode)
{
	WARN_ON(atomic_inc_return(&inode->i_count) < 2);
}

/* What everybody's inode owns besides its memory. Linux: fs/inode.c:__destroy_inode() */
static inline void __destroy_inode(struct inode *inode)
{
	security_inode_free(inode);
}

static inline void destroy_inode(struct inode *inode)
{
	__destroy_inode(inode);
	i_callback(inode);
}

/* Drop the contents, then the inode. Linux: fs/inode.c:evict() */
static void evict(struct inode *inode)
{
	const struct super_operations *ops = inode->i_sb->s_op;

	if (ops->evict_inode)
		ops->evict_inode(inode);
	destroy_inode(inode);
}

/*
 * Nobody holds the inode. Linux may keep it in a hash table for the next user; ours are never
 * hashed (ramfs holds its own by their dentries), which Linux answers the same way: drop.
 */
static inline void iput_final(struct inode *inode)
{
	inode->i_state |= I_FREEING;
	evict(inode);
}

/* Drop a reference; NULL is allowed. The last one frees the inode. Linux: fs/inode.c:iput() */
void iput(struct inode *inode)
{
	int left;

	if (!inode)
		return;
	left = atomic_dec_return(&inode->i_count);
	BUG_ON(left < 0);
	if (!left)
		iput_final(inode);
}
