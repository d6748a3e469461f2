#!/usr/bin/env python3
"""make rewind: back over the gate to the same SYSCALL, back to who wrote sock->ops, docs/gdb.md."""
import re
import time

from gdblib import follow_page, session, shows
from lib import done, equal, match, note, ok

# --- the page, word for word ---
began = time.monotonic()
commands, talk = follow_page("Backwards")
seconds = time.monotonic() - began
equal(commands[0][1], "make rewind", "the page starts with make rewind")
ok(talk.whole, "docs/gdb.md, backwards: it runs to its end", talk.text[-3000:])
match(talk.before, r"(?m)^\| Socket Created: 3$", "what the recorded run printed is shown first")
for n, (_, words, expected) in enumerate(commands[1:]):
    missing = shows(expected, talk[n])
    ok(missing is None and "error:" not in talk[n], f"docs: {n}: {words}",
       f"not found: {missing} (UPDATE=1 brings line numbers up to date)\n{talk[n]}")
ok(seconds < 30, "a rewind session takes well under a minute", seconds)
note(f"backwards: {seconds:.1f} s")


def values(talk, count):
    return [talk[n].split("= ")[-1].strip() for n in range(count)]


# --- from fd_install back over the gate, by gdb's own commands, to the same syscall ---
talk = session("rewind", [
    "step-to 3", "p/x $pc", "p/x $rsp", "monitor info replay", "hbreak fd_install", "continue",
    "set $s = (struct socket *)((struct file *)$rsi)->private_data", "delete",
    "hbreak entry_SYSCALL_64", "reverse-continue", "p/x $cs", "reverse-stepi", "p/x $cs",
    "p/x $pc", "p/x $rsp", "monitor info replay", "p $rax", "stepi", "p/x $cs", "delete",
    "hbreak fd_install", "continue", "delete", "watch -l $s->ops", "reverse-continue", "delete",
    "bt 1", "p $s->ops", "reverse-stepi", "p $s->ops", "x/i $pc"])
value = values(talk, 31)
match(talk[5], "fd_install", "stands in fd_install")
match(talk[9], "entry_SYSCALL_64", "reverse-continue: back to the gate")
equal((value[10], value[12], value[18]), ("0x10", "0x33", "0x10"), "over it, and in again",
      talk.text)
equal((value[13], value[14], talk[15]), (value[1], value[2], talk[3]),
      "the same SYSCALL at the same moment", talk.text)
equal(value[16], "41", "about to call socket")
match(talk[26], "inet_create", "a reverse watchpoint finds who set sock->ops")
match(value[27], "inet_stream_ops", "behind the store")
equal(value[29], "(const struct proto_ops *) 0x0".split("= ")[-1], "before it")
match(talk[30], "mov", "which is a store")

# --- the lesson's steps, both ways; chain names what who-wrote went back from ---
talk = session("rewind", [
    "walk", "step-to 36", "chain 3", "step-to 24", "p $sock", "step-to 3", "next-kernel",
    "ring --diff", "next-user", "ring --diff", "next-kernel back", "ring --diff",
    "step-to 36", "who-wrote $sock->sk->sk_socket", "step-to 36", "who-wrote $sock->sk",
    "who-wrote nonsense",
    "who-wrote $rax", "set exec-direction reverse", "next-user", "set exec-direction forward",
    "reverse-continue", "continue", "p $pc", "reverse-stepi"])
equal(len(re.findall(r"(?m)^\d\d  phase ", talk[0])), 40, "walk", talk[0])
born = re.search(r"0x\w+", talk[4])
ok(born and f"socket ->    {born[0]} " in talk[2] and "consistent" in talk[2],
   "chain 3 and step 24 name the same socket", talk[2] + talk[4])
match(talk[7], r"(?m)^RCX +0x\w+ +0x403\w+ +\*? +CPU: address of the next", "both sides are seen")
ok("?" not in talk[7], "nothing of it is guessed", talk[7])
match(talk[9], "ring 0 -> ring 3, by SYSRET", "forwards out again")
match(talk[10], "ring 0, about to leave", "next-kernel back: to the SYSRET")
match(talk[11], "ring 0 -> ring 3, by SYSRET", "ring --diff there")
match(talk[13], "(?s)became.*Written by:.*sock_init_data", "who-wrote: the back-pointer")
match(talk[15], "(?s)became.*Written by:.*sock_init_data", "who-wrote: the pointer")
match(talk[16], "error:", "who-wrote: of nothing")
match(talk[17], "error: .*is not in memory", "who-wrote: of a register")
match(talk[19], "ring 3, about to leave", "set exec-direction reverse turns next-user round")
match(talk[22], "The recording ends here", "the end of the recording is no end of the session")
match(talk[23], "__x64_sys_reboot", "one stands before it")
ok(talk.whole and "error" not in talk[24], "and can go back", talk[24])
done()
