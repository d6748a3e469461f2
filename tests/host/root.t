#!/usr/bin/env python3
"""tools/exec --root and --out: a folder's files are there, a command runs among them, and what it changed comes back."""
import io
import os
import stat
import sys
import tempfile

from lib import BUILD, EXEC, LOG, TOP, done, equal, ok, run

sys.path.insert(0, os.path.join(TOP, "tools"))
from vm import unpack
from vm.knobs import Failure

BUSYBOX = os.path.join(BUILD, "..", "busybox")
SCRIPT = """#!/bin/sh
busybox cat >/copy
echo second >>/data/file
busybox mkdir -p /new/dir
echo deep >"/new/dir/a name"
busybox ln -s "a name" /new/dir/link
busybox chmod 640 /data/mode
busybox mkfifo /fifo
echo here >/tmp/file
busybox rm /data/gone
echo out; echo err >&2
exit 7
"""
FOLDER = tempfile.TemporaryDirectory(prefix="ringwalk-")
ROOT, OUT, ELSEWHERE = (os.path.join(FOLDER.name, name) for name in ("root", "out", "elsewhere"))


def write(path, text, mode=0o644):
    path = os.path.join(ROOT, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(text if isinstance(text, bytes) else text.encode())
    os.chmod(path, mode)


def launch(*words, **how):
    return run([EXEC, f"--log={LOG}", "-i", *words], **how)


def below(folder):
    return sorted(os.path.relpath(os.path.join(at, name), folder)
                  for at, folders, files in os.walk(folder) for name in folders + files)


def read(name):
    with open(os.path.join(OUT, name), "rb") as file:
        return file.read()


result = run(["make", "build/busybox"])
ok(os.path.getsize(BUSYBOX) > 0, "there is a busybox", result.text)
with open(BUSYBOX, "rb") as busybox:
    write("bin/busybox", busybox.read(), 0o755)
os.symlink("busybox", os.path.join(ROOT, "bin/sh"))
write("run.sh", SCRIPT, 0o755)
for name in ("file", "mode", "gone", "same"):
    write("data/" + name, "first\n")

given = bytes(range(256)) * 300
result = launch(f"--root={ROOT}", f"--out={OUT}", "--", "/bin/sh", "/run.sh", stdin=given)
equal(result.status, 7, "the command's status", result.text)
equal(result.out, b"out\n", "its stdout")
ok(result.err.startswith(b"err\n"), "its stderr", result.err)
ok(b"/fifo: not brought back" in result.err, "a FIFO that cannot be brought back is named", result.err)
equal(below(OUT), ["copy", "data", "data/file", "data/mode", "new", "new/dir", "new/dir/a name", "new/dir/link", "tmp",
                   "tmp/file"], "what has changed comes back, and nothing else")
equal(read("copy"), given, "stdin passes through, and 76,800 bytes come back")
equal(read("data/file"), b"first\nsecond\n", "a file that became longer")
equal(os.readlink(os.path.join(OUT, "new/dir/link")), "a name", "a symbolic link")
equal(stat.S_IMODE(os.stat(os.path.join(OUT, "data/mode")).st_mode), 0o640, "a mode")
result = launch(f"--root={ROOT}", "/run.sh", stdin=b"")
equal(result.status, 7, "a script is a program", result.text)
result = launch(f"--root={ROOT}", f"--out={OUT}", "/bin/busybox", "true")
equal((result.status, result.err), (0, b""), "into a folder that is there, and nothing changed")

# --- wrong use, in words ---
for words, want in (((f"--root={ROOT}/none", "/bin/sh"), "no folder"), ((f"--root={ROOT}", "bin/sh"), "begins with /"),
                    ((f"--out={BUSYBOX}/x", BUSYBOX, "true"), "Not a directory")):
    result = launch(*words)
    ok(result.status == 125 and want in result.text, f"{want}: refused in words", result.text)
result = launch(f"--root={ROOT}", "/bin/none")
ok(result.status == 127 and "/bin/none: No such file" in result.text, "a program that is not there: 127", result.text)

# --- a guest that means ill ---
os.mkdir(ELSEWHERE)


def entry(name, mode, contents=b""):
    name = name.encode() + b"\0"
    head = b"070701" + b"".join(b"%08x" % n for n in (1, mode, 0, 0, 1, 0, len(contents), 0, 0, 0, 0, len(name), 0))
    return head + name + b"\0" * (-(110 + len(name)) % 4) + contents + b"\0" * (-len(contents) % 4)


def extracted(*entries, end=entry("TRAILER!!!", 0)):
    """What is said of the archive, or None."""
    try:
        unpack.extract(io.BytesIO(b"".join(entries) + end), OUT)
    except Failure as failure:
        return str(failure)
    return None


for name in ("../x", "/x", "a/../../x", "a//x", "", ".", "a\0b"):
    ok("no name" in (extracted(entry(name, 0o100644, b"x")) or ""), f"a file named {name!r}")
ok("symbolic link" in (extracted(entry("away", 0o120777, ELSEWHERE.encode()), entry("away/x", 0o100644, b"x")) or ""),
   "a file behind a symbolic link of its own")
ok("to nothing" in (extracted(entry("nul", 0o120777, b"a\0b")) or ""), "a link whose text no link can have")
equal(extracted(entry("over", 0o120777, f"{ELSEWHERE}/x".encode()), entry("over", 0o100644, b"x")), None,
      "a file in place of a symbolic link")
equal(read("over"), b"x", "is a file then")
equal(below(ELSEWHERE), [], "nothing is written elsewhere")
ok("not brought" in (extracted(end=b"") or ""), "no archive")
ok("a part" in (extracted(entry("cut", 0o100644, b"x" * 100)[:-50], end=b"") or ""), "an archive that is cut short")
ok("not brought" in (extracted(end=b"0" * 110) or ""), "something else")
done()
