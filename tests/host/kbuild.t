#!/usr/bin/env python3
"""kbuild's interface for modules outside the tree: make -C RINGWALK M=FOLDER [TARGET].

What a module's author types for Linux does the same here. Linux: Documentation/kbuild/modules.rst
"""
import os
import shutil
import tempfile

from lib import BUILD, TOP, done, equal, match, ok, run, skip

GOOD = '#include <linux/module.h>\nMODULE_LICENSE("GPL");\n'


def folder_with(files, prefix="kbuild-"):
    """A folder of @files {path: text}, removed with the returned object."""
    folder = tempfile.TemporaryDirectory(prefix=prefix, dir=BUILD)
    for name, text in files.items():
        path = os.path.join(folder.name, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)
    return folder


def listing(folder):
    """Every file below @folder."""
    return sorted(os.path.relpath(os.path.join(where, name), folder)
                  for where, _, names in os.walk(folder) for name in names)


def make(folder, *words, **env):
    return run(["make", "--no-print-directory", "-C", TOP, f"M={folder}", *words], env=env, cwd="/")


def holds(files, name, *words, **env):
    """A module of @files builds; words for make."""
    with folder_with(files) as folder:
        result = make(folder, *words, **env)
        ok(result.status == 0 and "x.ko" in listing(folder), name, result.text)


def says(files, words, pattern, name, **env):
    """make fails and says @pattern."""
    with folder_with(files) as folder:
        result = make(folder, *words, **env)
        ok(result.status == 2, f"{name}: make fails", result.text)
        match(result.text, pattern, f"{name}: it says why")


# --- the targets ----------------------------------------------------------------------------

AUTHORS = """\
obj-m := x.o
all:
\t$(MAKE) -C {TOP} M=$(CURDIR)
clean:
\t$(MAKE) -C {TOP} M=$(CURDIR) clean
"""
sources = {"Makefile": AUTHORS.replace("{TOP}", TOP), "x.c": GOOD, "notes.txt": "mine\n"}
with folder_with(sources) as folder:
    before = listing(folder)
    result = run(["make"], cwd=folder)
    ok(result.status == 0 and "x.ko" in listing(folder), "an author's Makefile: make builds", result.text)
    result = run(["make"], cwd=folder)
    ok(" CC " not in result.text and " LD " not in result.text, "a second make does nothing",
       result.text)
    kernel = os.path.join(TOP, "build/kernel.elf")
    inode = os.stat(kernel).st_ino
    result = run(["make", "clean"], cwd=folder)
    equal((result.status, listing(folder)), (0, before), "make clean leaves the author's files",
          result.text)
    ok(os.path.exists(kernel) and os.stat(kernel).st_ino == inode, "and leaves ringwalk's build/")

tree = {"Kbuild": "obj-m := x.o\nobj-m += sub/\nobj-y += more/\nx-y := src/main.o\n"
                  "x-objs := part.o\nsubdir-ccflags-y := -DFROM_TOP=1\n",
        "Makefile": "$(error Kbuild comes first)\n",
        "src/main.c": GOOD, "part.c": "int part;\n",
        "sub/Makefile": "obj-m := y.o\n",
        "sub/y.c": GOOD + "#if FROM_TOP != 1\n#error\n#endif\n",
        "more/Kbuild": "obj-m := z.o\n", "more/z.c": GOOD}
with folder_with(tree) as folder, tempfile.TemporaryDirectory(dir=BUILD) as out:
    before = listing(folder)
    result = make(folder)
    equal([name for name in listing(folder) if name.endswith(".ko")],
          ["more/z.ko", "sub/y.ko", "x.ko"], "Kbuild before Makefile, several objects, folders below",
          result.text)
    root = os.path.join(out, "root")
    result = make(folder, "modules_install", INSTALL_MOD_PATH=root)
    equal(listing(root), ["lib/modules/6.1.0-ringwalk/extra/" + name
                          for name in ("more/z.ko", "sub/y.ko", "x.ko")],
          "modules_install: INSTALL_MOD_PATH", result.text)
    result = make(folder, "modules_install", f"INSTALL_MOD_PATH={out}/two",
                  "INSTALL_MOD_DIR=lesson", "INSTALL_MOD_STRIP=1")
    small = os.path.join(out, "two/lib/modules/6.1.0-ringwalk/lesson/x.ko")
    ok(os.path.exists(small) and os.path.getsize(small) < os.path.getsize(f"{folder}/x.ko"),
       "modules_install: INSTALL_MOD_DIR and INSTALL_MOD_STRIP", result.text)
    result = make(folder, "clean")
    equal(listing(folder), before, "clean goes through the folders below", result.text)
    result = make(folder, "modules_install", INSTALL_MOD_PATH=root)
    ok(result.status == 2 and "not built" in result.text, "what is not built is not installed",
       result.text)
    result = make(folder, f"MO={out}/objects")
    equal(listing(folder), before, "MO=: nothing is written into the folder", result.text)
    ok(os.path.exists(f"{out}/objects/sub/y.ko"), "MO=: it is built there", result.text)
    make(folder, f"MO={out}/objects", "clean")
    equal(listing(f"{out}/objects"), [], "MO= clean: and removed there")
    match(make(folder, "-n", f"O={out}/kernel").text, rf"-c -o {out}/kernel/kernel/main\.o ",
          "O=: ringwalk is built there")

