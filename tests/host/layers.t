#!/usr/bin/env python3
"""An include never points upward: the layers are those that README lists."""
import os
import re
import subprocess

from lib import TOP, done, equal, ok

with open(os.path.join(TOP, "README.md"), encoding="utf-8") as file:
    listed = re.search(r"`(lib < cpu [^`]*)`", file.read())
ok(listed, "README lists the layers")
layers = listed[1].split(" < ")

# The headers that every layer may include: they name objects and never look inside. The .c files
# beside them belong to the layer of their folder; those of kernel/security know every object.
PUBLIC = ("kernel/security/security.h", "kernel/printk/printk.h")


def layer(path):
    """The position of a file among the layers, or None where it has none."""
    top, _, rest = path.partition("/")
    if path.startswith("kernel/security/"):
        return len(layers)
    name = top if top == "net" else rest.split("/")[0]
    return layers.index(name) if top in ("kernel", "net") and name in layers else None


files = subprocess.run(["git", "ls-files", "kernel/*.[ch]", "net/*.[ch]"], cwd=TOP,
                       capture_output=True, text=True, check=True).stdout.split()
upward, seen = [], 0
for name in files:
    with open(os.path.join(TOP, name), encoding="utf-8") as file:
        for included in re.findall(r'^#include "([^"]+)"', file.read(), re.M):
            low, high = layer(name), layer(included)
            seen += 1
            if included not in PUBLIC and None not in (low, high) and high > low:
                upward.append(f"{name} includes {included}")
ok(seen > 300, "the includes of the kernel were read", seen)
equal(upward, [], "none points upward")
done()
