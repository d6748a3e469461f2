/*
 * The headers of kernel/lib that everybody needs.
 */
#ifndef KERNEL_LIB_LIB_H
#define KERNEL_LIB_LIB_H

#include <uapi/errno.h>

#include "kernel/lib/atomic.h"
#include "kernel/lib/bitmap.h"
#include "kernel/lib/bug.h"
#include "kernel/lib/kallsyms.h"
#include "kernel/lib/list.h"
#include "kernel/printk/printk.h"
#include "kernel/lib/spinlock.h"
#include "kernel/lib/string.h"
#include "kernel/lib/types.h"

/* In-kernel errno: never seen by ring 3. Linux: include/linux/errno.h */
#define ERESTARTSYS 512    /* a signal came: start again, unless its handler lacks SA_RESTART */
#define ERESTARTNOINTR 513 /* start again, whatever the handler says */
#define ERESTARTNOHAND 514 /* start again only if there is no handler */
#define ENOIOCTLCMD 515
#define ERESTART_RESTARTBLOCK 516 /* if there is no handler, go on by restart_syscall() */

#endif
