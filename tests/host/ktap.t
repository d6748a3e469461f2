#!/usr/bin/env python3
"""The tests inside the kernel: boot the test kernel, hand its KTAP on as our own results."""
import ktap
from lib import boot, done, ok, skip

result = boot("--kernel=build/ktap/kernel.elf", env={"APPEND": "ktap", "QEMU_EXTRA": "-serial null"})
for good, name, skipped, said in ktap.parse(result.out.decode(errors="replace")):
    if skipped is not None:
        skip(name, skipped)
    else:
        ok(good, name, "\n".join(said))

# No program runs, so there need be no status; but the machine must have been switched off.
ok(result.status == 0 or b"powered off without" in result.err, "the test kernel powers off",
   result.text[-2000:])
done()
