"""The machine in which a student's kernel runs, seen and driven from outside. Runs inside gdb.

QEMU counts instructions (-icount shift=0,sleep=off): one instruction is one nanosecond of guest time,
idle time is skipped, and the same kernel takes the same steps in each run. gdb sets breakpoints through
QEMU's gdbstub, which under TCG writes nothing into the guest's memory. QMP, on a second socket, reports
why the machine stopped. Before the first test the machine is stopped at the first instruction of
`stage` behind its preparations; a snapshot is taken there, and each test starts from it.
"""
import json
import os
import socket
import struct
import subprocess
import threading
import time

import gdb

import evidence
from vm import qcow2
from vm.machine import die_with_parent

MEMORY = "64M"

# The judge's clock: a HPET, which the kernel does not use. It is started from outside before the guest
# is. When a breakpoint stops the machine, QEMU moves guest time on to whatever timer is due next, as if
# the CPU were idle; so a timer of the HPET that interrupts nobody is due soon at any time.
HPET = 0xFED00000
HPET_CONFIG, HPET_COUNTER, HPET_TIMER0, HPET_COMPARE0 = HPET + 0x10, HPET + 0xF0, HPET + 0x100, HPET + 0x108
HPET_TICK = 10                      # ns
HPET_PERIODIC = 0x48                # and the next write to the comparator sets the period
HPET_PERIOD = 100_000 // HPET_TICK

BOOT_LIMIT = 500_000_000            # guest time, ns: thirty times of what a boot takes
POLL = 0.03                         # seconds between two looks at the guest's clock
WALL_LIMIT = 60                     # seconds on the host: then nothing is said about the kernel
EXIT_PANIC = 3                      # see tools/vm/machine.py
HALT_PANIC = 1                      # argument of the kernel's machine_halt()

PANIC, TRIPLE_FAULT, HANG, TOO_SLOW, OFF = "PANIC", "TRIPLE FAULT", "HANG", "host too slow", "OFF"


class Ended(Exception):
    """The guest does not go on. word: how it ended; frames: where it was, when that is known."""

    def __init__(self, word, text, frames=()):
        super().__init__(text)
        self.word, self.text, self.frames = word, text, list(frames)


class Qmp:
    """QEMU's control socket."""

    def __init__(self, ours):
        """@ours: our end of the socket whose other end QEMU has."""
        self.socket = ours
        self.file = self.socket.makefile("rw")
        self.lock = threading.Lock()
        self.events = []
        self.file.readline()
        self.run("qmp_capabilities")

    def run(self, command, **arguments):
        """The command's result. Raises OSError when QEMU is gone."""
        with self.lock:
            try:
                self.file.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
                self.file.flush()
                while True:
                    answer = json.loads(self.file.readline())
                    if "event" not in answer:
                        return answer.get("return")
                    self.events.append(answer)
            except ValueError:
                raise OSError("QEMU is gone")

    def monitor(self, line):
        return self.run("human-monitor-command", **{"command-line": line})

    def clock(self):
        """Guest time in ns since power-on; also while the guest runs."""
        words = self.monitor(f"xp /2wx {HPET_COUNTER:#x}").split()
        return (int(words[1], 16) | int(words[2], 16) << 32) * HPET_TICK

    def reset_reason(self):
        """Why the machine was shut down, when it was."""
        self.run("query-status")                # collects the events
        return next((event["data"]["reason"] for event in self.events
                     if event["event"] == "SHUTDOWN"), None)

    def close(self):
        try:
            self.file.close()
        except OSError:                 # something was not sent when QEMU ended
            pass
        self.socket.close()


class Watch(threading.Thread):
    """Stops the guest when it has used up its guest time, whether it loops or waits."""

    def __init__(self, qmp, deadline):
        super().__init__(daemon=True)
        self.qmp, self.deadline = qmp, deadline
        self.end = threading.Event()
        self.reason = None

    def run(self):
        started = time.monotonic()
        try:
            while not self.end.wait(POLL):
                if self.qmp.clock() > self.deadline:
                    self.reason = HANG
                elif time.monotonic() - started > WALL_LIMIT:
                    self.reason = TOO_SLOW
                if self.reason and not self.end.is_set():
                    self.qmp.run("stop")
                    return
        except OSError:
            pass

    def finish(self):
        self.end.set()
        self.join()


