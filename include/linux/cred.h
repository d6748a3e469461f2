/*
 * Credentials. What only modules use is here.
 */
#ifndef INCLUDE_LINUX_CRED_H
#define INCLUDE_LINUX_CRED_H

#include <linux/uidgid.h>

#include "kernel/sched/sched.h"

#define current_uid() (current->cred->uid)
#define current_gid() (current->cred->gid)
#define current_egid() (current->cred->egid)
#define task_uid(task) ((task)->cred->uid)
#define task_euid(task) ((task)->cred->euid)
#define __task_cred(task) ((task)->cred)

#endif
