; The trampoline to which a watched function returns. Linux: arch/x86/kernel/rethook.c
;
; It is reached by RET. rsp is one word above the slot that held its address, and all registers are
; as the function left them.
;   Step 1   build pt_regs with the values after the return; their top word lies in the slot itself
;   Step 2   rbp = address of pt_regs + 1: a backtrace continues with their values
;   Step 3   rethook_trampoline_handler(regs): runs the handlers, returns the real address
;   Step 4   put it into the slot, restore all registers and the flags, and RET once more
;
; Lines that begin with CFI make no instructions: they are for gdb (kernel/cpu/cfi.inc).

%include "asm-offsets.inc"
%include "regs.inc"

        extern  rethook_trampoline_handler

section .text
global arch_rethook_trampoline:function (arch_rethook_trampoline.end - arch_rethook_trampoline)
arch_rethook_trampoline:
        CFI_BEGIN cfi_unknown
        push    __KERNEL_DS                     ; Step 1: ss, in the slot
        push    rsp
        pushfq                                  ; the flags, before an ADD changes them
        add     qword [rsp + 8], 8              ; sp as after the return
        cli
        push    __KERNEL_CS
        push    arch_rethook_trampoline         ; ip: the handler writes the real one
        CFI cfi_iret
        push    -1                              ; orig_ax
        CFI_PUSHED none
        push    rdi
        CFI_PUSHED rdi
        PUSH_REGS rax
        cld
        mov     rdi, rsp
        lea     rbp, [rsp + 1]                  ; Step 2
        call    rethook_trampoline_handler      ; Step 3
        mov     [rsp + PT_SS], rax              ; Step 4
        CFI_RETURN_ADDRESS
        POP_REGS
        add     rsp, 24                         ; orig_ax, ip, cs
        CFI_POPPED none, none, none
        popfq
        CFI_POPPED none
        lea     rsp, [rsp + 8]                  ; sp; LEA leaves the flags alone
        CFI cfi_call
        ret
        CFI_END
.end:

; A function that only returns. Linux: lib/error-inject.c, arch/x86/lib/error-inject.c
global just_return_func:function (just_return_func.end - just_return_func)
just_return_func:
        CFI_BEGIN cfi_call
        ret
        CFI_END
.end:

; void override_function_with_return(struct pt_regs *regs)
global override_function_with_return:function (override_function_with_return.end - override_function_with_return)
override_function_with_return:
        CFI_BEGIN cfi_call
        mov     rax, just_return_func
        mov     [rdi + PT_RIP], rax
        ret
        CFI_END
.end:
