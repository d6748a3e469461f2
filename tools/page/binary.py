"""A linked program or kernel: its functions, its instructions, and the source lines these are from."""
import bisect
import os
import re
import struct
import subprocess

from vm import elf
from vm.knobs import Failure

from page.insn import Insn

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
LINE = re.compile(r" *([0-9a-f]+):\t(.*)$")


def run(words, stdin=None):
    """The output of one of the binutils."""
    try:
        done = subprocess.run(words, input=stdin, capture_output=True, text=True, errors="replace",
                              check=False)
    except OSError as error:
        raise Failure(f"{words[0]}: {error.strerror} (tools/setup run installs it)")
    if done.returncode:
        raise Failure(f"{words[0]}: {done.stderr.strip()}")
    return done.stdout


def relative(path):
    """A source file's path from the top folder; as it is when it lies elsewhere."""
    path = os.path.normpath(path)
    if path.startswith(TOP + os.sep):
        path = path[len(TOP) + 1:]
    parts = path.split(os.sep)
    for n in range(len(parts) - 1):         # the tree was moved, or nasm named its folder twice
        tail = os.sep.join(parts[n:])
        if os.path.isfile(os.path.join(TOP, tail)):
            return tail
    return path


class Binary:
    """@path: an ELF file. @bias: how far from its own addresses it lies in memory."""

    def __init__(self, prefix, path, bias=0):
        self.prefix, self.path, self.bias = prefix, path, bias
        self.functions, self.objects = {}, {}           # {name: address}
        for line in run([prefix + "nm", path]).splitlines():
            fields = line.split()
            if len(fields) == 3 and fields[1] in "tTwW":
                self.functions.setdefault(fields[2], int(fields[0], 16) + bias)
            elif len(fields) == 3 and fields[1] in "bBdDrRVv":
                self.objects.setdefault(fields[2], int(fields[0], 16) + bias)
        for name in list(self.functions):               # a label inside an assembly function
            if name.partition(".")[0] in self.functions and "." in name and \
                    not re.search(r"\.(part|cold|constprop|isra)\b", name):
                del self.functions[name]
        at_least = sorted((address, name) for name, address in self.functions.items())
        self.starts = [address for address, _ in at_least]
        self.names = [name for _, name in at_least]
        self.texts, self.following = {}, {}

    def function_at(self, address):
        """The function that @address lies in; None before the first one."""
        n = bisect.bisect_right(self.starts, address) - 1
        return self.names[n] if n >= 0 else None

    def disassemble(self, path=None):
        """Read the instructions; @path: of a file with other contents than our own."""
        previous = None
        words = [self.prefix + "objdump", "-d", "-M", "intel", "-w", "--no-show-raw-insn",
                 f"--adjust-vma={self.bias:#x}", path or self.path]
        for line in run(words).splitlines():
            match = LINE.match(line)
            if not match:
                continue
            address = int(match[1], 16)
            self.texts[address] = re.sub(r"\s+", " ", match[2]).strip()
            if previous is not None:
                self.following[previous] = address
            previous = address

    def insn(self, address):
        """The Insn at @address, or None where the file has none."""
        text = self.texts.get(address)
        return Insn(address, self.following.get(address, address + 1), text) if text else None

    def lines(self, addresses):
        """{address: [(function, file, line), ...]}, the innermost inlined function first."""
        text = run([self.prefix + "addr2line", "-e", self.path, "-a", "-i", "-f"],
                   "".join(f"{address - self.bias:#x}\n" for address in addresses))
        found, current = {}, None
        lines = iter(text.splitlines())
        for line in lines:
            if line.startswith("0x"):
                current = found.setdefault(int(line, 16) + self.bias, [])
                continue
            path, _, number = next(lines).split(" (")[0].rpartition(":")
            if number.isdigit() and int(number) and path != "??":
                current.append((line, relative(path), int(number)))
        return found

    def segments(self):
        """[(file offset, address, bytes)] of what is loaded from the file."""
        with open(self.path, "rb") as file:
            head = elf.EHDR.unpack(file.read(elf.EHDR.size))
            file.seek(head[5])
            table = [elf.PHDR.unpack(file.read(elf.PHDR.size)) for _ in range(head[10])]
        return [(p[2], p[3] + self.bias, p[5]) for p in table if p[0] == elf.PT_LOAD]


def patched_copy(binary, read, path):
    """Write a copy of the kernel to @path whose code is what the machine has in memory.

    The kernel patches its own code when it boots, so the file is not what is executed.
    @read: a function of (address, size).
    """
    with open(binary.path, "rb") as file:
        data = bytearray(file.read())
    low, high = binary.functions["_stext"], binary.functions.get("_etext") or binary.objects["_etext"]
    offset = next(offset + low - at for offset, at, size in binary.segments() if at <= low < at + size)
    data[offset:offset + high - low] = read(low, high - low)
    with open(path, "wb") as file:
        file.write(data)


def is_position_independent(path):
    with open(path, "rb") as file:
        return struct.unpack_from("<H", file.read(18), 16)[0] == elf.ET_DYN
