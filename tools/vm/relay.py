"""The gdbstub's sockets: a TCP port in front of QEMU's private Unix socket. For tools/gdb-run.

The port is ours, not QEMU's. So we notice before anything starts when another program has it, and
we notice at once when gdb leaves.
"""
import os
import select
import socket
import time

from vm.knobs import Failure

CHUNK = 65536


def listen(port):
    """A socket that waits on 127.0.0.1:@port."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        raise Failure(f"port {port} on 127.0.0.1: {error.strerror}. Another server, perhaps? "
                      f"PORT={port + 1 if port < 65535 else port - 1} takes another")
    listener.listen(1)
    return listener


def wait_for(path, process, seconds=10):
    """Wait until QEMU has made its Unix socket. False: it ended, or never did."""
    deadline = time.monotonic() + seconds
    while not os.path.exists(path):
        if process.poll() is not None or time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def wait_end(machine, seconds):
    """Wait until QEMU ends; what the guest reports meanwhile is read. False on timeout."""
    deadline = time.monotonic() + seconds
    while machine.process.poll() is None:
        left = deadline - time.monotonic()
        if left <= 0:
            return False
        if select.select([machine.status], [], [], min(left, 0.05))[0] and \
                not machine.read_status():
            time.sleep(0.005)
    return True


def serve(listener, path, machine):
    """Carry one gdb's words to and fro. True: it left; False: the machine ended first."""
    peer = stub = None
    while machine.process.poll() is None:
        waiting = [listener] if peer is None else [peer, stub]
        for ready in select.select(waiting, [], [], 0.2)[0]:
            if ready is listener:
                peer = listener.accept()[0]
                listener.close()
                stub = socket.socket(socket.AF_UNIX)
                stub.connect(path)
                peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                continue
            try:
                data = ready.recv(CHUNK)
                (stub if ready is peer else peer).sendall(data)
            except OSError:
                data = b""
            if not data:
                return ready is peer
    return False
