#!/usr/bin/env python3
"""Programs that open and write as much as they can: each ends with an errno or is killed, the kernel
still answers, and every counter of /proc is where it was."""
from lib import build, done, equal, guest, match

SCENARIOS = 5

result = guest(build("tests/guest/floods.c"), env={"TIMEOUT": "240"})
lines = result.out.decode(errors="replace").splitlines()
for line in lines:
    name, _, verdict = line.rpartition(": ")
    match(verdict, "^[0-9]+ rounds, clean$", f"{name}: all comes back")
equal((result.status, len(lines)), (0, SCENARIOS), "all floods have ended", result.text[-2000:])
done()
