/*
 * rmmod.c - remove modules: rmmod NAME...
 *
 * A file name will do as well: its folder and ".ko" are left out, and '-' is '_'. The words are those
 * of kmod's rmmod. Removing is the kernel's work: delete_module(2).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NAME_SIZE	64

static void module_name(char name[NAME_SIZE], const char *arg)
{
	const char *slash = strrchr(arg, '/');
	size_t len;

	strncpy(name, slash ? slash + 1 : arg, NAME_SIZE - 1);
	name[NAME_SIZE - 1] = '\0';
	len = strlen(name);
	if (len > 3 && strcmp(name + len - 3, ".ko") == 0)
		name[len - 3] = '\0';
	for (char *p = name; *p; p++)
		if (*p == '-')
			*p = '_';
}

static int remove_module(const char *arg)
{
	char name[NAME_SIZE];

	module_name(name, arg);
	if (syscall(__NR_delete_module, name, O_NONBLOCK) == 0)
		return 0;
	if (errno == ENOENT)
		fprintf(stderr, "rmmod: ERROR: Module %s is not currently loaded\n", name);
	else if (errno == EWOULDBLOCK)
		fprintf(stderr, "rmmod: ERROR: Module %s is in use\n", name);
	else
		fprintf(stderr, "rmmod: ERROR: could not remove module %s: %s\n", name,
			strerror(errno));
	return 1;
}

int main(int argc, char **argv)
{
	int failed = 0;

	if (argc < 2) {
		fprintf(stderr, "rmmod: ERROR: missing module name.\n");
		return 1;
	}
	for (int i = 1; i < argc; i++)
		failed |= remove_module(argv[i]);
	return failed;
}
