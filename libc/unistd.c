/*
 * unistd.c - the C functions that are a little more than the system call they make.
 *
 * They use the generated stubs. POSIX describes all of them; only the differences are noted here.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

int errno;

/* made by tools/syscalltbl.py: the bare calls behind brk() and reboot() */
void *__brk(void *end);
int __reboot(unsigned int magic1, unsigned int magic2, unsigned int cmd, void *arg);

/* brk() - move the end of the data segment to @end. The bare call returns where the end now is. */
int brk(void *end)
{
	if (__brk(end) == end)
		return 0;
	errno = ENOMEM;
	return -1;
}

/* sbrk() - grow the data segment by @increment bytes. Returns its old end or (void *)-1, ENOMEM. */
void *sbrk(intptr_t increment)
{
	char *old = __brk(NULL);

	if (increment && brk(old + increment))
		return (void *)-1;
	return old;
}

int execv(const char *path, char *const argv[])
{
	return execve(path, argv, environ);
}

pid_t wait(int *status)
{
	return wait4(-1, status, 0, NULL);
}

pid_t waitpid(pid_t pid, int *status, int options)
{
	return wait4(pid, status, options, NULL);
}

int isatty(int fd)
{
	struct termios termios;

	return ioctl(fd, TCGETS, &termios) == 0;
}

/* reboot() - @cmd: RB_AUTOBOOT, RB_POWER_OFF ... Needs CAP_SYS_BOOT. Returns only on error. */
int reboot(int cmd)
{
	return __reboot(LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, (unsigned int)cmd, NULL);
}
