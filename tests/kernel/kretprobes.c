/*
 * Return probes: values, instances, recursion, backtraces across the trampoline, unregistering and
 * dying in mid-call; and that no instance is left behind.
 */
#include "kernel/kprobes/kprobes.h"

#include "kernel/process/process.h"
#include "kernel/debug/debug.h"
#include "kernel/time/timer.h"
#include "tests/kernel/ktap.h"
#include "tests/kernel/leaks.h"
#include "tests/kernel/probed.h"

static int hits;

static unsigned long trace[16];
static unsigned int trace_len;

static int pre_trace(struct kprobe *p __maybe_unused, struct pt_regs *regs __maybe_unused)
{
	trace_len = stack_trace_save(trace, ARRAY_SIZE(trace), 0);
	return 0;
}

/* Which entry of the last trace lies in @fn, or -1. */
static int trace_index(const void *fn)
{
	unsigned long size, offset;
	unsigned int i;

	for (i = 0; i < trace_len; i++) {
		if (kallsyms_lookup(trace[i], &size, &offset) &&
		    trace[i] - offset == (unsigned long)fn)
			return i;
	}
	return -1;
}

static int ret_times10(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	KTAP_EXPECT_EQ(regs->ip, unwind_recover_ret_addr(regs->ip, NULL));
	*(long *)ri->data += regs_return_value(regs);
	hits += *(long *)ri->data;
	return 0;
}

static int entry_data(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	*(long *)ri->data = 1000 * regs->di;
	return regs->di == 13; /* not this one */
}

KTAP_SUITE(kretprobe_values_and_data)
{
	struct kretprobe rp = {
		.kp.symbol_name = "probed_leaf",
		.handler = ret_times10,
		.entry_handler = entry_data,
		.data_size = sizeof(long),
	};
	struct leaks before;

	leaks_begin(&before);
	hits = 0;
	KTAP_EXPECT_EQ(register_kretprobe(&rp), 0);
	KTAP_EXPECT_EQ(probed_leaf(4, 2), 42);
	KTAP_EXPECT_EQ(hits, 4042);
	KTAP_EXPECT_EQ(probed_leaf(13, 2), 132);
	KTAP_EXPECT_EQ(hits, 4042);
	unregister_kretprobe(&rp);
	KTAP_EXPECT(list_empty(&current->rethooks));
	KTAP_EXPECT(leaks_none(&before));
}

static int count_return(struct kretprobe_instance *ri __maybe_unused,
			struct pt_regs *regs __maybe_unused)
{
	hits++;
	return 0;
}

KTAP_SUITE(kretprobe_recursion_and_misses)
{
	struct kretprobe rp = {
		.kp.symbol_name = "probed_recursion",
		.handler = count_return,
		.maxactive = 4,
	};

	hits = 0;
	KTAP_EXPECT_EQ(register_kretprobe(&rp), 0);
	KTAP_EXPECT_EQ(probed_recursion(3), 3);
	KTAP_EXPECT_EQ(hits, 4);
	KTAP_EXPECT_EQ(rp.nmissed, 0);
	KTAP_EXPECT_EQ(probed_recursion(9), 9);
	KTAP_EXPECT_EQ(hits, 8);
	KTAP_EXPECT_EQ(rp.nmissed, 6);
	unregister_kretprobe(&rp);
}

/* The caller trick and the return probe on one function, in both orders of registration. */
static void caller_in_order(bool trace_first)
{
	struct kprobe p = { .symbol_name = "probed_leaf", .pre_handler = pre_trace };
	struct kretprobe rp = { .kp.symbol_name = "probed_leaf", .handler = count_return };

	hits = 0;
	KTAP_EXPECT_EQ(trace_first ? register_kprobe(&p) : register_kretprobe(&rp), 0);
	KTAP_EXPECT_EQ(trace_first ? register_kretprobe(&rp) : register_kprobe(&p), 0);
	KTAP_EXPECT_EQ(probed_caller(1), 12);
	KTAP_EXPECT_EQ(hits, 1);
	KTAP_EXPECT(trace_index(probed_leaf) > 0);
	KTAP_EXPECT_EQ(trace_index(probed_caller), trace_index(probed_leaf) + 1);
	unregister_kprobe(&p);
	unregister_kretprobe(&rp);
}

KTAP_SUITE(caller_is_true_in_either_order)
{
	caller_in_order(true);
	caller_in_order(false);
}

static struct kretprobe vanishing;

static int pre_vanish(struct kprobe *p __maybe_unused, struct pt_regs *regs __maybe_unused)
{
	unregister_kretprobe(&vanishing); /* while the call it watches is on its way */
	return 0;
}

static int freed;

static int pre_free(struct kprobe *p __maybe_unused, struct pt_regs *regs __maybe_unused)
{
	freed++;
	return 0;
}

