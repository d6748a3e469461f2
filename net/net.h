/*
 * Public interface of net: struct socket, and what a protocol family provides.
 * Linux: include/linux/net.h
 */
#ifndef NET_NET_H
#define NET_NET_H

#include <uapi/socket.h>

#include "kernel/fs/fs.h"
#include "kernel/lib/module.h"

#define NPROTO AF_MAX
#define SOCK_TYPE_MASK 0xf
#define SOCK_MAX (SOCK_PACKET + 1)

/* socket->flags, bit number; read by tests/kernel/refcounts.c only */
#define SOCK_SUPPORT_ZC 5 /* the protocol can send without copying */

typedef enum {
	SS_FREE = 0,
	SS_UNCONNECTED,
	SS_CONNECTING,
	SS_CONNECTED,
	SS_DISCONNECTING,
} socket_state;

struct net;
struct proto_ops;
struct sock;

struct socket_wq {
	wait_queue_head_t wait;
} __aligned(64);

/* What ring 3 calls a socket. Its file is what ring 3 uses; its sock is what the protocol uses. */
struct socket {
	socket_state state;
	short type; /* of the last user of the memory, until __sock_create() sets it */
	unsigned long flags;
	struct file *file; /* NULL until sock_alloc_file(): from then on the file owns the inode */
	struct sock *sk;
	const struct proto_ops *ops;
	struct socket_wq wq;
};

/* A socket and its inode are one object of sock_inode_cache, so they are allocated together. */
struct socket_alloc {
	struct socket socket;
	struct inode vfs_inode;
};

static inline struct socket *SOCKET_I(struct inode *inode)
{
	return &container_of(inode, struct socket_alloc, vfs_inode)->socket;
}

static inline struct inode *SOCK_INODE(struct socket *sock)
{
	return &container_of(sock, struct socket_alloc, socket)->vfs_inode;
}

struct msghdr {
	struct iov_iter msg_iter;
	unsigned int msg_flags; /* MSG_* */
};

/* The operations of one (family, type). Those of bind(2), connect(2) and so on do not exist yet. */
struct proto_ops {
	int family;
	struct module *owner;
	int (*release)(struct socket *sock);
	__poll_t (*poll)(struct file *file, struct socket *sock, struct poll_table_struct *wait);
	/* -ENOIOCTLCMD: the family does not know @cmd */
	int (*ioctl)(struct socket *sock, unsigned int cmd, unsigned long arg);
	int (*sendmsg)(struct socket *sock, struct msghdr *msg, size_t len);
	int (*recvmsg)(struct socket *sock, struct msghdr *msg, size_t len, int flags);
};

struct net_proto_family {
	int family;
	/* Set sock->ops and sock->sk, or return -errno and leave nothing allocated. */
	int (*create)(struct net *net, struct socket *sock, int protocol, int kern);
	struct module *owner;
};

/* A network namespace. There is only init_net. */
struct net {
	refcount_t count;
};
extern struct net init_net;

/* Register @ops for its family. -ENOBUFS: no such family number; -EEXIST: registered already. */
int sock_register(const struct net_proto_family *ops);
void sock_unregister(int family);

/*
 * socket(2) for the current task: the descriptor, or -errno (facts and order: net/socket.c).
 * @type: SOCK_* with SOCK_CLOEXEC and SOCK_NONBLOCK or-ed in.
 */
int __sys_socket(int family, int type, int protocol);

/*
 * Make a socket without a file, which the caller ends by sock_release(). @kern: 1 when the kernel
 * itself wants it; then neither capabilities nor security modules refuse it. Returns 0 and *@res,
 * or -errno, and then nothing is left allocated.
 */
int __sock_create(struct net *net, int family, int type, int protocol, struct socket **res,
		  int kern);
int sock_create_kern(struct net *net, int family, int type, int protocol, struct socket **res);

/* A socket without operations and sock: state SS_UNCONNECTED, type undefined. NULL: no memory. */
struct socket *sock_alloc(void);

/*
 * An open file for @sock, which owns @sock from now on. On failure it is an ERR_PTR(), and @sock is
 * released, too. @flags: O_NONBLOCK. @dname: a string literal, or NULL for the protocol's name.
 */
struct file *sock_alloc_file(struct socket *sock, int flags, const char *dname);

/* Release a socket that has no file. */
void sock_release(struct socket *sock);

/* The socket of @file, or NULL when @file is not a socket. No reference is taken. */
struct socket *sock_from_file(struct file *file);

/* Send or receive a message: the number of bytes, or -errno. */
int sock_sendmsg(struct socket *sock, struct msghdr *msg);
int sock_recvmsg(struct socket *sock, struct msghdr *msg, int flags);

/* The mount of sockfs, from which the inodes of sockets come. */
extern struct vfsmount *sock_mnt;

/* At boot, in this order: sockfs, then the family PF_INET. */
void sock_init(void);
void inet_init(void);

#endif
