"""`fds` and `chain`: from a descriptor down to the protocol, each link checked from both ends."""
import stat

import gdb

from rw import kernel
from rw.command import command, number, table

COUNTS = {"f_count", "i_count", "d_count", "skc_refcnt", "sk_wmem_alloc"}


def studied_task():
    """The task under study while it lives, else the current one."""
    from rw.session import state
    for task in kernel.tasks():
        if state.pid is not None and int(task["pid"]) == state.pid:
            return task
    return kernel.need_current()


def bit(words, n):
    width = words.dereference().type.sizeof * 8
    return int(words[n // width]) >> (n % width) & 1


def file_type(inode):
    mode = int(inode["i_mode"])
    return stat.filemode(mode)


def describe(file):
    """An open file in a word."""
    dentry = file["f_path"]["dentry"]
    return kernel.text(dentry["d_name"]["name"]) if int(dentry) else "?"


@command("fds")
def fds(words):
    """fds: the open descriptors of the task under study (else of the current one)

A descriptor is reserved by a bit in open_fds and filled by a pointer in fd[]: between
get_unused_fd_flags() and fd_install() it is one without the other."""
    task = studied_task()
    if not int(task["files"]):
        raise gdb.GdbError(f"{kernel.who(task)} has no descriptor table")
    fdt = task["files"]["fdt"]
    rows = [("fd", "file", "f_count", "f_op", "type", "name", "")]
    for fd in range(int(fdt["max_fds"])):
        taken, file = bit(fdt["open_fds"], fd), fdt["fd"][fd]
        if not taken and not int(file):
            continue
        close = "close-on-exec" if bit(fdt["close_on_exec"], fd) else ""
        if not int(file):
            rows.append((fd, "-", "", "", "", "reserved, not yet filled", close))
            continue
        rows.append((fd, f"{int(file):#x}", kernel.count(file["f_count"]),
                     kernel.name_of(file["f_op"]), file_type(file["f_inode"]), describe(file),
                     close))
    print(f"{kernel.who(task)}: {len(rows) - 1} descriptors, "
          f"files_struct used by {kernel.count(task['files']['count'])}")
    table(rows)


class Chain:
    """Collects what to print, and the checks that failed."""

    def __init__(self):
        self.bad = 0

    def link(self, what, pointer, *facts):
        print(f"{what:<14}{int(pointer) & kernel.MASK:#x}  {'  '.join(facts)}")

    def check(self, good, claim):
        print(f"{'':14}{'ok ' if good else 'BAD'} {claim}")
        self.bad += not good


def same(a, b):
    return int(a) & kernel.MASK == int(b) & kernel.MASK


def show_file(chain, fdt, fd, file):
    chain.link(f"fd[{fd}] ->", file, "struct file", f"f_count {kernel.count(file['f_count'])}",
               f"f_op {kernel.name_of(file['f_op'])}")
    chain.check(bit(fdt["open_fds"], fd) == 1, f"open_fds has bit {fd}")
    dentry, inode = file["f_path"]["dentry"], file["f_inode"]
    chain.link(" f_path ->", dentry, "struct dentry", f"d_count {kernel.count(dentry['d_count'])}",
               f"name {kernel.text(dentry['d_name']['name'])}")
    chain.check(same(dentry["d_inode"], inode), "dentry->d_inode is file->f_inode")
    chain.link(" f_inode ->", inode, "struct inode", f"i_count {kernel.count(inode['i_count'])}",
               f"{file_type(inode)} ino {int(inode['i_ino'])}",
               f"on {kernel.text(inode['i_sb']['s_id'])}")
    chain.check(kernel.count(file["f_count"]) > 0 and kernel.count(inode["i_count"]) > 0 and
                kernel.count(dentry["d_count"]) > 0, "each is counted at least once")


def show_socket(chain, file):
    inode = file["f_inode"]
    kind = kernel.ctype("struct socket_alloc", "sock_alloc")
    outer = kernel.container_of(inode, kind, "vfs_inode")
    socket = outer["socket"].address
    ops = socket["ops"]
    chain.link(" socket ->", socket, "struct socket", f"state {socket['state']}",
               f"type {int(socket['type'])}", f"ops {kernel.name_of(ops) if int(ops) else 'none'}")
    chain.check(same(file["private_data"], socket),
                "file->private_data is the socket beside the inode (one socket_alloc)")
    chain.check(same(socket["file"], file), "socket->file is the file")
    return socket


def show_sock(chain, socket):
    sk = socket["sk"]
    if not int(sk):
        print(" sk ->         none")
        return
    common = sk["__sk_common"]
    proto = common["skc_prot"]
    chain.link(" sk ->", sk, "struct sock", f"skc_refcnt {kernel.count(common['skc_refcnt'])}",
               f"sk_wmem_alloc {kernel.count(sk['sk_wmem_alloc'])}",
               f"family {int(common['skc_family'])} type {int(sk['sk_type'])} "
               f"protocol {int(sk['sk_protocol'])} state {int(common['skc_state'])}")
    chain.check(same(sk["sk_socket"], socket), "sk->sk_socket is the socket")
    chain.check(same(sk["sk_wq"], socket["wq"].address), "sk->sk_wq is the socket's wait queue")
    chain.check(int(sk["sk_type"]) == int(socket["type"]), "sk->sk_type is socket->type")
    chain.check(kernel.count(common["skc_refcnt"]) > 0, "skc_refcnt is at least 1")
    chain.link(" skc_prot ->", proto, f"{kernel.name_of(proto)}, \"{kernel.text(proto['name'])}\"",
               f"close {kernel.name_of(proto['close'])}")
    chain.check(same(sk["sk_prot_creator"], proto), "sk->sk_prot_creator is the same")
    family = int(socket["ops"]["family"])
    chain.check(family == int(common["skc_family"]), f"ops->family is the sock's, {family}")


@command("chain")
def chain_command(words):
    """chain FD: descriptor -> file -> inode and socket -> sock, with every back-pointer checked

Of the task under study (else of the current one). Prints each object's address, its reference
counts and its operations by name. `ok` or `BAD` stands before each thing that must hold."""
    if len(words) != 1:
        raise gdb.GdbError("which descriptor? expected: chain FD")
    fd, task = number(words[0], "descriptor"), studied_task()
    fdt = task["files"]["fdt"] if int(task["files"]) else None
    if fdt is None or fd >= int(fdt["max_fds"]) or not int(fdt["fd"][fd]):
        raise gdb.GdbError(f"{kernel.who(task)} has no file behind descriptor {fd} (`fds` lists "
                           "what there is)")
    chain, file = Chain(), fdt["fd"][fd]
    show_file(chain, fdt, fd, file)
    if stat.S_ISSOCK(int(file["f_inode"]["i_mode"])):
        show_sock(chain, show_socket(chain, file))
    print("consistent" if not chain.bad else f"NOT consistent: {chain.bad} of these do not hold")
