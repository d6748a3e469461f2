"""A client of QEMU's gdbstub: gdb's remote serial protocol over a Unix socket.

A packet is $TEXT#SUM; the other side acknowledges it with a plus sign. Numbers are hexadecimal,
bytes of memory and of registers two digits each. See gdb's manual, "Remote Protocol".
"""
import re
import socket
import time

from vm.knobs import Failure

READ_AT_ONCE = 2048         # bytes of memory in one answer: QEMU's packets hold 4,096 characters
SECONDS = 60                # we wait for an answer: as long as a boot to main() may take
SSTEP_ENABLE = 1            # of Qqemu.sstep; without SSTEP_NOIRQ and SSTEP_NOTIMER interrupts come

# The registers of a recording, in the order of its numbers.
GENERAL = "rax rbx rcx rdx rsi rdi rbp rsp r8 r9 r10 r11 r12 r13 r14 r15".split()
NAMES = GENERAL + "rip eflags cs ss fs_base gs_base k_gs_base cr2 cr3".split()


class NotMapped(Exception):
    """The address that was to be read has no memory behind it."""


class Stub:
    """A connection to the gdbstub at the Unix socket @path."""

    def __init__(self, path):
        self.socket = self.connect(path)
        self.buffer = b""
        self.layout = self.read_layout()
        self.command(f"Qqemu.sstep={SSTEP_ENABLE:#x}")

    @staticmethod
    def connect(path):
        """The file is there a moment before QEMU listens on it."""
        until = time.monotonic() + SECONDS
        while True:
            try:
                connection = socket.socket(socket.AF_UNIX)
                connection.settimeout(SECONDS)
                connection.connect(path)
                return connection
            except ConnectionRefusedError:
                connection.close()
                if time.monotonic() > until:
                    raise Failure("QEMU's gdbstub does not answer")
                time.sleep(0.01)

    # --- packets ---

    def send(self, text):
        data = text.encode()
        self.socket.sendall(b"+$%s#%02x" % (data, sum(data) & 255))

    def receive(self):
        """The text of the next packet."""
        while not (found := re.search(rb"\$([^#]*)#..", self.buffer, re.S)):
            try:
                data = self.socket.recv(65536)
            except TimeoutError:
                raise Failure(f"QEMU did not answer within {SECONDS} seconds")
            if not data:
                raise Failure("QEMU ended while it was being recorded")
            self.buffer += data
        self.buffer = self.buffer[found.end():]
        return found[1].decode()

    def ask(self, text):
        self.send(text)
        return self.receive()

    def command(self, text):
        if (answer := self.ask(text)) != "OK":
            raise Failure(f"QEMU's gdbstub answers {text} with {answer!r}")

    def monitor(self, text):
        """The output of a command of QEMU's monitor."""
        self.send("qRcmd," + text.encode().hex())
        output = b""
        while (answer := self.receive()) != "OK":
            if not answer.startswith("O"):
                raise Failure(f"QEMU's monitor answers {text!r} with {answer!r}")
            output += bytes.fromhex(answer[1:])
        return output.decode()

    # --- registers ---

    def read_feature(self, name):
        """A document of the target description."""
        text = ""
        while True:
            part = self.ask(f"qXfer:features:read:{name}:{len(text):x},ffb")
            text += part[1:]
            if part[:1] == "l":
                return text
            if part[:1] != "m":
                raise Failure(f"QEMU's gdbstub does not describe its registers: {part!r}")

    def read_layout(self):
        """{name: (number, first byte, bytes)} of the registers, as `g` answers with them."""
        names = re.findall(r'<xi:include href="([^"]+)"', self.read_feature("target.xml"))
        text = "".join(self.read_feature(name) for name in names)
        text = re.sub(r"(?s)<!--.*?-->", "", text)
        layout, at = {}, 0
        for number, tag in enumerate(re.findall(r"<reg ([^>]*)>", text)):
            fields = dict(re.findall(r'(\w+)="([^"]*)"', tag))
            size = int(fields["bitsize"]) // 8
            layout[fields["name"]] = number, at, size
            at += size
        missing = set(NAMES) - set(layout)
        if missing:
            raise Failure(f"QEMU's gdbstub does not show the registers {sorted(missing)}")
        return layout

    def parse(self, answer):
        """The registers of NAMES, in order, from the answer to `g`."""
        found = []
        for name in NAMES:
            _, at, size = self.layout[name]
            text = answer[2 * at:2 * (at + size)]
            found.append(int.from_bytes(bytes.fromhex(text), "little"))
        return found

    def registers(self):
        return self.parse(self.ask("g"))

    def set_register(self, name, value):
        number, _, size = self.layout[name]
        self.command(f"P{number:x}={value.to_bytes(size, 'little').hex()}")

    def return_now(self, value):
        """At the first instruction of a function: return at once, with @value in RAX."""
        regs = dict(zip(NAMES, self.registers()))
        for name, new in (("rip", self.word(regs["rsp"])), ("rsp", regs["rsp"] + 8), ("rax", value)):
            self.set_register(name, new & 0xffffffffffffffff)

    # --- memory ---

    @staticmethod
    def bytes_of(answer, at, size):
        if answer.startswith("E") or len(answer) != 2 * size:
            raise NotMapped(f"{at:#x}")
        return bytes.fromhex(answer)

    def read(self, at, size):
        """@size bytes at the virtual address @at. Raises NotMapped."""
        data = b""
        while len(data) < size:
            part = min(READ_AT_ONCE, size - len(data))
            here = at + len(data)
            data += self.bytes_of(self.ask(f"m{here:x},{part:x}"), here, part)
        return data

    def word(self, at):
        return int.from_bytes(self.read(at, 8), "little")

    def string(self, at, limit=64):
        return self.read(at, limit).split(b"\0")[0].decode(errors="replace")

    # --- running ---

    def step(self):
        """One instruction, or the delivery of one interrupt. Returns the registers after it."""
        answer = self.ask("s")
        if answer[:1] not in "TS":
            raise Failure(f"the machine ended in the middle of the recording ({answer})")
        return self.registers()

    def detach(self):
        """Leave the machine, which goes on."""
        self.command("D")
        self.socket.close()

    def run_to(self, *places):
        """Run until the CPU is about to execute the instruction at one of these addresses."""
        for at in places:
            self.command(f"Z1,{at:x},1")
        answer = self.ask("c")
        for at in places:
            self.command(f"z1,{at:x},1")
        if answer[:1] not in "TS":
            raise Failure("the program ended before it could be recorded: does it start at all?")

    def executed(self):
        """How many instructions the machine has executed since power-on, in a replay."""
        answer = self.monitor("info replay")
        if not (found := re.search(r"instruction count = (\d+)", answer)):
            raise Failure(f"QEMU does not tell how many instructions it has replayed: {answer!r}")
        return int(found[1])
