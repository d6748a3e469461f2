#!/usr/bin/env python3
"""tools/headers.py - write the headers that only lead to another one, from include/headers.map.

    tools/headers.py MAP FOLDER

A line of MAP is "name  target..."; FOLDER/name then includes each target.
"""
import os
import shutil
import sys


def main(argv):
    if len(argv) != 3:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    table, folder = argv[1], argv[2]
    with open(table) as file:
        rows = [line.split() for line in file if line.split() and not line.startswith("#")]
    for top in {name.split("/")[0] for name, *_ in rows}:
        shutil.rmtree(os.path.join(folder, top), ignore_errors=True)
    for name, *targets in rows:
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(f"/* Made from {table}. */\n")
            file.writelines(f"#include <{target}>\n" for target in targets)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
