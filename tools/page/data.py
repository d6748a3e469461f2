"""A recording as the page reads it: plain lists and numbers, to be written as JSON.

Addresses and values of registers are hexadecimal text, as JSON's numbers have 53 bits; physical
addresses are numbers. Times count steps: time t is before step t. See web/model.js, the reader.
"""
import base64
import os

from page import binary
from page.marks import marks
from page.memory import PAGE_OFFSET
from page.recorder import FOLDED, ORDINARY, TRAP
from page.rsp import NAMES

KERNEL_MAP = 0xffffffff80000000         # kernel/mm/memlayout.h: __START_KERNEL_map
NUMBERS = {name: n for n, name in enumerate(NAMES)}


class Table:
    """Numbers for names, in the order in which they come up."""

    def __init__(self):
        self.numbers = {}

    def number(self, name):
        return self.numbers.setdefault(name, len(self.numbers))

    def names(self):
        return list(self.numbers)


class Code:
    """The functions that were entered, with every instruction, its source lines and registers."""

    def __init__(self, result):
        self.result = result
        self.functions, self.files = Table(), Table()
        self.rows, self.index = [], {}
        for half, executed in ((result.kernel, True), (result.program, False)):
            addresses = {at for at in result.recorder.insns if (at >> 47 != 0) == executed}
            self.add(half, addresses)

    def add(self, half, executed):
        names = {half.function_at(at) for at in executed}
        wanted = sorted(at for at in half.texts if half.function_at(at) in names)
        lines = half.lines(wanted)
        for at in wanted:
            self.index[at] = len(self.rows)
            self.rows.append(self.row(half, at, lines.get(at, [])))

    def row(self, half, at, frames):
        """[address, text, function, [file, line, inlined function or -1]..., reads, writes]"""
        insn = half.insn(at)
        places = []
        for n, (function, path, line) in enumerate(frames):
            inlined = self.functions.number(function) if n < len(frames) - 1 else -1
            places += [self.files.number(path), line, inlined]
        return [f"{at:x}", insn.text, self.functions.number(half.function_at(at) or "?"), places,
                [NUMBERS[name] for name in sorted(insn.reads) if name in NUMBERS],
                [NUMBERS[name] for name in sorted(insn.writes) if name in NUMBERS]]


def steps_of(recorder, code):
    """The columns of the steps: see steps in web/model.js."""
    steps = recorder.steps
    changes, writes, reads = [], [], []
    for step in steps:
        changes.append([part for n, value in step.changes for part in (n, f"{value:x}")])
        writes.append([part for at, data in step.writes for part in (at, data.hex())])
        reads.append([part for pair in step.reads for part in pair])
    return {"insn": [code.index[step.at] for step in steps],
            "kind": {t: step.kind for t, step in enumerate(steps) if step.kind != ORDINARY},
            "count": {t: step.count for t, step in enumerate(steps)
                      if step.count != 1 or step.kind in (TRAP, FOLDED)},
            "changes": changes, "writes": writes, "reads": reads}


def injected(result):
    """{time: words} of the failures that the recorder caused."""
    return {t: f"{name}() {result.scenario.inject[name][1]}"
            for t, step in enumerate(result.recorder.steps) if step.kind not in (ORDINARY, TRAP, FOLDED)
            for name in [result.kernel.function_at(step.at)]}


def recording(result):
    """(the recording as JSON's types, the source files it names)."""
    code, memory = Code(result), result.memory
    program = binary.relative(result.program.path)
    data = {
        "name": result.scenario.name, "title": result.scenario.title, "program": program,
        "output": result.output, "registers": NAMES, "first": [f"{v:x}" for v in result.recorder.first],
        "code": code.rows, "functions": code.functions.names(), "files": code.files.names(),
        "steps": steps_of(result.recorder, code), "injected": injected(result),
        "pages": [[at, base64.b64encode(page).decode()] for at, page in sorted(memory.first.items())],
        "places": [[t, f"{page:x}", at] for t, page, at in memory.log],
        "roots": result.roots, "caches": result.caches,
        "stack": [f"{result.stack[0]:x}", result.stack[1]],
        "marks": marks(result), "symbols": symbols(result.program, result.recorder),
    }
    return data, code.files.names()


def symbols(half, recorder=None):
    """[[address, name]] of what a pointer may point to: data; of the program, its functions too."""
    found = dict(half.objects)
    found.update(half.functions)
    return sorted(([f"{at:x}", name] for name, at in found.items()
                   if not name.startswith(("trap_gate_", "__ksymtab", "__kstrtab"))),
                  key=lambda pair: int(pair[0], 16))


def sources(paths):
    """{path: text} of the files that are there."""
    found = {}
    for path in sorted(paths):
        full = os.path.join(binary.TOP, path)
        if os.path.isfile(full):
            with open(full, encoding="utf-8", errors="replace") as file:
                found[path] = file.read()
    return found


def shared(kernel, types, proof, lesson, paths):
    """What all recordings of one kernel have in common."""
    phases, steps = lesson
    return {"types": types, "symbols": symbols(kernel), "proof": proof,
            "phases": list(phases), "steps": [[number, phase, what] for number, phase, _, what, _ in steps],
            "sources": sources(paths), "pageOffset": f"{PAGE_OFFSET:x}", "kernelMap": f"{KERNEL_MAP:x}"}
