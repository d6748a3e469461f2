"""Lab 3, the descriptor table: its tests. They look at current->files from outside the machine."""
import errno

from judge import test

AF_INET, SOCK_STREAM, CLOEXEC = 2, 1, 0o2000000
F_DUPFD, F_GETFD, F_SETFD, F_DUPFD_CLOEXEC = 0, 1, 2, 1030
RLIMIT_NOFILE = 7
ALL = (1 << 64) - 1


def socket(vm, flags=0):
    return vm.call("socket", AF_INET, SOCK_STREAM | flags, 0)


def open_fds(vm, word=0):
    return vm.eval(f"current->files->fdt->open_fds[{word}]") & ALL


def slot(vm, fd):
    """The struct file behind @fd, 0 when there is none."""
    return vm.eval(f"(unsigned long)current->files->fdt->fd[{fd}]")


def count(vm, fd):
    return vm.eval(f"current->files->fdt->fd[{fd}]->f_count.counter")


def into_kernel(vm, symbol, *args):
    """Enter a function of the kernel in place of getpid()."""
    vm.start("getpid")
    vm.run_to("__x64_sys_getpid")
    for name, value in zip(("rdi", "rsi"), args):
        vm.set_register(name, value)
    vm.set_register("rip", vm.address(symbol))


def take(vm, bits, next_fd=0, word=0):
    """Make the descriptors of @bits look taken, from outside."""
    vm.poke(f"current->files->fdt->open_fds[{word}]", bits)
    if bits == ALL:
        full = vm.eval("current->files->fdt->full_fds_bits[0]")
        vm.poke("current->files->fdt->full_fds_bits[0]", full | 1 << word)
    vm.poke("current->files->next_fd", next_fd)


def set_limit(vm, soft, hard=4096):
    vm.expect(vm.call("setrlimit", RLIMIT_NOFILE, soft.to_bytes(8, "little") + hard.to_bytes(8, "little")),
              0, "setrlimit(RLIMIT_NOFILE)")


def no_new_objects(vm, before, what):
    after = vm.counters()
    vm.expect({name: after[name] - before[name] for name in after if after[name] != before[name]}, {},
              f"{what}: objects that are left over")


@test(points=5, step=0)
def boots(vm):
    """The kernel boots, and a program in ring 3 makes a system call."""
    vm.expect(vm.call("getpid"), 1, "getpid()")

# --- step 1: reserve ------------------------------------------------------------------------------


@test(points=5, step=1, parents=["boots"], hint="1.3")
def reserves_in_order(vm):
    """Descriptors are handed out from 0 upwards, and their bits are set."""
    number = vm.rng.randrange(3, 9)
    for fd in range(number):
        vm.expect(socket(vm), fd, f"socket() number {fd + 1} of this process")
    vm.expect(open_fds(vm), (1 << number) - 1, f"open_fds[0] after {number} calls", hint="1.1 and 1.3", form=hex)
    vm.expect(vm.eval("current->files->next_fd"), number, "next_fd: below it nothing is free")


@test(points=5, step=1, parents=["reserves_in_order"], hint="1.2")
def lowest_free(vm):
    """The lowest free descriptor is taken, wherever it is."""
    held = 0
    for _ in range(4):
        bits = vm.rng.getrandbits(63) | held
        free = next(fd for fd in range(64) if not bits >> fd & 1)
        take(vm, bits)
        vm.expect(socket(vm), free, f"socket() when open_fds[0] is {bits:#x}")
        vm.expect(open_fds(vm), bits | 1 << free, "open_fds[0] after it", hint="1.1 and 1.3", form=hex)
        held |= 1 << free


@test(points=3, step=1, parents=["reserves_in_order"], hint="1.3")
def search_starts_at_next_fd(vm):
    """The search starts at next_fd."""
    start = vm.rng.randrange(5, 30)
    take(vm, 1 << start, next_fd=start)
    vm.expect(socket(vm), start + 1, f"socket() when next_fd is {start}, and {start} is taken")
    vm.expect(vm.eval("current->files->next_fd"), start + 2, "next_fd after it")


