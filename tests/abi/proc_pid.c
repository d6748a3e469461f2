/*
 * proc_pid.c - what /proc says of other tasks: children, zombies, threads, those that are gone; and who may look.
 */
#include "proc.h"

#include <sys/prctl.h>

static char path[128];

static const char *of(long pid, const char *name)
{
	snprintf(path, sizeof(path), "/proc/%ld/%s", pid, name);
	return path;
}

static int ends[2];

/* A child that runs @prepare, then waits until it is killed. */
static long sleeper(void (*prepare)(void))
{
	char c;
	long pid;

	CHECK(sys(pipe2, ends, 0) == 0);
	pid = sys(fork);
	if (pid == 0) {
		if (prepare)
			prepare();
		sys(write, ends[1], "x", 1);
		for (;;)
			sys(pause);
	}
	CHECK(sys(read, ends[0], &c, 1) == 1);
	sys(close, ends[0]);
	sys(close, ends[1]);
	sleep_ms(20);
	return pid;
}

static void end(long pid)
{
	sys(kill, pid, SIGKILL);
	CHECK(sys(wait4, pid, 0, 0, 0) == pid);
}

static void prepare_child(void)
{
	sys(prctl, PR_SET_NAME, "sleeping child");
	sys(chdir, "/proc");
	sys(dup2, 1, 50);
}

static void child(void)
{
	long pid = sleeper(prepare_child), fd, dir;
	char name[32];

	line("[a child]");
	snprintf(name, sizeof(name), "%ld", pid);
	line("listed: %d", is_listed("/proc", name));
	line("comm %ld: %s", read_proc(of(pid, "comm")), proc_text);
	line("status: %s", ok(read_proc(of(pid, "status"))));
	line("state %s, threads %s", strdup(field("State")), field("Threads"));
	CHECK(number("PPid") == getpid() && number("Tgid") == pid);
	line("cwd %s", link_text(of(pid, "cwd")));
	line("descriptor 50 listed: %d", is_listed(of(pid, "fd"), "50"));
	line("wchan: %s", ok(read_proc(of(pid, "wchan"))));
	line("  waits: %d", strcmp(proc_text, "0") != 0);
	line("maps: %s", read_proc(of(pid, "maps")) > 0 ? "some" : "none");
	line("task: %d", is_listed(of(pid, "task"), name));
	fd = sys(open, of(pid, "comm"), O_RDWR);
	show(write, fd, "other", 5);
	sys(close, fd);
	fd = sys(open, of(pid, "oom_score_adj"), O_RDWR);
	show(write, fd, "77", 2);
	sys(close, fd);
	line("oom_score_adj %ld: %s", read_proc(of(pid, "oom_score_adj")), proc_text);
	sys(kill, pid, SIGSTOP);
	sleep_ms(20);
	read_proc(of(pid, "status"));
	line("stopped: %s", field("State"));
	sys(kill, pid, SIGCONT);
	fd = sys(open, of(pid, "stat"), O_RDONLY);
	dir = sys(open, of(pid, ""), O_RDONLY | O_DIRECTORY);
	end(pid);
	line("[it is gone]");
	show(read, fd, name, 8);
	show(openat, dir, "stat", O_RDONLY);
	show(getdents64, dir, proc_text, 4096);
	line("comm: %s", text(read_proc(of(pid, "comm"))));
	show(openat, dir, ".", O_RDONLY);
	sys(close, fd);
	sys(close, dir);
}

static void zombie(void)
{
	long pid = sleeper(NULL), fd = sys(open, of(pid, "maps"), O_RDONLY);
	static const char *const links[] = { "exe", "cwd", "root" };
	static const char *const files[] = { "cmdline", "environ", "maps", "statm", "limits", "wchan", "oom_score",
					     "comm", "stat", "status" };

	line("[a zombie]");
	sys(kill, pid, SIGKILL);
	sleep_ms(20);
	for (size_t i = 0; i < ARRAY_SIZE(links); i++)
		line("%s: %s", links[i], link_text(of(pid, links[i])));
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		long n = read_proc(of(pid, files[i]));

		line("%s: %s", files[i], n > 0 ? "text" : text(n));
		if (!strcmp(files[i], "statm"))
			line("  %s", proc_text);
	}
	line("state %s, VmSize %s, FDSize %s, Umask %s", strdup(field("State")), field("VmSize") ?: "none",
	     strdup(field("FDSize")), field("Umask") ?: "none");
	line("0 in fd: %d", is_listed(of(pid, "fd"), "0"));
	line("maps that was open: %s", text(sys(read, fd, path, 10)));
	sys(close, fd);
	CHECK(sys(wait4, pid, 0, 0, 0) == pid);
	line("reaped: %s", text(sys(access, of(pid, ""), 0)));
}

