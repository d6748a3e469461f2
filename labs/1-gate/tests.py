"""Lab 1, the gate: its tests. They stop the machine at the instructions around the gate, through the
gdbstub, and look at its registers and memory. Nothing that the kernel says is believed."""
import errno

from judge import MASK, test

GENERAL = ("rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "r8", "r9", "r10", "r11",
           "r12", "r13", "r14", "r15")
KEPT = [name for name in GENERAL if name not in ("rax", "rcx", "r11")]
# struct pt_regs, from its lowest word upwards, and the register that each word holds.
FRAME = ("r15 r14 r13 r12 bp bx r11 r10 r9 r8 ax cx dx si di orig_ax ip cs flags sp ss").split()
FRAME_SIZE = 8 * len(FRAME)
KERNEL_CS, KERNEL_SS, USER_CS, USER_SS = 0x10, 0x18, 0x33, 0x2b
CF, PF, AF, ZF, SF, TF, IF, DF, OF, IOPL, NT, AC, ID = \
    1, 4, 0x10, 0x40, 0x80, 0x100, 0x200, 0x400, 0x800, 0x3000, 0x4000, 0x40000, 0x200000
ALWAYS = 2                              # the bit of RFLAGS that is always set
MASKED = 0x257fd5
MSRS = {0xc0000081: "STAR", 0xc0000082: "LSTAR", 0xc0000083: "CSTAR", 0xc0000084: "SYSCALL_MASK"}
STEPS = 150                             # instructions from the entry to do_syscall_64, at most
GETPID, GETPPID = 39, 110


def random_regs(vm, **given):
    """A value for each general register, and a stack pointer in the arena."""
    regs = {name: vm.rng.getrandbits(64) for name in GENERAL}
    regs["rsp"] = vm.alloc(4096) + vm.rng.randrange(256, 3840)
    regs.update(given)
    return regs


def random_flags(vm):
    """Flags that a program may have: no single step, no I/O privilege, and interrupts are on."""
    return sum(flag for flag in (CF, PF, AF, ZF, SF, DF, OF, NT, AC, ID) if vm.rng.randrange(2)) | IF | ALWAYS


def enter(vm, regs, flags=None):
    """Set the registers at SYSCALL, and execute this instruction only. Returns the flags of before."""
    vm.start_with(regs)
    if flags is not None:
        vm.set_register("eflags", flags)
    flags = vm.register("eflags")
    vm.run_to("entry_SYSCALL_64")
    return flags


def percpu(vm, member):
    return vm.eval(f"percpu.{member}") & MASK


def compare(vm, seen, wanted, what):
    """Two dictionaries, name by name."""
    for name, value in wanted.items():
        vm.expect(word(seen[name]), word(value), f"{what}: {name}")


def word(value):
    return value if isinstance(value, str) else f"{value & MASK:#x}"


def frame_at(vm, address):
    data = vm.read(address, FRAME_SIZE)
    return {name: int.from_bytes(data[8 * i:8 * i + 8], "little") for i, name in enumerate(FRAME)}


def expected_frame(vm, regs, flags):
    """What pt_regs must hold for these registers of ring 3."""
    back = vm.address("stage_return")
    frame = {name: regs.get(name, regs.get("r" + name)) for name in FRAME}
    frame.update({"ax": -errno.ENOSYS & MASK, "orig_ax": regs["rax"], "ip": back, "cx": back, "cs": USER_CS,
                  "flags": flags, "r11": flags, "sp": regs["rsp"], "ss": USER_SS})
    return frame


def steps(vm, reached):
    """One instruction after the other, until reached(vm), or do_syscall_64, or a jump to itself.

    Returns rsp before the last instruction.
    """
    end, state, sp = vm.address("do_syscall_64"), None, vm.register("rsp")
    for _ in range(STEPS):
        if reached(vm):
            return sp
        sp = vm.register("rsp")
        vm.step()
        now = [vm.register(name) for name in ("rip", "rsp", "rcx", "rdi", "gs_base")]
        if now[0] == end or now == state:
            return sp
        state = now
    return sp


def to_stack(vm):
    """On to the instruction that loads the kernel stack. Says so when there is none."""
    top = percpu(vm, "kernel_stack")
    user = vm.register("rsp")
    steps(vm, lambda vm: vm.register("rsp") != user)
    vm.expect(vm.register("rsp"), top, "RSP, when it is loaded for the first time: the top of the kernel stack")


