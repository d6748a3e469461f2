"""Calls functions of the kernel, for labs whose functions no system call reaches in the right way.

The judge stops the kernel at the beginning of a system call. From there it calls functions by setting
registers, as Inside.call() does. A function that the kernel calls back is an address at which the machine
stops: the judge then does what that function would do, and returns. So nothing in the guest helps a test,
and each register can have any value.
"""
from judge import C_ARGUMENTS, signed

GENERAL = ("rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15")
SCRATCH = ("rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11")       # a C function may change them
ARITHMETIC, IF = 0x8d5, 0x202       # flags: CF PF AF ZF SF OF; IF and the bit that is always set


class Inside:
    """The kernel, stopped at the beginning of getppid()."""

    def __init__(self, vm):
        self.vm = vm
        vm.start("getppid")
        vm.run_to("__x64_sys_getppid")
        self.here = vm.register("rip")
        self.handlers, self.depth, self.sp = 0, 0, 0
        self.home = self.place(0)
        self.ret = self.here + vm.read(self.here, 4096).index(b"\xc3")      # wherever a RET is
        self.memory = self.call("kmalloc", 4096, 1) & (1 << 64) - 1
        vm.write(self.memory, bytes(4096))

    def place(self, number):
        """An address in the kernel's text that is never executed here: from 16 on for handlers.

        It is no function's first byte, and none is just behind another: gdb takes that for a stop at the first.
        """
        return self.vm.address("__x64_sys_reboot") + 5 + 8 * number

    def call(self, function, *args, regs=None, limit=None):
        """Call a function (its name or address) here, and come back. Returns rax, signed.

        @regs: more registers. self.after: all registers after the return; self.sp: rsp at the entry.
        Each depth of calls returns to a place of its own, since gdb does not stop twice in a row at one.
        """
        vm, back = self.vm, self.place(self.depth)
        self.depth += 1
        saved = {name: vm.register(name) for name in (*GENERAL, "rsp", "rip", "eflags")}
        sp = (saved["rsp"] - 512 & ~15) - 8
        vm.write(sp, back.to_bytes(8, "little"))
        values = {"eflags": IF if saved["eflags"] & 0x200 else 2, **dict(zip(C_ARGUMENTS, args)), **(regs or {}),
                  "rsp": sp, "rip": vm.address(function)}
        for name, value in values.items():
            vm.set_register(name, value)
        self.sp = sp
        vm.run_to(back, limit=limit)
        vm.expect(vm.register("rsp"), sp + 8, "rsp after the return")
        self.depth -= 1
        self.after = {name: vm.register(name) for name in (*GENERAL, "eflags")}
        for name, value in saved.items():
            vm.set_register(name, value)
        return signed(self.after["rax"])

    def leave(self, value=0):
        """Return from the function that has just been entered, with the scratch registers changed."""
        vm = self.vm
        for name in SCRATCH:
            vm.set_register(name, vm.rng.getrandbits(64))
        self.back({"rax": value})

    def back(self, regs):
        """Go on at a RET, with these registers."""
        for name, value in {**regs, "rip": self.ret}.items():
            self.vm.set_register(name, value)

    def random(self):
        """Random values for all registers, and flags with interrupts on."""
        rng = self.vm.rng
        return {**{name: rng.getrandbits(64) for name in GENERAL}, "eflags": IF | rng.getrandbits(12) & ARITHMETIC}

    def alloc(self, data):
        address, self.memory = self.memory, self.memory + (len(data) + 15 & ~15)
        self.vm.write(address, data)
        return address

    def handler(self, action=None, returns=0):
        """The address of a handler. @action(first argument, second argument) is called in it."""
        def enter(vm):
            value = action(vm.register("rdi"), vm.register("rsi")) if action else None
            self.leave(returns if value is None else value)
        self.handlers += 1
        place = self.place(15 + self.handlers)
        return place, self.vm.break_at(place, enter)

    def int(self, address):
        return int.from_bytes(self.vm.read(address, 4), "little")

    def pt_regs(self, address, name):
        return self.vm.eval(f"((struct pt_regs *){address})->{name}") & (1 << 64) - 1
