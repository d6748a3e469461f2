"""Lab 7, probes: its tests. Nothing in the guest helps them; they use the gdbstub alone.

Functions of the kernel are called from outside (tools/labs/inside.py). The judge plays the handlers of probes,
and the bodies of the probed functions, so that any function can be probed.
"""
import errno

from inside import ARITHMETIC, GENERAL, Inside
from judge import test

# struct kprobe, struct kretprobe and struct rethook_node, as kernel/kprobes/kprobes.h has them: offsets.
NMISSED, ADDR, SYMBOL, OFFSET, PRE, POST, FLAGS, KPROBE = 16, 24, 32, 40, 48, 56, 64, 72
HANDLER, ENTRY_HANDLER, MAXACTIVE, RP_NMISSED, DATA_SIZE, KRETPROBE = 72, 80, 88, 92, 96, 112
NODE_RET_ADDR, NODE_FRAME = 24, 32
DISABLED = 2
NOP, INT3 = b"\x90", b"\xcc"

PT_REGS = {"rax": "ax", "rbx": "bx", "rcx": "cx", "rdx": "dx", "rsi": "si", "rdi": "di", "rbp": "bp",
           **{f"r{n}": f"r{n}" for n in range(8, 16)}}


class Probes(Inside):
    """The kernel, stopped, with probes for it and functions to probe."""

    def functions(self, number):
        """Names of functions that nobody else calls in a test."""
        names = sorted(name for name in self.vm.symbols if name.startswith("__x64_sys_") and
                       name not in ("__x64_sys_getppid", "__x64_sys_reboot") and len(self.vm.symbols[name]) == 1 and
                       self.vm.read(self.vm.address(name), 1) == NOP)
        return self.vm.rng.sample(names, number)

    def body(self, function, action=None):
        """What the probed function does behind its first byte; without an action it returns 0."""
        return self.vm.break_at(self.vm.address(function) + 1, lambda vm: action() if action else self.back({"rax": 0}))

    def kprobe(self, symbol=None, addr=0, offset=0, pre=0, post=0, flags=0, size=KPROBE):
        """A struct kprobe in the kernel's memory; nmissed has an old value. Returns its address."""
        symbol = self.alloc(symbol.encode() + b"\0") if symbol else 0
        p = self.alloc(bytes(size))
        for at, value in ((NMISSED, 77), (ADDR, addr), (SYMBOL, symbol), (PRE, pre), (POST, post)):
            self.vm.write(p + at, value.to_bytes(8, "little"))
        self.vm.write(p + OFFSET, offset.to_bytes(4, "little"))
        self.vm.write(p + FLAGS, flags.to_bytes(4, "little"))
        return p

    def kretprobe(self, symbol, handler=0, entry=0, maxactive=0, data_size=0):
        rp = self.kprobe(symbol, size=KRETPROBE)
        for at, value in ((HANDLER, handler), (ENTRY_HANDLER, entry), (DATA_SIZE, data_size)):
            self.vm.write(rp + at, value.to_bytes(8, "little"))
        self.vm.write(rp + MAXACTIVE, maxactive.to_bytes(4, "little"))
        return rp

    def register(self, p, want=0, what="register_kprobe()", function="register_kprobe"):
        value = self.call(function, p) & 0xffffffff
        self.vm.expect(value - (value >> 31 << 32), want, what)

    def register_return(self, rp):
        self.register(rp, 0, "register_kretprobe()", "register_kretprobe")

    def unregister(self, p):
        self.call("unregister_kprobe", p)

    def byte(self, function):
        return self.vm.read(self.vm.address(function), 1).hex()

    def busy(self, what):
        self.vm.expect(self.vm.word(self.vm.address("current_kprobe")), 0, f"current_kprobe {what}")

    def watched(self):
        """The instances in current->rethooks: [(frame, ret_addr)]."""
        head = self.vm.eval("(unsigned long)&current->rethooks")
        node, found = self.vm.word(head), []
        while node != head and len(found) < 64:
            found.append((self.vm.word(node + NODE_FRAME), self.vm.word(node + NODE_RET_ADDR)))
            node = self.vm.word(node)
        return found


