/*
 * socket_test.c - the program of the lesson: one socket, from ring 3 to memory and back.
 *
 * An ordinary Linux program: it runs on Linux and on ringwalk, with any C library.
 */
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

int main(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0) {
		perror("socket");
		return 1;
	}
	printf("Socket Created: %d\n", fd);
	if (close(fd) < 0) {
		perror("close");
		return 1;
	}
	return 0;
}
