/*
 * Network rules: the names that they use, the verdict, and the audit record of the verdict.
 * Linux: security/apparmor/net.c, audit.c; kernel/audit.c
 */
#include "kernel/sched/sched.h"
#include "kernel/security/apparmor/apparmor.h"

#define AUDIT_AVC 1400 /* record type. Linux: include/uapi/linux/audit.h */

/* By number, as Linux's include/linux/socket.h has them; 12 (DECnet) has no name in rules. */
static const char *const family_names[AF_MAX] = {
	"unspec", "unix", "inet", "ax25", "ipx", "appletalk", "netrom", "bridge", "atmpvc", "x25",
	"inet6", "rose", NULL, "netbeui", "security", "key", "netlink", "packet", "ash", "econet",
	"atmsvc", "rds", "sna", "irda", "pppox", "wanpipe", "llc", "ib", "mpls", "can", "tipc",
	"bluetooth", "iucv", "rxrpc", "isdn", "phonet", "ieee802154", "caif", "alg", "nfc", "vsock",
	"kcm", "qipcrtr", "smc", "xdp", "mctp",
};

static const char *const type_names[AA_TYPES] = {
	[SOCK_STREAM] = "stream",       [SOCK_DGRAM] = "dgram", [SOCK_RAW] = "raw",
	[SOCK_RDM] = "rdm",             [SOCK_DCCP] = "dccp",   [SOCK_PACKET] = "packet",
	[SOCK_SEQPACKET] = "seqpacket",
};

static int find_name(const char *const *names, int count, const char *name)
{
	for (int i = 0; i < count; i++) {
		if (names[i] && !strcmp(names[i], name))
			return i;
	}
	return -1;
}

int aa_family_number(const char *name)
{
	return find_name(family_names, AF_MAX, name);
}

int aa_type_number(const char *name)
{
	return find_name(type_names, AA_TYPES, name);
}

/*
 * A plain `deny` rule is not logged and holds in complain mode too: its author meant to refuse.
 * Linux: security/apparmor/lib.c:aa_check_perms()
 */
int aa_net_perm(const struct aa_profile *profile, int family, int type, const char **audit)
{
	u16 bit = BIT(type);

	*audit = NULL;
	if (profile->net_allow[family] & ~profile->net_deny[family] & bit) {
		if (profile->audit || profile->net_audit[family] & bit)
			*audit = "AUDIT";
		return 0;
	}
	if (!profile->audit && profile->net_deny[family] & ~profile->net_deny_audit[family] & bit)
		return -EACCES;
	*audit = profile->complain ? "ALLOWED" : "DENIED";
	return profile->complain ? 0 : -EACCES;
}

/*
 * Append ` @key="@value"`, or the value in hexadecimal when it holds what could forge a record:
 * quotes, blanks, control bytes. Returns the new length. Linux: audit_log_untrustedstring()
 */
static int audit_untrusted(char *buf, int size, int len, const char *key, const char *value)
{
	bool plain = true;

	for (const char *p = value; *p; p++) {
		if (*p == '"' || *p < 0x21 || *p > 0x7e)
			plain = false;
	}
	if (plain)
		return len + scnprintf(buf + len, size - len, " %s=\"%s\"", key, value);

	len += scnprintf(buf + len, size - len, " %s=", key);
	for (const char *p = value; *p; p++)
		len += scnprintf(buf + len, size - len, "%02X", (unsigned char)*p);
	return len;
}

/* Append ` @key="name"`, or `unknown(number)` where @names has none. Returns the new length. */
static int audit_name(char *buf, int size, int len, const char *key, const char *name, int number)
{
	if (name)
		return len + scnprintf(buf + len, size - len, " %s=\"%s\"", key, name);
	return len + scnprintf(buf + len, size - len, " %s=\"unknown(%d)\"", key, number);
}

/* One record in the kernel log, in Linux's format: stamp and serial number, then key=value. */
static void audit_net(const char *verdict, const struct aa_profile *profile, const char *op,
		      int family, int type, int protocol)
{
	static unsigned int serial;
	u64 ms = ktime_get_real_ns() / (NSEC_PER_SEC / 1000);
	char buf[1024];
	int len;

	len = scnprintf(buf, sizeof(buf), "audit(%llu.%03llu:%u): apparmor=\"%s\" operation=\"%s\"",
			(unsigned long long)(ms / 1000), (unsigned long long)(ms % 1000), ++serial,
			verdict, op);
	len = audit_untrusted(buf, sizeof(buf), len, "profile", profile->name);
	len += scnprintf(buf + len, sizeof(buf) - len, " pid=%d", current->pid);
	len = audit_untrusted(buf, sizeof(buf), len, "comm", current->comm);
	len = audit_name(buf, sizeof(buf), len, "family", family_names[family], family);
	len = audit_name(buf, sizeof(buf), len, "sock_type", type_names[type], type);
	len += scnprintf(buf + len, sizeof(buf) - len, " protocol=%d requested_mask=\"%s\"",
			 protocol, op);
	if (strcmp(verdict, "AUDIT"))
		scnprintf(buf + len, sizeof(buf) - len, " denied_mask=\"%s\"", op);
	pr_notice("audit: type=%d %s\n", AUDIT_AVC, buf);
}

int aa_af_perm(const struct aa_profile *profile, const char *op, int family, int type,
	       int protocol)
{
	const char *verdict;
	int err = aa_net_perm(profile, family, type, &verdict);

	if (verdict)
		audit_net(verdict, profile, op, family, type, protocol);
	return err;
}
