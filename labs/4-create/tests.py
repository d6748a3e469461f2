"""Lab 4, a socket is made: its tests. They compare the answers with Linux's, and read the objects from outside."""
import contextlib
import errno

from judge import signed, test

AF_INET, AF_PACKET, AF_MAX = 2, 17, 46
STREAM, DGRAM, RAW, PACKET, SOCK_MAX = 1, 2, 3, 10, 11
ICMP, TCP, UDP, IPPROTO_MAX = 1, 6, 17, 263
CLOEXEC, NONBLOCK = 0o2000000, 0o4000
BAD_BITS = 0x7fffffff & ~(0xf | CLOEXEC | NONBLOCK)
TCP_CLOSE, UNCONNECTED = 7, 1
MODULE_LIVE, MODULE_GOING = 1, 2
ERRORS = (errno.ENOBUFS, errno.EBUSY, errno.EXDEV, errno.ENOTTY, errno.EDOM, errno.ELOOP, errno.EPROTO)


def unsigned(value):
    return value & 0xffffffff


def argument(value):
    """An int that arrived in a register."""
    return signed((value & 0xffffffff) << 32) >> 32


def linux(family, type, protocol, root=True):
    """What socket() answers on a Linux without modules, where only the family INET is there: -errno, or 0."""
    if type & ~0xf & ~(CLOEXEC | NONBLOCK):
        return -errno.EINVAL
    type &= 0xf
    if not 0 <= family < AF_MAX:
        return -errno.EAFNOSUPPORT
    if type >= SOCK_MAX:
        return -errno.EINVAL
    if family != AF_INET or type == PACKET:
        return -errno.EAFNOSUPPORT
    if not 0 <= protocol < IPPROTO_MAX:
        return -errno.EINVAL
    served = {STREAM: [TCP], DGRAM: [UDP, ICMP], RAW: range(1, IPPROTO_MAX)}.get(type)
    if served is None:
        return -errno.ESOCKTNOSUPPORT
    if protocol not in served and (protocol or type == RAW):
        return -errno.EPROTONOSUPPORT
    if type == RAW and not root:
        return -errno.EPERM
    return -errno.EACCES if (type, protocol) == (DGRAM, ICMP) else 0


def socket(vm, family, type, protocol):
    return vm.call("socket", unsigned(family), unsigned(type), unsigned(protocol))


def name(family, type, protocol):
    return f"socket({family}, {type:#x}, {protocol})"


def bad_family(vm):
    return vm.rng.choice([-1, AF_MAX, -1 << 31, vm.rng.randrange(AF_MAX, 1 << 31), -vm.rng.randrange(2, 1 << 20)])


def no_new_objects(vm, before, what):
    after = vm.counters()
    vm.expect({key: after[key] - before[key] for key in after if after[key] != before[key]}, {},
              f"{what}: objects that are left over")


@contextlib.contextmanager
def family_inet(vm, err=0):
    """While this holds, inet_create() is the judge's: it sets sock->ops, makes no sk, and returns @err."""
    seen = []

    def enter(vm):
        sock = vm.register("rsi")
        seen.append((vm.register("rdi"), sock, argument(vm.register("rdx")), argument(vm.register("rcx")),
                     vm.eval(f"((struct socket *){sock})->type")))
        vm.poke(f"((struct socket *){sock})->ops", vm.address("inet_stream_ops"))
    watched = vm.break_at("inet_create", action=enter)
    with vm.force("inet_create", err):
        yield seen
    vm.remove(watched)


@test(points=5, step=0)
def boots(vm):
    """The kernel boots, and a program in ring 3 makes a system call."""
    vm.expect(vm.call("getpid"), 1, "getpid()")

# --- step 1: what can be refused without looking ------------------------------------------------------


