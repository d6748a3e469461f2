/*
 * calls.c - what the arguments of each system call are. The numbers are in kernel/syscall_64.tbl; a row
 * whose name is not there yet does no harm.
 */
#include <string.h>

#include "strace.h"

/* Numbers. */
#define FD { .show = show_int }
#define INT { .show = show_int }
#define UINT { .show = show_uint }
#define LONG { .show = show_long }
#define SIZE { .show = show_ulong }
#define HEX { .show = show_hex }
#define OCT { .show = show_octal }
#define ID { .show = show_id }
#define PTR { .show = show_pointer }
#define AT { .show = show_dirfd }
#define SIG { .show = show_signal }
#define MODE { .show = show_mode }
#define DEV { .show = show_dev }
#define OFLAGS { .show = show_open_flags }
#define FLAGS(table) { .show = show_flags, .names = &table }
#define NAME(table) { .show = show_name, .names = &table }

/* Memory that is read at the entry, or at the return; N counts its elements, or returned ones. */
#define PATH { .show = show_path, .kind = STRACE_STRING, .size = STRACE_PATH_MAX }
#define PATH_OUT { .show = show_path, .kind = STRACE_STRING, .size = STRACE_PATH_MAX, .later = 1 }
#define STRING { .show = show_string, .kind = STRACE_STRING }
#define DATA(n) { .show = show_data, .kind = STRACE_COUNTED, .count = n, .size = 1 }
#define BUFFER { .show = show_returned, .kind = STRACE_RETURNED, .size = 1, .later = 1 }
#define IN(what, bytes) { .show = what, .kind = STRACE_FIXED, .size = bytes }
#define OUT(what, bytes) { .show = what, .kind = STRACE_FIXED, .size = bytes, .later = 1 }
#define INOUT(what, bytes) { .show = what, .kind = STRACE_FIXED, .size = bytes, .again = 1 }
#define ARRAY(what, n, bytes) { .show = what, .kind = STRACE_COUNTED, .count = n, .size = bytes }
#define RESULTS(what, bytes) { .show = what, .kind = STRACE_RETURNED, .size = bytes, .later = 1 }
#define IOVEC(n) { .show = show_iovec, .kind = STRACE_IOVEC, .count = n, .size = 1 }
#define IOVEC_OUT(n) { .show = show_iovec, .kind = STRACE_IOVEC, .count = n, .size = 1, .later = 1 }

#define TIME IN(show_timespec, 16)
#define TIME_OUT OUT(show_timespec, 16)
#define TIME_LEFT OUT(show_remaining, 16)
#define SET(n) IN(show_sigset, 8)
#define SETS_OF_FD { .show = show_fdset, .kind = STRACE_FIXED, .size = 128, .again = 1 }
#define PIDS_OUT OUT(show_int_at, 4)

#define CALL(call_name, ...) { .name = #call_name, .args = { __VA_ARGS__ } },
#define CALL_AS(call_name, value, arity, ...) { #call_name, value, arity, { __VA_ARGS__ } },

const struct call calls[] = {
#include "table.h"
	{ .name = NULL },
};

const struct call *call_named(const char *name)
{
	for (const struct call *call = calls; call->name; call++)
		if (strcmp(call->name, name) == 0)
			return call;
	return NULL;
}
