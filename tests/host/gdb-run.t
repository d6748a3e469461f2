#!/usr/bin/env python3
"""tools/gdb-run: wrong use is answered in words, and nothing is left behind, however it ends."""
import json
import os
import pty
import re
import select
import signal
import socket
import tempfile
import time

from gdblib import RUN, session
from lib import BUILD, TOP, done, environment, equal, match, ok, run

KTAP = os.path.join(TOP, "build", "ktap", "kernel.elf")
PROGRAM = os.path.join(TOP, "build", "user", "socket_test")


def fake(name, script):
    """A command of that name, which runs @script; its folder is deleted with the test's."""
    path = os.path.join(FOLDER.name, name)
    with open(path, "w") as file:
        file.write(f"#!/bin/sh\n{script}\n")
    os.chmod(path, 0o755)
    return path


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def children(pid):
    """The processes below @pid: {pid: name}."""
    found = {}
    for entry in os.listdir("/proc"):
        try:
            with open(f"/proc/{entry}/stat") as file:
                name, rest = file.read().rsplit(")", 1)
        except (OSError, ValueError):
            continue
        if int(rest.split()[1]) == pid:
            found[int(entry)] = name.split("(", 1)[1]
            found.update(children(int(entry)))
    return found


def gone(pids, seconds=5):
    """Are all of them gone, or become so in time?"""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        left = [pid for pid in pids if os.path.exists(f"/proc/{pid}") and
                " Z " not in open(f"/proc/{pid}/stat").read()]
        if not left:
            return True
        time.sleep(0.02)
    return False


class Terminal:
    """A launcher with a terminal of its own."""

    def __init__(self, *words, **env):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.clear()
            os.environ.update(environment({"TERM": "dumb", "HOME": FOLDER.name, **env}))
            os.execv(RUN, [RUN, *words])
        self.text = ""

    def expect(self, pattern, seconds=20):
        """Read until @pattern comes; False when it does not."""
        deadline = time.monotonic() + seconds
        while not re.search(pattern, self.text):
            if not select.select([self.fd], [], [], max(0, deadline - time.monotonic()))[0]:
                return False
            try:
                self.text += os.read(self.fd, 4096).decode(errors="replace")
            except OSError:
                return bool(re.search(pattern, self.text))
        return True

    def type(self, words):
        self.text = ""
        os.write(self.fd, words.encode())

    def below(self, name):
        return [pid for pid, what in children(self.pid).items() if what.startswith(name)]

    def end(self):
        """Wait for the launcher; its status. What hangs is killed, and is a failure."""
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                os.close(self.fd)
                return os.waitstatus_to_exitcode(status)
            if select.select([self.fd], [], [], 0.02)[0]:
                try:
                    self.text += os.read(self.fd, 4096).decode(errors="replace")
                except OSError:
                    time.sleep(0.02)
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        return "(hangs)"


FOLDER = tempfile.TemporaryDirectory(dir=BUILD)

# --- wrong use, in words ---
for words, env, why in (
        (["gdb"], {"GDB": fake("gdb1", "echo 'Scripting in Python is not supported' >&2; exit 1")},
         "has no Python"),
        (["gdb"], {"GDB": fake("gdb2", "echo python 11.2")}, "version 11: 12 or newer is needed"),
        (["gdb"], {"GDB": "no-such-gdb"}, "no-such-gdb is not installed"),
        (["rewind"], {"QEMU": fake("qemu1", "echo 'QEMU emulator version 6.2.0'")},
         "is version 6.2: too old to go backwards"),
        (["rewind"], {"QEMU": "no-such-qemu"}, "no-such-qemu does not start"),
        (["gdb"], {"QEMU": fake("qemu2", "echo no >&2; exit 1")}, "QEMU did not start"),
        (["rewind"], {"ICOUNT": "1"}, "ICOUNT: a recorded run counts"),
        (["gdb"], {"ACCEL": "kvm"}, "only tcg stops"),
        (["gdb", "build/no-such"], {}, "build/no-such: No such file"),
        (["gdb", "README.md"], {}, "README.md is not an ELF file"),
        (["gdb", "--kernel=build/no-such"], {}, "build/no-such is not there"),
        (["client"], {}, "no server is running: start `make gdb-server`"),
        (["server", "--port=0"], {}, "expected a number from 1 to 65535"),
        (["nonsense"], {}, "expected: tools/gdb-run"), ([], {}, "expected: tools/gdb-run")):
    result = run([RUN, *words], env=env)
    ok(result.status == 125 and why in result.text, f"{' '.join(words)}: {why}", result.text)
