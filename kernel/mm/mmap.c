/*
 * The areas of an address space: map, unmap, split, merge, grow. What each function does and returns
 * is said in vma.h and, for those that only kernel/mm calls, in internal.h.
 * Linux: mm/mmap.c
 *
 * Areas never overlap, and neighbours are merged when they can be. vma_tree.c finds areas. The
 * system calls are in kernel/process/mmap.c, which checks their arguments.
 */
#include <uapi/mman.h>

#include "kernel/mm/internal.h"

unsigned long sysctl_max_map_count = 65530;

static struct kmem_cache *vma_cache;

void mmap_init(void)
{
	vma_cache = kmem_cache_create("vm_area_struct", sizeof(struct vm_area_struct), 0,
				      SLAB_PANIC, NULL);
}

/* --- one area --- */

/* Without kernel/mman nothing is limited, and nothing is locked. */
bool __weak noprobe may_map(struct mm_struct *mm __maybe_unused,
			    unsigned long vm_flags __maybe_unused,
			    unsigned long addr __maybe_unused, unsigned long len __maybe_unused)
{
	return true;
}

int __weak noprobe mlock_future_check(const struct mm_struct *mm __maybe_unused,
				      unsigned long vm_flags __maybe_unused,
				      unsigned long len __maybe_unused)
{
	return 0;
}

void vm_stat_account(struct mm_struct *mm, unsigned long vm_flags, long pages)
{
	if (pages < 0)
		mm->hiwater_vm = max(mm->hiwater_vm, mm->total_vm);
	mm->total_vm += pages;
	if ((vm_flags & (VM_WRITE | VM_SHARED | VM_GROWSDOWN)) == VM_WRITE)
		mm->data_vm += pages;
	if (vm_flags & VM_LOCKED)
		mm->locked_vm += pages;
}

struct vm_area_struct *vma_dup(const struct vm_area_struct *vma)
{
	struct vm_area_struct *new = kmem_cache_alloc(vma_cache, GFP_KERNEL);

	if (!new)
		return NULL;
	*new = *vma;
	if (new->vm_file)
		get_vma_file(new);
	if (new->vm_ops && new->vm_ops->open)
		new->vm_ops->open(new);
	return new;
}

/* @vma is in the tree of areas no longer, or that goes as a whole. */
static void free_vma(struct vm_area_struct *vma)
{
	vma_interval_tree_remove(vma);
	if (vma->vm_ops && vma->vm_ops->close)
		vma->vm_ops->close(vma);
	if (vma->vm_file)
		put_vma_file(vma);
	kmem_cache_free(vma_cache, vma);
}

static void remove_vma(struct vm_area_struct *vma)
{
	unlink_vma(vma);
	free_vma(vma);
}

struct vm_area_struct *split_vma(struct vm_area_struct *vma, unsigned long addr)
{
	struct vm_area_struct *upper;

	if (vma->vm_mm->map_count >= sysctl_max_map_count)
		return NULL;
	upper = vma_dup(vma);
	if (!upper)
		return NULL;
	upper->vm_start = addr;
	upper->vm_pgoff += (addr - vma->vm_start) >> PAGE_SHIFT;
	vma->vm_end = addr;
	vma_interval_tree_update(vma);
	link_vma(vma->vm_mm, upper, next_vma(vma));
	return upper;
}

/*
 * Is @high the continuation of @low? An area with ->close() is never merged: its owner counts
 * areas.
 */
static bool can_merge(const struct vm_area_struct *low, const struct vm_area_struct *high)
{
	unsigned long pages = (low->vm_end - low->vm_start) >> PAGE_SHIFT;

	if (low->vm_end != high->vm_start || low->vm_flags != high->vm_flags ||
	    low->vm_file != high->vm_file || low->vm_ops != high->vm_ops ||
	    low->vm_private_data != high->vm_private_data)
		return false;
	if (low->vm_ops && low->vm_ops->close)
		return false;
	return !low->vm_file || low->vm_pgoff + pages == high->vm_pgoff;
}

