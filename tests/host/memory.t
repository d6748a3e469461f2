#!/usr/bin/env python3
"""Memory, seen from ring 3: what is nobody's ABI to promise, and what must hold all the same."""
from lib import build, done, guest, match

MEMORY = build("tests/guest/memory.c")

# QEMU before 9.1 reads the frame of an IRET or a far return in ring 3 with ring 0's rights, which
# SMAP forbids: the fault cannot be resolved. Later ones, and CPUs, just return.
for verb in ("iret", "far-return"):
    result = guest(MEMORY, verb, env={"TIMEOUT": "20"})
    match(result.text, "(?m)^(iret|far return): (exit 0|signal 11)$", f"{verb} in ring 3 comes to an end")
done()
