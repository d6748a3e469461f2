/*
 * proc_self.c - what /proc says of the task that reads it: self and thread-self, cmdline, comm, environ, exe, cwd,
 * root, stat, status, statm, limits, oom_score_adj; against what the calls say.
 */
#include "proc.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <pthread.h>

extern char **environ;

static void links(void)
{
	char path[64], cwd[4096];

	line("[links]");
	snprintf(path, sizeof(path), "%d", getpid());
	CHECK(!strcmp(link_text("/proc/self"), path));
	snprintf(path, sizeof(path), "%d/task/%ld", getpid(), sys(gettid));
	CHECK(!strcmp(link_text("/proc/thread-self"), path));
	CHECK(sys(getcwd, cwd, sizeof(cwd)) > 0);
	CHECK(!strcmp(link_text("/proc/self/cwd"), cwd));
	line("root: %s", link_text("/proc/self/root"));
	CHECK(sys(readlink, "/proc/self/exe", cwd, 1) == 1 && cwd[0] == '/');
	show(readlink, "/proc/self/exe", cwd, 0);
	show(readlink, "/proc/self/exe", 1, 10);
	show(readlink, "/proc/self/status", cwd, 10);
	show(readlink, "/proc/self/nothing", cwd, 10);
	show_ok(open, "/proc/self/exe", O_RDONLY);
	show(close, 3);
	show(open, "/proc/self/exe", O_RDONLY | O_NOFOLLOW);
	show(open, "/proc/self/exe", O_WRONLY);
	show(open, "/proc/self/cwd", O_WRONLY);
	show(open, "/proc/self", O_WRONLY);
	show(unlink, "/proc/self/exe");
	show(mkdir, "/proc/self/new", 0700);
	show(open, "/proc/self/new", O_RDWR | O_CREAT, 0600);
	show(mkdir, "/proc/new", 0700);
	show(rmdir, "/proc/self");
	show(rmdir, "/proc/self/fd");
	show(symlink, "a", "/proc/self/fd/100");
	show(rename, "/proc/self/comm", "/proc/self/comma");
}

static void names_of(const char *path, const char *const *names)
{
	struct stat st;
	char full[128];

	for (int i = 0; names[i]; i++) {
		snprintf(full, sizeof(full), "%s/%s", path, names[i]);
		if (sys(lstat, full, &st)) {
			line("%s: missing", full);
			continue;
		}
		line("%s: mode %o, links %s, size %ld, listed %d", full, st.st_mode,
		     S_ISDIR(st.st_mode) ? "of a directory" : st.st_nlink == 1 ? "1" : "?", (long)st.st_size,
		     is_listed(path, names[i]));
		CHECK(st.st_uid == geteuid() && st.st_gid == getegid());
		CHECK(st.st_blocks == 0);
	}
}

static void names(void)
{
	static const char *const group[] = { "task", "fd", "fdinfo", "environ", "status", "limits", "comm", "cmdline",
					     "stat", "statm", "maps", "cwd", "root", "exe", "wchan", "oom_score",
					     "oom_score_adj", NULL };

	line("[names]");
	names_of("/proc/self", group);
	names_of("/proc/thread-self", group + 1);
	line("thread-self/task: %s", text(sys(access, "/proc/thread-self/task", 0)));
	line("self in /proc: %d, thread-self: %d", is_listed("/proc", "self"), is_listed("/proc", "thread-self"));
}

static void strings(void)
{
	long n = read_proc("/proc/self/cmdline"), sum = 0;
	struct stat st;

	line("[strings]");
	CHECK(n > 0 && proc_text[n - 1] == 0);
	line("cmdline has %ld strings", (long)(memchr(proc_text, 0, n) == proc_text + n - 1 ? 1 : 2));
	n = read_proc("/proc/self/environ");
	for (char **e = environ; *e; e++)
		sum += strlen(*e) + 1;
	CHECK(n == sum);
	CHECK(!n || !strcmp(proc_text, environ[0]));
	CHECK(sys(stat, "/proc/self/environ", &st) == 0);
	long fd = sys(open, "/proc/self/cmdline", O_RDONLY);
	char a[4], b[4];

	CHECK(sys(pread64, fd, a, 2, 1) == 2 && sys(lseek, fd, 1, SEEK_SET) == 1 && sys(read, fd, b, 2) == 2);
	CHECK(!memcmp(a, b, 2));
	show(lseek, fd, 0, SEEK_END);
	show(lseek, fd, 1000000, SEEK_SET);
	show(read, fd, a, 1);
	show(lseek, fd, -1, SEEK_SET);
	show(read, fd, a, 0);
	show(write, fd, a, 1);
	CHECK(sys(lseek, fd, 0, SEEK_SET) == 0);
	show(read, fd, 1, 1);
	sys(close, fd);
}

