/*
 * What kind of code runs now: a task, a softirq, an interrupt handler.
 * Linux: include/linux/preempt.h
 *
 * One number counts all three: how many reasons there are not to sleep.
 *
 *	bits 0..7    spinlocks held and calls of preempt_disable()
 *	bits 8..15   a softirq runs (bit 8), or bottom halves are disabled (bits 9..15 count)
 *	bits 16..19  an interrupt handler runs
 *
 * Ring 0 is never preempted here, so the number prevents no preemption; it only says where sleeping
 * is a bug. A task gives up the CPU only while the number is 0, so all tasks can share one.
 */
#ifndef KERNEL_LIB_PREEMPT_H
#define KERNEL_LIB_PREEMPT_H

#include "kernel/lib/irqflags.h"
#include "kernel/lib/types.h"

#define PREEMPT_OFFSET 0x1u
#define SOFTIRQ_OFFSET 0x100u
#define SOFTIRQ_DISABLE_OFFSET 0x200u
#define SOFTIRQ_MASK 0xff00u
#define HARDIRQ_OFFSET 0x10000u
#define HARDIRQ_MASK 0xf0000u

extern unsigned int __preempt_count;

/* The barriers keep the compiler from moving code out of the section between add and sub. */
static inline void preempt_count_add(unsigned int n)
{
	__preempt_count += n;
	barrier();
}

static inline void preempt_count_sub(unsigned int n)
{
	barrier();
	__preempt_count -= n;
}

/* An interrupt that comes in between puts back what it added, so a plain read is right. */
#define preempt_count() __preempt_count
#define preempt_disable() preempt_count_add(PREEMPT_OFFSET)
#define preempt_enable() preempt_count_sub(PREEMPT_OFFSET)

#define in_hardirq() (preempt_count() & HARDIRQ_MASK)
#define in_irq() in_hardirq()
#define in_softirq() (preempt_count() & SOFTIRQ_MASK)
#define in_serving_softirq() (preempt_count() & SOFTIRQ_OFFSET)
#define in_interrupt() (preempt_count() & (HARDIRQ_MASK | SOFTIRQ_MASK))
#define in_task() (!(preempt_count() & (HARDIRQ_MASK | SOFTIRQ_OFFSET)))
#define in_atomic() (preempt_count() != 0)
#define preemptible() (preempt_count() == 0 && !irqs_disabled())

/*
 * A function that may sleep calls this first, even if this call will not sleep. Where sleeping is a
 * bug, it writes the caller into the log and returns. Linux: include/linux/kernel.h
 */
#define might_sleep()                                           \
	do {                                                    \
		if (unlikely(in_atomic() || irqs_disabled()))   \
			__might_sleep(__FILE__, __LINE__);      \
	} while (0)
void __cold __might_sleep(const char *file, int line); /* kernel/sched/core.c */

/*
 * Ring 0 is not preempted, so a loop whose length ring 3 chooses calls cond_resched() now and then:
 * if the time slice of current is over, other tasks run. Returns 1 when they did, else 0. Both are
 * in kernel/sched/core.c. Linux: include/linux/sched.h
 */
bool need_resched(void);
int cond_resched(void);

#endif
