"""One QEMU run, from its arguments to the verdict on how it ended.

Used by tools/qemu and tools/exec. The machine: a PC with one CPU, serial lines, ports of the
debug console and isa-debug-exit; no disk but the boot image, no display, no network.
Whatever happens to us, QEMU ends with us.
"""
import ctypes
import fcntl
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import termios
import time

from vm import elf
from vm.knobs import Failure, accelerator, extra, memory, timeout

FAILED = 125            # our exit status when the program has none to report
SIGPIPE_STATUS = 141    # what a shell says of a program whose reader went away

# The ports of the debug console (QEMU's isa-debugcon): the guest writes, the host reads.
PORT_LOG, PORT_OUT, PORT_ERR, PORT_STATUS, PORT_FILES = 0xE9, 0x2A0, 0x2A1, 0x2A2, 0x2A3

# What isa-debug-exit makes of the two values the kernel writes to it (2n + 1).
EXIT_POWER_OFF, EXIT_PANIC = 1, 3

LIBC = ctypes.CDLL(None)
MAIN_PID = os.getpid()


class Interrupted(Exception):
    """A signal asked us to end. args[0] is its number."""


def check_files(*paths):
    for path in paths:
        if not os.access(path, os.R_OK) or not os.path.isfile(path):
            raise Failure(f"{path} is not there (or not readable): `make` builds it")


def check_memory(kernel, initramfs):
    """Raise Failure unless both fit in MEM. Less than that, and nobody is there to say so."""
    end = elf.physical_end(kernel)
    size = os.path.getsize(initramfs)
    if end + size > memory():
        raise Failure(f"MEM={os.environ.get('MEM')} is too small: the kernel ends at "
                      f"{end >> 10} KiB of memory and the initramfs takes {size >> 10} KiB")


