#!/usr/bin/env python3
"""tools/grade-all: each submission gets its points, whatever it holds; a second run grades nothing again."""
import csv
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
import zipfile

from lib import BUILD, TOP, done, equal, match, ok, run

CUT = """\
title: A toy
== 1 kernel/fs/file.c alloc_fd
	(void)start;
	(void)end;
	(void)flags;
	(void)__set_open_fd;
	(void)find_next_fd;
	(void)expand_files;
	return -EMFILE;
"""
TESTS = '''
from judge import test

@test(points=5)
def boots(vm):
    """The kernel reaches ring 3."""
    vm.expect(vm.call("getpid"), 1, "getpid()")

@test(points=10, parents=["boots"], hint="1.1")
def lowest(vm):
    """The lowest free descriptor is taken."""
    vm.expect(vm.call("socket", 2, 1, 0), 0, "socket() in a fresh process")
    vm.expect(vm.call("dup", 0), 1, "dup(0)")
'''
FILE = "kernel/fs/file.c"
WORK = tempfile.mkdtemp(prefix="grade-all-", dir=BUILD)
REPOSITORY, SUBMISSIONS, CACHE = (os.path.join(WORK, name) for name in ("repository", "submissions", "cache"))
GIT = ["git", "-c", "user.name=x", "-c", "user.email=x"]


def put(path, content):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(content)


def read(*parts):
    with open(os.path.join(*parts), "rb") as file:
        return file.read()


def make_repository():
    """This tree with a lab of one function, as a repository of its own."""
    for name in run(["git", "ls-files", "--cached", "--others", "--exclude-standard"]).text.split():
        if os.path.isfile(os.path.join(TOP, name)) and not name.startswith("labs/"):
            os.makedirs(os.path.dirname(os.path.join(REPOSITORY, name)), exist_ok=True)
            shutil.copy2(os.path.join(TOP, name), os.path.join(REPOSITORY, name))
    put(f"{REPOSITORY}/labs/9-toy/cut", CUT.encode())
    put(f"{REPOSITORY}/labs/9-toy/tests.py", TESTS.encode())
    put(f"{REPOSITORY}/labs/9-toy/README.md", b"# A toy\n")
    for words in (["init", "-q", "."], ["add", "-A"], ["commit", "-q", "-m", "toy"]):
        subprocess.run(GIT + words, cwd=REPOSITORY, check=True)


def submit(name, content, **more):
    """A submission: .lab, the lab's file with @content, more files."""
    put(f"{SUBMISSIONS}/{name}/.lab", read(WORK, "starter", ".lab"))
    put(f"{SUBMISSIONS}/{name}/{FILE}", content)
    for path, text in more.items():
        put(f"{SUBMISSIONS}/{name}/{path}", text)


