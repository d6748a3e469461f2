// SPDX-License-Identifier: MIT
/* text.c - strings, numbers in strings, memory of ring 3. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/stringify.h>
#include <linux/uaccess.h>

static int __init text_init(void)
{
	char line[] = "  one,two;three  ", buf[32] = "", *rest = strim(line), *word;
	unsigned int number = 0;
	int value = 0;
	u8 small = 0;
	char *end;

	while ((word = strsep(&rest, ",;")) != NULL)
		pr_info("word '%s'\n", word);
	strncpy(buf, "abcdef", 3);
	strcat(buf, "xyz");
	pr_info("'%s'\n", buf);
	pr_info("strlcpy %zu", strlcpy(buf, "longer than four", 5));
	pr_cont(" '%s'\n", buf);
	pr_info("strscpy %zd", strscpy(buf, "cut here", 4));
	pr_cont(" '%s'\n", buf);
	pr_info("strncasecmp %d, strcasecmp %d, strnstr %d, strpbrk %s\n",
		strncasecmp("Socket", "sOCKpuppet", 4), strcasecmp("a", "A"),
		strnstr("kernel", "nel", 5) != NULL, strpbrk("key=value", "="));
	pr_info("kbasename %s, prefix %d\n", kbasename("/usr/bin/id"), (int)str_has_prefix("sys_read", "sys_"));
	pr_info("kstrtoint %d", kstrtoint("-12", 0, &value));
	pr_cont(" %d, kstrtouint %d", value, kstrtouint("0x10", 0, &number));
	pr_cont(" %u, kstrtou8 %d\n", number, kstrtou8("256", 10, &small));
	pr_info("simple_strtoul %lu", simple_strtoul("0x1fz", &end, 0));
	pr_cont(" then '%s'\n", end);
	sprintf(buf, "%04d|%-3s|%s", 42, "ab", __stringify(TEXT_NAME));
	pr_info("%s %d\n", buf, isalpha('x') && !isdigit('x') && isspace('\t') && toupper('q') == 'Q');
	pr_info("user: strnlen %ld, access %d\n", strnlen_user((void __user *)8, 10),
		access_ok((void __user *)-4096ul, 1));
	return 0;
}

static void __exit text_exit(void)
{
}

module_init(text_init);
module_exit(text_exit);
MODULE_LICENSE("Dual MIT/GPL");
