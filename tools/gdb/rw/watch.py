"""`who-wrote`: backwards to the instruction that gave a place in memory its value."""
import gdb

from rw import kernel, run
from rw.command import command

TRIES = 16      # QEMU may report a store some instructions late; an exact report follows


def watch_back(at, size):
    """Go back to behind the last store QEMU knows of. False: there is none."""
    before = run.icount()
    watch = gdb.Breakpoint(f"*(char (*)[{size}]) {at:#x}", type=gdb.BP_WATCHPOINT,
                           wp_class=gdb.WP_WRITE, internal=True)
    watch.silent = True
    try:
        run.move("continue", back=True)
    finally:
        if watch.is_valid():
            watch.delete()
    now = run.icount()
    return now is not None and 1 < now < before


@command("who-wrote", gdb.COMMAND_RUNNING)
def who_wrote(words):
    """who-wrote EXPRESSION: go back to the instruction that last changed EXPRESSION

In a recorded run (`make rewind`): runs backwards until the value of EXPRESSION, something in
memory such as sock->ops, changes, and stops before the store that wrote it: `stepi` does it again.
The same by hand: `watch -l EXPRESSION`, `reverse-continue`."""
    if not words:
        raise gdb.GdbError("who-wrote what? expected an expression, such as sock->ops")
    run.need_recording()
    try:
        value = gdb.parse_and_eval(" ".join(words))
        value.fetch_lazy()
    except gdb.error as error:
        raise gdb.GdbError(f"{' '.join(words)}: {error}")
    if value.address is None:
        raise gdb.GdbError(f"{' '.join(words)} is not in memory")
    at, size = int(value.address) & kernel.MASK, value.type.sizeof
    if size not in (1, 2, 4, 8):
        raise gdb.GdbError(f"{' '.join(words)} is {size} bytes: name one member of it")
    new, shown = kernel.read(at, size), value.format_string()
    run.stepi(back=True)        # reverse-continue passes by a store that stands right before us
    for _ in range(TRIES):
        if kernel.read(at, size) != new:
            was = gdb.Value(at).cast(value.type.pointer()).dereference().format_string()
            print(f"{' '.join(words)} became {shown}; before it was {was}. Written by:")
            run.here()
            gdb.execute("x/i $pc")
            return
        if not watch_back(at, size):
            break
        run.stepi(back=True)
    raise gdb.GdbError(f"{' '.join(words)} has been {shown} since the recording began, "
                       "which is where we are now")
