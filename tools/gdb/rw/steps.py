"""`phase`, `step-to` and `walk`: run to the steps of the lesson (lesson.py)."""
import gdb

from rw import cpu, facts, kernel, run, session
from rw.command import command, number
from rw.lesson import PHASES, STEPS

reached = {}            # in a replay: step -> instructions since power-on
latest = 0              # the step reached last


class Here(gdb.Function):
    """$_here(): the source line of the current instruction."""

    def invoke(self):
        sal = gdb.find_pc_line(kernel.register("rip"))
        return f"{sal.symtab.filename}:{sal.line}" if sal.symtab else "?"


class Buffer(gdb.Function):
    """$_buffer(): the second argument of the system call being made."""

    def invoke(self):
        return int(kernel.pt_regs(kernel.need_current())["si"])


Here("_here")
Buffer("_buffer")

# --- where a step is ----------------------------------------------------------------------------


def in_socket_call():
    """Is the task under study in ring 0 for its socket()?"""
    if not session.is_mine():
        return False
    frame = kernel.pt_regs(kernel.current())
    return int(frame["orig_ax"]) == kernel.syscall_number("socket")


def calls_socket():
    """At the gate, before anything is saved: the same, from RAX."""
    return session.is_mine() and \
        kernel.register("rax") & 0xffffffff == kernel.syscall_number("socket")


def writes(start):
    def condition():
        if not session.is_mine():
            return False
        frame = kernel.pt_regs(kernel.current())
        length = min(int(frame["dx"]), len(start))
        return int(frame["di"]) == 1 and length == len(start) and \
            kernel.read(int(frame["si"]), length) == start.encode()
    return condition


def on_instruction(where):
    """The address of the instruction a step stops at, or behind."""
    kind, function, name = where
    program = session.state.program
    at = program.find(function, cpu.ENCODING[name][0]) if function in program.symbols else \
        cpu.find(function, name)
    if at is None:
        raise gdb.GdbError(f"{function}() has no {name} instruction")
    return at + (2 if kind == "after" else 0)


def user_function(name):
    at = session.state.program.address(name)
    if at is None:
        raise gdb.GdbError(f"{session.state.program.path} has no function {name}()")
    return at


def place(where):
    """The step's place. Of ("ret", F) it is where F begins."""
    kind, name = where[:2]
    if kind == "user":
        return run.Place(user_function(name), session.is_mine)
    if kind in ("on", "after"):
        at = on_instruction(where)
        return run.Place(at, session.is_mine if at < kernel.USER_END else in_socket_call)
    if kind == "write":
        return run.Place(kernel.address("__x64_sys_write"), writes(name))
    if kind == "hook":
        head = kernel.var("security_hook_heads")[name]
        hooks = kernel.list_entries(
            head, kernel.ctype("struct security_hook_list", "security_add_hooks"), "list")
        first = next(hooks, None)
        if first is None:
            raise gdb.GdbError(f"no module has a function on {name}: nobody is asked")
        return run.Place(int(first["hook"][name]) & kernel.MASK, in_socket_call)
    at_gate = name in ("entry_SYSCALL_64", "do_syscall_64")
    return run.Place(kernel.address(name), calls_socket if name == "entry_SYSCALL_64" else
                     session.is_mine if at_gate else in_socket_call)


def inside(function):
    """The frame of @function, when we are in it or in something it called; else None."""
    frame = gdb.newest_frame()
    while frame is not None and frame.is_valid():
        if frame.name() == function and frame.older() is not None:
            return frame
        frame = frame.older()
    return None


def run_to_return(frame):
    """To where the call that @frame stands for returns to."""
    caller = frame.older()
    back, rsp = caller.pc(), int(caller.read_register("rsp")) & kernel.MASK
    run.until([run.Place(back, lambda: kernel.register("rsp") == rsp)],
              lost="the function never returned")


def run_out():
    """At the first instruction of a function: to where it returns to."""
    rsp = kernel.register("rsp")
    back = int.from_bytes(kernel.read(rsp, 8), "little")
    run.until([run.Place(back, lambda: kernel.register("rsp") == rsp + 8)],
              lost="the function never returned")

# --- getting there --------------------------------------------------------------------------------


def the_end():
    """Where a run past the wanted step is noticed: the task's last system call."""
    return run.Place(kernel.address("do_exit"), session.is_mine, "end")


def at_step(where):
    """Do we stand there already, with nothing to run?"""
    found = place(where)
    return where[0] != "ret" and found.at == kernel.register("rip") and found.condition()


