/*
 * Where a new area goes: at the address that the caller prefers, or in a hole that is large enough.
 * The functions' contracts are in vma.h. Linux: arch/x86/kernel/sys_x86_64.c, arch/x86/mm/mmap.c
 */
#include <uapi/mman.h>
#include <uapi/resource.h>

#include "kernel/mm/internal.h"

#define TASK_UNMAPPED_BASE ALIGN(TASK_SIZE_MAX / 3, PAGE_SIZE) /* upwards from here, as a last try */

/* Is the address that the caller prefers valid, and are @len bytes free there? */
static bool hint_is_free(struct mm_struct *mm, unsigned long addr, unsigned long len)
{
	struct vm_area_struct *vma = find_vma(mm, addr);

	return !vma || addr + len <= vm_start_gap(vma);
}

/* Upwards; MAP_32BIT asks for the second GiB of the address space. */
static unsigned long arch_get_unmapped_area(struct mm_struct *mm, unsigned long addr,
					    unsigned long len, unsigned long map_flags)
{
	struct vm_unmapped_area_info info = { len, TASK_UNMAPPED_BASE, TASK_SIZE_MAX };

	if (map_flags & MAP_32BIT)
		info = (struct vm_unmapped_area_info){ len, 0x40000000, 0x80000000 };
	if (len > info.high_limit)
		return -ENOMEM;
	if (addr && info.high_limit - len >= addr && hint_is_free(mm, addr, len))
		return addr;
	return vm_unmapped_area(mm, false, &info);
}

static unsigned long arch_get_unmapped_area_topdown(struct mm_struct *mm, unsigned long addr,
						    unsigned long len, unsigned long map_flags)
{
	struct vm_unmapped_area_info info = { len, PAGE_SIZE, mm->mmap_base };
	unsigned long ret;

	if (map_flags & MAP_32BIT)
		return arch_get_unmapped_area(mm, addr, len, map_flags);
	if (addr && addr <= TASK_SIZE_MAX - len && hint_is_free(mm, addr, len))
		return addr;
	ret = vm_unmapped_area(mm, true, &info);
	/*
	 * There is no room below mmap_base. Above it there may be some that the stack does not use.
	 */
	return IS_ERR_VALUE(ret) ? arch_get_unmapped_area(mm, addr, len, map_flags) : ret;
}

/* Linux: arch/x86/mm/mmap.c */
void arch_pick_mmap_layout(struct mm_struct *mm, unsigned long stack_limit)
{
	unsigned long gap, most = TASK_SIZE_MAX / 6 * 5;

	mm->mmap_topdown = stack_limit != RLIM_INFINITY;
	gap = min(stack_limit, most) + STACK_GUARD_GAP;
	gap = min(max(gap, 128ul << 20), most);
	mm->mmap_base = ALIGN(TASK_SIZE_MAX - gap, PAGE_SIZE);
}

unsigned long get_unmapped_area(struct mm_struct *mm, unsigned long addr, unsigned long len,
				unsigned long map_flags)
{
	if (len > TASK_SIZE_MAX)
		return -ENOMEM;
	if (!(map_flags & MAP_FIXED))
		addr = mm->mmap_topdown ? arch_get_unmapped_area_topdown(mm, addr, len, map_flags)
					: arch_get_unmapped_area(mm, addr, len, map_flags);
	if (IS_ERR_VALUE(addr))
		return addr;
	if (addr > TASK_SIZE_MAX - len)
		return -ENOMEM;
	if (addr % PAGE_SIZE)
		return -EINVAL;
	return addr < MMAP_MIN_ADDR ? (unsigned long)-EPERM : addr;
}

unsigned long round_hint_to_min(unsigned long hint)
{
	hint = ALIGN_DOWN(hint, PAGE_SIZE);
	return hint && hint < MMAP_MIN_ADDR ? MMAP_MIN_ADDR : hint;
}
