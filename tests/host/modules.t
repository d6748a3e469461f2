#!/usr/bin/env python3
"""Modules: built by `make modules`, loaded and removed by the small tools. (module-files.t: what is
refused.)

The modules of tests/modules are written as for Linux; tools/evidence-on-linux builds the same files
against Debian's headers and runs them there. tests/guest/modules.c is what loads them.
"""
import glob
import os
import re
import subprocess
import tempfile

from lib import BUILD, TOP, build, done, equal, guest, match, ok, run

SAMPLES, ERRORS = os.path.join(BUILD, "modules"), os.path.join(BUILD, "modules/errors")
EVIDENCE = [os.path.basename(path)[:-3]
            for path in sorted(glob.glob(f"{TOP}/build/initramfs/lib/modules/*.ko"))]
LOADER = build("tests/guest/modules.c")


def make_modules(folder, out="", **env):
    return run(["make", "modules", f"DIR={folder}"] + ([f"MO={out}"] if out else []), env=env)


def in_guest(*words, **env):
    """Run tests/guest/modules.c with every module of ours in /modules."""
    files = [f"--file={path}:/modules/{os.path.basename(path)}"
             for path in glob.glob(f"{SAMPLES}/*.ko") + glob.glob(f"{ERRORS}/*.ko")]
    return guest(LOADER, *words, options=["-i", *files],
                 env={"TIMEOUT": "120", **env})


def commands(*lines):
    return in_guest("run", *" -- ".join(lines).split())

# --- make modules ---


def folder_with(files):
    folder = tempfile.TemporaryDirectory(dir=BUILD)
    for name, text in files.items():
        with open(os.path.join(folder.name, name), "w") as file:
            file.write(text)
    return folder


def refused(files, pattern, name):
    with folder_with(files) as folder:
        result = make_modules(folder)
        ok(result.status == 2, f"make modules fails: {name}", result.text)
        match(result.text, pattern, f"and says so: {name}")


result = make_modules("tests/modules", SAMPLES)
ok(result.status == 0 and b"warning" not in result.err, "make modules builds the samples", result.text)
for path in glob.glob(f"{ERRORS}/unknown_symbol.*"):
    os.unlink(path)                 # a warning let the last run build it
result = make_modules("tests/modules/errors", ERRORS)
match(result.text, r'ERROR: modpost: "no_such_function" \[\S+/unknown_symbol.ko\] undefined!',
      "an unknown symbol is an error, in modpost's words")
result = make_modules("tests/modules/errors", ERRORS, KBUILD_MODPOST_WARN="1")
ok(result.status == 0, "KBUILD_MODPOST_WARN=1 makes it a warning", result.text)
GOOD = '#include <linux/module.h>\nMODULE_LICENSE("GPL");\n'
match(run(["make", "modules"]).text, "which folder", "make modules without DIR asks which")
match(make_modules("/nowhere").text, "there is no folder /nowhere", "no such folder")
refused({"x.c": GOOD}, "no Makefile and no Kbuild", "no Makefile")
refused({"Makefile": "all:\n"}, "no obj-m", "no obj-m")
refused({"Makefile": "obj-m += x.o\n"}, r"x\.c is not there", "no source")
refused({"Makefile": "obj-m += x.o\n", "x.c": GOOD + "int f(void) { return g(); }\n"},
        r"x\.c:3:.*implicit declaration", "an error in the source")
refused({"Makefile": "obj-m += x.o\n", "x.c": "#include <linux/module.h>\n"},
        r"ERROR: modpost: missing MODULE_LICENSE\(\) in \S+/x\.o", "no license")
with folder_with({"Kbuild": "obj-m := x-y.o\nx-y-objs := a.o b.o\nCFLAGS_a.o := -DA=1\n",
                  "a.c": GOOD + "#if A != 1\n#error\n#endif\n", "b.c": "int b;\n"}) as folder:
    result = make_modules(folder)
    ok(result.status == 0 and os.path.exists(f"{folder}/x-y.ko"),
       "Kbuild, composite modules, flags of one file; the result lies beside the sources", result.text)
    result = make_modules(folder)
    equal(result.text, "", "nothing is built twice")

# --- the author's loop, and modules as one finds them ---

result = commands(
    "/bin/lsmod", "/bin/insmod /modules/latency.ko func=__sys_socket comm=socket_test",
    "/bin/insmod /modules/whereami.ko depth=2", "/bin/insmod /modules/fd-watch.ko", "/bin/lsmod",
    "/bin/socket_test", "/bin/insmod /modules/latency.ko", "/bin/insmod /modules/none.ko",
    "/bin/insmod", "/bin/insmod /modules/unknown_symbol.ko", "/bin/insmod /bin/lsmod",
    "/bin/insmod /modules/parameters.ko number=x",
    "/bin/insmod /modules/parameters.ko number=5 text=hello colour=red",
    "/bin/rmmod parameters fd-watch whereami.ko /modules/latency.ko", "/bin/rmmod latency",
    "/bin/rmmod", "/bin/dmesg -t -c", "/bin/dmesg")
