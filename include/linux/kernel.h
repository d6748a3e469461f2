/*
 * The everyday names.
 */
#ifndef INCLUDE_LINUX_KERNEL_H
#define INCLUDE_LINUX_KERNEL_H

#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/limits.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/printk.h>
#include <linux/stringify.h>
#include <linux/string.h>
#include <linux/types.h>

#include "kernel/lib/lib.h"
#include "kernel/lib/preempt.h" /* might_sleep() */

#define upper_32_bits(n) ((u32)((u64)(n) >> 32))
#define lower_32_bits(n) ((u32)(n))
#define sizeof_field(type, member) sizeof(((type *)0)->member)
#define u64_to_user_ptr(n) ((void __user *)(unsigned long)(n))
#define PTR_ALIGN(p, a) ((__typeof__(p))ALIGN((unsigned long)(p), (a)))

#endif
