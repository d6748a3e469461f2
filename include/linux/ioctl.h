/*
 * Request numbers of ioctl(2): how one is made of direction, size, a driver's letter and a number.
 * Linux: include/uapi/asm-generic/ioctl.h
 */
#ifndef INCLUDE_LINUX_IOCTL_H
#define INCLUDE_LINUX_IOCTL_H

#include <uapi/ioctl.h>

#define _IOC_NONE 0u
#define _IOC_WRITE 1u /* the driver reads what ring 3 has written */
#define _IOC_READ 2u

#define _IOC_NRBITS 8
#define _IOC_TYPEBITS 8
#define _IOC_SIZEBITS 14
#define _IOC_NRSHIFT 0
#define _IOC_TYPESHIFT 8
#define _IOC_SIZESHIFT 16
#define _IOC_DIRSHIFT 30

#define _IOC(dir, type, nr, size)                                               \
	((unsigned int)(dir) << _IOC_DIRSHIFT | (size) << _IOC_SIZESHIFT |      \
	 (type) << _IOC_TYPESHIFT | (nr) << _IOC_NRSHIFT)
#define _IOC_TYPECHECK(type) (sizeof(type))
#define _IO(type, nr) _IOC(_IOC_NONE, type, nr, 0u)
#define _IOR(type, nr, what) _IOC(_IOC_READ, type, nr, (unsigned int)sizeof(what))
#define _IOW(type, nr, what) _IOC(_IOC_WRITE, type, nr, (unsigned int)sizeof(what))
#define _IOWR(type, nr, what) _IOC(_IOC_READ | _IOC_WRITE, type, nr, (unsigned int)sizeof(what))

#define _IOC_DIR(cmd) ((unsigned int)(cmd) >> _IOC_DIRSHIFT)
#define _IOC_SIZE(cmd) ((unsigned int)(cmd) >> _IOC_SIZESHIFT & ((1u << _IOC_SIZEBITS) - 1))
#define _IOC_TYPE(cmd) ((unsigned int)(cmd) >> _IOC_TYPESHIFT & 0xff)
#define _IOC_NR(cmd) ((unsigned int)(cmd) >> _IOC_NRSHIFT & 0xff)

#endif