def build_frame(vm, regs, flags):
    """On to where pt_regs are complete. Returns what they hold."""
    base = percpu(vm, "kernel_stack") - FRAME_SIZE
    wanted = expected_frame(vm, regs, flags)
    sp = steps(vm, lambda vm: vm.register("rsp") == base and frame_at(vm, base) == wanted)
    if vm.register("rsp") != base:
        vm.expect(sp, base, "RSP, when pt_regs are built")
    return frame_at(vm, base)


def to_c(vm, regs, flags=None):
    """Through the entry to the first instruction of do_syscall_64. Returns the address of pt_regs."""
    enter(vm, regs, flags)
    vm.run_to("do_syscall_64")
    return percpu(vm, "kernel_stack") - FRAME_SIZE


def return_from_c(vm, value):
    """Let do_syscall_64, at whose entry the machine is, return @value at once."""
    sp = vm.register("rsp")
    vm.set_register("rax", value)
    vm.set_register("rip", vm.word(sp))
    vm.set_register("rsp", sp + 8)


def code(vm, pattern):
    """The addresses in the kernel's text at which these bytes stand."""
    start, end = vm.address("_stext"), vm.address("_etext")
    text = vm.read(start, end - start)
    found, at = [], text.find(pattern)
    while at >= 0:
        found.append(start + at)
        at = text.find(pattern, at + 1)
    return found

# --- step 1: the model-specific registers -------------------------------------------------------


@test(points=7, step=1, hint="1.1")
def entered(vm):
    """SYSCALL leads to entry_SYSCALL_64, in ring 0."""
    regs = random_regs(vm)
    flags = enter(vm, regs)
    compare(vm, vm.regs, {"cs": KERNEL_CS, "ss": KERNEL_SS}, "at entry_SYSCALL_64")
    compare(vm, vm.regs, {**regs, "rcx": vm.address("stage_return"), "r11": flags}, "at entry_SYSCALL_64")


@test(points=6, step=1, parents=["entered"], hint="1.3")
def flags_masked(vm):
    """No flag that ring 3 can set is set in ring 0."""
    for flag in vm.rng.sample((CF, PF, AF, ZF, SF, DF, OF, IOPL, NT, AC, ID), 11) + [random_flags(vm)]:
        flags = enter(vm, random_regs(vm), flag | IF | ALWAYS)
        vm.expect(flags, flag | IF | ALWAYS, "RFLAGS at SYSCALL")
        vm.expect(vm.register("eflags"), ALWAYS, f"RFLAGS at entry_SYSCALL_64, when it was {flags:#x} in ring 3")
        vm.expect(vm.register("r11"), flags, "R11 at entry_SYSCALL_64")
        vm.again()


@test(points=7, step=1, parents=["entered"], hint="1.1, 1.2 and 1.3")
def msrs(vm):
    """syscall_init() writes the right values, all 64 bits of them."""
    enter(vm, random_regs(vm))
    written = {}

    def note(vm):
        value = (vm.register("rdx") & 0xffffffff) << 32 | vm.register("rax") & 0xffffffff
        written[vm.register("rcx") & 0xffffffff] = value
    for address in code(vm, b"\x0f\x30"):               # wrmsr
        vm.break_at(address, note)
    sp = percpu(vm, "kernel_stack") - 8
    vm.write(sp, vm.address("entry_SYSCALL_64").to_bytes(8, "little"))
    vm.set_register("rsp", sp)
    vm.set_register("rip", vm.address("syscall_init"))
    vm.run_to("entry_SYSCALL_64")
    wanted = {"STAR": 0x23 << 48 | KERNEL_CS << 32, "LSTAR": vm.address("entry_SYSCALL_64"),
              "CSTAR": vm.address("entry_SYSCALL_compat"), "SYSCALL_MASK": MASKED}
    seen = {name: written.get(msr, "never written") for msr, name in MSRS.items()}
    compare(vm, seen, wanted, "written by syscall_init()")
    vm.expect(vm.register("efer") & 0xd01, 0xd01, "EFER after it: NX, LMA, LME and SCE")

# --- step 2: the kernel's stack -------------------------------------------------------------------


@test(points=8, step=2, parents=["entered"], hint="2.1 and 2.2")
def stack_switched(vm):
    """The task's kernel stack is loaded, and ring 3's RSP is parked."""
    regs = random_regs(vm)
    enter(vm, regs)
    to_stack(vm)
    vm.expect(percpu(vm, "user_sp"), regs["rsp"], "percpu.user_sp, when RSP is the kernel's")


