"""The runs that `make page` knows by name."""
import re

from vm.knobs import Failure

MAX = 20_000                # instructions of ring 3 recorded between two system calls
ENOMEM, EACCES = 12, 13


class Scenario:
    """title: what it shows, in one sentence. program: below build/, or a path. begin: the program's
    function that the recording begins at. inject: {function: (what RAX gets, in words)}."""

    def __init__(self, name, title, program, begin="main", inject=None, argv=()):
        self.name, self.title, self.program, self.begin = name, title, program, begin
        self.inject, self.argv = inject or {}, list(argv)


SOCKET_TEST = "user/socket_test"
SCENARIOS = {each.name: each for each in (
    Scenario("success", "socket(AF_INET, SOCK_STREAM, 0), a printf() and close(): everything goes well.",
             SOCKET_TEST),
    Scenario("udp", "socket(AF_INET, SOCK_DGRAM, 0): the same path, with UDP below.", "record/udp"),
    Scenario("bad-family", "socket(46, SOCK_STREAM, 0): the family is out of range, EAFNOSUPPORT.",
             "record/bad-family"),
    Scenario("bad-type", "socket(AF_INET, 11, 0): the type is out of range, EINVAL.", "record/bad-type"),
    Scenario("denied", "The security module refuses: EACCES, and nothing has been made.", SOCKET_TEST,
             inject={"apparmor_socket_create": (-EACCES, "returns -EACCES")}),
    Scenario("no-inode", "There is no memory for the inode: ENFILE.", SOCKET_TEST,
             inject={"new_inode_pseudo": (0, "returns NULL")}),
    Scenario("no-sock", "There is no memory for the sock: ENOMEM, and the socket is given back.",
             SOCKET_TEST, inject={"sk_alloc": (0, "returns NULL")}),
    Scenario("emfile", "RLIMIT_NOFILE leaves no number: everything was built, and is taken down. EMFILE.",
             "record/emfile"),
    Scenario("close", "close() of a TCP socket: sock, socket, dentry and file are given back.", SOCKET_TEST,
             begin="close"),
)}


def chosen(text):
    """The scenarios of SCENARIO=a,b. Raises Failure for a name that is none."""
    names = [name for name in re.split(r"[, ]+", text) if name]
    for name in names:
        if name not in SCENARIOS:
            raise Failure(f"SCENARIO={text}: there are {', '.join(SCENARIOS)}")
    if len(names) > 2:
        raise Failure(f"SCENARIO={text}: at most two stand side by side")
    return [SCENARIOS[name] for name in names]
