/*
 * faults.c - what kills a program: each fault's signal, seen by wait4(2). The kernel lives on.
 *
 * Left out is what QEMU does otherwise than the hardware: #SS for a non-canonical stack, INT1, IRET
 * in ring 3.
 */
#include "abi.h"

#include <sys/resource.h>

static char *page;		/* readable, writable, holds a RET */
static char *hole;		/* not mapped */
static const char constant[] = "constant";

static void poke(void *p) { *(volatile char *)p = 1; }
static void peek(void *p) { (void)*(volatile char *)p; }
static void jump(void *p) { ((void (*)(void))p)(); }

static int peek_null(void *u) { peek(NULL); return u != NULL; }
static int poke_null(void *u) { poke(NULL); return u != NULL; }
static int peek_hole(void *u) { peek(hole); return u != NULL; }
static int poke_constant(void *u) { poke((void *)(uintptr_t)constant); return u != NULL; }
static int poke_text(void *u) { poke((void *)(uintptr_t)poke_text); return u != NULL; }
static int run_data(void *u) { jump(page); return u != NULL; }
static int run_hole(void *u) { jump(hole); return u != NULL; }
static int peek_kernel(void *u) { peek((void *)0xffffffff81000000); return u != NULL; }
static int peek_direct_map(void *u) { peek((void *)0xffff888000000000); return u != NULL; }
static int run_kernel(void *u) { jump((void *)0xffffffff81000000); return u != NULL; }
static int peek_noncanonical(void *u) { peek((void *)0x800000000000); return u != NULL; }
static int run_noncanonical(void *u) { jump((void *)0x800000000000); return u != NULL; }

#define INSTRUCTION(name, ...)			\
	static int name(void *u)		\
	{					\
		asm volatile(__VA_ARGS__);	\
		return u != NULL;		\
	}

INSTRUCTION(do_ud2, "ud2")
INSTRUCTION(do_int3, "int3")
INSTRUCTION(do_int_3, ".byte 0xcd, 3")
INSTRUCTION(do_int_4, "int $4")
INSTRUCTION(do_int_14, "int $14")
INSTRUCTION(do_int_32, "int $32")
INSTRUCTION(do_hlt, "hlt")
INSTRUCTION(do_cli, "cli")
INSTRUCTION(do_in, "in $0x80, %%al" : : : "rax")
INSTRUCTION(do_out, "out %al, $0x80")
INSTRUCTION(do_rdmsr, "rdmsr" : : "c" (0xc0000082) : "rax", "rdx")
INSTRUCTION(do_cr3, "mov %%cr3, %%rax" : : : "rax")
INSTRUCTION(do_swapgs, "swapgs")
INSTRUCTION(do_sysret, "sysretq" : : : "rcx", "r11")
INSTRUCTION(do_far, "ljmp *(%0)" : : "r" (page))
INSTRUCTION(do_div, "div %0" : : "r" (0) : "rax", "rdx")
INSTRUCTION(do_ss, "mov %0, %%ss" : : "r" (0x10))
INSTRUCTION(do_tf, "pushfq; orq $0x100, (%rsp); popfq; nop; nop")
INSTRUCTION(push_forever, "1: push %rax; jmp 1b")
INSTRUCTION(do_x87, "fninit; push $0; fldcw (%%rsp); fld1; fldz; fdivrp; fwait; pop %%rax"
	    : : : "rax")

static int small_stack(void *u)
{
	struct rlimit limit = { 256 * 1024, 256 * 1024 };

	CHECK(sys(setrlimit, RLIMIT_STACK, &limit) == 0);
	return push_forever(u);
}

static int lost_stack(void *u)
{
	asm volatile("xor %%esp, %%esp; push %%rax; ud2" : : : "memory");
	return u != NULL;
}

/*
 * TF set right before a system call: the trap comes after the first instruction behind it, which is
 * a store.
 */
static int step_over_syscall(void *stores)
{
	asm volatile("pushfq; orq $0x100, (%%rsp); popfq; syscall\n\t"
		     "movb $1, (%1)\n\t"
		     "movb $1, 1(%1)"
		     : : "a"(SYS_getpid), "r"(stores) : "rcx", "r11", "memory");
	return 0;
}

static void single_step_syscall(void)
{
	volatile char *stores = new_pages(1, MAP_SHARED);

	try("single step over a system call", step_over_syscall, (void *)stores);
	line("stores made: %d, %d", stores[0], stores[1]);
}

static const struct {
	const char *what;
	int (*fn)(void *);
} faults[] = {
	{ "read null", peek_null },
	{ "write null", poke_null },
	{ "read a hole", peek_hole },
	{ "write a constant", poke_constant },
	{ "write code", poke_text },
	{ "execute data", run_data },
	{ "execute a hole", run_hole },
	{ "read kernel text", peek_kernel },
	{ "read the direct map", peek_direct_map },
	{ "execute kernel text", run_kernel },
	{ "read a non-canonical address", peek_noncanonical },
	{ "execute a non-canonical address", run_noncanonical },
	{ "stack overflow", push_forever },
	{ "stack overflow, RLIMIT_STACK 256 KiB", small_stack },
	{ "push with rsp 0", lost_stack },
	{ "ud2", do_ud2 },
	{ "int3", do_int3 },
	{ "int 3, two bytes", do_int_3 },
	{ "single step", do_tf },
	{ "int 4", do_int_4 },
	{ "int 14", do_int_14 },
	{ "int 32", do_int_32 },
	{ "hlt", do_hlt },
	{ "cli", do_cli },
	{ "in", do_in },
	{ "out", do_out },
	{ "rdmsr", do_rdmsr },
	{ "mov from cr3", do_cr3 },
	{ "swapgs", do_swapgs },
	{ "sysret", do_sysret },
	{ "far jump to selector 0x18", do_far },
	{ "load ss with a kernel selector", do_ss },
	{ "divide by zero", do_div },
	{ "x87 divide by zero, unmasked", do_x87 },
};

int main(void)
{
	page = new_pages(2, MAP_PRIVATE);
	hole = page + PAGE;
	CHECK(sys(munmap, hole, PAGE) == 0);
	memcpy(page, "\xc3\0\0\0\x18\0", 6);
	for (size_t i = 0; i < ARRAY_SIZE(faults); i++)
		try(faults[i].what, faults[i].fn, NULL);
	single_step_syscall();
	return verdict();
}
