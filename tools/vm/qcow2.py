"""An empty qcow2 image, where a recorded run keeps its snapshots. Used by tools/gdb-run.

Written here so that nobody needs qemu-img. Layout: QEMU's docs/interop/qcow2.txt, version 2.
"""
import struct

CLUSTER_BITS = 16
CLUSTER = 1 << CLUSTER_BITS
SIZE = 1 << 20          # of the virtual disk, which nobody reads or writes; bytes

# Clusters: 0 the header, 1 the refcount table, 2 its one block of counts, 3 the L1 table.
HEADER = struct.pack(">4sIQIIQIIQQIIQ", b"QFI\xfb", 2, 0, 0, CLUSTER_BITS, SIZE, 0, 1, 3 * CLUSTER,
                     1 * CLUSTER, 1, 0, 0)


def create(path):
    with open(path, "wb") as file:
        counts = struct.pack(">4H", 1, 1, 1, 1)
        for content in (HEADER, struct.pack(">Q", 2 * CLUSTER), counts, b""):
            file.write(content.ljust(CLUSTER, b"\0"))
