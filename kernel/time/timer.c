/*
 * The timer wheel, which calls a function at a given tick, and the sleeps that are made of it.
 * Linux: kernel/time/timer.c
 *
 * Nine levels of 64 buckets each. A bucket of level 0 is one tick wide, one of level n is 8^n ticks:
 *
 *	level   bucket is        holds what expires within
 *	  0      1 tick    4 ms       63 ticks    252 ms
 *	  1      8 ticks  32 ms      504 ticks      2 s
 *	  2     64 ticks 256 ms    4,032 ticks     16 s
 *	 ...
 *	  8   2^24 ticks  19 h  2^24 * 63 ticks    49 days
 *
 * A timer goes into the first level that reaches as far, its time rounded up to the level's width,
 * and stays there until it fires: nothing is ever moved from level to level. A tick looks at one
 * bucket of level 0; at each eighth tick also at one of level 1, and so on.
 */
#include "kernel/time/timer.h"

#include "kernel/interrupt.h"
#include "kernel/sched/sched.h"

#define LVL_BITS 6
#define LVL_SIZE (1ul << LVL_BITS)
#define LVL_MASK (LVL_SIZE - 1)
#define LVL_CLK_SHIFT 3 /* each level is 8 times as coarse as the one before */
#define LVL_CLK_MASK 7ul
#define LVL_DEPTH 9
#define LVL_SHIFT(n) ((n) * LVL_CLK_SHIFT)
#define LVL_END(n) (LVL_MASK << LVL_SHIFT(n)) /* level @n holds what expires in fewer ticks */
#define WHEEL_SIZE (LVL_SIZE * LVL_DEPTH)

static struct timer_base {
	spinlock_t lock; /* protects all of this, and the fields of pending timers */
	struct timer_list *running;
	unsigned long clk; /* the next tick to be looked at */
	unsigned int nr_pending;
	unsigned long pending_map[BITS_TO_LONGS(WHEEL_SIZE)]; /* buckets that may not be empty */
	struct list_head vectors[WHEEL_SIZE];
} base;

void timer_setup(struct timer_list *timer, void (*fn)(struct timer_list *), unsigned int flags)
{
	*timer = (struct timer_list){ .function = fn, .flags = flags };
}

/* The bucket that is handled first at or after @expires; for a time in the past the next one. */
static unsigned int calc_wheel_index(unsigned long expires)
{
	unsigned long left = time_before(expires, base.clk) ? 0 : expires - base.clk, bucket;
	unsigned int lvl = 0;

	while (left >= LVL_END(lvl) && lvl < LVL_DEPTH - 1)
		lvl++;
	left = min(left, LVL_END(lvl) - 1);
	bucket = (base.clk + left + BIT(LVL_SHIFT(lvl)) - 1) >> LVL_SHIFT(lvl);
	return lvl * LVL_SIZE + (bucket & LVL_MASK);
}

/* With the lock held. */
static void enqueue_timer(struct timer_list *timer, unsigned long expires)
{
	/*
	 * No timer was pending, so the wheel was not advanced. While it is being advanced it must not
	 * jump: run_timer_softirq() still has levels of this tick to look at.
	 */
	if (!base.nr_pending && !base.running)
		base.clk = jiffies + 1;
	timer->expires = expires;
	timer->bucket = calc_wheel_index(expires);
	list_add_tail(&timer->entry, &base.vectors[timer->bucket]);
	__set_bit(timer->bucket, base.pending_map);
	base.nr_pending++;
}

/* With the lock held. Returns whether it was pending. */
static int detach_if_pending(struct timer_list *timer)
{
	if (!timer_pending(timer))
		return 0;
	list_del(&timer->entry);
	if (list_empty(&base.vectors[timer->bucket]))
		__clear_bit(timer->bucket, base.pending_map);
	base.nr_pending--;
	return 1;
}

int mod_timer(struct timer_list *timer, unsigned long expires)
{
	unsigned long flags;
	int was_pending;

	spin_lock_irqsave(&base.lock, flags);
	was_pending = detach_if_pending(timer);
	enqueue_timer(timer, expires);
	spin_unlock_irqrestore(&base.lock, flags);
	return was_pending;
}

