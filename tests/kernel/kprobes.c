/*
 * kprobes and return probes: where they may be, what handlers see, how they nest, and that nothing is
 * left behind: not an instance, not a byte of text.
 */
#include "kernel/kprobes/kprobes.h"

#include "kernel/cpu/cpu.h"
#include "kernel/mm/mm.h"
#include "kernel/sched/sched.h"
#include "kernel/trace/trace.h"
#include "tests/kernel/ktap.h"
#include "tests/kernel/leaks.h"

extern char _stext[], _etext[];

static u64 text_sum(void)
{
	const u64 *p;
	u64 sum = 0;

	for (p = (const u64 *)_stext; p < (const u64 *)_etext; p++)
		sum = (sum << 1 | sum >> 63) ^ *p;
	return sum;
}

long probed_leaf(long a, long b);
noinline long probed_leaf(long a, long b)
{
	__asm__ volatile("" : "+r"(a));
	return a * 10 + b;
}

long probed_caller(long n);
noinline long probed_caller(long n)
{
	return probed_leaf(n, 1) + 1;
}

long probed_recursion(long depth);
noinline long probed_recursion(long depth)
{
	return depth ? probed_recursion(depth - 1) + 1 : probed_leaf(0, 0);
}

static struct pt_regs seen;
static char order[16];
static int hits;

static int note_pre(struct kprobe *p __maybe_unused, struct pt_regs *regs)
{
	seen = *regs;
	hits++;
	return 0;
}

KTAP_SUITE(kprobe_where)
{
	static const struct {
		const char *symbol;
		unsigned int offset;
		int err;
	} rows[] = {
		{ "sock_alloc", 0, 0 },		     { "__x64_sys_socket", 0, 0 },
		{ "sock_map_fd", 0, 0 },	     { "inet_create", 0, 0 },
		{ "kmem_cache_alloc", 0, 0 },	     { "security_socket_create", 0, 0 },
		{ "sock_alloc", 1, -EILSEQ },	     { "sock_alloc", 7, -EILSEQ },
		{ "no_such_function", 0, -ENOENT },  { "sock_create", 0, -ENOENT },
		{ "__sys_socket_create", 0, -ENOENT }, { "do_syscall_64", 0, -EINVAL },
		{ "entry_SYSCALL_64", 0, -EINVAL },  { "do_trap", 0, -EINVAL },
		{ "kprobe_int3_handler", 0, -EINVAL }, { "rethook_trampoline", 0, -EINVAL },
		{ "tcp_prot", 0, -EINVAL },	     { "trap_common", 0, -EINVAL },
	};
	struct kprobe p;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		p = (struct kprobe){ .symbol_name = rows[i].symbol, .offset = rows[i].offset };
		KTAP_EXPECT_EQ(register_kprobe(&p), rows[i].err);
		KTAP_EXPECT(rows[i].err || *p.addr == 0xcc);
		unregister_kprobe(&p);
		KTAP_EXPECT(rows[i].err || *p.addr == 0x90);
	}
	p = (struct kprobe){ .symbol_name = "sock_alloc", .addr = (void *)probed_leaf };
	KTAP_EXPECT_EQ(register_kprobe(&p), -EINVAL);
	p = (struct kprobe){ .addr = NULL };
	KTAP_EXPECT_EQ(register_kprobe(&p), -EINVAL);
	p = (struct kprobe){ .addr = (void *)&hits };
	KTAP_EXPECT_EQ(register_kprobe(&p), -EINVAL);
	p = (struct kprobe){ .addr = (void *)probed_leaf };
	KTAP_EXPECT_EQ(register_kprobe(&p), 0);
	KTAP_EXPECT_EQ(register_kprobe(&p), -EINVAL);
	unregister_kprobe(&p);
}

KTAP_SUITE(kprobe_sees_the_call)
{
	struct kprobe p = { .symbol_name = "probed_leaf", .pre_handler = note_pre };
	u64 before = text_sum();

	hits = 0;
	KTAP_EXPECT_EQ(register_kprobe(&p), 0);
	KTAP_EXPECT(text_sum() != before);
	KTAP_EXPECT_EQ(probed_leaf(4, 2), 42);
	KTAP_EXPECT_EQ(hits, 1);
	KTAP_EXPECT_EQ(seen.ip, (unsigned long)probed_leaf + 1);
	KTAP_EXPECT_EQ(seen.di, 4);
	KTAP_EXPECT_EQ(regs_get_kernel_argument(&seen, 1), 2);
	KTAP_EXPECT_EQ(seen.cs, __KERNEL_CS);
	disable_kprobe(&p);
	probed_leaf(0, 0);
	KTAP_EXPECT_EQ(hits, 1);
	enable_kprobe(&p);
	probed_leaf(0, 0);
	KTAP_EXPECT_EQ(hits, 2);
	unregister_kprobe(&p);
	probed_leaf(0, 0);
	KTAP_EXPECT_EQ(hits, 2);
	KTAP_EXPECT_EQ(text_sum(), before);
}

