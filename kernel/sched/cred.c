/*
 * Credentials: prepare a copy, change it, commit it. See cred.h for how to use them. Linux: kernel/cred.c
 */
#include "kernel/sched/sched.h"
#include "kernel/security/security.h"

static struct group_info init_groups = { .usage = REFCOUNT_INIT(2) };

struct cred init_cred = {
	.usage = REFCOUNT_INIT(2), /* init_task's, and one that is never dropped */
	.cap_permitted = CAP_FULL_SET,
	.cap_effective = CAP_FULL_SET,
	.cap_bset = CAP_FULL_SET,
	.user = &root_user,
	.group_info = &init_groups,
};

static struct kmem_cache *cred_cache;

void cred_init(void)
{
	cred_cache = kmem_cache_create("cred_jar", sizeof(struct cred), 0, SLAB_PANIC, NULL);
}

static void put_group_info(struct group_info *groups)
{
	if (refcount_dec_and_test(&groups->usage))
		kfree(groups);
}

struct cred *prepare_creds(void)
{
	struct cred *new = kmem_cache_alloc(cred_cache, GFP_KERNEL);

	if (!new)
		return NULL;
	*new = *current->cred;
	refcount_set(&new->usage, 1);
	refcount_inc(&new->group_info->usage);
	get_uid(new->user);
	new->security = NULL;
	if (security_prepare_creds(new, current->cred, GFP_KERNEL)) {
		free_uid(new->user);
		put_group_info(new->group_info);
		kmem_cache_free(cred_cache, new);
		return NULL;
	}
	return new;
}

/* Does a task that changes from @old to @new become another user, or gain a capability? */
static bool is_another(const struct cred *old, const struct cred *new)
{
	return !uid_eq(new->euid, old->euid) || !uid_eq(new->fsuid, old->fsuid) ||
	       !gid_eq(new->egid, old->egid) || !gid_eq(new->fsgid, old->fsgid) ||
	       new->cap_permitted & ~old->cap_permitted;
}

int commit_creds(struct cred *new)
{
	const struct cred *old = current->cred;

	if (is_another(old, new)) { /* what it was as the old one is not for the new one to see */
		if (current->mm)
			current->mm->dumpable = false;
		current->pdeath_signal = 0;
	}
	old->user->processes--;
	new->user->processes++;
	current->cred = new;
	put_cred(old);
	return 0;
}

void abort_creds(struct cred *new)
{
	put_cred(new);
}

const struct cred *override_creds(const struct cred *new)
{
	const struct cred *old = current->cred;

	current->cred = get_cred(new);
	return old;
}

void revert_creds(const struct cred *old)
{
	const struct cred *new = current->cred;

	current->cred = old;
	put_cred(new);
}

void __put_cred(struct cred *cred)
{
	security_cred_free(cred);
	free_uid(cred->user);
	put_group_info(cred->group_info);
	kmem_cache_free(cred_cache, cred);
}

struct group_info *groups_alloc(int n)
{
	struct group_info *groups;

	groups = kmalloc(sizeof(*groups) + n * sizeof(groups->gid[0]), GFP_KERNEL);
	if (!groups)
		return NULL;
	refcount_set(&groups->usage, 1);
	groups->ngroups = n;
	return groups;
}

void set_groups(struct cred *new, struct group_info *groups)
{
	put_group_info(new->group_info);
	new->group_info = groups;
}

bool in_group_p(kgid_t gid)
{
	const struct cred *cred = current->cred;
	int i;

	if (gid_eq(gid, cred->fsgid))
		return true;
	for (i = 0; i < cred->group_info->ngroups; i++) {
		if (gid_eq(cred->group_info->gid[i], gid))
			return true;
	}
	return false;
}

bool capable(int cap)
{
	return security_capable(current->cred, cap) == 0;
}
