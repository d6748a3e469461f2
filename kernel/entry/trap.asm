; The entry points of traps and interrupts: 256 gates, and the code they share.
; Intel SDM vol. 3 §6.12-6.14; Linux: arch/x86/entry/entry_64.S
;
; What the CPU does: takes the stack (TSS.RSP0 from ring 3, an interrupt stack if the gate names
; one, else goes on with the same, aligned to 16), pushes ss rsp rflags cs rip, for some vectors an
; error code, clears IF and TF. It leaves AC and DF as they were: ring 3 may have set both.
;
;   Step 1   CLAC, first of all: with AC set, SMAP would be off in here
;   Step 2   a zero where there is no error code, so that all frames look alike (see ptregs.h)
;   Step 3   push the registers, clear DF
;   Step 4   from ring 3: swapgs, rbp = 0. From ring 0: rbp = address of pt_regs + 1, so that
;            a backtrace goes on with what was interrupted
;   Step 5   do_trap(regs, vector)
;   Step 6   back by IRET
;
; The IRET to ring 3 may itself fault, in ring 0 but with ring 3's GS base, when the frame is one
; the CPU does not take, such as an address that is not canonical: that ends the task (Step 4c).
;
; #DF, NMI, #DB and #MC may hit anywhere, even between SYSCALL and swapgs. They have stacks of their
; own, and Step 4 is more careful:
;   Step 4a  from ring 3: as above, then move the frame to the task's stack, where one may sleep or die
;   Step 4b  from ring 0: swapgs only if the GS base is still ring 3's; rbx remembers
;
; Lines that begin with CFI make no instructions: they are for gdb (kernel/cpu/cfi.inc).

%include "asm-offsets.inc"
%include "regs.inc"
%include "smap.inc"

        extern  do_trap, bad_iret, exit_to_user_mode, return_by_iret, native_irq_return_iret

VECTOR_DB  equ 1
VECTOR_NMI equ 2
VECTOR_DF  equ 8
VECTOR_MC  equ 18

; Vectors whose gate pushes an error code: 8 10-14 17 21 29 30. Intel SDM vol. 3 table 6-1
%define HAS_ERROR_CODE(v) ((v) < 32 && ((0x60227d00 >> (v)) & 1))
%define HAS_OWN_STACK(v) ((v) == VECTOR_DB || (v) == VECTOR_NMI || (v) == VECTOR_DF || (v) == VECTOR_MC)

%macro PUSH_REGS_AND_CLEAR 0
        PUSH_REGS rax
        cld
        mov     esi, edi                                ; the vector
        xor     eax, eax
        ZERO_REGS
%endmacro

%macro RESTORE_AND_IRET 0                               ; to ring 0
        POP_REGS
        add     rsp, 8                                  ; orig_ax
        CFI_POPPED none
        iretq
%endmacro

section .text

%assign v 0
%rep 256
trap_gate_%[v]:
        CFI_BEGIN cfi_iret
  %if HAS_ERROR_CODE(v)
        CFI_PUSHED none
        CLAC_SITE                                       ; Step 1
  %else
        CLAC_SITE
        push    0                                       ; Step 2
        CFI_PUSHED none
  %endif
        push    rdi
        CFI_PUSHED rdi
        mov     edi, v
  %if HAS_OWN_STACK(v)
        jmp     trap_own_stack
  %else
        jmp     trap_common
  %endif
        CFI_END
  %assign v v + 1
%endrep

global trap_common:function (trap_common.end - trap_common)
trap_common:
        CFI_BEGIN cfi_iret
        CFI_PUSHED none, rdi
        PUSH_REGS_AND_CLEAR                             ; Step 3
        mov     rdi, rsp
        test    byte [rsp + PT_CS], 3                   ; Step 4
        jz      .from_kernel
        swapgs
.on_task_stack:
        call    do_trap                                 ; Step 5
        CFI_CALLED
        mov     qword [rsp + PT_ORIG_RAX], -1           ; Step 6: no system call is to start again
        mov     rdi, rsp
        call    exit_to_user_mode
        CFI_CALLED
        jmp     return_by_iret
.from_kernel:
        lea     rbp, [rsp + 1]
        mov     rax, native_irq_return_iret
        cmp     [rsp + PT_RIP], rax
        je      .bad_iret
        call    do_trap                                 ; Step 5
        CFI_CALLED
        RESTORE_AND_IRET                                ; Step 6
.bad_iret:
        CFI cfi_regs
        swapgs                                          ; Step 4c
        call    bad_iret
        CFI_CALLED
        ud2                                             ; it does not return
        CFI_END
.end:

global trap_own_stack:function (trap_own_stack.end - trap_own_stack)
trap_own_stack:
        CFI_BEGIN cfi_iret
        CFI_PUSHED none, rdi
        PUSH_REGS_AND_CLEAR                             ; Step 3
        test    byte [rsp + PT_CS], 3
        jz      .from_kernel
        swapgs                                          ; Step 4a
        mov     rdx, rsi
        mov     rsi, rsp
        mov     rdi, [gs:PERCPU_kernel_stack]
        sub     rdi, PT_SIZE
        mov     ecx, PT_SIZE / 8
        rep     movsq
        lea     rsp, [rdi - PT_SIZE]
        mov     rdi, rsp
        mov     rsi, rdx
        jmp     trap_common.on_task_stack
.from_kernel:
        mov     ecx, MSR_GS_BASE                        ; Step 4b
        rdmsr
        test    edx, edx
        js      .gs_is_ours
        swapgs
        inc     ebx
.gs_is_ours:
        mov     rdi, rsp
        lea     rbp, [rsp + 1]
        call    do_trap                                 ; Step 5
        CFI_CALLED
        test    ebx, ebx
        jz      .return
        swapgs
.return:
        RESTORE_AND_IRET                                ; Step 6
        CFI_END
.end:

section .rodata
align 8
global trap_gates
trap_gates:
%assign v 0
%rep 256
        dq      trap_gate_%[v]
  %assign v v + 1
%endrep