@test(points=6, step=1, parents=["boots"], hint="1.1")
def flags_taken_off(vm):
    """SOCK_CLOEXEC and SOCK_NONBLOCK are no part of the type that __sock_create() gets, and its answer comes back."""
    for flags in (0, CLOEXEC, NONBLOCK, CLOEXEC | NONBLOCK):
        family, type, protocol = vm.rng.randrange(AF_MAX), vm.rng.randrange(16), vm.rng.randrange(-5, 300)
        seen, error = [], -vm.rng.choice(ERRORS)
        watched = vm.break_at("__sock_create", action=lambda vm: seen.append(
            [argument(vm.register(register)) for register in ("rsi", "rdx", "rcx", "r9")]))
        with vm.force("__sock_create", error):
            what = name(family, type | flags, protocol)
            vm.expect(socket(vm, family, type | flags, protocol), error, f"{what}: what __sock_create() returned")
        vm.remove(watched)
        vm.expect(seen, [[family, type, protocol, 0]], f"{what}: family, type, protocol, kern of __sock_create()")


@test(points=5, step=1, parents=["flags_taken_off"], hint="1.1")
def unknown_bits(vm):
    """Any other bit of the type is EINVAL, before everything else."""
    for family in (AF_INET, bad_family(vm)):
        for bits in (0x10, 1 << vm.rng.choice([5, 6, 7, 8, 9, 10, 12, 18, 20, 30, 31]), vm.rng.getrandbits(31) & BAD_BITS | 0x100):
            type = vm.rng.randrange(16) | bits | vm.rng.choice([0, CLOEXEC, NONBLOCK])
            with vm.trace(["__sock_create"]) as calls:
                vm.expect(socket(vm, family, type, 0), -errno.EINVAL, name(family, type, 0))
            vm.expect(len(calls), 0, f"calls of __sock_create() by {name(family, type, 0)}")


@test(points=5, step=1, parents=["flags_taken_off"], hint="1.2")
def family_range(vm):
    """A family that cannot exist is EAFNOSUPPORT, whatever the type; no security module is asked."""
    for family in (-1, AF_MAX, -1 << 31, (1 << 31) - 1, bad_family(vm)):
        type = vm.rng.randrange(16)
        with vm.trace(["security_socket_create", "sock_alloc"]) as calls:
            vm.expect(socket(vm, family, type, 0), -errno.EAFNOSUPPORT, name(family, type, 0))
        vm.expect(calls.names(), [], f"called by {name(family, type, 0)}")


@test(points=5, step=1, parents=["family_range"], hint="1.2")
def type_range(vm):
    """A type that cannot exist is EINVAL, also for a family that is not there; no security module is asked."""
    for type in range(SOCK_MAX, 16):
        family = vm.rng.choice([AF_INET, 0, 3, AF_MAX - 1, vm.rng.randrange(AF_MAX)])
        with vm.trace(["security_socket_create", "sock_alloc"]) as calls:
            vm.expect(socket(vm, family, type, -1), -errno.EINVAL, name(family, type, -1))
        vm.expect(calls.names(), [], f"called by {name(family, type, -1)}")

# --- step 2: __sock_create() -----------------------------------------------------------------------------


@test(points=8, step=2, parents=["type_range"], hint="2")
def in_order(vm):
    """First hook, socket, family, second hook: in this order, and with these arguments."""
    type, protocol = vm.rng.choice([STREAM, DGRAM, RAW]), vm.rng.randrange(300)
    names = ["security_socket_create", "sock_alloc", "inet_create", "security_socket_post_create", "alloc_fd"]
    with family_inet(vm) as seen, vm.trace(names) as calls:
        fd = socket(vm, AF_INET, type, protocol)
    vm.expect(calls.names(), names, "the order")
    before, alloc, _, after, _ = calls
    vm.expect([argument(value) for value in before.args[:4]], [AF_INET, type, protocol, 0],
              "family, type, protocol, kern of security_socket_create()")
    vm.expect(seen, [(vm.address("init_net"), alloc.ret & (1 << 64) - 1, protocol, 0, type)],
              "net, sock, protocol, kern of inet_create(), and sock->type at its entry")
    vm.expect(after.args[0], alloc.ret & (1 << 64) - 1, "the socket that security_socket_post_create() gets")
    vm.expect([argument(value) for value in after.args[1:5]], [AF_INET, type, protocol, 0],
              "family, type, protocol, kern of security_socket_post_create()")
    vm.expect(fd, 0, name(AF_INET, type, protocol))
    vm.expect(vm.eval("(unsigned long)current->files->fdt->fd[0]->private_data"), after.args[0], "the socket of the file")


