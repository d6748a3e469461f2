// SPDX-License-Identifier: MIT
/*
 * tasks.c - which tasks are traced, and the probes: one at each system call that the program described,
 * and those that tell of new tasks, of signals and of the end.
 */
#include "strace.h"

#include <linux/bitmap.h>
#include <linux/unistd.h>

#define PIDS 32768 /* Linux: PID_MAX_DEFAULT */
#define WATCHED_AT_ONCE 64 /* calls of one kind that sleep, when there are many tasks */

static DECLARE_BITMAP(traced, PIDS);
static unsigned int tasks;
static bool any; /* there has been a task */

struct watched_call {
	struct kretprobe rp;
	int nr;
	bool wanted, on;
	int captures;
	struct strace_capture capture[STRACE_CAPTURES];
};

#define __SYSCALL(number, sym) { .nr = number, .rp.kp.symbol_name = "__x64_" #sym },
static struct watched_call calls[] = {
#include <asm/syscalls_64.h>
	{ .nr = -1, .rp.kp.symbol_name = "__x64_sys_ni_syscall", .wanted = true },
};
#undef __SYSCALL

/* What the entry keeps for the return. */
struct watched {
	int pid;
	unsigned int unread; /* bit n: capture[n] could not be read yet */
};

static bool is_traced(pid_t pid)
{
	return pid >= 0 && pid < PIDS && test_bit(pid, traced);
}

static void trace(pid_t pid)
{
	if (pid >= 0 && pid < PIDS && !test_and_set_bit(pid, traced))
		tasks++;
	any = true;
}

static void forget(pid_t pid)
{
	if (is_traced(pid) && test_and_clear_bit(pid, traced))
		tasks--;
}

bool tasks_left(void)
{
	return tasks || !any;
}

void tasks_trace_me(void)
{
	trace(current->pid);
}

/* A record without memory of a task. */
static void note(enum strace_type type, int nr, long ret)
{
	record_end(record_begin(type, current->pid, nr, ret));
}

/* --- system calls --------------------------------------------------------------------------- */

/* rt_sigreturn() has none; its stack pointer, where the signal's frame is, takes the first one's place. */
static void arguments(unsigned long *args, const struct pt_regs *regs)
{
	args[0] = regs->di;
	args[1] = regs->si;
	args[2] = regs->dx;
	args[3] = regs->r10;
	args[4] = regs->r8;
	args[5] = regs->r9;
	if (regs->orig_ax == __NR_rt_sigreturn)
		args[0] = regs->sp;
}

static int call_entered(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	struct watched_call *call = container_of(get_kretprobe(ri), struct watched_call, rp);
	const struct pt_regs *user = (const struct pt_regs *)regs_get_kernel_argument(regs, 0);
	struct watched *watched = (struct watched *)ri->data;
	struct strace_record *record;
	unsigned long flags;
	int i;

	if (!is_traced(current->pid))
		return 1;
	*watched = (struct watched){ .pid = current->pid };
	flags = record_begin(STRACE_ENTER, current->pid, call->nr < 0 ? user->orig_ax : call->nr, 0);
	record = record_now();
	arguments(record->args, user);
	for (i = 0; i < call->captures; i++) {
		if (call->capture[i].flags & STRACE_AT_RETURN)
			continue;
		if (capture(&call->capture[i], record->args, 0))
			watched->unread |= 1u << i;
	}
	record_end(flags);
	return 0;
}

/* execve() by a thread that is not the leader: it gets the leader's number. */
static void renamed(int was)
{
	record_end(record_begin(STRACE_RENAMED, was, 0, current->pid));
	trace(current->pid);
	forget(was);
}

