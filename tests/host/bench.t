#!/usr/bin/env python3
"""What a call costs, in instructions: counted under ICOUNT=1, so each run gives the same numbers."""
from lib import done, ok, run, skip

LIMITS = {              # instructions; with every hook, refcount, poison and patch site in place
    "getppid": 95,
    "socket+close TCP": 1_750,
    "socket+close UDP": 1_650,
    "dup+close": 360,
    "open+close, 1 files": 1_830,
    "stat by path, 1 files": 1_280,
    "fork+exit+wait": 25_500,
    "mmap+munmap, 1 areas": 2_120,
    "clone+join of a thread": 6_000,
    "epoll_wait, 1 ready, 10000 watched": 1_000,
    "kernel entry to ring 3": 20_000_000,
}
# What a process, a signal, a thread and memory cost: at most this part of what Linux needs for it.
PART = 0.3
PARTS = {"signal to self and return": 0.45}     # the frame and its FPU state, there and back; 0.3 is the aim
PROGRAMS = ["fork+exec+wait", "fork+exit+wait", "signal to self and return", "sched_yield between two",
            "anonymous page fault, with clearing", "mmap+munmap, 1 areas", "futex wake, nobody waits",
            "clone+join of a thread"]
# The same with 10,000 of a kind as with 10.
FLAT = ["find a task by PID, {} tasks", "kill with signal 0, {} tasks", "fork+exit+wait, {} tasks",
        "clone+join of a thread, {} threads",
        "anonymous page fault, with clearing, {} areas", "epoll_wait, 1 ready, {} watched"]
MEASURED = ["socket(-1, 1, 0)", "socket(2, 1, 17)"]

result = run(["tools/bench", "--plain"])
ok(result.status == 0, "tools/bench runs", result.text[-3000:])
said = {name: number for name, colon, number in
        (line.rpartition(": ") for line in result.out.decode().splitlines()) if colon}
cost = {name: int(number) for name, number in said.items() if number.isdigit()}
# The limits are for gcc, which the kernel is shipped with; another compiler's figures are only shown.
with open("build/flags", encoding="utf-8") as flags:
    judged = "clang" not in flags.read()
for name, limit in LIMITS.items():
    if not judged:
        skip(f"{name}: {cost.get(name)} instructions", "not built with gcc")
        continue
    ok(0 < cost.get(name, 0) <= limit, f"{name}: at most {limit:,} instructions", cost)
for name in PROGRAMS:
    if not judged or said.get(name) == "ENOSYS":
        skip(f"{name}: at most {PART} of Linux's", "not built with gcc" if not judged else "there is no such call yet")
        continue
    part = PARTS.get(name, PART)
    ok(0 < cost.get(name, 0) <= part * cost.get("Linux " + name, 0),
       f"{name}: at most {part} of Linux's {cost.get('Linux ' + name)} instructions", said.get(name))
for name in FLAT:
    few, many = (name.format(number) for number in (10, 10_000))
    if said.get(few) == "ENOSYS":
        skip(f"{few}: as with 10,000", "there is no such call yet")
        continue
    ok(0 < cost.get(few, 0) and 0 < cost.get(many, 0) <= cost[few] * 1.1,
       f"{many}: at most a tenth more than with 10", (said.get(few), said.get(many)))
# A name is found by a hash: some buckets hold two or three of 10,000 names.
for call in ("open+close", "stat by path"):
    few, many, most = (cost.get(f"{call}, {number} files", 0) for number in (1, 10_000, 100_000))
    ok(0 < few and 0 < many <= few * 1.1 and 0 < most <= few * 1.1,
       f"{call}: one file of 10,000 or 100,000 costs what the only one does", (few, many, most))
# An area is found by a tree, and a hole for it mostly where the last one was.
one, many = (cost.get(f"mmap+munmap, {number} areas", 0) for number in (1, 10_000))
ok(0 < one and 0 < many <= 1.5 * one, "mmap+munmap: with 10,000 areas half as much again, at most", (one, many))
# A futex is found by a hash: its bucket may hold one or two of 10,000 others that are waited for.
few, many = (cost.get(f"futex wake, nobody waits, {number} threads", 0) for number in (10, 10_000))
ok(0 < few and 0 < many <= 1.7 * few, "futex wake, nobody waits: two more in its bucket with 10,000 threads, at most",
   (few, many))
# A timer's place is found by a tree, too.
few, many = (cost.get(f"timer armed and disarmed, {number} timers", 0) for number in (10, 10_000))
ok(0 < many <= 1.25 * few, "timer armed and disarmed: a quarter more with 10,000 of them, at most", (few, many))
# What must not cost more because there are many: at most half as much again with 10,000 as with 10.
MANY = ["timer armed and cancelled", "timer expired, with its share of the ticks",
        "hrtimer armed and cancelled", "sleeping task woken and back", "tick"]
for name in MANY:
    few, many = cost.get(f"{name}, 10", 0), cost.get(f"{name}, 10000", 0)
    ok(0 < many <= 1.5 * few, f"{name}: 10,000 cost each what 10 do", (few, many))
for name in MEASURED:
    ok(cost.get(name, 0) > 0, f"{name} is measured", cost)
done()
