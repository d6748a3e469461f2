"""Lab 5, security modules: its tests. They read the hook lists, and register hooks of their own from outside.

A hook of the judge is a function of the kernel that nobody else calls here; it is made to return at once, with
the value that the test wants.
"""
import contextlib
import errno
import itertools

from judge import test

AF_INET, SOCK_STREAM, SOCK_DGRAM, SOCK_RAW, IPPROTO_ICMP = 2, 1, 2, 3, 1
RLIMIT_NOFILE, O_RDWR = 7, 2
MASK = (1 << 64) - 1
ONE, TWO, THREE = "ping_init_sock", "udp_init_sock", "raw_hash_sk"      # which no TCP socket calls
LIMIT, REFUSED = "/proc/sys/kernel/raw_limit", "/proc/sys/kernel/raw_refused"
AT_BOOT = {
    "capable": [("capability", "cap_capable")],
    "task_fix_setuid": [("capability", "cap_task_fix_setuid")],
    "bprm_creds_for_exec": [("apparmor", "apparmor_bprm_creds_for_exec")],
    "cred_prepare": [("apparmor", "apparmor_cred_prepare")],
    "cred_free": [("apparmor", "apparmor_cred_free")],
    "socket_create": [("apparmor", "apparmor_socket_create")],
    "socket_post_create": [("apparmor", "apparmor_socket_post_create")],
    "sk_free_security": [("apparmor", "apparmor_sk_free_security")],
    "file_alloc_security": [],
}
BLOBS = ("lbs_cred", "lbs_file", "lbs_inode", "lbs_sock")


def socket(vm, kind=SOCK_STREAM, protocol=0):
    return vm.call("socket", AF_INET, kind, protocol)


def some_errno(vm):
    """An error that nobody can know before it is used."""
    return -vm.rng.choice(sorted(number for number in errno.errorcode if number < 120))


def number(value):
    """An int in a register, whose upper half means nothing."""
    value &= (1 << 32) - 1
    return value - (1 << 32) if value >> 31 else value


def head(vm, hook):
    """Where the list of @hook is, as an expression."""
    return f"((struct security_hook_heads *){vm.address('security_hook_heads'):#x})->{hook}"


def registered(vm, hook):
    """[(module, address of its function)] of a hook, in the order of the list."""
    entries = itertools.islice(vm.list(head(vm, hook), "security_hook_list", "list"), 20)
    return [(entry["lsm"].string(), int(entry["hook"]["capable"]) & MASK) for entry in entries]


def expect_hooks(vm, hook, more, what):
    """The list of @hook is what it was at boot, and @more: [(module, function)]."""
    vm.expect(registered(vm, hook), [(lsm, vm.address(name)) for lsm, name in AT_BOOT[hook] + more], what)


def hook_list(vm, hooks):
    """An array of struct security_hook_list for [(hook, function)]: its address in the kernel."""
    size = vm.eval("sizeof(struct security_hook_list)")
    array = vm.kalloc(size * len(hooks))
    for index, (hook, function) in enumerate(hooks):
        entry = f"((struct security_hook_list *){array + index * size:#x})"
        vm.poke(f"{entry}->head", vm.eval(f"(unsigned long)&{head(vm, hook)}"))
        vm.poke(f"{entry}->hook.capable", vm.address(function))
    return array


def blob_sizes(vm, sizes):
    """A struct lsm_blob_sizes: its address in the kernel."""
    address = vm.kalloc(16)
    for name, size in zip(BLOBS, sizes):
        vm.poke(f"((struct lsm_blob_sizes *){address:#x})->{name}", size)
    return address


def offsets(vm, address):
    return [vm.eval(f"((struct lsm_blob_sizes *){address:#x})->{name}") for name in BLOBS]


def add(vm, hooks, sizes=None):
    """Register hooks of a module `judge`: the array's address."""
    array, name = hook_list(vm, hooks) if hooks else 0, vm.kalloc(8)
    blobs = blob_sizes(vm, sizes) if sizes else 0
    vm.write(name, b"judge\0")
    vm.kcall("security_add_hooks", array, len(hooks), name, blobs)
    return array


