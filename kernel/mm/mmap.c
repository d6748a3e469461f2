/*
 * The areas of an address space: find, map, unmap, split, protect, grow. Contracts in vma.h.
 * Linux: mm/mmap.c, mm/mprotect.c
 *
 * Areas lie in a list, by address, and never overlap. Neighbours that could be one are made one.
 */
#include <uapi/mman.h>

#include "kernel/mm/internal.h"

#define MMAP_BASE 0x7ffff7fff000     /* mappings are laid out downwards from here */
#define MMAP_MIN_ADDR 0x10000        /* vm.mmap_min_addr: a NULL pointer plus an offset faults */
#define STACK_GUARD_GAP (256 * PAGE_SIZE)

static struct kmem_cache *vma_cache;

void mmap_init(void)
{
	vma_cache = kmem_cache_create("vm_area_struct", sizeof(struct vm_area_struct), 0, NULL);
}

/* A copy of @vma for @mm, with a reference of its own on the file; in no list yet. Or NULL. */
struct vm_area_struct *vma_dup(struct mm_struct *mm, const struct vm_area_struct *vma)
{
	struct vm_area_struct *new = kmem_cache_alloc(vma_cache, GFP_KERNEL);

	if (!new)
		return NULL;
	*new = *vma;
	new->vm_mm = mm;
	if (new->vm_file)
		get_vma_file(new);
	if (new->vm_ops && new->vm_ops->open)
		new->vm_ops->open(new);
	return new;
}

static void remove_vma(struct vm_area_struct *vma)
{
	list_del(&vma->list);
	if (vma->vm_ops && vma->vm_ops->close)
		vma->vm_ops->close(vma);
	if (vma->vm_file)
		put_vma_file(vma);
	kmem_cache_free(vma_cache, vma);
}

/* The neighbours of @vma, by address; NULL where there is none. */
static struct vm_area_struct *next_vma(const struct vm_area_struct *vma)
{
	struct list_head *next = vma->list.next;

	return next == &vma->vm_mm->mmap ? NULL : list_entry(next, struct vm_area_struct, list);
}

static struct vm_area_struct *prev_vma(const struct vm_area_struct *vma)
{
	struct list_head *prev = vma->list.prev;

	return prev == &vma->vm_mm->mmap ? NULL : list_entry(prev, struct vm_area_struct, list);
}

struct vm_area_struct *find_vma(struct mm_struct *mm, unsigned long addr)
{
	struct vm_area_struct *vma;

	list_for_each_entry(vma, &mm->mmap, list) {
		if (addr < vma->vm_end)
			return vma;
	}
	return NULL;
}

/* Cut @vma in two at @addr, inside it. Returns the upper part, or NULL: no memory. */
static struct vm_area_struct *vma_split(struct vm_area_struct *vma, unsigned long addr)
{
	struct vm_area_struct *upper = vma_dup(vma->vm_mm, vma);

	if (!upper)
		return NULL;
	upper->vm_start = addr;
	upper->vm_pgoff += (addr - vma->vm_start) >> PAGE_SHIFT;
	vma->vm_end = addr;
	list_add(&upper->list, &vma->list);
	return upper;
}

static bool can_merge(const struct vm_area_struct *low, const struct vm_area_struct *high)
{
	return low->vm_end == high->vm_start && low->vm_flags == high->vm_flags &&
	       !low->vm_file && !high->vm_file;
}

/* Make @vma one with the area below it, if they touch and are alike. Then @vma is gone. */
static void vma_merge(struct vm_area_struct *vma)
{
	struct vm_area_struct *prev = prev_vma(vma);

	if (prev && can_merge(prev, vma)) {
		prev->vm_end = vma->vm_end;
		remove_vma(vma);
	}
}

/* Make [start, end) begin and end at borders of areas. */
static int split_at_borders(struct mm_struct *mm, unsigned long start, unsigned long end)
{
	struct vm_area_struct *vma = find_vma(mm, start);

	if (vma && vma->vm_start < start && !vma_split(vma, start))
		return -ENOMEM;
	vma = find_vma(mm, end);
	if (vma && vma->vm_start < end && !vma_split(vma, end))
		return -ENOMEM;
	return 0;
}

