"""What is taken from a student's tree, and what it is compared with: the tree as it was handed out."""
import fnmatch
import hashlib
import io
import os
import re
import subprocess
import sys
import tarfile

import sandbox
from vm.knobs import Failure

NAME = re.compile(r"[A-Za-z0-9_+.-]+(/[A-Za-z0-9_+.-]+)*")      # nothing that make or a shell would expand
FILE_LIMIT, FILES_LIMIT = 1 << 20, 64                           # bytes of one file taken; how many
NEVER = ("Makefile", "linker.ld", "tools/*", "labs/*", "tests/*", "build/*", ".git/*", ".lab")


def git(top, *words):
    ran = subprocess.run(["git", "-c", f"safe.directory={top}", "-c", "core.fsmonitor=false", *words], cwd=top,
                         stdin=subprocess.DEVNULL, capture_output=True)
    if ran.returncode:
        raise Failure(f"git {words[0]}: {ran.stderr.decode(errors='replace').strip()}")
    return ran.stdout


def is_taken(name, patterns):
    """Is this file the student's to write?"""
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns) and \
        not any(fnmatch.fnmatchcase(name, pattern) for pattern in NEVER)


def files(top):
    """The paths of the files of a tree, without what is built and git's own. No link is followed."""
    for folder, folders, names in os.walk(top):
        inside = os.path.relpath(folder, top)
        folders[:] = sorted(name for name in folders if not os.path.islink(os.path.join(folder, name)) and
                            (inside != "." or name not in (".git", "build")))
        for name in sorted(names):
            path = os.path.join(folder, name)
            if os.path.isfile(path) and not os.path.islink(path):
                yield os.path.normpath(os.path.join(inside, name))


def collect(top, patterns):
    """({path: bytes}, remarks): the files taken from a tree, CRLF line ends made LF."""
    taken, remarks = {}, []
    for name in files(top):
        if not is_taken(name, patterns):
            continue
        if not NAME.fullmatch(name) or os.path.getsize(os.path.join(top, name)) > FILE_LIMIT:
            remarks.append(f"not taken, for its name or size: {name!r}")
        elif len(taken) >= FILES_LIMIT:
            remarks.append(f"not taken, more than {FILES_LIMIT} files: {name}")
        else:
            with open(os.path.join(top, name), "rb") as file:
                content = file.read()
            if b"\r\n" in content:
                remarks.append(f"line ends of DOS (CRLF) read as line ends of Unix: {name}")
            taken[name] = content.replace(b"\r\n", b"\n")
    return taken, remarks


def handed_out(top):
    """The commit in which the student got the tree: the first one."""
    return git(top, "rev-list", "--max-parents=0", "HEAD").decode().split()[-1]


def unpack(top, commit, where):
    """The files of a commit, written to the folder @where."""
    os.makedirs(where)
    with tarfile.open(fileobj=io.BytesIO(git(top, "archive", commit))) as archive:
        archive.extractall(where)


def base_folder(commit, cache):
    """Where in @cache the files of @commit and what this compiler made of them belong."""
    version = subprocess.run([os.environ.get("CC") or "gcc", "--version"], capture_output=True).stdout
    return os.path.join(cache, hashlib.sha256(commit.encode() + version).hexdigest()[:16])


def base(top, commit, cache):
    """A folder with the files of @commit and their kernel built; made when it is not in @cache yet."""
    where = base_folder(commit, cache)
    if not os.path.exists(where):
        os.makedirs(cache, exist_ok=True)
        sys.stderr.write("Building the tree as it was handed out; this is done once.\n")
        unpack(top, commit, f"{where}.{os.getpid()}")
        sandbox.make_base(f"{where}.{os.getpid()}")
        try:
            os.rename(f"{where}.{os.getpid()}", where)
        except OSError:                 # somebody else was first
            pass
    return where


def changed(taken, base_tree):
    """The files among those taken that are not as handed out."""
    found = {}
    for name, content in taken.items():
        path = os.path.join(base_tree, name)
        if os.path.exists(path):
            with open(path, "rb") as file:
                if file.read() == content:
                    continue
        found[name] = content
    return found


def unused(top, base_tree, patterns):
    """What the student changed, added or removed besides the files that are taken, in words.

    The answers to a handout's questions, answers.md, are for the instructor to read: nothing is said of them.
    """
    ours, theirs = set(files(base_tree)), set(files(top))
    found = []
    for name in sorted(theirs):
        if is_taken(name, patterns) or name.endswith((".o", ".pyc")) or name in (".lab", "answers.md"):
            continue
        if name not in ours:
            found.append("added: " + name)
        elif not same(os.path.join(top, name), os.path.join(base_tree, name)):
            found.append("changed: " + name)
    missing = ours - theirs
    if missing:
        found.append(f"removed: {min(missing)}" + (f" and {len(missing) - 1} more" if len(missing) > 1 else ""))
    return found


def same(one, other):
    with open(one, "rb") as first, open(other, "rb") as second:
        return first.read().replace(b"\r\n", b"\n") == second.read().replace(b"\r\n", b"\n")
