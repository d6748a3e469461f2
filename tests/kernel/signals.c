/*
 * Signals: what each fault says of itself, queues, limits, and the end of a child.
 */
#include <uapi/sched.h>

#include "kernel/cpu/cpu.h"
#include "kernel/kprobes/kprobes.h"
#include "tests/kernel/ktap.h"
#include "tests/kernel/leaks.h"
#include "tests/kernel/user.h"

long __x64_sys_wait4(const struct pt_regs *regs);

static const sigset_t none;
static const sigset_t every = { { ~0ul } };
static kernel_siginfo_t seen; /* what the last fault put into a queue */

static int save_info_pointer(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	*(kernel_siginfo_t **)ri->data = (kernel_siginfo_t *)regs->dx;
	return 0;
}

static int copy_info(struct kretprobe_instance *ri, struct pt_regs *regs __maybe_unused)
{
	seen = **(kernel_siginfo_t **)ri->data;
	return 0;
}

/* A fault: ring-3 code, and the siginfo that Linux gives for it. */
static const struct fault {
	struct user_code code;
	int sig, si_code;
	unsigned long si_addr;
} faults[] = {
#define CODE(bytes) { bytes, sizeof(bytes) - 1, 0, 0 }
	/* xor ecx, ecx; div ecx */
	{ CODE("\x31\xc9\xf7\xf1"), SIGFPE, FPE_INTDIV, USER_PAGE + 2 },
	/* nop; ud2 */
	{ CODE("\x90\x0f\x0b"), SIGILL, ILL_ILLOPN, USER_PAGE + 1 },
	/* int3 */
	{ CODE("\xcc"), SIGTRAP, SI_KERNEL, 0 },
	/* pushfq; or dword [rsp], TF; popfq; nop; nop: the first nop is still executed */
	{ CODE("\x9c\x81\x0c\x24\x00\x01\x00\x00\x9d\x90\x90"), SIGTRAP, TRAP_TRACE,
	  USER_PAGE + 10 },
	/* hlt */
	{ CODE("\xf4"), SIGSEGV, SI_KERNEL, 0 },
	/* int 4, which is what INTO is */
	{ CODE("\xcd\x04"), SIGSEGV, SI_KERNEL, 0 },
	/* fninit; push 0; fldcw [rsp]; fld1; fldz; fdivp; fwait */
	{ CODE("\xdb\xe3\x6a\x00\xd9\x2c\x24\xd9\xe8\xd9\xee\xde\xf9\x9b"), SIGFPE, FPE_FLTDIV,
	  USER_PAGE + 13 },
	/* mov al, [0x1234]: nothing there; mov [-4096], al: not for ring 3, whatever is there */
	{ CODE("\x8a\x04\x25\x34\x12\0\0"), SIGSEGV, SEGV_MAPERR, 0x1234 },
	{ CODE("\x88\x04\x25\x00\xf0\xff\xff"), SIGSEGV, SEGV_MAPERR, -4096ul },
	/* mprotect(USER_PAGE, 4096, PROT_READ | PROT_EXEC) and a write; then a jump to nowhere */
	{ CODE("\xb8\x0a\0\0\0\xbf\0\0\x40\0\xbe\0\x10\0\0\xba\x05\0\0\0\x0f\x05"
	       "\x88\x04\x25\x08\0\x40\0"), SIGSEGV, SEGV_ACCERR, USER_PAGE + 8 },
	{ CODE("\xe9\xfb\x0f\0\0"), SIGSEGV, SEGV_MAPERR, USER_PAGE + PAGE_SIZE },
};

