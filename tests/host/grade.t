#!/usr/bin/env python3
"""The judge of the labs: what it sees from outside the machine, and how it tells the ways to fail apart."""
import json
import os
import shutil
import sys
import tempfile

from lib import BUILD, TOP, done, equal, match, ok, run

GRADE = os.path.join(TOP, "tools", "grade")

TOY = '''
import errno
from judge import test

@test(points=5)
def boots(vm):
    """The kernel reaches ring 3."""
    vm.expect(vm.call("getpid"), 1, "getpid() of the first process")

@test(points=4, parents=["boots"])
def sees(vm):
    """Values, counters, calls and failures are seen and made from outside."""
    before = vm.counters()
    with vm.trace(["__sock_create", "fd_install"]) as calls:
        vm.expect(vm.call("socket", 2, 1, 0), 0, "socket() in a fresh process")
    vm.expect(calls.names(), ["__sock_create", "fd_install"], "order of the calls")
    vm.expect((calls[0].args[1:4], calls[0].ret), ([2, 1, 0], 0), "arguments and result")
    vm.expect(vm.slab("sock_inode_cache"), before["sock_inode_cache"] + 1, "sockets")
    vm.expect(vm.eval("current->files->fdt->max_fds"), 64, "max_fds")
    with vm.force("__sock_create", -errno.ENOMEM) as forced:
        vm.expect(vm.call("socket", 2, 1, 0), -errno.ENOMEM, "what the failed function said")
    vm.expect(forced.hits, 1, "one failure")
    vm.poke("nr_files", 77)
    vm.expect(vm.counters()["files"], 77, "a poked variable")

@test(points=3, parents=["boots"], hint="1.2")
def wrong(vm):
    """This one expects what is not so."""
    vm.expect(vm.call("close", 99), 0, "close() of a closed descriptor")

@test(points=2, parents=["wrong"])
def child(vm):
    """It needs the one before."""

@test(points=1)
def steps(vm):
    """A call is followed from its first instruction to its last."""
    vm.start("getpid")
    vm.expect(vm.register("rip"), vm.address("stage_syscall"), "before")
    vm.run_to("entry_SYSCALL_64")
    vm.expect(vm.register("rcx"), vm.address("stage_return"), "rcx at the entry")
    vm.expect(vm.finish(), 1, "getpid()")
    vm.expect(vm.regs["rip"], vm.address("stage_return"), "behind it")

@test(points=1)
def panics(vm):
    """The first process ends."""
    vm.call("exit_group", 3)

@test(points=1)
def fresh(vm):
    """After that, the next test has a machine again."""
    vm.expect(vm.call("getpid"), 1, "getpid()")

@test(points=1)
def oopses(vm):
    """The kernel jumps to address 0."""
    vm.break_at("__sock_create", lambda vm: vm.set_register("rip", 0))
    vm.call("socket", 2, 1, 0)

@test(points=1)
def triple(vm):
    """An exception finds no IDT."""
    def spoil(vm):
        vm.write(vm.address("idt"), bytes(4096))
        vm.set_register("rip", 0)
    vm.break_at("__sock_create", spoil)
    vm.call("socket", 2, 1, 0)

def loop(vm, code):
    prologue = b"\\x55\\x48\\x89\\xe5"        # push rbp; mov rbp, rsp
    vm.write(vm.address("sock_alloc"), prologue + code)
    vm.call("socket", 2, 1, 0)

@test(points=1)
def loops(vm):
    """A loop with interrupts on."""
    loop(vm, b"\\xeb\\xfe")

@test(points=1)
def halts(vm):
    """cli; hlt: nothing wakes it."""
    loop(vm, b"\\xfa\\xf4\\xeb\\xfd")

@test(points=1)
def sleeps(vm):
    """Too long a sleep: guest time is skipped."""
    vm.call("nanosleep", (1000000000).to_bytes(8, "little") + bytes(8), 0)

@test(points=1, limit=3_000_000_000)
def may_sleep(vm):
    """One second, when the limit says so."""
    vm.expect(vm.call("nanosleep", (1).to_bytes(8, "little") + bytes(8), 0), 0, "nanosleep()")

@test(points=1)
def wild(vm):
    """What cannot be read is the kernel's fault, not the judge's."""
    vm.read(0x12345678, 8)

@test(points=1)
def patched(vm):
    """A kernel that changes the program which calls it is noticed."""
    vm.write(vm.address("stage_syscall"), bytes.fromhex("6a01"))
    vm.call("getpid")

def text(vm, code):
    """Let the kernel write @code over sock_alloc(), as a student's could."""
    place = vm.address("sock_alloc")
    vm.write(place, code)
    vm.written.remove((place, place + len(code)))

@test(points=1)
def rewritten(vm):
    """A kernel that writes over its own code is noticed."""
    text(vm, b"\\xc3")

@test(points=1)
def probed(vm):
    """A probe's breakpoint is no such thing; nor is what the test itself writes."""
    text(vm, b"\\xcc")
    vm.write(vm.address("__sys_socket"), b"\\xc3")

@test(points=1)
def killed(vm):
    """When somebody ends QEMU, this says nothing about the kernel."""
    vm.break_at("__sock_create", lambda vm: vm.guest.process.kill())
    vm.call("socket", 2, 1, 0)

@test(points=1)
def killed_before(vm):
    """And the next test has a machine again."""
    vm.expect(vm.call("getpid"), 1, "getpid()")
    vm.guest.process.kill()
    vm.guest.process.wait()

@test(points=1)
def killed_between(vm):
    """Also when QEMU ended between two tests."""
    vm.expect(vm.call("getpid"), 1, "getpid()")

@test(points=1)
def mistake(vm):
    """A mistake in the test says so."""
    vm.no_such_thing()

@test(points=1, parents=["boots"], hint="1.2")
def wrong_elsewhere(vm):
    """One expectation has a hint of its own, and bits are shown in hexadecimal."""
    vm.expect(vm.eval("current->files->fdt->open_fds[0]"), 1 << 4, "bits", hint="2.4 and 1.3", form=hex)

@test(points=1)
def bug(vm):
    """A BUG_ON() in a function that is called from outside."""
    vm.call("socket", 2, 1, 0)
    vm.kcall("fd_install", 0, vm.eval("(unsigned long)current->files->fdt->fd[0]"))
'''


