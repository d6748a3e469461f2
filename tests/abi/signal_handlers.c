/*
 * signal_handlers.c - what a handler finds and what it leaves: siginfo, ucontext, mask, registers,
 * FPU state, the alternate stack; in which order signals are taken.
 */
#include "handlers.h"

static int calls;			/* of a handler, since a check began */
static struct info seen;
static struct ucontext_of_kernel context;
static unsigned long mask_inside;	/* what was blocked in the handler */
static uintptr_t stack_inside;
static unsigned long flags_inside, frame_at;

static void note(int sig, struct info *info, struct ucontext_of_kernel *uc)
{
	asm volatile("pushfq; popq %0" : "=r" (flags_inside));
	CHECK(sig == info->signo);
	calls++;
	seen = *info;
	context = *uc;
	mask_inside = blocked();
	stack_inside = (uintptr_t)&sig;
	frame_at = (unsigned long)uc - 8;
}

/* --- siginfo -------------------------------------------------------------------------------- */

static void tell(const char *what)
{
	long me = sys(getpid);

	line("%s: %d call, signal %d errno %d code %d, from %s, uid %d", what, calls, seen.signo, seen.error,
	     seen.code, seen.pid == me ? "itself" : seen.pid ? "another" : "nobody", seen.uid);
	calls = 0;
}

static void siginfos(void)
{
	long me = sys(getpid), tid = sys(gettid);
	struct info info = { .code = -1, .pid = 77, .uid = 88, .value = 0x123456789 };

	handle(SIGUSR1, note, 0, 0);
	handle(40, note, 0, 0);
	CHECK(sys(kill, me, SIGUSR1) == 0);
	tell("kill(self)");
	CHECK(sys(kill, 0, 0) == 0);
	CHECK(sys(tkill, tid, SIGUSR1) == 0);
	tell("tkill(self)");
	CHECK(sys(tgkill, me, tid, 40) == 0);
	tell("tgkill(self)");
	CHECK(sys(rt_sigqueueinfo, me, 40, &info) == 0);
	tell("rt_sigqueueinfo(self)");
	line("pid %d, value %#lx, and behind it %d", seen.pid, seen.value, seen.words[10]);
	CHECK(sys(rt_tgsigqueueinfo, me, tid, SIGUSR1, &info) == 0);
	tell("rt_tgsigqueueinfo(self)");
	info.code = SI_KERNEL;
	CHECK(sys(rt_sigqueueinfo, me, SIGUSR1, &info) == 0);
	tell("as the kernel, to itself");
	long child = send_later(me, SIGUSR1, 0);
	int status;

	while (!calls)
		sys(wait4, -1, &status, 0, 0);
	line("from the child: %d", seen.pid == child);
	calls = 0;
	sys(wait4, child, 0, 0, 0);
}

/* --- masks ---------------------------------------------------------------------------------- */

static void masks(void)
{
	static const struct {
		const char *what;
		unsigned long flags, mask;
	} cases[] = {
		{ "no flags", 0, 0 },
		{ "SA_NODEFER", SA_NODEFER, 0 },
		{ "a mask of SIGUSR2, 50", 0, 1ul << 11 | 1ul << 49 },
		{ "SA_NODEFER, a mask of SIGUSR2", SA_NODEFER, 1ul << 11 },
		{ "SA_NODEFER, a mask of SIGUSR1", SA_NODEFER, 1ul << 9 },
		{ "a mask of all", 0, ~0ul },
		{ "SA_RESETHAND", SA_RESETHAND, 0 },
		{ "SA_RESETHAND, SA_NODEFER", SA_RESETHAND | SA_NODEFER, 0 },
	};
	struct action old;

	set_blocked(bit(SIGHUP));
	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
		handle(SIGUSR1, note, cases[i].flags, cases[i].mask);
		raise_signal(SIGUSR1);
		CHECK(sys(rt_sigaction, SIGUSR1, 0, &old, 8) == 0);
		line("%s: blocked in the handler %#lx, in its frame %#lx, after it %#lx; then it is %s",
		     cases[i].what, mask_inside, context.mask, blocked(),
		     old.handler == note ? "set" : old.handler ? "ignored" : "default");
	}
	set_blocked(0);
}

