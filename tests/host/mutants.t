#!/usr/bin/env python3
"""A sample of tests/mutants: what is broken on purpose must fail its step or test, and no other."""
import glob
import os
import re

from lib import done, equal, match, ok, run

SAMPLE = ["04-star-without-rpl", "10-not-by-__sys_socket_create", "15-checks-swapped",
          "28-another-socket", "38-always-iret", "40-constant-three", "risk-emfile-leak",
          "sysret-canonical"]

unfit = [path for path in sorted(glob.glob("tests/mutants/*.patch"))
         if run(["patch", "-p1", "--dry-run", "--fuzz=0", "-i", path]).status]
equal(unfit, [], "each mutant's patch fits its source")

result = run(["tools/mutants", *SAMPLE], limit=400)
equal(result.status, 0, "a sample of the mutants is killed", result.text[-3000:])
for name in SAMPLE:
    match(result.text, rf"(?m)^ok {name}: ", name)

result = run(["tools/mutants", "no-such-mutant"])
ok(result.status != 0 and "no-such-mutant" in result.text, "a wrong name", result.text)

# docs/proof.md: a row for each step, whose mutants say that they break it.
with open("docs/proof.md", encoding="utf-8") as file:
    rows = re.findall(r"(?m)^\| (\d\d) \|.*\| ([^|]*) \|$", file.read())
equal([int(number) for number, _ in rows], list(range(1, 41)), "docs/proof.md has the forty rows")
wrong, named = [], set()
for number, names in rows:
    for name in names.split(", "):
        named.add(name)
        with open(f"tests/mutants/{name}.patch", encoding="utf-8") as file:
            steps = re.search(r"(?m)^steps:(.*)$", file.read())[1].split()
        if number.lstrip("0") not in steps:
            wrong.append((number, name))
equal(wrong, [], "each names mutants that break this step")
every = set()               # without those off the lesson's path, which name a test instead of steps
for path in glob.glob("tests/mutants/*.patch"):
    with open(path, encoding="utf-8") as file:
        if re.search(r"(?m)^steps:", file.read()):
            every.add(os.path.basename(path)[:-len(".patch")])
equal(sorted(name for name in every - named if not name.startswith("risk-")), [],
      "and no mutant of a step is without a row")
done()
