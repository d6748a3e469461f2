/*
 * signal_frames.c - faults as their handler sees them, and frames that a handler has changed before
 * rt_sigreturn() takes them: what is loaded, what is left out, and what ends the program.
 *
 * Left out is what QEMU does otherwise than the hardware: a stack pointer that is not canonical, the
 * flag RF of a fault, reserved bits of MXCSR.
 */
#include "handlers.h"

static sig_atomic_t calls;
static struct info seen;
static struct ucontext_of_kernel context;
static char *page, *hole, *readonly;
static void *resume;		/* where the handler of a fault makes it go on */

/* --- faults --------------------------------------------------------------------------------- */

static void on_fault(int sig, struct info *info, struct ucontext_of_kernel *uc)
{
	CHECK(sig == info->signo);
	seen = *info;
	context = *uc;
	uc->regs.ip = (unsigned long)resume;
	uc->regs.flags &= ~0x100ul;
	calls++;
}

/* An address, by what it lies in. */
static const char *where(unsigned long address)
{
	static char buf[2][40];
	static int which;
	char *text = buf[which ^= 1];
	const struct { const char *name; char *at; } places[] = {
		{ "page", page }, { "hole", hole }, { "read-only page", readonly },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(places); i++) {
		if (address - (unsigned long)places[i].at < PAGE) {
			snprintf(text, 40, "%s + %lu", places[i].name, address - (unsigned long)places[i].at);
			return text;
		}
	}
	if (address == context.regs.ip)
		return "rip";
	snprintf(text, 40, "%#lx", address);
	return text;
}

/*
 * A function with instructions that fault: rax, rbx and rdx are page, hole and read-only page, rcx is 0.
 * The handler makes it go on behind them, where the stack is what it was.
 */
#define FAULT(name, code)							\
	static void name(void)							\
	{									\
		char *a = page, *d = readonly;					\
										\
		asm volatile("mov %%rsp, %%r12; sub $256, %%rsp; lea 9f(%%rip), %%rdi;"	\
			     "mov %%rdi, %[resume];" code "; 9: mov %%r12, %%rsp"	\
			     : [resume] "=m" (resume), "+a" (a), "+d" (d)	\
			     : "b" (hole), "c" (0)				\
			     : "rdi", "r12", "memory", "cc");			\
	}

FAULT(read_hole, "mov 8(%%rbx), %%rdi")
FAULT(write_hole, "mov %%rdi, 16(%%rbx)")
FAULT(run_hole, "jmp *%%rbx")
FAULT(write_readonly, "movb $1, 24(%%rdx)")
FAULT(run_data, "jmp *%%rax")
FAULT(read_null, "mov (%%rcx), %%rdi")
FAULT(read_kernel, "mov $0xffffffff81000000, %%rdi; mov (%%rdi), %%rdi")
FAULT(write_kernel, "mov $0xffff888000000000, %%rdi; mov %%rdi, (%%rdi)")
FAULT(read_noncanonical, "mov $0x8000000000000000, %%rdi; mov (%%rdi), %%rdi")
FAULT(divide, "mov $1, %%edi; xor %%edx, %%edx; div %%ecx")
FAULT(overflow, "mov $0x80000000, %%eax; cltd; mov $-1, %%edi; idiv %%edi")
FAULT(undefined, "ud2")
FAULT(breakpoint, "int3")
FAULT(interrupt_4, "int $4")
FAULT(interrupt_3, ".byte 0xcd, 3")
FAULT(halt, "hlt")
FAULT(disable_interrupts, "cli")
FAULT(far_segment, "mov $0x1b, %%edi; mov %%edi, %%ds")
FAULT(step, "pushfq; orq $0x100, (%%rsp); popfq; nop; nop")
FAULT(x87, "fninit; push $0; fldcw (%%rsp); fld1; fldz; fdivrp; fwait")