static void no_dump(void)
{
	sys(prctl, PR_SET_DUMPABLE, 0);
}

static void look(const char *who, long pid)
{
	static const char *const files[] = { "environ", "maps", "stat", "status", "cmdline", "limits", "wchan", "comm" };
	struct stat st;

	line("%s", who);
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		long n = read_proc(of(pid, files[i]));

		line("  %s: %s", files[i], n > 0 ? "text" : text(n));
		CHECK(sys(stat, path, &st) == 0);
		line("  owner %s", st.st_uid == 0 ? "root" : st.st_uid == NOBODY ? "nobody" : "?");
	}
	line("  exe: %s", ok(sys(readlink, of(pid, "exe"), proc_text, 100)));
	line("  cwd: %s", ok(sys(open, of(pid, "cwd"), O_RDONLY)));
	line("  fd: %s", ok(sys(open, of(pid, "fd"), O_RDONLY)));
	line("  fd/0: %s", ok(sys(readlink, of(pid, "fd/0"), proc_text, 100)));
	line("  fdinfo: %s", ok(sys(open, of(pid, "fdinfo"), O_RDONLY)));
	line("  fdinfo/0: %s", ok(sys(open, of(pid, "fdinfo/0"), O_RDONLY)));
	line("  task: %s", ok(sys(open, of(pid, "task"), O_RDONLY)));
	line("  comm: %s", ok(sys(open, of(pid, "comm"), O_WRONLY)));
	line("  oom_score_adj: %s", ok(sys(open, of(pid, "oom_score_adj"), O_WRONLY)));
	read_proc(of(pid, "stat"));
	line("  start of code hidden: %d", strstr(proc_text, " 1 1 0 0 0 ") != NULL);
}

static int nobody_looks(void *pids)
{
	long fd = sys(open, "/proc/self/oom_score_adj", O_RDWR);

	become_nobody();
	sys(prctl, PR_SET_DUMPABLE, 1);
	look("nobody at root's", ((long *)pids)[0]);
	look("nobody at nobody's", ((long *)pids)[1]);
	look("nobody at nobody's that is not dumpable", ((long *)pids)[2]);
	show(write, fd, "100", 3);
	show(write, fd, "-1", 2);
	show(write, fd, "0", 1);
	return failures;
}

static void dumpable_nobody(void)
{
	become_nobody();
	sys(prctl, PR_SET_DUMPABLE, 1);
}

static void hidden_nobody(void)
{
	become_nobody();
	no_dump();
}

static void rights(void)
{
	long pids[3] = { sleeper(NULL), sleeper(dumpable_nobody), sleeper(hidden_nobody) };

	line("[rights]");
	try("nobody", nobody_looks, pids);
	look("root at nobody's that is not dumpable", pids[2]);
	for (int i = 0; i < 3; i++)
		end(pids[i]);
}

static void wrong_names(void)
{
	static const char *const wrong[] = { "0", "00", "01", "4194304", "4294967297", "99999999999", "-1", "1x" };

	line("[names that are none]");
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		snprintf(path, sizeof(path), "/proc/%s", wrong[i]);
		line("%s: %s", wrong[i], text(sys(access, path, 0)));
		snprintf(path, sizeof(path), "/proc/self/task/%s", wrong[i]);
		line("task/%s: %s", wrong[i], text(sys(access, path, 0)));
	}
	line("task/1: %s", text(sys(access, "/proc/self/task/1", 0)));
	line("1: %s", text(sys(access, "/proc/1", 0)));
	show(chmod, "/proc/self/comm", 0600);
	show(chmod, "/proc/self", 0700);
}

/* With an environment, which the runner may not have given. */
int main(int argc, char **argv)
{
	static char *env[] = { "PATH=/bin", NULL };

	(void)argc;
	if (!*environ)
		execve("/proc/self/exe", argv, env);
	close_inherited();
	child();
	zombie();
	rights();
	wrong_names();
	return verdict();
}