@test(points=4, step=1, parents=["reserves_in_order"], hint="1.1")
def full_word(vm):
    """When a word of open_fds is full, full_fds_bits says so; not before."""
    low = vm.rng.randrange(40, 62)
    take(vm, ALL & ~(1 << low | 1 << 63))
    vm.expect(socket(vm), low, f"socket() when only {low} and 63 are free")
    vm.expect(vm.eval("current->files->fdt->full_fds_bits[0]"), 0, "full_fds_bits[0] while 63 is free")
    vm.expect(socket(vm), 63, "socket() when only 63 is free")
    vm.expect(vm.eval("current->files->fdt->full_fds_bits[0]"), 1, "full_fds_bits[0] when no bit of the word is free")


@test(points=4, step=1, parents=["reserves_in_order"], hint="1.3")
def limit(vm):
    """Beyond RLIMIT_NOFILE it is EMFILE, and nothing has changed."""
    soft = vm.rng.randrange(2, 12)
    set_limit(vm, soft)
    for fd in range(soft):
        vm.expect(socket(vm), fd, f"socket() with a limit of {soft}")
    bits, before = open_fds(vm), vm.counters()
    vm.expect(socket(vm), -errno.EMFILE, f"socket() number {soft + 1}")
    vm.expect(open_fds(vm), bits, "open_fds[0] after the failed call", form=hex)
    no_new_objects(vm, before, "socket() with EMFILE")

# --- step 2: install and close ----------------------------------------------------------------------


@test(points=6, step=2, parents=["reserves_in_order"], hint="2.3")
def installed_last(vm):
    """The descriptor is reserved, the file is built, and then the slot is filled."""
    fd = vm.rng.randrange(1, 20)
    take(vm, (1 << fd) - 1, next_fd=fd)
    vm.start("socket", AF_INET, SOCK_STREAM, 0)
    vm.run_to("sock_alloc_file")
    vm.expect(open_fds(vm) >> fd & 1, 1, f"bit {fd} of open_fds while the file is being built", hint="1.3")
    vm.expect(slot(vm, fd), 0, f"fd[{fd}] while the file is being built")
    vm.run_to("fd_install")
    file = vm.register("rsi")
    vm.expect(vm.register("rdi") & 0xffffffff, fd, "the descriptor that fd_install() gets")
    vm.expect(vm.finish(), fd, "socket()")
    vm.expect(slot(vm, fd), file, f"fd[{fd}] after the call")
    vm.expect(count(vm, fd), 1, "f_count of the file")


@test(points=6, step=2, parents=["installed_last"], hint="2.4")
def closed(vm):
    """close() empties the slot, frees the descriptor, and drops the file."""
    before, number = vm.counters(), vm.rng.randrange(4, 8)
    for fd in range(number):
        vm.expect(socket(vm), fd, "socket()")
    for fd in vm.rng.sample(range(number), number):
        vm.expect(vm.call("close", fd), 0, f"close({fd})")
        vm.expect(slot(vm, fd), 0, f"fd[{fd}] after close({fd})")
        vm.expect(open_fds(vm) >> fd & 1, 0, f"bit {fd} of open_fds after close({fd})", hint="2.1, 2.2 and 2.4")
    vm.expect(vm.eval("current->files->next_fd"), 0, "next_fd when all are closed", hint="2.2 and 2.4")
    no_new_objects(vm, before, "socket() and close()")


@test(points=4, step=2, parents=["closed"], hint="2.4")
def not_open(vm):
    """close() of what is not open is EBADF."""
    vm.expect(socket(vm), 0, "socket()")
    far = vm.rng.randrange(1 << 10, 1 << 31)
    for fd in (1, 63, 64, far, -1):
        vm.expect(vm.call("close", fd), -errno.EBADF, f"close({fd})")
    vm.expect(vm.call("close", 0), 0, "close(0)")
    vm.expect(vm.call("close", 0), -errno.EBADF, "close(0), a second time")
    take(vm, 1 << 5)
    vm.expect(vm.call("close", 5), -errno.EBADF, "close() of a descriptor that is reserved, but not filled")


@test(points=4, step=2, parents=["closed"], hint="2.2")
def lowest_after_close(vm):
    """What is closed can be taken again, the lowest first."""
    for fd in range(10):
        vm.expect(socket(vm), fd, "socket()")
    holes = vm.rng.sample(range(10), 4)
    for fd in holes:
        vm.expect(vm.call("close", fd), 0, f"close({fd})")
    for fd in sorted(holes) + [10]:
        vm.expect(socket(vm), fd, f"socket() after {holes} were closed in this order", hint="2.2 and 1.3")


