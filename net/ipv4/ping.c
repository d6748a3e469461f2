/*
 * PING: struct proto ping_prot. ICMP echo for programs without CAP_NET_RAW, if one of their groups
 * is allowed to use it. Linux: net/ipv4/ping.c
 */
#include "net/ipv4/inet.h"

#define ICMP_ECHO 8
#define PING_MAX_LEN 0xffff /* bytes */

/* RFC 792 */
struct icmphdr {
	u8 type;
	u8 code;
	u16 checksum;
	u16 id;
	u16 sequence;
};

/* net.ipv4.ping_group_range: the first and last group that may. "1 0": nobody, not even root. */
static unsigned long ping_group_range[2] = { 1, 0 };

static bool ping_group_allowed(kgid_t gid)
{
	return ping_group_range[0] <= __kgid_val(gid) && __kgid_val(gid) <= ping_group_range[1];
}

/* -EACCES unless the effective or a supplementary group of current is in the range. */
static int ping_init_sock(struct sock *sk __maybe_unused)
{
	const struct cred *cred = current_cred();

	if (ping_group_allowed(cred->egid))
		return 0;
	for (int i = 0; cred->group_info && i < cred->group_info->ngroups; i++) {
		if (ping_group_allowed(cred->group_info->gid[i]))
			return 0;
	}
	return -EACCES;
}

/* Only echo requests may be sent. No message has a destination: there is no sendto(2) yet. */
static int ping_v4_sendmsg(struct sock *sk __maybe_unused, struct msghdr *msg, size_t len)
{
	struct icmphdr icmph;

	if (len > PING_MAX_LEN)
		return -EMSGSIZE;
	if (len < sizeof(icmph))
		return -EINVAL;
	if (msg->msg_flags & MSG_OOB)
		return -EOPNOTSUPP;
	if (copy_from_iter(&icmph, sizeof(icmph), &msg->msg_iter) != sizeof(icmph))
		return -EFAULT;
	if (icmph.type != ICMP_ECHO || icmph.code != 0)
		return -EINVAL;
	return -EDESTADDRREQ;
}

struct proto ping_prot = {
	.name = "PING",
	.owner = THIS_MODULE,
	.close = datagram_close,
	.init = ping_init_sock,
	.sendmsg = ping_v4_sendmsg,
	.recvmsg = datagram_recvmsg,
	.obj_size = sizeof(struct inet_sock),
};

void ping_init(void)
{
	BUG_ON(proc_sysctl("/proc/sys/net/ipv4/ping_group_range", ping_group_range, 2, 0,
			   0x7fffffff));
}
