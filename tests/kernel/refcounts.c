/*
 * Who owns what, stage by stage: the reference counts of one socket from birth to the last close.
 * (facts: sock_alloc, inet_create, alloc_file_pseudo, fd_install, dup)
 */
#include "net/ipv4/tcp.h"
#include "tests/kernel/ktap.h"
#include "tests/kernel/leaks.h"

#define I_COUNT(sock) atomic_read(&SOCK_INODE(sock)->i_count)

KTAP_SUITE(refcounts_sock_alloc)
{
	struct socket *sock;
	struct leaks before;

	leaks_begin(&before);
	sock = sock_alloc();
	KTAP_EXPECT(sock);
	KTAP_EXPECT_EQ(I_COUNT(sock), 1);
	KTAP_EXPECT_EQ(sock->state, SS_UNCONNECTED);
	KTAP_EXPECT_EQ(sock->flags, 0);
	KTAP_EXPECT(!sock->file && !sock->ops && !sock->sk);
	KTAP_EXPECT_EQ(SOCK_INODE(sock)->i_mode, 0140777);
	KTAP_EXPECT_EQ(SOCK_INODE(sock)->i_nlink, 1);
	KTAP_EXPECT(SOCK_INODE(sock)->i_ino);
	sock_release(sock);
	KTAP_EXPECT(leaks_none(&before));
}

/* The slab object comes back with the type its last user left: nobody clears it. */
KTAP_SUITE(refcounts_stale_type)
{
	struct socket *first, *second;

	first = sock_alloc();
	first->type = SOCK_RDM;
	sock_release(first);
	second = sock_alloc();
	KTAP_EXPECT_EQ((unsigned long)second, (unsigned long)first);
	KTAP_EXPECT_EQ(second->type, SOCK_RDM);
	sock_release(second);
}

KTAP_SUITE(refcounts_inet_create)
{
	struct socket *sock;
	struct leaks before;
	unsigned int net;

	leaks_begin(&before);
	net = refcount_read(&init_net.count);
	KTAP_EXPECT_EQ(__sock_create(&init_net, AF_INET, SOCK_STREAM, 0, &sock, 0), 0);
	KTAP_EXPECT_EQ(I_COUNT(sock), 1);
	KTAP_EXPECT_EQ(refcount_read(&sock->sk->sk_refcnt), 1);
	KTAP_EXPECT_EQ(refcount_read(&sock->sk->sk_wmem_alloc), 1);
	KTAP_EXPECT(sock->sk->sk_socket == sock);
	KTAP_EXPECT(!sock->file);
	KTAP_EXPECT_EQ(refcount_read(&init_net.count), net + 1);
	sock_release(sock);
	KTAP_EXPECT(leaks_none(&before));

	/* The kernel's own does not hold the namespace. */
	KTAP_EXPECT_EQ(sock_create_kern(&init_net, AF_INET, SOCK_DGRAM, 0, &sock), 0);
	KTAP_EXPECT_EQ(refcount_read(&init_net.count), net);
	sock_release(sock);

	/* A raw socket is hashed from birth, and the hash holds it too. */
	KTAP_EXPECT_EQ(sock_create_kern(&init_net, AF_INET, SOCK_RAW, IPPROTO_ICMP, &sock), 0);
	KTAP_EXPECT_EQ(refcount_read(&sock->sk->sk_refcnt), 2);
	KTAP_EXPECT(sk_hashed(sock->sk));
	sock_release(sock);
	KTAP_EXPECT(leaks_none(&before));
}

/* What a fresh TCP socket is made of. */
KTAP_SUITE(refcounts_tcp_values)
{
	struct socket *sock;
	struct sock *sk;

	KTAP_EXPECT_EQ(sock_create_kern(&init_net, AF_INET, SOCK_STREAM, 0, &sock), 0);
	sk = sock->sk;
	KTAP_EXPECT(sock->ops == &inet_stream_ops);
	KTAP_EXPECT(sk->sk_prot == &tcp_prot && sk->sk_prot_creator == &tcp_prot);
	KTAP_EXPECT_EQ(sk->sk_state, TCP_CLOSE);
	KTAP_EXPECT_EQ(sk->sk_family, AF_INET);
	KTAP_EXPECT_EQ(sk->sk_type, SOCK_STREAM);
	KTAP_EXPECT_EQ(sk->sk_protocol, IPPROTO_TCP);
	KTAP_EXPECT_EQ(sk->sk_sndbuf, 16384);
	KTAP_EXPECT_EQ(sk->sk_rcvbuf, 131072);
	KTAP_EXPECT(sk->sk_wq == &sock->wq);
	KTAP_EXPECT(sock_flag(sk, SOCK_ZAPPED) && sock_flag(sk, SOCK_USE_WRITE_QUEUE));
	KTAP_EXPECT(test_bit(SOCK_SUPPORT_ZC, &sock->flags));
	KTAP_EXPECT(!sk_hashed(sk));
	KTAP_EXPECT_EQ(inet_sk(sk)->inet_num, 0);
	KTAP_EXPECT_EQ(inet_sk(sk)->uc_ttl, -1);
	KTAP_EXPECT_EQ(inet_sk(sk)->mc_ttl, 1);
	KTAP_EXPECT_EQ(tcp_sk(sk)->snd_cwnd, 10);
	KTAP_EXPECT_EQ(tcp_sk(sk)->snd_ssthresh, 0x7fffffff);
	KTAP_EXPECT_EQ(tcp_sk(sk)->mss_cache, 536);
	KTAP_EXPECT_EQ(inet_csk(sk)->icsk_rto, HZ);
	KTAP_EXPECT_EQ(inet_csk(sk)->icsk_af_ops->net_header_len, 20);
	KTAP_EXPECT_EQ(inet_csk(sk)->icsk_af_ops->sockaddr_len, sizeof(struct sockaddr_in));
	sock_release(sock);
}

