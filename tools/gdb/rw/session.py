"""One session: connect, make sure the symbols are those of the running kernel, run to main()."""
import os
import struct

import gdb

from rw import kernel, run
from rw.program import Program

NOTE = struct.Struct("<III4s")      # ELF: sizes of name and contents, type, name
NT_GNU_BUILD_ID = 3
MULTIBOOT2 = bytes.fromhex("d65052e8")   # every ringwalk kernel's text starts with it
PT_LOAD = 1
EHDR = struct.Struct("<16sHHIQQQIHHHHHH")
PHDR = struct.Struct("<IIQQQQQQ")


class State:
    """What we know of this session."""
    checked = False         # the symbols are the running kernel's
    program = None          # the Program under study
    comm = None             # and what the kernel calls its task
    pid = None


state = State()

# --- are the symbols those of the running kernel? ---------------------------------------------


def parse_note(data):
    """The build id in a note, as hex; None when @data is no such note."""
    namesz, descsz, kind, name = NOTE.unpack(data[:NOTE.size])
    if (namesz, kind, name) != (4, NT_GNU_BUILD_ID, b"GNU\0") or not 8 <= descsz <= 64:
        return None
    return data[NOTE.size:NOTE.size + descsz].hex()


def physical(at):
    """The physical address of kernel symbol @at, from the ELF file's program headers."""
    with open(kernel.objfile().filename, "rb") as file:
        ehdr = EHDR.unpack(file.read(EHDR.size))
        file.seek(ehdr[5])
        for _ in range(ehdr[10]):
            kind, _, _, vaddr, paddr, _, memsz, _ = PHDR.unpack(file.read(PHDR.size))
            if kind == PT_LOAD and vaddr <= at < vaddr + memsz:
                return paddr + at - vaddr
    return None


def read_physical(at, size):
    """Memory as the machine has it, by QEMU's own packet; works without page tables."""
    gdb.execute("maintenance packet Qqemu.PhyMemMode:1", to_string=True)
    try:
        return kernel.read(at, size)
    finally:
        gdb.execute("maintenance packet Qqemu.PhyMemMode:0", to_string=True)


def running_id():
    """The build id in the machine's memory: hex; '' when no kernel is loaded yet; None: none."""
    start, at = physical(kernel.address("_stext")), physical(kernel.address("__start_build_id"))
    if start is None or at is None:
        return None
    if read_physical(start, 4) != MULTIBOOT2:
        return ""
    return parse_note(read_physical(at, NOTE.size + 64))


def check_symbols():
    """Raise unless the kernel in the machine is the one our symbols were made from."""
    if state.checked:
        return
    ours = kernel.objfile().build_id
    if not ours or not kernel.has("__start_build_id"):
        raise gdb.GdbError(f"{kernel.objfile().filename} has no build id: build it by `make`")
    theirs = running_id()
    if theirs == "":
        return                  # GRUB has not loaded it yet: ask again later
    if theirs != ours:
        raise gdb.GdbError(
            "the symbols do not match the running kernel:\n"
            f"  {kernel.objfile().filename} is build {ours}\n"
            f"  the machine runs {'build ' + theirs if theirs else 'something else'}\n"
            "Was it built again meanwhile? Start both sides anew, from the same file.")
    state.checked = True

# --- connect, and run to main() -----------------------------------------------------------------


def attach(target):
    kernel.objfile()
    state.checked = False
    state.program = state.comm = state.pid = None
    try:
        with run.quiet():
            gdb.execute(f"target remote {target}", to_string=True)
    except gdb.error as error:
        raise gdb.GdbError(f"{target}: {error}. Is a machine running there? "
                           "`make gdb-server` starts one")
    try:
        check_symbols()
    except gdb.GdbError:
        gdb.execute("disconnect", to_string=True)
        raise
    run.forget()


def about_to_exec():
    """At begin_new_exec(bprm, entry, sp): is it the program under study?

    Arguments are taken from the registers the ABI puts them in: not every compiler tells where
    they are at a function's first instruction.
    """
    kind = kernel.ctype("struct linux_binprm", "begin_new_exec").pointer()
    name = kernel.text(gdb.Value(kernel.register("rdi")).cast(kind)["filename"])
    return os.path.basename(name) == os.path.basename(state.program.path)


def main_address(program):
    """Where the program's main() is, else its entry point; and which of both."""
    for name in ("main", "_start"):
        if program.address(name) is not None:
            return program.address(name), name + "()"
    return program.entry + program.bias, "its first instruction (it has no symbols)"


def is_mine():
    """Does the task under study run now?"""
    task = kernel.current()
    return task is not None and state.pid is not None and int(task["pid"]) == state.pid and \
        kernel.text(task["comm"]) == state.comm


class Mine(gdb.Function):
    """$mine(): is the task under study the one that runs? For conditions of breakpoints."""

    def __init__(self):
        super().__init__("mine")

    def invoke(self):
        return is_mine()


Mine()


def start(path):
    kernel.connected()
    check_symbols()
    state.program = Program(os.path.realpath(path))
    state.comm = os.path.basename(path)[:15]        # TASK_COMM_LEN, less the NUL
    run.until([run.Place(kernel.address("begin_new_exec"), about_to_exec)],
              lost=f"{path} was never started: init runs another program?")
    state.checked = False
    check_symbols()
    state.pid = int(kernel.need_current()["pid"])
    state.program.bias = kernel.register("rsi") - state.program.entry
    gdb.execute(f"add-symbol-file {state.program.path} -o {state.program.bias:#x}", to_string=True)
    at, name = main_address(state.program)
    run.until([run.Place(at, is_mine)], lost=f"{path} never came to {name}")
    if run.recorded():
        run.snapshot("main")
        run.EndOfRecording()
    print(f"{state.comm} (pid {state.pid}) at {name}, in ring 3. "
          "`ringwalk` lists the commands, `help NAME` explains one.")
    run.here()
