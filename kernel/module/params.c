/*
 * Module parameters. Linux: kernel/params.c
 */
#include "kernel/lib/ctype.h"
#include "kernel/lib/lib.h"
#include "kernel/mm/mm.h"
#include "kernel/module/internal.h"

/* A setter for an integer type: the text as a number that must fit. */
#define PARAM_INTEGER(name, type, wide, parse)                                          \
	int param_set_##name(const char *val, const struct kernel_param *kp);           \
	int param_set_##name(const char *val, const struct kernel_param *kp)            \
	{                                                                               \
		wide number;                                                            \
		int err = parse(val, 0, &number);                                       \
										\
		if (err)                                                                \
			return err;                                                     \
		if ((wide)(type)number != number)                                       \
			return -ERANGE;                                                 \
		*(type *)kp->arg = number;                                              \
		return 0;                                                               \
	}                                                                               \
	const struct kernel_param_ops param_ops_##name = { .set = param_set_##name }

PARAM_INTEGER(byte, unsigned char, unsigned long, kstrtoul);
PARAM_INTEGER(short, short, long, kstrtol);
PARAM_INTEGER(ushort, unsigned short, unsigned long, kstrtoul);
PARAM_INTEGER(int, int, long, kstrtol);
PARAM_INTEGER(uint, unsigned int, unsigned long, kstrtoul);
PARAM_INTEGER(hexint, unsigned int, unsigned long, kstrtoul);
PARAM_INTEGER(long, long, long, kstrtol);
PARAM_INTEGER(ulong, unsigned long, unsigned long, kstrtoul);
PARAM_INTEGER(ullong, unsigned long long, unsigned long, kstrtoul);

/* y, Y, 1, on; n, N, 0, off; alone: yes. Linux: lib/kstrtox.c:kstrtobool() */
int param_set_bool(const char *val, const struct kernel_param *kp)
{
	bool *value = kp->arg;
	char first = val ? val[0] | 0x20 : 'y', second = val && val[0] ? val[1] | 0x20 : 0;

	if (first == 'y' || (val && val[0] == '1') || (first == 'o' && second == 'n'))
		*value = true;
	else if (first == 'n' || val[0] == '0' || (first == 'o' && second == 'f'))
		*value = false;
	else
		return -EINVAL;
	return 0;
}
const struct kernel_param_ops param_ops_bool = {
	.flags = KERNEL_PARAM_OPS_FL_NOARG,
	.set = param_set_bool,
};

/* A variable that says the opposite of the parameter: nofoo=y clears foo. */
static int param_set_invbool(const char *val, const struct kernel_param *kp)
{
	bool value;
	const struct kernel_param plain = { .name = kp->name, .arg = &value };
	int err = param_set_bool(val, &plain);

	if (!err)
		*(bool *)kp->arg = !value;
	return err;
}
const struct kernel_param_ops param_ops_invbool = { .set = param_set_invbool };

/* The text is part of the arguments, which exist as long as the module. */
int param_set_charp(const char *val, const struct kernel_param *kp)
{
	*(const char **)kp->arg = val;
	return 0;
}
const struct kernel_param_ops param_ops_charp = { .set = param_set_charp };

static int param_set_copystring(const char *val, const struct kernel_param *kp)
{
	return strscpy(kp->str->string, val, kp->str->maxlen) < 0 ? -ENOSPC : 0;
}
const struct kernel_param_ops param_ops_string = { .set = param_set_copystring };

/* Elements are separated by commas. @val is the loader's own copy, which may be cut to pieces. */
static int param_array_set(const char *val, const struct kernel_param *kp)
{
	const struct kparam_array *arr = kp->arr;
	struct kernel_param one = *kp;
	unsigned int n = 0, unused;
	char *p = (char *)val, *end;
	int err;

	do {
		if (n == arr->max) {
			pr_err("%s: can only take %u arguments\n", kp->name, arr->max);
			return -EINVAL;
		}
		end = strchr(p, ',');
		if (end)
			*end++ = '\0';
		one.arg = (char *)arr->elem + n++ * arr->elemsize;
		err = arr->ops->set(p, &one);
		if (err)
			return err;
		p = end;
	} while (p);
	*(arr->num ?: &unused) = n;
	return 0;
}
const struct kernel_param_ops param_array_ops = { .set = param_array_set };

/* Names are equal when they differ in - and _ only. */
static bool name_matches(const char *a, const char *b)
{
	for (; *a && *b; a++, b++) {
		if ((*a == '-' ? '_' : *a) != (*b == '-' ? '_' : *b))
			return false;
	}
	return *a == *b;
}

static int set_one(const char *module, const char *name, const char *val,
		   const struct kernel_param *params, unsigned int nr_params)
{
	unsigned int i;
	int err;

	for (i = 0; i < nr_params; i++) {
		if (!name_matches(name, params[i].name))
			continue;
		err = -EINVAL;
		if (val || params[i].ops->flags & KERNEL_PARAM_OPS_FL_NOARG)
			err = params[i].ops->set(val, &params[i]);
		if (err == -ENOSPC)
			pr_err("%s: `%s' too large for parameter `%s'\n", module, val ?: "", name);
		else if (err)
			pr_err("%s: `%s' invalid for parameter `%s'\n", module, val ?: "", name);
		return err;
	}
	pr_warn("%s: unknown parameter '%s' ignored\n", module, name);
	return 0;
}

/* Take the quotation marks off text that begins with one, and perhaps ends with one. */
static char *unquote(char *text)
{
	size_t len = strlen(text);

	if (text[0] != '"')
		return text;
	if (len > 1 && text[len - 1] == '"')
		text[len - 1] = '\0';
	return text + 1;
}

/*
 * Cut the next word off @args. White space inside quotation marks does not end it; they may enclose
 * the whole word or its value, and stay elsewhere. Returns what follows. Linux: lib/cmdline.c
 */
static char *next_arg(char *args, char **name, char **val)
{
	bool quoted = false;
	char *end = args;

	for (; *end && (quoted || !isspace(*end)); end++)
		quoted ^= *end == '"';
	if (*end)
		*end++ = '\0';
	*name = unquote(args);
	*val = strchr(*name, '=');
	if (*val) {
		*(*val)++ = '\0';
		*val = unquote(*val);
	}
	return end;
}

int parse_args(const char *module, char *args, const struct kernel_param *params,
	       unsigned int nr_params)
{
	char *name, *val;
	int err;

	for (;;) {
		while (isspace(*args))
			args++;
		if (!*args)
			return 0;
		args = next_arg(args, &name, &val);
		err = set_one(module, name, val, params, nr_params);
		if (err)
			return err;
	}
}
