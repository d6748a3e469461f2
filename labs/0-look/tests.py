"""Lab 0: its program, its questions, and the judge of the answers.

Which sockets are made, duplicated and closed, and in which order, follows from the student's seed. The
right answers are stored nowhere: the judge makes the same system calls on the kernel, and looks.
"""
import random
import re

from judge import test

AF_INET, F_DUPFD, FD_CLOEXEC, O_RDONLY = 2, 0, 0o2000000, 0
TYPES = {1: "SOCK_STREAM", 2: "SOCK_DGRAM"}
CALLS = 16                          # of the program
STANDARD = 3                        # descriptors that a program finds open

ENTERED = ("alloc_inode", "sk_alloc", "fd_install", "sock_close", "kmem_cache_alloc")
ASKED = ("sock_alloc", "new_inode_pseudo", "alloc_inode", "sock_alloc_inode", "inet_create", "sk_alloc",
         "sock_init_data", "sock_alloc_file", "alloc_file_pseudo", "d_alloc_pseudo", "fd_install",
         "security_socket_create", "security_socket_post_create", "apparmor_socket_create")


class Plan:
    """The system calls of a student's program: a list of (words of C, name of the call, arguments, variable).

    The variable gets the result, when it is a descriptor. An argument that is a str is such a variable.
    """

    def __init__(self, seed):
        self.rng = random.Random(f"look {seed}")
        while True:
            self.calls, self.open, self.deaths, self.made = [], {}, 0, 0
            while len(self.calls) < CALLS:
                self.one_more()
            if len(set(self.open.values())) >= 3 and len(self.open) >= 5 and self.deaths >= 3 and self.made >= 5:
                break
        self.asked = self.rng.sample(ASKED, 5)

    def one_more(self):
        kind = "socket" if len(self.open) < 2 else self.rng.choice(
            ["socket", "socket", "socket", "dup", "dupfd", "dup2", "close", "close", "close"])
        getattr(self, kind)()

    def note(self, words, name, *arguments, makes=None, of=None):
        """@makes: the variable that gets the result; @of: the socket that it means."""
        self.calls.append((words.format(*arguments), name, arguments, makes))
        if makes:
            self.open[makes] = of

    def variable(self):
        """A name that was not used yet: one call makes one variable at most."""
        return "abcdefghijklmnopqrstuvwxyz"[len(self.calls)]

    def some(self):
        return self.rng.choice(sorted(self.open))

    def socket(self):
        kind, flag = self.rng.choice(sorted(TYPES)), self.rng.choice([0, 0, FD_CLOEXEC])
        words = f"socket(AF_INET, {TYPES[kind]}{' | SOCK_CLOEXEC' if flag else ''}, 0)"
        self.note(words, "socket", AF_INET, kind | flag, 0, makes=self.variable(), of=self.made)
        self.made += 1

    def dup(self):
        old = self.some()
        self.note("dup({0})", "dup", old, makes=self.variable(), of=self.open[old])

    def dupfd(self):
        old, low = self.some(), self.rng.randrange(8, 40)
        self.note("fcntl({0}, F_DUPFD, {2})", "fcntl", old, F_DUPFD, low, makes=self.variable(), of=self.open[old])

    def dup2(self):
        old, new = self.rng.sample(sorted(self.open), 2)
        self.note("dup2({0}, {1})", "dup2", old, new)
        self.drop(new)
        self.open[new] = self.open[old]

    def close(self):
        old = self.some()
        self.note("close({0})", "close", old)
        self.drop(old)

    def drop(self, variable):
        socket = self.open.pop(variable)
        self.deaths += socket not in self.open.values()

    def program(self):
        lines = []
        for number, (words, _, _, makes) in enumerate(self.calls):
            used = any(makes in arguments for _, _, arguments, _ in self.calls if makes)
            lines.append((f"int {makes} = " if used else "") + f"result[{number}] = {words};")
        return PROGRAM.format(calls=CALLS, body="\n\t".join(lines))

    def questions(self):
        return QUESTIONS.format(entered=" ".join(ENTERED), asked=" ".join(self.asked), last=CALLS - 1)


PROGRAM = """\
/* The program of lab 0, written by tools/look for the seed in .lab. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

static int result[{calls}];

/* The place to stop at: all calls were made, nothing is printed yet. */
__attribute__((noinline)) void done(void);
void done(void)
{{
	__asm__ volatile("");
}}

int main(void)
{{
	{body}

	done();
	for (int number = 0; number < {calls}; number++)
		printf("result[%d] = %d\\n", number, result[number]);
	return 0;
}}
"""

QUESTIONS = """\
Where a question says "at done()", stop there: what the machine holds then is asked. "Each descriptor" is
each open descriptor from 3 on, in ascending order.

results       result[0] to result[{last}]
descriptors   at done(), for each descriptor: its number, and f_count of its file
bitmaps       at done(): open_fds[0], close_on_exec[0] and next_fd of the task's descriptor table
inodes        at done(), for each descriptor: the number of its inode, minus the smallest of these numbers
socket_slots  at done(), for each descriptor: the slot of its struct socket in its slab
sock_slots    at done(), for each descriptor: the slot of its struct sock in its slab
objects       at done(): objects in use and objects ever allocated, of sock_inode_cache, of TCP and of UDP
entered       from main() to done(), how often these functions are entered:
              {entered}
deaths        the numbers n of all calls (result[n] = ...) in which sock_close() is entered
callers       which functions call these, when they are entered for the first time after main():
              {asked}
"""