@test(points=3, step=2, parents=["closed", "full_word"], hint="2.1")
def no_longer_full(vm):
    """A word of open_fds with a free bit again is not marked full."""
    fd = vm.rng.randrange(64)
    take(vm, ALL & ~(1 << fd))
    vm.expect(socket(vm), fd, f"socket() when only {fd} is free")
    vm.expect(vm.call("close", fd), 0, f"close({fd})")
    vm.expect(vm.eval("current->files->fdt->full_fds_bits[0]"), 0, "full_fds_bits[0]")
    vm.expect(socket(vm), fd, "socket() again")


@test(points=3, step=2, parents=["reserves_in_order"], hint="2.2")
def given_back(vm):
    """When the file cannot be built, the reserved descriptor is free again."""
    with vm.force("alloc_file_pseudo", -errno.ENFILE):
        vm.expect(socket(vm), -errno.ENFILE, "socket() when alloc_file_pseudo() fails")
    vm.expect(open_fds(vm), 0, "open_fds[0] after it", hint="2.1 and 2.2", form=hex)
    vm.expect(socket(vm), 0, "the next socket()")


@test(points=2, step=2, parents=["installed_last"], hint="2.3")
def filled_already(vm):
    """fd_install() into a slot that is not empty is a BUG."""
    vm.expect(socket(vm), 0, "socket()")
    file = slot(vm, 0)
    into_kernel(vm, "fd_install", 0, file)
    ends = [vm.address(place) for place in ("bug_at", "panic", "do_trap")]
    place = vm.run_to("stage_return", *ends)
    vm.expect(place in ends, True, "fd_install(0, file) when fd[0] is not NULL: does BUG_ON() stop it?")

# --- step 3: grow -------------------------------------------------------------------------------------


@test(points=6, step=3, parents=["installed_last", "full_word"], hint="3.2, 3.3 and 1.3")
def grows(vm):
    """The 65th descriptor needs a larger table, which holds what the old one held."""
    vm.expect(socket(vm, CLOEXEC), 0, "socket()")
    file, bits = slot(vm, 0), vm.rng.getrandbits(62) << 1 | 1
    vm.poke("current->files->fdt->close_on_exec[0]", bits)
    take(vm, ALL, next_fd=64)
    vm.expect(socket(vm), 64, "socket() when 0 to 63 are taken")
    vm.expect(vm.eval("current->files->fdt->max_fds"), 128, "max_fds of the new table")
    vm.expect(slot(vm, 0), file, "fd[0] in the new table", hint="3.1")
    vm.expect(open_fds(vm), ALL, "open_fds[0] in the new table", hint="3.1", form=hex)
    vm.expect(open_fds(vm, 1), 1, "open_fds[1] in the new table", hint="3.1 and 1.3", form=hex)
    vm.expect(vm.eval("current->files->fdt->close_on_exec[0]") & ALL, bits, "close_on_exec[0] in the new table",
              hint="3.1", form=hex)
    vm.expect(vm.eval("current->files->fdt->full_fds_bits[0]"), 1, "full_fds_bits[0] in the new table", hint="3.1", form=hex)


@test(points=4, step=3, parents=["grows"], hint="3.2")
def old_table_freed(vm):
    """Of the tables that were too small, none is left; the first lies inside files_struct."""
    take(vm, ALL, next_fd=64)
    before = vm.counters()
    vm.expect(socket(vm), 64, "socket() when 0 to 63 are taken")
    vm.expect(vm.slab("kmalloc-1k") - before["kmalloc-1k"], 1, "arrays of 128 files")
    take(vm, ALL, next_fd=128, word=1)
    vm.expect(socket(vm), 128, "socket() when 0 to 127 are taken")
    vm.expect(vm.slab("kmalloc-1k") - before["kmalloc-1k"], 0, "arrays of 128 files, when there is one of 256")
    vm.expect(vm.slab("kmalloc-2k") - before["kmalloc-2k"], 1, "arrays of 256 files")


@test(points=4, step=3, parents=["grows"], hint="1.2")
def skips_full_words(vm):
    """Words that are full are skipped, also when the search starts before them."""
    take(vm, ALL, next_fd=64)
    vm.expect(socket(vm), 64, "socket() when 0 to 63 are taken")
    bits = vm.rng.getrandbits(63) | 1
    free = next(fd for fd in range(64) if not bits >> fd & 1)
    take(vm, bits, next_fd=vm.rng.randrange(60), word=1)
    vm.expect(socket(vm), 64 + free, f"socket() when open_fds[1] is {bits:#x}")