static int call_returns(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	struct watched_call *call = container_of(get_kretprobe(ri), struct watched_call, rp);
	const struct pt_regs *user = task_pt_regs(current);
	struct watched *watched = (struct watched *)ri->data;
	long ret = regs_return_value(regs);
	bool new_program = !ret && strstr(call->rp.kp.symbol_name, "sys_execve");
	struct strace_record *record;
	unsigned long flags;
	int i;

	if (watched->pid != current->pid)
		renamed(watched->pid);
	flags = record_begin(STRACE_LEAVE, current->pid, call->nr, ret);
	record = record_now();
	arguments(record->args, user);
	for (i = 0; i < call->captures && !new_program; i++)
		if (call->capture[i].flags & STRACE_AT_RETURN || watched->unread & 1u << i)
			capture(&call->capture[i], record->args, ret);
	record_end(flags);
	if (records_plenty())
		set_tsk_need_resched(current);
	return 0;
}

int tasks_describe(const struct strace_call *described)
{
	struct watched_call *call;
	int i;

	if (described->captures < 0 || described->captures > STRACE_CAPTURES)
		return -EINVAL;
	for (i = 0; i < described->captures; i++)
		if (described->capture[i].arg > 5 || described->capture[i].count > 5 ||
		    described->capture[i].size > STRACE_PATH_MAX ||
		    (described->capture[i].kind != STRACE_STRING && !described->capture[i].size))
			return -EINVAL;
	for (call = calls; call < calls + ARRAY_SIZE(calls); call++) {
		if (call->nr != described->nr)
			continue;
		call->wanted = true;
		call->captures = described->captures;
		memcpy(call->capture, described->capture, sizeof(call->capture));
		return 0;
	}
	return -ENOENT;
}

/* --- tasks and signals ---------------------------------------------------------------------- */

static int task_made(struct kprobe *p, struct pt_regs *regs)
{
	const struct task_struct *task = (const void *)regs_get_kernel_argument(regs, 0);

	if (setting.follow && is_traced(current->pid)) {
		trace(task->pid);
		note(STRACE_FORK, 0, task->pid);
	}
	return 0;
}

static int task_ends(struct kprobe *p, struct pt_regs *regs)
{
	if (is_traced(current->pid)) {
		forget(current->pid);
		note(STRACE_EXIT, 0, regs_get_kernel_argument(regs, 0));
	}
	return 0;
}

static void note_signal(enum strace_type type, pid_t pid, int sig, const void *info)
{
	unsigned long flags = record_begin(type, pid, sig, 0);
	void *to = piece_begin(0, 0, 0, sizeof(struct kernel_siginfo));

	if (to && !copy_from_kernel_nofault(to, info, sizeof(struct kernel_siginfo)))
		piece_end(sizeof(struct kernel_siginfo));
	record_end(flags);
}

/* dequeue_signal(task, mask, info): of its callers only get_signal() delivers the signal. */
static int signal_wanted(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	if (!is_traced(current->pid) ||
	    regs_get_kernel_argument(regs, 1) != (unsigned long)&current->blocked)
		return 1;
	*(unsigned long *)ri->data = regs_get_kernel_argument(regs, 2);
	return 0;
}

static int signal_taken(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	int sig = (int)regs_return_value(regs);

	if (sig)
		note_signal(STRACE_SIGNAL, current->pid, sig, *(const void **)ri->data);
	return 0;
}

/* What __send_signal_locked() was called with; prepare_signal() decides whether it goes on. */
static unsigned long sent_info;

static int signal_sent(struct kprobe *p, struct pt_regs *regs)
{
	sent_info = regs_get_kernel_argument(regs, 1);
	return 0;
}

struct prepared {
	int sig;
	const struct task_struct *task;
};

static int signal_prepared(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	const struct task_struct *task = (const void *)regs_get_kernel_argument(regs, 1);

	if (!is_traced(task->pid) || task->signal->flags & SIGNAL_GROUP_EXIT)
		return 1;
	*(struct prepared *)ri->data = (struct prepared){
		(int)regs_get_kernel_argument(regs, 0), task };
	return 0;
}

