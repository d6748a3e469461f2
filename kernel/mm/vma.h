/*
 * Address spaces: struct mm_struct, its areas, and the calls that change them.
 * Linux: include/linux/mm_types.h, include/linux/mm.h
 */
#ifndef KERNEL_MM_VMA_H
#define KERNEL_MM_VMA_H

#include "kernel/lib/lib.h"
#include "kernel/lib/rbtree.h"
#include "kernel/lib/rwsem.h"
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
#define VM_LOCKED 0x2000ul      /* mlock(): all pages are present, and counted in locked_vm */
#define VM_DONTCOPY 0x20000ul   /* fork() leaves it out */
#define VM_LOCKONFAULT 0x80000ul /* with VM_LOCKED: pages come when they are used */
#define VM_ACCOUNT 0x100000ul   /* private and writable: counted as memory that is needed */
#define VM_NORESERVE 0x200000ul /* MAP_NORESERVE: not counted */
#define VM_WIPEONFORK 0x2000000ul /* empty in the child after fork() */
#define VM_LOCKED_MASK (VM_LOCKED | VM_LOCKONFAULT)
#define VM_ACCESS (VM_READ | VM_WRITE | VM_EXEC)
#define VM_DATA_FLAGS (VM_READ | VM_WRITE | VM_MAYWRITE)

/* What kind of access faulted. */
#define FAULT_FLAG_WRITE 0x01u
#define FAULT_FLAG_USER 0x40u         /* by ring 3 itself, not by a user copy of the kernel */
#define FAULT_FLAG_INSTRUCTION 0x100u

/* How a fault ended. 0: the access can be repeated; else some of these bits. */
typedef unsigned int vm_fault_t;
#define VM_FAULT_OOM 0x0001u     /* no memory */
#define VM_FAULT_SIGBUS 0x0002u  /* there is no such page in the object */
#define VM_FAULT_SIGSEGV 0x0040u /* the access is not allowed */
#define VM_FAULT_NOPAGE 0x0100u  /* ->fault() has set the page-table entry itself */
#define VM_FAULT_ERROR (VM_FAULT_OOM | VM_FAULT_SIGBUS | VM_FAULT_SIGSEGV)

struct vm_fault {
	struct vm_area_struct *vma;
	unsigned long address; /* page aligned */
	unsigned long pgoff;   /* the page's number in the object behind the area */
	unsigned int flags;    /* FAULT_FLAG_* */
	struct page *page;     /* ->fault() leaves the page here, with a reference for its caller */
};

struct vm_operations_struct {
	/* Find the page for @vmf. 0: it is in vmf->page; otherwise VM_FAULT_*. */
	vm_fault_t (*fault)(struct vm_fault *vmf);
	/*
	 * For an owner who counts the areas of his object. open: fork() or a split has made one
	 * more; close: one is gone. The reference on vm_file is counted by kernel/mm, not by these.
	 */
	void (*open)(struct vm_area_struct *vma);
	void (*close)(struct vm_area_struct *vma);
};

struct vm_area_struct {
	struct mm_struct *vm_mm;
	unsigned long vm_start, vm_end; /* page aligned, end exclusive */
	unsigned long vm_flags;
	unsigned long vm_pgoff; /* offset of vm_start in vm_file, pages */
	struct file *vm_file;   /* with a reference; NULL: anonymous */
	const struct vm_operations_struct *vm_ops; /* NULL: anonymous */
	void *vm_private_data;                     /* for the functions in vm_ops */
	struct rb_node vm_rb; /* in mm->mm_rb, by address */
	struct list_head vm_list; /* in mm->mmap, in the same order */
	struct {
		struct rb_node rb; /* with a file: among all areas that map it */
		unsigned long subtree_last;
	} shared;
	unsigned long gap, subtree_gap; /* bytes free below it; no more below any of its subtree */
};

