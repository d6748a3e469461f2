/*
 * Signals: sending and delivering. Linux: kernel/signal.c
 *
 * Until rt_sigaction exists every action is the default, so a signal is ignored or fatal.
 */
#include "kernel/process/process.h"

/*
 * Default action: ignore. Linux: SIG_KERNEL_IGNORE_MASK; stop and continue come with job control.
 */
#define IGNORED_BY_DEFAULT                                                              \
	(BIT(SIGCHLD - 1) | BIT(SIGURG - 1) | BIT(SIGWINCH - 1) | BIT(SIGCONT - 1) |    \
	 BIT(SIGSTOP - 1) | BIT(SIGTSTP - 1) | BIT(SIGTTIN - 1) | BIT(SIGTTOU - 1))

static void queue_signal(int sig, struct task_struct *task)
{
	task->pending |= BIT(sig - 1);
	task->thread_flags |= TIF_SIGPENDING;
	wake_up_state(task, TASK_INTERRUPTIBLE | TASK_WAKEKILL);
}

void send_sig(int sig, struct task_struct *task)
{
	unsigned long flags;

	if (BIT(sig - 1) & IGNORED_BY_DEFAULT || is_global_init(task) || task->exit_state)
		return;
	local_irq_save(flags);
	queue_signal(sig, task);
	local_irq_restore(flags);
}

void force_sig(int sig)
{
	unsigned long flags;

	local_irq_save(flags);
	queue_signal(sig, current);
	local_irq_restore(flags);
}

void signal_foreground(int sig)
{
	struct task_struct *task;

	list_for_each_entry(task, &task_list, tasks) {
		if (task->mm)
			send_sig(sig, task);
	}
}

void do_signal(struct pt_regs *regs __maybe_unused)
{
	unsigned long pending = current->pending;
	int sig = pending & BIT(SIGKILL - 1) ? SIGKILL : __builtin_ctzl(pending) + 1;

	do_exit(sig);
}
