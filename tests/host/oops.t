#!/usr/bin/env python3
"""A fault of ring 0 kills the task that ran, not the machine; and what the log says of it.

The words are Linux's: arch/x86/mm/fault.c, arch/x86/kernel/dumpstack.c.
"""
import os
import tempfile

from lib import BUILD, LOG, build, done, equal, guest, match, ok, run

FOLDER = tempfile.TemporaryDirectory(prefix="oops-", dir=BUILD)
result = run(["make", "M=tests/modules/errors", f"MO={FOLDER.name}"], env={"KBUILD_MODPOST_WARN": "1"})
ok(result.status == 0, "the modules are built", result.text)
FILES = [f"--file={FOLDER.name}/{name}.ko:/modules/{name}.ko" for name in ("fault", "passive", "in_use")]


def commands(*lines, append=""):
    """Status and log of commands run one after the other; "# exit N" after each."""
    return guest(build("tests/guest/modules.c"), "run", *" -- ".join(lines).split(),
                 options=["-i", *FILES] + ([f"--append={append}"] if append else []))


def statuses(result):
    return [int(line[7:]) for line in result.text.splitlines() if line.startswith("# exit ")]


SIGKILL, SIGSEGV = 128 + 9, 128 + 11

# --- in init ---

result = commands("/bin/insmod /modules/fault.ko", "/bin/lsmod", "/bin/rmmod fault",
                  "/bin/insmod /modules/fault.ko", "/bin/insmod /modules/passive.ko", "/bin/socket_test",
                  "/bin/dmesg -t")
equal(statuses(result), [SIGKILL, 0, 1, 1, 0, 0, 0], "a fault in init: insmod is killed, all else goes on",
      result.text[-3000:])
for line in (r"BUG: kernel NULL pointer dereference, address: 0{15}8", r"#PF: supervisor write access in kernel mode",
             r"#PF: error_code\(0x0002\) - not-present page", r"Oops: 0002 \[#1\]",
             r"CPU: 0 PID: \d+ Comm: insmod Not tainted 6\.1\.0-ringwalk",
             r"RIP: 0010:fault\+0x\w+/0x\w+ \[fault\]", r"Call Trace:",
             r" fault_init\+0x\w+/0x\w+ \[fault\]", r" entry_SYSCALL_64\S*",
             r"Modules linked in: fault\(\+\)", r"---\[ end trace 0{16} \]---"):
    match(result.text, f"(?m)^{line}", f"in init, the log says: {line}")
match(result.text, r"(?m)^fault +\d+  0$", "the module stays, as it was")

# --- elsewhere ---

result = commands("/bin/insmod /modules/fault.ko where=handler", "/bin/socket_test",
                  "/bin/rmmod fault", "/bin/insmod /modules/in_use.ko", "/bin/rmmod in_use",
                  "/bin/socket_test", "/bin/dmesg -t")
equal(statuses(result)[:3], [0, SIGKILL, 0], "a fault in a probe's handler: the task that hit it is killed",
      result.text[-3000:])
equal(statuses(result)[5:], [0, 0], "and sockets are made when the probe is gone")
match(result.text, r" __sys_socket\+0x1/", "the backtrace goes on with what the probe stopped")
match(result.text, r"note: socket_test\[\d+\] exited with irqs disabled", "interrupts are on again")
result = commands("/bin/insmod /modules/fault.ko where=handler", "/bin/socket_test", "/bin/socket_test",
                  "/bin/dmesg -t")
equal(statuses(result), [0, SIGKILL, SIGKILL, 0], "the next hit is a hit again")
match(result.text, r"Oops: 0002 \[#2\]\n.* Tainted: G      D  ", "the second oops says that it is one")

result = commands("/bin/insmod /modules/fault.ko where=exit", "/bin/rmmod fault", "/bin/rmmod fault",
                  "/bin/socket_test", "/bin/lsmod", "/bin/dmesg -t")
equal(statuses(result), [0, SIGKILL, 1, 0, 0, 0], "a fault in exit: rmmod is killed", result.text[-3000:])
match(result.text, r"Modules linked in: fault\(-\)", "the module is on its way out for ever")

result = commands("/bin/insmod /modules/fault.ko where=locked", "/bin/socket_test", "/bin/dmesg -t")
equal(statuses(result), [SIGKILL, 0, 0], "a fault under a spinlock with interrupts off", result.text[-3000:])
match(result.text, r"note: insmod\[\d+\] exited with preempt_count 1", "what was counted counts no more")

result = commands("/bin/insmod /modules/fault.ko where=bug", "/bin/socket_test", "/bin/dmesg -t")
equal(statuses(result), [SIGSEGV, 0, 0], "BUG() kills the task", result.text[-3000:])
match(result.text, r"kernel BUG at \S*fault\.c:\d+: BUG\(\)\n(.*\n)*?invalid opcode: 0000 \[#1\]", "and says where")

result = commands("/bin/insmod /modules/fault.ko where=thread", "/bin/socket_test", "/bin/rmmod fault",
                  "/bin/insmod /modules/fault.ko where=none", "/bin/dmesg -t")
equal(statuses(result), [0, 0, 0, 0, 0], "a fault in a kernel thread: the module is removed as ever", result.text[-3000:])
match(result.text, r"(?m)^CPU: 0 PID: \d+ Comm: fault Not tainted", "the log says that it was the thread")
match(result.text, r"(?m)^stopped: 0$", "kthread_stop() of a thread that an oops killed returns 0")

# --- a panic all the same ---

DMESG = ["/bin/dmesg -c"] * 20      # time for the timer
for name, lines, append, words in (
        ("in a timer", ["/bin/insmod /modules/fault.ko where=timer", *DMESG], "", "Fatal exception in interrupt"),
        ("with oops=panic", ["/bin/insmod /modules/fault.ko"], "oops=panic", "Fatal exception"),
        ("with panic_on_oops", ["write /proc/sys/kernel/panic_on_oops 1", "/bin/insmod /modules/fault.ko"],
         "", "Fatal exception")):
    result = commands(*lines, append=append)
    equal(result.status, 125, f"a fault {name} is a panic", result.text[-3000:])
    with open(LOG, encoding="ascii", errors="replace") as log:
        match(log.read(), rf"Kernel panic - not syncing: {words}\n", f"{name}: the log says so")
done()
