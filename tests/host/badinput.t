#!/usr/bin/env python3
"""What the kernel says to a broken initramfs and to a CPU that lacks something: it says what is wrong."""
import os
import subprocess
import tempfile

from lib import boot, done, match, ok

INITRAMFS = "build/initramfs.cpio"


def fails_in_words(words, name, *options, **env):
    """The boot ends by itself, with 125, and the log holds @words."""
    result = boot(*options, env={"TIMEOUT": "30", **env})
    ok(result.status == 125 and "triple fault" not in result.text
       and "TIMEOUT" not in result.text, f"{name}: ends cleanly, with 125", result.text[-3000:])
    match(result.out.decode(errors="replace"), words, f"{name}: in words")


def archive_without_init():
    with tempfile.TemporaryDirectory() as folder:
        return subprocess.run(["cpio", "-o", "-H", "newc", "--quiet"], cwd=folder, input=b".\n",
                              capture_output=True, check=True).stdout


with open(INITRAMFS, "rb") as file:
    whole = file.read()
second = whole.find(b"070701", 6)
broken = {
    "an empty initramfs": b"",
    "an initramfs of noise": os.urandom(65536),
    "an initramfs of zeros": bytes(65536),
    "half an initramfs": whole[:len(whole) // 2],
    "an initramfs with a bad header": whole[:second] + b"070799" + whole[second + 6:],
    "an initramfs with a bad size": whole[:54] + b"FFFFFFF0" + whole[62:],
    "an initramfs with a bad digit": whole[:54] + b"GGGGGGGG" + whole[62:],
    "an initramfs without /init": archive_without_init(),
}
with tempfile.TemporaryDirectory() as folder:
    for name, data in broken.items():
        path = os.path.join(folder, "initramfs")
        with open(path, "wb") as file:
            file.write(data)
        fails_in_words(r"(?i)initramfs|/init\b", name, f"--initramfs={path}")

fails_in_words("(?i)long mode|64-bit", "no long mode", "--kernel", QEMU_EXTRA="-cpu qemu32")
fails_in_words("(?i)long mode|64-bit", "no long mode, by GRUB", QEMU_EXTRA="-cpu qemu32")
fails_in_words(r"\bNX\b", "no NX", "--kernel", QEMU_EXTRA="-cpu qemu64,-nx")

result = boot("--kernel", env={"QEMU_EXTRA": "-cpu qemu64"})
text = result.out.decode(errors="replace")
ok(result.status == 0 and "Socket Created: 3" in text, "without SMEP, SMAP, UMIP it still works",
   result.text[-3000:])
for lost in ("SMEP", "SMAP", "UMIP"):
    match(text, rf"no {lost}\b", f"{lost}: says that it is missing")
done()
