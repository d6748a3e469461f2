#!/usr/bin/env python3
"""Turn `nm -n -S kernel` (standard input) into the kernel's symbol table (assembly on standard output).

Read by kernel/debug/kallsyms.c. Labels inside an assembly function (name.label) and absolute
symbols are left out; a symbol without a size ends where the next one starts.
"""
import sys


def read_symbols(lines):
    symbols = []
    for line in lines:
        fields = line.split()
        if len(fields) == 4:
            addr, size, kind, name = int(fields[0], 16), int(fields[1], 16), fields[2], fields[3]
        elif len(fields) == 3:
            addr, size, kind, name = int(fields[0], 16), None, fields[1], fields[2]
        else:
            continue
        if kind not in "tTwWdDvVbBrR" or "." in name or "@" in name:
            continue
        symbols.append((addr, size, name))
    symbols.sort(key=lambda s: (s[0], s[1] is None))
    # Several names at one address: the one with a size is the real one, linker marks are not.
    unique = {}
    for addr, size, name in symbols:
        unique.setdefault(addr, (size, name))
    return sorted(unique.items())


def main():
    symbols = read_symbols(sys.stdin)
    names, offset = [], 0
    print('\t.section .kallsyms,"a",@progbits')
    print("\t.balign 8\n\t.globl kallsyms_table\nkallsyms_table:")
    for i, (addr, (size, name)) in enumerate(symbols):
        if size is None:
            size = symbols[i + 1][0] - addr if i + 1 < len(symbols) else 0
        print(f"\t.quad {addr:#x}\n\t.long {min(size, 0xffffffff)}, {offset}")
        names.append(name)
        offset += len(name) + 1
    print(f"\t.globl kallsyms_count\nkallsyms_count:\n\t.long {len(symbols)}")
    print("\t.globl kallsyms_names\nkallsyms_names:")
    for name in names:
        print(f'\t.asciz "{name}"')
    print('\t.section .note.GNU-stack,"",@progbits')


if __name__ == "__main__":
    main()
