/*
 * apparmor: the hooks. A program runs under the profile its path matches; credentials carry the
 * profile, so children inherit it, and the socks a confined task makes are labelled with it.
 * Stands on the rest of this folder, kernel/sched and net/core. Called through the hook lists.
 * Linux: security/apparmor/lsm.c
 *
 * Label NULL: unconfined, nothing to ask.
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


static inline struct aa_profile **sk_label(const struct sock *sk)
{
	return (struct aa_profile **)((char *)sk->sk_security + apparmor_blob_sizes.lbs_sock);
}

/* Quick, because every socket of every task asks it; what a confined task has to pass is not. */
static inline bool unconfined(void)
{
	return !*cred_label(current_cred());
}

static struct aa_profile *current_profile(void)
{
	return aa_newest_profile(*cred_label(current_cred()));
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

static int confined_socket_create(int family, int type, int protocol)
{
	struct aa_profile *profile = current_profile();

	return profile ? aa_af_perm(profile, "create", family, type, protocol) : 0;
}

static int apparmor_socket_create(int family, int type, int protocol, int kern)
{
	if (kern || unconfined())
		return 0;
	return confined_socket_create(family, type, protocol);
}

static void label_sk(struct sock *sk)
{
	struct aa_profile **label = sk_label(sk);

	aa_put_profile(*label);
	*label = aa_get_profile(current_profile());
}

/* A new sock has no label: unconfined. */
static int apparmor_socket_post_create(struct socket *sock, int family __maybe_unused,
				       int type __maybe_unused, int protocol __maybe_unused,
				       int kern)
{
	if (!kern && !unconfined() && sock->sk)
		label_sk(sock->sk);
	return 0;
}

static __cold void unlabel_sk(struct sock *sk)
{
	aa_put_profile(*sk_label(sk));
	*sk_label(sk) = NULL;
}

static void apparmor_sk_free_security(struct sock *sk)
{
	if (unlikely(*sk_label(sk)))
		unlabel_sk(sk);
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
