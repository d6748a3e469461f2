/*
 * Job control: the controlling terminal of a session, and which of its process groups is in the
 * foreground. Linux: drivers/tty/tty_jobctrl.c
 *
 * signal->tty is the controlling terminal of a process. A process that has one is in the session
 * tty->ctrl.session, so whoever ends that session's use of the tty finds all who have it.
 */
#include <uapi/capability.h>
#include <uapi/ioctl.h>

#include "kernel/drivers/tty/tty.h"
#include "kernel/process/process.h"

static bool is_ignored(int sig)
{
	return sigismember(&current->blocked, sig) ||
	       current->sighand->action[sig - 1].sa.sa_handler == SIG_IGN;
}

/* current's group is in the background and does what @sig is for. 0: it may do it all the same. */
static int stop_background(struct tty_struct *tty, int sig)
{
	struct pid *pgrp = task_pgrp(current);

	if (current->signal->tty != tty || !tty->ctrl.pgrp || tty->ctrl.pgrp == pgrp)
		return 0;
	if (is_ignored(sig))
		return sig == SIGTTIN ? -EIO : 0;
	if (is_current_pgrp_orphaned())
		return -EIO; /* nobody would let it go on */
	kill_pgrp(pgrp, sig, 1);
	current->thread_flags |= TIF_SIGPENDING;
	return -ERESTARTSYS;
}

int tty_check_change(struct tty_struct *tty)
{
	return stop_background(tty, SIGTTOU);
}

int tty_check_read(struct tty_struct *tty)
{
	return stop_background(tty, SIGTTIN);
}

void tty_kill_pgrp(struct tty_struct *tty, int sig)
{
	struct pid *pgrp = get_pid(tty->ctrl.pgrp);

	if (pgrp)
		kill_pgrp(pgrp, sig, 1);
	put_pid(pgrp);
}

void session_clear_tty(struct pid *session)
{
	struct task_struct *p;

	do_each_pid_task(session, PIDTYPE_SID, p) {
		p->signal->tty = NULL;
	} while_each_pid_task(session, PIDTYPE_SID, p);
}

/* *@place is @pid from now on. A softirq may send a signal to it at any time, so the old one goes last. */
static void set_ctrl_pid(struct pid **place, struct pid *pid)
{
	struct pid *old = *place;

	WRITE_ONCE(*place, get_pid(pid));
	put_pid(old);
}

void tty_set_ctrl(struct tty_struct *tty, struct pid *session, struct pid *pgrp)
{
	set_ctrl_pid(&tty->ctrl.session, session);
	set_ctrl_pid(&tty->ctrl.pgrp, pgrp);
}

static void proc_set_tty(struct tty_struct *tty)
{
	tty_set_ctrl(tty, task_session(current), task_pgrp(current));
	put_pid(current->signal->tty_old_pgrp);
	current->signal->tty_old_pgrp = NULL;
	current->signal->tty = tty;
}

/* Who may only write to a terminal does not get it, because /dev/tty would let him read. */
void tty_open_proc_set_tty(struct file *file, struct tty_struct *tty)
{
	if (tty_is_master(tty) || !current->signal->leader || current->signal->tty)
		return;
	if (!tty->ctrl.session && file->f_mode & FMODE_READ)
		proc_set_tty(tty);
}

/* The session of @tty loses it. Its leader is told, and if it ends, those in the foreground, too. */
void tty_signal_session_leader(struct tty_struct *tty, bool exit_session)
{
	struct pid *tty_pgrp = NULL;
	struct task_struct *p;

	read_lock(&tasklist_lock);
	do_each_pid_task(tty->ctrl.session, PIDTYPE_SID, p) {
		if (p->signal->tty == tty)
			p->signal->tty = NULL;
		if (!p->signal->leader)
			continue;
		group_send_sig_info(SIGHUP, SEND_SIG_PRIV, p, PIDTYPE_TGID);
		group_send_sig_info(SIGCONT, SEND_SIG_PRIV, p, PIDTYPE_TGID);
		tty_pgrp = tty->ctrl.pgrp;
		put_pid(p->signal->tty_old_pgrp);
		p->signal->tty_old_pgrp = get_pid(tty_pgrp);
	} while_each_pid_task(tty->ctrl.session, PIDTYPE_SID, p);
	read_unlock(&tasklist_lock);
	if (tty_pgrp && exit_session)
		kill_pgrp(tty_pgrp, SIGHUP, 1);
}

/*
 * The leader of a session that has lost its terminal ends: who was in the foreground then is told.
 * Nobody but a leader has tty_old_pgrp.
 */
