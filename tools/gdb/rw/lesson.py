"""The lesson's 40 steps as places in the running machine. Read by steps.py.

Places: ("user", F) the program's function F; ("on", F, I) standing on the first instruction I of F;
("fn", F) kernel function F at its first instruction; ("ret", F) where F has just returned to;
("hook", H) the first module's function on security hook H; ("after", F, I) behind I of F;
("write", TEXT) write(1) of something that starts so. What is shown are
gdb's own expressions; /x asks for hexadecimal.
"""
PHASES = ("User space: the request", "The SYSCALL gate: the transition",
          "Kernel entry: the dispatch", "The create chain: the logic", "Security check: LSM",
          "Memory allocation: the object", "Protocol initialisation: the setup",
          "File mapping: the handle", "Return: the result")

SYSCALL, SYSRET = "syscall", "sysret"

# number, phase, place, what happens, expressions to show
STEPS = (
    (1, 1, ("user", "main"), "main() is about to call socket(AF_INET, SOCK_STREAM, 0)", ()),
    (2, 1, ("user", "socket"), "the constants: AF_INET 2, SOCK_STREAM 1, protocol 0",
     ("$edi", "$esi", "$edx")),
    (3, 1, ("on", "socket", SYSCALL), "on SYSCALL: the number in RAX, arguments in RDI RSI RDX",
     ("$rax", "$rdi", "$rsi", "$rdx")),
    (4, 2, ("fn", "entry_SYSCALL_64"), "the CPU is in ring 0: no interrupt, nothing was pushed",
     ("/x $cs", "/x $rcx", "/x $r11", "$rsp")),
    (5, 2, ("fn", "do_syscall_64"), "the number indexes sys_call_table",
     ("$rsi", "sys_call_table[$rsi]")),
    (6, 2, ("fn", "do_syscall_64"), "found: __x64_sys_socket", ("sys_call_table[$rsi]",)),
    (7, 2, ("fn", "__x64_sys_socket"), "the CPU is there, in kernel text", ("$pc",)),
    (8, 3, ("fn", "__sys_socket"), "__sys_socket(family, type, protocol)",
     ("$edi", "$esi", "$edx")),
    (9, 3, ("fn", "__sys_socket"), "where it is written", ("$_here()",)),
    (10, 3, ("fn", "__sock_create"), "__sys_socket_create() called on: we are in its callee", ()),
    (11, 3, ("fn", "__sock_create"), "it was inlined: the return address is in __sys_socket",
     ("*(void **)$rsp",)),
    (12, 4, ("fn", "__sock_create"), "__sock_create(net, family, type, protocol, res, kern)",
     ("(struct net *)$rdi", "$esi", "$edx", "$ecx", "(struct socket **)$r8", "$r9d")),
    (13, 4, ("fn", "__sock_create"), "where it is written", ("$_here()",)),
    (14, 4, ("fn", "security_socket_create"), "past the check family < NPROTO",
     ("$edi < sizeof(net_families) / sizeof(*net_families)",)),
    (15, 4, ("fn", "security_socket_create"), "and past the check type < SOCK_MAX (11)",
     ("$esi < 11",)),
    (16, 5, ("fn", "security_socket_create"), "the security hook: security_socket_create()",
     ("$edi", "$esi", "$edx", "$ecx")),
    (17, 5, ("fn", "security_socket_create"), "a kprobe would see its entry here: `probes`", ()),
    (18, 5, ("hook", "socket_create"), "the first module on the list is asked: `lsm`", ("$pc",)),
    (19, 5, ("ret", "security_socket_create"), "the verdict: 0 allows", ("$eax",)),
    (20, 6, ("fn", "sock_alloc"), "sock_alloc()", ()),
    (21, 6, ("fn", "sock_alloc"), "where it is written", ("$_here()",)),
    (22, 6, ("fn", "sock_alloc"), "it takes nothing: the registers hold what they held", ()),
    (23, 6, ("fn", "sock_alloc_inode"), "new_inode_pseudo() asks sockfs: socket and inode are one "
     "object", ("sizeof(struct socket_alloc)",)),
    (24, 6, ("ret", "sock_alloc"), "the returned pointer: $sock from now on", ("$sock",)),
    (25, 6, ("ret", "sock_alloc"), "a valid, empty socket: no operations, no sock, no file",
     ("$sock->state", "$sock->ops", "$sock->sk", "$sock->file")),
    (26, 7, ("fn", "inet_create"), "inet_create(net, sock, protocol, kern)",
     ("(struct net *)$rdi", "(struct socket *)$rsi", "$edx", "$ecx")),
    (27, 7, ("fn", "inet_create"), "where it is written", ("$_here()",)),
    (28, 7, ("fn", "inet_create"), "its socket is the SAME as in step 24",
     ("$rsi == (unsigned long)$sock",)),
    (29, 7, ("ret", "inet_create"), "operations, a struct sock and a state are there",
     ("$sock->ops", "$sock->sk", "$sock->state")),
    (30, 7, ("ret", "inet_create"), "and still the SAME socket: the sock points at it",
     ("$sock->sk->sk_socket == $sock",)),
    (31, 7, ("ret", "inet_create"), "linked: the socket above, TCP below",
     ("$sock->sk->__sk_common.skc_prot",)),
    (32, 8, ("fn", "sock_map_fd"), "sock_map_fd(sock, flags)", ("(struct socket *)$rdi", "$esi")),
    (33, 8, ("fn", "sock_map_fd"), "where it is written", ("$_here()",)),
    (34, 8, ("fn", "sock_map_fd"), "its socket is the SAME as in step 24",
     ("$rdi == (unsigned long)$sock",)),
    (35, 8, ("fn", "fd_install"), "the slot was reserved, the file is built; now it is filled",
     ("$edi", "((struct file *)$rsi)->private_data == $sock")),
    (36, 8, ("ret", "sock_map_fd"), "the descriptor", ("$eax",)),
    (37, 9, ("on", "entry_SYSCALL_64", SYSRET), "the kernel has put the descriptor into RAX",
     ("$rax",)),
    (38, 9, ("on", "entry_SYSCALL_64", SYSRET), "on SYSRET: to RCX, with the flags in R11",
     ("/x $rcx", "/x $r11", "/x $cs")),
    (39, 9, ("after", "socket", SYSCALL), "ring 3 again, behind the SYSCALL", ("$rax", "/x $cs")),
    (40, 9, ("write", "Socket Created: "), "the program prints it", ("(char *)$_buffer()",)),
)
