"""What the tests of tests/host share: TAP, running commands, programs for the guest.

A test is a list of ok(), equal() and match() calls and ends with done(). One that dies before
done() has printed no plan, and prove counts it as failed. Nothing is skipped because a part of
the project is missing: what is not built fails.
"""
import os
import platform
import re
import signal
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
NAME = os.path.splitext(os.path.basename(sys.argv[0]))[0]
BUILD = os.path.join(TOP, "build", "tests")
LOG = os.path.join(BUILD, NAME + ".log")        # tools/exec's, one per test: two run at once
EXEC, QEMU = os.path.join(TOP, "tools", "exec"), os.path.join(TOP, "tools", "qemu")

# The compilers that make static Linux programs here, and what a Linux program is built with.
COMPILERS = ["musl-gcc", "gcc"] if platform.machine() in ("x86_64", "amd64") else \
    ["x86_64-linux-gnu-gcc"]
CFLAGS = ["-static", "-O2", "-Wall", "-std=gnu17"]

# What the caller of `make test` has set must not reach the runs that are tested.
KNOBS = ["MEM", "TIMEOUT", "ICOUNT", "DETERMINISTIC", "ACCEL", "APPEND", "QEMU_EXTRA", "T", "V",
         "UPDATE", "MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "PROG", "ARGS"]

os.makedirs(BUILD, exist_ok=True)
os.chdir(TOP)

# --- TAP ------------------------------------------------------------------------------------

count = failed = 0


def note(text):
    """A diagnostic: prove shows it beside the failure."""
    for line in str(text).splitlines():
        print("# " + line, file=sys.stderr, flush=True)


def ok(good, name, why=""):
    """One test. @why: printed when it fails."""
    global count, failed
    count += 1
    failed += not good
    print(f"{'ok' if good else 'not ok'} {count} - {name.replace('#', '')}", flush=True)
    if not good:
        note(f"failed: {name}\n{why}")
    return good


def skip(name, reason):
    global count
    count += 1
    print(f"ok {count} - {name} # SKIP {reason}", flush=True)


def shorten(value):
    text = repr(value)
    return text if len(text) < 2000 else text[:1000] + " ... " + text[-900:]


def equal(got, want, name, why=""):
    return ok(got == want, name, f"     got {shorten(got)}\nexpected {shorten(want)}\n{why}")


def match(text, pattern, name):
    return ok(re.search(pattern, text), name, f"expected /{pattern}/ in:\n{text[-3000:]}")


def done():
    print(f"1..{count}", flush=True)
    sys.exit(1 if failed else 0)

# --- running --------------------------------------------------------------------------------


class Result:
    """How a command ended: status (negative: by that signal), out, err, both bytes; text, both."""

    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err
        self.text = (out + err).decode(errors="replace")


def environment(extra):
    """Our environment without the knobs, with a TIMEOUT, with @extra."""
    env = {key: value for key, value in os.environ.items() if key not in KNOBS}
    return {**env, "TIMEOUT": "60", **extra}


def run(command, stdin=b"", env=None, limit=150, cwd=TOP, clean=False):
    """Run a command to its end. @stdin: bytes; None closes it. @clean: @env is all there is."""
    process = subprocess.Popen(command, cwd=cwd, env=env if clean else environment(env or {}),
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
    try:
        out, err = process.communicate(stdin, limit)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGTERM)     # the tools end their QEMU on that
        out, err = process.communicate()
        err += f"\n(ended after {limit} seconds)".encode()
    return Result(process.returncode, out, err)


def guest(program, *args, options=(), **how):
    """Run a program by tools/exec."""
    return run([EXEC, f"--log={LOG}", *options, program, *args], **how)


def comes_back(source, scenarios, what, seconds):
    """
    Run a program that measures @scenarios by the counters of /proc (tests/guest/counters.h): each of them must have
    left nothing behind. @what: the name of the result that all were run.
    """
    result = guest(build(source), env={"TIMEOUT": str(seconds)})
    lines = result.out.decode(errors="replace").splitlines()
    for line in lines:
        name, _, verdict = line.rpartition(": ")
        match(verdict, "^[0-9]+ rounds, clean$", f"{name}: all comes back")
    equal((result.status, len(lines)), (0, scenarios), what, result.text[-2000:])


def boot(*options, **how):
    """Boot by tools/qemu; without options, the ISO."""
    return run([QEMU, "run", *options], **how)


def build(source, compiler=COMPILERS[0], flags=()):
    """Compile tests/SOURCE.c or a path to build/tests/. Returns the program's path, or fails."""
    path = os.path.join(TOP, source)
    program = os.path.join(BUILD, f"{os.path.splitext(os.path.basename(path))[0]}-{compiler}")
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        made = os.path.join(folder, "program")
        result = run([compiler, *CFLAGS, *flags, "-o", made, path])
        if result.status == 0:
            os.rename(made, program)    # whole or not at all: another test may build it too
    if result.status or result.err:
        ok(False, f"{compiler} compiles {source} without a word", result.text)
    return program
