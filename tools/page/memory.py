"""The memory of the recorded machine, as far as the recorded instructions touch it.

Kept by physical page, because one page can have several addresses: the kernel clears a page through
its direct map before ring 3 sees it somewhere else. A page is read when an instruction is about to
touch it for the first time, and from then on only what instructions write is read again. At the end
check() compares all pages with the machine: nothing was written that was not recorded.
"""
from vm.knobs import Failure, memory as memory_size

from page.rsp import NotMapped

PAGE = 4096
PAGE_OFFSET = 0xffff888000000000        # kernel/mm/memlayout.h: all of RAM, at this address
USER_END = 1 << 47
FRAME = 0x000ffffffffff000              # of a page table's entry: the physical address
PRESENT, LARGE, ACCESSED_DIRTY = 1, 0x80, 0x60


class Memory:
    def __init__(self, stub):
        self.stub = stub
        self.ram = memory_size()
        self.first, self.now = {}, {}   # {physical page: its bytes}, when recording began and now
        self.places = {}                # {virtual page: physical page}, as far as known
        self.log = []                   # (time, virtual page, physical page)
        self.tables = set()             # physical pages that are page tables
        self.time = 0
        self.cr3 = 0

    # --- addresses ---

    def walk(self, address):
        """The physical address of @address by the page tables, or None."""
        table = self.cr3 & FRAME
        for shift in (39, 30, 21, 12):
            self.tables.add(table)
            entry = self.stub.word(PAGE_OFFSET + table + (address >> shift & 511) * 8)
            if not entry & PRESENT:
                return None
            table = entry & FRAME
            if shift in (30, 21) and entry & LARGE:
                low = (1 << shift) - 1
                return (entry & FRAME & ~low) | (address & low)
        return table | (address & (PAGE - 1))

    def translate(self, page):
        """The physical page of a virtual one; None where nothing is mapped, or no RAM."""
        if page not in self.places:
            found = self.walk(page)
            if found is None or found >= self.ram:
                return None
            self.places[page] = found
            self.note(page, found)
        return self.places[page]

    def note(self, page, found):
        known = next((physical for _, virtual, physical in reversed(self.log) if virtual == page), None)
        if known != found:
            self.log.append((self.time, page, found))

    def forget_user_pages(self):
        """Ring 3's pages may be elsewhere from now on."""
        self.places = {page: at for page, at in self.places.items() if page >= USER_END}

    @staticmethod
    def parts(at, size):
        """(virtual page, offset, bytes) of each page that a place lies in."""
        while size > 0:
            offset = at & (PAGE - 1)
            part = min(size, PAGE - offset)
            yield at - offset, offset, part
            at, size = (at + part) & 0xffffffffffffffff, size - part

    # --- contents ---

    def track(self, at, size):
        """Know the pages of this place from now on. False: nothing is mapped there."""
        good = True
        for page, _, _ in self.parts(at, size):
            physical = self.translate(page)
            if physical is None:
                good = False
            elif physical not in self.now:
                data = self.stub.read(PAGE_OFFSET + physical, PAGE)
                self.first[physical], self.now[physical] = data, bytearray(data)
        return good

    def read(self, at, size):
        """What a tracked place holds."""
        data = b""
        for page, offset, part in self.parts(at, size):
            data += bytes(self.now[self.places[page]][offset:offset + part])
        return data

    def physical(self, at, size):
        """[(physical address, size)] of a tracked place."""
        return [(self.places[page] + offset, part) for page, offset, part in self.parts(at, size)
                if page in self.places]

    def written(self, at, size):
        """[(physical address, bytes)] of a place an instruction has just written."""
        found = []
        for page, offset, part in self.parts(at, size):
            physical = self.translate(page)
            if physical is None or physical not in self.now:
                continue
            data = self.stub.read(page + offset, part)
            self.now[physical][offset:offset + part] = data
            found.append((physical + offset, data))
        return found

    def differences(self, physical, step=8):
        """[(physical address, old bytes, new bytes)] where the machine's page is not as we have it."""
        now = self.stub.read(PAGE_OFFSET + physical, PAGE)
        old = bytes(self.now[physical])
        return [] if now == old else \
            [(physical + n, old[n:n + step], now[n:n + step]) for n in range(0, PAGE, step)
             if old[n:n + step] != now[n:n + step]]

    def adopt(self, pages):
        """Take over what has changed in these pages: [(physical address, bytes)]."""
        found = []
        for physical in sorted(pages):
            for at, _, new in self.differences(physical):
                self.now[physical][at & (PAGE - 1):(at & (PAGE - 1)) + len(new)] = new
                found.append((at, new))
        return found

    def marked_by_cpu(self):
        """What the CPU itself wrote to page tables: the bits Accessed and Dirty, and nothing else."""
        found = []
        for physical in sorted(self.tables & set(self.now)):
            for at, old, new in self.differences(physical):
                changed = int.from_bytes(old, "little") ^ int.from_bytes(new, "little")
                if changed & ~ACCESSED_DIRTY:
                    continue                    # check() will say so
                self.now[physical][at & (PAGE - 1):(at & (PAGE - 1)) + 8] = new
                found.append((at, new))
        return found

    def check(self):
        """Raise unless every tracked page is in the machine as the recorded writes have made it."""
        for physical in sorted(self.now):
            for at, old, new in self.differences(physical):
                raise Failure(f"the recording is not complete: physical address {at:#x} holds "
                              f"{new.hex()}, and by the recorded writes {old.hex()}")

    def peek(self, at, size):
        """Read for ourselves, tracked or not; NotMapped where that is impossible."""
        if not 0 <= at < 1 << 64:
            raise NotMapped(f"{at:#x}")
        return self.stub.read(at, size)
