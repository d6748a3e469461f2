// SPDX-License-Identifier: MIT
/* parameters.c - one parameter of each type, printed. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>

static int number = -1;
static unsigned int count = 1;
static long wide;
static unsigned long address;
static short small;
static unsigned short port;
static bool flag;
static char *text = "none";
static char buffer[8] = "empty";

/* It does not say that its name may stand alone, so @val is never NULL. */
static int set_level(const char *val, const struct kernel_param *kp)
{
	*(int *)kp->arg = val[0];
	return 0;
}

static int level;
static const struct kernel_param_ops level_ops = { .set = set_level };

module_param_cb(level, &level_ops, &level, 0);
module_param(number, int, 0644);
module_param(count, uint, 0644);
module_param(wide, long, 0);
module_param(address, ulong, 0);
module_param(small, short, 0);
module_param(port, ushort, 0);
module_param_named(on, flag, bool, 0);
module_param(text, charp, 0444);
module_param_string(buffer, buffer, sizeof(buffer), 0);
MODULE_PARM_DESC(number, "a number");

static int __init parameters_init(void)
{
	pr_info("number %d count %u wide %ld address %#lx small %d port %u on %d text '%s' buffer '%s'\n",
		number, count, wide, address, small, port, flag, text, buffer);
	return 0;
}

static void __exit parameters_exit(void)
{
	pr_info("text is still '%s'\n", text);
}

module_init(parameters_init);
module_exit(parameters_exit);
MODULE_LICENSE("Dual MIT/GPL");
