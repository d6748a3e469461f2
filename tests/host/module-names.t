#!/usr/bin/env python3
"""The names and headers that probe modules use: each is there, and does what it does on Linux.

tests/modules/names holds a module for each group of names; expected.log is what they log on Linux
(tools/evidence-on-linux). Where the log here differs, docs/differences.md says so.
"""
import difflib
import os
import re
import tempfile

from lib import BUILD, TOP, build, done, equal, guest, ok, run

FOLDER = os.path.join(TOP, "tests/modules/names")


def read(path):
    with open(os.path.join(TOP, path)) as file:
        return file.read()


def headers():
    """Every header a module can include."""
    made = [line.split()[0] for line in read("include/headers.map").splitlines()
            if line and not line.startswith("#")]
    include = os.path.join(TOP, "include")
    return sorted(made + [os.path.relpath(os.path.join(where, name), include)
                          for top in ("linux", "asm", "net")
                          for where, _, names in os.walk(os.path.join(include, top))
                          for name in names])


# --- the headers ----------------------------------------------------------------------------

names = headers()
equal(len(names), len(set(names)), "no header is in the map and in a file of its own",
      [name for name in names if names.count(name) > 1])
names.remove("asm/syscalls_64.h")       # a list: who includes it says what becomes of each row, on Linux too
with tempfile.TemporaryDirectory(prefix="names-", dir=BUILD) as folder:
    parts = []
    for number, name in enumerate(names):
        parts.append(f"h{number}.o")
        with open(f"{folder}/h{number}.c", "w") as file:
            file.write(f"#include <{name}>\n" * 2)
    with open(f"{folder}/all.c", "w") as file:
        file.writelines(f"#include <{name}>\n" for name in names + ["linux/module.h"])
        file.write('MODULE_LICENSE("GPL");\n')
    with open(f"{folder}/Kbuild", "w") as file:
        file.write("obj-m := x.o\nx-y := all.o " + " ".join(parts) + "\n")
    result = run(["make", "-k", "-j2", f"M={folder}", "W=1", "KCFLAGS=-Werror"])
    for number, name in enumerate(names):
        ok(os.path.exists(f"{folder}/h{number}.o"), f"<{name}> stands alone", result.text[-2000:])
    ok(result.status == 0, "and all of them together", result.text[-2000:])

# --- the names ------------------------------------------------------------------------------

with tempfile.TemporaryDirectory(prefix="names-", dir=BUILD) as out:
    result = run(["make", f"M={FOLDER}", f"MO={out}"])
    if not ok(result.status == 0 and not result.err, "the modules compile without a word", result.text):
        done()
    files = [f"--file={out}/{name}:/modules/{name}" for name in os.listdir(out)
             if name.endswith(".ko")]
    commands = " -- ".join(read("tests/modules/names/commands").splitlines())
    result = guest(build("tests/guest/modules.c"), "run", *commands.split(), options=["-i", *files])
ok(result.status == 0, "the commands run", result.text[-2000:])
modules = "|".join(re.findall(r"(\w+)\.o", read("tests/modules/names/Makefile")))
ours = [line for line in result.text.splitlines() if re.match(rf"({modules}|numbers): ", line)]
known = read("tests/modules/names/expected.log").splitlines()
ok(len(ours) > 90, "the modules log what they see", len(ours))
block = re.search(r"(?ms)^```diff names\n(.*?)^```", read("docs/differences.md"))
differ = [line for line in difflib.unified_diff(known, ours, lineterm="", n=0)
          if line[0] in "+-" and line[:3] not in ("---", "+++")]
equal(differ, block[1].splitlines() if block else [],
      "the log is Linux's but for the lines docs/differences.md names")
done()
