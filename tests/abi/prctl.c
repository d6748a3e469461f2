/*
 * prctl.c - prctl() by option, personality, umask, and what fork() and a change of ids do to them. Run as
 * root.
 */
#include "abi.h"

#include <sys/prctl.h>
#include <sys/stat.h>

#define BAD ((void *)8)

static int value;

/* A row: an option that stores its answer at its second argument. */
#define stored(option)	show_stored(#option, option)

static void show_stored(const char *name, int option)
{
	long ret;

	value = -99;
	ret = sys(prctl, option, &value);
	line("%s: %s, %d", name, text(ret), value);
}

static void names(void)
{
	char name[32];
	static const char *const set[] = { "short", "exactly fifteen", "more than fifteen characters", "" };

	line("[name]");
	for (size_t i = 0; i < ARRAY_SIZE(set); i++) {
		memset(name, 'x', sizeof(name));
		line("PR_SET_NAME \"%s\": %s", set[i], text(sys(prctl, PR_SET_NAME, set[i])));
		line("PR_GET_NAME: %s", text(sys(prctl, PR_GET_NAME, name)));
		line("  \"%s\", byte 15 is %d, byte 16 is %c", name, name[15], name[16]);
	}
	show(prctl, PR_SET_NAME, BAD);
	show(prctl, PR_GET_NAME, BAD);
	show(prctl, PR_SET_NAME, 0);
	sys(prctl, PR_SET_NAME, "one", 7, 8, 9);
	show(prctl, PR_GET_NAME, name, 7, 8, 9);
	line("  \"%s\"", name);
}

static int child_state(void *unused)
{
	(void)unused;
	line("in a child:");
	stored(PR_GET_PDEATHSIG);
	show(prctl, PR_GET_DUMPABLE);
	stored(PR_GET_CHILD_SUBREAPER);
	show(prctl, PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0);
	show(prctl, PR_GET_KEEPCAPS);
	show(prctl, PR_GET_TIMERSLACK);
	show(prctl, PR_SET_TIMERSLACK, 0);
	show(prctl, PR_GET_TIMERSLACK);
	show_octal(umask, 022);
	line("personality: %#lx", sys(personality, 0xffffffff));
	return failures;
}

static void signals(void)
{
	line("[parent's death]");
	stored(PR_GET_PDEATHSIG);
	show(prctl, PR_SET_PDEATHSIG, SIGUSR1);
	stored(PR_GET_PDEATHSIG);
	show(prctl, PR_SET_PDEATHSIG, 64);
	stored(PR_GET_PDEATHSIG);
	show(prctl, PR_SET_PDEATHSIG, 65);
	show(prctl, PR_SET_PDEATHSIG, -1);
	show(prctl, PR_GET_PDEATHSIG, BAD);
	stored(PR_GET_PDEATHSIG);
}

static void flags(void)
{
	line("[flags]");
	show(prctl, PR_GET_DUMPABLE);
	show(prctl, PR_SET_DUMPABLE, 2);
	show(prctl, PR_SET_DUMPABLE, -1);
	show(prctl, PR_SET_DUMPABLE, 0);
	show(prctl, PR_GET_DUMPABLE);
	show(prctl, PR_SET_DUMPABLE, 1);
	show(prctl, PR_GET_DUMPABLE);
	stored(PR_GET_CHILD_SUBREAPER);
	show(prctl, PR_SET_CHILD_SUBREAPER, 2);
	stored(PR_GET_CHILD_SUBREAPER);
	show(prctl, PR_GET_CHILD_SUBREAPER, BAD);
	show(prctl, PR_GET_TIMING);
	show(prctl, PR_SET_TIMING, 0);
	show(prctl, PR_SET_TIMING, 1);
	show(prctl, PR_GET_TIMERSLACK);
	show(prctl, PR_SET_TIMERSLACK, 70000);
	show(prctl, PR_GET_TIMERSLACK);
	show(prctl, PR_SET_TIMERSLACK, 0);
	show(prctl, PR_GET_TIMERSLACK);
	show(prctl, PR_SET_TIMERSLACK, 70000);
	show(prctl, 9999);
	show(prctl, -1);
	show(prctl, 0);
}