/*
 * Remove the areas from @vma on that start below @end, and their pages and tables. @bottom: where
 * the area below @vma ends.
 */
static void unmap_areas(struct mm_struct *mm, struct vm_area_struct *vma, unsigned long end,
			unsigned long bottom)
{
	struct vm_area_struct *next;

	for (; vma && vma->vm_start < end; vma = next) {
		next = next_vma(vma);
		zap_page_range(mm, vma->vm_start, vma->vm_end);
		free_pgtables(mm, vma->vm_start, vma->vm_end, bottom,
			      next ? next->vm_start : USER_TABLES_END);
		remove_vma(vma);
	}
	flush_tlb_mm(mm);
}

int do_munmap(struct mm_struct *mm, unsigned long addr, unsigned long len)
{
	struct vm_area_struct *vma, *prev;
	unsigned long end;
	int err;

	if (addr % PAGE_SIZE || !len || addr > TASK_SIZE_MAX || len > TASK_SIZE_MAX - addr)
		return -EINVAL;
	end = addr + ALIGN(len, PAGE_SIZE);
	err = split_at_borders(mm, addr, end);
	if (err)
		return err;
	vma = find_vma(mm, addr);
	if (!vma)
		return 0;
	prev = prev_vma(vma);
	unmap_areas(mm, vma, end, prev ? prev->vm_end : 0);
	return 0;
}

void exit_mmap(struct mm_struct *mm)
{
	struct vm_area_struct *vma = find_vma(mm, 0);

	if (vma)
		unmap_areas(mm, vma, TASK_SIZE_MAX, 0);
}

/* The highest hole of @len bytes below MMAP_BASE, or 0. */
static unsigned long highest_hole(struct mm_struct *mm, unsigned long len)
{
	unsigned long top = MMAP_BASE;
	struct vm_area_struct *vma;

	vma = list_empty(&mm->mmap) ? NULL : list_entry(mm->mmap.prev, struct vm_area_struct, list);
	for (; vma; vma = prev_vma(vma)) {
		if (vma->vm_end <= top && top - vma->vm_end >= len)
			return top - len;
		top = min(top, vma->vm_start);
	}
	return top >= MMAP_MIN_ADDR + len ? top - len : 0;
}

static bool range_is_free(struct mm_struct *mm, unsigned long addr, unsigned long len)
{
	struct vm_area_struct *vma = find_vma(mm, addr);

	return !vma || vma->vm_start >= addr + len;
}

unsigned long get_unmapped_area(struct mm_struct *mm, unsigned long addr, unsigned long len,
				unsigned long map_flags)
{
	if (!len)
		return -EINVAL;
	if (len > TASK_SIZE_MAX)
		return -ENOMEM;
	len = ALIGN(len, PAGE_SIZE);
	if (map_flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) {
		if (addr > TASK_SIZE_MAX - len)
			return -ENOMEM;
		if (addr % PAGE_SIZE)
			return -EINVAL;
		if (addr < MMAP_MIN_ADDR)
			return -EPERM;
		if (map_flags & MAP_FIXED_NOREPLACE && !range_is_free(mm, addr, len))
			return -EEXIST;
		return addr;
	}
	addr = ALIGN(addr, PAGE_SIZE);
	if (addr >= MMAP_MIN_ADDR && addr <= TASK_SIZE_MAX - len && range_is_free(mm, addr, len))
		return addr;
	return highest_hole(mm, len) ?: (unsigned long)-ENOMEM;
}

static void insert_vma(struct mm_struct *mm, struct vm_area_struct *vma)
{
	struct vm_area_struct *next = find_vma(mm, vma->vm_end);

	list_add_tail(&vma->list, next ? &next->list : &mm->mmap);
	if (next)
		vma_merge(next);
	vma_merge(vma);
}

/* A new area, of @file if there is one, in no list yet; or ERR_PTR. */
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

