/*
 * signals.c - signals, sets of them, actions, and what came with one.
 */
#include <stdio.h>
#include <uapi/siginfo.h>
#include <uapi/signal.h>

#include "strace.h"

static const char *const signals[] = {
	NULL, "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2",
	"PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU",
	"XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS", "RTMIN",
};

/* Without SIG. */
static const char *short_name(int sig)
{
	static char text[16];

	if (sig > 0 && sig <= 32)
		return signals[sig];
	snprintf(text, sizeof(text), sig > 32 && sig <= 64 ? "RT_%d" : "%d", sig > 32 ? sig - 32 : sig);
	return text;
}

const char *signal_name(int sig)
{
	static char text[20];

	snprintf(text, sizeof(text), sig > 0 && sig <= 64 ? "SIG%s" : "%s", short_name(sig));
	return text;
}

void show_signal(const struct view *view, const struct arg *arg, int i)
{
	int sig = (int)view->args[i];

	(void)arg;
	if (sig > 0 && sig <= 64)
		put("%s", signal_name(sig));
	else
		put("%d", sig);
}

/* More than half of all are told by those that are missing. */
void put_sigset(ulong set)
{
	const char *between = "";
	int many = 0;

	for (int sig = 1; sig <= 64; sig++)
		many += set >> (sig - 1) & 1;
	put(many >= 2 * 64 / 3 ? "~[" : "[");
	for (int sig = 1; sig <= 64; sig++)
		if ((set >> (sig - 1) & 1) == (many < 2 * 64 / 3)) {
			put("%s%s", between, short_name(sig));
			between = " ";
		}
	put("]");
}

void show_sigset(const struct view *view, const struct arg *arg, int i)
{
	const ulong *set = NULL;

	if (arg->later && is_error(view->ret))
		put_pointer(view->args[i]);
	else
		set = memory_or_pointer(view, i, sizeof(*set));
	if (set)
		put_sigset(*set);
}

struct action {
	ulong handler, flags, restorer, mask;
};

void show_sigaction(const struct view *view, const struct arg *arg, int i)
{
	static const char *const special[] = { "SIG_DFL", "SIG_IGN" };
	const struct action *action = NULL;

	if (arg->later && is_error(view->ret))
		put_pointer(view->args[i]);
	else
		action = memory_or_pointer(view, i, sizeof(*action));
	if (!action)
		return;
	put(action->flags & SA_SIGINFO ? "{sa_sigaction=" : "{sa_handler=");
	if (action->handler < 2)
		put("%s", special[action->handler]);
	else
		put_pointer(action->handler);
	put(", sa_mask=");
	put_sigset(action->mask);
	put(", sa_flags=");
	put_flags(&sa_flags, action->flags);
	if (action->flags & SA_RESTORER) {
		put(", sa_restorer=");
		put_pointer(action->restorer);
	}
	put("}");
}

void show_stack(const struct view *view, const struct arg *arg, int i)
{
	const struct { ulong sp; int flags; ulong size; } *stack = NULL;

	if (arg->later && is_error(view->ret))
		put_pointer(view->args[i]);
	else
		stack = memory_or_pointer(view, i, sizeof(*stack));
	if (!stack)
		return;
	put("{ss_sp=");
	put_pointer(stack->sp);
	put(", ss_flags=");
	put_flags(&ss_flags, (unsigned int)stack->flags);
	put(", ss_size=%lu}", stack->size);
}

/* --- siginfo ----------------------------------------------------------------------------------- */

/* Linux: include/uapi/asm-generic/siginfo.h, on x86-64 */
struct info {
	int signo, error, code, pad;
	union {
		struct {
			int pid;
			unsigned int uid;
			union {
				int status;
				int value;
				ulong pointer;
			};
			long utime, stime;
		};
		struct {
			int timer, overrun;
		};
		ulong addr;
		long band;
	};
};

struct code {
	int sig; /* 0: of every signal */
	int code;
	const char *name;
};

