/*
 * termios.h - terminal settings, as ioctl(2) TCGETS, TCGETS2 and TIOCGWINSZ fill them.
 *
 * This is the kernel's struct termios (NCCS 19, 36 bytes), not the larger one of glibc and musl.
 */
#ifndef UAPI_TERMIOS_H
#define UAPI_TERMIOS_H

#include <uapi/types.h>

#define NCC	8
#define NCCS	19

typedef __u32 tcflag_t;
typedef __u32 speed_t;
typedef __u8 cc_t;

/* System V's, for TCGETA and its kin: the low halves */
struct termio {
	__u16 c_iflag;
	__u16 c_oflag;
	__u16 c_cflag;
	__u16 c_lflag;
	cc_t c_line;
	cc_t c_cc[NCC];
};

struct termios {
	tcflag_t c_iflag;
	tcflag_t c_oflag;
	tcflag_t c_cflag;
	tcflag_t c_lflag;
	cc_t c_line;
	cc_t c_cc[NCCS];
};

/* The same, with any speed. */
struct termios2 {
	tcflag_t c_iflag;
	tcflag_t c_oflag;
	tcflag_t c_cflag;
	tcflag_t c_lflag;
	cc_t c_line;
	cc_t c_cc[NCCS];
	speed_t c_ispeed;
	speed_t c_ospeed;
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
#define PARMRK	0x0008
#define ISTRIP	0x0020
#define INLCR	0x0040
#define IGNCR	0x0080
#define ICRNL	0x0100
#define IUCLC	0x0200
#define IXON	0x0400
#define IXANY	0x0800
#define IXOFF	0x1000
#define IMAXBEL	0x2000
#define IUTF8	0x4000

/* c_oflag */
#define OPOST	0x0001
#define OLCUC	0x0002
#define ONLCR	0x0004
#define OCRNL	0x0008
#define ONOCR	0x0010
#define ONLRET	0x0020
#define TABDLY	0x1800
#define XTABS	0x1800

/* c_cflag */
#define CBAUD	0x100f
#define B9600	0x000d
#define B38400	0x000f
#define BOTHER	0x1000 /* c_ospeed tells it */
#define CBAUDEX	0x1000
#define B115200	0x1002
#define IBSHIFT	16 /* the input speed, if it is another */
#define CSIZE	0x0030
#define CS8	0x0030
#define CREAD	0x0080
#define PARENB	0x0100
#define HUPCL	0x0400
#define CLOCAL	0x0800
#define ADDRB	0x20000000 /* addresses on the line, which no port here knows */

/* c_lflag */
#define ISIG	0x00001
#define ICANON	0x00002
#define ECHO	0x00008
#define ECHOE	0x00010
#define ECHOK	0x00020
#define ECHONL	0x00040
#define NOFLSH	0x00080
#define TOSTOP	0x00100
#define ECHOCTL	0x00200
#define ECHOPRT	0x00400
#define ECHOKE	0x00800
#define IEXTEN	0x08000

/* TCXONC */
#define TCOOFF	0
#define TCOON	1
#define TCIOFF	2
#define TCION	3

/* TCFLSH */
#define TCIFLUSH	0
#define TCOFLUSH	1
#define TCIOFLUSH	2

/* the first byte of a read in packet mode: data, or what has happened */
#define TIOCPKT_DATA		0
#define TIOCPKT_FLUSHREAD	1
#define TIOCPKT_FLUSHWRITE	2
#define TIOCPKT_STOP		4
#define TIOCPKT_START		8
#define TIOCPKT_NOSTOP		16
#define TIOCPKT_DOSTOP		32

#define N_TTY	0 /* the line discipline that everybody uses */

#endif
