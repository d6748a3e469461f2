/*
 * The way out of the kernel with frames no honest program has, and what the gate relies on.
 */
#include "kernel/cpu/cpu.h"
#include "kernel/kprobes/kprobes.h"
#include "kernel/process/process.h"
#include "tests/kernel/ktap.h"
#include "tests/kernel/leaks.h"
#include "tests/kernel/user.h"

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

/* Run @code and see how it ends and how often the kernel went back to ring 3 by SYSRET. */
static void returns(const struct user_code *code, int status, unsigned long sysrets)
{
	unsigned long sysret = percpu.nr_sysret, iret = percpu.nr_iret;

	KTAP_EXPECT_EQ(run_user_code(code), status);
	KTAP_EXPECT_EQ(percpu.nr_sysret - sysret, sysrets);
	KTAP_EXPECT(percpu.nr_iret - iret >= 2 - sysrets); /* at first, too, a task goes by IRET */
}

#define CODE(text) .bytes = text, .len = sizeof(text) - 1
#define GETPID "\xb8\x27\0\0\0\x0f\x05" /* mov eax, getpid; syscall */
#define LAST_PAGE (TASK_SIZE_MAX - PAGE_SIZE)

static int lose_the_way(struct kprobe *p __maybe_unused, struct pt_regs *regs __maybe_unused)
{
	struct pt_regs *frame = task_pt_regs(current);

	frame->ip = frame->cx = NOT_CANONICAL;
	return 0;
}

/*
 * SYSRET with TF traps before ring 3 has executed anything, and with an address that is not
 * canonical it faults in ring 0 with ring 3's stack (CVE-2012-0217): both must go by IRET.
 */
KTAP_SUITE(sysret_only_when_it_may)
{
	static const struct user_code plain = { CODE(GETPID "\x0f\x0b") };
	/* pushfq; or dword [rsp], TF; mov eax, getpid; popfq; syscall; nop; ud2 */
	static const struct user_code single_step = {
		CODE("\x9c\x81\x0c\x24\0\x01\0\0\xb8\x27\0\0\0\x9d\x0f\x05\x90\x0f\x0b")
	};
	static const struct user_code at_the_end = {
		CODE(GETPID), .page = LAST_PAGE, .ip = TASK_SIZE_MAX - 7
	};
	struct kprobe probe = {
		.symbol_name = "__x64_sys_getpid", .pre_handler = lose_the_way,
	};

	returns(&plain, SIGILL, 1);
	returns(&single_step, SIGTRAP, 0);
	returns(&at_the_end, SIGSEGV, 0);
	KTAP_EXPECT_EQ(register_kprobe(&probe), 0);
	returns(&plain, SIGSEGV, 0);
	unregister_kprobe(&probe);
	returns(&plain, SIGILL, 1);
}

/* What a loader left in LDTR could be a table in memory that ring 3 can map. */
KTAP_SUITE(no_local_descriptor_table)
{
	unsigned short ldtr = 0xffff;

	__asm__ volatile("sldt %0" : "=m"(ldtr));
	KTAP_EXPECT_EQ(ldtr, 0);
}