struct vm_area_struct *vma_merge(struct vm_area_struct *vma)
{
	struct vm_area_struct *prev = prev_vma(vma);

	if (!prev || !can_merge(prev, vma))
		return vma;
	prev->vm_end = vma->vm_end;
	vma_interval_tree_update(prev);
	remove_vma(vma);
	return prev;
}

/* --- unmapping --- */

/*
 * Remove the areas from @vma on that start below @end, and their pages and tables. @bottom: where
 * the area below @vma ends.
 */
static void unmap_areas(struct mm_struct *mm, struct vm_area_struct *vma, unsigned long end,
			unsigned long bottom)
{
	struct vm_area_struct *next;

	tlb_gather_mmu(mm);
	for (; vma && vma->vm_start < end; vma = next) {
		next = next_vma(vma);
		vm_stat_account(mm, vma->vm_flags, -vma_pages(vma));
		unmap_page_range(mm, vma->vm_start, vma->vm_end, bottom,
				 next ? next->vm_start : USER_TABLES_END);
		remove_vma(vma);
		cond_resched();
	}
	tlb_finish_mmu(mm);
}

/*
 * [@start, @end), the beginning or the end of @vma, which is anonymous, goes: no area is made for that,
 * and none is freed.
 */
static void trim_vma(struct vm_area_struct *vma, unsigned long start, unsigned long end)
{
	struct vm_area_struct *prev = prev_vma(vma), *next = next_vma(vma);
	struct mm_struct *mm = vma->vm_mm;

	tlb_gather_mmu(mm);
	vm_stat_account(mm, vma->vm_flags, -((end - start) >> PAGE_SHIFT));
	if (vma->vm_start == start) {
		vma->vm_start = end;
		update_gap(vma);
		unmap_page_range(mm, start, end, prev ? prev->vm_end : 0, end);
	} else {
		vma->vm_end = start;
		update_gap(next);
		unmap_page_range(mm, start, end, start, next ? next->vm_start : USER_TABLES_END);
	}
	tlb_finish_mmu(mm);
}

/* Is what [@addr, @end) covers nothing but the beginning or the end of @vma? */
static bool can_trim(const struct vm_area_struct *vma, unsigned long addr, unsigned long end)
{
	const struct vm_area_struct *next;

	if (vma->vm_ops || vma->vm_file || (addr <= vma->vm_start) == (end >= vma->vm_end))
		return false;
	next = next_vma(vma);
	return !next || next->vm_start >= end;
}

/*
 * An area that only becomes shorter stays. Otherwise the areas at both borders are split first; if a
 * split fails, nothing has been unmapped.
 */
int do_munmap(struct mm_struct *mm, unsigned long addr, unsigned long len)
{
	struct vm_area_struct *vma, *prev, *last;
	unsigned long end;

	if (addr % PAGE_SIZE || addr > TASK_SIZE_MAX || len > TASK_SIZE_MAX - addr || !len)
		return -EINVAL;
	end = addr + ALIGN(len, PAGE_SIZE);
	vma = find_vma_intersection(mm, addr, end);
	if (!vma)
		return 0;
	if (can_trim(vma, addr, end)) {
		trim_vma(vma, max(addr, vma->vm_start), min(end, vma->vm_end));
		return 0;
	}
	if (vma->vm_start < addr) {
		/* A hole inside an area leaves one area more than before. */
		if (end < vma->vm_end && mm->map_count >= sysctl_max_map_count)
			return -ENOMEM;
		vma = split_vma(vma, addr);
		if (!vma)
			return -ENOMEM;
	}
	last = end <= vma->vm_end ? vma : find_vma(mm, end - 1);
	if (last && last->vm_start < end && end < last->vm_end && !split_vma(last, end)) {
		vma_merge(vma);
		return -ENOMEM;
	}
	prev = prev_vma(vma);
	unmap_areas(mm, vma, end, prev ? prev->vm_end : 0);
	return 0;
}

/*
 * Nobody uses @mm any more: the tree of areas need not be kept in order, nor the TLB flushed. Leaf after
 * leaf goes.
 */