def same_objects(vm, before, what):
    after = vm.counters()
    vm.expect({name: after[name] - before[name] for name in after if after[name] != before[name]}, {},
              f"{what}: objects that are left over")


@test(points=5, step=0)
def boots(vm):
    """The kernel boots, and a program in ring 3 makes a system call."""
    vm.expect(vm.call("getpid"), 1, "getpid()")

# --- step 1: where a probe can be -------------------------------------------------------------


@test(points=5, step=1, parents=["boots"], hint="1.1, 1.2 and 1.3")
def registered(vm):
    """A probe replaces the first byte of its function by INT3."""
    k = Probes(vm)
    for number, name in enumerate(k.functions(3)):
        p = k.kprobe(name, flags=DISABLED | 1) if number < 2 else k.kprobe(addr=vm.address(name))
        k.register(p, 0, f"register_kprobe() for {name}")
        vm.expect(k.byte(name), INT3.hex(), f"the first byte of {name}")
        vm.expect(vm.word(p + ADDR), vm.address(name), "p->addr")
        vm.expect(vm.word(p + NMISSED), 0, "p->nmissed, which had an old value")
        vm.expect(k.int(p + FLAGS), DISABLED if number < 2 else 0, "p->flags: only KPROBE_FLAG_DISABLED stays")


@test(points=6, step=1, parents=["registered"], hint="1.2 and 1.3")
def refused(vm):
    """What cannot be probed is refused, with Linux's error, and nothing is changed."""
    k = Probes(vm)
    name, other = k.functions(2)
    address, before = vm.address(name), vm.counters()
    for p, want, what in (
            (k.kprobe(), errno.EINVAL, "neither a symbol nor an address"),
            (k.kprobe(name, addr=address), errno.EINVAL, "both a symbol and an address"),
            (k.kprobe("no_such_function"), errno.ENOENT, "a symbol that does not exist"),
            (k.kprobe(name, offset=vm.rng.randrange(1, 4)), errno.EILSEQ, "an offset into the function"),
            (k.kprobe(addr=address + 2), errno.EILSEQ, "an address within a function"),
            (k.kprobe("kprobe_int3_handler"), errno.EINVAL, "a function that has no patch site"),
            (k.kprobe(addr=vm.address("current_kprobe")), errno.EINVAL, "an address that is no text")):
        k.register(p, -want, f"register_kprobe() with {what}")
    p = k.kprobe(other)
    k.register(p)
    k.register(p, -errno.EINVAL, "register_kprobe() with a probe that is registered")
    k.unregister(p)
    vm.expect(k.byte(name), NOP.hex(), f"the first byte of {name}, for which all was refused")
    same_objects(vm, before, "refused probes")


@test(points=6, step=1, parents=["registered"], hint="1.4")
def unregistered(vm):
    """The last probe at a place takes the INT3 away, and nothing is left."""
    k = Probes(vm)
    name, other = k.functions(2)
    before = vm.counters()
    for _ in range(3):
        probes = [k.kprobe(name) for _ in range(3)]
        for p in probes:
            k.register(p)
        vm.rng.shuffle(probes)
        for number, p in enumerate(probes):
            vm.expect(k.byte(name), INT3.hex(), f"the first byte of {name} with {3 - number} probes")
            k.unregister(p)
        vm.expect(k.byte(name), NOP.hex(), f"the first byte of {name} without probes")
    k.unregister(k.kprobe(other))                       # it was never registered
    vm.expect(k.byte(other), NOP.hex(), f"the first byte of {other}, when what was not registered is unregistered")
    same_objects(vm, before, "probes that were registered and unregistered")


