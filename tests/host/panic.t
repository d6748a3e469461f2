#!/usr/bin/env python3
"""What the kernel says of its own bugs: their names, the place and the backtrace, without a triple fault.

With arguments: only the bugs they name.
"""
import re
import sys

from lib import LOG, boot, build, done, equal, guest, match, ok

KERNEL = "build/ktap/kernel.elf"

# Each bug, what is said of it, and the function it is in.
CRASHES = {
    "null": (r"kernel NULL pointer dereference, address: 0{15}8\n#PF: supervisor write access in kernel "
             r"mode\n#PF: error_code\(0x0002\) - not-present page\nOops: 0002", "crash_null"),
    "exec": (r"tried to execute NX-protected page[\s\S]*page fault for address: \w+\n#PF: supervisor "
             r"instruction fetch[\s\S]*- permissions violation\nOops: 0011", "crash_exec"),
    "text": (r"page fault for address: ffffffff80100000\n#PF: supervisor write access in kernel mode\n"
             r"#PF: error_code\(0x0003\) - permissions violation\nOops: 0003", "crash_text"),
    "ud": (r"invalid opcode: 0000 \[#1\]\nCPU: 0 PID: 1 Comm: swapper", "crash_ud"),
    "divide": (r"divide error: 0000 \[#1\]", "crash_divide"),
    "stack": (r"BUG: TASK stack guard page was hit at \w+ \(stack is \w+\.\.\w+\)\n"
              r"stack guard page: 0000 \[#1\]", "crash_stack_frame"),
    "doublefree": (r"slab kmalloc-64: object \w+ freed twice", "crash_doublefree"),
    "overrun": (r"slab kmalloc-64: object \w+ freed twice, overrun", "crash_overrun"),
    "uaf": (r"slab kmalloc-64: free object \w+ was written to near offset 16", "crash_uaf"),
    "bug": (r"kernel BUG at tests/kernel/crash.c:\d+: current->pid == 1", "crash_bug"),
    "deadlock": (r"spinlock crash_lock\S* is taken already", "crash_deadlock"),
    "unlock": (r"spinlock crash_lock\S* is released, but was not taken", "crash_unlock"),
    "atomic": (r"scheduling while atomic: swapper/1/0x00000001", "crash_atomic"),
    "newline": (r"not syncing: a message that ends its line\n[^\n]", "crash_newline"),
    "init": (r"Attempted to kill init! exitcode=0x0000000b", "do_group_exit"),
}
for name, (words, function) in CRASHES.items():
    if sys.argv[1:] and name not in sys.argv[1:]:
        continue
    result = boot(f"--kernel={KERNEL}", env={"TIMEOUT": "30", "APPEND": f"crash={name}"})
    said = result.out.decode(errors="replace").replace("\r", "")
    equal(result.status, 125, f"{name}: the launcher says 125", said[-2000:])
    match(said, words, f"{name}: named")
    match(said, rf"\n {function}\+0x", f"{name}: the backtrace names {function}")
    message = re.search("Kernel panic - not syncing: (.*)", said)
    equal(re.findall("told of a panic: (.*)", said),
          [f"1, action 0, '{message[1] if message else None}', interrupts off"],
          f"{name}: panic_notifier_list is called once")

if sys.argv[1:]:
    done()

# A backtrace from within a real socket(), taken by a function that sock_alloc() calls.
result = guest("build/user/socket_test",
               options=[f"--kernel={KERNEL}", "--append=backtrace"])
equal(result.status, 0, "socket_test runs while each sock_alloc() logs a backtrace")
with open(LOG, encoding="ascii", errors="replace") as log:
    names = re.findall(r"^ (\w+)\+0x", log.read(), re.M)
frames = names[names.index("sock_alloc"):] if "sock_alloc" in names else names
equal(frames, ["sock_alloc", "__sock_create", "__sys_socket", "__x64_sys_socket", "do_syscall_64",
             "entry_SYSCALL_64"], "the backtrace names the functions called, and none that is inlined")

# What the log says of a program's fault: Linux's words.
guest(build("tests/abi/faults.c"), options=["-i"])
with open(LOG, encoding="ascii", errors="replace") as log:
    said = log.read()
match(said, r"(?m)^faults\S*\[\d+\]: segfault at 0 ip [0-9a-f]{16} sp [0-9a-f]{16} error 4 in "
      r"faults\S*\[[0-9a-f]+\+[0-9a-f]+\] likely on CPU 0 \(core 0, socket 0\)$",
      "a program's segfault")
match(said, r"(?m)^faults\S*\[\d+\]: segfault at ffffffff81000000 ip \w+ sp \w+ error 5 in ",
      "kernel memory looks protected, whatever is there")
match(said, r"(?m)^traps: faults\S*\[\d+\] trap divide error ip:[0-9a-f]+ sp:[0-9a-f]+ error:0 in "
      r"faults\S*\[[0-9a-f]+\+[0-9a-f]+\]$", "a program's other fault")
match(said, r"(?m)^traps: faults\S*\[\d+\] general protection fault ip:", "and a #GP")
done()