static void comm(void)
{
	long fd = sys(open, "/proc/self/comm", O_RDWR);
	char name[20] = "";

	line("[comm]");
	line("read %ld: %s", read_proc("/proc/self/comm"), proc_text);
	show(write, fd, "short", 5);
	line("read %ld: %s", read_proc("/proc/self/comm"), proc_text);
	show(write, fd, "much longer than fifteen", 24);
	line("read %ld: %s", read_proc("/proc/self/comm"), proc_text);
	show(prctl, PR_GET_NAME, name);
	line("name %s", name);
	show(write, fd, "a\nb\\c", 5);
	line("read %ld: %s", read_proc("/proc/self/comm"), proc_text);
	read_proc("/proc/self/status");
	line("status: %s", field("Name"));
	read_proc("/proc/self/stat");
	line("stat: %.*s", (int)(strrchr(proc_text, ')') - strchr(proc_text, '(') + 1), strchr(proc_text, '('));
	show(write, fd, "", 0);
	line("read %ld: %s", read_proc("/proc/self/comm"), proc_text);
	show(write, fd, 1, 1);
	show(prctl, PR_SET_NAME, "by prctl");
	line("read %ld: %s", read_proc("/proc/self/comm"), proc_text);
	sys(close, fd);
}

static long column(int n)
{
	char *at;

	read_proc("/proc/self/stat");
	at = strrchr(proc_text, ')') + 2;
	for (int i = 3; i < n; i++)
		at = strchr(at, ' ') + 1;
	return n == 3 ? *at : strtol(at, NULL, 10);
}

static void stat_columns(void)
{
	int columns = 3;

	line("[stat]");
	read_proc("/proc/self/stat");
	for (char *at = strrchr(proc_text, ')') + 2; *at; at++)
		columns += *at == ' ';
	line("%d columns, state %c", columns, (int)column(3));
	CHECK(atoi(proc_text) == getpid());
	CHECK(column(4) == getppid());
	CHECK(column(5) == getpgrp());
	CHECK(column(6) == sys(getsid, 0));
	line("priority %ld nice %ld threads %ld", column(18), column(19), column(20));
	CHECK(sys(setpriority, PRIO_PROCESS, 0, 5) == 0);
	line("priority %ld nice %ld", column(18), column(19));
	CHECK(column(22) > 0 && column(23) > 0 && column(24) > 0);
	CHECK(column(26) > 0 && column(27) > column(26) && column(28) > 0);
	CHECK(column(45) < column(46) && column(47) >= column(46));
	CHECK(column(48) < column(49) && column(50) <= column(51));
	line("signals %ld %ld %ld %ld, exit signal %ld, exit code %ld", column(31), column(32), column(33), column(34),
	     column(38), column(52));
	line("zeros %ld %ld %ld %ld %ld", column(21), column(36), column(37), column(40), column(41));

	struct rusage ru;

	CHECK(sys(getrusage, RUSAGE_SELF, &ru) == 0);
	CHECK(column(10) >= ru.ru_minflt);
	struct sysinfo si;

	CHECK(sys(sysinfo, &si) == 0);
	CHECK(column(22) / 100 <= si.uptime);
	read_proc("/proc/self/statm");
	line("statm: %s", no_numbers(proc_text, 0));
	read_proc("/proc/self/statm");
	CHECK(strtol(proc_text, NULL, 10) * 4096 == column(23));
}

