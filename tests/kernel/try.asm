; Forbidden accesses, really tried: each returns 1 when the CPU let it happen, 0 when it faulted.
; The exception table catches the fault; for an execution it is the target that faults, so targets
; are known addresses with an entry of their own. Called by protection.c.

%macro EX_TABLE 2
        [section __ex_table]
        dq      %1, %2
        __?SECT?__
%endmacro

USER_TARGET equ 0x10000000              ; protection.c maps a user page here

        extern  try_data_target

section .text
global try_read:function
try_read:                               ; int try_read(const void *addr)
        xor     eax, eax
.load:  mov     cl, [rdi]
        mov     eax, 1
.fault: ret
EX_TABLE try_read.load, try_read.fault

global try_write:function
try_write:                              ; int try_write(void *addr): writes back what is there
        xor     eax, eax
.load:  mov     cl, [rdi]
.store: mov     [rdi], cl
        mov     eax, 1
.fault: ret
EX_TABLE try_write.load, try_write.fault
EX_TABLE try_write.store, try_write.fault

global try_exec:function
try_exec:                               ; int try_exec(void *addr): calls it; it must only return
        call    rdi
        mov     eax, 1
        ret
.fault: add     rsp, 8                  ; the return address the call pushed
        xor     eax, eax
        ret
EX_TABLE try_data_target, try_exec.fault
EX_TABLE USER_TARGET, try_exec.fault
