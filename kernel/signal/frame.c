/*
 * From a signal to its handler in ring 3, and back. Linux: arch/x86/kernel/signal.c, fpu/signal.c
 *
 *   Step 1   get_signal() has taken a signal that has a handler
 *   Step 2   an interrupted system call: what it returns, or that it starts again, is decided now,
 *            because the handler's return goes back there
 *   Step 3   a struct rt_sigframe with all registers goes on the program's stack, or on the
 *            alternate one
 *   Step 4   pt_regs are changed: ring 3 goes on in the handler
 *   Step 5   the handler returns to the program's restorer, which calls rt_sigreturn(), and that
 *            loads the registers from the frame, whatever the program has made of it
 *
 * What comes back in the frame is hostile. The mask never blocks SIGKILL and SIGSTOP. Of the flags
 * only those that ring 3 may change anyway are taken. Selectors that IRET would not load are a general
 * protection fault of the program, as Linux makes of the IRET that faults. An address that is not
 * canonical is never given to SYSRET: entry.asm compares the registers, however they came about. MXCSR
 * may have no reserved bit set, and the FPU state must lie at a multiple of 16, or FXRSTOR would fault
 * in the kernel.
 */
#include "kernel/signal/frame.h"

#include <generated/unistd.h>

#include "kernel/lib/init.h"
#include "kernel/syscalls.h"

#define X86_TRAP_GP 13
#define RED_ZONE 128 /* bytes below RSP that leaf functions of ring 3 use */

#define X86_EFLAGS_PF 0x4ul
#define X86_EFLAGS_AF 0x10ul
#define X86_EFLAGS_ZF 0x40ul
#define X86_EFLAGS_SF 0x80ul
#define X86_EFLAGS_OF 0x800ul
/* What a frame may change of the flags. */
#define FIX_EFLAGS                                                                      \
	(X86_EFLAGS_AC | X86_EFLAGS_OF | X86_EFLAGS_DF | X86_EFLAGS_TF | X86_EFLAGS_SF | \
	 X86_EFLAGS_ZF | X86_EFLAGS_AF | X86_EFLAGS_PF | X86_EFLAGS_CF | X86_EFLAGS_RF)

#define FXSAVE_MXCSR_MASK 28

static const struct fpu init_fpstate = {
	.fxsave = { [0] = 0x7f, [1] = 0x03, [24] = 0x80, [25] = 0x1f },
};

/* --- the FPU state -------------------------------------------------------------------------- */

int fxsave_to_user(void __user *to);
int fxrstor_from_user(const void __user *from, u32 reserved);

static u32 mxcsr_reserved; /* bits that MXCSR may not have on this CPU. Intel SDM vol. 1 §11.6.6 */

static int init_mxcsr_reserved(void)
{
	struct fpu fpu;
	u32 mask;

	fpu_save(&fpu);
	memcpy(&mask, fpu.fxsave + FXSAVE_MXCSR_MASK, sizeof(mask));
	mxcsr_reserved = ~(mask ?: 0xffbf);
	return 0;
}
late_initcall(init_mxcsr_reserved);

/* Load the state at @buf; NULL: that of a new program. False: it cannot be, and that is loaded, too. */
static bool restore_fpstate(const void __user *buf)
{
	if (buf && (unsigned long)buf % 16 == 0 && access_ok(buf, sizeof(struct fpu)) &&
	    !fxrstor_from_user(buf, mxcsr_reserved))
		return true;
	fpu_restore(&init_fpstate);
	return !buf;
}

static int save_fpstate(void __user *buf)
{
	return access_ok(buf, sizeof(struct fpu)) && !fxsave_to_user(buf) ? 0 : -EFAULT;
}

/* --- the way to the handler ----------------------------------------------------------------- */

/*
 * Where the frame of @ka goes, and its FPU state. NULL: it would not fit on the alternate stack that
 * is in use.
 */
static struct rt_sigframe __user *get_sigframe(const struct k_sigaction *ka, unsigned long old_sp,
					       void __user **fpstate)
{
	bool nested = on_sig_stack(old_sp), entering = false;
	unsigned long sp = old_sp - RED_ZONE;

	if (ka->sa.sa_flags & SA_ONSTACK && sas_ss_flags(sp) == 0) {
		sp = current->sas_ss_sp + current->sas_ss_size;
		entering = true;
	}
	sp = ALIGN_DOWN(sp - sizeof(struct fpu), 64);
	*fpstate = (void __user *)sp;
	sp = ALIGN_DOWN(sp - sizeof(struct rt_sigframe), 16) - 8;
	if ((nested || entering) && !__on_sig_stack(sp)) {
		pr_info("%s[%d] overflowed sigaltstack\n", current->comm, current->pid);
		return NULL;
	}
	return (struct rt_sigframe __user *)sp;
}

