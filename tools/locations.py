#!/usr/bin/env python3
"""tools/locations.py PREFIX KERNEL PROGRAM - where the functions that socket() calls are, and their calls.

Written on standard output, read by user/qed: what the compiler's line tables, the symbol tables
and the linked kernel say. Only the names below are typed by hand. Lines:

    def FUNCTION ADDRESS FILE LINE PARAMETERS
    call RETURN-ADDRESS CALLEE FRAMES         in one of these functions; '*': through a pointer
    ucall RETURN-ADDRESS CALLEE FRAMES        the same, in the program
    table sys_call_table INDEX ADDRESS SYMBOL

FRAMES: FUNCTION@FILE:LINE, the innermost inlined function first, joined by '<'.
PREFIX: of binutils (CROSS_COMPILE), may be empty. KERNEL '-': only the program's calls.
Called by the Makefile, in the top folder.
"""
import os
import re
import subprocess
import sys

CALLED = """__x64_sys_socket __sys_socket update_socket_protocol __sock_create security_socket_create
    sock_alloc new_inode_pseudo sock_alloc_inode inet_create sk_alloc sock_init_data
    tcp_v4_init_sock security_socket_post_create sock_map_fd get_unused_fd_flags sock_alloc_file
    fd_install __sock_release""".split()
SOCKET_NR = 41


class Binary:
    def __init__(self, prefix, path):
        self.prefix, self.path = prefix, path
        self.symbols, self.names = {}, {}
        self.info = self.run("objdump", "--dwarf=info", "--dwarf-depth=3").splitlines()
        # Where the compiler ran. A tree that was copied after it was built has several.
        self.folders = {line.split("): ")[-1].split(" : ")[-1].strip() + "/"
                        for line in self.info if "DW_AT_comp_dir" in line}
        for line in self.run("nm").splitlines():
            fields = line.split()
            if len(fields) == 3:
                self.symbols[fields[2]] = int(fields[0], 16)
                self.names.setdefault(int(fields[0], 16), fields[2])

    def run(self, tool, *args, stdin=None):
        done = subprocess.run([self.prefix + tool, *args] +
                              ([self.path] if tool != "addr2line" else ["-e", self.path]),
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              input=stdin, check=False)
        if done.returncode:
            sys.exit(f"locations.py: {tool} {self.path}: {done.stderr.strip()}")
        return done.stdout

    def relative(self, path):
        """A source file's path from the top folder."""
        for folder in self.folders:
            if path.startswith(folder):
                return os.path.normpath(path[len(folder):])
        return path

    def frames(self, addresses):
        """{address: [(function, file, line), ...]}, innermost first."""
        text = self.run("addr2line", "-a", "-i", "-f",
                        stdin="".join(f"{address:#x}\n" for address in addresses))
        found, current = {}, None
        lines = iter(text.splitlines())
        for line in lines:
            if line.startswith("0x"):
                current = found.setdefault(int(line, 16), [])
                continue
            path, _, number = next(lines).split(" (")[0].rpartition(":")
            number = int(number) if number.isdigit() else 0
            current.append((line, self.relative(path), number))
        return found

    def calls(self, functions):
        """[(return address, callee)] of each call instruction in these functions."""
        found, inside, callee = [], False, None
        for line in self.run("objdump", "-d", "--no-show-raw-insn", "-w").splitlines():
            start = re.match(r"[0-9a-f]+ <(.*)>:$", line)
            if start:
                inside, callee = start[1] in functions, None
                continue
            code = re.match(r" *([0-9a-f]+):\t(\S+) *(.*)$", line)
            if not inside or not code:
                continue
            if callee:
                found.append((int(code[1], 16), callee))
            name = re.search(r"<([^>+]*)>", code[3])
            callee = None
            if code[2] in ("call", "callq"):
                callee = name[1] if name and not code[3].startswith("*") else "*"
        return found

    def parameters(self, functions):
        """{function: how many parameters its definition has}."""
        counts, depth, name, pending = {}, 0, None, False
        for line in self.info:
            entry = re.match(r" *<([0-9a-f]+)><[0-9a-f]+>: .*\((DW_TAG_\w+)\)", line)
            if entry:
                level = int(entry[1], 16)
                if entry[2] == "DW_TAG_subprogram":
                    depth, name, pending = level, None, True
                elif entry[2] == "DW_TAG_formal_parameter" and name and level == depth + 1:
                    counts[name] += 1
                elif level <= depth:
                    name = None
                if entry[2] != "DW_TAG_subprogram":
                    pending = False
            elif pending and "DW_AT_name" in line:
                word = line.split()[-1]
                if word in functions:
                    name = word
                    counts[name] = 0
        return counts

    def word(self, address):
        """The 8 bytes at @address of the linked file, as a number."""
        text = self.run("objdump", "-s", f"--start-address={address:#x}",
                        f"--stop-address={address + 8:#x}")
        hexes = re.search(r"^ [0-9a-f]+ ([0-9a-f]{8}) ([0-9a-f]{8}) ", text, re.M)
        return int.from_bytes(bytes.fromhex(hexes[1] + hexes[2]), "little")


def join(frames):
    return "<".join(f"{function}@{path}:{line}" for function, path, line in frames)


def print_calls(binary, kind, functions):
    calls = binary.calls(functions)
    frames = binary.frames([address - 1 for address, _ in calls])
    for address, callee in calls:
        print(f"{kind} {address:016x} {callee} {join(frames[address - 1])}")


def main(prefix, kernel, program):
    print_calls(Binary(prefix, program), "ucall", {"main"})
    if kernel == "-":
        return
    kernel = Binary(prefix, kernel)
    there = [name for name in CALLED if name in kernel.symbols]
    frames = kernel.frames([kernel.symbols[name] for name in there])
    parameters = kernel.parameters(set(there))
    for name in there:
        address = kernel.symbols[name]
        _, path, line = frames[address][-1]
        print(f"def {name} {address:016x} {path} {line} {parameters.get(name, '?')}")
    print_calls(kernel, "call", set(there) | {"__sys_socket_create", "sock_create"})
    slot = kernel.word(kernel.symbols["sys_call_table"] + 8 * SOCKET_NR)
    print(f"table sys_call_table {SOCKET_NR} {slot:016x} {kernel.names.get(slot, '?')}")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__.strip())
    main(*sys.argv[1:])
