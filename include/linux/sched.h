/*
 * Tasks. What only modules use is here.
 */
#ifndef INCLUDE_LINUX_SCHED_H
#define INCLUDE_LINUX_SCHED_H

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mm_types.h>
#include <linux/preempt.h>
#include <linux/rculist.h>
#include <linux/signal.h>
#include <linux/spinlock.h>
#include <linux/unistd.h>

#include "kernel/fs/fs.h"
#include "kernel/sched/sched.h"

#define task_pid_nr(task) ((task)->pid)
#define task_tgid_nr(task) ((task)->tgid)
#define task_pid_vnr(task) ((task)->pid)
#define task_tgid_vnr(task) ((task)->tgid)
#define task_ppid_nr(task) ((task)->real_parent->tgid)
#define task_cpu(task) 0

/* Others may run before @task is in ring 3 again. */
static inline void set_tsk_need_resched(struct task_struct *task)
{
	task->thread_flags |= TIF_NEED_RESCHED;
}

/* @buf: an array of TASK_COMM_LEN bytes. */
#define get_task_comm(buf, task)                                                        \
	({                                                                              \
		_Static_assert(sizeof(buf) == TASK_COMM_LEN, "get_task_comm: sizes");   \
		strscpy(buf, (task)->comm, sizeof(buf));                                \
		(buf);                                                                  \
	})

#endif
