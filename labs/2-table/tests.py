"""Lab 2, the system call table: its tests. They set the registers of a SYSCALL, and look at where it leads."""
import errno

import gdb

from judge import MASK, signed, test

TABLE_SIZE = 512                # of sys_call_table
IF = 1 << 9                     # of rflags
PT_AX, PT_CX, PT_ORIG_AX, PT_SIZE = 80, 88, 120, 168    # struct pt_regs, see kernel/cpu/ptregs.h
NEED_RESCHED = 1
AF_INET, SOCK_STREAM = 2, 1
FDCOUNT, SUMINTS, SUMINTS_MAX = 500, 501, 1024


def garbage(vm):
    """Upper half of a register, never zero, whose lower half is 0."""
    return (vm.rng.getrandbits(32) | 1) << 32


def result(vm):
    """A result that no function has by chance."""
    return signed(vm.rng.getrandbits(64) | 1 << 40)


def frame(vm):
    """Address of the pt_regs of the call that is under way."""
    return vm.eval("percpu.kernel_stack") - PT_SIZE


def table(vm, number):
    return vm.word(vm.address("sys_call_table") + 8 * number)


def implemented(vm):
    """The numbers behind which there is a function."""
    none = vm.address("__x64_sys_ni_syscall")
    return [number for number in range(TABLE_SIZE) if table(vm, number) != none]


def answered(vm, number, value, rax=None):
    """A call of @number (or @rax) whose function returns @value. Returns rax, and what it was called with."""
    seen = []
    watched = vm.break_at(table(vm, number), action=lambda vm: seen.append(vm.register("rdi")))
    with vm.force(table(vm, number), value):
        rax = vm.call(number if rax is None else rax)
    vm.remove(watched)
    return rax, seen


@test(points=5, step=0)
def boots(vm):
    """The kernel boots, and SYSCALL comes back to the program."""
    vm.call("getpid")

# --- step 1: from assembly to C ---------------------------------------------------------------------


@test(points=8, step=1, parents=["boots"], hint="1")
def calls_c(vm):
    """do_syscall_64() is called with the saved registers, and the low half of rax."""
    number = vm.rng.getrandbits(32) | 1 << 31
    vm.start_with({"rax": garbage(vm) | number, "rdi": vm.rng.getrandbits(64)})
    if vm.run_to("do_syscall_64", "stage_return") != vm.address("do_syscall_64"):
        vm.fail("do_syscall_64() is not called")
    vm.expect(vm.register("rdi"), frame(vm), "rdi, the first argument: struct pt_regs *")
    vm.expect(vm.register("rsi"), number, f"rsi, the second argument, when rax was {vm.before['rax']:#x}")
    vm.expect(vm.word(frame(vm) + PT_ORIG_AX), vm.before["rax"], "orig_ax in pt_regs: all of rax")
    vm.expect(vm.register("rsp"), frame(vm) - 8, "rsp: the return address, and right above it pt_regs")
    vm.expect(vm.register("eflags") & IF, 0, "the interrupt flag at the entry of do_syscall_64()")


@test(points=7, step=1, parents=["boots"], hint="1")
def result_in_rax(vm):
    """What do_syscall_64() returns is in rax when the program goes on: all 64 bits."""
    for value in (result(vm), -errno.EBADF, 0, result(vm)):
        with vm.force("do_syscall_64", value):
            vm.expect(vm.call("getpid"), value, "rax after SYSCALL")
    sysret = vm.eval("percpu.nr_sysret")
    with vm.force("do_syscall_64", 1):
        vm.call("getpid")
    vm.expect(vm.eval("percpu.nr_sysret"), sysret + 1, "exits by SYSRET")
    value = result(vm)
    vm.break_at("do_syscall_64", action=lambda vm: vm.write(frame(vm) + PT_CX, bytes(8)))
    with vm.force("do_syscall_64", value):
        vm.expect(vm.call("getpid"), value, "rax when the way back is IRET: step 9 loads it from the frame")


@test(points=3, step=1, parents=["result_in_rax"], hint="1")
def others_kept(vm):
    """No other register of the program has changed."""
    names = ("rbx", "rdx", "rsi", "rdi", "rbp", "r8", "r9", "r10", "r12", "r13", "r14", "r15")
    regs = {name: vm.rng.getrandbits(64) for name in names}
    with vm.force("do_syscall_64", result(vm)):
        vm.calln({"rax": 39, **regs})
    for name, value in regs.items():
        vm.expect(vm.register(name), value, f"{name} after SYSCALL")
    vm.expect(vm.register("rsp"), vm.before["rsp"], "rsp after SYSCALL")

