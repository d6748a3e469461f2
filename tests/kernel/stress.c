/*
 * Interrupts at any moment: a handler that fires every 30 microseconds, and the softirq it
 * raises, allocate, free, wake, queue and count on the same objects as tasks do. In the end every
 * counter is right.
 */
#include "kernel/interrupt.h"
#include "kernel/process/process.h"
#include "kernel/sched/mutex.h"
#include "kernel/sched/sched.h"
#include "kernel/time/hrtimer.h"
#include "kernel/time/timer.h"
#include "tests/kernel/ktap.h"
#include "tests/kernel/leaks.h"

#define PERIOD 30000 /* ns between two interrupts */
#define NR_WORKERS 4
#define ROUNDS 3000
#define ENOUGH 100             /* interrupts and tasklets; a busy host brings few of them in a second */
#define MAX_ROUNDS (200 * ROUNDS) /* but at some time they must come */
#define SLOTS 64

long __x64_sys_wait4(const struct pt_regs *regs);

/* What is passed from one context to the others. */
struct parcel {
	struct list_head list;
	unsigned long fill[8]; /* all the same number */
};

static struct kmem_cache *cache;
static DEFINE_SPINLOCK(parcels_lock); /* protects the two below; taken by the interrupt handler */
static LIST_HEAD(parcels);
static unsigned int nr_parcels;
static DECLARE_WAIT_QUEUE_HEAD(parcels_wait);

static DEFINE_MUTEX(mutex);
static unsigned long under_mutex;
static atomic_t sent, received, bad, ticks, timeouts, tasklets, rounds;
static refcount_t refs;
static struct hrtimer pulse;
static struct tasklet_struct tasklet;
static struct timer_list timers[NR_WORKERS];
static bool stop;

/* Allocate a parcel and queue it. From anywhere. */
static void send(unsigned long number, gfp_t gfp)
{
	struct parcel *parcel = kmem_cache_alloc(cache, gfp);
	unsigned long flags;
	unsigned int i;

	if (!parcel)
		return;
	for (i = 0; i < ARRAY_SIZE(parcel->fill); i++)
		parcel->fill[i] = number;
	spin_lock_irqsave(&parcels_lock, flags);
	list_add_tail(&parcel->list, &parcels);
	nr_parcels++;
	spin_unlock_irqrestore(&parcels_lock, flags);
	atomic_inc(&sent);
	wake_up(&parcels_wait);
}

/* Take a parcel off the queue, look whether it is whole, and free it. From anywhere. */
static bool receive(void)
{
	struct parcel *parcel = NULL;
	unsigned long flags;
	unsigned int i;

	spin_lock_irqsave(&parcels_lock, flags);
	if (nr_parcels) {
		parcel = list_first_entry(&parcels, struct parcel, list);
		list_del(&parcel->list);
		nr_parcels--;
	}
	spin_unlock_irqrestore(&parcels_lock, flags);
	if (!parcel)
		return false;
	for (i = 1; i < ARRAY_SIZE(parcel->fill); i++) {
		if (parcel->fill[i] != parcel->fill[0])
			atomic_inc(&bad);
	}
	kmem_cache_free(cache, parcel);
	atomic_inc(&received);
	return true;
}

static void allocate_pages_and_more(gfp_t gfp)
{
	void *small = kmalloc(100, gfp), *large = kmalloc(20000, gfp);
	struct page *page = alloc_pages(gfp, 2);

	if (page) {
		get_page(page);
		atomic_dec(&page->_refcount);
		__free_pages(page, 2);
	}
	kfree(large);
	kfree(small);
}

static enum hrtimer_restart pulse_interrupt(struct hrtimer *timer)
{
	unsigned int n = atomic_inc_return(&ticks);

	refcount_inc(&refs);
	if (n % 3)
		send(n, GFP_ATOMIC);
	else
		receive();
	allocate_pages_and_more(GFP_ATOMIC);
	tasklet_schedule(&tasklet);
	if (refcount_dec_and_test(&refs))
		atomic_inc(&bad);
	hrtimer_forward_now(timer, PERIOD);
	return READ_ONCE(stop) ? HRTIMER_NORESTART : HRTIMER_RESTART;
}

