#!/usr/bin/env python3
"""No memory is left: programs that take all they can get end by an error or are killed, the others go
on, the kernel never stops, and every counter of /proc comes back to where it was.
"""
from lib import build, done, equal, guest, match

HOGS = build("tests/guest/hogs.c")
KINDS = 10

result = guest(HOGS, env={"MEM": "64M", "TIMEOUT": "300"})
lines = result.out.decode(errors="replace").splitlines()
for line in lines:
    name, _, verdict = line.rpartition(": ")
    match(verdict, "^[0-9]+ rounds, clean$", f"{name}: all comes back")
equal((result.status, len(lines)), (0, KINDS), "all kinds have run, to their ends", result.text[-2000:])
done()