/* --- order and nesting ---------------------------------------------------------------------- */

static char order[64];

static void append(int sig, struct info *info, struct ucontext_of_kernel *uc)
{
	int len = strlen(order);

	(void)uc;
	snprintf(order + len, sizeof(order) - len, " %d", sig);
	if (info->code == SI_QUEUE && info->value)
		snprintf(order + strlen(order), 8, "/%ld", info->value);
}

static void nest(int sig, struct info *info, struct ucontext_of_kernel *uc)
{
	append(sig, info, uc);
	if (strlen(order) < 12)
		raise_signal(sig);
	strcat(order, " end");
}

static void orders(void)
{
	long me = sys(getpid);
	struct info info = { .code = SI_QUEUE };

	for (int sig = 1; sig <= 64; sig++) {
		if (sig != SIGKILL && sig != SIGSTOP)
			handle(sig, append, 0, 0);
	}
	set_blocked(~0ul);
	raise_signal(45);
	raise_signal(SIGSEGV);
	raise_signal(SIGHUP);
	for (info.value = 3; info.value; info.value--)
		CHECK(sys(rt_sigqueueinfo, me, 40, &info) == 0);
	raise_signal(SIGTERM);
	CHECK(sys(tkill, me, SIGUSR2) == 0);
	CHECK(sys(tkill, me, SIGFPE) == 0);
	raise_signal(SIGTERM);
	order[0] = 0;
	set_blocked(0);
	line("the last one taken runs first, nothing blocked: %s", order);

	for (int sig = 1; sig <= 64; sig++) {
		if (sig != SIGKILL && sig != SIGSTOP)
			handle(sig, append, 0, ~0ul);
	}
	set_blocked(~0ul);
	raise_signal(45);
	raise_signal(SIGHUP);
	raise_signal(SIGSEGV);
	raise_signal(40);
	CHECK(sys(tkill, me, SIGUSR2) == 0);
	order[0] = 0;
	set_blocked(0);
	line("one after the other, all blocked in each: %s", order);

	handle(SIGUSR1, nest, 0, 0);
	order[0] = 0;
	raise_signal(SIGUSR1);
	line("a handler that sends itself the signal: %s", order);
	handle(SIGUSR1, nest, SA_NODEFER, 0);
	order[0] = 0;
	raise_signal(SIGUSR1);
	line("... with SA_NODEFER: %s", order);
	for (int sig = 1; sig <= 64; sig++) {
		if (sig != SIGKILL && sig != SIGSTOP)
			set_action(sig, SIG_DFL, 0, 0);
	}
}

/* --- registers ------------------------------------------------------------------------------ */

static void change_registers(int sig, struct info *info, struct ucontext_of_kernel *uc)
{
	note(sig, info, uc);
	uc->regs.bx = 0xb0b;
	uc->regs.r15 = 0xf15;
	uc->regs.ax = 0xa0a;
	uc->regs.r11 = 0x11;
	uc->regs.cx = 0xcc;
	uc->regs.flags |= 0x801; /* OF, CF */
	uc->mask = bit(SIGHUP);
}

