"""Running the machine, forwards and, in a recorded run, backwards, to a set of places."""
import contextlib
import os
import re

import gdb

from rw import console, kernel


class Place:
    """An address, and a condition that is looked at there."""

    def __init__(self, at, condition=lambda: True, name=None):
        self.at, self.condition, self.name = at, condition, name


class Stop(gdb.Breakpoint):
    """An invisible breakpoint at a Place. Hardware: in ring 3, pages may not be there yet."""

    def __init__(self, place):
        super().__init__(f"*{place.at:#x}", type=gdb.BP_HARDWARE_BREAKPOINT, internal=True)
        self.place, self.silent = place, True
        self.hit, self.error = False, None

    def stop(self):
        try:
            self.hit = bool(self.place.condition())
        except (gdb.error, gdb.GdbError) as error:
            self.hit, self.error = True, error
        return self.hit


SWITCH_OFF = "__x64_sys_reboot"


def at_switch_off():
    """Are we where init asks the kernel to switch the machine off?

    A recording reaches further, but how far depends on QEMU: 7.2 replays the last instruction, 10.0
    ends with the last byte on the console.
    """
    return kernel.register("rip") == kernel.address(SWITCH_OFF)


class EndOfRecording(gdb.Breakpoint):
    """The last place of a replay where there surely is a machine to go back in."""

    def __init__(self):
        super().__init__(f"*{kernel.address(SWITCH_OFF):#x}",
                         type=gdb.BP_HARDWARE_BREAKPOINT, internal=True)
        self.silent = True

    def stop(self):
        print("The recording ends here: the machine is about to switch off. Go back, by "
              "reverse-continue or another.")
        return True


class Ended(gdb.GdbError):
    """The machine switched off, or the recording is at its end."""


known = {}                  # what the machine can do; asked once


def forget():
    known.clear()


def monitor(words):
    """QEMU's answer to a monitor command; '' where there is no monitor."""
    try:
        return gdb.execute("monitor " + words, to_string=True)
    except gdb.error:
        return ""


def recorded():
    """Is this a replay, so that time can go backwards?"""
    if "recorded" not in known:
        known["recorded"] = "Replaying" in monitor("info replay")
    return known["recorded"]


def icount():
    """Instructions since power-on in a replay; None elsewhere."""
    match = re.search(r"instruction count = (\d+)", monitor("info replay")) if recorded() else None
    return int(match[1]) if match else None


def snapshot(name):
    """In a replay: a point to come back to quickly, instead of from the start."""
    monitor(f"savevm {name}")


def need_recording():
    if not recorded():
        raise gdb.GdbError("this run is not recorded, so it cannot go backwards: `make rewind` can")


def reverse_is_set():
    try:
        return gdb.parameter("exec-direction") == "reverse"
    except (RuntimeError, gdb.error):
        return False


def alive():
    return bool(gdb.selected_inferior().pid)


@contextlib.contextmanager
def quiet():
    """Let gdb announce no stop: to_string does not catch that, so stdout leads nowhere.

    In a terminal only: an IDE (gdb -i=mi) has to hear of each.
    """
    if "RINGWALK_CONSOLE" not in os.environ:
        yield
        return
    gdb.flush()
    saved, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    console.hushed = True
    try:
        yield
    finally:
        gdb.flush()
        os.dup2(saved, 1)
        os.close(saved)
        os.close(nowhere)
        console.hushed = False
        console.show()


@contextlib.contextmanager
def alone():
    """Without the user's breakpoints: our commands go where they say, whatever lies on the way."""
    theirs = [each for each in gdb.breakpoints() if each.enabled and each.number > 0]
    for breakpoint in theirs:
        breakpoint.enabled = False
    try:
        yield
    finally:
        for breakpoint in theirs:
            if breakpoint.is_valid():
                breakpoint.enabled = True


def move(words, back=False):
    """Execute continue or stepi, in the direction asked for, without a word."""
    reverse = reverse_is_set()          # the user's `set exec-direction reverse`
    try:
        with alone(), quiet():
            if reverse:
                gdb.execute("set exec-direction forward", to_string=True)
            gdb.execute(("reverse-" if back else "") + words, to_string=True)
    except gdb.error as error:
        raise Ended(f"the machine is gone: {error}")
    finally:
        if reverse and alive():
            gdb.execute("set exec-direction reverse", to_string=True)
    if not alive():
        raise Ended("the machine has switched off")


def stepi(back=False):
    move("stepi", back)
    return kernel.register("rip")


def until(places, back=False, lost="none of these places was reached"):
    """Run to one of @places, whose condition holds; returns it. None: another stop came first."""
    if back:
        need_recording()
        stepi(back=True)        # QEMU's reverse-continue passes by what stands right before us
        near = next((place for place in places
                     if place.at == kernel.register("rip") and place.condition()), None)
        if near:
            return near
    stops = [Stop(place) for place in places]
    try:
        move("continue", back)
        hit = next((stop for stop in stops if stop.hit and
                    stop.place.at == kernel.register("rip")), None)
    except Ended as error:
        raise Ended(f"{lost} ({error})")
    finally:
        for stop in stops:
            if stop.is_valid():
                stop.delete()
    if hit and hit.error:
        raise gdb.GdbError(f"at {hit.place.at:#x}: {hit.error}")
    if hit is None and recorded():
        if not back and at_switch_off():
            raise Ended(f"{lost} (the recording ends here; `reverse-continue` goes back)")
        if back and (icount() or 0) < 2:
            raise Ended(f"{lost} (this is where the recording starts)")
    return hit.place if hit else None


def here():
    """Print where we are, as gdb does at a stop."""
    gdb.execute("frame")


def goes_back(words):
    """Take 'back' out of the words, and heed `set exec-direction reverse`."""
    back = reverse_is_set()
    if "back" in words:
        words.remove("back")
        back = True
    if back:
        need_recording()
    return back
