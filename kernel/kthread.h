/*
 * Kernel threads: tasks that never go to ring 3. Linux: include/linux/kthread.h
 */
#ifndef KERNEL_KTHREAD_H
#define KERNEL_KTHREAD_H

#include "kernel/sched/sched.h"

/*
 * A thread that will call @threadfn(@data) and end when that returns; its name is printed as by
 * printf(). It sleeps until wake_up_process(). @threadfn may return by itself, or when
 * kthread_should_stop(). If it may return by itself, whoever wants to call kthread_stop() needs a
 * reference of his own, taken by get_task_struct() before the thread was woken.
 * The caller may sleep. Returns the thread, or ERR_PTR(-ENOMEM).
 */
struct task_struct *kthread_create(int (*threadfn)(void *data), void *data, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* The same, and wake it. */
#define kthread_run(threadfn, data, fmt, ...)                                           \
	({                                                                              \
		struct task_struct *kr_task = kthread_create(threadfn, data, fmt, ##__VA_ARGS__); \
		if (!IS_ERR(kr_task))                                                   \
			wake_up_process(kr_task);                                       \
		kr_task;                                                                \
	})

/*
 * Ask @k to end, wake it, and wait until its function has returned. Returns what that returned;
 * -EINTR if it was never called; 0 if an oops ended the thread.
 */
int kthread_stop(struct task_struct *k);
bool kthread_should_stop(void); /* has somebody called kthread_stop() for current? */

/* End current, a thread: as if its function returned @result. */
void __noreturn kthread_exit(long result);
void __noreturn kthread_complete_and_exit(struct completion *done, long result); /* @done: or NULL */

int kthreadd(void *unused); /* the thread that makes all others */

#endif