KTAP_SUITE(faults_have_siginfo)
{
	struct kretprobe rp = {
		.kp.symbol_name = "dequeue_signal",
		.entry_handler = save_info_pointer,
		.handler = copy_info,
		.data_size = sizeof(kernel_siginfo_t *),
	};
	struct leaks before;

	leaks_begin(&before);
	KTAP_EXPECT_EQ(register_kretprobe(&rp), 0);
	for (size_t i = 0; i < ARRAY_SIZE(faults); i++) {
		const struct fault *fault = &faults[i];

		clear_siginfo(&seen);
		KTAP_EXPECT_EQ(run_user_code(&fault->code), fault->sig);
		KTAP_EXPECT_EQ(seen.si_signo, fault->sig);
		KTAP_EXPECT_EQ(seen.si_errno, 0);
		KTAP_EXPECT_EQ(seen.si_code, fault->si_code);
		KTAP_EXPECT_EQ(seen.si_addr, fault->si_addr);
	}
	unregister_kretprobe(&rp);
	KTAP_EXPECT_EQ(rp.nmissed, 0);
	KTAP_EXPECT_EQ(read_dr6() & DR_STEP, 0); /* one fault was a step: the next #DB need not be */
	KTAP_EXPECT(leaks_none(&before));
}

/* The pending and unmasked exceptions of an FPU state; QEMU raises none for SSE. */
KTAP_SUITE(fpu_exceptions_that_are_unmasked)
{
	struct fpu fpu;

	fpu_init_state(&fpu);
	fpu.fxsave[2] = 0x3f;  /* FSW: each of the six is pending */
	fpu.fxsave[24] = 0xbf; /* MXCSR as well */
	KTAP_EXPECT_EQ(fpu_exceptions(&fpu, false), 0);
	KTAP_EXPECT_EQ(fpu_exceptions(&fpu, true), 0);
	fpu.fxsave[0] &= ~FPU_ZERO_DIVIDE;
	KTAP_EXPECT_EQ(fpu_exceptions(&fpu, false), FPU_ZERO_DIVIDE);
	fpu.fxsave[25] &= ~(FPU_OVERFLOW >> 1); /* its mask is bit 10 of MXCSR */
	KTAP_EXPECT_EQ(fpu_exceptions(&fpu, true), FPU_OVERFLOW);
}

/* Take one signal of current; 0: none. */
static int take(kernel_siginfo_t *info, enum pid_type *type)
{
	return dequeue_signal(current, &none, info, type);
}

KTAP_SUITE(standard_signals_once_real_time_signals_queue)
{
	kernel_siginfo_t info = { .si_code = SI_QUEUE };
	enum pid_type type;
	struct leaks before;

	leaks_begin(&before);
	current->blocked = every;
	for (int value = 1; value <= 3; value++) {
		info.si_value.sival_int = value;
		info.si_signo = SIGUSR1;
		KTAP_EXPECT_EQ(do_send_sig_info(SIGUSR1, &info, current, PIDTYPE_TGID), 0);
		info.si_signo = SIGRTMIN + 1;
		KTAP_EXPECT_EQ(send_sig_info(SIGRTMIN + 1, &info, current), 0);
	}
	KTAP_EXPECT_EQ(send_sig(SIGTERM, current, 1), 0);
	KTAP_EXPECT(!signal_pending(current)); /* all are blocked */
	KTAP_EXPECT_EQ(current->cred->user->sigpending, 5);

	/* First the task's own, the lowest number first and the oldest first; then the group's. */
	KTAP_EXPECT_EQ(take(&info, &type), SIGTERM);
	KTAP_EXPECT_EQ(info.si_code, SI_KERNEL);
	for (int value = 1; value <= 3; value++) {
		KTAP_EXPECT_EQ(take(&info, &type), SIGRTMIN + 1);
		KTAP_EXPECT_EQ(info.si_value.sival_int, value);
		KTAP_EXPECT_EQ(type, PIDTYPE_PID);
	}
	KTAP_EXPECT_EQ(take(&info, &type), SIGUSR1);
	KTAP_EXPECT_EQ(info.si_value.sival_int, 1); /* the other two were lost */
	KTAP_EXPECT_EQ(type, PIDTYPE_TGID);
	KTAP_EXPECT_EQ(take(&info, &type), 0);
	current->blocked = none;
	KTAP_EXPECT_EQ(current->cred->user->sigpending, 0);
	KTAP_EXPECT(leaks_none(&before));
}