# --- step 2: from the number to the function ------------------------------------------------------------


@test(points=8, step=2, parents=["result_in_rax"], hint="2.2")
def dispatches(vm):
    """The function in the table is called once, with the saved registers, and its result comes back."""
    for number in [39] + vm.rng.sample(implemented(vm), 5):
        value = result(vm)
        rax, seen = answered(vm, number, value)
        vm.expect(len(seen), 1, f"calls of sys_call_table[{number}] by a system call of this number")
        vm.expect(seen[0], frame(vm), "its argument: struct pt_regs *")
        vm.expect(rax, value, "rax after SYSCALL: what the function returned")
    vm.expect(vm.call("getpid"), 1, "getpid()")


@test(points=5, step=2, parents=["dispatches"], hint="2.2")
def no_such_call(vm):
    """A number without a function is ENOSYS."""
    there = implemented(vm)
    holes = [number for number in range(max(there)) if number not in there]
    for number in vm.rng.sample(holes, 4) + [max(there) + 1, TABLE_SIZE - 1]:
        if number not in there:
            vm.expect(vm.call(number, vm.rng.getrandbits(64)), -errno.ENOSYS, f"system call {number}")
    value = result(vm)
    vm.expect(answered(vm, max(there), value)[0], value, f"system call {max(there)}, the last one in the table")


@test(points=6, step=2, parents=["dispatches"], hint="2.2")
def out_of_range(vm):
    """A number that is too large, or negative, is ENOSYS, and no function is called."""
    there = implemented(vm)
    for base in (TABLE_SIZE, 2 * TABLE_SIZE, vm.rng.randrange(2, 1 << 20) * TABLE_SIZE, 1 << 31, 0xfffffe00, 1 << 30):
        number = vm.rng.choice(there)
        rax, seen = answered(vm, number, result(vm), rax=base + number)
        vm.expect(len(seen), 0, f"calls of sys_call_table[{number}] by system call {base + number:#x}")
        vm.expect(rax, -errno.ENOSYS, f"system call {base + number:#x}")
    for number in (0xffffffff, MASK, 0x7fffffff):
        vm.expect(vm.call(number), -errno.ENOSYS, f"system call {number:#x}")


@test(points=3, step=2, parents=["dispatches"], hint="1")
def upper_half(vm):
    """The upper 32 bits of rax mean nothing."""
    for number in vm.rng.sample(implemented(vm), 3):
        value = result(vm)
        vm.expect(answered(vm, number, value, rax=garbage(vm) | number)[0], value,
                  f"a system call with {number} in eax, and something in the upper half of rax")


def instructions(vm, name):
    """The instructions of a function: {address: (text, length)}."""
    start = vm.address(name)
    end = min(address for found in vm.symbols.values() for address in found if address > start)
    return {found["addr"]: (found["asm"].split("#")[0].strip(), found["length"])
            for found in gdb.selected_frame().architecture().disassemble(start, end - 1)}


def step_instruction(vm):
    gdb.execute("stepi", to_string=True)
    return vm.register("rip")


@test(points=6, step=2, parents=["out_of_range"], hint="2.1 and 2.2")
def speculation(vm):
    """Where the CPU guesses that the number was in range, it stays inside the table all the same."""
    functions = {table(vm, number) for number in range(TABLE_SIZE)}
    number = vm.rng.randrange(0x1000, 0x10000) * TABLE_SIZE - 1 - vm.rng.randrange(16)
    vm.start(number)
    vm.run_to("do_syscall_64")
    code = instructions(vm, "do_syscall_64")
    jumps = [at for at, (text, _) in code.items() if text[0] == "j" and not text.startswith("jmp")]
    calls = [at for at, (text, _) in code.items() if text.startswith(("call", "jmp")) and "*" in text]
    if not calls:
        vm.fail("do_syscall_64() itself does not call a function through the table")
    end = vm.address("stage_return")
    at = vm.run_to(*jumps, *calls, end)
    if at in jumps:             # the CPU guesses wrongly: it goes on at the other branch
        taken, next_one = step_instruction(vm), at + code[at][1]
        target = int(code[at][0].split()[1], 16)
        vm.set_register("rip", target if taken == next_one else next_one)
        at = vm.run_to(*calls, end)
    if at in calls and step_instruction(vm) not in functions:
        vm.fail(f"number {number:#x} was taken to be in range by a CPU that guessed wrongly, "
                "and what it calls then is not in sys_call_table")


