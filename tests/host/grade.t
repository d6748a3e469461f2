#!/usr/bin/env python3
"""The judge of the labs: what it sees from outside the machine, and how it tells the ways to fail apart."""
import json
import os
import tempfile

from lib import TOP, done, equal, ok, run

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


result, tests = grade()
verdicts = [test["output"].splitlines()[0] for test in tests.values()]
equal(verdicts, ["GOOD", "GOOD", "WRONG", "SKIPPED", "GOOD", "PANIC", "GOOD"], "the verdicts", result.text)
equal(tests["3"]["output"].splitlines()[1:], ["close() of a closed descriptor", "expected: 0",
      "seen:     -9 (EBADF)", "See step 1.2 of the handout."], "what was expected and what was seen")
equal(json.loads(result.out)["score"], 11, "the sum")
equal(result.status, 1, "not all points: status 1")
again, _ = grade()
equal(again.out, result.out, "the same bytes in the next run")
done()
