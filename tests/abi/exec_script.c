/*
 * exec_script.c - scripts: how execve(2) reads "#!", what the program gets that runs them, and what is
 * refused.
 *
 * Copies itself to "interp", which tells its arguments. Leaves files "script*" and "interp" behind.
 */
#include "abi.h"

#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/resource.h>

extern char **environ;

static void tell(int argc, char **argv)
{
	char out[700] = "", name[17] = "";
	size_t at = 0;

	for (int i = 0; i < argc; i++) {
		size_t len = strlen(argv[i]);

		at += snprintf(out + at, sizeof(out) - at, len > 60 ? " <%.10s... %zu>" : " <%s>", argv[i], len);
	}
	CHECK(sys(prctl, PR_GET_NAME, name) == 0);
	line("  %d:%s", argc, out);
	line("  environment %s, file %s, command %s", environ[0] ? environ[0] : "is empty",
	     (const char *)getauxval(AT_EXECFN), name);
}

static void put(const char *path, const void *data, size_t len, int mode)
{
	long fd = sys(open, path, O_WRONLY | O_CREAT | O_TRUNC, mode);

	CHECK(fd >= 0);
	write_all(fd, data, len);
	CHECK(sys(close, fd) == 0);
}

static void copy_self(const char *to, int mode)
{
	static char buf[4 << 20];
	long fd = sys(open, getauxval(AT_EXECFN), O_RDONLY), n, len = 0;

	CHECK(fd >= 0);
	while ((n = sys(read, fd, buf + len, sizeof(buf) - len)) > 0)
		len += n;
	CHECK(n == 0 && len > 0);
	CHECK(sys(close, fd) == 0);
	put(to, buf, len, mode);
}

static char *usual_argv[] = { "zero", "one", "two words", NULL }, *usual_envp[] = { "VAR=1", NULL };

static void start(const char *path, char **argv, char **envp)
{
	int status = -1;
	long pid = sys(fork);

	if (pid == 0) {
		line("  execve: %s", text(sys(execve, path, argv, envp)));
		sys(exit_group, 0);
	}
	CHECK(sys(wait4, pid, &status, 0, 0) == pid);
	if (status)
		line("  %s", ending(status));
}

/* A script with these @len bytes. */
static void script_of(const char *what, const char *text, size_t len)
{
	line("%s", what);
	put("script", text, len, 0755);
	start("script", usual_argv, usual_envp);
}

#define script(text)	script_of(#text, text, sizeof(text) - 1)

static void first_lines(void)
{
	line("[first line]");
	script("#!interp\nrest");
	script("#!interp");
	script("#! interp\n");
	script("#!\tinterp\t\n");
	script("#!interp arg\n");
	script("#!interp arg");
	script("#!interp  several words  \t \nrest");
	script("#!interp \t \n");
	script("#!  interp\t-e\n");
	script("#!interp\r\n");
	script("#!interp\0 arg\n");
	script("#!interp arg\0more\n");
	script("#!inter\0p\n");
	script("#!\n");
	script("#! \t \n");
	script("#!");
	script("#! ");
	script("#");
	script("");
	script("\n#!interp\n");
	script(" #!interp\n");
	script("# !interp\n");
	script("interp\n");
	script("#!./interp\n");
	script("#!missing\n");
	script("#!\0\n");
}

/* The line is read up to 256 bytes, of which the last does not count. */
static void long_line(const char *what, size_t blanks, const char *name, size_t more, const char *end)
{
	char buf[1024] = "#!";
	size_t at = 2;

	memset(buf + at, ' ', blanks);
	at += blanks;
	at += sprintf(buf + at, "%s", name);
	memset(buf + at, 'a', more);
	at += more;
	at += sprintf(buf + at, "%s", end);
	line("%s, %zu blanks, %zu more, %zu bytes", what, blanks, more, at);
	put("script", buf, at, 0755);
	start("script", usual_argv, usual_envp);
}

static void long_lines(void)
{
	line("[long lines]");
	for (size_t blanks = 245; blanks <= 250; blanks++)
		long_line("name", blanks, "interp", 0, "\n");
	for (size_t blanks = 245; blanks <= 250; blanks++)
		long_line("name without newline", blanks, "interp", 0, "");
	for (size_t blanks = 244; blanks <= 249; blanks++)
		long_line("name and blank", blanks, "interp", 0, " \n");
	long_line("blanks", 253, "", 0, "\n");
	long_line("blanks", 254, "", 0, "\n");
	long_line("blanks", 300, "", 0, "\n");
	for (size_t more = 244; more <= 249; more++)
		long_line("argument", 0, "interp ", more, "\n");
	long_line("argument", 0, "interp ", 500, "\n");
	long_line("name", 0, "", 253, "\n");
	long_line("name", 0, "", 254, "\n");
	long_line("name", 0, "", 300, "\n");
}