/* Each word is stored once, straight to its place. */
static void save_sigcontext(struct sigcontext *sc, const struct pt_regs *regs, unsigned long mask,
			    void __user *fpstate)
{
	sc->r8 = regs->r8, sc->r9 = regs->r9, sc->r10 = regs->r10, sc->r11 = regs->r11;
	sc->r12 = regs->r12, sc->r13 = regs->r13, sc->r14 = regs->r14, sc->r15 = regs->r15;
	sc->di = regs->di, sc->si = regs->si, sc->bp = regs->bp, sc->bx = regs->bx;
	sc->dx = regs->dx, sc->ax = regs->ax, sc->cx = regs->cx, sc->sp = regs->sp;
	sc->ip = regs->ip, sc->flags = regs->flags;
	sc->cs = regs->cs, sc->gs = 0, sc->fs = 0, sc->ss = regs->ss;
	sc->err = current->thread.error_code, sc->trapno = current->thread.trap_nr;
	sc->oldmask = mask, sc->cr2 = current->thread.cr2, sc->fpstate = fpstate;
	for (size_t i = 0; i < ARRAY_SIZE(sc->reserved); i++)
		sc->reserved[i] = 0;
}

int copy_siginfo_to_user(void __user *to, const kernel_siginfo_t *from)
{
	static const u8 zeroes[SIGINFO_SIZE - sizeof(*from)];

	if (copy_to_user(to, from, sizeof(*from)))
		return -EFAULT;
	return copy_to_user((u8 __user *)to + sizeof(*from), zeroes, sizeof(zeroes)) ? -EFAULT : 0;
}

/* SYSCALL and IRET load SS; is @selector one of ring 3's data? Linux: force_valid_ss() */
static bool valid_user_ss(u16 selector)
{
	unsigned int rights;

	__asm__("lar %w1, %0\n\tjz 1f\n\txorl %0, %0\n1:" : "=r"(rights) : "r"((u32)selector));
	/* Present, DPL 3, data, and writable, whether it grows up or down. */
	return (rights & 0xfa00) == 0xf200;
}

/* Returns 0 or -EFAULT; then nothing of @regs has changed. */
static int setup_rt_frame(struct ksignal *ksig, struct pt_regs *regs)
{
	sigset_t *mask = current->restore_sigmask ? &current->saved_sigmask : &current->blocked;
	const struct sigaction *sa = &ksig->ka.sa;
	struct rt_sigframe __user *frame;
	struct {
		void __user *pretcode;
		struct ucontext uc;
	} head;
	void __user *fpstate;

	if (!(sa->sa_flags & SA_RESTORER))
		return -EFAULT;
	frame = get_sigframe(&ksig->ka, regs->sp, &fpstate);
	if (!frame || save_fpstate(fpstate))
		return -EFAULT;
	head.pretcode = sa->sa_restorer;
	head.uc.uc_flags = UC_SIGCONTEXT_SS | (regs->cs == __USER_CS ? UC_STRICT_RESTORE_SS : 0);
	head.uc.uc_link = NULL;
	head.uc.uc_stack.ss_sp = (void __user *)current->sas_ss_sp;
	head.uc.uc_stack.ss_flags = current->sas_ss_flags;
	head.uc.uc_stack.padding = 0;
	head.uc.uc_stack.ss_size = current->sas_ss_size;
	head.uc.uc_sigmask = *mask;
	save_sigcontext(&head.uc.uc_mcontext, regs, mask->sig[0], fpstate);
	if (copy_to_user(frame, &head, sizeof(head)))
		return -EFAULT;
	if (sa->sa_flags & SA_SIGINFO && copy_siginfo_to_user(frame->info, &ksig->info))
		return -EFAULT;
	regs->di = ksig->sig;
	regs->si = (unsigned long)&frame->info;
	regs->dx = (unsigned long)&frame->uc;
	regs->ax = 0; /* for a handler without prototype, the number of vector registers */
	regs->ip = (unsigned long)sa->sa_handler;
	regs->sp = (unsigned long)frame;
	regs->cs = __USER_CS;
	if (regs->ss != __USER_DS && !valid_user_ss(regs->ss))
		regs->ss = __USER_DS;
	return 0;
}

/* The frame is complete. Linux: kernel/signal.c:signal_delivered() */
static void signal_delivered(const struct ksignal *ksig)
{
	sigset_t blocked = { { current->blocked.sig[0] | ksig->ka.sa.sa_mask.sig[0] } };

	current->restore_sigmask = false; /* rt_sigreturn() restores it now */
	if (!(ksig->ka.sa.sa_flags & SA_NODEFER))
		sigaddset(&blocked, ksig->sig);
	set_current_blocked(&blocked);
	if (current->sas_ss_flags & SS_AUTODISARM)
		sas_ss_reset(current);
}

/* The system call in @regs starts again, or restart_syscall() goes on with it. */
static void restart_call(struct pt_regs *regs, unsigned long nr)
{
	regs->ax = nr;
	regs->ip -= 2; /* the length of SYSCALL */
}

