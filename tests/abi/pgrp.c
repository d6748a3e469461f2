/*
 * pgrp.c - process groups and sessions, by the state of who calls and of whom it is about. Run as root.
 *
 * Numbers are told as names: "me", "parent", "child", "old" for the group or session inherited.
 */
#include "abi.h"

#include <sys/auxv.h>

static long me, parent, child, old_group, old_session;

static const char *who(long pid)
{
	if (is_error(pid))
		return text(pid);
	return pid == me ? "me" : pid == parent ? "parent" : pid == child ? "child" :
	       pid == old_group ? "old group" : pid == old_session ? "old session" : "another";
}

/* A row: a call whose result is a number of a process. */
#define names(name, ...)	line(#name "(" #__VA_ARGS__ "): %s", who(sys(name, ##__VA_ARGS__)))

static void state(const char *of, long pid)
{
	line("  %s: group %s, session %s", of, who(sys(getpgid, pid)), who(sys(getsid, pid)));
}

/* --- a child that waits until it is told to go on ------------------------------------------- */

static volatile int *go, *there;

static int waits(void *unused)
{
	(void)unused;
	*there = 1;
	while (!*go)
		sleep_ms(1);
	return 0;
}

static long start(int (*fn)(void *))
{
	long pid;

	*go = *there = 0;
	pid = sys(fork);
	if (pid == 0)
		sys(exit_group, fn(NULL));
	CHECK(pid > 0);
	while (!*there)
		sleep_ms(1);
	return pid;
}

static void finish(long pid)
{
	*go = 1;
	CHECK(sys(wait4, pid, 0, 0, 0) == pid);
}

static int begins_session(void *unused)
{
	CHECK(sys(setsid) > 0);
	return waits(unused);
}

/* --- rows ----------------------------------------------------------------------------------- */

static void bad_arguments(void)
{
	line("[bad arguments]");
	show(setpgid, -1, 0);
	show(setpgid, 0, -1);
	show(setpgid, 0, -2147483648);
	show(setpgid, 999999, 0);
	show(setpgid, 999999, -1);
	show(setpgid, 1, 0);
	show(setpgid, 1, 1);
	show(getpgid, -1);
	show(getpgid, 999999);
	show(getsid, -1);
	show(getsid, 999999);
}

static int in_new_group(void *unused)
{
	(void)unused;
	parent = me;
	me = sys(getpid);
	line("[a child in a group of its own]");
	state("inherited", 0);
	show(setpgid, 0, 999999);
	show(setpgid, 0, 0);
	state("own group", 0);
	names(getpgrp);
	show(setpgid, 0, 0);
	show(setpgid, me, me);
	line("setsid(): %s", text(sys(setsid)));
	line("setpgid(0, old group): %s", text(sys(setpgid, 0, old_group)));
	state("back", 0);
	line("setsid(): %s", who(sys(setsid)));
	state("own session", 0);
	line("setsid() again: %s", text(sys(setsid)));
	show(setpgid, 0, 0);
	line("setpgid(0, old group): %s", text(sys(setpgid, 0, old_group)));
	line("setpgid(0, parent): %s", text(sys(setpgid, 0, parent)));
	line("setpgid(parent, 0): %s", text(sys(setpgid, parent, 0)));
	return failures;
}

static void of_a_child(void)
{
	long second;

	line("[a child's group]");
	child = start(waits);
	state("child", child);
	line("setpgid(child, 0): %s", text(sys(setpgid, child, 0)));
	state("child", child);
	line("setpgid(child, child): %s", text(sys(setpgid, child, child)));
	line("setpgid(child, old group): %s", text(sys(setpgid, child, old_group)));
	state("child", child);
	line("setpgid(child, me): %s", text(sys(setpgid, child, me)));
	line("setpgid(child, 999999): %s", text(sys(setpgid, child, 999999)));
	line("setpgid(child, -1): %s", text(sys(setpgid, child, -1)));
	finish(child);
	line("setpgid(reaped child, 0): %s", text(sys(setpgid, child, 0)));
	line("getpgid(reaped child): %s", text(sys(getpgid, child)));
	line("getsid(reaped child): %s", text(sys(getsid, child)));
	child = start(begins_session);
	line("[a child that leads a session]");
	state("child", child);
	line("setpgid(child, 0): %s", text(sys(setpgid, child, 0)));
	line("setpgid(child, old group): %s", text(sys(setpgid, child, old_group)));
	second = start(waits);
	line("setpgid(second child, child): %s", text(sys(setpgid, second, child)));
	line("setpgid(second child, second child): %s", text(sys(setpgid, second, second)));
	finish(second);
	CHECK(sys(wait4, child, 0, 0, 0) == child);
}

