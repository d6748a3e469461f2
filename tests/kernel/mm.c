/*
 * Page frames and areas: the allocators' promises.
 */
#include <uapi/mman.h>

#include "kernel/fs/fs.h"
#include "kernel/mm/paging.h"
#include "kernel/mman/mman.h"
#include "kernel/process/process.h"
#include "kernel/sched/sched.h"
#include "tests/kernel/ktap.h"
#include "tests/kernel/leaks.h"

KTAP_SUITE(buddies_split_and_merge)
{
	unsigned long before = nr_free_pages();
	struct page *pages[MAX_ORDER + 1], *big;
	unsigned int order;

	for (order = 0; order <= MAX_ORDER; order++) {
		pages[order] = alloc_pages(GFP_KERNEL, order);
		KTAP_EXPECT(pages[order]);
		KTAP_EXPECT_EQ(page_to_pfn(pages[order]) & (BIT(order) - 1), 0);
		KTAP_EXPECT_EQ(page_count(pages[order]), 1);
	}
	KTAP_EXPECT_EQ(before - nr_free_pages(), BIT(MAX_ORDER + 1) - 1);
	for (order = 0; order <= MAX_ORDER; order++)
		__free_pages(pages[order], order);
	KTAP_EXPECT_EQ(nr_free_pages(), before);
	big = alloc_pages(GFP_KERNEL, MAX_ORDER); /* all of it came together again */
	KTAP_EXPECT(big);
	__free_pages(big, MAX_ORDER);
	KTAP_EXPECT(!alloc_pages(GFP_KERNEL, MAX_ORDER + 1));
}

/* Two halves become one block only when each is free as a whole. */
KTAP_SUITE(buddies_of_one_size_merge)
{
	struct page *four = alloc_pages(GFP_KERNEL, 2);
	unsigned int i;

	for (i = 0; i < 4; i++) { /* each page by itself from now on */
		four[i].order = 0;
		atomic_set(&four[i]._refcount, 1);
	}
	put_page(&four[0]); /* the lower half: its other page stays in use */
	put_page(&four[2]);
	put_page(&four[3]);
	KTAP_EXPECT_EQ(four[0].order, 0);
	KTAP_EXPECT(four[2].flags == PG_buddy && four[2].order == 1);
	put_page(&four[1]);
	KTAP_EXPECT(four[2].flags != PG_buddy); /* now it is a part of a larger one */
}

KTAP_SUITE(pages_are_distinct_and_zeroed)
{
	static struct page *pages[256];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(pages); i++) {
		pages[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		KTAP_EXPECT(!memchr_inv(page_address(pages[i]), 0, PAGE_SIZE));
		memset(page_address(pages[i]), i, PAGE_SIZE);
	}
	for (i = 0; i < ARRAY_SIZE(pages); i++) {
		KTAP_EXPECT(!memchr_inv(page_address(pages[i]), i, PAGE_SIZE));
		put_page(pages[i]);
	}
}

KTAP_SUITE(kernel_stacks_are_clean)
{
	void *stack = alloc_thread_stack();

	memset(stack, 0xaa, THREAD_SIZE);
	free_thread_stack(stack);
	KTAP_EXPECT_EQ(alloc_thread_stack(), stack); /* it has stayed mapped */
	KTAP_EXPECT(!memchr_inv(stack, 0, THREAD_SIZE));
	free_thread_stack(stack);
}

KTAP_SUITE(memory_runs_out_and_comes_back)
{
	struct page *page, *chain = NULL;
	unsigned long before, n = 0, kept = 0;
	void *stacks[3]; /* two may be left that are mapped already */

	reclaim_empty_slabs();
	before = nr_free_pages();

	while ((page = alloc_page(GFP_KERNEL))) { /* the first word of each links to the next */
		*(struct page **)page_address(page) = chain;
		chain = page;
		n++;
	}
	KTAP_EXPECT_EQ(n, before);
	KTAP_EXPECT_EQ(nr_free_pages(), 0);
	KTAP_EXPECT(!mm_alloc());
	while (kept < ARRAY_SIZE(stacks) && (stacks[kept] = alloc_thread_stack()))
		kept++;
	KTAP_EXPECT(kept < ARRAY_SIZE(stacks));
	while (kept)
		free_thread_stack(stacks[--kept]);
	while (chain) {
		page = chain;
		chain = *(struct page **)page_address(page);
		put_page(page);
	}
	KTAP_EXPECT_EQ(nr_free_pages(), before);
}

