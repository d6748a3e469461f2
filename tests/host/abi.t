#!/usr/bin/env python3
"""tests/abi: one program, two kernels, the same bytes.

expected/NAME.out was recorded on the Linux its first line names; its last one is the exit status.
Each program is built by every compiler and run here. Where ringwalk answers
otherwise on purpose, docs/differences.md lists the lines, in a fenced block per program:

    ```diff NAME
    -the lines as Linux prints them
    +the lines as ringwalk does, as many; or none
    ```

Each program runs on this host's Linux as well, unless host-differs names it, "NAME REASON" a line.

With arguments: only the programs they name.
"""
import difflib
import glob
import os
import re
import sys
import tempfile

from lib import COMPILERS, build, done, guest, ok, run, skip

ABI = "tests/abi"
NO_OUTPUT = {"bench", "bench_calls", "bench_many"}     # print instruction counts: bench.t looks at those


def host_differs():
    differs = {}
    try:
        with open(f"{ABI}/host-differs") as file:
            lines = [line.split(maxsplit=1) for line in file if not line.startswith("#")]
    except FileNotFoundError:
        lines = []
    for words in filter(None, lines):
        differs[words[0]] = words[1].strip() if len(words) > 1 else "differs"
    return differs


def expected(name):
    """The recorded lines without the first, the comment; None when there is no recording."""
    try:
        with open(f"{ABI}/expected/{name}.out", "rb") as file:
            return file.read().splitlines()[1:]
    except FileNotFoundError:
        return None


def our_differences(name):
    """[(Linux's line, [our line] or [])...] from docs/differences.md."""
    try:
        with open("docs/differences.md", "rb") as file:
            text = file.read()
    except FileNotFoundError:
        return []
    pairs = []
    for block in re.findall(rb"(?ms)^```diff " + re.escape(name.encode()) + rb"\n(.*?)^```", text):
        for old, new in re.findall(rb"(?m)((?:^-.*\n)+)((?:^\+.*\n)*)", block):
            old, new = ([line[1:] for line in lines.splitlines()] for lines in (old, new))
            if new and len(old) != len(new):
                ok(False, f"{name}: docs/differences.md pairs its lines", old)
            pairs += [(line, new[at:at + 1]) for at, line in enumerate(old)]
    return pairs


def here(name, want):
    """The expected lines with our differences applied, each of which must still apply."""
    differences = our_differences(name)
    stale = [linux for linux, _ in differences if linux not in want]
    if differences:
        ok(not stale, f"{name}: docs/differences.md quotes Linux as recorded", stale)
    for linux, ours in differences:
        want = [new for line in want for new in (ours if line == linux else [line])]
    return want


def compare(result, want, name):
    got = result.out.splitlines() + [b"# exit %d" % result.status]
    lines = [[line.decode(errors="replace") for line in text] for text in (want, got)]
    why = "\n".join(list(difflib.unified_diff(*lines, "expected", "got", lineterm="", n=1))[:60])
    ok(got == want, name, f"{why}\n{result.err.decode(errors='replace')[-2000:]}")


def on_host(program):
    """Run on this Linux, in a folder of its own, with the empty environment of tools/exec -i."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        return run([os.path.realpath(program)], env={}, clean=True, cwd=folder)


differs = host_differs()
sources = sorted(glob.glob(f"{ABI}/*.c"))
ok(sources, f"{ABI} holds programs")
for source in sources:
    name = os.path.basename(source)[:-2]
    if name in NO_OUTPUT or sys.argv[1:] and name not in sys.argv[1:]:
        continue
    want = expected(name)
    if not ok(want is not None, f"{name}: expected/{name}.out is there"):
        continue
    ours = here(name, want)
    for compiler in COMPILERS:
        program = build(source, compiler)
        compare(guest(program, options=["-i"]), ours, f"{name} by {compiler}: as on Linux")
    if name in differs:
        skip(f"{name} on this host", differs[name])
    elif os.geteuid() != 0 or len(COMPILERS) < 2:
        skip(f"{name} on this host", "needs root on an x86-64 Linux")
    else:
        compare(on_host(program), want, f"{name} on this host: the same")
done()
