#!/usr/bin/env python3
"""tools/exec: a Linux program runs on ringwalk as if it ran here."""
import os
import pty
import random
import select
import shutil
import signal
import subprocess
import tempfile
import termios
import time

from lib import (COMPILERS, EXEC, LOG, TOP, build, done, environment, equal, guest, match,
                 ok, run)

GUEST = build("tests/host/guest.c")


def sees(result, status, out, err, name):
    """The program's status and its bytes, and not one byte more than these."""
    equal((result.status, result.out, result.err), (status, out, err), name)


# --- exit status ---
for status in (0, 1, 77, 255):
    sees(guest(GUEST, "status", str(status)), status, b"", b"", f"exit status {status}")
sees(guest(GUEST, "crash"), 139, b"", b"", "a segmentation fault is 128 + 11")

# --- both C libraries ---
for compiler in COMPILERS:
    result = guest(build("tests/host/guest.c", compiler))
    sees(result, 0, b"Hello from guest, 1 arguments\n", b"", f"printf by {compiler} -static")
    result = guest(build("user/socket_test.c", compiler))
    sees(result, 0, b"Socket Created: 3\n", b"", f"socket_test.c by {compiler} -static")

    result = guest(build("tests/guest/files.c", compiler))
    found = b"passwd begins with root:x:0\nurandom gives something\nread 6: one 2\n6 bytes\naccess 0 -1\n" \
            b"pwrite -1\nname text\nname link\n4 names\nremove 0 0\n"
    equal((result.status, sorted(result.out.splitlines())), (0, sorted(found.splitlines())),
          f"files.c by {compiler} -static: streams, a directory of its own, names")

# --- the three channels ---
sees(guest(GUEST, "streams"), 0, b"out\n", b"err\n", "stdout and stderr stay apart")
sees(guest(GUEST, "cat"), 0, b"", b"", "an empty stdin is end-of-file")
every = bytes(range(256))
sees(guest(GUEST, "cat", stdin=every), 0, every, b"", "all 256 byte values, in and out")
big = random.Random(1).randbytes(100_000)
sees(guest(GUEST, "cat", stdin=big), 0, big, b"", "100,000 random bytes, in and out")
sees(guest(GUEST, "status", "3", stdin=big), 3, b"", b"", "a program need not read its stdin")
channels = b"0: chr unseekable\n1: chr unseekable\n2: chr unseekable\n"
sees(guest(GUEST, "kinds"), 0, channels, b"", "the channels are character devices without a position, as pipes are")
sees(guest(GUEST, "available", "256", stdin=every), 0, b"255, read 255, 0\n", b"",
     "FIONREAD tells how many bytes of stdin there are to read; fd 1 has no such request")
sees(run(["sh", "-c", f"'{EXEC}' --log='{LOG}' '{GUEST}' cat <&-"]), 0, b"", b"",
     "a closed stdin is end-of-file")

# --- fds 1 and 2 as one file ---
lines = [f"{n}: fd {1 if n % 3 else 2}\n" for n in range(3000)]
in_turn = f"'{EXEC}' --log='{LOG}' '{GUEST}' in-turn"
sees(run(["sh", "-c", f"{in_turn} 2>&1"]), 0, "".join(lines).encode(), b"",
     "2>&1 into a pipe: what is written to fds 1 and 2 keeps its order")
sees(run(["sh", "-c", f"{in_turn}"]), 0, "".join(lines[n] for n in range(3000) if n % 3).encode(),
     "".join(lines[::3]).encode(), "without it, each fd has its own lines in order")


