#!/usr/bin/env python3
"""Terminals go while processes are made: none of these has a terminal that is no more, and every counter of
/proc is where it was."""
from lib import build, done, equal, guest, match

result = guest(build("tests/guest/terminals.c"), env={"TIMEOUT": "240"})
lines = result.out.decode(errors="replace").splitlines()
for line in lines:
    name, _, verdict = line.rpartition(": ")
    match(verdict, "^[0-9]+ rounds, clean$", f"{name}: all comes back")
equal((result.status, len(lines)), (0, 1), "all have come to an end", result.text[-2000:])
done()
