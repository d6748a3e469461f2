#!/usr/bin/env python3
"""tools/setup: what it says and does on machines that lack something.

Each machine is a folder of fake commands, which is all of PATH.
"""
import os
import re
import shutil
import tempfile
import time

from lib import TOP, done, equal, match, ok, run

TOOLS = """x86_64-linux-gnu-gcc x86_64-linux-gnu-ld x86_64-linux-gnu-objcopy x86_64-linux-gnu-nm gcc
ld objcopy nm nasm make cpio qemu-system-x86_64 python3 grub-mkrescue xorriso musl-gcc g++
prove patch git gdb bwrap node apt-get""".split()
REAL = "sh env grep head find mkdir chmod".split()
COMPILER = """case $1 in
-dumpmachine) echo x86_64-linux-gnu ;;
-print-file-name=libc.a) echo $HOME/libc.a ;;
*) echo "gcc (Fake) 12.2.0" ;;
esac"""
# Notes how it was called, and on install brings the tool whose package has its name.
APT = """echo "apt-get $*" >>$HOME/calls
for last; do :; done
case $* in *' install '*) printf '#!/bin/sh\\n' >$PATH/$last && chmod +x $PATH/$last ;; esac"""


class Machine:
    """A folder with fake tools: all of them, but those @without, and @scripts in place of some."""

    def __init__(self, without=(), uid=0, arch="x86_64", grub=True, **scripts):
        self.path = tempfile.mkdtemp()
        self.bin = os.path.join(self.path, "bin")
        os.mkdir(self.bin)
        for name in REAL:
            os.symlink(shutil.which(name), os.path.join(self.bin, name))
        for name in set(TOOLS) - set(without):
            self.add(name, COMPILER if name.endswith("gcc") else APT if name == "apt-get"
                     else f"echo '{name} 1.2.3'")
        self.add("id", f"echo {uid}")
        self.add("uname", f"echo {arch}")
        for name, script in scripts.items():
            self.add(name, script)
        open(os.path.join(self.path, "libc.a"), "w").close()
        if grub:
            open(os.path.join(self.path, "multiboot2.mod"), "w").close()

    def add(self, name, script):
        path = os.path.join(self.bin, name)
        with open(path, "w") as file:
            file.write(f"#!/bin/sh\n{script}\n")
        os.chmod(path, 0o755)

    def setup(self, what, **env):
        return run([os.path.join(TOP, "tools", "setup"), what], clean=True, env={
            "PATH": self.bin, "HOME": self.path, "GRUB_PC_DIR": self.path, **env})

    def calls(self):
        try:
            with open(os.path.join(self.path, "calls")) as file:
                return file.read()
        except FileNotFoundError:
            return ""

    def __del__(self):
        shutil.rmtree(self.path, ignore_errors=True)


def quiet(result, name):
    equal((result.status, result.text), (0, ""), name)


# --- everything there ---
whole = Machine()
for what in ("run", "test"):
    quiet(whole.setup(what), f"all there: `setup {what}` is silent")
times = []
for _ in range(7):
    start = time.monotonic()
    whole.setup("run")
    times.append(time.monotonic() - start)
ok(min(times) < 0.05, "and takes less than 50 ms", times)
equal(whole.calls(), "", "and installs nothing")

# --- reporting ---
bare = Machine(without=["nasm", "musl-gcc"])
result = bare.setup("run", NO_INSTALL="1")
match(result.text, "nasm .*nasm: No such file", "the missing tool is named, with the error it causes")
match(result.text, r"(?m)^ +apt-get .*install .*nasm$", "and the line that installs it")
ok(result.status != 0 and bare.calls() == "", "NO_INSTALL=1 installs nothing and fails")
ok("musl-gcc" not in result.text, "make run does not ask for the tools of make test", result.text)
match(bare.setup("page", NO_INSTALL="1").text, "(?s)nasm.*chromium-driver.*webkit2gtk-driver.*xvfb",
      "make test-page asks for browsers as well")
ok("chromium" not in bare.setup("test", NO_INSTALL="1").text, "and make test for none")
match(bare.setup("test", NO_INSTALL="1").text, "(?s)nasm.*musl-gcc", "make test asks for both")

# --- installing ---
result = bare.setup("run")
ok(result.status == 0 and "install -y --no-install-recommends nasm" in bare.calls(),
   "as root, apt-get installs it", result.text + bare.calls())
broken = Machine(without=["nasm"], **{"apt-get": "exit 100"})
ok(broken.setup("run").status != 0, "when apt-get fails, so does setup")
useless = Machine(without=["nasm"], **{"apt-get": "exit 0"})
result = useless.setup("run")
ok(result.status != 0 and "Still missing" in result.text, "what is still missing is said",
   result.text)

