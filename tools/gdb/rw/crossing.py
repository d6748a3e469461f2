"""The last change of ring: what stood in the registers before and after, and who changed it.

Each stop is compared with the one before. A crossing that was stepped over is seen whole; one that
was run over is put together from what the CPU left behind, and says so.
"""
import gdb

from rw import cpu, kernel
from rw.command import table

NAMES = {"CS": "cs", "SS": "ss", "RIP": "rip", "RSP": "rsp", "RFLAGS": "eflags", "RCX": "rcx",
         "R11": "r11", "GS base": "gs_base"}

WHO = {
    cpu.SYSCALL: {
        "CS": "CPU: STAR[47:32]", "SS": "CPU: STAR[47:32] + 8", "RIP": "CPU: LSTAR",
        "RSP": "nobody: still ring 3's; our code parks it in Step 2",
        "RFLAGS": "CPU: clears the bits of SFMASK", "RCX": "CPU: address of the next instruction",
        "R11": "CPU: RFLAGS as they were", "GS base": "nobody: our code's SWAPGS comes first"},
    cpu.SYSRET: {
        "CS": "CPU: STAR[63:48] + 16", "SS": "CPU: STAR[63:48] + 8", "RIP": "CPU: from RCX",
        "RSP": "our code loaded it in Step 8; SYSRET leaves it", "RFLAGS": "CPU: from R11",
        "RCX": "our code: pt_regs->ip", "R11": "our code: pt_regs->flags",
        "GS base": "our code: SWAPGS just before"},
    cpu.IRET: {
        "CS": "CPU: from the frame", "SS": "CPU: from the frame", "RIP": "CPU: from the frame",
        "RSP": "CPU: from the frame", "RFLAGS": "CPU: from the frame",
        "RCX": "our code: pt_regs->cx", "R11": "our code: pt_regs->r11",
        "GS base": "our code: SWAPGS just before"},
    "trap": {
        "CS": "CPU: the IDT gate's", "SS": "CPU: null", "RIP": "CPU: the IDT gate's",
        "RSP": "CPU: TSS.RSP0, or an interrupt stack", "RFLAGS": "CPU: clears IF, TF, NT, RF",
        "RCX": "nobody", "R11": "nobody", "GS base": "nobody: our code's SWAPGS comes later"},
}


class Crossing:
    """@by: the instruction, or 'trap'. @inferred: the registers of @before nobody has seen."""

    def __init__(self, by, before, after, unknown=(), note=""):
        self.by, self.before, self.after = by, before, after
        self.unknown, self.note = unknown, note


previous = None             # registers at the stop before
last = None                 # the last Crossing


def take():
    """The registers now, and the instruction that comes next."""
    now = {name: kernel.register(register) for name, register in NAMES.items()}
    now["next"] = cpu.instruction(now["RIP"])
    if now["next"] == cpu.IRET:
        now["target"] = int.from_bytes(kernel.read(now["RSP"], 8), "little")
    return now


def stepped(before, after):
    """Did the one instruction at @before lead to @after, in another ring?"""
    if before["CS"] & 3 == after["CS"] & 3:
        return False
    if before["next"] == cpu.SYSCALL:
        return after["RIP"] == kernel.address("entry_SYSCALL_64")
    if before["next"] == cpu.SYSRET:
        return after["RIP"] == before["RCX"]
    return before["next"] == cpu.IRET and after["RIP"] == before["target"]


def from_gate(after):
    """At the first instruction of the SYSCALL gate: ring 3 as it must have been."""
    star = int(kernel.var("syscall_msrs")["star"]) >> 48
    before = dict(after, CS=star + 16 | 3, SS=star + 8 | 3, RIP=after["RCX"] - 2,
                  RFLAGS=after["R11"])
    return Crossing(cpu.SYSCALL, before, after, ("RCX", "R11"),
                    "RCX and R11 of ring 3 are lost: `stepi` over SYSCALL shows them")


def notice(_event=None):
    """At each stop: was a ring crossed since the last one?"""
    global previous, last
    try:
        if not kernel.long_mode():
            return
        now = take()
        before, previous = previous, now
        if before and stepped(before, now):
            last = Crossing(before["next"], before, now)
        elif before and stepped(now, before):           # backwards over it
            last = Crossing(now["next"], now, before)
        elif now["RIP"] == kernel.address("entry_SYSCALL_64"):
            last = from_gate(now)
    except (gdb.error, gdb.GdbError):
        pass


def trapped(before, after):
    """gate.py has seen a trap or interrupt come from ring 3."""
    global last
    last = Crossing("trap", before, after)


def show():
    if last is None:
        raise gdb.GdbError("no crossing seen yet: `next-kernel`, `next-user`, or `stepi` over "
                           "SYSCALL, SYSRET or IRETQ")
    old, new = last.before["CS"] & 3, last.after["CS"] & 3
    what = "a trap or interrupt" if last.by == "trap" else last.by.upper()
    print(f"ring {old} -> ring {new}, by {what}")
    rows = [("", "before", "after", "", "who")]
    for name in NAMES:
        before, after = last.before[name], last.after[name]
        seen = "?" if name in last.unknown else f"{before:#x}"
        changed = "" if seen != "?" and before == after else "*"
        rows.append((name, seen, f"{after:#x}", changed, WHO[last.by][name]))
    table(rows)
    if last.note:
        print(last.note)


gdb.events.stop.connect(notice)