KTAP_SUITE(areas_merge_split_and_go)
{
	unsigned long pages, base = 0x20000000, data = VM_READ | VM_WRITE | VM_MAYWRITE;
	struct mm_struct *mm = mm_alloc();
	unsigned int n;

	/* After this the slabs have room for three areas, and pages can be counted. */
	mmap_region(mm, base, 3 * PAGE_SIZE, VM_READ, NULL, 0);
	KTAP_EXPECT_EQ(do_mprotect(mm, base, PAGE_SIZE, VM_READ | VM_WRITE), -EACCES);
	do_mprotect(mm, base + PAGE_SIZE, PAGE_SIZE, VM_EXEC);
	mmput(mm);
	pages = nr_free_pages();
	mm = mm_alloc();

	KTAP_EXPECT_EQ(mmap_region(mm, base, 8 * PAGE_SIZE, data, NULL, 0), base);
	KTAP_EXPECT_EQ(mmap_region(mm, base + 8 * PAGE_SIZE, PAGE_SIZE, data, NULL, 0),
		       base + 8 * PAGE_SIZE);
	KTAP_EXPECT_EQ(find_vma(mm, base)->vm_end, base + 9 * PAGE_SIZE); /* one area */
	KTAP_EXPECT_EQ(do_mprotect(mm, base + 2 * PAGE_SIZE, PAGE_SIZE, VM_READ), 0);
	KTAP_EXPECT_EQ(mm->map_count, 3);
	KTAP_EXPECT_EQ(do_mprotect(mm, base + 2 * PAGE_SIZE, PAGE_SIZE, VM_READ | VM_WRITE), 0);
	KTAP_EXPECT_EQ(find_vma(mm, base)->vm_end, base + 9 * PAGE_SIZE);
	for (n = 0; n < 9; n++)
		KTAP_EXPECT(mm_writable_page(mm, base + n * PAGE_SIZE));
	KTAP_EXPECT_EQ(do_munmap(mm, base + PAGE_SIZE, 7 * PAGE_SIZE), 0);
	KTAP_EXPECT_EQ(mm->map_count, 2);
	KTAP_EXPECT(!mm_writable_page(mm, base + PAGE_SIZE));
	KTAP_EXPECT(mm_writable_page(mm, base));
	mmput(mm);
	KTAP_EXPECT_EQ(nr_free_pages(), pages);
}

KTAP_SUITE(copy_on_write)
{
	struct mm_struct *parent = mm_alloc(), *child = mm_alloc();
	unsigned long pages, addr = 0x20000000;
	u64 *p, *c;

	/* After this the slabs have room, and pages can be counted. */
	mmap_region(parent, addr, PAGE_SIZE, VM_READ, NULL, 0);
	mmput(parent);
	mmput(child);
	pages = nr_free_pages();
	parent = mm_alloc();

	mmap_region(parent, addr, PAGE_SIZE, VM_READ | VM_WRITE, NULL, 0);
	p = mm_writable_page(parent, addr);
	*p = 1;
	child = dup_mm(parent);
	KTAP_EXPECT_EQ(page_count(virt_to_page(p)), 2);
	c = mm_writable_page(child, addr);
	KTAP_EXPECT(c != p);
	KTAP_EXPECT_EQ(*c, 1);
	*c = 2;
	KTAP_EXPECT_EQ(*p, 1);
	KTAP_EXPECT_EQ(page_count(virt_to_page(p)), 1);
	KTAP_EXPECT_EQ(mm_writable_page(parent, addr), p); /* alone again: no copy */
	mmput(parent);
	mmput(child);
	KTAP_EXPECT_EQ(nr_free_pages(), pages);
}

/* Does each area of @mm know the hole below it, and a bound on those in its subtree? List and tree agree? */
static bool gaps_are_right(struct mm_struct *mm)
{
	unsigned long end = 0;
	struct rb_node *node;
	struct vm_area_struct *listed = list_first_entry(&mm->mmap, struct vm_area_struct, vm_list);

	for (node = rb_first(&mm->mm_rb); node; node = rb_next(node)) {
		struct vm_area_struct *vma = rb_entry(node, struct vm_area_struct, vm_rb), *child;
		unsigned long most = vma->gap;

		if (vma != listed || vma->gap != vma->vm_start - end)
			return false;
		listed = list_next_entry(listed, vm_list);
		end = vma->vm_end;
		child = rb_entry_safe(node->rb_left, struct vm_area_struct, vm_rb);
		most = max(most, child ? child->subtree_gap : 0);
		child = rb_entry_safe(node->rb_right, struct vm_area_struct, vm_rb);
		most = max(most, child ? child->subtree_gap : 0);
		if (vma->subtree_gap < most)
			return false;
	}
	return true;
}

