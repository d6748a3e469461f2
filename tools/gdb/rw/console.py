"""What the guest has printed, shown at each stop: gdb has the terminal, the guest a file.

Not in a replay, which prints the same again each time it has gone back.
"""
import os

import gdb

PATH = os.environ.get("RINGWALK_CONSOLE", "")
shown = 0
hushed = False          # run.py moves without a word, and shows later what came


def show(_event=None):
    """Print what has come since the last time, in whole lines."""
    global shown
    if not PATH or hushed:
        return
    try:
        with open(PATH, "rb") as file:
            data = file.read()
    except OSError:
        return
    whole = data.rfind(b"\n") + 1
    for line in data[shown:whole].decode(errors="replace").splitlines():
        print("| " + line.rstrip("\r"))
    shown = whole


def ended(event):
    show()
    if hasattr(event, "exit_code"):
        print("The machine is off.")


gdb.events.stop.connect(show)
gdb.events.exited.connect(ended)