@test(points=4, step=2, parents=["type_range"], hint="2.1")
def first_refusal(vm):
    """What the first hook says is the answer, and nothing was allocated."""
    before = vm.counters()
    for error in vm.rng.sample(ERRORS, 2):
        with vm.force("security_socket_create", -error), vm.trace(["sock_alloc", "inet_create"]) as calls:
            vm.expect(socket(vm, AF_INET, STREAM, 0), -error, f"socket() when the first hook returns {-error}")
        vm.expect(calls.names(), [], "called after the refusal")
    with vm.force("security_socket_create", -errno.EACCES):
        vm.expect(socket(vm, 3, STREAM, 0), -errno.EACCES, "socket() of a family that is not there, when the hook refuses")
    no_new_objects(vm, before, "socket(), refused")


@test(points=4, step=2, parents=["type_range"], hint="2.5")
def second_refusal(vm):
    """What the second hook says is the answer, and nothing is left."""
    before = vm.counters()
    for error in vm.rng.sample(ERRORS, 2):
        with family_inet(vm), vm.force("security_socket_post_create", -error), vm.trace(["alloc_fd"]) as calls:
            vm.expect(socket(vm, AF_INET, STREAM, 0), -error, f"socket() when the second hook returns {-error}")
        vm.expect(calls.names(), [], "called after the refusal")
    no_new_objects(vm, before, "socket(), refused by the second hook")


@test(points=3, step=2, parents=["type_range"], hint="2.2")
def no_socket(vm):
    """Without memory for a socket it is ENFILE."""
    with vm.force("sock_alloc", 0), vm.trace(["inet_create"]) as calls:
        for family in (AF_INET, 3):
            vm.expect(socket(vm, family, STREAM, 0), -errno.ENFILE, f"{name(family, STREAM, 0)} when sock_alloc() fails")
    vm.expect(calls.names(), [], "called after it")


@test(points=4, step=2, parents=["type_range"], hint="2.3")
def no_family(vm):
    """A family that nobody registered is EAFNOSUPPORT; a socket was made for it, and is released."""
    before = vm.counters()
    for family in [0, 1, AF_MAX - 1] + vm.rng.sample(range(3, AF_MAX), 3):
        type, protocol = vm.rng.randrange(SOCK_MAX), vm.rng.randrange(-9, 300)
        with vm.trace(["security_socket_create", "sock_alloc", "inet_create", "sock_release"]) as calls:
            vm.expect(socket(vm, family, type, protocol), -errno.EAFNOSUPPORT, name(family, type, protocol))
        vm.expect([call.symbol for call in calls if call.symbol != "sock_release"],
                  ["security_socket_create", "sock_alloc"], f"called by {name(family, type, protocol)}")
    no_new_objects(vm, before, "socket() of families that are not there")


@test(points=3, step=2, parents=["type_range"], hint="1.2 and 2.1")
def packet(vm):
    """(PF_INET, SOCK_PACKET) becomes PF_PACKET before the first hook; other families keep the type."""
    protocol = vm.rng.randrange(300)
    for asked, family in ((AF_INET, AF_PACKET), (AF_MAX - 1, AF_MAX - 1)):
        with vm.trace(["security_socket_create"]) as calls:
            vm.expect(socket(vm, asked, PACKET, protocol), -errno.EAFNOSUPPORT, name(asked, PACKET, protocol))
        vm.expect(len(calls), 1, f"calls of security_socket_create() by {name(asked, PACKET, protocol)}")
        vm.expect([argument(value) for value in calls[0].args[:3]], [family, PACKET, protocol],
                  f"family, type, protocol of security_socket_create() by {name(asked, PACKET, protocol)}")


