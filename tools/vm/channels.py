"""The guest's byte channels, carried between QEMU and our own fds. Used by tools/exec.

Each part says with wants() which fds it waits for, and serve() moves one chunk when one of them
is ready; nothing is read before what was read last has been written, so a slow reader slows the
guest down and no byte is lost or buffered without bound.
"""
import errno
import fcntl
import os
import select
import socket
import stat

CHUNK = 4096            # a pipe that polls writable takes that much without blocking (PIPE_BUF)
FRAME = 255             # bytes in one frame of stdin; a frame of none is end-of-file


def shared_position(a, b):
    """Whether two fds of a regular file share one position: they are one open file then."""
    before = os.lseek(a, 0, os.SEEK_CUR)
    os.lseek(a, before + 1, os.SEEK_SET)
    shared = os.lseek(b, 0, os.SEEK_CUR) == before + 1
    os.lseek(a, before, os.SEEK_SET)
    return shared


def one_stream(a, b):
    """Whether what is written to the fds @a and @b ends up in one place, in the order of writing.

    That holds for any two fds of one pipe, terminal or socket. Two fds of a regular file must be
    one open file, or both open for appending: else each writes at a position of its own.
    """
    try:
        one, other = os.fstat(a), os.fstat(b)
        if (one.st_dev, one.st_ino) != (other.st_dev, other.st_ino):
            return False
        appending = all(fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_APPEND for fd in (a, b))
        return not stat.S_ISREG(one.st_mode) or appending or shared_position(a, b)
    except OSError:
        return False


class Output:
    """What the guest writes, on its way from one fd to another. Holds at most one chunk.

    @seen: called with each chunk as it arrives.
    """

    def __init__(self, source, target, seen=lambda data: None):
        self.source, self.target, self.seen = source, target, seen
        self.held = b""

    def wants(self):
        if self.held:
            return [(self.target, select.POLLOUT)]
        return [] if self.source is None else [(self.source, select.POLLIN)]

    def serve(self, _events):
        if self.held:
            self.held = self.held[os.write(self.target, self.held):]
            return
        self.held = os.read(self.source, CHUNK)
        self.seen(self.held)
        if not self.held:
            self.source = None


class Input:
    """Our stdin on its way to COM2 (the socket @line), in frames, once `ready` is set."""

    def __init__(self, line):
        self.line = line
        line.setblocking(False)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, CHUNK)     # read ahead but little
        self.ready = False
        self.ended = False          # our stdin
        self.closed = False         # the line
        self.held = b""

    def wants(self):
        if self.closed:
            return []
        wants = [(self.line.fileno(), select.POLLIN | (select.POLLOUT if self.held else 0))]
        if self.ready and not self.held and not self.ended:
            wants.append((0, select.POLLIN))
        return wants

    def serve(self, events):
        mine = events.get(self.line.fileno(), 0)
        try:
            if self.held and mine & select.POLLOUT:
                self.held = self.held[self.line.send(self.held):]
            elif mine:                              # the guest sends nothing: this is the end
                self.closed = not self.line.recv(CHUNK)
            elif 0 in events:
                self.fetch()
        except BlockingIOError:
            pass
        except OSError:
            self.closed = True

    def fetch(self):
        try:
            data = os.read(0, FRAME)
        except OSError as error:
            if error.errno not in (errno.EIO, errno.EISDIR, errno.EBADF):
                raise
            data = b""
        self.ended = not data
        self.held = bytes([len(data)]) + data


class Status:
    """The status channel as one more thing to serve."""

    def __init__(self, machine):
        self.machine, self.open = machine, True

    def wants(self):
        return [(self.machine.status, select.POLLIN)] if self.open else []

    def serve(self, _events):
        self.open = self.machine.read_status()


def serve(machine, parts, waited_for):
    """Serve the parts until those waited for want nothing more. False on timeout."""
    while any(part.wants() for part in waited_for):
        poll = select.poll()
        mask = {}
        for part in parts:
            for fd, events in part.wants():
                mask[fd] = mask.get(fd, 0) | events
        for fd, events in mask.items():
            poll.register(fd, events)
        ready = dict(poll.poll(machine.left()))
        if not ready:
            return False
        for part in parts:
            if any(fd in ready for fd, _ in part.wants()):
                part.serve(ready)
    return True
