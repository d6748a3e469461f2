/*
 * The run queue and the switch from task to task. Begin with schedule(), which picks the next task,
 * and context_switch(), which changes to it. wake_up_state() puts a sleeping task back on the run
 * queue. Linux: kernel/sched/core.c
 *
 * One CPU, round robin, TIME_SLICE ticks each. Ring 0 is never preempted: a task leaves the CPU in
 * schedule() only, which it calls itself, or on its way to ring 3 when its time is up. The run
 * queue is shared with interrupt handlers, so it is touched with interrupts off. A probe handler
 * inside schedule() may even so wake the task that is about to be switched away: on_rq shows that
 * this task is still on the run queue.
 */
#include "kernel/sched/sched.h"

#include "kernel/debug/debug.h"

DEFINE_RWLOCK(tasklist_lock);
unsigned long nr_atomic_sleeps;

static unsigned long nr_switches;
unsigned long kernel_cpustat[NR_STATS];
static u64 exec_start; /* TSC, when update_curr() was called last */

static LIST_HEAD(run_queue);

extern char boot_stack[], boot_stack_top[];
void __switch_to_asm(unsigned long *prev_sp, unsigned long next_sp);

static struct sighand_struct init_sighand = {
	.count = REFCOUNT_INIT(1),
	.signalfd_wqh = __WAIT_QUEUE_HEAD_INITIALIZER(init_sighand.signalfd_wqh),
};

#define INFINITE { RLIM_INFINITY, RLIM_INFINITY }
static struct signal_struct init_signal = {
	.sigcnt = REFCOUNT_INIT(1),
	.pids = {
		[PIDTYPE_TGID] = &init_struct_pid,
		[PIDTYPE_PGID] = &init_struct_pid,
		[PIDTYPE_SID] = &init_struct_pid,
	},
	.thread_head = LIST_HEAD_INIT(init_task.thread_node),
	.wait_chldexit = __WAIT_QUEUE_HEAD_INITIALIZER(init_signal.wait_chldexit),
	.shared_pending = { .list = LIST_HEAD_INIT(init_signal.shared_pending.list) },
	.rlim = {
		[RLIMIT_CPU] = INFINITE,
		[RLIMIT_FSIZE] = INFINITE,
		[RLIMIT_DATA] = INFINITE,
		[RLIMIT_STACK] = { 8 << 20, RLIM_INFINITY },
		[RLIMIT_CORE] = { 0, RLIM_INFINITY },
		[RLIMIT_RSS] = INFINITE,
		[RLIMIT_NPROC] = INFINITE,
		[RLIMIT_NOFILE] = { 1024, 4096 },
		[RLIMIT_MEMLOCK] = { 8 << 20, 8 << 20 },
		[RLIMIT_AS] = INFINITE,
		[RLIMIT_LOCKS] = INFINITE,
		[RLIMIT_SIGPENDING] = INFINITE,
		[RLIMIT_MSGQUEUE] = { 819200, 819200 },
		[RLIMIT_NICE] = { 0, 0 },
		[RLIMIT_RTPRIO] = { 0, 0 },
		[RLIMIT_RTTIME] = INFINITE,
	},
};

/* The task that boots the kernel and then idles. Files and file system come with vfs_init(). */
struct task_struct init_task = {
	.comm = "swapper",
	.usage = REFCOUNT_INIT(1),
	.on_rq = true,
	.cred = &init_cred,
	.sighand = &init_sighand,
	.signal = &init_signal,
	.real_parent = &init_task,
	.parent = &init_task,
	.children = LIST_HEAD_INIT(init_task.children),
	.sibling = LIST_HEAD_INIT(init_task.sibling),
	.thread_pid = &init_struct_pid,
	.group_leader = &init_task,
	.tasks = LIST_HEAD_INIT(init_task.tasks),
	.thread_node = LIST_HEAD_INIT(init_signal.thread_head),
	.pending = { .list = LIST_HEAD_INIT(init_task.pending.list) },
	.restart_block.fn = do_no_restart_syscall,
	.sas_ss_flags = SS_DISABLE,
	.run_list = LIST_HEAD_INIT(init_task.run_list),
	.rethooks = LIST_HEAD_INIT(init_task.rethooks),
	.timer_slack_ns = 50000,
	.stack = boot_stack,
};

