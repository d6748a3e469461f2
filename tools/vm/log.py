"""Where a kernel's log begins to tell of a failure. Used by tools/exec and tools/labs/evidence.py."""
import re

FAILURE = r"panic|\bBUG\b|\[#\d+\]"     # [#1]: an oops


def from_failure(text, most, pattern=FAILURE):
    """At most @most lines of a log: from the first that @pattern is found in, or the last eight."""
    lines = text.splitlines()
    first = next((number for number, line in enumerate(lines) if re.search(pattern, line)), max(0, len(lines) - 8))
    return lines[first:first + most]