@contextlib.contextmanager
def answers(vm, **values):
    """The functions return these values at once. Yields the list of calls, in order: [(function, arguments)]."""
    calls = []

    def note(symbol):
        def cond(vm):
            calls.append((symbol, [vm.register(name) for name in ("rdi", "rsi", "rdx", "rcx")]))
            return True
        return cond
    with contextlib.ExitStack() as stack:
        for symbol, value in values.items():
            stack.enter_context(vm.force(symbol, value, note(symbol)))
        yield calls


def open_file(vm, fd):
    return vm.eval(f"(unsigned long)current->files->fdt->fd[{fd}]") & MASK


def blobs_of(vm, fd):
    """The blobs of the file behind @fd and of its inode."""
    file = open_file(vm, fd)
    return [vm.eval(f"(unsigned long)((struct file *){file:#x})->{field}") & MASK
            for field in ("f_security", "f_inode->i_security")]


def left_over(vm, before):
    after = vm.counters()
    return {name: after[name] - before[name] for name in after if after[name] != before[name]}


def set_uid(vm, uid=0):
    """A system call that makes new credentials."""
    return vm.call("setuid", uid)


def read_number(vm, path):
    fd = vm.call("open", path, 0)
    if fd < 0:
        vm.expect(fd, 0, f"open({path!r})")
    where = vm.alloc(32)
    size = vm.call("read", fd, where, 32)
    vm.call("close", fd)
    return int(vm.read(where, max(size, 0)).decode().split()[0])


def write_number(vm, path, value):
    fd = vm.call("open", path, O_RDWR)
    vm.expect(fd >= 0, True, f"open({path!r}) for writing succeeds")
    text = f"{value}\n"
    vm.expect(vm.call("write", fd, text.encode(), len(text)), len(text), f"write({value}) to {path}")
    vm.call("close", fd)


@test(points=5, step=0)
def boots(vm):
    """The kernel boots, and a program can make a socket."""
    vm.expect(vm.call("getpid"), 1, "getpid()")
    vm.expect(socket(vm), 0, "socket() in a fresh process")

# --- step 1: registration ---------------------------------------------------------------------------


@test(points=5, step=1, parents=["boots"], hint="1.1 and 1.2")
def at_boot(vm):
    """The two modules are registered at boot, capability and apparmor, and a hook has room for several."""
    for hook in AT_BOOT:
        if hook in ("socket_create", "socket_post_create", "sk_free_security"):
            continue                    # where step 4 adds a module
        vm.expect(sorted(registered(vm, hook)), sorted((lsm, vm.address(name)) for lsm, name in AT_BOOT[hook]),
                  f"the functions of hook {hook}, in any order")
    vm.expect(("apparmor", vm.address("apparmor_socket_create")) in registered(vm, "socket_create"), True,
              "apparmor_socket_create() is in the list of hook socket_create")
    add(vm, [("file_alloc_security", ONE), ("file_alloc_security", TWO)])
    vm.expect(sorted(registered(vm, "file_alloc_security")), sorted(("judge", vm.address(name)) for name in (ONE, TWO)),
              "the functions of hook file_alloc_security when a module has added two, in any order")


@test(points=5, step=1, parents=["at_boot"], hint="1.2")
def added_at_the_end(vm):
    """security_add_hooks() adds as many hooks as it is told, each at the end of its list."""
    array = hook_list(vm, [("capable", ONE), ("cred_free", TWO), ("capable", THREE), ("capable", ONE)])
    name = vm.kalloc(8)
    vm.write(name, b"judge\0")
    count = vm.rng.choice([2, 3])
    vm.kcall("security_add_hooks", array, count, name, 0)
    expect_hooks(vm, "capable", [("judge", ONE), ("judge", THREE)][:count - 1], f"hook capable after {count} of 4 were added")
    expect_hooks(vm, "cred_free", [("judge", TWO)], "hook cred_free")
    expect_hooks(vm, "task_fix_setuid", [], "hook task_fix_setuid, which is not in the array")


