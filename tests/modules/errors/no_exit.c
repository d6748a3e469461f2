// SPDX-License-Identifier: MIT
/* no_exit.c - has an init and no exit: cannot be removed. */
#include <linux/module.h>

static int __init no_exit_init(void)
{
	return 0;
}

module_init(no_exit_init);
MODULE_LICENSE("Dual MIT/GPL");
