; syscall.asm - the system calls that need more than a generated stub.
;
; The stubs themselves are made by tools/syscalltbl.py (build/libc/stubs.asm) and end in
; __syscall_error. The numbers come from the same table.

%include "syscall_nr.inc"

extern errno

section .text

; __syscall_error - rax holds -errno, 1..4095 negated
;
; Jumped to by every stub in place of its RET: stores the number in errno, returns -1.
global __syscall_error:function
__syscall_error:
	neg	eax
	mov	[rel errno], eax
	mov	rax, -1
	ret

; long syscall(long nr, ...) - any system call by its number, up to six arguments
;
; 1. The number comes first, so every argument moves down by one register; the 6th argument
;    was C's 7th and lies on the stack above the return address.
; 2. Enter ring 0; -4095..-1 becomes errno and -1.
global syscall:function
syscall:
	mov	rax, rdi
	mov	rdi, rsi
	mov	rsi, rdx
	mov	rdx, rcx
	mov	r10, r8
	mov	r8, r9
	mov	r9, [rsp + 8]
	syscall
	cmp	rax, -4095
	jae	__syscall_error
	ret

; pid_t vfork(void) - a child that borrows our memory until it executes a program or exits
;
; 1. Parent and child return through the same stack, the child first: it would overwrite our
;    return address. Keep it in rdx, which the kernel preserves for both.
; 2. Enter ring 0; both come back here, with the child's pid and with 0.
; 3. Push the return address again, each for itself.
global vfork:function
vfork:
	pop	rdx
	mov	eax, __NR_vfork
	syscall
	push	rdx
	cmp	rax, -4095
	jae	__syscall_error
	ret

section .note.GNU-stack noalloc noexec nowrite progbits