static void arguments(void)
{
	char *empty[] = { NULL }, *only[] = { "zero", NULL }, *nothing[] = { "", "", NULL };

	line("[arguments]");
	put("script", "#!interp x\n", 11, 0755);
	line("argv {}");
	start("script", empty, empty);
	line("argv NULL, envp NULL");
	start("script", NULL, NULL);
	line("one argument");
	start("script", only, usual_envp);
	line("one argument, no environment");
	start("script", only, empty);
	line("empty arguments");
	start("script", nothing, empty);
	line("by another path");
	start("./script", usual_argv, usual_envp);
	line("by a long path");
	start(".//././././././././././././././././././script", usual_argv, usual_envp);
}

/* Scripts that run one another: script.1 is run by interp, script.2 by script.1, and so on. */
static void nested(void)
{
	char name[32], text[64];

	line("[nested]");
	for (int i = 1; i <= 7; i++) {
		snprintf(name, sizeof(name), "script.%d", i);
		if (i == 1)
			snprintf(text, sizeof(text), "#!interp 1\n");
		else
			snprintf(text, sizeof(text), "#!script.%d %d\n", i - 1, i);
		put(name, text, strlen(text), 0755);
		line("%d deep", i);
		start(name, usual_argv, usual_envp);
	}
	line("runs itself");
	put("script.self", "#!script.self\n", 14, 0755);
	start("script.self", usual_argv, usual_envp);
	line("runs a script without a program");
	put("script.bad", "#!script.none\n", 14, 0755);
	put("script.none", "#!\n", 3, 0755);
	start("script.bad", usual_argv, usual_envp);
}

static int refused_for(void *who)
{
	long fd;

	line("[refused, as %s]", (const char *)who);
	if (!strcmp(who, "nobody"))
		become_nobody();
	line("script 0644");
	start("script.0644", usual_argv, usual_envp);
	line("script 0700");
	start("script.0700", usual_argv, usual_envp);
	line("script 0711");
	start("script.0711", usual_argv, usual_envp);
	line("interpreter 0644");
	start("script.i0644", usual_argv, usual_envp);
	line("interpreter 0711");
	start("script.i0711", usual_argv, usual_envp);
	line("interpreter is a folder");
	start("script.folder", usual_argv, usual_envp);
	line("interpreter is below a file");
	start("script.below", usual_argv, usual_envp);
	line("open for writing");
	fd = sys(open, "script.0755", O_WRONLY);
	start("script.0755", usual_argv, usual_envp);
	if (fd >= 0)
		CHECK(sys(close, fd) == 0);
	line("interpreter open for writing");
	fd = sys(open, "interp.0711", O_WRONLY);
	start("script.i0711", usual_argv, usual_envp);
	if (fd >= 0)
		CHECK(sys(close, fd) == 0);
	return failures;
}

static void refused(void)
{
	sys(umask, 0);
	put("script.0644", "#!interp\n", 9, 0644);
	put("script.0700", "#!interp\n", 9, 0700);
	put("script.0711", "#!interp\n", 9, 0711);
	put("script.0755", "#!interp\n", 9, 0755);
	copy_self("interp.0644", 0644);
	copy_self("interp.0711", 0711);
	put("script.i0644", "#!interp.0644\n", 14, 0755);
	put("script.i0711", "#!interp.0711\n", 14, 0755);
	put("script.folder", "#!/proc\n", 8, 0755);
	put("script.below", "#!interp/x\n", 11, 0755);
	try("as root", refused_for, "root");
	try("as nobody", refused_for, "nobody");
}

/* What the interpreter and its arguments take counts, too. */
static int near_the_limit(void *unused)
{
	static char big[131072];
	char *argv[] = { "0", big, NULL };
	struct rlimit small = { 400 << 10, 400 << 10 };

	(void)unused;
	line("[size]");
	put("script", "#!interp x\n", 11, 0755);
	memset(big, 'b', sizeof(big) - 1);
	line("the longest argument");
	start("script", argv, usual_envp);
	CHECK(sys(setrlimit, RLIMIT_STACK, &small) == 0);
	for (int len = 131010; len <= 131060; len += 10) {
		memset(big, 0, sizeof(big));
		memset(big, 'b', len);
		line("%d bytes where 131072 are allowed", len);
		start("script", argv, usual_envp);
	}
	return failures;
}

int main(int argc, char **argv)
{
	if (argc > 1 || !argv[0][0]) {
		tell(argc, argv);
		return verdict();
	}
	CHECK(sys(umask, 022) >= 0);
	copy_self("interp", 0755);
	first_lines();
	long_lines();
	arguments();
	nested();
	refused();
	try("size", near_the_limit, NULL);
	return verdict();
}