@test(points=4, step=2, parents=["stack_switched"], hint="2.1")
def gs_exchanged(vm):
    """The GS base is percpu's before it is used, and ring 3's is kept."""
    base = vm.rng.randrange(1 << 46) & ~7
    vm.start_with(random_regs(vm))
    vm.set_register("gs_base", base)
    vm.run_to("entry_SYSCALL_64")
    to_stack(vm)
    vm.expect(vm.register("gs_base"), vm.address("percpu"), "the GS base")
    vm.expect(vm.register("k_gs_base"), base, "MSR_KERNEL_GS_BASE: where ring 3's base waits")


@test(points=4, step=2, parents=["stack_switched"], hint="2.2")
def user_stack_untouched(vm):
    """Nothing is written through ring 3's RSP, wherever it points."""
    for _ in range(3):
        base = vm.address("sys_call_table") + vm.rng.randrange(64, 256) * 8
        before = vm.read(base - 512, 1024)
        enter(vm, random_regs(vm, rsp=base))
        to_stack(vm)
        vm.expect(percpu(vm, "user_sp"), base, "percpu.user_sp, when ring 3's RSP points into the kernel")
        vm.expect(vm.read(base - 512, 1024) == before, True, "the kernel's memory there is as it was")
        vm.again()

# --- step 3: struct pt_regs -----------------------------------------------------------------------


@test(points=9, step=3, parents=["stack_switched"], hint="3.2")
def general_registers(vm):
    """struct pt_regs at the top of the kernel stack hold the general registers."""
    regs = random_regs(vm)
    flags = enter(vm, regs, random_flags(vm))
    to_stack(vm)
    seen, wanted = build_frame(vm, regs, flags), expected_frame(vm, regs, flags)
    names = FRAME[:10] + FRAME[11:15]
    compare(vm, seen, {name: wanted[name] for name in names}, "in pt_regs")


@test(points=7, step=3, parents=["stack_switched"], hint="3.1")
def upper_five(vm):
    """Above them stand the five words that the CPU pushes for a trap."""
    regs = random_regs(vm)
    flags = enter(vm, regs, random_flags(vm))
    to_stack(vm)
    seen, wanted = build_frame(vm, regs, flags), expected_frame(vm, regs, flags)
    compare(vm, seen, {name: wanted[name] for name in FRAME[16:]}, "in pt_regs")


@test(points=6, step=3, parents=["upper_five"], hint="3.2")
def number_and_result(vm):
    """orig_ax holds the number, all 64 bits of RAX; ax starts as -ENOSYS."""
    regs = random_regs(vm)
    flags = enter(vm, regs)
    to_stack(vm)
    seen, wanted = build_frame(vm, regs, flags), expected_frame(vm, regs, flags)
    compare(vm, seen, {name: wanted[name] for name in ("orig_ax", "ax")}, "in pt_regs")

# --- step 4: C ------------------------------------------------------------------------------------


@test(points=6, step=4, parents=["upper_five"], hint="4.2")
def arguments(vm):
    """do_syscall_64() gets the address of pt_regs and the low 32 bits of RAX."""
    regs = random_regs(vm)
    frame = to_c(vm, regs, random_flags(vm) | DF)
    vm.expect(vm.register("rdi"), frame, "RDI: the address of pt_regs")
    vm.expect(vm.register("rsi"), regs["rax"] & 0xffffffff, f"RSI, when RAX was {regs['rax']:#x}")
    vm.expect(vm.register("eflags") & IF, 0, "IF")


@test(points=6, step=4, parents=["upper_five"], hint="4.1")
def nothing_of_ring_3(vm):
    """No register but RAX holds what ring 3 had in it."""
    regs = random_regs(vm)
    to_c(vm, regs)
    for name in GENERAL:
        if name not in ("rax", "rdi", "rsi"):
            vm.expect(vm.register(name), 0, f"{name.upper()} at do_syscall_64, when it was {regs[name]:#x} in ring 3")


@test(points=6, step=4, parents=["upper_five"], hint="4.3")
def result_stored(vm):
    """What do_syscall_64() returns is stored in pt_regs."""
    value = vm.rng.getrandbits(64)
    frame = to_c(vm, random_regs(vm))
    return_from_c(vm, value)
    steps(vm, lambda vm: frame_at(vm, frame)["ax"] == value)
    vm.expect(frame_at(vm, frame)["ax"], value, "ax in pt_regs")

# --- step 5: back to ring 3 -----------------------------------------------------------------------