HEAD = "Module                  Size  Used by\n"
said, _, log = result.out.decode().partition("ringwalk: booted")
equal(re.sub(r"\b\d{4,}\b", "SIZE", said), HEAD + "# exit 0\n" * 4 + HEAD + """\
fd_watch               SIZE  0
whereami               SIZE  0
latency                SIZE  0
# exit 0
Socket Created: 3
# exit 0
insmod: ERROR: could not insert module /modules/latency.ko: File exists
# exit 1
insmod: ERROR: could not load module /modules/none.ko: No such file or directory
# exit 1
insmod: ERROR: missing filename.
# exit 1
insmod: ERROR: could not insert module /modules/unknown_symbol.ko: Unknown symbol in module
# exit 1
insmod: ERROR: could not insert module /bin/lsmod: Invalid module format
# exit 1
insmod: ERROR: could not insert module /modules/parameters.ko: Invalid parameters
# exit 1
# exit 0
# exit 0
rmmod: ERROR: Module latency is not currently loaded
# exit 1
rmmod: ERROR: missing module name.
# exit 1
""", "insmod, lsmod, rmmod: what they say")
for line in (
        r"latency: return probe at __sys_socket\+0x0/0x[0-9a-f]+",
        r"fd_watch: watching; insmod\[\d+\], uid 0, has 4 descriptors open",
        r"handler_pre: <sock_alloc> socket_test/\d+, ip sock_alloc\+0x1/0x[0-9a-f]+, called by "
        r"__sock_create", "handler_pre: <sock_alloc> argument 1 = 0x1",
        r"handler_post: <sock_alloc> now at sock_alloc\+0x1/0x[0-9a-f]+, interrupts on",
        r"latency: socket_test\[\d+\]: __sys_socket returned 3 to __x64_sys_socket\+0x\S+ and took "
        r"\d+ ns", r"unknown_symbol: Unknown symbol no_such_function \(err -2\)",
        "parameters: `x' invalid for parameter `number'",
        "parameters: unknown parameter 'colour' ignored",
        "parameters: number 5 count 1 wide 0 address (0x)?0 small 0 port 0 on 0 text 'hello' buffer "
        "'empty'", "parameters: text is still 'hello'",
        "fd_watch: socket_test: descriptor 3 is a socket, TCP, type 1, protocol 6",
        "fd_watch: 1 sockets installed, 1 released", r"whereami_exit: probe at \w+ removed, missed 0",
        r"latency: 1 calls of __sys_socket, \d+ ns on average, 0 missed"):
    match(log, f"(?m)^{line}$", f"dmesg: {line}")
match(log, r"\n# exit 0\n# exit 0\n$", "dmesg -c leaves nothing for the next dmesg")

# --- nothing is left behind ---

result = in_guest("rounds")
match(result.text, r"insmod, socket_test, rmmod: 1000 rounds, clean\n$",
      "insmod and rmmod, 1,000 times: every counter is where it was")

symbols = {name: value for value, _, name in
           (line.split() for line in subprocess.run(["nm", "build/kernel.elf"], text=True, check=True,
                                                    stdout=subprocess.PIPE).stdout.splitlines())}
SUM = f"/bin/insmod /modules/textsum.ko start=0x{symbols['_stext']} end=0x{symbols['_etext']}"
OTHERS = ["latency", "fd_watch", "whereami"]
ok(EVIDENCE, "the initramfs holds the evidence modules")
result = commands(
    SUM, *(f"/bin/insmod /lib/modules/{name}.ko" for name in EVIDENCE),
    "/bin/insmod /modules/latency.ko comm=none quiet", "/bin/insmod /modules/fd-watch.ko",
    "/bin/insmod /modules/whereami.ko symbol=__x64_sys_newuname", SUM, "/bin/lsmod",
    "/exec/bin/" + os.path.basename(LOADER) + " sockets 100000", SUM,
    *(f"/bin/rmmod {name}" for name in OTHERS + EVIDENCE[::-1]), SUM, "/bin/lsmod", "/bin/dmesg -t")
statuses = re.findall(r"(?m)^# exit (\d+)$", result.out.decode())
equal(statuses, list("1" + "0" * (len(EVIDENCE) + 3) + "1001" + "0" * (len(EVIDENCE) + 3) + "100"),
      "all probes on, then 100,000 socket()+close(), then all off", result.text[-3000:])
equal(len(re.findall(r"(?m)^\w+ +\d+  0$", result.out.decode())), len(EVIDENCE) + 3,
      "all modules were there at a time")
sums = re.findall(r"textsum: ([0-9a-f]{16})", result.out.decode())
ok(len(sums) == 4 and sums[1] == sums[2] != sums[0], "probes change the kernel's text", sums)
ok(len(sums) == 4 and sums[3] == sums[0], "and leave it as it was, byte for byte", sums)
match(result.text, r"fd_watch: 64 sockets installed, 10000\d released", "they were all seen")

# --- a probe on every function, one by one and all at once ---

FIRST, LAST = (int(symbols[f"__{end}_patch_sites"], 16) for end in ("start", "stop"))
PLACES = (LAST - FIRST) // 8
result = commands(SUM, "/bin/dmesg -t -c",
                  f"/exec/bin/{os.path.basename(LOADER)} everywhere {FIRST:#x} {PLACES}", SUM,
                  "/bin/dmesg -t")
match(result.out.decode(), r"(?m)^probes everywhere: all is as without$",
      "a probe, and a return probe, on every place")
sums = re.findall(r"textsum: ([0-9a-f]{16})", result.out.decode())
ok(len(sums) == 2 and sums[0] == sums[1], "and the text is as it was", sums)
equal(len(re.findall(rf"everywhere: {PLACES} places, \d+ hits", result.out.decode())), 2,
      "and on all of them at once")
done()
