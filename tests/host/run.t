#!/usr/bin/env python3
"""make run: the GRUB image boots, the program runs, its status is ours; with little memory too."""
from lib import boot, done, equal, match, ok, run

result = run(["make", "run"])
equal(result.status, 0, "make run </dev/null ends with 0", result.text[-3000:])
match(result.out.decode(errors="replace"), r"(?m)^Socket Created: 3\r?$", "Socket Created: 3")
ok(b"\x1b" not in result.out, "no escape codes on the serial line", result.out)

result = run(["make", "run"], env={"MEM": "8M"})
ok(result.status == 0 and b"Socket Created: 3" in result.out, "MEM=8M is enough",
   result.text[-3000:])
for how in ([], ["--kernel"]):
    by = "-kernel" if how else "GRUB"
    result = boot(*how, env={"MEM": "8M"})
    ok(result.status == 0 and b"Socket Created: 3" in result.out, f"8M by {by}",
       result.text[-3000:])
    for size in ("1M", "2M", "3M", "4M", "5M", "6M"):
        result = boot(*how, env={"MEM": size, "TIMEOUT": "20"})
        ok(result.status == 0 or result.status == 125 and "memory" in result.text.lower()
           and "triple fault" not in result.text and "TIMEOUT" not in result.text,
           f"{size} by {by} works or says that memory is short", result.text[-2000:])

result = boot("--iso=build/no-such.iso")
ok(result.status == 125 and "no-such.iso" in result.text, "a missing image is named", result.text)
result = boot("--kernel=build/no-such.elf")
ok(result.status == 125 and "no-such.elf" in result.text, "a missing kernel is named", result.text)
result = boot("--nonsense")
ok(result.status == 125 and "nonsense" in result.text, "a wrong option is named", result.text)
done()
