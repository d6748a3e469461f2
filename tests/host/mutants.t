#!/usr/bin/env python3
"""A sample of tests/mutants: what is broken on purpose must fail its step or test, and no other."""
import glob

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
done()
