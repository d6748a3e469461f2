"""What `walk` compares from step to step: the ring, the stack, the objects, the descriptors."""
from rw import cpu, kernel
from rw.chain import bit


def take():
    """The facts of this moment, by name."""
    facts = {"ring": str(kernel.cpl()), "GS": cpu.gs_owner(kernel.register("gs_base")),
             "stack": cpu.stack_of(kernel.register("rsp")).split(",")[0]}
    kind = kernel.ctype("struct kmem_cache", "kmem_cache_alloc")
    for cache in kernel.list_entries(kernel.var("slab_caches"), kind, "list"):
        facts[f"{kernel.text(cache['name'])} in use"] = \
            int(cache["nr_allocs"]["counter"]) - int(cache["nr_frees"]["counter"])
    task = kernel.need_current()
    fdt = task["files"]["fdt"]
    for fd in range(min(int(fdt["max_fds"]), 64)):
        file = int(fdt["fd"][fd])
        facts[f"fd {fd}"] = f"file {file:#x}" if file else \
            "reserved" if bit(fdt["open_fds"], fd) else "free"
    return facts


def changed(old, new):
    """Lines: NAME: before -> after."""
    return [f"{name}: {old.get(name, 'none')} -> {value}" for name, value in new.items()
            if old.get(name) != value]