void exit_mmap(struct mm_struct *mm)
{
	struct vm_area_struct *vma, *above;
	struct rb_node *node, *next;

	for (vma = find_vma(mm, 0); vma; vma = above) {
		above = next_vma(vma);
		unmap_page_range(mm, vma->vm_start, vma->vm_end, 0,
				 above ? above->vm_start : USER_TABLES_END);
	}
	for (node = mm->mm_rb.rb_node; node; node = next) {
		next = node->rb_left ?: node->rb_right;
		if (next)
			continue;
		next = rb_parent(node);
		if (next && next->rb_left == node)
			next->rb_left = NULL;
		else if (next)
			next->rb_right = NULL;
		free_vma(rb_entry(node, struct vm_area_struct, vm_rb));
		cond_resched();
	}
}

int dup_mmap(struct mm_struct *mm, struct mm_struct *old)
{
	struct vm_area_struct *vma, *copy;
	int err = 0;

	tlb_gather_mmu(old);
	for (vma = find_vma(old, 0); vma && !err; vma = next_vma(vma)) {
		if (vma->vm_flags & VM_DONTCOPY)
			continue;
		copy = vma_dup(vma);
		if (!copy) {
			err = -ENOMEM;
			break;
		}
		copy->vm_mm = mm;
		copy->vm_flags &= ~VM_LOCKED_MASK;
		vm_stat_account(mm, copy->vm_flags, vma_pages(copy));
		link_vma(mm, copy, NULL);
		if (!(vma->vm_flags & VM_WIPEONFORK))
			err = copy_page_range(mm, vma);
		cond_resched();
	}
	tlb_finish_mmu(old);
	return err;
}

/* --- mapping --- */

int vm_enough_memory(unsigned long pages)
{
	return pages > totalram_pages() ? -ENOMEM : 0;
}

/* A new area, of @file unless that is NULL. It is not in the tree yet. Or ERR_PTR(). */
static struct vm_area_struct *new_vma(struct mm_struct *mm, unsigned long addr, unsigned long len,
				      unsigned long vm_flags, struct file *file,
				      unsigned long pgoff)
{
	struct vm_area_struct *vma = kmem_cache_alloc(vma_cache, GFP_KERNEL);
	int err;

	if (!vma)
		return ERR_PTR(-ENOMEM);
	*vma = (struct vm_area_struct){
		.vm_mm = mm,
		.vm_start = addr,
		.vm_end = addr + len,
		.vm_flags = vm_flags,
		.vm_pgoff = pgoff,
		.vm_file = file,
	};
	if (!file)
		return vma;
	get_vma_file(vma);
	err = call_mmap(file, vma);
	if (!err)
		return vma;
	put_vma_file(vma);
	kmem_cache_free(vma_cache, vma);
	return ERR_PTR(err);
}

/* Can a neighbour of the free range [@addr, @end) below @next just become longer? Anonymous memory only. */
static bool extend_neighbour(struct mm_struct *mm, unsigned long addr, unsigned long end,
			     unsigned long vm_flags, struct vm_area_struct *next)
{
	struct vm_area_struct area = { .vm_start = addr, .vm_end = end, .vm_flags = vm_flags };
	struct vm_area_struct *prev = next ? prev_vma(next) : last_vma(mm);

	if (prev && can_merge(prev, &area)) {
		prev->vm_end = end;
		update_gap(next);
		if (next)
			vma_merge(next);
		return true;
	}
	if (!next || !can_merge(&area, next))
		return false;
	next->vm_start = addr;
	update_gap(next);
	return true;
}

