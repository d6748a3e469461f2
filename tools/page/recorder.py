"""Follow one program on ringwalk, instruction by instruction. See record()."""
from vm.knobs import Failure

from page.rsp import NAMES

RIP, EFLAGS, CS = NAMES.index("rip"), NAMES.index("eflags"), NAMES.index("cs")
RAX, RSP, CR3 = NAMES.index("rax"), NAMES.index("rsp"), NAMES.index("cr3")
RCX = NAMES.index("rcx")
SS, CR2 = NAMES.index("ss"), NAMES.index("cr2")
STEPS_MAX = 60_000          # what a page can hold
WITH_ERROR_CODE = {8, 10, 11, 12, 13, 14, 17, 21}       # vectors; Intel SDM vol. 3, table 6-1
EXIT, EXIT_GROUP = 60, 231
ORDINARY, TRAP, INJECTED, FOLDED = range(4)


class Step:
    """What one instruction did, or the CPU in place of one. kind: ORDINARY, TRAP, INJECTED or FOLDED.

    at: the address of the instruction. changes: [(register number, new value)]. writes: [(physical
    address, bytes)]. reads: [(address, size)], physical too. count: of the iterations of a rep
    instruction, of the instructions of ring 3 that were only counted, or a TRAP's vector.
    """

    def __init__(self, kind, at):
        self.kind, self.at = kind, at
        self.changes, self.writes, self.reads, self.count = [], [], [], 1


