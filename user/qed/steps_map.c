/*
 * steps_map.c - phases 8 and 9: the descriptor, and the way back (32-40).
 */
#include <stdio.h>
#include <string.h>

#include "qed.h"

/* The first look at the finished socket: sock_map_fd(), or where the compiler inlined it, later. */
static const struct record *map_entry(const struct run *run)
{
	return find(&run->span, "map_probe", "entry",
		    absent("sock_map_fd") ? "sock_alloc_file" : "sock_map_fd");
}

static bool step32(const struct run *run, struct words *words)
{
	const struct record *entry = map_entry(run);

	RECORD(born, "sock_alloc_probe", "return", "sock_alloc");
	HOLDS(entry && pointer(entry, "sock") == pointer(born, "ret"));
	HOLDS(number(entry, "flags") == 0);
	HOLDS(absent("sock_map_fd") || is(entry, "caller", "__sys_socket"));
	say(words, "map_probe: %s(%s, %s)", text(entry, "fn"), text(entry, "sock"),
	    text(entry, "flags"));
	return true;
}

static bool step33(const struct run *run, struct words *words)
{
	const struct place *def = function_place("sock_map_fd"), *call;

	RECORD(entry, "map_probe", "entry", "sock_map_fd");
	call = call_place("call", pointer(entry, "from"));
	HOLDS(def && def->address == pointer(entry, "addr"));
	HOLDS(call && strcmp(call->name, "sock_map_fd") == 0);
	HOLDS(strncmp(call->where, "__sys_socket@net/socket.c:", 26) == 0);
	HOLDS(strncmp(def->where, "net/socket.c:", 13) == 0);
	say(words, "map_probe: returns to %s, %s; line table: defined at %s", text(entry, "from"),
	    call->where, def->where);
	return true;
}

static bool step34(const struct run *run, struct words *words)
{
	const struct record *entry = map_entry(run);

	RECORD(create, "inet_create_probe", "return", "inet_create");
	RECORD(post, "security_probe", "return", "security_socket_post_create");
	HOLDS(entry && before(post, entry) && number(post, "ret") == 0);
	HOLDS(number(entry, "state") == 1 && is(entry, "ops_name", "inet_stream_ops"));
	HOLDS(pointer(entry, "sk") == pointer(create, "sk") && pointer(entry, "sk"));
	HOLDS(!pointer(entry, "file"));
	say(words, "map_probe: state=%s ops=%s sk=%s file=0; security_probe: post_create said %s before",
	    text(entry, "state"), text(entry, "ops_name"), text(entry, "sk"), text(post, "ret"));
	return true;
}

static bool step35(const struct run *run, struct words *words)
{
	RECORD(born, "sock_alloc_probe", "return", "sock_alloc");
	RECORD(number_got, "map_probe", "return", "get_unused_fd_flags");
	RECORD(making, "map_probe", "entry", "sock_alloc_file");
	RECORD(made, "map_probe", "return", "sock_alloc_file");
	RECORD(install, "map_probe", "entry", "fd_install");
	RECORD(installed, "map_probe", "return", "fd_install");
	RECORD(ret, "gate_probe", "return", "__x64_sys_socket");
	unsigned long file = pointer(made, "ret"), sock = pointer(born, "ret");
	long fd = number(number_got, "ret");

	HOLDS(before(number_got, making) && before(made, install));
	HOLDS(number(making, "fd") == fd && number(making, "taken") == 1);
	HOLDS(!pointer(making, "slot") && !pointer(install, "slot"));
	HOLDS(pointer(made, "private") == sock && pointer(made, "sock_file") == file);
	HOLDS(pointer(made, "inode") == pointer(born, "inode"));
	HOLDS(number(install, "fd") == fd && pointer(install, "file") == file);
	HOLDS(pointer(installed, "slot") == file);
	HOLDS(pointer(ret, "slot") == file && pointer(ret, "private") == sock);
	say(words, "map_probe: slot %ld reserved, empty; file made; filled: %s -> file %s -> socket %s",
	    fd, text(ret, "ret"), text(installed, "slot"), text(made, "private"));
	return true;
}

/* The lowest bit that is not set: the number that must be given. */
static long lowest_free(unsigned long taken)
{
	long fd = 0;

	while (taken >> fd & 1)
		fd++;
	return fd;
}

static bool step36(const struct run *run, struct words *words)
{
	RECORD(asked, "map_probe", "entry", "get_unused_fd_flags");
	RECORD(got, "map_probe", "return", "get_unused_fd_flags");
	RECORD(ret, "path_probe", "return", "__sys_socket");

	HOLDS(number(got, "ret") == lowest_free((unsigned long)number(asked, "taken")));
	HOLDS(number(got, "ret") == run->want);
	HOLDS(number(ret, "ret") == run->want);
	HOLDS(proof.nr_runs >= 4 && proof.runs[1].want == 5 && proof.runs[2].want == 9);
	say(words, "map_probe: taken=%s, the lowest free is %s; the other runs: %d, %d, %d",
	    text(asked, "taken"), text(got, "ret"), proof.runs[1].want, proof.runs[2].want,
	    proof.runs[3].want);
	return true;
}

