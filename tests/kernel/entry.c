/*
 * The way out of the kernel with frames no honest program has, and what the gate relies on.
 */
#include "kernel/cpu/cpu.h"
#include "kernel/process/process.h"
#include "tests/kernel/ktap.h"
#include "tests/kernel/leaks.h"

#define NOT_CANONICAL 0x800000000000ul

long __x64_sys_wait4(const struct pt_regs *regs);

static int take_frame(void *frame)
{
	*task_pt_regs(current) = *(const struct pt_regs *)frame;
	return 0;
}

/*
 * How a child ends that goes to ring 3 by IRET with these: its wait status. It has no memory there.
 */
static int iret_with(unsigned long ip, unsigned long cs, unsigned long ss)
{
	struct pt_regs frame = { .ip = ip, .cs = cs, .ss = ss, .flags = X86_EFLAGS_IF };
	struct pt_regs wait = { .di = user_mode_thread(take_frame, &frame) };
	const struct task_struct *child = find_task_by_vpid(wait.di);
	int code;

	while (!child->exit_state)
		schedule();
	code = child->exit_code;
	KTAP_EXPECT_EQ(__x64_sys_wait4(&wait), wait.di);
	return code;
}

KTAP_SUITE(iret_that_faults_ends_the_task)
{
	struct leaks before;

	leaks_begin(&before);
	KTAP_EXPECT_EQ(iret_with(0x1000, __USER_CS, __USER_DS), SIGSEGV); /* gets there, and faults */
	KTAP_EXPECT_EQ(iret_with(NOT_CANONICAL, __USER_CS, __USER_DS), SIGSEGV);
	KTAP_EXPECT_EQ(iret_with(0x1000, __USER_CS, 3), SIGSEGV);          /* null */
	KTAP_EXPECT_EQ(iret_with(0x1000, __USER_CS, __USER_CS), SIGSEGV);  /* code */
	KTAP_EXPECT_EQ(iret_with(0x1000, GDT_ENTRIES * 8 + 3, __USER_DS), SIGSEGV);
	KTAP_EXPECT_EQ(rdmsr(MSR_GS_BASE), &percpu);
	KTAP_EXPECT(leaks_none(&before));
}

/* What a loader left in LDTR could be a table in memory that ring 3 can map. */
KTAP_SUITE(no_local_descriptor_table)
{
	unsigned short ldtr = 0xffff;

	__asm__ volatile("sldt %0" : "=m"(ldtr));
	KTAP_EXPECT_EQ(ldtr, 0);
}