def go(n, back=False):
    """Run to step @n, in one direction. False: the program ended first."""
    where = STEPS[n - 1][2]
    frame = inside(where[1]) if where[0] == "ret" and not back and in_socket_call() else None
    if frame is not None:
        run_to_return(frame)
        return True
    if not at_step(where):
        end = [] if back else [the_end()]
        hit = run.until([place(where)] + end, back=back, lost=f"step {n} was not reached")
        if hit is None:
            raise gdb.GdbError(f"stopped on the way to step {n}, at "
                               f"{kernel.name_of(kernel.register('rip'))}")
        if hit.name == "end":
            return False
    if where[0] == "ret":
        run_out()
    return True


def same_moment(n, m):
    return 0 < n <= len(STEPS) and 0 < m <= len(STEPS) and STEPS[n - 1][2] == STEPS[m - 1][2]


def reach(n):
    """To step @n from wherever we are; backwards where it lies behind and that is possible."""
    global latest
    now = run.icount()
    if same_moment(n, latest) and (now is None or reached.get(latest) == now):
        reached[n], latest = now, n
        return
    behind = n in reached and now is not None and reached[n] < now
    if not behind and now is None and n <= latest:
        raise gdb.GdbError(f"step {n} lies behind us: this run is not recorded, so it cannot go "
                           "back. `make rewind` can")
    if behind or not go(n):
        if now is None:
            raise gdb.GdbError(f"step {n} lay behind us, and the program is ending now. "
                               "`make rewind` can go back")
        go(n, back=True)
    reached[n], latest = run.icount(), n


def show(n):
    _, phase, where, what, expressions = STEPS[n - 1]
    if where == ("ret", "sock_alloc"):
        kind = kernel.ctype("struct socket", "sock_alloc").pointer()
        gdb.set_convenience_variable("sock", gdb.Value(kernel.register("rax")).cast(kind))
    rip = kernel.register("rip")
    print(f"{n:02}  phase {phase}  ring {kernel.cpl()}  {kernel.name_of(rip):<28} {what}")
    for expression in expressions:
        if "$sock" in expression and gdb.convenience_variable("sock") is None:
            print(f"      {expression} = (not known yet: step 24 sets $sock)")
            continue
        hexadecimal, expression = expression.startswith("/x "), expression.removeprefix("/x ")
        try:
            value = gdb.parse_and_eval(expression)
            value = value.format_string(format="x") if hexadecimal else value.format_string()
        except gdb.error as error:
            value = f"({error})"
        print(f"      {expression} = {value}")


def need_program():
    if session.state.program is None:
        raise gdb.GdbError("no program under study: `ringwalk start PROGRAM` runs to its main()")


@command("step-to", gdb.COMMAND_RUNNING)
def step_to(words):
    """step-to NN: run to step NN (1..40) of the lesson, and show its evidence

Forwards; in a recorded run (`make rewind`) backwards where the step lies behind. It stays in the
task under study and its socket() call. From step 24 on $sock is the socket."""
    if len(words) != 1:
        raise gdb.GdbError("which step? expected: step-to NN, 1..40")
    need_program()
    n = number(words[0].lstrip("0") or "0", "step")
    if not 1 <= n <= len(STEPS):
        raise gdb.GdbError(f"there are steps 1 to {len(STEPS)}")
    reach(n)
    show(n)


@command("phase", gdb.COMMAND_RUNNING)
def phase_command(words):
    """phase [N]: run to the first step of phase N (1..9) of the lesson; without N, list them"""
    if not words:
        for n, name in enumerate(PHASES, 1):
            mine = [step[0] for step in STEPS if step[1] == n]
            print(f"{n}  steps {mine[0]:02}-{mine[-1]:02}  {name}")
        return
    need_program()
    n = number(words[0], "phase")
    if not 1 <= n <= len(PHASES):
        raise gdb.GdbError(f"there are phases 1 to {len(PHASES)}")
    print(f"phase {n}: {PHASES[n - 1]}")
    first = next(step[0] for step in STEPS if step[1] == n)
    reach(first)
    show(first)


@command("walk", gdb.COMMAND_RUNNING)
def walk(words):
    """walk [FROM [TO]]: visit the steps of the lesson, one after the other

At each: where we are, what happens, the evidence, and what changed since the step before: the
ring, the stack, objects in the slab caches, descriptors."""
    need_program()
    first = number(words[0], "step") if words else max(latest, 1)
    final = number(words[1], "step") if len(words) > 1 else len(STEPS)
    if not 1 <= first <= final <= len(STEPS):
        raise gdb.GdbError(f"there are steps 1 to {len(STEPS)}")
    before = None
    for n in range(first, final + 1):
        try:
            reach(n)
        except gdb.GdbError as error:
            print(f"{n:02}  skipped: {error}")
            if not run.alive():
                return
            continue
        show(n)
        now = facts.take()
        for line in facts.changed(before, now) if before else ():
            print(f"      * {line}")
        before = now