user = Machine(without=["nasm"], uid=1000, sudo='[ "$1" = -n ] && shift; exec "$@"')
user.add("true", "exit 0")
result = user.setup("run")
ok(result.status == 0 and "install" in user.calls(), "a user installs by sudo", result.text)
user = Machine(without=["nasm"], uid=1000, sudo="exit 1")
result = user.setup("run")
match(result.text, "sudo needs a password and there is no terminal", "sudo wants a password: said")
match(result.text, r"(?m)^ +sudo apt-get update && sudo apt-get install .*nasm$",
      "and the exact line to type")
ok(result.status != 0 and user.calls() == "", "and nothing is installed")
result = Machine(without=["nasm"], uid=1000).setup("run")
match(result.text, r"no sudo. As root, type:\n +apt-get .*nasm$", "no sudo at all: said")
ok(result.status != 0, "and that is a failure")

# --- other systems ---
for command, line in (("dnf", "sudo dnf install -y nasm"),
                      ("pacman", "sudo pacman -S --needed nasm"), ("brew", "brew install nasm")):
    other = Machine(without=["nasm", "apt-get"], uid=1000, sudo="exit 1",
                    **{command: "echo called >>$HOME/calls"})
    result = other.setup("run")
    match(result.text, f"(?m)^ +{re.escape(line)}$", f"{command}: its exact line")
    ok(result.status != 0 and other.calls() == "", f"{command}: is not called by us")
result = Machine(without=["nasm", "apt-get"]).setup("run")
ok(result.status != 0 and "nasm" in result.text, "no package manager known: named all the same",
   result.text)

# --- the compiler ---
cross = ["x86_64-linux-gnu-" + tool for tool in ("gcc", "ld", "objcopy", "nm")]
plain = Machine(without=cross)
quiet(plain.setup("run"), "plain gcc will do where it targets x86-64")
equal(plain.setup("prefix").out, b"\n", "and then the prefix is empty")
equal(whole.setup("prefix").out, b"x86_64-linux-gnu-\n", "else it is x86_64-linux-gnu-")
clang = Machine(without=["gcc", "x86_64-linux-gnu-gcc"], clang="exit 0")
quiet(clang.setup("run", CC="clang"), "CC=clang needs no gcc")
match(Machine().setup("run", CC="clang", NO_INSTALL="1").text, "package clang", "CC=clang is named")
result = Machine().setup("run", CC="nonexist")
ok(result.status == 1 and "CC=nonexist, which is yours to install" in result.text and
   "gcc" not in result.text, "a compiler nobody knows is named, and no other is proposed", result.text)
result = Machine().setup("run", CC="gcc-13")
match(result.text, "Installing: gcc-13", "CC=gcc-13 is a package of its own")
result = whole.setup("run", CROSS_COMPILE="x86_64-elf-")
ok(result.status != 0 and "x86_64-elf-gcc: No such file" in result.text and whole.calls() == "",
   "a toolchain of one's own is not replaced by ours", result.text)
for tool in ("gcc", "ld", "objcopy", "nm"):
    whole.add("x86_64-elf-" + tool, "exit 0")
quiet(whole.setup("run", CROSS_COMPILE="x86_64-elf-"), "CROSS_COMPILE=x86_64-elf- works")

# --- no GRUB for BIOS ---
equal(whole.setup("run-image").out, b"all iso\n", "make run boots the image")
arm = Machine(arch="aarch64", without=["grub-mkrescue", "xorriso", "musl-gcc"], grub=False)
quiet(arm.setup("run"), "arm64: GRUB is not asked for")
result = arm.setup("run-image")
equal(result.out, b"all\n", "and no image is made")
match(result.text, "-kernel", "but said what happens instead")
result = Machine(grub=False).setup("run", NO_INSTALL="1")
match(result.text, "grub-pc-bin", "on x86-64 its modules are")

# --- doctor ---
result = Machine(without=["nasm"]).setup("doctor")
text = result.out.decode()
match(text, r"(?m)^nasm +NO .*make run .*nasm: No such file",
      "doctor: what is missing, and its error")
match(text, r"(?m)^prove +yes +1\.2\.3 +make test",
      "doctor: what is there, its version, who needs it")
equal(result.status, 1, "doctor: status 1 when something is missing")
result = Machine().setup("doctor")
ok(result.status == 0 and " NO " not in result.text, "doctor: status 0 when all is there",
   result.text)

# --- make fresh ---
for suite in ("", "../x", "Trixie"):
    result = run(["make", "-s", "fresh", f"SUITE={suite}"])
    ok(result.status and "expected SUITE=bookworm or SUITE=trixie" in result.text,
       f"make fresh SUITE={suite} is refused in words", result.text)
done()
