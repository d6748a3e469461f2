#!/usr/bin/env python3
"""/sys: what QEMU's fw_cfg holds is read below /sys/firmware, and ring 3 makes no names there."""
import os

from lib import BUILD, done, equal, guest, ok, run

BUSYBOX = os.path.join(BUILD, "..", "busybox")
FOLDER = "/sys/firmware/qemu_fw_cfg/by_name"
TEXT = "0123456789" * 20


def sh(script):
    """What busybox's shell prints; the machine has one more fw_cfg file."""
    return guest(BUSYBOX, "sh", "-c", f"cat() {{ /bin/busybox cat $1; }}; cd {FOLDER} && {{ {script}; }} 2>&1",
                 options=["-i", f"--file={BUSYBOX}:/bin/busybox"],
                 env={"QEMU_EXTRA": f"-fw_cfg name=opt/org.example/a/text,string={TEXT}"}).text.strip()


result = run(["make", "build/busybox"])
ok(os.path.getsize(BUSYBOX) > 0, "there is a busybox", result.text)
equal(sh("cat opt/org.example/a/text/raw"), TEXT, "a file that QEMU was given")
equal(sh("cat opt/ringwalk/terminal/raw"), "none", "what the launcher tells")
equal(sh("dd if=opt/org.example/a/text/raw bs=7 skip=3 count=2 2>/dev/null"), TEXT[21:35], "from an offset on")
equal(sh("stat -c '%a %s %F' opt/org.example/a/text/raw opt/org.example"), "400 200 regular file\n755 0 directory",
      "its mode and size")
equal(sh("ls opt/org.example/a opt/org.example"), "opt/org.example:\na\n\nopt/org.example/a:\ntext", "its directories")
equal(sh("mkdir opt/new; echo x >opt/new; ls opt"),
      "mkdir: can't create directory 'opt/new': Operation not permitted\n"
      "sh: can't create opt/new: Permission denied\norg.example\nringwalk", "no name is made there")
equal(sh("echo x >>opt/org.example/a/text/raw; rm opt/org.example/a/text/raw"),
      "sh: write error: Invalid argument\nrm: can't remove 'opt/org.example/a/text/raw': Operation not permitted",
      "nothing is written or removed")
done()