struct mm_struct {
	refcount_t mm_users; /* tasks, and who else uses the memory */
	refcount_t mm_count; /* who keeps the struct; all users together are one */
	struct rw_semaphore mmap_lock; /* protects the areas and what is said about them below */
	unsigned int tlb_flush_pending; /* tasks that are changing page-table entries */
	u64 *pgd;
	struct list_head mmap; /* the areas, by address */
	struct rb_root mm_rb;  /* and as a tree */
	unsigned int map_count; /* areas */
	bool dumpable;           /* may others of the same user look into it? prctl(PR_SET_DUMPABLE) */
	bool mmap_topdown;       /* new areas go below mmap_base, downwards */
	unsigned long mmap_base;
	/* No hole from here to mmap_base has as many bytes; 0: that is not known. */
	unsigned long free_area_cache, cached_hole_size;
	/* Pages of all areas; of private writable ones; of VM_LOCKED ones; and those that are present. */
	unsigned long total_vm, data_vm, locked_vm, rss;
	unsigned long hiwater_vm, hiwater_rss; /* the most of total_vm and rss when some were given back */
	unsigned long pgtables; /* pages of page tables, but the top one */
	bool oom_victim, oom_reaped; /* it is to end; and its private pages are gone already */
	unsigned long def_flags; /* mlockall(): of new areas */
	unsigned long start_data, end_data; /* the initialised data of the program */
	unsigned long start_brk, brk;
	unsigned long start_stack;
	unsigned long start_code, end_code, arg_start, arg_end, env_start, env_end;
	struct file *exe_file; /* the program it runs, with a reference; nobody may write to it */
};

/* The most pages of @mm that have been present at once. Linux: include/linux/mm.h */
static inline unsigned long get_mm_hiwater_rss(const struct mm_struct *mm)
{
	return max(mm->hiwater_rss, mm->rss);
}

/* A new, empty address space that shares the kernel half. NULL when there is no memory. */
struct mm_struct *mm_alloc(void);

/*
 * A copy-on-write copy of @old, for fork(). NULL when there is no memory, or when a signal is about to
 * end current.
 */
struct mm_struct *dup_mm(struct mm_struct *old);

/* Drop a user; the last one frees every page, table and area. */
void mmput(struct mm_struct *mm);

/* Keep the struct, but not the memory; one who has it becomes a user, unless there is none any more. */
static inline void mmgrab(struct mm_struct *mm)
{
	refcount_inc(&mm->mm_count);
}

void mmdrop(struct mm_struct *mm);

static inline bool mmget_not_zero(struct mm_struct *mm)
{
	if (!refcount_read(&mm->mm_users))
		return false;
	refcount_inc(&mm->mm_users);
	return true;
}

/*
 * Load @mm (NULL: the kernel's own tables) into CR3. While somebody changes entries of @mm, the CPU
 * also forgets those it has cached.
 */
void switch_mm(struct mm_struct *mm);

/* The lowest area that ends above @addr, or NULL; the lowest that overlaps [@start, @end). */
struct vm_area_struct *find_vma(struct mm_struct *mm, unsigned long addr);
struct vm_area_struct *find_vma_intersection(struct mm_struct *mm, unsigned long start,
					     unsigned long end);

extern unsigned long sysctl_max_map_count; /* areas an address space may have */

/* Choose where new areas go in @mm, so that a stack of @stack_limit bytes has room. */
void arch_pick_mmap_layout(struct mm_struct *mm, unsigned long stack_limit);

/*
 * Where @len bytes, a multiple of a page, can go: at @addr itself with MAP_FIXED, else preferably
 * there (0: anywhere). Returns the address or -ENOMEM, -EINVAL, -EPERM: below vm.mmap_min_addr.
 */
unsigned long get_unmapped_area(struct mm_struct *mm, unsigned long addr, unsigned long len,
				unsigned long map_flags);
/* Round the address that a caller prefers to one that get_unmapped_area() accepts. */
unsigned long round_hint_to_min(unsigned long hint);

/*
 * Map @len bytes at @addr, which get_unmapped_area() chose, with VM_* @vm_flags; what was there is
 * unmapped. @file: what backs it, from page @pgoff on, or NULL for anonymous memory. The area takes
 * its own reference, and f_op->mmap() sets its vm_ops.
 * Returns @addr or -ENOMEM, or what f_op->mmap() said.
 */
unsigned long mmap_region(struct mm_struct *mm, unsigned long addr, unsigned long len,
			  unsigned long vm_flags, struct file *file, unsigned long pgoff);

