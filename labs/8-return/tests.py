"""Lab 8, the way back: its tests. When do_syscall_64() returns they change pt_regs from outside the machine,
and look at which instruction ends the call: SYSRET, or IRET."""
import errno
import signal

from judge import MASK, test

FRAME = ("r15 r14 r13 r12 bp bx r11 r10 r9 r8 ax cx dx si di orig_ax ip cs flags sp ss").split()
KERNEL_CS, KERNEL_SS, USER32_CS, USER_SS, USER_CS = 0x10, 0x18, 0x23, 0x2b, 0x33
TASK_SIZE_MAX = 0x7ffffffff000
CF, TF, IF, DF, RF, AC, ID = 1, 0x100, 0x200, 0x400, 0x10000, 0x40000, 0x200000
ALWAYS = 2                              # the bit of RFLAGS that is always set
SYSRET, IRET = (b"\x48\x0f\x07", b"\x0f\x07"), (b"\x48\xcf",)
PROT, MAP_FIXED_ANONYMOUS = 7, 0x32
TSS_IST2 = 4 + 4 * 8 + 8                # where the task-state segment says which stack an NMI gets
GETPID = 39


def code(vm, *patterns):
    """The addresses in the kernel's text at which these bytes stand."""
    start, end = vm.address("_stext"), vm.address("_etext")
    text, found = vm.read(start, end - start), set()
    for pattern in patterns:
        at = text.find(pattern)
        while at >= 0:
            found.add(start + at)
            at = text.find(pattern, at + 1)
    return found


def forge(vm, **words):
    """Write words of pt_regs. The machine stands behind do_syscall_64()."""
    for name, value in words.items():
        vm.write(vm.frame + 8 * FRAME.index(name), (value & MASK).to_bytes(8, "little"))


def to_the_end(vm, flags=None, rip=None):
    """One getpid(), up to where do_syscall_64() returns: pt_regs are complete, and nothing is decided."""
    vm.start("getpid")
    if flags is not None:
        vm.set_register("eflags", flags)
    if rip is not None:
        vm.set_register("rip", rip)
    vm.run_to("do_syscall_64")
    vm.frame = vm.register("rdi")
    vm.run_to(vm.word(vm.register("rsp")))


def ends_by(vm):
    """On to the instruction that ends the call: "SYSRET" or "IRET"."""
    sysrets = code(vm, *SYSRET)
    here = vm.run_to(*sysrets, *code(vm, *IRET))
    return "SYSRET" if here in sysrets else "IRET"


def by_iret(vm, why):
    """The call must end by IRET, and what IRET loads is what pt_regs say."""
    wanted = {name: vm.word(vm.frame + 8 * FRAME.index(name)) for name in ("ip", "cs", "flags", "sp", "ss")}
    how = ends_by(vm)
    if how != "IRET":
        vm.expect(f"SYSRET with RCX = {vm.register('rcx'):#x}", "IRET", f"the instruction that ends the call, when {why}")
    for i, (name, value) in enumerate(wanted.items()):
        vm.expect(vm.word(vm.register("rsp") + 8 * i), value, f"{name} in the frame of IRET, when {why}")


def ordinary(vm):
    """A call with an ordinary frame, at whichever address, still ends by SYSRET: nobody passes with IRET for all."""
    ip = vm.rng.randrange(4096, TASK_SIZE_MAX)
    to_the_end(vm)
    forge(vm, ip=ip, cx=ip)
    vm.expect(ends_by(vm), "SYSRET", "the instruction that ends an ordinary call")
    vm.again()


def arrives(vm, rip, **wanted):
    """On into ring 3, to @rip, and look at the registers there."""
    vm.run_to(rip)
    for name, value in wanted.items():
        vm.expect(f"{vm.register(name):#x}", f"{value & MASK:#x}", f"{name.upper()} in ring 3")


@test(points=5, step=0)
def boots(vm):
    """The kernel boots, and a system call returns to ring 3."""
    vm.expect(vm.call("getpid"), 1, "getpid()")

# --- step 1: may SYSRET end this call? ------------------------------------------------------------