/* All registers as they are behind a signal that the code sends itself. */
static void registers(void)
{
	unsigned long bx = 1, r15 = 2, ax, cx, r11, flags, me = sys(getpid);

	handle(SIGUSR1, note, 0, 0);
	asm volatile("mov %6, %%rdi; mov %7, %%esi; mov $1, %%ebx; mov $2, %%r15d; mov $62, %%eax;"
		     "std; syscall; cld; pushfq; pop %5; mov %%rbx, %0; mov %%r15, %1; mov %%rax, %2;"
		     "mov %%rcx, %3; mov %%r11, %4"
		     : "=m" (bx), "=m" (r15), "=m" (ax), "=m" (cx), "=m" (r11), "=&r" (flags)
		     : "r" (me), "i" (SIGUSR1)
		     : "rax", "rbx", "rcx", "rdi", "rsi", "r11", "r15", "memory", "cc");
	line("left alone: rbx %#lx r15 %#lx rax %#lx, rcx is %s", bx, r15, ax,
	     cx == context.regs.ip ? "rip" : "another");
	line("in the frame: cs %#x ss %#x gs %u fs %u, rax %ld, rdi %s, rsi %ld, rip %s, oldmask %#lx",
	     context.regs.cs, context.regs.ss, context.regs.gs, context.regs.fs, context.regs.ax,
	     context.regs.di == me ? "pid" : "another", context.regs.si,
	     context.regs.ip == context.regs.cx ? "rcx" : "another", context.regs.oldmask);
	line("DF in the frame %d, in the handler %d", !!(context.regs.flags & 0x400),
	     !!(flags_inside & 0x400));
	line("uc_flags without UC_FP_XSTATE %#lx, link %s, alternate stack: flags %#x",
	     context.flags & ~1ul, context.link ? "set" : "0", context.stack.ss_flags);
	handle(SIGUSR1, change_registers, 0, 0);
	asm volatile("mov %6, %%rdi; mov %7, %%esi; mov $62, %%eax; syscall; pushfq; pop %5;"
		     "mov %%rbx, %0; mov %%r15, %1; mov %%rax, %2; mov %%rcx, %3; mov %%r11, %4"
		     : "=m" (bx), "=m" (r15), "=m" (ax), "=m" (cx), "=m" (r11), "=&r" (flags)
		     : "r" (me), "i" (SIGUSR1)
		     : "rax", "rbx", "rcx", "rdi", "rsi", "r11", "r15", "memory", "cc");
	line("changed in the frame: rbx %#lx r15 %#lx rax %#lx rcx %#lx r11 %#lx, OF and CF %#lx, mask %#lx",
	     bx, r15, ax, cx, r11, flags & 0x801, blocked());
	set_blocked(0);
	line("the handler starts with rsp %% 16 = %lu, its FPU state is at a multiple of 64: %d",
	     frame_at % 16, ((unsigned long)context.regs.fpstate & 63) == 0);
}

/*
 * A signal comes while the program runs, and its registers look like those of a call that is to start
 * again: -512 is ERESTARTSYS. And what lies below the stack pointer belongs to the program.
 */
static void no_call(void)
{
	long rax = -512, below = 0, me = sys(getpid), sender;

	handle(SIGUSR1, note, SA_RESTART, 0);
	calls = 0;
	sender = send_later(me, SIGUSR1, 20);
	asm volatile("mov $0x77, %%ecx; mov %%rcx, -128(%%rsp);"
		     "1: pause; cmpl $0, %2; je 1b; mov -128(%%rsp), %1"
		     : "+a" (rax), "=r" (below) : "m" (calls) : "rcx", "memory", "cc");
	line("interrupted with rax -512: %ld, %d calls, below the stack pointer %#lx", rax, calls, below);
	CHECK(sys(wait4, sender, 0, 0, 0) == sender);
}

/* --- the FPU -------------------------------------------------------------------------------- */

static unsigned int mxcsr_inside;
static unsigned short control_inside;
static int change_fpu;

static void look_at_fpu(int sig, struct info *info, struct ucontext_of_kernel *uc)
{
	unsigned int mxcsr = 0x1fa0;
	unsigned long zero = 0;

	note(sig, info, uc);
	asm volatile("stmxcsr %0; fnstcw %1" : "=m" (mxcsr_inside), "=m" (control_inside));
	asm volatile("ldmxcsr %0; movq %1, %%xmm7; fninit; fld1" : : "m" (mxcsr), "r" (zero) : "xmm7");
	if (change_fpu == 1)
		*(unsigned int *)(uc->regs.fpstate + 24) = 0x3f80; /* round down */
	if (change_fpu == 2)
		*(unsigned long *)(uc->regs.fpstate + 160 + 16 * 7) = 0x77;
	if (change_fpu == 3)
		uc->regs.fpstate = 0;
	if (change_fpu == 4)
		memset(uc->regs.fpstate + 416, 0xff, 48);
}

