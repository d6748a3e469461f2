/*
 * The module rawlimit: at most raw_limit RAW sockets of programs exist at the same time.
 *
 * The label of a sock says whether it is counted. Sockets of the kernel are neither refused nor
 * counted. /proc/sys/kernel/raw_limit sets the limit, raw_refused counts the refusals.
 */
#include <uapi/socket.h>

#include "kernel/fs/proc.h"
#include "kernel/lib/init.h"
#include "kernel/security/lsm.h"
#include "kernel/security/security.h"
#include "net/core/sock.h"

static unsigned long raw_limit = 4, raw_refused, raw_live;

static struct lsm_blob_sizes rawlimit_blob_sizes = { .lbs_sock = sizeof(bool) };

static bool *counted(const struct sock *sk)
{
	return (bool *)((char *)sk->sk_security + rawlimit_blob_sizes.lbs_sock);
}

static int rawlimit_socket_create(int family __maybe_unused, int type,
				  int protocol __maybe_unused, int kern)
{
	if (kern || type != SOCK_RAW || raw_live < raw_limit)
		return 0;
	raw_refused++;
	return -EUSERS;
}

static int rawlimit_socket_post_create(struct socket *sock, int family __maybe_unused, int type,
				       int protocol __maybe_unused, int kern)
{
	if (kern || type != SOCK_RAW || !sock->sk)
		return 0;
	*counted(sock->sk) = true;
	raw_live++;
	return 0;
}

static void rawlimit_sk_free_security(struct sock *sk)
{
	if (*counted(sk))
		raw_live--;
	*counted(sk) = false;
}

static struct security_hook_list rawlimit_hooks[] = {
	LSM_HOOK_INIT(socket_create, rawlimit_socket_create),
	LSM_HOOK_INIT(socket_post_create, rawlimit_socket_post_create),
	LSM_HOOK_INIT(sk_free_security, rawlimit_sk_free_security),
};

void rawlimit_init(void)
{
	security_add_hooks(rawlimit_hooks, ARRAY_SIZE(rawlimit_hooks), "rawlimit", &rawlimit_blob_sizes);
}

/* There is no /proc yet when the modules register. */
static int rawlimit_sysctl(void)
{
	int err = proc_sysctl("/proc/sys/kernel/raw_limit", &raw_limit, 1, 0, 65535);

	return err ? err : proc_sysctl("/proc/sys/kernel/raw_refused", &raw_refused, 1, 0, 65535);
}
late_initcall(rawlimit_sysctl);
