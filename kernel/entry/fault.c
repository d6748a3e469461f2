/*
 * Page faults: page in what may be, or turn what kernel/mm answers into a signal.
 * Linux: arch/x86/mm/fault.c
 *
 * The kernel itself may fault at an address of ring 3 only in a user copy. That fault is resolved
 * as if ring 3 had made it; when it cannot be, the copy returns an error instead of a signal.
 */
#include "kernel/entry/entry.h"
#include "kernel/mm/extable.h"
#include "kernel/mm/paging.h"
#include "kernel/process/process.h"

/* The access is not allowed. @sig: what ring 3 gets; a user copy gets an error. */
static void bad_area(struct pt_regs *regs, unsigned long address, int sig)
{
	if (!user_mode(regs)) {
		fix_up_or_die(regs, TRAP_PF, address);
		return;
	}
	user_fault_message(regs, TRAP_PF, address);
	force_sig(sig);
}

/* Does @vma forbid what was tried? */
static bool access_error(unsigned long error_code, const struct vm_area_struct *vma)
{
	if (error_code & PF_WRITE)
		return !(vma->vm_flags & VM_WRITE);
	if (error_code & PF_PROT) /* reading a page that is present: only a forbidden way faults */
		return true;
	return !(vma->vm_flags & VM_ACCESS);
}

static void mm_fault_error(struct pt_regs *regs, unsigned long address, vm_fault_t fault)
{
	if (!(fault & VM_FAULT_OOM)) {
		bad_area(regs, address, fault & VM_FAULT_SIGBUS ? SIGBUS : SIGSEGV);
		return;
	}
	pr_err("Out of memory: killed process %d (%s)\n", current->pid, current->comm);
	force_sig(SIGKILL);
	if (!user_mode(regs))
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
	struct vm_area_struct *vma = NULL;
	vm_fault_t fault;

	if (may_resolve(regs, error_code))
		vma = find_extend_vma(current->mm, address);
	if (!vma || access_error(error_code, vma)) {
		bad_area(regs, address, SIGSEGV);
		return;
	}
	fault = handle_mm_fault(vma, address, flags);
	if (fault & VM_FAULT_ERROR)
		mm_fault_error(regs, address, fault);
}

/* @address: CR2. Interrupts are as they were where the fault happened. */
void exc_page_fault(struct pt_regs *regs, unsigned long address)
{
	if (address < TASK_SIZE_MAX)
		do_user_addr_fault(regs, regs->orig_ax, address);
	else
		bad_area(regs, address, SIGSEGV);
}
