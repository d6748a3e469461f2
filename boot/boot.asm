; Power-on to start_kernel(). A boot loader enters it in 32-bit protected mode, with paging and
; interrupts off.
;
;   GRUB (Multiboot2)            mb2_start    eax = 0x36d76289, ebx = boot information
;   qemu -kernel (PVH)           pvh_start    ebx = struct hvm_start_info
;
; What must happen, in this order:
;   Step 1   note the time stamp counter: boot cost is counted from the first instruction
;   Step 2   remember who booted us and where his information lies
;   Step 3   a stack; then make sure the CPU has long mode, or say so and stop
;   Step 4   page tables: the first 4 GiB, 2 MiB pages, seen at three places:
;              0                       identity, so that the next instruction is still there
;              PAGE_OFFSET             where the direct map will be
;              __START_KERNEL_map      -2 GiB, where the kernel is linked (first GiB only)
;   Step 5   PAE, EFER.LME, paging on: the CPU is now in compatibility mode
;   Step 6   a far jump through a 64-bit code segment: long mode
;   Step 7   jump to the linked address at -2 GiB and call start_kernel(magic, info)
;
; Intel SDM vol. 3 §10.8.5 (entering long mode); Multiboot2 §3.1; Xen docs/misc/pvh.pandoc.

%include "asm-offsets.inc"

%define PHYS(sym) (sym - __START_KERNEL_map)

MB2_MAGIC       equ 0xe85250d6
MB2_TAG_ENTRY   equ 3
XEN_ELFNOTE_PHYS32_ENTRY equ 18
PVH_MAGIC       equ 0x336ec578      ; ours to pass on: PVH itself puts no magic in a register
COM1            equ 0x3f8
DEBUGCON        equ 0xe9
DEBUG_EXIT      equ 0xf4

        extern  start_kernel, boot_stack_top, boot_tsc

section .multiboot progbits alloc noexec nowrite align=8
mb2_header:
        dd      MB2_MAGIC
        dd      0                                       ; architecture: i386 protected mode
        dd      mb2_end - mb2_header
        dd      -(MB2_MAGIC + 0 + (mb2_end - mb2_header)) & 0xffffffff
        dw      MB2_TAG_ENTRY, 0
        dd      12
        dd      PHYS(mb2_start)
        dd      0                                       ; tags are 8-byte aligned
        dw      0, 0                                    ; end tag
        dd      8
mb2_end:

section .note.pvh note alloc noexec nowrite align=4
        dd      4, 8, XEN_ELFNOTE_PHYS32_ENTRY
        db      "Xen", 0
        dq      PHYS(pvh_start)

section .text
bits 32

global pvh_start:function
pvh_start:
        mov     eax, PVH_MAGIC
global mb2_start:function
mb2_start:
        cli
        cld
        mov     edi, eax                                ; Step 2 (Step 1 needs eax and edx)
        mov     esi, ebx
        rdtsc                                           ; Step 1
        mov     [PHYS(boot_tsc)], eax
        mov     [PHYS(boot_tsc) + 4], edx
        mov     esp, PHYS(boot_stack_top)               ; Step 3
        call    check_long_mode

        mov     ecx, PHYS(boot_pd)                      ; Step 4: 4 x 512 entries of 2 MiB
        mov     eax, PTE_PRESENT | PTE_WRITE | PTE_HUGE
        xor     edx, edx
.fill:  mov     [ecx], eax
        mov     [ecx + 4], edx
        add     ecx, 8
        add     eax, PMD_SIZE
        jnc     .fill                                   ; wraps at 4 GiB
        mov     eax, PHYS(boot_pd) + (PTE_PRESENT | PTE_WRITE)
        mov     [PHYS(boot_pdpt_high) + 510 * 8], eax
        mov     ecx, PHYS(boot_pdpt)
.pdpt:  mov     [ecx], eax
        add     ecx, 8
        add     eax, PAGE_SIZE
        cmp     ecx, PHYS(boot_pdpt) + 4 * 8
        jne     .pdpt
        mov     dword [PHYS(boot_pml4)], PHYS(boot_pdpt) + (PTE_PRESENT | PTE_WRITE)
        mov     dword [PHYS(boot_pml4) + PAGE_OFFSET_PML4 * 8], \
                PHYS(boot_pdpt) + (PTE_PRESENT | PTE_WRITE)
        mov     dword [PHYS(boot_pml4) + 511 * 8], \
                PHYS(boot_pdpt_high) + (PTE_PRESENT | PTE_WRITE)

        mov     eax, cr4                                ; Step 5
        or      eax, CR4_PAE
        mov     cr4, eax
        mov     eax, PHYS(boot_pml4)
        mov     cr3, eax
        mov     ecx, MSR_EFER
        rdmsr
        or      eax, EFER_LME
        wrmsr
        mov     eax, cr0
        or      eax, CR0_PG
        mov     cr0, eax

        lgdt    [PHYS(boot_gdt.pointer)]                ; Step 6
        jmp     __KERNEL_CS:PHYS(long_mode)

; Returns when CPUID says that the CPU can do long mode. Intel SDM vol. 2, CPUID.80000001H:EDX[29]
check_long_mode:
        pushfd                                          ; CPUID exists if EFLAGS.ID can be flipped
        pop     eax
        mov     ecx, eax
        xor     eax, 1 << 21
        push    eax
        popfd
        pushfd
        pop     eax
        xor     eax, ecx
        test    eax, 1 << 21
        jz      .missing
        mov     eax, 0x80000000
        cpuid
        cmp     eax, 0x80000001
        jb      .missing
        mov     eax, 0x80000001
        cpuid
        test    edx, 1 << 29
        jz      .missing
        ret
.missing:
        mov     esi, PHYS(no_long_mode)
.putc:  mov     dx, COM1 + 5                            ; until the transmitter is empty
        in      al, dx
        test    al, 0x20
        jz      .putc
        lodsb
        test    al, al
        jz      .stop
        mov     dx, COM1
        out     dx, al
        out     DEBUGCON, al
        jmp     .putc
.stop:  mov     al, HALT_PANIC
        out     DEBUG_EXIT, al
.halt:  cli
        hlt
        jmp     .halt

bits 64
long_mode:
        mov     eax, __KERNEL_DS
        mov     ss, eax
        xor     eax, eax
        mov     ds, eax
        mov     es, eax
        mov     fs, eax
        mov     gs, eax
        mov     rax, .high                              ; Step 7
        jmp     rax
.high:  mov     rsp, boot_stack_top
        xor     ebp, ebp                                ; the backtrace ends here
        mov     edi, edi                                ; upper halves are not defined across Step 6
        mov     esi, esi
        call    start_kernel
        ud2

section .rodata
no_long_mode:
        db      "ringwalk: this CPU has no long mode (64-bit x86); "
        db      "use a 64-bit CPU, such as QEMU's -cpu max", 13, 10, 0

align 8
boot_gdt:
        dq      0, 0
        dq      0x00af9b000000ffff                      ; __KERNEL_CS: 64-bit code, ring 0
        dq      0x00cf93000000ffff                      ; __KERNEL_DS
.pointer:
        dw      $ - boot_gdt - 1
        dd      PHYS(boot_gdt)

section .bss.boot nobits alloc noexec write align=4096
boot_pml4:      resb PAGE_SIZE
boot_pdpt:      resb PAGE_SIZE
boot_pdpt_high: resb PAGE_SIZE
boot_pd:        resb 4 * PAGE_SIZE
