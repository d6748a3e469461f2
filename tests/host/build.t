#!/usr/bin/env python3
"""The build, in a scratch copy of the tree: what make does and does not do again, and whether the
kernel it links is what linker.ld, the table and the names promise; by gcc and by clang.
"""
import bisect
import concurrent.futures
import glob
import os
import re
import shutil
import struct
import subprocess
import tempfile

from lib import TOP, done, equal, ok, run, skip

TOOLS = subprocess.run([os.path.join(TOP, "tools/setup"), "prefix"], capture_output=True,
                       text=True, check=True).stdout.strip()
COMPILER = "clang" if "clang" in os.environ.get("CC", "") else "gcc"
TARGETS = ["all", "ktap"]
INLINED = {"sock_create", "__sys_socket_create"}
CALLED = """do_syscall_64 __x64_sys_socket __sys_socket __sock_create security_socket_create sock_alloc
new_inode_pseudo alloc_inode sock_alloc_inode kmem_cache_alloc inet_create sk_alloc sock_init_data
tcp_v4_init_sock security_socket_post_create sock_map_fd get_unused_fd_flags sock_alloc_file
fd_install sock_close __sock_release inet_release tcp_close iput""".split()
WEAK = {"update_socket_protocol"}       # as on Linux, where BPF may replace it
CLONE = re.compile(r"\.(cold|part|isra|constprop)\b")


def project_files():
    """What git tracks and what is about to be; without git, all but build/."""
    try:
        listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=TOP,
                                capture_output=True, text=True, check=True).stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):
        listed = [os.path.relpath(os.path.join(folder, name), TOP)
                  for folder, _, names in os.walk(TOP) for name in names]
        listed = [name for name in listed if not name.startswith(("build/", ".git/"))]
    return [name for name in listed if os.path.isfile(os.path.join(TOP, name))]


def scratch_copy(folder):
    for name in project_files():
        os.makedirs(os.path.join(folder, os.path.dirname(name)), exist_ok=True)
        shutil.copy2(os.path.join(TOP, name), os.path.join(folder, name))


# --- what make does again -------------------------------------------------------------------


def includes(folder):
    """{source: the files of the project it includes, at any depth}"""
    names = [os.path.relpath(path, folder) for kind in ("c", "h")
             for path in glob.glob(f"{folder}/**/*.{kind}", recursive=True)]
    direct = {}
    with open(f"{folder}/include/headers.map") as file:     # what the build makes of its lines
        rows = [line.split() for line in file if line.strip() and line[0] != "#"]
    made = {"build/gen/" + row[0]: row[1:] for row in rows}
    here_too = set(names) | set(made)
    for name, targets in made.items():
        direct[name] = {root + target for root in ("", "include/", "build/gen/")
                        for target in targets} & here_too
    for name in names:
        with open(os.path.join(folder, name)) as file:
            named = re.findall(r'(?m)^#\s*include\s+["<]([^">]+)[">]', file.read())
        roots = ["", "include/", "build/gen/"] + ["libc/include/"] * name.startswith(("libc/", "user/"))
        here = os.path.dirname(name) + "/"
        direct[name] = {root + other for other in named for root in roots + [here]} & here_too
    users = {}
    for name in names:
        seen, todo = set(), [name]
        while todo:
            todo += direct[(at := todo.pop())] - seen
            seen |= direct[at]
        users[name] = seen
    return users


def would_compile(folder, header):
    """The C files make would compile if @header were newer."""
    path = os.path.join(folder, header)
    before = os.stat(path)
    os.utime(path)
    said = run(["make", "-n", *TARGETS], cwd=folder).text
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    return set(re.findall(r" -c -o \S+\.o (\S+\.c)$", said, re.M)), said


