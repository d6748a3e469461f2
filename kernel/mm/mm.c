/*
 * struct mm_struct: making, copying and dropping whole address spaces. Contracts in vma.h.
 * Linux: kernel/fork.c:mm_alloc(), dup_mm(), mmput()
 */
#include "kernel/cpu/cpu.h"
#include "kernel/mm/internal.h"
#include "kernel/mm/paging.h"

static struct kmem_cache *mm_cache;

void mm_init(void)
{
	mm_cache = kmem_cache_create("mm_struct", sizeof(struct mm_struct), 0, NULL);
	mmap_init();
}

struct mm_struct *mm_alloc(void)
{
	struct mm_struct *mm = kmem_cache_alloc(mm_cache, GFP_KERNEL | __GFP_ZERO);
	struct page *pgd;

	if (!mm)
		return NULL;
	pgd = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!pgd) {
		kmem_cache_free(mm_cache, mm);
		return NULL;
	}
	mm->pgd = page_address(pgd);
	memcpy(mm->pgd + PTRS_PER_TABLE / 2, kernel_pgd + PTRS_PER_TABLE / 2, PAGE_SIZE / 2);
	INIT_LIST_HEAD(&mm->mmap);
	refcount_set(&mm->mm_users, 1);
	return mm;
}

struct mm_struct *dup_mm(struct mm_struct *old)
{
	struct mm_struct *mm = mm_alloc();
	struct vm_area_struct *vma, *copy;

	if (!mm)
		return NULL;
	mm->start_brk = old->start_brk;
	mm->brk = old->brk;
	mm->start_stack = old->start_stack;
	if (set_mm_exe_file(mm, old->exe_file))
		goto out_put;
	list_for_each_entry(vma, &old->mmap, list) {
		copy = vma_dup(mm, vma);
		if (!copy)
			goto out_put;
		list_add_tail(&copy->list, &mm->mmap);
		if (copy_page_range(mm, vma))
			goto out_put;
	}
	flush_tlb_mm(old);
	return mm;

out_put:
	flush_tlb_mm(old);
	mmput(mm);
	return NULL;
}

void mmput(struct mm_struct *mm)
{
	if (!refcount_dec_and_test(&mm->mm_users))
		return;
	exit_mmap(mm);
	put_page(virt_to_page(mm->pgd));
	set_mm_exe_file(mm, NULL);
	kmem_cache_free(mm_cache, mm);
}

void switch_mm(struct mm_struct *mm)
{
	u64 cr3 = mm ? __pa(mm->pgd) : __pa_symbol(kernel_pgd);

	if (read_cr3() != cr3)
		write_cr3(cr3);
}

/* Entries of @mm have changed; the CPU forgets those it has cached, if it uses @mm at all. */
void flush_tlb_mm(const struct mm_struct *mm)
{
	if (read_cr3() == __pa(mm->pgd))
		write_cr3(__pa(mm->pgd));
}
