#!/usr/bin/env python3
"""WALK=1: the kernel without the files that the walk does not need links, proves forty of forty, and is small."""
import fnmatch
import os
import re
import subprocess

from lib import BUILD, EXEC, LOG, TOP, build, done, equal, match, ok, run

WALK, QED = "build/walk", "build/user/qed"
SMALL = [f"--kernel={WALK}/kernel.elf", f"--initramfs={WALK}/initramfs.cpio"]
LIMITS = {"walk": 23_709, "callpath": 2_800}    # lines; the first: all there was when WALK=1 was made
NOT_LEFT = "getrandom"                          # a call whose file is left out


def sources():
    names = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "kernel", "net", "boot"], cwd=TOP,
                           capture_output=True, text=True, check=True).stdout.split()
    return [name for name in names if name.endswith((".c", ".asm")) and os.path.exists(name)]


def symbols(path):
    """{(kind, name)} of a kernel or an object."""
    lines = subprocess.run(["nm", path], capture_output=True, text=True, check=True).stdout.splitlines()
    return {tuple(line.split()[-2:]) for line in lines}


with open("kernel/walk.mk", encoding="utf-8") as file:
    patterns = re.findall(r"(?m)^BEYOND_WALK \+= (\S+)$", file.read())
left_out = {pattern: [name for name in sources() if fnmatch.fnmatch(name, pattern.replace("%", "*"))]
            for pattern in patterns}
equal([pattern for pattern, names in left_out.items() if not names], [], "kernel/walk.mk names files that are there")
conditional = []
for name in sources():
    with open(name, encoding="utf-8") as file:
        if name.endswith(".c") and re.search(r"(?m)^\s*#\s*(?:el)?if", file.read()):
            conditional.append(name)
equal(conditional, [], "no source file asks which kernel it is compiled for")

before = os.stat("build/kernel.elf").st_mtime_ns
result = run(["make", "-j2", "WALK=1", "all"])
ok(result.status == 0 and "warning" not in result.text, "make WALK=1 links the small kernel", result.text[-3000:])
equal(os.stat("build/kernel.elf").st_mtime_ns, before, "... and leaves build/kernel.elf alone")
gone = {name for names in left_out.values() for path in names if path.endswith(".c")
        for kind, name in symbols(f"build/{path[:-2]}.o") if kind == "T"}
calls = {name for name in gone if name.startswith("__x64_sys_")}
there = symbols(f"{WALK}/kernel.elf")
equal({name for kind, name in there if kind == "W" and name.startswith("__x64_")}, calls,
      "the calls of the files left out are weak names of ni_syscall, and no others")
equal(sorted(name for kind, name in there if kind == "T" and name in gone), [], "no other function of theirs is linked")

result = run([EXEC, *SMALL, f"--log={LOG}", QED])
match(result.out.decode(), r"\n\nQ\.E\.D\. 40/40\n$", "it proves forty of forty")
equal(result.status, 0, "... and qed ends with 0", result.text[-3000:])

source = os.path.join(BUILD, "walk-call.c")
with open(source, "w", encoding="utf-8") as file:
    file.write("#include <errno.h>\n#include <stdio.h>\n#include <unistd.h>\n#include <sys/syscall.h>\n"
               f"int main(void)\n{{\n\tchar c;\n\tlong n = syscall(SYS_{NOT_LEFT}, &c, 1, 0);\n"
               "\tchar text[32];\n\twrite(1, text, sprintf(text, \"%ld\\n\", n < 0 ? -(long)errno : n));\n}\n")
program = build(source)
for kernel, options, want in (("the small kernel", SMALL, b"-38\n"), ("the whole one", [], b"1\n")):
    result = run([EXEC, *options, f"--log={LOG}", program])
    equal(result.out, want, f"{NOT_LEFT}() on {kernel}", result.text[-2000:])

result = run(["make", "run", "WALK=1"])
ok(result.status == 0 and b"Socket Created: 3" in result.out, "make run WALK=1 boots it by GRUB", result.text[-3000:])
ok(os.path.exists(f"{WALK}/ringwalk.iso"), "... from an image of its own")

result = run(["make", "-s", "size", "PLAIN=1"])
size = {name: int(lines) for name, lines in re.findall(r"(?m)^(\w+) (\d+)$", result.text)}
for name, limit in LIMITS.items():
    ok(0 < size.get(name, 0) <= limit, f"make size: {name}: at most {limit:,} lines of code", result.text)
ok(size.get("walk", 0) < size.get("all", 0), "the small kernel is the smaller one", size)
done()
