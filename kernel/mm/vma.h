/*
 * Address spaces: struct mm_struct, its areas, and the calls that change them.
 * Linux: include/linux/mm_types.h, mm/mmap.c, mm/memory.c
 */
#ifndef KERNEL_MM_VMA_H
#define KERNEL_MM_VMA_H

#include "kernel/lib/lib.h"
#include "kernel/mm/memlayout.h"
#include "kernel/mm/page.h"

struct file;
struct pt_regs;
struct vm_area_struct;

#define VM_READ 0x1ul
#define VM_WRITE 0x2ul
#define VM_EXEC 0x4ul
#define VM_SHARED 0x8ul
#define VM_MAYWRITE 0x20ul   /* mprotect() may add VM_WRITE */
#define VM_GROWSDOWN 0x100ul
#define VM_DENYWRITE 0x800ul /* a program runs from vm_file: nobody may write to that */
#define VM_ACCESS (VM_READ | VM_WRITE | VM_EXEC)

struct vm_operations_struct {
	/*
	 * The page that backs page @pgoff of the object behind @vma, with a reference for the
	 * caller; ERR_PTR(-EFAULT) past its end (SIGBUS), ERR_PTR(-ENOMEM).
	 */
	struct page *(*fault)(struct vm_area_struct *vma, unsigned long pgoff);
	/* The area now exists once more / once less: count references of vm_file. */
	void (*open)(struct vm_area_struct *vma);
	void (*close)(struct vm_area_struct *vma);
};

struct vm_area_struct {
	unsigned long vm_start, vm_end; /* page aligned, end exclusive */
	unsigned long vm_flags;
	unsigned long vm_pgoff; /* offset of vm_start in vm_file, pages */
	struct file *vm_file;   /* NULL: anonymous. Opaque to mm; counted by vm_ops */
	const struct vm_operations_struct *vm_ops;
	struct list_head list; /* in mm->mmap, by address */
};

struct mm_struct {
	refcount_t mm_users;
	u64 *pgd;
	struct list_head mmap;
	unsigned long start_brk, brk;
	unsigned long start_stack;
	unsigned long stack_limit; /* RLIMIT_STACK, bytes: how far a VM_GROWSDOWN area may grow */
};

/* A new, empty address space that shares the kernel half. NULL when there is no memory. */
struct mm_struct *mm_alloc(void);

/* A copy-on-write copy of @old, for fork(). NULL when there is no memory. */
struct mm_struct *dup_mm(struct mm_struct *old);

/* Drop a user; the last one frees every page, table and area. */
void mmput(struct mm_struct *mm);

/* Load @mm (NULL: the kernel's own tables) into CR3. */
void switch_mm(struct mm_struct *mm);

struct vm_area_struct *find_vma(struct mm_struct *mm, unsigned long addr);

/*
 * Where @len bytes can go: at @addr (exactly there with MAP_FIXED or MAP_FIXED_NOREPLACE, else it
 * is a hint). Returns the address or -ENOMEM, -EINVAL, -EEXIST, -EPERM.
 */
unsigned long get_unmapped_area(struct mm_struct *mm, unsigned long addr, unsigned long len,
				unsigned long map_flags);

/*
 * Map @len bytes at @addr, which get_unmapped_area() chose, with VM_* @vm_flags.
 * @file/@ops/@pgoff: what backs it, or NULL, NULL, 0 for anonymous memory; takes its own reference
 * through ops->open. Returns @addr or -ENOMEM.
 */
unsigned long mmap_region(struct mm_struct *mm, unsigned long addr, unsigned long len,
			  unsigned long vm_flags, unsigned long map_flags, struct file *file,
			  const struct vm_operations_struct *ops, unsigned long pgoff);

/* Both, one after the other. */
unsigned long do_mmap(struct mm_struct *mm, unsigned long addr, unsigned long len,
		      unsigned long vm_flags, unsigned long map_flags, struct file *file,
		      const struct vm_operations_struct *ops, unsigned long pgoff);
int do_munmap(struct mm_struct *mm, unsigned long addr, unsigned long len);

/*
 * Set the VM_READ, VM_WRITE and VM_EXEC of the range. -ENOMEM at a page that is not mapped, -EACCES
 * at an area that must not become writable; the pages before it are changed all the same.
 */
int do_mprotect(struct mm_struct *mm, unsigned long addr, unsigned long len,
		unsigned long vm_flags);

/* Move the end of the heap to @brk if that can be done. Returns where it is now. */
unsigned long do_brk(struct mm_struct *mm, unsigned long brk);

/*
 * Make the page at @addr of @mm present and writable from the kernel (a private copy if need be)
 * and return its direct-map address, or NULL. For exec to fill a stack nobody runs on yet.
 */
void *mm_writable_page(struct mm_struct *mm, unsigned long addr);

/*
 * Resolve a fault at @addr: 0 when the access may be retried, else the signal it deserves:
 * SIGSEGV, SIGBUS, or SIGKILL when there is no memory.
 * @error_code: the CPU's, Intel SDM vol. 3 §4.7.
 */
int handle_mm_fault(struct mm_struct *mm, unsigned long addr, unsigned long error_code);

void mm_init(void); /* at boot, after kmem_cache_init() */

/* For kernel/mm's own files. */
struct vm_area_struct *vma_split(struct vm_area_struct *vma, unsigned long addr);
void zap_page_range(struct mm_struct *mm, unsigned long start, unsigned long end);
void change_protection(struct mm_struct *mm, struct vm_area_struct *vma);
int copy_page_range(struct mm_struct *dst, struct mm_struct *src, struct vm_area_struct *vma);
void free_pgtables(struct mm_struct *mm);
struct vm_area_struct *vma_dup(const struct vm_area_struct *vma);
bool expand_stack(struct mm_struct *mm, struct vm_area_struct *vma, unsigned long addr);

void mmap_init(void); /* its cache */

/* A kernel stack of THREAD_SIZE bytes above an unmapped guard page, or NULL. */
void *alloc_thread_stack(void);
void free_thread_stack(void *stack);

#endif
