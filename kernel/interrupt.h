/*
 * Softirqs and tasklets: work that an interrupt handler leaves for later, when interrupts are on
 * again. Linux: include/linux/interrupt.h
 */
#ifndef KERNEL_INTERRUPT_H
#define KERNEL_INTERRUPT_H

#include "kernel/lib/lib.h"
#include "kernel/lib/preempt.h"

/* In the order in which pending ones run. */
enum {
	HI_SOFTIRQ, /* urgent tasklets */
	TIMER_SOFTIRQ,
	KLOG_SOFTIRQ, /* wakes the readers of the kernel log */
	TASKLET_SOFTIRQ,
	NR_SOFTIRQS
};

/* Set the function of softirq @nr, once, at boot. It runs with interrupts on and may not sleep. */
void open_softirq(unsigned int nr, void (*action)(void));

/*
 * Make softirq @nr pending. It runs when the interrupt handler that called this has returned, or when
 * bottom halves are enabled again; called by a task that did not disable them, it is left to a
 * kernel thread, ksoftirqd, or to the next interrupt. From anywhere.
 */
void raise_softirq(unsigned int nr);

/* Around each interrupt handler; irq_exit() runs what is pending. Interrupts are off. */
void irq_enter(void);
void irq_exit(void);

/*
 * Until the matching local_bh_enable(), which runs what is pending, no softirq runs. Calls may be
 * nested.
 */
void local_bh_disable(void);
void local_bh_enable(void);

/*
 * A function that a softirq calls once after tasklet_schedule(). If it is scheduled several times
 * before it has run, it still runs once.
 */
struct tasklet_struct {
	struct list_head list;
	bool scheduled;
	atomic_t count; /* tasklet_disable() adds 1; it runs only while this is 0 */
	void (*callback)(struct tasklet_struct *tasklet);
};

#define DECLARE_TASKLET(name, fn)                                               \
	struct tasklet_struct name = { .list = LIST_HEAD_INIT(name.list), .callback = (fn) }
#define from_tasklet(var, tasklet, member) container_of(tasklet, __typeof__(*var), member)

void tasklet_setup(struct tasklet_struct *tasklet, void (*callback)(struct tasklet_struct *));
void tasklet_schedule(struct tasklet_struct *tasklet);
void tasklet_hi_schedule(struct tasklet_struct *tasklet);
void tasklet_disable(struct tasklet_struct *tasklet);
void tasklet_enable(struct tasklet_struct *tasklet);
/*
 * Wait until it has run if it is scheduled; unless it is scheduled again, it will not run any more.
 * One that is disabled, or schedules itself, is waited for in vain. The caller may sleep.
 */
void tasklet_kill(struct tasklet_struct *tasklet);

void spawn_ksoftirqd(void); /* at boot, by PID 1 */

#endif