@test(points=4, step=2, parents=["type_range"], hint="2.4")
def family_fails(vm):
    """When the family fails, its error is the answer, the second hook is not asked, and nothing is left."""
    before = vm.counters()
    for error in vm.rng.sample(ERRORS, 2):
        with family_inet(vm, -error), vm.trace(["security_socket_post_create", "inet_release"]) as calls:
            vm.expect(socket(vm, AF_INET, STREAM, 0), -error, f"socket() when inet_create() returns {-error}")
        vm.expect(calls.names(), [], "called after it")
    no_new_objects(vm, before, "socket() when the family fails")


def borrow(vm, lvalue, kind, state, users):
    """Make a module of the judge the owner of a family or of operations. Returns where it is in memory.

    It lies in a table that only raw sockets use.
    """
    module = vm.address("raw_v4_hashinfo") + (0 if kind == "family" else 64)
    vm.write(module, state.to_bytes(4, "little") + users.to_bytes(4, "little"))
    vm.write(lvalue, module.to_bytes(8, "little"))
    return module


def users(vm, module):
    return int.from_bytes(vm.read(module + 4, 4), "little")


@test(points=5, step=2, parents=["no_family", "family_fails"], hint="2.3 and 2.5")
def module_users(vm):
    """The family's module is held while its create() runs, the operations' module as long as the socket lives."""
    count, seen = vm.rng.randrange(5, 1000), []
    family_owner = vm.address("inet_family_ops") + 16
    ops_owner = vm.address("inet_stream_ops") + 8
    family = borrow(vm, family_owner, "family", MODULE_LIVE, count)
    ops = borrow(vm, ops_owner, "ops", MODULE_LIVE, 2 * count)
    with family_inet(vm):
        vm.break_at("inet_create", action=lambda vm: seen.append((users(vm, family), users(vm, ops))))
        vm.break_at("security_socket_post_create", action=lambda vm: seen.append((users(vm, family), users(vm, ops))))
        vm.expect(socket(vm, AF_INET, STREAM, 0), 0, "socket()")
    vm.expect(seen, [(count + 1, 2 * count), (count, 2 * count + 1)],
              f"users of the two modules in inet_create() and in the second hook; before the call {count} and {2 * count}")
    vm.expect(vm.call("close", 0), 0, "close(0)")
    with family_inet(vm, -errno.EBUSY):
        vm.expect(socket(vm, AF_INET, STREAM, 0), -errno.EBUSY, "socket() when inet_create() fails")
    vm.expect((users(vm, family), users(vm, ops)), (count, 2 * count), "users of the two modules in the end")
    before = vm.counters()
    borrow(vm, ops_owner, "ops", MODULE_GOING, count)
    with family_inet(vm):
        vm.expect(socket(vm, AF_INET, STREAM, 0), -errno.EAFNOSUPPORT, "socket() while the operations' module is removed")
    borrow(vm, family_owner, "family", MODULE_GOING, count)
    with family_inet(vm) as entered:
        vm.expect(socket(vm, AF_INET, STREAM, 0), -errno.EAFNOSUPPORT, "socket() while the family's module is being removed")
    vm.expect(len(entered), 0, "calls of create() of a family whose module is being removed")
    vm.expect((users(vm, family), users(vm, ops)), (count, count), "users of the two modules after it")
    no_new_objects(vm, before, "socket() while a module is being removed")

# --- step 3: which protocol ---------------------------------------------------------------------------------

NOT_THERE = (-errno.ESOCKTNOSUPPORT, -errno.EPROTONOSUPPORT)


@test(points=4, step=3, parents=["type_range"], hint="3")
def no_type(vm):
    """A type without any entry is ESOCKTNOSUPPORT."""
    for type in (0, 4, 5, 6, 7, 8, 9):
        protocol = vm.rng.choice([0, TCP, UDP, vm.rng.randrange(IPPROTO_MAX)])
        vm.expect(socket(vm, AF_INET, type, protocol), -errno.ESOCKTNOSUPPORT, name(AF_INET, type, protocol))


@test(points=4, step=3, parents=["no_type"], hint="3")
def no_protocol(vm):
    """A type that is there with a protocol that is not is EPROTONOSUPPORT."""
    for type, protocols in ((STREAM, [TCP]), (DGRAM, [UDP, ICMP])):
        for protocol in [TCP, UDP, ICMP, 132, 255, IPPROTO_MAX - 1] + [vm.rng.randrange(1, IPPROTO_MAX) for _ in range(3)]:
            if protocol not in protocols:
                vm.expect(socket(vm, AF_INET, type, protocol), -errno.EPROTONOSUPPORT, name(AF_INET, type, protocol))
    vm.expect(socket(vm, AF_INET, RAW, 0), -errno.EPROTONOSUPPORT, name(AF_INET, RAW, 0))


@test(points=4, step=3, parents=["no_type"], hint="3")
def found(vm):
    """What has an entry is found: by its number, by 0, or by an entry for all numbers."""
    for type, protocol in ((STREAM, 0), (STREAM, TCP), (DGRAM, 0), (DGRAM, UDP), (DGRAM, ICMP), (RAW, TCP), (RAW, ICMP),
                           (RAW, 255), (RAW, IPPROTO_MAX - 1), (RAW, vm.rng.randrange(1, IPPROTO_MAX))):
        answer = socket(vm, AF_INET, type, protocol)
        if answer in NOT_THERE:
            vm.expect(answer, "a descriptor, or an error of another kind", name(AF_INET, type, protocol))

# --- step 4: inet_create() ------------------------------------------------------------------------------------


@test(points=3, step=4, parents=["found"], hint="4.1")
def protocol_range(vm):
    """A protocol that cannot exist is EINVAL, also for a type without entries."""
    for protocol in (-1, IPPROTO_MAX, -1 << 31, vm.rng.randrange(IPPROTO_MAX, 1 << 31)):
        type = vm.rng.randrange(PACKET)
        vm.expect(socket(vm, AF_INET, type, protocol), -errno.EINVAL, name(AF_INET, type, protocol))
    vm.expect(socket(vm, AF_INET, 7, -1), -errno.EINVAL, name(AF_INET, 7, -1))


@test(points=6, step=4, parents=["found"], hint="4.3")
def objects(vm):
    """The socket and the sock are linked, and know their operations, type and protocol."""
    raw = vm.rng.randrange(1, 256)
    for type, asked, protocol, ops, prot in ((STREAM, 0, TCP, "inet_stream_ops", "tcp_prot"),
                                             (DGRAM, 0, UDP, "inet_dgram_ops", "udp_prot"),
                                             (STREAM, TCP, TCP, "inet_stream_ops", "tcp_prot"),
                                             (RAW, raw, raw, "inet_sockraw_ops", "raw_prot")):
        what = name(AF_INET, type, asked)
        fd = socket(vm, AF_INET, type, asked)
        if fd < 0:
            vm.expect(fd, "a descriptor", what)
        sock = f"((struct socket *)current->files->fdt->fd[{fd}]->private_data)"
        sk = f"((struct sock *){vm.eval(f'(unsigned long){sock}->sk')})"
        wanted = {
            f"{sock}->ops": vm.address(ops), f"{sock}->type": type, f"{sock}->state": UNCONNECTED,
            f"{sk}->__sk_common.skc_prot": vm.address(prot), f"{sk}->sk_prot_creator": vm.address(prot),
            f"{sk}->sk_socket": vm.eval(f"(unsigned long){sock}"), f"{sk}->sk_type": type, f"{sk}->sk_protocol": protocol,
            f"{sk}->__sk_common.skc_family": AF_INET, f"{sk}->__sk_common.skc_state": TCP_CLOSE,
            f"{sk}->sk_destruct": vm.address("inet_sock_destruct"),
            f"((struct inet_sock *){sk})->uc_ttl": -1, f"((struct inet_sock *){sk})->mc_ttl": 1,
            f"((struct inet_sock *){sk})->inet_num": raw if type == RAW else 0,
            f"{sk}->sk_wmem_alloc.refs.counter": 1,
            f"{sk}->__sk_common.skc_refcnt.refs.counter": 2 if type == RAW else 1,
        }
        for lvalue, value in wanted.items():
            seen = vm.eval(f"(long){lvalue}") & (1 << 64) - 1
            field = lvalue.replace(sk, "sk").replace(sock, "sock").replace("__sk_common.skc_", "sk_")
            vm.expect(seen, value & (1 << 64) - 1, f"{what}: {field}")