class Seen:
    """What is there to see in the program of @vm's student, seen on this kernel."""

    def __init__(self, vm):
        self.vm, self.plan = vm, Plan(vm.seed)
        self.answers = {name: [] for name in WANTED}
        for number in range(STANDARD):
            vm.expect(vm.call("open", "/", O_RDONLY), number, "open()")
        self.run()
        self.look()

    def run(self):
        vm, variables, first = self.vm, {}, {}
        hits = {name: vm.break_at(name) for name in ENTERED}
        for name in self.plan.asked:
            vm.break_at(name, lambda vm, name=name: first.setdefault(name, self.caller()))
        for number, (_, name, arguments, makes) in enumerate(self.plan.calls):
            deaths = hits["sock_close"].hits
            got = vm.call(name, *(variables.get(argument, argument) for argument in arguments))
            self.answers["results"].append(got)
            if makes:
                variables[makes] = got
            if hits["sock_close"].hits > deaths:
                self.answers["deaths"].append(number)
        self.answers["entered"] = [hits[name].hits for name in ENTERED]
        self.answers["callers"] = [first.get(name) for name in self.plan.asked]

    def caller(self):
        vm = self.vm
        return vm.guest.functions.caller(vm.word(vm.register("rsp")))

    def look(self):
        vm, answers, inodes = self.vm, self.answers, []
        table = "current->files->fdt"
        for fd in range(STANDARD, 64):
            if not vm.eval(f"{table}->open_fds[0]") >> fd & 1:
                continue
            file = f"{table}->fd[{fd}]"
            socket = f"((struct socket *){file}->private_data)"
            answers["descriptors"] += [fd, vm.eval(f"{file}->f_count.counter")]
            inodes.append(vm.eval(f"{file}->f_inode->i_ino"))
            answers["socket_slots"].append(self.slot(vm.eval(f"(long){socket}"), "sock_inode_cache"))
            protocol = vm.value(f"{socket}->sk->__sk_common.skc_prot->name").string()
            answers["sock_slots"].append(self.slot(vm.eval(f"(long){socket}->sk"), protocol))
        answers["inodes"] = [number - min(inodes) for number in inodes]
        answers["bitmaps"] = [vm.eval(f"{table}->open_fds[0]"), vm.eval(f"{table}->close_on_exec[0]"),
                              vm.eval("current->files->next_fd")]
        for name in ("sock_inode_cache", "TCP", "UDP"):
            cache = self.cache(name)
            allocated = int(cache["nr_allocs"]["counter"])
            answers["objects"] += [allocated - int(cache["nr_frees"]["counter"]), allocated]

    def cache(self, name):
        return next(cache for cache in self.vm.list("slab_caches", "kmem_cache", "list")
                    if cache["name"].string() == name)

    def slot(self, address, name):
        cache = self.cache(name)
        return (address & ~int(cache["slab_mask"]) & (1 << 64) - 1) // int(cache["size"])


def parts(text):
    """An answer as a list: numbers as int, other words as they are."""
    found = []
    for word in re.split(r"[\s,;]+", text.strip())[:256]:
        try:
            found.append(int(word, 0) if len(word) <= 20 else word)
        except ValueError:
            found.append(word.removesuffix("()"))
    return found


def answered(text):
    """{question: its answer}, from answers.txt. Of two lines with one name the last counts."""
    lines = (line.partition(":") for line in text.decode(errors="replace").splitlines() if not line.startswith("#"))
    return {name.strip(): parts(answer) for name, _, answer in lines if answer.strip()}


def compare(vm, name):
    """Is the answer right? What would be right is not said."""
    answer = answered(vm.handed_in("answers.txt")).get(name)
    if answer is None:
        vm.fail(f"answers.txt has no answer behind \"{name}:\"")
    right = Seen(vm).answers[name]
    if len(answer) != len(right):
        vm.fail(f"the answer has {len(answer)} parts, but should have {len(right)}")
    if answer != right:
        vm.fail("the answer is not right")


WANTED = ("results", "descriptors", "bitmaps", "inodes", "socket_slots", "sock_slots", "objects", "entered",
          "deaths", "callers")


@test(points=8, step=1, hint="1")
def results(vm):
    """What the calls of the program return."""
    compare(vm, "results")


@test(points=12, step=2, hint="2.1")
def descriptors(vm):
    """The descriptors that are open at the end, and how many of them mean each file."""
    compare(vm, "descriptors")


@test(points=8, step=2, hint="2.2")
def bitmaps(vm):
    """The bit maps of the descriptor table."""
    compare(vm, "bitmaps")


@test(points=8, step=3, hint="3.1")
def inodes(vm):
    """The numbers of the sockets' inodes."""
    compare(vm, "inodes")


@test(points=12, step=3, hint="3.2")
def socket_slots(vm):
    """Where each struct socket lies in its slab."""
    compare(vm, "socket_slots")


@test(points=12, step=3, hint="3.2")
def sock_slots(vm):
    """Where each struct sock lies in its slab."""
    compare(vm, "sock_slots")


@test(points=10, step=3, hint="3.3")
def objects(vm):
    """How many objects the caches have handed out."""
    compare(vm, "objects")


@test(points=10, step=4, hint="4.1")
def entered(vm):
    """How often functions of the kernel are entered."""
    compare(vm, "entered")


@test(points=10, step=4, hint="4.2")
def deaths(vm):
    """The calls in which a socket dies."""
    compare(vm, "deaths")


@test(points=10, step=5, hint="5")
def callers(vm):
    """Who calls the functions on the way."""
    compare(vm, "callers")
