#!/usr/bin/env python3
"""A clone works with core.autocrlf=true too, by which git turns the end of each line into CR LF."""
import os
import tempfile

from lib import TOP, done, equal, ok, run

with tempfile.TemporaryDirectory() as folder:
    clone = os.path.join(folder, "ringwalk")
    result = run(["git", "clone", "-q", "-c", "core.autocrlf=true", "-c", "core.eol=crlf", TOP, clone])
    ok(result.status == 0, "git clones the tree", result.text)
    names = run(["git", "ls-files", "-z"], cwd=clone).out.decode().split("\0")[:-1]
    names = [name for name in names if not name.endswith(".png")]      # no text
    with_cr = [name for name in names if b"\r\n" in open(os.path.join(clone, name), "rb").read()]
    ok(len(names) > 100, "it has files", names)
    equal(with_cr, [], "no line of them ends in CR LF")
    result = run(["make", "-s", "help"], cwd=clone)
    ok(result.status == 0 and "make run" in result.text, "make can read its Makefile", result.text)
    result = run(["sh", "-c", "tools/setup prefix"], cwd=clone)
    equal(result.status, 0, "its scripts start", result.text)
done()
