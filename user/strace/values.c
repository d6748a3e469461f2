/*
 * values.c - what a call returned: a number, an error, or for some calls what they have found.
 */
#include <fcntl.h>
#include <string.h>

#include "strace.h"

static void put_error(long ret)
{
	static const char *const restarts[] = {
		"ERESTARTSYS (To be restarted if SA_RESTART is set)",
		"ERESTARTNOINTR (To be restarted)",
		"ERESTARTNOHAND (To be restarted if no handler)",
		"ENOIOCTLCMD (No ioctl command)",
		"ERESTART_RESTARTBLOCK (Interrupted by signal)",
	};
	const char *name = name_of(&errors, (ulong)-ret);

	if (ret <= -512 && ret >= -516)
		put("? %s", restarts[-512 - ret]);
	else if (name)
		put("-1 %s (%s)", name, strerror((int)-ret));
	else
		put("-1 (errno %ld)", -ret);
}

static void put_polled(const struct view *view)
{
	const struct { int fd; short events, revents; } *p;
	const char *between = " ([";
	size_t len;

	put("%ld", view->ret);
	if (!view->ret)
		put(" (Timeout)");
	p = memory_after(view, 0, &len);
	if (!view->ret || !p)
		return;
	for (size_t n = 0; n < len / sizeof(*p); n++)
		if (p[n].revents) {
			put("%s{fd=%d, revents=", between, p[n].fd);
			put_flags(&poll_events, (unsigned short)p[n].revents);
			put("}");
			between = ", ";
		}
	put("])");
}

/* The descriptors of one set that are ready. Returns whether there are any. */
static int put_ready(const struct view *view, int i, const char *before)
{
	size_t len;
	const unsigned char *set = view->args[i] ? memory_after(view, i, &len) : NULL;
	int n = 0;

	for (int fd = 0; set && fd < (int)view->args[0] && fd < 1024; fd++)
		if (set[fd / 8] >> fd % 8 & 1) {
			put("%s%d", n++ ? " " : before, fd);
		}
	if (n)
		put("]");
	return n;
}

static void put_selected(const struct view *view)
{
	static const char *const first[] = { " (in [", " (out [", " (except [" };
	static const char *const next[] = { "", ", out [", ", except [" };
	const long *rest;
	int any = 0;
	size_t len;

	put("%ld", view->ret);
	if (!view->ret)
		put(" (Timeout)");
	for (int i = 0; view->ret && i < 3; i++)
		any |= put_ready(view, i + 1, any ? next[i] : first[i]);
	rest = any && view->args[4] ? memory_after(view, 4, &len) : NULL;
	if (rest)
		put(", left {tv_sec=%ld, %s=%ld}", rest[0],
		    strcmp(syscall_name(view->in->nr), "select") ? "tv_nsec" : "tv_usec", rest[1]);
	if (any)
		put(")");
}

/* Of F_GETFD and F_GETFL the flags by name. */
static void put_fcntl_value(const struct view *view)
{
	if (view->args[1] == F_GETFL) {
		put("%#lx (flags ", (ulong)view->ret);
		put_open_flags((unsigned int)view->ret);
		put(")");
	} else if (view->args[1] == F_GETFD && view->ret) {
		put("%#lx (flags ", (ulong)view->ret);
		put_flags(&fd_flags, (ulong)view->ret);
		put(")");
	} else {
		put("%ld", view->ret);
	}
}

void put_value(const struct view *view, const struct call *call)
{
	if (view->ret < 0 && is_error(view->ret)) {
		put_error(view->ret);
		return;
	}
	switch (call ? call->value : NUMBER) {
	case ADDRESS:
		put("%#lx", (ulong)view->ret);
		break;
	case OCTAL:
		put("%#03lo", (ulong)view->ret);
		break;
	case POLLED:
		put_polled(view);
		break;
	case SELECTED:
		put_selected(view);
		break;
	case FLAGS_OF_FD:
		put_fcntl_value(view);
		break;
	case IO_PRIORITY:
		put("%ld (", view->ret);
		put_ioprio((ulong)view->ret);
		put(")");
		break;
	default:
		put("%ld", view->ret);
	}
}