@test(points=3, step=1, parents=["registered"], hint="1.3")
def no_memory(vm):
    """Without memory it is ENOMEM, and the function is as it was."""
    k = Probes(vm)
    name = k.functions(1)[0]
    p = k.kprobe(name)
    with vm.force("kmalloc", 0):
        k.register(p, -errno.ENOMEM, "register_kprobe() when kmalloc() fails")
    vm.expect(k.byte(name), NOP.hex(), f"the first byte of {name}")
    k.register(p, 0, "register_kprobe(), again")

# --- step 2: a hit ----------------------------------------------------------------------------


@test(points=6, step=2, parents=["registered"], hint="2.1 and 2.3")
def hit(vm):
    """The handler is called with the probe and the registers, and the function goes on."""
    k = Probes(vm)
    name, seen = k.functions(1)[0], []
    handler, _ = k.handler(lambda p, regs: seen.append((p, k.pt_regs(regs, "ip"), k.pt_regs(regs, "sp"))))
    p, body = k.kprobe(name, pre=handler), k.body(name, lambda: k.back({"rax": 4321}))
    k.register(p)
    for number in range(3):
        vm.expect(k.call(name), 4321, f"what {name}() returns")
        vm.expect(body.hits, number + 1, f"how often {name} went on behind its first byte")
        vm.expect(seen[number:], [(p, vm.address(name) + 1, k.sp)], "the handler's arguments: p, regs->ip, regs->sp")
    k.busy("after the hits")


@test(points=5, step=2, parents=["hit"], hint="2.3")
def unchanged(vm):
    """A hit changes no register and no flag."""
    k = Probes(vm)
    name, found = k.functions(1)[0], {}

    def body():
        found.update({register: vm.register(register) for register in (*GENERAL, "eflags")})
        k.back({})
    k.body(name, body)
    k.register(k.kprobe(name, pre=k.handler()[0], post=k.handler()[0]))
    for _ in range(3):
        regs = k.random()
        k.call(name, regs=regs)
        vm.expect({register: found[register] for register in regs if found[register] != regs[register]}, {},
                  "the registers that a hit has changed")


@test(points=5, step=2, parents=["hit"], hint="1.3, 2.1 and 2.2")
def order(vm):
    """The last registered first; all pre_handlers, then all post_handlers; not those that are disabled."""
    k = Probes(vm)
    name, seen, probes = k.functions(1)[0], [], []
    off = vm.rng.randrange(4)
    for number in range(4):
        pre, _ = k.handler(lambda p, regs, number=number: seen.append(("pre", number)))
        post, _ = k.handler(lambda p, regs, number=number: seen.append(("post", number)))
        missing = vm.rng.randrange(3) if number != off else 2
        probes.append((number, missing))
        k.register(k.kprobe(name, pre=pre if missing != 0 else 0, post=post if missing != 1 else 0,
                            flags=DISABLED if number == off else 0))
    k.body(name)
    k.call(name)
    probes = [(number, missing) for number, missing in reversed(probes) if number != off]
    want = [("pre", number) for number, missing in probes if missing != 0]
    want += [("post", number) for number, missing in probes if missing != 1]
    vm.expect(seen, want, "handlers in the order in which they were called")


@test(points=5, step=2, parents=["order"], hint="2.1 and 2.3")
def taken_over(vm):
    """A pre_handler that returns non-zero has set regs->ip: the function is left alone."""
    k = Probes(vm)
    name, other = k.functions(2)
    later, post = k.handler(), k.handler()

    def change(p, regs):
        vm.write(int(vm.value(f"&((struct pt_regs *){regs})->ip")), (vm.address(other) + 1).to_bytes(8, "little"))
        return 1
    k.register(k.kprobe(name, pre=later[0], post=post[0]))
    k.register(k.kprobe(name, pre=k.handler(change)[0]))
    first, second = k.body(name), k.body(other, lambda: k.back({"rax": 99}))
    vm.expect(k.call(name), 99, "the result, which comes from elsewhere")
    vm.expect((first.hits, second.hits), (0, 1), "how often the function went on, and how often the other place")
    vm.expect((later[1].hits, post[1].hits), (0, 0), "calls of later pre_handlers, and of post_handlers")
    k.busy("after it")


