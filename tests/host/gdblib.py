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


class Line(str):
    """A line of docs/gdb.md that shows output; @number: which line of the page it is, from 0."""
    number = None


def sections():
    """docs/gdb.md: {title: [(command, [lines it shows])...]}; '$ make gdb' is a command too."""
    with open(PAGE) as file:
        lines = file.read().splitlines()
    found, commands, in_block = {}, [], False
    for number, text in enumerate(lines):
        if text.startswith("## "):
            commands = found.setdefault(text[3:], [])
        elif text.startswith("```"):
            in_block = not in_block
        elif in_block and (match := re.match(r"(?:\(gdb\)|\$) (.*)", text)):
            commands.append((text[0] == "$", match[1], []))
        elif in_block:
            line = Line(text)
            line.number = number
            commands[-1][2].append(line)
    return found


LINE_NUMBER = re.compile(r"(?<=\.[ch]:)\d+|(?<=\.asm:)\d+|^\d+(?=\t)")


def normal(line, numbers=True):
    """A line without what may differ: addresses, offsets, the arithmetic flags, the width of columns.

    @numbers: with the numbers of source lines.
    """
    if not numbers:
        line = LINE_NUMBER.sub("N", line)
    line = re.sub(r"0x[0-9a-f]{5,}", "0xN", line)
    line = re.sub(r"(\w)\+\d+", r"\1+N", line)
    line = re.sub(r"\b0x2[0-9a-f]{2}\b", "0x2NN", line)       # RFLAGS of ring 3, with IF
    return " ".join(line.split())


def matches(expected, output, numbers=True):
    """Pairs of an expected line and one of the output; LookupError names a line that is not there.

    A line … is any lines; … at an end, any rest.
    """
    lines = [text for text in output.splitlines() if text.split()]
    pairs, at, anywhere = [], 0, False
    for line in expected:
        want = normal(line, numbers)
        if want in ("", "…"):
            anywhere = anywhere or want == "…"
            continue
        while at < len(lines):
            here, at = normal(lines[at], numbers), at + 1
            if here == want or want.endswith("…") and here.startswith(want[:-1].rstrip()):
                break
            if not anywhere:
                raise LookupError(line)
        else:
            raise LookupError(line)
        pairs.append((line, lines[at - 1]))
        anywhere = False
    return pairs


def shows(expected, output):
    """Does the output begin with the expected lines? Returns the line that is not there, or None."""
    try:
        matches(expected, output)
    except LookupError as missing:
        return str(missing)
    return None


def renew(commands, talk):
    """UPDATE=1: write the numbers of source lines that gdb shows now into docs/gdb.md."""
    with open(PAGE) as file:
        page = file.read().splitlines(keepends=True)
    for n, (_, _, expected) in enumerate(commands):
        try:
            pairs = matches(expected, talk[n], numbers=False)
        except LookupError:
            continue                    # more than a number differs: that is for a person to mend
        for line, shown in pairs:
            now = iter(LINE_NUMBER.findall(shown))
            page[line.number] = LINE_NUMBER.sub(lambda old: next(now, old[0]), page[line.number])
    with open(PAGE, "w") as file:
        file.writelines(page)


def follow_page(title):
    """Type what docs/gdb.md says under @title: (its commands, what gdb answered).

    UPDATE=1 brings the page's numbers of source lines up to date before it is judged.
    """
    commands = sections()[title]
    how = [*commands[0][1].split(), "-s", "GDB_ARGS=@ARGS@"]
    talk = session(None, [words for shell, words, _ in commands if not shell], how=how)
    if os.environ.get("UPDATE") == "1":
        renew(commands[1:], talk)
        commands = sections()[title]
    return commands, talk
