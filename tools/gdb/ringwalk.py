"""gdb commands for ringwalk: `source tools/gdb/ringwalk.py`, which `make gdb` does for you.

`ringwalk` lists the commands, `help NAME` explains one. They use only the kernel's symbols and
types: no offset is written down here. Needs gdb 12 with Python 3, and QEMU's gdbstub.
"""
import os
import re
import sys

import gdb

sys.dont_write_bytecode = True
FOLDER = os.path.dirname(os.path.realpath(os.path.expanduser(__file__)))
GDB = re.search(r"(\d+)\.\d+", gdb.VERSION)

if GDB and int(GDB[1]) < 12:
    raise gdb.GdbError(f"ringwalk: gdb {gdb.VERSION} is too old: 12 or newer is needed")
if FOLDER not in sys.path:
    sys.path.insert(0, FOLDER)
for name in [name for name in sys.modules if name == "rw" or name.startswith("rw.")]:
    del sys.modules[name]           # sourced again: take the files as they are now

from rw import breakpoints, chain, console, crossing, frames, gate, objects, pagetable, ring, \
    session, steps, watch  # noqa: E402,F401  each registers its commands
