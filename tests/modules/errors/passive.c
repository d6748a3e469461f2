// SPDX-License-Identifier: MIT
/* passive.c - has all that a module file can have, but no init(): loading it runs nothing. */
#include <linux/kernel.h>
#include <linux/module.h>

static int number = 5;
module_param(number, int, 0);

static int *const pointer = &number;
static char bss[100];

int passive_function(const char *text);
int passive_function(const char *text)
{
	pr_info("passive: %s %d %d\n", text, *pointer, bss[number]);
	return number;
}

MODULE_LICENSE("Dual MIT/GPL");
