/*
 * exec_setid.c - execve(2) of set-user-ID and set-group-ID files, and what a new program keeps of its
 * caller's credentials, by who calls. Run as root.
 *
 * Copies itself to files "setid.*", which tell who they are. Leaves them behind.
 */
#include "abi.h"

#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#define NO_SETUID_FIXUP 4
#define NOROOT 1

static const char *self;

static void put(const char *path, const void *data, long len, int mode, int uid, int gid)
{
	long fd;

	CHECK(sys(setfsgid, gid) == 0);
	CHECK(sys(setfsuid, uid) == 0);
	fd = sys(open, path, O_WRONLY | O_CREAT, mode);
	CHECK(fd >= 0);
	write_all(fd, data, len);
	CHECK(sys(close, fd) == 0);
	sys(setfsuid, 0);
	sys(setfsgid, 0);
}

static void copy_self(const char *to, int mode, int uid, int gid)
{
	static char buf[4 << 20];
	long fd = sys(open, self, O_RDONLY), n, len = 0;

	CHECK(fd >= 0);
	while ((n = sys(read, fd, buf + len, sizeof(buf) - len)) > 0)
		len += n;
	CHECK(sys(close, fd) == 0);
	put(to, buf, len, mode, uid, gid);
}

struct head {
	uint32_t version;
	int pid;
};

static int tell(void)
{
	struct head head = { 0x20080522, 0 };
	uint32_t caps[6] = { }, u[3], g[3];
	struct rlimit stack;
	int pdeath = -1;

	CHECK(sys(getresuid, &u[0], &u[1], &u[2]) == 0 && sys(getresgid, &g[0], &g[1], &g[2]) == 0);
	CHECK(sys(capget, &head, caps) == 0);
	CHECK(sys(prctl, PR_GET_PDEATHSIG, &pdeath) == 0);
	CHECK(sys(getrlimit, RLIMIT_STACK, &stack) == 0);
	line("    uid %u %u %u fs %ld, gid %u %u %u fs %ld, secure %lu, aux %lu %lu %lu %lu", u[0], u[1], u[2],
	     sys(setfsuid, -1), g[0], g[1], g[2], sys(setfsgid, -1), getauxval(AT_SECURE), getauxval(AT_UID),
	     getauxval(AT_EUID), getauxval(AT_GID), getauxval(AT_EGID));
	line("    effective %x %x, permitted %x %x, inheritable %x, ambient kill %ld, securebits %ld", caps[3],
	     caps[0], caps[4], caps[1], caps[2], sys(prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, 5, 0, 0),
	     sys(prctl, PR_GET_SECUREBITS));
	line("    dumpable %ld, parent's death %d, no new privileges %ld, stack limit %lu MiB",
	     sys(prctl, PR_GET_DUMPABLE), pdeath, sys(prctl, PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0),
	     (unsigned long)stack.rlim_cur >> 20);
	return verdict();
}

static void start(const char *path)
{
	char *argv[] = { "exec_setid", "tell", NULL }, *envp[] = { NULL };
	int status = -1;
	long pid;

	line("  %s", path);
	pid = sys(fork);
	if (pid == 0) {
		CHECK(sys(prctl, PR_SET_PDEATHSIG, SIGUSR2) == 0);
		line("    execve: %s", text(sys(execve, path, argv, envp)));
		sys(exit_group, 0);
	}
	CHECK(sys(wait4, pid, &status, 0, 0) == pid);
	if (status)
		line("    %s", ending(status));
}

static void start_all(const char *who)
{
	line("[%s]", who);
	start("setid.0755");
	start("setid.root.4755");
	start("setid.1000.4755");
	start("setid.1000.2755");
	start("setid.1000.6755");
	start("setid.1000.2745");
	start("setid.1000.4711");
	start("setid.script");
}

static int as_root(void *unused)
{
	(void)unused;
	start_all("root");
	return failures;
}

static int as_nobody(void *unused)
{
	struct rlimit stack = { 16 << 20, 16 << 20 };

	(void)unused;
	CHECK(sys(setrlimit, RLIMIT_STACK, &stack) == 0);
	become_nobody();
	start_all("nobody, stack limit 16 MiB");
	return failures;
}