/* The same at exactly @addr. -EEXIST: something is mapped there; other errors as above. */
unsigned long mmap_fixed(struct mm_struct *mm, unsigned long addr, unsigned long len,
			 unsigned long vm_flags, struct file *file, unsigned long pgoff);

/* Unmap [@addr, @addr + @len). -EINVAL: no such range; -ENOMEM: no memory to cut an area in two. */
int do_munmap(struct mm_struct *mm, unsigned long addr, unsigned long len);

/* The overcommit heuristic: refuses only what is larger than all of RAM. 0 or -ENOMEM. */
int vm_enough_memory(unsigned long pages);

/* Move the end of the heap to @brk if that can be done. Returns where it is now. */
unsigned long do_brk(struct mm_struct *mm, unsigned long brk);

/*
 * Make the page at @addr of @mm present and writable from the kernel (a private copy if need be)
 * and return its direct-map address, or NULL. exec() fills the stack of a new program by it.
 */
void *mm_writable_page(struct mm_struct *mm, unsigned long addr);

/* The page that is mapped at @addr of @vma, without a reference, or NULL: none is. */
struct page *follow_page(struct vm_area_struct *vma, unsigned long addr);

/* The area @addr lies in, or the one above it when that may and can grow down to @addr; or NULL. */
struct vm_area_struct *find_extend_vma(struct mm_struct *mm, unsigned long addr);

/*
 * Make @vma, which is VM_GROWSDOWN, begin at the page of @address below it. 0, or -ENOMEM: that
 * goes beyond RLIMIT_STACK, or too near to the area below.
 */
int expand_stack(struct vm_area_struct *vma, unsigned long address);

/*
 * Make the page at @address of @vma present, and writable if the fault was a write. The caller has
 * checked that @vma allows the access. @flags: FAULT_FLAG_*.
 */
vm_fault_t handle_mm_fault(struct vm_area_struct *vma, unsigned long address, unsigned int flags);

void mm_init(void); /* at boot, after kmem_cache_init() */

/* A kernel stack of THREAD_SIZE bytes above an unmapped guard page, or NULL. */
void *alloc_thread_stack(void);
void free_thread_stack(void *stack);

/*
 * Called by kernel/mm and defined above it, in kernel/process: these functions use struct file,
 * which belongs to kernel/fs, or the limits of a task.
 */
int call_mmap(struct file *file, struct vm_area_struct *vma); /* f_op->mmap() */
void get_vma_file(struct vm_area_struct *vma);                /* one reference of vm_file more */
void put_vma_file(struct vm_area_struct *vma);                /* one less */
/*
 * @new_exe_file is the program in @mm, NULL for none: @mm holds a reference, and nobody may write
 * to the file. 0, or -EACCES when somebody does.
 */
int set_mm_exe_file(struct mm_struct *mm, struct file *new_exe_file);
unsigned long rlimit_stack(void); /* RLIMIT_STACK of current, bytes */

/*
 * The resource limits of current, in kernel/mman/limits.c; without that file there are none.
 * May @mm get an area with @vm_flags at @addr? (RLIMIT_AS, RLIMIT_DATA) What is there now goes.
 */
bool may_map(struct mm_struct *mm, unsigned long vm_flags, unsigned long addr, unsigned long len);
/* 0, or -EAGAIN: @len bytes with @vm_flags would be more than may be VM_LOCKED. */
int mlock_future_check(const struct mm_struct *mm, unsigned long vm_flags, unsigned long len);
bool can_do_mlock(void); /* May current lock anything at all? */

/*
 * Make the pages of [@start, @start + @len) of current->mm present, as far as that is possible. Takes
 * mmap_lock for reading. In kernel/mman/gup.c; without that file pages come when they are used.
 */
void mm_populate(unsigned long start, unsigned long len);

/*
 * A page fault of current found no memory: make a process end that uses much. May sleep; current holds
 * no mmap_lock. If it is current, a fatal signal is pending then; otherwise the access can be repeated.
 * In kernel/mman/oom_kill.c; without that file it is always current.
 */
void out_of_memory(void);

#endif