@test(points=6, step=2, parents=["hit"], hint="2.3")
def missed(vm):
    """A hit while a handler runs is counted in each probe at that place, and nothing else happens."""
    k = Probes(vm)
    outer, inner = k.functions(2)
    times = vm.rng.randrange(2, 6)

    def nest(p, regs):
        for _ in range(times):
            k.call(inner)
    never = k.handler()
    twins = [k.kprobe(inner, pre=never[0], post=never[0]) for _ in range(2)]
    for p in twins:
        k.register(p)
    p = k.kprobe(outer, pre=k.handler(nest)[0])
    k.register(p)
    k.body(outer)
    body = k.body(inner)
    k.call(outer)
    vm.expect(body.hits, times, f"how often {inner} went on, called in a handler")
    vm.expect(never[1].hits, 0, "calls of its probes' handlers")
    vm.expect([vm.word(twin + NMISSED) for twin in twins], [times, times], "nmissed of its two probes")
    vm.expect(vm.word(p + NMISSED), 0, "nmissed of the outer probe")
    k.busy("after it")
    k.call(inner)
    vm.expect(never[1].hits, 4, "calls of handlers when no other handler runs")


@test(points=3, step=2, parents=["hit"], hint="2.3")
def nobodys(vm):
    """An INT3 that is no probe's is not handled."""
    k = Probes(vm)
    name, other = k.functions(2)
    k.register(k.kprobe(name))
    regs = k.alloc(bytes(168))
    for address, want in ((vm.address(other) + 1, 0), (vm.address(name) + 2, 0), (vm.address(name) + 1, 1)):
        at = int(vm.value(f"&((struct pt_regs *){regs})->ip"))
        vm.write(at, address.to_bytes(8, "little"))
        vm.expect(k.call("kprobe_int3_handler", regs) & 0xff, want, "kprobe_int3_handler()")


@test(points=5, step=2, parents=["hit", "unregistered"], hint="2.3", limit=500_000_000)
def everywhere(vm):
    """Probes on functions all over the kernel count what is entered, and change nothing."""
    k = Probes(vm)
    start, stop = vm.address("__start_patch_sites"), vm.address("__stop_patch_sites")
    sites = [vm.word(at) for at in range(start, stop, 8)]
    chosen = set(vm.rng.sample(sites, 25)) | {vm.address(name) for name in ("__sock_create", "sk_alloc", "fd_install")}
    chosen = sorted(chosen - {k.here} - {vm.address(name) for name in ("register_kprobe", "unregister_kprobe")})
    text = vm.read(vm.address("_stext"), vm.address("_etext") - vm.address("_stext"))
    handler, calls = k.handler()
    probes = [k.kprobe(addr=site, pre=handler) for site in chosen]
    for p in probes:
        k.register(p)
    before = calls.hits
    entries = [vm.break_at(site + 1) for site in chosen]
    vm.finish()
    for fd in range(3):
        vm.expect(vm.call("socket", 2, 1 + fd % 2, 0), fd, "socket()")
    vm.expect(vm.call("close", 1), 0, "close()")
    vm.expect(calls.hits - before, sum(entry.hits for entry in entries), "calls of the handler, compared with functions that were entered")
    for entry in entries:
        vm.remove(entry)
    vm.start("getppid")
    vm.run_to("__x64_sys_getppid")
    for p in probes:
        k.unregister(p)
    vm.expect(vm.read(vm.address("_stext"), len(text)) == text, True, "all of the kernel's text is as it was")

# --- step 3: a call is watched ------------------------------------------------------------------


