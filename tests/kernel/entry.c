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

static struct pt_regs seen;

static int note_regs(struct kprobe *p __maybe_unused, struct pt_regs *regs)
{
	seen = *regs;
	return 0;
}

/* Run @code with a probe on @symbol, which leaves in seen the registers of the kernel there. */
static void registers_at(const char *symbol, const struct user_code *code, int status)
{
	struct kprobe probe = { .symbol_name = symbol, .pre_handler = note_regs };

	seen = (struct pt_regs){ 0 };
	KTAP_EXPECT_EQ(register_kprobe(&probe), 0);
	KTAP_EXPECT_EQ(run_user_code(code), status);
	unregister_kprobe(&probe);
	KTAP_EXPECT_EQ(seen.cs, __KERNEL_CS);
}

/* With ring 3's AC, SMAP would be off in the kernel; with its DF, memcpy() would run backwards. */
KTAP_SUITE(traps_clear_flags_of_ring_3)
{
	/* pushfq; or dword [rsp], AC | DF; popfq; int3 */
	static const struct user_code code = { CODE("\x9c\x81\x0c\x24\0\x04\x04\0\x9d\xcc") };
	/* the same; hlt, which is #GP and pushes an error code */
	static const struct user_code fault = { CODE("\x9c\x81\x0c\x24\0\x04\x04\0\x9d\xf4") };

	registers_at("force_sig_info", &code, SIGTRAP);
	KTAP_EXPECT_EQ(seen.flags & (X86_EFLAGS_AC | X86_EFLAGS_DF), 0);
	registers_at("force_sig_info", &fault, SIGSEGV);
	KTAP_EXPECT_EQ(seen.flags & (X86_EFLAGS_AC | X86_EFLAGS_DF), 0);
}

/* What ring 3 had in registers that the kernel does not look at is not there any more. */
KTAP_SUITE(nothing_of_ring_3_in_registers)
{
	/* mov ebx, 0x5a5a5a5a; the same for ebp, r8d to r10d, r12d to r15d; getpid; ud2 */
	static const struct user_code code = {
		CODE("\xbb\x5a\x5a\x5a\x5a\xbd\x5a\x5a\x5a\x5a\x41\xb8\x5a\x5a\x5a\x5a"
		     "\x41\xb9\x5a\x5a\x5a\x5a\x41\xba\x5a\x5a\x5a\x5a\x41\xbc\x5a\x5a\x5a\x5a"
		     "\x41\xbd\x5a\x5a\x5a\x5a\x41\xbe\x5a\x5a\x5a\x5a\x41\xbf\x5a\x5a\x5a\x5a"
		     GETPID "\x0f\x0b")
	};
	const unsigned long *reg;

	registers_at("__x64_sys_getpid", &code, SIGILL);
	for (reg = &seen.r15; reg <= &seen.si; reg++)
		KTAP_EXPECT(*reg != 0x5a5a5a5a);
}

/* CLONE_CHILD_CLEARTID: who shares the memory sees that the child is gone. */
KTAP_SUITE(tid_is_cleared_for_those_who_share)
{
	/* push 1; clone(CLONE_VM | CLONE_VFORK | CLONE_CHILD_CLEARTID | SIGCHLD, 0, 0, rsp) */
	static const struct user_code code = {
		CODE("\x6a\x01\xb8\x38\0\0\0\xbf\x11\x41\x20\0\x31\xf6\x31\xd2\x49\x89\xe2\x0f\x05"
		     "\x85\xc0\x74\x0a"                            /* the child goes on below */
		     "\x8b\x3c\x24\xb8\xe7\0\0\0\x0f\x05"          /* exit_group(what is there) */
		     "\x31\xff\xb8\x3c\0\0\0\x0f\x05")             /* exit(0) */
	};

	KTAP_EXPECT_EQ(run_user_code(&code), 0);
	KTAP_EXPECT(__x64_sys_wait4(&(struct pt_regs){ .di = -1 }) > 0); /* we have inherited the child */
}

static int ask_to_reschedule(struct kprobe *p __maybe_unused, struct pt_regs *regs __maybe_unused)
{
	current->thread_flags |= TIF_NEED_RESCHED;
	return 0;
}

/* Whatever is due before the return to ring 3, the call's result is what it was. */
KTAP_SUITE(result_of_a_call_that_reschedules)
{
	/* getppid, which is 1; mov edi, eax; mov eax, exit_group; syscall */
	static const struct user_code code = {
		CODE("\xb8\x6e\0\0\0\x0f\x05\x89\xc7\xb8\xe7\0\0\0\x0f\x05")
	};
	struct kprobe probe = {
		.symbol_name = "__x64_sys_getppid", .pre_handler = ask_to_reschedule,
	};

	KTAP_EXPECT_EQ(register_kprobe(&probe), 0);
	KTAP_EXPECT_EQ(run_user_code(&code), 1 << 8);
	unregister_kprobe(&probe);
}

/* What a loader left in LDTR could be a table in memory that ring 3 can map. */
KTAP_SUITE(no_local_descriptor_table)
{
	unsigned short ldtr = 0xffff;

	__asm__ volatile("sldt %0" : "=m"(ldtr));
	KTAP_EXPECT_EQ(ldtr, 0);
}
