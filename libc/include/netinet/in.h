/* netinet/in.h - internet addresses and protocols */
#ifndef _NETINET_IN_H
#define _NETINET_IN_H

#include <sys/socket.h>

#endif
