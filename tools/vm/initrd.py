"""The second cpio archive behind the initramfs: the program to run, its words, extra files.

Used by tools/exec and tools/gdb-run. /init finds the program by exec/path (user/init.c).
"""
import os
import shutil
import stat
import subprocess

from vm import elf
from vm.knobs import Failure

DATE = 1577836800                   # 2020-01-01, as in the Makefile


def check_program(path):
    try:
        elf.check_program(path)
    except elf.NotElf as why:
        raise Failure(f"{path} {why}")
    except OSError as error:
        raise Failure(f"{path}: {error.strerror}")


def strings(words):
    """NUL-terminated, one after the other."""
    return b"".join(os.fsencode(word) + b"\0" for word in words)


def place(tree, guest, host, mode=None):
    """Copy @host to @guest below @tree, with its mode unless one is given."""
    path = os.path.normpath(os.path.join(tree, guest.lstrip("/")))
    if os.path.commonpath([tree, path]) != tree or path == tree:
        raise Failure(f"--file: {guest} is no path for a file")
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        shutil.copyfile(host, path)
        os.chmod(path, mode or stat.S_IMODE(os.stat(host).st_mode))
    except OSError as error:
        raise Failure(f"{host}: {error.strerror}")


def archive(tree, same_dates=True):
    """The newc archive of @tree, made by cpio(1); parents come before what they hold.

    @same_dates: the same files give the same archive: their dates and inode numbers are not in it.
    """
    names = []
    for folder, folders, files in os.walk(tree):
        folders.sort()
        names += [os.path.relpath(os.path.join(folder, name), tree)
                  for name in folders + sorted(files)]
    names.sort()
    for name in names if same_dates else ():
        os.utime(os.path.join(tree, name), (DATE, DATE))
    try:
        made = subprocess.run(["cpio", "-o", "-0", "-H", "newc", "--quiet", "--reproducible",
                               "-R", "0:0"], cwd=tree, input=strings(names), capture_output=True,
                              check=True)
    except FileNotFoundError:
        raise Failure("cpio is not installed (tools/setup run installs it)")
    except subprocess.CalledProcessError as error:
        raise Failure("cpio: " + error.stderr.decode(errors="replace"))
    return made.stdout


def build(folder, initramfs, command, environment, tty=False, files=(), merged=False, root=None,
          strace=None):
    """The initramfs with archives behind it. Returns its path, in @folder.

    @command: the program's path here, and its arguments. @environment: NAME=VALUE words.
    @tty: it runs on the console. @files: (host, guest) pairs to copy as well.
    @merged: its fds 1 and 2 are one file. @root: a folder whose files are added to the root directory; the
    program's path is there then, in the guest. @strace: it is run by /bin/strace with these options.
    """
    tree = os.path.join(folder, "tree")
    os.makedirs(os.path.join(tree, "exec"))
    if root is None:
        guest = "/" + os.path.join("exec/bin", os.path.basename(command[0]))
        place(tree, guest, command[0], 0o755)
    else:
        guest = command[0]
    if strace is not None:
        command = ["strace", *strace, "--", guest, *command[1:]]
        guest = "/bin/strace"
    contents = {"path": strings([guest]), "argv": strings(command),
                "environ": strings(environment)}
    if tty:
        contents["tty"] = b""
    if merged:
        contents["merged"] = b""
    for name, content in contents.items():
        with open(os.path.join(tree, "exec", name), "wb") as file:
            file.write(content)
    for host, name in files:
        place(tree, name, host)
    path = os.path.join(folder, "initrd")
    shutil.copyfile(initramfs, path)
    with open(path, "r+b") as file:
        file.seek(0, os.SEEK_END)
        for part in ([archive(root, same_dates=False)] if root else []) + [archive(tree)]:
            file.write(b"\0" * (-file.tell() % 4))
            file.write(part)
    return path
