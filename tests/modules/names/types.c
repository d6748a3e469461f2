// SPDX-License-Identifier: MIT
/* types.c - parameters of every type, and the words around a module. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cache.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/linkage.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/stat.h>

static unsigned char octet = 1;
static bool enabled;
static unsigned int mask;
static unsigned long long big;
static int numbers[4] = { 1, 2, 3, 4 };
static unsigned int count;
static char *words[2] = { "no", "words" };
static int level __read_mostly;

static int set_level(const char *val, const struct kernel_param *kp)
{
	int err = param_set_int(val, kp);

	if (!err && level > 9)
		level = 9;
	return err;
}

static const struct kernel_param_ops level_ops = { .set = set_level };

module_param(octet, byte, S_IRUGO);
module_param_named(disabled, enabled, invbool, S_IRUSR | S_IWUSR);
module_param(mask, hexint, S_IRUGO | S_IWUSR);
module_param(big, ullong, 0444);
module_param_array(numbers, int, &count, 0644);
module_param_array_named(text, words, charp, NULL, 0);
module_param_cb(level, &level_ops, &level, 0644);
MODULE_PARM_DESC(octet, "a byte");

static asmlinkage notrace int say(void)
{
	pr_info("octet %u enabled %d mask %x big %llu count %u level %d\n", octet, enabled, mask, big,
		count, level);
	pr_info("numbers %d %d %d %d, text %s %s\n", numbers[0], numbers[1], numbers[2], numbers[3],
		words[0], words[1]);
	return 0;
}

static int __init types_init(void)
{
	pr_info_once("modes %o %o\n", S_IRUGO, S_IALLUGO);
	return say();
}

static void __exit types_exit(void)
{
	pr_info("goodbye from %s\n", module_name(THIS_MODULE));
}

late_initcall(types_init);
module_exit(types_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_VERSION("1.0");
MODULE_INFO(intree, "N");