class Guest:
    """One QEMU after the other; each runs the same kernel."""

    def __init__(self, job, stage, symbols):
        """@job: see trial.py. @stage: {label: address}. @symbols: {name: [addresses]} of the kernel."""
        self.kernel, self.initrd, self.folder, self.qemu = \
            job["kernel"], job["initrd"], job["folder"], job["qemu"]
        self.stage, self.functions = stage, evidence.Functions(symbols)
        self.halt = self.functions.address("machine_halt")      # where a panic ends
        self.process = self.qmp = self.task = None
        self.spoiled = False                    # this machine cannot go back to its snapshot
        self.breakpoints = {}                   # address: gdb.Breakpoint
        self.log_path = self.path("log")
        self.reset_path = self.path("reset")
        self.log_start = self.boot_log = 0      # lengths of the log, bytes
        gdb.events.stop.connect(self.note_stop)
        self.signal = None
        for words in ("confirm off", "pagination off", "breakpoint always-inserted on",
                      "width 0", "language c", "remotetimeout 60", "tcp connect-timeout 60"):
            gdb.execute("set " + words)

    def note_stop(self, event):
        self.signal = getattr(event, "stop_signal", None)

    # --- on and off ---------------------------------------------------------------------------

    def arguments(self, qmp):
        """QEMU's command line. @qmp: the fd of its control socket."""
        path = self.path
        return [self.qemu, "-machine", "pc", "-cpu", "max", "-m", MEMORY, "-accel", "tcg",
                "-icount", "shift=0,sleep=off", "-seed", "1",
                "-rtc", "base=2020-01-01T00:00:00,clock=vm",
                "-nodefaults", "-no-user-config", "-no-reboot", "-action", "shutdown=pause",
                "-display", "none", "-vga", "none", "-nic", "none",
                "-global", "apic-common.vapic=off",
                "-device", "isa-debug-exit,iobase=0xf4,iosize=4",
                "-kernel", self.kernel, "-initrd", self.initrd, "-append", "console=debugcon",
                "-chardev", f"file,id=log,path={self.log_path}",
                "-device", "isa-debugcon,chardev=log,iobase=0xe9",
                "-d", "cpu_reset", "-D", self.reset_path,
                "-drive", f"file={path('snapshots')},if=none,id=snapshots,format=qcow2",
                "-S", "-gdb", f"unix:{path('gdb')},server=on,wait=off",
                "-chardev", f"socket,id=qmp,fd={qmp}", "-mon", "chardev=qmp,mode=control"]

    def path(self, name):
        return os.path.join(self.folder, name)

    def power_on(self):
        """A new machine, stopped at its first instruction."""
        self.power_off()
        if os.path.exists(self.path("gdb")):
            os.unlink(self.path("gdb"))
        qcow2.create(self.path("snapshots"))
        ours, theirs = socket.socketpair()
        with theirs, open(self.path("qemu.err"), "w", encoding="utf-8") as errors:
            self.process = subprocess.Popen(self.arguments(theirs.fileno()), stdin=subprocess.DEVNULL,
                                            stdout=errors, stderr=errors, preexec_fn=die_with_parent,
                                            pass_fds=[theirs.fileno()])
        try:
            self.qmp = Qmp(ours)            # it answers when its other sockets are there
        except OSError:
            with open(self.path("qemu.err"), encoding="utf-8") as errors:
                raise RuntimeError("QEMU does not start: " + errors.read())
        gdb.execute("target remote " + self.path("gdb"), to_string=True)
        gdb.execute("maint packet Qqemu.PhyMemMode:1", to_string=True)
        for address, value in ((HPET_TIMER0, HPET_PERIODIC), (HPET_COMPARE0, HPET_PERIOD),
                               (HPET_CONFIG, 1)):
            gdb.selected_inferior().write_memory(address, struct.pack("<I", value))
        gdb.execute("maint packet Qqemu.PhyMemMode:0", to_string=True)

    def power_off(self):
        if not self.process:
            return
        self.process.kill()
        self.process.wait()
        self.qmp.close()
        try:
            gdb.execute("disconnect", to_string=True)
        except gdb.error:
            pass
        self.clear()                            # gdb has no machine now in which they could be
        self.process = None

    def killed(self):
        """Has somebody on the host ended QEMU? This says nothing about the kernel."""
        return (self.process.poll() or 0) < 0

    def boot(self):
        """From power-on to `stage`, and take the snapshot. Raises Ended when it does not get there."""
        self.spoiled = True                     # until it is known to boot
        self.power_on()
        self.log_start = self.boot_log = 0
        self.run([self.stage["stage_ready"]], BOOT_LIMIT, "it does not get to ring 3")
        self.spoiled = False
        self.boot_log = os.path.getsize(self.log_path)
        self.task = evidence.current()
        self.qmp.monitor("savevm ready")

    def fresh(self):
        """The machine as it was when `stage` had just started."""
        if not self.process or self.spoiled or self.process.poll() is not None:
            self.boot()
        else:
            self.clear()
            self.qmp.events.clear()
            self.qmp.monitor("loadvm ready")
            gdb.execute("maint flush register-cache", to_string=True)
        self.log_start = os.path.getsize(self.log_path)

    def log(self):
        """The kernel's log, as text: of the boot, and of this test."""
        with open(self.log_path, "rb") as file:
            text = file.read().replace(b"\r", b"")
        return [part.decode(errors="replace") for part in (text[:self.boot_log], text[self.log_start:])]

    # --- running ------------------------------------------------------------------------------

    def stop_at(self, addresses):
        """Exactly these breakpoints are set."""
        for address in set(self.breakpoints) - set(addresses):
            self.breakpoints.pop(address).delete()
        for address in addresses:
            if address not in self.breakpoints:
                self.breakpoints[address] = gdb.Breakpoint(
                    f"*{address:#x}", type=gdb.BP_HARDWARE_BREAKPOINT, internal=True)

    def clear(self):
        self.stop_at(())

    def run(self, addresses, end, late=""):
        """Run until one of the addresses is reached, and return it. Raises Ended.

        @end: guest time, ns since power-on, after which it hangs. @late: the words for that.
        """
        self.stop_at({*addresses, self.halt})
        watch = Watch(self.qmp, end)
        watch.start()
        self.signal = None
        try:
            gdb.execute("continue", to_string=True)
            alive = True
        except gdb.error:
            alive = False                       # the connection is gone, and so is QEMU
        finally:
            watch.finish()
        if not alive or self.process.poll() is not None or not gdb.selected_inferior().pid:
            self.exited()
        pc = self.pc()
        if self.signal is None and pc == self.halt and pc not in addresses:
            self.halted()
        if self.signal is None and pc in addresses and self.qmp.clock() <= end:
            return pc
        if self.qmp.reset_reason():
            self.shut_down()
        if watch.reason == TOO_SLOW:
            raise Ended(TOO_SLOW, f"the guest's time was not used up after {WALL_LIMIT} seconds")
        raise Ended(HANG, late)

    def step(self):
        """Execute one instruction; interrupts wait. Returns rip. Raises Ended."""
        self.clear()
        gdb.execute("stepi", to_string=True)
        if self.qmp.reset_reason():
            self.shut_down()
        return self.pc()

    def halted(self):
        """The guest is about to end QEMU."""
        self.spoiled = True
        if self.register("rdi") & 0xFF == HALT_PANIC:
            raise Ended(PANIC, "the kernel panicked", evidence.backtrace(self))
        raise Ended(OFF, "the kernel switched the machine off", evidence.backtrace(self))

    def exited(self):
        """QEMU has ended by itself: the guest wrote to isa-debug-exit."""
        self.spoiled = True
        status = self.process.wait(10)
        if status == EXIT_PANIC:
            raise Ended(PANIC, "the kernel panicked")
        if status < 0:                          # somebody on the host did that
            raise Ended(TOO_SLOW, "QEMU was ended from outside")
        raise Ended(OFF, "the kernel switched the machine off")

    def shut_down(self):
        self.spoiled = True
        with open(self.reset_path, encoding="ascii", errors="replace") as file:
            triple = "Triple fault" in file.read()
        if triple:
            raise Ended(TRIPLE_FAULT, "an exception came while the CPU could not deliver another",
                        evidence.backtrace(self))
        raise Ended(OFF, "the kernel reset the machine", evidence.backtrace(self))

    # --- looking ------------------------------------------------------------------------------

    def pc(self):
        return self.register("rip")

    def register(self, name):
        """A register's value, unsigned."""
        return int(gdb.parse_and_eval("$" + name).format_string(format="x"), 16)