def check_make(folder):
    with concurrent.futures.ThreadPoolExecutor() as pool:
        goals = TARGETS, ["all", "build/ktap/kernel.elf"]   # a file as a goal takes the lock, too
        both = list(pool.map(lambda which: run(["make", "-j2", *which], cwd=folder), goals))
    waited = ["another make is building in build/" in each.text for each in both]
    result = both[waited.index(False)] if False in waited else both[0]
    if not ok(result.status == 0, "make builds a fresh copy", result.text[-3000:]):
        done()
    equal((any(waited), [each.status for each in both]), (True, [0, 0]),
          "of two makes at the same time one waits for the other, says so, and both end well",
          both[0].text[-1500:] + both[1].text[-1500:])
    compiled = [line for each in both for line in each.text.splitlines() if "  CC " in line]
    equal(len(compiled), len(set(compiled)), "and compiles nothing again")
    ok("warning" not in result.text, "and the compiler has nothing to say", result.text[-3000:])
    result = run(["make", *TARGETS], cwd=folder)
    equal((result.status, result.text), (0, ""), "a second make runs no command")

    users = includes(folder)
    built = {name for name in users if name.endswith(".c") and
             not name.startswith(("tests/abi", "tests/host", "tests/guest", "tests/oracle",
                                  "tests/modules", "labs"))
             and name != "kernel/entry/asm-offsets.c"}
    for header in ("kernel/lib/list.h", "net/ipv4/tcp.h", "include/uapi/errno.h",
                   "libc/include/stdio.h", "tests/kernel/ktap.h"):
        want = {name for name in built if header in users[name]}
        got, _ = would_compile(folder, header)
        equal((sorted(got - built), sorted(want ^ got), bool(want)), ([], [], True),
              f"touching {header} compiles its {len(want)} users, and no one else")
    _, said = would_compile(folder, "kernel/cpu/segment.h")
    ok(all(re.search(rf"-o build/{path} ", said) for path in
           ("kernel/entry/entry.asm.o", "linker.ld", "kernel.elf")),
       "touching segment.h makes assembly, linker script and kernel anew", said[-2000:])


# --- what is in the image -------------------------------------------------------------------


class Image:
    """A linked kernel: symbols [(address, size, kind, name)] by address, segments, bytes."""

    def __init__(self, path):
        with open(path, "rb") as file:
            self.data = file.read()
        self.symbols = []
        for line in self.tool("nm", "-n", "-S", path):
            words = line.split()
            if len(words) >= 3 and re.fullmatch("[0-9a-f]{16}", words[0]):
                size = int(words[1], 16) if len(words) == 4 else 0
                self.symbols.append((int(words[0], 16), size, words[-2], words[-1]))
        self.undefined = self.tool("nm", "-u", path)
        text = "\n".join(self.tool("readelf", "-lSW", path))
        number = "0x([0-9a-f]+)"
        self.segments = [(*(int(n, 16) for n in found[:5]), found[5].replace(" ", ""))
                         for found in re.findall(rf"^ +LOAD +{' +'.join([number] * 5)} (.{{3}})",
                                                 text, re.M)]
        self.sections = {found[0]: tuple(int(n, 16) for n in found[1:]) for found in re.findall(
            r"^ +\[ *\d+\] (\S+) +\w+ +([0-9a-f]{16}) ([0-9a-f]+) ([0-9a-f]+) ", text, re.M)
            if int(found[1], 16)}

    @staticmethod
    def tool(name, *args):
        return subprocess.run([TOOLS + name, *args], capture_output=True, text=True,
                              check=True).stdout.splitlines()

    def addresses(self, name):
        return {address for address, _, _, other in self.symbols if other == name}

    def words(self, address, size):
        """The 64-bit words at a virtual address."""
        for offset, start, _, filesz, _, _ in self.segments:
            if start <= address < start + filesz:
                at = address - start + offset
                return struct.unpack(f"<{size // 8}Q", self.data[at:at + size])
        return ()

    def name_at(self, address):
        at = bisect.bisect_left(self.symbols, (address,))
        return {name for where, _, _, name in self.symbols[at:at + 8] if where == address}


def check_segments(image, by):
    bad = [f"{start:x} {flags}" for _, start, physical, _, memory, flags in image.segments
           if (start | physical | memory) % 4096 or "W" in flags and "E" in flags]
    equal(bad, [], f"{by}: segments begin and end on pages, none is writable and executable")
    ends = [(start, start + memory) for _, start, _, _, memory, _ in image.segments]
    ok(all(a[1] <= b[0] for a, b in zip(ends, ends[1:])), f"{by}: they lie one behind the other")
    wrong = {}
    for name, (start, _, size) in image.sections.items():
        want = "RE" if name.startswith(".text") else \
            "RW" if name.startswith((".data", ".bss")) else "R"
        got = [flags for _, first, _, _, memory, flags in image.segments
               if first <= start and start + size <= first + memory]
        if got != [want]:
            wrong[name] = got
    ok({".text", ".rodata", ".data", ".bss"} <= set(image.sections), f"{by}: the sections are there",
       image.sections)
    equal(wrong, {}, f"{by}: text is R-X, data and bss RW-, all else R--")


