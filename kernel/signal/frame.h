/*
 * What the kernel writes on a handler's stack, and ring 3 gives back to rt_sigreturn(). All of it is
 * the Linux ABI: arch/x86/include/uapi/asm/sigcontext.h, ucontext.h, arch/x86/include/asm/sigframe.h
 */
#ifndef KERNEL_SIGNAL_FRAME_H
#define KERNEL_SIGNAL_FRAME_H

#include "kernel/sched/sched.h"
#include "kernel/signal/internal.h"

/* ucontext.uc_flags. There is no UC_FP_XSTATE: the FPU state is what FXSAVE stores. */
#define UC_SIGCONTEXT_SS 2     /* SS is saved, and restored */
#define UC_STRICT_RESTORE_SS 4 /* ... as it is, even if it is not valid */

typedef struct sigaltstack {
	void __user *ss_sp;
	int ss_flags; /* SS_* */
	int padding;
	size_t ss_size;
} stack_t;

struct sigcontext {
	u64 r8, r9, r10, r11, r12, r13, r14, r15, di, si, bp, bx, dx, ax, cx, sp, ip, flags;
	u16 cs, gs, fs, ss; /* gs and fs: always 0 */
	u64 err, trapno, oldmask, cr2;
	void __user *fpstate; /* what FXSAVE stores, or NULL */
	u64 reserved[8];
};

struct ucontext {
	unsigned long uc_flags; /* UC_* */
	void __user *uc_link;
	stack_t uc_stack;
	struct sigcontext uc_mcontext;
	sigset_t uc_sigmask;
};

/*
 *      high   FPU state, at a multiple of 64
 *             info        filled for SA_SIGINFO only
 *             uc
 *      low    pretcode    where the handler's RET goes: the program's call of rt_sigreturn()
 *                         RSP of the handler points here: a multiple of 16, less 8
 */
struct rt_sigframe {
	void __user *pretcode;
	struct ucontext uc;
	u8 info[SIGINFO_SIZE]; /* siginfo_t */
};

_Static_assert(sizeof(struct sigcontext) == 256, "struct sigcontext is not Linux's");
_Static_assert(sizeof(struct rt_sigframe) == RT_SIGFRAME_SIZE, "struct rt_sigframe is not Linux's");

static inline bool __on_sig_stack(unsigned long sp)
{
	return sp > current->sas_ss_sp && sp - current->sas_ss_sp <= current->sas_ss_size;
}

/* Does @sp lie on the alternate stack of current? With SS_AUTODISARM it is in no use then. */
static inline bool on_sig_stack(unsigned long sp)
{
	return !(current->sas_ss_flags & SS_AUTODISARM) && __on_sig_stack(sp);
}

/* SS_DISABLE: there is none; SS_ONSTACK: it is in use; else 0. */
static inline int sas_ss_flags(unsigned long sp)
{
	if (!current->sas_ss_size)
		return SS_DISABLE;
	return on_sig_stack(sp) ? SS_ONSTACK : 0;
}

/*
 * sigaltstack(2) for a program whose stack pointer is @sp. @ss and @oss may be NULL. 0; -EPERM: it
 * runs on the alternate stack; -EINVAL; -ENOMEM: too small.
 */
int do_sigaltstack(const stack_t *ss, stack_t *oss, unsigned long sp);

#endif
