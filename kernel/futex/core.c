/*
 * Which tasks wait for which word of memory, and the list of locks that a task leaves behind.
 * Linux: kernel/futex/core.c
 *
 * Waiters hang in the buckets of a hash table, so an operation looks at those of its own word and of
 * the few words that share its bucket. A page that is not in memory can make the kernel sleep. So the
 * word is read in two ways: where nobody may run in between, without bringing its page in; and when
 * that fails, by get_user(), after which everything is done again.
 */
#include <linux/log2.h>

#include "kernel/fs/fs.h"
#include "kernel/futex/internal.h"
#include "kernel/lib/init.h"

#define ROBUST_LIST_LIMIT 2048 /* entries of one list that are looked at: it may be circular */
#define MIN_BUCKETS 64
#define MAX_BUCKETS 16384 /* with 10,000 waiters elsewhere, not even one is in the bucket of a word */
#define PAGES_PER_BUCKET 16

struct futex_hash_bucket *futex_queues;
unsigned int futex_hashmask;

/* The more memory, the more tasks there can be. */
static int futex_init(void)
{
	unsigned long buckets = totalram_pages() / PAGES_PER_BUCKET;

	buckets = rounddown_pow_of_two(min(max(buckets, MIN_BUCKETS * 1ul), MAX_BUCKETS * 1ul));
	futex_queues = kcalloc(buckets, sizeof(*futex_queues), GFP_KERNEL);
	if (!futex_queues)
		return -ENOMEM;
	futex_hashmask = buckets - 1;
	for (unsigned long i = 0; i < buckets; i++)
		INIT_LIST_HEAD(&futex_queues[i].chain);
	return 0;
}
late_initcall(futex_init);

/* --- keys ----------------------------------------------------------------------------------- */

/* Is the page that current sees at @address the file's own, not a private copy of it? */
static bool is_page_of_file(struct vm_area_struct *vma, unsigned long address, unsigned long pgoff)
{
	struct page *page = find_get_page(vma->vm_file->f_inode->i_mapping, pgoff);

	if (!page)
		return false;
	put_page(page);
	return follow_page(vma, address) == page;
}

/*
 * The key of a word in @vma, whose page is present, and writable if the area is. In private memory
 * that can be written it is a page of the address space by now. One that can only be read never
 * changes, unless it is still the file's.
 */
static int key_of_area(struct vm_area_struct *vma, unsigned long address, struct futex_key *key)
{
	unsigned long pgoff = vma->vm_pgoff + ((address - vma->vm_start) >> PAGE_SHIFT);
	struct inode *inode = vma->vm_file ? vma->vm_file->f_inode : NULL;

	if (!(vma->vm_flags & VM_SHARED)) {
		if (vma->vm_flags & VM_WRITE) {
			key->place |= FUT_OFF_MMSHARED;
			return 0;
		}
		if (!inode || !is_page_of_file(vma, address, pgoff))
			return -EFAULT;
	}
	if (!inode)
		return -EFAULT;
	key->object = inode->i_sb;
	key->ino = inode->i_ino;
	key->place = (pgoff << PAGE_SHIFT) + address % PAGE_SIZE + FUT_OFF_INODE;
	return 0;
}

/*
 * Make the page present, and writable if its area is. With mmap_lock. 0, -EFAULT, -ENOMEM.
 * Linux: get_user_pages_fast(FOLL_WRITE) and, for FUTEX_READ, again without it
 */
static int fault_in_page(struct vm_area_struct *vma, unsigned long address, enum futex_access rw)
{
	unsigned int flags = FAULT_FLAG_WRITE;
	vm_fault_t fault;

	if (!vma)
		return -EFAULT;
	if (!(vma->vm_flags & VM_WRITE)) {
		if (rw == FUTEX_WRITE || !(vma->vm_flags & VM_READ))
			return -EFAULT;
		flags = 0;
	}
	fault = handle_mm_fault(vma, address, flags);
	if (fault & VM_FAULT_OOM)
		return -ENOMEM;
	return fault & VM_FAULT_ERROR ? -EFAULT : 0;
}

int get_shared_key(struct futex_key *key, enum futex_access rw)
{
	unsigned long address = key->place;
	struct vm_area_struct *vma;
	int err;

	mmap_read_lock(current->mm);
	vma = find_extend_vma(current->mm, address);
	err = fault_in_page(vma, address, rw);
	if (!err)
		err = key_of_area(vma, address, key);
	mmap_read_unlock(current->mm);
	return err;
}

/* --- the word ------------------------------------------------------------------------------- */