void sched_init(void)
{
	percpu.current_task = &init_task;
	exec_start = rdtsc();
	cpu_set_kernel_stack((unsigned long)boot_stack_top);
}

void save_user_segments(struct thread_struct *thread)
{
	__asm__ volatile("mov %%ds, %0" : "=m"(thread->ds));
	__asm__ volatile("mov %%es, %0" : "=m"(thread->es));
	__asm__ volatile("mov %%fs, %0" : "=m"(thread->fsindex));
	__asm__ volatile("mov %%gs, %0" : "=m"(thread->gsindex));
	if (thread->fsindex)
		thread->fsbase = 0;
	if (thread->gsindex)
		thread->gsbase = 0;
}

static void load_selectors(const struct thread_struct *prev, const struct thread_struct *next)
{
	if (prev->ds | next->ds)
		__asm__ volatile("mov %0, %%ds" : : "m"(next->ds));
	if (prev->es | next->es)
		__asm__ volatile("mov %0, %%es" : : "m"(next->es));
	if (prev->fsindex | next->fsindex)
		__asm__ volatile("mov %0, %%fs" : : "m"(next->fsindex));
	if (prev->gsindex | next->gsindex)
		load_gs_index(next->gsindex);
}

/* Interrupts are off. A 64-bit program has no reason to load a selector: all are 0. */
static void switch_segments(struct thread_struct *prev, const struct thread_struct *next)
{
	save_user_segments(prev);
	if (prev->selectors | next->selectors)
		load_selectors(prev, next);
	wrmsr(MSR_FS_BASE, next->fsbase);
	wrmsr(MSR_KERNEL_GS_BASE, next->gsbase);
}

void reset_user_segments(struct thread_struct *thread)
{
	static const struct thread_struct fresh;
	struct thread_struct old;
	unsigned long flags;

	local_irq_save(flags);
	switch_segments(&old, &fresh);
	thread->fsbase = thread->gsbase = 0;
	local_irq_restore(flags);
}

/* The task that ran before and that nobody waits for: it could not free the stack it ran on. */
static struct task_struct *reaped_task;

static void finish_task_switch(void)
{
	struct task_struct *task = reaped_task;

	if (likely(!task))
		return;
	reaped_task = NULL;
	free_task(task);
}

void do_task_dead(bool reaped)
{
	if (reaped)
		reaped_task = current;
	current->__state = TASK_DEAD;
	schedule();
	BUG();
}

/* Interrupts are off. Returns when somebody switches back to @prev. */
static void context_switch(struct task_struct *prev, struct task_struct *next)
{
	if (prev->mm)
		fpu_save(&prev->thread.fpu);
	if (next->mm) {
		switch_mm(next->mm);
		fpu_restore(&next->thread.fpu);
	}
	switch_segments(&prev->thread, &next->thread);
	nr_switches++;
	percpu.current_task = next;
	cpu_set_kernel_stack((unsigned long)next->stack + THREAD_SIZE);
	__switch_to_asm(&prev->thread.sp, next->thread.sp);
	finish_task_switch();
}

/*
 * The first thing a new task does: schedule() left interrupts off. The number that clone() is asked
 * to store in the child's memory is stored here, since only the child can reach that.
 */
void schedule_tail(void)
{
	finish_task_switch();
	local_irq_enable();
	if (current->set_child_tid)
		(void)put_user(current->pid, current->set_child_tid);
}

unsigned long long nr_context_switches(void)
{
	return nr_switches;
}

