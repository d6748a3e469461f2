/*
 * Files that tell by a signal that they can be read or written: O_ASYNC, and to whom and how (F_SETOWN,
 * F_SETSIG). Linux: fs/fcntl.c
 *
 * A file has an owner only when somebody has set one, and a hash finds it: no other file is larger for it.
 */
#include "kernel/fs/fasync.h"

#include <uapi/capability.h>
#include <uapi/poll.h>

#include "kernel/fs/internal.h"
#include "kernel/fs/locks/locks.h"
#include "kernel/fs/notify/notify.h"

#define FOWN_HASH_BITS 10

static struct hlist_head fown_hash[1 << FOWN_HASH_BITS]; /* changed with interrupts off */

static struct hlist_head *fown_bucket(const struct file *filp)
{
	unsigned long hash = (unsigned long)filp / 16;

	return &fown_hash[(hash ^ hash >> FOWN_HASH_BITS) & (ARRAY_SIZE(fown_hash) - 1)];
}

/* The owner of @filp's signals, or NULL: none was ever set. */
static struct fown_struct *file_f_owner(const struct file *filp)
{
	struct fown_struct *fown;

	if (!(filp->f_mode & FMODE_FOWNER))
		return NULL;
	hlist_for_each_entry(fown, fown_bucket(filp), hash) {
		if (fown->file == filp)
			return fown;
	}
	return NULL;
}

/* The same, made if there is none. NULL: no memory. */
static struct fown_struct *file_f_owner_allocate(struct file *filp)
{
	struct fown_struct *fown = file_f_owner(filp), *other;
	unsigned long flags;

	if (fown)
		return fown;
	fown = kzalloc(sizeof(*fown), GFP_KERNEL);
	if (!fown)
		return NULL;
	other = file_f_owner(filp); /* another task may have been here while we slept */
	if (other) {
		kfree(fown);
		return other;
	}
	fown->file = filp;
	local_irq_save(flags);
	hlist_add_head(&fown->hash, fown_bucket(filp));
	filp->f_mode |= FMODE_FOWNER;
	local_irq_restore(flags);
	return fown;
}

void file_forget_locks(struct file *file)
{
	struct fown_struct *fown = file_f_owner(file);
	unsigned long flags;

	if (file->f_mode & FMODE_NOTIFY)
		fsnotify_close(file);
	if (file->f_mode & FMODE_LOCKED)
		locks_remove_file(file);
	if (!fown)
		return;
	local_irq_save(flags);
	hlist_del(&fown->hash);
	local_irq_restore(flags);
	put_pid(fown->pid);
	kfree(fown);
}

/* Linux: fs/fcntl.c:f_modown() */
static int f_modown(struct file *filp, struct pid *pid, enum pid_type type)
{
	struct pid *old = get_pid(pid); /* now: it may end while the allocation sleeps */
	struct fown_struct *fown = file_f_owner_allocate(filp);
	unsigned long flags;

	if (!fown) {
		put_pid(old);
		return -ENOMEM;
	}
	local_irq_save(flags); /* an interrupt handler may send at any time */
	swap(fown->pid, old);
	fown->pid_type = type;
	fown->uid = current_uid();
	fown->euid = current_euid();
	local_irq_restore(flags);
	put_pid(old);
	return 0;
}

int f_setown(struct file *filp, unsigned long arg, int force __maybe_unused)
{
	enum pid_type type = PIDTYPE_TGID;
	struct pid *pid = NULL;
	long who = (int)arg;

	if (who < 0) {
		if (who == -0x80000000l)
			return -EINVAL;
		type = PIDTYPE_PGID;
		who = -who;
	}
	if (who) {
		pid = find_vpid(who);
		if (!pid)
			return -ESRCH;
	}
	return f_modown(filp, pid, type);
}

pid_t f_getown(struct file *filp)
{
	const struct fown_struct *fown = file_f_owner(filp);

	if (!fown || !pid_task(fown->pid, fown->pid_type))
		return 0;
	return fown->pid_type == PIDTYPE_PGID ? -pid_vnr(fown->pid) : pid_vnr(fown->pid);
}

int f_setown_ex(struct file *filp, unsigned long arg)
{
	static const u8 types[] = {
		[F_OWNER_TID] = PIDTYPE_PID,
		[F_OWNER_PID] = PIDTYPE_TGID,
		[F_OWNER_PGRP] = PIDTYPE_PGID,
	};
	struct f_owner_ex owner;
	struct pid *pid;

	if (copy_from_user(&owner, (void __user *)arg, sizeof(owner)))
		return -EFAULT;
	if ((unsigned int)owner.type >= ARRAY_SIZE(types))
		return -EINVAL;
	pid = find_vpid(owner.pid);
	if (owner.pid && !pid)
		return -ESRCH;
	return f_modown(filp, owner.pid ? pid : NULL, types[owner.type]);
}

int f_getown_ex(struct file *filp, unsigned long arg)
{
	const struct fown_struct *fown = file_f_owner(filp);
	struct f_owner_ex owner = { .type = F_OWNER_TID };

	if (fown) {
		if (pid_task(fown->pid, fown->pid_type))
			owner.pid = pid_vnr(fown->pid);
		if (fown->pid_type == PIDTYPE_TGID)
			owner.type = F_OWNER_PID;
		else if (fown->pid_type == PIDTYPE_PGID)
			owner.type = F_OWNER_PGRP;
	}
	return copy_to_user((void __user *)arg, &owner, sizeof(owner)) ? -EFAULT : 0;
}

