"""Cuts a lab out of the kernel's sources: what labs/N-name/cut says, and nothing is marked in the kernel.

The file `cut` has a head of `key: value` lines, then pieces:

    == STEP FILE NAME [N-M | N] [drop | comment]
    the stub: what takes the place of the body

FILE NAME is a C function, from its definition at column 0 to the } at column 0 (SYSCALL_DEFINEn(x) is
called __x64_sys_x), or a label in assembly, from `label:` to `.end:` or `label.end:`. "3-5" are only its
numbered steps 3 to 5, which lines with the comment `; Step N` begin. `drop` takes the whole definition
away, and the comment above it; `comment` replaces that comment too: by what stands before a line `--`.
A line that begins with "# " is a comment.

Read parse(), locate() and cut_text(). Whatever is not as the file says is a Refusal, which names it.
"""
import re
from dataclasses import dataclass


class Refusal(Exception):
    """Why a lab cannot be cut, in words for the person who asked for it."""


@dataclass
class Piece:
    """One thing that a lab takes out of the tree."""
    step: int
    file: str
    name: str
    first: int = 0              # numbered steps in assembly, 0: all of the label
    last: int = 0
    how: str = "body"           # or "drop" or "comment"
    stub: str = ""
    line: int = 0               # in the file `cut`

    def __str__(self):
        steps = f" {self.first}-{self.last}" if self.first else ""
        return f"{self.file} {self.name}{steps}"


@dataclass
class Lab:
    """One folder labs/N-name."""
    name: str
    title: str
    hours: str
    take: list
    points_for_booting: int
    pieces: list

    @property
    def number(self):
        return int(self.name.partition("-")[0])

    @property
    def last_step(self):
        return max((piece.step for piece in self.pieces), default=1)


KEYS = ("title", "hours", "take", "points-for-booting")
HEADER = re.compile(r"== (\d+) (\S+) ([\w.]+)(?: (\d+)(?:-(\d+))?)?(?: (drop|comment))?$")


def parse(text, where):
    """The head as a dictionary, and the pieces. @where: the file's name, for refusals."""
    head, pieces = {}, []
    for number, line in enumerate(text.splitlines(), 1):
        header = HEADER.match(line)
        if line.startswith("# "):
            continue
        if header:
            step, file, name, first, last, how = header.groups()
            first = int(first or 0)
            pieces.append(Piece(int(step), file, name, first, int(last or first), how or "body", "", number))
        elif line.startswith("=="):
            raise Refusal(f"{where}:{number}: expected '== STEP FILE NAME [N-M] [drop|comment]', not '{line}'")
        elif pieces:
            pieces[-1].stub += line + "\n"
        elif line.strip():
            key, colon, value = line.partition(":")
            if not colon or key not in KEYS:
                raise Refusal(f"{where}:{number}: expected one of {', '.join(KEYS)}, not '{line}'")
            head[key] = value.strip()
    for piece in pieces:
        piece.stub = piece.stub.strip("\n") + "\n" if piece.stub.strip() else ""
        check_piece(piece, f"{where}:{piece.line}")
    return head, pieces


def check_piece(piece, where):
    asm = piece.file.endswith(".asm")
    if not asm and not piece.file.endswith(".c"):
        raise Refusal(f"{where}: {piece.file} is neither C nor assembly")
    if piece.first and (not asm or piece.how != "body"):
        raise Refusal(f"{where}: numbered steps are of a label's body in assembly: {piece}")
    if piece.first > piece.last:
        raise Refusal(f"{where}: steps {piece.first}-{piece.last} are in the wrong order")
    if piece.step < 1:
        raise Refusal(f"{where}: steps are counted from 1")
    if (piece.how == "drop") == bool(piece.stub):
        raise Refusal(f"{where}: " + (f"{piece} is dropped, so it has no stub" if piece.stub
                                      else f"{piece} has no stub (say 'drop' to take all of it away)"))
    if piece.how == "comment" and "\n--\n" not in piece.stub:
        raise Refusal(f"{where}: expected the comment, a line '--' and the body of {piece}")


def read_lab(name, text):
    """The lab labs/@name, whose file `cut` holds @text."""
    where = f"labs/{name}/cut"
    head, pieces = parse(text, where)
    if not head.get("title"):
        raise Refusal(f"{where}: there is no line 'title: ...'")
    points = head.get("points-for-booting", "0")
    if not points.isdecimal():
        raise Refusal(f"{where}: points-for-booting is a number, not '{points}'")
    return Lab(name, head["title"], head.get("hours", ""), head.get("take", "").split(), int(points), pieces)


def find_labs(paths):
    """The names of the labs among @paths, a tree's files: each labs/N-name/cut, by number."""
    names = [found[1] for path in paths for found in [re.fullmatch(r"labs/(\d+-[\w-]+)/cut", path)] if found]
    return sorted(names, key=lambda name: (int(name.partition("-")[0]), name))


def find_lab(names, word):
    """Which of @names is meant by @word: 3, fdtable or 3-fdtable. None: no such lab."""
    for name in names:
        number, _, short = name.partition("-")
        if word in (name, short) or (word.isdecimal() and int(word) == int(number)):
            return name
    return None

# --- where a piece is -------------------------------------------------------------------------


@dataclass
class Span:
    """Lines of a file, counted from 0, ends excluded: comment above, definition, body."""
    comment: int
    start: int
    body: int
    body_end: int
    end: int


def comment_above(lines, start, mark):
    """The first line of the comment that ends just above @start, or @start. @mark: ";" or "*/"."""
    if mark == ";":
        while start and lines[start - 1].startswith(";"):
            start -= 1
    elif start and lines[start - 1].rstrip().endswith("*/"):
        first = start - 1
        while first and not lines[first].startswith("/*"):
            first -= 1
        return first if lines[first].startswith("/*") else start
    return start