@test(points=2, step=3, parents=["grows"], hint="1.3")
def last_number(vm):
    """A search that starts behind the table grows it, and does not read there."""
    take(vm, ALL, next_fd=64)
    set_limit(vm, 65)
    vm.expect(socket(vm), 64, "socket() when 0 to 63 are taken, next_fd is 64, and the limit 65")
    vm.expect(socket(vm), -errno.EMFILE, "the next socket()")
    far = vm.rng.randrange(150, 900)
    vm.expect(vm.kcall("alloc_fd", far, 1024, 0), far, f"alloc_fd({far}, 1024, 0)")


@test(points=4, step=3, parents=["grows"], hint="3.2 and 1.3")
def no_memory(vm):
    """When there is no memory for a larger table, it is ENOMEM, and the table is as it was."""
    take(vm, ALL, next_fd=64)
    table, before = vm.eval("(unsigned long)current->files->fdt"), vm.counters()
    with vm.force("alloc_fdtable", 0):
        vm.expect(socket(vm), -errno.ENOMEM, "socket() when alloc_fdtable() fails")
    vm.expect(vm.eval("(unsigned long)current->files->fdt"), table, "the table after it")
    no_new_objects(vm, before, "socket() with ENOMEM")
    vm.expect(socket(vm), 64, "the next socket()")

# --- step 4: dup, dup2, dup3 --------------------------------------------------------------------------


@test(points=4, step=4, parents=["closed"], hint="4.1")
def dup(vm):
    """dup() makes another descriptor of the same file, with a reference of its own."""
    vm.expect(vm.call("dup", vm.rng.randrange(64)), -errno.EBADF, "dup() of what is not open")
    vm.expect(socket(vm), 0, "socket()")
    vm.expect(vm.call("dup", 0), 1, "dup(0)")
    vm.expect(slot(vm, 1), slot(vm, 0), "fd[1], compared with fd[0]")
    vm.expect(count(vm, 0), 2, "f_count")
    set_limit(vm, 2)
    vm.expect(vm.call("dup", 0), -errno.EMFILE, "dup(0) at the limit")
    vm.expect(count(vm, 0), 2, "f_count after the failed dup()")


@test(points=3, step=4, parents=["dup"], hint="4.2 and 1.3")
def dupfd(vm):
    """F_DUPFD takes the lowest descriptor that is not below its argument."""
    start = vm.rng.randrange(3, 40)
    vm.expect(socket(vm), 0, "socket()")
    vm.expect(vm.call("fcntl", 0, F_DUPFD, start), start, f"fcntl(0, F_DUPFD, {start})")
    vm.expect(vm.call("fcntl", 0, F_DUPFD, start), start + 1, "the same again")
    vm.expect(count(vm, 0), 3, "f_count", hint="4.2")
    vm.expect(vm.call("dup", 0), 1, "dup(0): what lies below is still free", hint="1.3")
    vm.expect(vm.call("fcntl", 0, F_DUPFD, 1 << 20), -errno.EINVAL, "fcntl(0, F_DUPFD) beyond the limit", hint="4.2")


@test(points=4, step=4, parents=["dup"], hint="4.3")
def dup2(vm):
    """dup2() makes a given descriptor mean the file, and closes what it meant before."""
    for fd in range(3):
        vm.expect(socket(vm), fd, "socket()")
    file, files = slot(vm, 0), vm.counters()["files"]
    vm.expect(vm.call("dup2", 0, 2), 2, "dup2(0, 2)")
    vm.expect(slot(vm, 2), file, "fd[2]")
    vm.expect(count(vm, 0), 2, "f_count of the file that both mean")
    vm.expect(vm.counters()["files"], files - 1, "open files, when 2 was the last descriptor of one")
    far = vm.rng.randrange(10, 60)
    vm.expect(vm.call("dup2", 0, far), far, f"dup2(0, {far})")
    vm.expect(open_fds(vm), 0b111 | 1 << far, "open_fds[0]", form=hex)