@test(points=5, step=2, parents=["dispatches"], hint="2.2")
def interrupts(vm):
    """Interrupts are on in the function, and off again when do_syscall_64() returns."""
    for number in (39, MASK >> 32):
        vm.start(number)
        vm.run_to("do_syscall_64")
        back = vm.word(vm.register("rsp"))
        if number == 39:
            vm.run_to(table(vm, number))
            vm.expect(bool(vm.register("eflags") & IF), True, "interrupts at the entry of sys_getpid()")
        vm.run_to(back)
        vm.expect(bool(vm.register("eflags") & IF), False, "interrupts when do_syscall_64() has returned")
        vm.finish()


@test(points=6, step=2, parents=["interrupts"], hint="2.2")
def work_before_return(vm):
    """Work that came up during the call is done before the return, when the result is in pt_regs already."""
    value = result(vm)
    vm.start("getpid")
    vm.run_to(table(vm, 39))
    vm.poke("current->thread_flags", NEED_RESCHED)
    back = vm.register("rsp")           # the function returns at once
    for name, content in (("rax", value), ("rip", vm.word(back)), ("rsp", back + 8)):
        vm.set_register(name, content)
    stopped = vm.run_to("exit_to_user_mode_loop", "stage_return")
    vm.expect(stopped, vm.address("exit_to_user_mode_loop"), "what is reached while current->thread_flags is not 0")
    vm.expect(vm.register("rdi"), frame(vm), "the argument of exit_to_user_mode_loop()")
    vm.expect(signed(vm.word(frame(vm) + PT_AX)), value, "ax in pt_regs, which signal handling reads")
    vm.expect(vm.finish(), value, "rax after SYSCALL")
    vm.expect(vm.eval("current->thread_flags"), 0, "current->thread_flags after the call")

# --- step 3: fdcount(2) -----------------------------------------------------------------------------------


def sockets(vm, number):
    for fd in range(number):
        vm.expect(vm.call("socket", AF_INET, SOCK_STREAM, 0), fd, "socket()")


@test(points=6, step=3, parents=["dispatches"], hint="3")
def fdcount(vm):
    """fdcount() counts what is open."""
    vm.expect(vm.call(FDCOUNT, 0, 100), 0, "fdcount(0, 100) when nothing is open")
    number = vm.rng.randrange(6, 12)
    sockets(vm, number)
    vm.expect(vm.call(FDCOUNT, 0, 100), number, f"fdcount(0, 100) when {number} sockets are open")
    gone = vm.rng.sample(range(number), 3)
    for fd in gone:
        vm.expect(vm.call("close", fd), 0, f"close({fd})")
    vm.expect(vm.call(FDCOUNT, 0, 100), number - 3, "fdcount(0, 100) when three are closed again")


@test(points=4, step=3, parents=["fdcount"], hint="3")
def fdcount_range(vm):
    """fdcount() counts from first to last, both included, however large last is."""
    number = vm.rng.randrange(8, 14)
    sockets(vm, number)
    vm.expect(vm.call("dup2", 0, 40), 40, "dup2(0, 40)")
    still = [fd for fd in range(number)] + [40]
    for _ in range(4):
        first = vm.rng.randrange(number)
        last = vm.rng.randrange(first, 60)
        vm.expect(vm.call(FDCOUNT, first, last), sum(first <= fd <= last for fd in still), f"fdcount({first}, {last})")
    vm.expect(vm.call(FDCOUNT, 40, 40), 1, "fdcount(40, 40)")
    vm.expect(vm.call(FDCOUNT, 41, 0xffffffff), 0, "fdcount(41, 0xffffffff)")
    vm.expect(vm.call(FDCOUNT, 0, 0xffffffff), number + 1, "fdcount(0, 0xffffffff)")


@test(points=2, step=3, parents=["fdcount"], hint="3")
def fdcount_reserved(vm):
    """A descriptor that is reserved but not filled is not open."""
    sockets(vm, 2)
    vm.poke("current->files->fdt->open_fds[0]", 0b1011)
    vm.expect(vm.call(FDCOUNT, 0, 63), 2, "fdcount(0, 63) when 0 and 1 are open, and 3 is reserved")


@test(points=3, step=3, parents=["fdcount"], hint="3")
def fdcount_arguments(vm):
    """The arguments are unsigned and have 32 bits; first > last is EINVAL."""
    sockets(vm, 3)
    vm.expect(vm.call(FDCOUNT, garbage(vm) | 1, garbage(vm) | 2), 2, "fdcount(1, 2) with something in the upper halves")
    vm.expect(vm.call(FDCOUNT, 2, 1), -errno.EINVAL, "fdcount(2, 1)")
    vm.expect(vm.call(FDCOUNT, 0xffffffff, 5), -errno.EINVAL, "fdcount(0xffffffff, 5)")
    vm.expect(vm.call(FDCOUNT, 0xfffffff0, 0xffffffff), 0, "fdcount(0xfffffff0, 0xffffffff)")