def check_symbols(image, by):
    names = {name for _, _, _, name in image.symbols}
    equal(image.undefined, [], f"{by}: no symbol is undefined")
    equal({name for _, _, kind, name in image.symbols if kind in "wWvV"}, WEAK,
          f"{by}: the weak symbols are those Linux has")
    equal(sorted(names & INLINED), [], f"{by}: what Linux inlines is inlined")
    equal([name for name in CALLED if name not in names], [], f"{by}: what socket() and close() call is all there")
    equal([name for name in sorted(names) if CLONE.search(name)], [],
          f"{by}: no function is cloned, split or moved apart")


def check_patch_sites(image, by, objects):
    start, _, size = image.sections["__patchable_function_entries"]
    sites = set(image.words(start, size & ~7)) - {0}        # zeros fill the page
    strays = [f"{site:x}" for site in sites if not image.name_at(site)]
    equal(strays, [], f"{by}: each of the {len(sites)} patch sites is a function's first byte")
    nops = {chr(image.words(site, 8)[0] & 0xff) for site in sites}
    equal(nops, {"\x90"}, f"{by}: and holds a NOP")
    functions = [line.split()[-1] for path in objects for line in Image.tool("nm", path)
                 if re.match("[0-9a-f]{16} [tTW] ", line)]
    missing = [name for name in functions
               if not image.addresses(name) or image.addresses(name) - sites]
    ok(len(functions) > 50, f"{by}: net/ has functions", functions)
    equal(missing, [], f"{by}: each function of net/ can be probed")


def check_table(image, by, path):
    with open(path) as file:
        rows = [line.split() for line in file if line.strip() and not line.startswith("#")]
    want = {int(row[0]): "__x64_" + row[3] for row in rows if len(row) > 3}
    table = [(address, size) for address, size, _, name in image.symbols
             if name == "sys_call_table"]
    pointers = image.words(*table[0]) if table else ()
    ok(len(pointers) > max(want), f"{by}: the table is long enough", len(pointers))
    wrong = [(number, image.name_at(pointer)) for number, pointer in enumerate(pointers)
             if want.get(number, "__x64_sys_ni_syscall") not in image.name_at(pointer)]
    equal(wrong, [], f"{by}: sys_call_table is syscall_64.tbl, number by number")


def check_image(folder, out, by):
    image = Image(os.path.join(folder, out, "kernel.elf"))
    check_segments(image, by)
    check_symbols(image, by)
    check_patch_sites(image, by, sorted(glob.glob(f"{folder}/{out}/net/**/*.o", recursive=True)))
    check_table(image, by, os.path.join(folder, "kernel/syscall_64.tbl"))


def check_clang(folder):
    if not shutil.which("clang"):
        skip("clang builds it", "clang is not installed")
        return
    result = run(["make", "-j2", "CC=clang", "BUILD=build-clang", *TARGETS], cwd=folder)
    if ok(result.status == 0, "clang builds it", result.text[-3000:]):
        ok("warning" not in result.text, "without a warning", result.text[-3000:])
        check_image(folder, "build-clang", "clang")


# --- sizes ----------------------------------------------------------------------------------


def check_sizes():
    long_files, long_functions = [], []
    for name in project_files():
        if name.endswith(".png"):
            continue
        with open(os.path.join(TOP, name), errors="replace") as file:
            lines = file.read().splitlines()
        if len(lines) > 500:
            long_files.append(f"{name}: {len(lines)}")
        if name.endswith((".c", ".h")):
            begins = [number for number, line in enumerate(lines) if line == "{"]
            for begin in begins:        # Linux's style: a body stands between these two
                end = next((n for n in range(begin, len(lines)) if lines[n].startswith("}")), begin)
                if end - begin > 61:
                    long_functions.append(f"{name}:{begin}: {end - begin - 1}")
    equal(long_files, [], "no file is longer than 500 lines")
    equal(long_functions, [], "no function is longer than 60 lines")


with tempfile.TemporaryDirectory(prefix="ringwalk-") as scratch:
    scratch_copy(scratch)
    check_make(scratch)
    check_image(scratch, "build", COMPILER)
    check_clang(scratch)
check_sizes()
done()
