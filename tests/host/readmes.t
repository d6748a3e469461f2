#!/usr/bin/env python3
"""Each folder explains itself: its README names each file, and no file that is not there.

A list entry "- `name`, `pattern*` — what it is" names files, relative to the folder; "name/" is all
below it. A README also explains the folders below its own that have none.
"""
import fnmatch
import glob
import os
import re
import subprocess

from lib import TOP, done, equal, ok

FOLDERS = """boot kernel kernel/lib kernel/cpu kernel/mm kernel/debug kernel/sched kernel/fs
kernel/kprobes kernel/process kernel/signal kernel/module kernel/entry kernel/drivers kernel/security net libc user include iso tests
tools""".split()
LINES = range(5, 26)            # of a README


def project_files():
    """What git tracks; without git, all but build/."""
    try:
        return subprocess.run(["git", "ls-files"], cwd=TOP,
                              capture_output=True, text=True, check=True).stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):
        found = [os.path.relpath(os.path.join(folder, name), TOP)
                 for folder, _, names in os.walk(TOP) for name in names]
        return [name for name in found if not name.startswith(("build/", ".git/"))]


files = [name for name in project_files() if os.path.isfile(os.path.join(TOP, name))
         and not name.endswith((".gitignore", ".gitkeep"))]
explained = sorted({os.path.dirname(name) for name in files
                    if name.endswith("/README.md")} | set(FOLDERS))


def covers(pattern, name):
    return name.startswith(pattern) if pattern.endswith("/") else fnmatch.fnmatch(name, pattern)


for folder in FOLDERS:
    path = os.path.join(TOP, folder, "README.md")
    if not ok(os.path.isfile(path), f"{folder} has a README.md"):
        continue
    with open(path) as file:
        text = file.read()
    ok(text.startswith(f"# {folder}: "), f"{folder}: the title says which folder it is", text[:80])
    ok(len(text.splitlines()) in LINES, f"{folder}: {LINES[0]} to {LINES[-1]} lines",
       len(text.splitlines()))
    entries = re.findall(r"(?m)^- (.*(?:\n  .*)*)", text)
    named = [pattern for entry in entries for pattern in re.findall(r"`([\w./*-]+)`", entry)]
    heads = [pattern for entry in entries
             for pattern in re.findall(r"`([^`]+)`", entry.partition(" — ")[0])]
    mine = [name[len(folder) + 1:] for name in files if name.startswith(folder + "/")
            and not any(name.startswith(other + "/") for other in explained
                        if other.startswith(folder + "/"))]
    equal([name for name in mine if name != "README.md"
           and not any(covers(pattern, name) for pattern in named)], [],
          f"{folder}: its README names every file")
    equal([pattern for pattern in heads if not glob.glob(os.path.join(TOP, folder, pattern))], [],
          f"{folder}: and none that is not there")
done()