@test(points=3, step=4, parents=["dup2"], hint="4.4")
def dup_errors(vm):
    """dup2() and dup3() check in Linux's order."""
    vm.expect(socket(vm), 0, "socket()")
    vm.expect(vm.call("dup2", 0, 0), 0, "dup2(0, 0)")
    vm.expect(vm.call("dup2", 9, 9), -errno.EBADF, "dup2(9, 9), not open")
    vm.expect(vm.call("dup3", 9, 9, 0), -errno.EINVAL, "dup3(9, 9, 0): equal numbers are refused first")
    vm.expect(vm.call("dup3", 0, 1 << 20, 1), -errno.EINVAL, "dup3() with an unknown flag and a number too large")
    vm.expect(vm.call("dup2", 0, 1 << 20), -errno.EBADF, "dup2() to a number beyond the limit")
    vm.expect(vm.call("dup2", 9, 1), -errno.EBADF, "dup2() of what is not open")
    take(vm, 0b100001)
    vm.expect(vm.call("dup2", 0, 5), -errno.EBUSY, "dup2() to a descriptor that somebody has reserved", hint="4.3")

# --- step 5: close on exec ------------------------------------------------------------------------------


@test(points=3, step=5, parents=["installed_last"], hint="5.1, 5.2 and 1.3")
def cloexec_bits(vm):
    """O_CLOEXEC, F_GETFD and F_SETFD: each descriptor has a bit of its own."""
    flags = [vm.rng.randrange(2) for _ in range(8)]
    flags[3:5] = [0, 1]
    for fd, flag in enumerate(flags):
        vm.expect(socket(vm, CLOEXEC * flag), fd, "socket()")
        vm.expect(vm.call("fcntl", fd, F_GETFD), flag, f"F_GETFD of {fd}, opened {'with' if flag else 'without'} O_CLOEXEC")
    vm.expect(vm.call("fcntl", 3, F_SETFD, 1), 0, "F_SETFD of 3")
    vm.expect(vm.call("fcntl", 4, F_SETFD, 0), 0, "F_SETFD of 4")
    flags[3:5] = [1, 0]
    vm.expect(vm.eval("current->files->fdt->close_on_exec[0]"), sum(flag << fd for fd, flag in enumerate(flags)),
              "close_on_exec[0]", hint="5.1", form=hex)


@test(points=3, step=5, parents=["cloexec_bits", "dup2"], hint="5.1")
def cloexec_not_inherited(vm):
    """A duplicate is not closed in execve(), unless it was asked for."""
    vm.expect(socket(vm, CLOEXEC), 0, "socket() with SOCK_CLOEXEC")
    for words, text, want, hint in ((("dup", 0), "dup(0)", 0, "4.1"), (("dup2", 0, 9), "dup2(0, 9)", 0, "4.3"),
                                    (("dup3", 0, 9, CLOEXEC), "dup3(0, 9, O_CLOEXEC)", 1, "4.3 and 4.4"),
                                    (("fcntl", 0, F_DUPFD_CLOEXEC, 20), "fcntl(0, F_DUPFD_CLOEXEC, 20)", 1, "4.2 and 1.3"),
                                    (("dup2", 0, 20), "dup2(0, 20)", 0, "4.3")):
        fd = vm.call(*words)
        vm.expect(vm.call("fcntl", fd, F_GETFD), want, f"F_GETFD after {text}", hint=hint)


@test(points=2, step=5, parents=["cloexec_bits"], hint="5.2")
def outside_the_table(vm):
    """A number that is not in the table is not marked."""
    fd = vm.rng.randrange(64)
    take(vm, 1 << fd)
    for number in (64 + fd, 128 + vm.rng.randrange(64, 1 << 20)):
        vm.expect(vm.kcall("get_close_on_exec", number) & 0xff, 0,
                  f"get_close_on_exec({number}) when the table has 64 descriptors")


@test(points=4, step=5, parents=["cloexec_bits"], hint="5.3")
def closed_by_exec(vm):
    """execve() closes what is marked, and nothing else."""
    marked = set(vm.rng.sample(range(9), 4))
    for fd in range(9):
        vm.expect(socket(vm, CLOEXEC * (fd in marked)), fd, "socket()")
    files = vm.counters()["files"]
    vm.start("execve", "/init", 0, 0)
    vm.run_to("stage_ready")
    vm.expect(open_fds(vm), sum(1 << fd for fd in range(9) if fd not in marked), "open_fds[0] after execve()", form=hex)
    vm.expect(vm.eval("current->files->fdt->close_on_exec[0]"), 0, "close_on_exec[0] after execve()", form=hex)
    vm.expect(vm.counters()["files"], files - len(marked), "open files after execve()")
    vm.expect(vm.eval("current->files->next_fd"), min(marked), "next_fd after execve()")
