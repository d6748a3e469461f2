/*
 * The module capability, which answers capable(). Root's power is divided into capabilities; a task
 * gains and loses them when it changes its user ids, and when it runs a program (process/bprm_creds.c).
 * Linux: security/commoncap.c
 */
#include <uapi/securebits.h>

#include "kernel/sched/sched.h"
#include "kernel/security/lsm.h"
#include "kernel/security/security.h"

/*
 * The capabilities that setfsuid(2) takes away and gives back: CHOWN, DAC_OVERRIDE,
 * DAC_READ_SEARCH, FOWNER, FSETID, LINUX_IMMUTABLE, MKNOD, MAC_OVERRIDE.
 * Linux: include/linux/capability.h:CAP_FS_MASK
 */
#define CAP_FS_MASK (BIT(0) | BIT(1) | BIT(2) | BIT(3) | BIT(4) | BIT(9) | BIT(27) | BIT(32))

static int cap_capable(const struct cred *cred, int cap)
{
	return cred->cap_effective & BIT(cap) ? 0 : -EPERM;
}

static bool has_root_id(const struct cred *cred)
{
	return uid_eq(cred->uid, GLOBAL_ROOT_UID) || uid_eq(cred->euid, GLOBAL_ROOT_UID) ||
	       uid_eq(cred->suid, GLOBAL_ROOT_UID);
}

static bool issecure(const struct cred *cred, int bit)
{
	return cred->securebits & BIT(bit);
}

/*
 * A task that has no root id left loses all its capabilities, but with SECURE_KEEP_CAPS only the
 * effective and the ambient ones. A task that only changes its effective id from root loses the
 * effective ones, and regains them when it changes back.
 */
static void cap_emulate_setxuid(struct cred *new, const struct cred *old)
{
	if (has_root_id(old) && !has_root_id(new)) {
		if (!issecure(old, SECURE_KEEP_CAPS)) {
			new->cap_permitted = 0;
			new->cap_effective = 0;
		}
		new->cap_ambient = 0;
	}
	if (uid_eq(old->euid, GLOBAL_ROOT_UID) && !uid_eq(new->euid, GLOBAL_ROOT_UID))
		new->cap_effective = 0;
	if (!uid_eq(old->euid, GLOBAL_ROOT_UID) && uid_eq(new->euid, GLOBAL_ROOT_UID))
		new->cap_effective = new->cap_permitted;
}

/* A change of nothing but fsuid is setfsuid(2), which has rules of its own. */
static int cap_task_fix_setuid(struct cred *new, const struct cred *old)
{
	if (issecure(old, SECURE_NO_SETUID_FIXUP))
		return 0;
	if (!uid_eq(new->uid, old->uid) || !uid_eq(new->euid, old->euid) ||
	    !uid_eq(new->suid, old->suid)) {
		cap_emulate_setxuid(new, old);
		return 0;
	}
	if (uid_eq(old->fsuid, GLOBAL_ROOT_UID) && !uid_eq(new->fsuid, GLOBAL_ROOT_UID))
		new->cap_effective &= ~CAP_FS_MASK;
	if (!uid_eq(old->fsuid, GLOBAL_ROOT_UID) && uid_eq(new->fsuid, GLOBAL_ROOT_UID))
		new->cap_effective |= new->cap_permitted & CAP_FS_MASK;
	return 0;
}

static struct security_hook_list capability_hooks[] = {
	LSM_HOOK_INIT(capable, cap_capable),
	LSM_HOOK_INIT(task_fix_setuid, cap_task_fix_setuid),
};

void capability_init(void)
{
	security_add_hooks(capability_hooks, ARRAY_SIZE(capability_hooks), "capability", NULL);
}
