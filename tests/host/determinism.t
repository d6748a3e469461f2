#!/usr/bin/env python3
"""DETERMINISTIC=1: twenty boots say the same thing, byte for byte."""
import difflib

from lib import boot, done, equal, ok

BOOTS = 20

first = boot("--kernel", env={"DETERMINISTIC": "1"})
if not ok(first.status == 0 and b"Socket Created: 3" in first.out, "the first boot does its job",
          first.text[-3000:]):
    done()
same = 1
for _ in range(BOOTS - 1):
    again = boot("--kernel", env={"DETERMINISTIC": "1"})
    if again.out != first.out or again.status != first.status:
        break
    same += 1
lines = [text.decode(errors="replace").splitlines() for text in (first.out, again.out)]
equal(same, BOOTS, "all boots are byte-identical",
      "\n".join(difflib.unified_diff(*lines, "boot 1", f"boot {same + 1}", lineterm="")))
done()