KTAP_SUITE(rlimit_sigpending)
{
	struct rlimit *limit = &current->signal->rlim[RLIMIT_SIGPENDING], saved = *limit;
	kernel_siginfo_t info = { .si_signo = SIGRTMIN, .si_code = SI_QUEUE };
	enum pid_type type;

	current->blocked = every;
	limit->rlim_cur = 2;
	KTAP_EXPECT_EQ(send_sig_info(SIGRTMIN, &info, current), 0);
	KTAP_EXPECT_EQ(send_sig_info(SIGRTMIN, &info, current), 0);
	KTAP_EXPECT_EQ(send_sig_info(SIGRTMIN, &info, current), -EAGAIN);
	/* kill() does not fail: the signal arrives without what there is to say. */
	KTAP_EXPECT_EQ(send_sig(SIGRTMIN + 1, current, 0), 0);
	/* The kernel's standard signals do not count. */
	KTAP_EXPECT_EQ(send_sig(SIGTERM, current, 1), 0);
	KTAP_EXPECT_EQ(take(&info, &type), SIGTERM);
	KTAP_EXPECT_EQ(info.si_code, SI_KERNEL);
	KTAP_EXPECT_EQ(take(&info, &type), SIGRTMIN);
	KTAP_EXPECT_EQ(take(&info, &type), SIGRTMIN);
	KTAP_EXPECT_EQ(take(&info, &type), SIGRTMIN + 1);
	KTAP_EXPECT_EQ(info.si_code, SI_USER);
	KTAP_EXPECT_EQ(info.si_pid, 0);
	KTAP_EXPECT_EQ(take(&info, &type), 0);
	*limit = saved;
	current->blocked = none;
	KTAP_EXPECT_EQ(current->cred->user->sigpending, 0);
}

/* What a fault causes goes before what somebody sent, whatever the numbers are. */
KTAP_SUITE(synchronous_signals_first)
{
	kernel_siginfo_t info;
	enum pid_type type;

	current->blocked = every;
	send_sig(SIGHUP, current, 1);
	send_sig(SIGSEGV, current, 1);
	KTAP_EXPECT_EQ(take(&info, &type), SIGSEGV);
	KTAP_EXPECT_EQ(take(&info, &type), SIGHUP);
	current->blocked = none;
}

KTAP_SUITE(signals_that_are_dropped)
{
	KTAP_EXPECT(current->signal->flags & SIGNAL_UNKILLABLE); /* PID 1 */
	KTAP_EXPECT_EQ(send_sig(SIGTERM, current, 1), 0);
	KTAP_EXPECT_EQ(send_sig(SIGCHLD, current, 1), 0);
	KTAP_EXPECT_EQ(send_sig(SIGSTOP, current, 0), 0);
	KTAP_EXPECT_EQ(send_sig(SIGKILL, current, 0), 0);
	KTAP_EXPECT(!signal_pending(current));
	KTAP_EXPECT(!fatal_signal_pending(current));
	KTAP_EXPECT_EQ(current->pending.signal.sig[0], 0);
	KTAP_EXPECT_EQ(send_sig(0, current, 0), -EINVAL);
	KTAP_EXPECT_EQ(send_sig(_NSIG + 1, current, 0), -EINVAL);
	KTAP_EXPECT_EQ(group_send_sig_info(0, SEND_SIG_NOINFO, current, PIDTYPE_TGID), 0);
}

/* SIGCHLD says who ended, and how. */
static void child_ends(const struct user_code *code, int status, int si_code, int si_status)
{
	kernel_siginfo_t info;
	enum pid_type type;

	current->blocked = every;
	KTAP_EXPECT_EQ(run_user_code(code), status);
	KTAP_EXPECT_EQ(take(&info, &type), SIGCHLD);
	KTAP_EXPECT_EQ(type, PIDTYPE_TGID);
	KTAP_EXPECT_EQ(info.si_code, si_code);
	KTAP_EXPECT_EQ(info.si_status, si_status);
	KTAP_EXPECT(info.si_pid > 1);
	KTAP_EXPECT_EQ(info.si_uid, 0);
	current->blocked = none;
}

KTAP_SUITE(sigchld)
{
	/* mov eax, exit_group; mov edi, 0x107; syscall */
	static const struct user_code exits = CODE("\xb8\xe7\0\0\0\xbf\x07\x01\0\0\x0f\x05");
	static const struct user_code faulty = CODE("\x0f\x0b");

	child_ends(&exits, 7 << 8, CLD_EXITED, 7);
	child_ends(&faulty, SIGILL, CLD_KILLED, SIGILL);
}

