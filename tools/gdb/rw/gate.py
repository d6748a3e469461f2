"""`next-kernel` and `next-user`: run to the next change of ring, in either direction.

In: SYSCALL leads to entry_SYSCALL_64, traps and interrupts to trap_common or trap_own_stack, a few
instructions behind the CPU's gate. Out: SYSRET in entry_SYSCALL_64, IRETQ in return_by_iret.
"""
import gdb

from rw import cpu, crossing, kernel, run
from rw.command import command

SYSCALL_GATES = ("entry_SYSCALL_64", "entry_SYSCALL_compat")
TRAP_GATES = ("trap_common", "trap_own_stack")
LOST = "no other change of ring came"


def frame_word(member):
    """At trap_common: a word of the frame, whose lowest is `di`."""
    regs = kernel.ctype("struct pt_regs", "do_syscall_64")
    at = kernel.register("rsp") + kernel.offset_of(regs, member) - kernel.offset_of(regs, "di")
    return int.from_bytes(kernel.read(at, 8), "little")


def from_ring3():
    return frame_word("cs") & 3 == 3


def entries():
    """Where ring 3 comes in."""
    return [run.Place(kernel.address(name), name="syscall") for name in SYSCALL_GATES] + \
        [run.Place(kernel.address(name), from_ring3, "trap") for name in TRAP_GATES]


def iret_to_ring3():
    return kernel.read(kernel.register("rsp") + 8, 1)[0] & 3 == 3


def exits():
    """The instructions that lead out."""
    found = [(cpu.find(name, cpu.SYSRET), lambda: True) for name in SYSCALL_GATES]
    found.append((cpu.find("return_by_iret", cpu.IRET), iret_to_ring3))
    return [run.Place(at, condition) for at, condition in found if at is not None]


def stands_on(places):
    rip = kernel.register("rip")
    return any(place.at == rip and place.condition() for place in places)


def note_trap():
    """At trap_common, coming from ring 3: keep the crossing the CPU made, and say what came."""
    vector = kernel.register("rdi") & 0xff
    now = crossing.take()
    before = dict(now, CS=frame_word("cs"), SS=frame_word("ss"), RIP=frame_word("ip"),
                  RSP=frame_word("sp"), RFLAGS=frame_word("flags"))
    crossing.trapped(before, dict(now, RIP=trap_gate(vector)))
    print(f"a trap or interrupt, vector {vector}, at {kernel.name_of(before['RIP'])}")


def trap_gate(vector):
    """Where the CPU goes for @vector: trap_gates is a table of assembly's."""
    return int.from_bytes(kernel.read(kernel.address("trap_gates") + 8 * vector, 8), "little")


def in_trap_gate():
    """Between a gate's first instruction and the jump to trap_common?"""
    return trap_gate(0) <= kernel.register("rip") <= kernel.address("trap_common")


def out_to_ring3():
    """Forwards to the first instruction in ring 3."""
    places = exits()
    while True:
        if not stands_on(places) and run.until(places, lost=LOST) is None:
            return
        run.stepi()
        if kernel.cpl() == 3:
            return


def back_to_ring3():
    """Backwards to the last instruction in ring 3: the SYSCALL, or what was interrupted."""
    places = entries()
    hit = next((place for place in places if stands_on([place])), None) or \
        run.until(places, back=True, lost=LOST)
    if hit and hit.name == "trap":
        note_trap()
    while hit and kernel.cpl() == 0:
        run.stepi(back=True)
        if kernel.cpl() == 0 and not in_trap_gate():
            run.stepi()     # an instruction that only faulted may have no moment of its own
            print("the instruction in ring 3 did nothing but fault: this is where that led")
            return


def see_both_sides(away, again):
    """In a replay: over the crossing we stand at and back, so that `ring --diff` has seen it."""
    away()
    again()


def finish(word):
    print(f"ring {kernel.cpl()}, {word}")
    run.here()


@command("next-kernel", gdb.COMMAND_RUNNING)
def next_kernel(words):
    """next-kernel [back]: run until the CPU next enters ring 0

Stops at the first instruction of the SYSCALL gate, or just behind the gate of a trap or interrupt
that came from ring 3. `next-kernel back`, in a recorded run (`make rewind`), goes back to the last
instruction in ring 0: the SYSRET or IRETQ. `set exec-direction reverse` does the same.
Then `ring --diff` shows what changed."""
    if run.goes_back(words):
        if run.until(exits(), back=True, lost=LOST):
            see_both_sides(run.stepi, lambda: run.stepi(back=True))
        finish("about to leave")
        return
    hit = run.until(entries(), lost=LOST)
    if hit and hit.name == "trap":
        note_trap()
    elif hit and run.recorded():
        see_both_sides(lambda: run.stepi(back=True), run.stepi)
    finish("just entered")


@command("next-user", gdb.COMMAND_RUNNING)
def next_user(words):
    """next-user [back]: run until the CPU is next in ring 3

Stops at the first instruction in ring 3 after the SYSRET or IRETQ. `next-user back`, in a recorded
run (`make rewind`), goes back to the last instruction in ring 3: the SYSCALL, or whatever a trap
interrupted. `set exec-direction reverse` does the same. Then `ring --diff` shows what changed."""
    if run.goes_back(words):
        back_to_ring3()
        finish("about to leave" if kernel.cpl() == 3 else "just entered")
        return
    out_to_ring3()
    finish("just entered")