KTAP_SUITE(refcounts_file)
{
	struct leaks before;
	struct socket *sock;
	struct file *file;
	int mounts;

	leaks_begin(&before);
	mounts = atomic_read(&sock_mnt->mnt_count);
	KTAP_EXPECT_EQ(__sock_create(&init_net, AF_INET, SOCK_STREAM, 0, &sock, 0), 0);
	file = sock_alloc_file(sock, O_NONBLOCK, NULL);
	KTAP_EXPECT(!IS_ERR(file));
	KTAP_EXPECT_EQ(I_COUNT(sock), 1); /* the dentry's now */
	KTAP_EXPECT_EQ(atomic_long_read(&file->f_count), 1);
	KTAP_EXPECT_EQ(atomic_read(&file->f_path.dentry->d_count), 1);
	KTAP_EXPECT_EQ(atomic_read(&sock_mnt->mnt_count), mounts + 1);
	KTAP_EXPECT(sock->file == file && file->private_data == sock);
	KTAP_EXPECT(file->f_inode == SOCK_INODE(sock));
	KTAP_EXPECT_EQ(file->f_flags & (O_ACCMODE | O_NONBLOCK), O_RDWR | O_NONBLOCK);
	KTAP_EXPECT_EQ(strcmp(file->f_path.dentry->d_name.name, "TCP"), 0);
	KTAP_EXPECT(sock_from_file(file) == sock);
	fput(file);
	KTAP_EXPECT(leaks_none(&before));
}

/* dup: two numbers, one file; the socket dies with the last, whichever is closed first. */
static bool dup_and_close(bool copy_first)
{
	int fd = __sys_socket(AF_INET, SOCK_STREAM, 0);
	int copy = get_unused_fd_flags(0);
	struct file *file = fdget(fd).file;
	struct socket *sock;
	bool ok;

	if (fd < 0 || copy <= fd || !file)
		return false;
	ok = atomic_long_read(&file->f_count) == 1;
	fd_install(copy, get_file(file));
	ok &= atomic_long_read(&file->f_count) == 2;
	sock = fd_socket(copy);
	ok &= sock && sock == fd_socket(fd);

	close_fd(copy_first ? copy : fd);
	ok &= atomic_long_read(&file->f_count) == 1;
	ok &= I_COUNT(sock) == 1 && refcount_read(&sock->sk->sk_refcnt) == 1;
	ok &= sock->ops && sock->file == file;
	close_fd(copy_first ? fd : copy);
	return ok;
}

KTAP_SUITE(refcounts_dup)
{
	struct leaks before;

	leaks_begin(&before);
	KTAP_EXPECT(dup_and_close(true));
	KTAP_EXPECT(leaks_none(&before));
	KTAP_EXPECT(dup_and_close(false));
	KTAP_EXPECT(leaks_none(&before));
	KTAP_EXPECT(!fd_socket(1000));
}

/* The lowest free number, and the flags that came with the type. */
KTAP_SUITE(refcounts_numbers)
{
	int a = __sys_socket(AF_INET, SOCK_DGRAM, 0);
	int b = __sys_socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	KTAP_EXPECT(b > a);
	KTAP_EXPECT(test_bit(b, files_fdtable(current->files)->close_on_exec));
	KTAP_EXPECT(!test_bit(a, files_fdtable(current->files)->close_on_exec));
	KTAP_EXPECT(fdget(b).file->f_flags & O_NONBLOCK);
	close_fd(a);
	KTAP_EXPECT_EQ(__sys_socket(AF_INET, SOCK_STREAM, 0), a);
	close_fd(a);
	close_fd(b);
}
