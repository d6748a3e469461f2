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
#include <linux/types.h>

#include "kernel/lib/lib.h"

#endif
