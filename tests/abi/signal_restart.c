/*
 * signal_restart.c - calls that a signal interrupts: which start again, which return EINTR, by the flags
 * of the handler, and without one.
 */
#include "handlers.h"

static int calls;			/* of the handler, since a check began */
static unsigned long mask_inside, mask_in_frame;

static void note(int sig, struct info *info, struct ucontext_of_kernel *uc)
{
	CHECK(sig == info->signo);
	calls++;
	mask_in_frame = uc->mask;
	mask_inside = blocked();
}

static long child_that_lives(long ms)
{
	long child = sys(fork);

	if (child == 0) {
		sleep_ms(ms);
		sys(exit_group, 7);
	}
	return child;
}

/* wait4() for a child that lives longer than it takes @signal to come. */
static void wait_with(const char *what, int sig, void *handler, unsigned long flags)
{
	long child = child_that_lives(300), sender = send_later(sys(getpid), sig, 30), ret;
	int status = 0;

	calls = 0;
	set_action(sig, handler, flags | SA_SIGINFO, 0);
	ret = sys(wait4, child, &status, 0, 0);
	line("wait4, %s: %s, %d calls", what, ret == child ? "the child" : text(ret), calls);
	if (ret != child)
		CHECK(sys(wait4, child, 0, 0, 0) == child);
	CHECK(sys(wait4, sender, 0, 0, 0) == sender);
	set_action(sig, SIG_DFL, 0, 0);
}

/* Longer than any sender takes, where a handler ends the wait; short where nothing does. */
static struct timespec wait_for(void *handler)
{
	return handler == (void *)SIG_IGN ? (struct timespec){ 0, 100000000 } : (struct timespec){ 5, 0 };
}

static void sleep_with(const char *what, int sig, void *handler, unsigned long flags)
{
	struct timespec time = wait_for(handler), rest = { -1, -1 };
	long sender = send_later(sys(getpid), sig, 30), ret;

	calls = 0;
	set_action(sig, handler, flags | SA_SIGINFO, 0);
	ret = sys(nanosleep, &time, &rest);
	line("nanosleep, %s: %s, %d calls, rest %s", what, text(ret), calls,
	     rest.tv_sec == -1 ? "untouched" : rest.tv_sec >= 0 && rest.tv_sec < time.tv_sec ?
	     "less than all" : "wrong");
	CHECK(sys(wait4, sender, 0, 0, 0) == sender);
	set_action(sig, SIG_DFL, 0, 0);
}

static void pause_with(const char *what, unsigned long flags)
{
	long sender = send_later(sys(getpid), SIGUSR1, 30), ret;

	calls = 0;
	handle(SIGUSR1, note, flags, 0);
	ret = sys(pause);
	line("pause, %s: %s, %d calls", what, text(ret), calls);
	CHECK(sys(wait4, sender, 0, 0, 0) == sender);
}

static void suspend_with(const char *what, unsigned long flags)
{
	unsigned long mask = bit(SIGHUP);
	long ret;

	calls = 0;
	set_blocked(bit(SIGUSR1) | bit(SIGUSR2));
	handle(SIGUSR1, note, flags, 0);
	raise_signal(SIGUSR1);
	ret = sys(rt_sigsuspend, &mask, 8);
	line("rt_sigsuspend, %s: %s, %d calls, in the handler %#lx, in the frame %#lx, after it %#lx", what,
	     text(ret), calls, mask_inside, mask_in_frame, blocked());
	set_blocked(0);
}

static void timedwait_with(const char *what, int sig, void *handler, unsigned long flags)
{
	unsigned long set = bit(50);
	struct timespec time = wait_for(handler);
	long sender = send_later(sys(getpid), sig, 30), ret;

	calls = 0;
	set_action(sig, handler, flags | SA_SIGINFO, 0);
	ret = sys(rt_sigtimedwait, &set, 0, &time, 8);
	line("rt_sigtimedwait, %s: %s, %d calls", what, text(ret), calls);
	CHECK(sys(wait4, sender, 0, 0, 0) == sender);
	set_action(sig, SIG_DFL, 0, 0);
}

static void interrupted(void)
{
	wait_with("a handler", SIGUSR1, note, 0);
	wait_with("SA_RESTART", SIGUSR1, note, SA_RESTART);
	wait_with("ignored", SIGUSR1, SIG_IGN, 0);
	wait_with("SIGCONT, default", SIGCONT, SIG_DFL, 0);
	wait_with("SIGWINCH, default", SIGWINCH, SIG_DFL, 0);
	sleep_with("a handler", SIGUSR1, note, 0);
	sleep_with("SA_RESTART", SIGUSR1, note, SA_RESTART);
	sleep_with("ignored", SIGUSR1, SIG_IGN, 0);
	pause_with("a handler", 0);
	pause_with("SA_RESTART", SA_RESTART);
	suspend_with("a handler", 0);
	suspend_with("SA_RESTART", SA_RESTART);
	suspend_with("SA_NODEFER", SA_NODEFER);
	timedwait_with("a handler", SIGUSR1, note, 0);
	timedwait_with("SA_RESTART", SIGUSR1, note, SA_RESTART);
	timedwait_with("ignored", SIGUSR1, SIG_IGN, 0);
	set_blocked(bit(50));
	timedwait_with("the signal itself, default", 50, SIG_DFL, 0);
	timedwait_with("the signal itself, a handler", 50, note, 0);
}

int main(void)
{
	interrupted();
	return verdict();
}
