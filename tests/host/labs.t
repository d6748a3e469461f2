#!/usr/bin/env python3
"""Each lab can be cut, its starter compiles and links at each STEP, and holds no line of a solution.

A removed line is looked for in the student's files, in all objects of his git repository, and in what is
built from his tree. What counts is a line of some length that no published C or assembly source has as
well; and, in sources too, three such lines in a row. The search itself is tested on trees that leak.
Arguments name the labs to look at: tests/host/labs.t 3-fdtable
"""
import concurrent.futures
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
JOBS = 2                        # trees that are made at the same time
SOURCES = (".c", ".h", ".asm", ".inc")


# --- the search -----------------------------------------------------------------------------


def telling(line):
    """Is it a line that one recognises? Not a brace, a label, or a short statement."""
    return len(line) >= LENGTH and not re.match(r"(/?\*|;|//|#include)", line)


def bare(path, line):
    """A line of a source without its comment and the space around it."""
    if ";" not in line and "/" not in line:
        return line.strip()
    return re.sub(r";.*" if path.endswith((".asm", ".inc")) else r"/\*.*?(\*/|$)|//.*", "", line).strip()


def whole(line):
    """A regular expression for @line (bytes) in data, but not as a part of longer names: `p->n` is not in `rp->n`."""
    return re.compile((rb"(?<!\w)" if line[:1].isalnum() else b"") + re.escape(line) +
                      (rb"(?!\w)" if line[-1:].isalnum() else b""))


class Solution:
    """What a lab took out: the lines and the rows of lines that must not be seen.

    A line is looked for without its comment, and is no secret when it stands in the published code, too, comments left
    out; a single word is none when that code uses it, as it does the name of a macro.
    """

    def __init__(self, removed, published):
        """@removed: [(path, line)]. @published: {path: text} of the student's tree."""
        sources = [(path, line) for path, text in published.items() if path.endswith(SOURCES) for line in text.splitlines()]
        code, lines = {bare(path, line) for path, line in sources}, {line.strip() for _, line in sources}
        code |= {line.removesuffix(" {") for line in code}
        code |= {word for line in code for word in re.findall(r"\w{%d,}" % LENGTH, line)}
        removed = [(bare(path, line).removesuffix(" {"), line.strip()) for path, line in removed if telling(line.strip())]
        self.lines = {}                         # bytes: how they are looked for
        for without, line in removed:
            if len(without) >= LENGTH and without not in code:
                self.lines[without.encode()] = whole(without.encode())
            elif len(without) < LENGTH and line not in lines:       # its comment is what one recognises
                self.lines[line.encode()] = whole(line.encode())
        self.rows = {tuple(column[i:i + ROW]) for column in zip(*removed) for i in range(len(removed) - ROW + 1)}

    def in_data(self, data):
        """The first removed line that can be read in @data, or None."""
        return next((line.decode() for line, regex in self.lines.items() if line in data and regex.search(data)), None)

    def in_source(self, path, text):
        """The first of some removed lines that follow one another in @text, with their comments or without, or None."""
        lines = [line for line in text.splitlines() if telling(line.strip())]
        for row in ([line.strip() for line in lines], [bare(path, line).removesuffix(" {") for line in lines]):
            for i in range(len(row) - ROW + 1):
                if tuple(row[i:i + ROW]) in self.rows:
                    return row[i]
        return None


def removed_lines(lab):
    """What @lab takes out: [(path, line)]."""
    return [(path, line) for path in sorted({piece.file for piece in lab.pieces})
            for line in cut.cut_text(read(path), [piece for piece in lab.pieces if piece.file == path])[1]]


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
            line = solution.in_data(data) or (name.endswith(SOURCES) and solution.in_source(path, data.decode()))
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


def prepare(lab, tree, goals):
    """Cut the lab into @tree and make @goals there. Returns the Results of both."""
    result = run(["tools/lab", f"LAB={lab.name}", f"DIR={tree}", "STUDENT=max@example.org", "DIRTY=1"])
    if result.status:
        return result, None
    as_built(tree)
    return result, run(["make", "-s", *goals], cwd=tree)


def check(lab, tree, result, made):
    """@result, @made: what prepare() returned for @tree."""
    if not ok(result.status == 0, f"{lab.name}: can be cut", result.text):
        return
    published = check_tree(lab, tree)
    for needed in ("README.md", "tests.py"):
        ok(f"labs/{lab.name}/{needed}" in published, f"{lab.name}: the student gets {needed}")
    check_steps(lab, tree)
    ok(made.status == 0 and not re.sub(r"(?m)^  [A-Z]+ +\S+\n", "", made.text), f"{lab.name}: the starter is built", made.text)
    solution = Solution(removed_lines(lab), published)
    ok(len(solution.lines) > 2 * len(lab.pieces) / 3 or not lab.pieces, f"{lab.name}: there are lines to look for",
       solution.lines)
    equal(leaks(tree, solution), [], f"{lab.name}: no line of the solution can be read in the tree")

