#!/usr/bin/env python3
"""Lab 0: what a student sees with tools/exec and gdb is what the judge holds to be right.

The judge makes the program's system calls in a process of its own, on a machine without the rest of the
initramfs; the student's program is a real one. Both must agree in each answer.
"""
import os
import re
import sys
import tempfile

from gdblib import session
from lablib import as_built
from lib import BUILD, TOP, done, equal, ok, run

sys.path[:0] = [os.path.join(TOP, "labs", "0-look"), os.path.join(TOP, "tools", "labs")]
import tests    # noqa: E402  (the lab's)

FILE = "percpu.current_task->files->fdt->fd[{}]"
SOCK = f"((struct socket *){FILE}->private_data)"
CACHE = f"{SOCK}->sk->__sk_common.skc_prot->slab"
EACH = [        # of each descriptor: the question, and the expression in gdb
    ("inodes", f"{FILE}->f_inode->i_ino"),
    ("socket_slots", f"((unsigned long){SOCK} & ~sock_inode_cachep->slab_mask) / sock_inode_cachep->size"),
    ("sock_slots", f"((unsigned long){SOCK}->sk & ~{CACHE}->slab_mask) / {CACHE}->size"),
]
TABLE = "percpu.current_task->files->"


def gdb(tree, commands):
    talk = session("gdb", commands, how=["make", "-s", "-C", tree, "gdb", "PROG=build/look", "GDB_ARGS=@ARGS@"])
    ok(talk.whole, "the session in gdb comes to its end", talk.text)
    return [talk[number] for number in range(len(commands))]


def values(answers):
    """The numbers that `print` printed."""
    return [int(re.search(r"= (\d+)", answer)[1]) if " = " in answer else answer for answer in answers]


def at_done(tree, right):
    """What the machine holds when the calls were made."""
    numbers = right["descriptors"][::2]
    commands = [word for name in tests.ENTERED for word in (f"break {name}", "ignore $bpnum 100000")]
    commands += ["break done", "continue", "info breakpoints", "fds", "slabs sock_inode_cache", "slabs TCP", "slabs UDP"]
    start = len(commands)
    commands += [f"print {TABLE}{what}" for what in ("fdt->open_fds[0]", "fdt->close_on_exec[0]", "next_fd")]
    commands += ["print " + words.format(*[number] * words.count("{}")) for _, words in EACH for number in numbers]
    seen = gdb(tree, commands)
    shown, fds, slabs = seen[start - 5], seen[start - 4], seen[start - 3:start]
    hits = [int(number) for number in re.findall(r"already hit (\d+) time", shown)]
    equal(hits[:-1], right["entered"], "entered")
    rows = [line.split() for line in fds.splitlines()[2:]]
    equal([int(word) for row in rows[tests.STANDARD:] for word in (row[0], row[2])], right["descriptors"], "descriptors")
    equal([int(word) for text in slabs for word in text.splitlines()[1].split()[1:3]], right["objects"], "objects")
    found = values(seen[start:])
    equal(found[:3], right["bitmaps"], "bitmaps")
    for number, (name, _) in enumerate(EACH):
        part = found[3 + number * len(numbers):][:len(numbers)]
        equal([n - min(part) for n in part] if name == "inodes" else part, right[name], name)


def on_the_way(tree, plan, right):
    """Who calls, and in which calls of the program a socket dies."""
    stops = len(tests.ASKED)
    ways = gdb(tree, [f"tbreak {name}" for name in tests.ASKED] + ["continue", "backtrace 2"] * stops)[stops + 1::2]
    found = dict(re.findall(r"#0 +(\w+) .*\n#1 .*? in (\w+) \(", "\n".join(ways)))
    equal([found.get(name) for name in plan.asked], right["callers"], "callers")
    equal(sorted(found), sorted(tests.ASKED), "each function that can be asked for has a caller", ways)
    deaths = len(right["deaths"])
    shown = gdb(tree, ["break sock_close"] + ["continue", "backtrace -1"] * deaths)[2::2]
    lines = [int(re.search(r"look\.c:(\d+)", text)[1]) for text in shown]
    with open(os.path.join(tree, "build", "look.c"), encoding="utf-8") as file:
        source = file.read().splitlines()
    calls = [number + 1 for number, line in enumerate(source) if re.search(r"result\[\d+\] = ", line)]
    equal([calls.index(line) for line in lines], right["deaths"], "deaths")


def check(tree, student):
    made = run(["tools/lab", "LAB=0", f"DIR={tree}", f"STUDENT={student}", "KEY=/dev/null", "DIRTY=1"])
    ok(made.status == 0, "the lab is cut", made.text)
    as_built(tree)
    looked = run(["tools/look"], cwd=tree, limit=300)
    ok(looked.status == 0 and "callers" in looked.text, "tools/look", looked.text)
    answers = run(["labs/0-look/instructor/answers", student, "/dev/null"])
    right = tests.answered(answers.out)
    equal(list(right), list(tests.WANTED), "the instructor's answers are complete", answers.text)
    printed = run(["tools/exec", "build/look"], cwd=tree)
    equal([int(line.split()[2]) for line in printed.text.splitlines()], right["results"], "results")
    at_done(tree, right)
    with open(os.path.join(tree, ".lab"), encoding="utf-8") as file:
        seed = re.search(r'"seed": "(\w+)"', file.read())[1]
    on_the_way(tree, tests.Plan(seed + "/0-look"), right)


def check_plans():
    """No two students have much in common, and each program can be carried out."""
    programs = {tests.Plan(f"{n}/0-look").program() for n in range(300)}
    equal(len(programs), 300, "300 students have 300 programs")


check_plans()
with tempfile.TemporaryDirectory(dir=BUILD, prefix="look-") as folder:
    check(os.path.join(folder, "tree"), "max@example.org")
done()
