"""Boot ringwalk with a program, go to where the recording begins, record, and collect what is shown."""
import contextlib
import os
import subprocess
import tempfile

from vm import initrd, knobs, machine as vm, relay
from vm.knobs import Failure

from page import binary, layout
from page.memory import Memory
from page.recorder import Recorder
from page.rsp import NAMES, Stub

ENVIRONMENT = ("PATH=/bin", "HOME=/", "TERM=linux")
FDS_SHOWN = 8


class Setting:
    """prefix: of the binutils. build: the folder with the kernel. limit: MAX, see recorder.py."""

    def __init__(self, prefix, build, limit):
        self.prefix, self.limit = prefix, limit
        self.folder = os.path.join(build, "record")     # for what is kept between runs
        self.kernel = os.path.join(build, "kernel.elf")
        self.initramfs = os.path.join(build, "initramfs.cpio")
        self.again = os.path.join(self.folder, "again")


class Result:
    """A recording: .recorder, .memory, .kernel, .program (Binary), .types, .roots, .caches, .output."""


def files_for(machine):
    """Let the ports of the debug console end in files. Returns {channel: path}."""
    paths = {}
    for channel, port in (("log", vm.PORT_LOG), ("out", vm.PORT_OUT), ("err", vm.PORT_ERR)):
        paths[channel] = os.path.join(machine.dir, channel)
        machine.debugcon(channel, port, paths[channel])
    return paths


ICOUNT = "shift=0,sleep=off,rr={mode},rrfile={file}"
RUN_SECONDS = 60            # a run that is to be recorded may take


def machine_for(setting, image, mode, file):
    """A machine that takes the very same steps each time, not started. @mode: record or replay.

    Its clock counts instructions, and jumps to the next timer when the CPU is stopped: so an interrupt
    follows each stop of the run that is logged (inject()). While the log is replayed none is added.
    """
    os.environ.pop("ICOUNT", None)
    os.environ.pop("DETERMINISTIC", None)
    machine = vm.Machine()
    machine.args += ["-icount", ICOUNT.format(mode=mode, file=file), "-seed", "1",
                     "-rtc", "base=2020-01-01T00:00:00,clock=vm", "-kernel", setting.kernel,
                     "-initrd", image, "-append", knobs.command_line("console=debugcon"),
                     "-serial", "null", "-serial", "null"]
    machine.paths = files_for(machine)
    return machine


def with_stub(machine):
    """Give the machine a gdbstub that waits at power-on. Returns its path."""
    path = os.path.join(machine.dir, "gdb")
    machine.args += ["-S", "-gdb", f"unix:{path},server=on,wait=off"]
    return path


def started(machine, path):
    """Start the machine, and connect to its gdbstub."""
    machine.start(subprocess.DEVNULL, background=True)
    if not relay.wait_for(path, machine.process):
        raise Failure("QEMU did not start: its reason stands above")
    return Stub(path)


def inject(setting, stub, scenario, path, types):
    """While the run is logged: let the functions fail that are to fail. The replay does the same."""
    kernel = binary.Binary(setting.prefix, setting.kernel)
    go_to_program(stub, kernel, path, types)
    for name, (value, _) in scenario.inject.items():
        stub.run_to(kernel.functions[name])
        stub.return_now(value)
    stub.detach()


@contextlib.contextmanager
def logged(setting, scenario, program, argv, types):
    """Run the program once, from power-on to power-off, while QEMU logs when each interrupt comes.

    Yields (the image, QEMU's log, {channel: what the program printed}).
    """
    initrd.check_program(program)
    vm.check_files(setting.kernel, setting.initramfs, setting.again)
    with tempfile.TemporaryDirectory(prefix="ringwalk-") as folder:
        guest = "/exec/bin/" + os.path.basename(program)
        image = initrd.build(folder, setting.initramfs, [setting.again, guest, *argv], ENVIRONMENT,
                             files=[(program, guest)])
        vm.check_memory(setting.kernel, image)
        file = os.path.join(folder, "rr")
        with machine_for(setting, image, "record", file) as machine:
            if scenario.inject:
                path = with_stub(machine)
                inject(setting, started(machine, path), scenario, program, types)
            else:
                machine.start(subprocess.DEVNULL, background=True)
            if not relay.wait_end(machine, RUN_SECONDS):
                raise Failure(f"the program did not end within {RUN_SECONDS} seconds; it has no input")
            machine.verdict()       # raises in words, but for a program that ended, however it did
            output = {}
            for channel in ("out", "err"):
                with open(machine.paths[channel], encoding="utf-8", errors="replace") as text:
                    output[channel] = text.read()
        yield image, file, output      # of both runs: see again.c


@contextlib.contextmanager
def replayed(setting, image, file, extra=()):
    """The logged run once more, stopped at power-on: (machine, its gdbstub)."""
    with machine_for(setting, image, "replay", file) as machine:
        path = with_stub(machine)
        machine.args += extra
        yield machine, started(machine, path)


