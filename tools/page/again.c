/*
 * again.c - run a program twice, one run after the other: again PROGRAM [ARGUMENTS...].
 *
 * `make page` records the second run. The first one has made the slabs and filled the page cache, so
 * that the recorded calls show what a call costs usually. Exit status: the second run's, as wait()
 * reports it to a shell.
 */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#define CANNOT_EXECUTE	126

static int run(char **argv, char **envp)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		execve(argv[0], argv, envp);
		perror(argv[0]);
		_exit(CANNOT_EXECUTE);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0) {
		perror("again");
		return CANNOT_EXECUTE;
	}
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int main(int argc, char **argv, char **envp)
{
	if (argc < 2)
		return CANNOT_EXECUTE;
	run(argv + 1, envp);
	return run(argv + 1, envp);
}
