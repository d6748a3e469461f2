"""`tasks`, `regs`, `slabs`, `probes`, `lsm`, `syscalls`: the kernel's lists, as they are now."""
import gdb

from rw import cpu, kernel
from rw.command import command, number, table

STATES = {0: "running", 1: "sleeping", 2: "waiting", 0x80: "dead"}
ARGUMENTS = ("di", "si", "dx", "r10", "r8", "r9")
KPROBE_FLAG_DISABLED = 2


@command("tasks")
def tasks(words):
    """tasks: every task, by age; * is the one that runs

`ring 3 at` is where its ring 3 goes on, from the registers saved at its last way into ring 0."""
    now = kernel.need_current()
    rows = [("", "pid", "comm", "state", "parent", "task_struct", "stack", "ring 3 at")]
    for task in kernel.tasks():
        state = STATES.get(int(task["__state"]), f"{int(task['__state']):#x}")
        if int(task["exit_state"]):
            state = "zombie"
        is_user = int(task["mm"]) != 0
        rows.append(("*" if int(task) == int(now) else "", int(task["pid"]),
                     kernel.text(task["comm"]), state, int(task["real_parent"]["pid"]),
                     f"{int(task):#x}", f"{int(task['stack']):#x}",
                     f"{int(kernel.pt_regs(task)['ip']):#x}" if is_user else "-"))
    table(rows)


@command("regs")
def regs(words):
    """regs: pt_regs of the current task: ring 3's registers, as the gate saved them

They lie at the very top of the task's kernel stack. While the task is in ring 3 they are what is
left of its last way through the kernel."""
    task = kernel.need_current()
    frame = kernel.pt_regs(task)
    if not int(task["mm"]):
        raise gdb.GdbError(f"{kernel.who(task)} has no ring-3 side")
    old = " (in ring 3 now: these are of its last system call or trap)" if kernel.cpl() == 3 else ""
    print(f"pt_regs of {kernel.who(task)} at {int(frame):#x}{old}")
    names = [field.name for field in frame.dereference().type.fields()]
    notes = {"flags": cpu.flags(int(frame["flags"])),
             "ip": kernel.name_of(frame["ip"]),
             "cs": cpu.selector(int(frame["cs"])), "ss": cpu.selector(int(frame["ss"]))}
    call = kernel.syscall_name(int(frame["orig_ax"]) & kernel.MASK)
    if call:
        notes["orig_ax"] = f"system call {int(frame['orig_ax'])}, {call} (a trap: error code)"
        notes["ax"] = "the result; -ENOSYS until there is one"
    for i, name in enumerate(ARGUMENTS):
        notes[name] = f"argument {i + 1} of a system call"
    table([(name, f"{int(frame[name]) & kernel.MASK:#x}", notes.get(name, ""))
           for name in reversed(names)])


@command("slabs")
def slabs(words):
    """slabs [NAME]: the caches of kernel objects: how many are in use, and how many ever were

With NAME only those whose name contains it: `slabs TCP` around socket() shows one more."""
    rows = [("cache", "in use", "allocated", "freed", "bytes", "slabs", "constructor")]
    kind = kernel.ctype("struct kmem_cache", "kmem_cache_alloc")
    for cache in kernel.list_entries(kernel.var("slab_caches"), kind, "list"):
        name = kernel.text(cache["name"])
        if words and words[0] not in name:
            continue
        got, freed = (int(cache[count]["counter"]) for count in ("nr_allocs", "nr_frees"))
        rows.append((name, got - freed, got, freed, int(cache["object_size"]),
                     int(cache["nr_slabs"]),
                     kernel.name_of(cache["ctor"]) if int(cache["ctor"]) else "-"))
    if len(rows) == 1:
        raise gdb.GdbError(f"no cache is named like {' '.join(words)}")
    table(rows)


@command("probes")
def probes(words):
    """probes: the kprobes in place, by function, in the order they are called

Each replaces the one-byte NOP that opens a function. Return probes use the same sites."""
    sites = kernel.var("sites")
    kind = kernel.ctype("struct kprobe", "register_kprobe")
    rows = [("function", "kprobe", "pre_handler", "post_handler", "missed", "")]
    low, high = sites.type.range()
    for i in range(low, high + 1):
        site = sites[i]
        while int(site):
            for probe in kernel.list_entries(site["probes"], kind, "list"):
                handlers = [kernel.name_of(probe[name]) if int(probe[name]) else "-"
                            for name in ("pre_handler", "post_handler")]
                off = int(probe["flags"]) & KPROBE_FLAG_DISABLED
                rows.append((kernel.name_of(site["addr"]), f"{int(probe):#x}", *handlers,
                             int(probe["nmissed"]), "disabled" if off else ""))
            site = site["next"]
    if len(rows) == 1:
        print("no probe is registered")
    else:
        table(rows)


@command("lsm")
def lsm(words):
    """lsm: which security module answers which hook, in the order they are asked

The first answer that is not 0 is the verdict."""
    heads = kernel.var("security_hook_heads")
    kind = kernel.ctype("struct security_hook_list", "security_add_hooks")
    rows = [("hook", "module", "function")]
    for field in heads.type.fields():
        head = heads[field.name]
        hooks = list(kernel.list_entries(head, kind, "list")) if int(head["next"]) else []
        for i, hook in enumerate(hooks):
            rows.append(("" if i else field.name, kernel.text(hook["lsm"]),
                         kernel.name_of(hook["hook"][field.name])))
        if not hooks:
            rows.append((field.name, "-", "nobody asks"))
    table(rows)


@command("syscalls")
def syscalls(words):
    """syscalls [NAME|NUMBER]: the system call table: number, function, where it is written

Without an argument all that exist; every other number is sys_ni_syscall, -ENOSYS."""
    target = kernel.var("sys_call_table")
    low, high = target.type.range()
    if words and (words[0].isdigit() or words[0].startswith("0x")):
        numbers = [number(words[0])]
        if kernel.syscall_name(numbers[0]) is None:
            why = kernel.name_of(target[numbers[0]]) if numbers[0] <= high else "beyond the table"
            print(f"{numbers[0]}: no such system call ({why}): -ENOSYS")
            return
    elif words:
        try:
            numbers = [kernel.syscall_number(words[0])]
        except gdb.GdbError:
            raise gdb.GdbError(f"there is no system call named {words[0]} here")
    else:
        numbers = [n for n in range(low, high + 1) if kernel.syscall_name(n) is not None]
    rows = []
    for n in numbers:
        at = int(target[n]) & kernel.MASK
        sal = gdb.find_pc_line(at)
        rows.append((n, kernel.name_of(at), f"{at:#x}",
                     f"{sal.symtab.filename}:{sal.line}" if sal.symtab else ""))
    table(rows)