static void hangup_old_pgrp(void)
{
	struct pid *pgrp = current->signal->tty_old_pgrp;

	current->signal->tty_old_pgrp = NULL;
	if (!pgrp)
		return;
	kill_pgrp(pgrp, SIGHUP, 1);
	kill_pgrp(pgrp, SIGCONT, 1);
	put_pid(pgrp);
}

void disassociate_ctty(bool on_exit)
{
	struct tty_struct *tty = current->signal->tty;

	if (!current->signal->leader)
		return;
	if (!tty) {
		if (on_exit)
			hangup_old_pgrp();
		return;
	}
	if (on_exit && !tty_is_pty(tty)) {
		tty_vhangup_session(tty);
	} else {
		tty_kill_pgrp(tty, SIGHUP);
		if (!on_exit)
			tty_kill_pgrp(tty, SIGCONT);
	}
	put_pid(current->signal->tty_old_pgrp);
	current->signal->tty_old_pgrp = NULL;
	if (current->signal->tty)
		tty_set_ctrl(tty, NULL, NULL);
	read_lock(&tasklist_lock);
	session_clear_tty(task_session(current));
	read_unlock(&tasklist_lock);
}

/* --- ioctl ---------------------------------------------------------------------------------- */

/* @force 1: take it away from another session, if current may. */
static int tiocsctty(struct tty_struct *tty, const struct file *file, unsigned long force)
{
	if (current->signal->leader && task_session(current) == tty->ctrl.session)
		return 0;
	if (!current->signal->leader || current->signal->tty)
		return -EPERM;
	if (tty->ctrl.session) {
		if (force != 1 || !capable(CAP_SYS_ADMIN))
			return -EPERM;
		session_clear_tty(tty->ctrl.session);
	}
	if (!(file->f_mode & FMODE_READ) && !capable(CAP_SYS_ADMIN))
		return -EPERM;
	proc_set_tty(tty);
	return 0;
}

/* The session of a member of @pgrp, or of the process with that number. */
static struct pid *session_of_pgrp(struct pid *pgrp)
{
	struct task_struct *p = pid_task(pgrp, PIDTYPE_PGID) ?: pid_task(pgrp, PIDTYPE_PID);

	return p ? task_session(p) : NULL;
}

static int tiocspgrp(struct tty_struct *tty, const pid_t __user *p)
{
	int ret = tty_check_change(tty);
	struct pid *pgrp;
	pid_t nr;

	if (ret)
		return ret == -EIO ? -ENOTTY : ret;
	if (get_user(nr, p))
		return -EFAULT;
	if (nr < 0)
		return -EINVAL;
	if (current->signal->tty != tty || tty->ctrl.session != task_session(current))
		return -ENOTTY;
	pgrp = find_vpid(nr);
	if (!pgrp)
		return -ESRCH;
	if (session_of_pgrp(pgrp) != task_session(current))
		return -EPERM;
	set_ctrl_pid(&tty->ctrl.pgrp, pgrp);
	return 0;
}

/* Current's process gives its controlling terminal up; a leader does so for the whole session. */
static int tiocnotty(const struct tty_struct *tty)
{
	if (current->signal->tty != tty)
		return -ENOTTY;
	disassociate_ctty(false);
	current->signal->tty = NULL;
	return 0;
}

/* @real_tty: the terminal that @tty is, or is the master of. The master may always ask. */
long tty_jobctrl_ioctl(struct tty_struct *tty, struct tty_struct *real_tty, struct file *file,
		       unsigned int cmd, unsigned long arg)
{
	bool may_ask = tty != real_tty || current->signal->tty == real_tty;
	pid_t __user *p = (pid_t __user *)arg;

	switch (cmd) {
	case TIOCNOTTY:
		return tiocnotty(tty);
	case TIOCSCTTY:
		return tiocsctty(real_tty, file, arg);
	case TIOCGPGRP:
		return may_ask ? put_user(pid_vnr(real_tty->ctrl.pgrp), p) : -ENOTTY;
	case TIOCSPGRP:
		return tiocspgrp(real_tty, p);
	case TIOCGSID:
		if (!may_ask || !real_tty->ctrl.session)
			return -ENOTTY;
		return put_user(pid_vnr(real_tty->ctrl.session), p);
	}
	return -ENOIOCTLCMD;
}

unsigned int signal_tty(const struct signal_struct *signal, pid_t *pgrp)
{
	if (!signal->tty)
		return 0;
	*pgrp = pid_nr(signal->tty->ctrl.pgrp);
	return new_encode_dev(tty_devnum(signal->tty));
}
