/*
 * Capabilities as programs see and change them: capget(), capset(), and the part of prctl() that has to
 * do with them. Linux: kernel/capability.c, security/commoncap.c
 *
 * kernel/security/commoncap.c holds the rules of setuid() and execve().
 */
#include <uapi/prctl.h>
#include <uapi/securebits.h>

#include "kernel/process/process.h"
#include "kernel/process/task.h"
#include "kernel/syscalls.h"

/*
 * How many structs of data a version of the header has. Returns 0; -EFAULT; -EINVAL: an unknown version,
 * and the one to use is stored in its place.
 */
static int cap_validate_magic(struct __user_cap_header_struct __user *header, unsigned int *structs)
{
	u32 version;

	if (get_user(version, &header->version))
		return -EFAULT;
	switch (version) {
	case _LINUX_CAPABILITY_VERSION_1:
		*structs = 1;
		return 0;
	case _LINUX_CAPABILITY_VERSION_2:
	case _LINUX_CAPABILITY_VERSION_3:
		*structs = _LINUX_CAPABILITY_U32S_3;
		return 0;
	default:
		return put_user((u32)_LINUX_CAPABILITY_VERSION_3, &header->version) ? -EFAULT
										     : -EINVAL;
	}
}

/* Without @data the call only asks which version to use. */
SYSCALL_DEFINE2(capget, struct __user_cap_header_struct __user *, header,
		struct __user_cap_data_struct __user *, data)
{
	struct __user_cap_data_struct k[_LINUX_CAPABILITY_U32S_3];
	const struct task_struct *task;
	unsigned int structs;
	int pid, ret = cap_validate_magic(header, &structs);

	if (!data || ret)
		return !data && ret == -EINVAL ? 0 : ret;
	if (get_user(pid, &header->pid))
		return -EFAULT;
	if (pid < 0)
		return -EINVAL;
	task = pid ? find_task_by_vpid(pid) : current;
	if (!task)
		return -ESRCH;
	for (unsigned int i = 0; i < structs; i++) {
		k[i].effective = task->cred->cap_effective >> (32 * i);
		k[i].permitted = task->cred->cap_permitted >> (32 * i);
		k[i].inheritable = task->cred->cap_inheritable >> (32 * i);
	}
	return copy_to_user(data, k, structs * sizeof(k[0])) ? -EFAULT : 0;
}

static bool cap_issubset(kernel_cap_t a, kernel_cap_t set)
{
	return !(a & ~set);
}

/* Linux: security/commoncap.c:cap_capset() */
static int cap_capset(struct cred *new, const struct cred *old, kernel_cap_t effective,
		      kernel_cap_t inheritable, kernel_cap_t permitted)
{
	if (!capable(CAP_SETPCAP) &&
	    !cap_issubset(inheritable, old->cap_inheritable | old->cap_permitted))
		return -EPERM;
	if (!cap_issubset(inheritable, old->cap_inheritable | old->cap_bset))
		return -EPERM;
	if (!cap_issubset(permitted, old->cap_permitted) || !cap_issubset(effective, permitted))
		return -EPERM;
	new->cap_effective = effective;
	new->cap_inheritable = inheritable;
	new->cap_permitted = permitted;
	new->cap_ambient &= permitted & inheritable;
	return 0;
}

SYSCALL_DEFINE2(capset, struct __user_cap_header_struct __user *, header,
		const struct __user_cap_data_struct __user *, data)
{
	struct __user_cap_data_struct k[_LINUX_CAPABILITY_U32S_3] = { };
	kernel_cap_t effective, inheritable, permitted;
	unsigned int structs;
	int pid, ret = cap_validate_magic(header, &structs);
	struct cred *new;

	if (ret)
		return ret;
	if (get_user(pid, &header->pid))
		return -EFAULT;
	if (pid && pid != current->pid) /* nobody sets those of another task */
		return -EPERM;
	if (copy_from_user(k, data, structs * sizeof(k[0])))
		return -EFAULT;
	effective = ((u64)k[1].effective << 32 | k[0].effective) & CAP_FULL_SET;
	inheritable = ((u64)k[1].inheritable << 32 | k[0].inheritable) & CAP_FULL_SET;
	permitted = ((u64)k[1].permitted << 32 | k[0].permitted) & CAP_FULL_SET;
	new = prepare_creds();
	if (!new)
		return -ENOMEM;
	ret = cap_capset(new, current_cred(), effective, inheritable, permitted);
	if (ret) {
		abort_creds(new);
		return ret;
	}
	return commit_creds(new);
}

