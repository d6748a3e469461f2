; The instructions that may touch memory that may not be there, and where to go when they fault.
; Linux: arch/x86/lib/copy_user_64.S
;
; Those that touch user memory follow the same steps:
;   Step 1  STAC: the CPU lets ring 0 reach user pages (SMAP)
;   Step 2  whole words, then single bytes
;   Step 3  CLAC: ring 0 cannot reach user pages any more
; An entry of __ex_table says "if this instruction faults and the fault cannot be resolved, go on
; there". A fault among the words starts over by bytes, so that everything before the bad byte is
; copied and the count of what was not is exact.
; Each STAC and CLAC is listed in smap_sites: a CPU without SMAP gets NOPs there at boot.

%include "smap.inc"

section .text

; unsigned long __copy_user(void *to, const void *from, unsigned long n): bytes NOT copied
global __copy_user:function (__copy_user.end - __copy_user)
__copy_user:
        STAC_SITE                               ; Step 1
        mov     rcx, rdx                        ; Step 2
        shr     rcx, 3
.words: rep     movsq
        mov     ecx, edx
        and     ecx, 7
.bytes: rep     movsb
.done:  CLAC_SITE                               ; Step 3
        mov     rax, rcx
        ret
.words_fault:
        and     edx, 7
        lea     rcx, [rdx + rcx * 8]
        jmp     .bytes
.end:
EX_TABLE __copy_user.words, __copy_user.words_fault
EX_TABLE __copy_user.bytes, __copy_user.done

; unsigned long __clear_user(void *to, unsigned long n): bytes NOT cleared
global __clear_user:function (__clear_user.end - __clear_user)
__clear_user:
        STAC_SITE                               ; Step 1
        xor     eax, eax                        ; Step 2
        mov     rcx, rsi
.bytes: rep     stosb
.done:  CLAC_SITE                               ; Step 3
        mov     rax, rcx
        ret
.end:
EX_TABLE __clear_user.bytes, __clear_user.done

; long __strncpy_user(char *to, const char *from, long count): bytes before the NUL,
; count when there was none, -1 at a fault
global __strncpy_user:function (__strncpy_user.end - __strncpy_user)
__strncpy_user:
        STAC_SITE                               ; Step 1
        xor     eax, eax                        ; Step 2
.next:  cmp     rax, rdx
        je      .done
.load:  mov     cl, [rsi + rax]
        mov     [rdi + rax], cl
        test    cl, cl
        jz      .done
        inc     rax
        jmp     .next
.fault: mov     rax, -1
.done:  CLAC_SITE                               ; Step 3
        ret
.end:
EX_TABLE __strncpy_user.load, __strncpy_user.fault

; unsigned long __copy_kernel(void *to, const void *from, unsigned long n): bytes NOT copied. This one
; is for ring 0's own memory, so it needs no STAC, and works in a panic before smap_sites was gone through.
global __copy_kernel:function (__copy_kernel.end - __copy_kernel)
__copy_kernel:
        mov     rcx, rdx
.bytes: rep     movsb
.done:  mov     rax, rcx
        ret
.end:
EX_TABLE __copy_kernel.bytes, __copy_kernel.done