/* The last return frees the instances, and does so while probes are only counted. */
KTAP_SUITE(kretprobe_unregistered_in_flight)
{
	struct kprobe p = { .symbol_name = "probed_leaf", .pre_handler = pre_vanish };
	struct kprobe on_free = { .symbol_name = "kfree", .pre_handler = pre_free };
	struct leaks before;

	leaks_begin(&before);
	vanishing = (struct kretprobe){ .kp.symbol_name = "probed_caller", .handler = count_return };
	hits = 0;
	KTAP_EXPECT_EQ(register_kretprobe(&vanishing), 0);
	KTAP_EXPECT_EQ(register_kprobe(&p), 0);
	KTAP_EXPECT_EQ(register_kprobe(&on_free), 0);
	freed = 0;
	KTAP_EXPECT_EQ(probed_caller(4), 42);
	KTAP_EXPECT_EQ(hits, 0);
	KTAP_EXPECT_EQ(freed, 0);
	KTAP_EXPECT(on_free.nmissed > 0);
	unregister_kprobe(&on_free);
	unregister_kprobe(&p);
	KTAP_EXPECT(leaks_none(&before));
}

/* Every register but rax must come through the trampoline. */
static bool registers_survive(void)
{
	bool same;

	__asm__ volatile("mov $0x1111, %%rbx; mov $0x2222, %%r12; mov $0x3333, %%r13\n\t"
			 "mov $0x4444, %%r14; mov $0x5555, %%r15; mov $4, %%edi; mov $2, %%esi\n\t"
			 "call probed_leaf\n\t"
			 "cmp $42, %%rax; jne 1f\n\t"
			 "cmp $0x1111, %%rbx; jne 1f; cmp $0x2222, %%r12; jne 1f\n\t"
			 "cmp $0x3333, %%r13; jne 1f; cmp $0x4444, %%r14; jne 1f\n\t"
			 "cmp $0x5555, %%r15\n"
			 "1:\tsete %0"
			 : "=m"(same)
			 :
			 : "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12",
			   "r13", "r14", "r15", "memory", "cc");
	return same;
}

KTAP_SUITE(trampoline_preserves_registers)
{
	struct kretprobe rp = { .kp.symbol_name = "probed_leaf", .handler = count_return };

	KTAP_EXPECT(registers_survive());
	KTAP_EXPECT_EQ(register_kretprobe(&rp), 0);
	KTAP_EXPECT(registers_survive());
	unregister_kretprobe(&rp);
}

void probed_flags(unsigned long flags);
noinline void probed_flags(unsigned long flags)
{
	__asm__ volatile("push %0; popfq" : : "r"(flags) : "memory", "cc");
}

/* Call probed_flags(@flags), and return the flags that its caller sees. */
static unsigned long flags_after(unsigned long flags)
{
	unsigned long after;

	__asm__ volatile("pushfq; call probed_flags; pushfq; pop %0; popfq"
			 : "=a"(after), "+D"(flags)
			 :
			 : "rcx", "rdx", "rsi", "r8", "r9", "r10", "r11", "memory", "cc");
	return after;
}

/* gcc does not see that the call in flags_after() sets it. */
static unsigned long flags_in_handler;

static int note_flags(struct kretprobe_instance *ri __maybe_unused, struct pt_regs *regs)
{
	flags_in_handler = regs->flags;
	return 0;
}

/* The handler and the caller see the flags that the function returned: none, each alone, all. */
KTAP_SUITE(trampoline_preserves_flags)
{
	/* CF PF AF ZF SF IF DF OF */
	static const unsigned long bits[] = { 0,    0x1,   0x4,	  0x10,	 0x40,
					      0x80, 0x200, 0x400, 0x800, 0xed5 };
	struct kretprobe rp = { .kp.symbol_name = "probed_flags", .handler = note_flags };
	unsigned int i;

	KTAP_EXPECT_EQ(register_kretprobe(&rp), 0);
	for (i = 0; i < ARRAY_SIZE(bits); i++) {
		WRITE_ONCE(flags_in_handler, 0);
		KTAP_EXPECT_EQ(flags_after(bits[i] | 0x2), bits[i] | 0x2);
		KTAP_EXPECT_EQ(READ_ONCE(flags_in_handler), bits[i] | 0x2);
	}
	unregister_kretprobe(&rp);
}

struct pair {
	long first, second;
};

struct pair probed_pair(long n);
noinline struct pair probed_pair(long n)
{
	__asm__ volatile("" : "+r"(n));
	return (struct pair){ n, n + 1 };
}

