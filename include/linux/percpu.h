/*
 * A variable for each CPU, of which there is one.
 */
#ifndef INCLUDE_LINUX_PERCPU_H
#define INCLUDE_LINUX_PERCPU_H

#include <linux/irqflags.h>
#include <linux/slab.h>
#include <linux/smp.h>

#define __percpu
#define DEFINE_PER_CPU(type, name) __typeof__(type) name
#define DECLARE_PER_CPU(type, name) extern __typeof__(type) name
#define alloc_percpu(type) ((type *)kzalloc(sizeof(type), GFP_KERNEL))
#define free_percpu(p) kfree(p)
#define per_cpu(name, cpu) (*((void)(cpu), &(name)))
#define per_cpu_ptr(p, cpu) ((void)(cpu), (p))
#define this_cpu_ptr(p) (p)
#define raw_cpu_ptr(p) (p)
#define get_cpu_var(name) (*({ preempt_disable(); &(name); }))
#define put_cpu_var(name) preempt_enable()
#define get_cpu_ptr(p) ({ preempt_disable(); (p); })
#define put_cpu_ptr(p) preempt_enable()
#define this_cpu_read(name) READ_ONCE(name)
#define this_cpu_write(name, n) WRITE_ONCE(name, n)
#define this_cpu_add(name, n)                   \
	do {                                    \
		unsigned long pcp_flags;        \
		local_irq_save(pcp_flags);      \
		(name) += (n);                  \
		local_irq_restore(pcp_flags);   \
	} while (0)
#define this_cpu_sub(name, n) this_cpu_add(name, -(n))
#define this_cpu_inc(name) this_cpu_add(name, 1)
#define this_cpu_dec(name) this_cpu_add(name, -1)
#define __this_cpu_read(name) this_cpu_read(name)
#define __this_cpu_write(name, n) this_cpu_write(name, n)
#define __this_cpu_add(name, n) this_cpu_add(name, n)
#define __this_cpu_inc(name) this_cpu_inc(name)
#define __this_cpu_dec(name) this_cpu_dec(name)

#endif
