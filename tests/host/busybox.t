#!/usr/bin/env python3
"""Debian's busybox, unmodified: each applet and each script prints the same here as on Linux, and ends
with the same status. tests/busybox/ holds what is run and what Linux printed."""
import os
import re

from lib import BUILD, TOP, done, equal, guest, ok, run

FOLDER = os.path.join(TOP, "tests/busybox")
BUSYBOX = os.path.join(BUILD, "..", "busybox")


def sections(text):
    """{title: what was printed, and the status}"""
    parts = re.split(r"(?m)^== (.*)\n", text)
    return dict(zip(parts[1::2], parts[2::2]))


def options():
    files = {BUSYBOX: "/bin/busybox"}
    for folder in ("", "scripts"):
        for name in os.listdir(os.path.join(FOLDER, folder)):
            path = os.path.join(FOLDER, folder, name)
            if os.path.isfile(path):
                files[path] = os.path.join("/busybox", folder, name)
    return ["-i"] + [f"--file={here}:{there}" for here, there in files.items()]


with open(os.path.join(FOLDER, "differs"), encoding="utf-8") as file:
    differs = [line.split()[0] for line in file if not line.startswith("#")]
result = run(["make", "build/busybox"])
ok(os.path.getsize(BUSYBOX) > 0, "there is a busybox", result.text)
for name in ("applets-a-to-l", "applets-m-to-z", "scripts"):
    with open(os.path.join(FOLDER, "expected", name + ".out"), encoding="utf-8") as file:
        want = sections(file.read())
    ran = guest(BUSYBOX, "sh", "/busybox/run.sh", "/busybox/" + name, options=options(), env={"TIMEOUT": "300"},
                limit=320)
    got = sections(ran.out.decode(errors="replace"))
    ok(ran.status == 0, f"{name}: all were run", ran.text[-2000:])
    for title in want:
        if title.split(":")[0] in differs:
            ok(got.get(title) != want[title], f"{name}: {title}: differs, as we say", got.get(title))
            continue
        equal(got.get(title), want[title].replace("# exit 0\n", ""), f"{name}: {title}")
    equal(sorted(got), sorted(want), f"{name}: those that were recorded")
done()