static int sleep_for_ever(void *arg __maybe_unused)
{
	struct wait_queue_head never;

	init_waitqueue_head(&never);
	return wait_event_interruptible(never, false);
}

static struct task_struct *vfork_child;

static int sleep_as_vfork_child(void *arg)
{
	vfork_child = current;
	return sleep_for_ever(arg);
}

static int vfork_parent(void *arg __maybe_unused)
{
	kernel_clone(&(struct kernel_clone_args){
		.flags = CLONE_VFORK, .exit_signal = SIGCHLD, .fn = sleep_as_vfork_child });
	return 0;
}

/* Who waits for a vfork() child can be killed; the child does not touch his stack afterwards. */
KTAP_SUITE(vfork_wait_is_killable)
{
	struct pt_regs wait = { .di = user_mode_thread(vfork_parent, NULL) };
	struct task_struct *parent = find_task_by_vpid(wait.di);
	struct pt_regs wait_child = { 0 };

	schedule();
	schedule();
	KTAP_EXPECT_EQ(parent->__state, TASK_KILLABLE);
	KTAP_EXPECT(vfork_child->vfork_done);
	KTAP_EXPECT_EQ(send_sig(SIGCHLD, parent, 1), 0);
	schedule();
	KTAP_EXPECT_EQ(parent->__state, TASK_KILLABLE);
	KTAP_EXPECT_EQ(send_sig(SIGKILL, parent, 1), 0);
	KTAP_EXPECT_EQ(__x64_sys_wait4(&wait), wait.di);
	KTAP_EXPECT(!vfork_child->vfork_done);
	KTAP_EXPECT_EQ(vfork_child->real_parent, current); /* an orphan, and we are PID 1 */
	KTAP_EXPECT_EQ(send_sig(SIGKILL, vfork_child, 1), 0);
	wait_child.di = vfork_child->pid;
	KTAP_EXPECT_EQ(__x64_sys_wait4(&wait_child), wait_child.di);
}

/* A fatal signal is noted for the whole group when it is sent: the task need not look first. */
KTAP_SUITE(a_fatal_signal_wakes_and_ends)
{
	struct pt_regs wait = { .di = user_mode_thread(sleep_for_ever, NULL) };
	struct task_struct *child = find_task_by_vpid(wait.di);

	schedule();
	KTAP_EXPECT_EQ(child->__state, TASK_INTERRUPTIBLE);
	KTAP_EXPECT_EQ(send_sig(SIGCHLD, child, 1), 0); /* ignored: it sleeps on */
	KTAP_EXPECT_EQ(child->__state, TASK_INTERRUPTIBLE);
	KTAP_EXPECT_EQ(send_sig(SIGTERM, child, 1), 0);
	KTAP_EXPECT_EQ(child->signal->flags, SIGNAL_GROUP_EXIT);
	KTAP_EXPECT_EQ(child->signal->group_exit_code, SIGTERM);
	KTAP_EXPECT(fatal_signal_pending(child));
	KTAP_EXPECT(signal_pending_state(TASK_KILLABLE, child));
	KTAP_EXPECT_EQ(send_sig(SIGHUP, child, 1), 0); /* too late */
	KTAP_EXPECT(!sigismember(&child->pending.signal, SIGHUP));
	KTAP_EXPECT_EQ(child->__state, TASK_RUNNING);
	while (!child->exit_state)
		schedule();
	KTAP_EXPECT_EQ(__x64_sys_wait4(&wait), wait.di);
}

