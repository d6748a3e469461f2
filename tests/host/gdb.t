#!/usr/bin/env python3
"""make gdb: over SYSCALL into ring 0 and over SYSRET back, the commands, and docs/gdb.md."""
import os
import re
import time

from gdblib import follow_page, session, shows
from lib import BUILD, COMPILERS, build, done, equal, match, note, ok, run

# --- the page, word for word ---
began = time.monotonic()
commands, talk = follow_page("Forwards")
seconds = time.monotonic() - began
equal(commands[0][1], "make gdb", "the page starts with make gdb")
ok(talk.whole, "docs/gdb.md, forwards: it runs to its end", talk.text[-3000:])
for n, (_, words, expected) in enumerate(commands[1:]):
    missing = shows(expected, talk[n])
    ok(missing is None and "error:" not in talk[n], f"docs: {n}: {words}",
       f"not found: {missing} (UPDATE=1 brings line numbers up to date)\n{talk[n]}")
ok(seconds < 15, "a session takes seconds", seconds)
note(f"forwards: {seconds:.1f} s")


def registers(text):
    """The table of `ring --diff`: {register: (before, after)}."""
    return {name: (before, after) for name, before, after in
            re.findall(r"(?m)^(CS|SS|RIP|RSP|RFLAGS|RCX|R11|GS base) +(\S+) +(\S+)", text)}


# --- into ring 0, and back ---
talk = session("gdb", [
    "step-to 3", "p/x $cs", "p/x $eflags", "p/x $pc", "p/x $rsp", "stepi", "p/x $cs", "p/x $rcx",
    "p/x $r11", "p/x $rsp", "ring --diff", "ring", "step-to 38", "p/x $cs", "stepi", "p/x $cs",
    "p $rax", "p/x $pc", "ring --diff", "step-to 40", "step-to 3", "next-kernel back",
    "who-wrote $sock->ops"])
value = [line.split("= ")[-1].strip() for line in (talk[n] for n in range(22))]
equal((value[1], value[6]), ("0x33", "0x10"), "stepi over SYSCALL: CS 0x33 -> 0x10", talk.text)
match(talk[5], "entry_SYSCALL_64 ", "to entry_SYSCALL_64")
equal(int(value[7], 0), int(value[3], 0) + 2, "RCX is the next instruction")
equal(value[8], value[2], "R11 is RFLAGS as they were")
equal(value[9], value[4], "RSP is still ring 3's")
diff = registers(talk[10])
equal(diff.get("CS"), ("0x33", "0x10"), "ring --diff: CS", talk[10])
equal(diff.get("RCX", ("", ""))[1], value[7], "ring --diff: RCX")
match(talk[11], r"RSP +\S+ +ring 3's stack", "ring: on whose stack we are")
match(talk[11], r"SYSCALL left them: ring 3 goes on at socket\+", "ring: what RCX and R11 mean")
match(talk[11], r"STAR +0x0023001000000000 .*SYSCALL: CS 0x10, SS 0x18; SYSRET: CS 0x33, SS 0x2b",
      "ring: STAR, decoded")
match(talk[11], r"EFER +0xd01 +SCE on", "ring: EFER")
match(talk[11], "SMAP on ", "ring: CR4")
equal((value[13], value[15], value[16]), ("0x10", "0x33", "3"),
      "stepi over SYSRET: CS 0x10 -> 0x33, RAX 3", talk.text)
equal(value[17], value[7], "to the instruction RCX named at the gate")
equal(registers(talk[18]).get("CS"), ("0x10", "0x33"), "ring --diff: and back", talk[18])
match(talk[19], r'"Socket Created: 3\\n"', "step 40: what is about to be printed")
match(talk[20], "error: step 3 lies behind us.*make rewind", "going back is refused in words")
match(talk[21], "error: this run is not recorded.*make rewind", "next-kernel back too")
match(talk[22], "error: this run is not recorded", "and who-wrote")

# --- all 40 steps ---
talk = session("gdb", ["walk", "chain 3", "phase"])
visited = [int(n) for n in re.findall(r"(?m)^(\d\d)  phase ", talk[0])]
equal(visited, list(range(1, 41)), "walk visits the 40 steps", talk[0])
ok(not re.search(r"skipped|error|\(not known", talk[0]), "and none without its evidence", talk[0])
claims = re.findall(r"(?m)^ +(.*(?:==|<).*) = (\d+)$", talk[0])
ok(len(claims) >= 6 and all(value == "1" for _, value in claims), "what it claims holds", claims)
for what in ("ring: 3 -> 0", "sock_inode_cache in use: 1 -> 2", "TCP in use: 0 -> 1",
             "fd 3: free -> reserved", "fd 3: reserved -> file 0x", "ring: 0 -> 3"):
    ok("* " + what in talk[0], f"walk: {what}", talk[0])
