"""What the tests of the labs share: this tree's files, and student trees that need no full build."""
import os
import shutil
import sys

from lib import TOP, run

sys.path.insert(0, os.path.join(TOP, "tools", "labs"))
import cut      # noqa: E402, F401  (for those who include this file)


def tracked():
    listed = run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]).out.decode()
    return [name for name in listed.split("\0")[:-1] if os.path.isfile(name)]


def read(path):
    with open(os.path.join(TOP, path), encoding="utf-8") as file:
        return file.read()


def read_bytes(path):
    with open(path, "rb") as file:
        return file.read()


def same_dates(tree):
    """Give each file of @tree that is as ours the date of ours, and each other one that of now."""
    for name in tracked():
        there = os.path.join(tree, name)
        if os.path.isfile(there) and read_bytes(there) == read_bytes(name):
            shutil.copystat(name, there)
        elif os.path.isfile(there):
            os.utime(there)


def as_built(tree):
    """Give @tree what was built of ours: make finds that only what differs has to be compiled."""
    same_dates(tree)
    shutil.copytree(os.path.join(TOP, "build"), os.path.join(tree, "build"), symlinks=True,
                    ignore=lambda folder, names: [name for name in names if os.path.basename(folder) == "build" and (
                        name in ("tests", "bench", "fresh", "oracle", "ktap") or name.endswith((".iso", ".log")) or
                        name.startswith("linux"))])


def built_base(tree):
    """Give @tree, which is clean, what was built of our kernel, and make its own. Returns make's Result.

    It is what students' files are compiled over: it holds no programs, images and packages.
    """
    same_dates(tree)
    for name in ("boot", "gen", "kernel", "net"):
        shutil.copytree(os.path.join(TOP, "build", name), os.path.join(tree, "build", name))
    shutil.copy2("build/linker.ld", os.path.join(tree, "build"))
    with open(os.path.join(tree, "build/flags"), "wb") as file:      # students are not held to -Werror
        file.write(read_bytes("build/flags").replace(b" -Werror", b""))
    shutil.copystat("build/flags", file.name)
    return run(["make", "-s", "build/kernel.elf"], cwd=tree, env={"CI": ""})