def open_standard_fds():
    """Give fds 0-2 a meaning when the caller closed them, or our pipes would take their place."""
    while (fd := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(fd)


def die_with_parent():
    """In the child: ask Linux for SIGKILL when our parent dies, be it by SIGKILL itself."""
    if sys.platform == "linux":
        parent = os.getppid()
        LIBC.prctl(1, signal.SIGKILL)       # PR_SET_PDEATHSIG
        if parent != MAIN_PID:              # it died before the line above
            os._exit(1)


class Machine:
    """A QEMU to be started once. Use as a context manager: leaving it ends QEMU, always."""

    def __init__(self):
        self.process = None
        self.inherited = []             # fds QEMU gets
        self.state = None               # the terminal as it was
        self.reported = b""             # what came on the status channel
        self.deadline = None
        self.shell = False              # does one follow what is reported?
        self.extra = extra()
        self.args = [os.environ.get("QEMU") or "qemu-system-x86_64",
                     "-machine", "pc", "-cpu", "max", "-m", f"{memory() >> 20}M",
                     *accelerator(), "-nodefaults", "-no-user-config", "-no-reboot",
                     "-display", "none", "-vga", "none", "-nic", "none",
                     "-device", "isa-debug-exit,iobase=0xf4,iosize=4"]
        self.dir = tempfile.mkdtemp(prefix="ringwalk-")     # after all that can fail
        self.reset_log = os.path.join(self.dir, "reset.log")
        if not {"-d", "-D"} & set(self.extra):      # this is how a triple fault is noticed
            self.args += ["-d", "cpu_reset", "-D", self.reset_log]
        self.status = self.channel("status", PORT_STATUS)

    def __enter__(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, interrupt)
        return self

    def __exit__(self, *_):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)   # nothing may cut short what follows
        self.kill()
        self.restore_terminal()
        shutil.rmtree(self.dir, ignore_errors=True)

    def pipe(self):
        """A pipe out of QEMU. Returns (the fd we read, the name its other end has in QEMU)."""
        reader, writer = os.pipe()
        self.inherited.append(writer)
        self.args += ["-add-fd", f"fd={writer},set={writer}"]
        return reader, f"/dev/fdset/{writer}"

    def chardev(self, name, path):
        self.args += ["-chardev", f"file,id={name},path={path},append=on"]

    def debugcon(self, name, port, path):
        """Let a port of the debug console write to the pipe @path."""
        self.chardev(name, path)
        self.args += ["-device", f"isa-debugcon,chardev={name},iobase={port:#x}"]

    def channel(self, name, port):
        """A port of the debug console with a pipe of its own. Returns the fd we read."""
        reader, path = self.pipe()
        self.debugcon(name, port, path)
        return reader

    def terminal(self):
        """COM1 is the caller's stdin and stdout. Ctrl-A X leaves, Ctrl-C goes to the guest."""
        if os.isatty(0):
            self.state = termios.tcgetattr(0)
        self.flags = [fcntl.fcntl(fd, fcntl.F_GETFL) for fd in (0, 1)]
        self.args += ["-chardev", "stdio,id=com1,mux=on,signal=off",
                      "-serial", "chardev:com1", "-mon", "chardev=com1,mode=readline"]

    def tell(self, name, value):
        """Let the guest read opt/ringwalk/@name, through QEMU's fw_cfg."""
        self.args += ["-fw_cfg", f"name=opt/ringwalk/{name},string={value}"]

    def for_person(self, proof):
        """A shell follows, when this is a terminal: tell the guest its size and kind."""
        if not proof:
            self.tell("proof", "no")
        self.shell = os.isatty(0) and os.isatty(1)
        if self.shell:
            size = os.get_terminal_size(1)
            term = re.sub("[^A-Za-z0-9+._-]", "", os.environ.get("TERM", "")) or "vt100"
            self.tell("terminal", f"{size.lines} {size.columns} {term}")

    def restore_terminal(self):
        """QEMU does so too, but not when it is killed."""
        if hasattr(self, "flags"):
            for fd, flags in enumerate(self.flags):
                fcntl.fcntl(fd, fcntl.F_SETFL, flags)
        if self.state:
            signal.signal(signal.SIGTTOU, signal.SIG_IGN)
            termios.tcsetattr(0, termios.TCSADRAIN, self.state)

    def start(self, stdin=None, background=False):
        """Start QEMU. @stdin: as subprocess takes it; None is the caller's own.

        @background: away from the terminal, whose Ctrl-C is meant for somebody else.
        """
        if not self.shell:
            self.tell("terminal", "none")
        limit = timeout()
        try:
            self.process = subprocess.Popen(self.args + self.extra, stdin=stdin,
                                            pass_fds=self.inherited, preexec_fn=die_with_parent,
                                            start_new_session=background)
        except OSError as error:
            raise Failure(f"{self.args[0]} does not start: {error.strerror} "
                          "(tools/setup run installs it)")
        for fd in self.inherited:
            os.close(fd)
        self.deadline = time.monotonic() + limit if limit else None

    def left(self):
        """Milliseconds until TIMEOUT, for poll(); None when there is none."""
        if self.deadline is None:
            return None
        return max(0, int((self.deadline - time.monotonic()) * 1000))

    def kill(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def read_status(self):
        """Take what is on the status channel. False at its end, which is the end of QEMU."""
        data = os.read(self.status, 4096)
        self.reported += data
        if data and self.shell:
            self.deadline = None        # the rest of the time is the person's
        return bool(data)

    def wait(self):
        """Wait for the end. False on timeout. Raises BrokenPipeError when no one reads us."""
        poll = select.poll()
        poll.register(self.status, select.POLLIN)
        poll.register(1, 0)                 # POLLERR comes unasked
        while True:
            events = dict(poll.poll(self.left()))
            if not events:
                return False
            if self.status in events and not self.read_status():
                self.process.wait()
                return True
            if events.get(1, 0) & (select.POLLERR | select.POLLHUP):
                raise BrokenPipeError

    def verdict(self, in_time=True):
        """The program's exit status; Failure says why there is none. QEMU has ended or will."""
        self.kill()
        code = self.process.returncode
        if not in_time:
            raise Failure(f"no end after {os.environ['TIMEOUT']} seconds (TIMEOUT)")
        if code == EXIT_PANIC:
            raise Failure("the kernel panicked")
        if len(self.reported) == 1 and (code == EXIT_POWER_OFF or self.shell and self.left_by_key()):
            return self.reported[0]
        if code == EXIT_POWER_OFF and self.reset_text() == "":
            raise Failure("QEMU did not start: its reason stands above")
        if code == EXIT_POWER_OFF:
            raise Failure("the kernel powered off without reporting an exit status"
                          if not self.reported else
                          f"{len(self.reported)} bytes on the status channel, expected one")
        if code < 0:
            raise Failure(f"QEMU was killed by {signal.Signals(-code).name}")
        if code == 0:
            raise Failure(self.quiet_end())
        raise Failure(f"QEMU failed with status {code}")

    def reset_text(self):
        """What QEMU noted of CPU resets; None when QEMU_EXTRA took its log for itself."""
        if self.reset_log not in self.args:
            return None
        try:
            with open(self.reset_log, errors="replace") as file:
                return file.read()
        except OSError:
            return ""

    def left_by_key(self):
        """QEMU ended with 0, as it does for a triple fault and for Ctrl-A X: was it the latter?"""
        return self.process.returncode == 0 and "Triple fault" not in (self.reset_text() or "")

    def quiet_end(self):
        """Why QEMU ended with 0."""
        if self.left_by_key():
            return "ended by Ctrl-A X, by GRUB, or reset by the guest: no exit status"
        return "triple fault: an exception came when the kernel could take none " \
               "(QEMU_EXTRA='-d int,cpu_reset -D qemu.log' records which)"


def interrupt(number, _frame):
    raise Interrupted(number)


def main(name, function):
    """Run a tool: function(argv) returns the exit status; failures become words and 125."""
    open_standard_fds()
    try:
        status = function(sys.argv[1:])
    except Failure as failure:
        sys.stderr.write(f"{name}: {failure}\n")
        status = FAILED
    except BrokenPipeError:
        status = SIGPIPE_STATUS
    except Interrupted as caught:
        signal.signal(caught.args[0], signal.SIG_DFL)
        os.kill(os.getpid(), caught.args[0])
    sys.stderr = None           # flushed already; a closed one must not change the status
    os._exit(status)
