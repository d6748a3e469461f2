#!/usr/bin/env python3
"""An include never points upward: the floors of the house, as README lists them."""
import os
import re
import subprocess

from lib import TOP, done, equal, ok

with open(os.path.join(TOP, "README.md"), encoding="utf-8") as file:
    listed = re.search(r"`(lib < cpu [^`]*)`", file.read())
ok(listed, "README lists the floors")
floors = listed[1].split(" < ")

# security.h is the one header that everybody may include: it names objects and never looks inside.
# The .c files beside it know the objects they label, and so stand at the top.
GROUND = "kernel/security/security.h"


def floor(path):
    """The height of a file, or None where it has none."""
    top, _, rest = path.partition("/")
    if path.startswith("kernel/security/"):
        return len(floors)
    name = top if top == "net" else rest.split("/")[0]
    return floors.index(name) if top in ("kernel", "net") and name in floors else None


files = subprocess.run(["git", "ls-files", "kernel/*.[ch]", "net/*.[ch]"], cwd=TOP,
                       capture_output=True, text=True, check=True).stdout.split()
upward, seen = [], 0
for name in files:
    with open(os.path.join(TOP, name), encoding="utf-8") as file:
        for included in re.findall(r'^#include "([^"]+)"', file.read(), re.M):
            low, high = floor(name), floor(included)
            seen += 1
            if included != GROUND and None not in (low, high) and high > low:
                upward.append(f"{name} includes {included}")
ok(seen > 300, "the includes of the kernel were read", seen)
equal(upward, [], "none points upward")
done()
