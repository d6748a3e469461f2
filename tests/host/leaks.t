#!/usr/bin/env python3
"""Nothing leaks: what a ring-3 program makes and drops a thousand times leaves every counter of
/proc where it was. And the measurement can fail: a socket and a page kept on purpose are seen.
"""
from lib import build, done, equal, guest, match, ok

LEAKS = build("tests/guest/leaks.c")
SCENARIOS = 21

result = guest(LEAKS, env={"TIMEOUT": "120"})
lines = result.out.decode(errors="replace").splitlines()
for line in lines:
    name, _, verdict = line.rpartition(": ")
    match(verdict, "^[0-9]+0 rounds, clean$", f"{name}: all comes back")
equal((result.status, len(lines)), (0, SCENARIOS), "all scenarios have run, to their ends",
      result.text[-2000:])

# --- leaks on purpose ---
for name, counters in (("hold-socket", ["dentry", "filp", "sock_inode_cache", "TCP", "open files"]),
                       ("hold-page", ["pages"])):
    result = guest(LEAKS, name)
    seen = result.out.decode().strip().split(", ")
    ok(result.status == 1 and seen[1:2] == ["leaks"], f"{name} is noticed", result.text)
    equal([c for c in counters if f"{c} +1" not in seen[2:]], [], f"{name}: by each counter",
          result.text)
done()
