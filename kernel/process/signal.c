/*
 * Delivering signals: today each that is pending is fatal. Linux: kernel/signal.c:get_signal()
 */
#include "kernel/process/process.h"

void do_signal(struct pt_regs *regs __maybe_unused)
{
	unsigned long pending = current->pending;
	int sig = pending & BIT(SIGKILL - 1) ? SIGKILL : __builtin_ctzl(pending) + 1;

	do_exit(sig);
}
