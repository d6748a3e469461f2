/*
 * The pages of an address space. A page fault brings a page in (handle_mm_fault()), fork() shares
 * pages (copy_page_range()), and munmap() and exit() give them back (zap_page_range()).
 * Linux: mm/memory.c
 *
 * A page of user memory has one reference for each page-table entry that maps it (and one for the
 * file it belongs to, if any). A private page with more than one is never mapped writable: the
 * first write copies it. What was only read of anonymous memory is one page of zeros for all.
 *
 * An allocation may sleep, and then another thread may bring the same page in. So an entry is set only
 * if it is still what it was before.
 */
#include "kernel/cpu/cpu.h"
#include "kernel/mm/internal.h"
#include "kernel/mm/paging.h"

#define USER_TABLE (PTE_PRESENT | PTE_WRITE | PTE_USER)

/*
 * A page for ring 3. The last pages are not for it: a program that takes all it can get is to run out
 * of memory before the kernel does. NULL: no memory.
 */
static struct page *alloc_user_page(gfp_t gfp)
{
	if (nr_free_pages() <= min_free_pages && !shrink_caches(min_free_pages))
		return NULL;
	return alloc_page(gfp);
}

/* Let *@slot, an entry of a table of @mm, point to a new table. False: no memory. */
static bool user_table_alloc(struct mm_struct *mm, u64 *slot)
{
	struct page *page = alloc_user_page(GFP_KERNEL | __GFP_ZERO);

	if (!page)
		return false;
	if (*slot & PTE_PRESENT) { /* by another thread, while the allocation slept */
		put_page(page);
		return true;
	}
	*slot = page_to_phys(page) | USER_TABLE;
	mm->pgtables++;
	return true;
}

u64 *user_table_slot(struct mm_struct *mm, unsigned long addr, int level)
{
	u64 *slot = &mm->pgd[table_index(addr, LEVEL_PML4)];
	int l;

	for (l = LEVEL_PML4; l > level; l--) {
		if (!(*slot & PTE_PRESENT) && !user_table_alloc(mm, slot))
			return NULL;
		slot = &table_of(*slot)[table_index(addr, l - 1)];
	}
	return slot;
}

u64 make_pte(const struct vm_area_struct *vma, const struct page *page, bool write)
{
	u64 pte = page_to_phys(page) | PTE_PRESENT | PTE_USER;

	if (!(vma->vm_flags & VM_ACCESS))
		return page_to_phys(page) | PTE_PROTNONE;
	if (write && vma->vm_flags & VM_WRITE)
		pte |= PTE_WRITE;
	if (!(vma->vm_flags & VM_EXEC))
		pte |= PTE_NX;
	return pte;
}

/* What a page of zeros that was never written shows: it has no reference count, and is never freed. */
static const char empty_zero_page[PAGE_SIZE] __aligned(PAGE_SIZE);

static bool is_zero_page(u64 pte)
{
	return (pte & PTE_ADDR_MASK) == __pa_symbol(empty_zero_page);
}

/*
 * A write to a present page that is mapped read-only in a writable area. If somebody else uses the
 * page, too, the write goes to a copy.
 */
static vm_fault_t do_wp_page(struct vm_fault *vmf, u64 *pte)
{
	u64 old = *pte;
	struct page *page = phys_to_page(old & PTE_ADDR_MASK), *copy = page;
	bool zero = is_zero_page(old);

	if (zero || (page_count(page) > 1 && !(vmf->vma->vm_flags & VM_SHARED))) {
		copy = alloc_user_page(GFP_KERNEL);
		if (!copy)
			return VM_FAULT_OOM;
		if (*pte != old) {
			put_page(copy);
			return 0;
		}
		memcpy(page_address(copy), table_of(old), PAGE_SIZE);
		if (zero)
			vmf->vma->vm_mm->rss++;
		else
			put_page(page);
	}
	*pte = make_pte(vmf->vma, copy, true);
	invlpg(vmf->address);
	return 0;
}

/* Let @pte, which was empty before, map @page, whose reference is the caller's. */
static void set_pte(struct vm_fault *vmf, u64 *pte, struct page *page, bool write)
{
	if (*pte) {
		put_page(page);
		return;
	}
	*pte = make_pte(vmf->vma, page, write);
	vmf->vma->vm_mm->rss++;
}

/*
 * The first access to a page of a file or of another object. The memory for a copy comes first: between
 * finding the page and mapping it nobody sleeps, so it cannot be truncated meanwhile.
 */
static vm_fault_t do_fault(struct vm_fault *vmf, u64 *pte)
{
	bool shared = vmf->vma->vm_flags & VM_SHARED;
	bool cow = vmf->flags & FAULT_FLAG_WRITE && !shared;
	struct page *copy = cow ? alloc_user_page(GFP_KERNEL) : NULL;
	vm_fault_t ret;

	if (cow && !copy)
		return VM_FAULT_OOM;
	ret = vmf->vma->vm_ops->fault(vmf);
	if (ret & (VM_FAULT_ERROR | VM_FAULT_NOPAGE)) {
		if (copy)
			put_page(copy);
		return ret;
	}
	if (copy) {
		memcpy(page_address(copy), page_address(vmf->page), PAGE_SIZE);
		put_page(vmf->page);
		vmf->page = copy;
	}
	set_pte(vmf, pte, vmf->page, shared || cow);
	return 0;
}

