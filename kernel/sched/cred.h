/*
 * Credentials: who a task is and what it may do. Immutable once shared: change a copy, commit it.
 * Linux: include/linux/cred.h, capability.h
 */
#ifndef KERNEL_SCHED_CRED_H
#define KERNEL_SCHED_CRED_H

#include <uapi/capability.h>

#include "kernel/lib/lib.h"
#include "kernel/sched/user.h"

#define NGROUPS_MAX 65536
#define CAP_FULL_SET (BIT(CAP_LAST_CAP + 1) - 1)

typedef u64 kernel_cap_t; /* bit n: capability n */

struct group_info {
	refcount_t usage;
	int ngroups;
	kgid_t gid[];
};

struct cred {
	refcount_t usage;
	kuid_t uid, suid, euid, fsuid;
	kgid_t gid, sgid, egid, fsgid;
	kernel_cap_t cap_inheritable, cap_permitted, cap_effective, cap_bset, cap_ambient;
	unsigned int securebits; /* SECURE_*: how root's ids and capabilities go together */
	struct user_struct *user; /* of the real uid */
	struct group_info *group_info;
	void *security; /* LSM blob, lsm_cred_size() bytes */
};

extern struct cred init_cred; /* root, every capability */

/* A private copy of current's credentials to change; NULL when there is no memory. */
struct cred *prepare_creds(void);

/* Make @new current's own, consuming the reference. Always 0. */
int commit_creds(struct cred *new);

/* Throw away what prepare_creds() gave. */
void abort_creds(struct cred *new);

/*
 * Act with @new for a while: current holds a reference of its own on it. Returns the old ones, for
 * revert_creds(), which drops that reference.
 */
const struct cred *override_creds(const struct cred *new);
void revert_creds(const struct cred *old);

/* One more owner. */
static inline const struct cred *get_cred(const struct cred *cred)
{
	refcount_inc(&((struct cred *)cred)->usage);
	return cred;
}

void __put_cred(struct cred *cred); /* the last owner is gone */

static inline void put_cred(const struct cred *cred)
{
	struct cred *c = (struct cred *)cred;

	if (unlikely(refcount_dec_and_test(&c->usage)))
		__put_cred(c);
}

#define current_cred() (current->cred)
#define current_uid() (current->cred->uid)
#define current_euid() (current->cred->euid)
#define current_fsuid() (current->cred->fsuid)
#define current_gid() (current->cred->gid)
#define current_egid() (current->cred->egid)
#define current_fsgid() (current->cred->fsgid)

/* Is @gid the fsgid of current or one of its supplementary groups? Linux: kernel/groups.c */
bool in_group_p(kgid_t gid);

/* Room for @n groups, one reference; NULL: no memory. set_groups() consumes the reference. */
struct group_info *groups_alloc(int n);
void set_groups(struct cred *new, struct group_info *groups);

void cred_init(void);

/* Asks the security modules. Linux: kernel/capability.c */
bool capable(int cap);

#endif