@test(points=7, step=4, parents=["found", "protocol_range"], hint="4")
def answers(vm):
    """Whatever is asked for, the answer is Linux's, and nothing is left after close()."""
    before = vm.counters()
    for _ in range(60):
        family = vm.rng.choice([AF_INET] * 6 + [vm.rng.randrange(AF_MAX), bad_family(vm)])
        type = vm.rng.choice([STREAM, DGRAM, RAW] * 3 + [vm.rng.randrange(16), vm.rng.getrandbits(32)])
        type |= vm.rng.choice([0, 0, CLOEXEC, NONBLOCK])
        protocol = vm.rng.choice([0, 0, TCP, UDP, ICMP, vm.rng.randrange(IPPROTO_MAX), vm.rng.randrange(-9, 1 << 16)])
        vm.expect(socket(vm, family, type, protocol), linux(family, type, protocol), name(family, type, protocol))
        if linux(family, type, protocol) == 0:
            vm.expect(vm.call("close", 0), 0, "close(0)")
    no_new_objects(vm, before, "60 calls of socket(), each socket closed again")


@test(points=4, step=4, parents=["found"], hint="4.2")
def raw_needs_capability(vm):
    """SOCK_RAW needs CAP_NET_RAW: EPERM, but only for a protocol that is there."""
    vm.expect(vm.call("setuid", vm.rng.randrange(1, 60000)), 0, "setuid()")
    before = vm.counters()
    for protocol in (ICMP, TCP, 255, 0, -1):
        with vm.trace(["sk_alloc"]) as calls:
            vm.expect(socket(vm, AF_INET, RAW, protocol), linux(AF_INET, RAW, protocol, root=False),
                      f"{name(AF_INET, RAW, protocol)} without CAP_NET_RAW")
        vm.expect(calls.names(), [], f"called by {name(AF_INET, RAW, protocol)}")
    no_new_objects(vm, before, "socket() without CAP_NET_RAW")
    for type in (STREAM, DGRAM):
        vm.expect(socket(vm, AF_INET, type, 0), type - 1, f"{name(AF_INET, type, 0)} without CAP_NET_RAW")


@test(points=3, step=4, parents=["found"], hint="4.3")
def no_memory(vm):
    """Without memory for a sock it is ENOMEM, and nothing is left."""
    before = vm.counters()
    with vm.force("sk_alloc", 0), vm.trace(["sock_init_data", "inet_release"]) as calls:
        for type in (STREAM, DGRAM):
            vm.expect(socket(vm, AF_INET, type, 0), -errno.ENOMEM, f"{name(AF_INET, type, 0)} when sk_alloc() fails")
    vm.expect(calls.names(), [], "called after it")
    no_new_objects(vm, before, "socket() without memory for a sock")


@test(points=4, step=4, parents=["found"], hint="4.4")
def protocol_refuses(vm):
    """The protocol's own init() comes last; its error is the answer, and nothing is left."""
    before, error = vm.counters(), -vm.rng.choice(ERRORS)
    vm.expect(socket(vm, AF_INET, DGRAM, ICMP), -errno.EACCES, name(AF_INET, DGRAM, ICMP))
    order = ["sk_alloc", "sock_init_data", "tcp_v4_init_sock", "sk_common_release"]
    with vm.force("tcp_v4_init_sock", error), vm.trace(order + ["security_socket_post_create"]) as calls:
        vm.expect(socket(vm, AF_INET, STREAM, 0), error, "socket() when tcp_v4_init_sock() fails")
    vm.expect(calls.names(), order, "the order")
    with vm.force("raw_hash_sk", error):
        vm.expect(socket(vm, AF_INET, RAW, ICMP), error, "socket() when raw_hash_sk() fails")
    no_new_objects(vm, before, "socket() when the protocol refuses")
