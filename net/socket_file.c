/*
 * The socket as an open file: what read, write, ioctl and the last close do to it.
 * Stands on kernel/fs and the socket's operations. Called by kernel/fs through socket_file_ops, and
 * by sock_map_fd(). Linux: net/socket.c
 *
 * There is no llseek (ESPIPE) and no mmap (ENODEV).
 */
#include "net/core/sock.h"
#include "net/net.h"
#include "net/socket_file.h"

int sock_sendmsg(struct socket *sock, struct msghdr *msg)
{
	return sock->ops->sendmsg(sock, msg, msg->msg_iter.count);
}

int sock_recvmsg(struct socket *sock, struct msghdr *msg, int flags)
{
	return sock->ops->recvmsg(sock, msg, msg->msg_iter.count, flags);
}

/* The message flag a file's mode stands for. */
static int sock_file_flags(const struct file *file)
{
	return file->f_flags & O_NONBLOCK ? MSG_DONTWAIT : 0;
}

/* A read of nothing is 0 whatever the protocol thinks. */
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

/* A write of nothing goes to the protocol all the same: it may be an empty datagram. */
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

/* What no protocol knows would be for the network devices, of which there are none. */
static long sock_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct socket *sock = file->private_data;
	int err = sock->ops->ioctl(sock, cmd, arg);

	return err == -ENOIOCTLCMD ? -ENOTTY : err;
}

static int sock_close(struct inode *inode, struct file *file __maybe_unused)
{
	__sock_release(SOCKET_I(inode), inode);
	return 0;
}

static const struct file_operations socket_file_ops = {
	.read_iter = sock_read_iter,
	.write_iter = sock_write_iter,
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
	file->f_mode |= FMODE_NOWAIT;
	stream_open(SOCK_INODE(sock), file);
	return file;
}

struct socket *sock_from_file(struct file *file)
{
	return file->f_op == &socket_file_ops ? file->private_data : NULL;
}

struct socket *sockfd_lookup_light(int fd, int *err)
{
	struct file *file = fcheck(fd);
	struct socket *sock;

	if (!file) {
		*err = -EBADF;
		return NULL;
	}
	sock = sock_from_file(file);
	if (!sock)
		*err = -ENOTSOCK;
	return sock;
}
