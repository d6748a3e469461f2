/*
 * What only the kernel sees of the calls about memory: pages move and are not copied, page tables move,
 * counts are exact, and one page of zeros is enough for what was only read.
 */
#include <uapi/madvise.h>
#include <uapi/mman.h>
#include <uapi/sched.h>

#include "kernel/mm/paging.h"
#include "kernel/mman/mman.h"
#include "kernel/process/process.h"
#include "kernel/sched/sched.h"
#include "tests/kernel/ktap.h"

#define RW (VM_READ | VM_WRITE | VM_MAYWRITE)

long __x64_sys_mremap(const struct pt_regs *regs);
long __x64_sys_madvise(const struct pt_regs *regs);
long __x64_sys_wait4(const struct pt_regs *regs);

static const unsigned long base = 0x40000000, elsewhere = 0x80000000;

static u64 *pte_of(struct mm_struct *mm, unsigned long addr)
{
	return walk_page_table(mm->pgd, addr, LEVEL_PT, NULL, 0);
}

static void map(struct mm_struct *mm, unsigned long addr, unsigned long len)
{
	KTAP_EXPECT_EQ(mmap_region(mm, addr, len, RW, NULL, 0), addr);
}

static long mremap_to(unsigned long from, unsigned long len, unsigned long to, unsigned long flags)
{
	struct pt_regs args = { .di = from, .si = len, .dx = len,
				.r10 = flags | MREMAP_MAYMOVE | MREMAP_FIXED, .r8 = to };

	return __x64_sys_mremap(&args);
}

/* A new address space for current; drop_mm() ends it. */
static struct mm_struct *use_mm(void)
{
	current->mm = mm_alloc();
	switch_mm(current->mm);
	return current->mm;
}

static void drop_mm(void)
{
	struct mm_struct *mm = current->mm;

	current->mm = NULL;
	switch_mm(NULL);
	mmput(mm);
}

KTAP_SUITE(mremap_moves_pages_and_tables)
{
	unsigned long free, n, len = 2 * PMD_SIZE;
	struct mm_struct *mm = use_mm();
	struct page *first;
	u64 *table;

	map(mm, base, len);
	for (n = 0; n < len; n += 64 * PAGE_SIZE)
		*(u64 *)mm_writable_page(mm, base + n) = n;
	first = phys_to_page(*pte_of(mm, base) & PTE_ADDR_MASK);
	table = pte_of(mm, base);
	free = nr_free_pages();
	KTAP_EXPECT_EQ(mremap_to(base, len, elsewhere, 0), elsewhere);
	KTAP_EXPECT_EQ(pte_of(mm, elsewhere), table); /* the table itself */
	KTAP_EXPECT_EQ(phys_to_page(*pte_of(mm, elsewhere) & PTE_ADDR_MASK), first);
	KTAP_EXPECT_EQ(page_count(first), 1);
	KTAP_EXPECT(free - nr_free_pages() <= 2); /* a page directory more, and the area */
	drop_mm();
}

/* Where a table is already, what it maps stays: entries move one by one. */
KTAP_SUITE(mremap_moves_into_a_table_that_is_there)
{
	struct mm_struct *mm = use_mm();
	unsigned long n;

	map(mm, base, PMD_SIZE);
	for (n = 0; n < PMD_SIZE; n += 64 * PAGE_SIZE)
		*(u64 *)mm_writable_page(mm, base + n) = n;
	map(mm, elsewhere, PMD_SIZE);
	*(u64 *)mm_writable_page(mm, elsewhere) = 1;
	KTAP_EXPECT_EQ(do_munmap(mm, elsewhere + PAGE_SIZE, PMD_SIZE - PAGE_SIZE), 0);
	KTAP_EXPECT_EQ(mremap_to(base, PMD_SIZE / 2, elsewhere + PMD_SIZE / 2, 0), elsewhere + PMD_SIZE / 2);
	KTAP_EXPECT_EQ(*(u64 *)mm_writable_page(mm, elsewhere), 1);
	for (n = 0; n < PMD_SIZE / 2; n += 64 * PAGE_SIZE)
		KTAP_EXPECT_EQ(*(u64 *)mm_writable_page(mm, elsewhere + PMD_SIZE / 2 + n), n);
	drop_mm();
}