@test(points=8, step=1, parents=["at_boot"], hint="1.1 and 1.2")
def blob_offsets(vm):
    """A module asks for sizes, and learns the offsets; each part begins at a multiple of 8."""
    ours = vm.address("apparmor_blob_sizes")
    vm.expect(offsets(vm, ours), [0, 0, 0, 0], "the offsets of apparmor, which came first")
    sizes = [vm.rng.randrange(1, 60) for _ in BLOBS]
    first, second, third = blob_sizes(vm, [0] * 4), blob_sizes(vm, sizes), blob_sizes(vm, [1] * 4)
    for blobs in (first, second, third):
        vm.kcall("security_add_hooks", 0, 0, first, blobs)
    start = offsets(vm, first)
    vm.expect(start[:3], [8, 0, 0], "lbs_cred, lbs_file and lbs_inode behind apparmor, which wants 8 bytes in cred")
    vm.expect(start[3] >= 8 and start[3] % 8 == 0, True, "lbs_sock behind apparmor is a multiple of 8, at least 8")
    vm.expect(offsets(vm, second), start, "the offsets of a module after one that wants nothing")
    vm.expect(offsets(vm, third), [offset + (size + 7) // 8 * 8 for offset, size in zip(start, sizes)],
              f"the offsets of a module after one that wants {sizes} bytes")


@test(points=4, step=1, parents=["added_at_the_end"], hint="1.3")
def deleted(vm):
    """security_delete_hooks() takes out exactly these hooks."""
    array = add(vm, [("capable", ONE), ("cred_free", TWO)])
    add(vm, [("capable", THREE)])
    vm.kcall("security_delete_hooks", array, 2)
    expect_hooks(vm, "capable", [("judge", THREE)], "hook capable after the first module was taken out")
    expect_hooks(vm, "cred_free", [], "hook cred_free")

# --- step 2: blobs --------------------------------------------------------------------------------------


@test(points=3, step=2, parents=["blob_offsets"], hint="2.1 and 2.3")
def blob_for_cred(vm):
    """Credentials have a blob of their own, which goes with them."""
    vm.expect(set_uid(vm), 0, "setuid(0)")
    old, before = vm.eval("(unsigned long)current->cred->security") & MASK, vm.counters()
    vm.expect(old != 0, True, "there is a blob")
    vm.expect(set_uid(vm), 0, "setuid(0)")
    new = vm.eval("(unsigned long)current->cred->security") & MASK
    vm.expect(new not in (0, old), True, "the new credentials have another blob")
    vm.expect(left_over(vm, before), {}, "objects that are left over when credentials replaced others")


@test(points=6, step=2, parents=["blob_offsets"], hint="2.1 and 2.2")
def blob_zeroed(vm):
    """Files and inodes get blobs of the size that all modules want together, filled with zeros."""
    sizes = [vm.rng.randrange(70, 90), vm.rng.randrange(140, 170)]
    add(vm, [], [0, sizes[0], sizes[1], 0])
    add(vm, [], [0, 40, 16, 0])
    totals = [(sizes[0] + 7) // 8 * 8 + 40, (sizes[1] + 7) // 8 * 8 + 16]
    vm.expect(socket(vm), 0, "socket()")
    for blob, size in zip(blobs_of(vm, 0), totals):
        vm.expect(blob != 0, True, f"there is a blob of {size} bytes")
        vm.write(blob, b"\xa5" * size)          # the next user of this memory must not see it
    vm.expect(vm.call("close", 0), 0, "close()")
    with vm.trace(["kmalloc", "kzalloc"]) as calls:
        vm.expect(socket(vm), 0, "socket() once more")
    wanted = [call.args[0] for call in calls if call.args[0] in totals]
    vm.expect(sorted(set(wanted)), sorted(totals), "the sizes of the blobs")
    for blob, size in zip(blobs_of(vm, 0), totals):
        vm.expect(vm.read(blob, size), bytes(size), f"the contents of a blob of {size} bytes")


@test(points=3, step=2, parents=["blob_zeroed"], hint="2.1")
def blob_of_nobody(vm):
    """Where no module wants a blob, none is allocated."""
    vm.expect(socket(vm), 0, "socket()")
    vm.expect(blobs_of(vm, 0), [0, 0], "f_security and i_security")


@test(points=5, step=2, parents=["blob_zeroed"], hint="2.2 and 2.3")
def blob_freed(vm):
    """A blob is freed with its object, once."""
    add(vm, [], [0, vm.rng.randrange(8, 200), vm.rng.randrange(8, 200), 0])
    before = vm.counters()
    with vm.trace(["kfree"]) as calls:
        vm.expect(socket(vm), 0, "socket()")
        blobs = blobs_of(vm, 0)
        vm.expect(vm.call("close", 0), 0, "close()")
    vm.expect([sum(call.args[0] == blob for call in calls) for blob in blobs], [1, 1], "how often each blob is given to kfree()")
    for _ in range(30):
        vm.call("close", socket(vm))
    vm.expect(left_over(vm, before), {}, "objects that are left over after 31 sockets")


@test(points=6, step=2, parents=["blob_freed", "blob_for_cred"], hint="2.1, 2.2 and 2.3")
def blob_no_memory(vm):
    """Without memory for a blob the object is not made, and nothing is left over."""
    add(vm, [], [0, 72, 136, 0])
    for size, want, what in ((72, -errno.ENOMEM, "the file"), (136, -errno.ENFILE, "the inode")):
        before = vm.counters()
        with vm.force("kzalloc", 0, lambda vm, size=size: vm.register("rdi") == size) as forced:
            vm.expect(socket(vm), want, f"socket() without memory for the blob of {what}")
        vm.expect(forced.hits, 1, f"allocations of {size} bytes")
        vm.expect(left_over(vm, before), {}, "objects that are left over")
    before, cred = vm.counters(), vm.eval("(unsigned long)current->cred")
    with vm.force("kzalloc", 0, lambda vm: vm.register("rdi") == 8) as forced:
        vm.expect(set_uid(vm), -errno.ENOMEM, "setuid() without memory for the blob of the credentials")
    vm.expect(forced.hits, 1, "allocations of 8 bytes")
    vm.expect(left_over(vm, before), {}, "objects that are left over")
    vm.expect(vm.eval("(unsigned long)current->cred"), cred, "the credentials after it")

# --- step 3: asking the modules ----------------------------------------------------------------------------


@test(points=6, step=3, parents=["added_at_the_end"], hint="3.1")
def asked_in_order(vm):
    """All modules are asked, in the order of their registration, with the arguments of the hook."""
    add(vm, [("socket_create", ONE), ("socket_create", TWO)])
    add(vm, [("socket_create", THREE)])
    kind = vm.rng.choice([SOCK_STREAM, SOCK_DGRAM])
    flags = vm.rng.choice([0, 0o2000000, 0o4000])
    with answers(vm, **{ONE: 0, THREE: 0}) as calls, vm.force(TWO, 0, lambda vm: len(calls) == 1) as second:
        vm.expect(vm.call("socket", AF_INET, SOCK_STREAM | flags, 6), 0, "socket() when all modules say 0")
    vm.expect([name for name, _ in calls], [ONE, THREE], "the order in which the first and the third are asked")
    vm.expect(second.hits, 1, "how often the second is asked between them")
    vm.expect([args for _, args in calls], [[AF_INET, SOCK_STREAM, 6, 0]] * 2, "the arguments of the hook")
    with answers(vm, **{ONE: 0, TWO: 0, THREE: 0}) as calls:
        vm.kcall("security_socket_create", AF_INET, kind, 17, 1)
    vm.expect([args for _, args in calls], [[AF_INET, kind, 17, 1]] * 3, "the arguments of the hook for a socket of the kernel")


@test(points=6, step=3, parents=["asked_in_order"], hint="3.1")
def first_refusal(vm):
    """The first refusal is the answer, and nobody is asked after it."""
    add(vm, [("socket_create", ONE), ("socket_create", TWO), ("socket_create", THREE)])
    error = some_errno(vm)
    before = vm.counters()
    with answers(vm, **{ONE: 0, TWO: error, THREE: -errno.EXDEV}) as calls:
        vm.expect(socket(vm), error, f"socket() when the second module says {error}")
    vm.expect([name for name, _ in calls], [ONE, TWO], "who is asked")
    vm.expect(left_over(vm, before), {}, "objects that are left over")
    with answers(vm, **{ONE: 0, TWO: 0, THREE: error}) as calls:
        vm.expect(socket(vm), error, f"socket() when the last module says {error}")
    vm.expect(len(calls), 3, "how many are asked")


@test(points=3, step=3, parents=["first_refusal"], hint="3.1")
def any_other_answer(vm):
    """Every answer but 0 is the verdict, also a positive one."""
    add(vm, [("socket_create", ONE), ("socket_create", TWO)])
    value = vm.rng.randrange(1, 1000)
    with answers(vm, **{ONE: value, TWO: 0}) as calls:
        vm.expect(number(vm.kcall("security_socket_create", AF_INET, SOCK_STREAM, 6, 0)), value,
                  f"security_socket_create() when the first module says {value}")
    vm.expect(len(calls), 1, "how many are asked")


@test(points=3, step=3, parents=["at_boot"], hint="3.1")
def capabilities(vm):
    """The module capability is asked: RAW needs CAP_NET_RAW, which uid 1000 has not."""
    vm.expect(socket(vm, SOCK_RAW, IPPROTO_ICMP), 0, "socket(SOCK_RAW) of root")
    vm.expect(set_uid(vm, 1000), 0, "setuid(1000)")
    vm.expect(socket(vm, SOCK_RAW, IPPROTO_ICMP), -errno.EPERM, "socket(SOCK_RAW) of uid 1000")


@test(points=6, step=3, parents=["asked_in_order"], hint="3.2")
def all_are_told(vm):
    """Hooks without an answer: every module is called, in order."""
    add(vm, [("sk_free_security", ONE), ("sk_free_security", TWO), ("sk_free_security", THREE)])
    with vm.trace(["sk_alloc"]) as made:
        vm.expect(socket(vm), 0, "socket()")
    with answers(vm, **{ONE: some_errno(vm), TWO: some_errno(vm), THREE: 1}) as calls:
        vm.expect(vm.call("close", 0), 0, "close()")
    vm.expect([name for name, _ in calls], [ONE, TWO, THREE], "who is called when a sock is freed")
    vm.expect([args[0] for _, args in calls], [made[0].ret & MASK] * 3, "the sock that they get")


@test(points=6, step=3, parents=["first_refusal", "all_are_told", "blob_no_memory"], hint="2.2, 2.3 and 3.1")
def object_refused(vm):
    """When a module refuses an object, all modules let go of it, and its blob is freed."""
    add(vm, [("file_alloc_security", ONE), ("file_free_security", TWO)], [0, 72, 136, 0])
    add(vm, [("inode_alloc_security", ONE), ("inode_free_security", TWO)])
    add(vm, [("cred_prepare", ONE), ("cred_free", TWO)])
    error = some_errno(vm)
    for asked, want, what in ((2, error, "the file"), (1, -errno.ENFILE, "the inode")):
        before, count = vm.counters(), []
        with vm.force(TWO, 0) as told, vm.force(ONE, 0, lambda vm: len(count) < asked - 1 and not count.append(1)):
            with vm.force(ONE, error, lambda vm: vm.register("rip") == vm.address(ONE)) as refused:
                vm.expect(socket(vm), want, f"socket() when a module says {error} to {what}")
        vm.expect(refused.hits, 1, "refusals")
        vm.expect(told.hits, asked, f"calls of *_free_security() when {what} is refused")
        vm.expect(left_over(vm, before), {}, f"objects that are left over when {what} is refused")
    before = vm.counters()
    with vm.force(ONE, error), vm.force(TWO, 0) as told:
        vm.expect(set_uid(vm), -errno.ENOMEM, f"setuid() when a module says {error}: prepare_creds() only says NULL")
    vm.expect(told.hits, 1, "calls of cred_free()")
    vm.expect(left_over(vm, before), {}, "objects that are left over when credentials are refused")

# --- step 4: a module of one's own ------------------------------------------------------------------------------


def raw(vm):
    return socket(vm, SOCK_RAW, vm.rng.randrange(1, 250))


@test(points=3, step=4, parents=["asked_in_order"], hint="4.2")
def raw_registered(vm):
    """The module rawlimit registers after apparmor."""
    for hook in ("socket_create", "socket_post_create", "sk_free_security"):
        vm.expect([lsm for lsm, _ in registered(vm, hook)], ["apparmor", "rawlimit"], f"the modules of hook {hook}")


@test(points=6, step=4, parents=["raw_registered", "first_refusal"], hint="4.1")
def raw_limit(vm):
    """At most four RAW sockets; the next is EUSERS. Other sockets are not counted."""
    before = vm.slab("RAW")
    for count in range(4):
        vm.expect(raw(vm), 2 * count, f"RAW socket number {count + 1}")
        vm.expect(socket(vm, vm.rng.choice([SOCK_STREAM, SOCK_DGRAM])), 2 * count + 1, "a socket that is not RAW")
    for _ in range(vm.rng.randrange(1, 4)):
        vm.expect(raw(vm), -errno.EUSERS, "RAW socket number 5")
    vm.expect(vm.slab("RAW") - before, 4, "RAW socks in use")
    vm.expect(socket(vm), 8, "a TCP socket after it")


@test(points=4, step=4, parents=["raw_limit"], hint="4.3")
def raw_sysctl(vm):
    """/proc/sys/kernel: raw_limit can be read and set, raw_refused counts."""
    vm.expect(read_number(vm, LIMIT), 4, "raw_limit at boot")
    vm.expect(read_number(vm, REFUSED), 0, "raw_refused at boot")
    limit, more = vm.rng.randrange(5, 12), vm.rng.randrange(1, 6)
    write_number(vm, LIMIT, limit)
    vm.expect(read_number(vm, LIMIT), limit, "raw_limit after a write")
    for count in range(limit):
        vm.expect(raw(vm), count, f"RAW socket number {count + 1} of {limit}")
    for _ in range(more):
        vm.expect(raw(vm), -errno.EUSERS, "RAW socket beyond the limit")
    vm.expect(read_number(vm, REFUSED), more, "raw_refused")
    write_number(vm, LIMIT, 0)
    vm.expect(vm.call("close", 0), 0, "close()")
    vm.expect(raw(vm), -errno.EUSERS, "RAW socket when the limit is 0")


@test(points=4, step=4, parents=["raw_limit"], hint="4.1")
def raw_given_back(vm):
    """A RAW socket counts while its sock exists, and a failed one does not."""
    for _ in range(6):
        vm.expect(socket(vm, SOCK_RAW, 0), -errno.EPROTONOSUPPORT, "socket(SOCK_RAW) with protocol 0")
    for _ in range(6):
        with vm.force("get_unused_fd_flags", -errno.EMFILE):
            vm.expect(raw(vm), -errno.EMFILE, "RAW socket without a descriptor")
    for count in range(4):
        vm.expect(raw(vm), count, f"RAW socket number {count + 1}")
    vm.expect(vm.call("dup", 2), 4, "dup()")
    vm.expect(vm.call("close", 2), 0, "close() of one of two descriptors")
    vm.expect(raw(vm), -errno.EUSERS, "RAW socket, when four still exist")
    vm.expect(vm.call("close", 4), 0, "close() of the other")
    vm.expect(raw(vm), 2, "RAW socket, when three exist")
    vm.expect(raw(vm), -errno.EUSERS, "RAW socket, when four exist again")


@test(points=3, step=4, parents=["raw_limit"], hint="4.1")
def raw_of_kernel(vm):
    """A RAW socket of the kernel is neither refused nor counted."""
    where = vm.kalloc(8)
    for _ in range(5):
        vm.expect(number(vm.kcall("sock_create_kern", vm.address("init_net"), AF_INET, SOCK_RAW, 1, where)), 0,
                  "sock_create_kern()")
    for count in range(4):
        vm.expect(raw(vm), count, f"RAW socket number {count + 1} of a program")
    vm.kcall("sock_release", vm.word(where))
    vm.expect(raw(vm), -errno.EUSERS, "RAW socket number 5 of a program, when one of the kernel was released")
