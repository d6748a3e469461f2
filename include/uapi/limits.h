/*
 * limits.h - limits of the Linux ABI.
 *
 * The limits of C's types are the compiler's own <limits.h>.
 */
#ifndef UAPI_LIMITS_H
#define UAPI_LIMITS_H

#define NR_OPEN		1024	/* default soft RLIMIT_NOFILE */
#define NGROUPS_MAX	65536	/* supplementary groups of one process */
#define ARG_MAX		131072	/* bytes: what argv + envp can always hold */
#define NAME_MAX	255	/* bytes of one path component, without NUL */
#define PATH_MAX	4096	/* bytes of a path, NUL included */
#define PIPE_BUF	4096	/* bytes that go into a pipe in one piece */

#endif
