/* sys/socket.h - sockets */
#ifndef _SYS_SOCKET_H
#define _SYS_SOCKET_H

#include <sys/types.h>
#include <uapi/socket.h>

int socket(int family, int type, int protocol);

#endif
