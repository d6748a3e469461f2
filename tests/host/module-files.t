#!/usr/bin/env python3
"""Module files that are wrong or damaged are refused as on Linux, and nothing of them stays; and a
good one's pages are sealed.

tests/guest/modules.c loads them. With arguments: only the parts of this test that they name.
"""
import glob
import os
import re
import sys

from lib import BUILD, build, done, equal, guest, match, ok, run

MODULES = os.path.join(BUILD, "module-files")
LOADER = build("tests/guest/modules.c")


def in_guest(*words):
    files = [f"--file={path}:/modules/{os.path.basename(path)}" for path in glob.glob(f"{MODULES}/*.ko")]
    return guest(LOADER, *words, options=["-i", *files], env={"TIMEOUT": "120"})


def errors():
    with open("tests/guest/modules.out") as file:
        expected = file.read().splitlines()[1:]
    result = in_guest("errors")
    equal(result.out.decode().splitlines() + [f"# exit {result.status}"], expected,
          "every error is Linux's", result.text[-1500:])


def corrupt():
    result = in_guest("corrupt")
    match(result.text, r"^\d{4} cut short, \d+ damaged: all refused\n", "no damaged file is loaded")
    ok(result.status == 0, "and each is ENOEXEC", result.text[-1500:])
    equal(re.findall(r"(?m)^(\d) entry points moved by (-?\d+): refused$", result.text),
          [("2", "4096"), ("2", "-4096"), ("2", "-16777216")],
          "init and exit outside of the module's code are refused")


def fuzz():
    result = in_guest("fuzz", "3000")
    equal(result.text, "3000 files changed: refused, or harmless\n",
          "damaged headers and tables: neither a panic nor a leak")


def sealed():
    result = in_guest("run", "/bin/insmod", "/modules/sealed.ko", "--", "/bin/dmesg", "-t")
    for line in ("code r-x", "constants r--", "data rw-"):
        match(result.text, f"(?m)^sealed: {line}$", f"a module's {line}")


made = run(["make", "modules", "DIR=tests/modules/errors", f"MO={MODULES}"],
           env={"KBUILD_MODPOST_WARN": "1"})
ok(made.status == 0, "make modules builds them", made.text)
for part in (errors, corrupt, fuzz, sealed):
    if not sys.argv[1:] or part.__name__ in sys.argv[1:]:
        part()
done()
