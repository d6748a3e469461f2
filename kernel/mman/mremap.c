/*
 * mremap(): an area becomes longer or shorter, or moves. Linux: mm/mremap.c
 *
 * Pages are not copied when an area moves: their page-table entries move, and where a whole page
 * table can move, so does the table.
 */
#include <uapi/madvise.h>
#include <uapi/mman.h>

#include "kernel/mm/paging.h"
#include "kernel/mman/mman.h"
#include "kernel/sched/sched.h"
#include "kernel/syscalls.h"

/* What the call asks for. Lengths are multiples of a page. */
struct mremap {
	unsigned long addr, old_len, new_len, flags, new_addr;
};

struct move {
	struct mm_struct *mm;
	unsigned long from, to;
	unsigned long moved; /* bytes from @from on that are done */
};

/* Move a whole page table from one slot to another, if that is empty. Linux: move_normal_pmd() */
static bool move_normal_pmd(struct mm_struct *mm, unsigned long from, unsigned long to)
{
	u64 *slot = user_table_slot(mm, to, LEVEL_PD), *pmd;

	if (!slot || *slot)
		return false;
	pmd = walk_page_table(mm->pgd, from, LEVEL_PD, NULL, 0);
	*slot = *pmd;
	*pmd = 0;
	return true;
}

/* The entries may go to two page tables. -ENOMEM: there is no memory for one of them. */
static int move_ptes(u64 *pte, unsigned long addr, unsigned long end, void *arg)
{
	struct move *move = arg;
	unsigned long to = addr - move->from + move->to, n, i;
	u64 *new;

	if (end - addr == PMD_SIZE && !(to % PMD_SIZE) && move_normal_pmd(move->mm, addr, to)) {
		move->moved = end - move->from;
		return 0;
	}
	for (; addr < end; addr += n << PAGE_SHIFT, to += n << PAGE_SHIFT, pte += n) {
		n = min(end - addr, table_span_end(to, LEVEL_PD) - to) >> PAGE_SHIFT;
		new = user_table_slot(move->mm, to, LEVEL_PT);
		if (!new)
			return -ENOMEM;
		for (i = 0; i < n; i++) {
			new[i] = pte[i];
			pte[i] = 0;
		}
		move->moved = addr + (n << PAGE_SHIFT) - move->from;
	}
	return 0;
}

/* Move what is mapped at [@from, @from + @len) to @to. Returns how much of it was moved: less without memory. */
static unsigned long move_page_tables(struct mm_struct *mm, unsigned long from, unsigned long len,
				      unsigned long to)
{
	struct move move = { mm, from, to, 0 };
	int err;

	tlb_gather_mmu(mm);
	err = walk_pte_ranges(mm, from, from + len, move_ptes, &move);
	tlb_finish_mmu(mm);
	return err ? move.moved : len;
}

/* The area at @addr, if it can become as long as @m asks; or ERR_PTR(). Linux: vma_to_resize() */
static struct vm_area_struct *vma_to_resize(struct mm_struct *mm, const struct mremap *m)
{
	struct vm_area_struct *vma = find_vma(mm, m->addr);
	unsigned long grow = m->new_len - m->old_len, pgoff;

	if (!vma || vma->vm_start > m->addr)
		return ERR_PTR(-EFAULT);
	/* No old length: one mapping more of the same pages, which only shared ones can have. */
	if (!m->old_len && !(vma->vm_flags & VM_SHARED))
		return ERR_PTR(-EINVAL);
	if (m->old_len > vma->vm_end - m->addr)
		return ERR_PTR(-EFAULT);
	if (!grow)
		return vma;
	pgoff = vma->vm_pgoff + ((m->addr - vma->vm_start) >> PAGE_SHIFT);
	if (pgoff + (m->new_len >> PAGE_SHIFT) < pgoff)
		return ERR_PTR(-EINVAL);
	if (mlock_future_check(mm, vma->vm_flags, grow))
		return ERR_PTR(-EAGAIN);
	return may_expand_vm(mm, vma->vm_flags, grow >> PAGE_SHIFT) ? vma : ERR_PTR(-ENOMEM);
}

