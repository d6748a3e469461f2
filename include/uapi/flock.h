/*
 * flock.h - what fcntl(2) knows of locks, owners and seals; flock(2), close_range(2). Linux: include/uapi/linux/fcntl.h
 */
#ifndef UAPI_FLOCK_H
#define UAPI_FLOCK_H

#define F_SETOWN_EX	15
#define F_GETOWN_EX	16
#define F_OFD_GETLK	36	/* record locks that belong to the open file */
#define F_OFD_SETLK	37
#define F_OFD_SETLKW	38
#define F_ADD_SEALS	1033
#define F_GET_SEALS	1034

/* F_SETOWN_EX: who gets the signals of a file */
#define F_OWNER_TID	0
#define F_OWNER_PID	1
#define F_OWNER_PGRP	2
struct f_owner_ex {
	int type;	/* F_OWNER_* */
	int pid;
};

/* F_SETLK: a lock on a part of a file */
#define F_RDLCK		0
#define F_WRLCK		1
#define F_UNLCK		2
struct flock {
	short l_type;	/* F_RDLCK, F_WRLCK, F_UNLCK */
	short l_whence;	/* SEEK_*: where l_start counts from */
	long l_start, l_len;
	int l_pid;	/* F_GETLK: who has it */
};

/* flock() */
#define LOCK_SH		1
#define LOCK_EX		2
#define LOCK_NB		4	/* or: do not wait */
#define LOCK_UN		8
#define LOCK_MAND	32

/* close_range() */
#define CLOSE_RANGE_UNSHARE	2u
#define CLOSE_RANGE_CLOEXEC	4u

/* What nobody may do any more to a file of memfd_create() */
#define F_SEAL_SEAL		0x1	/* add seals */
#define F_SEAL_SHRINK		0x2
#define F_SEAL_GROW		0x4
#define F_SEAL_WRITE		0x8
#define F_SEAL_FUTURE_WRITE	0x10	/* but by mappings that are there already */

#endif
