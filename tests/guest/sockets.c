/*
 * sockets.c - who may have which socket: sockets STEP...
 *
 *	F,T,P		socket(F, T, P), closed again; prints "F,T,P: ok" or the error
 *	fork		the steps that follow are a child's
 *	exec:PATH	the steps that follow are another program's (of this source, under another name)
 */
#include "../abi/abi.h"

static void make_socket(const char *step)
{
	int family = 0, type = 0, protocol = 0;
	long fd;

	CHECK(sscanf(step, "%d,%d,%d", &family, &type, &protocol) == 3);
	fd = sys(socket, family, type, protocol);
	line("%s: %s", step, ok(fd));
	if (fd >= 0)
		CHECK(sys(close, fd) == 0);
}

static int run(void *steps)
{
	for (char **step = steps; *step; step++) {
		if (!strcmp(*step, "fork")) {
			CHECK(in_child(run, step + 1) == 0);
			break;
		}
		if (!strncmp(*step, "exec:", 5)) {
			char *path = *step + 5, *no_environment[] = { NULL };

			*step = path;		/* the new program's argv[0] */
			line("%s: %s", path, text(sys(execve, path, step, no_environment)));
			return 1;
		}
		make_socket(*step);
	}
	return verdict();
}

int main(int argc, char **argv)
{
	return argc ? run(argv + 1) : 1;
}