def archives(solution):
    with zipfile.ZipFile(f"{SUBMISSIONS}/zipped.zip", "w") as archive:
        archive.writestr("lab/.lab", read(WORK, "starter", ".lab"))
        archive.writestr(f"lab/{FILE}", solution)
    put(f"{SUBMISSIONS}/torn.zip", read(SUBMISSIONS, "zipped.zip")[:500])
    with zipfile.ZipFile(f"{SUBMISSIONS}/outside.zip", "w") as archive:
        archive.writestr("../../outside", b"x")
    with zipfile.ZipFile(f"{SUBMISSIONS}/bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(FILE, bytes(100 << 20))
    with tarfile.open(f"{SUBMISSIONS}/links.tar.gz", "w:gz") as archive:
        link = tarfile.TarInfo(FILE)
        link.type, link.linkname = tarfile.SYMTYPE, os.path.join(REPOSITORY, FILE)
        archive.addfile(link)
    subprocess.run([*GIT, "clone", "-q", "--bare", REPOSITORY, f"{SUBMISSIONS}/cloned.git"], check=True)


def grade_all(name):
    result = run([f"{REPOSITORY}/tools/grade-all", SUBMISSIONS, "-j2", "-o", f"{WORK}/{name}.csv", "--lab=9-toy",
                  f"--cache={CACHE}"], limit=600)
    ok(result.status == 0, "grade-all ends well", result.text[-3000:])
    return result, read(WORK, f"{name}.csv")


make_repository()
made = run([f"{REPOSITORY}/tools/lab", "LAB=9", f"DIR={WORK}/starter"])
ok(made.status == 0, "a starter is cut", made.text)
starter, solution = read(WORK, "starter", FILE), read(REPOSITORY, FILE)
at = solution.index(b"repeat:\n", solution.index(b"\nint alloc_fd("))
submit("starter", starter)
submit("solution", solution)
submit("dos", solution.replace(b"\n", b"\r\n"))
submit("tampered", starter, Makefile=b"all:\n\techo 15 of 15 points\n", **{"tools/grade": b"#!/bin/sh\necho 15 of 15\n"})
submit("fails", solution + b"int student(void) { return nothing; }\n")
submit("loops", solution[:at] + b"\tfor (;;)\n\t\t;\n" + solution[at:])
submit("panics", solution[:at] + b'\tpanic("student");\n' + solution[at:])
early = solution.index(b"\tfiles_cachep = ")
submit("stuck", solution[:early] + b"\tfor (;;)\n\t\t;\n" + solution[early:])
submit("fills", solution + b'__asm__(".space 1 << 33");\n')
submit("reads", solution + b'__asm__(".incbin \\"/etc/passwd\\"");\n')
os.makedirs(f"{SUBMISSIONS}/empty")
archives(solution)
EXPECTED = {
    "bomb": ("0", "UNREADABLE"), "cloned": ("15", "GOOD"), "dos": ("15", "GOOD"), "empty": ("0", "EMPTY"),
    "fails": ("0", "DOES NOT BUILD"), "fills": ("0", "DOES NOT BUILD"), "links": ("0", "EMPTY"),
    "loops": ("5", "HANG"), "outside": ("0", "UNREADABLE"), "panics": ("5", "PANIC"), "reads": ("0", "DOES NOT BUILD"),
    "solution": ("15", "GOOD"), "starter": ("5", "WRONG"), "stuck": ("0", "HANG"), "tampered": ("5", "WRONG"), "torn": ("0", "UNREADABLE"),
    "zipped": ("15", "GOOD"),
}
result, table = grade_all("first")
rows = {row["submission"]: row for row in csv.DictReader(io.StringIO(table.decode()))}
equal({name: (row["score"], row["verdict"]) for name, row in rows.items()}, EXPECTED, "points and verdicts",
      result.text)
match(rows["tampered"]["remarks"], "changed: Makefile; not used, changed: tools/grade", "what is not used is named")
match(rows["dos"]["remarks"], "CRLF", "so are line ends of DOS")
equal([rows["solution"]["like_solution"], rows["starter"]["like_solution"]], ["100", "0"], "likeness")
ok(not os.path.exists(os.path.join(os.path.dirname(WORK), "outside")), "nothing is written outside")
report = read(WORK, "first-reports", "loops.txt").decode()
match(report, r"this function does not return:\n\s+alloc_fd", "the report says where it loops")
match(read(WORK, "first-reports", "stuck.txt").decode(),
      r"it does not get to ring 3\n\s+this function does not return:\n\s+\w+\n[\s\S]*start_kernel", "or that it does not boot")
match(read(WORK, "first-reports", "fails.txt").decode(), r"outside the functions[\s\S]*\+int student",
      "and what changed outside the lab's functions")
again, same = grade_all("second")
equal(same, table, "the second run: the same table")
equal(again.text.count("(as before)"), 12, "and nothing is graded again", again.text)

# The autograder: an archive without the solution, which grades as we do.
packed = run([f"{REPOSITORY}/tools/autograder", "LAB=9", f"DIR={WORK}/packed"])
ok(packed.status == 0, "tools/autograder ends well", packed.text)
SOURCE = f"{WORK}/gradescope/source"
with zipfile.ZipFile(f"{WORK}/packed/9-toy.zip") as archive:
    names = archive.namelist()
    archive.extractall(SOURCE)
equal([name for name in ("setup.sh", "run_autograder", "ringwalk/tools/grade") if name not in names], [],
      "what Gradescope needs is there")
equal([name for name in names if read(SOURCE, name).count(b"error = expand_files(files, fd);")], [], "no solution is")
for name in ("setup.sh", "run_autograder", "ringwalk/tools/grade", "ringwalk/tools/setup"):
    os.chmod(f"{SOURCE}/{name}", 0o755)     # as Gradescope's unzip does
match(read(SOURCE, "setup.sh").decode(), "tools/grade\" --prepare", "setup.sh builds the tree handed out")
base = next(os.path.join(CACHE, name, "starter") for name in os.listdir(CACHE) if name != "results")
shutil.copytree(f"{base}/build", f"{SOURCE}/ringwalk/build")        # as --prepare makes it
for name, (points, _) in {"solution": EXPECTED["solution"], "fails": EXPECTED["fails"], "empty": ("0", "")}.items():
    shutil.rmtree(f"{WORK}/gradescope/submission", ignore_errors=True)
    shutil.copytree(f"{SUBMISSIONS}/{name}", f"{WORK}/gradescope/submission")
    ran = run([f"{SOURCE}/run_autograder"], env={"AUTOGRADER": f"{WORK}/gradescope"})
    results = json.loads(read(WORK, "gradescope", "results", "results.json"))
    equal((ran.status, results["score"], len(results["tests"])), (0, int(points), 2), f"Gradescope: {name}",
          ran.text + str(results))
match(read(WORK, "packed", "9-toy.yml").decode(), r"command: make grade T=lowest\n +timeout: 10\n +max-score: 10",
      "the workflow of GitHub Classroom has each test")
shutil.rmtree(WORK)
done()
