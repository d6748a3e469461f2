/*
 * Inodes: what a file, directory, device or socket is, whatever its names.
 *
 * An inode is made by its file system's own alloc_inode() (a socket's lies inside a struct
 * socket_alloc) or comes out of inode_cache, and lives for as long as somebody holds a reference.
 * Read new_inode_pseudo() and iput() to follow socket() and close(). Linux: fs/inode.c
 */
#include "kernel/fs/internal.h"
#include "kernel/security/security.h"

static struct kmem_cache *inode_cachep;

/* open() of an inode that has no operations of its own. Linux: fs/inode.c:no_open() */
int no_open(struct inode *inode __maybe_unused, struct file *file __maybe_unused)
{
	return -ENXIO;
}

static const struct inode_operations empty_iops;
static const struct file_operations no_open_fops = { .open = no_open };
static const struct address_space_operations empty_aops;

/*
 * Set what stays as it is from one user of the memory to the next: slab constructors call this once
 * for each object of a new slab. Linux: fs/inode.c
 */
void inode_init_once(struct inode *inode)
{
	memset(inode, 0, sizeof(*inode));
	INIT_LIST_HEAD(&inode->i_sb_list);
	mutex_init(&inode->i_pos_lock);
	mutex_init(&inode->i_mutex);
	inode->i_mapping = &inode->i_data;
	inode->i_data.host = inode;
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
	inode->i_uid = GLOBAL_ROOT_UID;
	inode->i_gid = GLOBAL_ROOT_GID;
	atomic_set(&inode->i_writecount, 0);
	inode->i_size = 0;
	inode->i_rdev = 0;
	inode->i_data.a_ops = &empty_aops;
	inode->i_private = NULL;
	if (unlikely(security_inode_alloc(inode)))
		return -ENOMEM;
	return 0;
}

/*
 * Give the memory back to where it came from. Linux waits for an RCU grace period first. Here ring
 * 0 is not preempted, so no other task can be in the middle of reading the inode.
 */
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

struct inode *new_inode(struct super_block *sb)
{
	struct inode *inode = new_inode_pseudo(sb);

	if (inode)
		list_add_tail(&inode->i_sb_list, &sb->s_inodes);
	return inode;
}

umode_t __weak noprobe mode_strip_sgid(const struct inode *dir __maybe_unused, umode_t mode)
{
	return mode;
}

/*
 * Owner, group and mode of a new inode in @dir. If @dir has the set-group-ID bit, the inode gets
 * the group of @dir, and a directory also gets the bit. Linux: fs/inode.c
 */
void inode_init_owner(struct inode *inode, const struct inode *dir, umode_t mode)
{
	inode->i_uid = current_fsuid();
	inode->i_gid = current_fsgid();
	if (dir && (dir->i_mode & S_ISGID)) {
		inode->i_gid = dir->i_gid;
		mode = S_ISDIR(mode) ? mode | S_ISGID : mode_strip_sgid(dir, mode);
	}
	inode->i_mode = mode;
}

const struct file_operations pipefifo_fops __weak = { .open = no_open };

/*
 * A device node, a FIFO or the node of a socket. Opening a character device finds its driver; nothing is
 * behind a block device or a socket, and no_open() is left as it is.
 */
void init_special_inode(struct inode *inode, umode_t mode, dev_t rdev)
{
	inode->i_mode = mode;
	inode->i_rdev = rdev;
	if (S_ISCHR(mode)) {
		inode->i_fop = &def_chr_fops;
		inode->i_cdev = NULL;
	} else if (S_ISFIFO(mode)) {
		inode->i_fop = &pipefifo_fops;
		inode->i_pipe = NULL;
	}
}

unsigned int last_ino;

/* One more reference on an inode that has one already. Linux: fs/inode.c:ihold() */
void ihold(struct inode *inode)
{
	WARN_ON(atomic_inc_return(&inode->i_count) < 2);
}

void inode_lock(struct inode *inode)
{
	mutex_lock(&inode->i_mutex);
}

void inode_unlock(struct inode *inode)
{
	mutex_unlock(&inode->i_mutex);
}

/* Free what every inode owns besides its own memory. Linux: fs/inode.c:__destroy_inode() */
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

	if (!list_empty(&inode->i_sb_list)) { /* those of new_inode_pseudo() have no pages */
		list_del_init(&inode->i_sb_list);
		if (!ops->evict_inode)
			truncate_inode_pages(&inode->i_data, 0);
	}
	if (ops->evict_inode)
		ops->evict_inode(inode);
	destroy_inode(inode);
}

/*
 * Nobody holds a reference on the inode any more. Linux keeps it for the next user if it is in the
 * hash table of inodes, and ends it otherwise. Here there is no such table: file systems in memory
 * hold their inodes by their dentries.
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
