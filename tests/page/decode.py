"""What instructions read and write, from the manual (Intel SDM vol. 2), for tests/host/page.t.

A line: the instruction | registers read | registers written | memory: mode, bytes, address. The registers hold
what REGS says, and each instruction ends at 0x1000.
"""
REGS = {"rax": 0x10, "rbx": 0x200, "rcx": 3, "rdx": 0xffffffffffffffff, "rsi": 0x4000, "rdi": 0x5000, "rbp": 0x6000, "rsp": 0x7000,
        "r8": 0x80, "fs_base": 0x10000, "gs_base": 0x20000}
LINES = """
mov QWORD PTR [rbp-0x8],rax                  | rbp rax           | | w 8 5ff8
mov eax,DWORD PTR gs:[rbx+rcx*4+0x10]        | rbx rcx gs_base   | rax | r 4 2021c
mov al,BYTE PTR [rip+0x20]                   | rax               | rax | r 1 1020
mov ax,bx                                    | rax rbx           | rax |
mov eax,ebx                                  | rbx               | rax |
add DWORD PTR [rbx],ecx                      | rbx rcx           | | rw 4 200
cmp BYTE PTR [rsi],0x0                       | rsi               | | r 1 4000
lea rdi,[rax+rax*2]                          | rax               | rdi |
xor eax,eax                                  |                   | rax |
xor eax,ebx                                  | rax rbx           | rax |
sub rbx,rbx                                  |                   | rbx |
xchg QWORD PTR [rdi],rsi                     | rdi rsi           | rsi | rw 8 5000
lock cmpxchg DWORD PTR [rdi],ecx             | rax rcx rdi       | rax | rw 4 5000
lock xadd DWORD PTR [rdi],eax                | rax rdi           | rax | rw 4 5000
bts QWORD PTR [rdi],rax                      | rax rdi           | | rw 8 5000
bt QWORD PTR [rdi],rdx                       | rdi rdx           | | r 8 4ff8
push rbx                                     | rbx rsp           | rsp | w 8 6ff8
push QWORD PTR [rbx]                         | rbx rsp           | rsp | r 8 200; w 8 6ff8
pop r8                                       | rsp               | r8 rsp | r 8 7000
call 0x2000                                  | rsp               | rsp | w 8 6ff8
call QWORD PTR [rax*8+0x100]                 | rax rsp           | rsp | r 8 180; w 8 6ff8
ret                                          | rsp               | rsp | r 8 7000
leave                                        | rbp               | rbp rsp | r 8 6000
iretq                                        | rsp               | cs eflags rsp ss | r 28 7000
pushf                                        | eflags rsp        | rsp | w 8 6ff8
rep stos QWORD PTR es:[rdi],rax              | rax rdi rcx       | rcx rdi | w 8 5000
rep movs BYTE PTR es:[rdi],BYTE PTR ds:[rsi] | rcx rdi rsi       | rcx rdi rsi | w 1 5000; r 1 4000
div QWORD PTR [rbx]                          | rax rbx rdx       | rax rdx | r 8 200
imul rax,QWORD PTR [rbx],0x18                | rbx               | rax | r 8 200
sete al                                      | eflags rax        | rax |
je 0x2000                                    | eflags            | |
jmp QWORD PTR [rbx]                          | rbx               | | r 8 200
fxsave [rbx]                                 | rbx               | | w 200 200
movaps XMMWORD PTR [rsp],xmm0                | rsp               | | w 10 7000
movups xmm0,XMMWORD PTR fs:0x30              | fs_base           | | r 10 10030
syscall                                      |                   | cs eflags r11 rcx ss |
sysretq                                      | r11 rcx           | cs eflags ss |
swapgs                                       | gs_base k_gs_base | gs_base k_gs_base |
wrmsr                                        | rax rcx rdx       | |
mov cr3,rax                                  | rax               | cr3 |
nop DWORD PTR [rax+rax*1+0x0]                | rax               | |
""".strip().splitlines()


def rows(insn):
    """(the instruction, what insn.Insn says of it, what the manual says), the last two as text."""
    for line in LINES:
        text, *wanted = [part.strip() for part in line.split("|")]
        made = insn.Insn(0xffc, 0x1000, text)
        memory = "; ".join(f"{place.mode} {place.size:x} {place.at(REGS):x}" for place in made.places)
        yield text, " | ".join([" ".join(sorted(made.reads)), " ".join(sorted(made.writes)), memory]), \
            " | ".join([" ".join(sorted(part.split())) for part in wanted[:2]] + [wanted[2]])
