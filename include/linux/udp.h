/*
 * The head of a UDP datagram. RFC 768
 */
#ifndef INCLUDE_LINUX_UDP_H
#define INCLUDE_LINUX_UDP_H

#include <linux/byteorder.h>
#include <linux/types.h>

struct udphdr {
	__be16 source;
	__be16 dest;
	__be16 len;
	u16 check;
};

#endif
