"""When the recorded run comes to the steps of the lesson (tools/gdb/rw/lesson.py)."""
from rw.lesson import STEPS

from page.recorder import INJECTED, ORDINARY, RSP

RETURN_MNEMONIC = {"syscall": "syscall", "sysret": "sysret"}


class Finder:
    """Looks for one step after the other, each not before the one before it."""

    def __init__(self, result):
        self.steps, self.insns = result.recorder.steps, result.recorder.insns
        self.kernel, self.program = result.kernel, result.program
        self.writes = any(step[2][0] == "write" and result.output["out"].startswith(step[2][1])
                          for step in STEPS)
        self.now = 0
        self.rsp = [result.recorder.first[RSP]]
        for step in self.steps:
            self.rsp.append(dict(step.changes).get(RSP, self.rsp[-1]))

    def after(self, condition):
        """The first moment from now on whose instruction fulfils @condition(time, step)."""
        return next((t for t in range(self.now, len(self.steps)) if condition(t, self.steps[t])), None)

    def at(self, address):
        return None if address is None else \
            self.after(lambda _, step: step.at == address and step.kind in (ORDINARY, INJECTED))

    def mnemonic(self, step):
        return self.insns[step.at].kind if step.kind == ORDINARY else ""

    def user(self, name):
        return self.at(self.program.functions.get(name))

    def fn(self, name):
        return self.at(self.kernel.functions.get(name))

    def on(self, name, mnemonic):
        def here(_, step):
            binary = self.kernel if step.at >> 47 else self.program
            return self.mnemonic(step) == mnemonic and binary.function_at(step.at) == name
        return self.after(here)

    def ret(self, name):
        """The moment after the return of the call of @name that we are in, or of the next one."""
        address = self.kernel.functions.get(name)
        entries = [t for t, step in enumerate(self.steps) if step.at == address]
        for entry in entries:
            back = next((t for t in range(entry + 1, len(self.steps) + 1)
                         if self.rsp[t] == self.rsp[entry] + 8), None)
            if back is not None and back >= self.now:
                return back
        return None

    def hook(self, name):
        def indirect(_, step):
            return self.mnemonic(step) == "call" and "<" not in self.insns[step.at].text and \
                self.kernel.function_at(step.at) == "security_" + name
        call = self.after(indirect)
        return None if call is None else call + 1

    def behind(self, name, mnemonic):
        call = next((t for t, step in enumerate(self.steps) if self.mnemonic(step) == mnemonic and
                     self.program.function_at(step.at) == name), None)
        return None if call is None else self.at(self.steps[call].at + 2)

    def write(self, _):
        return self.fn("__x64_sys_write") if self.writes else None

    def find(self, place):
        kind, *rest = place
        found = {"user": self.user, "fn": self.fn, "on": self.on, "ret": self.ret, "hook": self.hook,
                 "after": self.behind, "write": self.write}[kind](*rest)
        if found is not None:
            self.now = found
        return found


def marks(result):
    """[(step, time)] of the steps that the run comes to; it ends where one is missed, or a failure made.

    None, where the program never calls socket(): the first steps are of any main()."""
    finder, found = Finder(result), []
    if finder.fn("__x64_sys_socket") is None:
        return []
    failed = next((t for t, step in enumerate(finder.steps) if step.kind == INJECTED), len(finder.steps))
    for number, _, place, _, _ in STEPS:
        time = finder.find(place)
        if time is None or time > failed:
            break
        found.append((number, time))
    return found