@test(points=8, step=1, parents=["boots"], hint="1.1")
def address(vm):
    """When rip and rcx of the frame differ, IRET loads both."""
    ordinary(vm)
    back, elsewhere = vm.address("stage_return"), vm.address("stage_ready")
    for ip, cx in ((back, vm.rng.getrandbits(64)), (elsewhere, back), (elsewhere, vm.rng.getrandbits(64))):
        to_the_end(vm)
        forge(vm, ip=ip, cx=cx)
        by_iret(vm, f"rip is {ip:#x} and rcx {cx:#x}")
        arrives(vm, ip, rcx=cx, rax=1)
        vm.again()


@test(points=8, step=1, parents=["boots"], hint="1.2")
def flags(vm):
    """When the flags and r11 of the frame differ, IRET loads both."""
    ordinary(vm)
    back = vm.address("stage_return")
    for bits, r11 in ((IF | ALWAYS, vm.rng.getrandbits(64)), (IF | ALWAYS | vm.rng.choice((CF, DF, AC, ID)), IF | ALWAYS),
                      (IF | ALWAYS, vm.rng.getrandbits(32) << 32 | IF | ALWAYS)):
        to_the_end(vm)
        forge(vm, flags=bits, r11=r11)
        by_iret(vm, f"the flags are {bits:#x} and r11 is {r11:#x}")
        arrives(vm, back, eflags=bits, r11=r11)
        vm.again()


@test(points=8, step=1, parents=["boots"], hint="1.3")
def selectors(vm):
    """SYSRET can load one CS and one SS; all others are for IRET."""
    ordinary(vm)
    for words in ({"cs": USER32_CS}, {"ss": USER32_CS}, {"ss": 0}, {"ss": 0x53}, {"cs": vm.rng.randrange(1, 1 << 32) << 32 | USER_CS}):
        to_the_end(vm)
        forge(vm, **words)
        name, value = next(iter(words.items()))
        by_iret(vm, f"{name} is {value:#x}")
        vm.again()


@test(points=8, step=1, parents=["boots"], hint="1.4")
def canonical(vm):
    """SYSRET never gets an address that is not below TASK_SIZE_MAX (CVE-2012-0217)."""
    ordinary(vm)
    addresses = [TASK_SIZE_MAX, 1 << 47, 0xffff7fffffffffff, 0xffff800000000000, vm.address("_stext"),
                 vm.rng.randrange(1 << 47, (1 << 64) - (1 << 47)), vm.rng.randrange(1 << 63, 1 << 64)]
    for ip in addresses:
        to_the_end(vm)
        forge(vm, ip=ip, cx=ip)
        by_iret(vm, f"rip and rcx are {ip:#x}")
        vm.again()


def signal_frame(**registers):
    """What the kernel lays on a handler's stack, and rt_sigreturn() loads: struct rt_sigframe."""
    words = ("r8 r9 r10 r11 r12 r13 r14 r15 di si bp bx dx ax cx sp ip flags").split()
    frame = bytearray(440)              # the FPU state's address is 0: that of a new program
    frame[8:16] = (6).to_bytes(8, "little")     # uc_flags: SS is restored as it is
    for name, value in registers.items():
        at = 48 + 8 * words.index(name)
        frame[at:at + 8] = (value & MASK).to_bytes(8, "little")
    frame[192:200] = b"".join(selector.to_bytes(2, "little") for selector in (USER_CS, 0, 0, USER_SS))
    return frame


@test(points=4, step=1, parents=["boots"], hint="1.4")
def sigreturn(vm):
    """A program asks for such an address itself: by a signal frame that no kernel has made."""
    ordinary(vm)
    bits = IF | ALWAYS
    for ip in (TASK_SIZE_MAX, vm.rng.randrange(1 << 47, 1 << 63), vm.rng.randrange(1 << 63, (1 << 64) - (1 << 47))):
        at = vm.alloc(440)
        vm.write(at, bytes(signal_frame(ip=ip, cx=ip, flags=bits, r11=bits, sp=at)))
        vm.start("rt_sigreturn")
        vm.set_register("rsp", at + 8)      # the handler's RET has taken the address below
        vm.run_to("do_syscall_64")
        vm.frame = vm.register("rdi")
        vm.run_to(vm.word(vm.register("rsp")))
        vm.expect(f"{vm.word(vm.frame + 8 * FRAME.index('ip')):#x}", f"{ip:#x}", "rip in pt_regs after rt_sigreturn()")
        by_iret(vm, f"rt_sigreturn() was given a frame with rip and rcx = {ip:#x}")
        vm.again()


