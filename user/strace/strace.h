/*
 * strace.h - what the parts of strace share.
 *
 * Reading order: main.c (options, the child, the device), events.c (from records to lines), calls.c (the
 * table: what each argument of each call is), then the functions that print arguments: show.c, flags.c,
 * structs.c, statx.c, signals.c, special.c, values.c; text.c (the line that is being made) and names.c (constants).
 */
#ifndef USER_STRACE_H
#define USER_STRACE_H

#include <stddef.h>
#include <stdint.h>

#include "record.h"

typedef unsigned long ulong;

/* --- text.c ------------------------------------------------------------------------------------ */

/* Append to the line. */
void put(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void put_string(const char *s, size_t len, int cut); /* quoted; @cut: "..." follows */
void put_path(const char *s, size_t len);            /* quoted, without cutting */
void put_pointer(ulong addr);                        /* 0x..., or NULL */
int column(void);
void flush(void); /* write what there is of the line */
void output_to(int fd);

/* --- names.c ----------------------------------------------------------------------------------- */

struct name {
	const char *text; /* NULL ends a table */
	ulong value;
};

/* The constants of one kind, and how one is printed that is not among them. */
struct names {
	const char *unknown; /* "O_???" */
	const struct name *list;
};

extern const struct names statx_mask, splice_flags, ioprio_targets;
extern const struct names access_modes, fadvice, madvice, arch_prctl_codes, at_flags,
	access_flags, caps, clocks, clone_flags, close_range_flags, errors, eventfd_flags,
	fallocate_flags, fcntl_cmds, fd_flags, file_types, flock_ops, futex_ops, getrandom_flags,
	ioctls, itimers, locks, lseek_whence, mcl_flags, memfd_flags, mlock_flags, mmap_prot,
	mmap_flags, mremap_flags, msync_flags, open_flags, pipe_flags, personalities, poll_events,
	prctls, priorities, reboot_cmds, reboot_magics, rename_flags, resources, rusages, sa_flags,
	schedulers, signalfd_flags, sigmask_how, sock_types, sock_flags, families, inet_protocols,
	ss_flags, syslog_actions, timer_flags, timerfd_flags, wait_ids, wait_options, wait4_options,
	umount_flags, mount_flags, epoll_events, epoll_ops, epoll_flags, inotify_flags, inotify_events,
	sync_range_flags, module_flags, delete_flags, pidfd_flags, rseq_flags;

const char *name_of(const struct names *names, ulong value); /* NULL: there is none */
const char *syscall_name(int nr);                            /* NULL: there is none */
const char *signal_name(int sig);                            /* "SIGTERM"; "SIGRT_3" */

/* --- one call ---------------------------------------------------------------------------------- */

struct arg;

/* A system call of a task, as far as it is known. */
struct view {
	const ulong *args;
	long ret;
	int done;                         /* it has returned */
	const struct strace_record *in;   /* what the entry brought */
	const struct strace_record *out;  /* and the return; NULL before */
};

/* Memory of argument @i; NULL: it could not be read. @len: how many bytes there are. */
const void *memory(const struct view *view, int i, int index, size_t *len);
/* What it is at the return, when the entry brought it, too. */
const void *memory_after(const struct view *view, int i, size_t *len);
/* As memory(), when there are at least @size bytes; otherwise the pointer is printed, and NULL returned. */
const void *memory_or_pointer(const struct view *view, int i, size_t size);

typedef void show_fn(const struct view *view, const struct arg *arg, int i);

struct arg {
	show_fn *show;             /* NULL: no argument */
	const struct names *names;
	unsigned char kind, count; /* struct strace_capture */
	unsigned char later;       /* it is known, and printed, at the return */
	unsigned int size;
	unsigned char again;       /* what it points to is also needed at the return */
};

/* How the value of a call is printed. */
enum value { NUMBER, ADDRESS, OCTAL, FLAGS_OF_FD, POLLED, SELECTED, IO_PRIORITY };

struct call {
	const char *name;
	unsigned char value;
	int (*arity)(const struct view *view); /* NULL: all of args[] */
	struct arg args[6];
};

extern const struct call calls[];
const struct call *call_named(const char *name);

extern unsigned int string_size; /* -s */

/* --- show.c, structs.c, statx.c, signals.c, special.c: print one argument ------------------------------- */

show_fn show_int, show_uint, show_long, show_ulong, show_hex, show_octal, show_pointer, show_dirfd, show_id,
	show_string, show_path, show_data, show_returned, show_strings, show_envp, show_iovec,
	show_flags, show_name, show_int_at, show_ints, show_pipe, show_uint64_at;
show_fn show_open_flags, show_mode, show_dev, show_mmap_flags, show_wait_status, show_dirents, show_mincore;
show_fn show_stat, show_remaining, show_timespec, show_timespecs, show_timeval, show_timevals, show_itimerval,
	show_itimerspec, show_rlimit, show_rusage, show_uname, show_pollfds, show_fdset, show_tms,
	show_sysinfo, show_epoll_event, show_epoll_events, show_utimbuf,
	show_timezone, show_sched_param, show_cpuset, show_statfs;
show_fn show_statx_flags, show_statx, show_open_how, show_ioprio;
show_fn show_signal, show_sigset, show_sigaction, show_siginfo, show_stack, show_sigreturn,
	show_sigevent, show_caps, show_cap_header;
show_fn show_socket_type, show_protocol, show_fcntl_arg, show_futex_op, show_futex_timeout,
	show_ioctl_cmd, show_ioctl_arg, show_clone, show_clone3, show_prctl_arg, show_syslog_action,
	show_securebits;
int arity_open(const struct view *view), arity_openat(const struct view *view),
	arity_fcntl(const struct view *view), arity_futex(const struct view *view),
	arity_mremap(const struct view *view), arity_prctl(const struct view *view),
	arity_clone(const struct view *view), arity_mknod(const struct view *view),
	arity_mknodat(const struct view *view);

void put_flags(const struct names *names, ulong value);
void put_name(const struct names *names, ulong value);
void put_ioprio(ulong priority);
void put_open_flags(unsigned int flags);
void put_sigset(ulong set);
void put_siginfo(const void *info);
void put_timespec(const long *ts);
void put_mode(unsigned int mode);
int is_error(long ret);

/* --- values.c ---------------------------------------------------------------------------------- */

void put_value(const struct view *view, const struct call *call); /* @call: NULL, when it has no row */

/* --- events.c ---------------------------------------------------------------------------------- */

struct options {
	int follow, counts;
	int to_file;           /* -o */
	unsigned char *wanted; /* by number: -e trace= */
};
extern struct options options;

void event(const struct strace_record *record);
void events_idle(void); /* the next record is not there yet: show what is begun */
void summary(void); /* -c */

#endif
