; crt0.asm - the first instructions of every ring-3 program: from execve(2) to main().
;
; The kernel enters at _start with this stack, and DF clear (System V ABI for x86-64, 3.4.1):
;
;	rsp ->	argc			8 bytes, rsp 16-byte aligned
;		argv[0] .. argv[argc-1]	pointers
;		NULL
;		envp[0] ..		pointers
;		NULL
;		auxv			pairs { type, value }, ended by AT_NULL
;
; 1. rbp = 0: a walk along the frame pointers ends here.
; 2. rdi = rsp: the picture above, as one pointer, for C.
; 3. Align rsp: the CALL must push onto a stack aligned to 16 bytes.
; 4. __libc_start (libc/start.c) sets environ, calls main and exits with what main returns.

extern __libc_start

section .text

global _start:function
_start:
	xor	ebp, ebp
	mov	rdi, rsp
	and	rsp, -16
	call	__libc_start

section .note.GNU-stack noalloc noexec nowrite progbits
