"""Breakpoints in ring 3 hold in the task under study only.

Every static program lies at the same addresses: /init would stop at them too. A breakpoint whose
places are all in the lower half gets the condition $mine(), in front of its own.
"""
import gdb

from rw import kernel, session


def places(breakpoint):
    try:
        return [location.address for location in breakpoint.locations]      # gdb 13
    except AttributeError:
        pass
    try:
        return [sal.pc for sal in gdb.decode_line(breakpoint.location)[1] or ()]
    except gdb.error:
        return []


def scope(breakpoint):
    if not session.state.comm or breakpoint.number < 0 or "$mine()" in (breakpoint.condition or ""):
        return
    if breakpoint.type not in (gdb.BP_BREAKPOINT, getattr(gdb, "BP_HARDWARE_BREAKPOINT", None)):
        return
    at = places(breakpoint)
    if at and all(address and address < kernel.USER_END for address in at):
        own = breakpoint.condition
        breakpoint.condition = f"$mine() && ({own})" if own else "$mine()"


gdb.events.breakpoint_created.connect(scope)
gdb.events.breakpoint_modified.connect(scope)
