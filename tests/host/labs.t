#!/usr/bin/env python3
"""Each lab can be cut, its starter compiles and links at each STEP, and holds no line of a solution.

A removed line is looked for in the student's files, in all objects of his git repository, and in what is
built from his tree. What counts is a line of some length that no published C or assembly source has as
well; and, in sources too, three such lines in a row. The search itself is tested on trees that leak.
Arguments name the labs to look at: tests/host/labs.t 3-fdtable
"""
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

from lablib import as_built, cut, read, read_bytes, tracked
from lib import BUILD, TOP, done, equal, match, ok, run

LENGTH, ROW = 12, 3             # of a line that is looked for; of lines in a row that are no accident
SOURCES = (".c", ".h", ".asm", ".inc")


# --- the search -----------------------------------------------------------------------------


def telling(line):
    """Is it a line that one recognises? Not a brace, a label, or a short statement."""
    return len(line) >= LENGTH and not re.match(r"(/?\*|;|//|#include)", line)


class Solution:
    """What a lab took out: the lines and the rows of lines that must not be seen."""

    def __init__(self, removed, published):
        """@removed: lines. @published: {path: text} of the student's tree."""
        known = {line.strip() for path, text in published.items() if path.endswith(SOURCES)
                 for line in text.splitlines()}
        known |= {line.removesuffix(" {") for line in known}
        lines = [line.strip() for line in removed if telling(line.strip())]
        self.lines = [line.encode() for line in dict.fromkeys(lines) if line not in known]
        self.rows = {tuple(lines[i:i + ROW]) for i in range(len(lines) - ROW + 1)}

    def in_data(self, data):
        """The first removed line that can be read in @data, or None."""
        return next((line.decode() for line in self.lines if line in data), None)

    def in_source(self, text):
        """The first of some removed lines that follow one another in @text, or None."""
        lines = [line for line in map(str.strip, text.splitlines()) if telling(line)]
        return next((lines[i] for i in range(len(lines) - ROW + 1) if tuple(lines[i:i + ROW]) in self.rows), None)


def objects(tree):
    """All objects of the repository in @tree, reachable or not, as one piece of data."""
    return subprocess.run(["git", "cat-file", "--batch-all-objects", "--batch"], cwd=tree, capture_output=True,
                          check=True).stdout


def leaks(tree, solution):
    """Where in @tree a line of the solution can be read: ["path: line"]."""
    found = []
    for folder, _, names in os.walk(tree):
        for name in names:
            path = os.path.join(folder, name)
            data = read_bytes(path)
            line = solution.in_data(data) or (name.endswith(SOURCES) and solution.in_source(data.decode()))
            if line:
                found.append(f"{os.path.relpath(path, tree)}: {line}")
    line = solution.in_data(objects(tree))
    return found + ([f"an object in .git: {line}"] if line else [])

# --- a student's tree -----------------------------------------------------------------------


def compiler_says(tree, path):
    """What the kernel's compiler says to a C file of @tree, with warnings as errors."""
    words = shlex.split(read_bytes(os.path.join(TOP, "build/flags")).decode())
    include = run([words[0], "-print-file-name=include"]).out.decode().strip()
    return run([*words, "-Werror", "-isystem", include, "-I.", "-Iinclude", f"-I{TOP}/build/gen", "-S",
                "-o", "/dev/null", path], cwd=tree).text


def check_steps(lab, tree):
    """The stubs compile without a warning, at whichever step the student starts."""
    for step in range(1, lab.last_step + 1):
        files, _ = cut.cut(lab, step, read)
        said = ""
        for path, text in files.items():
            if path.endswith(".c"):
                scratch = os.path.join(tree, os.path.dirname(path), f".step{step}.c")
                with open(scratch, "w", encoding="utf-8") as file:
                    file.write(text)
                said += compiler_says(tree, os.path.relpath(scratch, tree))
                os.unlink(scratch)
        equal(said, "", f"{lab.name}: STEP={step} compiles without a warning")


def published_files(tree):
    names = run(["git", "ls-files", "-z"], cwd=tree).out.decode().split("\0")[:-1]
    return {name: read_bytes(os.path.join(tree, name)).decode(errors="replace") for name in names}


def check_tree(lab, tree):
    """What the student's tree holds, and what not."""
    files = published_files(tree)
    record = json.loads(files[".lab"])
    equal([record["lab"], record["step"], record["student"]], [lab.name, 1, "max@example.org"], f"{lab.name}: .lab")
    equal(run(["git", "rev-list", "--all", "--count"], cwd=tree).out, b"1\n", f"{lab.name}: one commit, no history")
    equal(run(["git", "status", "--porcelain"], cwd=tree).out, b"", f"{lab.name}: git has nothing to say of the tree")
    equal([name for name in files if re.search(r"mutants|instructor|/cut$|tests/labs|^tools/lab$", name) or
           name.startswith("labs/") and not name.startswith(f"labs/{lab.name}/")], [],
          f"{lab.name}: no mutants, no notes for instructors, no other labs")
    ok(f"labs/{lab.name}/README.md" in files["README.md"], f"{lab.name}: README.md leads to the handout")
    return files


