"""Grading many submissions of one lab: each on its own, so that none can stop or change another."""
import difflib
import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
import traceback

import cut
import likeness
import report
import sandbox
import session
import sources
import submission
from vm.knobs import Failure

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
HERE = os.path.dirname(os.path.realpath(__file__))
SHOWN = 200                         # lines of a difference in a report


def digest(*parts):
    """A name for contents: bytes or words."""
    made = hashlib.sha256()
    for part in parts:
        part = part if isinstance(part, bytes) else str(part).encode()
        made.update(b"%d:" % len(part) + part)
    return made.hexdigest()


class Assignment:
    """A lab as it was handed out: cut again from the commit that the submissions name, and built."""

    def __init__(self, name, commit, cache):
        self.commit, self.cache = commit, cache
        where = os.path.join(cache, digest(name, commit)[:16])
        if not os.path.exists(os.path.join(where, "starter", "build", "kernel.elf")):
            shutil.rmtree(where, ignore_errors=True)
            self.cut(name, where)
        self.base = os.path.join(where, "starter")
        self.lab = session.Lab(self.base)
        self.tests = session.load(self.lab.tests)
        self.cut_lab = cut.read_lab(self.lab.name, self.show(f"labs/{self.lab.name}/cut").decode())
        given, _ = submission.collect(self.base, self.lab.take)
        solution = {path: self.show(path) for path in {piece.file for piece in self.cut_lab.pieces}}
        self.given = given
        self.solution = likeness.own(solution, given)
        tools = b"".join(session.read(os.path.join(HERE, name)) for name in sorted(os.listdir(HERE))
                         if name.endswith((".py", ".asm")))
        self.key = digest(commit, self.lab.name, session.read(self.lab.tests), tools, sandbox.isolated())

    def show(self, path):
        return submission.git(TOP, "show", f"{self.commit}:{path}")

    def cut(self, name, where):
        """Cut the starter from the commit, in a clone of this repository, and build it."""
        os.makedirs(where)
        tree = os.path.join(where, "commit")
        submission.git(TOP, "clone", "-q", "--shared", "--no-checkout", TOP, tree)
        submission.git(tree, "checkout", "-q", "--detach", self.commit)
        ran = subprocess.run([os.path.join(tree, "tools", "lab"), f"LAB={name}", f"DIR={where}/starter"],
                             capture_output=True, text=True, errors="replace", stdin=subprocess.DEVNULL)
        shutil.rmtree(tree)
        if ran.returncode:
            raise Failure(f"lab {name} cannot be cut from {self.commit}: {ran.stderr.strip()}")
        sandbox.make_base(os.path.join(where, "starter"))


def record_of(tree):
    """The submission's .lab, {} when it has none that can be read."""
    try:
        path = os.path.join(tree, ".lab")
        if os.path.islink(path) or os.path.getsize(path) > 1 << 20:
            return {}
        found = json.loads(session.read(path))
        return found if isinstance(found, dict) else {}
    except (OSError, ValueError):
        return {}


class Graded:
    """What is known of one submission. word: "" or why it has no points."""

    def __init__(self, name, student):
        self.name, self.student, self.word = name, student, ""
        self.rows, self.remarks, self.files, self.difference = [], [], {}, []
        self.cached = False

    def score(self):
        return sum(row["score"] for row in self.rows)

    def verdict(self):
        """The gravest verdict of a test, in a word."""
        seen = [row["verdict"] for row in self.rows]
        order = ("DOES NOT BUILD", "host too slow", "BROKEN TEST", "TRIPLE FAULT", "PANIC", "HANG", "OFF", "WRONG")
        return self.word or next((word for word in order if word in seen), "GOOD")


def grade(source, assignment, student, seed):
    """Grade one submission. Never raises: what goes wrong is in the result."""
    graded = Graded(source.name, student)
    with tempfile.TemporaryDirectory(prefix="grade-", dir=assignment.cache) as folder:
        try:
            scratch = os.path.join(folder, "unpacked")
            os.mkdir(scratch)
            look(graded, source.tree(scratch), assignment)
            if not graded.word:
                judge(graded, assignment, seed, folder)
        except sources.Unreadable as why:
            graded.word, graded.remarks = "UNREADABLE", [str(why)]
        except Exception:               # a bug of ours, or a full disk: the others go on
            graded.word, graded.remarks = "NOT GRADED", traceback.format_exc().splitlines()
    return graded


def look(graded, tree, assignment):
    """Take the student's files, and note what the instructor may want to know."""
    lab = assignment.lab
    graded.files, _ = submission.collect(tree, lab.take)
    if not graded.files:
        graded.word, graded.remarks = "EMPTY", ["none of the lab's files is there"]
        return
    graded.remarks = session.remarks(tree, lab, assignment.base)
    theirs = record_of(tree)
    for name, ours in (("lab", lab.name), ("student", graded.student)):
        if theirs.get(name) and str(theirs[name]) != ours:
            graded.remarks.append(f".lab says {name} {theirs[name]!r}, graded as {ours!r}")
    if str(theirs.get("commit", "")).removesuffix("-dirty") != assignment.commit:
        graded.remarks.append(f".lab names another commit; graded by the tests of {assignment.commit[:12]}")
    for name, content in sorted(submission.changed(graded.files, assignment.base).items()):
        texts = [likeness.without(part.decode(errors="replace"), name, assignment.cut_lab).splitlines()
                 for part in (assignment.given.get(name, b""), content)]
        graded.difference += difflib.unified_diff(*texts, "handed out/" + name, "submitted/" + name, lineterm="", n=1)


def judge(graded, assignment, seed, folder):
    """Fill in the rows, from the cache when the same was judged before."""
    parts = [part for item in sorted(graded.files.items()) for part in item]
    cached = os.path.join(assignment.cache, "results", digest(assignment.key, seed, *parts))
    graded.cached = os.path.exists(cached)
    if graded.cached:
        records = json.loads(session.read(cached))
    else:
        records = session.judge_files(assignment.lab, assignment.base, graded.files, [], seed, folder)
        if not any(record["verdict"] == "host too slow" for record in records.values()):
            os.makedirs(os.path.dirname(cached), exist_ok=True)
            with open(f"{cached}.{os.getpid()}.{digest(graded.name)[:8]}", "w", encoding="utf-8") as file:
                json.dump(records, file)
            os.rename(file.name, cached)
    graded.rows = report.rows(assignment.tests, records)


def text(graded, assignment):
    """The report on one submission, for the instructor."""
    lines = [f"{graded.student}: {graded.name}", ""]
    if graded.word:
        return "\n".join(lines + [graded.word, *graded.remarks, ""])
    lines.append(report.text(assignment.lab, graded.rows, graded.remarks))
    if graded.difference:
        lines += ["", "Changed outside the functions that the lab names:", *graded.difference[:SHOWN]]
        if len(graded.difference) > SHOWN:
            lines.append("(and so on)")
    return "\n".join(lines) + "\n"


def file_name(student):
    return re.sub(r"[^\w.@+-]", "_", student) or "_"
