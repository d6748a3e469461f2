/*
 * ioctl.h - request numbers of ioctl(2).
 *
 * Values: Linux on x86-64.
 */
#ifndef UAPI_IOCTL_H
#define UAPI_IOCTL_H

#define FIBMAP		0x1 /* where on the device a block of the file lies */
#define FIGETBSZ	0x2 /* size of a block */
#define TCGETS		0x5401
#define TCSETS		0x5402
#define TCSETSW		0x5403
#define TCSETSF		0x5404
#define TIOCGPGRP	0x540F
#define TIOCSPGRP	0x5410
#define TIOCOUTQ	0x5411
#define TIOCGWINSZ	0x5413
#define TIOCSWINSZ	0x5414
#define FIONREAD	0x541B
#define TIOCINQ		FIONREAD
#define FIONBIO		0x5421
#define FIONCLEX	0x5450
#define FIOCLEX		0x5451
#define FIOASYNC	0x5452
#define FIOQSIZE	0x5460 /* bytes a file takes */

#define SIOCINQ		FIONREAD
#define SIOCOUTQ	TIOCOUTQ
#define FIOGETOWN	0x8903
#define SIOCGPGRP	0x8904
#define SIOCATMARK	0x8905
#define SIOCGSTAMP_OLD	0x8906		/* struct timeval, of longs */
#define SIOCGSTAMPNS_OLD 0x8907		/* struct timespec, of longs */
#define SIOCGSTAMP_NEW	0x80108906	/* the same, of 64-bit words */
#define SIOCGSTAMPNS_NEW 0x80108907
#define SIOCGIFNAME	0x8910
#define SIOCGIFCONF	0x8912
#define SIOCGIFFLAGS	0x8913
#define SIOCSIFFLAGS	0x8914
#define SIOCGIFADDR	0x8915
#define SIOCSIFADDR	0x8916
#define SIOCGIFINDEX	0x8933

#define FS_IOC_FIEMAP	0xC020660B /* the same, for ranges: struct fiemap */

#endif
