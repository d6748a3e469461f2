/*
 * steps_gate.c - phases 1 to 3: ring 3's request, the gate, and the way to __sys_socket() (01-11).
 */
#include <string.h>
#include <sys/syscall.h>

#include "qed.h"

#define KERNEL_HALF 0xffff800000000000ul
#define KERNEL_IMAGE 0xffffffff80000000ul
#define USER_END 0x7ffffffff000ul
#define SIZEOF_PT_REGS 168

int calls(const struct run *run)
{
	return count(&run->span, "gate_probe", "entry", "__x64_sys_socket");
}

bool before(const struct record *a, const struct record *b)
{
	return a->index < b->index;
}

static bool step01(const struct run *run, struct words *words)
{
	RECORD(ring3, "gate_probe", "ring3", "__x64_sys_socket");
	const struct place *place = call_place("ucall", pointer(ring3, "from"));

	HOLDS(calls(run) == 1);
	HOLDS(place && strcmp(place->name, "socket") == 0);
	HOLDS(strncmp(place->where, "main@user/socket_test.c:", 24) == 0);
	say(words, "gate_probe: one call, which returns to %s in %s", text(ring3, "from"),
	    place->where);
	return true;
}

static bool step02(const struct run *run, struct words *words)
{
	RECORD(frame, "gate_probe", "frame", "__x64_sys_socket");
	RECORD(sk, "inet_create_probe", "sock", "inet_create");

	HOLDS(number(frame, "di") == 2 && number(frame, "si") == 1 && number(frame, "dx") == 0);
	HOLDS(number(sk, "family") == 2 && number(sk, "type") == 1);
	say(words, "gate_probe: di=%s si=%s dx=%s; inet_create_probe: they became family %s, type %s",
	    text(frame, "di"), text(frame, "si"), text(frame, "dx"), text(sk, "family"),
	    text(sk, "type"));
	return true;
}

static bool step03(const struct run *run, struct words *words)
{
	RECORD(frame, "gate_probe", "frame", "__x64_sys_socket");
	RECORD(ring3, "gate_probe", "ring3", "__x64_sys_socket");

	HOLDS(number(frame, "nr") == 41);
	HOLDS(number(frame, "di") == 2 && number(frame, "si") == 1 && number(frame, "dx") == 0);
	HOLDS(is(ring3, "insn", "0f05"));
	say(words, "gate_probe: rax=%s rdi=%s rsi=%s rdx=%s; the bytes before %s are 0f 05, SYSCALL",
	    text(frame, "nr"), text(frame, "di"), text(frame, "si"), text(frame, "dx"),
	    text(ring3, "ip"));
	return true;
}

static bool step04(const struct run *run, struct words *words)
{
	const struct gate *gate = &proof.gate;

	RECORD(entry, "gate_probe", "entry", "__x64_sys_socket");
	RECORD(ring3, "gate_probe", "ring3", "__x64_sys_socket");
	RECORD(msr, "gate_probe", "msr", "__x64_sys_socket");
	HOLDS(number(ring3, "cs") == 0x33 && number(ring3, "ss") == 0x2b);
	HOLDS(gate->cs == 0x33 && gate->ss == 0x2b);
	HOLDS(number(entry, "cs") == 0x10 && (number(entry, "handler_cs") & 3) == 0);
	HOLDS((number(msr, "efer") & 1) && is(msr, "star", "0x0023001000000000"));
	HOLDS(number(msr, "sfmask") == 0x257fd5);
	/* No trap leaves this behind: */
	HOLDS(pointer(ring3, "cx") == pointer(ring3, "ip"));
	HOLDS(number(ring3, "r11") == number(ring3, "flags"));
	say(words, "gate_probe: cs %s ss %s (CPL 3) -> cs %s (CPL 0); rcx=rip, r11=rflags; STAR %s SFMASK %s",
	    text(ring3, "cs"), text(ring3, "ss"), text(entry, "cs"), text(msr, "star"),
	    text(msr, "sfmask"));
	return true;
}

static bool step05(const struct run *run, struct words *words)
{
	const struct place *slot = table_place();

	RECORD(entry, "gate_probe", "entry", "__x64_sys_socket");
	RECORD(frame, "gate_probe", "frame", "__x64_sys_socket");
	HOLDS(slot && strcmp(slot->where, "41") == 0);
	HOLDS((number(frame, "nr") & 0xffffffff) == 41);
	HOLDS(slot->address == pointer(entry, "addr"));
	HOLDS(is(entry, "caller", "do_syscall_64"));
	say(words, "kernel.elf: sys_call_table[41] = %016lx; gate_probe: do_syscall_64 called that, for nr %s",
	    slot->address, text(frame, "nr"));
	return true;
}

static bool step06(const struct run *run, struct words *words)
{
	RECORD(entry, "gate_probe", "entry", "__x64_sys_socket");
	RECORD(frame, "gate_probe", "frame", "__x64_sys_socket");

	HOLDS(is(entry, "name", "__x64_sys_socket"));
	HOLDS(is(entry, "caller", "do_syscall_64"));
	HOLDS((number(frame, "nr") & 0xffffffff) == 41);
	say(words, "gate_probe: nr 41 arrived at %s = %s", text(entry, "addr"), text(entry, "name"));
	return true;
}

