/*
 * segments.c - segment registers and the bases of FS and GS: what a program may load, what a task
 * switch, fork(2) and execve(2) keep; and that no descriptor table of its own making is read.
 */
#include "abi.h"

#include <sys/auxv.h>

#define SET_GS		0x1001
#define GET_GS		0x1004
#define USER_DS		0x2b
#define BASE		0x123456000UL
#define LDT_0		7	/* first entry of the local table, ring 3 */

#define load_segment(seg, sel)	asm volatile("mov %0, %%" #seg : : "r" (sel) : "memory")
#define segment(seg)		({ unsigned long s; asm volatile("mov %%" #seg ", %0" : "=r" (s)); s; })

/* The base itself, not what the kernel remembers of it. */
static unsigned long gs_base(void)
{
	unsigned long base = 0;

	CHECK(sys(arch_prctl, GET_GS, &base) == 0);
	return base;
}

static void print_gs(const char *when)
{
	line("%s: gs %lx, base %lx", when, segment(gs), gs_base());
}

static int others(void *ignored)
{
	(void)ignored;
	load_segment(gs, 0);
	return sys(arch_prctl, SET_GS, BASE + 4096) != 0;
}

/* Let another task, whose GS differs, have the CPU. */
static void let_others_run(void)
{
	CHECK(in_child(others, NULL) == 0);
	sleep_ms(20);
}

static int print_child(void *ignored)
{
	(void)ignored;
	line("child: ds %lx, es %lx", segment(ds), segment(es));
	print_gs("child");
	return 0;
}

static void bases(void)
{
	line("[GS]");
	print_gs("at the start");
	show(arch_prctl, SET_GS, BASE);
	print_gs("base set");
	let_others_run();
	print_gs("others ran");
	try("forked", print_child, NULL);
	load_segment(gs, USER_DS);
	print_gs("selector loaded");
	let_others_run();
	print_gs("others ran");
	try("forked", print_child, NULL);
	show(arch_prctl, SET_GS, BASE);
	print_gs("base set again");
	let_others_run();
	print_gs("others ran");
}

static void data(void)
{
	line("[DS, ES]");
	load_segment(ds, USER_DS);
	load_segment(es, USER_DS);
	try("forked at once", print_child, NULL);
	let_others_run();
	line("others ran: ds %lx, es %lx", segment(ds), segment(es));
	load_segment(ds, 0);
	load_segment(es, 0);
	try("forked at once", print_child, NULL);
}

static int load_ds(void *selector)
{
	load_segment(ds, (unsigned long)selector);
	return 0;
}

/* Where a local descriptor table would lie that nobody has set up. */
static int load_from_below(void *selector)
{
	sys(mmap, 0x10000, PAGE, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN | MAP_FIXED, -1, 0);
	return load_ds(selector);
}

static void selectors(void)
{
	line("[selectors]");
	try("user data", load_ds, (void *)USER_DS);
	try("kernel data", load_ds, (void *)0x18);
	try("kernel data, ring 3", load_ds, (void *)0x1b);
	try("user code", load_ds, (void *)0x33);
	try("the task state segment", load_ds, (void *)0x43);
	try("beyond the table", load_ds, (void *)0xfffb);
	try("a local one", load_ds, (void *)LDT_0);
	try("a local one, memory below", load_from_below, (void *)LDT_0);
}

int main(int argc, char **argv)
{
	char *self = (char *)getauxval(AT_EXECFN), *again[] = { self, "again", NULL };

	if (argc > 1 && !strcmp(argv[1], "again")) {
		line("after execve: ds %lx, es %lx, fs %lx", segment(ds), segment(es), segment(fs));
		print_gs("after execve");
		return verdict();
	}
	bases();
	data();
	selectors();
	load_segment(ds, USER_DS);
	load_segment(gs, USER_DS);
	show(arch_prctl, SET_GS, BASE);
	if (!failures)
		sys(execve, self, again, again + 2);
	return verdict();
}
