/*
 * struct mm_struct: making, copying and dropping whole address spaces. See vma.h for how to use it.
 * Linux: kernel/fork.c:mm_alloc(), dup_mm(), mmput()
 */
#include "kernel/cpu/cpu.h"
#include "kernel/mm/internal.h"
#include "kernel/mm/paging.h"

static struct kmem_cache *mm_cache;

/* Without kernel/mman there are no threads, and nobody else who could change @mm. */
void __weak noprobe mmap_init_lock(struct mm_struct *mm __maybe_unused)
{
}

void __weak noprobe mmap_read_lock(struct mm_struct *mm __maybe_unused)
{
}

void __weak noprobe mmap_read_unlock(struct mm_struct *mm __maybe_unused)
{
}

int __weak noprobe mmap_write_lock_killable(struct mm_struct *mm __maybe_unused)
{
	return 0;
}

void __weak noprobe mmap_write_unlock(struct mm_struct *mm __maybe_unused)
{
}

void mm_init(void)
{
	mm_cache = kmem_cache_create("mm_struct", sizeof(struct mm_struct), 0, SLAB_PANIC, NULL);
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
	mmap_init_lock(mm);
	arch_pick_mmap_layout(mm, 0);
	refcount_set(&mm->mm_users, 1);
	refcount_set(&mm->mm_count, 1);
	return mm;
}

struct mm_struct *dup_mm(struct mm_struct *old)
{
	struct mm_struct *mm = mm_alloc();
	int err;

	if (!mm)
		return NULL;
	mm->start_data = old->start_data;
	mm->end_data = old->end_data;
	mm->start_brk = old->start_brk;
	mm->brk = old->brk;
	mm->start_stack = old->start_stack;
	mm->start_code = old->start_code;
	mm->end_code = old->end_code;
	mm->arg_start = old->arg_start;
	mm->arg_end = old->arg_end;
	mm->env_start = old->env_start;
	mm->env_end = old->env_end;
	mm->mmap_base = old->mmap_base;
	mm->mmap_topdown = old->mmap_topdown;
	mm->dumpable = old->dumpable;
	if (set_mm_exe_file(mm, old->exe_file))
		goto out_mm;
	if (mmap_write_lock_killable(old))
		goto out_mm;
	err = dup_mmap(mm, old);
	mmap_write_unlock(old);
	if (!err)
		return mm;

out_mm:
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
	mmdrop(mm);
}

void mmdrop(struct mm_struct *mm)
{
	if (refcount_dec_and_test(&mm->mm_count))
		kmem_cache_free(mm_cache, mm);
}

void switch_mm(struct mm_struct *mm)
{
	u64 cr3 = mm ? __pa(mm->pgd) : __pa_symbol(kernel_pgd);

	if (read_cr3() != cr3 || (mm && mm->tlb_flush_pending))
		write_cr3(cr3);
}

void tlb_gather_mmu(struct mm_struct *mm)
{
	mm->tlb_flush_pending++;
}

/* If another address space is loaded now, loading @mm again will make the CPU forget. */
void tlb_finish_mmu(struct mm_struct *mm)
{
	mm->tlb_flush_pending--;
	if (read_cr3() == __pa(mm->pgd))
		write_cr3(__pa(mm->pgd));
}
