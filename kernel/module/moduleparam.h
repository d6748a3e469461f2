/*
 * Module parameters: `insmod x.ko name=value` stores into a variable. Linux:
 * include/linux/moduleparam.h
 */
#ifndef KERNEL_MODULE_MODULEPARAM_H
#define KERNEL_MODULE_MODULEPARAM_H

#include "kernel/lib/lib.h"

struct kernel_param;

/* kernel_param_ops.flags: the name may stand alone, without a value; then @val is NULL. */
#define KERNEL_PARAM_OPS_FL_NOARG 1u

struct kernel_param_ops {
	unsigned int flags;
	/* Store the text @val. 0 or -EINVAL, -ERANGE, -ENOSPC, -ENOMEM. */
	int (*set)(const char *val, const struct kernel_param *kp);
	/*
	 * Print the value into a page, for /sys/module. Never called, because there is no /sys
	 * here.
	 */
	int (*get)(char *buffer, const struct kernel_param *kp);
};

struct kparam_string {
	unsigned int maxlen;
	char *string;
};

/* An array: "name=1,2,3". */
struct kparam_array {
	unsigned int max, elemsize; /* elements; bytes of each */
	unsigned int *num;          /* how many were given; may be NULL */
	const struct kernel_param_ops *ops; /* of one element */
	void *elem;
};

struct kernel_param {
	const char *name;
	const struct kernel_param_ops *ops;
	u16 perm; /* mode in /sys/module on Linux; not used here */
	union {
		void *arg;
		const struct kparam_string *str;
		const struct kparam_array *arr;
	};
};

extern const struct kernel_param_ops param_ops_byte, param_ops_short, param_ops_ushort,
	param_ops_int, param_ops_uint, param_ops_hexint, param_ops_long, param_ops_ulong,
	param_ops_ullong, param_ops_bool, param_ops_invbool, param_ops_charp, param_ops_string,
	param_array_ops;

int param_set_int(const char *val, const struct kernel_param *kp);
int param_set_uint(const char *val, const struct kernel_param *kp);
int param_set_bool(const char *val, const struct kernel_param *kp);
int param_set_charp(const char *val, const struct kernel_param *kp);

#define __module_param(name, ops_, perm_, arg_)                                         \
	static const struct kernel_param __param_##name                                 \
		__attribute__((used, section("__param"), aligned(8))) = {               \
			#name, &(ops_), (perm_), { .arg = (void *)(arg_) } }

#define module_param_named(name, value, type, perm) \
	__module_param(name, param_ops_##type, perm, &(value))
#define module_param(name, type, perm) module_param_named(name, name, type, perm)
#define module_param_string(name, string, len, perm)                                    \
	static const struct kparam_string __param_string_##name = { len, string };      \
	__module_param(name, param_ops_string, perm, &__param_string_##name)
#define module_param_array_named(name, array, type, nump, perm)                         \
	static const struct kparam_array __param_arr_##name = {                         \
		ARRAY_SIZE(array), sizeof((array)[0]), nump, &param_ops_##type, array   \
	};                                                                              \
	__module_param(name, param_array_ops, perm, &__param_arr_##name)
#define module_param_array(name, type, nump, perm) \
	module_param_array_named(name, name, type, nump, perm)
/* @ops_: the module's own setter, which finds @arg in kp->arg. */
#define module_param_cb(name, ops_, arg, perm) __module_param(name, *(ops_), perm, arg)
#define MODULE_PARM_DESC(name, text) MODULE_INFO(parm, #name ":" text)

#endif
