/*
 * For host/strace.t: calls whose arguments and values are of many kinds, in an order that is always the same.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CALL(name, ...) syscall(SYS_##name __VA_OPT__(,) __VA_ARGS__)

static char bytes[4096];

static void handler(int sig)
{
	(void)sig;
}

static void files(void)
{
	struct iovec vector[2] = { { "one", 3 }, { "two", 3 } };
	struct stat st;
	int fd, file;

	for (int i = 0; i < 100; i++)
		bytes[i] = "a\n\1\"x\\\200"[i % 7];
	fd = (int)CALL(open, "/dev/null", O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	CALL(write, fd, bytes, 100);
	CALL(write, fd, "ab\0012\0", 5);
	CALL(write, fd, bytes, 32);
	CALL(writev, fd, vector, 2);
	CALL(read, fd, bytes, 10);
	CALL(pread64, fd, bytes, 10, 5);
	CALL(open, "/nothere", O_RDONLY);
	CALL(openat, AT_FDCWD, "/nothere", O_WRONLY | O_NONBLOCK | O_APPEND | O_NOFOLLOW);
	CALL(fstat, fd, &st);
	CALL(stat, "/dev/null", &st);
	CALL(lseek, fd, 1, SEEK_CUR);
	CALL(access, "/", R_OK | X_OK);
	CALL(access, "/", F_OK);
	CALL(chdir, "/");
	CALL(getcwd, bytes, 100);
	CALL(getcwd, bytes, 1);
	CALL(umask, 022);
	CALL(umask, 077);
	CALL(fcntl, fd, F_GETFD);
	CALL(fcntl, fd, F_GETFL);
	CALL(fcntl, fd, F_DUPFD, 30);
	CALL(fcntl, fd, F_SETFD, 0);
	CALL(fcntl, fd, F_GETFD);
	CALL(fcntl, fd, F_SETFL, O_NONBLOCK);
	CALL(dup3, fd, 20, O_CLOEXEC);
	CALL(ioctl, fd, TCGETS, bytes);
	CALL(ioctl, fd, 0x1234, 5);
	CALL(ioctl, fd, _IOR('x', 1, long), 0);
	file = (int)CALL(open, "/tmp/strace-test", O_RDWR | O_CREAT | O_TRUNC, 0640);
	CALL(write, file, "Hello, world", 12);
	CALL(fstat, file, &st);
	CALL(lseek, file, 0, SEEK_SET);
	CALL(read, file, bytes, 4096);
	CALL(chmod, "/tmp/strace-test", 04755);
	CALL(stat, "/tmp/strace-test", &st);
	CALL(unlink, "/tmp/strace-test");
	CALL(mkdir, "/tmp", 0755);
	CALL(close, file);
	CALL(close, file);
}

static void waiting(int fd)
{
	struct pollfd p[2] = { { fd, POLLIN | POLLOUT, 0 }, { -1, POLLIN, 0 } };
	struct timespec ts = { 0, 1000 };
	struct timeval tv = { 0, 0 };
	fd_set in, out;

	CALL(poll, p, 2, 100);
	CALL(poll, p + 1, 1, 1);
	CALL(poll, 0, 0, 0);
	FD_ZERO(&in);
	FD_SET(fd, &in);
	out = in;
	CALL(select, fd + 1, &in, &out, 0, &tv);
	CALL(select, 0, 0, 0, 0, &tv);
	CALL(nanosleep, &ts, 0);
	CALL(clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, 0);
	CALL(clock_getres, CLOCK_TAI, 0);
}

static void signals(void)
{
	struct { void (*handler)(int); unsigned long flags; void *restorer; unsigned long mask; } action;
	unsigned long set = 1ul << (SIGUSR2 - 1) | 1ul << (SIGALRM - 1) | 1ul << 40;
	unsigned long most = ~(1ul << 8), pending;
	struct sigaction usual = { .sa_handler = handler, .sa_flags = SA_RESTART };
	stack_t stack = { .ss_sp = bytes, .ss_size = sizeof(bytes) };

	sigaction(SIGUSR1, &usual, 0);
	CALL(rt_sigprocmask, SIG_BLOCK, &set, 0, 8);
	CALL(kill, getpid(), SIGUSR1);
	CALL(rt_sigpending, &pending, 8);
	CALL(rt_sigprocmask, SIG_SETMASK, &most, &set, 8);
	CALL(rt_sigprocmask, 9, &most, &set, 8);
	CALL(rt_sigprocmask, SIG_SETMASK, &set, 0, 8);
	CALL(rt_sigaction, SIGTERM, 0, &action, 8);
	action.handler = SIG_IGN;
	action.flags = SA_NOCLDSTOP | SA_RESETHAND;
	action.mask = set;
	CALL(rt_sigaction, SIGTERM, &action, 0, 8);
	CALL(rt_sigaction, SIGKILL, &action, 0, 8);
	CALL(rt_sigaction, 99, 0, &action, 8);
	CALL(sigaltstack, &stack, 0);
	CALL(tgkill, getpid(), getpid(), 0);
	CALL(kill, getpid(), 99);
}

static void memory(void)
{
	char *page = (char *)CALL(mmap, 0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CALL(mprotect, page, 4096, PROT_READ);
	CALL(mprotect, page, 4096, PROT_NONE);
	CALL(madvise, page, 4096, MADV_DONTNEED);
	CALL(madvise, page, 4096, 99);
	CALL(munmap, page, 8192);
	CALL(mmap, 0, 0, PROT_EXEC, MAP_SHARED | MAP_FIXED, 3, 4096);
	CALL(mremap, page, 4096, 8192, MREMAP_MAYMOVE);
	CALL(msync, page, 4096, MS_SYNC | MS_INVALIDATE);
	CALL(mlockall, 8);
}

static void values(void)
{
	struct itimerval timer = { { 0, 0 }, { 5, 0 } };
	struct itimerspec moment = { { 1, 2 }, { 3, 4 } };
	struct rlimit limit = { 7 * 1024, RLIM_INFINITY };
	int fd;

	CALL(setitimer, ITIMER_REAL, &timer, 0);
	CALL(setitimer, 9, &timer, 0);
	CALL(alarm, 0);
	fd = (int)CALL(timerfd_create, CLOCK_MONOTONIC, TFD_NONBLOCK);
	CALL(timerfd_settime, fd, TFD_TIMER_ABSTIME, &moment, 0);
	CALL(setrlimit, RLIMIT_CPU, &limit);
	CALL(prlimit64, 0, RLIMIT_CPU, 0, &limit);
	CALL(getrlimit, 99, &limit);
	CALL(getpriority, PRIO_PROCESS, 0);
	CALL(getresuid, bytes, bytes + 4, bytes + 8);
	CALL(setresuid, -1, 0, -1);
	CALL(futex, bytes, 128, 123456789, 0);
	CALL(futex, bytes, 1, 1);
	CALL(prctl, 15, "name");
	CALL(prctl, 38, 1, 0, 0, 0);
	CALL(prctl, 99, 1, 2, 3, 4);
	CALL(arch_prctl, 0x1234, 8);
	CALL(socket, AF_INET, SOCK_STREAM, 0);
	CALL(socket, AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_UDP);
	CALL(socket, 99, 99, 99);
	CALL(socket, AF_INET, SOCK_RAW | SOCK_NONBLOCK, 9999);
	CALL(getrandom, bytes, 0, 3);
	CALL(memfd_create, "mem", 3);
	CALL(eventfd2, 8, 1);
	CALL(execve, "/nothere", (char *[]){ "a", "b\n", 0 }, (char *[]){ "X=1", 0 });
}

int main(void)
{
	files();
	waiting(20);
	signals();
	memory();
	values();
	CALL(exit_group, 7);
}
