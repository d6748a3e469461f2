/*
 * Process ids. Linux: include/linux/pid.h
 */
#ifndef KERNEL_SCHED_PID_H
#define KERNEL_SCHED_PID_H

/* What a number can name: a thread, a thread group, a process group, a session. */
enum pid_type {
	PIDTYPE_PID,
	PIDTYPE_TGID,
	PIDTYPE_PGID,
	PIDTYPE_SID,
	PIDTYPE_MAX,
};

#endif