static void faults(void)
{
	static const struct { const char *name; void (*fn)(void); } cases[] = {
		{ "read of a hole", read_hole }, { "write to a hole", write_hole },
		{ "jump to a hole", run_hole }, { "write to a read-only page", write_readonly },
		{ "jump to data", run_data }, { "read at 0", read_null },
		{ "read of the kernel", read_kernel }, { "write to the kernel", write_kernel },
		{ "read at an address that is not canonical", read_noncanonical },
		{ "division by zero", divide }, { "quotient too large", overflow }, { "ud2", undefined },
		{ "int3", breakpoint }, { "int 3", interrupt_3 }, { "int 4", interrupt_4 },
		{ "hlt", halt }, { "cli", disable_interrupts },
		{ "mov ds, 0x1b", far_segment }, { "single step", step }, { "x87 division by zero", x87 },
	};
	static const int signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP };

	for (unsigned i = 0; i < ARRAY_SIZE(signals); i++)
		handle(signals[i], on_fault, 0, 0);
	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
		calls = 0;
		cases[i].fn();
		line("%s: signal %d code %d errno %d addr %s; trapno %ld err %#lx cr2 %s", cases[i].name,
		     seen.signo, seen.code, seen.error, where((unsigned long)seen.addr),
		     context.regs.trapno, context.regs.err,
		     context.regs.trapno == 14 ? where(context.regs.cr2) : "as before");
		CHECK(calls == 1);
	}
}

/* --- forged frames -------------------------------------------------------------------------- */

static unsigned long bad_ip;

enum forgery {
	NOTHING, CS_0, CS_KERNEL, CS_32, CS_TSS, CS_LDT, CS_BEYOND, SS_0, SS_KERNEL, SS_CODE, SS_TSS,
	SS_BEYOND, SS_0_NOT_STRICT, SS_CODE_NOT_STRICT, SS_KERNEL_NOT_STRICT,
	IP_NONCANONICAL, IP_HIGH, IP_KERNEL, IP_LAST, IP_0, SP_KERNEL, SP_0,
	FLAGS_ALL, FLAGS_NONE, FLAGS_IOPL, FLAGS_NT, FLAGS_IF_OFF, FLAGS_AC, FLAGS_TF, FLAGS_VM, MASK_ALL,
	FPSTATE_ODD, FPSTATE_HOLE, FPSTATE_HALF, FPSTATE_KERNEL, FPSTATE_NONCANONICAL,
	STACK_BAD_FLAGS, STACK_SMALL, STACK_SET, FRAME_GONE, FRAME_KERNEL, FRAME_NONCANONICAL, FRAME_HALF,
	LINK, UC_FLAGS_ALL, UC_FLAGS_0, GS_FS, ORIGINAL_NUMBER, FORGERIES
};

static const char *const names[] = {
	"nothing changed", "cs 0", "cs of the kernel", "cs of 32-bit code", "cs of the TSS", "cs in the LDT",
	"cs beyond the GDT", "ss 0", "ss of the kernel", "ss is a code segment", "ss of the TSS",
	"ss beyond the GDT", "ss 0, not strict", "ss is a code segment, not strict",
	"ss of the kernel, not strict",
	"rip not canonical", "rip 0x7ffffffff000", "rip of the kernel", "rip 0x7fffffffffff", "rip 0",
	"rsp of the kernel", "rsp 0",
	"all flags set", "no flag set", "IOPL 3", "NT", "IF clear", "AC", "TF", "VM", "all signals blocked",
	"FPU state at an odd address", "FPU state not mapped", "FPU state half mapped",
	"FPU state in the kernel's half", "FPU state at an address that is not canonical",
	"alternate stack with flags 77", "alternate stack of 1 byte", "alternate stack set",
	"rsp without a frame at rt_sigreturn", "rsp of the kernel at rt_sigreturn",
	"rsp not canonical at rt_sigreturn", "a frame that is half mapped",
	"link, reserved words", "all uc_flags", "no uc_flags", "gs, fs of the frame", "oldmask, err, trapno, cr2",
};

