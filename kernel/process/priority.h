/*
 * The tasks that getpriority(), ioprio_get() and their setters name. priority.c
 */
#ifndef KERNEL_PROCESS_PRIORITY_H
#define KERNEL_PROCESS_PRIORITY_H

#include "kernel/lib/uidgid.h"

struct pid;
struct task_struct;

/*
 * Call @fn with @arg for each thread of the processes in @pgrp, until it returns true. The list of tasks
 * is locked meanwhile.
 */
void for_each_task_of_pgrp(struct pid *pgrp, bool (*fn)(void *arg, struct task_struct *task), void *arg);
/*
 * The same for all tasks of user @uid. They are found by their numbers, one after the other, so that other tasks may
 * run in between; ends early when current is to be killed.
 */
void for_each_task_of_user(kuid_t uid, bool (*fn)(void *arg, struct task_struct *task), void *arg);

#endif
