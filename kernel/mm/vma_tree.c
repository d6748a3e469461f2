/*
 * The areas of an address space in a list and a red-black tree, ordered by address. This file finds
 * areas and holes, and mmap.c decides what to do with them.
 * Linux: mm/mmap.c, where areas lay in such a tree until 6.1 put them into a maple tree.
 *
 * Each area knows the hole below it, and what no hole in its subtree exceeds, so that a place for a new
 * area is found without looking at all of them. When a hole grows, this bound grows with it in all areas
 * above. When a hole shrinks, the bound stays; a search that is misled by it corrects it. So it costs
 * little to map and unmap the same piece of a large hole again and again. For the same reason, a search
 * from mmap_base downwards begins where the last one ended, unless a hole above has grown.
 */
#include "kernel/lib/rbtree_augmented.h"
#include "kernel/mm/internal.h"

/* Inline: it is container_of(), and a search calls it at each level. */
static inline struct vm_area_struct *rb_vma(struct rb_node *node)
{
	return rb_entry_safe(node, struct vm_area_struct, vm_rb);
}

struct vm_area_struct *next_vma(const struct vm_area_struct *vma)
{
	struct list_head *next = vma->vm_list.next;

	return next == &vma->vm_mm->mmap ? NULL : list_entry(next, struct vm_area_struct, vm_list);
}

struct vm_area_struct *prev_vma(const struct vm_area_struct *vma)
{
	struct list_head *prev = vma->vm_list.prev;

	return prev == &vma->vm_mm->mmap ? NULL : list_entry(prev, struct vm_area_struct, vm_list);
}

struct vm_area_struct *last_vma(const struct mm_struct *mm)
{
	return list_empty(&mm->mmap) ? NULL : list_last_entry(&mm->mmap, struct vm_area_struct, vm_list);
}

unsigned long vm_start_gap(const struct vm_area_struct *vma)
{
	if (!(vma->vm_flags & VM_GROWSDOWN))
		return vma->vm_start;
	return vma->vm_start > STACK_GUARD_GAP ? vma->vm_start - STACK_GUARD_GAP : 0;
}

/* Without kernel/mman nobody asks which areas map a file: a page that leaves it stays mapped. */
void __weak noprobe vma_interval_tree_insert(struct vm_area_struct *vma __maybe_unused)
{
}

void __weak noprobe vma_interval_tree_remove(struct vm_area_struct *vma __maybe_unused)
{
}

void __weak noprobe vma_interval_tree_update(struct vm_area_struct *vma __maybe_unused)
{
}

static unsigned long compute_subtree_gap(const struct vm_area_struct *vma)
{
	const struct vm_area_struct *left = rb_vma(vma->vm_rb.rb_left);
	const struct vm_area_struct *right = rb_vma(vma->vm_rb.rb_right);
	unsigned long gap = vma->gap;

	if (left)
		gap = max(gap, left->subtree_gap);
	if (right)
		gap = max(gap, right->subtree_gap);
	return gap;
}

/* An area is gone from a subtree: what no hole exceeded there, none exceeds now. */
static void gap_propagate(struct rb_node *node __maybe_unused, struct rb_node *stop __maybe_unused)
{
}

static void gap_copy(struct rb_node *old, struct rb_node *new)
{
	rb_vma(new)->subtree_gap = rb_vma(old)->subtree_gap;
}

static void gap_rotate(struct rb_node *old, struct rb_node *new)
{
	gap_copy(old, new);
	rb_vma(old)->subtree_gap = compute_subtree_gap(rb_vma(old));
}

static const struct rb_augment_callbacks gap_callbacks = { gap_propagate, gap_copy, gap_rotate };

void update_gap(struct vm_area_struct *vma)
{
	const struct vm_area_struct *prev;
	unsigned long start, end;
	struct rb_node *node;

	if (!vma)
		return;
	prev = prev_vma(vma);
	start = vm_start_gap(vma);
	end = prev ? prev->vm_end : 0;
	vma->gap = start > end ? start - end : 0;
	if (start > vma->vm_mm->free_area_cache)
		vma->vm_mm->cached_hole_size = 0;
	for (node = &vma->vm_rb; node && rb_vma(node)->subtree_gap < vma->gap; node = rb_parent(node))
		rb_vma(node)->subtree_gap = vma->gap;
}

