#!/usr/bin/env python3
"""No function on the way from a probe to its handler can carry a probe itself.

A hit there would lead to the same place again, without end. From the linked kernel this walks the
call graph of each root and looks for patch sites (__patchable_function_entries) in the functions. It
does so for a second kernel, too, in which these files are compiled with -fno-inline: what is right
only because the compiler happens to inline is wrong.

Where the walk stops, and why:
- a handler, which is called through a pointer: current_kprobe is set, so that a hit only counts;
- what do_trap() calls for other vectors than #BP;
- what rethook_trampoline_handler() calls after it has set current_kprobe.
"""
import bisect
import glob
import os
import re
import shlex
import struct
import subprocess

from lib import BUILD, TOP, done, equal, ok

FILES = ["kernel/kprobes/kprobe", "kernel/kprobes/rethook", "kernel/kprobes/text_poke",
         "kernel/entry/traps"]
# Assembly: the gate of #BP and of others that may come in between, and the trampoline. C: what they
# call, and the store that changes text while CR0.WP is off.
ROOTS = {"trap_common", "trap_own_stack", "return_by_iret", "arch_rethook_trampoline", "do_trap",
         "kprobe_int3_handler", "rethook_trampoline_handler", "text_poke"}
# What these functions call besides is not on the way to a handler.
ON_THE_WAY = {"trap_common": {"do_trap"}, "trap_own_stack": {"do_trap"},
              "do_trap": {"kprobe_int3_handler", "read_cr2", "user_mode"},
              "rethook_trampoline_handler": {"original_ret_addr"}}
# So whatever do_trap() calls has to be looked at once: each of these is for another vector.
OTHER_VECTORS = {"handle_irq", "double_fault", "printk", "exc_page_fault", "user_trap",
                 "fix_up_or_die", "local_irq_enable", "local_irq_disable"}
CALL_HANDLERS = {"run_pre_handlers", "run_post_handlers", "rethook_trampoline_handler"}


def tool(name, *args):
    prefix = subprocess.run(["tools/setup", "prefix"], cwd=TOP, capture_output=True, text=True,
                            check=True).stdout.strip()
    return subprocess.run([prefix + name, *args], cwd=TOP, capture_output=True, text=True,
                          check=True).stdout


class Kernel:
    """A linked kernel. Functions are known by their address, because names may be there twice."""

    def __init__(self, path):
        self.path, self.calls, self.indirect, self.names, self.ends = path, {}, set(), {}, {}
        for line in tool("nm", "-S", path).splitlines():
            fields = line.split()
            if len(fields) == 4 and fields[2] in "tTwW":
                address = int(fields[0], 16)
                self.names[address], self.ends[address] = fields[3], address + int(fields[1], 16)
        self.starts = sorted(self.names)
        self.sites = self.read_sites()
        self.read_calls()

    def read_sites(self):
        """The addresses in __patchable_function_entries."""
        section = re.search(r"__patchable_function_entries\s+PROGBITS\s+(\S+) (\S+) (\S+)",
                            tool("readelf", "-SW", self.path))
        with open(self.path, "rb") as file:
            file.seek(int(section[2], 16))
            size = int(section[3], 16)
            return set(struct.unpack(f"<{size // 8}Q", file.read(size)))

    def function_at(self, address):
        """The start of the function that @address is in, or None."""
        i = bisect.bisect_right(self.starts, address) - 1
        start = self.starts[i] if i >= 0 else None
        return start if start is not None and address < self.ends[start] else None

    def read_calls(self):
        """calls: {function: functions that it calls or jumps to}; indirect: through a pointer."""
        for line in tool("objdump", "-d", "--no-show-raw-insn", "-w", self.path).splitlines():
            code = re.match(r" *([0-9a-f]+):\t(?:call|j\w+)\s+(\*?)([0-9a-f]*)", line)
            here = self.function_at(int(code[1], 16)) if code else None
            if here is None:
                continue
            if code[2]:
                self.indirect.add(here)
            elif code[3]:
                callee = self.function_at(int(code[3], 16))
                if callee not in (here, None):
                    self.calls.setdefault(here, set()).add(callee)

    def called_by(self, name):
        return {self.names[callee] for start in self.starts if self.names[start] == name
                for callee in self.calls.get(start, ())}

    def way(self):
        """Every function on the way from the roots to a handler."""
        found, todo = set(), [start for start in self.starts if self.names[start] in ROOTS]
        while todo:
            start = todo.pop()
            if start in found:
                continue
            found.add(start)
            only = ON_THE_WAY.get(self.names[start])
            todo += [callee for callee in self.calls.get(start, ())
                     if only is None or self.names[callee] in only]
        return found

    def has_site(self, start):
        return any(start <= site < self.ends[start] for site in self.sites)

    def named(self, functions):
        return sorted(self.names[start] for start in functions)


def without_inlining():
    """Link a kernel in which FILES are compiled with -fno-inline."""
    with open(f"{TOP}/build/flags", encoding="utf-8") as file:
        command = shlex.split(file.read())
    include = subprocess.run([command[0], "-print-file-name=include"], capture_output=True, text=True,
                             check=True).stdout.strip()
    # As the Makefile has it: an object for each source file there is.
    sources = [path for pattern in ("boot/*", "kernel/*", "kernel/*/*", "kernel/*/*/*", "net/*", "net/*/*")
               for path in glob.glob(pattern) if path.endswith((".c", ".asm"))]
    objects = [f"build/{path[:-2] if path.endswith('.c') else path}.o" for path in sources
               if not path.endswith("asm-offsets.c")]
    for name in FILES:
        made = f"{BUILD}/noprobe-{os.path.basename(name)}.o"
        subprocess.run([*command, "-isystem", include, "-I.", "-Iinclude", "-Ibuild/gen",
                        "-fno-inline", "-c", "-o", made, name + ".c"], cwd=TOP, check=True)
        objects.remove(f"build/{name}.o")
        objects.append(made)
    tool("ld", "-nostdlib", "-static", "-z", "noexecstack", "-z", "max-page-size=4096",
         "--no-warn-rwx-segments", "-T", "build/linker.ld", "-o", f"{BUILD}/noprobe.elf", *objects)
    return f"{BUILD}/noprobe.elf"


for what, path in (("the kernel", "build/kernel.elf"), ("without inlining", without_inlining())):
    kernel = Kernel(path)
    way = kernel.way()
    equal(sorted(ROOTS - set(kernel.named(way))), [], f"{what}: every root is there")
    ok(len(kernel.sites) > 800, f"{what}: the sites were read", len(kernel.sites))
    equal(sorted(kernel.called_by("do_trap") - ON_THE_WAY["do_trap"] - OTHER_VECTORS), [],
          f"{what}: what do_trap() calls is known")
    equal(kernel.named(start for start in way if kernel.has_site(start)), [],
          f"{what}: no function on the way to a handler has a patch site", kernel.named(way))
    equal(sorted(set(kernel.named(way & kernel.indirect)) - CALL_HANDLERS), [],
          f"{what}: only handlers are called through pointers")
ok({"bucket", "find_site"} <= set(kernel.named(way)), "without inlining the helpers are on the way",
   kernel.named(way))
done()
