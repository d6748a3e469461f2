#!/usr/bin/env python3
"""Memory, seen from ring 3: what is nobody's ABI to promise, and what must hold all the same."""
import re

from lib import build, done, equal, guest, match, ok

MEMORY = build("tests/guest/memory.c")

# QEMU before 9.1 reads the frame of an IRET or a far return in ring 3 with ring 0's rights, which
# SMAP forbids: the fault cannot be resolved. Later ones, and CPUs, just return.
for verb in ("iret", "far-return"):
    result = guest(MEMORY, verb, env={"TIMEOUT": "20"})
    match(result.text, "(?m)^(iret|far return): (exit 0|signal 11)$", f"{verb} in ring 3 comes to an end")

# --- many areas: what an area costs does not grow with their number, and there is a limit ---
cost = {}
for n in (100, 40_000):
    result = guest(MEMORY, "areas", str(n), env={"ICOUNT": "1", "TIMEOUT": "120"})
    found = re.search(r"(\d+) to protect, (\d+) to unmap", result.text)
    ok(found, f"{n} areas are changed and unmapped", result.text)
    cost[n] = [int(number) for number in found.groups()] if found else [0, 0]
for name, few, many in zip(("mprotect", "munmap"), cost[100], cost[40_000]):
    ok(0 < many < 3 * few and many < 6000, f"{name}: an area among 40,000 costs what one of 100 does",
       cost)

result = guest(MEMORY, "too-many-areas", env={"TIMEOUT": "120"})
equal(result.out.decode().splitlines(), [
    "areas: as many as there may be",
    "mprotect(p + (n + 5) * PAGE, PAGE, PROT_READ): ENOMEM",
    "munmap(p + (n + 5) * PAGE, PAGE): ENOMEM",
    "mmap(0, PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0): ok",
    "mmap(0, PAGE, PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0): ENOMEM",
    "munmap(p, pages * PAGE): 0",
    "mprotect(new_pages(3, MAP_PRIVATE), PAGE, PROT_READ): 0",
], "vm.max_map_count holds", result.text)

# --- calls that take as long as ring 3 wants let others run ---
result = guest(MEMORY, "busy", env={"TIMEOUT": "120"})
for call in ("read of /dev/zero", "read of a file", "write to a host channel", "getrandom", "execve",
             "mprotect", "munmap", "fork"):
    match(result.out.decode(), f"(?m)^{call}: others run meanwhile$", f"{call}: another task runs")
equal(result.status, 0, "all of them have run", result.out.decode())
done()
