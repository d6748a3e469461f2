"""`pt`: an address through the four levels of page tables. Intel SDM vol. 3 §4.5"""
import gdb

from rw import kernel, session
from rw.command import command, number, table

PRESENT, WRITE, USER, HUGE, GLOBAL, NX = 1, 2, 4, 0x80, 0x100, 1 << 63
ADDRESS = 0x000ffffffffff000
LEVELS = ("PML4", "PDPT", "PD", "PT")
SIZES = (0, 1 << 30, 1 << 21, 1 << 12)
FLAGS = ((PRESENT, "P"), (WRITE, "W"), (USER, "U"), (0x20, "A"), (0x40, "D"), (HUGE, "PS"),
         (GLOBAL, "G"), (NX, "NX"))


def entry_at(base, index):
    return int.from_bytes(session.read_physical(base + 8 * index, 8), "little")


def names(entry, level):
    """The bits that are set; PS means a page only above the last level."""
    return " ".join(name for bit, name in FLAGS
                    if entry & bit and not (bit == HUGE and level == 3))


def verdict(rights, size, at):
    write, user, nx = rights
    frame = at & ~(size - 1)
    return (f"{at:#x}: physical, in a page of {size >> 10} KiB at {frame:#x}; "
            f"r{'w' if write else '-'}{'-' if nx else 'x'}, "
            f"{'ring 3 and ring 0' if user else 'ring 0 only'}")


@command("pt")
def pt(words):
    """pt ADDRESS: walk the page tables to ADDRESS: each entry, and what is allowed in the end

ADDRESS is any expression. A right holds only if all four levels grant it. Read from the machine's
physical memory, from CR3 on. With SMEP and SMAP on, ring 0 may neither run nor touch user pages."""
    if len(words) < 1:
        raise gdb.GdbError("which address? expected: pt ADDRESS")
    at = number(" ".join(words), "address")
    if at >> 47 not in (0, 0x1ffff):
        raise gdb.GdbError(f"{at:#x} is not canonical: bits 63..47 must be equal")
    if not kernel.long_mode():
        raise gdb.GdbError("the CPU is not in 64-bit mode yet")
    base = kernel.register("cr3") & ADDRESS
    write, user, nx = True, True, False
    rows = []
    for level, name in enumerate(LEVELS):
        index = at >> (39 - 9 * level) & 511
        entry = entry_at(base, index)
        rows.append((name, f"[{index}]", f"at {base + 8 * index:#x}", f"{entry:#018x}",
                     names(entry, level)))
        if not entry & PRESENT:
            table(rows)
            print(f"{at:#x} is not mapped: the {name} entry is not present")
            return
        write, user, nx = write and entry & WRITE, user and entry & USER, nx or entry & NX
        base = entry & ADDRESS
        if level == 3 or level and entry & HUGE:
            table(rows)
            size = SIZES[level]
            print(f"{at:#x} ->", verdict((write, user, nx), size,
                                         base & ~(size - 1) | at & (size - 1)))
            return