static void no_new_privs(void)
{
	line("[no new privileges]");
	show(prctl, PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0);
	show(prctl, PR_GET_NO_NEW_PRIVS, 1, 0, 0, 0);
	show(prctl, PR_GET_NO_NEW_PRIVS, 0, 0, 0, 1);
	show(prctl, PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0);
	show(prctl, PR_SET_NO_NEW_PRIVS, 2, 0, 0, 0);
	show(prctl, PR_SET_NO_NEW_PRIVS, 1, 1, 0, 0);
	show(prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	show(prctl, PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0);
	show(prctl, PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0);
	show(prctl, PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0);
}

/* Another user must not see what this process was. */
static int change_of_ids(void *unused)
{
	(void)unused;
	line("[a change of ids]");
	CHECK(sys(prctl, PR_SET_PDEATHSIG, SIGUSR1) == 0);
	CHECK(sys(prctl, PR_SET_DUMPABLE, 1) == 0);
	show(setresuid, -1, -1, 1000);
	show(prctl, PR_GET_DUMPABLE);
	show(setresuid, 1000, -1, -1);
	show(prctl, PR_GET_DUMPABLE);
	stored(PR_GET_PDEATHSIG);
	show(setresgid, -1, 1000, -1);
	show(prctl, PR_GET_DUMPABLE);
	stored(PR_GET_PDEATHSIG);
	show(prctl, PR_SET_DUMPABLE, 1);
	show(setfsuid, 1000);
	show(prctl, PR_GET_DUMPABLE);
	show(prctl, PR_SET_DUMPABLE, 1);
	show(setresuid, -1, 1000, -1);
	show(prctl, PR_GET_DUMPABLE);
	show(prctl, PR_SET_DUMPABLE, 1);
	show(setresuid, -1, 1000, -1);
	show(prctl, PR_GET_DUMPABLE);
	return failures;
}

static void personalities(void)
{
	line("[personality]");
	show(personality, 0xffffffff);
	show(personality, 0x0040000);
	show(personality, 0xffffffff);
	show(personality, 0);
	show(personality, 0x0040000);
}

static void umasks(void)
{
	line("[umask]");
	show_octal(umask, 077);
	show_octal(umask, 0177777);
	show_octal(umask, -1);
	show_octal(umask, 027);
	show_octal(umask, 027);
}

/* --- who gets orphans, and who is told ------------------------------------------------------ */

static volatile long *shared;

static void grandchild(int signal)
{
	long end = 2000, parent = sys(getppid);

	if (signal)
		CHECK(sys(prctl, PR_SET_PDEATHSIG, signal) == 0);
	shared[0] = 1;
	while (sys(getppid) == parent && end--)
		sleep_ms(1);
	shared[1] = sys(getppid);
	sys(exit_group, 7);
}

/* A child makes a grandchild and ends. How does the grandchild end, and who learns of it? */
static void orphan(const char *what, int signal)
{
	long child, found, me = sys(getpid);
	int status = 0;

	shared[0] = shared[1] = 0;
	child = sys(fork);
	if (child == 0) {
		if (sys(fork) == 0)
			grandchild(signal);
		while (!shared[0])
			sleep_ms(1);
		sys(exit_group, 0);
	}
	CHECK(sys(wait4, child, 0, 0, 0) == child);
	found = sys(wait4, -1, &status, __WALL, 0);
	line("%s: waited %s, %s; new parent is %s", what, ok(found), found > 0 ? ending(status) : "-",
	     shared[1] == me ? "me" : "not me");
}

static int subreaper(void *unused)
{
	(void)unused;
	line("[subreaper]");
	show(prctl, PR_SET_CHILD_SUBREAPER, 1);
	orphan("an orphan", 0);
	orphan("an orphan with SIGKILL for its parent's death", SIGKILL);
	orphan("an orphan with SIGCHLD for it", SIGCHLD);
	show(prctl, PR_SET_CHILD_SUBREAPER, 0);
	orphan("no subreaper any more", 0);
	return failures;
}

int main(void)
{
	shared = (long *)new_pages(1, MAP_SHARED);
	names();
	umasks();
	try("subreaper", subreaper, NULL);
	try("change of ids", change_of_ids, NULL);
	personalities();
	signals();
	flags();
	no_new_privs();
	try("a child", child_state, NULL);
	return verdict();
}