born = re.search(r"\$sock = (0x\w+)", talk[0])
ok(born and f"socket ->    {born[1]} " in talk[1], "chain 3 names the socket of step 24", talk[1])
sock = re.findall(r"\$sock->sk = (0x\w+)", talk[0])
ok(sock and f"sk ->        {sock[-1]} " in talk[1], "and the sock of step 29", talk[1])
ok("BAD" not in talk[1] and "consistent" in talk[1], "and finds all of it consistent", talk[1])
equal(len(talk[2].splitlines()), 9, "phase lists nine", talk[2])

# --- the other commands; wrong use ---
LOOKS = [
    ("tasks", r"(?m)^\* +\d+ +socket_test +running"), ("slabs TCP", r"TCP +0 "),
    ("slabs nonsense", "error: no cache is named like nonsense"),
    ("probes", "no probe is registered"), ("syscalls 41", "41 +__x64_sys_socket .*socket.c"),
    ("syscalls", "(?s)0 +__x64_sys_read .*__x64_sys_socket"),
    ("syscalls 300", r"300: no such system call \(__x64_sys_ni_syscall\): -ENOSYS"),
    ("syscalls nonsense", "error: there is no system call named nonsense"),
    ("lsm", r"socket_create +apparmor +apparmor_socket_create"),
    ("chain 2", "(?s)fd.2. .*console_fops.*consistent"), ("chain 99", "error: .*no file behind"),
    ("chain", "error: which descriptor"), ("pt main", "r-x, ring 3 and ring 0"),
    ("pt $rsp", "rw-, ring 3 and ring 0"), ("pt 0", "0x0 is not mapped"),
    ("pt 0x800000000000", "error: .*not canonical"), ("pt sys_call_table", "r--, ring 0 only"),
    ("pt init_task", "rw-, ring 0 only"), ("step-to 41", "error: there are steps 1 to 40"),
    ("phase 10", "error: there are phases 1 to 9"), ("ring --diff", "(?s)IRETQ|error: no crossing"),
    ("next-kernel", "(?s)ring 0, just entered"), ("ring --diff", "ring 3 -> ring 0"),
    ("regs", r"ip +0x4\w+ "), ("next-user", "ring 3, just entered"),
    ("ringwalk attach", "error: expected: ringwalk"), ("ringwalk", "(?s)chain .*who-wrote"),
]
NAMES = "chain fds lsm next-kernel next-user phase probes pt regs ring ringwalk slabs step-to " \
    "syscalls tasks walk who-wrote".split()
talk = session("gdb", [words for words, _ in LOOKS] + ["help " + name for name in NAMES])
for n, (words, pattern) in enumerate(LOOKS):
    match(talk[n], pattern, f"{words}")
for n, name in enumerate(NAMES, len(LOOKS)):
    ok(talk[n].lstrip().startswith(name) and len(talk[n]) > 60, f"help {name}", talk[n])
equal(sorted(NAMES), sorted(line.split()[0] for line in talk[len(LOOKS) - 1].splitlines() if line),
      "ringwalk lists each command")



def functions(backtrace):
    """The names in what `bt` printed."""
    return " ".join(re.findall(r"(?m)^#\d+ +(?:0x\w+ in )?(\w*) \(", backtrace))


# --- bt: from ring 0 on into ring 3, at every instruction of the entry code ---
# frames(): the functions of all frames. each_until(STOP): what frames() says at each instruction.
FRAMES = """python
import gdb
def frames():
    frame, names = gdb.newest_frame(), []
    while frame is not None:
        names.append(frame.name() or "%#x" % frame.pc())
        frame = frame.older()
    return " ".join(names)
def each_until(stop):
    seen, count = [], 0
    while count < 100 and not gdb.parse_and_eval(stop):
        seen += [frames()] if frames() not in seen else []
        gdb.execute("stepi", to_string=True)
        count += 1
    print("\\n%d instructions: %s" % (count, " / ".join(seen)))
end"""
IN, OUT = 'python each_until("$pc == (long)&%s")', 'python each_until("$cs & 3")'
NOW = "python print(frames())"
talk = session("gdb", [FRAMES, "step-to 3", "stepi", IN % "do_syscall_64", NOW, "finish", OUT, NOW])
match(talk[3], r"\n[3-9]\d instructions: entry_SYSCALL_64 socket main$", "bt: SYSCALL to C")
equal(talk[4], "do_syscall_64 entry_SYSCALL_64 socket main", "bt: in C")
match(talk[6], r"\n[2-9]\d instructions: entry_SYSCALL_64 socket main$", "bt: C to SYSRET")
equal(talk[7], "socket main", "bt: in ring 3 again")

