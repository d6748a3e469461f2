"""What a line of code is, and which files are the call path of socket() and close()."""
import os
import re

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))


def lines(path):
    """How many lines of the file @path are not only comment or blank."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    comment = r";.*" if path.endswith((".asm", ".inc")) else r"(?s:/\*.*?\*/)|//.*"
    return sum(bool(line.strip()) for line in re.sub(comment, "", text).splitlines())


def reading_order_text():
    """The section of README.md that lists the files of the call path."""
    with open(os.path.join(TOP, "README.md"), encoding="utf-8") as file:
        return re.search(r"(?ms)^## Reading order\n(.*?)^The other folders", file.read())[1]


def reading_order():
    """The files of the call path, in README's order."""
    return re.findall(r"`([\w./]+/[\w.]+\.\w+)`", reading_order_text())
