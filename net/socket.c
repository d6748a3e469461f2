/*
 * Sockets: socket(2) from the system call to the descriptor, the way out of each failure, and the
 * socket as an open file, up to the last close(2). Linux: net/socket.c
 *
 *   __sys_socket
 *     __sys_socket_create, sock_create      inlined, as the compiler does on Linux
 *       __sock_create                       checks, LSM hook, inode, family, LSM hook
 *     sock_map_fd                           reserve a number, build the file, install it
 *
 * Order of the checks and their errno: unknown type bits EINVAL, family EAFNOSUPPORT, type EINVAL,
 * LSM hook, inode ENFILE, family not registered EAFNOSUPPORT, the checks of the family, LSM hook,
 * descriptor EMFILE, file ENFILE or ENOMEM.
 *
 * sockfs is the file system whose only files are sockets. It is mounted once, but nowhere in the
 * tree. It exists so that a socket has an inode, and with it can be an open file.
 */
#include <uapi/ioctl.h>

#include "kernel/security/security.h"
#include "kernel/syscalls.h"
#include "net/core/sock.h"
#include "net/net.h"

static const struct net_proto_family *net_families[NPROTO];

struct net init_net = { .count = REFCOUNT_INIT(1) };

static struct kmem_cache *sock_inode_cachep;
struct vfsmount *sock_mnt;
static const struct inode_operations sockfs_inode_ops;

/*
 * An inode and its socket, which are one object, or NULL: no memory. The object is not zeroed, so
 * every field gets its first value here; only `type` is set later, by __sock_create().
 */
static struct inode *sock_alloc_inode(struct super_block *sb __maybe_unused)
{
	struct socket_alloc *ei = kmem_cache_alloc(sock_inode_cachep, GFP_KERNEL);

	if (!ei)
		return NULL;
	init_waitqueue_head(&ei->socket.wq.wait);

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

/* The slab calls this once for each object of a new slab, not at each allocation. */
static void init_once(void *object)
{
	struct socket_alloc *ei = object;

	inode_init_once(&ei->vfs_inode);
}

static const struct super_operations sockfs_ops = {
	.alloc_inode = sock_alloc_inode,
	.free_inode = sock_free_inode,
};

static struct dentry *sockfs_mount(struct file_system_type *type, int flags __maybe_unused,
				   const char *dev_name __maybe_unused, void *data __maybe_unused)
{
	return mount_pseudo(type, "socket:", &sockfs_ops, SOCKFS_MAGIC);
}

static struct file_system_type sock_fs_type = {
	.name = "sockfs",
	.mount = sockfs_mount,
	.kill_sb = kill_anon_super,
};

/* `type` still has the value that the last user of the memory left. */
struct socket *sock_alloc(void)
{
	struct inode *inode = new_inode_pseudo(sock_mnt->mnt_sb);
	const struct cred *cred = current_cred();

	if (!inode)
		return NULL;
	inode->i_ino = get_next_ino();
	inode->i_mode = S_IFSOCK | 0777;
	inode->i_uid = cred->fsuid;
	inode->i_gid = cred->fsgid;
	inode->i_op = &sockfs_inode_ops;
	return SOCKET_I(inode);
}

/*
 * The family destroys what it made; then the reference on the inode is dropped. If there is a file,
 * its dentry owns that reference and drops it after this function.
 * @inode: the inode of the file that is being closed, or NULL. Linux locks it around ->release().
 */
static void __sock_release(struct socket *sock, struct inode *inode __maybe_unused)
{
	if (sock->ops) {
		sock->ops->release(sock);
		sock->sk = NULL;
		module_put(sock->ops->owner);
		sock->ops = NULL;
	}
	if (!sock->file) {
		iput(SOCK_INODE(sock));
		return;
	}
	sock->file = NULL;
}

void sock_release(struct socket *sock)
{
	__sock_release(sock, NULL);
}

int sock_sendmsg(struct socket *sock, struct msghdr *msg)
{
	return sock->ops->sendmsg(sock, msg, msg->msg_iter.count);
}

int sock_recvmsg(struct socket *sock, struct msghdr *msg, int flags)
{
	return sock->ops->recvmsg(sock, msg, msg->msg_iter.count, flags);
}

/* The message flags that the flags of @file mean. */
static int sock_file_flags(const struct file *file)
{
	return file->f_flags & O_NONBLOCK ? MSG_DONTWAIT : 0;
}

/* A read of 0 bytes returns 0 and does not reach the protocol. */
static ssize_t sock_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct file *file = iocb->ki_filp;
	struct socket *sock = file->private_data;
	struct msghdr msg = { .msg_iter = *to, .msg_flags = sock_file_flags(file) };
	int res;

