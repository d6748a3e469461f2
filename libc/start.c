/*
 * start.c - from crt0 to main() and out again: environ, exit(), atexit().
 *
 * Called by crt0.asm with the stack the kernel built. It uses the stubs, and fflush() of stdio.
 */
#include <stdlib.h>
#include <stdio.h>
#include <unistd.h>

#define ATEXIT_MAX	32	/* what C promises at least */

_Noreturn void __libc_start(long *stack);
int main(int argc, char **argv, char **envp);

char **environ;

static void (*handlers[ATEXIT_MAX])(void);
static int nr_handlers;

/*
 * __libc_start() - run the program
 * @stack: what execve(2) left on the stack: argc, argv[], NULL, envp[], NULL, auxv
 */
_Noreturn void __libc_start(long *stack)
{
	int argc = (int)stack[0];
	char **argv = (char **)(stack + 1);

	environ = argv + argc + 1;
	exit(main(argc, argv, environ));
}

/* atexit() - call @fn at exit(), the last one registered first. Returns -1 when 32 are waiting. */
int atexit(void (*fn)(void))
{
	if (nr_handlers == ATEXIT_MAX)
		return -1;
	handlers[nr_handlers++] = fn;
	return 0;
}

/* exit() - run the atexit() functions, flush stdio, end the process with @status & 0xff */
_Noreturn void exit(int status)
{
	while (nr_handlers > 0)
		handlers[--nr_handlers]();
	fflush(NULL);
	_exit(status);
}