/* The signal that is being sent to @prepared->task will not be dequeued there. */
static void note_unseen(const struct prepared *prepared)
{
	struct kernel_siginfo info;

	memset(&info, 0, sizeof(info));
	info.si_signo = prepared->sig;
	info.si_code = sent_info ? SI_KERNEL : SI_USER;
	if (!sent_info)
		info.si_pid = current->tgid;
	if (sent_info > 1)
		copy_from_kernel_nofault(&info, (const void *)sent_info, sizeof(info));
	note_signal(STRACE_IGNORED, prepared->task->pid, prepared->sig, &info);
}

static int signal_ignored(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	if (!(regs_return_value(regs) & 0xff))
		note_unseen((const void *)ri->data);
	return 0;
}

/* complete_signal() ends the group at once when the signal is fatal. */
static int signal_completed(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	const struct prepared *prepared = (const void *)ri->data;

	if (prepared->sig != SIGKILL && prepared->task->signal->flags & SIGNAL_GROUP_EXIT)
		note_unseen(prepared);
	return 0;
}

/* --- the probes ----------------------------------------------------------------------------- */

static struct kprobe entries[] = {
	{ .symbol_name = "wake_up_new_task", .pre_handler = task_made },
	{ .symbol_name = "do_exit", .pre_handler = task_ends },
	{ .symbol_name = "__send_signal_locked", .pre_handler = signal_sent },
};
static bool entries_on[ARRAY_SIZE(entries)];

static struct kretprobe returns[] = {
	{ .kp.symbol_name = "dequeue_signal", .entry_handler = signal_wanted,
	  .handler = signal_taken, .data_size = sizeof(unsigned long), .maxactive = 8 },
	{ .kp.symbol_name = "prepare_signal", .entry_handler = signal_prepared,
	  .handler = signal_ignored, .data_size = sizeof(struct prepared), .maxactive = 8 },
	{ .kp.symbol_name = "complete_signal", .entry_handler = signal_prepared,
	  .handler = signal_completed, .data_size = sizeof(struct prepared), .maxactive = 8 },
};
static bool returns_on[ARRAY_SIZE(returns)];

/* Registering has set the address; a probe with address and name cannot be registered again. */
static void unwatch(struct kretprobe *rp)
{
	unregister_kretprobe(rp);
	rp->kp.addr = NULL;
	rp->kp.flags = 0;
}

static int watch_calls(void)
{
	struct watched_call *call;
	int err;

	for (call = calls; call < calls + ARRAY_SIZE(calls); call++) {
		if (!call->wanted)
			continue;
		call->rp.entry_handler = call_entered;
		call->rp.handler = call_returns;
		call->rp.data_size = sizeof(struct watched);
		call->rp.maxactive = setting.follow ? WATCHED_AT_ONCE : 2;
		err = register_kretprobe(&call->rp);
		if (err) {
			pr_err("strace: cannot probe %s: %d\n", call->rp.kp.symbol_name, err);
			return err;
		}
		call->on = true;
	}
	return 0;
}

int tasks_start(void)
{
	size_t i;
	int err = watch_calls();

	for (i = 0; !err && i < ARRAY_SIZE(entries); i++) {
		err = register_kprobe(&entries[i]);
		entries_on[i] = !err;
	}
	for (i = 0; !err && i < ARRAY_SIZE(returns); i++) {
		err = register_kretprobe(&returns[i]);
		returns_on[i] = !err;
	}
	if (err)
		tasks_stop();
	return err;
}

void tasks_stop(void)
{
	struct watched_call *call;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(returns); i++)
		if (returns_on[i])
			unwatch(&returns[i]);
	for (i = 0; i < ARRAY_SIZE(entries); i++) {
		if (entries_on[i])
			unregister_kprobe(&entries[i]);
		entries[i].addr = NULL;
		entries[i].flags = 0;
	}
	memset(returns_on, 0, sizeof(returns_on));
	memset(entries_on, 0, sizeof(entries_on));
	for (call = calls; call < calls + ARRAY_SIZE(calls); call++) {
		if (call->on)
			unwatch(&call->rp);
		call->on = false;
		call->wanted = call->nr < 0;
		call->captures = 0;
	}
	bitmap_zero(traced, PIDS);
	tasks = 0;
	any = false;
}