/* --- prctl() -------------------------------------------------------------------------------- */

static bool cap_valid(unsigned long cap)
{
	return cap <= CAP_LAST_CAP;
}

/* Commit @change of a copy of current's credentials. */
static long change_creds(void (*change)(struct cred *new, unsigned long arg), unsigned long arg)
{
	struct cred *new = prepare_creds();

	if (!new)
		return -ENOMEM;
	change(new, arg);
	return commit_creds(new);
}

static void drop_from_bset(struct cred *new, unsigned long cap)
{
	new->cap_bset &= ~BIT(cap);
}

static void set_securebits(struct cred *new, unsigned long bits)
{
	new->securebits = bits;
}

static void and_ambient(struct cred *new, unsigned long mask)
{
	new->cap_ambient &= mask;
}

static void or_ambient(struct cred *new, unsigned long caps)
{
	new->cap_ambient |= caps;
}

static long cap_prctl_drop(unsigned long cap)
{
	if (!capable(CAP_SETPCAP))
		return -EPERM;
	return cap_valid(cap) ? change_creds(drop_from_bset, cap) : -EINVAL;
}

/* A locked bit keeps its value, and a lock cannot be taken away. */
static long prctl_set_securebits(unsigned long bits)
{
	unsigned long old = current_cred()->securebits;

	if (((old & SECURE_ALL_LOCKS) >> 1) & (old ^ bits))
		return -EPERM;
	if (old & SECURE_ALL_LOCKS & ~bits || bits & ~(SECURE_ALL_LOCKS | SECURE_ALL_BITS))
		return -EPERM;
	return capable(CAP_SETPCAP) ? change_creds(set_securebits, bits) : -EPERM;
}

static long prctl_set_keepcaps(unsigned long keep)
{
	unsigned long bits = current_cred()->securebits;

	if (keep > 1)
		return -EINVAL;
	if (bits & BIT(SECURE_KEEP_CAPS_LOCKED))
		return -EPERM;
	bits &= ~BIT(SECURE_KEEP_CAPS);
	return change_creds(set_securebits, bits | keep << SECURE_KEEP_CAPS);
}

/* Ambient capabilities are kept over execve() by who is not root. */
static long prctl_cap_ambient(unsigned long what, unsigned long cap, unsigned long rest)
{
	const struct cred *cred = current_cred();

	if (what == PR_CAP_AMBIENT_CLEAR_ALL)
		return cap | rest ? -EINVAL : change_creds(and_ambient, 0);
	if (!cap_valid(cap) || rest)
		return -EINVAL;
	switch (what) {
	case PR_CAP_AMBIENT_IS_SET:
		return !!(cred->cap_ambient & BIT(cap));
	case PR_CAP_AMBIENT_RAISE:
		if (!(cred->cap_permitted & cred->cap_inheritable & BIT(cap)) ||
		    cred->securebits & BIT(SECURE_NO_CAP_AMBIENT_RAISE))
			return -EPERM;
		return change_creds(or_ambient, BIT(cap));
	case PR_CAP_AMBIENT_LOWER:
		return change_creds(and_ambient, ~BIT(cap));
	default:
		return -EINVAL;
	}
}

long cap_task_prctl(int option, unsigned long arg2, unsigned long arg3, unsigned long arg4,
		    unsigned long arg5)
{
	switch (option) {
	case PR_CAPBSET_READ:
		return cap_valid(arg2) ? !!(current_cred()->cap_bset & BIT(arg2)) : -EINVAL;
	case PR_CAPBSET_DROP:
		return cap_prctl_drop(arg2);
	case PR_SET_SECUREBITS:
		return prctl_set_securebits(arg2);
	case PR_GET_SECUREBITS:
		return current_cred()->securebits;
	case PR_GET_KEEPCAPS:
		return !!(current_cred()->securebits & BIT(SECURE_KEEP_CAPS));
	case PR_SET_KEEPCAPS:
		return prctl_set_keepcaps(arg2);
	case PR_CAP_AMBIENT:
		return prctl_cap_ambient(arg2, arg3, arg4 | arg5);
	default:
		return -ENOSYS;
	}
}
