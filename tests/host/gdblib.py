"""What the gdb tests share: a session from a list of commands, and docs/gdb.md as such lists."""
import os
import re
import tempfile

from lib import BUILD, TOP, run

RUN = os.path.join(TOP, "tools", "gdb-run")
PAGE = os.path.join(TOP, "docs", "gdb.md")
MARK = "@@@@"

# Each command's output under a mark of its own; one that fails says so, and the next is run.
DRIVER = f"""\
import gdb
for number, words in enumerate({{commands!r}}):
    gdb.write("\\n{MARK}%d\\n" % number)
    gdb.flush()
    try:
        gdb.execute(words)
    except gdb.error as error:
        gdb.write("error: %s\\n" % error)
    gdb.flush()
gdb.write("\\n{MARK}end\\n")
"""


class Session:
    """What gdb answered: [n] is the output of command n. `whole`: did it get to the end?"""

    def __init__(self, result):
        self.status, self.text = result.status, result.text
        parts = re.split(rf"^{MARK}(\d+|end)\n", result.out.decode(errors="replace"), flags=re.M)
        self.before = parts[0]
        self.answers = {mark: text for mark, text in zip(parts[1::2], parts[2::2])}
        self.whole = "end" in self.answers

    def __getitem__(self, number):
        return self.answers.get(str(number), "(never run)").rstrip()


def session(mode, commands, program=None, how=None, **env):
    """Run the commands in gdb. @how: the command line, up to the arguments for gdb."""
    with tempfile.NamedTemporaryFile("w", suffix=".py", dir=BUILD) as file:
        file.write(DRIVER.format(commands=list(commands)))
        file.flush()
        words = how or [RUN, mode] + ([program] if program else []) + ["--"]
        words = [word.replace("@ARGS@", f"-batch -x {file.name}") for word in words]
        if not how:
            words += ["-batch", "-x", file.name]
        return Session(run(words, env=env, limit=60))


def sections():
    """docs/gdb.md: {title: [(command, [lines it shows])...]}; '$ make gdb' is a command too."""
    with open(PAGE) as file:
        text = file.read()
    found = {}
    for part in re.split(r"(?m)^## ", text)[1:]:
        commands = []
        for block in re.findall(r"(?ms)^```\n(.*?)^```$", part):
            for line in block.splitlines():
                match = re.match(r"(?:\(gdb\)|\$) (.*)", line)
                if match:
                    commands.append((line[0] == "$", match[1], []))
                else:
                    commands[-1][2].append(line)
        found[part.split("\n")[0]] = commands
    return found


def normal(line):
    """A line without what may differ: addresses, offsets, line numbers, width of columns."""
    line = re.sub(r"0x[0-9a-f]{5,}", "0xN", line)
    line = re.sub(r"(\w)\+\d+", r"\1+N", line)
    line = re.sub(r"(\.\w+):\d+", r"\1:N", line)
    line = re.sub(r"^\d+\t", "N ", line)
    line = re.sub(r"\$\d+ =", "$N =", line)
    return " ".join(line.split())


def shows(expected, output):
    """Does the output begin with the expected lines? A line … is any lines; … at an end, any rest.

    Returns the line that is not there, or None.
    """
    lines = [text for text in map(normal, output.splitlines()) if text]
    at, anywhere = 0, False
    for want in filter(None, map(normal, expected)):
        if want == "…":
            anywhere = True
            continue
        while at < len(lines):
            here, at = lines[at], at + 1
            if here == want or want.endswith("…") and here.startswith(want[:-1].rstrip()):
                break
            if not anywhere:
                return want
        else:
            return want
        anywhere = False
    return None