static int no_new_privs(void *unused)
{
	(void)unused;
	CHECK(sys(prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	start_all("root without new privileges");
	become_nobody();
	start_all("nobody without new privileges");
	return failures;
}

static int effective_only(void *unused)
{
	(void)unused;
	CHECK(sys(setresuid, 1001, 0, 1002) == 0);
	start_all("uid 1001, effective root");
	CHECK(sys(setresuid, -1, 1001, -1) == 0);
	line("[uid 1001, saved 1002]");
	start("setid.0755");
	start("setid.root.4755");
	return failures;
}

static int real_root_only(void *unused)
{
	(void)unused;
	CHECK(sys(setresgid, -1, 1001, -1) == 0);
	CHECK(sys(setresuid, -1, 1001, -1) == 0);
	start_all("root with effective ids 1001");
	return failures;
}

static int securebits(void *unused)
{
	(void)unused;
	CHECK(sys(prctl, PR_SET_SECUREBITS, NOROOT) == 0);
	CHECK(sys(prctl, PR_SET_KEEPCAPS, 1) == 0);
	start_all("root with SECURE_NOROOT and SECURE_KEEP_CAPS");
	return failures;
}

static int ambient(void *unused)
{
	struct head head = { 0x20080522, 0 };
	uint32_t caps[6] = { };

	(void)unused;
	CHECK(sys(capget, &head, caps) == 0);
	caps[2] = 1 << 5 | 1 << 13;
	CHECK(sys(capset, &head, caps) == 0);
	CHECK(sys(prctl, PR_CAPBSET_DROP, 12) == 0);
	start_all("root with inheritable capabilities, and without one in the bounding set");
	CHECK(sys(prctl, PR_SET_KEEPCAPS, 1) == 0);
	CHECK(sys(setgroups, 0, 0) == 0 && sys(setresgid, NOBODY, NOBODY, NOBODY) == 0);
	CHECK(sys(setresuid, NOBODY, NOBODY, NOBODY) == 0);
	CHECK(sys(prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, 5, 0, 0) == 0);
	start_all("nobody with an ambient capability");
	return failures;
}

/* Who writes to a file takes away its bits; CAP_FSETID lets them stay. */
static int writing(void *who)
{
	static const int modes[] = { 04755, 02755, 06775, 06765, 02745 };

	line("[writing, %s]", (const char *)who);
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
		char name[] = { 's', 'e', 't', 'i', 'd', '.', 'w', '0' + i, '\0' };
		struct stat st;
		long fd;

		if (!strcmp(who, "root")) {
			put(name, "x", 1, modes[i], NOBODY, NOBODY);
			fd = sys(open, name, O_WRONLY);
		} else {
			fd = sys(open, name, O_WRONLY | (i == 2 ? O_TRUNC : 0));
		}
		CHECK(fd >= 0 && sys(write, fd, "", 0) == 0 && sys(fstat, fd, &st) == 0);
		line("  %#o, nothing: %#o", modes[i], st.st_mode & 07777);
		CHECK(sys(write, fd, "y", 1) == 1 && sys(fstat, fd, &st) == 0 && sys(close, fd) == 0);
		line("  %#o, a byte: %#o", modes[i], st.st_mode & 07777);
	}
	return failures;
}

static int writing_as_nobody(void *unused)
{
	(void)unused;
	become_nobody();
	return writing("nobody");
}

int main(int argc, char **argv)
{
	(void)argv;
	self = (const char *)getauxval(AT_EXECFN);
	if (argc > 1)
		return tell();
	sys(umask, 0);
	/* Files of others can be made in the root directory, because the capabilities stay. */
	CHECK(sys(prctl, PR_SET_SECUREBITS, NO_SETUID_FIXUP) == 0);
	copy_self("setid.0755", 0755, 0, 0);
	copy_self("setid.root.4755", 04755, 0, 0);
	copy_self("setid.1000.4755", 04755, 1000, 1000);
	copy_self("setid.1000.2755", 02755, 1000, 1000);
	copy_self("setid.1000.6755", 06755, 1000, 1000);
	copy_self("setid.1000.2745", 02745, 1000, 1000);
	copy_self("setid.1000.4711", 04711, 1000, 1000);
	put("setid.script", "#!setid.0755\n", 13, 06755, 1000, 1000);
	writing("root");
	CHECK(sys(prctl, PR_SET_SECUREBITS, 0) == 0);
	try("writing", writing_as_nobody, NULL);
	try("root", as_root, NULL);
	try("nobody", as_nobody, NULL);
	try("no new privileges", no_new_privs, NULL);
	try("effective root", effective_only, NULL);
	try("real root", real_root_only, NULL);
	try("securebits", securebits, NULL);
	try("ambient", ambient, NULL);
	return verdict();
}
