"""Has a kernel written over its own code or constants? They are compared with the file from which it was loaded.

Student code runs in ring 0, where nothing hinders it from changing the functions that a test relies on. A
breakpoint of a probe (int3, written by kernel/kprobes/text_poke.c) is no such change.
"""
import bisect
import os
import struct

INT3 = 0xCC
HEADER, SEGMENT = "<16xHHIQQQIHHH", "<IIQQQQQQ"     # of ELF64: e_type ... e_phnum; p_type ... p_align
PT_LOAD, PF_W = 1, 2


def segments(path):
    """[(address, bytes)]: what the kernel's file says about memory that is never written."""
    with open(path, "rb") as file:
        data = file.read()
    fields = struct.unpack_from(HEADER, data)
    start, size, number = fields[4], fields[8], fields[9]
    found = [struct.unpack_from(SEGMENT, data, start + index * size) for index in range(number)]
    return [(address, data[offset:offset + length]) for kind, flags, offset, address, _, length, _, _ in found
            if kind == PT_LOAD and not flags & PF_W]


class Integrity:
    """@symbols: {name: [addresses]} of the kernel."""

    def __init__(self, guest, symbols):
        self.guest, self.segments = guest, segments(guest.kernel)
        pairs = sorted((address, name) for name, found in symbols.items() for address in found if "." not in name)
        self.addresses, self.names = [address for address, _ in pairs], [name for _, name in pairs]

    def violated(self, allowed):
        """The name of the function or table in which memory is not as it was loaded, or None.

        @allowed: [(address, end)], what the test itself has written.
        """
        path = os.path.join(self.guest.folder, "memory")
        for address, content in self.segments:
            if self.guest.qmp.run("memsave", val=address - (1 << 64), size=len(content), filename=path) is None:
                return "memory that is no longer there"
            with open(path, "rb") as file:
                seen = file.read()
            for at in differences(content, seen):
                if seen[at] != INT3 and not any(start <= address + at < end for start, end in allowed):
                    return self.names[bisect.bisect_right(self.addresses, address + at) - 1]
        return None


def differences(one, other):
    """Where two pieces of data of the same length differ, if they do."""
    return [] if one == other else (at for at in range(len(one)) if one[at:at + 1] != other[at:at + 1])
