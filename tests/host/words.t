#!/usr/bin/env python3
"""Comments, documentation and output use the field's terms: some words of our own must not come back."""
import os
import re

from lib import TOP, done, equal, ok, run

# Instead: entry point, call path, LSM hook, layer, folder or kernel, interface, log, uses or includes.
OURS = re.compile(r"\b(doors?|roads?|floors?|house|face|voice|stands\s+on|guards?)\b(?!\W+pages?\b)", re.I)
THIS = "tests/host/words.t"             # it quotes them

names = run(["git", "ls-files", "-z"]).out.decode().split("\0")[:-1]
ok(len(names) > 100, "git names the project's files", names)
equal([name for name in names if OURS.search(re.sub(r"[_./-]", " ", name))], [], "no file is named so")
found = []
for name in names:
    path = os.path.join(TOP, name)
    if name == THIS or not os.path.isfile(path):
        continue
    with open(path, encoding="utf-8", errors="replace") as file:
        text = file.read()
    found += [f"{name}:{text.count(chr(10), 0, match.start()) + 1}: {match[0]}" for match in OURS.finditer(text)]
equal(found, [], "no file says so", "\n".join(found[:40]))
done()