def grade(*names):
    with tempfile.TemporaryDirectory() as folder:
        folder = os.path.join(folder, "toy")
        os.mkdir(folder)
        with open(os.path.join(folder, "tests.py"), "w", encoding="utf-8") as file:
            file.write(TOY)
        result = run([GRADE, f"--lab={folder}", "--json", *names])
    try:
        return result, {test["number"]: test for test in json.loads(result.out)["tests"]}
    except ValueError:
        ok(False, "tools/grade prints JSON", result.text)
        done()


VERDICTS = ["GOOD", "GOOD", "WRONG", "SKIPPED", "GOOD", "PANIC", "GOOD", "PANIC", "TRIPLE FAULT", "HANG", "HANG",
            "HANG", "GOOD", "WRONG", "WRONG", "WRONG", "GOOD",
            "host too slow", "host too slow", "GOOD", "BROKEN TEST", "WRONG", "PANIC"]
CALLS = ["  __sock_create", "  __sys_socket", "  __x64_sys_socket", "  do_syscall_64", "  entry_SYSCALL_64"]

result, tests = grade()
said = {number: test["output"].splitlines() for number, test in tests.items()}
equal([lines[0] for lines in said.values()], VERDICTS, "the verdicts", result.text)
equal(said["3"][1:], ["close() of a closed descriptor", "expected: 0", "seen:     -9 (EBADF)",
                      "See step 1.2 of the handout."], "what was expected and what was seen")
ok("  |  do_exit+0x" in tests["6"]["output"], "a panic: the kernel's backtrace", tests["6"]["output"])
ok("NULL pointer dereference" in tests["8"]["output"], "an oops: its words", tests["8"]["output"])
for number in ("10", "11"):
    equal(said[number][2:9], ["this function does not return:", "  sock_alloc", *CALLS], "a loop: where it is")
equal(said["12"][2:6], ["it waits in:", "  context_switch", "  schedule", "  do_nanosleep"],
      "a sleep: where it is")
match(tests["16"]["output"], r"over its own code or constants: sock_alloc$", "code that was written over: where")
equal(said["6"][1], "the kernel panicked, during exit_group(3)", "a panic: the call under way")
equal(said["12"][1], "no end within 50 ms of guest time, during nanosleep(..., 0)", "a call that does not end")
equal(said["22"][1:], ["bits", "expected: 0x10", "seen:     0x0", "See steps 2.4 and 1.3 of the handout."],
      "a hint of an expectation, and its form")
match(said["23"][1], r"the kernel panicked, during fd_install\(0, 0x[0-9a-f]+\)$", "a function called from outside: its name")
match("\n".join(said["23"]), r"(?s)the end of the log:\n  \| kernel BUG at kernel/fs/file\.c.*Call Trace:.*fd_install\+0x",
      "a BUG: the log begins with it, and its trace is there")
equal(json.loads(result.out)["score"], 14, "the sum")
equal(result.status, 1, "not all points: status 1")
again, _ = grade()
equal(again.out, result.out, "the same bytes in the next run")

