/*
 * Private to kernel/security/apparmor: profiles, and the functions that its files share.
 * Linux: security/apparmor/include/
 */
#ifndef KERNEL_SECURITY_APPARMOR_H
#define KERNEL_SECURITY_APPARMOR_H

#include <uapi/socket.h>

#include "kernel/sched/cred.h"
#include "kernel/security/security.h"

#define AA_NAME_MAX 255 /* bytes of a word in a policy, names and paths included */
#define AA_TYPES (SOCK_PACKET + 1)
#define AA_ALL_TYPES (BIT(AA_TYPES) - 1)

/*
 * What programs under one name may do. Network rules are kept as AppArmor does: for each address
 * family one bit for each socket type.
 */
struct aa_profile {
	refcount_t count; /* the policy, credentials, socks, an older version */
	struct list_head list;
	struct aa_profile *replacedby; /* counted; NULL: this is the newest */
	bool removed;                  /* no longer in the policy: confines nobody */
	bool complain; /* log what the rules forbid, and let it happen */
	bool audit;    /* log whatever happens */
	char *name;
	char *attach; /* glob of the programs it is for; NULL: none */
	u16 net_allow[AF_MAX];
	u16 net_audit[AF_MAX]; /* allowed and logged */
	u16 net_deny[AF_MAX];
	u16 net_deny_audit[AF_MAX]; /* denied and logged */
};

/* What is wrong with a policy, and where. */
struct aa_policy_error {
	int line; /* from 1 */
	char what[160];
};

/* profile.c */
/* An empty profile with one reference; copies the strings. @attach may be NULL. NULL: no memory. */
struct aa_profile *aa_alloc_profile(const char *name, const char *attach);
struct aa_profile *aa_get_profile(struct aa_profile *profile); /* NULL allowed, as below */
void aa_put_profile(struct aa_profile *profile);
/* The version of @profile that is in force; NULL: unconfined. No reference taken. */
struct aa_profile *aa_newest_profile(struct aa_profile *profile);
void aa_free_profiles(struct list_head *profiles);
extern struct list_head aa_profiles; /* the policy */

/* domain.c */
/* The profile for the program at @path: the most literal match. NULL: none. No reference taken. */
struct aa_profile *aa_find_attach(const char *path);
bool aa_glob_match(const char *glob, const char *path);
/* The hook: label @new with the profile for the program in @file. 0, -ENOMEM or -ENAMETOOLONG. */
int apparmor_bprm_creds_for_exec(struct cred *new, struct file *file);

/* lsm.c */
extern struct lsm_blob_sizes apparmor_blob_sizes;

/* Where the label of @cred is; NULL there: unconfined. It counts as a reference. */
static inline struct aa_profile **cred_label(const struct cred *cred)
{
	return (struct aa_profile **)((char *)cred->security + apparmor_blob_sizes.lbs_cred);
}

/* policy.c */
/*
 * Read the profiles in NUL-terminated @text into the list @profiles (empty before, and after any
 * error). Returns how many, -EINVAL with *@error filled in, or -ENOMEM.
 */
int aa_parse_policy(const char *text, struct list_head *profiles, struct aa_policy_error *error);

/* net.c */
/*
 * May a task under @profile have a socket of (@family, @type), both in range? 0 or -EACCES.
 * *@audit: the word to log it under, or NULL for silence.
 */
int aa_net_perm(const struct aa_profile *profile, int family, int type, const char **audit);
/* Ask, and log the answer. 0 or -EACCES. */
int aa_af_perm(const struct aa_profile *profile, const char *op, int family, int type,
	       int protocol);
/* The number behind a name in a rule, or -1. */
int aa_family_number(const char *name);
int aa_type_number(const char *name);

#endif
