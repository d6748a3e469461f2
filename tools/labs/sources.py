"""Where submissions come from: folders, archives, git repositories. What is in them may be hostile.

Nothing of a submission is run and no link is followed; of an archive only plain files are unpacked, to
paths inside a folder of ours, up to a size and a number.
"""
import os
import re
import shutil
import subprocess
import tarfile
import zipfile
import zlib

SIZE_LIMIT, COUNT_LIMIT = 64 << 20, 20_000      # of all files unpacked: bytes; how many
GIT_SECONDS = 120
ARCHIVE = re.compile(r"(.+?)\.(zip|tar|tgz|tbz2|txz|tar\.(gz|bz2|xz))$")


class Unreadable(Exception):
    """Why a submission could not be read."""


class Source:
    """One submission. name: what identifies it; kind: "folder", "archive" or "git"."""

    def __init__(self, name, kind, place):
        self.name, self.kind, self.place = name, kind, place

    def tree(self, scratch):
        """The path of its tree; @scratch is an empty folder to unpack into."""
        if self.kind == "archive":
            unpack(self.place, scratch)
        elif self.kind == "git":
            clone(self.place, scratch)
        return root(self.place if self.kind == "folder" else scratch)


def find(place):
    """The submissions in a folder, or those that a text file lists: a line "STUDENT URL" or "URL" each."""
    if os.path.isfile(place) and not ARCHIVE.match(place):
        with open(place, encoding="utf-8") as file:
            lines = [line.split() for line in file if line.strip() and not line.startswith("#")]
        return [Source(words[0] if len(words) > 1 else
                       re.sub(r"\.git$", "", words[0].rstrip("/").rpartition("/")[2]), "git", words[-1])
                for words in lines]
    found = []
    for name in sorted(os.listdir(place)):
        path, archive = os.path.join(place, name), ARCHIVE.match(name)
        if name.startswith("."):
            continue
        if os.path.isdir(path) and not os.path.islink(path):
            bare = os.path.isfile(os.path.join(path, "HEAD")) and os.path.isdir(os.path.join(path, "objects"))
            found.append(Source(re.sub(r"\.git$", "", name), "git" if bare else "folder", path))
        elif archive:
            found.append(Source(archive[1], "archive", path))
    return found


def root(folder):
    """The folder with .lab or kernel/: this one, or the only one in it (archives often have one)."""
    for _ in range(3):
        if os.path.exists(os.path.join(folder, ".lab")) or os.path.isdir(os.path.join(folder, "kernel")):
            return folder
        inside = [name for name in os.listdir(folder) if name not in ("__MACOSX", ".DS_Store")]
        path = os.path.join(folder, inside[0]) if len(inside) == 1 else ""
        if not path or not os.path.isdir(path) or os.path.islink(path):
            return folder
        folder = path
    return folder


def members(path):
    """(name, function that opens it) of each plain file of an archive."""
    if path.endswith(".zip"):
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                if not entry.is_dir() and entry.external_attr >> 28 in (0, 8):      # no link, no device
                    yield entry.filename.replace("\\", "/"), lambda entry=entry: archive.open(entry)
    else:
        with tarfile.open(path) as archive:
            for entry in archive:
                if entry.isfile():
                    yield entry.name, lambda entry=entry: archive.extractfile(entry)


def unpack(path, where):
    """Unpack an archive into the folder @where. Raises Unreadable."""
    size = 0
    try:
        for count, (name, opened) in enumerate(members(path)):
            parts = [part for part in name.split("/") if part not in ("", ".")]
            if ".." in parts or name.startswith("/") or not parts or "\0" in name:
                raise Unreadable(f"the archive holds a file outside its folder: {name!r}")
            if ".git" in parts or "build" in parts[:2]:
                continue
            if count >= COUNT_LIMIT:
                raise Unreadable(f"the archive holds more than {COUNT_LIMIT} files")
            target = os.path.join(where, *parts)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with opened() as source, open(target, "wb") as file:
                while chunk := source.read(1 << 16):
                    size += len(chunk)
                    if size > SIZE_LIMIT:
                        raise Unreadable(f"the archive holds more than {SIZE_LIMIT >> 20} MiB")
                    file.write(chunk)
    except (OSError, EOFError, RuntimeError, ValueError, NotImplementedError, tarfile.TarError,
            zipfile.BadZipFile, zlib.error) as error:
        raise Unreadable(f"the archive cannot be read: {type(error).__name__}") from None


def clone(url, where):
    """The files of a repository's HEAD, in the folder @where. Raises Unreadable."""
    if url.startswith("-") or "::" in url:
        raise Unreadable(f"not a URL: {url!r}")
    env = {"PATH": os.environ.get("PATH", ""), "HOME": os.environ.get("HOME", "/"), "GIT_TERMINAL_PROMPT": "0",
           "GIT_SSH_COMMAND": "ssh -oBatchMode=yes", "GIT_LFS_SKIP_SMUDGE": "1", "LC_ALL": "C"}
    bare, archive = os.path.join(where, "repository.git"), os.path.join(where, "head.tar")
    try:
        for command in (["git", "-c", "safe.directory=*", "clone", "-q", "--bare", "--depth=1", "--", url, bare],
                        ["git", "-C", bare, "archive", "-o", archive, "HEAD"]):
            subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True, check=True,
                           timeout=GIT_SECONDS)
    except subprocess.CalledProcessError as error:
        words = error.stderr.decode(errors="replace").strip().splitlines() or ["no reason given"]
        raise Unreadable(f"git {error.cmd[1] if error.cmd[1] != '-c' else 'clone'}: {words[-1]}") from None
    except subprocess.TimeoutExpired:
        raise Unreadable(f"git did not answer within {GIT_SECONDS} seconds") from None
    shutil.rmtree(bare)
    unpack(archive, where)
    os.unlink(archive)