/* The highest hole of @len bytes below @high, found by looking at each page. */
static unsigned long highest_hole(struct mm_struct *mm, unsigned long low, unsigned long high,
				  unsigned long len)
{
	unsigned long addr;

	for (addr = high - len; addr >= low; addr -= PAGE_SIZE) {
		if (!find_vma_intersection(mm, addr, addr + len))
			return addr;
	}
	return -ENOMEM;
}

KTAP_SUITE(holes_between_areas_are_found)
{
	unsigned long base = 0x20000000, pages = 200, high = base + pages * PAGE_SIZE, found;
	unsigned int i, seed = 1, wrong = 0;
	struct mm_struct *mm = mm_alloc();

	mm->mmap_base = high;
	mmap_region(mm, 0x10000, base - 0x10000, VM_READ, NULL, 0); /* nothing is free below */
	mmap_region(mm, high + PAGE_SIZE, PAGE_SIZE, VM_READ, NULL, 0);
	for (i = 0; i < 2000; i++) {
		unsigned long len, addr;

		seed = seed * 1103515245 + 12345;
		addr = base + (seed >> 8) % pages * PAGE_SIZE;
		len = min((1 + (seed >> 16) % 7) * PAGE_SIZE, high - addr);
		if (seed >> 30)
			do_munmap(mm, addr, len);
		else /* two kinds, which do not merge */
			mmap_region(mm, addr, len, seed >> 29 & 1 ? VM_READ : VM_EXEC, NULL, 0);
		found = highest_hole(mm, base, high, len);
		if (!IS_ERR_VALUE(found))
			wrong += get_unmapped_area(mm, 0, len, 0) != found;
		wrong += !gaps_are_right(mm);
	}
	KTAP_EXPECT_EQ(wrong, 0);
	mmput(mm);
}

/*
 * Pages on both sides of where one table of each level ends and the next begins: in a page table, a
 * page directory, a page directory pointer table.
 */
static const unsigned long seams[] = { 1ul << 21, 1ul << 30, 1ul << 39 };

static void map_seams(struct mm_struct *mm)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(seams); i++) {
		unsigned long addr = seams[i] - PAGE_SIZE;

		KTAP_EXPECT_EQ(mmap_region(mm, addr, 2 * PAGE_SIZE, VM_READ | VM_WRITE,
					   NULL, 0), addr);
		*(u64 *)mm_writable_page(mm, addr) = i;
		*(u64 *)mm_writable_page(mm, addr + PAGE_SIZE) = i + 100;
	}
}

KTAP_SUITE(page_tables_go_with_their_areas)
{
	struct mm_struct *mm = mm_alloc();
	unsigned long empty;
	unsigned int i;

	map_seams(mm); /* after this the slab has room, and pages can be counted */
	for (i = 0; i < ARRAY_SIZE(seams); i++)
		KTAP_EXPECT_EQ(do_munmap(mm, seams[i] - PAGE_SIZE, 2 * PAGE_SIZE), 0);
	empty = nr_free_pages();
	map_seams(mm);
	/* 6 pages, and at least a page table for each */
	KTAP_EXPECT(empty - nr_free_pages() >= 6 + 6);
	KTAP_EXPECT_EQ(do_munmap(mm, seams[0], PAGE_SIZE), 0); /* the lower half keeps its tables */
	KTAP_EXPECT_EQ(*(u64 *)mm_writable_page(mm, seams[0] - PAGE_SIZE), 0);
	KTAP_EXPECT_EQ(do_munmap(mm, 0, seams[2]), 0);
	KTAP_EXPECT_EQ(*(u64 *)mm_writable_page(mm, seams[2]), 102);
	KTAP_EXPECT_EQ(do_munmap(mm, seams[2], PAGE_SIZE), 0);
	KTAP_EXPECT_EQ(nr_free_pages(), empty);

	/* Two areas in one page table: it stays for the lower one. */
	mmap_region(mm, seams[2], 3 * PAGE_SIZE, VM_READ | VM_WRITE, NULL, 0);
	*(u64 *)mm_writable_page(mm, seams[2]) = 5;
	*(u64 *)mm_writable_page(mm, seams[2] + 2 * PAGE_SIZE) = 6;
	KTAP_EXPECT_EQ(do_munmap(mm, seams[2] + PAGE_SIZE, 2 * PAGE_SIZE), 0);
	KTAP_EXPECT_EQ(*(u64 *)mm_writable_page(mm, seams[2]), 5);
	mmput(mm);
}