@test(points=5, step=3, parents=["hit"], hint="3.2")
def watched(vm):
    """The return address is replaced, and an instance knows what it was."""
    k = Probes(vm)
    name, found = k.functions(1)[0], []
    entry, calls = k.handler()
    rp = k.kretprobe(name, entry=entry)
    k.register_return(rp)

    def body():
        sp = vm.register("rsp")
        found.extend([vm.word(sp) == vm.address("arch_rethook_trampoline"), k.watched() == [(sp, k.home)]])
        vm.write(sp, k.home.to_bytes(8, "little"))      # the trampoline is step 4
        k.back({"rax": 0})
    k.body(name, body)
    k.call(name)
    vm.expect(calls.hits, 1, "calls of the entry_handler")
    vm.expect(found[:1], [True], "is the return address that of the trampoline?")
    vm.expect(found[1:], [True], "has current->rethooks one instance, with the stack slot and its old value?")


@test(points=5, step=3, parents=["watched"], hint="3.1 and 3.2")
def not_watched(vm):
    """An entry_handler that returns non-zero: the call is not watched, and its instance is free again."""
    k = Probes(vm)
    name = k.functions(1)[0]
    entry, calls = k.handler(returns=1)
    rp = k.kretprobe(name, entry=entry, maxactive=1)
    k.register_return(rp)
    k.body(name, lambda: k.back({"rax": 5}))
    for _ in range(3):
        vm.expect(k.call(name), 5, f"{name}()")
    vm.expect(calls.hits, 3, "calls of the entry_handler")
    vm.expect(k.watched(), [], "instances in current->rethooks")
    vm.expect(k.int(rp + RP_NMISSED), 0, "nmissed")

# --- step 4: the return -------------------------------------------------------------------------


@test(points=7, step=4, parents=["watched"], hint="4.2 and 4.3")
def returned(vm):
    """The handler sees the registers of the return; then the caller goes on, with all of them."""
    k = Probes(vm)
    name, left, seen = k.functions(1)[0], k.random(), {}

    def handle(ri, regs):
        seen.update({register: k.pt_regs(regs, PT_REGS[register]) for register in PT_REGS})
        seen.update(ip=k.pt_regs(regs, "ip"), sp=k.pt_regs(regs, "sp"), eflags=k.pt_regs(regs, "flags"))
    handler, calls = k.handler(handle)
    k.register_return(k.kretprobe(name, handler=handler))
    k.body(name, lambda: k.back(left))
    for number in range(3):
        k.call(name)
        vm.expect(calls.hits, number + 1, "calls of the handler")
        want = {**left, "ip": k.home, "sp": k.sp + 8}
        vm.expect({register: seen[register] for register in want if seen[register] != want[register]}, {},
                  "what is wrong in the handler's pt_regs")
        vm.expect({register: k.after[register] for register in left if k.after[register] != left[register]}, {},
                  "registers that the return has changed")
        left["eflags"] ^= ARITHMETIC    # each flag is once set and once clear
    vm.expect(k.watched(), [], "instances in current->rethooks")
    k.busy("after it")


@test(points=3, step=4, parents=["returned"], hint="4.3")
def value_changed(vm):
    """A handler may change the value that is returned."""
    k = Probes(vm)
    name, value = k.functions(1)[0], vm.rng.getrandbits(31)
    handler, _ = k.handler(lambda ri, regs: vm.write(int(vm.value(f"&((struct pt_regs *){regs})->ax")),
                                                     value.to_bytes(8, "little")))
    k.register_return(k.kretprobe(name, handler=handler))
    k.body(name)
    vm.expect(k.call(name), value, f"{name}()")


