/*
 * priority.c - nice values, and what one may ask the scheduler for; sysinfo, host and domain names, and the
 * number of processes. Run as root.
 */
#include "abi.h"

#include <sched.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>

#define BAD ((void *)8)

static long me;

static void priorities(void)
{
	line("[priority]");
	show(getpriority, PRIO_PROCESS, 0);
	show(getpriority, PRIO_PROCESS, 999999);
	show(getpriority, PRIO_PROCESS, -1);
	show(getpriority, 3, 0);
	show(getpriority, -1, 0);
	show(getpriority, PRIO_PGRP, 999999);
	show(getpriority, PRIO_USER, 54321);
	show(setpriority, 3, 0, 0);
	show(setpriority, PRIO_PROCESS, 999999, 5);
	show(setpriority, PRIO_PGRP, 999999, 5);
	show(setpriority, PRIO_USER, 54321, 5);
	show(setpriority, PRIO_PROCESS, 0, 5);
	show(getpriority, PRIO_PROCESS, 0);
	line("getpriority(PRIO_PROCESS, me): %s", text(sys(getpriority, PRIO_PROCESS, me)));
	show(setpriority, PRIO_PROCESS, 0, 100);
	show(getpriority, PRIO_PROCESS, 0);
	show(setpriority, PRIO_PROCESS, 0, -100);
	show(getpriority, PRIO_PROCESS, 0);
	show(setpriority, PRIO_PROCESS, 0, 3);
	show(setpriority, PRIO_PGRP, 0, 7);
	show(getpriority, PRIO_PROCESS, 0);
	show(getpriority, PRIO_PGRP, 0);
}

static int as_nobody(void *unused)
{
	struct rlimit fifteen = { 15, 15 };

	(void)unused;
	line("[priority as nobody]");
	CHECK(sys(setpriority, PRIO_PROCESS, 0, 0) == 0);
	become_nobody();
	show(getpriority, PRIO_PROCESS, 0);
	show(getpriority, PRIO_PROCESS, 1);
	show(setpriority, PRIO_PROCESS, 0, 4);
	show(setpriority, PRIO_PROCESS, 0, 3);
	show(setpriority, PRIO_PROCESS, 0, 4);
	show(setpriority, PRIO_PROCESS, 0, -5);
	show(setpriority, PRIO_PROCESS, 1, 0);
	show(setpriority, PRIO_PROCESS, 1, 19);
	show(setpriority, PRIO_USER, 0, 6);
	show(getpriority, PRIO_USER, 0);
	show(getpriority, PRIO_USER, NOBODY);
	show(setrlimit, RLIMIT_NICE, &fifteen);
	show(setpriority, PRIO_PROCESS, 0, 5);
	return failures;
}

static int with_nice_limit(void *unused)
{
	struct rlimit fifteen = { 15, 15 };

	(void)unused;
	line("[priority as nobody with RLIMIT_NICE 15]");
	CHECK(sys(setrlimit, RLIMIT_NICE, &fifteen) == 0);
	CHECK(sys(setpriority, PRIO_PROCESS, 0, 10) == 0);
	become_nobody();
	show(setpriority, PRIO_PROCESS, 0, 4);
	show(setpriority, PRIO_PROCESS, 0, 5);
	show(getpriority, PRIO_PROCESS, 0);
	return failures;
}

static int inherited(void *unused)
{
	(void)unused;
	show(getpriority, PRIO_PROCESS, 0);
	return failures;
}

static void scheduler(void)
{
	unsigned long mask[4] = { 0 };
	struct sched_param param = { .sched_priority = 77 };
	struct timespec slice = { 5, 5 };

	line("[scheduler]");
	show(sched_yield);
	show(sched_getscheduler, 0);
	show(sched_getscheduler, 1);
	show(sched_getscheduler, -1);
	show(sched_getscheduler, 999999);
	show(sched_getparam, 0, &param);
	line("  priority %d", param.sched_priority);
	show(sched_getparam, 0, 0);
	show(sched_getparam, 0, BAD);
	show(sched_getparam, -1, &param);
	show(sched_getparam, 999999, &param);
	show(sched_getparam, 999999, BAD);
	for (int policy = -1; policy <= 8; policy++)
		line("policy %d: priorities from %s to %s", policy,
		     policy == 7 ? "?" : is_error(sys(sched_get_priority_min, policy)) ? "EINVAL" :
		     sys(sched_get_priority_min, policy) ? "1" : "0",
		     text(sys(sched_get_priority_max, policy)));
	show(sched_rr_get_interval, 0, &slice);
	line("  less than a second: %d", slice.tv_sec == 0);
	show(sched_rr_get_interval, -1, &slice);
	show(sched_rr_get_interval, 999999, &slice);
	show(sched_rr_get_interval, 0, BAD);

	line("[affinity]");
	show(sched_getaffinity, 0, 8, mask);
	line("  CPUs %#lx", mask[0]);
	show(sched_getaffinity, 0, 32, mask);
	show(sched_getaffinity, 0, 0, mask);
	show(sched_getaffinity, 0, 4, mask);
	show(sched_getaffinity, 0, 12, mask);
	show(sched_getaffinity, 999999, 8, mask);
	show(sched_getaffinity, 999999, 4, mask);
	show(sched_getaffinity, -1, 8, mask);
	show(sched_getaffinity, 0, 8, BAD);
	mask[0] = 1;
	show(sched_setaffinity, 0, 8, mask);
	show(sched_setaffinity, 0, 1, mask);
	show(sched_setaffinity, 0, 0, mask);
	mask[0] = ~0ul;
	show(sched_setaffinity, 0, 32, mask);
	mask[0] = 2;
	show(sched_setaffinity, 0, 8, mask);
	mask[0] = 0;
	show(sched_setaffinity, 0, 8, mask);
	show(sched_setaffinity, 999999, 8, mask);
	show(sched_setaffinity, -1, 8, mask);
	show(sched_setaffinity, 999999, 8, BAD);
	show(sched_setaffinity, 0, 8, BAD);
}

