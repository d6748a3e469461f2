/*
 * special.c - calls whose arguments mean something else for each request.
 */
#include <fcntl.h>
#include <uapi/futex.h>
#include <uapi/ioctl.h>
#include <uapi/prctl.h>
#include <uapi/sched.h>
#include <uapi/socket.h>

#include "strace.h"

void show_wait_status(const struct view *view, const struct arg *arg, int i)
{
	const unsigned int *at = NULL;
	unsigned int status;

	(void)arg;
	if (view->ret <= 0)
		put_pointer(view->args[i]);
	else
		at = memory_or_pointer(view, i, sizeof(*at));
	if (!at)
		return;
	status = *at;
	if (status == 0xffff)
		put("[{WIFCONTINUED(s)}]");
	else if ((status & 0xff) == 0x7f)
		put("[{WIFSTOPPED(s) && WSTOPSIG(s) == %s}]", signal_name(status >> 8 & 0xff));
	else if (status & 0x7f)
		put("[{WIFSIGNALED(s) && WTERMSIG(s) == %s%s}]", signal_name(status & 0x7f),
		    status & 0x80 ? " && WCOREDUMP(s)" : "");
	else
		put("[{WIFEXITED(s) && WEXITSTATUS(s) == %u}]", status >> 8 & 0xff);
}

/* --- sockets ----------------------------------------------------------------------------------- */

void show_socket_type(const struct view *view, const struct arg *arg, int i)
{
	unsigned int type = (unsigned int)view->args[i];

	(void)arg;
	put_name(&sock_types, type & 0xf);
	if (type & ~0xfu) {
		put("|");
		put_flags(&sock_flags, type & ~0xfu);
	}
}

void show_protocol(const struct view *view, const struct arg *arg, int i)
{
	(void)arg;
	if (view->args[0] == AF_INET || view->args[0] == 10 /* AF_INET6 */)
		put_name(&inet_protocols, (unsigned int)view->args[i]);
	else
		put("%u", (unsigned int)view->args[i]);
}

/* --- fcntl ------------------------------------------------------------------------------------- */

int arity_fcntl(const struct view *view)
{
	switch (view->args[1]) {
	case F_GETFD:
	case F_GETFL:
	case 9: /* F_GETOWN */
	case 11: /* F_GETSIG */
	case 1025: /* F_GETLEASE */
	case 1032: /* F_GETPIPE_SZ */
	case 1034: /* F_GET_SEALS */
		return 2;
	default:
		return 3;
	}
}

static void put_lock(const struct view *view, int i)
{
	const struct { short type, whence; long start, len; int pid; } *lock =
		memory_or_pointer(view, i, 32);

	if (!lock)
		return;
	put("{l_type=");
	put_name(&locks, (unsigned short)lock->type);
	put(", l_whence=");
	put_name(&lseek_whence, (unsigned short)lock->whence);
	put(", l_start=%ld, l_len=%ld", lock->start, lock->len);
	if (view->args[1] == 5 /* F_GETLK */ || view->args[1] == 36)
		put(", l_pid=%d", lock->pid);
	put("}");
}

void show_fcntl_arg(const struct view *view, const struct arg *arg, int i)
{
	(void)arg;
	switch (view->args[1]) {
	case F_SETFD:
		put_flags(&fd_flags, (unsigned int)view->args[i]);
		break;
	case F_SETFL:
		show_open_flags(view, arg, i);
		break;
	case 5:
	case 6:
	case 7:
	case 36:
	case 37:
	case 38:
		put_lock(view, i);
		break;
	case 10: /* F_SETSIG */
		show_signal(view, arg, i);
		break;
	case F_DUPFD:
	case F_DUPFD_CLOEXEC:
	case 8: /* F_SETOWN */
	case 1031: /* F_SETPIPE_SZ */
		show_int(view, arg, i);
		break;
	default:
		show_hex(view, arg, i);
	}
}

/* --- futex ------------------------------------------------------------------------------------- */

int arity_futex(const struct view *view)
{
	switch (view->args[1] & 0x7f) {
	case FUTEX_WAKE:
		return 3;
	case FUTEX_WAIT:
		return 4;
	case FUTEX_REQUEUE:
		return 5;
	case 6: /* FUTEX_LOCK_PI */
	case 7:
	case 8:
		return (view->args[1] & 0x7f) == 6 ? 4 : 2;
	default:
		return 6;
	}
}

void show_futex_op(const struct view *view, const struct arg *arg, int i)
{
	ulong op = view->args[i];
	const char *name = name_of(&futex_ops, op & 0x7f);

	(void)arg;
	if (name)
		put("%s%s%s", name, op & FUTEX_PRIVATE_FLAG ? "_PRIVATE" : "",
		    op & FUTEX_CLOCK_REALTIME ? "|FUTEX_CLOCK_REALTIME" : "");
	else
		put("%#lx /* FUTEX_??? */", op);
}

/* A moment, or a number: how many are to be moved. */
void show_futex_timeout(const struct view *view, const struct arg *arg, int i)
{
	ulong op = view->args[1] & 0x7f;

	if (op >= FUTEX_REQUEUE && op <= 5)
		show_uint(view, arg, i);
	else
		show_timespec(view, arg, i);
}

/* --- ioctl ------------------------------------------------------------------------------------- */

void show_ioctl_cmd(const struct view *view, const struct arg *arg, int i)
{
	static const char *const directions[] = { "_IOC_NONE", "_IOC_WRITE", "_IOC_READ",
						  "_IOC_READ|_IOC_WRITE" };
	unsigned int cmd = (unsigned int)view->args[i];
	const char *name = name_of(&ioctls, cmd);

	(void)arg;
	if (name)
		put("%s", name);
	else
		put("_IOC(%s, %#x, %#x, %#x)", directions[cmd >> 30], cmd >> 8 & 0xff, cmd & 0xff,
		    cmd >> 16 & 0x3fff);
}

