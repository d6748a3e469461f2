"""What an x86-64 instruction reads and writes, from its text as objdump prints it (Intel syntax).

The gdbstub does not report which memory an instruction wrote: the recorder works it out from here
before the instruction is executed, and reads the places back behind it. Vector registers are not
followed; memory that vector instructions write is.
"""
import re

GENERAL = "rax rbx rcx rdx rsi rdi rbp rsp".split()
SIZES = {"BYTE": 1, "WORD": 2, "DWORD": 4, "FWORD": 6, "QWORD": 8, "TBYTE": 10, "XMMWORD": 16,
         "OWORD": 16, "YMMWORD": 32}


def register_names():
    """{any name of a general register: (its 64-bit name, bytes)}."""
    names = {}
    for full in GENERAL:
        short = full[1:]
        names[full], names["e" + short], names[short] = (full, 8), (full, 4), (full, 2)
        names[short[0] + "l" if short[1] == "x" else short + "l"] = full, 1
        if short[1] == "x":
            names[short[0] + "h"] = full, 1
    for n in range(8, 16):
        for tail, size in (("", 8), ("d", 4), ("w", 2), ("b", 1)):
            names[f"r{n}{tail}"] = f"r{n}", size
    return names


REGISTERS = register_names()
PREFIXES = set("rep repz repnz lock notrack bnd data16 addr32 cs ds es ss fs gs xacquire xrelease"
               .split())

# The first operand is only read.
READS_ONLY = set("cmp test push bt call jmp prefetcht0 prefetcht1 prefetcht2 prefetchnta prefetchw "
                 "comiss comisd ucomiss ucomisd fld fild fldcw ldmxcsr fxrstor fxrstor64 xrstor "
                 "invlpg lgdt lidt lldt ltr mul div idiv ptest out outs verr verw fadd fmul fsub fdiv "
                 "frstor fldenv clflush int".split())
# The first operand is overwritten, whatever it held.
OVERWRITES = set("mov movabs movzx movsx movsxd lea pop bsf bsr tzcnt lzcnt popcnt in movnti movbe "
                 "stac sldt str sidt sgdt lar lsl rdrand rdseed".split())
# These do not touch what their operand names.
NO_ACCESS = set("nop lea fnop endbr64 ud2".split())
# Memory without a size in its text: how many bytes there are.
UNSIZED = {"fxsave": 512, "fxsave64": 512, "fxrstor": 512, "fxrstor64": 512, "sgdt": 10,
           "sidt": 10, "lgdt": 10, "lidt": 10, "cmpxchg16b": 16, "xsave": 576, "xrstor": 576,
           "fnstenv": 28, "fldenv": 28, "fnsave": 108, "frstor": 108}

# Registers that an instruction uses without naming them: (read, written).
IMPLICIT = {
    "push": ("rsp", "rsp"), "pop": ("rsp", "rsp"), "call": ("rsp", "rsp"), "ret": ("rsp", "rsp"),
    "leave": ("rbp", "rsp rbp"), "pushf": ("rsp eflags", "rsp"), "popf": ("rsp", "rsp eflags"),
    "cdq": ("rax", "rdx"), "cqo": ("rax", "rdx"), "cdqe": ("rax", "rax"), "cwde": ("rax", "rax"),
    "cbw": ("rax", "rax"), "syscall": ("", "rcx r11 cs ss eflags"),
    "sysret": ("rcx r11", "cs ss eflags"), "iret": ("rsp", "rsp cs ss eflags"),
    "swapgs": ("gs_base k_gs_base", "gs_base k_gs_base"), "rdtsc": ("", "rax rdx"),
    "rdtscp": ("", "rax rdx rcx"), "cpuid": ("rax rcx", "rax rbx rcx rdx"),
    "rdmsr": ("rcx", "rax rdx"), "wrmsr": ("rax rcx rdx", ""), "xgetbv": ("rcx", "rax rdx"),
    "stos": ("rax rdi", "rdi"), "movs": ("rsi rdi", "rsi rdi"), "scas": ("rax rdi", "rdi"),
    "cmps": ("rsi rdi", "rsi rdi"), "lods": ("rsi", "rax rsi"), "ins": ("rdx rdi", "rdi"),
    "outs": ("rdx rsi", "rsi"), "cmpxchg": ("rax", "rax"), "lahf": ("eflags", "rax"),
    "sahf": ("rax", "eflags"),
}
STRINGS = {"stos": "di:w", "movs": "di:w si:r", "scas": "di:r", "cmps": "si:r di:r",
           "lods": "si:r", "ins": "di:w", "outs": "si:r"}
ON_FLAGS = re.compile(r"(j(?!mp|rcxz|ecxz)\w+|set\w+|cmov\w+|adc|sbb|rcl|rcr|pushf\w*)$")


class Place:
    """Memory that an instruction names. mode: 'r', 'w' or 'rw'."""

    def __init__(self, mode, size, base=None, disp=0, index=None, scale=1, segment=None, bit=None):
        self.mode, self.size, self.base, self.disp = mode, size, base, disp
        self.index, self.scale, self.segment, self.bit = index, scale, segment, bit

    def at(self, regs):
        """The address. @regs: {register: value}."""
        address = self.disp
        if self.base:
            address += regs[self.base]
        if self.index:
            address += regs[self.index] * self.scale
        if self.segment:
            address += regs[self.segment]
        if self.bit:                    # bts [m], reg: the bit may lie beyond the operand
            name, size = self.bit
            value = regs[name] & ((1 << 8 * size) - 1)
            value -= (value >> (8 * size - 1)) << (8 * size)
            address += value // (8 * size) * size
        return address & 0xffffffffffffffff