/* An area like @vma at the new place, with its pages. 0 or -ENOMEM, and then nothing has changed. */
static int copy_vma(struct mm_struct *mm, const struct vm_area_struct *vma, const struct mremap *m)
{
	struct vm_area_struct *new = vma_dup(vma), *next = find_vma(mm, m->new_addr);
	unsigned long moved;

	if (!new)
		return -ENOMEM;
	new->vm_start = m->new_addr;
	new->vm_end = m->new_addr + m->new_len;
	new->vm_pgoff += (m->addr - vma->vm_start) >> PAGE_SHIFT;
	link_vma(mm, new, next);
	vm_stat_account(mm, new->vm_flags, vma_pages(new));
	moved = move_page_tables(mm, m->addr, m->old_len, m->new_addr);
	if (moved < m->old_len) {
		move_page_tables(mm, m->new_addr, moved, m->addr); /* the tables for it are still there */
		do_munmap(mm, m->new_addr, m->new_len);
		return -ENOMEM;
	}
	if (next)
		vma_merge(next);
	vma_merge(new);
	return 0;
}

/* Returns the new address or -ENOMEM. */
static unsigned long move_vma(struct mm_struct *mm, struct vm_area_struct *vma, const struct mremap *m)
{
	/* Three areas more at most: the new one, and the old one with a hole. */
	if (mm->map_count >= sysctl_max_map_count - 3)
		return -ENOMEM;
	if (vma->vm_flags & VM_ACCOUNT && vm_enough_memory(m->new_len >> PAGE_SHIFT))
		return -ENOMEM;
	if (copy_vma(mm, vma, m))
		return -ENOMEM;
	if (!(m->flags & MREMAP_DONTUNMAP)) {
		do_munmap(mm, m->addr, m->old_len);
		return m->new_addr;
	}
	/* The area is still there, but empty; the locked pages are at the new place. */
	vma = find_vma(mm, m->addr);
	vma_modify_flags(vma, vma->vm_start, vma->vm_end, vma->vm_flags & ~VM_LOCKED_MASK);
	return m->new_addr;
}

/* MREMAP_FIXED and MREMAP_DONTUNMAP. Returns the new address or -errno. */
static unsigned long mremap_to(struct mm_struct *mm, struct mremap *m)
{
	struct vm_area_struct *vma;
	unsigned long ret;
	int err;

	if (m->new_addr % PAGE_SIZE || m->new_len > TASK_SIZE_MAX ||
	    m->new_addr > TASK_SIZE_MAX - m->new_len ||
	    (m->addr + m->old_len > m->new_addr && m->new_addr + m->new_len > m->addr))
		return -EINVAL;
	if (mm->map_count + 2 >= sysctl_max_map_count - 3)
		return -ENOMEM;
	if (m->flags & MREMAP_FIXED) {
		err = do_munmap(mm, m->new_addr, m->new_len);
		if (err)
			return err;
	}
	if (m->old_len > m->new_len) {
		err = do_munmap(mm, m->addr + m->new_len, m->old_len - m->new_len);
		if (err)
			return err;
		m->old_len = m->new_len;
	}
	vma = vma_to_resize(mm, m);
	if (IS_ERR(vma))
		return PTR_ERR(vma);
	if (m->flags & MREMAP_DONTUNMAP && !may_expand_vm(mm, vma->vm_flags, m->old_len >> PAGE_SHIFT))
		return -ENOMEM;
	ret = get_unmapped_area(mm, m->new_addr, m->new_len, m->flags & MREMAP_FIXED ? MAP_FIXED : 0);
	if (IS_ERR_VALUE(ret))
		return ret;
	m->new_addr = ret;
	return move_vma(mm, vma, m);
}