int futex_get_value_locked(u32 *dest, u32 __user *from)
{
	return copy_from_user_nofault(dest, from, sizeof(*dest));
}

int futex_cmpxchg_value_locked(u32 *curval, u32 __user *uaddr, u32 uval, u32 newval)
{
	int err = futex_get_value_locked(curval, uaddr);

	if (err || *curval != uval)
		return err;
	pagefault_disabled++;
	err = put_user(newval, uaddr);
	pagefault_disabled--;
	return err;
}

int fault_in_user_writeable(u32 __user *uaddr)
{
	void *page;

	mmap_read_lock(current->mm);
	page = mm_writable_page(current->mm, (unsigned long)uaddr);
	mmap_read_unlock(current->mm);
	return page ? 0 : -EFAULT;
}

/* --- waiters -------------------------------------------------------------------------------- */

void futex_queue(struct futex_q *q)
{
	q->task = current;
	list_add_tail(&q->list, &futex_hash(&q->key)->chain);
}

bool futex_unqueue(struct futex_q *q)
{
	if (list_empty(&q->list))
		return false;
	list_del_init(&q->list);
	return true;
}

void futex_wake_mark(struct futex_q *q)
{
	list_del_init(&q->list);
	wake_up_state(q->task, TASK_NORMAL);
}

/* --- robust lists --------------------------------------------------------------------------- */

/*
 * @uaddr was the word of a lock that current may have held: if so, say that its owner has died, and
 * wake one waiter. @pending: it may also have been released already, but nobody woken.
 * 0, or -1: the word cannot be used, and neither can the rest of the list.
 */
static int handle_futex_death(u32 __user *uaddr, bool pi, bool pending)
{
	u32 uval, nval, mval;

	if ((unsigned long)uaddr % sizeof(u32))
		return -1;
	do {
		if (get_user(uval, uaddr))
			return -1;
		if (pending && !pi && !uval) {
			futex_wake(uaddr, FLAGS_SHARED, 1, FUTEX_BITSET_MATCH_ANY);
			return 0;
		}
		if ((uval & FUTEX_TID_MASK) != (u32)current->pid)
			return 0;
		mval = (uval & FUTEX_WAITERS) | FUTEX_OWNER_DIED;
		if (futex_cmpxchg_value_locked(&nval, uaddr, uval, mval)) {
			if (fault_in_user_writeable(uaddr))
				return -1;
			nval = ~uval; /* once more */
		}
	} while (nval != uval);
	if (!pi && uval & FUTEX_WAITERS)
		futex_wake(uaddr, FLAGS_SHARED, 1, FUTEX_BITSET_MATCH_ANY);
	return 0;
}

/* Read a pointer of the list, and the bit in it. 0 or -EFAULT. */
static int fetch_robust_entry(struct robust_list __user **entry, struct robust_list __user **head,
			      bool *pi)
{
	unsigned long uentry;

	if (get_user(uentry, (unsigned long __user *)head))
		return -EFAULT;
	*entry = (void __user *)(uentry & ~1ul);
	*pi = uentry & 1;
	return 0;
}

static u32 __user *futex_of(struct robust_list __user *entry, long offset)
{
	return (u32 __user *)((unsigned long)entry + offset);
}

/* All of it is memory of ring 3, and need not be a list at all. */
static void exit_robust_list(struct task_struct *task)
{
	struct robust_list_head __user *head = task->robust_list;
	struct robust_list __user *entry, *next, *pending;
	bool pi, next_pi, pending_pi;
	int limit = ROBUST_LIST_LIMIT, err;
	long offset;

	if (fetch_robust_entry(&entry, &head->list.next, &pi) ||
	    get_user(offset, &head->futex_offset) ||
	    fetch_robust_entry(&pending, &head->list_op_pending, &pending_pi))
		return;
	while (entry != &head->list && limit--) {
		/* Who takes the lock may free the entry, so the next one is read before. */
		err = fetch_robust_entry(&next, &entry->next, &next_pi);
		if (entry != pending && handle_futex_death(futex_of(entry, offset), pi, false))
			return;
		if (err)
			return;
		entry = next;
		pi = next_pi;
		cond_resched();
	}
	if (pending)
		handle_futex_death(futex_of(pending, offset), pending_pi, true);
}

void futex_exit_release(struct task_struct *task)
{
	if (!task->robust_list)
		return;
	exit_robust_list(task);
	task->robust_list = NULL;
}

void futex_wake_tid(int __user *tidptr)
{
	futex_wake((u32 __user *)tidptr, FLAGS_SHARED, 1, FUTEX_BITSET_MATCH_ANY);
}