def locate_macro(lines, name):
    """The Span of a macro of several lines: its body begins below the line of its name."""
    start = next((i for i, line in enumerate(lines) if line.startswith(f"#define {name}(")), None)
    if start is None or not lines[start].endswith("\\"):
        return None
    end = start + 1
    while lines[end].endswith("\\"):
        end += 1
    return Span(comment_above(lines, start, "*/"), start, start + 1, end + 1, end + 1)


def locate_c(lines, name):
    """The Span of function or macro @name, or None."""
    call = re.match(r"__x64_sys_(\w+)$", name)
    names = rf"SYSCALL_DEFINE\d\({re.escape(call[1])}[,)]" if call else "(?!)"
    pattern = re.compile(rf"(?:[A-Za-z_][\w\s*]*[\s*])?{re.escape(name)}\(|{names}")
    for start, line in enumerate(lines):
        if not pattern.match(line):
            continue
        brace = start + 1
        while brace < len(lines) and lines[brace][:1] in ("\t", " "):
            brace += 1
        if brace == len(lines) or lines[brace] != "{":
            continue                    # a declaration
        end = brace + 1
        while end < len(lines) and lines[end] != "}":
            end += 1
        if end < len(lines):
            return Span(comment_above(lines, start, "*/"), start, brace + 1, end, end + 1)
    return locate_macro(lines, name)


def locate_asm(lines, name):
    """The Span of what lies between `name:` and its `.end:`, or None."""
    begin = re.compile(rf"{re.escape(name)}:")
    start = next((i for i, line in enumerate(lines) if begin.match(line)), None)
    if start is None:
        return None
    for end in range(start + 1, len(lines)):
        if lines[end].split(";")[0].strip() in (".end:", f"{name}.end:"):
            first = start
            while first and re.match(rf"(global|align)\b", lines[first - 1]):
                first -= 1
            return Span(comment_above(lines, first, ";"), first, start + 1, end, end + 1)
        if re.match(r"[A-Za-z_]\w*\.end:", lines[end]):
            return None                 # the end of another label
    return None


def numbered(lines, span, piece):
    """The lines of steps @piece.first to @piece.last within @span's body: (start, end)."""
    marks = [(i, int(found[1])) for i in range(span.body - 1, span.body_end)
             for found in [re.search(r"; Step (\d+)\b", lines[i])] if found]
    numbers = [number for _, number in marks]
    for number in range(piece.first, piece.last + 1):
        if numbers.count(number) != 1:
            raise Refusal(f"{piece.file}: {piece.name} has {numbers.count(number) or 'no'} "
                          f"line{'s' * (numbers.count(number) > 1)} '; Step {number}'")
    start = max(marks[numbers.index(piece.first)][0], span.body)
    end = min((i for i, number in marks if number > piece.last), default=span.body_end)
    if end < start:
        raise Refusal(f"{piece.file}: the steps of {piece.name} are not in order")
    while end > start and not lines[end - 1].strip():
        end -= 1                        # the empty line before the next step stays
    return start, end


def locate(text, piece):
    """Which lines of @text (counted from 0, end excluded) belong to @piece, and its Span."""
    lines = text.split("\n")
    asm = piece.file.endswith(".asm")
    span = (locate_asm if asm else locate_c)(lines, piece.name)
    if span is None:
        what = "label with an .end" if asm else "function defined at column 0"
        raise Refusal(f"{piece.file}: there is no {what} named {piece.name}")
    if piece.first:
        return *numbered(lines, span, piece), span
    if piece.how == "drop":
        return span.comment, span.end, span
    if piece.how == "comment":
        return span.comment, span.body_end, span
    return span.body, span.body_end, span

# --- cutting ------------------------------------------------------------------------------------


def replacement(lines, span, piece):
    """The lines that take @piece's place."""
    if piece.how == "drop":
        return []
    if piece.how == "comment":
        comment, _, body = piece.stub.partition("\n--\n")
        return comment.split("\n") + lines[span.start:span.body] + body.rstrip("\n").split("\n")
    return piece.stub.rstrip("\n").split("\n")


def cut_text(text, pieces):
    """@text, one file's, with its @pieces replaced. The removed lines come back too, as a list."""
    lines, edits, removed = text.split("\n"), [], []
    for piece in pieces:
        start, end, span = locate(text, piece)
        if piece.how == "drop" and end < len(lines) and not lines[end].strip():
            end += 1                    # one empty line goes with it
        edits.append((start, end, replacement(lines, span, piece), piece))
    edits.sort(key=lambda edit: edit[:2])
    for (_, end, _, one), (start, _, _, other) in zip(edits, edits[1:]):
        if start < end:
            raise Refusal(f"{one.file}: {one.name} and {other.name} overlap: the lab takes lines out twice")
    for start, end, lines_instead, _ in reversed(edits):
        removed += [line for line in lines[start:end] if line not in lines_instead]     # what the stub keeps is published
        lines[start:end] = lines_instead
    return "\n".join(lines), removed


def cut(lab, step, read):
    """The files of @lab as they are when the steps below @step are solved: {path: text}, removed lines.

    @read: gives the text of a file of the tree, or raises FileNotFoundError.
    """
    files, removed = {}, []
    left = [piece for piece in lab.pieces if piece.step >= step]
    for path in sorted({piece.file for piece in lab.pieces}):
        try:
            text = read(path)
        except FileNotFoundError:
            raise Refusal(f"labs/{lab.name}/cut: {path} is not in the tree") from None
        cut_text(text, [piece for piece in lab.pieces if piece.file == path])    # all must be there
        files[path], gone = cut_text(text, [piece for piece in left if piece.file == path])
        removed += gone
    return files, removed
