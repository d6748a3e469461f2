/* termios.h - struct termios as the kernel knows it */
#ifndef _TERMIOS_H
#define _TERMIOS_H

#include <uapi/ioctl.h>
#include <uapi/termios.h>

#endif
