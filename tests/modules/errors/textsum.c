// SPDX-License-Identifier: MIT
/* textsum.c - a checksum of kernel memory: of its code, given where that lies. Never stays. */
#include <linux/errno.h>
#include <linux/module.h>

static unsigned long start, end;
module_param(start, ulong, 0);
module_param(end, ulong, 0);

static int __init textsum_init(void)
{
	const unsigned char *p;
	u64 sum = 0xcbf29ce484222325; /* FNV-1a */

	for (p = (const unsigned char *)start; p < (const unsigned char *)end; p++)
		sum = (sum ^ *p) * 0x100000001b3;
	pr_info("textsum: %016llx\n", (unsigned long long)sum);
	return -ECANCELED;
}

module_init(textsum_init);
MODULE_LICENSE("Dual MIT/GPL");