	if (iocb->ki_pos != 0)
		return -ESPIPE;
	if (!to->count)
		return 0;
	res = sock_recvmsg(sock, &msg, msg.msg_flags);
	*to = msg.msg_iter;
	return res;
}

/* A write of 0 bytes reaches the protocol, because it can be an empty datagram. */
static ssize_t sock_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	struct file *file = iocb->ki_filp;
	struct socket *sock = file->private_data;
	struct msghdr msg = { .msg_iter = *from, .msg_flags = sock_file_flags(file) };
	int res;

	if (iocb->ki_pos != 0)
		return -ESPIPE;
	if (sock->type == SOCK_SEQPACKET)
		msg.msg_flags |= MSG_EOR;
	res = sock_sendmsg(sock, &msg);
	*from = msg.msg_iter;
	return res;
}

/*
 * No owner can be set for SIGIO and SIGURG, so there is none to report. No packet has ever come, so
 * there is no time stamp of the last one. Every other request is the protocol's; on Linux what the
 * protocol does not know is passed on to the network devices, of which there are none here.
 */
static long sock_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct socket *sock = file->private_data;
	int err;

	switch (cmd) {
	case FIOGETOWN:
	case SIOCGPGRP:
		return put_user(0, (int __user *)arg);
	case SIOCGSTAMP_OLD:
	case SIOCGSTAMPNS_OLD:
	case SIOCGSTAMP_NEW:
	case SIOCGSTAMPNS_NEW:
		return -ENOENT;
	default:
		err = sock->ops->ioctl(sock, cmd, arg);
		return err == -ENOIOCTLCMD ? -ENOTTY : err;
	}
}

static __poll_t sock_poll(struct file *file, poll_table *wait)
{
	struct socket *sock = file->private_data;

	return sock->ops->poll ? sock->ops->poll(file, sock, wait) : 0;
}

static int sock_close(struct inode *inode, struct file *file __maybe_unused)
{
	__sock_release(SOCKET_I(inode), inode);
	return 0;
}

/* There is no llseek (ESPIPE) and no mmap (ENODEV). */
static const struct file_operations socket_file_ops = {
	.read_iter = sock_read_iter,
	.write_iter = sock_write_iter,
	.poll = sock_poll,
	.unlocked_ioctl = sock_ioctl,
	.release = sock_close,
};

struct file *sock_alloc_file(struct socket *sock, int flags, const char *dname)
{
	struct file *file;

	if (!dname)
		dname = sock->sk ? sock->sk->sk_prot_creator->name : "";

	file = alloc_file_pseudo(SOCK_INODE(sock), sock_mnt, dname, O_RDWR | (flags & O_NONBLOCK),
				 &socket_file_ops);
	if (IS_ERR(file)) {
		sock_release(sock);
		return file;
	}

	sock->file = file;
	file->private_data = sock;
	stream_open(SOCK_INODE(sock), file);
	return file;
}

/*
 * The number is reserved first and filled last, so that no other task sees a half-built file.
 * Returns the descriptor, or -errno with @sock released. @flags: O_CLOEXEC, O_NONBLOCK.
 */
static int sock_map_fd(struct socket *sock, int flags)
{
	struct file *newfile;
	int fd = get_unused_fd_flags(flags);

	if (fd < 0) {
		sock_release(sock);
		return fd;
	}

	newfile = sock_alloc_file(sock, flags, NULL);
	if (!IS_ERR(newfile)) {
		fd_install(fd, newfile);
		return fd;
	}

	put_unused_fd(fd);
	return PTR_ERR(newfile);
}

struct socket *sock_from_file(struct file *file)
{
	return file->f_op == &socket_file_ops ? file->private_data : NULL;
}

/*
 * Returns the protocol to use in place of @protocol. A strong definition elsewhere replaces this
 * one, as a BPF program does on Linux.
 */
int __weak update_socket_protocol(int family, int type, int protocol);
int __weak noinline update_socket_protocol(int family __maybe_unused, int type __maybe_unused,
					   int protocol)
{
	return protocol;
}

/*
 * Check the ranges of family and type: 0 or -errno. (PF_INET, SOCK_PACKET) becomes PF_PACKET.
 * Inline because on Linux these checks are the first lines of __sock_create().
 */
static __always_inline int sock_check_range(int *family, int type)
{
	static bool warned;

	if (*family < 0 || *family >= NPROTO)
		return -EAFNOSUPPORT;
	if (type < 0 || type >= SOCK_MAX)
		return -EINVAL;

	if (*family == PF_INET && type == SOCK_PACKET) {
		if (!warned)
			pr_info("%s uses obsolete (PF_INET,SOCK_PACKET)\n", current->comm);
		warned = true;
		*family = PF_PACKET;
	}
	return 0;
}

