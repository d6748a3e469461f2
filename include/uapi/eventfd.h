/*
 * eventfd.h - counters as files.
 */
#ifndef UAPI_EVENTFD_H
#define UAPI_EVENTFD_H

#include <uapi/fcntl.h>

#define EFD_SEMAPHORE	1	/* each read takes 1, instead of all */
#define EFD_CLOEXEC	O_CLOEXEC
#define EFD_NONBLOCK	O_NONBLOCK

#endif