unsigned long mmap_region(struct mm_struct *mm, unsigned long addr, unsigned long len,
			  unsigned long vm_flags, struct file *file, unsigned long pgoff)
{
	struct vm_area_struct *vma, *next;
	int err;

	if (!may_map(mm, vm_flags, addr, len))
		return -ENOMEM;
	next = find_vma(mm, addr);
	if (next && next->vm_start < addr + len) {
		if (do_munmap(mm, addr, len))
			return -ENOMEM;
		next = find_vma(mm, addr);
	}
	if ((vm_flags & (VM_NORESERVE | VM_SHARED | VM_WRITE)) == VM_WRITE) {
		err = vm_enough_memory(len >> PAGE_SHIFT);
		if (err)
			return err;
		vm_flags |= VM_ACCOUNT;
	}
	if (!file && extend_neighbour(mm, addr, addr + len, vm_flags, next)) {
		vm_stat_account(mm, vm_flags, len >> PAGE_SHIFT);
		return addr;
	}
	vma = new_vma(mm, addr, len, vm_flags, file, pgoff);
	if (IS_ERR(vma))
		return PTR_ERR(vma);
	vm_stat_account(mm, vm_flags, len >> PAGE_SHIFT);
	link_vma(mm, vma, next);
	if (file && next)
		vma_merge(next);
	if (file)
		vma_merge(vma);
	return addr;
}

unsigned long mmap_fixed(struct mm_struct *mm, unsigned long addr, unsigned long len,
			 unsigned long vm_flags, struct file *file, unsigned long pgoff)
{
	len = ALIGN(len, PAGE_SIZE);
	addr = get_unmapped_area(mm, addr, len, MAP_FIXED);
	if (IS_ERR_VALUE(addr))
		return addr;
	if (find_vma_intersection(mm, addr, addr + len))
		return -EEXIST;
	return mmap_region(mm, addr, len, vm_flags, file, pgoff);
}

/* Linux: mm/mmap.c:brk() */
unsigned long do_brk(struct mm_struct *mm, unsigned long brk)
{
	unsigned long old = ALIGN(mm->brk, PAGE_SIZE), new = ALIGN(brk, PAGE_SIZE);
	struct vm_area_struct *vma;

	if (brk < mm->start_brk)
		return mm->brk;
	if (brk <= mm->brk) {
		if (new != old && (!find_vma_intersection(mm, new, old) || do_munmap(mm, new, old - new)))
			return mm->brk;
	} else if (new != old) {
		if (IS_ERR_VALUE(get_unmapped_area(mm, old, new - old, MAP_FIXED)) ||
		    mlock_future_check(mm, mm->def_flags, new - old))
			return mm->brk;
		/* A page stays free between the heap and whatever lies above it. */
		vma = find_vma(mm, old);
		if (vma && new + PAGE_SIZE > vm_start_gap(vma))
			return mm->brk;
		if (mm->map_count > sysctl_max_map_count ||
		    IS_ERR_VALUE(mmap_region(mm, old, new - old, VM_DATA_FLAGS | mm->def_flags, NULL, 0)))
			return mm->brk;
	}
	mm->brk = brk;
	return brk;
}

/* --- the stack --- */

int expand_stack(struct vm_area_struct *vma, unsigned long address)
{
	unsigned long start = ALIGN_DOWN(address, PAGE_SIZE), grow;
	const struct vm_area_struct *prev = prev_vma(vma);

	if (start < MMAP_MIN_ADDR)
		return -EPERM;
	if (prev && !(prev->vm_flags & VM_GROWSDOWN) && prev->vm_flags & VM_ACCESS &&
	    start - prev->vm_end < STACK_GUARD_GAP)
		return -ENOMEM;
	grow = vma->vm_start - start;
	if (!may_map(vma->vm_mm, vma->vm_flags, start, grow) ||
	    vma->vm_end - start > rlimit_stack() ||
	    mlock_future_check(vma->vm_mm, vma->vm_flags, grow) ||
	    (vma->vm_flags & VM_ACCOUNT && vm_enough_memory(grow >> PAGE_SHIFT)))
		return -ENOMEM;
	vm_stat_account(vma->vm_mm, vma->vm_flags, grow >> PAGE_SHIFT);
	vma->vm_start = start;
	update_gap(vma);
	return 0;
}

struct vm_area_struct *find_extend_vma(struct mm_struct *mm, unsigned long addr)
{
	struct vm_area_struct *vma = find_vma(mm, addr);

	if (!vma || vma->vm_start <= addr)
		return vma;
	if (!(vma->vm_flags & VM_GROWSDOWN) || expand_stack(vma, addr))
		return NULL;
	return vma;
}
