/*
 * personality() and umask(): small things that a process keeps for its children. Linux:
 * kernel/exec_domain.c, kernel/sys.c
 */
#include "kernel/fs/fs.h"
#include "kernel/process/process.h"
#include "kernel/syscalls.h"

/* 0xffffffff only asks. */
SYSCALL_DEFINE1(personality, unsigned int, personality)
{
	unsigned int old = current->personality;

	if (personality != 0xffffffff)
		current->personality = personality;
	return old;
}

SYSCALL_DEFINE1(umask, int, mask)
{
	umode_t old = current->fs->umask;

	current->fs->umask = mask & 0777;
	return old;
}
