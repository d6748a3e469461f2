/*
 * threads.h - threads by clone() itself, for what pthread_create() never does. No libc may be used in
 * a thread that has not its own thread-local storage, but for what abi.h makes of system calls.
 */
#ifndef ABI_THREADS_H
#define ABI_THREADS_H

#include "abi.h"
#include "futex.h"

#define CLONE_VM		0x00000100
#define CLONE_FS		0x00000200
#define CLONE_FILES		0x00000400
#define CLONE_SIGHAND		0x00000800
#define CLONE_PIDFD		0x00001000
#define CLONE_VFORK		0x00004000
#define CLONE_PARENT		0x00008000
#define CLONE_THREAD		0x00010000
#define CLONE_NEWNS		0x00020000
#define CLONE_SYSVSEM		0x00040000
#define CLONE_SETTLS		0x00080000
#define CLONE_PARENT_SETTID	0x00100000
#define CLONE_CHILD_CLEARTID	0x00200000
#define CLONE_DETACHED		0x00400000
#define CLONE_CHILD_SETTID	0x01000000
#define CLONE_NEWUSER		0x10000000
#define CLONE_NEWPID		0x20000000
#define CLONE_CLEAR_SIGHAND	0x100000000ul
#define CLONE_INTO_CGROUP	0x200000000ul

#define THREAD	(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM)
#define STACK	(4 * PAGE)

/* The system call clone, whose child runs @fn(@arg) on @stack and exits with what it returns. */
long clone_call(unsigned long flags, char *stack, int (*fn)(void *), void *arg, int *parent_tid,
		int *child_tid, unsigned long tls);
asm(".text\n"
    ".type clone_call, @function\n"
    "clone_call:\n"
    "	mov	8(%rsp), %rax\n"	/* tls */
    "	sub	$16, %rsi\n"
    "	mov	%rdx, (%rsi)\n"
    "	mov	%rcx, 8(%rsi)\n"
    "	mov	%r8, %rdx\n"
    "	mov	%r9, %r10\n"
    "	mov	%rax, %r8\n"
    "	mov	$56, %eax\n"
    "	syscall\n"
    "	test	%rax, %rax\n"
    "	jnz	1f\n"
    "	xor	%ebp, %ebp\n"
    "	pop	%rax\n"
    "	pop	%rdi\n"
    "	call	*%rax\n"
    "	mov	%eax, %edi\n"
    "	mov	$60, %eax\n"
    "	syscall\n"
    "1:	ret\n"
    ".size clone_call, . - clone_call\n");

/* A child of clone(@flags) that runs @fn(@arg) on a stack of its own; its tid is in *@tid until it ends. */
__attribute__((unused))
static long start_task(unsigned long flags, int (*fn)(void *), void *arg, int *tid)
{
	char *stack = new_pages(STACK / PAGE, MAP_PRIVATE);

	*tid = -1;
	return clone_call(flags | CLONE_CHILD_CLEARTID | CLONE_PARENT_SETTID, stack + STACK, fn, arg,
			  tid, tid, 0);
}

/* Wait until the thread whose number is in *@tid has ended. */
__attribute__((unused))
static void join(int *tid)
{
	int seen;

	while ((seen = *(volatile int *)tid))
		sys(futex, tid, FUTEX_WAIT, seen, 0);
}

__attribute__((unused))
static long run_thread(int (*fn)(void *), void *arg)
{
	int tid;
	long ret = start_task(THREAD, fn, arg, &tid);

	if (ret > 0)
		join(&tid);
	return ret;
}

/* The arguments of clone3(), and more than there are. */
struct args {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid,
		 set_tid_size, cgroup, more[4];
};

static long last_child __attribute__((unused));

__attribute__((unused))
static long clone3_with(struct args args, size_t size)
{
	long pid = sys(clone3, &args, size);

	if (pid == 0)
		sys(exit_group, 5);
	last_child = pid;
	if (pid > 0)
		CHECK(sys(wait4, pid, 0, __WALL, 0) == pid);
	return pid;
}

static inline const char *no_number(long ret)
{
	return ret > 0 ? "a child" : text(ret);
}

__attribute__((unused))
static void ignore(int sig)
{
	struct { void *handler; unsigned long flags; void *restorer; unsigned long mask; } action = {
		(void *)1, 0, 0, 0
	};

	CHECK(sys(rt_sigaction, sig, &action, 0, 8) == 0);
}

#endif