static bool step37(const struct run *run, struct words *words)
{
	const struct record *own = find(&proof.gate_span, "gate_probe", "return",
					"__x64_sys_socket");

	RECORD(got, "map_probe", "return", "get_unused_fd_flags");
	RECORD(ret, "gate_probe", "return", "__x64_sys_socket");
	HOLDS(number(ret, "ret") == number(got, "ret"));
	HOLDS(own && number(own, "ret") == (long)proof.gate.ax);
	say(words, "gate_probe: %s for rax; in qed's own call %s, and ring 3 found rax = %ld",
	    text(ret, "ret"), text(own, "ret"), (long)proof.gate.ax);
	return true;
}

/* Would SYSRET bring ring 3 back exactly as the frame says? Then Linux uses it. */
static bool may_sysret(const struct record *ring3)
{
	return pointer(ring3, "cx") == pointer(ring3, "ip") &&
	       number(ring3, "r11") == number(ring3, "flags") && number(ring3, "cs") == 0x33 &&
	       number(ring3, "ss") == 0x2b && pointer(ring3, "ip") < 0x7ffffffff000ul &&
	       !(number(ring3, "flags") & 0x10100);
}

static bool step38(const struct run *run, struct words *words)
{
	const struct gate *gate = &proof.gate;
	const struct record *own = find(&proof.gate_span, "gate_probe", "ring3",
					"__x64_sys_socket");

	RECORD(ring3, "gate_probe", "ring3", "__x64_sys_socket");
	HOLDS(may_sysret(ring3));
	HOLDS(own && may_sysret(own) && pointer(own, "ip") == gate->next_ip);
	HOLDS(gate->cx == gate->next_ip && gate->r11 == gate->flags);
	HOLDS(gate->flags_after == gate->flags && gate->sp_after == gate->sp);
	HOLDS(!on_ringwalk() || gate->counted);
	HOLDS(!gate->counted || gate->sysrets == gate->expected_sysrets);
	if (gate->counted)
		say(words, "/proc/gate: %ld of %ld calls left by SYSRET; ring 3: rcx=rip=%lx, r11=rflags=%lx",
		    gate->sysrets, gate->expected_sysrets, gate->cx, gate->r11);
	else
		say(words, "ring 3: rcx=rip=%lx, r11=rflags=%lx, as SYSRET needs it; exits are not counted here",
		    gate->cx, gate->r11);
	return true;
}

static bool step39(const struct run *run, struct words *words)
{
	RECORD(ret, "gate_probe", "return", "__x64_sys_socket");
	RECORD(close, "gate_probe", "entry", "__x64_sys_close");
	RECORD(closed, "gate_probe", "return", "__x64_sys_close");
	RECORD(born, "sock_alloc_probe", "return", "sock_alloc");
	struct span rest = { .from = close->index, .to = run->span.to, .pid = run->span.pid };
	const struct record *release = find(&rest, "map_probe", "entry", "__sock_release");

	HOLDS(before(ret, close) && number(close, "fd") == number(ret, "ret"));
	HOLDS(number(close, "nr") == 3 && number(closed, "ret") == 0);
	HOLDS(release && pointer(release, "sock") == pointer(born, "ret"));
	say(words, "gate_probe: the program hands it back, close(%s) = %s; map_probe: and socket %s goes",
	    text(close, "fd"), text(closed, "ret"), text(release, "sock"));
	return true;
}

static bool step40(const struct run *run, struct words *words)
{
	char expected[64];

	RECORD(ret, "gate_probe", "return", "__x64_sys_socket");
	snprintf(expected, sizeof(expected), "Socket Created: %ld\n", number(ret, "ret"));
	HOLDS(strcmp(run->out, expected) == 0);
	HOLDS(run->status == 0);
	say(words, "its output: \"%.*s\", status %d; the other runs: %d, %d, %d",
	    (int)strlen(run->out) - 1, run->out, run->status, proof.runs[1].want,
	    proof.runs[2].want, proof.runs[3].want);
	return true;
}

const struct step steps_map[] = {
	{ 32, "FUNCTION: sock_map_fd(sock, flags)", NULL, step32 },
	{ 33, "LOCATION: net/socket.c:1720", "1720 is where Ubuntu's 6.8 calls it; it is defined at 485",
	  step33 },
	{ 34, "INPUT: the initialized sock", NULL, step34 },
	{ 35, "WORK: an empty slot; slot -> struct file -> struct socket",
	  "the slot is reserved first, the file made second, the slot filled last", step35 },
	{ 36, "RESULT: integer 3", "the lowest free number, whatever that is", step36 },
	{ 37, "KERNEL: puts 3 into RAX", NULL, step37 },
	{ 38, "INSTRUCTION: SYSRET",
	  "only when rcx, r11, cs and ss are as SYSRET would leave them; else IRET", step38 },
	{ 39, "USER SPACE: fd = 3", NULL, step39 },
	{ 40, "PROOF: socket_test printed \"Socket Created: 3\"",
	  "the lesson's own file prints nothing and does not close; this one does both", step40 },
};
const int nr_steps_map = sizeof(steps_map) / sizeof(steps_map[0]);