unsigned long mmap_region(struct mm_struct *mm, unsigned long addr, unsigned long len,
			  unsigned long vm_flags, unsigned long map_flags, struct file *file,
			  unsigned long pgoff)
{
	struct vm_area_struct *vma;
	int err;

	len = ALIGN(len, PAGE_SIZE);
	/* Overcommit heuristic: private writable memory beyond all of RAM can never be had. */
	if ((vm_flags & (VM_WRITE | VM_SHARED)) == VM_WRITE && !(map_flags & MAP_NORESERVE) &&
	    len >> PAGE_SHIFT > totalram_pages())
		return -ENOMEM;
	if (map_flags & MAP_FIXED) {
		err = do_munmap(mm, addr, len);
		if (err)
			return err;
	}
	vma = new_vma(mm, addr, len, vm_flags, file, pgoff);
	if (IS_ERR(vma))
		return PTR_ERR(vma);
	insert_vma(mm, vma);
	return addr;
}

unsigned long do_mmap(struct mm_struct *mm, unsigned long addr, unsigned long len,
		      unsigned long vm_flags, unsigned long map_flags, struct file *file,
		      unsigned long pgoff)
{
	addr = get_unmapped_area(mm, addr, len, map_flags);
	if (IS_ERR_VALUE(addr))
		return addr;
	return mmap_region(mm, addr, len, vm_flags, map_flags, file, pgoff);
}

/*
 * How far from @start on, at most to @end, the areas may be given @vm_flags. *@err: what is there
 * then: -ENOMEM, a hole; -EACCES, an area that must not become writable; 0, @end.
 */
static unsigned long may_protect(struct mm_struct *mm, unsigned long start, unsigned long end,
				 unsigned long vm_flags, int *err)
{
	struct vm_area_struct *vma;

	*err = 0;
	while (start < end) {
		vma = find_vma(mm, start);
		if (!vma || vma->vm_start > start)
			*err = -ENOMEM;
		else if (vm_flags & VM_WRITE && !(vma->vm_flags & VM_MAYWRITE))
			*err = -EACCES;
		if (*err)
			return start;
		start = vma->vm_end;
	}
	return end;
}

int do_mprotect(struct mm_struct *mm, unsigned long addr, unsigned long len,
		unsigned long vm_flags)
{
	struct vm_area_struct *vma, *next;
	int refused, err;
	unsigned long end = may_protect(mm, addr, addr + len, vm_flags, &refused);

	err = split_at_borders(mm, addr, end);
	if (err)
		return err;
	list_for_each_entry(vma, &mm->mmap, list) {
		if (vma->vm_start < addr || vma->vm_end > end)
			continue;
		vma->vm_flags = (vma->vm_flags & ~VM_ACCESS) | vm_flags;
		change_protection(vma);
	}
	list_for_each_entry_safe(vma, next, &mm->mmap, list) {
		if (vma->vm_start >= addr && vma->vm_start <= end)
			vma_merge(vma);
	}
	flush_tlb_mm(mm);
	return refused;
}

unsigned long do_brk(struct mm_struct *mm, unsigned long brk)
{
	unsigned long old = ALIGN(mm->brk, PAGE_SIZE), new = ALIGN(brk, PAGE_SIZE);

	if (brk < mm->start_brk || brk >= TASK_SIZE_MAX)
		return mm->brk;
	if (new > old) {
		if (!range_is_free(mm, old, new - old + PAGE_SIZE))
			return mm->brk;
		if (IS_ERR_VALUE(do_mmap(mm, old, new - old, VM_READ | VM_WRITE | VM_MAYWRITE,
					 MAP_FIXED_NOREPLACE, NULL, 0)))
			return mm->brk;
	} else if (new < old && do_munmap(mm, new, old - new)) {
		return mm->brk;
	}
	mm->brk = brk;
	return brk;
}

int expand_stack(struct vm_area_struct *vma, unsigned long address)
{
	unsigned long start = ALIGN_DOWN(address, PAGE_SIZE);
	struct vm_area_struct *below = prev_vma(vma);

	if (vma->vm_end - start > rlimit_stack() || start < MMAP_MIN_ADDR)
		return -ENOMEM;
	if (below && below->vm_flags & VM_ACCESS &&
	    !(below->vm_flags & VM_GROWSDOWN) && below->vm_end + STACK_GUARD_GAP > start)
		return -ENOMEM;
	vma->vm_start = start;
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