void add_timer(struct timer_list *timer)
{
	BUG_ON(timer_pending(timer));
	mod_timer(timer, timer->expires);
}

int del_timer(struct timer_list *timer)
{
	unsigned long flags;
	int was_pending;

	spin_lock_irqsave(&base.lock, flags);
	was_pending = detach_if_pending(timer);
	spin_unlock_irqrestore(&base.lock, flags);
	return was_pending;
}

int del_timer_sync(struct timer_list *timer)
{
	BUG_ON(base.running == timer);
	return del_timer(timer);
}

/*
 * Run what is due in one bucket. The functions are called with interrupts on and without the lock;
 * they may arm and cancel timers, those that wait here for their turn too.
 */
static void expire_bucket(unsigned int bucket)
{
	struct list_head *head = &base.vectors[bucket];
	struct timer_list *timer;
	LIST_HEAD(expired);

	list_splice_init(head, &expired);
	__clear_bit(bucket, base.pending_map);
	while (!list_empty(&expired)) {
		timer = list_first_entry(&expired, struct timer_list, entry);
		list_del(&timer->entry);
		base.nr_pending--;
		base.running = timer;
		spin_unlock_irq(&base.lock);
		timer->function(timer);
		spin_lock_irq(&base.lock);
		base.running = NULL;
	}
}

/* Handle each tick that has passed since the last call, usually one. */
static void run_timer_softirq(void)
{
	unsigned long tick;
	unsigned int lvl, bucket;

	spin_lock_irq(&base.lock);
	while (base.nr_pending && time_after_eq(jiffies, base.clk)) {
		tick = base.clk++;
		for (lvl = 0; lvl < LVL_DEPTH; lvl++) {
			bucket = lvl * LVL_SIZE + (tick & LVL_MASK);
			if (test_bit(bucket, base.pending_map))
				expire_bucket(bucket);
			if (tick & LVL_CLK_MASK)
				break;
			tick >>= LVL_CLK_SHIFT;
		}
	}
	spin_unlock_irq(&base.lock);
}

void run_local_timers(void)
{
	if (base.nr_pending)
		raise_softirq(TIMER_SOFTIRQ);
}

void timers_init(void)
{
	unsigned int i;

	for (i = 0; i < WHEEL_SIZE; i++)
		INIT_LIST_HEAD(&base.vectors[i]);
	open_softirq(TIMER_SOFTIRQ, run_timer_softirq);
}

/* The timer of a task that sleeps. */
struct process_timer {
	struct timer_list timer;
	struct task_struct *task;
};

static void process_timeout(struct timer_list *timer)
{
	struct process_timer *timeout = from_timer(timeout, timer, timer);

	wake_up_process(timeout->task);
}

long schedule_timeout(long timeout)
{
	struct process_timer timer = { .task = current };
	unsigned long expires;

	if (timeout == MAX_SCHEDULE_TIMEOUT) {
		schedule();
		return timeout;
	}
	if (timeout < 0) {
		__set_current_state(TASK_RUNNING);
		return 0;
	}
	expires = jiffies + timeout;
	timer_setup(&timer.timer, process_timeout, 0);
	mod_timer(&timer.timer, expires);
	schedule();
	del_timer_sync(&timer.timer);
	return max((long)(expires - jiffies), 0l);
}

long schedule_timeout_interruptible(long timeout)
{
	__set_current_state(TASK_INTERRUPTIBLE);
	return schedule_timeout(timeout);
}

long schedule_timeout_uninterruptible(long timeout)
{
	__set_current_state(TASK_UNINTERRUPTIBLE);
	return schedule_timeout(timeout);
}

/* One tick more, because part of the current one has passed already. */
void msleep(unsigned int msecs)
{
	unsigned long timeout = msecs_to_jiffies(msecs) + 1;

	while (timeout)
		timeout = schedule_timeout_uninterruptible(timeout);
}

unsigned long msleep_interruptible(unsigned int msecs)
{
	unsigned long timeout = msecs_to_jiffies(msecs) + 1;

	while (timeout && !signal_pending(current))
		timeout = schedule_timeout_interruptible(timeout);
	return jiffies_to_msecs(timeout);
}