/* Another user's process takes no signal from who lacks CAP_KILL; from the kernel it does. */
KTAP_SUITE(kill_permission)
{
	struct pt_regs wait = { .di = user_mode_thread(sleep_for_ever, NULL) };
	struct task_struct *child = find_task_by_vpid(wait.di);
	const struct cred *saved = get_cred(current->cred);
	struct cred *other = prepare_creds();
	kernel_siginfo_t info;

	schedule();
	other->uid = other->suid = KUIDT_INIT(1000);
	put_cred(child->cred);
	child->cred = other;
	set_caps(CAP_FULL_SET & ~BIT(CAP_KILL));
	KTAP_EXPECT_EQ(kill_pid(task_pid(child), SIGTERM, 0), -EPERM);
	KTAP_EXPECT_EQ(kill_pid(task_pid(child), 0, 0), -EPERM);
	/* What a program says of itself (SI_USER is 0, SI_QUEUE below) gives it no rights. */
	info = (kernel_siginfo_t){ .si_signo = SIGTERM, .si_code = SI_USER };
	KTAP_EXPECT_EQ(kill_pid_info(SIGTERM, &info, task_pid(child)), -EPERM);
	info.si_code = SI_QUEUE;
	KTAP_EXPECT_EQ(kill_pid_info(SIGTERM, &info, task_pid(child)), -EPERM);
	KTAP_EXPECT(!signal_pending(child));
	KTAP_EXPECT_EQ(kill_pid(task_pid(child), SIGTERM + _NSIG, 0), -EINVAL);
	other->suid = GLOBAL_ROOT_UID; /* who was us may be sent to */
	KTAP_EXPECT_EQ(kill_pid(task_pid(child), 0, 0), 0);
	other->suid = KUIDT_INIT(1000);
	KTAP_EXPECT_EQ(kill_pid(task_pid(child), SIGTERM, 1), 0);
	KTAP_EXPECT(signal_pending(child));
	put_cred(current->cred);
	current->cred = saved;
	KTAP_EXPECT_EQ(kill_pid(task_pid(child), 0, 0), 0); /* with CAP_KILL */
	KTAP_EXPECT_EQ(__x64_sys_wait4(&wait), wait.di);
}

static int block_and_wait(void *done)
{
	current->blocked = every;
	wait_for_completion(done);
	do_exit(0);
}

/* What nobody has taken when the task ends is freed, and counts for the user no longer. */
KTAP_SUITE(queued_signals_go_with_their_task)
{
	kernel_siginfo_t info = { .si_signo = SIGRTMIN, .si_code = SI_QUEUE };
	struct pt_regs wait = { 0 };
	struct completion done;
	struct task_struct *child;
	struct leaks before;

	leaks_begin(&before);
	init_completion(&done);
	wait.di = user_mode_thread(block_and_wait, &done);
	child = find_task_by_vpid(wait.di);
	schedule();
	KTAP_EXPECT_EQ(do_send_sig_info(SIGRTMIN, &info, child, PIDTYPE_TGID), 0);
	KTAP_EXPECT_EQ(do_send_sig_info(SIGRTMIN, &info, child, PIDTYPE_PID), 0);
	KTAP_EXPECT_EQ(current->cred->user->sigpending, 2);
	complete(&done);
	KTAP_EXPECT_EQ(__x64_sys_wait4(&wait), wait.di);
	KTAP_EXPECT_EQ(current->cred->user->sigpending, 0);
	KTAP_EXPECT(leaks_none(&before));
}

static pid_t heir;

static int exit_at_once(void *arg __maybe_unused)
{
	do_exit(0);
}

static int leave_a_zombie(void *arg __maybe_unused)
{
	const struct task_struct *child;

	heir = user_mode_thread(exit_at_once, NULL);
	child = find_task_by_vpid(heir);
	while (!child->exit_state)
		schedule();
	do_exit(0);
}

/* Whoever inherits a child that has ended already is told of it, as of its own. */
KTAP_SUITE(zombies_are_inherited)
{
	struct pt_regs wait = { .di = user_mode_thread(leave_a_zombie, NULL) };
	const struct task_struct *child = find_task_by_vpid(wait.di);
	kernel_siginfo_t info;
	enum pid_type type;

	current->blocked = every;
	while (!child->exit_state)
		schedule();
	KTAP_EXPECT_EQ(take(&info, &type), SIGCHLD);
	KTAP_EXPECT_EQ(info.si_pid, heir); /* the first of two; the other was lost */
	current->blocked = none;
	KTAP_EXPECT_EQ(__x64_sys_wait4(&wait), wait.di);
	wait.di = heir;
	KTAP_EXPECT_EQ(__x64_sys_wait4(&wait), heir);
}

