#!/usr/bin/env python3
"""The terminal on the serial line, typed at: editing, signals, flow control, a paste, raw mode, jobs."""
import os
import pty
import re
import select
import signal
import subprocess
import termios
import time
import tty

from lib import BUILD, EXEC, LOG, build, done, environment, equal, guest, match, ok, run

PROGRAM = build("tests/guest/terminal.c")


class Typist:
    """A program on the guest's terminal, with us at the keys."""

    def __init__(self, *command, env=None):
        self.master, slave = pty.openpty()
        tty.setraw(slave)
        self.text = b""
        self.process = subprocess.Popen([EXEC, f"--log={LOG}", "-t", *command], stdin=slave, stdout=slave,
                                        stderr=slave, env=environment({"TIMEOUT": "200", **(env or {})}), start_new_session=True)
        os.close(slave)

    def read(self, limit):
        """What comes within @limit seconds; False: nothing does."""
        if not select.select([self.master], [], [], limit)[0]:
            return False
        try:
            data = os.read(self.master, 65536)
        except OSError:
            return False
        self.text = (self.text + data).replace(b"\r\r\n", b"\r\n")     # the host's terminal adds one
        return bool(data)

    def expect(self, words, limit=30):
        """Read on until @words come. False: they do not."""
        end = time.monotonic() + limit
        while words not in self.text and time.monotonic() < end:
            if not self.read(end - time.monotonic()):
                break
        return words in self.text

    def type(self, keys):
        self.text = b""
        while keys:
            select.select([], [self.master], [], 30)
            keys = keys[os.write(self.master, keys[:512]):]
            self.read(0)

    def end(self):
        """The exit status; all that was still said is in self.text."""
        while self.read(10):
            pass
        try:
            status = self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGTERM)
            status = self.process.wait()
        os.close(self.master)
        return status


def types(typist, keys, words, name):
    typist.type(keys)
    ok(typist.expect(words), name, f"{typist.text[-1000:]}, not {words}")


# --- lines ---
typist = Typist(PROGRAM, "lines")
ok(typist.expect(b"ready\r\n"), "a program waits for lines", typist.text)
types(typist, b"hello\r", b"hello\r\n<6:hello>\r\n", "a line, echoed and read")
types(typist, b"helo\x7flo\r", b"helo\b \blo\r\n<6:hello>\r\n", "with an erased character")
types(typist, b"one two\x17\x15three\r", b"three\r\n<6:three>", "with a word, then the line, erased")
types(typist, b"ab\x12c\r", b"ab^R\r\nabc\r\n<4:abc>", "shown once more")
types(typist, b"a\x16\x03b\r", b"a^\b^Cb\r\n<4:a\x03b>", "with a ^C that is none")
types(typist, b"part\x04", b"part<4:part>\r\n", "^D behind a part of a line")
typist.type(b"\x04")
equal((typist.end(), typist.text.endswith(b"end\r\n")), (0, True), "^D is the end of the file", typist.text)

# --- signals ---
typist = Typist(PROGRAM, "signals")
typist.expect(b"ready\r\n")
types(typist, b"lost\x03", b"lost^C[SIGINT]\r\n", "^C")
types(typist, b"\x1c", b"^\\[SIGQUIT]\r\n", "^\\")
types(typist, b"\x1a", b"^Z[SIGTSTP]\r\n", "^Z")
types(typist, b"kept\r", b"<5:kept>", "what was typed before ^C is gone")
typist.type(b"\x04")
equal(typist.end(), 0, "... and the program goes on to its end")

# --- flow control, and a write that never ends ---
typist = Typist(PROGRAM, "flood")
ok(typist.expect(b"line 100 "), "a program writes without end", typist.text[-300:])
typist.type(b"\x13")
while typist.read(1):
    pass
typist.text = b""
ok(not typist.read(1.5), "^S stops it", typist.text[:300])
types(typist, b"\x11", b" of many that", "^Q lets it go on")
typist.type(b"\x03")
equal(typist.end(), 128 + signal.SIGINT, "^C ends it", typist.text[-300:])

