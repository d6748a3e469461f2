"""From a built kernel to the results of a lab's tests: packs `stage`, and runs gdb with trial.py."""
import importlib.util
import json
import os
import re
import shutil
import subprocess
import threading

import judge
import sandbox
import submission
from vm import gdbside, initrd
from vm.knobs import Failure
from vm.machine import die_with_parent

HERE = os.path.dirname(os.path.realpath(__file__))
TABLE = "kernel/syscall_64.tbl"
LOADING = threading.Lock()          # judge.TESTS is one for all threads
STAGE_BASE = 0x10000000000          # where nothing else of the guest ever runs


class Lab:
    """A lab of a tree: @folder, or the one that the tree's .lab names."""

    def __init__(self, top, folder=None):
        self.record = {}
        if os.path.exists(os.path.join(top, ".lab")):
            with open(os.path.join(top, ".lab"), encoding="utf-8") as file:
                self.record = json.load(file)
        if not folder and not self.record:
            raise Failure("this is no student tree, it has no .lab: say --lab=labs/N-name")
        self.folder = folder or os.path.join(top, "labs", self.record["lab"])
        self.name = os.path.basename(os.path.normpath(self.folder))
        self.take = self.record.get("take", [])
        self.tests = os.path.join(self.folder, "tests.py")
        self.seed = str(self.record.get("seed") or self.record.get("student") or "")
        if not os.path.exists(self.tests):
            raise Failure(f"{self.tests} is not there")


def load(path):
    """Read tests.py. Returns {name: Test}, in the order of the file."""
    with LOADING:
        judge.TESTS.clear()
        spec = importlib.util.spec_from_file_location("tests", path)
        spec.loader.exec_module(importlib.util.module_from_spec(spec))
        return dict(judge.TESTS)


def prefix():
    return subprocess.run([os.path.join(os.path.dirname(HERE), "setup"), "prefix"], capture_output=True,
                          text=True, check=True).stdout.strip()


def make_stage(tools, folder):
    """Assemble `stage` and pack it as /init. Returns the paths of the program and the archive."""
    program = os.path.join(folder, "stage")
    subprocess.run(["nasm", "-f", "elf64", "-o", program + ".o", os.path.join(HERE, "stage.asm")],
                   check=True)
    subprocess.run([tools + "ld", f"-Ttext={STAGE_BASE:#x}", f"-Tbss={STAGE_BASE + 0x10000:#x}",
                    "-o", program, program + ".o"], check=True)
    tree = os.path.join(folder, "initramfs")
    os.makedirs(tree)
    initrd.place(tree, "init", program, 0o755)
    for name in ("proc", "tmp"):
        os.makedirs(os.path.join(tree, name))
    with open(os.path.join(folder, "initrd"), "wb") as file:
        file.write(initrd.archive(tree))
    return program, os.path.join(folder, "initrd")


def numbers(table):
    """{system call: number}, from the text of kernel/syscall_64.tbl."""
    rows = re.findall(r"(?m)^(\d+)\s+\S+\s+(\w+)", table.decode(errors="replace"))
    return {name: int(number) for number, name in rows}


def judge_kernel(kernel, table, lab, only, seed, folder):
    """Run the tests (only those named, when any are) on a kernel. Returns {name: record}.

    @table: {system call: number}. @folder: for what is made on the way.
    """
    tools = prefix()
    stage, archive = make_stage(tools, folder)
    job = {"tests": os.path.abspath(lab.tests), "only": only, "stage": stage, "initrd": archive,
           "kernel": kernel, "nm": tools + "nm", "numbers": table, "seed": f"{seed}/{lab.name}", "folder": folder,
           "taken": os.path.join(folder, sandbox.TAKEN),
           "qemu": os.environ.get("QEMU") or "qemu-system-x86_64",
           "results": os.path.join(folder, "results")}
    path = os.path.join(folder, "job")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(job, file)
    ran = subprocess.run([gdbside.check(), "-nx", "-q", "-batch", "-iex", "set auto-load off",
                          "-iex", "set debuginfod enabled off", job["kernel"],
                          "-x", os.path.join(HERE, "trial.py")],
                         env={**os.environ, "RINGWALK_JOB": path}, stdin=subprocess.DEVNULL,
                         capture_output=True, text=True, errors="replace",
                         preexec_fn=die_with_parent)
    if not os.path.exists(job["results"]):
        raise Failure("the judge did not finish:\n" + ran.stdout[-3000:] + ran.stderr[-3000:])
    with open(job["results"], encoding="utf-8") as file:
        return json.load(file)


def judge_files(lab, base, taken, only, seed, folder):
    """Build the files {path: bytes} over @base, and judge the kernel. Returns {name: record}."""
    if not taken:
        return {name: {"verdict": "EMPTY", "text": "none of the lab's files was handed in"}
                for name in load(lab.tests) if not only or name in only}
    table = taken.get(TABLE) or read(os.path.join(base, TABLE))
    try:
        kernel = sandbox.build(base, submission.changed(taken, base), folder)
    except sandbox.DoesNotBuild as why:
        names = [name for name in load(lab.tests) if not only or name in only]
        return {name: {"verdict": "DOES NOT BUILD", "text": "", "log": [] if number else str(why).splitlines()}
                for number, name in enumerate(names)}
    return judge_kernel(kernel, numbers(table), lab, only, seed, folder)


def remarks(top, lab, base):
    """What a report should say of the tree @top besides its points."""
    found = submission.collect(top, lab.take)[1]
    found += ["not used, " + line for line in submission.unused(top, base, lab.take)]
    if not sandbox.isolated():
        found.append("compiled without isolation: this machine has no bubblewrap, or refuses namespaces")
    return found


def read(path):
    with open(path, "rb") as file:
        return file.read()