static const struct code codes[] = {
	{ 0, SI_USER, "SI_USER" }, { 0, SI_KERNEL, "SI_KERNEL" }, { 0, SI_QUEUE, "SI_QUEUE" },
	{ 0, SI_TIMER, "SI_TIMER" }, { 0, -3, "SI_MESGQ" }, { 0, -4, "SI_ASYNCIO" },
	{ 0, SI_SIGIO, "SI_SIGIO" }, { 0, SI_TKILL, "SI_TKILL" }, { 0, SI_ASYNCNL, "SI_ASYNCNL" },
	{ SIGCHLD, CLD_EXITED, "CLD_EXITED" }, { SIGCHLD, CLD_KILLED, "CLD_KILLED" },
	{ SIGCHLD, CLD_DUMPED, "CLD_DUMPED" }, { SIGCHLD, CLD_STOPPED, "CLD_STOPPED" },
	{ SIGCHLD, CLD_CONTINUED, "CLD_CONTINUED" },
	{ SIGSEGV, SEGV_MAPERR, "SEGV_MAPERR" }, { SIGSEGV, SEGV_ACCERR, "SEGV_ACCERR" },
	{ SIGBUS, BUS_ADRALN, "BUS_ADRALN" }, { SIGBUS, BUS_ADRERR, "BUS_ADRERR" },
	{ SIGILL, ILL_ILLOPC, "ILL_ILLOPC" }, { SIGILL, ILL_ILLOPN, "ILL_ILLOPN" },
	{ SIGFPE, FPE_INTDIV, "FPE_INTDIV" }, { SIGFPE, FPE_INTOVF, "FPE_INTOVF" },
	{ SIGFPE, FPE_FLTDIV, "FPE_FLTDIV" }, { SIGFPE, FPE_FLTOVF, "FPE_FLTOVF" },
	{ SIGFPE, FPE_FLTUND, "FPE_FLTUND" }, { SIGFPE, FPE_FLTRES, "FPE_FLTRES" },
	{ SIGFPE, FPE_FLTINV, "FPE_FLTINV" },
	{ SIGTRAP, TRAP_BRKPT, "TRAP_BRKPT" }, { SIGTRAP, TRAP_TRACE, "TRAP_TRACE" },
	{ SIGIO, POLL_IN, "POLL_IN" }, { SIGIO, POLL_OUT, "POLL_OUT" }, { SIGIO, POLL_MSG, "POLL_MSG" },
	{ SIGIO, POLL_ERR, "POLL_ERR" }, { SIGIO, POLL_PRI, "POLL_PRI" }, { SIGIO, POLL_HUP, "POLL_HUP" },
};

static void put_code(int sig, int code)
{
	for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++)
		if (codes[i].code == code && (!codes[i].sig || codes[i].sig == sig)) {
			put("%s", codes[i].name);
			return;
		}
	put("%#x", (unsigned int)code);
}

/* What the kernel says of a signal that it has itself a reason for. */
static void put_reason(const struct info *info)
{
	switch (info->signo) {
	case SIGCHLD:
		put(", si_pid=%d, si_uid=%u, si_status=", info->pid, info->uid);
		if (info->code == CLD_EXITED)
			put("%d", info->status);
		else
			put("%s", signal_name(info->status));
		put(", si_utime=%ld, si_stime=%ld", info->utime, info->stime);
		break;
	case SIGSEGV:
	case SIGBUS:
	case SIGILL:
	case SIGFPE:
	case SIGTRAP:
		put(", si_addr=");
		put_pointer(info->addr);
		break;
	case SIGIO:
		if (info->code != SI_KERNEL)
			put(", si_band=%ld", info->band);
		break;
	}
}

void put_siginfo(const void *at)
{
	const struct info *info = at;

	put("{si_signo=%s, si_code=", signal_name(info->signo));
	put_code(info->signo, info->code);
	if (info->code == SI_TIMER)
		put(", si_timerid=%#x, si_overrun=%d, si_int=%d, si_ptr=", (unsigned int)info->timer,
		    info->overrun, info->value);
	else if (info->code <= 0)
		put(", si_pid=%d, si_uid=%u", info->pid, info->uid);
	else
		put_reason(info);
	if (info->code == SI_TIMER)
		put_pointer(info->pointer);
	if (info->code < 0 && info->code != SI_TIMER && info->code != SI_TKILL) {
		put(", si_int=%d, si_ptr=", info->value);
		put_pointer(info->pointer);
	}
	put("}");
}

void show_siginfo(const struct view *view, const struct arg *arg, int i)
{
	const void *info = NULL;

	if (arg->later && is_error(view->ret))
		put_pointer(view->args[i]);
	else
		info = memory_or_pointer(view, i, sizeof(struct info));
	if (info)
		put_siginfo(info);
}

/* How a timer tells that it is over. */
void show_sigevent(const struct view *view, const struct arg *arg, int i)
{
	static const char *const ways[] = { "SIGEV_SIGNAL", "SIGEV_NONE", "SIGEV_THREAD" };
	const struct { ulong value; int sig, notify, tid; } *event = memory_or_pointer(view, i, 24);

	(void)arg;
	if (!event)
		return;
	put("{sigev_value={sival_int=%d, sival_ptr=", (int)event->value);
	put_pointer(event->value);
	put("}, sigev_signo=%s, sigev_notify=", signal_name(event->sig));
	if (event->notify >= 0 && event->notify < 3)
		put("%s", ways[event->notify]);
	else
		put(event->notify == 4 ? "SIGEV_THREAD_ID" : "%#x", (unsigned int)event->notify);
	if (event->notify == 4)
		put(", sigev_notify_thread_id=%d", event->tid);
	put("}");
}

/* rt_sigreturn() has no argument: what is recorded as one is its stack pointer, at which the frame is. */
void show_sigreturn(const struct view *view, const struct arg *arg, int i)
{
	const char *frame = memory_or_pointer(view, i, 304);

	(void)arg;
	if (!frame)
		return;
	put("{mask=");
	put_sigset(*(const ulong *)(frame + 296));
	put("}");
}