static void handle_signal(struct ksignal *ksig, struct pt_regs *regs)
{
	if ((int)regs->orig_ax != -1) { /* Step 2 */
		switch ((long)regs->ax) {
		case -ERESTARTSYS:
			if (!(ksig->ka.sa.sa_flags & SA_RESTART)) {
				regs->ax = -EINTR;
				break;
			}
			/* fall through */
		case -ERESTARTNOINTR:
			restart_call(regs, regs->orig_ax);
			break;
		case -ERESTARTNOHAND:
		case -ERESTART_RESTARTBLOCK:
			regs->ax = -EINTR;
			break;
		}
	}
	if (setup_rt_frame(ksig, regs)) {
		if (ksig->sig == SIGSEGV)
			force_fatal_sig(SIGSEGV); /* whose handler would fail again */
		else
			force_sig(SIGSEGV);
		return;
	}
	/* The handler starts as a function of C does, and is not single-stepped. */
	regs->flags &= ~(X86_EFLAGS_DF | X86_EFLAGS_RF | X86_EFLAGS_TF);
	fpu_restore(&init_fpstate);
	signal_delivered(ksig);
}

void arch_do_signal_or_restart(struct pt_regs *regs)
{
	struct ksignal ksig;

	if (get_signal(&ksig)) {
		handle_signal(&ksig, regs);
		return;
	}
	if ((int)regs->orig_ax != -1) {
		switch ((long)regs->ax) {
		case -ERESTARTSYS:
		case -ERESTARTNOINTR:
		case -ERESTARTNOHAND:
			restart_call(regs, regs->orig_ax);
			break;
		case -ERESTART_RESTARTBLOCK:
			restart_call(regs, __NR_restart_syscall);
			break;
		}
	}
	restore_saved_sigmask();
}

/* --- the way back --------------------------------------------------------------------------- */

static bool restore_sigcontext(struct pt_regs *regs, const struct sigcontext *sc,
			       unsigned long uc_flags)
{
	current->restart_block.fn = do_no_restart_syscall;
	regs->r8 = sc->r8, regs->r9 = sc->r9, regs->r10 = sc->r10, regs->r11 = sc->r11;
	regs->r12 = sc->r12, regs->r13 = sc->r13, regs->r14 = sc->r14, regs->r15 = sc->r15;
	regs->di = sc->di, regs->si = sc->si, regs->bp = sc->bp, regs->bx = sc->bx;
	regs->dx = sc->dx, regs->ax = sc->ax, regs->cx = sc->cx, regs->sp = sc->sp;
	regs->ip = sc->ip;
	regs->cs = sc->cs | 3;
	regs->ss = sc->ss | 3;
	regs->flags = (regs->flags & ~FIX_EFLAGS) | (sc->flags & FIX_EFLAGS);
	regs->orig_ax = -1; /* no system call is to start again */
	if (!(uc_flags & UC_STRICT_RESTORE_SS) && regs->cs == __USER_CS && !valid_user_ss(regs->ss))
		regs->ss = __USER_DS;
	return restore_fpstate(sc->fpstate);
}

/*
 * Would IRET to ring 3 load the selectors of @regs? If not, *@error_code is that of its #GP. Intel SDM
 * vol. 2, IRET. There are two code segments with RPL 3 in the GDT, and no LDT.
 */
static bool iret_takes_selectors(const struct pt_regs *regs, unsigned long *error_code)
{
	if (regs->cs != __USER_CS && regs->cs != __USER32_CS)
		*error_code = regs->cs & ~3ul;
	else if (regs->ss != __USER_DS && !valid_user_ss(regs->ss))
		*error_code = regs->ss & ~3ul;
	else
		return true;
	return false;
}

static void restore_altstack(const stack_t *ss, unsigned long sp)
{
	if ((unsigned long)ss->ss_sp != current->sas_ss_sp || ss->ss_size != current->sas_ss_size ||
	    (u32)ss->ss_flags != current->sas_ss_flags)
		do_sigaltstack(ss, NULL, sp);
}

/* The handler of a signal is done. @regs->sp is above the return address that its RET took. */
SYSCALL_DEFINE0(rt_sigreturn)
{
	struct pt_regs *user_regs = task_pt_regs(current);
	struct rt_sigframe __user *frame = (void __user *)(user_regs->sp - sizeof(long));
	struct ucontext uc;

	if (!access_ok(frame, sizeof(*frame)) || copy_from_user(&uc, &frame->uc, sizeof(uc)))
		goto badframe;
	set_current_blocked(&uc.uc_sigmask);
	if (!restore_sigcontext(user_regs, &uc.uc_mcontext, uc.uc_flags))
		goto badframe;
	restore_altstack(&uc.uc_stack, user_regs->sp); /* what it cannot be stays as it is */
	if (!iret_takes_selectors(user_regs, &current->thread.error_code)) {
		current->thread.trap_nr = X86_TRAP_GP;
		force_sig(SIGSEGV);
	}
	return user_regs->ax;

badframe:
	pr_info("%s[%d] bad frame in rt_sigreturn frame:%p ip:%lx sp:%lx orax:%lx\n", current->comm,
		current->pid, (void *)frame, user_regs->ip, user_regs->sp, user_regs->orig_ax);
	force_sig(SIGSEGV);
	return 0;
}
