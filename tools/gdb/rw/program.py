"""The program under study: its functions, from its own ELF symbol table.

gdb would answer by name with the kernel's function where both have one (close, memcpy).
"""
import struct

import gdb

EHDR = struct.Struct("<16sHHIQQQIHHHHHH")
SHDR = struct.Struct("<IIQQQQIIQQ")
SYM = struct.Struct("<IBBHQQ")
PHDR = struct.Struct("<IIQQQQQQ")
SHT_SYMTAB, PT_LOAD = 2, 1


class Program:
    """@path: a 64-bit ELF file. @bias: how far from its own addresses it was loaded."""

    def __init__(self, path):
        self.path, self.bias = path, 0
        try:
            with open(path, "rb") as file:
                self.data = file.read()
            self.header = EHDR.unpack_from(self.data)
        except (OSError, struct.error) as error:
            raise gdb.GdbError(f"{path}: {error}")
        if self.header[0][:5] != b"\x7fELF\x02":
            raise gdb.GdbError(f"{path} is no 64-bit ELF file")
        self.entry = self.header[4]
        self.symbols = dict(self.read_symbols())

    def read_symbols(self):
        """(name, value) of each symbol that is defined; nothing of a stripped file."""
        offset, size, count = self.header[6], self.header[11], self.header[12]
        sections = [SHDR.unpack_from(self.data, offset + i * size) for i in range(count)]
        for section in sections:
            if section[1] != SHT_SYMTAB:
                continue
            strings = sections[section[6]][4]
            for at in range(section[4], section[4] + section[5], SYM.size):
                name, _, _, index, value, _ = SYM.unpack_from(self.data, at)
                if index and name:
                    end = self.data.index(b"\0", strings + name)
                    yield self.data[strings + name:end].decode(errors="replace"), value

    def find(self, name, code):
        """Where the machine code @code first stands in function @name; read from the file, for
        the page may not be in memory yet."""
        value, at = self.symbols[name], self.header[5]
        for _ in range(self.header[10]):
            kind, _, offset, vaddr, _, size, _, _ = PHDR.unpack_from(self.data, at)
            at += PHDR.size
            if kind == PT_LOAD and vaddr <= value < vaddr + size:
                found = self.data.find(code, offset + value - vaddr, offset + size)
                return None if found < 0 else found - offset + vaddr + self.bias
        return None

    def address(self, name):
        """Where its function @name is, or None."""
        value = self.symbols.get(name)
        return None if value is None else value + self.bias