/* Is there room behind @vma? */
static bool vma_expandable(struct mm_struct *mm, const struct vm_area_struct *vma, unsigned long grow)
{
	unsigned long end = vma->vm_end + grow;

	return end > vma->vm_end && !find_vma_intersection(mm, vma->vm_end, end) &&
	       !IS_ERR_VALUE(get_unmapped_area(mm, vma->vm_start, end - vma->vm_start, MAP_FIXED));
}

/* Make @vma, whose end the old range reaches, longer where it is. Returns the address or -ENOMEM. */
static unsigned long expand_vma(struct mm_struct *mm, struct vm_area_struct *vma, const struct mremap *m)
{
	unsigned long pages = (m->new_len - m->old_len) >> PAGE_SHIFT;
	struct vm_area_struct *next = next_vma(vma);

	if (vma->vm_flags & VM_ACCOUNT && vm_enough_memory(pages))
		return -ENOMEM;
	vma->vm_end += m->new_len - m->old_len;
	vm_stat_account(mm, vma->vm_flags, pages);
	vma_interval_tree_update(vma);
	update_gap(next);
	if (next)
		vma_merge(next);
	return m->addr;
}

/* Without MREMAP_FIXED and MREMAP_DONTUNMAP, and longer than before. */
static unsigned long mremap_grow(struct mm_struct *mm, struct mremap *m)
{
	struct vm_area_struct *vma = vma_to_resize(mm, m);

	if (IS_ERR(vma))
		return PTR_ERR(vma);
	if (m->old_len == vma->vm_end - m->addr && vma_expandable(mm, vma, m->new_len - m->old_len))
		return expand_vma(mm, vma, m);
	if (!(m->flags & MREMAP_MAYMOVE))
		return -ENOMEM;
	m->new_addr = get_unmapped_area(mm, 0, m->new_len, 0);
	return IS_ERR_VALUE(m->new_addr) ? m->new_addr : move_vma(mm, vma, m);
}

/* With mmap_lock. Returns the address or -errno. */
static unsigned long do_mremap(struct mm_struct *mm, struct mremap *m)
{
	const struct vm_area_struct *vma = find_vma(mm, m->addr);
	int err = 0;

	if (!vma || vma->vm_start > m->addr)
		return -EFAULT;
	if (m->flags & (MREMAP_FIXED | MREMAP_DONTUNMAP))
		return mremap_to(mm, m);
	if (m->old_len < m->new_len)
		return mremap_grow(mm, m);
	if (m->old_len > m->new_len)
		err = do_munmap(mm, m->addr + m->new_len, m->old_len - m->new_len);
	return err ? (unsigned long)err : m->addr;
}

SYSCALL_DEFINE5(mremap, unsigned long, addr, unsigned long, old_len, unsigned long, new_len,
		unsigned long, flags, unsigned long, new_addr)
{
	struct mremap m = { addr, ALIGN(old_len, PAGE_SIZE), ALIGN(new_len, PAGE_SIZE), flags, new_addr };
	struct mm_struct *mm = current->mm;
	bool locked = false;
	unsigned long ret;

	if (flags & ~(unsigned long)(MREMAP_FIXED | MREMAP_MAYMOVE | MREMAP_DONTUNMAP) ||
	    (flags & MREMAP_FIXED && !(flags & MREMAP_MAYMOVE)) ||
	    (flags & MREMAP_DONTUNMAP && (!(flags & MREMAP_MAYMOVE) || old_len != new_len)) ||
	    addr % PAGE_SIZE || !m.new_len)
		return -EINVAL;
	if (mmap_write_lock_killable(mm))
		return -EINTR;
	ret = do_mremap(mm, &m);
	if (!IS_ERR_VALUE(ret))
		locked = find_vma(mm, ret)->vm_flags & VM_LOCKED;
	mmap_write_unlock(mm);
	if (locked && m.new_len > m.old_len)
		mm_populate(ret + m.old_len, m.new_len - m.old_len);
	return ret;
}
