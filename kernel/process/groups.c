/*
 * Supplementary groups. Linux: kernel/groups.c
 */
#include "kernel/sched/sched.h"
#include "kernel/syscalls.h"

SYSCALL_DEFINE2(getgroups, int, size, gid_t __user *, list)
{
	const struct group_info *groups = current_cred()->group_info;

	if (size < 0)
		return -EINVAL;
	if (!size)
		return groups->ngroups;
	if (groups->ngroups > size)
		return -EINVAL;
	if (copy_to_user(list, groups->gid, groups->ngroups * sizeof(gid_t)))
		return -EFAULT;
	return groups->ngroups;
}

/* Let the group at @i of a heap of @n sink to where no child is larger. */
static void sift_down(kgid_t *gid, int i, int n)
{
	for (int child; (child = 2 * i + 1) < n; i = child) {
		if (child + 1 < n && gid_gt(gid[child + 1], gid[child]))
			child++;
		if (gid_gte(gid[i], gid[child]))
			return;
		swap(gid[i], gid[child]);
	}
}

/*
 * Kept sorted, as Linux keeps them. A heap sort, like Linux's sort(): ring 3 chooses the order of
 * up to NGROUPS_MAX groups, and the kernel is not preempted. Linux: kernel/groups.c:groups_sort()
 */
static void groups_sort(struct group_info *groups)
{
	int n = groups->ngroups, i;

	for (i = n / 2 - 1; i >= 0; i--)
		sift_down(groups->gid, i, n);
	for (i = n - 1; i > 0; i--) {
		swap(groups->gid[0], groups->gid[i]);
		sift_down(groups->gid, 0, i);
	}
}

/*
 * 0; -EFAULT; -EINVAL: the list has -1, which is not a group.
 * Linux: kernel/groups.c:groups_from_user()
 */
static int groups_from_user(struct group_info *groups, const gid_t __user *list)
{
	if (copy_from_user(groups->gid, list, groups->ngroups * sizeof(gid_t)))
		return -EFAULT;
	for (int i = 0; i < groups->ngroups; i++) {
		if (!gid_valid(groups->gid[i]))
			return -EINVAL;
	}
	return 0;
}

SYSCALL_DEFINE2(setgroups, int, size, const gid_t __user *, list)
{
	struct group_info *groups;
	struct cred *new;
	int err;

	if (!capable(CAP_SETGID))
		return -EPERM;
	if ((unsigned int)size > NGROUPS_MAX)
		return -EINVAL;
	groups = groups_alloc(size);
	if (!groups)
		return -ENOMEM;
	err = groups_from_user(groups, list);
	if (err) {
		kfree(groups);
		return err;
	}
	new = prepare_creds();
	if (!new) {
		kfree(groups);
		return -ENOMEM;
	}
	groups_sort(groups);
	set_groups(new, groups);
	return commit_creds(new);
}