with socket.socket() as taken:
    taken.bind(("127.0.0.1", 0))
    taken.listen()
    port = taken.getsockname()[1]
    result = run([RUN, "server", f"--port={port}"])
    ok(result.status == 125 and f"port {port} on 127.0.0.1: Address already in use" in result.text
       and "PORT=" in result.text, "a port that is taken is named", result.text)
endless = os.path.join(FOLDER.name, "endless")
run(["gcc", "-static", "-O2", "-o", endless, "-x", "c", "-"], b"int main(void) { for (;;); }")
result = run([RUN, "rewind", endless], env={"TIMEOUT": "2"})
ok(result.status == 125 and "did not end within 2 seconds" in result.text,
   "a run without end is not recorded for ever", result.text)

# --- gdb in a terminal: Ctrl-C is gdb's; quitting leaves nothing ---
terminal = Terminal("gdb", endless)
ok(terminal.expect(r"in ring 3\.[\s\S]*\(gdb\)"), "a prompt at main()", terminal.text)
qemu = terminal.below("qemu")
equal(len(qemu), 1, "one QEMU", children(terminal.pid))
terminal.type("continue\n")
ok(terminal.expect("Continuing"), "the guest runs", terminal.text)
time.sleep(0.3)
terminal.type("\x03")
ok(terminal.expect(r"SIGINT[\s\S]*\(gdb\)"), "Ctrl-C stops the guest, and nobody else",
   terminal.text)
terminal.type("set pagination off\nring\n")
ok(terminal.expect(r"ring [03]: CPL[\s\S]*SMAP[^\n]*\n[\s\S]*\(gdb\)"),
   "and it can be looked at", terminal.text)
terminal.type("quit\n")
equal(terminal.end(), 0, "quit: status 0", terminal.text)
ok(gone(qemu), "and no QEMU")

# --- the pager: it does not hold up what runs the machine, and still pages lists ---
terminal = Terminal("gdb")
terminal.expect(r"in ring 3\.[\s\S]*\(gdb\)")
terminal.type("set height 24\nwalk\n")
ok(terminal.expect(r"\n40  phase 9 [\s\S]*\(gdb\) $|--Type") and "--Type" not in terminal.text,
   "walk visits all steps without a key pressed", terminal.text[-600:])
terminal.type("syscalls\n")
ok(terminal.expect("--Type"), "a long list is still paged", terminal.text[-600:])
terminal.type("q\nquit\n")
equal(terminal.end(), 0, "quit: status 0", terminal.text[-600:])

# --- a crash of either side, or of the launcher ---
for victim in ("gdb", "qemu", "launcher"):
    for mode in ("gdb", "rewind"):
        terminal = Terminal(mode)
        ok(terminal.expect(r"in ring 3\.[\s\S]*\(gdb\)"), f"{mode}: a prompt", terminal.text)
        below = list(children(terminal.pid))
        os.kill(terminal.pid if victim == "launcher" else terminal.below(victim)[0], signal.SIGKILL)
        if victim == "qemu":
            time.sleep(0.1)
            terminal.type("stepi\n")
            ok(terminal.expect("closed|gone|pipe"), f"{mode}: gdb says so", terminal.text)
            terminal.type("quit\n")
        status = terminal.end()
        ok(status != "(hangs)" and gone(below), f"{mode}: {victim} killed, the others end", status)