/*
 * The labels fall through in the reverse order of construction. Two of them do more than Linux's:
 * when the family fails, no sock->sk is left that points to freed memory (on Linux since 6.10), and
 * when the owner of the operations is going away, the complete sk is released (Linux leaks it).
 * No module is loaded for a missing family, as Linux does by request_module().
 */
int __sock_create(struct net *net, int family, int type, int protocol, struct socket **res,
		  int kern)
{
	const struct net_proto_family *pf;
	struct socket *sock;
	int err;

	err = sock_check_range(&family, type);
	if (unlikely(err))
		return err;

	err = security_socket_create(family, type, protocol, kern);
	if (unlikely(err))
		return err;

	sock = sock_alloc();
	if (unlikely(!sock)) {
		pr_warn_ratelimited("socket: no more sockets\n");
		return -ENFILE;
	}
	sock->type = type;

	err = -EAFNOSUPPORT;
	pf = net_families[family];
	if (!pf || !try_module_get(pf->owner))
		goto out_sock_release;

	err = pf->create(net, sock, protocol, kern);
	if (err < 0) {
		sock->sk = NULL;
		goto out_module_put;
	}
	if (!try_module_get(sock->ops->owner))
		goto out_module_busy;
	module_put(pf->owner);

	err = security_socket_post_create(sock, family, type, protocol, kern);
	if (err)
		goto out_sock_release;
	*res = sock;
	return 0;

out_module_busy: /* the sock is complete, but the module of its operations is being removed */
	err = -EAFNOSUPPORT;
	sock->ops->release(sock);
	sock->sk = NULL;
out_module_put: /* there is no sk, so sock_release() must not call the operations */
	sock->ops = NULL;
	module_put(pf->owner);
out_sock_release: /* ops are set if and only if there is an sk to release */
	sock_release(sock);
	return err;
}

/* Inline, like __sys_socket_create(): the lesson's backtrace shows neither of them. */
static __always_inline int sock_create(int family, int type, int protocol, struct socket **res)
{
	return __sock_create(&init_net, family, type, protocol, res, 0);
}

int sock_create_kern(struct net *net, int family, int type, int protocol, struct socket **res)
{
	return __sock_create(net, family, type, protocol, res, 1);
}

static __always_inline struct socket *__sys_socket_create(int family, int type, int protocol)
{
	struct socket *sock;
	int err;

	if ((type & ~SOCK_TYPE_MASK) & ~(SOCK_CLOEXEC | SOCK_NONBLOCK))
		return ERR_PTR(-EINVAL);
	err = sock_create(family, type & SOCK_TYPE_MASK, protocol, &sock);
	if (unlikely(err < 0))
		return ERR_PTR(err);
	return sock;
}

_Static_assert(SOCK_NONBLOCK == O_NONBLOCK && SOCK_CLOEXEC == O_CLOEXEC, "flags are equal");

int __sys_socket(int family, int type, int protocol)
{
	struct socket *sock;

	sock = __sys_socket_create(family, type, update_socket_protocol(family, type, protocol));
	if (IS_ERR(sock))
		return PTR_ERR(sock);
	return sock_map_fd(sock, type & (O_CLOEXEC | O_NONBLOCK));
}

SYSCALL_DEFINE3(socket, int, family, int, type, int, protocol)
{
	return __sys_socket(family, type, protocol);
}

int sock_register(const struct net_proto_family *ops)
{
	if (ops->family < 0 || ops->family >= NPROTO) {
		pr_err("protocol %d >= NPROTO(%d)\n", ops->family, NPROTO);
		return -ENOBUFS;
	}
	if (net_families[ops->family])
		return -EEXIST;
	net_families[ops->family] = ops;
	return 0;
}

void sock_unregister(int family)
{
	BUG_ON(family < 0 || family >= NPROTO);
	net_families[family] = NULL;
}

/* Make the cache and the mount of sockfs, once at boot. Panics without memory. */
void sock_init(void)
{
	sock_inode_cachep = kmem_cache_create("sock_inode_cache", sizeof(struct socket_alloc),
					      __alignof__(struct socket_alloc), SLAB_PANIC, init_once);
	BUG_ON(register_filesystem(&sock_fs_type));
	sock_mnt = kern_mount(&sock_fs_type);
	if (IS_ERR_OR_NULL(sock_mnt))
		panic("sock_init() failed: cannot mount sockfs");
}
