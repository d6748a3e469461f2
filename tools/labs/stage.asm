; The program that runs as /init while a lab is graded. It holds no arguments, no expected values and
; no secret: the judge (tools/labs/judge.py) writes what a call needs into the registers at
; stage_syscall from outside the machine, lets it run until stage_return, and reads the registers there.
;
;   Step 1   write to each page of the arena, so that the judge can reach it from outside
;   Step 2   the judge stops the machine here for the first time
;   Step 3   one system call; whoever runs on behind it waits for the judge

bits 64
section .text

global _start, stage_ready, stage_syscall, stage_return
_start:
        lea     rdi, [rel stage_arena]                  ; Step 1
        mov     ecx, ARENA_PAGES
.touch: mov     byte [rdi], 0
        add     rdi, 4096
        dec     ecx
        jnz     .touch
stage_ready:
        nop                                             ; Step 2
stage_syscall:
        syscall                                         ; Step 3
stage_return:
        jmp     stage_return

; The arguments of calls that are passed by address, and a stack for code that needs one.
ARENA_PAGES     equ     256
section .bss align=4096
global stage_arena, stage_arena_end
stage_arena:
        resb    ARENA_PAGES * 4096
stage_arena_end:
