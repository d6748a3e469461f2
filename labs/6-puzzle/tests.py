"""Lab 6, the puzzle: its tests. Each makes one step of socket() fail from outside, and counts what is left.

Two things are counted. The kernel's own numbers (objects in use of each cache, open files, references) have to
be what they were. And each object that a cache hands out is followed by its address until it is freed.
"""
import contextlib
import errno

from judge import C_ARGUMENTS, test

AF_UNIX, AF_INET, SOCK_STREAM, SOCK_DGRAM, SOCK_RAW, IPPROTO_ICMP = 1, 2, 1, 2, 3, 1
RLIMIT_NOFILE = 7
ALLOC, FREE = "kmem_cache_alloc", "kmem_cache_free"
MASK, PAGE_OFFSET = (1 << 64) - 1, 0xffff888000000000
LIVE, GOING = 1, 2                  # enum module_state
TCP, UDP = (SOCK_STREAM, 0), (SOCK_DGRAM, 0)


def socket(vm, kind=TCP):
    return vm.call("socket", AF_INET, *kind)


def some_errno(vm):
    """An error that nobody can know before it is used."""
    return -vm.rng.choice(sorted(number for number in errno.errorcode if number < 120))


def number(value):
    """An int in a register, whose upper half means nothing."""
    value &= (1 << 32) - 1
    return value - (1 << 32) if value >> 31 else value


def caches(vm):
    """{address: name} of the slab caches."""
    return {int(cache.address): cache["name"].string() for cache in vm.list("slab_caches", "kmem_cache", "list")}


def cache(vm, name):
    return next(address for address, known in caches(vm).items() if known == name)


def of_cache(address):
    return lambda vm: vm.register("rdi") == address


def int_at(vm, address):
    return int.from_bytes(vm.read(address, 4), "little")


def net_count(vm):
    return int_at(vm, vm.address("init_net"))


def state(vm):
    """All that a failed call must leave as it was."""
    found = vm.counters()
    mount = vm.word(vm.address("sock_mnt"))
    found["references on init_net"] = net_count(vm)
    found["references on the mount of sockfs"] = vm.eval(f"((struct vfsmount *){mount:#x})->mnt_count.counter")
    found["references on the credentials"] = vm.eval("current->cred->usage.refs.counter")
    found["descriptors in use"] = vm.eval("current->files->fdt->open_fds[0]") & MASK
    found["next_fd"] = vm.eval("current->files->next_fd")
    return found


def check_objects(vm, calls, what):
    """Each object that was handed out has been freed, once; nothing else was freed."""
    names, live = caches(vm), {}
    for call in calls:
        if call.symbol == ALLOC and call.ret:
            live[call.ret & MASK] = names[call.args[0]]
        elif call.symbol == FREE and call.args[1] not in live:
            vm.fail(f"{what}: an object of {names.get(call.args[0], 'no cache')} is freed that is not in use: "
                    "it was freed before, or never allocated")
        elif call.symbol == FREE:
            vm.expect(names.get(call.args[0]), live.pop(call.args[1]), f"{what}: the cache to which an object goes back")
    vm.expect(sorted(live.values()), [], f"{what}: objects that are left over, by their cache")


@contextlib.contextmanager
def nothing_left(vm, what, *functions):
    """What happens inside leaves nothing behind. Yields the Trace, in which @functions are, too."""
    before = state(vm)
    with vm.trace([ALLOC, FREE, *functions]) as calls:
        yield calls
    check_objects(vm, calls, what)
    after = state(vm)
    vm.expect({name: after[name] for name in after if after[name] != before[name]},
              {name: before[name] for name in after if after[name] != before[name]}, f"{what}: what has changed")


@contextlib.contextmanager
def failing(vm, symbol, value, cond=None, what=None):
    """@symbol fails with @value inside, exactly once."""
    with vm.force(symbol, value, cond) as forced:
        yield
    vm.expect(forced.hits, 1, f"how often {what or symbol + '()'} was asked")


def freed(vm, calls):
    """The caches to which objects went back, and the other calls, in order."""
    names = caches(vm)
    return ["free " + names.get(call.args[0], "?") if call.symbol == FREE else call.symbol
            for call in calls if call.symbol != ALLOC]


def enter(vm, symbol, name, *args):
    """Begin a system call and stop at the entry of @symbol: the address it returns to, its arguments."""
    vm.start(name, *args)
    vm.run_to(symbol)
    return vm.word(vm.register("rsp")), [vm.register(register) for register in C_ARGUMENTS]


def module(vm, state_of_it):
    """A struct module in memory that the kernel can read: its address."""
    user = vm.alloc(vm.eval("sizeof(struct module)"))
    answer = vm.guest.qmp.monitor(f"gva2gpa {user:#x}")
    address = PAGE_OFFSET + int(answer.split()[-1], 16)
    vm.poke(f"((struct module *){address:#x})->state", state_of_it)
    vm.poke(f"((struct module *){address:#x})->refcnt", vm.rng.randrange(3, 1000))
    return address


def users(vm, owner):
    return vm.eval(f"((struct module *){owner:#x})->refcnt")


def own(vm, kind, symbol, owner):
    """Make @owner the module that owns an object of the kernel."""
    if kind == "net_proto_family":      # only af_inet.c and socket.c know this type, and they are the student's
        vm.write(vm.address(symbol) + 16, owner.to_bytes(8, "little"))
        return
    vm.poke(f"((struct {kind} *){vm.address(symbol):#x})->owner", owner)


def sock_field(vm, sock, name):
    return vm.eval(f"(unsigned long)((struct socket *){sock:#x})->{name}") & MASK


def made(vm, kind):
    """A socket of @kind, with the success path only: (its struct socket, its struct sock)."""
    with vm.trace(["inet_create", "sk_alloc"]) as calls:
        vm.expect(socket(vm, kind), 0, "socket() in a fresh process")
    return calls[0].args[1], calls[1].ret & MASK


@test(points=5, step=0)
def boots(vm):
    """The kernel boots, and socket() gives a descriptor when nothing fails."""
    vm.expect(vm.call("getpid"), 1, "getpid()")
    vm.expect(socket(vm), 0, "socket() in a fresh process")

# --- step 1: the sock -----------------------------------------------------------------------------


@test(points=4, step=1, parents=["boots"], hint="1.1")
def sock_no_memory(vm):
    """Without memory there is no sock: sk_alloc() returns NULL."""
    back, _ = enter(vm, "sk_alloc", "socket", AF_INET, *TCP)
    with nothing_left(vm, "sk_alloc() without memory"):
        with failing(vm, ALLOC, 0, of_cache(cache(vm, "TCP")), "the cache TCP"):
            vm.run_to(back)
    vm.expect(vm.register("rax"), 0, "what sk_alloc() returns")


@test(points=5, step=1, parents=["sock_no_memory"], hint="1.1")
def sock_refused(vm):
    """When a security module refuses the sock, its memory is given back, and nothing else."""
    back, _ = enter(vm, "sk_alloc", "socket", AF_INET, *TCP)
    with nothing_left(vm, "sk_alloc() when a module refuses", "security_sk_free") as calls:
        with failing(vm, "security_sk_alloc", some_errno(vm)):
            vm.run_to(back)
    vm.expect(vm.register("rax"), 0, "what sk_alloc() returns")
    vm.expect(freed(vm, calls), ["free TCP"], "what is given back: the modules have taken back their labels themselves")


@test(points=5, step=1, parents=["sock_refused"], hint="1.1")
def sock_owner_going(vm):
    """When the protocol's module is being removed, the labels are freed, then the memory."""
    owner = module(vm, GOING)
    own(vm, "proto", "udp_prot", owner)
    count = users(vm, owner)
    back, _ = enter(vm, "sk_alloc", "socket", AF_INET, *UDP)
    with nothing_left(vm, "sk_alloc() when the module is going", "security_sk_free") as calls:
        vm.run_to(back)
    vm.expect(vm.register("rax"), 0, "what sk_alloc() returns")
    vm.expect(freed(vm, calls), ["security_sk_free", "free UDP"], "what is given back, in order")
    vm.expect(users(vm, owner), count, "users of the module")


@test(points=6, step=1, parents=["boots"], hint="1.2 and 1.3")
def sock_end(vm):
    """sk_destruct() gives back what sk_alloc() took; the module last of all."""
    owner = module(vm, LIVE)
    own(vm, "proto", "udp_prot", owner)
    count, net = users(vm, owner), net_count(vm)
    _, sk = made(vm, UDP)
    vm.expect((users(vm, owner), net_count(vm)), (count + 1, net + 1), "users of the module and of init_net with one socket")
    vm.poke(f"((struct sock *){sk:#x})->sk_flags", vm.eval(f"((struct sock *){sk:#x})->sk_flags") | 1)  # SOCK_DEAD
    seen = []
    vm.break_at(FREE, lambda vm: seen.append(users(vm, owner)))
    with vm.trace([FREE, "inet_sock_destruct", "security_sk_free"]) as calls:
        vm.kcall("sk_free", sk)
    vm.expect(freed(vm, calls), ["inet_sock_destruct", "security_sk_free", "free UDP"], "the end of a sock, in order")
    vm.expect([call.args[call.symbol == FREE] == sk for call in calls], [True] * 3, "it is this sock that they get")
    vm.expect(seen, [count + 1], "users of the module while the memory is freed")
    vm.expect(users(vm, owner), count, "users of the module after it")
    vm.expect(net_count(vm), net, "references on init_net after it")


@test(points=3, step=1, parents=["sock_end"], hint="1.2 and 1.3")
def sock_of_kernel(vm):
    """A sock of the kernel itself holds no reference on the namespace, and gives none back."""
    made(vm, UDP)
    with nothing_left(vm, "sk_alloc() and sk_free() for the kernel"):
        sk = vm.kcall("sk_alloc", vm.address("init_net"), AF_INET, 0, vm.address("udp_prot"), 1)
        vm.expect(sk != 0, True, "sk_alloc() gives a sock")
        vm.kcall("sk_free", sk)


@test(points=4, step=1, parents=["sock_end"], hint="1.4")
def sock_released_at_once(vm):
    """sk_common_release(): destroy, unhash, orphan, and then the socket's reference."""
    _, sk = made(vm, (SOCK_RAW, vm.rng.randrange(2, 250)))
    orphan = []
    vm.break_at("inet_sock_destruct", lambda vm: orphan.append(vm.eval(f"(unsigned long)((struct sock *){sk:#x})->sk_socket")))
    with vm.trace(["raw_unhash_sk", "inet_sock_destruct", FREE]) as calls:
        vm.kcall("sk_common_release", sk)
    vm.expect(freed(vm, calls), ["raw_unhash_sk", "inet_sock_destruct", "free RAW"], "the end of a RAW sock, in order")
    vm.expect(orphan, [0], "sk_socket at the end of the sock")
    vm.expect(socket(vm), 1, "socket() for TCP")
    with vm.trace(["sk_alloc"]) as calls:
        vm.expect(socket(vm), 2, "socket() for TCP")
    with vm.trace(["tcp_v4_destroy_sock", FREE]) as ends:
        vm.kcall("sk_common_release", calls[0].ret & MASK)
    vm.expect(freed(vm, ends), ["tcp_v4_destroy_sock", "free TCP"], "the end of a TCP sock, in order")

# --- step 2: the family -----------------------------------------------------------------------------


def create(vm, kind, what, *functions, **how):
    """Run inet_create() for @kind and let a step fail: (result, struct socket, Trace)."""
    back, args = enter(vm, "inet_create", "socket", AF_INET, *kind)
    with nothing_left(vm, what, *functions) as calls:
        if how:
            with failing(vm, **how):
                vm.run_to(back)
        else:
            vm.run_to(back)
    return number(vm.register("rax")), args[1], calls


@test(points=4, step=2, parents=["sock_end"], hint="2.1")
def family_no_sock(vm):
    """Without a sock inet_create() returns ENOMEM."""
    kind = vm.rng.choice([TCP, UDP])
    result, sock, _ = create(vm, kind, "inet_create() without a sock", symbol="sk_alloc", value=0)
    vm.expect(result, -errno.ENOMEM, "what inet_create() returns when sk_alloc() gives NULL")
    vm.expect(sock_field(vm, sock, "sk"), 0, "sock->sk")


@test(points=4, step=2, parents=["sock_released_at_once", "family_no_sock"], hint="2.1 and 1.4")
def family_hash_fails(vm):
    """When hash() fails, init() is not called, the sock is freed, and the error returned."""
    error = some_errno(vm)
    vm.poke("raw_prot.init", vm.address("udp_init_sock"))
    result, sock, calls = create(vm, (SOCK_RAW, vm.rng.randrange(2, 250)), "inet_create() when hash() fails",
                                 "udp_init_sock", symbol="raw_hash_sk", value=error)
    vm.expect(result, error, f"what inet_create() returns when hash() returns {error}")
    vm.expect(calls.names().count("udp_init_sock"), 0, "calls of init()")
    vm.expect(sock_field(vm, sock, "sk"), 0, "sock->sk")


@test(points=5, step=2, parents=["sock_released_at_once", "family_no_sock"], hint="2.1 and 1.4")
def family_init_fails(vm):
    """When init() fails, the sock is unhashed and freed; sock->sk is NULL again."""
    result, _, _ = create(vm, (SOCK_DGRAM, IPPROTO_ICMP), "inet_create() for PING")
    vm.expect(result, -errno.EACCES, "what inet_create() returns for PING, which no group may use")
    vm.finish()
    error = some_errno(vm)
    vm.poke("raw_prot.init", vm.address("udp_init_sock"))
    result, sock, calls = create(vm, (SOCK_RAW, vm.rng.randrange(2, 250)), "inet_create() when init() fails",
                                 "raw_hash_sk", "raw_unhash_sk", symbol="udp_init_sock", value=error)
    vm.expect(result, error, f"what inet_create() returns when init() returns {error}")
    vm.expect(sock_field(vm, sock, "sk"), 0, "sock->sk")
    vm.expect(freed(vm, calls), ["raw_hash_sk", "raw_unhash_sk", "free RAW"], "what happens in inet_create(), in order")


@test(points=4, step=2, parents=["sock_end"], hint="2.2")
def family_release(vm):
    """inet_release() closes the sock, once."""
    sock, sk = made(vm, TCP)
    with vm.trace(["tcp_close"]) as calls:
        vm.expect(number(vm.kcall("inet_release", sock)), 0, "what inet_release() returns")
    vm.expect([call.args[:2] for call in calls], [[sk, 0]], "the calls of tcp_close(): the sock, and no time to wait")
    vm.expect(sock_field(vm, sock, "sk"), 0, "sock->sk after it")
    with vm.trace(["tcp_close"]) as calls:
        vm.expect(number(vm.kcall("inet_release", sock)), 0, "what inet_release() returns without a sock")
    vm.expect(len(calls), 0, "calls of tcp_close() without a sock")

# --- step 3: the socket -------------------------------------------------------------------------------


@test(points=2, step=3, parents=["boots"], hint="3.3")
def refused_first(vm):
    """When the first hook refuses, nothing is allocated."""
    error = some_errno(vm)
    with nothing_left(vm, "socket() refused by the first hook") as calls:
        with failing(vm, "security_socket_create", error):
            vm.expect(socket(vm), error, f"socket() when security_socket_create() returns {error}")
    vm.expect(len(calls), 0, "allocations")


@test(points=3, step=3, parents=["boots"], hint="3.1")
def no_inode(vm):
    """Without an inode it is ENFILE, also when a security module refuses the inode."""
    with nothing_left(vm, "socket() without memory for an inode"):
        with failing(vm, ALLOC, 0, of_cache(cache(vm, "sock_inode_cache")), "sock_inode_cache"):
            vm.expect(socket(vm), -errno.ENFILE, "socket() without memory for an inode")
    with nothing_left(vm, "socket() with an inode refused") as calls:
        with failing(vm, "security_inode_alloc", some_errno(vm)):
            vm.expect(socket(vm), -errno.ENFILE, "socket() when security_inode_alloc() refuses")
    vm.expect(freed(vm, calls), ["free sock_inode_cache"], "what is given back")


@test(points=4, step=3, parents=["no_inode"], hint="3.2 and 3.3")
def closed(vm):
    """close() frees the sock, then the inode, each once; the modules have no users any more."""
    owner = module(vm, LIVE)
    own(vm, "proto_ops", "inet_stream_ops", owner)
    count, seen = users(vm, owner), []
    vm.break_at("tcp_close", lambda vm: seen.append(users(vm, owner)))
    with nothing_left(vm, "socket() and close()") as calls:
        vm.expect(socket(vm), 0, "socket()")
        vm.expect(users(vm, owner), count + 1, "users of the module that owns the operations")
        vm.expect(vm.call("close", 0), 0, "close()")
    order = [word for word in freed(vm, calls) if word in ("free TCP", "free sock_inode_cache")]
    vm.expect(order, ["free TCP", "free sock_inode_cache"], "what close() frees, in order")
    vm.expect(seen, [count + 1], "users of the module while its function release() runs")
    vm.expect(users(vm, owner), count, "users of the module after it")


@test(points=4, step=3, parents=["closed"], hint="3.3")
def no_family(vm):
    """A family that is not there, or whose module is going, is EAFNOSUPPORT."""
    with nothing_left(vm, "socket() of an unknown family") as calls:
        vm.expect(vm.call("socket", AF_UNIX, SOCK_STREAM, 0), -errno.EAFNOSUPPORT, "socket(AF_UNIX)")
    vm.expect(freed(vm, calls), ["free sock_inode_cache"], "what is given back")
    owner = module(vm, GOING)
    own(vm, "net_proto_family", "inet_family_ops", owner)
    count = users(vm, owner)
    with nothing_left(vm, "socket() when the family's module is going", "inet_create") as calls:
        vm.expect(socket(vm), -errno.EAFNOSUPPORT, "socket() when the family's module is going")
    vm.expect(freed(vm, calls), ["free sock_inode_cache"], "what is given back")
    vm.expect(users(vm, owner), count, "users of the family's module")


@test(points=6, step=3, parents=["closed", "family_no_sock"], hint="3.3")
def create_fails(vm):
    """When the family fails, its error is returned, and the operations are not called."""
    family, operations, error = module(vm, LIVE), module(vm, LIVE), some_errno(vm)
    own(vm, "net_proto_family", "inet_family_ops", family)
    own(vm, "proto_ops", "inet_dgram_ops", operations)
    count = users(vm, family), users(vm, operations)
    with nothing_left(vm, "socket() when the family fails") as calls:
        with failing(vm, "inet_create", error):
            vm.expect(socket(vm), error, f"socket() when inet_create() returns {error}")
    vm.expect(freed(vm, calls), ["free sock_inode_cache"], "what is given back")
    with nothing_left(vm, "socket() without a sock", "inet_release") as calls:
        with failing(vm, "sk_alloc", 0):
            vm.expect(socket(vm, UDP), -errno.ENOMEM, "socket() when sk_alloc() gives NULL")
    vm.expect(freed(vm, calls), ["free sock_inode_cache"], "what is called and given back: there is no sk to release")
    vm.expect((users(vm, family), users(vm, operations)), count, "users of the family's module and of the operations'")


@test(points=5, step=3, parents=["closed", "family_release"], hint="3.3 and 3.2")
def operations_going(vm):
    """When the operations' module is going, the complete sock is released; EAFNOSUPPORT."""
    family, operations = module(vm, LIVE), module(vm, GOING)
    own(vm, "net_proto_family", "inet_family_ops", family)
    own(vm, "proto_ops", "inet_stream_ops", operations)
    count = users(vm, family), users(vm, operations)
    with nothing_left(vm, "socket() when the operations' module is going", "inet_release") as calls:
        vm.expect(socket(vm), -errno.EAFNOSUPPORT, "socket() when the operations' module is going")
    vm.expect(freed(vm, calls), ["inet_release", "free TCP", "free sock_inode_cache"], "what is given back, in order")
    vm.expect((users(vm, family), users(vm, operations)), count, "users of the family's module and of the operations'")


@test(points=5, step=3, parents=["closed", "family_release"], hint="3.3 and 3.2")
def refused_last(vm):
    """When the second hook refuses, all is given back: first the sock, then the inode."""
    family, operations, error = module(vm, LIVE), module(vm, LIVE), some_errno(vm)
    own(vm, "net_proto_family", "inet_family_ops", family)
    own(vm, "proto_ops", "inet_dgram_ops", operations)
    count = users(vm, family), users(vm, operations)
    with nothing_left(vm, "socket() refused by the second hook", "inet_release") as calls:
        with failing(vm, "security_socket_post_create", error):
            vm.expect(socket(vm, UDP), error, f"socket() when security_socket_post_create() returns {error}")
    vm.expect(freed(vm, calls), ["inet_release", "free UDP", "free sock_inode_cache"], "what is given back, in order")
    vm.expect((users(vm, family), users(vm, operations)), count, "users of the family's module and of the operations'")

# --- step 4: the file -----------------------------------------------------------------------------------


@test(points=4, step=4, parents=["closed", "family_release"], hint="4.4")
def no_descriptor(vm):
    """Without a descriptor it is EMFILE, and the socket is released."""
    vm.expect(vm.call("setrlimit", RLIMIT_NOFILE, bytes(8) + (4096).to_bytes(8, "little")), 0, "setrlimit(RLIMIT_NOFILE)")
    with nothing_left(vm, "socket() without a descriptor") as calls:
        vm.expect(socket(vm), -errno.EMFILE, "socket() with a limit of 0 descriptors")
    vm.expect(freed(vm, calls), ["free TCP", "free sock_inode_cache"], "what is given back, in order")


@test(points=4, step=4, parents=["closed", "family_release"], hint="4.2, 4.3 and 4.4")
def no_dentry(vm):
    """Without memory for the dentry it is ENOMEM; the descriptor is free again."""
    with nothing_left(vm, "socket() without a dentry", "put_unused_fd") as calls:
        with failing(vm, ALLOC, 0, of_cache(cache(vm, "dentry")), "the cache dentry"):
            vm.expect(socket(vm), -errno.ENOMEM, "socket() without memory for a dentry")
    vm.expect(freed(vm, calls), ["free TCP", "free sock_inode_cache", "put_unused_fd"], "what is given back, in order")
    vm.expect(socket(vm), 0, "the next socket()")


@test(points=5, step=4, parents=["no_dentry"], hint="4.1 and 4.2")
def no_file(vm):
    """Without memory for the file the dentry goes, the inode stays for the socket's release."""
    with nothing_left(vm, "socket() without memory for a file") as calls:
        with failing(vm, ALLOC, 0, of_cache(cache(vm, "filp")), "the cache filp"):
            vm.expect(socket(vm), -errno.ENOMEM, "socket() without memory for a file")
    vm.expect(freed(vm, calls), ["free dentry", "free TCP", "free sock_inode_cache"], "what is given back, in order")
    vm.expect(socket(vm), 0, "the next socket()")


@test(points=4, step=4, parents=["no_file"], hint="4.1")
def file_refused(vm):
    """When a security module refuses the file, its error is returned, and no credentials are kept."""
    error = some_errno(vm)
    with nothing_left(vm, "socket() with a file refused", "security_file_free") as calls:
        with failing(vm, "security_file_alloc", error):
            vm.expect(socket(vm), error, f"socket() when security_file_alloc() returns {error}")
    vm.expect(freed(vm, calls), ["free filp", "free dentry", "free TCP", "free sock_inode_cache"],
              "what is given back, in order")


@test(points=5, step=4, parents=["no_descriptor", "file_refused", "refused_last", "create_fails", "family_init_fails"], hint="4.4 and 4.2")
def hundred(vm):
    """After a hundred failures nothing is left, and a good socket() gives the lowest descriptor."""
    ways = [("security_socket_create", None), ("security_inode_alloc", -errno.ENFILE), ("udp_init_sock", None),
            ("inet_create", None), ("sk_alloc", -errno.ENOMEM), ("security_socket_post_create", None),
            ("get_unused_fd_flags", None), ("d_alloc_pseudo", -errno.ENOMEM), ("security_file_alloc", None)]
    null = ("sk_alloc", "d_alloc_pseudo")
    before = state(vm)
    for count in range(100):
        symbol, want = vm.rng.choice(ways)
        error = some_errno(vm)
        with vm.force(symbol, 0 if symbol in null else error):
            vm.expect(socket(vm, UDP), want or error, f"socket() number {count + 1}, when {symbol}() fails")
    vm.expect(state(vm), before, "what is in use after a hundred failures")
    with nothing_left(vm, "socket() and close()"):
        vm.expect(socket(vm), 0, "a socket() in which nothing fails")
        vm.expect(vm.call("close", 0), 0, "close()")
