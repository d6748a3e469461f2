/*
 * TCP: the head of a segment (RFC 793), and struct tcp_sock.
 */
#ifndef INCLUDE_LINUX_TCP_H
#define INCLUDE_LINUX_TCP_H

#include <linux/byteorder.h>
#include <linux/types.h>

#include "net/ipv4/tcp.h"

struct tcphdr {
	__be16 source;
	__be16 dest;
	__be32 seq;
	__be32 ack_seq;
	u16 res1 : 4, doff : 4, fin : 1, syn : 1, rst : 1, psh : 1, ack : 1, urg : 1, ece : 1, cwr : 1;
	__be16 window;
	u16 check;
	__be16 urg_ptr;
};

#endif
