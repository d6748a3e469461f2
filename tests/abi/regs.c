/*
 * regs.c - what a system call does to the registers: rax, rcx and r11 change, nothing else.
 *
 * call_with() loads every general register and RFLAGS from regs_in, executes SYSCALL and stores
 * them all in regs_out. Only aligned memory is touched while AC may be set.
 */
#include "abi.h"

#include <limits.h>

enum { RAX, RBX, RCX, RDX, RSI, RDI, RBP, R8, R9, R10, R11, R12, R13, R14, R15, NR_GPR };

static const char *const names[NR_GPR] = {
	"rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "r8", "r9", "r10", "r11", "r12", "r13",
	"r14", "r15",
};

struct regs {
	uint64_t gpr[NR_GPR];
	uint64_t rflags;
	uint64_t rsp;
};

__attribute__((used)) struct regs regs_in, regs_out;
void call_with(void);
extern const char after_syscall[];

/*
 * 1. Save what C wants kept, and rsp.
 * 2. RFLAGS from regs_in (through the stack), then the registers: MOV changes no flag.
 * 3. SYSCALL.
 * 4. Store the registers, then RFLAGS and rsp; plain flags and C's registers again.
 */
asm(".text\n"
    "call_with:\n"
    "	push %rbx; push %rbp; push %r12; push %r13; push %r14; push %r15\n"
    "	mov %rsp, regs_in+128(%rip)\n"
    "	push regs_in+120(%rip); popfq\n"
#define LOAD(reg, n)	"	mov regs_in+8*" #n "(%rip), %" #reg "\n"
    LOAD(rax, 0) LOAD(rbx, 1) LOAD(rcx, 2) LOAD(rdx, 3) LOAD(rsi, 4) LOAD(rdi, 5) LOAD(rbp, 6)
    LOAD(r8, 7) LOAD(r9, 8) LOAD(r10, 9) LOAD(r11, 10) LOAD(r12, 11) LOAD(r13, 12) LOAD(r14, 13)
    LOAD(r15, 14)
    "	syscall\n"
    "after_syscall:\n"
#define STORE(reg, n)	"	mov %" #reg ", regs_out+8*" #n "(%rip)\n"
    STORE(rax, 0) STORE(rbx, 1) STORE(rcx, 2) STORE(rdx, 3) STORE(rsi, 4) STORE(rdi, 5)
    STORE(rbp, 6) STORE(r8, 7) STORE(r9, 8) STORE(r10, 9) STORE(r11, 10) STORE(r12, 11)
    STORE(r13, 12) STORE(r14, 13) STORE(r15, 14)
    "	mov %rsp, regs_out+128(%rip)\n"
    "	mov regs_in+128(%rip), %rsp\n"
    "	pushfq; pop regs_out+120(%rip)\n"
    "	push $0x202; popfq\n"
    "	pop %r15; pop %r14; pop %r13; pop %r12; pop %rbp; pop %rbx\n"
    "	ret\n");

#define PLAIN_FLAGS	0x202
#define ALL_FLAGS	0x240ed7	/* CF PF AF ZF SF IF DF OF AC ID, and bit 1, always set */
#define NT_FLAG		0x4000

/* Make call @nr with every register holding a value of its own; returns rax. */
static long call(uint64_t nr, uint64_t a, uint64_t b, uint64_t c, uint64_t rflags)
{
	for (int i = 0; i < NR_GPR; i++)
		regs_in.gpr[i] = 0x1111000011110000 * (uint64_t)(i + 1) + (uint64_t)i;
	regs_in.gpr[RAX] = nr;
	regs_in.gpr[RDI] = a;
	regs_in.gpr[RSI] = b;
	regs_in.gpr[RDX] = c;
	regs_in.rflags = rflags;
	call_with();
	return (long)regs_out.gpr[RAX];
}

static const char *changed(void)
{
	static char list[256];

	list[0] = '\0';
	for (int i = RBX; i < NR_GPR; i++)
		if (regs_in.gpr[i] != regs_out.gpr[i])
			strcat(strcat(list, " "), names[i]);
	if (regs_in.rsp != regs_out.rsp)
		strcat(list, " rsp");
	if (regs_in.rflags != regs_out.rflags)
		strcat(list, " rflags");
	return list;
}

static void probe(const char *what, uint64_t nr, uint64_t a, uint64_t b, uint64_t c,
		  uint64_t rflags)
{
	long ret = call(nr, a, b, c, rflags);

	line("%s, rflags %#lx: %s; changed:%s", what, (unsigned long)rflags, ok(ret), changed());
	line("  rcx is the next instruction: %s; r11 is rflags: %s",
	     regs_out.gpr[RCX] == (uint64_t)after_syscall ? "yes" : "no",
	     regs_out.gpr[R11] == rflags ? "yes" : "no");
	if (nr == SYS_socket && ret >= 0)
		CHECK(sys(close, ret) == 0);
}

static void preserved(void)
{
	static const uint64_t flags[] = { PLAIN_FLAGS, ALL_FLAGS, ALL_FLAGS | NT_FLAG };

	for (size_t i = 0; i < ARRAY_SIZE(flags); i++) {
		probe("getppid", SYS_getppid, 1, 2, 3, flags[i]);
		probe("socket(2, 1, 0)", SYS_socket, 2, 1, 0, flags[i]);
		probe("socket(46, 1, 0)", SYS_socket, 46, 1, 0, flags[i]);
		probe("write to a bad address", SYS_write, 1, 0x10, 1, flags[i]);
		probe("no such call", 100000, 1, 2, 3, flags[i]);
	}
}

/* Both sides of a fork get all registers back. The child tells by its exit code. */
static void preserved_by_fork(void)
{
	int status = -1;
	long pid = call(SYS_fork, 1, 2, 3, ALL_FLAGS);

	if (pid == 0)
		sys(exit_group, strcmp(changed(), " rcx r11") ? 1 : 0);
	line("fork, parent: changed:%s", changed());
	CHECK(sys(wait4, pid, &status, 0, 0) == pid);
	line("fork, child: %s", ending(status));
}

static void upper_halves(void)
{
	const uint64_t high = 0x100000000;
	static const long no_such_call[] = {
		-1, -2, -41, 400, 500, 512, 547, 1000000, INT_MAX, 0x80000029, 0x40000029,
	};
	long fd = call(SYS_socket | high, 2, 1, 0, PLAIN_FLAGS);

	line("number 0x1_0000_0029: %s", ok(fd));
	line("close(0x1_0000_0000 | fd): %s",
	     ok(call(SYS_close, high | (uint64_t)fd, 0, 0, PLAIN_FLAGS)));
	fd = call(SYS_socket, high | 2, high | 1, high, PLAIN_FLAGS);
	line("socket(0x1_0000_0002, 0x1_0000_0001, 0x1_0000_0000): %s", ok(fd));
	CHECK(sys(close, fd) == 0);
	line("socket(0xffff_ffff, 1, 0): %s", ok(call(SYS_socket, 0xffffffff, 1, 0, PLAIN_FLAGS)));
	for (size_t i = 0; i < ARRAY_SIZE(no_such_call); i++)
		line("number %#lx: %s", (unsigned long)no_such_call[i],
		     ok(call((uint64_t)no_such_call[i], 2, 1, 0, PLAIN_FLAGS)));
}

int main(void)
{
	preserved();
	preserved_by_fork();
	upper_halves();
	return verdict();
}
