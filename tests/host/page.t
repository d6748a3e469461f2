#!/usr/bin/env python3
"""make page: the recording against an independent one and against the proof, and the page's model.

The recorder itself ends with an error when a page that was touched is not, at the end, what the
recorded writes have made of it. The model is tested without a browser, by Node.js.
"""
import json
import os
import re
import subprocess
import sys

from lib import BUILD, TOP, done, equal, match, note, ok, run

sys.path[:0] = [os.path.join(TOP, "tools"), os.path.join(TOP, "tests", "page")]
sys.dont_write_bytecode = True
from page import insn
import decode

MKPAGE = os.path.join(TOP, "tools", "mkpage")
NODE = next((name for name in ("node", "nodejs") if not subprocess.run(
    ["which", name], stdout=subprocess.DEVNULL, check=False).returncode), "node")
ORDINARY, TRAP, INJECTED, FOLDED = range(4)

result = run(["make", "-s", "page-programs"])
ok(result.status == 0, "the programs of the scenarios are compiled", result.text)

# --- other programs than those of the scenarios ---


def compiled(name, text):
    """The path of a static program made of this C."""
    path = os.path.join(BUILD, name)
    compiler = "musl-gcc" if os.path.exists("/usr/bin/musl-gcc") else "x86_64-linux-gnu-gcc"
    result = run([compiler, "-static", "-O1", "-o", path, "-x", "c", "-"], text.encode())
    ok(result.status == 0, f"{name} is compiled", result.text)
    return path


def recorded(program, *args, out="other.json", **env):
    """The recording of `make page PROG=program ARGS=args`."""
    out = os.path.join(BUILD, out)
    result = run([MKPAGE, "--json", f"--out={out}", program, *args], env=env)
    ok(result.status == 0, f"{os.path.basename(program)} is recorded, {env}", result.text)
    with open(out, encoding="utf-8") as file:
        return json.load(file)["recordings"][0]


# --- what instructions read and write ---
for text, said, wanted in decode.rows(insn):
    equal(said, wanted, f"{text}: registers and memory")

# --- recordings, and the model that reads them ---
two = os.path.join(BUILD, "two.json")
result = run([MKPAGE, "--json", "--scenario=success,no-sock", f"--out={two}"])
ok(result.status == 0, "success and no-sock are recorded", result.text)
closing = os.path.join(BUILD, "close.json")
result = run([MKPAGE, "--json", "--scenario=close", f"--out={closing}"])
ok(result.status == 0, "close is recorded", result.text)
long = recorded(compiled("page-long", "#include <unistd.h>\nint main(void) {"
                         " for (volatile int i = 0; i < 1500000; i++); return getppid() < 0; }\n"),
                out="long.json", MAX="100")
result = run([NODE, "tests/page/model.mjs", two, closing, os.path.join(BUILD, "long.json")])
lines = result.out.decode().splitlines()
ok(result.status == 0 and len(lines) > 70, "the tests of the model run to their end", result.text[-2000:])
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

both = os.path.join(BUILD, "a folder", "two pages.html")
result = run([MKPAGE, "--scenario=bad-family,bad-type", f"--out={both}"])
ok(result.status == 0 and os.path.getsize(both) <= 5 << 20, "two recordings have at most 5 MiB; a folder is made, and may have a space in its name", result.text)

# --- other programs ---


def rings(recording):
    """The ring before each step."""
    cs, found = recording["registers"].index("cs"), []
    value = int(recording["first"][cs], 16)
    for changes in recording["steps"]["changes"]:
        found.append(value & 3)
        value = int(dict(zip(changes[::2], changes[1::2])).get(cs, f"{value:x}"), 16)
    return found


def of_kind(recording, wanted):
    return [int(t) for t, what in recording["steps"]["kind"].items() if what == wanted]


def instructions_of_ring3(recording):
    return sum(recording["steps"]["count"].get(str(t), 1) for t, ring in enumerate(rings(recording))
               if ring == 3 and kind(recording, t) in (ORDINARY, FOLDED))


loops = compiled("page-loop", "#include <unistd.h>\nint main(void) {"
                 " for (volatile int i = 0; i < 500; i++); return getppid() < 0; }\n")