_Static_assert(ARRAY_SIZE(names) == FORGERIES, "a name for each forgery");

static void forge_segments(struct context *r, struct ucontext_of_kernel *uc, int what)
{
	static const unsigned short selectors[] = {
		[CS_0] = 0, [CS_KERNEL] = 0x10, [CS_32] = 0x23, [CS_TSS] = 0x40, [CS_LDT] = 0x37,
		[CS_BEYOND] = 0xfffb, [SS_0] = 0, [SS_KERNEL] = 0x18, [SS_CODE] = 0x33, [SS_TSS] = 0x40,
		[SS_BEYOND] = 0xfffb, [SS_0_NOT_STRICT] = 0, [SS_CODE_NOT_STRICT] = 0x33,
		[SS_KERNEL_NOT_STRICT] = 0x18,
	};

	if (what >= CS_0 && what <= CS_BEYOND)
		r->cs = selectors[what];
	if (what >= SS_0 && what <= SS_KERNEL_NOT_STRICT)
		r->ss = selectors[what];
	if (what >= SS_0_NOT_STRICT && what <= SS_KERNEL_NOT_STRICT)
		uc->flags &= ~4ul;
}

static void forge_pointers(struct context *r, int what)
{
	static const unsigned long values[] = {
		[IP_NONCANONICAL] = 0x800000000000, [IP_HIGH] = 0x7ffffffff000,
		[IP_KERNEL] = 0xffffffff81000000, [IP_LAST] = 0x7fffffffffff, [IP_0] = 0,
		[SP_KERNEL] = 0xffff888000001000, [SP_0] = 0,
	};

	if (what >= IP_NONCANONICAL && what <= IP_0)
		r->ip = r->cx = values[what]; /* as SYSRET would want it */
	if (what >= SP_KERNEL && what <= SP_0)
		r->sp = values[what];
	bad_ip = r->ip;
}

static void forge_flags(struct context *r, int what)
{
	switch (what) {
	case FLAGS_ALL: r->flags = ~0x100ul; break;
	case FLAGS_NONE: r->flags = 0; break;
	case FLAGS_IOPL: r->flags |= 0x3000; break;
	case FLAGS_NT: r->flags |= 0x4000; break;
	case FLAGS_IF_OFF: r->flags &= ~0x200ul; break;
	case FLAGS_AC: r->flags |= 0x40000; break;
	case FLAGS_TF: r->flags |= 0x100; break;
	case FLAGS_VM: r->flags |= 0x20000; break;
	}
}

static void forge_fpu(struct context *r, int what)
{
	unsigned char *copy = (unsigned char *)page + PAGE - 512 + (what == FPSTATE_ODD ? -63 : 256);

	memcpy(page, r->fpstate, 512);
	memset(page + 464, 0, 48);
	switch (what) {
	case FPSTATE_ODD:
		memcpy(copy, page, 512);
		r->fpstate = copy;
		break;
	case FPSTATE_HALF:
		r->fpstate = copy;
		break;
	case FPSTATE_HOLE: r->fpstate = (void *)hole; break;
	case FPSTATE_KERNEL: r->fpstate = (void *)0xffff888000000000; break;
	case FPSTATE_NONCANONICAL: r->fpstate = (void *)0x8000000000000000; break;
	}
}

static void forge_stack(struct ucontext_of_kernel *uc, int what)
{
	if (what == STACK_BAD_FLAGS)
		uc->stack.ss_flags = 77;
	if (what >= STACK_SMALL && what <= STACK_SET)
		uc->stack = (stack_t){ page, 0, what == STACK_SMALL ? 1 : PAGE };
	if (what == LINK) {
		uc->link = (void *)-1;
		memset(uc->regs.reserved, 0xff, sizeof(uc->regs.reserved));
	}
	if (what == UC_FLAGS_ALL)
		uc->flags = ~0ul;
	if (what == UC_FLAGS_0)
		uc->flags = 0;
	if (what == GS_FS)
		uc->regs.gs = uc->regs.fs = 0xffff;
	if (what == ORIGINAL_NUMBER)
		uc->regs.oldmask = uc->regs.err = uc->regs.trapno = uc->regs.cr2 = ~0ul;
	if (what == MASK_ALL)
		uc->mask = ~0ul;
}

