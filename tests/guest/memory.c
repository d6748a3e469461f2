/*
 * memory.c - what memory.t runs on ringwalk: memory VERB, one observation per verb.
 */
#include "../abi/abi.h"

/* IRET to the same privilege: a frame of RIP, CS, RFLAGS, RSP, SS. Some QEMUs refuse to read it. */
static int iret(void *unused)
{
	(void)unused;
	asm volatile("mov %%rsp, %%rax\n\t"
		     "mov %%ss, %%ecx\n\t"
		     "push %%rcx\n\t"
		     "push %%rax\n\t"
		     "pushfq\n\t"
		     "mov %%cs, %%ecx\n\t"
		     "push %%rcx\n\t"
		     "lea 1f(%%rip), %%rcx\n\t"
		     "push %%rcx\n\t"
		     "iretq\n"
		     "1:" : : : "rax", "rcx", "memory");
	return 0;
}

static int far_return(void *unused)
{
	(void)unused;
	asm volatile("mov %%cs, %%ecx\n\t"
		     "push %%rcx\n\t"
		     "lea 1f(%%rip), %%rcx\n\t"
		     "push %%rcx\n\t"
		     "lretq\n"
		     "1:" : : : "rcx", "memory");
	return 0;
}

int main(int argc, char **argv)
{
	const char *verb = argc > 1 ? argv[1] : "";

	if (!strcmp(verb, "iret"))
		try("iret", iret, NULL);
	if (!strcmp(verb, "far-return"))
		try("far return", far_return, NULL);
	return verdict();
}
