/*
 * Backtraces by frame pointers. Linux: arch/x86/kernel/unwind_frame.c, kernel/stacktrace.c
 *
 * Every C function starts with push rbp; mov rbp, rsp, so rbp heads a chain:
 *
 *      [bp]     the caller's rbp        [bp + 8]   the return address
 *
 * The entry code adds two special links. A trap puts (address of its pt_regs | 1) into rbp: an odd
 * value is such a link, and the chain continues with the interrupted code. The SYSCALL entry sets
 * rbp to 0, which ends the chain.
 */
#include "kernel/cpu/cpu.h"
#include "kernel/lib/lib.h"
#include "kernel/mm/memlayout.h"
#include "kernel/mm/uaccess.h"
#include "kernel/debug/debug.h"

extern char _stext[], _etext[], _sstacks[], _estacks[];

static bool is_stack(unsigned long addr)
{
	return (addr >= VMALLOC_START && addr < VMALLOC_END) ||
	       (addr >= (unsigned long)_sstacks && addr < (unsigned long)_estacks);
}

static bool is_text(unsigned long addr)
{
	return (addr >= (unsigned long)_stext && addr < (unsigned long)_etext) ||
	       (addr >= MODULES_VADDR && addr < MODULES_END);
}

/*
 * Was a function interrupted before it pushed rbp (at its first byte, or after the NOP there), or
 * was an address called that is no code? Then rbp is still the caller's, and the return address to
 * that caller is on top of the stack, which the chain does not reach.
 */
static bool at_entry(unsigned long ip)
{
	unsigned long size, offset = 0;
	const char *module;

	if (!kallsyms_lookup(ip, &size, &offset) &&
	    !module_address_lookup(ip, &size, &offset, &module))
		return !is_text(ip);
	return offset <= 1;
}

/*
 * Read what lies at @addr, if that is a stack. A register that was overwritten may lead anywhere, and
 * between two stacks there is no memory: a fault in here would be one more to log, and so on.
 */
static bool read_stack(void *to, unsigned long addr, size_t n)
{
	return is_stack(addr) && IS_ALIGNED(addr, 8) &&
	       !copy_from_kernel_nofault(to, (const void *)addr, n);
}

/* The return address at @addr; 0: there is none. */
static unsigned long read_ret_addr(unsigned long addr)
{
	unsigned long ret;

	if (!read_stack(&ret, addr, sizeof(ret)))
		return 0;
	return unwind_recover_ret_addr(ret, (const unsigned long *)addr);
}

/* Where a walk stores the addresses that it finds, after the first @skip. */
struct trace {
	unsigned long *entries;
	unsigned int max, n, skip;
};

static void note(struct trace *t, unsigned long addr)
{
	if (t->skip)
		t->skip--;
	else if (t->n < t->max)
		t->entries[t->n++] = addr;
}

static void walk(struct trace *t, unsigned long bp)
{
	unsigned int steps = 0;
	struct pt_regs regs;
	unsigned long addr;

	while (t->n < t->max && steps++ < 256) { /* the links may form a ring */
		if (bp & 1) {
			if (!read_stack(&regs, bp - 1, sizeof(regs)) || user_mode(&regs))
				break;
			note(t, regs.ip);
			addr = at_entry(regs.ip) ? read_ret_addr(regs.sp) : 0;
			if (addr)
				note(t, addr);
			bp = regs.bp;
			continue;
		}
		addr = read_ret_addr(bp + sizeof(bp));
		if (!is_text(addr))
			break;
		note(t, addr);
		if (!read_stack(&bp, bp, sizeof(bp)))
			break;
	}
}

unsigned int stack_trace_save_bp(unsigned long *entries, unsigned int max, unsigned long bp)
{
	struct trace t = { .entries = entries, .max = max };

	walk(&t, bp);
	return t.n;
}

unsigned int stack_trace_save(unsigned long *entries, unsigned int max, unsigned int skip)
{
	struct trace t = { .entries = entries, .max = max, .skip = skip };

	walk(&t, (unsigned long)__builtin_frame_address(0));
	return t.n;
}

static void show_trace(unsigned long bp)
{
	unsigned long entries[32];
	unsigned int n = stack_trace_save_bp(entries, ARRAY_SIZE(entries), bp), i;

	pr_emerg("Call Trace:\n");
	for (i = 0; i < n; i++)
		pr_emerg(" %pB\n", (void *)entries[i]);
}

void dump_stack(void)
{
	show_trace((unsigned long)__builtin_frame_address(0));
}

void show_regs(const struct pt_regs *regs)
{
	pr_emerg("RIP: %04lx:%pS\n", regs->cs, (void *)regs->ip);
	pr_emerg("RSP: %04lx:%016lx EFLAGS: %08lx ORIG_RAX: %016lx\n", regs->ss, regs->sp,
		 regs->flags, regs->orig_ax);
	pr_emerg("RAX: %016lx RBX: %016lx RCX: %016lx\n", regs->ax, regs->bx, regs->cx);
	pr_emerg("RDX: %016lx RSI: %016lx RDI: %016lx\n", regs->dx, regs->si, regs->di);
	pr_emerg("RBP: %016lx R08: %016lx R09: %016lx\n", regs->bp, regs->r8, regs->r9);
	pr_emerg("R10: %016lx R11: %016lx R12: %016lx\n", regs->r10, regs->r11, regs->r12);
	pr_emerg("R13: %016lx R14: %016lx R15: %016lx\n", regs->r13, regs->r14, regs->r15);
	pr_emerg("CR0: %016llx CR2: %016llx CR3: %016llx CR4: %016llx\n", read_cr0(), read_cr2(),
		 read_cr3(), read_cr4());
	if (user_mode(regs))
		return;
	show_trace((unsigned long)regs | 1);
}