@test(points=7, step=5, parents=["result_stored"], hint="5.1 and 5.2")
def back(vm):
    """A system call returns its result, and ring 3 keeps all its other registers."""
    for number, result in ((GETPID, 1), (GETPPID, 0), (vm.rng.randrange(400, 1 << 32), -errno.ENOSYS)):
        regs = random_regs(vm, rax=number)
        vm.expect(vm.calln(regs), result, f"system call {number}")
        compare(vm, vm.regs, {name: regs[name] for name in [*KEPT, "rsp"]}, f"behind system call {number}")
        compare(vm, vm.regs, {"cs": USER_CS, "ss": USER_SS, "rcx": vm.address("stage_return"),
                              "r11": vm.before["eflags"]}, f"behind system call {number}")


@test(points=4, step=5, parents=["back"], hint="5.2")
def by_sysret(vm):
    """SYSRET ends the call; just before it, the stack and the GS base are ring 3's, and IF is 0."""
    base = vm.rng.randrange(1 << 46) & ~7
    regs, seen = random_regs(vm, rax=GETPID), []
    for address in code(vm, b"\x48\x0f\x07"):
        vm.break_at(address, lambda vm: seen.append([vm.register(name) for name in ("rsp", "gs_base", "k_gs_base", "eflags")]))
    vm.start_with(regs)
    vm.set_register("gs_base", base)
    vm.finish()
    vm.expect(len(seen), 1, "`o64 sysret` instructions executed in one call")
    sp, gs_base, other, flags = seen[0]
    vm.expect(sp, regs["rsp"], "RSP at SYSRET")
    vm.expect(gs_base, base, "the GS base at SYSRET")
    vm.expect(other, vm.address("percpu"), "MSR_KERNEL_GS_BASE at SYSRET")
    vm.expect(flags & IF, 0, "IF at SYSRET")


@test(points=5, step=5, parents=["back"], hint="5.1")
def loads_the_frame(vm):
    """What the kernel has changed in pt_regs arrives in ring 3."""
    frame = to_c(vm, random_regs(vm))
    new = random_regs(vm)
    for i, name in enumerate(FRAME):
        register = name if name in new else "r" + name
        if register in [*KEPT, "rsp"]:
            vm.write(frame + 8 * i, new[register].to_bytes(8, "little"))
    return_from_c(vm, new["rax"])
    vm.finish()
    compare(vm, vm.regs, {name: new[name] for name in ["rax", *KEPT, "rsp"]}, "in ring 3, as changed in pt_regs")


@test(points=3, step=5, parents=["back"], hint="5.1")
def flags_back(vm):
    """Ring 3 has the flags again that it had."""
    for _ in range(4):
        flags = random_flags(vm)
        vm.start_with(random_regs(vm, rax=GETPPID))
        vm.set_register("eflags", flags)
        vm.expect(vm.finish(), 0, "getppid()")
        vm.expect(vm.register("eflags"), flags, "RFLAGS behind the call")


@test(points=2, step=5, parents=["back"], hint="5.1")
def counted(vm):
    """Returns by SYSRET are counted, and a hundred of them leave the gate as it was."""
    top, sysrets, irets = percpu(vm, "kernel_stack"), percpu(vm, "nr_sysret"), percpu(vm, "nr_iret")
    for _ in range(100):
        vm.expect(vm.calln({"rax": GETPID}), 1, "getpid()")
    vm.expect(percpu(vm, "nr_sysret"), sysrets + 100, "percpu.nr_sysret after 100 calls")
    vm.expect(percpu(vm, "nr_iret") - irets < 50, True, "only interrupts return by IRET")
    vm.expect(percpu(vm, "kernel_stack"), top, "percpu.kernel_stack")


@test(points=3, step=5, parents=["back"], hint="5.3")
def other_frames(vm):
    """A frame that SYSRET cannot load goes back by IRET, as before."""
    frame, value = to_c(vm, random_regs(vm)), vm.rng.getrandbits(63)
    for name in ("cx", "r11"):
        vm.write(frame + 8 * FRAME.index(name), value.to_bytes(8, "little"))
    irets = percpu(vm, "nr_iret")
    return_from_c(vm, 0)
    vm.expect(vm.finish(), 0, "the call's result")
    compare(vm, vm.regs, {"rcx": value, "r11": value}, "in ring 3, as changed in pt_regs")
    vm.expect(percpu(vm, "nr_iret"), irets + 1, "percpu.nr_iret")
