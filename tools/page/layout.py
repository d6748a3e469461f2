"""The layout of the kernel's types, asked of gdb once for each build of the kernel."""
import json
import os
import subprocess

from vm import gdbside
from vm.knobs import Failure

HERE = os.path.dirname(os.path.realpath(__file__))

# What the page shows by its fields, and a function in a file that knows the type.
TYPES = [
    ("struct socket_alloc", "sock_alloc"), ("struct socket", "sock_alloc"),
    ("struct tcp_sock", "tcp_init_sock"), ("struct udp_sock", "udp_init_sock"),
    ("struct sock", "sk_alloc"), ("struct inet_sock", "inet_create"), ("struct file", "fd_install"),
    ("struct dentry", "__d_alloc"), ("struct inode", "alloc_inode"),
    ("struct files_struct", "alloc_fd"), ("struct fdtable", "alloc_fd"),
    ("struct pt_regs", "do_syscall_64"), ("struct kmem_cache", "kmem_cache_alloc"),
    ("struct task_struct", "do_syscall_64"), ("struct percpu", "do_syscall_64"),
    ("struct cred", "prepare_creds"), ("struct net", "inet_create"),
    ("struct linux_binprm", "begin_new_exec"), ("struct qstr", "__d_alloc"),
]

# The type of the objects that a slab cache holds, by the cache's name.
CACHES = {"sock_inode_cache": "struct socket_alloc", "TCP": "struct tcp_sock", "UDP": "struct udp_sock",
          "filp": "struct file", "dentry": "struct dentry", "cred_jar": "struct cred",
          "files_cache": "struct files_struct", "task_struct": "struct task_struct",
          "inode_cache": "struct inode", "RAW": "struct inet_sock"}


def load(kernel, folder):
    """{type: layout} of the kernel file @kernel; kept in @folder while the kernel is the same."""
    path = os.path.join(folder, "types.json")
    newest = max(os.path.getmtime(name) for name in (kernel, os.path.join(HERE, "typedump.py"), __file__))
    if not os.path.exists(path) or os.path.getmtime(path) < newest:
        ask(kernel, path)
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def ask(kernel, path):
    gdb = gdbside.check()
    script = os.path.join(HERE, "typedump.py")
    asked = subprocess.run(
        [gdb, "-nx", "-batch", "-iex", "set debuginfod enabled off", kernel,
         "-ex", f"python TYPES = {TYPES!r}; OUTPUT = {path + '.new'!r}", "-x", script],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", check=False)
    if not os.path.exists(path + ".new"):
        raise Failure(f"gdb did not tell the types of {kernel}:\n{asked.stdout}{asked.stderr}")
    os.rename(path + ".new", path)


def offset(types, name, *members):
    """Where a member is, through structs inside structs."""
    total = 0
    for member in members:
        field = next(field for field in types[name]["fields"] if field[0] == member)
        total, name = total + field[1], field[5]
    return total
