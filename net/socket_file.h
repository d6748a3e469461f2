/*
 * Between net/socket.c and net/socket_file.c: the socket as an open file. Linux: net/socket.c
 */
#ifndef NET_SOCKET_FILE_H
#define NET_SOCKET_FILE_H

#include "net/net.h"

/* The last file reference is gone, or (sock->file NULL) there never was a file. */
void __sock_release(struct socket *sock, struct inode *inode);

#endif
