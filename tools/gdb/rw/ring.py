"""`ring`: where we stand, how we know, and what the last crossing changed."""
from rw import cpu, crossing, kernel
from rw.command import command, table


def rcx_r11():
    """What RCX and R11 mean right here: SYSCALL and SYSRET give them a meaning of their own."""
    rip, rcx = kernel.register("rip"), kernel.register("rcx")
    at = cpu.instruction()
    if at == cpu.SYSCALL:
        return "ordinary values; SYSCALL overwrites both, with the next RIP and with RFLAGS"
    if at == cpu.SYSRET:
        return "SYSRET loads RIP from RCX and RFLAGS from R11: the kernel put them there"
    if rip == kernel.address("entry_SYSCALL_64"):
        return f"SYSCALL left them: ring 3 goes on at {kernel.name_of(rcx)}, with RFLAGS = R11"
    if kernel.cpl() == 3 and rcx == rip and cpu.instruction(rip - 2) == cpu.SYSCALL:
        return "left over from SYSRET: RCX = RIP, R11 = RFLAGS. A system call destroys both"
    if kernel.cpl() == 0:
        return "ordinary registers by now; ring 3's RIP and RFLAGS are in pt_regs (`regs`)"
    return "ordinary registers, until the next SYSCALL"


def where():
    rip = kernel.register("rip")
    name = kernel.name_of(rip)
    at = cpu.instruction()
    return f"<{name}>" + (f"  {at}" if at else "")


def show_msrs():
    if not kernel.has("syscall_msrs"):
        return []
    msrs = kernel.var("syscall_msrs")
    star, lstar, mask = (int(msrs[name]) & kernel.MASK for name in ("star", "lstar", "sfmask"))
    entry, back = star >> 32 & 0xffff, star >> 48
    return [
        ("STAR", f"{star:#018x}", f"SYSCALL: CS {entry:#x}, SS {entry + 8:#x}; "
         f"SYSRET: CS {(back + 16) | 3:#x}, SS {(back + 8) | 3:#x}"),
        ("LSTAR", f"{lstar:#x}", f"SYSCALL goes to {kernel.name_of(lstar)}"),
        ("SFMASK", f"{mask:#x}", f"SYSCALL clears {cpu.flags(mask)}"),
    ]


def protection():
    rows = []
    for name, names in (("efer", cpu.EFER), ("cr0", cpu.CR0), ("cr4", cpu.CR4)):
        value = kernel.register(name)
        for i, line in enumerate(cpu.bits(value, names)):
            rows.append((name.upper() if not i else "", f"{value:#x}" if not i else "", line))
    return rows


def registers():
    cs, ss, rip, rsp, flags, rcx, r11, gs, kgs = (
        kernel.register(name) for name in
        ("cs", "ss", "rip", "rsp", "eflags", "rcx", "r11", "gs_base", "k_gs_base"))
    booted = kernel.current() is not None
    return [
        ("CS", f"{cs:#x}", cpu.selector(cs)),
        ("SS", f"{ss:#x}", cpu.selector(ss)),
        ("RIP", f"{rip:#x}", where()),
        ("RSP", f"{rsp:#x}", cpu.stack_of(rsp) if booted else ""),
        ("RFLAGS", f"{flags:#x}", cpu.flags(flags)),
        ("RCX", f"{rcx:#x}", rcx_r11() if booted else ""),
        ("R11", f"{r11:#x}", ""),
        ("GS", f"{gs:#x}", cpu.gs_owner(gs) + ", in force" if booted else ""),
        ("", f"{kgs:#x}", cpu.gs_owner(kgs) + ", waiting: SWAPGS exchanges them" if booted else ""),
    ]


@command("ring")
def ring(words):
    """ring [--diff]: the current ring, how we know it, and the registers that decide it

`ring` shows CS and SS (the low two bits of CS are the ring: CPL), the stack RSP is in, what RCX
and R11 mean at this very instruction, both GS bases, the registers that lead SYSCALL and SYSRET
(EFER, STAR, LSTAR, SFMASK), and the protections that are on (CR0, CR3, CR4).
`ring --diff` shows the last crossing between rings, before and after side by side, and who
changed each register: the CPU or our code. Cross by `stepi`, `next-kernel` or `next-user` first.

STAR, LSTAR and SFMASK are what the kernel read back after it had set them: the gdbstub has none."""
    if words == ["--diff"]:
        crossing.show()
        return
    task = kernel.current()
    cs = kernel.register("cs")
    print(f"ring {cs & 3}: CPL is the low two bits of CS = {cs:#x}"
          + (f"; current task {kernel.who(task)}" if task is not None else "; no task yet"))
    rows = registers()
    if kernel.long_mode():
        rows += show_msrs() + [("CR3", f"{kernel.register('cr3'):#x}",
                                "physical address of the page tables (`pt ADDR` walks them)")]
    table(rows + protection())
