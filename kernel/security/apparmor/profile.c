/*
 * The profiles in force: their references, and how a new policy replaces them.
 * Linux: security/apparmor/policy.c
 */
#include "kernel/mm/mm.h"
#include "kernel/security/apparmor/apparmor.h"
#include "kernel/security/security.h"

LIST_HEAD(aa_profiles);

struct aa_profile *aa_alloc_profile(const char *name, const char *attach)
{
	struct aa_profile *profile = kzalloc(sizeof(*profile), GFP_KERNEL);

	if (!profile)
		return NULL;
	refcount_set(&profile->count, 1);
	INIT_LIST_HEAD(&profile->list);
	profile->name = kstrdup(name, GFP_KERNEL);
	profile->attach = attach ? kstrdup(attach, GFP_KERNEL) : NULL;
	if (!profile->name || (attach && !profile->attach)) {
		aa_put_profile(profile);
		return NULL;
	}
	return profile;
}

struct aa_profile *aa_get_profile(struct aa_profile *profile)
{
	if (profile)
		refcount_inc(&profile->count);
	return profile;
}

/* The last reference frees the profile, and with it drops a reference on its successor. */
void aa_put_profile(struct aa_profile *profile)
{
	while (profile && refcount_dec_and_test(&profile->count)) {
		struct aa_profile *next = profile->replacedby;

		kfree(profile->name);
		kfree(profile->attach);
		kfree(profile);
		profile = next;
	}
}

struct aa_profile *aa_newest_profile(struct aa_profile *profile)
{
	while (profile && profile->replacedby)
		profile = profile->replacedby;
	return profile && !profile->removed ? profile : NULL;
}

void aa_free_profiles(struct list_head *profiles)
{
	struct aa_profile *profile, *next;

	list_for_each_entry_safe(profile, next, profiles, list) {
		list_del_init(&profile->list);
		aa_put_profile(profile);
	}
}

static struct aa_profile *find_profile(struct list_head *profiles, const char *name)
{
	struct aa_profile *profile;

	list_for_each_entry(profile, profiles, list) {
		if (!strcmp(profile->name, name))
			return profile;
	}
	return NULL;
}

/*
 * A task keeps the version of its profile that it was started under, and finds the newest version
 * through it: so a new policy holds for running programs at once. A task whose profile is not in
 * the new policy is unconfined.
 */
int aa_load_policy(const char *name, const char *text)
{
	struct aa_policy_error error;
	struct aa_profile *old, *next;
	LIST_HEAD(loaded);
	int count = aa_parse_policy(text, &loaded, &error);

	if (count == -EINVAL)
		pr_err("AppArmor: %s:%d: %s\n", name, error.line, error.what);
	if (count < 0)
		return count;

	list_for_each_entry_safe(old, next, &aa_profiles, list) {
		old->replacedby = aa_get_profile(find_profile(&loaded, old->name));
		old->removed = !old->replacedby;
		list_del_init(&old->list);
		aa_put_profile(old);
	}
	list_for_each_entry_safe(old, next, &loaded, list)
		list_move_tail(&old->list, &aa_profiles);
	return count;
}