def split_operands(text):
    """Operands are separated by commas; those inside brackets belong to one operand."""
    text = re.sub(r"\s*[#<].*$", "", text).strip()
    return [part.strip() for part in re.split(r",(?![^\[]*\])", text)] if text else []


def parse_memory(text, mode, mnemonic, following):
    """The Place of an operand such as QWORD PTR gs:[rax+rcx*8-0x10]."""
    match = re.match(r"(?:(\w+) PTR )?(?:(\w\w):)?(?:\[(.*)\]|(0x[0-9a-f]+))$", text)
    if not match:
        return None
    size = SIZES.get(match[1] or "", UNSIZED.get(mnemonic, 8))
    place = Place(mode, UNSIZED.get(mnemonic, size),
                  segment={"fs": "fs_base", "gs": "gs_base"}.get(match[2] or ""))
    if match[4]:
        place.disp = int(match[4], 16)
        return place
    for sign, term in re.findall(r"([+-]?)([^+-]+)", match[3]):
        name, _, scale = term.partition("*")
        if name == "rip":
            place.disp += following
        elif name in REGISTERS:
            full = REGISTERS[name][0]
            if scale or place.base:
                place.index, place.scale = full, int(scale or 1)
            else:
                place.base = full
        elif name not in ("riz", "eiz"):
            place.disp += int(term, 16) * (-1 if sign == "-" else 1)
    return place


class Insn:
    """One instruction: text, at, following (the next address), reads and writes (registers), places."""

    def __init__(self, at, following, text):
        self.at, self.following, self.text = at, following, text
        words = text.split(None, 1)
        prefixes = []
        while len(words) == 2 and (words[0] in PREFIXES or words[0].startswith("rex")):
            prefixes.append(words[0])
            words = words[1].split(None, 1)
        self.mnemonic = words[0] if words else ""
        self.rep = bool({"rep", "repz", "repnz"} & set(prefixes))
        self.kind = re.sub(r"(?<=^ret)[fq]*$|(?<=^iret)\w?$|(?<=^sysret)\w?$|(?<=^popf)q?$|"
                           r"(?<=^pushf)q?$|(?<=^leave)q?$|(?<=^call)q?$", "", self.mnemonic)
        self.reads, self.writes, self.places = set(), set(), []
        self.operands = split_operands(words[1] if len(words) > 1 else "")
        self.decode()

    def decode(self):
        reads, writes = IMPLICIT.get(self.kind, ("", ""))
        self.reads |= set(reads.split())
        self.writes |= set(writes.split())
        if ON_FLAGS.match(self.mnemonic):
            self.reads.add("eflags")
        if self.kind in STRINGS:
            self.decode_string()
            return
        if self.kind in ("mul", "div", "idiv") or self.kind == "imul" and len(self.operands) == 1:
            self.reads |= {"rax", "rdx"} if "div" in self.kind else {"rax"}
            self.writes |= {"rax", "rdx"}
        for number, operand in enumerate(self.operands):
            self.decode_operand(number, operand)
        if self.kind in ("push", "call", "pushf"):
            self.places.append(Place("w", 8, "rsp", -8))
        elif self.kind in ("pop", "ret", "popf"):
            self.places.append(Place("r", 8, "rsp"))
        elif self.kind == "leave":
            self.places.append(Place("r", 8, "rbp"))
        elif self.kind == "iret":
            self.places.append(Place("r", 40, "rsp"))

    def mode(self, number):
        """How operand @number is used."""
        kind = self.mnemonic
        if kind in NO_ACCESS and kind != "lea":
            return ""
        if kind in ("xchg", "xadd"):
            return "rw"
        if kind in ("xor", "sub") and len(set(self.operands)) == 1:     # clears it: its value plays no part
            return "w"
        if number or kind in READS_ONLY or self.kind in READS_ONLY or self.kind == "ret" or \
                kind.startswith("j") or kind == "imul" and len(self.operands) == 1:
            return "r"
        if kind in OVERWRITES or kind.startswith(("set", "mov", "fst", "fist", "fnst", "fxsave", "stmx")) or \
                kind == "imul" and len(self.operands) == 3:
            return "w"
        return "rw"

    def decode_operand(self, number, operand):
        mode = self.mode(number)
        if operand in REGISTERS:
            full, size = REGISTERS[operand]
            if "r" in mode or "w" in mode and size < 4:         # 8 and 16 bits leave the rest alone
                self.reads.add(full)
            if "w" in mode:
                self.writes.add(full)
        elif operand in ("cr0", "cr2", "cr3", "cr4", "cr8") and "w" in mode:
            self.writes.add(operand)
        elif "[" in operand or re.match(r"(\w+ PTR )?[cdefgs]s:0x", operand):
            place = parse_memory(operand, mode, self.mnemonic, self.following)
            if place is None:
                raise ValueError(f"operand {operand!r} of {self.text!r}")
            self.reads |= {name for name in (place.base, place.index, place.segment) if name}
            if self.mnemonic in ("bt", "bts", "btr", "btc") and self.operands[1] in REGISTERS:
                place.bit = REGISTERS[self.operands[1]]
            if mode and self.mnemonic not in NO_ACCESS and self.mnemonic != "invlpg":
                self.places.append(place)

    def decode_string(self):
        size = next((SIZES[word] for word in re.findall(r"(\w+) PTR", self.text)), 1)
        for part in STRINGS[self.kind].split():
            register, _, mode = part.partition(":")
            self.places.append(Place(mode, size, "r" + register))
        if self.rep:
            self.reads.add("rcx")
            self.writes.add("rcx")