@test(points=6, step=1, parents=["boots"], hint="1.4")
def last_bytes(vm):
    """A SYSCALL in the last two bytes that a program can have is followed by such an address."""
    ordinary(vm)
    page = TASK_SIZE_MAX - 4096
    vm.expect(vm.call("mmap", page, 4096, PROT, MAP_FIXED_ANONYMOUS, -1, 0) & MASK, page, "mmap() of the last page")
    vm.expect(vm.call("uname", page), 0, "uname() into the last page")
    vm.write(TASK_SIZE_MAX - 2, b"\x0f\x05")
    to_the_end(vm, rip=TASK_SIZE_MAX - 2)
    by_iret(vm, f"the program's SYSCALL is at {TASK_SIZE_MAX - 2:#x}")


@test(points=8, step=1, parents=["boots"], hint="1.5")
def single_step(vm):
    """A program that is stepped (TF) goes on by IRET."""
    ordinary(vm)
    to_the_end(vm, flags=TF | IF | ALWAYS)
    vm.expect(vm.word(vm.frame + 8 * FRAME.index("flags")), TF | IF | ALWAYS, "flags in pt_regs")
    by_iret(vm, "TF was set before SYSCALL")
    vm.again()
    bits = TF | IF | ALWAYS | vm.rng.choice((0, CF, DF, AC))
    to_the_end(vm)
    forge(vm, flags=bits, r11=bits)
    by_iret(vm, f"flags and r11 are {bits:#x}")


@test(points=4, step=1, parents=["boots"], hint="1.5")
def resume(vm):
    """SYSRET cannot set RF, IRET can."""
    ordinary(vm)
    bits = RF | IF | ALWAYS | vm.rng.choice((0, CF, DF, AC))
    to_the_end(vm)
    forge(vm, flags=bits, r11=bits)
    by_iret(vm, f"flags and r11 are {bits:#x}")


@test(points=6, step=1, parents=["address"], hint="1.1")
def fast(vm):
    """All other calls still end by SYSRET, and the other registers may be anything."""
    back = vm.address("stage_return")
    words = {name: vm.rng.getrandbits(64) for name in FRAME[:10] + FRAME[12:15] if name != "r11"}
    for bits in (IF | ALWAYS, IF | ALWAYS | vm.rng.choice((CF, DF, AC, ID))):
        to_the_end(vm, flags=bits)
        forge(vm, sp=vm.rng.getrandbits(64), **words)
        vm.expect(ends_by(vm), "SYSRET", "the instruction that ends an ordinary call")
        arrives(vm, back, rax=1, eflags=bits, **{name if name[0] == "r" else "r" + name: value for name, value in words.items()})
        vm.again()
    for ip in (0, vm.rng.randrange(1 << 46), TASK_SIZE_MAX - 1):
        to_the_end(vm)
        forge(vm, ip=ip, cx=ip)
        vm.expect(ends_by(vm), "SYSRET", f"the instruction that ends a call, when rip and rcx are {ip:#x}")
        vm.again()

# --- step 2: an IRET that faults ------------------------------------------------------------------


def bad_frame(vm):
    """Frames that IRET does not take, here as on a real CPU. (QEMU takes an address that is not canonical.)"""
    return [{"cs": 16 * 8 + 3}, {"cs": USER_SS}, {"cs": KERNEL_CS | 3}, {"ss": 0}, {"ss": USER_CS},
            {"ss": vm.rng.randrange(16, 64) * 8 + 3}]


def to_bad_iret(vm, words):
    """One call whose frame is changed to a bad one, up to bad_iret(). Returns ring 3's GS base."""
    base = vm.rng.randrange(1 << 46) & ~7
    vm.start("getpid")
    vm.set_register("gs_base", base)
    vm.run_to("do_syscall_64")
    vm.frame = vm.register("rdi")
    vm.run_to(vm.word(vm.register("rsp")))
    forge(vm, **words)
    vm.expect(ends_by(vm), "IRET", f"the instruction that ends the call, when the frame has {words}")
    if vm.run_to("bad_iret", "do_trap") == vm.address("do_trap"):
        vm.fail(f"the fault of IRET is treated as one of the kernel's own: do_trap() is called, when the frame had {words}")
    return base