static void fpu(void)
{
	static const char *const what[] = {
		"left alone", "MXCSR in the frame is 0x3f80", "XMM7 in the frame is 0x77",
		"no FPU state in the frame", "the reserved bytes are all ones",
	};
	long me = sys(getpid);

	handle(SIGUSR1, look_at_fpu, 0, 0);
	for (change_fpu = 0; change_fpu < 5; change_fpu++) {
		unsigned int mxcsr = 0x5f80; /* round up */
		unsigned short control = 0x27f, status;
		unsigned long xmm = 0x1234;

		asm volatile("ldmxcsr %0; fninit; fldcw %1; fldz; movq %2, %%xmm7;"
			     "mov $62, %%eax; syscall;"
			     "movq %%xmm7, %2; stmxcsr %0; fnstcw %1; fnstsw %3; fninit"
			     : "+m" (mxcsr), "+m" (control), "+m" (xmm), "=m" (status)
			     : "D" (me), "S" (SIGUSR1) : "rax", "rcx", "r11", "xmm7", "memory");
		line("%s: in the handler mxcsr %#x fcw %#x; after it mxcsr %#x fcw %#x top %d xmm7 %#lx",
		     what[change_fpu], mxcsr_inside, control_inside, mxcsr, control,
		     status >> 11 & 7, xmm);
		mxcsr = 0x1f80;
		asm volatile("ldmxcsr %0" : : "m" (mxcsr));
	}
}

/* --- the alternate stack -------------------------------------------------------------------- */

static char alternate[32768] __attribute__((aligned(16)));
static stack_t at_handler;
static long change_result, nested_result;
static int nest_once;

static int inside(uintptr_t p)
{
	return p - (uintptr_t)alternate < sizeof(alternate);
}

static void on_stack(int sig, struct info *info, struct ucontext_of_kernel *uc)
{
	stack_t off = { 0, SS_DISABLE, 0 };

	note(sig, info, uc);
	CHECK(sys(sigaltstack, 0, &at_handler) == 0);
	if (nest_once) {
		nest_once = 0;
		raise_signal(SIGUSR2);
		nested_result = inside(stack_inside);
		return;
	}
	change_result = sys(sigaltstack, &off, 0);
}

static void tell_stack(const char *what)
{
	stack_t after;

	CHECK(sys(sigaltstack, 0, &after) == 0);
	line("%s: on it %d, in the handler flags %#x, in the frame %#x size %ld, changing it %s; after it flags %#x size %ld",
	     what, inside(stack_inside), (unsigned)at_handler.ss_flags, (unsigned)context.stack.ss_flags,
	     (long)context.stack.ss_size, text(change_result), (unsigned)after.ss_flags,
	     (long)after.ss_size);
}

static void alternate_stack(void)
{
	stack_t stack = { alternate, 0, sizeof(alternate) };

	handle(SIGUSR1, on_stack, SA_ONSTACK, 0);
	raise_signal(SIGUSR1);
	tell_stack("SA_ONSTACK without a stack");
	CHECK(sys(sigaltstack, &stack, 0) == 0);
	raise_signal(SIGUSR1);
	tell_stack("SA_ONSTACK");
	handle(SIGUSR1, on_stack, 0, 0);
	raise_signal(SIGUSR1);
	tell_stack("without SA_ONSTACK");
	stack.ss_flags = SS_AUTODISARM;
	CHECK(sys(sigaltstack, &stack, 0) == 0);
	handle(SIGUSR1, on_stack, SA_ONSTACK, 0);
	raise_signal(SIGUSR1);
	tell_stack("SS_AUTODISARM");
	stack.ss_flags = SS_DISABLE;
	CHECK(sys(sigaltstack, &stack, 0) == 0);
	raise_signal(SIGUSR1);
	tell_stack("SS_DISABLE");
	stack.ss_flags = 0;
	CHECK(sys(sigaltstack, &stack, 0) == 0);
	handle(SIGUSR2, on_stack, SA_ONSTACK, 0);
	nest_once = 1;
	raise_signal(SIGUSR1);
	line("nested: the second one is on it, too: %ld", nested_result);
	tell_stack("nested");
}

