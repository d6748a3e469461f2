"""Runs the tests of a lab, inside gdb. Started by tools/grade, which gives the job in $RINGWALK_JOB.

The job and the results are JSON files. The job: tests (path of tests.py), only (names, or null for
all), kernel, initrd, stage, nm, numbers, seed, taken (the folder of the student's files), folder, qemu, results.
"""
import importlib.util
import json
import os
import subprocess
import sys
import time
import traceback

HERE = os.path.dirname(os.path.realpath(__file__))
sys.dont_write_bytecode = True
sys.path[:0] = [HERE, os.path.dirname(HERE)]

import gdb                                      # noqa: E402
import evidence                                 # noqa: E402
import judge                                    # noqa: E402
from guest import HANG, TOO_SLOW, Ended, Guest  # noqa: E402
from integrity import Integrity                 # noqa: E402

WALL_LIMIT = 600                    # seconds on the host for all tests of a lab
GOOD, WRONG, SKIPPED, BROKEN = "GOOD", "WRONG", "SKIPPED", "BROKEN TEST"


def symbols(nm, path):
    """{name: [addresses]}"""
    found = {}
    for line in subprocess.run([nm, path], capture_output=True, text=True, check=True).stdout.splitlines():
        fields = line.split()
        if len(fields) == 3:
            found.setdefault(fields[2], []).append(int(fields[0], 16))
    return found


def load(path):
    """Read tests.py. Returns {name: Test}."""
    spec = importlib.util.spec_from_file_location("tests", path)
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
    return judge.TESTS


def wanted(tests, only):
    """The tests named, and their parents, in the order of the file."""
    if not only:
        return list(tests.values())
    names = set()

    def add(name):
        if name in tests and name not in names:
            names.add(name)
            for parent in tests[name].parents:
                add(parent)
    for name in only:
        add(name)
    return [test for test in tests.values() if test.name in names]


class Trial:
    """All tests against one kernel."""

    def __init__(self, job):
        self.job = job
        self.symbols = symbols(job["nm"], job["kernel"])
        stage = {name: found[0] for name, found in symbols(job["nm"], job["stage"]).items()}
        self.guest = Guest(job, stage, self.symbols)
        self.integrity = Integrity(self.guest, self.symbols)
        self.results = {}
        self.no_boot = None                     # the record of a kernel that does not reach ring 3
        self.end = time.monotonic() + WALL_LIMIT

    def run(self, test):
        """The record of one test."""
        failed = next((parent for parent in test.parents
                       if self.results.get(parent, {}).get("verdict") != GOOD), None)
        if failed:
            return {"verdict": SKIPPED, "text": f"it needs {failed}", "parent": failed}
        if self.no_boot:                # it would not boot for this test either
            return self.no_boot
        if time.monotonic() > self.end:
            return {"verdict": TOO_SLOW, "text": f"the tests took longer than {WALL_LIMIT} seconds"}
        try:
            self.guest.fresh()
        except Ended as ended:
            self.no_boot = self.ending(ended)
            return self.no_boot
        try:
            vm = judge.VM(self.guest, self.symbols, self.job["numbers"], self.job["seed"], test.name, test.limit,
                          self.job["taken"])
            test.function(vm)
            return self.verdict(vm)
        except judge.Wrong as wrong:
            return {"verdict": WRONG, "text": wrong.text, "expected": wrong.expected,
                    "seen": wrong.seen, "hint": wrong.hint}
        except Ended as ended:
            return self.ending(ended, vm.during)
        except Exception as error:
            return self.failure(error)

    def failure(self, error):
        """Of a test that the judge could not finish."""
        if self.guest.killed():
            return {"verdict": TOO_SLOW, "text": "QEMU was ended from outside"}
        if isinstance(error, gdb.error):        # the kernel's data do not look as the test expects
            return {"verdict": WRONG, "text": f"the judge cannot read what it needs: {error}"}
        line = traceback.extract_tb(error.__traceback__)[-1]    # a mistake in the test
        return {"verdict": BROKEN, "text": f"{type(error).__name__}: {error} (line {line.lineno} of "
                                           f"{os.path.basename(line.filename)})"}

    def verdict(self, vm):
        """Of a test that found nothing wrong."""
        where = self.integrity.violated(vm.written)
        if where:
            return {"verdict": WRONG, "text": f"the kernel has written over its own code or constants: {where}"}
        return {"verdict": GOOD, "text": ""}

    def ending(self, ended, during=""):
        """The record of a test in which the guest ended or hangs. @during: the call under way, in words."""
        boot, log = self.guest.log()
        record = {"verdict": ended.word, "text": f"{ended.text}, during {during}" if during else ended.text, "frames": ended.frames,
                  "where": "the calls under way:", "log": evidence.log_of_end(boot + log)}
        if ended.word == HANG:
            record["log"] = evidence.log_of_hang(boot, log)
            record["where"], record["frames"] = evidence.hang(self.guest, Ended)
        return record

    def run_all(self):
        for test in wanted(load(self.job["tests"]), self.job["only"]):
            self.results[test.name] = self.run(test)
        self.guest.power_off()
        return self.results


def main():
    with open(os.environ["RINGWALK_JOB"], encoding="utf-8") as file:
        job = json.load(file)
    results = Trial(job).run_all()
    with open(job["results"], "w", encoding="utf-8") as file:
        json.dump(results, file)


main()
