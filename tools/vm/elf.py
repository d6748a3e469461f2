"""ELF headers, as far as the host needs them. Used by machine.py and tools/exec.

Layout and numbers: System V ABI, "Object Files"; x86-64 psABI for the machine number.
"""
import os
import struct

ET_REL, ET_EXEC, ET_DYN, ET_CORE = 1, 2, 3, 4
EM_X86_64 = 62
PT_LOAD, PT_INTERP = 1, 3

EHDR = struct.Struct("<16sHHIQQQIHHHHHH")
PHDR = struct.Struct("<IIQQQQQQ")


class NotElf(Exception):
    """Why the file is not a whole 64-bit x86 ELF, in words that follow the file's name."""


def read(path):
    """Returns (type, entry, [(p_type, p_offset, p_paddr, p_filesz, p_memsz)...])."""
    with open(path, "rb") as file:
        head = file.read(EHDR.size)
        size = os.fstat(file.fileno()).st_size
        if not head:
            raise NotElf("is empty")
        if head[:2] == b"#!":
            raise NotElf("is a script, not an ELF program")
        if head[:4] != b"\x7fELF":
            raise NotElf("is not an ELF file")
        if len(head) > 4 and head[4] == 1:
            raise NotElf("is a 32-bit ELF: x86-64 is needed")
        if len(head) < EHDR.size:
            raise NotElf("is truncated: its ELF header is cut short")
        _, kind, machine, _, entry, phoff, _, _, _, phsize, phnum, *_ = EHDR.unpack(head)
        if head[4] != 2 or head[5] != 1 or machine != EM_X86_64:
            raise NotElf(f"is for another machine (ELF machine {machine}): x86-64 is needed")
        if phnum and (phsize != PHDR.size or phoff + phnum * phsize > size):
            raise NotElf("is truncated: its program headers lie beyond its end")
        file.seek(phoff)
        table = [PHDR.unpack(file.read(PHDR.size)) for _ in range(phnum)]
    for p_type, _, offset, _, _, filesz, _, _ in table:
        if p_type == PT_LOAD and offset + filesz > size:
            raise NotElf(f"is truncated: {size} bytes long, its segments need {offset + filesz}")
    return kind, entry, [(p[0], p[2], p[4], p[5], p[6]) for p in table]


def check_program(path):
    """Raise NotElf unless the kernel could run the file: a linked, static x86-64 program."""
    kind, entry, table = read(path)
    if kind == ET_REL:
        raise NotElf("is an object file, not a program: link it with -static")
    if kind == ET_CORE:
        raise NotElf("is a core dump, not a program")
    if any(p[0] == PT_INTERP for p in table):
        raise NotElf("is dynamically linked: link it with -static")
    if kind not in (ET_EXEC, ET_DYN) or not entry or not any(p[0] == PT_LOAD for p in table):
        raise NotElf("is not a program (a shared library?): link one with -static")


def physical_end(path):
    """The physical address after a kernel's last byte; 0 when the file is no ELF."""
    try:
        return max((p[2] + p[4] for p in read(path)[2] if p[0] == PT_LOAD), default=0)
    except NotElf:
        return 0