static vm_fault_t do_anonymous_page(struct vm_fault *vmf, u64 *pte)
{
	struct page *page;

	if (!(vmf->flags & FAULT_FLAG_WRITE)) {
		*pte = make_pte(vmf->vma, phys_to_page(__pa_symbol(empty_zero_page)), false);
		return 0;
	}
	page = alloc_user_page(GFP_KERNEL | __GFP_ZERO);
	if (!page)
		return VM_FAULT_OOM;
	set_pte(vmf, pte, page, true);
	return 0;
}

vm_fault_t handle_mm_fault(struct vm_area_struct *vma, unsigned long address, unsigned int flags)
{
	struct vm_fault vmf = {
		.vma = vma,
		.address = ALIGN_DOWN(address, PAGE_SIZE),
		.pgoff = vma->vm_pgoff + ((address - vma->vm_start) >> PAGE_SHIFT),
		.flags = flags,
	};
	u64 *pte = user_table_slot(vma->vm_mm, address, LEVEL_PT);

	if (!pte)
		return VM_FAULT_OOM;
	if (*pte & PTE_PRESENT)
		return flags & FAULT_FLAG_WRITE && !(*pte & PTE_WRITE) ? do_wp_page(&vmf, pte) : 0;
	if (vma->vm_mm->oom_reaped)
		return VM_FAULT_SIGBUS;
	return vma->vm_ops ? do_fault(&vmf, pte) : do_anonymous_page(&vmf, pte);
}

void *mm_writable_page(struct mm_struct *mm, unsigned long addr)
{
	struct vm_area_struct *vma = find_extend_vma(mm, addr);
	u64 *pte;

	if (!vma || !(vma->vm_flags & VM_WRITE))
		return NULL;
	if (handle_mm_fault(vma, addr, FAULT_FLAG_WRITE) & VM_FAULT_ERROR)
		return NULL;
	pte = walk_page_table(mm->pgd, addr, LEVEL_PT, NULL, 0);
	return (char *)table_of(*pte) + addr % PAGE_SIZE;
}

static int zap_pte_range(u64 *pte, unsigned long addr, unsigned long end, void *arg)
{
	struct mm_struct *mm = arg;

	for (; addr < end; addr += PAGE_SIZE, pte++) {
		if (!(*pte & PTE_MAPPED))
			continue;
		if (!is_zero_page(*pte)) {
			put_page(phys_to_page(*pte & PTE_ADDR_MASK));
			mm->rss--;
		}
		*pte = 0;
	}
	return 0;
}

void zap_page_range(struct mm_struct *mm, unsigned long start, unsigned long end)
{
	mm->hiwater_rss = get_mm_hiwater_rss(mm);
	walk_pte_ranges(mm, start, end, zap_pte_range, mm);
}

struct unmap {
	struct mm_struct *mm;
	unsigned long bottom, top; /* tables go that map nothing outside */
};

/* The part of [addr, end) that lies below @table, whose entries are of @level. */
static void unmap_table(u64 *table, int level, unsigned long addr, unsigned long end,
			const struct unmap *unmap)
{
	unsigned long next, span_end;

	for (; addr < end; addr = next) {
		u64 *entry = &table[table_index(addr, level)], *below;

		span_end = table_span_end(addr, level);
		next = min(span_end, end);
		if (!(*entry & PTE_PRESENT))
			continue;
		below = table_of(*entry);
		if (level > LEVEL_PD)
			unmap_table(below, level - 1, addr, next, unmap);
		else
			zap_pte_range(below + table_index(addr, LEVEL_PT), addr, next, unmap->mm);
		if (span_end - table_span(level) >= unmap->bottom && span_end <= unmap->top) {
			put_page(virt_to_page(below));
			*entry = 0;
			unmap->mm->pgtables--;
		}
		if (level == LEVEL_PD)
			cond_resched();
	}
}

void unmap_page_range(struct mm_struct *mm, unsigned long start, unsigned long end,
		      unsigned long bottom, unsigned long top)
{
	struct unmap unmap = { mm, bottom, top };

	mm->hiwater_rss = get_mm_hiwater_rss(mm);
	unmap_table(mm->pgd, LEVEL_PML4, start, end, &unmap);
}

struct copy_arg {
	struct mm_struct *dst;
	bool shared;
};

static int copy_pte_range(u64 *pte, unsigned long addr, unsigned long end, void *arg)
{
	const struct copy_arg *copy = arg;
	u64 *dst = NULL;

	for (; addr < end; addr += PAGE_SIZE, pte++) {
		if (dst)
			dst++;
		if (!(*pte & PTE_MAPPED))
			continue;
		if (!dst)
			dst = user_table_slot(copy->dst, addr, LEVEL_PT);
		if (!dst)
			return -ENOMEM;
		if (!copy->shared)
			*pte &= ~PTE_WRITE;
		if (!is_zero_page(*pte)) {
			get_page(phys_to_page(*pte & PTE_ADDR_MASK));
			copy->dst->rss++;
		}
		*dst = *pte;
	}
	return 0;
}

int copy_page_range(struct mm_struct *dst, struct vm_area_struct *vma)
{
	struct copy_arg copy = { .dst = dst, .shared = vma->vm_flags & VM_SHARED };

	return walk_pte_ranges(vma->vm_mm, vma->vm_start, vma->vm_end, copy_pte_range, &copy);
}