static void pulse_tasklet(struct tasklet_struct *unused __maybe_unused)
{
	atomic_inc(&tasklets);
	receive();
	send(0, GFP_ATOMIC);
	receive();
	allocate_pages_and_more(GFP_ATOMIC);
}

static void timed_out(struct timer_list *timer __maybe_unused)
{
	atomic_inc(&timeouts);
}

/* Most of a task's time goes by in the allocator, where an interrupt hurts most. */
static void allocate_and_free(void)
{
	void *objects[8];
	unsigned int i, round;

	for (round = 0; round < 8; round++) {
		for (i = 0; i < ARRAY_SIZE(objects); i++)
			objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		for (i = 0; i < ARRAY_SIZE(objects); i++)
			kmem_cache_free(cache, objects[i]);
	}
}

static bool enough(void)
{
	return atomic_read(&ticks) > ENOUGH && atomic_read(&tasklets) > ENOUGH;
}

/* A task that does the same, and what only tasks may do. */
static int worker(void *number)
{
	struct timer_list *timer = &timers[(unsigned long)number];
	unsigned int i;

	for (i = 0; i < ROUNDS || (!enough() && i < MAX_ROUNDS); i++) {
		atomic_inc(&rounds);
		refcount_inc(&refs);
		send(i, GFP_KERNEL);
		mod_timer(timer, jiffies + 1 + i % 70);
		wait_event_timeout(parcels_wait, READ_ONCE(nr_parcels), 2);
		receive();
		mutex_lock(&mutex);
		under_mutex++;
		if (i % 64 == 0)
			schedule();
		mutex_unlock(&mutex);
		allocate_pages_and_more(GFP_KERNEL);
		allocate_and_free();
		if (i % 5)
			del_timer_sync(timer);
		if (i % 16 == 0)
			schedule();
		if (refcount_dec_and_test(&refs))
			atomic_inc(&bad);
	}
	del_timer_sync(timer);
	do_exit(0);
}

KTAP_SUITE(interrupts_at_any_moment)
{
	struct pt_regs args = { .di = -1 };
	unsigned long pages, i;
	struct leaks before;

	cache = kmem_cache_create("ktap_parcel", sizeof(struct parcel), 0, 0, NULL);
	tasklet_setup(&tasklet, pulse_tasklet);
	refcount_set(&refs, 1);
	for (i = 0; i < NR_WORKERS; i++)
		timer_setup(&timers[i], timed_out, 0);
	leaks_begin(&before);
	reclaim_empty_slabs();
	pages = nr_free_pages();

	hrtimer_init(&pulse, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	pulse.function = pulse_interrupt;
	hrtimer_start(&pulse, PERIOD, HRTIMER_MODE_REL);
	for (i = 0; i < NR_WORKERS; i++)
		KTAP_EXPECT(user_mode_thread(worker, (void *)i) > 0);
	for (i = 0; i < NR_WORKERS; i++)
		KTAP_EXPECT(__x64_sys_wait4(&args) > 0);
	WRITE_ONCE(stop, true);
	while (hrtimer_active(&pulse))
		__asm__ volatile("hlt");
	while (receive())
		;

	KTAP_EXPECT(enough());
	KTAP_EXPECT_EQ(atomic_read(&sent), atomic_read(&received));
	KTAP_EXPECT_EQ(atomic_read(&bad), 0);
	KTAP_EXPECT_EQ(under_mutex, (unsigned int)atomic_read(&rounds));
	KTAP_EXPECT_EQ(refcount_read(&refs), 1);
	KTAP_EXPECT_EQ(nr_parcels, 0);
	KTAP_EXPECT_EQ(kmem_cache_active(cache), 0);
	KTAP_EXPECT(!waitqueue_active(&parcels_wait) && list_empty(&parcels));
	KTAP_EXPECT(leaks_none(&before));
	reclaim_empty_slabs();
	KTAP_EXPECT_EQ(nr_free_pages(), pages);
	kmem_cache_destroy(cache);
	pr_info("# stress: %d interrupts, %d tasklets, %d parcels, %d timeouts\n", atomic_read(&ticks),
		atomic_read(&tasklets), atomic_read(&sent), atomic_read(&timeouts));
}