void show_ioctl_arg(const struct view *view, const struct arg *arg, int i)
{
	ulong cmd = view->args[1];
	const unsigned short *size;

	if (is_error(view->ret) || !name_of(&ioctls, cmd)) {
		if (name_of(&ioctls, cmd))
			put_pointer(view->args[i]);
		else
			show_hex(view, arg, i);
	} else if (cmd == FIONREAD || cmd == TIOCGPGRP || cmd == TIOCSPGRP || cmd == TIOCOUTQ ||
		   cmd == FIONBIO) {
		show_int_at(view, arg, i);
	} else if (cmd == TIOCGWINSZ || cmd == TIOCSWINSZ) {
		size = memory_or_pointer(view, i, 8);
		if (size)
			put("{ws_row=%u, ws_col=%u, ws_xpixel=%u, ws_ypixel=%u}", size[0], size[1],
			    size[2], size[3]);
	} else {
		put_pointer(view->args[i]);
	}
}

/* --- clone ------------------------------------------------------------------------------------- */

#define CLONE_TELLS_PARENT 0x101000ul /* CLONE_PARENT_SETTID, CLONE_PIDFD */

/* Flags, and the signal that the parent gets. */
static void put_clone_flags(ulong flags)
{
	unsigned int sig = flags & 0xff;

	if (flags & ~0xfful || !sig)
		put_flags(&clone_flags, flags & ~0xfful);
	if (sig)
		put("%s%s", flags & ~0xfful ? "|" : "", signal_name((int)sig));
}

/* clone() has the arguments flags, stack, parent_tid, child_tid, tls; they are printed in another order. */
int arity_clone(const struct view *view)
{
	ulong flags = view->args[0];

	return flags & (CLONE_SETTLS | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | CLONE_TELLS_PARENT) ?
		2 : 1;
}

static void show_clone_rest(const struct view *view)
{
	ulong flags = view->args[0];
	const char *between = "";
	const int *tid;
	size_t len;

	if (flags & CLONE_TELLS_PARENT) {
		tid = is_error(view->ret) ? NULL : memory(view, 2, 0, &len);
		put("parent_tid=");
		if (tid)
			put("[%d]", *tid);
		else
			put_pointer(view->args[2]);
		between = ", ";
	}
	if (flags & CLONE_SETTLS) {
		put("%stls=%#lx", between, view->args[4]);
		between = ", ";
	}
	if (flags & (CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID)) {
		put("%schild_tidptr=", between);
		put_pointer(view->args[3]);
	}
}

void show_clone(const struct view *view, const struct arg *arg, int i)
{
	(void)arg;
	if (i) {
		show_clone_rest(view);
		return;
	}
	put("child_stack=");
	put_pointer(view->args[1]);
	put(", flags=");
	put_clone_flags(view->args[0]);
}

void show_clone3(const struct view *view, const struct arg *arg, int i)
{
	const struct { ulong flags, pidfd, child_tid, parent_tid, exit_signal, stack, size, tls; } *c =
		memory_or_pointer(view, i, 64);

	(void)arg;
	if (!c)
		return;
	put("{flags=");
	put_flags(&clone_flags, c->flags);
	if (c->flags & CLONE_PIDFD)
		put(", pidfd=%#lx", c->pidfd);
	if (c->flags & (CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID))
		put(", child_tid=%#lx", c->child_tid);
	if (c->flags & CLONE_PARENT_SETTID)
		put(", parent_tid=%#lx", c->parent_tid);
	put(", exit_signal=%s, stack=", c->exit_signal ? signal_name((int)c->exit_signal) : "0");
	put_pointer(c->stack);
	put(", stack_size=%#lx", c->size);
	if (c->flags & CLONE_SETTLS)
		put(", tls=%#lx", c->tls);
	put("}");
}

/* --- prctl ------------------------------------------------------------------------------------- */

int arity_prctl(const struct view *view)
{
	switch (view->args[0]) {
	case PR_GET_DUMPABLE:
	case PR_GET_KEEPCAPS:
	case PR_GET_SECUREBITS:
	case PR_GET_TIMERSLACK:
		return 1;
	case PR_SET_NO_NEW_PRIVS:
	case PR_GET_NO_NEW_PRIVS:
	case PR_CAP_AMBIENT:
		return 5;
	default:
		return name_of(&prctls, view->args[0]) ? 2 : 5;
	}
}

void show_prctl_arg(const struct view *view, const struct arg *arg, int i)
{
	const char *name;

	switch (view->args[0]) {
	case PR_SET_NAME:
	case PR_GET_NAME:
		name = memory_or_pointer(view, i, 16);
		if (name) {
			size_t len = 0;

			while (len < 15 && name[len])
				len++;
			put_path(name, len);
		}
		break;
	case PR_SET_PDEATHSIG:
		show_signal(view, arg, i);
		break;
	case PR_CAPBSET_READ:
	case PR_CAPBSET_DROP:
		put_name(&caps, view->args[i]);
		break;
	case PR_GET_PDEATHSIG:
	case PR_GET_CHILD_SUBREAPER:
		show_int_at(view, arg, i);
		break;
	case PR_SET_NO_NEW_PRIVS:
	case PR_SET_DUMPABLE:
	case PR_SET_KEEPCAPS:
	case PR_SET_CHILD_SUBREAPER:
		show_ulong(view, arg, i);
		break;
	default:
		show_hex(view, arg, i);
	}
}