KTAP_SUITE(fork_copies_across_tables)
{
	struct mm_struct *parent = mm_alloc(), *child;
	unsigned int i;

	map_seams(parent);
	child = dup_mm(parent);
	for (i = 0; i < ARRAY_SIZE(seams); i++) {
		*(u64 *)mm_writable_page(parent, seams[i] - PAGE_SIZE) = 7;
		KTAP_EXPECT_EQ(*(u64 *)mm_writable_page(child, seams[i] - PAGE_SIZE), i);
		KTAP_EXPECT_EQ(*(u64 *)mm_writable_page(child, seams[i]), i + 100);
	}
	mmput(parent);
	KTAP_EXPECT_EQ(*(u64 *)mm_writable_page(child, seams[2]), 102);
	mmput(child);
}

/* Take every page there is. Returns them as a chain: the first word of each links to the next. */
static struct page *take_all_pages(void)
{
	struct page *page, *chain = NULL;

	while ((page = alloc_page(GFP_KERNEL))) {
		*(struct page **)page_address(page) = chain;
		chain = page;
	}
	return chain;
}

static struct page *give_one_back(struct page *chain)
{
	struct page *next = *(struct page **)page_address(chain);

	put_page(chain);
	return next;
}

/* With one page more at each try, until there are enough: what fails leaves nothing behind. */
KTAP_SUITE(fork_runs_out_of_memory_at_each_page)
{
	struct mm_struct *parent = mm_alloc(), *child = NULL;
	unsigned long areas, mms, tries;
	struct page *chain, *spare;
	unsigned int n;

	map_seams(parent);
	areas = kmem_cache_active(find_cache("vm_area_struct"));
	mms = kmem_cache_active(find_cache("mm_struct"));
	chain = take_all_pages();
	for (tries = 0; chain && !child; tries++) {
		child = dup_mm(parent);
		if (child)
			break;
		KTAP_EXPECT_EQ(kmem_cache_active(find_cache("vm_area_struct")), areas);
		KTAP_EXPECT_EQ(kmem_cache_active(find_cache("mm_struct")), mms);
		KTAP_EXPECT_EQ(page_count(virt_to_page(mm_writable_page(parent, seams[0]))), 1);
		spare = take_all_pages(); /* what this try got and gave back */
		while (spare) {
			struct page *next = *(struct page **)page_address(spare);

			*(struct page **)page_address(spare) = chain;
			chain = spare;
			spare = next;
		}
		for (n = 0; chain && n <= tries; n++)
			chain = give_one_back(chain);
	}
	KTAP_EXPECT(child && tries >= 8); /* the top table and those of each level, at least */
	while (chain)
		chain = give_one_back(chain);
	if (child)
		mmput(child);
	mmput(parent);
}

long __x64_sys_wait4(const struct pt_regs *regs);

#define LONG_READ (3 * PAGE_SIZE)

/* What long calls answer to a task that is to die: how far they have come, or that they stopped. */
static struct {
	ssize_t zero, file;
	int exec;
} answers;

static int go_on_when_killed(void *buf)
{
	static const char *const argv[] = { "init", "a", "b", NULL }, *const envp[] = { NULL };
	struct file *zero = filp_open("/dev/zero", O_RDONLY, 0);
	struct file *file = shmem_file_setup("long", LONG_READ);
	loff_t pos = 0;

	force_sig(SIGKILL);
	answers.zero = kernel_read(zero, buf, LONG_READ, &pos);
	pos = 0;
	answers.file = kernel_read(file, buf, LONG_READ, &pos);
	answers.exec = kernel_execve("/init", argv, envp);
	fput(zero);
	fput(file);
	do_exit(0);
}

KTAP_SUITE(long_calls_notice_a_fatal_signal)
{
	void *buf = kmalloc(LONG_READ, GFP_KERNEL);
	struct pt_regs wait = { .di = user_mode_thread(go_on_when_killed, buf) };

	schedule();
	KTAP_EXPECT_EQ(__x64_sys_wait4(&wait), wait.di);
	KTAP_EXPECT_EQ(answers.zero, PAGE_SIZE);
	KTAP_EXPECT_EQ(answers.file, PAGE_SIZE);
	KTAP_EXPECT_EQ(answers.exec, -EINTR);
	kfree(buf);
}