static int group_with_leader_gone(void *unused)
{
	long first, second;

	(void)unused;
	line("[a group whose leader has ended]");
	first = start(waits);
	CHECK(sys(setpgid, first, first) == 0);
	finish(first);
	line("setpgid(0, first): %s", text(sys(setpgid, 0, first)));
	first = start(waits);
	CHECK(sys(setpgid, first, first) == 0);
	*go = 1;
	second = sys(fork);
	if (second == 0) {
		CHECK(sys(setpgid, 0, first) == 0);
		*there = 2;
		while (*there != 3)
			sleep_ms(1);
		child = first;
		state("second", 0);
		line("setsid() of second: %s", ok(sys(setsid)));
		sys(exit_group, failures);
	}
	while (*there != 2)
		sleep_ms(1);
	CHECK(sys(wait4, first, 0, 0, 0) == first);
	*there = 3;
	CHECK(sys(wait4, second, 0, 0, 0) == second);
	return failures;
}

/* A zombie has a group and a session until it is reaped. */
static void of_a_zombie(void)
{
	line("[a zombie]");
	child = start(begins_session);
	*go = 1;
	sleep_ms(50);
	state("child", child);
	line("setpgid(child, 0): %s", text(sys(setpgid, child, 0)));
	CHECK(sys(wait4, child, 0, 0, 0) == child);
	state("reaped child", child);
}

/* wait4() by group. */
static void wait_by_group(void)
{
	long first;

	line("[wait4 by group]");
	first = start(waits);
	CHECK(sys(setpgid, first, first) == 0);
	line("wait4(0, WNOHANG): %s", text(sys(wait4, 0, 0, WNOHANG, 0)));
	line("wait4(-first, WNOHANG): %s", text(sys(wait4, -first, 0, WNOHANG, 0)));
	line("wait4(-me, WNOHANG): %s", text(sys(wait4, -me, 0, WNOHANG, 0)));
	*go = 1;
	line("wait4(-first): %s", ok(sys(wait4, -first, 0, 0, 0)));
	line("wait4(-first) again: %s", text(sys(wait4, -first, 0, 0, 0)));
}

static const char *self; /* this program's path */

static int begins_program(void *unused)
{
	char *argv[] = { "pgrp", "wait", NULL }, *envp[] = { NULL };

	(void)unused;
	*there = 1;
	return sys(execve, self, argv, envp);
}

static void of_a_new_program(void)
{
	line("[a child that has called execve]");
	child = start(begins_program);
	sleep_ms(50);
	line("setpgid(child, 0): %s", text(sys(setpgid, child, 0)));
	line("setpgid(child, old group): %s", text(sys(setpgid, child, old_group)));
	line("setpgid(child, 999999): %s", text(sys(setpgid, child, 999999)));
	state("child", child);
	CHECK(sys(wait4, child, 0, 0, 0) == child);
}

int main(int argc, char **argv __attribute__((unused)))
{
	int status = -1;

	self = (const char *)getauxval(AT_EXECFN);
	if (argc > 1) {
		sleep_ms(300);
		return 0;
	}
	go = (int *)new_pages(1, MAP_SHARED);
	there = go + 1;
	me = sys(getpid);
	/* A session of our own, with a group that is not its leader's: the same start everywhere. */
	if (sys(fork) == 0) {
		CHECK(sys(setsid) == sys(getpid));
		old_group = old_session = sys(getpid);
		me = sys(getpid);
		bad_arguments();
		try("in a new group", in_new_group, NULL);
		of_a_child();
		of_a_new_program();
		try("leader gone", group_with_leader_gone, NULL);
		of_a_zombie();
		wait_by_group();
		sys(exit_group, verdict());
	}
	CHECK(sys(wait4, -1, &status, 0, 0) > 0);
	CHECK(status == 0);
	return verdict();
}