static void status(void)
{
	static const char *const fields[] = {
		"Umask", "State", "Ngid", "TracerPid", "Uid", "Gid", "VmLck", "VmPin", "VmSwap", "CoreDumping",
		"Threads", "SigPnd", "ShdPnd", "SigBlk", "SigIgn", "SigCgt", "CapInh", "CapAmb", "NoNewPrivs",
		"Cpus_allowed", "Cpus_allowed_list", "Mems_allowed_list", };
	long tid = sys(gettid);
	sigset_t set;

	line("[status]");
	sys(umask, 027);
	signal(SIGUSR1, SIG_IGN);
	signal(SIGUSR2, (void (*)(int))status);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sys(rt_sigprocmask, SIG_BLOCK, &set, NULL, 8);
	sys(kill, getpid(), SIGTERM);
	CHECK(sys(tkill, tid, SIGHUP) == 0);
	read_proc("/proc/self/status");
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		line("%s:%s", fields[i], field(fields[i]) ?: "missing");
	CHECK(number("Tgid") == getpid() && number("Pid") == sys(gettid) && number("PPid") == getppid());
	CHECK(number("NStgid") == getpid() && number("NSpid") == sys(gettid) && number("NSpgid") == getpgrp());
	CHECK(number("NSsid") == sys(getsid, 0));
	CHECK(number("FDSize") >= 64 && number("VmPeak") >= number("VmSize") && number("VmSize") > 0);
	CHECK(number("VmHWM") >= number("VmRSS") && number("VmRSS") > 0);
	CHECK(number("VmData") > 0 && number("VmStk") > 0 && number("VmExe") > 0 && number("VmPTE") > 0);
	line("VmSize ends with %s", strchr(one_blank(field("VmSize")), 'k'));
	line("SigQ ends with a slash: %d", strchr(field("SigQ"), '/') != NULL);
	CHECK(number("voluntary_ctxt_switches") >= 0 && number("nonvoluntary_ctxt_switches") >= 0);

	long before = number("VmSize"), data = number("VmData");
	char *pages = new_pages(100, MAP_PRIVATE);

	read_proc("/proc/self/status");
	line("100 pages: VmSize +%ld, VmData +%ld", number("VmSize") - before, number("VmData") - data);
	before = number("VmRSS");
	memset(pages, 1, 100 * PAGE);
	read_proc("/proc/self/status");
	CHECK(number("VmRSS") - before >= 100);
	CHECK(sys(mlock, pages, 2 * PAGE) == 0);
	read_proc("/proc/self/status");
	line("locked: %ld", number("VmLck"));
	CHECK(sys(munmap, pages, 100 * PAGE) == 0);
	signal(SIGUSR2, SIG_DFL);
	signal(SIGUSR1, SIG_DFL);
}

static void limits(void)
{
	struct rlimit limit = { 123, 456 };

	line("[limits]");
	CHECK(sys(setrlimit, RLIMIT_CORE, &limit) == 0);
	limit = (struct rlimit){ RLIM_INFINITY, RLIM_INFINITY };
	CHECK(sys(setrlimit, RLIMIT_FSIZE, &limit) == 0);
	read_proc("/proc/self/limits");
	for (char *l = strtok(proc_text, "\n"); l; l = strtok(NULL, "\n")) {
		if (strstr(l, "core") || strstr(l, "file size") || strstr(l, "Limit"))
			line("%s|", l);
		else
			line("%.26s", l);
	}
}

static void oom(void)
{
	long fd = sys(open, "/proc/self/oom_score_adj", O_RDWR);
	char c[8];

	line("[oom_score_adj]");
	line("read %ld: %s", read_proc("/proc/self/oom_score_adj"), proc_text);
	show(write, fd, "300", 3);
	line("read %ld: %s", read_proc("/proc/self/oom_score_adj"), proc_text);
	show(write, fd, " 300 \n", 6);
	show(write, fd, "1001", 4);
	show(write, fd, "-1001", 5);
	show(write, fd, "x", 1);
	show(write, fd, "", 0);
	show(write, fd, 1, 1);
	show(write, fd, "-1000", 5);
	line("read %ld: %s", read_proc("/proc/self/oom_score_adj"), proc_text);
	line("score %ld: %s", read_proc("/proc/self/oom_score"), proc_text);
	show(write, fd, "0x10", 4);
	line("read %ld: %s", read_proc("/proc/self/oom_score_adj"), proc_text);
	show(lseek, fd, 1, SEEK_SET);
	show(read, fd, c, 8);
	show(open, "/proc/self/oom_score", O_WRONLY);
	sys(close, fd);
}

int main(void)
{
	close_inherited();
	sys(prctl, PR_SET_NAME, "test"); /* whatever the file is called */
	links();
	names();
	strings();
	comm();
	stat_columns();
	status();
	limits();
	oom();
	return verdict();
}
