#!/usr/bin/env python3
"""make run and make shell on a terminal: the proof, the prompt, what one types there, and how it ends."""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time

from lib import TOP, done, environment, equal, match, ok

PROMPT = r"/lib/modules # "
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """@command on a terminal of ROWS by COLUMNS, which we type at."""

    def __init__(self, *command, size=(30, 100), **env):
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
        self.slave, self.before, self.seen = slave, termios.tcgetattr(slave), ""
        self.process = subprocess.Popen(command, cwd=TOP, stdin=slave, stdout=slave, stderr=slave,
                                        env=environment({"TERM": "xterm", **env}), start_new_session=True)

    def read(self, seconds):
        """Take what comes within that time; False when nothing does."""
        if not select.select([self.master], [], [], seconds)[0]:
            return False
        self.seen += ESCAPES.sub("", os.read(self.master, 65536).decode(errors="replace")).replace("\r", "")
        return True

    def expect(self, pattern, seconds=60):
        """Wait for @pattern. What came up to its end, or None when it does not come."""
        deadline = time.monotonic() + seconds
        while not (found := re.search(pattern, self.seen)):
            left = deadline - time.monotonic()
            if left <= 0 or not self.read(left) and self.process.poll() is not None:
                return None
        text, self.seen = self.seen[:found.end()], self.seen[found.end():]
        return text

    def type(self, text):
        os.write(self.master, text.encode())

    def command(self, line, pattern=PROMPT, seconds=30):
        """Type @line; what is printed until @pattern, without the echo."""
        self.type(line + "\n")
        text = self.expect(pattern, seconds)
        return None if text is None else text.split("\n", 1)[-1]

    def end(self, seconds=30):
        """The exit status, and whether the terminal is as it was."""
        deadline = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < deadline:
            self.read(0.1)
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        while self.read(0.1):
            pass
        same = termios.tcgetattr(self.slave) == self.before
        os.close(self.master)
        os.close(self.slave)
        return self.process.wait(), same


def contains(text, pattern, name):
    match(text or "(nothing)", pattern, name)


# --- make run: the proof, then the prompt with its hint ---

here = Terminal("make", "run")
contains(here.expect(r"Socket Created: 3\n"), r"Q\.E\.D\. 40/40", "make run on a terminal proves the forty steps first")
hint = here.expect(PROMPT)
lines = [line for line in (hint or "").split("\n") if line.strip()]
contains(hint, r"insmod[^\n]*\n[^\n]*\n[^\n]*poweroff", "the prompt comes with a hint of three lines")
ok(len(lines) <= 8, "and little else", lines)
for word in ("insmod", "socket_test", "dmesg", "qed", "strace"):
    ok(word in (hint or ""), f"the hint names {word}", hint)
ok(here.command("insmod sock_alloc_probe.ko") is not None, "a probe is loaded: its file is in the shell's directory")
contains(here.command("lsmod"), r"sock_alloc_probe", "and is there")
contains(here.command("socket_test"), r"Socket Created: 3", "the program runs")
contains(here.command("dmesg | tail -n 3"), r"sock_alloc_probe[^\n]*sock_alloc", "the probe has seen the socket")
equal(here.command("rmmod sock_alloc_probe"), PROMPT, "and is removed")
contains(here.command("strace socket_test", seconds=60), r"socket\(AF_INET, SOCK_STREAM, IPPROTO_IP\) = 3", "strace shows the call")
contains(here.command("qed", seconds=60), r"Q\.E\.D\. 40/40", "the proof holds here too")
here.command("poweroff", "Power down")
equal(here.end(), (0, True), "poweroff: the status is the proof's, and the terminal is as before")

# --- make shell: no proof, a terminal of its own ---

begin = time.monotonic()
here = Terminal("make", "shell", size=(31, 97))
started = here.expect(PROMPT)
ok(started and "Q.E.D." not in started, "make shell begins without the proof", started)
contains(here.command("stty size; echo $TERM; tty"), r"31 97\nxterm\n/dev/(console|ttyS0)", "the terminal's size and kind are known")
contains(here.command("ps -o pid,comm | head -n 2"), r"1\s+init", "init is process 1")

here.type("echo abd\x7fc\n")            # DEL
ok(here.expect(r"\nabc\n" + PROMPT, 10), "DEL erases")
here.type("cho x\x1b[1~e\n")            # Home
ok(here.expect(r"\nx\n" + PROMPT, 10), "a line is edited in its middle")
here.type("\x1b[A\n")                   # cursor up
ok(here.expect(r"\nx\n" + PROMPT, 10), "cursor up brings the line before")
here.type("ech\t word\n")
ok(here.expect(r"\nword\n" + PROMPT, 10), "Tab completes a name")

here.type("sleep 100\n")
time.sleep(1)
here.type("\x03")
ok(here.expect(PROMPT, 10), "^C ends the program in the foreground, and not the shell")
contains(here.command("echo $?"), r"^130\n", "by SIGINT")
here.type("cat >/tmp/typed\n")
time.sleep(1)                           # the shell reads ahead until a program runs
here.type("line\n\x04")
ok(here.expect(PROMPT, 10), "^D ends the input of cat")
contains(here.command("cat /tmp/typed"), r"^line\n", "which got what was typed")
here.type("sleep 100\n")
time.sleep(1)
here.type("\x1a")
contains(here.expect(PROMPT, 10), r"Stopped", "^Z stops it")
contains(here.command("jobs"), r"\[1\].*Stopped.*sleep 100", "it is a job")
here.type("fg\n")
time.sleep(1)
here.type("\x03")
ok(here.expect(PROMPT, 10), "fg brings it back, and ^C reaches it")
contains(here.command("sleep 0.5 & wait; echo waited"), r"waited", "a job in the background is waited for")
here.command("cat >/dev/null &")
contains(here.command("sleep 0.5; jobs"), r"Stopped \(tty input\)", "a job in the background that reads is stopped by SIGTTIN")
here.command("kill -KILL %1; wait")

here.type("vi /tmp/file\n")
time.sleep(2)
here.type("ifirst line\nsecond\x1b")
time.sleep(1)                           # a key of its own, and not the beginning of one that sends more
here.type(":wq\n")
ok(here.expect(PROMPT, 20), "vi ends")
contains(here.command("cat /tmp/file"), r"^first line\nsecond\n", "and has written what was typed")
here.command("seq 100 >/tmp/long")
here.type("less /tmp/long\n")
ok(here.expect(r"(?s)29\n.*", 20), "less fills the screen")
here.type("G")
ok(here.expect(r"100", 10), "goes to the end")
here.type("q")
ok(here.expect(PROMPT, 10), "and is left by q")

paste = "".join(f"echo line {i} >>/tmp/pasted\n" for i in range(200))
here.type("rm -f /tmp/pasted\n" + paste)
here.command("echo end of the paste", r"(?s)\nend of the paste\n.*" + PROMPT, 60)
contains(here.command("wc -l </tmp/pasted"), r"^200\n", "200 lines pasted at once are all run")
here.type("exit\n")
equal(here.end(), (0, True), "exit switches off: status 0, and the terminal is as before")

here = Terminal("make", "shell")
here.expect(PROMPT)
here.type("\x01x")
equal(here.end(), (0, True), "Ctrl-A X: the same")

here = Terminal("make", "shell", TIMEOUT="20")
here.expect(PROMPT)
here.command("sleep 21; echo still here", r"\nstill here\n", 60)
here.command("reboot", "")
equal(here.end(), (0, True), "TIMEOUT counts to the prompt only; reboot ends it as well")
done()
