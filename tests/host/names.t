#!/usr/bin/env python3
"""Many names, deep ones, links in a circle, and four processes that rename the same directories: the kernel
still answers, and every counter of /proc is where it was."""
from lib import build, done, equal, guest, match

SCENARIOS = 4

result = guest(build("tests/guest/names.c"), env={"TIMEOUT": "240"})
lines = result.out.decode(errors="replace").splitlines()
for line in lines:
    name, _, verdict = line.rpartition(": ")
    match(verdict, "^[0-9]+ rounds, clean$", f"{name}: all comes back")
equal((result.status, len(lines)), (0, SCENARIOS), "all have come to an end", result.text[-2000:])
done()