static bool step07(const struct run *run, struct words *words)
{
	RECORD(entry, "gate_probe", "entry", "__x64_sys_socket");
	RECORD(frame, "gate_probe", "frame", "__x64_sys_socket");
	RECORD(ring3, "gate_probe", "ring3", "__x64_sys_socket");
	RECORD(msr, "gate_probe", "msr", "__x64_sys_socket");
	HOLDS(pointer(ring3, "ip") < USER_END);
	HOLDS(pointer(msr, "lstar") >= KERNEL_IMAGE && is(msr, "entry", "entry_SYSCALL_64"));
	HOLDS(pointer(entry, "addr") >= KERNEL_IMAGE);
	HOLDS(pointer(entry, "sp") >= KERNEL_HALF && pointer(frame, "frame") >= KERNEL_HALF);
	HOLDS(pointer(frame, "frame") + SIZEOF_PT_REGS == pointer(frame, "top"));
	say(words, "gate_probe: rip %s -> LSTAR %s = %s; stack: frame at %s",
	    text(ring3, "ip"), text(msr, "lstar"), text(msr, "entry"), text(frame, "frame"));
	return true;
}

static bool step08(const struct run *run, struct words *words)
{
	RECORD(gate, "gate_probe", "entry", "__x64_sys_socket");
	RECORD(entry, "path_probe", "entry", "__sys_socket");

	HOLDS(before(gate, entry));
	HOLDS(is(entry, "caller", "__x64_sys_socket"));
	HOLDS(number(entry, "family") == 2 && number(entry, "type") == 1);
	HOLDS(number(entry, "protocol") == 0);
	say(words, "path_probe: __sys_socket(%s, %s, %s), called by %s", text(entry, "family"),
	    text(entry, "type"), text(entry, "protocol"), text(entry, "caller"));
	return true;
}

static bool step09(const struct run *run, struct words *words)
{
	const struct place *place = function_place("__sys_socket");

	RECORD(entry, "path_probe", "entry", "__sys_socket");
	HOLDS(place && place->address == pointer(entry, "addr"));
	HOLDS(strncmp(place->where, "net/socket.c:", 13) == 0);
	say(words, "path_probe: entered at %s; line table: %s", text(entry, "addr"), place->where);
	return true;
}

static bool step10(const struct run *run, struct words *words)
{
	RECORD(create, "path_probe", "entry", "__sock_create");
	const struct record *update = find(&run->span, "path_probe", "entry",
					   "update_socket_protocol");
	const struct place *place = call_place("call", pointer(create, "from"));

	HOLDS(place && strcmp(place->name, "__sock_create") == 0);
	HOLDS(strstr(place->where, "__sys_socket_create@"));
	HOLDS(number(create, "family") == 2 && number(create, "type") == 1);
	HOLDS(update ? before(update, create) : absent("update_socket_protocol") && !on_ringwalk());
	say(words, "path_probe: __sock_create returns to %s, which is %s", text(create, "from"),
	    place->where);
	return true;
}

#define INLINED_CHAIN \
	"sock_alloc<__sock_create<__sys_socket<__x64_sys_socket<do_syscall_64<entry_SYSCALL_64"

static bool step11(const struct run *run, struct words *words)
{
	const struct record *other = find(&proof.swapped.span, "caller_probe", "chain",
					  "sock_alloc");

	RECORD(chain, "caller_probe", "chain", "sock_alloc");
	HOLDS(absent("__sys_socket_create"));
	HOLDS(strncmp(text(chain, "chain"), INLINED_CHAIN, strlen(INLINED_CHAIN)) == 0);
	HOLDS(other && is(other, "chain", text(chain, "chain")));
	say(words, "caller_probe: %s; no symbol __sys_socket_create", text(chain, "chain"));
	return true;
}

const struct step steps_gate[] = {
	{ 1, "CODE: int fd = socket(AF_INET, SOCK_STREAM, 0);", NULL, step01 },
	{ 2, "CONSTANTS: AF_INET = 2, SOCK_STREAM = 1, protocol = 0", NULL, step02 },
	{ 3, "ASSEMBLY: RAX = 41, RDI = 2, RSI = 1, RDX = 0, SYSCALL",
	  "SYSCALL is no interrupt: it uses no IDT and no TSS, and pushes nothing", step03 },
	{ 4, "CPU: switches from ring 3 to ring 0",
	  "the stack is not switched: the kernel loads its own; rip is kept in rcx, rflags in r11",
	  step04 },
	{ 5, "TABLE: looks up sys_call_table[41]",
	  "Linux since 6.9 has a switch instead, x64_sys_call(); the table is left for tracing",
	  step05 },
	{ 6, "TARGET: found __x64_sys_socket", NULL, step06 },
	{ 7, "JUMP: execution moves to kernel addresses", NULL, step07 },
	{ 8, "FUNCTION: __sys_socket(2, 1, 0)", NULL, step08 },
	{ 9, "LOCATION: net/socket.c:1706", "1706 in Ubuntu's 6.8; here it is as the line table says",
	  step09 },
	{ 10, "ACTION: calls __sys_socket_create(2, 1, 0)",
	  "the third argument goes through update_socket_protocol() first (Linux since 6.6)", step10 },
	{ 11, "OPTIMIZATION: __sys_socket_create is inlined, the stack trace jumps over it",
	  "sock_create is inlined as well", step11 },
};
const int nr_steps_gate = sizeof(steps_gate) / sizeof(steps_gate[0]);
