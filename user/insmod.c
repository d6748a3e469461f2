/*
 * insmod.c - insert a module: insmod FILE.ko [name=value ...]
 *
 * The words are those of kmod's insmod. Loading is the kernel's work: finit_module(2).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What an error of finit_module(2) means. Linux: kmod, tools/insmod.c:mod_strerror() */
static const char *reason(int err)
{
	switch (err) {
	case ENOEXEC:
		return "Invalid module format";
	case ENOENT:
		return "Unknown symbol in module";
	case ESRCH:
		return "Module has wrong symbol version";
	case EINVAL:
		return "Invalid parameters";
	default:
		return strerror(err);
	}
}

/* The words joined by spaces; NULL when there is no memory. */
static char *join(char **words)
{
	size_t len = 1;
	char *text;

	for (char **word = words; *word; word++)
		len += strlen(*word) + 1;
	text = malloc(len);
	if (!text)
		return NULL;
	text[0] = '\0';
	for (; *words; words++) {
		strcat(text, *words);
		if (words[1])
			strcat(text, " ");
	}
	return text;
}

int main(int argc, char **argv)
{
	char *options;
	int fd;

	if (argc < 2) {
		fprintf(stderr, "insmod: ERROR: missing filename.\n");
		return 1;
	}
	fd = open(argv[1], O_RDONLY | O_CLOEXEC);
	options = join(argv + 2);
	if (fd < 0 || !options) {
		fprintf(stderr, "insmod: ERROR: could not load module %s: %s\n", argv[1],
			strerror(errno));
		return 1;
	}
	if (syscall(__NR_finit_module, fd, options, 0)) {
		fprintf(stderr, "insmod: ERROR: could not insert module %s: %s\n", argv[1],
			reason(errno));
		return 1;
	}
	return 0;
}
