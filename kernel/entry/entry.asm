; The entry point of system calls. Linux: arch/x86/entry/entry_64.S
;
; What the instructions themselves do (Intel SDM vol. 2):
;   SYSCALL   rcx <- rip of the next instruction; r11 <- rflags; rflags &= ~SFMASK;
;             cs, ss <- from STAR; rip <- LSTAR. Nothing is pushed, rsp is still ring 3's.
;   SYSRET    rip <- rcx; rflags <- r11; cs, ss <- from STAR. rsp stays: we load it before.
;   SWAPGS    exchanges the GS base with MSR_KERNEL_GS_BASE: ring 3's for ours, or back.
;
;   Step 1   swapgs: now gs: reaches struct percpu
;   Step 2   park ring 3's rsp, take the task's kernel stack
;   Step 3   push what the CPU would push for a trap: ss, rsp, rflags, cs, rip (see ptregs.h)
;   Step 4   push the call's number and every general register; ax starts as -ENOSYS
;   Step 5   zero the registers: nothing of ring 3 reaches C, and rbp = 0 ends every backtrace
;   Step 6   ax = do_syscall_64(regs, the low 32 bits of rax); interrupts go on and off again inside
;   Step 7   may SYSRET end this call? Only when what it would load is what the frame says, and
;            the address is canonical: a bad rcx faults in ring 0 on ring 3's stack (CVE-2012-0217)
;   Step 8   yes: load what is not loaded yet (rax, rcx and r11 are), ring 3's rsp last; swapgs, sysret
;   Step 9   no: pop everything and let IRET load the whole frame
;
; Lines that begin with CFI make no instructions: they tell gdb where the registers of the caller are
; (kernel/cpu/cfi.inc). Leave them out when you read this for the first time.

%include "asm-offsets.inc"
%include "regs.inc"

        extern  do_syscall_64, schedule_tail, exit_to_user_mode, do_exit

section .text

global entry_SYSCALL_64:function (entry_SYSCALL_64.end - entry_SYSCALL_64)
entry_SYSCALL_64:
        CFI_BEGIN cfi_syscall
        swapgs                                          ; Step 1
        mov     [gs:PERCPU_user_sp], rsp                ; Step 2
        mov     rsp, [gs:PERCPU_kernel_stack]
        CFI cfi_parked
        push    __USER_DS                               ; Step 3
        push    qword [gs:PERCPU_user_sp]
        push    r11
        push    __USER_CS
        push    rcx
        CFI cfi_iret
        push    rax                                     ; Step 4: orig_ax
        CFI_PUSHED rax
        push    rdi
        CFI_PUSHED rdi
        PUSH_REGS -ENOSYS
        ZERO_REGS                                       ; Step 5
        mov     rdi, rsp                                ; Step 6
        mov     esi, eax
        call    do_syscall_64
        CFI_CALLED
        mov     [rsp + PT_RAX], rax

        mov     rcx, [rsp + PT_RIP]                     ; Step 7
        cmp     rcx, [rsp + PT_RCX]
        jne     return_by_iret
        mov     r11, [rsp + PT_EFLAGS]
        cmp     r11, [rsp + PT_R11]
        jne     return_by_iret
        cmp     qword [rsp + PT_CS], __USER_CS
        jne     return_by_iret
        cmp     qword [rsp + PT_SS], __USER_DS
        jne     return_by_iret
        mov     rdx, TASK_SIZE_MAX
        cmp     rcx, rdx
        jae     return_by_iret
        test    r11d, X86_EFLAGS_RF | X86_EFLAGS_TF
        jnz     return_by_iret

        inc     qword [gs:PERCPU_nr_sysret]             ; Step 8
        mov     r15, [rsp + PT_R15]
        mov     r14, [rsp + PT_R14]
        mov     r13, [rsp + PT_R13]
        mov     r12, [rsp + PT_R12]
        mov     rbp, [rsp + PT_RBP]
        mov     rbx, [rsp + PT_RBX]
        mov     r10, [rsp + PT_R10]
        mov     r9, [rsp + PT_R9]
        mov     r8, [rsp + PT_R8]
        mov     rdx, [rsp + PT_RDX]
        mov     rsi, [rsp + PT_RSI]
        mov     rdi, [rsp + PT_RDI]
        mov     rsp, [rsp + PT_RSP]
        CFI cfi_syscall
        swapgs
        o64 sysret
        CFI_END
.end:

global return_by_iret:function (return_by_iret.end - return_by_iret)
return_by_iret:                                         ; Step 9
        CFI_BEGIN cfi_regs
        inc     qword [gs:PERCPU_nr_iret]
        POP_REGS
        add     rsp, 8                                  ; orig_ax
        CFI_POPPED none
        swapgs
global native_irq_return_iret
native_irq_return_iret:                                 ; a bad frame faults here: see trap.asm
        iretq
        CFI_END
return_by_iret.end:

; SYSCALL from 32-bit compatibility code: there is none here. Nothing is touched but rax; interrupts
; are still off and the stack still ring 3's. Linux without CONFIG_IA32_EMULATION does the same.
global entry_SYSCALL_compat:function (entry_SYSCALL_compat.end - entry_SYSCALL_compat)
entry_SYSCALL_compat:
        CFI_BEGIN cfi_syscall
        mov     eax, -ENOSYS
        sysret
        CFI_END
.end:

; A new task starts here, when schedule() first switches to it. kernel/process/fork.c prepared the
; stack: rbx is the function to run in the kernel first (or 0), r12 its argument; above lie pt_regs.
;   Step 1   finish the switch that brought us here
;   Step 2   a kernel function first; if it fails there is nothing to return to
;   Step 3   to ring 3 by IRET, with whatever pt_regs say
global ret_from_fork:function (ret_from_fork.end - ret_from_fork)
ret_from_fork:
        CFI_BEGIN cfi_regs
        xor     ebp, ebp
        call    schedule_tail                           ; Step 1
        CFI_CALLED
        test    rbx, rbx                                ; Step 2
        jz      .user
        mov     rdi, r12
        call    rbx
        CFI_CALLED
        test    eax, eax
        jz      .user
        mov     edi, 0x7f00                             ; as wait4() reports exit(127)
        call    do_exit
        CFI_CALLED
.user:  mov     rdi, rsp                                ; Step 3
        call    exit_to_user_mode
        CFI_CALLED
        jmp     return_by_iret
        CFI_END
.end:

; void __switch_to_asm(unsigned long *prev_sp, unsigned long next_sp)
; Change stacks. What C expects to survive a call goes on the old one; the return address on the new
; one says where that task was. Linux: arch/x86/entry/entry_64.S:__switch_to_asm
global __switch_to_asm:function (__switch_to_asm.end - __switch_to_asm)
__switch_to_asm:
        CFI_BEGIN cfi_call
        push    rbp
        CFI_PUSHED rbp
        push    rbx
        CFI_PUSHED rbx
        push    r12
        CFI_PUSHED r12
        push    r13
        CFI_PUSHED r13
        push    r14
        CFI_PUSHED r14
        push    r15
        CFI_PUSHED r15
        mov     [rdi], rsp
        mov     rsp, rsi
        pop     r15
        CFI_POPPED r15
        pop     r14
        CFI_POPPED r14
        pop     r13
        CFI_POPPED r13
        pop     r12
        CFI_POPPED r12
        pop     rbx
        CFI_POPPED rbx
        pop     rbp
        CFI_POPPED rbp
        ret
        CFI_END
.end:
