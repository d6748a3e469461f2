/*
 * Addresses of sockets. What only modules use is here.
 */
#ifndef INCLUDE_LINUX_SOCKET_H
#define INCLUDE_LINUX_SOCKET_H

#include <linux/types.h>

#include "uapi/socket.h"

/* Room for an address of any family. */
struct sockaddr_storage {
	unsigned short ss_family;
	char __data[126];
} __attribute__((aligned(8)));

#endif
