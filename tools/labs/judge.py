"""What the tests of a lab are written with: `from judge import test`.

    @test(points=6, step=1, parents=["boots"], hint="1.2")
    def lowest_free(vm):
        \"\"\"The lowest free descriptor is taken.\"\"\"
        vm.expect(vm.call("socket", 2, 1, 0), 3, "socket() in a fresh process")

Each test starts in a fresh machine, in which the program `stage` (tools/labs/stage.asm) is about to
execute a SYSCALL instruction. `vm`, of class VM, says what is in the registers then, lets it run, and
looks at the kernel from outside the machine: nothing that the guest prints or returns is believed
without a look at its memory. Everything random comes from vm.rng, whose seed is the student's.
"""
import contextlib
import errno
import os
import random
import re

try:
    import gdb
except ImportError:                 # tools/grade reads the list of tests only
    gdb = None

CALL_LIMIT = 50_000_000             # guest time of a call, ns: 50 million instructions
MASK = (1 << 64) - 1
DIRECT_MAP = 0xffff888000000000     # PAGE_OFFSET of kernel/mm/memlayout.h
ARGUMENTS = ("rdi", "rsi", "rdx", "r10", "r8", "r9")        # of a system call
C_ARGUMENTS = ("rdi", "rsi", "rdx", "rcx", "r8", "r9")      # of a C function
REGISTERS = ("rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp", "r8", "r9", "r10", "r11",
             "r12", "r13", "r14", "r15", "rip", "eflags", "cs", "ss")

STAGE_CODE = bytes.fromhex("0f05ebfe")      # of `stage`: syscall, and the jump behind it to itself

TESTS = {}                          # name: Test, in the order of the file


class Test:
    """One test of a lab."""

    def __init__(self, function, points, step, parents, hint, limit):
        self.function, self.points, self.step, self.parents, self.hint, self.limit = \
            function, points, step, tuple(parents), hint, limit
        self.name = function.__name__
        self.title = (function.__doc__ or self.name).strip().splitlines()[0]


def test(points, step=0, parents=(), hint="", limit=CALL_LIMIT):
    """Declare a test.

    @step: the handout's step. @hint: the one to read again, or some: "2.4" or "4.2 and 1.3". @parents: names of tests that must be GOOD first.
    @limit: guest time of each of its calls, ns; at least ten times what the solution needs.
    """
    def declare(function):
        TESTS[function.__name__] = Test(function, points, step, parents, hint, limit)
        return function
    return declare


class Wrong(Exception):
    """The kernel did something else than the test expects. expected, seen: may be None; hint: "" for the test's."""

    def __init__(self, text, expected=None, seen=None, hint=""):
        super().__init__(text)
        self.text, self.expected, self.seen, self.hint = text, expected, seen, hint


def signed(value):
    return value - (1 << 64) if value >> 63 else value


def show(value):
    """A value in a report: small numbers as they are, errors with their name, addresses in hex."""
    if isinstance(value, list):
        return f"[{', '.join(map(show, value))}]"
    if isinstance(value, bool) or not isinstance(value, int):
        return str(value) if not isinstance(value, (bytes, str)) else repr(value)
    if -4095 <= value < 0 and -value in errno.errorcode:
        return f"{value} ({errno.errorcode[-value]})"
    return str(value) if -65536 < value < 65536 else f"{value & MASK:#x}"


def called(name, args):
    """A call as C writes it: socket(2, 1, 0). What lies in memory is not shown."""
    return f"{name}({', '.join(show(arg) if isinstance(arg, int) else '...' for arg in args)})"


class Trace(list):
    """Calls of the traced functions in order: Call(symbol, args, ret)."""

    def names(self):
        return [call.symbol for call in self]


class Call:
    """A function that was entered. args: the six argument registers; ret: None until it returns."""

    def __init__(self, symbol, args, sp):
        self.symbol, self.args, self.sp, self.ret = symbol, args, sp, None

    def __iter__(self):
        return iter((self.symbol, self.args, self.ret))

    def __repr__(self):
        return f"{self.symbol}({', '.join(show(signed(a)) for a in self.args)}) = {self.ret}"


class Breakpoint:
    """A place that is watched. action(vm) is called at each hit for which cond(vm) holds."""

    def __init__(self, address, action, cond):
        self.address, self.action, self.cond, self.hits = address, action, cond, 0

    def hit(self, vm):
        if self.cond is None or self.cond(vm):
            self.hits += 1
            if self.action:
                self.action(vm)


