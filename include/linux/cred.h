/*
 * Credentials. What only modules use is here.
 */
#ifndef INCLUDE_LINUX_CRED_H
#define INCLUDE_LINUX_CRED_H

#include "kernel/sched/sched.h"

#define task_uid(task) ((task)->cred->uid)
#define task_euid(task) ((task)->cred->euid)
#define __task_cred(task) ((task)->cred)

#endif
