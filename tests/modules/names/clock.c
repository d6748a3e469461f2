// SPDX-License-Identifier: MIT
/* clock.c - ticks, nanoseconds and waiting. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/random.h>
#include <linux/sched/clock.h>
#include <linux/smp.h>
#include <linux/time.h>
#include <linux/timekeeping.h>
#include <linux/timex.h>

/* Called on a CPU, with interrupts off. */
static void on_cpu(void *sum)
{
	*(int *)sum += 1 + irqs_disabled();
}

static int __init clock_init(void)
{
	unsigned long start = jiffies;
	cycles_t cycles = get_cycles();
	ktime_t before = ktime_get();
	struct timespec64 ts;
	u64 nanoseconds = sched_clock(), sum = 0;
	u32 number;

	mdelay(20);
	udelay(100);
	ndelay(100);
	pr_info("ticks %d, 20 ms %d, cycles %d\n", time_after(jiffies, start),
		ktime_ms_delta(ktime_get(), before) >= 20, get_cycles() > cycles);
	pr_info("msecs_to_jiffies %lu, jiffies_to_msecs %u, HZ %d\n", msecs_to_jiffies(1000),
		jiffies_to_msecs(HZ), HZ);
	ktime_get_real_ts64(&ts);
	pr_info("this century %d, ns %d\n", ts.tv_sec > 946684800, ts.tv_nsec < NSEC_PER_SEC);
	ktime_get_ts64(&ts);
	pr_info("seconds %d\n", ts.tv_sec <= ktime_get_seconds());
	pr_info("15 ms are %lld ns\n", ktime_to_ns(ms_to_ktime(15)));
	pr_info("sched_clock %d, 20 ms %d\n", sched_clock() >= nanoseconds && cpu_clock(0) != 0,
		sched_clock() - nanoseconds >= 20 * NSEC_PER_MSEC);
	pr_info("call %d, on another CPU %d", smp_call_function_single(0, on_cpu, &sum, true),
		smp_call_function_single(1, on_cpu, &sum, true));
	on_each_cpu(on_cpu, &sum, true);
	pr_cont(", all %llu\n", sum);
	number = get_random_u32();
	pr_info("random %d\n", number == number);
	return 0;
}

static void __exit clock_exit(void)
{
}

module_init(clock_init);
module_exit(clock_exit);
MODULE_LICENSE("Dual MIT/GPL");