static int forgery;

static void forge(int sig, struct info *info, struct ucontext_of_kernel *uc)
{
	static const unsigned long stack_pointers[] = { 0x10008, 0xffff888000001000, 0x8000000000000000, 0 };

	(void)sig;
	(void)info;
	forge_segments(&uc->regs, uc, forgery);
	forge_pointers(&uc->regs, forgery);
	forge_flags(&uc->regs, forgery);
	if (forgery >= FPSTATE_ODD && forgery <= FPSTATE_NONCANONICAL)
		forge_fpu(&uc->regs, forgery);
	forge_stack(uc, forgery);
	if (forgery >= FRAME_GONE && forgery <= FRAME_HALF) {
		unsigned long sp = stack_pointers[forgery - FRAME_GONE];

		if (!sp) {
			memcpy(page + PAGE - 200, uc, 200);
			sp = (unsigned long)page + PAGE - 200;
		}
		asm volatile("mov %0, %%rsp; mov $15, %%eax; syscall; hlt" : : "r" (sp));
	}
}

static void survive(int sig, struct info *info, struct ucontext_of_kernel *uc)
{
	(void)sig;
	line("  caught signal %d code %d: cs %#x ss %#x rip %s flags %#lx trapno %ld err %#lx blocked %s",
	     info->signo, info->code, uc->regs.cs, uc->regs.ss,
	     uc->regs.ip == bad_ip ? "as forged" : "another", uc->regs.flags & 0x3e7200,
	     info->code == SI_KERNEL && info->signo == SIGSEGV ? uc->regs.trapno : 0,
	     info->code == SI_KERNEL && info->signo == SIGSEGV ? uc->regs.err : 0,
	     uc->mask ? "some" : "none");
	sys(exit_group, 3);
}

static int return_by_forged_frame(void *what)
{
	stack_t stack = { new_pages(8, MAP_PRIVATE), 0, 8 * PAGE }, after;
	unsigned long flags, mask;

	forgery = *(int *)what;
	context.regs.trapno = 0;
	if (forgery < STACK_BAD_FLAGS || forgery > STACK_SET)
		CHECK(sys(sigaltstack, &stack, 0) == 0);
	handle(SIGUSR1, forge, 0, 0);
	handle(SIGSEGV, survive, SA_ONSTACK, 0);
	handle(SIGBUS, survive, SA_ONSTACK, 0);
	handle(SIGTRAP, survive, SA_ONSTACK, 0);
	raise_signal(SIGUSR1);
	asm volatile("pushfq; pop %0; push $0x202; popfq" : "=r" (flags));
	mask = blocked();
	CHECK(sys(sigaltstack, 0, &after) == 0);
	line("  goes on: flags %#lx, blocked %#lx, alternate stack flags %#x", flags & 0x3e7600, mask,
	     (unsigned)after.ss_flags);
	return 0;
}

int main(void)
{
	stack_t none = { 0, SS_DISABLE, 0 };
	char *pages = new_pages(6, MAP_PRIVATE);

	CHECK(sys(sigaltstack, &none, 0) == 0);
	page = pages;
	hole = pages + PAGE;
	readonly = pages + 3 * PAGE;
	CHECK(sys(munmap, hole, PAGE) == 0);
	CHECK(sys(mprotect, readonly, PAGE, PROT_READ) == 0);
	faults();
	for (int i = 0; i < FORGERIES; i++)
		try(names[i], return_by_forged_frame, &i);
	return verdict();
}
