/*
 * sockfs: the file system whose only files are sockets. It is mounted once, nowhere in the tree,
 * and exists so that a socket has an inode and so can be an open file.
 * Stands on kernel/fs. Called by sock_alloc() through new_inode_pseudo(), and by iput().
 * Linux: net/socket.c (sock_alloc_inode, init_inodecache, sock_fs_type)
 */
#include "net/net.h"

static struct kmem_cache *sock_inode_cachep;
struct vfsmount *sock_mnt;
const struct inode_operations sockfs_inode_ops = { 0 };

/*
 * A socket_alloc from the cache. It is not zeroed: every field but `type`, which __sock_create()
 * sets, gets its first value here. NULL: no memory.
 */
static struct inode *sock_alloc_inode(struct super_block *sb __maybe_unused)
{
	struct socket_alloc *ei = kmem_cache_alloc(sock_inode_cachep, GFP_KERNEL);

	if (!ei)
		return NULL;
	init_waitqueue_head(&ei->socket.wq.wait);
	ei->socket.wq.fasync_list = NULL;
	ei->socket.wq.flags = 0;

	ei->socket.state = SS_UNCONNECTED;
	ei->socket.flags = 0;
	ei->socket.ops = NULL;
	ei->socket.sk = NULL;
	ei->socket.file = NULL;
	return &ei->vfs_inode;
}

static void sock_free_inode(struct inode *inode)
{
	kmem_cache_free(sock_inode_cachep, container_of(inode, struct socket_alloc, vfs_inode));
}

/* Run once for each object of a new slab, not at each allocation. */
static void init_once(void *object)
{
	struct socket_alloc *ei = object;

	inode_init_once(&ei->vfs_inode);
}

static const struct super_operations sockfs_ops = {
	.alloc_inode = sock_alloc_inode,
	.free_inode = sock_free_inode,
};

static struct super_block sockfs_sb = {
	.s_id = "sockfs",
	.s_magic = SOCKFS_MAGIC,
	.s_op = &sockfs_ops,
};

/* Make the cache and the mount. At boot, once; panics without memory. Linux: sock_init() */
void sockfs_init(void)
{
	sock_inode_cachep = kmem_cache_create("sock_inode_cache", sizeof(struct socket_alloc),
					      __alignof__(struct socket_alloc), init_once);
	sock_mnt = kern_mount(&sockfs_sb);
	if (IS_ERR_OR_NULL(sock_mnt))
		panic("sock_init() failed: cannot mount sockfs");
}
