/*
 * What the two readers of the kernel log share: /dev/kmsg and syslog(2).
 */
#ifndef KERNEL_PRINTK_INTERNAL_H
#define KERNEL_PRINTK_INTERNAL_H

#include "kernel/sched/sched.h"

/* What syslog(2) is asked for. Linux: include/linux/syslog.h */
#define SYSLOG_ACTION_CLOSE 0
#define SYSLOG_ACTION_OPEN 1
#define SYSLOG_ACTION_READ 2          /* messages not read yet; waits for one */
#define SYSLOG_ACTION_READ_ALL 3      /* the last messages */
#define SYSLOG_ACTION_READ_CLEAR 4    /* ... and read no older ones from now on */
#define SYSLOG_ACTION_CLEAR 5
#define SYSLOG_ACTION_CONSOLE_OFF 6
#define SYSLOG_ACTION_CONSOLE_ON 7
#define SYSLOG_ACTION_CONSOLE_LEVEL 8
#define SYSLOG_ACTION_SIZE_UNREAD 9
#define SYSLOG_ACTION_SIZE_BUFFER 10

extern struct wait_queue_head log_wait; /* readers waiting for a message */
extern u64 clear_seq;                   /* the first record after the last "clear" */

/* May current do this to the log? 0 or -EPERM. Linux: kernel/printk/printk.c */
int check_syslog_permissions(int type);

#endif
