/* SPDX-License-Identifier: MIT */
/*
 * record.h - what the strace module and the program strace say to each other on /dev/strace.
 *
 * The program opens the device, describes by STRACE_CALL which system calls it wants to see and what
 * memory their arguments point to, and begins by STRACE_START. Its child asks to be traced by
 * STRACE_ME and becomes another program. read(2) then gives a stream of records, and 0 when no traced
 * task exists any more. Closing the device removes all probes.
 */
#ifndef STRACE_RECORD_H
#define STRACE_RECORD_H

/* Memory that an argument points to. The parts of a vector are pieces of their own, from 1 on. */
enum strace_kind {
	STRACE_NOTHING,
	STRACE_FIXED,    /* @size bytes */
	STRACE_COUNTED,  /* @size bytes for each that argument @count counts */
	STRACE_RETURNED, /* @size bytes for each that the call's value counts */
	STRACE_STRING,   /* bytes up to the first NUL */
	STRACE_STRINGS,  /* pointers to strings, up to NULL */
	STRACE_IOVEC,    /* struct iovec, as many as argument @count says, and what they point to */
	STRACE_CLONE,    /* a fixed struct of at most @size bytes, whose size argument @count is */
};

#define STRACE_AT_RETURN 1 /* in flags; otherwise at the entry */

struct strace_capture {
	unsigned char arg; /* 0..5 */
	unsigned char kind;
	unsigned char count;
	unsigned char flags;
	unsigned int size; /* bytes */
};

#define STRACE_CAPTURES 8

/* For STRACE_CALL. */
struct strace_call {
	int nr;
	int captures; /* how many of capture[] there are */
	struct strace_capture capture[STRACE_CAPTURES];
};

/* For STRACE_START. */
struct strace_start {
	unsigned int string_size; /* bytes of a string or buffer that are kept, 0..STRACE_STRING_MAX */
	unsigned int follow;      /* children and threads are traced, too */
};

#define STRACE_STRING_MAX 4096u
#define STRACE_PATH_MAX 4096u
#define STRACE_COUNTED_MAX 4096u /* bytes of an array that are kept */
#define STRACE_VECTOR_MAX 33u    /* elements of a vector that are kept */
#define STRACE_RECORD_MAX 65536u

/* Requests, as ioctl(2) encodes them: direction, size, 's', number. */
#define STRACE_CALL  (1u << 30 | (unsigned int)sizeof(struct strace_call) << 16 | 's' << 8 | 1)
#define STRACE_START (1u << 30 | (unsigned int)sizeof(struct strace_start) << 16 | 's' << 8 | 2)
#define STRACE_ME    ('s' << 8 | 3)

enum strace_type {
	STRACE_ENTER,   /* args */
	STRACE_LEAVE,   /* ret */
	STRACE_SIGNAL,  /* a signal that the task takes: nr; piece 0 is its siginfo */
	STRACE_IGNORED, /* a signal that nobody will take: it is ignored, or has ended the task already */
	STRACE_FORK,    /* the task has made task number ret */
	STRACE_EXIT,    /* the task ends: ret, as do_exit() is told */
	STRACE_LOST,    /* ret records before this one were lost: the buffer was full */
	STRACE_RENAMED, /* the thread becomes, by execve(), the process ret */
};

/* Its pieces follow. Sizes are multiples of 8. */
struct strace_record {
	unsigned int size; /* bytes, with the pieces */
	unsigned short type;
	short nr; /* of the system call, or the signal */
	int pid;
	int unused;
	unsigned long long time; /* nanoseconds */
	long ret;
	unsigned long args[6];
};

/* @len bytes follow, and zeros up to a multiple of 8. What could not be read has no piece. */
struct strace_piece {
	unsigned short arg;
	unsigned short index; /* in a vector, from 1 on; 0: the argument itself */
	unsigned int len;
	unsigned long addr;
};

#endif
