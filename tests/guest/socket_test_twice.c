/*
 * socket_test_twice.c - runs /bin/socket_test two times, for tools/callpath.
 *
 * The first run makes the slabs that a socket needs, so that the second shows the usual way.
 */
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	char *argv[] = { "socket_test", NULL };
	int status = 0;

	for (int i = 0; i < 2 && !status; i++) {
		if (!fork()) {
			execve("/bin/socket_test", argv, NULL);
			_exit(127);
		}
		wait(&status);
	}
	return status ? 1 : 0;
}