@test(points=4, step=4, parents=["returned"], hint="4.1 and 4.2")
def watched_twice(vm):
    """Two return probes on one function: both handlers are called, and the caller is found."""
    k = Probes(vm)
    name, ips = k.functions(1)[0], []
    handlers = [k.handler(lambda ri, regs: ips.append(k.pt_regs(regs, "ip"))) for _ in range(2)]
    for handler, _ in handlers:
        k.register_return(k.kretprobe(name, handler=handler))
    k.body(name, lambda: k.back({"rax": 8}))
    vm.expect(k.call(name), 8, f"{name}()")
    vm.expect([calls.hits for _, calls in handlers], [1, 1], "calls of both handlers")
    vm.expect(ips, [k.home, k.home], "regs->ip in both")


@test(points=5, step=4, parents=["returned", "not_watched"], hint="3.1, 4.1 and 4.2")
def nested(vm):
    """Calls within calls; those beyond maxactive are counted in nmissed, and are not watched."""
    k = Probes(vm)
    name = k.functions(1)[0]
    maxactive, values = vm.rng.randrange(2, 6), []
    depth = maxactive + 1
    handler, calls = k.handler(lambda ri, regs: values.append(k.pt_regs(regs, "ax")))
    rp = k.kretprobe(name, handler=handler, maxactive=maxactive)
    k.register_return(rp)
    state = {"depth": 0}

    def body():
        state["depth"] += 1
        mine = state["depth"]
        if mine < depth:
            k.call(name)
        k.back({"rax": 100 + mine})
    k.body(name, body)
    vm.expect(k.call(name), 101, f"the outermost {name}()")
    vm.expect(values, [100 + n for n in range(maxactive, 0, -1)], "values that the handler saw, the innermost first")
    vm.expect(k.int(rp + RP_NMISSED), depth - maxactive, "nmissed")
    vm.expect(calls.hits, maxactive, "calls of the handler")


@test(points=4, step=4, parents=["returned", "missed"], hint="4.2")
def missed_in_return(vm):
    """While the handler of a return runs, hits of other probes only count in nmissed."""
    k = Probes(vm)
    name, inner = k.functions(2)
    never = k.handler()
    p = k.kprobe(inner, pre=never[0])
    k.register(p)
    k.register_return(k.kretprobe(name, handler=k.handler(lambda ri, regs: (k.call(inner), 0)[1])[0]))
    k.body(name)
    k.body(inner)
    k.call(name)
    vm.expect((vm.word(p + NMISSED), never[1].hits), (1, 0), "nmissed, and calls of the handler")
    k.busy("after it")

# --- step 5: the end ----------------------------------------------------------------------------


@test(points=4, step=5, parents=["returned"], hint="3.1 and 5.1")
def unregistered_under_way(vm):
    """A call that is watched while its probe is unregistered returns; then its memory is freed."""
    k = Probes(vm)
    name = k.functions(1)[0]
    handler, calls = k.handler()
    rp, before = k.kretprobe(name, handler=handler), vm.counters()
    k.register_return(rp)

    def body():
        k.call("unregister_kretprobe", rp)
        k.back({"rax": 7})
    k.body(name, body)
    vm.expect(k.call(name), 7, f"{name}()")
    vm.expect(calls.hits, 0, "calls of the handler of a probe that is unregistered")
    same_objects(vm, before, "after the last return")


@test(points=3, step=5, parents=["unregistered_under_way"], hint="5.2")
def task_gone(vm):
    """The instances of a task that is dead are free again."""
    k = Probes(vm)
    name = k.functions(1)[0]
    rp, before = k.kretprobe(name, maxactive=1), vm.counters()
    k.register_return(rp)
    task = vm.eval("(unsigned long)current")

    def body():
        k.call("rethook_flush_task", task)
        vm.write(vm.register("rsp"), k.home.to_bytes(8, "little"))
        k.back({"rax": 0})
    k.body(name, body)
    for _ in range(3):
        k.call(name)
    vm.expect(k.watched(), [], "instances in current->rethooks")
    vm.expect(k.int(rp + RP_NMISSED), 0, "nmissed, with one instance, and three calls that never returned")
    k.call("unregister_kretprobe", rp)
    same_objects(vm, before, "a probe that was unregistered")