loop, whole = recorded(loops, MAX="100"), recorded(loops)
folded = of_kind(loop, FOLDED)
ok(folded and loop["steps"]["count"][str(folded[0])] > 1000, "a long stretch of ring 3 is one step with its count",
   loop["steps"]["count"])
equal(of_kind(whole, FOLDED), [], "and is recorded where MAX allows it")
equal(instructions_of_ring3(loop), instructions_of_ring3(whole), "both have the same number of instructions of ring 3")

folded, traps = of_kind(long, FOLDED), of_kind(long, TRAP)
timer = [t for t in traps if long["steps"]["count"][str(t)] == 32 and t - 1 in folded]
ok(timer, "an interrupt that ends a long stretch of ring 3 is a step of its own", (folded, traps))
ok(len(folded) == len(timer) + 1 and all(rings(long)[t] == 3 for t in timer),
   "and the stretch goes on behind it, without being recorded anew", folded)
alone = recorded(compiled("page-alone", "int main(void) { return 7; }\n"))
equal((alone["steps"]["kind"], alone["marks"]), ({}, []), "a program that never calls the kernel is recorded, without the lesson's steps")
spoken = recorded(compiled("page-args", "#include <stdio.h>\nint main(int argc, char **argv) {"
                           ' for (int n = 1; n < argc; n++) printf("[%s]", argv[n]); return 0; }\n'), "a", "b c", "'")
equal(spoken["output"]["out"], 2 * "[a][b c][']", "ARGS reach the program as they are, in both runs")
crash = recorded(compiled("page-crash", "int main(void) { *(volatile int *)0 = 1; return 0; }\n"))
equal((rings(crash)[-1], crash["steps"]["count"][str(of_kind(crash, TRAP)[0])]), (0, 14),
      "a program that a signal ends is recorded up to its end in the kernel")

# --- what is refused ---
forking = compiled("page-fork", "#include <sys/wait.h>\n#include <unistd.h>\nint main(void) {"
                   " if (fork() == 0) _exit(3); wait(0); return 0; }\n")
folder = os.path.dirname(page)
for argv, env, words in (([loops], {"MAX": "x"}, "MAX=x: expected a number"), (["--scenario=none"], {}, "there are success, udp"),
                         (["--scenario=udp,close,denied"], {}, "at most two"), (["/dev/null"], {}, "is empty"),
                         (["--scenario=udp", loops], {}, "give SCENARIO, or PROG"), (["/no/such"], {}, "No such file"),
                         ([f"--out={folder}"], {}, "this is a folder"), ([f"--out={page}/x"], {}, "is not a folder"),
                         ([forking], {}, "another one runs")):
    result = run([MKPAGE, *argv], env=env)
    ok(result.status == 125 and words in result.text, f"mkpage {argv} {env}: refused in words", result.text)
result = run(["make", "-s", "page", "ARGS=x"])
ok(result.status == 2 and "give PROG" in result.text, "make page ARGS=x: refused in words", result.text)

# The limits, each lowered so that a small run is beyond it.
LOWERED = """import runpy, sys
sys.dont_write_bytecode = True
sys.path.insert(0, "tools")
from page import html, recorder, scenarios
print(recorder.STEPS_MAX, html.LIMIT_ONE, html.LIMIT_TWO, scenarios.MAX, flush=True)
exec(sys.argv[1])
sys.argv[:2] = ["tools/mkpage"]
runpy.run_path("tools/mkpage", run_name="__main__")"""
beyond = os.path.join(BUILD, "beyond.html")
for change, words in (("recorder.STEPS_MAX = 500", "more than 500 instructions are to be recorded"),
                      ("html.LIMIT_ONE = 1000", "more than 1,000: record a shorter run"),
                      ("html.LIMIT_TWO = 2000", "more than 2,000: record a shorter run")):
    several = "close,close" if "TWO" in change else "close"
    result = run(["python3", "-c", LOWERED, change, f"--out={beyond}", f"--scenario={several}"])
    ok(result.status == 125 and words in result.text and not os.path.exists(beyond), f"{change}: refused, naming it", result.text)
    match(result.out.decode(), "^60000 3145728 5242880 20000\n", "60,000 steps, 3 and 5 MiB, 20,000 instructions of ring 3")
ok(os.path.getsize(os.path.join(TOP, "docs", "page.png")) < 200_000, "README's picture has less than 200 kB")
done()
