"""How alike submissions are, for the instructor to look at. It never changes points: solutions are public."""
import os
import re

import cut

TOKEN = re.compile(r"[A-Za-z_]\w*|\d\w*|\S")
COMMENT = {".c": re.compile(r"/\*.*?\*/|//[^\n]*", re.S), ".h": re.compile(r"/\*.*?\*/|//[^\n]*", re.S),
           ".asm": re.compile(r";[^\n]*"), ".tbl": re.compile(r"#[^\n]*")}
LENGTH = 8                          # tokens of one piece that is compared


def pieces(files):
    """All runs of LENGTH tokens of the files, {path: bytes}, without comments and space."""
    found = set()
    for name, content in files.items():
        text = content.decode(errors="replace")
        comment = COMMENT.get(os.path.splitext(name)[1])
        tokens = TOKEN.findall(comment.sub(" ", text) if comment else text)
        found.update(tuple(tokens[at:at + LENGTH]) for at in range(len(tokens) - LENGTH + 1))
    return found


def own(files, base):
    """What a submission has that the tree handed out has not."""
    return pieces(files) - pieces(base)


def alike(one, other):
    """Percent of the smaller one that is in the other, too."""
    smaller = min(len(one), len(other))
    return round(100 * len(one & other) / smaller) if smaller else 0


def without(text, name, lab):
    """The text of a file without the lab's functions, each replaced by one line."""
    for piece in lab.pieces:
        if piece.file != name:
            continue
        try:
            _, _, span = cut.locate(text, piece)
        except cut.Refusal:
            continue
        lines = text.splitlines(keepends=True)
        text = "".join(lines[:span.comment] + [f"/* {piece.name} */\n"] + lines[span.end:])
    return text