def check(lab, tree, goals):
    """@goals: what is made of the starter. The kernel is what differs between the labs."""
    result = run(["tools/lab", f"LAB={lab.name}", f"DIR={tree}", "STUDENT=max@example.org", "DIRTY=1"])
    if not ok(result.status == 0, f"{lab.name}: can be cut", result.text):
        return
    published = check_tree(lab, tree)
    for needed in ("README.md", "tests.py"):
        ok(f"labs/{lab.name}/{needed}" in published, f"{lab.name}: the student gets {needed}")
    as_built(tree)
    check_steps(lab, tree)
    made = run(["make", "-s", *goals], cwd=tree)
    ok(made.status == 0 and not re.sub(r"(?m)^  [A-Z]+ +\S+\n", "", made.text), f"{lab.name}: the starter is built", made.text)
    solution = Solution(cut.cut(lab, 1, read)[1], published)
    ok(len(solution.lines) > 2 * len(lab.pieces) / 3 or not lab.pieces, f"{lab.name}: there are lines to look for",
       solution.lines)
    equal(leaks(tree, solution), [], f"{lab.name}: no line of the solution can be read in the tree")

# --- the search finds what leaks ----------------------------------------------------------------


def check_search(lab, tree):
    """A tree that leaks is noticed, wherever the line is."""
    removed = cut.cut(lab, 1, read)[1]
    solution = Solution(removed, published_files(tree))
    line = solution.lines[len(solution.lines) // 2]
    for where in ("docs/hint.md", "build/gen/listing.s", ".git/description"):
        with open(os.path.join(tree, where), "wb") as file:
            file.write(b"Look: " + line + b"\n")
        equal(leaks(tree, solution), [f"{where}: {line.decode()}"], f"a removed line in {where} is found")
        os.unlink(os.path.join(tree, where))
    run(["git", "hash-object", "-w", "--stdin"], stdin=b"x\n" + line + b"\n", cwd=tree)
    equal(leaks(tree, solution), [f"an object in .git: {line.decode()}"], "a removed line in a git object is found")
    with open(os.path.join(tree, "kernel/copy.c"), "w", encoding="utf-8") as file:
        file.write("\n".join(removed))
    solution = Solution(removed, published_files(tree) | {"kernel/copy.c": "\n".join(removed)})
    match("\n".join(leaks(tree, solution)), "kernel/copy.c: ", "a copy of a removed function, published as a source")

# --- what is refused ------------------------------------------------------------------------------

C = "/* what f promises */\nstatic int f(int a,\n\t     int b)\n{\n\treturn a + b;\n}\n\nint g(void)\n{\n\treturn 0;\n}\n"
ASM = "; what one does\nglobal one\none:\n\tmov rax, 1 ; Step 1\n\tmov rbx, 2 ; Step 2\n\tret\n.end:\n\ntwo:\n\tret\n"
CUTS = [        # the piece, and what is left of the source
    ("== 1 a.c f\n\treturn 0;\n", C.replace("return a + b", "return 0")),
    ("== 1 a.c f drop\n", C[C.index("int g"):]),
    ("== 1 a.c f comment\n/* new */\n--\n\treturn 0;\n", C.replace("what f promises", "new").replace("a + b", "0")),
    ("== 1 a.asm one\n\tret\n", "; what one does\nglobal one\none:\n\tret\n.end:\n\ntwo:\n\tret\n"),
    ("== 1 a.asm one 2\n\tnop\n", ASM.replace("\tmov rbx, 2 ; Step 2\n\tret\n.end", "\tnop\n.end")),
    ("== 1 a.asm one 1-1\n\tnop\n", ASM.replace("\tmov rax, 1 ; Step 1\n", "\tnop\n")),
    ("== 1 a.asm one drop\n", "two:\n\tret\n"),
]
REFUSED = [     # the piece, and what is said
    ("== 1 a.c h\n\treturn 0;\n", r"a\.c: .* named h$"),
    ("== 1 a.c __x64_sys_f\n\treturn 0;\n", r"a\.c: .* named __x64_sys_f$"),
    ("== 1 b.c f\n\treturn 0;\n", r"b\.c is not in the tree"),
    ("== 1 a.asm three\n\tret\n", r"a\.asm: .* named three$"),
    ("== 1 a.asm two\n\tret\n", r"a\.asm: .*\.end named two$"),
    ("== 1 a.asm one 2-3\n\tret\n", r"a\.asm: one has no line '; Step 3'"),
    ("== 1 a.c f\n\treturn 0;\n== 2 a.c f drop\n", r"f and f overlap"),
    ("== 1 a.c f\n", r"cut:2: .* has no stub"),
    ("== 1 a.c f drop\n\treturn 0;\n", r"cut:2: .* has no stub"),
    ("== 1 a.c f comment\n\treturn 0;\n", r"cut:2: expected the comment"),
    ("== 0 a.c f\n\treturn 0;\n", r"cut:2: steps are counted from 1"),
    ("== 1 a.c f 3\n\treturn 0;\n", r"cut:2: numbered steps"),
    ("== 1 a.S f\n\treturn 0;\n", r"cut:2: a\.S is neither"),
    ("== one a.c f\n", r"cut:2: expected '== STEP"),
    ("tittle: x\n", r"cut:2: expected one of title"),
]


def cut_small(pieces):
    def source(path):
        if path not in ("a.c", "a.asm"):
            raise FileNotFoundError(path)
        return C if path == "a.c" else ASM
    return cut.cut(cut.read_lab("1-x", "title: x\n" + pieces), 1, source)[0]


def check_cutting():
    for pieces, want in CUTS:
        try:
            equal(list(cut_small(pieces).values()), [want], pieces.splitlines()[0])
        except cut.Refusal as refusal:
            ok(False, pieces.splitlines()[0], refusal)
    for pieces, want in REFUSED:
        try:
            ok(False, f"refused: {pieces!r}", cut_small(pieces))
        except cut.Refusal as refusal:
            match(str(refusal), want, f"refused: {pieces!r}")


def check_values(folder, name):
    """make lab says what is wrong with its values, and writes nothing."""
    free, full, plain = (os.path.join(folder, word) for word in ("free", "full", "plain"))
    os.makedirs(os.path.join(full, "inside"))
    open(plain, "w", encoding="utf-8").close()
    for words, want in (
            ([], "which lab.*\n.*There are:|There are:\n"), (["LAB=99", f"DIR={free}"], rf"no lab '99'.*\n  {name}"),
            ([f"LAB={name}"], "where to"), ([f"LAB={name}", f"DIR={full}"], "not empty"),
            ([f"LAB={name}", f"DIR={plain}"], "Not a directory"), ([f"LAB={name}", "DIR=labs/mine"], "inside this tree"),
            ([f"LAB={name}", f"DIR={free}", "STEP=99"], "STEP=99: the steps"),
            ([f"LAB={name}", f"DIR={free}", "STUDENT=a/b"], "STUDENT=a/b"),
            ([f"LAB={name}", f"DIR={free}", "KEY=/no/key"], "KEY=/no/key: No such file")):
        result = run(["tools/lab", *words])
        ok(result.status == 2 and re.search(want, result.text) and not os.path.exists(free),
           "refused: make lab " + " ".join(words), result.text)
    result = run(["tools/lab", f"LAB={name}", "DIR=/proc/lab"])
    ok(result.status == 1 and "/proc/lab" in result.text, "a folder that cannot be made", result.text)


def check_folder(folder, name):
    """A leading ~/ is the home folder whatever the shell does; a name may have spaces and quotes."""
    number = name.partition("-")[0]
    result = run(["make", "-s", "lab", f"LAB={number}", "DIR=~/my 1st 'lab'", "DIRTY=1", "STEP=1"],
                 env={"HOME": folder})
    tree = os.path.join(folder, "my 1st 'lab'")
    ok(result.status == 0 and os.path.isfile(os.path.join(tree, ".lab")), "DIR=~/... with spaces and quotes", result.text)
    result = run(["make", "-s", "help"], cwd=tree)
    ok(result.status == 0 and "make grade" in result.text and "make lab" not in result.text,
       "make help, there: grade, and no lab", result.text)
    ok("make lab" in run(["make", "-s", "help"]).text, "make help, here: lab")


names = cut.find_labs(tracked())
wanted = [cut.find_lab(names, word) or sys.exit(f"there is no lab {word}") for word in sys.argv[1:]] or names
check_cutting()
with tempfile.TemporaryDirectory(dir=BUILD, prefix="labs-") as top:
    check_values(top, names[0])
    check_folder(top, names[0])
    labs = [cut.read_lab(name, read(f"labs/{name}/cut")) for name in wanted]
    first = next((lab for lab in labs if lab.pieces), None)     # whose image is built, and in whose tree is searched
    for one in labs:
        here = os.path.join(top, one.name)
        images = run(["tools/setup", "run-image"]).out.decode().split()
        check(one, here, images if one is first else ["build/kernel.elf"])
        if one is first and os.path.isdir(here):
            check_search(one, here)
        shutil.rmtree(here, ignore_errors=True)
done()
