/*
 * Which areas map a file: a tree in its address_space, ordered by the first page that an area shows.
 * Each area knows the last page shown in its subtree, so that those which show a given page are
 * found without looking at all. Linux: mm/interval_tree.c, lib/interval_tree_generic.h
 */
#include "kernel/fs/fs.h"
#include "kernel/lib/rbtree_augmented.h"
#include "kernel/mman/mman.h"

/* Inline: it is container_of(), and a search calls it at each level. */
static inline struct vm_area_struct *node_vma(struct rb_node *node)
{
	return rb_entry_safe(node, struct vm_area_struct, shared.rb);
}

static struct rb_root *i_mmap(const struct vm_area_struct *vma)
{
	return &vma->vm_file->f_inode->i_mapping->i_mmap;
}

static unsigned long last_page(const struct vm_area_struct *vma)
{
	return vma->vm_pgoff + vma_pages(vma) - 1;
}

static unsigned long compute_subtree_last(const struct vm_area_struct *vma)
{
	const struct vm_area_struct *left = node_vma(vma->shared.rb.rb_left);
	const struct vm_area_struct *right = node_vma(vma->shared.rb.rb_right);
	unsigned long last = last_page(vma);

	if (left)
		last = max(last, left->shared.subtree_last);
	if (right)
		last = max(last, right->shared.subtree_last);
	return last;
}

static void last_propagate(struct rb_node *node, struct rb_node *stop)
{
	for (; node != stop; node = rb_parent(node)) {
		struct vm_area_struct *vma = node_vma(node);
		unsigned long last = compute_subtree_last(vma);

		if (last == vma->shared.subtree_last)
			return;
		vma->shared.subtree_last = last;
	}
}

static void last_copy(struct rb_node *old, struct rb_node *new)
{
	node_vma(new)->shared.subtree_last = node_vma(old)->shared.subtree_last;
}

static void last_rotate(struct rb_node *old, struct rb_node *new)
{
	last_copy(old, new);
	node_vma(old)->shared.subtree_last = compute_subtree_last(node_vma(old));
}

static const struct rb_augment_callbacks last_callbacks = { last_propagate, last_copy, last_rotate };

void vma_interval_tree_insert(struct vm_area_struct *vma)
{
	struct rb_node **link, *parent = NULL;

	if (!vma->vm_file)
		return;
	link = &i_mmap(vma)->rb_node;
	while (*link) {
		parent = *link;
		link = vma->vm_pgoff < node_vma(parent)->vm_pgoff ? &parent->rb_left : &parent->rb_right;
	}
	rb_link_node(&vma->shared.rb, parent, link);
	vma->shared.subtree_last = last_page(vma);
	last_propagate(parent, NULL);
	rb_insert_augmented(&vma->shared.rb, i_mmap(vma), &last_callbacks);
}

void vma_interval_tree_remove(struct vm_area_struct *vma)
{
	if (vma->vm_file)
		rb_erase_augmented(&vma->shared.rb, i_mmap(vma), &last_callbacks);
}

void vma_interval_tree_update(struct vm_area_struct *vma)
{
	if (vma->vm_file)
		last_propagate(&vma->shared.rb, NULL);
}

/* The first of the subtree @node that shows a page of [@first, @last], or NULL. */
static struct vm_area_struct *subtree_search(struct rb_node *node, unsigned long first, unsigned long last)
{
	struct vm_area_struct *vma, *left;

	while (node && node_vma(node)->shared.subtree_last >= first) {
		vma = node_vma(node);
		left = node_vma(node->rb_left);
		if (left && left->shared.subtree_last >= first) {
			node = node->rb_left; /* if none there begins early enough, none does */
			continue;
		}
		if (vma->vm_pgoff > last)
			return NULL;
		if (last_page(vma) >= first)
			return vma;
		node = node->rb_right;
	}
	return NULL;
}

struct vm_area_struct *vma_interval_tree_iter_first(struct rb_root *root, unsigned long first,
						    unsigned long last)
{
	return subtree_search(root->rb_node, first, last);
}

struct vm_area_struct *vma_interval_tree_iter_next(struct vm_area_struct *vma, unsigned long first,
						   unsigned long last)
{
	struct rb_node *node = &vma->shared.rb, *from;
	struct vm_area_struct *next = subtree_search(node->rb_right, first, last);

	while (!next) {
		do { /* up to the first of which we come from the left */
			from = node;
			node = rb_parent(node);
		} while (node && from == node->rb_right);
		if (!node || node_vma(node)->vm_pgoff > last)
			return NULL;
		if (last_page(node_vma(node)) >= first)
			return node_vma(node);
		next = subtree_search(node->rb_right, first, last);
	}
	return next;
}
