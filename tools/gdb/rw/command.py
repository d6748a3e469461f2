"""How a command is made: a function whose docstring is its help. All of them are listed here."""
import contextlib

import gdb

from rw import kernel

COMMANDS = {}


@contextlib.contextmanager
def unpaged(kind):
    """A command that runs the machine is not to be held up by the pager; a listing may be."""
    paged = kind == gdb.COMMAND_RUNNING and gdb.parameter("pagination")
    if paged:
        gdb.execute("set pagination off")
    try:
        yield
    finally:
        if paged:
            gdb.execute("set pagination on")


def command(name, kind=gdb.COMMAND_DATA, live=True):
    """Register the decorated function(words) as gdb command @name.

    @live: it needs a machine, with the kernel its symbols describe.
    """
    def register(function):
        class Command(gdb.Command):
            __doc__ = function.__doc__

            def invoke(self, argument, _from_tty):
                words = gdb.string_to_argv(argument)
                if live:
                    kernel.connected()
                    from rw import session
                    session.check_symbols()
                try:
                    with unpaged(kind):
                        function(words)
                except gdb.error as error:      # gdb's own, without Python's dressing
                    raise gdb.GdbError(f"{name}: {error}")

        Command(name, kind)
        COMMANDS[name] = function.__doc__.strip().splitlines()[0]
        return function
    return register


def number(word, what="number"):
    """A number the user typed, or any expression of gdb's."""
    try:
        return int(word, 0)
    except ValueError:
        pass
    try:
        value = gdb.parse_and_eval(word)
        if value.type.code in (gdb.TYPE_CODE_FUNC, gdb.TYPE_CODE_ARRAY, gdb.TYPE_CODE_STRUCT):
            value = value.address       # named by where it is, as in C
        return int(value) & kernel.MASK
    except gdb.error as error:
        raise gdb.GdbError(f"{word}: no {what} ({error})")


def table(rows, gap="  "):
    """Print rows of words in columns; the last column is not padded."""
    rows = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]) - 1)] if rows else []
    for row in rows:
        print(gap.join([cell.ljust(width) for cell, width in zip(row, widths)] + row[-1:])
              .rstrip())


@command("ringwalk", gdb.COMMAND_USER, live=False)
def ringwalk(words):
    """ringwalk [attach TARGET | start PROGRAM]: connect, or list ringwalk's commands

`ringwalk` alone lists the commands this kernel's gdb scripts add.
`ringwalk attach TARGET` connects to QEMU's gdbstub: a path of a Unix socket or HOST:PORT. It
refuses a kernel that is not the one the symbols were read from.
`ringwalk start PROGRAM` runs until the main() of PROGRAM, a static ELF file of this machine's,
is about to start as a task of ringwalk's, and loads its symbols."""
    from rw import session
    if not words:
        table([(name, text.partition(": ")[2]) for name, text in sorted(COMMANDS.items())])
    elif words[0] == "attach" and len(words) == 2:
        session.attach(words[1])
    elif words[0] == "start" and len(words) == 2:
        session.start(words[1])
    else:
        raise gdb.GdbError("expected: ringwalk, ringwalk attach TARGET or ringwalk start PROGRAM")
