/*
 * net: sockets. What a protocol family gives, and what everybody above sees of a socket.
 * Stands on kernel/. Linux: include/linux/net.h
 */
#ifndef NET_NET_H
#define NET_NET_H

#include <uapi/socket.h>

#include "kernel/fs/fs.h"
#include "kernel/lib/module.h"

#define NPROTO AF_MAX
#define SOCK_TYPE_MASK 0xf
#define SOCK_MAX (SOCK_PACKET + 1)
#define SOCKFS_MAGIC 0x534F434B

/* socket->flags, bit numbers */
#define SOCK_NOSPACE 2
#define SOCK_PASSCRED 3
#define SOCK_SUPPORT_ZC 5

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
	void *fasync_list;
	unsigned long flags;
} __aligned(64);

/* What ring 3 calls a socket: the face towards the file system. `type` is not reset on reuse. */
struct socket {
	socket_state state;
	short type;
	unsigned long flags;
	struct file *file; /* NULL until sock_alloc_file(): then the file owns the inode */
	struct sock *sk;   /* the face towards the protocol */
	const struct proto_ops *ops;
	struct socket_wq wq;
};

/* Socket and inode are one object of sock_inode_cache: there is no second allocation. */
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

/* What one (family, type) does; bind, connect and the rest join when they are real. */
struct proto_ops {
	int family;
	struct module *owner;
	int (*release)(struct socket *sock);
	/* -ENOIOCTLCMD: not one of ours */
	int (*ioctl)(struct socket *sock, unsigned int cmd, unsigned long arg);
	int (*sendmsg)(struct socket *sock, struct msghdr *msg, size_t len);
	int (*recvmsg)(struct socket *sock, struct msghdr *msg, size_t len, int flags);
};

struct net_proto_family {
	int family;
	/* Fill in sock->ops and sock->sk, or return -errno and leave nothing allocated. */
	int (*create)(struct net *net, struct socket *sock, int protocol, int kern);
	struct module *owner;
};

/* The one network namespace. */
struct net {
	refcount_t count;
};
extern struct net init_net;

/* Make @ops answer for its family. -ENOBUFS: no such family number; -EEXIST: taken. */
int sock_register(const struct net_proto_family *ops);
void sock_unregister(int family);

/*
 * socket(2) for the current task: the descriptor, or -errno (facts and order: net/socket.c).
 * @type: SOCK_* with SOCK_CLOEXEC and SOCK_NONBLOCK or-ed in.
 */
int __sys_socket(int family, int type, int protocol);

/*
 * Make a socket without a file; sock_release() it. @kern: 1 when the kernel itself wants it, which
 * neither capabilities nor policy may refuse. 0 and *@res, or -errno and nothing left behind.
 */
int __sock_create(struct net *net, int family, int type, int protocol, struct socket **res,
		  int kern);
int sock_create_kern(struct net *net, int family, int type, int protocol, struct socket **res);

/* A socket with nothing behind it: state SS_UNCONNECTED, type undefined. NULL: no memory. */
struct socket *sock_alloc(void);

/*
 * An open file on @sock, which it owns from now on; ERR_PTR() on failure, and then @sock is
 * released too. @flags: O_NONBLOCK. @dname: a literal, or NULL for the protocol's name.
 */
struct file *sock_alloc_file(struct socket *sock, int flags, const char *dname);

/* The end of a socket that never got a file. */
void sock_release(struct socket *sock);

/* The socket behind @fd, or NULL with *@err = -EBADF or -ENOTSOCK. No reference taken. */
struct socket *sockfd_lookup_light(int fd, int *err);
/* The socket @file is the face of, or NULL when it is something else. */
struct socket *sock_from_file(struct file *file);

/* Move a message through the protocol: bytes moved or -errno. */
int sock_sendmsg(struct socket *sock, struct msghdr *msg);
int sock_recvmsg(struct socket *sock, struct msghdr *msg, int flags);

/* Where the inodes of sockets come from. */
extern struct vfsmount *sock_mnt;

/* At boot, in this order: sockfs and its mount; then the INET family. */
void sock_init(void);
void inet_init(void);

#endif
