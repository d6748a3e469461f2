#!/usr/bin/env python3
"""Make C and nasm source from kernel/syscall_64.tbl, the one list of system calls.

    syscalltbl.py table  TABLE   __SYSCALL(41, sys_socket)    one line per implemented call
    syscalltbl.py names  TABLE   [41] = "socket",             one line per listed call
    syscalltbl.py unistd TABLE   #define __NR_socket 41       ... and NR_syscalls
    syscalltbl.py asm    TABLE   %define __NR_socket 41       the same for nasm
    syscalltbl.py stubs  TABLE   nasm source of libc's system call stubs

The result goes to standard output. A malformed table is answered by one line
"file:line: what is wrong" on standard error and exit status 1, and prints nothing else.
Called by the Makefile (kernel) and libc/libc.mk (libc).
"""

import re
import sys
from collections import namedtuple

Call = namedtuple("Call", "nr abi name entry")

# Where C's name for a call is not Linux's. exit(2) ends one thread; C's _exit() ends the process.
# The C functions brk() and reboot() differ from the calls: libc/unistd.c wraps these.
STUB_NAMES = {
    "exit_group": "_exit",
    "newfstatat": "fstatat",
    "prlimit64": "prlimit",
    "brk": "__brk",
    "reboot": "__reboot",
    "syslog": "klogctl",
}

# exit: see above. clone and vfork return twice on one stack: no plain stub can do that. getpriority
# returns another number than C's function.
NO_STUB = {"exit", "clone", "vfork", "getpriority"}

STUBS_HEAD = """\
; Made by tools/syscalltbl.py from kernel/syscall_64.tbl: libc's system call stubs.
;
; 1. C's first arguments are where the kernel wants them: rdi, rsi, rdx, r8, r9.
;    Only the 4th moves, from rcx to r10, because SYSCALL destroys rcx.
; 2. eax = number of the call; SYSCALL enters ring 0 and comes back to the next instruction
;    with the result in rax; rcx and r11 are lost, all other registers are kept.
; 3. -4095..-1 is -errno: __syscall_error stores it and returns -1.

extern __syscall_error

section .text
"""

# The dollar says that this is a name, even where it is a word of nasm: times.
STUB = """
global ${c}:function
${c}:
	mov	r10, rcx
	mov	eax, {nr}
	syscall
	cmp	rax, -4095
	jae	__syscall_error
	ret
"""

STUBS_TAIL = """
section .note.GNU-stack noalloc noexec nowrite progbits
"""


class Malformed(Exception):
    pass


def parse_line(line):
    """One line of the table as a Call; raises Malformed with the reason."""
    fields = line.split()
    if len(fields) not in (3, 4):
        raise Malformed("expected <number> <abi> <name> [<entry>], found %d fields" % len(fields))
    nr, abi, name, entry = (fields + [None])[:4]
    if not re.fullmatch(r"[0-9]+", nr):
        raise Malformed("'%s' is not a number" % nr)
    if int(nr) > 511:
        raise Malformed("number %s is out of range (0..511)" % nr)
    if abi not in ("common", "64"):
        raise Malformed("abi '%s' is neither 'common' nor '64'" % abi)
    if not re.fullmatch(r"[a-z_][a-z0-9_]*", name):
        raise Malformed("'%s' cannot be the name of a call" % name)
    if entry is not None and not re.fullmatch(r"sys_[a-z0-9_]+", entry):
        raise Malformed("entry '%s' does not look like sys_NAME" % entry)
    return Call(int(nr), abi, name, entry)


def parse(path):
    """The table as a list of Calls in ascending order; raises Malformed("path:line: reason")."""
    calls = []
    names = set()
    with open(path, encoding="utf-8") as table:
        for lineno, line in enumerate(table, 1):
            line = line.partition("#")[0].strip()
            if not line:
                continue
            try:
                call = parse_line(line)
                if calls and call.nr <= calls[-1].nr:
                    raise Malformed("number %d does not come after %d" % (call.nr, calls[-1].nr))
                if call.name in names:
                    raise Malformed("'%s' is listed twice" % call.name)
            except Malformed as why:
                raise Malformed("%s:%d: %s" % (path, lineno, why)) from None
            calls.append(call)
            names.add(call.name)
    if not calls:
        raise Malformed("%s: no system call in it" % path)
    return calls


def table(calls):
    return "".join("__SYSCALL(%d, %s)\n" % (c.nr, c.entry) for c in calls if c.entry)


def names(calls):
    return "".join('[%d] = "%s",\n' % (c.nr, c.name) for c in calls)


def constants(calls, define):
    lines = ["%s __NR_%s %d\n" % (define, c.name, c.nr) for c in calls]
    return "".join(lines) + "%s NR_syscalls %d\n" % (define, calls[-1].nr + 1)


def unistd(calls):
    return constants(calls, "#define")


def asm(calls):
    return constants(calls, "%define")


def stubs(calls):
    wanted = [c for c in calls if c.entry and c.name not in NO_STUB]
    body = "".join(STUB.format(c=STUB_NAMES.get(c.name, c.name), nr=c.nr) for c in wanted)
    return STUBS_HEAD + body + STUBS_TAIL


COMMANDS = {"table": table, "names": names, "unistd": unistd, "asm": asm, "stubs": stubs}


def main(argv):
    if len(argv) != 3 or argv[1] not in COMMANDS:
        print("usage: %s %s TABLE" % (argv[0], "|".join(COMMANDS)), file=sys.stderr)
        return 2
    try:
        sys.stdout.write(COMMANDS[argv[1]](parse(argv[2])))
    except (Malformed, OSError, UnicodeDecodeError) as why:
        print("syscalltbl.py: %s" % why, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