def go_to_program(stub, kernel, path, types):
    """Run until the kernel has loaded the program for the second time: again.c runs it twice.
    Returns its first instruction."""
    filename = layout.offset(types, "struct linux_binprm", "filename")
    runs = 0
    while runs < 2:
        stub.run_to(kernel.functions["begin_new_exec"])
        regs = dict(zip(NAMES, stub.registers()))
        name = stub.string(stub.word(regs["rdi"] + filename))
        runs += name == "/exec/bin/" + os.path.basename(path)
        stub.step()                     # off the breakpoint
    return regs["rsi"]


def go_to(stub, kernel, path, types, begin, prefix):
    """Run until the program is at the first instruction of its function @begin. Returns its Binary."""
    entry = go_to_program(stub, kernel, path, types)
    program = binary.Binary(prefix, path, entry - vm.elf.read(path)[1])
    program.disassemble()
    wanted = program.functions.get(begin)
    if wanted is None and begin != "main":
        raise Failure(f"{path} has no function {begin}()")
    stub.run_to(wanted if wanted is not None else entry)
    return program


def kernel_of(setting, stub, folder):
    """The kernel's Binary, with the instructions that the machine has in memory."""
    kernel = binary.Binary(setting.prefix, setting.kernel)
    stub.run_to(kernel.functions["begin_new_exec"])         # by now it has patched itself
    copy = os.path.join(folder, "patched.elf")
    binary.patched_copy(kernel, stub.read, copy)
    kernel.disassemble(copy)
    return kernel


# --- what was there before ---


class Roots:
    """The objects that exist when the recording begins, found as the kernel would find them."""

    def __init__(self, stub, memory, kernel, types):
        self.stub, self.memory, self.kernel, self.types = stub, memory, kernel, types
        self.found = []

    def add(self, name, kind, at):
        if at and self.memory.track(at, self.types[kind]["size"]):
            self.found.append({"name": name, "type": kind, "at": f"{at:x}"})
        return at

    def field(self, at, kind, *members):
        return self.stub.word(at + layout.offset(self.types, kind, *members))

    def collect(self):
        percpu = self.add("percpu", "struct percpu", self.kernel.objects["percpu"])
        task = self.add("current", "struct task_struct",
                        self.field(percpu, "struct percpu", "current_task"))
        self.add("credentials", "struct cred", self.field(task, "struct task_struct", "cred"))
        files = self.add("descriptors", "struct files_struct",
                         self.field(task, "struct task_struct", "files"))
        table = self.add("descriptor table", "struct fdtable",
                         self.field(files, "struct files_struct", "fdt"))
        for fd in range(FDS_SHOWN):
            slots = self.field(table, "struct fdtable", "fd")
            self.memory.track(slots, 8 * FDS_SHOWN)
            self.memory.track(self.field(table, "struct fdtable", "open_fds"), 8)
            self.open_file(fd, self.stub.word(slots + 8 * fd))
        return self.found

    def open_file(self, fd, file):
        if not file or any(root["at"] == f"{file:x}" for root in self.found):
            return
        self.add(f"file of descriptor {fd}", "struct file", file)
        dentry = self.field(file, "struct file", "f_path", "dentry")
        self.add(f"dentry of descriptor {fd}", "struct dentry", dentry)
        name = self.field(dentry, "struct dentry", "d_name", "name")
        self.memory.track(name, 16)


def slab_caches(stub, memory, kernel, types):
    """[{name, at, type, size}] of every slab cache, in order of creation."""
    head, kind = kernel.objects["slab_caches"], "struct kmem_cache"
    offset = layout.offset(types, kind, "list")
    found, link = [], stub.word(head)
    while link != head:
        cache = link - offset
        name = stub.string(stub.word(cache + layout.offset(types, kind, "name")))
        memory.track(cache, types[kind]["size"])
        size = stub.word(cache + layout.offset(types, kind, "object_size")) & 0xffffffff
        found.append({"name": name, "at": f"{cache:x}", "size": size, "type": layout.CACHES.get(name)})
        link = stub.word(link)
    return found


def stack_of(stub, kernel, types, roots):
    """(lowest byte, size) of the task's kernel stack."""
    task = next(int(root["at"], 16) for root in roots if root["name"] == "current")
    low = stub.word(task + layout.offset(types, "struct task_struct", "stack"))
    return low, kernel.objects["boot_stack_top"] - kernel.objects["boot_stack"]


def record(setting, scenario, path, argv):
    """The recording of one scenario, with the program @path. Returns a Result."""
    result = Result()
    result.scenario, result.types = scenario, layout.load(setting.kernel, setting.folder)
    with logged(setting, scenario, path, argv, result.types) as (image, file, output), \
            replayed(setting, image, file) as (machine, stub):
        result.kernel = kernel = kernel_of(setting, stub, machine.dir)
        stub.step()                     # off the breakpoint
        result.program = go_to(stub, kernel, path, result.types, scenario.begin, setting.prefix)
        result.memory = memory = Memory(stub)
        result.recorder = Recorder(stub, memory, kernel, result.program,
                                   {name: value for name, (value, _) in scenario.inject.items()}, setting.limit)
        result.roots = Roots(stub, memory, kernel, result.types).collect()
        result.caches = slab_caches(stub, memory, kernel, result.types)
        result.stack = stack_of(stub, kernel, result.types, result.roots)
        result.recorder.record()
        result.output = output
    return result