static void recurse(int sig, struct info *info, struct ucontext_of_kernel *uc)
{
	(void)info;
	(void)uc;
	if (++calls < 100)
		raise_signal(sig);
}

/* Frame after frame goes on the alternate stack until it is full. */
static int fill_stack(void *flags)
{
	stack_t stack = { alternate + 16384, *(int *)flags, 16384 };

	CHECK(sys(sigaltstack, &stack, 0) == 0);
	handle(SIGUSR1, recurse, SA_ONSTACK | SA_NODEFER, 0);
	raise_signal(SIGUSR1);
	return calls;
}

static int bad_stack(void *sp)
{
	stack_t stack = { sp, 0, 65536 };

	line("sigaltstack: %s", text(sys(sigaltstack, &stack, 0)));
	handle(SIGUSR1, note, SA_ONSTACK, 0);
	handle(SIGSEGV, note, 0, 0);
	raise_signal(SIGUSR1);
	line("SIGUSR1 cannot be delivered: signal %d code %d", seen.signo, seen.code);
	handle(SIGSEGV, note, SA_ONSTACK, 0);
	raise_signal(SIGUSR1);
	return 0;
}

static void alternate_stack_ends(void)
{
	unsigned int flags = 0;

	try("an alternate stack that is full", fill_stack, &flags);
	flags = SS_AUTODISARM;
	try("with SS_AUTODISARM the frames go on below each other", fill_stack, &flags);
	try("an alternate stack that is not mapped", bad_stack, (void *)0x10000);
	try("... in the kernel's half", bad_stack, (void *)-0x100000L);
}

/* --- actions that cannot be taken ----------------------------------------------------------- */

static int no_restorer(void *unused)
{
	struct action action = { note, SA_SIGINFO, 0, 0 };

	(void)unused;
	CHECK(sys(rt_sigaction, SIGUSR1, &action, 0, 8) == 0);
	raise_signal(SIGUSR1);
	return 0;
}

static int handler_at(void *address)
{
	CHECK(set_action(SIGUSR1, address, 0, 0) == 0);
	raise_signal(SIGUSR1);
	return 0;
}

static int restorer_at(void *address)
{
	struct action action = { note, SA_SIGINFO | SA_RESTORER, address, 0 };

	CHECK(sys(rt_sigaction, SIGUSR1, &action, 0, 8) == 0);
	raise_signal(SIGUSR1);
	return 0;
}

static void touch(uintptr_t address)
{
	asm volatile("movb $1, (%0)" : : "r" (address) : "memory");
}

static int blocked_fault(void *how)
{
	set_blocked(how ? ~0ul : 0);
	handle(SIGSEGV, note, 0, 0);
	if (!how)
		CHECK(set_action(SIGSEGV, SIG_IGN, 0, 0) == 0);
	touch(0x10);
	return 0;
}

static int fault_in_handler_of_fault(void *flags)
{
	handle(SIGSEGV, (handler_t *)0x20, *(int *)flags, 0);
	touch(0x10);
	return 0;
}

static void bad_actions(void)
{
	int flags = 0;

	try("no SA_RESTORER", no_restorer, 0);
	try("a handler at 0x1000", handler_at, (void *)0x1000);
	try("a handler in the kernel's half", handler_at, (void *)0xffffffff81000000);
	try("a handler at an address that is not canonical", handler_at, (void *)0x800000000000);
	try("a restorer at 0", restorer_at, 0);
	try("a restorer that is not canonical", restorer_at, (void *)0x8000000000000000);
	try("a fault while SIGSEGV is ignored", blocked_fault, 0);
	try("a fault while SIGSEGV is blocked", blocked_fault, &flags);
	try("a fault in the handler of the fault", fault_in_handler_of_fault, &flags);
}

int main(void)
{
	stack_t none = { 0, SS_DISABLE, 0 };

	CHECK(sys(sigaltstack, &none, 0) == 0);
	siginfos();
	masks();
	orders();
	registers();
	no_call();
	fpu();
	alternate_stack();
	alternate_stack_ends();
	bad_actions();
	return verdict();
}
