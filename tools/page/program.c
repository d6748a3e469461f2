/*
 * program.c - one socket() with other arguments than the lesson's, for the scenarios of `make page`.
 *
 * page.mk compiles it once for each scenario, with -DFAMILY=, -DTYPE= and -DFILES=, so that nothing
 * but the call itself is in the recording. FILES: the limit RLIMIT_NOFILE that is set before.
 */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

int main(void)
{
	const struct rlimit files = { FILES, FILES };
	int fd;

	if (setrlimit(RLIMIT_NOFILE, &files) < 0) {
		perror("setrlimit");
		return 1;
	}
	fd = socket(FAMILY, TYPE, 0);
	if (fd < 0) {
		perror("socket");
		return 1;
	}
	printf("Socket Created: %d\n", fd);
	return close(fd) < 0;
}
