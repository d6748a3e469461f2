/*
 * abi.h - what the programs of tests/abi share: raw system calls, result lines, children.
 *
 * Each program here is an ordinary static Linux program. It prints one line per observation, free
 * of addresses, pids and times, so that its output on Linux (expected/NAME.out) and on ringwalk can
 * be compared byte for byte; it exits 0 only when what must hold anywhere does hold (CHECK).
 *
 * System calls are made here and not by libc: libc's wrappers retry, cache and emulate.
 */
#ifndef ABI_H
#define ABI_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#define PAGE	4096UL
#define NOBODY	65534

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* sys(close, fd): the kernel's own result, -errno on failure. Up to six arguments. */
#define sys(name, ...)	sys_args(SYS_##name, ##__VA_ARGS__, 0, 0, 0, 0, 0, 0)
#define sys_args(nr, a, b, c, d, e, f, ...)	\
	raw_syscall(nr, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))

/*
 * show(close, fd): make the call and print "close(fd): 0", the arguments as they are written.
 * show_ok: of the result only success is told. show_octal: it is best read so.
 */
#define show(name, ...) \
	show_as(text, #name "(" #__VA_ARGS__ ")", SYS_##name, ##__VA_ARGS__)
#define show_ok(name, ...) \
	show_as(ok, #name "(" #__VA_ARGS__ ")", SYS_##name, ##__VA_ARGS__)
#define show_octal(name, ...) \
	show_as(octal, #name "(" #__VA_ARGS__ ")", SYS_##name, ##__VA_ARGS__)
#define show_as(how, call, ...)	line("%s: %s", call, how(sys_args(__VA_ARGS__, 0, 0, 0, 0, 0, 0)))

static inline long raw_syscall(long nr, long a, long b, long c, long d, long e, long f)
{
	register long r10 asm("r10") = d;
	register long r8 asm("r8") = e;
	register long r9 asm("r9") = f;
	long ret;

	asm volatile("syscall" : "=a" (ret) : "a" (nr), "D" (a), "S" (b), "d" (c), "r" (r10),
		     "r" (r8), "r" (r9) : "rcx", "r11", "memory");
	return ret;
}

static int failures;

/* Print one line with one write(2): no buffer of libc's is there to be forked. */
__attribute__((format(printf, 1, 2), unused))
static void line(const char *fmt, ...)
{
	char buf[1024];
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(buf, sizeof(buf) - 1, fmt, ap);
	va_end(ap);
	buf[len++] = '\n';
	for (char *p = buf; len > 0;) {
		long n = sys(write, 1, p, len);

		if (n <= 0)
			sys(exit_group, 99);
		p += n;
		len -= n;
	}
}

#define CHECK(cond)							\
	do {								\
		if (!(cond)) {						\
			line("FAILED at line %d: %s", __LINE__, #cond);	\
			failures++;					\
		}							\
	} while (0)

/* What main() returns. */
static inline int verdict(void)
{
	return failures ? 1 : 0;
}

#define ABI_ERRNOS(E)								\
	E(EPERM) E(ENOENT) E(ESRCH) E(EINTR) E(EIO) E(ENXIO) E(E2BIG) E(ENOEXEC)	\
	E(EBADF) E(ECHILD) E(EAGAIN) E(ENOMEM) E(EACCES) E(EFAULT) E(EBUSY)	\
	E(EEXIST) E(ENODEV) E(ENOTDIR) E(EISDIR) E(EINVAL) E(ENFILE) E(EMFILE)	\
	E(ENOTTY) E(ETXTBSY) E(EFBIG) E(ENOSPC) E(ESPIPE) E(EROFS) E(EPIPE)	\
	E(ERANGE) E(ENAMETOOLONG) E(ENOSYS) E(ELOOP) E(EOVERFLOW) E(ENOTSOCK)	\
	E(EDESTADDRREQ) E(EMSGSIZE) E(EPROTOTYPE) E(ENOPROTOOPT)		\
	E(EPROTONOSUPPORT) E(ESOCKTNOSUPPORT) E(EOPNOTSUPP) E(EAFNOSUPPORT)	\
	E(EDEADLK) E(ENOLCK) E(ECANCELED) E(EADDRINUSE) E(EADDRNOTAVAIL) E(ENETUNREACH) E(ENOBUFS) E(EISCONN) E(ENOTCONN)

static inline int is_error(long ret)
{
	return ret < 0 && ret > -4096;
}

/* A result as text: the number, or the name of the error. Lives until the next call. */
static inline const char *text(long ret)
{
	static char buf[24];

	switch (ret) {
#define E(name)	case -name: return #name;
	ABI_ERRNOS(E)
#undef E
	}
	snprintf(buf, sizeof(buf), is_error(ret) ? "errno %ld" : "%ld", is_error(ret) ? -ret : ret);
	return buf;
}

static inline const char *ok(long ret)
{
	return is_error(ret) ? text(ret) : "ok";
}

static inline const char *octal(long ret)
{
	static char buf[24];

	if (is_error(ret))
		return text(ret);
	snprintf(buf, sizeof(buf), "%#lo", (unsigned long)ret);
	return buf;
}

/* How a child ended, as wait4(2) tells it, without the core dump bit. Lives until the next call. */
static inline const char *ending(int status)
{
	static char buf[32];

	if (WIFEXITED(status))
		snprintf(buf, sizeof(buf), "exit %d", WEXITSTATUS(status));
	else
		snprintf(buf, sizeof(buf), "signal %d", WTERMSIG(status));
	return buf;
}

/* Run @fn(@arg) in a child; its result is the child's exit code. Returns the wait4(2) status. */
__attribute__((unused))
static int in_child(int (*fn)(void *), void *arg)
{
	int status = -1;
	long pid = sys(fork);

	if (pid == 0)
		sys(exit_group, fn(arg));
	CHECK(pid > 0);
	CHECK(sys(wait4, pid, &status, 0, 0) == pid);
	return status;
}

/* Print how a child that runs @fn(@arg) ends. */
__attribute__((unused))
static void try(const char *what, int (*fn)(void *), void *arg)
{
	line("%s: %s", what, ending(in_child(fn, arg)));
}

/* @pages fresh pages of memory, private or (@flags MAP_SHARED) shared with children. */
static inline char *new_pages(unsigned long pages, int flags)
{
	long p = sys(mmap, 0, pages * PAGE, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | flags, -1, 0);

	CHECK(p > 0 || p < -4095);
	return (char *)p;
}

/* Write all @len bytes at @data, however many write(2)s that takes. */
static inline void write_all(long fd, const void *data, size_t len)
{
	for (const char *p = data; len > 0;) {
		long n = sys(write, fd, p, len);

		CHECK(n > 0);
		if (n <= 0)
			break;
		p += n;
		len -= n;
	}
}

/* Close what our parent left open, so that new descriptors count from 3. Goes first in main(). */
__attribute__((unused))
static void close_inherited(void)
{
	for (int fd = 3; fd < 1024; fd++)
		sys(close, fd);
}

/* Give up every privilege, for good: no groups, gid and uid NOBODY. */
__attribute__((unused))
static void become_nobody(void)
{
	CHECK(sys(setgroups, 0, 0) == 0);
	CHECK(sys(setresgid, NOBODY, NOBODY, NOBODY) == 0);
	CHECK(sys(setresuid, NOBODY, NOBODY, NOBODY) == 0);
}

static inline void sleep_ms(long ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

	sys(nanosleep, &t, 0);
}

#endif