class Recorder:
    """@kernel, @program: the Binary of each. @injections: {function: value for RAX}, each used once.
    @limit: how many instructions of ring 3 are recorded between two system calls."""

    def __init__(self, stub, memory, kernel, program, injections, limit):
        self.stub, self.memory, self.kernel, self.program = stub, memory, kernel, program
        self.inject = {kernel.functions[name]: value for name, value in injections.items()}
        self.gates = {at: int(name.rpartition("_")[2]) for name, at in kernel.functions.items()
                      if name.startswith("trap_gate_")}
        self.system_call, self.end = kernel.functions["entry_SYSCALL_64"], kernel.functions["do_exit"]
        self.limit, self.in_ring3 = limit, 0
        self.steps, self.insns = [], {}
        self.regs = stub.registers()
        self.first = list(self.regs)
        memory.cr3 = self.regs[CR3]

    # --- one instruction ---

    def insn(self, at):
        if at not in self.insns:
            found = (self.kernel if at >= 1 << 47 else self.program).insn(at)
            if found is None:
                raise Failure(f"the CPU is at {at:#x}, where neither the kernel nor the program has an "
                              "instruction: code that is made at run time cannot be recorded")
            self.insns[at] = found
        return self.insns[at]

    def by_name(self):
        return dict(zip(NAMES, self.regs))

    def advance(self, step, regs):
        """Note in @step which registers changed."""
        changed = dict(step.changes)
        changed.update((n, new) for n, (old, new) in enumerate(zip(self.regs, regs)) if old != new)
        step.changes = sorted(changed.items())
        self.regs = regs

    def interrupted(self, before, regs):
        """The CPU has pushed a frame and gone to a gate."""
        step = Step(TRAP, before[RIP])
        step.count = self.gates[regs[RIP]]
        self.memory.track(regs[RSP], 48)
        step.writes = self.memory.written(regs[RSP], 48 if step.count in WITH_ERROR_CODE else 40)
        self.advance(step, regs)
        self.steps.append(step)

    def before_trap(self, regs):
        """The registers of ring 3, from the frame that the CPU pushed when it went to a gate."""
        at = regs[RSP] + 8 * (self.gates[regs[RIP]] in WITH_ERROR_CODE)
        found = list(regs)
        for n, register in enumerate((RIP, CS, EFLAGS, RSP, SS)):
            found[register] = self.stub.word(at + 8 * n)
        found[CR2] = self.regs[CR2]
        return found

    def execute(self):
        """One instruction with all its iterations; or, instead, an interrupt or an exception."""
        at = self.regs[RIP]
        insn = self.insn(at)
        step = Step(ORDINARY, at)
        iterations = 0
        while True:
            named = self.by_name()
            places = [(place.mode, place.at(named), place.size) for place in insn.places]
            mapped = all([self.memory.track(where, size) for _, where, size in places])
            before, regs = self.regs, self.stub.step()
            if regs[RIP] in self.gates:
                if iterations:
                    self.finish(step, iterations)
                self.interrupted(before, regs)
                return
            ran = not insn.rep or regs[RCX] != before[RCX]      # rep ends with a step that only looks at RCX
            iterations += ran
            for mode, where, size in places:
                if "w" in mode and mapped and ran:
                    step.writes += self.memory.written(where, size)
                if "r" in mode and mapped and ran:
                    step.reads += self.memory.physical(where, size)
            self.advance(step, regs)
            if not (insn.rep and regs[RIP] == at):
                break
        self.finish(step, iterations)

    def finish(self, step, iterations):
        step.count = iterations
        step.reads, step.writes = join(step.reads, None), join(step.writes, bytes)
        self.steps.append(step)

    # --- what is not ordinary ---

    def injected(self):
        """At the entry of a function that is to fail: return at once, with the value given."""
        step = Step(INJECTED, self.insn(self.regs[RIP]).at)
        self.memory.track(self.regs[RSP], 8)
        self.stub.return_now(self.inject.pop(self.regs[RIP]))
        self.advance(step, self.stub.registers())
        self.steps.append(step)

    def fold(self):
        """Ring 3 goes on without being recorded, until it enters ring 0.

        A SYSCALL that ends the stretch is part of it, for its step is not known; an interrupt or an
        exception is a step of its own behind it.
        """
        step, before = Step(FOLDED, self.regs[RIP]), self.stub.executed()
        self.stub.run_to(self.system_call, *self.gates)
        step.count = self.stub.executed() - before
        regs = self.stub.registers()
        self.memory.forget_user_pages()
        for _, page, _ in list(self.memory.log):
            self.memory.translate(page)
        trapped = regs[RIP] in self.gates
        ring3 = self.before_trap(regs) if trapped else regs
        self.advance(step, ring3)
        self.steps.append(step)
        if trapped:
            self.interrupted(ring3, regs)
        step.writes = self.memory.adopt(set(self.memory.now) - self.memory.tables)

    def is_end(self, regs):
        """Is the program about to exit, by a SYSCALL or because a signal ends it?"""
        if not regs[CS] & 3 and regs[RIP] != self.system_call:
            return regs[RIP] == self.end
        return (regs[RIP] == self.system_call or self.program.texts.get(regs[RIP]) == "syscall") and \
            regs[RAX] & 0xffffffff in (EXIT, EXIT_GROUP)

    # --- the run ---

    def one(self):
        """The next Step."""
        ring3 = self.regs[CS] & 3
        if self.regs[RIP] in self.inject:
            self.injected()
        elif ring3 and self.in_ring3 >= self.limit:
            self.fold()
        else:
            self.execute()
        if self.regs[CR3] != self.memory.cr3:
            raise Failure("the program waits, and another one runs: such a run cannot be recorded")
        step = self.steps[-1]
        if self.regs[CS] & 3 != ring3 or step.kind != ORDINARY:
            self.memory.forget_user_pages()
            step.writes += self.memory.marked_by_cpu()
        if self.regs[RIP] == self.system_call:
            self.in_ring3 = 0
        elif ring3 and self.regs[CS] & 3:
            self.in_ring3 += 1
        self.memory.time = len(self.steps)

    def record(self):
        """From here to the SYSCALL that ends the program, or to the end that a signal makes."""
        while not self.is_end(self.regs):
            if len(self.steps) == STEPS_MAX:
                raise Failure(f"more than {STEPS_MAX:,} instructions are to be recorded: a page holds no "
                              "more (MAX=N records fewer of ring 3)")
            self.one()
        self.steps[-1].writes += self.memory.marked_by_cpu()
        self.memory.check()
        if self.inject:
            raise Failure("the run never came to the function that was to fail")


def join(parts, kind):
    """Neighbouring pieces become one. @kind: bytes for (address, bytes), None for (address, size)."""
    joined = []
    for at, what in parts:
        if joined:
            start, had = joined[-1]
            if start + (len(had) if kind else had) == at:
                joined[-1] = (start, had + what)
                continue
        joined.append((at, what))
    return joined
