/*
 * init.c - process 1: runs a program, reports how it ended, gives a person a shell, switches the machine off.
 *
 * On /dev/console /bin/qed proves what happens in /bin/socket_test, which is then run itself. After that
 * comes busybox's shell, if busybox is there and somebody to type at it. What the host knows it tells by
 * QEMU's fw_cfg; a machine without it (a real one) has a person in front of it:
 *
 *	opt/ringwalk/terminal	"ROWS COLUMNS TERM", the terminal that the console is; or "none"
 *	opt/ringwalk/proof	"no": only the shell
 *
 * But tools/exec may have put another program into the initramfs, which is run instead of all this:
 *
 *	/exec/path	where the program is: under its own name, which is what the kernel calls the task
 *	/exec/argv	its arguments, each ended by NUL
 *	/exec/environ	its environment, likewise
 *	/exec/tty	(empty) run it on /dev/console; without it, on /dev/hostin, hostout, hosterr
 *	/exec/merged	(empty) descriptor 2 is a duplicate of descriptor 1, as after 2>&1
 *
 * Where there is a /dev/hostfiles, /bin/changed then writes the files to it that are newer than
 * /exec/began, which is made before the program runs.
 *
 * Its exit status, as a shell would report it (128 + n for signal n, 126 and 127 when it cannot be
 * executed), goes as one byte to /dev/hoststatus, where that exists.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <unistd.h>

#define CANNOT_EXECUTE	126
#define NOT_FOUND	127

struct job {
	const char *path;
	char **argv;
	char **envp;
	const char *fd[3];	/* what descriptors 0, 1 and 2 are opened on; [2] NULL: same as 1 */
};

static char *proof_argv[] = { "/bin/qed", NULL };
static char *default_argv[] = { "/bin/socket_test", NULL };
static char *default_envp[] = { "PATH=/bin", "HOME=/", NULL };

#define BUSYBOX "/bin/busybox"
static char *links_argv[] = { BUSYBOX, "--install", "-s", "/bin", NULL };
/* -l: it reads /etc/profile. */
static char *shell_argv[] = { BUSYBOX, "sh", "-l", NULL };

/* Print "init: WHAT: why" on the console and return @status. */
static int complain(const char *what, int status)
{
	fprintf(stderr, "init: %s: %s\n", what, strerror(errno));
	return status;
}

/* The whole of file @path, ended by a NUL of ours; NULL with errno set. @len: bytes in the file. */
static char *read_file(const char *path, size_t *len)
{
	size_t size = 0;
	char *buf = NULL;
	ssize_t n;
	int fd = open(path, O_RDONLY);

	if (fd < 0)
		return NULL;
	do {
		char *bigger = realloc(buf, size + 4096 + 1);

		if (!bigger)
			break;
		buf = bigger;
		n = read(fd, buf + size, 4096);
		if (n < 0)
			break;
		size += (size_t)n;
		buf[size] = '\0';
		*len = size;
		if (n == 0) {
			close(fd);
			return buf;
		}
	} while (1);
	free(buf);
	close(fd);
	return NULL;
}

/* The NUL-terminated strings in file @path as a vector ended by NULL; NULL with errno set. */
static char **read_strings(const char *path)
{
	size_t len, n = 0, i = 0;
	char *text = read_file(path, &len);
	char **strings;

	if (!text)
		return NULL;
	for (char *s = text; s < text + len; s += strlen(s) + 1)
		n++;
	strings = malloc((n + 1) * sizeof(*strings));
	if (!strings)
		return NULL;
	for (char *s = text; s < text + len; s += strlen(s) + 1)
		strings[i++] = s;
	strings[n] = NULL;
	return strings;
}

