"""How `bt` shows the frames of assembly: their names, and the callers of functions under a probe.

Where the caller of assembly code is, gdb reads in the kernel's call frame information
(kernel/cpu/cfi.inc). Two things are not in it. gdb prints "<signal handler called>" for a frame
that interrupted another: here it gets its function's name. And a function with a return probe
returns to arch_rethook_trampoline: its real return address is in the task's list of watched calls.
"""
import re

import gdb
from gdb.FrameDecorator import FrameDecorator
from gdb.unwinder import Unwinder

from rw import kernel

TRAMPOLINE = "arch_rethook_trampoline"
KEPT = "rax rbx rcx rdx rsi rdi rbp rsp r8 r9 r10 r11 r12 r13 r14 r15 eflags cs ss".split()


class Named(FrameDecorator):
    """A frame of assembly, with its function and the line of the call in it."""

    def __init__(self, frame):
        super().__init__(frame)
        self.called = gdb.find_pc_line(self.inferior_frame().pc() - 1)

    def function(self):
        return re.match(r"\w+", kernel.name_of(self.inferior_frame().pc()))[0]

    def filename(self):
        return self.called.symtab.filename if self.called.symtab else None

    def line(self):
        return self.called.line or None


class Names:
    """The frame filter."""

    def __init__(self):
        self.name, self.priority, self.enabled = "ringwalk", 100, True
        gdb.frame_filters[self.name] = self

    def filter(self, frames):
        trampoline = kernel.address(TRAMPOLINE)
        for each in frames:
            frame = each.inferior_frame()
            named = frame.type() == gdb.SIGTRAMP_FRAME or frame.pc() == trampoline
            yield Named(each) if named and frame.pc() >= kernel.USER_END else each


class FrameId:
    """What create_unwind_info() takes in place of gdb 14's own class."""

    def __init__(self, sp, pc):
        self.sp, self.pc = sp, pc


class Trampoline(Unwinder):
    """The caller of a function under a return probe."""

    def __init__(self):
        super().__init__("ringwalk-rethook")

    def __call__(self, frame):
        pc = int(frame.read_register("rip")) & kernel.MASK
        if pc != kernel.address(TRAMPOLINE):
            return None
        sp = int(frame.read_register("rsp")) & kernel.MASK
        back = return_address(sp - 8)
        if back is None:
            return None
        back = gdb.Value(back).cast(frame.read_register("rip").type)
        # The trampoline's own frame is here too while the handlers run: ours has another name.
        found = frame.create_unwind_info(FrameId(frame.read_register("rsp"), back))
        for name in KEPT:
            found.add_saved_register(name, frame.read_register(name))
        found.add_saved_register("rip", back)
        return found


def return_address(slot):
    """Where the watched call whose return address was on the stack at @slot goes back to."""
    kind = kernel.ctype("struct rethook_node", "rethook_trampoline_handler")
    for node in kernel.list_entries(kernel.need_current()["rethooks"], kind, "list"):
        back = int(node["ret_addr"]) & kernel.MASK
        if int(node["frame"]) & kernel.MASK == slot and back != kernel.address(TRAMPOLINE):
            return back
    return None


Names()
gdb.unwinder.register_unwinder(None, Trampoline(), replace=True)
