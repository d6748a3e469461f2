/*
 * termios.h - struct termios and struct winsize, as ioctl(2) TCGETS and TIOCGWINSZ fill them.
 *
 * This is the kernel's struct termios (NCCS 19, 36 bytes), not the larger one of glibc and musl.
 */
#ifndef UAPI_TERMIOS_H
#define UAPI_TERMIOS_H

#include <uapi/types.h>

#define NCCS	19

typedef __u32 tcflag_t;
typedef __u8 cc_t;

struct termios {
	tcflag_t c_iflag;
	tcflag_t c_oflag;
	tcflag_t c_cflag;
	tcflag_t c_lflag;
	cc_t c_line;
	cc_t c_cc[NCCS];
};

struct winsize {
	__u16 ws_row;
	__u16 ws_col;
	__u16 ws_xpixel;
	__u16 ws_ypixel;
};

/* index into c_cc */
#define VINTR		0
#define VQUIT		1
#define VERASE		2
#define VKILL		3
#define VEOF		4
#define VTIME		5
#define VMIN		6
#define VSWTC		7
#define VSTART		8
#define VSTOP		9
#define VSUSP		10
#define VEOL		11
#define VREPRINT	12
#define VDISCARD	13
#define VWERASE		14
#define VLNEXT		15
#define VEOL2		16

/* c_iflag */
#define IGNBRK	0x0001
#define BRKINT	0x0002
#define ISTRIP	0x0020
#define INLCR	0x0040
#define IGNCR	0x0080
#define ICRNL	0x0100
#define IXON	0x0400

/* c_oflag */
#define OPOST	0x0001
#define ONLCR	0x0004

/* c_cflag */
#define B9600	0x000d
#define B38400	0x000f
#define B115200	0x1002
#define CSIZE	0x0030
#define CS8	0x0030
#define CREAD	0x0080
#define HUPCL	0x0400
#define CLOCAL	0x0800

/* c_lflag */
#define ISIG	0x0001
#define ICANON	0x0002
#define ECHO	0x0008
#define ECHOE	0x0010
#define ECHOK	0x0020
#define ECHONL	0x0040
#define ECHOCTL	0x0200
#define ECHOKE	0x0800
#define IEXTEN	0x8000

#endif