def into_file(redirection):
    """What `guest in-turn` leaves in a file, which had a first line before."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "file")
        with open(path, "w") as file:
            file.write("first\n")
        result = run(["sh", "-c", f"{in_turn} {redirection.replace('FILE', path)}"])
        with open(path) as file:
            return result.status, file.read()


equal(into_file(">FILE 2>&1"), (0, "".join(lines)), "2>&1 into a file: the same")
equal(into_file(">>FILE 2>&1"), (0, "first\n" + "".join(lines)), "2>&1 behind a file: the same")
equal(into_file(">>FILE 2>>FILE"), (0, "first\n" + "".join(lines)),
      "a file opened twice for appending: the same")


def read_line(file):
    """One line of a pipe, or what came of it in 30 seconds."""
    heard = b""
    while not heard.endswith(b"\n") and select.select([file], [], [], 30)[0]:
        data = os.read(file.fileno(), 100)
        if not data:
            break
        heard += data
    return heard


def answers_before_eof():
    with subprocess.Popen([EXEC, f"--log={LOG}", GUEST, "cat"], env=environment({}), bufsize=0,
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE) as talk:
        heard = []
        for line in (b"one\n", b"two\n"):
            talk.stdin.write(line)
            heard.append(read_line(talk.stdout))
        talk.stdin.close()
        return heard, talk.wait(60)


equal(answers_before_eof(), ([b"one\n", b"two\n"], 0), "input arrives while stdin is still open")

result = run(["bash", "-c", f"'{EXEC}' --log='{LOG}' '{GUEST}' yes | head -n 1; "
              "echo ${PIPESTATUS[0]}"])
sees(result, 0, b"y\n141\n", b"", "| head -n 1 ends the program, as SIGPIPE would")

# --- arguments and environment ---
words = ["two words", "", "it's", '"quoted"', "$HOME", "*", "-v", "--", "new\nline", "größe 火"]
sees(guest(GUEST, "args", *words), 0, b"".join(w.encode() + b"\0" for w in words), b"",
     "arguments arrive as they are")
sees(guest(GUEST, "env", options=["-i"]), 0, b"", b"", "-i gives an empty environment")
result = guest(GUEST, "env", env={"RING": "a b\n'c'", "EMPTY": ""})
there = result.out.split(b"\0")
ok(b"RING=a b\n'c'" in there and b"EMPTY=" in there, "the caller's environment arrives", there)

with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "gift")
    with open(path, "wb") as file:
        file.write(every)
    result = guest(GUEST, "show", "/a/b/gift", options=[f"--file={path}:/a/b/gift"])
    sees(result, 0, every, b"", "--file brings a file along")

# --- the kernel's log ---
guest(GUEST)
with open(LOG, errors="replace") as file:
    log = file.read()
match(log, "Run /init as init process", "the kernel's log is in --log")
result = guest(GUEST, options=["-v"])
match(result.err.decode(errors="replace"), "Run /init as init process", "-v shows it on stderr")
equal(result.out, b"Hello from guest, 1 arguments\n", "-v leaves stdout alone")

# --- a terminal ---


def on_terminal(*options):
    """Run `guest kinds` on a pseudo-terminal. Returns (status, what it showed, terminal kept)."""
    master, slave = pty.openpty()
    before = termios.tcgetattr(slave)
    process = subprocess.Popen([EXEC, f"--log={LOG}", *options, GUEST, "kinds"], stdin=slave,
                               stdout=slave, stderr=slave, env=environment({}))
    status = process.wait(90)
    shown = os.read(master, 65536) if select.select([master], [], [], 0)[0] else b""
    return status, shown.replace(b"\r", b""), termios.tcgetattr(slave) == before


status, shown, kept = on_terminal("-t")
terminal = channels.replace(b"chr", b"chr tty")
equal((status, shown), (0, terminal), "-t: fds 0 to 2 are a terminal")
ok(kept, "-t leaves the terminal as it was")
status, shown, _ = on_terminal()
equal((status, shown), (0, channels), "without -t they are not, even when the caller's are")

# --- wrong use, in words ---


def refused(path, words, name):
    result = guest(path)
    ok(result.status == 125, f"{name}: status 125", result.text)
    match(result.err.decode(errors="replace"), words, f"{name}: says why")


with open(GUEST, "rb") as file:
    image = file.read()
with tempfile.TemporaryDirectory() as folder:
    def made(name, data):
        path = os.path.join(folder, name)
        with open(path, "wb") as file:
            file.write(data)
        return path

    source = made("p.c", b"int main(void) { return 0; }\n")
    native = COMPILERS[-1]
    run([native, "-o", folder + "/dynamic", source])
    run([native, "-c", "-o", folder + "/object.o", source])
    run([native, "-shared", "-nostdlib", "-o", folder + "/lib.so", source])
    refused(folder + "/nothing", "No such file", "a missing program")
    refused(folder, "directory", "a directory")
    refused(made("empty", b""), "is empty", "an empty file")
    refused(source, "not an ELF", "a text file")
    refused(made("script", b"#!/bin/sh\nexit 0\n"), "a script", "a script")
    refused(folder + "/dynamic", "dynamically linked: link it with -static", "a dynamic program")
    refused(folder + "/object.o", "object file", "an object file")
    refused(folder + "/lib.so", "not a program", "a shared library")
    refused(made("short", image[:40]), "truncated", "half an ELF header")
    refused(made("cut", image[:len(image) // 2]), "truncated", "half a program")
    refused(made("elf32", image[:4] + b"\1" + image[5:]), "32-bit", "a 32-bit program")
    refused(made("arm", image[:18] + b"\xb7\0" + image[20:]), "another machine", "an arm64 program")

for knob, value in (("MEM", "lots"), ("MEM", "0"), ("TIMEOUT", "soon"), ("ACCEL", "magic"),
                    ("QEMU_EXTRA", "'open")):
    result = guest(GUEST, env={knob: value})
    ok(result.status == 125 and knob in result.text, f"{knob}={value} is refused in words",
       result.text)
result = guest(GUEST, env={"QEMU": "/nowhere/qemu"})
ok(result.status == 125 and "/nowhere/qemu" in result.text, "a missing QEMU is named", result.text)
result = run([EXEC])
ok(result.status == 125 and "expected" in result.text, "no program at all", result.text)
result = guest(GUEST, "sleep", env={"TIMEOUT": "6"})
ok(result.status == 125 and result.out == b"asleep\n" and "TIMEOUT" in result.text,
   "TIMEOUT ends a program that does not", result.text)

# --- nothing stays behind ---


def stat(pid):
    """(state, parent) of a process; a dead one, waited for or not, is ("Z", 0)."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
            return fields[0], int(fields[1])
    except OSError:
        return "Z", 0


