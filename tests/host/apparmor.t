#!/usr/bin/env python3
"""The apparmor module, from ring 3: a policy file in the initramfs decides which sockets a program
gets, and the kernel's log says so. tests/kernel/apparmor.c has the grammar and the verdicts.
"""
import os
import re
import tempfile

from lib import LOG, build, done, equal, guest, match, ok

SOCKETS = build("tests/guest/sockets.c")
PROGRAM = "/exec/bin/" + os.path.basename(SOCKETS)      # where tools/exec puts it
OTHER = "/bin/other"                                    # the same program under another name
TCP, UDP, RAW, UNIX, UDP_17 = "2,1,0", "2,2,0", "2,3,1", "1,1,0", "2,2,17"
POLICY = "etc/apparmor.d/ringwalk"
RECORD = re.compile(r'^(?:\[ *\d+\.\d+\] )?audit: type=1400 audit\(\d+\.\d{3}:(\d+)\): (.*)$', re.M)


def run(policy, *steps):
    """Run SOCKETS under a policy. Returns (status, its answers in order, audit records, log)."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "policy")
        with open(path, "w") as file:
            file.write(policy)
        result = guest(SOCKETS, *steps,
                       options=[f"--file={path}:{POLICY}", f"--file={SOCKETS}:{OTHER}"])
    with open(LOG, errors="replace") as file:
        log = file.read()
    records = [dict(re.findall(r'(\w+)="?([^" ]*)"?', text)) for _, text in RECORD.findall(log)]
    answers = [line.rpartition(": ")[2] for line in result.out.decode().splitlines()]
    return result.status, answers, records, log


def verdicts(records):
    return [(r["apparmor"], r["family"], r["sock_type"], r["protocol"]) for r in records]


def check(name, policy, steps, answers, records=()):
    """Each step's answer, and the audit records as (verdict, family, type, protocol)."""
    status, got, audit, log = run(policy, *steps)
    equal((status, got), (0, answers), name, log[-2000:])
    equal(verdicts(audit), list(records), f"{name}: the log says so, and no more", log[-2000:])
    return audit, log


def profile(rules, flags="", name="sockets", path=PROGRAM):
    return f"profile {name} {path} {flags}{{\n  {rules}\n}}\n"


# --- who is confined ---
check("no policy", "", [TCP, UDP, RAW], ["ok"] * 3)
check("a program no profile names", profile("deny network,", path="/bin/somebody_else"),
      [TCP, UDP, RAW], ["ok"] * 3)
_, log = check("a policy in force", profile("network,"), [TCP, UDP, RAW], ["ok"] * 3)
ok("AppArmor:" not in log, "a good policy is accepted without a word", log)

# --- verdicts ---
check("deny network inet dgram", profile("network, deny network inet dgram,"),
      [UDP, UDP_17, TCP, RAW, UNIX], ["EACCES", "EACCES", "ok", "ok", "EAFNOSUPPORT"])
check("audit deny", profile("network, audit deny network inet dgram,"), [UDP_17, TCP],
      ["EACCES", "ok"], [("DENIED", "inet", "dgram", "17")])
audit, _ = check("allow lists: what no rule allows is refused",
                 profile("network inet stream,"), [TCP, UDP, RAW, UNIX],
                 ["ok", "EACCES", "EACCES", "EACCES"],
                 [("DENIED", "inet", "dgram", "0"), ("DENIED", "inet", "raw", "1"),
                  ("DENIED", "unix", "stream", "0")])
if audit:
    want = {"operation": "create", "profile": "sockets", "requested_mask": "create",
            "denied_mask": "create", "comm": os.path.basename(SOCKETS)[:15]}
    equal({key: audit[0].get(key) for key in want}, want, "a record names profile, program and deed")
    match(audit[0].get("pid", ""), "^[0-9]+$", "and the task")
check("allow by family", profile("network inet,"), [TCP, UDP, RAW, UNIX],
      ["ok", "ok", "ok", "EACCES"], [("DENIED", "unix", "stream", "0")])
check("allow by protocol", profile("allow network udp,"), [UDP, TCP], ["ok", "EACCES"],
      [("DENIED", "inet", "stream", "0")])
check("an empty profile", profile(""), [TCP], ["EACCES"], [("DENIED", "inet", "stream", "0")])
check("complain", profile("network inet stream,", "flags=(complain) "), [TCP, UDP], ["ok", "ok"],
      [("ALLOWED", "inet", "dgram", "0")])
check("audit", profile("audit network inet stream, network inet dgram,"), [TCP, UDP], ["ok", "ok"],
      [("AUDIT", "inet", "stream", "0")])
check("the range checks come before the security hook", profile("deny network,"),
      ["46,1,0", "2,11,0", "2,1,-1"], ["EAFNOSUPPORT", "EINVAL", "EACCES"])

# --- inheritance ---
only_tcp = profile("network inet stream,")
udp_refused = [("DENIED", "inet", "dgram", "0")]
check("fork inherits", only_tcp, ["fork", TCP, UDP], ["ok", "EACCES"], udp_refused)
check("exec of a program without a profile inherits", only_tcp,
      [TCP, "exec:" + OTHER, TCP, UDP], ["ok", "ok", "EACCES"], udp_refused)
check("fork, exec, fork inherit", only_tcp, ["fork", "exec:" + OTHER, "fork", UDP], ["EACCES"],
      udp_refused)
audit, _ = check("exec of a program with a profile of its own changes to that",
                 only_tcp + profile("network inet dgram,", name="other", path=OTHER),
                 [UDP, "exec:" + OTHER, UDP, TCP], ["EACCES", "ok", "EACCES"],
                 [("DENIED", "inet", "dgram", "0"), ("DENIED", "inet", "stream", "0")])
equal([r.get("profile") for r in audit], ["sockets", "other"], "each record has its own profile")
check("a parent is not confined by its child's profile", profile("", name="other", path=OTHER),
      ["fork", "exec:" + OTHER, TCP], ["EACCES"], [("DENIED", "inet", "stream", "0")])

# --- which profile ---
check("a glob attaches", profile("", path="/exec/bin/*"), [TCP], ["EACCES"],
      [("DENIED", "inet", "stream", "0")])
check("the most literal attachment wins",
      profile("", name="all", path="/exec/**") + profile("network,"), [TCP], ["ok"])

# --- a policy that is wrong ---
for name, rules, line, why in (
        ("a missing comma", "network inet stream", 3, "','"),
        ("an unknown rule", "/etc/passwd r,", 2, "network rule"),
        ("an unknown type", "network inet strom,", 2, "'strom'")):
    _, log = check(name, profile(rules), [TCP, UDP], ["ok", "ok"])
    match(log, rf"(?m)(?:^|\] )AppArmor: /{POLICY}:{line}: .*{re.escape(why)}",
          f"{name}: file, line and reason are in the log")
done()
