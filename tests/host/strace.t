#!/usr/bin/env python3
"""strace: its lines beside those of Debian's strace 6.1; every system call has a row; nothing stays behind.

    tests/host/strace.t             compare with tests/strace/*.out
    UPDATE=1 tests/host/strace.t    record them anew, by the strace of this machine
"""
import collections
import os
import re
import subprocess
import sys

from lib import BUILD, TOP, build, done, equal, guest, match, ok, run

UPDATE = os.environ.get("UPDATE") == "1"
OUT = os.path.join(BUILD, "strace.out")


def calls_of(path, pattern):
    with open(path, encoding="utf-8") as file:
        return re.findall(pattern, file.read(), re.M)


# --- comparing ---


def normal(line):
    """A line without what is another number each time: addresses, and the numbers of tasks."""
    line = re.sub(r" +(= [^=]*)$", r" \1", line)
    line = re.sub(r"0x[0-9a-f]{5,16}\b", "ADDRESS", line)
    line = re.sub(r'execve\("[^"]*/(\w+)-[\w-]+", \["[^"]*"(\.\.\.)?', r'execve("\1", ["\1"', line)
    line = re.sub(r"\b(kill|tgkill|tkill|wait4)\(\d+, (\d+, )?", r"\1(TASK, ", line)
    line = re.sub(r"\b(si_pid=|parent_tid=\[)\d+", r"\1TASK", line)
    line = re.sub(r"^((get(p|t|pp)id|fork|set_tid_address|wait4|clone)\(.*\) = )\d+$", r"\1TASK", line)
    return line


def by_task(text):
    """The lines of each task, in the order in which tasks appear. What was cut in two is put together.

    Whether a thread must wait for another is chance: futex() is left out of what many tasks do."""
    tasks, cut = collections.defaultdict(list), {}
    text = re.sub(r"strace: Process \d+ attached\n", "", text)
    for line in text.splitlines():
        task, line = line.split(None, 1)
        resumed = re.match(r"<\.\.\. \w+ resumed>(.*)", line)
        if line.endswith(" <unfinished ...>"):
            cut[task] = line[:-len(" <unfinished ...>")]
            continue
        if resumed:
            line = cut.pop(task) + resumed[1]
        tasks[task].append(normal(line))
    if len(tasks) > 1:
        return [[line for line in lines if not line.startswith("futex(")] for lines in tasks.values()]
    return list(tasks.values())


def lines_of(tasks):
    return "".join(line + "\n" for lines in tasks for line in [*lines, ""])


def strace_here(program, *words):
    return run(["env", "-i", "strace", "-f", "-o", OUT, program, *words], env={})


def strace_there(program, *words, options="-f -o /dev/hosterr", **how):
    return guest(program, *words, options=["-i", f"--strace-options={options}"], **how)


# --- every call has a row ---

implemented = calls_of("kernel/syscall_64.tbl", r"^\d+\s+\w+\s+(\w+)\s+sys_\w+$")
rows = calls_of("user/strace/table.h", r"^CALL(?:_AS)?\((\w+)")
equal(sorted(set(implemented) - set(rows)), [], "every system call has a row in user/strace/table.h")
equal(len(rows), len(set(rows)), "and none has two")

# --- beside Debian's strace ---

for name in ("calls", "hostile", "tasks"):
    program = build(f"tests/strace/{name}.c")
    recorded = f"tests/strace/{name}.out"
    if UPDATE:
        strace_here(program)
        with open(OUT, encoding="utf-8") as file, open(recorded, "w", encoding="utf-8") as to:
            to.write(lines_of(by_task(file.read())))
    with open(recorded, encoding="utf-8") as file:
        want = file.read().splitlines()
    result = strace_there(program)
    got = lines_of(by_task(result.err.decode())).splitlines()
    for number, line in enumerate(want):
        if number >= len(got) or got[number] != line:
            break
    equal(got[number:number + 3], want[number:number + 3], f"{name}.c: the lines are those of Debian's strace")
    equal(len(got), len(want), f"{name}.c: and as many")

# --- the program ---

CALLS, TASKS = build("tests/strace/calls.c"), build("tests/strace/tasks.c")
result = strace_there(CALLS, options="-e trace=socket,exit_group")
equal(result.status, 7, "strace's exit status is that of the program")
match(result.err.decode().splitlines()[1], r"^socket\(AF_INET, SOCK_STREAM, IPPROTO_IP\) = \d$",
      "-e trace=socket: the first call is the first socket()")
equal(len(result.err.splitlines()), 7, "there are only those calls, a signal and the end")
match(result.text, r"(?m)^exit_group\(7\)                           = \?\n\+\+\+ exited with 7 \+\+\+$", "the equals signs are below one another")
result = strace_there(CALLS, options="-s 3 -e trace=write")
match(result.text, r'write\(3, "a\\n\\1"\.\.\., 100\) += 100', "-s 3: strings are cut after three bytes")
result = strace_there(CALLS, options="-e trace=!%file,write,read")
ok(b"open(" not in result.err and b"socket(" in result.err, "-e trace=!%file: calls without a path", result.text)
result = strace_there(CALLS, options="-c")
match(result.text, r"% time     seconds  usecs/call     calls    errors syscall\n(------ ?)", "-c: a table of counts")
match(result.text, r" 4         2 socket\n", "with calls and errors")
result = strace_there(TASKS, options="-e trace=exit_group")
equal(result.err.decode().count("exit_group"), 0, "without -f: only the first task")
match(result.text, r"\+\+\+ killed by SIGABRT( \(core dumped\))? \+\+\+", "how it ended")
equal(result.status, 134, "and strace ends by the same signal")
result = strace_there(TASKS)
match(result.text, r"strace: Process \d+ attached", "-f tells of new tasks")
for options, words in (("-e trace=nonesuch", "strace: invalid system call 'nonesuch'"),
                       ("-s x", "strace: invalid -s argument: 'x'"), ("-s 99999", "strace: invalid -s"),
                       ("-Q", "usage: strace"),
                       ("-o /nothere/x", "strace: /nothere/x: No such file or directory")):
    result = strace_there(CALLS, options=options)
    ok(result.status == 1 and words in result.text, f"strace {options}: refused", result.text)
result = guest(f"{TOP}/build/user/strace", "/nothere", options=["-i"])
equal((result.status, result.err), (1, b"strace: Can't stat '/nothere': No such file or directory\n"), "no such program")
result = run([f"{TOP}/tools/exec", "-i", "--strace", CALLS])
match(result.text, r"socket\(AF_INET, SOCK_STREAM, IPPROTO_IP\) = \d", "tools/exec --strace")

# --- what stays behind ---

DRIVER = build("tests/strace/driver.c")
result = guest(DRIVER, options=["-i", f"--file={TASKS}:/tasks", f"--file={DRIVER}:/driver"],
               env={"TIMEOUT": "120"})
for line in re.findall("(?m)^(?:not )?ok - .*", result.out.decode()):
    good, _, name = line.partition(" - ")
    ok(good == "ok", name, result.text)
ok(b"done" in result.err and result.status == 0, "the driver came to its end", result.text)
done()