# --- more than the reader takes ---
paste = b"".join(b"line %d of a paste\n" % n for n in range(600))
checksum = 0
for byte in paste:
    checksum = (checksum * 31 + byte) & (1 << 64) - 1
typist = Typist(PROGRAM, "slow")
typist.expect(b"ready\r\n")
typist.type(paste + b".\n")
ok(typist.expect(b"bytes, sum"), "a paste is read to its end", typist.text[-300:])
typist.end()
match(typist.text.decode(errors="replace"), f"{len(paste)} bytes, sum {checksum:x}\r\n", "... and nothing of it is lost")

# --- raw ---
typist = Typist(PROGRAM, "raw")
typist.expect(b"ready\r\n")
types(typist, b"\x03\x1a\x04\r\n\x7f\xff\x00\x13\x11", b"03 1a 04 0d 0a 7f ff 00 13 11 ", "raw mode: all keys are data")
typist.type(b"q")
equal(typist.end(), 0, "... until the program ends")

# --- jobs ---
typist = Typist(PROGRAM, "jobs")
typist.expect(b"ready\r\n")
types(typist, b"first\r", b"<6:first>", "a job in the foreground reads")
types(typist, b"\x1a", b"stopped by 20\r\n", "^Z stops it")
types(typist, b"second\r", b"<7:second>", "it goes on, and reads")
types(typist, b"\x03", b"ended by 2\r\n", "^C ends it, and not its parent")
equal(typist.end(), 0, "... which ends by itself")

# --- what one pty costs among 1,000 ---
result = guest(PROGRAM, "cost", env={"ICOUNT": "1", "TIMEOUT": "120"})
found = re.findall(r"among \d+: made and closed (\d+), moved (\d+)", result.text)
few, many = found if len(found) == 2 else (("0", "0"), ("0", "0"))
ok(0 < int(many[0]) <= int(few[0]) * 1.1 + 500, "making and closing one costs the same among 1,000", result.text)
ok(0 < int(many[1]) <= int(few[1]) * 1.05 + 100, "... and so do writing and reading", result.text)

# --- busybox's shell: jobs, and vi ---
BUSYBOX = os.path.join(BUILD, "..", "busybox")
result = run(["make", "build/busybox"])
ok(os.path.getsize(BUSYBOX) > 0, "there is a busybox", result.text)
typist = Typist(f"--file={BUSYBOX}:/bin/busybox", BUSYBOX, "sh", "-i", env={"PS1": "@ "})
ok(typist.expect(b"@ "), "a shell's prompt", typist.text)
ok(b"job control" not in typist.text, "... with job control", typist.text)
types(typist, b"echo $((6*7))\r", b"\r\n42\r\n", "a command")
types(typist, b"/bin/busybox sleep 100\r", b"sleep 100\r\n", "a job")
time.sleep(1)
types(typist, b"\x1a", b"Stopped", "^Z")
types(typist, b"jobs\r", b"sleep 100", "jobs")
types(typist, b"fg\r", b"sleep 100\r\n", "fg")
time.sleep(1)
types(typist, b"\x03", b"@ ", "^C")
types(typist, b"ecx\x7fho dit\x1b[D\x1b[D\x1b[De\x05ed\r", b"\r\nedited\r\n", "a line that is edited by the shell itself")
types(typist, b"\x1b[A\r", b"\r\nedited\r\n", "the last command once more")
types(typist, b"/bin/busybox vi /note\r", b"/note 1/1", "vi")
types(typist, b"iwritten in vi", b"in vi", "... shows what is typed")
types(typist, b"\x1b", b"- /note [Modified]", "... takes a lone escape for one")
types(typist, b":wq\r", b"@ ", "... ends")
types(typist, b"read -r x </note; echo \"<$x>\"\r", b"\r\n<written in vi>\r\n", "... wrote a file")
types(typist, b"/bin/busybox cat /dev/tty &\r", b"@ ", "a job in the background")
time.sleep(1)
types(typist, b"jobs\r", b"Stopped (tty input)", "... may not read")
types(typist, b"exit 7\r", b"You have stopped jobs.", "... and the shell is not left for now")
typist.type(b"exit 7\r")
equal(typist.end(), 7, "exit", typist.text[-300:])
done()
