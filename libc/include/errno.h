/* errno.h - error numbers and the variable that holds the last one */
#ifndef _ERRNO_H
#define _ERRNO_H

#include <uapi/errno.h>

extern int errno;

#endif
