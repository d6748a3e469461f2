/*
 * The credentials of a new program: set-user-ID and set-group-ID files, and capabilities.
 * Linux: fs/exec.c:bprm_creds_from_file(), security/commoncap.c:cap_bprm_creds_from_file()
 *
 * No file carries capabilities here. Without this file a program has the credentials of its caller.
 */
#include <uapi/securebits.h>

#include "kernel/process/binprm.h"
#include "kernel/process/process.h"

/* Why a program may get no more rights than it has: somebody else could use them. */
#define LSM_UNSAFE_SHARE 1u        /* another process shares its root and current directory */
#define LSM_UNSAFE_NO_NEW_PRIVS 4u /* it said so itself */

/*
 * What is found stays true until execve() is over: another thread, which runs while this one sleeps, cannot
 * make a process that shares the directories.
 */
static unsigned int check_unsafe_exec(struct linux_binprm *bprm)
{
	unsigned int unsafe = current->no_new_privs ? LSM_UNSAFE_NO_NEW_PRIVS : 0, users = 0;
	struct task_struct *t;

	for_each_thread(current, t)
		users += t->fs == current->fs;
	if (refcount_read(&current->fs->users) > users)
		return unsafe | LSM_UNSAFE_SHARE;
	current->fs->in_exec++;
	bprm->in_exec = true;
	return unsafe;
}

/* A set-group-ID bit without the right to execute for the group means something else. */
static void bprm_fill_uid(struct linux_binprm *bprm)
{
	const struct inode *inode = bprm->file->f_inode;
	umode_t mode = inode->i_mode;

	if (current->no_new_privs || (bprm->file->f_path.mnt->mnt_flags & MNT_NOSUID))
		return;
	if (mode & S_ISUID)
		bprm->cred->euid = inode->i_uid;
	if ((mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP))
		bprm->cred->egid = inode->i_gid;
}

static bool is_root(kuid_t uid)
{
	return uid_eq(uid, GLOBAL_ROOT_UID);
}

/*
 * Root starts with all capabilities that it may have, everybody else with the ambient ones. @effective:
 * are all that are permitted effective, too?
 */
static void handle_privileged_root(struct cred *new, const struct cred *old, bool *effective)
{
	new->cap_permitted = 0;
	*effective = false;
	if (new->securebits & BIT(SECURE_NOROOT))
		return;
	if (is_root(new->euid) || is_root(new->uid))
		new->cap_permitted = old->cap_bset | old->cap_inheritable;
	*effective = is_root(new->euid);
}

int bprm_creds_from_file(struct linux_binprm *bprm)
{
	const struct cred *old = current_cred();
	unsigned int unsafe = check_unsafe_exec(bprm);
	struct cred *new = bprm->cred;
	bool effective, is_setid, gains;

	bprm_fill_uid(bprm);
	handle_privileged_root(new, old, &effective);
	is_setid = !uid_eq(new->euid, old->uid) || !gid_eq(new->egid, old->gid);
	gains = new->cap_permitted & ~old->cap_permitted;
	if ((is_setid || gains) && unsafe) {
		if (!capable(CAP_SETUID) || unsafe & LSM_UNSAFE_NO_NEW_PRIVS) {
			new->euid = new->uid;
			new->egid = new->gid;
		}
		new->cap_permitted &= old->cap_permitted;
	}
	new->suid = new->fsuid = new->euid;
	new->sgid = new->fsgid = new->egid;
	if (is_setid)
		new->cap_ambient = 0;
	new->cap_permitted |= new->cap_ambient;
	new->cap_effective = effective ? new->cap_permitted : new->cap_ambient;
	new->securebits &= ~(unsigned int)BIT(SECURE_KEEP_CAPS);
	bprm->secureexec = is_setid || (!is_root(new->uid) &&
			   (effective || new->cap_permitted & ~new->cap_ambient));
	bprm->nondump = inode_permission(bprm->file->f_inode, MAY_READ);
	return 0;
}
