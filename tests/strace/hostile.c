/*
 * For host/strace.t: pointers to nothing, flags that do not exist, and numbers that are too large.
 */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CALL(name, ...) syscall(SYS_##name __VA_OPT__(,) __VA_ARGS__)

/* @len bytes that end where nothing is mapped any more. */
static char *at_the_end(const char *text, unsigned long len)
{
	char *page = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	munmap(page + 4096, 4096);
	for (unsigned long i = 0; i < len; i++)
		page[4096 - len + i] = text[i];
	return page + 4096 - len;
}

static void pointers(void)
{
	char *kernel = (char *)0xffffffff81000000ul, *hole = (char *)0x123456789000ul;
	char *text = at_the_end("/x", 3), *open_end = at_the_end("abcd", 4);

	CALL(open, 8, 0);
	CALL(open, kernel, -1, 0777);
	CALL(open, hole, 0);
	CALL(open, text, 0);
	CALL(open, open_end, 0);
	CALL(access, open_end, -1);
	CALL(write, 99, 8, 4);
	CALL(write, 99, kernel, -1ul);
	CALL(write, 99, open_end, 4);
	CALL(write, 99, open_end, 5);
	CALL(read, 99, kernel, -1ul);
	CALL(writev, 99, hole, 2);
	CALL(readv, 99, 8, 2);
	CALL(stat, text, 8);
	CALL(fstat, 99, kernel);
	CALL(poll, 8, 1, -1);
	CALL(nanosleep, 8, 8);
	CALL(nanosleep, kernel, 0);
	CALL(rt_sigaction, 70, 8, 8, 8);
	CALL(rt_sigprocmask, 0, hole, 8, 8);
	CALL(rt_sigtimedwait, hole, 8, hole, 8);
	CALL(sigaltstack, 8, 8);
	CALL(setitimer, 0, 8, 8);
	CALL(getitimer, 9, 8);
	CALL(setrlimit, 99, 8);
	CALL(prlimit64, 0, 99, 8, 8);
	CALL(getrusage, 9, 8);
	CALL(uname, 8);
	CALL(times, 8);
	CALL(sysinfo, 8);
}

static void flags(void)
{
	CALL(wait4, -1, 8, 1, 8);
	CALL(waitid, 7, 1, 8, -1, 8);
	CALL(execve, 8, 8, 8);
	CALL(futex, 8, 99, 1, 2, 3, 4);
	CALL(capget, 8, 8);
	CALL(setgroups, 2, 8);
	CALL(mincore, 8, 8, 8);
	CALL(mmap, 1, -1ul, -1, -1, -1, -1);
	CALL(mprotect, 1, 0, -1);
	CALL(madvise, 8, 8, 99);
	CALL(mlock2, 8, 8, -1);
	CALL(mremap, 8, 8, 8, -1, 8);
	CALL(getrandom, 8, 8, -1);
	CALL(eventfd2, 8, -1);
	CALL(timerfd_create, 99, -1);
	CALL(timer_create, 99, 8, 8);
	CALL(clock_gettime, 77, 8);
	CALL(lseek, 99, -1, 9);
	CALL(chmod, 8, 07777);
	CALL(mkdir, 8, -1);
	CALL(kill, 99999999, 70);
	CALL(prctl, 16, 8);
	CALL(prctl, 2, 8);
	CALL(ioctl, 99, 0xc0045678, 8);
	CALL(ioctl, 99, 0x5413, 8);
	CALL(fcntl, 99, 99, 8);
	CALL(fcntl, 99, 5, 8);
	CALL(getdents64, 99, 8, 9);
	CALL(readlink, 8, 8, 8);
	CALL(set_robust_list, 8, 24);
}

int main(void)
{
	pointers();
	flags();
	CALL(exit_group, 0x1ff);
}
