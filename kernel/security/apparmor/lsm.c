/*
 * The hooks of the module apparmor. Linux: security/apparmor/lsm.c
 *
 * A program runs under the profile that its path matches. The credentials carry the profile as
 * their label, so that children inherit it, and a sock is labelled with the profile of the task
 * that makes it. A label that is NULL means unconfined: everything is allowed.
 */
#include "kernel/sched/sched.h"
#include "kernel/security/apparmor/apparmor.h"
#include "kernel/security/lsm.h"
#include "kernel/security/security.h"
#include "net/core/sock.h"

struct lsm_blob_sizes apparmor_blob_sizes = {
	.lbs_cred = sizeof(struct aa_profile *),
	.lbs_sock = sizeof(struct aa_profile *),
};

/* Where the label of @sk is. Inline, as cred_label() is: both are asked for each socket. */
static inline struct aa_profile **sk_label(const struct sock *sk)
{
	return (struct aa_profile **)((char *)sk->sk_security + apparmor_blob_sizes.lbs_sock);
}

static int apparmor_cred_prepare(struct cred *new, const struct cred *old)
{
	*cred_label(new) = aa_get_profile(*cred_label(old));
	return 0;
}

static void apparmor_cred_free(struct cred *cred)
{
	aa_put_profile(*cred_label(cred));
	*cred_label(cred) = NULL;
}

static int apparmor_socket_create(int family, int type, int protocol, int kern)
{
	struct aa_profile *profile = *cred_label(current_cred());

	if (kern || !profile)
		return 0;
	profile = aa_newest_profile(profile);
	return profile ? aa_af_perm(profile, "create", family, type, protocol) : 0;
}

/* A new sock has no label yet. It gets its creator's, if that is confined. */
static int apparmor_socket_post_create(struct socket *sock, int family __maybe_unused,
				       int type __maybe_unused, int protocol __maybe_unused,
				       int kern)
{
	struct aa_profile *profile = *cred_label(current_cred());

	if (kern || !profile || !sock->sk)
		return 0;
	*sk_label(sock->sk) = aa_get_profile(aa_newest_profile(profile));
	return 0;
}

static void apparmor_sk_free_security(struct sock *sk)
{
	struct aa_profile **label = sk_label(sk);

	if (!*label)
		return;
	aa_put_profile(*label);
	*label = NULL;
}

static struct security_hook_list apparmor_hooks[] = {
	LSM_HOOK_INIT(cred_prepare, apparmor_cred_prepare),
	LSM_HOOK_INIT(cred_free, apparmor_cred_free),
	LSM_HOOK_INIT(bprm_creds_for_exec, apparmor_bprm_creds_for_exec),
	LSM_HOOK_INIT(socket_create, apparmor_socket_create),
	LSM_HOOK_INIT(socket_post_create, apparmor_socket_post_create),
	LSM_HOOK_INIT(sk_free_security, apparmor_sk_free_security),
};

void apparmor_init(void)
{
	security_add_hooks(apparmor_hooks, ARRAY_SIZE(apparmor_hooks), "apparmor",
			   &apparmor_blob_sizes);
}