static int affinity_as_nobody(void *unused)
{
	unsigned long mask = 1;

	(void)unused;
	become_nobody();
	show(sched_setaffinity, 0, 8, &mask);
	show(sched_setaffinity, 1, 8, &mask);
	show(sched_getaffinity, 1, 8, &mask);
	show(sched_getscheduler, 1);
	return failures;
}

static void the_system(void)
{
	static struct sysinfo info;
	unsigned int cpu = 9, node = 9;

	line("[system]");
	show(sysinfo, &info);
	line("  uptime %d, unit %u, free below total %d, processes %d, swap %lu, high %lu", info.uptime > 0,
	     info.mem_unit, info.freeram < info.totalram, info.procs > 0, info.totalswap, info.totalhigh);
	show(sysinfo, BAD);
	show(sysinfo, 0);
	show(getcpu, &cpu, &node, 0);
	line("  CPU %u, node %u", cpu, node);
	show(getcpu, 0, 0, 0);
	show(getcpu, BAD, 0, 0);
	show(getcpu, 0, BAD, 0);
	show(getcpu, &cpu, 0, BAD);
}

static void show_names(void)
{
	struct utsname uts;

	CHECK(sys(uname, &uts) == 0);
	line("  node \"%s\", domain \"%s\"", uts.nodename, uts.domainname);
}

static int names_as_nobody(void *unused)
{
	(void)unused;
	become_nobody();
	show(sethostname, "nobody", 6);
	show(setdomainname, "nobody", 6);
	show(sethostname, BAD, -1);
	return failures;
}

static void names(void)
{
	static const char longest[] = "0123456789012345678901234567890123456789012345678901234567890123456789";

	line("[names]");
	show(sethostname, "first", 5);
	show_names();
	show(sethostname, "second name", 6);
	show(setdomainname, "dom\0ain", 7);
	show_names();
	show(sethostname, longest, 64);
	show_names();
	show(sethostname, longest, 65);
	show(sethostname, longest, -1);
	show(sethostname, BAD, 65);
	show(sethostname, BAD, 3);
	show(sethostname, BAD, 0);
	show(setdomainname, "", 0);
	show_names();
	try("names as nobody", names_as_nobody, NULL);
}

/* RLIMIT_NPROC counts all processes of the user, those that wait to be reaped too. */
static int process_limit(void *unused)
{
	struct rlimit three = { 3, 3 };
	long pids[4];

	(void)unused;
	line("[number of processes]");
	CHECK(sys(setrlimit, RLIMIT_NPROC, &three) == 0);
	for (int i = 0; i < 2; i++) {
		pids[0] = sys(fork);
		if (pids[0] == 0)
			sys(exit_group, 0);
		CHECK(pids[0] > 0 && sys(wait4, pids[0], 0, 0, 0) == pids[0]);
	}
	CHECK(sys(setgroups, 0, 0) == 0 && sys(setresuid, 4711, 4711, 4711) == 0);
	for (int i = 0; i < 4; i++) {
		pids[i] = sys(fork);
		if (pids[i] == 0)
			sys(exit_group, 0);
		line("fork: %s", ok(pids[i]));
	}
	sleep_ms(10);
	line("fork when two have ended: %s", ok(sys(fork)));
	for (int i = 0; i < 4; i++)
		if (pids[i] > 0)
			CHECK(sys(wait4, pids[i], 0, 0, 0) == pids[i]);
	pids[0] = sys(fork);
	if (pids[0] == 0)
		sys(exit_group, 0);
	line("fork when they are reaped: %s", ok(pids[0]));
	return failures;
}

/* Root may have more than the limit; a user who gets too many by setuid() cannot execve(). */
static int exec_over_limit(void *unused)
{
	struct rlimit none = { 1, 1 };
	char *argv[] = { "x", NULL };
	int status = -1;
	long pid;

	(void)unused;
	line("[setuid() to a user with too many processes]");
	CHECK(sys(setresuid, 4712, -1, -1) == 0); /* one process of the user */
	pid = sys(fork);
	if (pid == 0) {
		CHECK(sys(setrlimit, RLIMIT_NPROC, &none) == 0);
		CHECK(sys(setresuid, 0, 0, 0) == 0);
		show(setresuid, 4712, 4712, 4712);
		show(execve, "/no-such-file", argv, argv);
		line("fork: %s", text(sys(fork)));
		show(execve, "/no-such-file", argv, argv);
		sys(exit_group, failures);
	}
	CHECK(sys(wait4, pid, &status, 0, 0) == pid && status == 0);
	return failures;
}

int main(void)
{
	me = sys(getpid);
	CHECK(sys(setpgid, 0, 0) == 0 || sys(getpgid, 0) == me);
	priorities();
	try("inherited", inherited, NULL);
	try("as nobody", as_nobody, NULL);
	try("with a limit", with_nice_limit, NULL);
	scheduler();
	try("affinity as nobody", affinity_as_nobody, NULL);
	the_system();
	names();
	try("number of processes", process_limit, NULL);
	try("too many processes", exec_over_limit, NULL);
	return verdict();
}
