#!/usr/bin/env python3
"""The call path of socket() and close(), from a run: what README says of it is true, and it is small.

tools/callpath lists the functions that the run enters, and those that the compiler inlined.
"""
import os
import re
import sys

from lib import TOP, done, equal, ok, run

sys.path.insert(0, os.path.join(TOP, "tools"))
from vm import code

BUDGET = 2800               # lines of code in the files of the path, headers aside
RING3 = {"user/socket_test.c", "tools/syscalltbl.py"}       # where the path starts

# The functions of Linux 6.1 or later that lie on the path, under Linux's names. What is not among
# them has to be in README's list of helpers without a twin.
LINUX = set("""
    entry_SYSCALL_64 do_syscall_64 __x64_sys_socket __sys_socket update_socket_protocol
    __sys_socket_create sock_create __sock_create security_socket_create apparmor_socket_create
    sock_alloc new_inode_pseudo alloc_inode sock_alloc_inode kmem_cache_alloc inode_init_always
    security_inode_alloc lsm_blob_alloc inet_create sk_alloc sk_prot_alloc security_sk_alloc
    sock_init_data tcp_v4_init_sock tcp_init_sock security_socket_post_create
    apparmor_socket_post_create sock_map_fd get_unused_fd_flags alloc_fd find_next_fd __set_open_fd
    __set_close_on_exec expand_files sock_alloc_file alloc_file_pseudo d_alloc_pseudo __d_alloc
    d_instantiate alloc_file alloc_empty_file security_file_alloc fd_install
    __x64_sys_close __do_sys_close close_fd file_close_fd pick_file files_lookup_fd
    __put_unused_fd __clear_open_fd filp_close filp_flush fput __fput sock_close __sock_release
    inet_release tcp_close inet_csk_destroy_sock tcp_v4_destroy_sock sk_free sk_destruct
    inet_sock_destruct sk_prot_free security_sk_free apparmor_sk_free_security kmem_cache_free
    dput __dentry_kill dentry_unlink_inode dentry_free __d_free mntput iput iput_final evict
    destroy_inode __destroy_inode i_callback security_inode_free sock_free_inode
    security_file_free file_free put_cred exit_to_user_mode_loop syscall_exit_work
""".split())


result = run(["tools/callpath", "--plain"], limit=400)
ok(result.status == 0, "tools/callpath lists the calls", result.text[-3000:])
steps = [line.split() for line in result.out.decode().splitlines()]
entered = [(call, file, name) for call, how, file, name in steps if how == "enters"]
names = {call: [name for kind, _, name in entered if kind == call] for call in ("socket", "close")}
equal([names["socket"][:1], names["socket"][-1:], names["close"][:1]],
      [["entry_SYSCALL_64"], ["fd_install"], ["entry_SYSCALL_64"]], "from the entry to the descriptor")
ok(not [name for _, _, name in entered if name.startswith("trap_")], "no trap is in between")

order, listed = code.reading_order_text(), code.reading_order()
path = sorted({file for _, file, _ in entered})
equal(sorted(set(listed) - RING3), path, "README's reading order lists the files of the path")
equal(len(listed), len(set(listed)), "each of them once")
equal(re.search(r"These (\d+) files", order)[1], str(len(listed)), "and how many they are")

lines = sum(code.lines(file) for file in {*path, *RING3} if not file.endswith(".py"))
ok(lines <= BUDGET, f"they are at most {BUDGET:,} lines of code", lines)
said = int(re.search(r"about ([\d,]+) lines", order)[1].replace(",", ""))
ok(abs(lines - said) <= 150, "README says how many, to 150 lines", f"{lines} lines, README: {said}")

helpers = set(re.findall(r"`(\w+)\(\)`", order[order.index("Each function entered"):]))
equal(sorted({name for _, _, name in entered} - LINUX), [], "each function entered has Linux's name")
equal(sorted({name for *_, name in steps} - LINUX - helpers), [],
      "README names each helper that Linux does not have")
text = "".join(open(file, encoding="utf-8").read() for file in [*path])
named = set(re.findall(r"`(\w+)(?:\(\))?`", order)) - {"syscall", "main", "socket", "STUB", "close"}
equal(sorted(name for name in named if not re.search(rf"\b{name}\b", text)), [],
      "README names no function that is not there")
done()
