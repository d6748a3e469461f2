#!/usr/bin/env python3
"""Probes on functions of modules: a module's own, and those of a module that is removed meanwhile."""
import os
import re

from lib import BUILD, LOG, build, done, equal, guest, ok, run

NAMES = ["own", "target", "watcher"]
MODULES = os.path.join(BUILD, "modules-probed")
LOADER = build("tests/guest/modules.c")

result = run(["make", "modules", "DIR=tests/modules/probed", f"MO={MODULES}"])
ok(result.status == 0 and b"warning" not in result.err, "make modules", result.text)


def said(*commands):
    """Run the commands in the guest. Returns what the modules logged, and the exit statuses."""
    files = [f"--file={MODULES}/{name}.ko:/modules/{name}.ko" for name in NAMES]
    words = " -- ".join(commands).replace("insmod ", "/bin/insmod /modules/") \
        .replace("rmmod ", "/bin/rmmod ")
    ran = guest(LOADER, "run", *words.split(), options=["-i", *files])
    ok(ran.status == 0, "the guest ends well", ran.text)
    with open(LOG, errors="replace") as log:
        lines = re.findall(r"(?m)(?:own|target|watcher): .*$", log.read())
    return [line.rstrip() for line in lines], re.findall(r"# exit (\d+)", ran.text)


lines, statuses = said("insmod own.ko", "rmmod own")
equal(statuses, ["0", "0"], "a module probes its own function")
equal(lines, ["own: own_work returns 42", "own: registered 0 0 0, result 42, hits 2",
              "own: at the same place: 1", "own: refused -84 -2 -22",
              "own: without probes: result 8, hits 2"], "by name, by address, on the way back")

lines, statuses = said("insmod watcher.ko", "insmod target.ko", "insmod watcher.ko",
                       "rmmod target", "insmod target.ko", "rmmod target", "rmmod watcher",
                       "insmod target.ko", "insmod watcher.ko", "rmmod watcher", "rmmod target")
equal(statuses, ["1"] + ["0"] * 10, "a probe waits for no module, and keeps none from being removed")
equal(lines, ["target: work 2",
              "watcher: entered with 2", "watcher: returns 3", "target: work 3",
              "target: work 2", "target: work 3",       # another copy: the probes are gone
              "watcher: gone 1 1, enable -22, again -22",
              "target: work 2", "watcher: gone 0 0, enable 0, again -22", "target: work 3"],
      "probes on a removed module are gone, and can be unregistered")
done()
