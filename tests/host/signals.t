#!/usr/bin/env python3
"""Signals against the kernel: 10,000 hostile frames for rt_sigreturn(), storms, and what one costs among many."""
import re

from lib import build, done, equal, guest, ok

SIGNALS = build("tests/guest/signals.c")

# --- what a program gives back as its registers: it goes on in ring 3, or it is killed ---
result = guest(SIGNALS, "frames", env={"TIMEOUT": "120"})
equal(result.out.decode().splitlines(), ["reserved bits of MXCSR: signal 11", "frames: 10000, other ends: 0"],
      "10,000 hostile frames: each is loaded, or kills its process", result.text[-2000:])
equal(result.status, 0, "... and many of each kind", result.text[-2000:])

# --- everybody signals, stops and continues everybody ---
result = guest(SIGNALS, "storm", env={"TIMEOUT": "120"})
lines = result.out.decode().splitlines()
for name, rounds in (("a storm of signals", 3), ("a queue that is full", 3), ("files of signals and processes", 20)):
    ok(f"{name}: {rounds} rounds, clean" in lines, f"{name}: all comes back", result.text[-2000:])
equal(result.status, 0, "the kernel answers afterwards", result.text[-2000:])

# --- what is pending elsewhere costs nothing ---
result = guest(SIGNALS, "cost", env={"ICOUNT": "1", "TIMEOUT": "120"})
found = re.search(r"(\d+) instructions, with 10000 pending elsewhere (\d+)", result.text)
few, many = (int(number) for number in found.groups()) if found else (0, 0)
ok(0 < many <= few + 20, "with 10,000 signals pending elsewhere it costs the same", result.text)
equal(result.status, 0, "... and the program ends well", result.text)
done()
