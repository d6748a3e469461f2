"""The knobs of a run, which come as environment variables (make passes its own on that way).

Used by machine.py, tools/qemu and tools/exec. Everything here raises Failure, in words, for a
value that makes no sense; nothing is silently corrected.
"""
import os
import re
import shlex

KNOBS = """\
environment:
  MEM=128M            memory of the machine: N, NM or NG (N alone is MiB)
  TIMEOUT=SECONDS     give up after that long
  ICOUNT=1            the clock counts instructions: -icount shift=0
  DETERMINISTIC=1     every run takes the very same steps
  ACCEL=tcg|kvm       kvm is faster and counts nothing
  APPEND="WORDS"      added to the kernel command line
  QEMU_EXTRA="ARGS"   added to QEMU's own command line
  QEMU=PROGRAM        the QEMU to run, default qemu-system-x86_64"""


class Failure(Exception):
    """Something the user must hear about, in words; we end with status 125."""


def flag(name):
    return os.environ.get(name, "") not in ("", "0")


def memory():
    """MEM in bytes. Raises Failure when it is not a size."""
    text = os.environ.get("MEM") or "128M"
    match = re.fullmatch(r"([0-9]+)([MmGg]?)", text)
    size = int(match[1]) << (30 if match[2] in ("G", "g") else 20) if match else 0
    if not 1 << 20 <= size <= 64 << 30:
        raise Failure(f"MEM={text}: expected a size from 1M to 64G, such as 8M, 128M or 1G")
    return size


def timeout():
    """TIMEOUT in seconds, None when there is none. Raises Failure when it is not a time."""
    text = os.environ.get("TIMEOUT", "")
    if text == "":
        return None
    if not re.fullmatch(r"[0-9]+(\.[0-9]*)?|\.[0-9]+", text) or not 0 < float(text) <= 1e6:
        raise Failure(f"TIMEOUT={text}: expected a number of seconds, such as 60")
    return float(text)


def accelerator():
    """QEMU's arguments for ACCEL, ICOUNT and DETERMINISTIC."""
    accel = os.environ.get("ACCEL") or "tcg"
    counted = flag("ICOUNT") or flag("DETERMINISTIC")
    if accel == "kvm":
        if counted:
            raise Failure("ACCEL=kvm counts no instructions: drop it, or ICOUNT/DETERMINISTIC")
        if not os.access("/dev/kvm", os.R_OK | os.W_OK):
            raise Failure("ACCEL=kvm: /dev/kvm is not there or not yours to open")
    elif accel != "tcg":
        raise Failure(f"ACCEL={accel}: expected tcg or kvm")
    args = ["-accel", accel]
    if flag("DETERMINISTIC"):
        args += ["-icount", "shift=0,sleep=off", "-seed", "1",
                 "-rtc", "base=2020-01-01T00:00:00,clock=vm"]
    elif counted:
        args += ["-icount", "shift=0"]
    return args


def extra():
    try:
        return shlex.split(os.environ.get("QEMU_EXTRA", ""))
    except ValueError as error:
        raise Failure(f"QEMU_EXTRA: {error}")


def command_line(*words):
    """The kernel command line: our words, then APPEND's."""
    return " ".join(word for word in (*words, os.environ.get("APPEND", "")) if word)