/* In the tree, @vma hangs below that neighbour which has nothing on this side. */
void link_vma(struct mm_struct *mm, struct vm_area_struct *vma, struct vm_area_struct *next)
{
	struct vm_area_struct *prev = next ? prev_vma(next) : last_vma(mm);

	if (next && !next->vm_rb.rb_left)
		rb_link_node(&vma->vm_rb, &next->vm_rb, &next->vm_rb.rb_left);
	else if (prev)
		rb_link_node(&vma->vm_rb, &prev->vm_rb, &prev->vm_rb.rb_right);
	else
		rb_link_node(&vma->vm_rb, NULL, &mm->mm_rb.rb_node);
	list_add_tail(&vma->vm_list, next ? &next->vm_list : &mm->mmap);
	vma->subtree_gap = vma->gap = 0;
	update_gap(vma);
	rb_insert_augmented(&vma->vm_rb, &mm->mm_rb, &gap_callbacks);
	update_gap(next);
	mm->map_count++;
	vma_interval_tree_insert(vma);
}

void unlink_vma(struct vm_area_struct *vma)
{
	struct vm_area_struct *next = next_vma(vma);

	list_del(&vma->vm_list);
	rb_erase_augmented(&vma->vm_rb, &vma->vm_mm->mm_rb, &gap_callbacks);
	update_gap(next);
	vma->vm_mm->map_count--;
}

struct vm_area_struct *find_vma(struct mm_struct *mm, unsigned long addr)
{
	struct rb_node *node = mm->mm_rb.rb_node;
	struct vm_area_struct *found = NULL;

	while (node) {
		if (addr < rb_vma(node)->vm_end) {
			found = rb_vma(node);
			node = node->rb_left;
		} else {
			node = node->rb_right;
		}
	}
	return found;
}

struct vm_area_struct *find_vma_intersection(struct mm_struct *mm, unsigned long start,
					     unsigned long end)
{
	struct vm_area_struct *vma = find_vma(mm, start);

	return vma && vma->vm_start < end ? vma : NULL;
}

/* The hole below @vma, as far as it lies within the limits. False: it is too small there. */
static bool hole_fits(const struct vm_area_struct *vma, const struct vm_unmapped_area_info *info,
		      unsigned long *start, unsigned long *end)
{
	if (vma->gap < info->length)
		return false;
	*end = min(vm_start_gap(vma), info->high_limit);
	*start = max(vm_start_gap(vma) - vma->gap, info->low_limit);
	return *end > *start && *end - *start >= info->length;
}

/* The highest place in the holes below the areas of the subtree @node, or -ENOMEM. */
static unsigned long unmapped_area_topdown(struct rb_node *node,
					   const struct vm_unmapped_area_info *info)
{
	struct vm_area_struct *vma = rb_vma(node);
	unsigned long addr = -ENOMEM, start, end;

	if (!vma || vma->subtree_gap < info->length)
		return -ENOMEM;
	if (vma->vm_end < info->high_limit)
		addr = unmapped_area_topdown(node->rb_right, info);
	if (IS_ERR_VALUE(addr) && hole_fits(vma, info, &start, &end))
		return end - info->length;
	if (IS_ERR_VALUE(addr) && vma->vm_start > info->low_limit)
		addr = unmapped_area_topdown(node->rb_left, info);
	if (IS_ERR_VALUE(addr))
		vma->subtree_gap = compute_subtree_gap(vma);
	return addr;
}

/* The lowest one. */
static unsigned long unmapped_area(struct rb_node *node, const struct vm_unmapped_area_info *info)
{
	struct vm_area_struct *vma = rb_vma(node);
	unsigned long addr = -ENOMEM, start, end;

	if (!vma || vma->subtree_gap < info->length)
		return -ENOMEM;
	if (vma->vm_start > info->low_limit)
		addr = unmapped_area(node->rb_left, info);
	if (IS_ERR_VALUE(addr) && hole_fits(vma, info, &start, &end))
		return start;
	if (IS_ERR_VALUE(addr) && vma->vm_end < info->high_limit)
		addr = unmapped_area(node->rb_right, info);
	if (IS_ERR_VALUE(addr))
		vma->subtree_gap = compute_subtree_gap(vma);
	return addr;
}

unsigned long vm_unmapped_area(struct mm_struct *mm, bool topdown,
			       struct vm_unmapped_area_info *info)
{
	const struct vm_area_struct *last = last_vma(mm);
	unsigned long top = max(last ? last->vm_end : 0, info->low_limit), addr;
	bool top_fits = info->high_limit > top && info->high_limit - top >= info->length;

	if (topdown && top_fits)
		return info->high_limit - info->length;
	if (!topdown) {
		addr = unmapped_area(mm->mm_rb.rb_node, info);
		return IS_ERR_VALUE(addr) && top_fits ? top : addr;
	}
	if (mm->cached_hole_size && info->length >= mm->cached_hole_size)
		info->high_limit = min(info->high_limit, mm->free_area_cache);
	addr = unmapped_area_topdown(mm->mm_rb.rb_node, info);
	if (!IS_ERR_VALUE(addr)) {
		mm->free_area_cache = addr + info->length;
		mm->cached_hole_size = info->length;
	}
	return addr;
}