KTAP_SUITE(a_child_starts_with_no_time)
{
	u64 utime = current->used.utime, stime = current->used.stime;
	struct pt_regs wait = { 0 };
	const struct task_struct *child;

	current->used.utime += 1000;
	current->used.stime += 1000;
	wait.di = user_mode_thread(exit_at_once, NULL);
	child = find_task_by_vpid(wait.di);
	KTAP_EXPECT(child->used.utime < 1000 && child->used.stime < 1000);
	current->used.utime = utime;
	current->used.stime = stime;
	KTAP_EXPECT_EQ(__x64_sys_wait4(&wait), wait.di);
}

KTAP_SUITE(a_user_has_one_struct)
{
	struct leaks before;
	struct user_struct *user, *again, *other;

	leaks_begin(&before);
	KTAP_EXPECT(!find_user(KUIDT_INIT(4711)));
	user = alloc_uid(KUIDT_INIT(4711));
	again = alloc_uid(KUIDT_INIT(4711));
	KTAP_EXPECT(user && user == again);
	other = alloc_uid(KUIDT_INIT(4711 + 128)); /* in the same chain of the hash */
	KTAP_EXPECT(other && other != user);
	free_uid(other);
	free_uid(find_user(KUIDT_INIT(4711 + 128)));
	free_uid(user);
	KTAP_EXPECT_EQ(find_user(KUIDT_INIT(4711)), again);
	free_uid(again);
	free_uid(again);
	KTAP_EXPECT(!find_user(KUIDT_INIT(4711)));
	KTAP_EXPECT(current->cred->user == &root_user);
	KTAP_EXPECT(!find_user(KUIDT_INIT(4711 + 128)));
	KTAP_EXPECT(leaks_none(&before));
}

/* Whoever unblocks a signal that waits has to take it: recalc_sigpending() says so. */
KTAP_SUITE(unblocked_signals_are_pending)
{
	current->blocked = every;
	KTAP_EXPECT_EQ(send_sig(SIGTERM, current, 0), 0);
	KTAP_EXPECT(!signal_pending(current));
	current->blocked = none;
	recalc_sigpending();
	KTAP_EXPECT(signal_pending(current));
	KTAP_EXPECT(!fatal_signal_pending(current));
	current->blocked = every;
	recalc_sigpending();
	KTAP_EXPECT(!signal_pending(current));
	flush_sigqueue(&current->pending);
	current->blocked = none;
}

static unsigned int sent_with_interrupts, sent_without;

static int count_interrupts(struct kprobe *p __maybe_unused, struct pt_regs *regs)
{
	if (regs->flags & X86_EFLAGS_IF)
		sent_with_interrupts++;
	else
		sent_without++;
	return 0;
}

/* A group may be as large as ring 3 makes it. */
KTAP_SUITE(a_group_gets_a_signal_with_interrupts_on)
{
	struct kprobe probe = { .symbol_name = "group_send_sig_info",
				.pre_handler = count_interrupts };

	KTAP_EXPECT_EQ(register_kprobe(&probe), 0);
	KTAP_EXPECT_EQ(kill_pgrp(task_pgrp(current), SIGCHLD, 1), 0); /* ignored */
	unregister_kprobe(&probe);
	KTAP_EXPECT(sent_with_interrupts > 1);
	KTAP_EXPECT_EQ(sent_without, 0);
}

static long not_slept;

static int sleep_with_a_signal(void *unused __maybe_unused)
{
	send_sig(SIGTERM, current, 1);
	not_slept = schedule_timeout_interruptible(20 * HZ);
	do_exit(0);
}

/* A task that has a signal does not fall asleep, even if nothing but schedule() looks at it. */
KTAP_SUITE(schedule_sees_a_pending_signal)
{
	struct pt_regs wait = { .di = user_mode_thread(sleep_with_a_signal, NULL) };

	KTAP_EXPECT(__x64_sys_wait4(&wait) > 0);
	KTAP_EXPECT(not_slept > 0);
}