# main() touches a page that is not there, then the kernel does, in uname()'s copy_to_user().
FAULTING = b"""#include <sys/utsname.h>
static char room[1 << 16];
int main(void) { *(volatile char *)(room + 8192) = 1;
return uname((struct utsname *)(room + 40000)); }
"""
faulting = os.path.join(BUILD, "faulting")
made = run([COMPILERS[-1], "-static", "-g", "-o", faulting, "-x", "c", "-"], FAULTING)
ok(made.status == 0, "a program with page faults is built", made.text)
talk = session("gdb", [
    FRAMES, "break trap_common", "continue", "delete", IN % "do_trap", NOW, "finish", OUT, NOW,
    "break do_trap if !(regs->cs & 3)", "continue", NOW, "bt", "delete", "finish",
    IN % "'__copy_user.words'", NOW], faulting)
match(talk[4], r"\n[2-9]\d instructions: trap_common main$", "bt: page fault of ring 3, to C")
equal(talk[5], "do_trap trap_common main", "bt: in C")
match(talk[7], r" / return_by_iret main$", "bt: C to IRET")
equal(talk[8], "main", "bt: in ring 3 again")
UNAME = "__copy_user copy_to_user __do_sys_newuname __x64_sys_newuname do_syscall_64 " \
    "entry_SYSCALL_64 uname main"
equal(talk[11], "do_trap trap_common " + UNAME, "bt: page fault of ring 0, on into ring 3")
for line in (r"(?m)^#1  trap_common \(\) at kernel/entry/trap.asm:\d+$",
             r"(?m)^#7  entry_SYSCALL_64 \(\) at kernel/entry/entry.asm:\d+$"):
    match(talk[12], line, "bt: names the assembly function and the line of its call")
match(talk[15], rf"\n\d\d instructions: trap_common {UNAME}$", "bt: C to IRET within ring 0")
equal(talk[16], UNAME, "bt: the copy goes on")

# Return probes: the trampoline is shown, and behind it the function that really called.
talk = session("gdb", ["tbreak rethook_trampoline_handler", "continue", "bt", "break inet_create",
                       "continue", "bt"], "build/user/qed")
for n, first in ((2, "rethook_trampoline_handler"), (5, "inet_create __sock_create")):
    match(functions(talk[n]), rf"^{first}( arch_rethook_trampoline)+ .*do_syscall_64 "
          "entry_SYSCALL_64 .* main$", f"bt: with return probes, in {first}")

# --- a breakpoint in ring 3 holds in the program under study; other programs ---
talk = session("gdb", ["break _start", "info breakpoints", "break main if 1 == 1",
                       "info breakpoints"])
match(talk[1], r"stop only if \$mine\(\)", "a user breakpoint gets its condition")
match(talk[3], r"stop only if \$mine\(\) && \(1 == 1\)", "beside its own")
for compiler in COMPILERS:
    program = build("user/socket_test.c", compiler)
    talk = session("gdb", ["step-to 24", "bt", "step-to 38", "next-user", "p $rax", "bt"], program)
    ok(talk[4].endswith("= 3") and "error:" not in talk.text, f"{compiler} -static",
       talk.text[-2000:])
    match(functions(talk[1]), "do_syscall_64 entry_SYSCALL_64 socket main ",
          f"{compiler} -static: bt in ring 0 goes on into the program's socket() and main()")
pie = os.path.join(BUILD, "socket_test-pie")
made = run([COMPILERS[-1], "-static-pie", "-O2", "-o", pie, "user/socket_test.c"])
ok(made.status == 0, "a static-pie program is built", made.text)
talk = session("gdb", ["p $pc", "step-to 3", "next-kernel", "p/x $cs"], pie)
ok("<main" in talk[0] and talk[3].endswith("= 0x10"), "a static-pie program", talk.text[-2000:])
run(["strip", pie])
talk = session("gdb", ["p/x $cs", "next-kernel", "p/x $cs"], pie)
ok("it has no symbols" in talk.before and "0x33" in talk[0] and "0x10" in talk[2],
   "a stripped one stops at its first instruction", talk.text[-2000:])
done()
