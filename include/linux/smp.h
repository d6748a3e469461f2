/*
 * CPUs: there is one, number 0.
 */
#ifndef INCLUDE_LINUX_SMP_H
#define INCLUDE_LINUX_SMP_H

#include <linux/errno.h>
#include <linux/irqflags.h>
#include <linux/preempt.h>

#define NR_CPUS 1
#define nr_cpu_ids 1u
#define smp_processor_id() 0
#define raw_smp_processor_id() 0
#define get_cpu() ({ preempt_disable(); 0; })
#define put_cpu() preempt_enable()
#define num_online_cpus() 1u
#define num_possible_cpus() 1u
#define num_present_cpus() 1u
#define cpu_online(cpu) ((cpu) == 0)
#define for_each_possible_cpu(cpu) for ((cpu) = 0; (cpu) < 1; (cpu)++)
#define for_each_online_cpu(cpu) for_each_possible_cpu(cpu)
#define for_each_present_cpu(cpu) for_each_possible_cpu(cpu)

typedef void (*smp_call_func_t)(void *info);

/* Call @func on @cpu, with interrupts off. 0, or -ENXIO: there is no such CPU. */
static inline int smp_call_function_single(int cpu, smp_call_func_t func, void *info,
					   int wait __maybe_unused)
{
	unsigned long flags;

	if (!cpu_online(cpu))
		return -ENXIO;
	local_irq_save(flags);
	func(info);
	local_irq_restore(flags);
	return 0;
}

static inline void on_each_cpu(smp_call_func_t func, void *info, int wait)
{
	smp_call_function_single(smp_processor_id(), func, info, wait);
}

#endif