/* Interrupts are off, because the tick does it too, and what has run must be counted once. */
static inline void account_curr(struct task_struct *curr)
{
	u64 now = rdtsc();

	account_usage(curr, sum_exec, now - exec_start);
	exec_start = now;
}

void update_curr(void)
{
	unsigned long flags;

	local_irq_save(flags);
	account_curr(current);
	local_irq_restore(flags);
}

static struct task_struct *pick_next_task(void)
{
	struct task_struct *next;

	if (list_empty(&run_queue))
		return &init_task;
	next = list_first_entry(&run_queue, struct task_struct, run_list);
	list_del_init(&next->run_list);
	return next;
}

/* The idle task boots the kernel with interrupts off, and never sleeps. */
void __might_sleep(const char *file, int line)
{
	if (current == &init_task)
		return;
	nr_atomic_sleeps++;
	pr_err("BUG: sleeping function called from invalid context at %s:%d\n", file, line);
	pr_err("in_atomic(): %d, irqs_disabled(): %d, pid: %d, name: %s\n", in_atomic(),
	       irqs_disabled(), current->pid, current->comm);
	dump_stack();
}

void schedule(void)
{
	struct task_struct *prev = current, *next;
	unsigned long flags;

	if (unlikely(in_atomic()))
		panic("scheduling while atomic: %s/%d/0x%08x", prev->comm, prev->pid,
		      preempt_count());
	local_irq_save(flags);
	prev->thread_flags &= ~TIF_NEED_RESCHED;
	if (signal_pending_state(prev->__state, prev)) /* it may not sleep */
		prev->__state = TASK_RUNNING;
	prev->on_rq = prev->__state == TASK_RUNNING;
	if (prev->on_rq && prev != &init_task)
		list_add_tail(&prev->run_list, &run_queue);
	next = pick_next_task();
	next->time_slice = TIME_SLICE;
	if (next != prev) {
		account_curr(prev);
		if (prev->on_rq)
			account_usage(prev, nivcsw, 1);
		else
			account_usage(prev, nvcsw, 1);
		context_switch(prev, next);
	}
	local_irq_restore(flags);
}

bool need_resched(void)
{
	return current->thread_flags & TIF_NEED_RESCHED;
}

int wake_up_state(struct task_struct *task, unsigned int state)
{
	unsigned long flags;
	int woken = 0;

	local_irq_save(flags);
	if (task->__state & state) {
		task->__state = TASK_RUNNING;
		if (!task->on_rq) /* else schedule() has not switched it away yet */
			list_add_tail(&task->run_list, &run_queue);
		task->on_rq = true;
		woken = 1;
	}
	local_irq_restore(flags);
	return woken;
}

int wake_up_process(struct task_struct *task)
{
	return wake_up_state(task, TASK_NORMAL);
}

void wake_up_new_task(struct task_struct *task)
{
	unsigned long flags;

	local_irq_save(flags);
	task->on_rq = true;
	list_add_tail(&task->run_list, &run_queue);
	local_irq_restore(flags);
}

int cond_resched(void)
{
	might_sleep();
	if (!need_resched())
		return 0;
	schedule();
	return 1;
}

/* The loop of the idle task, PID 0. */
void cpu_idle(void)
{
	for (;;) {
		local_irq_disable();
		if (list_empty(&run_queue))
			safe_halt();
		local_irq_enable();
		schedule();
	}
}

void scheduler_tick(bool user)
{
	struct task_struct *task = current;

	kernel_cpustat[task == &init_task ? CPUTIME_IDLE : user ? CPUTIME_USER : CPUTIME_SYSTEM]++;
	if (task == &init_task)
		return;
	if (user)
		account_usage(task, utime, 1);
	else
		account_usage(task, stime, 1);
	if (task->time_slice)
		task->time_slice--;
	if (!task->time_slice && !list_empty(&run_queue))
		task->thread_flags |= TIF_NEED_RESCHED;
}