/* A value may be returned in two registers. */
KTAP_SUITE(kretprobe_leaves_the_second_register)
{
	struct kretprobe rp = { .kp.symbol_name = "probed_pair", .handler = count_return };
	struct pair pair;

	KTAP_EXPECT_EQ(register_kretprobe(&rp), 0);
	pair = probed_pair(41);
	KTAP_EXPECT_EQ(pair.first, 41);
	KTAP_EXPECT_EQ(pair.second, 42);
	unregister_kretprobe(&rp);
}

void probed_exit(void);
noinline void probed_exit(void)
{
	do_exit(0);
}

static int die_inside(void *unused __maybe_unused)
{
	probed_exit();
	return 0;
}

long __x64_sys_wait4(const struct pt_regs *regs);

/* What do_exit() calls last, too, must give its instance back: here with one instance each. */
static void die_in(const char *symbol)
{
	struct kretprobe rp = {
		.kp.symbol_name = symbol,
		.handler = count_return,
		.maxactive = 1,
	};
	struct pt_regs wait = { 0 };
	struct leaks before;
	int i;

	leaks_begin(&before);
	hits = 0;
	KTAP_EXPECT_EQ(register_kretprobe(&rp), 0);
	for (i = 0; i < 3; i++) {
		wait.di = user_mode_thread(die_inside, NULL);
		KTAP_EXPECT_EQ(__x64_sys_wait4(&wait), wait.di);
	}
	KTAP_EXPECT_EQ(hits, 0);
	KTAP_EXPECT_EQ(rp.nmissed, 0);
	unregister_kretprobe(&rp);
	KTAP_EXPECT(leaks_none(&before));
}

KTAP_SUITE(task_dies_in_a_watched_call)
{
	die_in("probed_exit");
	die_in("do_exit");
}

KTAP_SUITE(last_calls_of_a_task)
{
	static const char *const symbols[] = { "rethook_flush_task", "schedule", "context_switch" };
	struct kretprobe rp;
	struct pt_regs wait = { 0 };
	struct leaks before;
	unsigned int i, j;

	leaks_begin(&before);
	for (i = 0; i < ARRAY_SIZE(symbols); i++) {
		rp = (struct kretprobe){ .kp.symbol_name = symbols[i], .maxactive = 3 };
		KTAP_EXPECT_EQ(register_kretprobe(&rp), 0);
		for (j = 0; j < 5; j++) {
			wait.di = user_mode_thread(die_inside, NULL);
			KTAP_EXPECT_EQ(__x64_sys_wait4(&wait), wait.di);
		}
		KTAP_EXPECT_EQ(rp.nmissed, 0);
		unregister_kretprobe(&rp);
	}
	KTAP_EXPECT(leaks_none(&before));
}

KTAP_SUITE(kretprobe_registered_twice)
{
	struct kretprobe rp = { .kp.addr = (void *)probed_leaf, .handler = count_return };
	struct leaks before;

	leaks_begin(&before);
	hits = 0;
	KTAP_EXPECT_EQ(register_kretprobe(&rp), 0);
	KTAP_EXPECT_EQ(register_kretprobe(&rp), -EINVAL);
	KTAP_EXPECT_EQ(probed_leaf(4, 2), 42);
	KTAP_EXPECT_EQ(hits, 1);
	unregister_kretprobe(&rp);
	KTAP_EXPECT(leaks_none(&before));
}

static struct wait_queue_head bell;
static bool rung;

static int pre_ring(struct kprobe *p __maybe_unused, struct pt_regs *regs __maybe_unused)
{
	wake_up(&bell);
	return 0;
}

static int sleep_once(void *unused __maybe_unused)
{
	DEFINE_WAIT(wait);

	prepare_to_wait(&bell, &wait, TASK_UNINTERRUPTIBLE);
	schedule();
	finish_wait(&bell, &wait);
	rung = true;
	do_exit(0);
}

/* A handler that runs while schedule() leaves a task may wake just that task. */
KTAP_SUITE(woken_while_leaving)
{
	static const char *const symbols[] = { "pick_next_task", "context_switch" };
	struct pt_regs wait = { 0 };
	struct kprobe p;
	unsigned int i, tries;

	init_waitqueue_head(&bell);
	for (i = 0; i < ARRAY_SIZE(symbols); i++) {
		p = (struct kprobe){ .symbol_name = symbols[i], .pre_handler = pre_ring };
		rung = false;
		KTAP_EXPECT_EQ(register_kprobe(&p), 0);
		wait.di = user_mode_thread(sleep_once, NULL);
		for (tries = 0; !READ_ONCE(rung) && tries < 100; tries++)
			msleep(10);
		unregister_kprobe(&p);
		KTAP_EXPECT(rung);
		if (!rung) /* lest the suite hang */
			wake_up_new_task(find_task_by_vpid(wait.di));
		KTAP_EXPECT_EQ(__x64_sys_wait4(&wait), wait.di);
	}
}