# The fields that Gradescope publishes, and their types.
FIELDS = {"score": (int, float), "output": str, "output_format": str, "visibility": str, "tests": list,
          "execution_time": (int, float), "stdout_visibility": str, "test_output_format": str,
          "test_name_format": str, "extra_data": dict, "leaderboard": list}
TEST_FIELDS = {"score": (int, float), "max_score": (int, float), "status": str, "name": str, "name_format": str,
               "number": str, "output": str, "output_format": str, "tags": list, "visibility": str, "extra_data": dict}
made = json.loads(result.out)
equal([key for key, value in made.items() if not isinstance(value, FIELDS.get(key, ()))], [], "results.json: its fields")
equal([(test["number"], key) for test in made["tests"] for key, value in test.items()
       if not isinstance(value, TEST_FIELDS.get(key, ()))], [], "results.json: the fields of its tests")
equal({test["status"] for test in made["tests"]} | {made["visibility"], made["output_format"]},
      {"passed", "failed", "visible", "text"}, "results.json: the words in them")

# A build in isolation: with these files over this tree as it is built.
sys.path[:0] = [os.path.join(TOP, "tools"), os.path.join(TOP, "tools", "labs")]
import report           # noqa: E402
import sandbox          # noqa: E402
import submission       # noqa: E402

ok(sandbox.isolated(), "this machine can isolate a build (bubblewrap is installed)")
BASE = tempfile.mkdtemp(dir=BUILD)
for name in run(["git", "ls-files", "--cached", "--others", "--exclude-standard"]).text.split():
    if name.startswith(("labs/", "tests/")) or not os.path.isfile(os.path.join(TOP, name)):
        continue
    os.makedirs(os.path.dirname(os.path.join(BASE, name)), exist_ok=True)
    shutil.copy2(os.path.join(TOP, name), os.path.join(BASE, name))
for name in ("boot", "gen", "kernel", "net"):
    shutil.copytree(os.path.join(TOP, "build", name), os.path.join(BASE, "build", name))
for name in ("flags", "linker.ld"):
    shutil.copy2(os.path.join(TOP, "build", name), os.path.join(BASE, "build", name))


def builds(keep=False, **files):
    """The compiler's words; None when it builds, or with @keep the kernel."""
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        try:
            made = sandbox.build(BASE, {f"kernel/lib/{name}.c": text.encode() for name, text in files.items()}, folder)
            if keep:
                with open(made, "rb") as file:
                    return file.read()
        except sandbox.DoesNotBuild as why:
            return str(why)
    return None


equal(builds(student="int student(void);\nint student(void)\n{\n\treturn 1;\n}\n"), None, "a new file builds")
for what, text in (("#include", '#include "/etc/passwd"\n'), (".incbin", 'asm(".incbin \\"/etc/passwd\\"");\n')):
    said = builds(student=text) or ""
    ok("/etc/passwd" in said and ("No such file" in said or "not found" in said), f"{what} of a file of this machine",
       said)
ok("kernel/lib/student.c:1" in (builds(student="int student(void) { return x; }\n") or ""),
   "an error is shown with its place")
FAKE = "struct fdtable { int max_fds; char student_fake; } fake;\n"
ok(b"student_fake" not in (builds(student=FAKE, keep=True) or b"student_fake"),
   "a type of the student's cannot take the place of one of ours: it is in no debug information")
ok(builds(student='asm(".space 1 << 33");\n'), "a file larger than the limit")
shutil.rmtree(BASE)

equal(report.explanation({"verdict": "DOES NOT BUILD", "text": "", "log": ["file.c:1: error"], "hint": "1.2"}),
      ["the compiler says:", "  | file.c:1: error"], "what does not build: the compiler's words, and no step")

# What is taken from a tree.
with tempfile.TemporaryDirectory() as tree:
    for name, content in (("kernel/fs/file.c", b"a\r\nb\r\n"), ("kernel/fs/new.c", b"n\n"), ("Makefile", b"m\n"),
                          ("kernel/fs/$(shell touch x).c", b"")):
        os.makedirs(os.path.dirname(os.path.join(tree, name)), exist_ok=True)
        with open(os.path.join(tree, name), "wb") as file:
            file.write(content)
    os.symlink("/etc/passwd", os.path.join(tree, "kernel/fs/link.c"))
    taken, remarks = submission.collect(tree, ["kernel/fs/*.c", "Makefile"])
    equal(taken, {"kernel/fs/file.c": b"a\nb\n", "kernel/fs/new.c": b"n\n"}, "the student's files, no others",
          remarks)
    equal(len(remarks), 2, "and remarks on the line ends and the name", remarks)
done()
