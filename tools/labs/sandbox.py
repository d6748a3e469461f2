"""Compiles a student's files where they can do no harm, with our Makefile, tools, headers and other files.

The base is a tree of ours that is built already; what is compiled is a copy of it with the student's files
over it. bubblewrap shows the compilers /usr and that copy, which lies in a memory file system of limited
size, and nothing else: no home folder, no /etc, no network. Where this machine refuses namespaces (or has
no bubblewrap) the copy is in a temporary folder, and `isolated` is False: the report has to say so.
"""
import functools
import os
import resource
import shutil
import subprocess

from vm.knobs import Failure
from vm.machine import die_with_parent

BUILD_SECONDS = 300                 # on the host, for one build; cc1 alone has CPU_SECONDS
CPU_SECONDS, ADDRESS_SPACE, FILE_SIZE = 60, 2 << 30, 64 << 20
DISK = 512 << 20                    # of the memory file system, bytes
KERNEL_SIZE = 64 << 20
TAKEN = "taken"                     # where the student's files are, in the folder of a grading
SAID = 6000                         # characters of the compiler's words that are kept

# In the copy: compile the student's files; leave out their debug information, so that the judge's types
# come from our headers only; link. What make says goes to stderr, the kernel to stdout.
SCRIPT = """\
set -e
mkdir -p "$TMPDIR"
cp -a "$1/." . && cp -a "$2/." .
shift 2
prefix=$(tools/setup prefix)
if [ $# -gt 0 ]; then
    make -s "$@" >&2
    for object; do "${prefix}objcopy" --strip-debug "$object"; done
fi
make -s build/kernel.elf >&2
cat build/kernel.elf
"""


class DoesNotBuild(Exception):
    """args[0]: the compiler's words."""


def limits():
    """In the child: what one process of the build may take."""
    die_with_parent()
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_SIZE, FILE_SIZE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def view(size=None):
    """bubblewrap's arguments for a file system that holds the tools only, with /work of @size bytes."""
    words = ["bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--ro-bind", "/usr", "/usr"]
    for name in ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"):
        if os.path.islink(name):
            words += ["--symlink", os.readlink(name), name]
        elif os.path.isdir(name):
            words += ["--ro-bind", name, name]
    words += ["--ro-bind-try", "/etc/alternatives", "/etc/alternatives", "--dev", "/dev"]
    if size:
        words += ["--size", str(size), "--tmpfs", "/work"]
    return words + ["--chdir", "/work"]


@functools.lru_cache(None)
def isolated():
    """Can this machine isolate a build?"""
    try:
        return subprocess.run([*view(1 << 20), "true"], stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


def environment():
    """What the build sees of our environment: not the variables that would change the Makefile.

    RINGWALK_LOCKED: the copy is ours alone, so that no make waits for another.
    """
    return {"RINGWALK_LOCKED": "1", "PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "HOME": "/",
            **{name: os.environ[name] for name in ("CROSS_COMPILE", "CC") if name in os.environ}}


def objects(taken):
    """What make makes of the files: make's targets."""
    return [f"build/{name[:-2]}.o" if name.endswith(".c") else f"build/{name}.o"
            for name in sorted(taken) if name.endswith((".c", ".asm"))]


def make_base(tree):
    """Build the kernel in @tree, which is ours. Raises Failure: our own files must build."""
    env = {**environment(), "TMPDIR": "/tmp"}
    command = ["make", "-s", f"-j{os.cpu_count()}", "build/kernel.elf"]
    if isolated():
        command = [*view(), "--bind", tree, "/work", "--tmpfs", "/tmp", *command]
    ran = subprocess.run(command, cwd=tree, env=env, stdin=subprocess.DEVNULL, capture_output=True,
                         text=True, errors="replace", preexec_fn=die_with_parent)
    if ran.returncode:
        raise Failure("the files as they were handed out do not build:\n" + ran.stderr[-3000:])


def build(base, taken, folder):
    """Compile @taken ({path: bytes}) over @base. Returns the kernel's path, in @folder, or raises DoesNotBuild."""
    student = os.path.join(folder, TAKEN)
    for name, content in taken.items():
        path = os.path.join(student, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content)
    os.makedirs(student, exist_ok=True)
    kernel, words = os.path.join(folder, "kernel.elf"), objects(taken)
    work = os.path.join(folder, "work")
    env = {**environment(), "TMPDIR": "/work/tmp" if isolated() else os.path.join(work, "tmp")}
    if isolated():
        command = [*view(DISK), "--ro-bind", base, "/base", "--ro-bind", student, "/taken",
                   "sh", "-c", SCRIPT, "sh", "/base", "/taken", *words]
    else:
        os.makedirs(work)
        command = ["sh", "-c", SCRIPT, "sh", base, student, *words]
    try:
        with open(kernel, "wb") as output:
            ran = subprocess.run(command, cwd=None if isolated() else work, env=env,
                                 stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.PIPE,
                                 timeout=BUILD_SECONDS, preexec_fn=limits)
    except subprocess.TimeoutExpired:
        raise DoesNotBuild(f"the build did not end within {BUILD_SECONDS} seconds")
    finally:
        shutil.rmtree(work, ignore_errors=True)
    if ran.returncode:
        raise DoesNotBuild(said(ran.stderr))
    return kernel


def said(stderr):
    """The compiler's words from the first error on."""
    lines = stderr.decode(errors="replace").splitlines()
    first = next((number for number, line in enumerate(lines) if "error" in line.lower()), 0)
    return "\n".join(lines[first:])[:SAID] or "the build ended without a word"
