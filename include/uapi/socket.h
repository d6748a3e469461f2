/*
 * socket.h - address families, socket types, protocols and addresses.
 *
 * Values: Linux on x86-64. PF_ and AF_ are the same numbers; the kernel takes families
 * 0..AF_MAX-1 and types 0..SOCK_MAX-1 (Linux: net/socket.c:__sock_create()).
 */
#ifndef UAPI_SOCKET_H
#define UAPI_SOCKET_H

#include <uapi/types.h>

#define AF_UNSPEC	0
#define AF_UNIX		1
#define AF_LOCAL	AF_UNIX
#define AF_INET		2
#define AF_AX25		3
#define AF_INET6	10
#define AF_NETLINK	16
#define AF_PACKET	17
#define AF_MAX		46

#define PF_UNSPEC	AF_UNSPEC
#define PF_UNIX		AF_UNIX
#define PF_LOCAL	AF_LOCAL
#define PF_INET		AF_INET
#define PF_INET6	AF_INET6
#define PF_NETLINK	AF_NETLINK
#define PF_PACKET	AF_PACKET
#define PF_MAX		AF_MAX

#define SOCK_STREAM	1
#define SOCK_DGRAM	2
#define SOCK_RAW	3
#define SOCK_RDM	4
#define SOCK_SEQPACKET	5
#define SOCK_DCCP	6
#define SOCK_PACKET	10
#define SOCK_CLOEXEC	02000000	/* == O_CLOEXEC */
#define SOCK_NONBLOCK	00004000	/* == O_NONBLOCK */

#define IPPROTO_IP	0
#define IPPROTO_ICMP	1
#define IPPROTO_TCP	6
#define IPPROTO_UDP	17
#define IPPROTO_IPV6	41
#define IPPROTO_SCTP	132
#define IPPROTO_UDPLITE	136
#define IPPROTO_RAW	255
#define IPPROTO_MPTCP	262
#define IPPROTO_MAX	263

#define SOL_IP		0
#define SOL_SOCKET	1
#define SOL_TCP		6
#define SOL_UDP		17

#define SO_DEBUG	1
#define SO_REUSEADDR	2
#define SO_TYPE		3
#define SO_ERROR	4
#define SO_BROADCAST	6
#define SO_SNDBUF	7
#define SO_RCVBUF	8
#define SO_KEEPALIVE	9
#define SO_LINGER	13
#define SO_REUSEPORT	15
#define SO_ACCEPTCONN	30
#define SO_PROTOCOL	38
#define SO_DOMAIN	39

#define MSG_OOB		0x1
#define MSG_PEEK	0x2
#define MSG_DONTROUTE	0x4
#define MSG_CTRUNC	0x8
#define MSG_TRUNC	0x20
#define MSG_DONTWAIT	0x40
#define MSG_EOR		0x80
#define MSG_WAITALL	0x100
#define MSG_ERRQUEUE	0x2000
#define MSG_NOSIGNAL	0x4000
#define MSG_MORE	0x8000

#define SHUT_RD		0
#define SHUT_WR		1
#define SHUT_RDWR	2
#define SOMAXCONN	4096

typedef __u16 sa_family_t;

struct sockaddr {
	sa_family_t sa_family;
	char sa_data[14];
};

struct in_addr {
	__u32 s_addr;		/* network byte order */
};

struct sockaddr_in {
	sa_family_t sin_family;
	__u16 sin_port;		/* network byte order */
	struct in_addr sin_addr;
	__u8 sin_zero[8];
};

#define INADDR_ANY		((__u32)0x00000000)
#define INADDR_LOOPBACK		((__u32)0x7f000001)
#define INADDR_BROADCAST	((__u32)0xffffffff)

#endif