int f_setsig(struct file *filp, unsigned long sig)
{
	struct fown_struct *fown;

	if (!valid_signal(sig))
		return -EINVAL;
	fown = file_f_owner_allocate(filp);
	if (!fown)
		return -ENOMEM;
	fown->signum = sig;
	return 0;
}

int f_getsig(const struct file *filp)
{
	const struct fown_struct *fown = file_f_owner(filp);

	return fown ? fown->signum : 0;
}

/* What poll() would say, for each POLL_* of a siginfo. */
static const long band_table[] = {
	[POLL_IN] = EPOLLIN | EPOLLRDNORM,
	[POLL_OUT] = EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND,
	[POLL_MSG] = EPOLLIN | EPOLLRDNORM | 0x400 /* EPOLLMSG, which no file here knows */,
	[POLL_ERR] = EPOLLERR,
	[POLL_PRI] = EPOLLPRI | EPOLLRDBAND,
	[POLL_HUP] = EPOLLHUP | EPOLLERR,
};

/* Might who asked for the signals send @p one himself? Linux: fs/fcntl.c:sigio_perm() */
static bool sigio_perm(const struct task_struct *p, const struct fown_struct *fown)
{
	const struct cred *cred = p->cred;

	return uid_eq(fown->euid, GLOBAL_ROOT_UID) || uid_eq(fown->euid, cred->suid) ||
	       uid_eq(fown->euid, cred->uid) || uid_eq(fown->uid, cred->suid) ||
	       uid_eq(fown->uid, cred->uid);
}

/* A chosen signal says which file and what; when it does not fit into the queue, SIGIO comes. */
static void send_sigio_to_task(struct task_struct *p, const struct fown_struct *fown, int fd,
			       int reason, enum pid_type type)
{
	kernel_siginfo_t info;

	if (!sigio_perm(p, fown))
		return;
	if (fown->signum) {
		clear_siginfo(&info);
		info.si_signo = fown->signum;
		/* a signal that has codes of its own gets none that could be mistaken for one */
		info.si_code = fown->signum < SIGRTMIN && fown->signum != SIGIO &&
				siginfo_layout(fown->signum, reason) != SIL_POLL ? SI_SIGIO : reason;
		info.si_band = band_table[reason];
		info.si_fd = fd;
		if (!do_send_sig_info(fown->signum, &info, p, type))
			return;
	}
	do_send_sig_info(SIGIO, SEND_SIG_PRIV, p, type);
}

static void send_sigio(const struct fown_struct *fown, int fd, int band)
{
	enum pid_type type = fown->pid_type;
	struct task_struct *p;

	if (type <= PIDTYPE_TGID) {
		p = pid_task(fown->pid, PIDTYPE_PID);
		if (p)
			send_sigio_to_task(p, fown, fd, band, type);
		return;
	}
	read_lock(&tasklist_lock);
	do_each_pid_task(fown->pid, type, p) {
		send_sigio_to_task(p, fown, fd, band, type);
	} while_each_pid_task(fown->pid, type, p);
	read_unlock(&tasklist_lock);
}

static int fasync_remove_entry(struct file *filp, struct fasync_struct **fapp)
{
	struct fasync_struct *fa;
	unsigned long flags;

	local_irq_save(flags);
	while (*fapp && (*fapp)->fa_file != filp)
		fapp = &(*fapp)->fa_next;
	fa = *fapp;
	if (fa) {
		*fapp = fa->fa_next;
		filp->f_flags &= ~O_ASYNC;
	}
	local_irq_restore(flags);
	kfree(fa);
	return fa != NULL;
}

static int fasync_add_entry(int fd, struct file *filp, struct fasync_struct **fapp)
{
	struct fasync_struct *new = kmalloc(sizeof(*new), GFP_KERNEL), *fa;
	unsigned long flags;

	if (!new)
		return -ENOMEM;
	local_irq_save(flags);
	for (fa = *fapp; fa && fa->fa_file != filp; fa = fa->fa_next)
		;
	if (fa) {
		fa->fa_fd = fd;
	} else {
		*new = (struct fasync_struct){ .fa_next = *fapp, .fa_file = filp, .fa_fd = fd };
		*fapp = new;
		filp->f_flags |= O_ASYNC;
	}
	local_irq_restore(flags);
	if (fa)
		kfree(new);
	return !fa;
}

int fasync_helper(int fd, struct file *filp, int on, struct fasync_struct **fapp)
{
	return on ? fasync_add_entry(fd, filp, fapp) : fasync_remove_entry(filp, fapp);
}

void kill_fasync(struct fasync_struct **fp, int sig, int band)
{
	struct fasync_struct *fa;
	unsigned long flags;

	if (likely(!*fp))
		return;
	local_irq_save(flags);
	for (fa = *fp; fa; fa = fa->fa_next) {
		const struct fown_struct *fown = file_f_owner(fa->fa_file);

		if (!fown)
			continue; /* nobody is to be told */
		if (sig != SIGURG || fown->signum)
			send_sigio(fown, fa->fa_fd, band);
	}
	local_irq_restore(flags);
}
