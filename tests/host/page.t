#!/usr/bin/env python3
"""make page: the recording against an independent one and against the proof, and the page's model.

The recorder itself ends with an error when a page that was touched is not, at the end, what the
recorded writes have made of it. The model is tested without a browser, by Node.js.
"""
import json
import os
import re
import subprocess

from lib import BUILD, TOP, done, equal, match, note, ok, run

MKPAGE = os.path.join(TOP, "tools", "mkpage")
NODE = next((name for name in ("node", "nodejs") if not subprocess.run(
    ["which", name], stdout=subprocess.DEVNULL, check=False).returncode), "node")
ORDINARY, TRAP, INJECTED, FOLDED = range(4)

result = run(["make", "-s", "page-programs"])
ok(result.status == 0, "the programs of the scenarios are compiled", result.text)

# --- two recordings, and the model that reads them ---
two = os.path.join(BUILD, "two.json")
result = run([MKPAGE, "--json", "--scenario=success,no-sock", f"--out={two}"])
ok(result.status == 0, "success and no-sock are recorded", result.text)
result = run([NODE, "tests/page/model.mjs", two])
lines = result.out.decode().splitlines()
ok(result.status == 0 and len(lines) > 30, "the tests of the model run to their end", result.text[-2000:])
for line in lines:
    good, _, what = line.partition(" - ")
    what, _, why = what.partition(" :: ")
    ok(good == "ok", f"model: {what}", why)

with open(two, encoding="utf-8") as file:
    data = json.load(file)
success, failing = data["recordings"]
steps, code = success["steps"], success["code"]


def kind(recording, t):
    return recording["steps"]["kind"].get(str(t), ORDINARY)


# --- against QEMU's own log of the same run ---
result = run(["tests/page/trace.py", "build/user/socket_test"])
ok(result.status == 0, "QEMU's log of executed code is taken", result.text[-2000:])
texts = {int(row[0], 16): row[1] for row in code}
logged = []
for address in json.loads(result.out or b"[]"):
    if not (logged and logged[-1] == address and texts.get(address, "").startswith("rep")):
        logged.append(address)
at, parted = 0, None
for t, number in enumerate(steps["insn"]):
    address = int(code[number][0], 16)
    here = at < len(logged) and logged[at] == address
    if kind(success, t) == TRAP:        # the log names an instruction that faults, but not one
        at += here                      # that could not even be fetched
        continue
    if not here:
        parted = parted or f"step {t}: {address:#x}, in the log {logged[at:at + 3]}"
        break
    at += 1
equal(parted, None, "the same instructions in the same order, those of rep counted once")
ok(at > 4000, "from main() to the end", at)

# --- against the proof ---
functions, entries = success["functions"], {}
for t, number in enumerate(steps["insn"]):
    entries.setdefault(functions[code[number][2]], int(code[number][0], 16))
proof = {step["step"]: step for step in data["shared"]["proof"]}
for step, name in ((9, "__sys_socket"), (13, "__sock_create"), (27, "inet_create")):
    found = re.search(r"entered at ([0-9a-f]{16}); line table: (\S+):(\d+)", " ".join(proof[step]["evidence"]))
    ok(found and int(found[1], 16) == entries.get(name), f"step {step}: {name}() is where the proof says", proof[step])
    row = next(row for row in code if int(row[0], 16) == entries[name])
    equal(f"{success['files'][row[3][-3]]}:{row[3][-2]}", f"{found[2]}:{found[3]}", f"step {step}: in that file and line")
chain = re.search(r"caller_probe: (\S+);", " ".join(proof[11]["evidence"]))[1].split("<")[::-1]
order = [functions[code[number][2]] for number in steps["insn"]]
positions = [order.index(name) for name in chain]
equal(positions, sorted(positions), "the functions of the proof's backtrace are entered in its order")
ok(all(step["holds"] for step in proof.values()) and len(proof) == 40, "the proof holds")
times = [t for _, t in success["marks"]]
ok(len(times) == 40 and times == sorted(times), "the steps come in their order", success["marks"])

# --- failures that are made, interrupts ---
equal(list(failing["injected"].values()), ["sk_alloc() returns NULL"], "the failure is marked as made")
equal([kind(failing, int(t)) for t in failing["injected"]], [INJECTED], "at its own step")
match(failing["output"]["err"], "^socket: Cannot allocate memory\n$", "and the program sees ENOMEM")
made, = (int(t) for t in failing["injected"])
ok(failing["marks"] and max(t for _, t in failing["marks"]) <= made, "no step is claimed behind it", failing["marks"])
traps = [t for t in range(len(steps["insn"])) if kind(success, t) == TRAP]
ok(traps and all(steps["count"][str(t)] in (14, 32) for t in traps), "page faults are steps of their own", traps)

# --- the page itself; other programs; what is refused ---
page = os.path.join(BUILD, "page.html")
result = run([MKPAGE, "--scenario=close", f"--out={page}"])
ok(result.status == 0 and result.out.decode().splitlines()[-1] == page, "a page is made, and named", result.text)
size = os.path.getsize(page)
note(f"the page of close() has {size:,} bytes")
ok(size <= 3 << 20, "it has at most 3 MiB", size)
with open(page, encoding="utf-8") as file:
    text = file.read()
ok(not re.search(r"(?i)(src|href)\s*=\s*[\"']?(https?:)?//|@import|url\(\s*[\"']?http", text), "and refers to nothing outside")

loops = os.path.join(BUILD, "page-loop")
made = run(["musl-gcc" if os.path.exists("/usr/bin/musl-gcc") else "x86_64-linux-gnu-gcc", "-static", "-O1", "-o", loops, "-x", "c", "-"],
           b"#include <unistd.h>\nint main(void) { for (volatile int i = 0; i < 500; i++); return getppid() < 0; }\n")
ok(made.status == 0, "a program with a loop is compiled", made.text)
out = os.path.join(BUILD, "loop.json")
result = run([MKPAGE, "--json", f"--out={out}", loops], env={"MAX": "100"})
ok(result.status == 0, "PROG=path MAX=100 records it", result.text)
with open(out, encoding="utf-8") as file:
    loop = json.load(file)["recordings"][0]
folded = [int(t) for t, what in loop["steps"]["kind"].items() if what == FOLDED]
ok(folded and loop["steps"]["count"][str(folded[0])] > 1000, "a long stretch of ring 3 is one step with its count",
   loop["steps"]["count"])
for argv, env, words in (([loops], {"MAX": "x"}, "MAX=x: expected a number"), (["--scenario=none"], {}, "there are success, udp"),
                         (["/dev/null"], {}, "is empty"), (["--scenario=udp", loops], {}, "give SCENARIO, or PROG")):
    result = run([MKPAGE, *argv], env=env)
    ok(result.status == 125 and words in result.text, f"mkpage {argv} {env}: refused in words", result.text)
ok(os.path.getsize(os.path.join(TOP, "docs", "page.png")) < 200_000, "README's picture has less than 200 kB")
done()
