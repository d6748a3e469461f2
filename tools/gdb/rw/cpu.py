"""Registers in words: flags, selectors, control registers. Intel SDM vol. 3 §2.5, §3.4.2"""
import gdb

from rw import kernel

EFLAGS = {0: "CF", 2: "PF", 4: "AF", 6: "ZF", 7: "SF", 8: "TF", 9: "IF", 10: "DF", 11: "OF",
          12: "IOPL", 14: "NT", 16: "RF", 17: "VM", 18: "AC", 19: "VIF", 20: "VIP", 21: "ID"}
EFER = {0: ("SCE", "SYSCALL is on"), 8: ("LME", "long mode"), 10: ("LMA", "long mode is active"),
        11: ("NXE", "pages can be no-execute")}
CR0 = {0: ("PE", "protected mode"), 16: ("WP", "ring 0 heeds read-only pages"),
       31: ("PG", "paging")}
CR4 = {5: ("PAE", "64-bit page tables"), 7: ("PGE", "global pages"),
       11: ("UMIP", "ring 3 cannot read GDT, IDT, TR"),
       20: ("SMEP", "ring 0 cannot execute user pages"),
       21: ("SMAP", "ring 0 cannot touch user pages, but for STAC")}
SYSCALL, SYSRET, IRET = "syscall", "sysret", "iretq"
ENCODING = {SYSCALL: (b"\x0f\x05",), SYSRET: (b"\x48\x0f\x07", b"\x0f\x07"), IRET: (b"\x48\xcf",)}


def flags(value):
    """RFLAGS as names."""
    names = [name for bit, name in EFLAGS.items() if value >> bit & 1]
    return " ".join(names) or "none"


def bits(value, names):
    """One line for each bit that matters: set or not."""
    return [f"{name} {'on ' if value >> bit & 1 else 'OFF'} {meaning}"
            for bit, (name, meaning) in names.items()]


def selector(value):
    """What a code or stack selector selects, read from the kernel's own GDT."""
    if not value:
        return "the null selector"
    if not kernel.long_mode():
        return "a selector of the firmware or of the boot code"
    entry = int(kernel.var("gdt")[value >> 3]) & kernel.MASK
    kind = "code" if entry >> 43 & 1 else "data"
    wide = ", 64-bit" if entry >> 53 & 1 else ""
    return f"GDT entry {value >> 3}: {kind}{wide}, DPL {entry >> 45 & 3}; RPL {value & 3}"


def instruction(at=None):
    """Which of the three instructions that change rings stands at @at; '' for any other."""
    at = kernel.register("rip") if at is None else at
    try:
        data = kernel.read(at, 3)
    except gdb.GdbError:
        return ""
    for name, codes in ENCODING.items():
        if any(data.startswith(code) for code in codes):
            return name
    return ""


def find(function, instruction_name):
    """The address of the first such instruction in @function; None when it has none."""
    arch = gdb.newest_frame().architecture()
    for row in arch.disassemble(kernel.address(function), count=200):
        if row["asm"].split()[0].rstrip("lq") == instruction_name.rstrip("q"):
            return int(row["addr"])
    return None


def stack_of(rsp):
    """Whose stack @rsp is in."""
    if rsp < kernel.USER_END:
        return "ring 3's stack"
    size = kernel.thread_size()
    for task in kernel.tasks():
        low = int(task["stack"]) & kernel.MASK
        if low < rsp <= low + size:
            return f"kernel stack of {kernel.who(task)}, {low + size - rsp} of {size} bytes used"
    if kernel.address("ist_stacks") <= rsp <= kernel.address("_estacks"):
        return "an interrupt stack (IST): #DF, NMI, #DB or #MC"
    return "no stack of any task"


def gs_owner(base):
    return "struct percpu, the kernel's" if base == kernel.address("percpu") else "ring 3's"
