#!/usr/bin/env python3
"""Programs that take all that a file system gives: each ends with an errno, and every counter of /proc is where it was."""
from lib import build, done, equal, guest, match

SCENARIOS = 6

result = guest(build("tests/guest/full.c"), env={"TIMEOUT": "120"})
lines = result.out.decode(errors="replace").splitlines()
for line in lines:
    name, _, verdict = line.rpartition(": ")
    match(verdict, "^[0-9]+ rounds, clean$", f"{name}: all comes back")
equal((result.status, len(lines)), (0, SCENARIOS), "all of it was full", result.text[-2000:])
done()