# --- step 4: sumints(2) -----------------------------------------------------------------------------------


def ints(vm, count):
    return [vm.rng.randrange(-1 << 31, 1 << 31) for _ in range(count)]


def packed(values):
    return b"".join(value.to_bytes(4, "little", signed=True) for value in values)


def sumints(vm, values, scale, want, what):
    """Call sumints(@values, @scale in all of r10), and compare the sum."""
    target = vm.alloc(16)
    vm.write(target, b"\xaa" * 16)
    vm.expect(vm.call(SUMINTS, packed(values), len(values), target, scale), 0, what)
    vm.expect(signed(vm.word(target)), want, f"{what}: *sum")
    vm.expect(vm.read(target + 8, 8), b"\xaa" * 8, f"{what}: the bytes behind *sum")


@test(points=6, step=4, parents=["dispatches"], hint="4")
def sumints_sums(vm):
    """sumints() adds integers that lie in user memory."""
    for count in (1, vm.rng.randrange(2, 60), SUMINTS_MAX):
        values = ints(vm, count)
        sumints(vm, values, 1, sum(values), f"sumints() of {count} integers, scale 1")


@test(points=5, step=4, parents=["sumints_sums"], hint="4")
def sumints_scale(vm):
    """scale is the fourth argument, a signed number of 16 bits."""
    for scale in (vm.rng.randrange(2, 1 << 15), -1, -vm.rng.randrange(2, 1 << 15)):
        values = ints(vm, 5)
        register = garbage(vm) | vm.rng.getrandbits(16) << 16 | scale & 0xffff
        sumints(vm, values, register, scale * sum(values), f"sumints() with r10 = {register:#x}")


@test(points=3, step=4, parents=["sumints_sums"], hint="4")
def sumints_count(vm):
    """count has 32 bits; nothing is read when it is 0; more than 1024 is EINVAL, before all else."""
    values, target = ints(vm, 3), vm.alloc(16)
    source = vm.argument(packed(values))
    vm.expect(vm.call(SUMINTS, source, garbage(vm) | 3, target, 1), 0, "sumints() with something in count's upper half")
    vm.expect(signed(vm.word(target)), sum(values), "*sum")
    vm.write(target, b"\xaa" * 8)
    vm.expect(vm.call(SUMINTS, 8, 0, target, 1), 0, "sumints() of no integers, at a bad address")
    vm.expect(vm.word(target), 0, "*sum")
    for count in (SUMINTS_MAX + 1, 0xffffffff, 1 << 31):
        vm.expect(vm.call(SUMINTS, 8, count, 8, 1), -errno.EINVAL, f"sumints() with bad addresses, count {count:#x}")


@test(points=5, step=4, parents=["sumints_sums"], hint="4")
def sumints_fault(vm):
    """What cannot be read or written is EFAULT, and *sum is as it was."""
    target, end = vm.alloc(16), vm.address("stage_arena_end")
    secret = vm.address("sys_call_table")
    vm.write(target, b"\xaa" * 16)
    for source, what in ((0, "a null pointer"), (end - 4 * vm.rng.randrange(1, 9), "the end of the memory"),
                         (secret, "memory of the kernel"), (MASK - 15, "the end of the address space"),
                         (1 << 47, "an address that is not canonical")):
        vm.expect(vm.call(SUMINTS, source, 16, target, 1), -errno.EFAULT, f"sumints() of 16 integers at {what}")
        vm.expect(vm.read(target, 16), b"\xaa" * 16, "*sum after it")
    values = vm.argument(packed(ints(vm, 4)))
    for place, what in ((8, "an address where nothing is"), (end - 4, "the end of the memory")):
        vm.expect(vm.call(SUMINTS, values, 4, place, 1), -errno.EFAULT, f"sumints() with sum at {what}")


@test(points=4, step=4, parents=["sumints_fault"], hint="4")
def sumints_kernel(vm):
    """The sum is never written into the kernel."""
    values, there = vm.argument(packed(ints(vm, 4))), vm.address("nr_files")
    before = vm.word(there)
    vm.expect(vm.call(SUMINTS, values, 4, there, 1), -errno.EFAULT, "sumints() with sum in the kernel")
    vm.expect(vm.word(there), before, "the kernel's memory there")
