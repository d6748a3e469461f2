// SPDX-License-Identifier: MIT
/* packets.c - heads of packets, addresses, byte order. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/in.h>
#include <linux/inet.h>
#include <linux/ip.h>
#include <linux/module.h>
#include <linux/net.h>
#include <linux/socket.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/sock.h>
#include <net/tcp.h>

static int __init packets_init(void)
{
	u8 bytes[] = { 0x45, 0, 0, 40, 0, 1, 0, 0, 64, 6, 0, 0, 127, 0, 0, 1, 192, 168, 1, 2 };
	struct iphdr *ip = (struct iphdr *)bytes;
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons(80),
				   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	pr_info("IPv%d, %d words, %d bytes, ttl %d, protocol %d\n", ip->version, ip->ihl,
		ntohs(ip->tot_len), ip->ttl, ip->protocol == IPPROTO_TCP);
	pr_info("%pI4 to %pI4 or %08x\n", &ip->saddr, &ip->daddr, ntohl(ip->daddr));
	pr_info("%pI4:%u\n", &sin.sin_addr, ntohs(sin.sin_port));
	pr_info("sizes %zu %zu %zu\n", sizeof(struct iphdr), sizeof(struct tcphdr), sizeof(struct udphdr));
	pr_info("order %x %x\n", cpu_to_be32(0x01020304), be16_to_cpu((__force __be16)0x0102));
	return 0;
}

static void __exit packets_exit(void)
{
}

module_init(packets_init);
module_exit(packets_exit);
MODULE_LICENSE("Dual MIT/GPL");
