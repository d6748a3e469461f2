/*
 * Page faults: let kernel/mm make the page present, or send a signal.
 * Linux: arch/x86/mm/fault.c
 *
 * The kernel itself may fault at an address of ring 3 only in a user copy. That fault is resolved
 * as if ring 3 had made it; when it cannot be, the copy returns an error instead of a signal.
 */
#include "kernel/entry/entry.h"
#include "kernel/fs/fs.h"
#include "kernel/mm/extable.h"
#include "kernel/mm/paging.h"
#include "kernel/process/process.h"

void page_fault_oops(const struct pt_regs *regs, unsigned long address)
{
	unsigned long error_code = regs->orig_ax;

	if (error_code & PF_INSTR && error_code & PF_PROT)
		pr_crit("kernel tried to execute NX-protected page - exploit attempt? (uid: %u)\n",
			from_kuid(&init_user_ns, current_uid()));
	if (address < PAGE_SIZE)
		pr_alert("BUG: kernel NULL pointer dereference, address: %016lx\n", address);
	else
		pr_alert("BUG: unable to handle page fault for address: %016lx\n", address);
	pr_alert("#PF: supervisor %s in kernel mode\n",
		 error_code & PF_INSTR ? "instruction fetch" :
		 error_code & PF_WRITE ? "write access" : "read access");
	pr_alert("#PF: error_code(0x%04lx) - %s\n", error_code,
		 !(error_code & PF_PROT) ? "not-present page" :
		 error_code & PF_RSVD ? "reserved bit violation" : "permissions violation");
	show_oops("Oops", regs, error_code);
	oops_end(SIGKILL);
}

void print_vma_addr(const char *prefix, unsigned long ip)
{
	const struct vm_area_struct *vma = current->mm ? find_vma(current->mm, ip) : NULL;

	if (vma && vma->vm_start <= ip && vma->vm_file)
		printk("%s%s[%lx+%lx]", prefix, vma->vm_file->f_path.dentry->d_name.name,
		       vma->vm_start, vma->vm_end - vma->vm_start);
}

static void show_signal_msg(const struct pt_regs *regs, unsigned long error_code,
			    unsigned long address)
{
	printk("%s%s[%d]: segfault at %lx ip %016lx sp %016lx error %lx",
	       is_global_init(current) ? KERN_EMERG : KERN_INFO, current->comm, current->pid,
	       address, regs->ip, regs->sp, error_code);
	print_vma_addr(KERN_CONT " in ", regs->ip);
	pr_cont(" likely on CPU 0 (core 0, socket 0)\n");
}

/* What the handler of the signal finds in its ucontext. */
static void set_signal_archinfo(unsigned long address, unsigned long error_code)
{
	current->thread.trap_nr = TRAP_PF;
	current->thread.error_code = error_code | PF_USER;
	current->thread.cr2 = address;
}

/*
 * The access is not allowed. @si_code: why not, for the SIGSEGV that ring 3 gets; a user copy gets
 * an error. The log must not tell ring 3 which addresses of the kernel's half are mapped.
 */
static void bad_area(struct pt_regs *regs, unsigned long address, int si_code)
{
	unsigned long error_code = regs->orig_ax | (address >= TASK_SIZE_MAX ? PF_PROT : 0);

	if (!user_mode(regs)) {
		fix_up_or_die(regs, TRAP_PF, address);
		return;
	}
	set_signal_archinfo(address, error_code);
	show_signal_msg(regs, error_code, address);
	force_sig_fault(SIGSEGV, si_code, (void __user *)address);
}

static void do_sigbus(struct pt_regs *regs, unsigned long address)
{
	if (!user_mode(regs)) {
		fix_up_or_die(regs, TRAP_PF, address);
		return;
	}
	set_signal_archinfo(address, regs->orig_ax);
	force_sig_fault(SIGBUS, BUS_ADRERR, (void __user *)address);
}

/* Does @vma forbid this access? */
static bool access_error(unsigned long error_code, const struct vm_area_struct *vma)
{
	if (error_code & PF_WRITE)
		return !(vma->vm_flags & VM_WRITE);
	if (error_code & PF_PROT) /* the page is present, so reading faults only if forbidden */
		return true;
	return !(vma->vm_flags & VM_ACCESS);
}

/* Without kernel/mman, who finds no memory is the one who has to end. */
void __weak noprobe out_of_memory(void)
{
	pr_err("Out of memory: killed process %d (%s)\n", current->pid, current->comm);
	force_sig(SIGKILL);
}

static void mm_fault_error(struct pt_regs *regs, unsigned long address, vm_fault_t fault)
{
	if (!(fault & VM_FAULT_OOM)) {
		if (fault & VM_FAULT_SIGBUS)
			do_sigbus(regs, address);
		else
			bad_area(regs, address, SEGV_MAPERR);
		return;
	}
	if (!fatal_signal_pending(current))
		out_of_memory();
	if (!user_mode(regs) && fatal_signal_pending(current))
		fix_up_or_die(regs, TRAP_PF, address);
}

/*
 * May this fault be resolved? One of ring 0 only if it comes from a user copy: its instructions are
 * in the exception table, and it has opened SMAP. A ring-3 instruction that reads memory with ring
 * 0's rights cannot be helped by a page either (QEMU 7.2: the frame of IRET).
 */
static bool may_resolve(const struct pt_regs *regs, unsigned long error_code)
{
	if (!current->mm || pagefault_disabled || error_code & PF_RSVD)
		return false;
	if (!user_mode(regs) && (error_code & PF_INSTR || !search_exception_table(regs->ip)))
		return false;
	return error_code & PF_USER || !cpu_features.smap || regs->flags & X86_EFLAGS_AC;
}

static void do_user_addr_fault(struct pt_regs *regs, unsigned long error_code,
			       unsigned long address)
{
	unsigned int flags = (error_code & PF_WRITE ? FAULT_FLAG_WRITE : 0) |
			     (error_code & PF_INSTR ? FAULT_FLAG_INSTRUCTION : 0) |
			     (user_mode(regs) ? FAULT_FLAG_USER : 0);
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;
	vm_fault_t fault;

	if (!may_resolve(regs, error_code)) {
		bad_area(regs, address, SEGV_MAPERR);
		return;
	}
	mmap_read_lock(mm);
	vma = find_extend_vma(mm, address);
	if (!vma || access_error(error_code, vma)) {
		mmap_read_unlock(mm);
		bad_area(regs, address, vma ? SEGV_ACCERR : SEGV_MAPERR);
		return;
	}
	fault = handle_mm_fault(vma, address, flags);
	mmap_read_unlock(mm);
	if (fault & VM_FAULT_ERROR)
		mm_fault_error(regs, address, fault);
	else
		account_usage(current, min_flt, 1);
}

/* @address: CR2. Interrupts are as they were where the fault happened. */
void exc_page_fault(struct pt_regs *regs, unsigned long address)
{
	if (address < TASK_SIZE_MAX)
		do_user_addr_fault(regs, regs->orig_ax, address);
	else
		bad_area(regs, address, SEGV_MAPERR);
}