static int append(char c)
{
	size_t n = strlen(order);

	order[n] = c;
	order[n + 1] = '\0';
	return 0;
}

static int pre_a(struct kprobe *p __maybe_unused, struct pt_regs *regs __maybe_unused)
{
	return append('a');
}

static int pre_b(struct kprobe *p __maybe_unused, struct pt_regs *regs __maybe_unused)
{
	return append('b');
}

static void post_c(struct kprobe *p __maybe_unused, struct pt_regs *regs __maybe_unused,
		   unsigned long flags __maybe_unused)
{
	append('c');
}

static int override(struct kprobe *p __maybe_unused, struct pt_regs *regs)
{
	regs_set_return_value(regs, 77);
	override_function_with_return(regs);
	return 1;
}

KTAP_SUITE(kprobes_on_one_function)
{
	struct kprobe a = { .symbol_name = "probed_leaf", .pre_handler = pre_a, .post_handler = post_c };
	struct kprobe b = { .symbol_name = "probed_leaf", .pre_handler = pre_b };
	struct kprobe o = { .symbol_name = "probed_leaf", .pre_handler = override };

	order[0] = '\0';
	KTAP_EXPECT_EQ(register_kprobe(&a), 0);
	KTAP_EXPECT_EQ(register_kprobe(&b), 0);
	probed_leaf(1, 1);
	KTAP_EXPECT_EQ(strcmp(order, "bac"), 0); /* last registered first; post_handler last */
	KTAP_EXPECT_EQ(register_kprobe(&o), 0);
	KTAP_EXPECT_EQ(probed_leaf(1, 1), 77);
	KTAP_EXPECT_EQ(strcmp(order, "bac"), 0); /* it took over before the others */
	KTAP_EXPECT_EQ(probed_caller(1), 78);
	unregister_kprobe(&a);
	unregister_kprobe(&o);
	KTAP_EXPECT_EQ(probed_leaf(1, 1), 11);
	KTAP_EXPECT_EQ(strcmp(order, "bacb"), 0);
	unregister_kprobe(&b);
}

static int pre_reenter(struct kprobe *p __maybe_unused, struct pt_regs *regs __maybe_unused)
{
	hits++;
	return probed_caller(1) != 12; /* runs into both probes again */
}

KTAP_SUITE(kprobe_reentry_is_counted)
{
	struct kprobe p = { .symbol_name = "probed_leaf", .pre_handler = pre_reenter };
	struct kprobe q = { .symbol_name = "probed_caller", .pre_handler = note_pre };

	hits = 0;
	KTAP_EXPECT_EQ(register_kprobe(&p), 0);
	KTAP_EXPECT_EQ(register_kprobe(&q), 0);
	KTAP_EXPECT_EQ(probed_leaf(4, 2), 42);
	KTAP_EXPECT_EQ(hits, 1);
	KTAP_EXPECT_EQ(p.nmissed, 1);
	KTAP_EXPECT_EQ(q.nmissed, 1);
	unregister_kprobe(&p);
	unregister_kprobe(&q);
}

static unsigned long trace[16];
static unsigned int trace_len;

static int pre_trace(struct kprobe *p __maybe_unused, struct pt_regs *regs __maybe_unused)
{
	trace_len = stack_trace_save(trace, ARRAY_SIZE(trace));
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

KTAP_SUITE(kretprobe_unregistered_in_flight)
{
	struct kprobe p = { .symbol_name = "probed_leaf", .pre_handler = pre_vanish };
	struct leaks before;

	leaks_begin(&before);
	vanishing = (struct kretprobe){ .kp.symbol_name = "probed_caller", .handler = count_return };
	hits = 0;
	KTAP_EXPECT_EQ(register_kretprobe(&vanishing), 0);
	KTAP_EXPECT_EQ(register_kprobe(&p), 0);
	KTAP_EXPECT_EQ(probed_caller(4), 42);
	KTAP_EXPECT_EQ(hits, 0);
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
