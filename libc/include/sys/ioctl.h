/* sys/ioctl.h - ioctl */
#ifndef _SYS_IOCTL_H
#define _SYS_IOCTL_H

#include <uapi/ioctl.h>
#include <uapi/termios.h>

int ioctl(int fd, unsigned long request, ...);

#endif
