"""Debian 12's Linux 6.1 as an oracle: fetched by apt, unpacked under build/oracle, booted in QEMU.

Nothing is installed. Used by tools/record-on-linux and tools/evidence-on-linux. LINUX_DEB=file.deb
takes that kernel instead of apt's.
"""
import glob
import os
import re
import subprocess

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
WORK = os.path.join(TOP, "build/oracle")
BOOT_SECONDS = 180

# 4-level paging: ringwalk has no other, and canonical addresses depend on it.
QEMU = ["qemu-system-x86_64", "-machine", "pc", "-accel", "tcg", "-cpu", "max,la57=off",
        "-m", "512M", "-display", "none", "-nic", "none", "-no-reboot"]


class Failed(Exception):
    pass


def run(argv, **options):
    """The standard output of a command; Failed with its last words when it fails."""
    try:
        done = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              check=False, **options)
    except OSError as why:
        raise Failed("%s: %s" % (argv[0], why.strerror)) from None
    if done.returncode:
        words = done.stderr.strip().splitlines() or ["exit status %d" % done.returncode]
        raise Failed("%s: %s" % (argv[0], words[-1]))
    return done.stdout

# --- packages -------------------------------------------------------------------------------


def fetch(package):
    """Path of the .deb of @package, downloaded when it is not there yet."""
    pattern = os.path.join(WORK, package + "_*.deb")
    if not glob.glob(pattern):
        run(["apt-get", "download", package], cwd=WORK)
    return glob.glob(pattern)[0]


def unpack(package):
    """The folder with the contents of the file @package, a .deb."""
    root = os.path.join(WORK, os.path.basename(package)[:-len(".deb")])
    if not os.path.isdir(root):
        run(["dpkg-deb", "-x", package, root])
    return root


def depends(package, pattern):
    """The package that apt says @package depends on and that matches @pattern."""
    found = re.search(pattern + "$", run(["apt-cache", "depends", package]), re.M)
    if not found:
        raise Failed("apt knows no %s 6.1: this is for Debian 12 (or set LINUX_DEB)" % package)
    return found[0]


def unpack_kernel():
    """(release, path of vmlinuz)"""
    os.makedirs(WORK, exist_ok=True)
    if "LINUX_DEB" in os.environ:
        package = os.path.abspath(os.environ["LINUX_DEB"])
    else:
        package = fetch(depends("linux-image-amd64", r"linux-image-6\.1\.\d+-\d+-amd64"))
    kernels = glob.glob(os.path.join(unpack(package), "boot/vmlinuz-*"))
    if len(kernels) != 1:
        raise Failed("%s: no kernel in it" % package)
    return os.path.basename(kernels[0])[len("vmlinuz-"):], kernels[0]


def unpack_headers(release):
    """The folder for `make -C` to build modules in, for the kernel of @release (6.1.0-N-amd64)."""
    common = "linux-headers-%s-common" % release[:-len("-amd64")]
    root = os.path.join(WORK, "headers-" + release)
    folder = os.path.join(root, "usr/src/linux-headers-" + release)
    if not os.path.isdir(folder):
        for package in ("linux-headers-" + release, common, "linux-kbuild-6.1"):
            run(["dpkg-deb", "-x", fetch(package), root])
        with open(os.path.join(folder, "Makefile"), "w") as makefile:
            makefile.write("include %s/usr/src/%s/Makefile\n" % (root, common))
    return folder

# --- a machine ------------------------------------------------------------------------------


def compile_static(source, target):
    run([os.environ.get("ABI_CC", "musl-gcc"), "-std=gnu17", "-O2", "-Wall", "-Wextra", "-static",
         "-o", target, source])


def newc(name, mode, content=b""):
    """One member of a cpio archive in newc format."""
    fields = [0, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name) + 1, 0]
    head = b"070701" + b"".join(b"%08x" % field for field in fields) + name.encode() + b"\0"
    return head + b"\0" * (-len(head) % 4) + content + b"\0" * (-len(content) % 4)


def make_initramfs(path, files):
    """@files: {path in the guest without leading slash: path here, or bytes}. All are executable."""
    folders = {"dev", "proc"} | {os.path.dirname(name) for name in files}
    folders |= {folder[:at.start()] for folder in folders for at in re.finditer("/", folder)}
    with open(path, "wb") as archive:
        archive.write(newc(".", 0o040755))      # "/" is 1777 otherwise
        for folder in sorted(folders - {""}):
            archive.write(newc(folder, 0o040755))
        for name, content in sorted(files.items()):
            if not isinstance(content, bytes):
                with open(content, "rb") as file:
                    content = file.read()
            archive.write(newc(name, 0o100755, content))
        archive.write(newc("TRAILER!!!", 0))


def boot(kernel, initramfs, base, qemu=(), seconds=BOOT_SECONDS):
    """What arrived on the second serial line; the first one is kept in @base.log. @qemu: more arguments."""
    # the root is a ramfs as ringwalk's, and not a tmpfs
    argv = QEMU + [*qemu, "-kernel", kernel, "-initrd", initramfs,
                   "-append", "console=ttyS0 panic=-1 quiet rootfstype=ramfs",
                   "-serial", "file:" + base + ".log", "-serial", "file:" + base + ".result"]
    try:
        run(argv, timeout=seconds, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        raise Failed("no end after %d s, see %s.log" % (seconds, base)) from None
    with open(base + ".result", "rb") as result:
        return result.read()


def run_in_guest(name, program, argv=(), files=(), **how):
    """
    What @program prints on Linux, and "# exit N": PID 1 is tests/oracle/init.c. @name: of the files
    kept in build/oracle. @files: more files for the guest. @how: for boot().
    """
    kernel = unpack_kernel()[1]
    init, base = os.path.join(WORK, "init"), os.path.join(WORK, name)
    compile_static(os.path.join(TOP, "tests/oracle/init.c"), init)
    make_initramfs(base + ".cpio", {"init": init, "test": program,
                                    "argv": "".join(word + "\n" for word in argv).encode(),
                                    **dict(files)})
    result = boot(kernel, base + ".cpio", base, **how)
    if not result.endswith(b"# exit 0\n"):
        last = result.strip().splitlines() or [b"nothing"]
        raise Failed("%s: %s, see %s.result and .log" % (name, last[-1].decode(), base))
    return result
