/*
 * init.c - process 1 of the Linux that tools/vm/debian.py boots: runs one program.
 *
 * /test runs as on ringwalk: in "/", its stdout a pipe, nothing on stdin, its arguments the lines of
 * /argv. What it prints goes to the second serial line as it is, followed by "# exit N" (128 + N for
 * a signal); then the machine is switched off. The console, with the kernel's log and our complaints, is the first line.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static void fail(const char *what)
{
	perror(what);
	reboot(RB_POWER_OFF);
	exit(1);
}

static void mount_on(const char *type, const char *path)
{
	mkdir(path, 0755);
	if (mount(type, path, type, 0, NULL))
		fail(path);
}

/* The second serial line, 8-bit clean. */
static int open_result(void)
{
	struct termios raw;
	int fd = open("/dev/ttyS1", O_WRONLY | O_NOCTTY);

	if (fd < 0 || tcgetattr(fd, &raw))
		fail("/dev/ttyS1");
	cfmakeraw(&raw);
	cfsetspeed(&raw, B115200);
	if (tcsetattr(fd, TCSANOW, &raw))
		fail("/dev/ttyS1");
	return fd;
}

/* { "/test", the lines of /argv ..., NULL } */
static char **arguments(void)
{
	static char text[65536], *argv[1024] = { "/test" };
	int fd = open("/argv", O_RDONLY), n = 1;
	char *end;

	if (fd < 0 || read(fd, text, sizeof(text) - 1) < 0)
		fail("/argv");
	close(fd);
	for (char *s = text; (end = strchr(s, '\n')) && n < 1023; s = end + 1) {
		*end = '\0';
		argv[n++] = s;
	}
	return argv;
}

static pid_t start(int out)
{
	char **argv = arguments(), *envp[] = { "PATH=/bin", NULL };
	pid_t pid = fork();

	if (pid)
		return pid;
	dup2(open("/dev/null", O_RDONLY), STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	for (int fd = 3; fd < 64; fd++)
		close(fd);
	execve(argv[0], argv, envp);
	perror(argv[0]);
	_exit(127);
}

int main(void)
{
	char buf[4096];
	int ends[2], status = 0, result;
	ssize_t n;
	pid_t pid;

	mount_on("proc", "/proc");
	mount_on("devtmpfs", "/dev");
	mount_on("devpts", "/dev/pts");
	result = open_result();
	if (pipe(ends))
		fail("pipe");
	pid = start(ends[1]);
	close(ends[1]);
	while ((n = read(ends[0], buf, sizeof(buf))) > 0)
		if (write(result, buf, (size_t)n) != n)
			fail("write");
	waitpid(pid, &status, 0);
	dprintf(result, "# exit %d\n",
		WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
	tcdrain(result);
	close(result);
	reboot(RB_POWER_OFF);
	return 1;
}