static int exists(const char *path)
{
	int fd = open(path, O_RDONLY);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* On the terminal that the console is, by the name under which there is job control. */
static struct job terminal_job(char **argv)
{
	return (struct job){
		.path = argv[0], .argv = argv, .envp = default_envp,
		.fd = { "/dev/ttyS0", "/dev/ttyS0", "/dev/ttyS0" },
	};
}

static struct job console_job(char **argv)
{
	return (struct job){
		.path = argv[0], .argv = argv, .envp = default_envp,
		.fd = { "/dev/console", "/dev/console", "/dev/console" },
	};
}

/* Fill @job with the program of /exec. Returns 0, or -1 when that is unusable. */
static int choose_job(struct job *job)
{
	char **path;

	*job = console_job(default_argv);
	path = read_strings("/exec/path");
	if (!path || !*path)
		return complain("/exec/path", -1);
	job->path = *path;
	job->argv = read_strings("/exec/argv");
	if (!job->argv)
		return complain("/exec/argv", -1);
	if (exists("/exec/environ"))
		job->envp = read_strings("/exec/environ");
	if (!job->envp)
		return complain("/exec/environ", -1);
	if (!exists("/exec/tty")) {
		job->fd[0] = "/dev/hostin";
		job->fd[1] = "/dev/hostout";
		job->fd[2] = exists("/exec/merged") ? NULL : "/dev/hosterr";
	}
	return 0;
}

/* Make @path the open file behind descriptor @fd. Returns 0, or -1 with errno set. */
static int open_as(int fd, const char *path, int flags)
{
	int got = open(path, flags);

	if (got < 0)
		return -1;
	if (got == fd)
		return 0;
	if (dup2(got, fd) < 0)
		return -1;
	return close(got);
}

/* In the child: set up descriptors 0..2 and become the program. Returns the status of failing. */
static int execute(const struct job *job)
{
	int console = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
	int last = job->fd[STDERR_FILENO] ? STDERR_FILENO : STDOUT_FILENO;
	sigset_t none = 0;

	rt_sigprocmask(SIG_SETMASK, &none, NULL, sizeof(none));
	setsid(); /* so that ^C at the console is for this program, and not for init */
	for (int fd = 0; fd <= last; fd++) {
		int flags = strncmp(job->fd[fd], "/dev/host", strlen("/dev/host")) != 0 ? O_RDWR :
			    fd == STDIN_FILENO ? O_RDONLY : O_WRONLY;

		if (open_as(fd, job->fd[fd], flags) < 0) {
			int saved = errno;

			dup2(console, STDERR_FILENO);
			errno = saved;
			return complain(job->fd[fd], CANNOT_EXECUTE);
		}
	}
	if (last == STDOUT_FILENO)
		dup2(STDOUT_FILENO, STDERR_FILENO);
	ioctl(STDIN_FILENO, TIOCSCTTY, 0); /* fails, and need not succeed, for a channel to the host */
	execve(job->path, job->argv, job->envp);
	return complain(job->argv[0] ? job->argv[0] : job->path,
			errno == ENOENT ? NOT_FOUND : CANNOT_EXECUTE);
}

/* A status of wait() as a shell says it. */
static int exit_status(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* Start @job. Returns its pid, or -1. */
static pid_t start(const struct job *job)
{
	pid_t pid = fork();

	if (pid < 0)
		complain("fork", -1);
	if (pid == 0)
		_exit(execute(job));
	return pid;
}

/* Run @job until it has ended; others that end meanwhile are orphans, which became ours. */
static int run(const struct job *job)
{
	pid_t pid = start(job), ended;
	int status;

	if (pid < 0)
		return CANNOT_EXECUTE;
	do
		ended = wait(&status);
	while (ended != pid && (ended >= 0 || errno == EINTR));
	if (ended < 0)
		return complain("wait", CANNOT_EXECUTE);
	return exit_status(status);
}

/* Send the host what the program has changed, if it wants that. */
static void bring_back(void)
{
	static char *argv[] = { "/bin/changed", "/exec/began", NULL };
	struct job job = console_job(argv);

	if (!exists("/dev/hostfiles"))
		return;
	job.fd[STDOUT_FILENO] = "/dev/hostfiles";
	if (exists("/dev/hosterr"))
		job.fd[STDERR_FILENO] = "/dev/hosterr";
	run(&job);
}

/* The program of /exec. */
static int run_given(void)
{
	struct job job;
	int status;

	if (choose_job(&job) < 0)
		return CANNOT_EXECUTE;
	close(open("/exec/began", O_WRONLY | O_CREAT, 0600));
	status = run(&job);
	bring_back();
	return status;
}

/* The given program; or the proof, then what it is about. Returns the first bad status. */
static int run_jobs(void)
{
	struct job job;
	int proof, test;

	if (exists("/exec/argv"))
		return run_given();
	job = console_job(proof_argv);
	proof = run(&job);
	job = console_job(default_argv);
	test = run(&job);
	return proof ? proof : test;
}

/* What the host says at opt/ringwalk/@name; NULL: nothing. */
static char *told(const char *name)
{
	char path[100];
	size_t len;

	snprintf(path, sizeof(path), "/sys/firmware/qemu_fw_cfg/by_name/opt/ringwalk/%s/raw", name);
	return read_file(path, &len);
}

static int is_told(const char *name, const char *value)
{
	char *text = told(name);
	int same = text && strcmp(text, value) == 0;

	free(text);
	return same;
}

/* "TERM=" and the third word of opt/ringwalk/terminal; a vt100, which most are, when that is not there. */
static char *term(void)
{
	char *text = told("terminal"), *word = text ? strchr(text, ' ') : NULL;
	static char variable[80];

	word = word ? strchr(word + 1, ' ') : NULL;
	snprintf(variable, sizeof(variable), "TERM=%s", word && word[1] ? word + 1 : "vt100");
	free(text);
	return variable;
}

/* By these busybox's halt, poweroff and reboot ask process 1 for what they are named after. */
static const int ends[] = { SIGUSR1, SIGUSR2, SIGTERM };

/*
 * Until the shell is left. All orphans are waited for, and the signals of `poweroff` and its like are
 * taken: process 1 blocks them, so that none comes between two system calls and is not seen.
 */
static void shell(void)
{
	char *envp[] = { "PATH=/bin", "HOME=/root", term(), NULL };
	struct job links = console_job(links_argv), job = terminal_job(shell_argv);
	sigset_t awaited = 1ul << (SIGCHLD - 1);
	int sig, status;
	pid_t pid, ended;

	run(&links);
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		awaited |= 1ul << (ends[i] - 1);
	rt_sigprocmask(SIG_BLOCK, &awaited, NULL, sizeof(awaited));
	job.envp = envp;
	pid = start(&job);
	do {
		while ((ended = waitpid(-1, &status, WNOHANG)) > 0 && ended != pid)
			;
		if (ended == pid || pid < 0)
			break;
		sig = rt_sigtimedwait(&awaited, NULL, NULL, sizeof(awaited));
	} while (sig == SIGCHLD || (sig < 0 && errno == EINTR));
}

/* Tell the host. Without the channel (a machine started by hand) the console has said it all. */
static void report(int status)
{
	unsigned char byte = (unsigned char)status;
	int fd = open("/dev/hoststatus", O_WRONLY);

	if (fd < 0)
		return;
	if (write(fd, &byte, 1) != 1)
		complain("/dev/hoststatus", 0);
	close(fd);
}

int main(void)
{
	for (int fd = 0; fd < 3; fd++)
		open_as(fd, "/dev/console", O_RDWR);
	report(is_told("proof", "no") ? 0 : run_jobs());
	if (exists(BUSYBOX) && !exists("/exec/argv") && !is_told("terminal", "none"))
		shell();
	reboot(RB_POWER_OFF);
	return complain("reboot", 1);
}