@test(points=10, step=2, parents=["selectors"], hint="2.1")
def recovers(vm):
    """When IRET faults, bad_iret() is called, with the GS base of the kernel."""
    for words in bad_frame(vm):
        base = to_bad_iret(vm, words)
        vm.expect(vm.register("gs_base"), vm.address("percpu"), "the GS base in bad_iret()")
        vm.expect(vm.register("k_gs_base"), base, "MSR_KERNEL_GS_BASE in bad_iret()")
        top = vm.eval("percpu.kernel_stack") & MASK
        vm.expect(top - 4096 < vm.register("rsp") < top, True, "RSP in bad_iret() is on the task's kernel stack")
        vm.again()


@test(points=9, step=2, parents=["recovers"], hint="2.2")
def ends_the_task(vm):
    """bad_iret() ends the task as SIGSEGV does, with interrupts on."""
    to_bad_iret(vm, vm.rng.choice(bad_frame(vm)))
    vm.run_to("do_exit")
    vm.expect(vm.register("rdi"), int(signal.SIGSEGV), "the argument of do_exit()")
    vm.expect(vm.register("eflags") & IF, IF, "IF in do_exit()")


@test(points=6, step=2, parents=["recovers"], hint="2.1")
def other_faults(vm):
    """Other faults of ring 0 are treated as before, and return to ring 0."""
    bad = vm.rng.randrange(1 << 32, 1 << 38) & ~0xfff
    vm.expect(vm.call("uname", bad), -errno.EFAULT, "uname() to an address that is not mapped")
    vm.expect(vm.call("uname", vm.alloc(512)), 0, "uname()")
    vm.expect(vm.register("gs_base"), 0, "the GS base in ring 3")

# --- step 3: an NMI in between -----------------------------------------------------------------------


def nmi(vm):
    """Do what the CPU does for an NMI: its stack, five words on it, its entry. Then let it run to its end.

    (QEMU's own NMI comes through the local APIC, where this kernel leaves it masked.)
    """
    rip, sp, bits = vm.register("rip"), vm.register("rsp"), vm.register("eflags")
    gs, other = vm.register("gs_base"), vm.register("k_gs_base")
    top = vm.word(vm.address("tss") + TSS_IST2)
    for i, value in enumerate((rip, KERNEL_CS, bits, sp, KERNEL_SS)):
        vm.write(top - 40 + 8 * i, value.to_bytes(8, "little"))
    before = {name: vm.register(name) for name in ("rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "r8", "r11", "r12", "r15")}
    vm.set_register("rsp", top - 40)
    vm.set_register("eflags", bits & ~(IF | TF))
    vm.set_register("rip", vm.address("trap_gate_2"))
    vm.run_to("do_trap")
    vm.expect(vm.register("rsi") & 0xffffffff, 2, "the vector that do_trap() gets")
    vm.expect(vm.register("gs_base"), vm.address("percpu"), f"the GS base in do_trap(), after an NMI at {rip:#x}")
    vm.run_to(rip)
    for name, value in {**before, "rsp": sp, "gs_base": gs, "k_gs_base": other, "eflags": bits}.items():
        vm.expect(f"{vm.register(name):#x}", f"{value:#x}", f"{name} after the NMI at {rip:#x}, as before it")


@test(points=6, step=3, parents=["boots"], hint="3.1")
def nmi_before_swapgs(vm):
    """An NMI at the first instruction of the entry finds the kernel's GS base, and gives ring 3's back."""
    vm.start("getpid")
    vm.set_register("gs_base", vm.rng.randrange(1 << 46) & ~7)
    vm.run_to("entry_SYSCALL_64")
    nmi(vm)
    vm.expect(vm.finish(), 1, "getpid()")


@test(points=4, step=3, parents=["nmi_before_swapgs"], hint="3.1")
def nmi_elsewhere(vm):
    """So does an NMI behind SWAPGS, in C, and at SYSRET."""
    vm.start("getpid")
    vm.set_register("gs_base", vm.rng.randrange(1 << 46) & ~7)
    vm.run_to("entry_SYSCALL_64")
    for _ in range(vm.rng.randrange(1, 4)):
        vm.step()
    nmi(vm)
    vm.run_to("do_syscall_64")
    nmi(vm)
    vm.run_to(*code(vm, *SYSRET))
    nmi(vm)
    vm.expect(vm.finish(), 1, "getpid()")
