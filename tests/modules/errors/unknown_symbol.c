// SPDX-License-Identifier: MIT
/* unknown_symbol.c - calls what no kernel exports: -ENOENT, whatever else it says. */
#include <linux/module.h>

void no_such_function(void);

static int __init unknown_init(void)
{
	no_such_function();
	return 0;
}

module_init(unknown_init);
MODULE_LICENSE("Dual MIT/GPL");
