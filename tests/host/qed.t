#!/usr/bin/env python3
"""qed: forty of forty from recorded evidence, none without; what it prints, and docs/proof.md."""
import json
import os
import re

from lib import EXEC, LOG, TOP, done, equal, guest, match, ok, run

QED = "build/user/qed"
STEPS = list(range(1, 41))

result = guest(QED)
text = result.out.decode()
equal(result.status, 0, "qed ends with 0", result.text[-3000:])
match(text, r"\n\nQ\.E\.D\. 40/40\n$", "Q.E.D. 40/40")
equal([int(n) for n in re.findall(r"(?m)^  (\d\d) \u2713  ", text)], STEPS, "forty ticks, in order")
ok("\u2717" not in text, "no cross", text)
equal(len(re.findall(r"(?m)^PHASE [1-9]: ", text)), 9, "nine phases")
ok("\x1b" not in text, "no colour where there is no terminal")
match(text, r"(?m)^ +fact: .*251 in Ubuntu's 6\.8", "a corrected fact beside the claim")

result = guest(QED, "--ascii")
ok(result.status == 0 and result.out.isascii(), "--ascii", result.text[:300])
equal(len(re.findall(rb"(?m)^  \d\d ok    ", result.out)), 40, "--ascii: forty times ok")
result = guest(QED, "--color")
ok(b"\x1b[32m" in result.out, "--color", result.text[:300])

result = guest(QED, "--json")
proof = json.loads(result.out)
equal([step["step"] for step in proof["steps"] if step["ok"] and step["evidence"]], STEPS,
      "--json: the same forty, each with its evidence")
ok(all(row["ok"] for row in proof["summary"] + proof["risk"]), "--json: summary and risk")
ok(len(proof["risk"]) == 9 and result.status == 0, "--json: nine ways to fail, none leaks")

# Evidence that is not there proves nothing.
result = guest(QED, "--program=/bin/lsmod")
match(result.text, r"\nNot proved: 0/40\. 01 02 03 .* 40 ", "no socket(): not one step holds")
equal(result.status, 1, "... and qed says so")
result = guest(QED, "--locations=/nowhere")
match(result.out.decode(), r"\nNot proved: 32/40\. 01 05 09 10 13 21 27 33\n$",
      "without the line table")
equal(result.status, 1, "... and qed says so")
result = guest(QED, "--modules=/nowhere")
ok(result.status == 2 and "/nowhere/gate_probe.ko: No such file" in result.text,
   "without the modules", result.text)
result = guest(QED, "--nonsense")
ok(result.status == 2 and b"usage: qed" in result.err, "a wrong option", result.text)

# Written for any Linux: the C library of the host does as well.
with_musl = os.path.join(TOP, "build/tests/qed-musl")
result = run(["musl-gcc", "-static", "-O2", "-Wall", "-Wextra", "-D_GNU_SOURCE", "-o", with_musl,
              *sorted(os.path.join("user/qed", name) for name in os.listdir("user/qed")
                      if name.endswith(".c"))])
ok(result.status == 0 and not result.err, "qed builds with musl without a word", result.text)
result = run([EXEC, "--log=" + LOG, with_musl])
match(result.text, r"\nQ\.E\.D\. 40/40\n", "... and proves the same here")
done()