# --- the search finds what leaks ----------------------------------------------------------------


def check_search(lab, tree):
    """A tree that leaks is noticed, wherever the line is."""
    removed = removed_lines(lab)
    solution = Solution(removed, published_files(tree))
    line = list(solution.lines)[len(solution.lines) // 2]
    for where in ("docs/hint.md", "build/gen/listing.s", ".git/description"):
        with open(os.path.join(tree, where), "wb") as file:
            file.write(b"Look: " + line + b"\n")
        equal(leaks(tree, solution), [f"{where}: {line.decode()}"], f"a removed line in {where} is found")
        os.unlink(os.path.join(tree, where))
    run(["git", "hash-object", "-w", "--stdin"], stdin=b"x\n" + line + b"\n", cwd=tree)
    equal(leaks(tree, solution), [f"an object in .git: {line.decode()}"], "a removed line in a git object is found")
    with open(os.path.join(tree, "kernel/copy.c"), "w", encoding="utf-8") as file:
        file.write("\n".join(line for _, line in removed))
    solution = Solution(removed, published_files(tree) | {"kernel/copy.c": read_bytes(file.name).decode()})
    match("\n".join(leaks(tree, solution)), "kernel/copy.c: ", "a copy of a removed function, published as a source")

REMOVED = [("a.c", "\tp->nmissed = 0;"), ("a.c", "\tlist_add(node, &pool); /* why */"), ("a.c", "\tkprobe_opcode_t *addr;"),
           ("a.asm", "        mov     rdi, rsp                ; Step 6"), ("a.asm", "        cli             ; no more of them"),
           ("a.asm", "        POP_ALL_REGISTERS")]
LEFT = {"b.c": "\trp->nmissed = 0;\n\tkprobe_opcode_t *addr; /* of the INT3 */\n\t/* list_add(node, &pool); */\n",
        "b.asm": "        mov     rdi, rsp        ; Step 2\n%macro POP_ALL_REGISTERS 0\n        cli\n"}
READ = [        # what can be read, and which removed line that is
    ("rp->nmissed = 0;", None), ("x = 1; p->nmissed = 0; y", "p->nmissed = 0;"), ("p->nmissed = 0;", "p->nmissed = 0;"),
    ("\0list_add(node, &pool);\0", "list_add(node, &pool);"), ("\tmy_list_add(node, &pool);", None),
    ("kprobe_opcode_t *addr;", None), ("mov     rdi, rsp", None), ("POP_ALL_REGISTERS", None), ("cli", None),
    ("cli             ; no more of them", "cli             ; no more of them"), (LEFT["b.asm"], None),
    (LEFT["b.c"], "list_add(node, &pool);"),        # in a comment it is a hint, even in a source
]


def check_rule():
    """Which lines are secrets, with sources of a few lines."""
    solution = Solution(REMOVED, LEFT)
    for text, want in READ:
        equal(solution.in_data(text.encode()), want, f"what is read in {text!r}")
    for path, text, want in (("c.c", "\tp->nmissed = 0;\n\n\tlist_add(node, &pool);\n\tkprobe_opcode_t *addr;\n", True),
                             ("c.asm", "mov     rdi, rsp ; 1\ncli ; and nothing else\nPOP_ALL_REGISTERS\n", True),
                             ("c.c", "\tp->nmissed = 0;\n\tlist_add(node, &pool);\n", False)):
        equal(bool(solution.in_source(path, text)), want, f"removed lines in a row in {text!r}")

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
check_rule()
check_cutting()
with tempfile.TemporaryDirectory(dir=BUILD, prefix="labs-") as top, concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
    check_values(top, names[0])
    check_folder(top, names[0])
    labs = [cut.read_lab(name, read(f"labs/{name}/cut")) for name in wanted]
    first = next((lab for lab in labs if lab.pieces), None)     # whose image is built, and in whose tree is searched
    images = run(["tools/setup", "run-image"]).out.decode().split()
    trees = [os.path.join(top, lab.name) for lab in labs]
    goals = [images if lab is first else ["build/kernel.elf"] for lab in labs]      # the kernel is what differs
    for one, here, results in zip(labs, trees, pool.map(prepare, labs, trees, goals)):
        check(one, here, *results)
        if one is first and os.path.isdir(here):
            check_search(one, here)
        shutil.rmtree(here, ignore_errors=True)
done()