terminal = Terminal("gdb")
terminal.expect(r"in ring 3\.[\s\S]*\(gdb\)")
below = list(children(terminal.pid))
os.kill(terminal.pid, signal.SIGTERM)
ok(terminal.end() == -signal.SIGTERM and gone(below), "SIGTERM ends them all", terminal.text)

# --- server and client; symbols of another kernel; an IDE ---


def gdb(*words):
    return run(["gdb", "-nx", "-q", "-batch", *words], limit=30)


def server(port):
    terminal = Terminal("server", f"--port={port}")
    ok(terminal.expect("Waiting for gdb on 127.0.0.1") and wait_json(), "the server waits",
       terminal.text)
    return terminal, list(children(terminal.pid))


def wait_json():
    deadline = time.monotonic() + 5
    while not os.path.exists("build/gdb-server.json") and time.monotonic() < deadline:
        time.sleep(0.01)
    return os.path.exists("build/gdb-server.json")


terminal, below = server(free_port())
talk = session("client", ["step-to 3", "stepi", "p/x $cs"])
ok(talk[2].endswith("0x10"), "gdb-client finds it, and steps into ring 0", talk.text)
ok(terminal.expect("gdb has left|The guest has switched") and terminal.end() == 0 and gone(below),
   "the client left: the server ends", terminal.text)
ok(not os.path.exists("build/gdb-server.json"), "and nobody is told of it any more")

port = free_port()
terminal, below = server(port)
result = gdb(KTAP, "-ex", "source tools/gdb/ringwalk.py", "-ex",
             f"ringwalk attach 127.0.0.1:{port}", "-ex", "ring")
match(result.text, r"(?s)the symbols do not match the running kernel:.*ktap/kernel.elf is build "
      r"\w{40}.*the machine runs", "another kernel's symbols are refused")
ok("CPL" not in result.text, "and nothing is shown by them", result.text)
ok(terminal.end() == 0 and gone(below), "the server ends", terminal.text)

port = free_port()
with open(".vscode/launch.json") as file:
    launch = json.load(file)["configurations"][0]
with open(".vscode/tasks.json") as file:
    tasks = {task["label"]: task for task in json.load(file)["tasks"]}
equal(tasks[launch["preLaunchTask"]]["command"], "make gdb-server", "VS Code starts the server")
words = [row["text"].replace("${workspaceFolder}", TOP).replace(":1234", f":{port}")
         for row in launch["customLaunchSetupCommands"]]
terminal, below = server(port)
result = run(["gdb", "-nx", "-q", "-i=mi"], limit=30, stdin="\n".join(
    words + ["-stack-list-frames", "-break-insert inet_create", "-exec-continue", ""]).encode())
ok("^error" not in result.text, "launch.json: each command is understood by gdb -i=mi", result.text)
match(result.text, r'stack=\[frame=\{level="0",[^}]*func="main"', "and leads to main()")
ok(terminal.end() == 0 and gone(below), "the IDE left: the server ends", terminal.text)

def mentioning(word):
    """The processes whose command line holds @word."""
    found = []
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{entry}/cmdline", "rb") as file:
                if word.encode() in file.read():
                    found.append(int(entry))
        except OSError:
            pass                # it has just ended
    return found


terminal, below = server(free_port())
terminal.type("\x01x")
ok(terminal.end() == 0 and gone(below), "Ctrl-A X ends a server", terminal.text)
result = gdb("-ex", "source tools/gdb/ringwalk.py", "-ex", "ring", "-ex",
             "ringwalk attach /no/such/socket")
match(result.text, "no machine: ", "without a machine: said")
match(result.text, "no symbols of ringwalk's kernel", "without symbols: said")
equal(mentioning(FOLDER.name), [], "nothing of this test runs any more")
done()
