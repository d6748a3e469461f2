/* sys/stat.h - the state of a file */
#ifndef _SYS_STAT_H
#define _SYS_STAT_H

#include <sys/types.h>
#include <uapi/fcntl.h>
#include <uapi/stat.h>

int fstat(int fd, struct stat *st);
int fstatat(int dirfd, const char *path, struct stat *st, int flags);

#endif
