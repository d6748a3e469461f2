; The FPU state, straight to ring 3's memory and back: one copy of 512 bytes less for each signal.
; Linux: arch/x86/kernel/fpu/signal.c, arch/x86/include/asm/fpu/internal.h
;
;   Step 1  STAC: the CPU lets ring 0 reach user pages (SMAP)
;   Step 2  FXSAVE64 or FXRSTOR64. A fault that cannot be resolved goes to .fault, also the #GP for an
;           address that is not a multiple of 16, and for reserved bits of MXCSR
;   Step 3  CLAC

%include "smap.inc"

section .text

; int fxsave_to_user(void *to): 0, or 1 if it cannot be written. Also stores 0 where XSAVE's frame would
; have its magic number, so that nobody takes what was there for one.
global fxsave_to_user:function (fxsave_to_user.end - fxsave_to_user)
fxsave_to_user:
        STAC_SITE                               ; Step 1
        xor     eax, eax
.save:  fxsave64 [rdi]                          ; Step 2
.magic: mov     [rdi + 464], rax
.done:  CLAC_SITE                               ; Step 3
        ret
.fault: inc     eax
        jmp     .done
.end:
EX_TABLE fxsave_to_user.save, fxsave_to_user.fault
EX_TABLE fxsave_to_user.magic, fxsave_to_user.fault

; int fxrstor_from_user(const void *from, unsigned int reserved): 0, or 1 if it cannot be loaded.
; reserved: bits that MXCSR must not have. QEMU's CPU would load them.
global fxrstor_from_user:function (fxrstor_from_user.end - fxrstor_from_user)
fxrstor_from_user:
        STAC_SITE                               ; Step 1
        xor     eax, eax
.mxcsr: test    [rdi + 24], esi                 ; Step 2
        jnz     .fault
.load:  fxrstor64 [rdi]
.done:  CLAC_SITE                               ; Step 3
        ret
.fault: inc     eax
        jmp     .done
.end:
EX_TABLE fxrstor_from_user.mxcsr, fxrstor_from_user.fault
EX_TABLE fxrstor_from_user.load, fxrstor_from_user.fault