class VM:
    """The machine, as a test sees it."""

    def __init__(self, guest, symbols, numbers, seed, name, limit, taken=None):
        """@symbols: {name: [addresses]} of the kernel; @numbers: {system call: number}.

        @seed: the student's; @name: of the test. @taken: the folder of the files that the student changed.
        """
        self.guest, self.symbols, self.numbers, self.limit = guest, symbols, numbers, limit
        self.seed, self.taken = seed, taken
        self.rng = random.Random(f"{seed}/{name}")
        self.watched = {}                       # address: [Breakpoint]
        self.returns = {}                       # address: [Call] that will return there
        self.before = {}
        self.during = ""                        # the call under way, in words
        self.next_free = guest.stage["stage_arena"]
        self.written = []                       # (address, end): what a test wrote

    # --- system calls -------------------------------------------------------------------------

    def call(self, name, *args, limit=None):
        """One system call in the process. @name: or its number. @args: int, str or bytes."""
        self.start(name, *args)
        return self.finish(limit)

    def calln(self, regs, limit=None):
        """A SYSCALL instruction with the registers given; the others are 0 (rsp is the arena's end)."""
        self.start_with(regs)
        return self.finish(limit)

    def start(self, name, *args):
        """Like call(), but the machine stays at the SYSCALL instruction: run_to() or finish() next."""
        values = dict(zip(ARGUMENTS, (self.argument(arg) for arg in args)))
        self.start_with({"rax": self.numbers[name] if isinstance(name, str) else name, **values})
        self.during = called(name, args)

    def start_with(self, regs):
        """Like calln(), but the machine stays at the SYSCALL instruction."""
        if self.read(self.guest.stage["stage_syscall"], len(STAGE_CODE)) != STAGE_CODE:
            raise Wrong("the program in ring 3 has been changed in memory")
        values = {name: 0 for name in REGISTERS[:16]}
        values.update({"rsp": self.guest.stage["stage_arena_end"] - 64,
                       "rip": self.guest.stage["stage_syscall"], **regs})
        for name, value in values.items():
            self.set_register(name, value)
        self.before = {**values, "eflags": self.register("eflags")}
        self.during = f"SYSCALL with rax = {values['rax'] & MASK:#x}"

    def finish(self, limit=None):
        """Run to the instruction behind SYSCALL. Returns rax, signed."""
        self.run_to(self.guest.stage["stage_return"], limit=limit)
        return signed(self.register("rax"))

    def kcall(self, symbol, *args):
        """Call a function of the kernel in place of getpid(). Returns its result, unsigned."""
        self.start("getpid")
        self.run_to("__x64_sys_getpid")
        for name, value in zip(C_ARGUMENTS, args):
            self.set_register(name, value)
        self.set_register("rip", self.address(symbol))
        self.during = called(symbol, args)
        return self.finish() & MASK

    def argument(self, value):
        if isinstance(value, str):
            value = value.encode() + b"\0"
        if isinstance(value, (bytes, bytearray)):
            address = self.alloc(len(value))
            self.write(address, bytes(value))
            return address
        return int(value) & MASK

    # --- running ------------------------------------------------------------------------------

    def run_to(self, *places, limit=None):
        """Run until one of the places (symbols or addresses) is reached; returns its address."""
        wanted = {self.address(place) for place in places}
        limit = limit or self.limit
        end = self.guest.qmp.clock() + limit
        while True:
            stops = wanted | set(self.watched) | set(self.returns)
            here = self.guest.run(stops, end, f"no end within {limit / 1e6:g} ms of guest time")
            self.note_return(here)
            for breakpoint in list(self.watched.get(here, ())):
                breakpoint.hit(self)
            if here in wanted:
                return here

    def step(self):
        """Execute one instruction, wherever the machine is; a trap counts as one. Returns rip."""
        return self.guest.step()

    def again(self):
        """Go back to where the test began: at the SYSCALL instruction of a fresh machine."""
        self.guest.fresh()

    def note_return(self, here):
        calls = self.returns.get(here, [])
        sp = self.register("rsp") if calls else 0
        for call in [call for call in calls if call.sp + 8 == sp]:
            call.ret = signed(self.register("rax"))
            calls.remove(call)
        if here in self.returns and not calls:
            del self.returns[here]

    def address(self, place):
        """The address of a symbol of the kernel. A number is an address already."""
        if isinstance(place, int):
            return place
        if place in self.guest.stage:
            return self.guest.stage[place]
        found = self.symbols.get(place, [])
        if not found:
            raise Wrong(f"the kernel has no function or variable {place}")
        if len(found) > 1:
            raise Wrong(f"the kernel has {len(found)} functions or variables named {place}")
        return found[0]

    def break_at(self, place, action=None, cond=None):
        """Watch a place until the test ends. The result's .hits counts."""
        breakpoint = Breakpoint(self.address(place), action, cond)
        self.watched.setdefault(breakpoint.address, []).append(breakpoint)
        return breakpoint

    def remove(self, breakpoint):
        self.watched[breakpoint.address].remove(breakpoint)
        if not self.watched[breakpoint.address]:
            del self.watched[breakpoint.address]

    @contextlib.contextmanager
    def trace(self, symbols):
        """Note the calls of these functions: `with vm.trace(["alloc_fd"]) as calls: vm.call(...)`."""
        calls = Trace()

        def enter(symbol):
            def action(vm):
                call = Call(symbol, [vm.register(name) for name in C_ARGUMENTS], vm.register("rsp"))
                calls.append(call)
                vm.returns.setdefault(vm.word(call.sp), []).append(call)
            return action
        placed = [self.break_at(symbol, enter(symbol)) for symbol in symbols]
        try:
            yield calls
        finally:
            for breakpoint in placed:
                self.remove(breakpoint)

    @contextlib.contextmanager
    def force(self, symbol, value, cond=None):
        """While this holds, a call of @symbol returns @value at once. Yields the Breakpoint (.hits)."""
        def action(vm):
            sp = vm.register("rsp")
            vm.set_register("rax", value)
            vm.set_register("rip", vm.word(sp))
            vm.set_register("rsp", sp + 8)
            vm.note_return(vm.register("rip"))      # a trace sees the value, too
        breakpoint = self.break_at(symbol, action, cond)
        try:
            yield breakpoint
        finally:
            self.remove(breakpoint)

    # --- registers and memory -----------------------------------------------------------------

    @property
    def regs(self):
        return {name: self.register(name) for name in REGISTERS}

    def register(self, name):
        return self.guest.register(name)

    def set_register(self, name, value):
        gdb.execute(f"set ${name} = {value & MASK:#x}")

    def alloc(self, n):
        """The user address of @n bytes of the process, aligned to 16."""
        address = self.next_free
        self.next_free += (n + 15) & ~15
        if self.next_free > self.guest.stage["stage_arena_end"] - 4096:
            raise ValueError("the stage has no more memory")
        return address

    def kalloc(self, n):
        """The kernel's address of @n bytes, at most a page, of the process: by the direct map."""
        self.next_free = (self.next_free + 4095) & ~4095
        answer = self.guest.qmp.monitor(f"gva2gpa {self.alloc(n):#x}")
        return DIRECT_MAP + int(answer.split()[-1], 16)

    def read(self, address, n):
        return bytes(gdb.selected_inferior().read_memory(address, n))

    def write(self, address, data):
        self.written.append((address, address + len(data)))
        gdb.selected_inferior().write_memory(address, data)

    def word(self, address):
        """The 8 bytes at @address, unsigned."""
        return int.from_bytes(self.read(address, 8), "little")

    def value(self, expression):
        """What gdb makes of a C expression of the kernel: a gdb.Value. `current` is known."""
        return gdb.parse_and_eval(re.sub(r"(?<![\w.>])current\b", "percpu.current_task", expression))

    def eval(self, expression):
        return int(self.value(expression))

    def poke(self, lvalue, value):
        """Write a variable of the kernel."""
        target = self.value(lvalue)
        self.write(int(target.address), (value & MASK).to_bytes(8, "little")[:target.type.sizeof])

    @property
    def task(self):
        return self.value("*current")

    def list(self, head, kind, member):
        """The entries of a struct list_head: gdb.Values of struct @kind, linked by @member."""
        anchor = self.value(head)
        kind = gdb.lookup_type(f"struct {kind}")
        offset = next(field.bitpos // 8 for field in kind.fields() if field.name == member)
        node = anchor["next"]
        while node != anchor.address:
            address = int(node) - offset
            yield gdb.Value(address).cast(kind.pointer()).dereference()
            node = node["next"]

    def slab(self, name):
        """Objects in use of a cache."""
        return self.counters()[name]

    def counters(self):
        """{cache: objects in use}, and "files": open files."""
        found = {cache["name"].string(): int(cache["nr_allocs"]["counter"]) -
                 int(cache["nr_frees"]["counter"])
                 for cache in self.list("slab_caches", "kmem_cache", "list")}
        found["files"] = self.eval("(unsigned long)nr_files")
        return found

    # --- what the student handed in -----------------------------------------------------------

    def handed_in(self, path):
        """The bytes of a file of the student's; none when it is as it was handed out."""
        try:
            with open(os.path.join(self.taken or "", path), "rb") as file:
                return file.read()
        except FileNotFoundError:
            return b""

    # --- verdicts -----------------------------------------------------------------------------

    def expect(self, seen, wanted, what, hint="", form=show):
        """WRONG unless they are equal. @hint: in place of the test's. @form: shows a value, such as hex."""
        if seen != wanted:
            raise Wrong(what, form(wanted), form(seen), hint)

    def fail(self, why):
        raise Wrong(why)