with folder_with({"Makefile": "obj-m += x.o\n", "x.c": GOOD + "int f(void) { return 1; }\n"}) as folder:
    match(make(folder, "help").text, r"modules_install[\s\S]*\bclean\b[\s\S]*MO=", "help lists them")
    for target in ("x.o", "x.i", "x.s", "x.lst", "x.ko"):
        result = make(folder, target)
        ok(result.status == 0 and target in listing(folder), f"{target} alone", result.text)
    equal(make(folder).text, "", "which is all there is to build")
    result = make(folder, "modules", "KCFLAGS=-DNEW")
    match(result.text, r" CC +\S+/x\.o\n", "other flags: compiled anew")
    match(make(folder, "V=1", "KCFLAGS=-DNEWER").text, r"(?m)^\S*gcc .* -DNEWER .*-c -o \S+/x\.o",
          "V=1 shows the commands")

# --- flags ----------------------------------------------------------------------------------

CHECKED = {"x.c": GOOD + "#if A + B + C != 3 || defined D\n#error\n#endif\n"}
holds({"Makefile": "obj-m += x.o\nccflags-y := -DA=1 -DD\nEXTRA_CFLAGS += -DB=1\nCFLAGS_x.o := -DC=1\n"
                   "ccflags-remove-y := -DD\n", **CHECKED}, "ccflags-y, EXTRA_CFLAGS, CFLAGS_x.o")
holds({"Makefile": "obj-m += x.o\n", **CHECKED}, "EXTRA_CFLAGS, KCFLAGS, CFLAGS_MODULE from outside",
      "EXTRA_CFLAGS=-DA=1", "KCFLAGS=-DB=1", "CFLAGS_MODULE=-DC=1")
holds({"Makefile": "obj-m += x.o\nKBUILD_CFLAGS += -DA=3 -DB=0 -DC=0\n", **CHECKED},
      "KBUILD_CFLAGS changed by the folder")
holds({"Makefile": "obj-m += x.o\nccflags-y := -I$(src)/include $(call cc-option,-Wno-such-flag) "
                   "$(call cc-option,-DA=3) -DB=0 -DC=0\n",
       "include/own.h": "#define OWN 1\n", "x.c": '#include "own.h"\n' + CHECKED["x.c"]},
      "$(src) and cc-option")
QUIET = {"Makefile": "obj-m += x.o\n", "x.c": GOOD + "int f(int a)\n{\n\treturn a;\n}\n"}
holds(QUIET, "without W= no previous prototype is asked for", "KCFLAGS=-Werror")
says(QUIET, ["W=1e"], r"missing-prototypes", "W=1e")
says({"Makefile": "obj-m += x.o\n",
      "x.c": GOOD + "static int a;\nint *f(int a);\nint *f(int a)\n{\n\treturn a ? &a : 0;\n}\n"},
     ["W=2", "KCFLAGS=-Werror=shadow"], r"shadow", "W=2")
SAMPLES = os.path.join(TOP, "tests/modules")
with tempfile.TemporaryDirectory(dir=BUILD) as out:
    result = make(SAMPLES, f"MO={out}", "W=1")
    ok(result.status == 0 and not result.err, "W=1: our headers give no warning", result.text)
if shutil.which("sparse"):
    with folder_with({"Makefile": "obj-m += x.o\n", "x.c": GOOD + "int shared;\n"}) as folder:
        match(make(folder, "C=1").text, r"x\.c:3:5: warning: symbol 'shared' was not declared",
              "C=1 runs sparse on what is compiled")
        equal(make(folder, "C=1").text, "", "and on nothing else")
        match(make(folder, "C=2").text, r"symbol 'shared' was not declared", "C=2: on everything")
else:
    skip("C=1 runs sparse", "sparse is not installed")
says(QUIET, ["C=1", "CHECK=no-such-checker"], "C=1 runs no-such-checker: it is not installed", "C=1")

# --- mistakes -------------------------------------------------------------------------------

match(run(["make", "M=/nowhere"]).text, "there is no folder /nowhere", "M=: no such folder")
match(run(["make", "M=."]).text, "is ringwalk itself", "M=: ringwalk itself")
with folder_with(QUIET, prefix="a space ") as folder:
    match(make(folder).text, "a space.* has a space in it", "M=: a space in the path")
with folder_with(QUIET, prefix="co:lon") as folder:
    match(make(folder).text, "co:lon.* has ':' in it", "M=: a colon in the path")
says({"Makefile": "obj-m += x.o\nobj-m += none/\n", "x.c": GOOD}, [], r"/none is not there",
     "a folder that is not there")
says({"Makefile": "obj-m += x.o\nx-y := x.o y.o\n", "x.c": GOOD, "y.c": ""}, [],
     r"x\.o cannot be a part of module x", "a module that is a part of itself")
for word, pattern in {"V=7": "V=7: expected 0 1 2", "W=9": "W=9: expected one or more of",
                      "C=x": "C=x: expected", "ARCH=arm64": "ARCH=arm64: expected x86_64",
                      "run": "no target 'run' for a folder of modules"}.items():
    says(QUIET, [word], pattern, word)
done()
