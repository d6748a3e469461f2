#!/usr/bin/env python3
"""Ordinary programs with threads, C++ and Lua, built with the compilers that are here: they print the
same on this host's Linux and on ringwalk, and end with the same status."""
import os
import tempfile

from lib import BUILD, COMPILERS, TOP, build, done, equal, guest, ok, run

GXX = "g++" if len(COMPILERS) > 1 else "x86_64-linux-gnu-g++"


def compare(program, name, **how):
    """Run @program on both, the host's in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        here = run([program], env={}, clean=True, cwd=folder, **how) if len(COMPILERS) > 1 else None
    there = guest(program, options=["-i"], env={"TIMEOUT": "60"}, **how)
    if here:
        ok(here.out.count(b"\n") > 5, f"{name}: it runs on the host", here.text)
        equal((there.status, there.out), (here.status, here.out), f"{name}: the same here", there.text[-2000:])
    else:
        ok(there.out.count(b"\n") > 5, f"{name}: it runs", there.text)


for compiler in COMPILERS:
    compare(build("tests/programs/pthreads.c", compiler, ["-pthread"]), f"pthreads by {compiler}")

cplusplus = os.path.join(BUILD, "cplusplus")
result = run([GXX, "-static", "-O2", "-Wall", "-o", cplusplus, "tests/programs/cplusplus.cc"])
if ok(result.status == 0, "g++ compiles a program with threads", result.text):
    compare(cplusplus, "C++")

lua = os.path.join(BUILD, "lua")
result = run([COMPILERS[-1], "-static", "-O2", "-Wall", "-o", lua, "tests/programs/lua.c", "-llua5.4", "-lm"])
if ok(result.status == 0, "a program is linked with Lua", result.text):
    with open(os.path.join(TOP, "tests", "programs", "script.lua"), "rb") as script:
        text = script.read()
    compare(lua, "Lua", stdin=text)
done()