KTAP_SUITE(zero_page_is_shared_until_it_is_written)
{
	struct mm_struct *mm = use_mm(), *child;
	unsigned long free, n;
	u64 zero;

	map(mm, base, 64 * PAGE_SIZE);
	KTAP_EXPECT_EQ(handle_mm_fault(find_vma(mm, base), base, 0), 0);
	zero = *pte_of(mm, base) & PTE_ADDR_MASK;
	free = nr_free_pages();
	for (n = 1; n < 64; n++)
		KTAP_EXPECT_EQ(handle_mm_fault(find_vma(mm, base), base + n * PAGE_SIZE, 0), 0);
	KTAP_EXPECT_EQ(nr_free_pages(), free); /* no memory */
	KTAP_EXPECT_EQ(mm->rss, 0);
	KTAP_EXPECT_EQ(*pte_of(mm, base + 5 * PAGE_SIZE) & PTE_ADDR_MASK, zero);
	KTAP_EXPECT(!(*pte_of(mm, base) & PTE_WRITE));
	*(u64 *)mm_writable_page(mm, base) = 5;
	KTAP_EXPECT_EQ(mm->rss, 1);
	KTAP_EXPECT(!memchr_inv(__va(zero), 0, PAGE_SIZE));
	child = dup_mm(mm);
	KTAP_EXPECT_EQ(child->rss, 1);
	*(u64 *)mm_writable_page(child, base + PAGE_SIZE) = 6;
	KTAP_EXPECT(!memchr_inv(__va(zero), 0, PAGE_SIZE));
	mmput(child);
	drop_mm();
}

/* What is counted for the limits and for whoever is to be killed is exact after each kind of change. */
KTAP_SUITE(pages_of_areas_are_counted)
{
	struct mm_struct *mm = use_mm(), *child;
	struct pt_regs dontneed = { .di = base, .si = 2 * PAGE_SIZE, .dx = MADV_DONTNEED };
	unsigned long n;

	map(mm, base, 8 * PAGE_SIZE);
	mmap_region(mm, elsewhere, 4 * PAGE_SIZE, VM_READ, NULL, 0);
	KTAP_EXPECT(mm->total_vm == 12 && mm->data_vm == 8 && mm->rss == 0);
	for (n = 0; n < 6; n++)
		mm_writable_page(mm, base + n * PAGE_SIZE);
	KTAP_EXPECT_EQ(mm->rss, 6);
	do_mprotect(mm, base, PAGE_SIZE, VM_READ);
	KTAP_EXPECT(mm->total_vm == 12 && mm->data_vm == 7);
	do_mprotect(mm, base, PAGE_SIZE, VM_READ | VM_WRITE);
	child = dup_mm(mm);
	KTAP_EXPECT(child->total_vm == 12 && child->data_vm == 8 && child->rss == 6);
	mm_writable_page(child, base); /* a copy: as many as before */
	KTAP_EXPECT(child->rss == 6 && mm->rss == 6);
	mmput(child);
	KTAP_EXPECT_EQ(__x64_sys_madvise(&dontneed), 0);
	KTAP_EXPECT_EQ(mm->rss, 4);
	KTAP_EXPECT_EQ(mremap_to(base, 4 * PAGE_SIZE, base + PMD_SIZE, MREMAP_DONTUNMAP), base + PMD_SIZE);
	KTAP_EXPECT(mm->total_vm == 16 && mm->data_vm == 12 && mm->rss == 4);
	do_munmap(mm, base + PMD_SIZE, 3 * PAGE_SIZE);
	KTAP_EXPECT(mm->total_vm == 13 && mm->data_vm == 9 && mm->rss == 3);
	do_munmap(mm, 0, elsewhere);
	KTAP_EXPECT(mm->total_vm == 4 && mm->data_vm == 0 && mm->rss == 0);
	drop_mm();
}

static int sleep_for_ever(void *arg __maybe_unused)
{
	struct wait_queue_head never;

	init_waitqueue_head(&never);
	return wait_event_interruptible(never, false);
}

/* Who is to end for want of memory may share PID 1's: that goes on, so its pages stay. */
KTAP_SUITE(the_pages_of_pid_1_are_not_taken)
{
	struct mm_struct *mm = use_mm();
	struct pt_regs wait = { 0 };
	u64 pte;

	map(mm, base, PAGE_SIZE);
	mm_writable_page(mm, base);
	pte = *pte_of(mm, base);
	wait.di = kernel_clone(&(struct kernel_clone_args){
		.flags = CLONE_VM, .exit_signal = SIGCHLD, .fn = sleep_for_ever });
	out_of_memory();
	KTAP_EXPECT_EQ(__x64_sys_wait4(&wait), wait.di);
	KTAP_EXPECT_EQ(*pte_of(mm, base), pte);
	KTAP_EXPECT(!mm->oom_reaped);
	drop_mm();
}
