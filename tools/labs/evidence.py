"""Where a guest is that does not go on: backtraces read from outside, the loop that never ends, its log."""
import bisect

import gdb

from vm.log import FAILURE, from_failure

FRAMES = 24                         # of a backtrace, at most
LOOP_LIMIT = 50_000_000             # guest time, ns: a function that takes longer does not return
LOG_LINES = 20
SERIOUS = FAILURE + r"|WARNING|segfault|\btraps:"


class Functions:
    """Which function an address lies in. @symbols: {name: [addresses]} of the kernel's text."""

    def __init__(self, symbols):
        self.start, self.end = symbols["_stext"][0], symbols["_etext"][0]
        pairs = sorted((address, name) for name, found in symbols.items() for address in found
                       if self.start <= address < self.end and name not in ("_stext", "_etext") and "." not in name)
        self.addresses = [address for address, _ in pairs]
        self.names = [name for _, name in pairs]

    def name(self, address):
        """The function's name, or None when the address is not in the kernel's text."""
        at = bisect.bisect_right(self.addresses, address) - 1
        return self.names[at] if self.start <= address < self.end and at >= 0 else None

    def caller(self, back):
        """The function that a return address leads back to; a call may be its last instruction."""
        return self.name(back - 1)

    def address(self, name):
        return self.addresses[self.names.index(name)]

    def at_entry(self, address):
        at = bisect.bisect_right(self.addresses, address) - 1
        return at >= 0 and address - self.addresses[at] <= 1


def word(address):
    return int.from_bytes(bytes(gdb.selected_inferior().read_memory(address, 8)), "little")


def links(functions, pc, sp, bp):
    """The calls under way, innermost first: (function, address it returns to, rsp after that).

    As kernel/debug/stacktrace.c does it: rbp heads a chain of frames, and an odd value is the address of
    the registers that a trap saved, plus one.
    """
    try:
        name = functions.name(pc)
        if name and functions.at_entry(pc):
            yield name, word(sp), sp + 8
            name = functions.caller(word(sp))
        for _ in range(FRAMES):
            if not name:
                return
            if bp & 1:
                yield name, None, None
                regs = gdb.Value(bp - 1).cast(gdb.lookup_type("struct pt_regs").pointer()).dereference()
                name, bp = functions.name(int(regs["ip"])), int(regs["bp"])
                continue
            if not bp:
                yield name, None, None
                return
            yield name, word(bp + 8), bp + 16
            name, bp = functions.caller(word(bp + 8)), word(bp)
    except gdb.error:                   # a broken stack ends the backtrace
        return


def backtrace(guest):
    return [name for name, _, _ in now(guest)]


def now(guest):
    return list(links(guest.functions, guest.register("rip"), guest.register("rsp"), guest.register("rbp")))


def current():
    return int(gdb.parse_and_eval("percpu.current_task"))


def asleep(guest):
    """Where the task that the test runs in sleeps, when another runs; None when it runs."""
    if not guest.task or current() == guest.task:
        return None
    task = gdb.Value(guest.task).cast(gdb.lookup_type("struct task_struct").pointer())
    sp = int(task["thread"]["sp"])              # of __switch_to_asm: r15 r14 r13 r12 rbx rbp, return
    return [name for name, _, _ in links(guest.functions, word(sp + 48), sp + 56, word(sp + 40))]


def hang(guest, ended):
    """(what to say, the frames) for a guest that does not get where it should.

    It was stopped at an arbitrary moment; what is said here is the same for each such moment: where the
    task sleeps, or the innermost function that does not return, and its callers.
    """
    try:
        waits = asleep(guest)
        if waits is not None:
            return "it waits in:", waits
        if not guest.functions.name(guest.pc()):
            return "it runs in ring 3, and does not get behind its SYSCALL", []
        switch = guest.functions.address("__switch_to_asm")
        for number, (_, back, sp) in enumerate(frames := now(guest)):
            if back is None or leave(guest, {back, switch}, sp, ended):
                continue
            if guest.pc() == switch:
                return "it waits in:", backtrace(guest)
            return "this function does not return:", [name for name, _, _ in frames[number:]]
        return "it goes on in:", backtrace(guest)
    except (gdb.error, OSError, ValueError):
        return "where it is cannot be read", []


def leave(guest, places, sp, ended):
    """Run until the frame below @sp is left: True. False: another place was reached, or none."""
    while True:
        try:
            here = guest.run(places, guest.qmp.clock() + LOOP_LIMIT)
        except ended:
            return False
        if guest.functions.name(here) == "__switch_to_asm":
            return False
        if guest.register("rsp") >= sp:
            return True


def log_of_hang(boot, test):
    """The log of a guest that was stopped at an arbitrary moment: its end is not shown."""
    lines = test.splitlines()
    if len(lines) > LOG_LINES:
        return lines[:LOG_LINES] + ["(and so on)"]
    return boot.splitlines()[-4:] + lines


def log_of_end(text):
    """The log of a guest that ended by itself: from the first serious line on, or its last lines."""
    return from_failure(text, 2 * LOG_LINES, SERIOUS)
