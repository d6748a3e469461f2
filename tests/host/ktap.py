"""Read KTAP, the kernel's test format, out of a serial log. Used by ktap.t.

Documentation/dev-tools/ktap.rst of Linux: a result line per test, suites nest by indentation, a
plan "1..N" per level. Lines that are none of this are the kernel talking; they are handed on
with the next result, since that is what they explain.
"""
import re

STAMP = re.compile(r"^(<\d>)?\[ *\d+\.\d+\] ?")
RESULT = re.compile(r"^( *)(not )?ok (\d+)(?: -)? ?([^#]*?)\s*(#.*)?$")
PLAN = re.compile(r"^( *)1\.\.(\d+)")
VERSION = re.compile(r"^( *)KTAP version 1")
SUBTEST = re.compile(r"^ *# Subtest: (.*)")


class Level:
    """One level of nesting: its plan and how many results have come."""

    def __init__(self, indent):
        self.indent, self.plan, self.seen, self.name = indent, None, 0, ""

    def complaint(self):
        if self.plan is None:
            return "no plan (1..N)"
        return "" if self.seen == self.plan else f"{self.seen} results, {self.plan} planned"


def parse(log):
    """Yield (good, name, skip reason or None, what was said before it), in order."""
    levels, said = [], []
    for line in log.splitlines():
        line = STAMP.sub("", line.rstrip("\r"))
        version, plan, result = VERSION.match(line), PLAN.match(line), RESULT.match(line)
        if version:
            levels.append(Level(len(version[1])))
        elif levels and plan:
            levels[-1].plan = int(plan[2])
        elif levels and (subtest := SUBTEST.match(line)):
            levels[-1].name = subtest[1]
        elif levels and result:
            yield from take(levels, result, said)
            said = []
        else:
            said.append(line)
    if not levels:
        yield False, "the log holds KTAP", None, said[-40:]
    while levels:
        level = levels.pop()
        if level.complaint() or levels:     # an inner level whose own result never came
            yield (False, f"{level.name or 'the run'}: {level.complaint() or 'no result'}", None,
                   said[-40:])


def take(levels, result, said):
    """One result line: of a test, or of the suite whose lines end here."""
    closed = []
    while len(levels) > 1 and len(result[1]) < levels[-1].indent:
        closed.append(levels.pop())
    levels[-1].seen += 1
    good, name = not result[2], result[4] or f"test {result[3]}"
    if int(result[3]) != levels[-1].seen:
        yield False, f"{name}: number {result[3]}, expected {levels[-1].seen}", None, said
    for level in closed:
        if level.complaint():
            yield False, f"{level.name or name}: {level.complaint()}", None, said
    directive = re.match(r"# SKIP ?(.*)", result[5] or "", re.I)
    suite = "".join(level.name + ": " for level in levels if level.name)
    yield good, suite + name, directive and directive[1], said
