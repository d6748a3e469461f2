/*
 * The head of an IPv4 packet. RFC 791
 */
#ifndef INCLUDE_LINUX_IP_H
#define INCLUDE_LINUX_IP_H

#include <linux/byteorder.h>
#include <linux/types.h>

struct iphdr {
	u8 ihl : 4, version : 4; /* ihl: length of this head in 32-bit words */
	u8 tos;
	__be16 tot_len;
	__be16 id;
	__be16 frag_off;
	u8 ttl;
	u8 protocol;
	u16 check;
	__be32 saddr;
	__be32 daddr;
};

#define IPVERSION 4

#endif