def children(pid):
    return [int(name) for name in os.listdir("/proc") if name.isdigit() and stat(name)[1] == pid]


def alive(pid):
    return stat(pid)[0] != "Z"


def ended_by(number):
    """Send a signal to tools/exec as its program sleeps. Returns (its end, QEMU's end)."""
    with tempfile.TemporaryDirectory() as folder:       # SIGKILL leaves tools/exec's own in it
        process = subprocess.Popen([EXEC, f"--log={LOG}", GUEST, "sleep"],
                                   env=environment({"TMPDIR": folder}),
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        process.stdout.readline()
        machines = children(process.pid)
        process.send_signal(number)
        process.wait(20)
    end = time.monotonic() + 10
    while any(map(alive, machines)) and time.monotonic() < end:
        time.sleep(0.05)
    return process.returncode, machines and not any(map(alive, machines))


for number in (signal.SIGTERM, signal.SIGINT, signal.SIGKILL):
    equal(ended_by(number), (-number, True), f"{number.name} ends tools/exec, and QEMU with it")

# In a student's tree: a source that is newer than the kernel is named.
with tempfile.TemporaryDirectory() as folder:
    shutil.copytree("tools/vm", os.path.join(folder, "tools/vm"))
    shutil.copy2(EXEC, os.path.join(folder, "tools"))
    with open(os.path.join(folder, ".lab"), "w", encoding="utf-8") as file:
        file.write('{"pieces": [{"file": "a.c"}]}')
    for when, said in ((None, b"tools/exec: a.c is newer than the kernel: type `make` first\n"), ((0, 0), b"")):
        with open(os.path.join(folder, "a.c"), "w", encoding="utf-8"):
            pass
        os.utime(os.path.join(folder, "a.c"), when)
        result = run([os.path.join(folder, "tools/exec"), f"--kernel={TOP}/build/kernel.elf",
                      f"--initramfs={TOP}/build/initramfs.cpio", GUEST, "status", "3"])
        equal((result.status, result.out, result.err), (3, b"", said),
              f"a student's source, {'newer' if said else 'older'} than the kernel")

with tempfile.TemporaryDirectory() as folder:
    guest(GUEST, env={"TMPDIR": folder})
    equal(os.listdir(folder), [], "no temporary file is left")
done()
