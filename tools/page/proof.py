"""What the kernel's own proof (user/qed) says of the forty steps: verdict, claim and evidence."""
import json
import os
import re
import subprocess

from vm.knobs import Failure

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
STEP = re.compile(r"  (\d\d) (\S+)  (.*)$")


def parse(text):
    """[{"step", "holds", "claim", "evidence": [lines]}] from the output of qed."""
    steps = []
    for line in text.splitlines():
        line = line.rstrip("\r")
        if match := STEP.match(line):
            steps.append({"step": int(match[1]), "holds": match[2] == "\u2713", "claim": match[3],
                          "evidence": []})
        elif steps and line.startswith(" " * 9) and line.strip():
            steps[-1]["evidence"].append(line.strip())
        elif line.startswith("SUMMARY"):
            break
    return steps


def load(setting):
    """The proof of this build, run once for it."""
    path = os.path.join(setting.folder, "proof.json")
    newest = max(os.path.getmtime(name) for name in (setting.kernel, setting.initramfs, __file__))
    if not os.path.exists(path) or os.path.getmtime(path) < newest:
        env = {**os.environ, "TIMEOUT": "60"}
        done = subprocess.run([os.path.join(TOP, "tools", "qemu"), "run", f"--kernel={setting.kernel}",
                               f"--initramfs={setting.initramfs}"], stdin=subprocess.DEVNULL, env=env,
                              capture_output=True, text=True, errors="replace", check=False)
        steps = parse(done.stdout)
        if len(steps) != 40:
            raise Failure(f"the proof shows {len(steps)} steps, expected 40:\n{done.stdout[-2000:]}")
        with open(path + ".new", "w", encoding="utf-8") as file:
            json.dump(steps, file)
        os.rename(path + ".new", path)
    with open(path, encoding="utf-8") as file:
        return json.load(file)
