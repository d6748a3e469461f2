"""The kernel as gdb sees it: symbols, types, lists, tasks. Under all the commands here.

A program under study may have symbols of the same names, so everything is looked up in the
kernel's own symbol file. Linux: scripts/gdb/linux/utils.py, lists.py, tasks.py
"""
import re

import gdb

USER_END = 1 << 47          # the lower canonical half: ring 3's
MASK = (1 << 64) - 1


def objfile():
    """The kernel's symbol file."""
    for file in gdb.objfiles():
        if file.is_valid() and file.lookup_global_symbol("init_task"):
            return file
    raise gdb.GdbError("no symbols of ringwalk's kernel here: `file build/kernel.elf` loads them")


def symbol(name):
    """A C symbol of the kernel, static or not."""
    file = objfile()
    found = file.lookup_global_symbol(name) or file.lookup_static_symbol(name)
    if not found:
        raise gdb.GdbError(f"the kernel has no `{name}` with debug information")
    return found


def var(name):
    """The value of a C variable."""
    return symbol(name).value()


def address(name):
    """Where a symbol is: a function, a variable, or a label of assembly."""
    try:
        found = symbol(name)
        return int(found.value().address) & MASK
    except gdb.GdbError:
        pass
    try:
        return int(gdb.parse_and_eval(f"(unsigned long)&'{name}'"))
    except gdb.error:
        raise gdb.GdbError(f"the kernel has no `{name}`")


def has(name):
    try:
        return bool(address(name))
    except gdb.GdbError:
        return False


def ctype(name, near):
    """A type, as the source file that defines the symbol @near knows it."""
    return gdb.lookup_type(name, symbol(near).symtab.static_block())


def offset_of(kind, member):
    for field in kind.strip_typedefs().fields():
        if field.name == member:
            return field.bitpos // 8
    raise gdb.GdbError(f"{kind} has no member {member}")


def container_of(pointer, kind, member):
    """Linux's container_of(), as a pointer."""
    at = (int(pointer) & MASK) - offset_of(kind, member)
    return gdb.Value(at).cast(kind.pointer())


def list_entries(head, kind, member, limit=100000):
    """What hangs on the list_head @head, as pointers to @kind. Stops where a link is wrong."""
    first = int(head.address) & MASK
    link, previous = head["next"], first
    for _ in range(limit):
        at = int(link) & MASK
        if at in (first, 0):
            return
        if int(link["prev"]) & MASK != previous:
            raise gdb.GdbError(f"the list at {first:#x} is broken: the prev link of {at:#x} "
                               f"is {int(link['prev']) & MASK:#x}")
        yield container_of(link, kind, member)
        previous, link = at, link["next"]


def count(value):
    """The number in an atomic_t, atomic_long_t or refcount_t."""
    while value.type.strip_typedefs().code == gdb.TYPE_CODE_STRUCT:
        value = value[value.type.strip_typedefs().fields()[0]]
    return int(value)


def text(value, limit=200):
    """A C string: of an array or a pointer."""
    if value.type.strip_typedefs().code == gdb.TYPE_CODE_PTR and not int(value):
        return "(null)"
    try:
        if value.type.strip_typedefs().code == gdb.TYPE_CODE_ARRAY:
            return bytes(int(value[i]) & 255 for i in range(value.type.sizeof)) \
                .split(b"\0")[0].decode(errors="replace")
        return value.string(errors="replace", length=-1)[:limit]
    except gdb.MemoryError:
        return "(unreadable)"


def name_of(at):
    """SYMBOL or SYMBOL+N for an address; the bare number where there is none."""
    at = int(at) & MASK
    found = gdb.execute(f"info symbol {at:#x}", to_string=True)
    match = re.match(r"(\S+)(?: \+ (\d+))? in section", found)
    if not match:
        return f"{at:#x}"
    return match[1] + (f"+{match[2]}" if match[2] else "")


def read(at, size):
    """Bytes of memory at a virtual address."""
    try:
        return bytes(gdb.selected_inferior().read_memory(at & MASK, size))
    except gdb.MemoryError:
        raise gdb.GdbError(f"nothing is mapped at {at & MASK:#x}")


def register(name):
    """A register of the CPU, whatever frame is selected."""
    return int(gdb.newest_frame().read_register(name)) & MASK


def connected():
    """Raise unless there is a machine to talk to."""
    if not gdb.selected_inferior().pid:
        raise gdb.GdbError("no machine: `ringwalk attach TARGET` connects to one, "
                           "`make gdb` starts one")


def cpl():
    """The current privilege level: the ring. It is the low two bits of CS."""
    return register("cs") & 3


def long_mode():
    """Does the CPU run 64-bit code yet, with the kernel's page tables? (EFER.LMA)"""
    return bool(register("efer") & 0x400)


def current():
    """The task whose turn it is, as a pointer; None before there is one."""
    connected()
    if not long_mode():
        return None
    try:
        task = var("percpu")["current_task"]
        return task if int(task) and int(task["stack"]) else None
    except gdb.MemoryError:
        return None


def need_current():
    task = current()
    if task is None:
        raise gdb.GdbError("the kernel has no tasks yet: it is still booting")
    return task


def tasks():
    """Every task, by age."""
    first = var("init_task")
    return [first.address, *list_entries(first["tasks"], first.type, "tasks")]


def who(task):
    """A task in a word."""
    return f"{text(task['comm'])} (pid {int(task['pid'])})"


def thread_size():
    """Bytes of a kernel stack: the boot stack is one."""
    return address("boot_stack_top") - address("boot_stack")


def pt_regs(task):
    """What the gate saved of @task's ring 3, at the very top of its stack."""
    kind = ctype("struct pt_regs", "do_syscall_64")
    top = (int(task["stack"]) & MASK) + thread_size()
    return gdb.Value(top - kind.sizeof).cast(kind.pointer())


def syscall_number(name):
    """The number of system call @name: where its function stands in sys_call_table."""
    table, wanted = var("sys_call_table"), address(f"__x64_sys_{name}")
    low, high = table.type.range()
    for number in range(low, high + 1):
        if int(table[number]) & MASK == wanted:
            return number
    raise gdb.GdbError(f"sys_call_table has no {name}")


def syscall_name(number):
    """The name of system call @number; None when there is none."""
    table = var("sys_call_table")
    low, high = table.type.range()
    if not low <= number <= high:
        return None
    name = name_of(table[number])
    return None if name == "__x64_sys_ni_syscall" else name.replace("__x64_sys_", "", 1)
