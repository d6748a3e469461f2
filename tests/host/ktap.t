#!/usr/bin/env python3
"""The tests inside the kernel: boot the test kernel, hand its KTAP on as our own results.

With an argument: only the suite of that name.
"""
import sys

import ktap
from lib import boot, done, ok, skip

wanted = sys.argv[1:2]
result = boot("--kernel=build/ktap/kernel.elf",
              env={"APPEND": "=".join(["ktap", *wanted]), "QEMU_EXTRA": "-serial null"})
results = list(ktap.parse(result.out.decode(errors="replace")))
if wanted:
    ok(results, f"there is a suite named {wanted[0]}")
for good, name, skipped, said in results:
    if skipped is not None:
        skip(name, skipped)
    else:
        ok(good, name, "\n".join(said))

# No program runs, so there need be no status; but the machine must have been switched off.
ok(result.status == 0 or b"powered off without" in result.err, "the test kernel powers off",
   result.text[-2000:])
done()
