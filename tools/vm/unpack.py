"""Unpack the cpio archive that user/changed.c has written: the files that a run has made or changed.

The guest is not trusted: nothing is written outside of the folder, through a symbolic link or over one that
was there before. Used by tools/exec.
"""
import os
import stat

from vm.knobs import Failure

MAGIC = b"070701"
HEAD = 110                  # bytes: the magic number and 13 numbers of 8 hexadecimal digits


def entries(archive):
    """Each entry: (name, mode, date, contents). Failure when the archive ends early or is none."""
    archive.seek(0)
    while True:
        head = archive.read(HEAD)
        try:
            fields = [int(head[at:at + 8], 16) for at in range(6, HEAD, 8)]
        except ValueError:
            fields = []
        if not head.startswith(MAGIC) or len(fields) != 13:
            raise Failure("--out: the guest has not brought its files back")
        mode, date, size, length = fields[1], fields[5], fields[6], fields[11]
        name = archive.read(length + -(HEAD + length) % 4)[:length].rstrip(b"\0")
        if name == b"TRAILER!!!":
            return
        contents = archive.read(size + -size % 4)[:size]
        if len(contents) != size:
            raise Failure("--out: the guest has brought a part of its files only")
        yield os.fsdecode(name), mode, date, contents


def target(folder, name):
    """Where the file @name goes. Its folders are made; none of them is a symbolic link."""
    parts = name.split("/")
    if not all(parts) or {".", ".."} & set(parts) or "\0" in name:
        raise Failure(f"--out: {name!r} is no name for a file")
    path = folder
    for part in parts[:-1]:
        path = os.path.join(path, part)
        if os.path.islink(path):
            raise Failure(f"--out: {path} is a symbolic link")
        os.makedirs(path, exist_ok=True)
    return os.path.join(path, parts[-1])


def write(path, mode, date, contents):
    """Make what was there before give way, unless it is a folder that stays one."""
    if stat.S_ISDIR(mode):
        if os.path.islink(path) or os.path.isfile(path):
            os.unlink(path)
        os.makedirs(path, exist_ok=True)
        return
    if os.path.lexists(path) and (os.path.islink(path) or not os.path.isdir(path)):
        os.unlink(path)
    if stat.S_ISLNK(mode):
        if not contents or b"\0" in contents:
            raise Failure(f"--out: {path} is a symbolic link to nothing")
        os.symlink(os.fsdecode(contents), path)
        return
    with open(path, "xb") as file:
        file.write(contents)
    os.chmod(path, stat.S_IMODE(mode) & 0o777)
    os.utime(path, (date, date))


def extract(archive, folder):
    """Write what the file @archive holds below @folder, which is made. Modes of folders come last."""
    modes = []
    try:
        os.makedirs(folder, exist_ok=True)
        for name, mode, date, contents in entries(archive):
            path = target(folder, name)
            write(path, mode, date, contents)
            if stat.S_ISDIR(mode):
                modes.append((path, stat.S_IMODE(mode) & 0o777))
        for path, mode in reversed(modes):
            os.chmod(path, mode)
    except OSError as error:
        raise Failure(f"--out: {error.filename or folder}: {error.strerror}")
