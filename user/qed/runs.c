/*
 * runs.c - what is observed: socket_test, started with different descriptors open; qed's own call
 * through the gate; and calls that must be refused, to see where.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "qed.h"

struct proof proof;
const char *program = "/bin/socket_test";
const char *own_name = "qed";

/* There may be no pipe(2): the program's output goes into a file. */
static const char *const capture_paths[] = { "/tmp/qed.out", "/qed.out" };

static int open_capture(void)
{
	int fd = open(capture_paths[0], O_RDWR | O_CREAT | O_TRUNC, 0600);

	return fd >= 0 ? fd : open(capture_paths[1], O_RDWR | O_CREAT | O_TRUNC, 0600);
}

/*
 * In the child: stdin and stderr stay, stdout is @out, and above 2 exactly the descriptors whose
 * bit is set in @taken are open. Then become the program.
 */
static void become_program(int out, unsigned long taken)
{
	char *argv[] = { (char *)program, NULL }, *envp[] = { NULL };
	int null;

	dup2(out, STDOUT_FILENO);
	for (int fd = 3; fd < 64; fd++)
		close(fd);
	null = open("/dev/null", O_RDONLY);
	for (int fd = 3; fd < 64; fd++)
		if (taken >> fd & 1 && fd != null)
			dup2(null, fd);
	if (!(taken >> null & 1))
		close(null);
	execve(program, argv, envp);
	_exit(127);
}

/* Run the program with the descriptors of @taken open, and keep what it printed. */
static void run_program(struct run *run, unsigned long taken)
{
	int out = open_capture(), status = 0;
	ssize_t n;

	taken |= 7;
	for (run->want = 0; taken >> run->want & 1;)
		run->want++;
	run->span.from = log_length();
	run->span.pid = fork();
	if (run->span.pid == 0)
		become_program(out, taken);
	if (run->span.pid < 0 || waitpid((pid_t)run->span.pid, &status, 0) < 0)
		perror("qed: fork");
	run->status = status;
	lseek(out, 0, SEEK_SET);
	n = read(out, run->out, sizeof(run->out) - 1);
	run->out[n > 0 ? n : 0] = '\0';
	close(out);
	log_read();
	run->span.to = log_length();
}

static void begin_span(struct span *span)
{
	log_read();
	span->pid = getpid();
	span->from = log_length();
}

static void end_span(struct span *span)
{
	log_read();
	span->to = log_length();
}

static void make_control(long family, long type, long protocol)
{
	struct control *c = &proof.controls[proof.nr_controls++];
	long fd;

	*c = (struct control){ .family = family, .type = type, .protocol = protocol };
	begin_span(&c->span);
	fd = syscall(__NR_socket, family, type, protocol);
	c->error = fd < 0 ? errno : 0;
	if (fd >= 0)
		close((int)fd);
	end_span(&c->span);
}

const struct control *control(long family, long type, long protocol)
{
	for (int i = 0; i < proof.nr_controls; i++) {
		const struct control *c = &proof.controls[i];

		if (c->family == family && c->type == type && c->protocol == protocol)
			return c;
	}
	return NULL;
}

/*
 * qed itself is watched: it can read its own registers, and make calls no sane program makes.
 * Each limit is tried from both sides: NPROTO is 46, SOCK_MAX is 11.
 */
static void watch_ourselves(void)
{
	char parameters[80];

	snprintf(parameters, sizeof(parameters), "comm=%.15s", own_name);
	begin_span(&proof.gate_span);
	load_all(parameters);
	cross_gate(&proof.gate, __NR_socket, 2, 1, 0);
	if ((long)proof.gate.ax >= 0)
		close((int)proof.gate.ax);
	end_span(&proof.gate_span);
	unload_all();

	load_all(parameters);
	make_control(46, 1, 0);
	make_control(45, 1, 0);
	make_control(-1, 1, 0);
	make_control(46, 11, 0);
	make_control(2, 11, 0);
	make_control(2, 9, 0);
	unload_all();

	snprintf(parameters, sizeof(parameters), "comm=%.15s poison=1", own_name);
	load("sock_alloc_probe", parameters);
	make_control(2, 1, 0);
	unload("sock_alloc_probe");
}

static void next_run(unsigned long taken)
{
	run_program(&proof.runs[proof.nr_runs++], taken);
}

void run_everything(void)
{
	watch_ourselves();

	load_all("");
	next_run(0);
	next_run(1ul << 3 | 1ul << 4);
	next_run(0x1f8); /* 3 to 8 */
	next_run(1ul << 3 | 1ul << 5); /* a gap */
	unload_all();

	/* The probes on sock_alloc() in the other order: now the return probe's is hit first. */
	load("caller_probe", "");
	load("sock_alloc_probe", "");
	run_program(&proof.swapped, 0);
	unload("sock_alloc_probe");
	unload("caller_probe");
}
