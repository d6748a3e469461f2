/*
 * kprobes: where they may be, what handlers see, how they nest, and that not a byte of text stays
 * changed. And the functions that this and kretprobes.c probe.
 */
#include "kernel/kprobes/kprobes.h"

#include "kernel/cpu/cpu.h"
#include "tests/kernel/ktap.h"
#include "tests/kernel/probed.h"

extern char _stext[], _etext[];

static u64 text_sum(void)
{
	const u64 *p;
	u64 sum = 0;

	for (p = (const u64 *)_stext; p < (const u64 *)_etext; p++)
		sum = (sum << 1 | sum >> 63) ^ *p;
	return sum;
}

noinline long probed_leaf(long a, long b)
{
	__asm__ volatile("" : "+r"(a));
	return a * 10 + b;
}

noinline long probed_caller(long n)
{
	return probed_leaf(n, 1) + 1;
}

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
		{ "kprobe_int3_handler", 0, -EINVAL }, { "arch_rethook_trampoline", 0, -EINVAL },
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

/* Of a list either each probe is registered, or none. */
KTAP_SUITE(kprobes_all_or_none)
{
	struct kprobe a = { .symbol_name = "probed_leaf" }, b = { .symbol_name = "probed_caller" };
	struct kprobe bad = { .symbol_name = "no_such_function" };
	struct kprobe *list[] = { &a, &b, &bad };
	u64 before = text_sum();

	KTAP_EXPECT_EQ(register_kprobes(list, 3), -ENOENT);
	KTAP_EXPECT_EQ(text_sum(), before);
	KTAP_EXPECT_EQ(register_kprobes(list, 0), -EINVAL);
	a.addr = b.addr = NULL; /* as on Linux, else they have a name and an address */
	KTAP_EXPECT_EQ(register_kprobes(list, 2), 0);
	KTAP_EXPECT(text_sum() != before);
	unregister_kprobes(list, 2);
	KTAP_EXPECT_EQ(text_sum(), before);
}
