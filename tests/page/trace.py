#!/usr/bin/env python3
"""trace.py PROGRAM: the addresses that a recorded run executes, found in another way than the recorder.

QEMU replays the same run with one instruction in each block of code (-singlestep, which QEMU 8 and later call
one-insn-per-tb) and logs every block that it executes (-d nochain,exec), from main() on; nothing is stepped by
the gdbstub. Prints a JSON list. Iterations of a rep instruction are there as often as they ran. Used by tests/host/page.t.
"""
import json
import os
import re
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
sys.path[:0] = [os.path.join(TOP, "tools"), os.path.join(TOP, "tools", "gdb")]
sys.dont_write_bytecode = True
from page import binary, layout, scenarios, session
from vm import machine as vm

BLOCK = re.compile(r"Trace \d+: \S+ \[[0-9a-f]+/([0-9a-f]+)/")


def run(argv):
    build = os.path.join(TOP, "build")
    setting = session.Setting("x86_64-linux-gnu-", build, scenarios.MAX)
    scenario = scenarios.Scenario("trace", "", argv[0])
    types = layout.load(setting.kernel, setting.folder)
    with session.logged(setting, scenario, argv[0], [], types) as (image, file, _):
        log = os.path.join(os.path.dirname(file), "exec.log")
        with session.replayed(setting, image, file, ["-D", log]) as (_, stub):
            kernel = binary.Binary(setting.prefix, setting.kernel)
            session.go_to(stub, kernel, argv[0], types, "main", setting.prefix)
            if "unknown command" in stub.monitor("one-insn-per-tb on"):
                stub.monitor("singlestep on")
            stub.monitor("log exec,nochain")
            stub.run_to(kernel.functions["do_exit"])
            stub.monitor("log none")
        with open(log, encoding="ascii", errors="replace") as text:
            found = [int(match[1], 16) for match in map(BLOCK.match, text) if match]
    print(json.dumps(found), flush=True)
    return 0


vm.main("tests/page/trace.py", run)
