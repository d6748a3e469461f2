"""gdb's side of a session: find a gdb that knows Python, and run it. Used by tools/gdb-run."""
import os
import re
import shutil
import signal
import subprocess
import termios

from vm.knobs import Failure
from vm.machine import die_with_parent

OLDEST = 12
TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
SCRIPT = os.path.join(TOP, "tools", "gdb", "ringwalk.py")


def check():
    """The gdb to run. Raises Failure where it is missing, too old or has no Python."""
    gdb = os.environ.get("GDB") or "gdb"
    if not shutil.which(gdb):
        raise Failure(f"{gdb} is not installed (tools/setup test installs it)")
    asked = subprocess.run(
        [gdb, "-nx", "-batch", "-ex", "python print('python', gdb.VERSION, "
         "gdb.lookup_static_symbol is not None)"], stdin=subprocess.DEVNULL, capture_output=True,
        text=True, errors="replace")
    match = re.search(r"^python \D*(\d+)\.", asked.stdout, re.M)
    if not match:
        raise Failure(f"{gdb} has no Python, which ringwalk's commands are written in: "
                      "install your distribution's full gdb, or name another by GDB=")
    if int(match[1]) < OLDEST:
        raise Failure(f"{gdb} is version {match[1]}: {OLDEST} or newer is needed")
    if "x86-64" not in subprocess.run(
            [gdb, "-nx", "-batch", "-ex", "set architecture i386:x86-64", "-ex",
             "show architecture"], stdin=subprocess.DEVNULL, capture_output=True, text=True,
            errors="replace").stdout:
        raise Failure(f"{gdb} does not know x86-64: install gdb-multiarch, and say "
                      "GDB=gdb-multiarch")
    return gdb


def run(gdb, kernel, target, program, words, console=""):
    """Run gdb on @kernel, connected to @target, at the main() of @program. Returns its status.

    Ctrl-C is gdb's: it interrupts the guest. @words: more arguments of gdb's.
    """
    environment = dict(os.environ, RINGWALK_CONSOLE=console)
    command = [gdb, "-q", "-iex", "set confirm off", "-iex", "set debuginfod enabled off"]
    if "-batch" in words:
        command += ["-batch", "-nx"]
        words = [word for word in words if word != "-batch"]
    command += [kernel, "-ex", f"source {SCRIPT}", "-ex", f"ringwalk attach {target}",
                "-ex", f"ringwalk start {program}", *words]
    terminal = termios.tcgetattr(0) if os.isatty(0) else None
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    process = subprocess.Popen(command, env=environment, preexec_fn=ours)
    try:
        return process.wait()
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        if terminal:            # gdb may have ended in the middle of a line
            signal.signal(signal.SIGTTOU, signal.SIG_IGN)
            termios.tcsetattr(0, termios.TCSADRAIN, terminal)


def ours():
    """In gdb, before it starts: it ends with us, and Ctrl-C is its again."""
    die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
