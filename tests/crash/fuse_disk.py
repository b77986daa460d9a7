"""A disk that remembers: one file in a FUSE file system, for a loop device to stand on.

Everything written and every flush is noted with its time, in order, so that what a power
cut would have left can be made afterwards for any moment.  Speaks the kernel's protocol
(linux/fuse.h, 7.31) itself, since that is little for a single file.
"""
import ctypes
import errno
import os
import stat
import struct
import time

IN = struct.Struct("<IIQQIIII")
OUT = struct.Struct("<IiQ")
ATTR = struct.Struct("<QQQQQQIIIIIIIIII")
NOTE = struct.Struct("<dqI")  # time, offset or -1 for a flush, length
ROOT, DISK = 1, 2
WRITE_MAX = 131072
(LOOKUP, FORGET, GETATTR, SETATTR, OPEN, READ, WRITE, STATFS, RELEASE, FSYNC, FLUSH, INIT,
 OPENDIR, RELEASEDIR, INTERRUPT, DESTROY, BATCH_FORGET) = (
    1, 2, 3, 4, 14, 15, 16, 17, 18, 20, 25, 26, 27, 29, 36, 38, 42)


class Disk:
    def __init__(self, image, log):
        self.image = os.open(image, os.O_RDWR)
        self.size = os.fstat(self.image).st_size
        self.log = open(log, "wb")

    def note(self, offset, data=b""):
        self.log.write(NOTE.pack(time.monotonic(), offset, len(data)) + data)

    def attributes(self, node):
        mode = stat.S_IFDIR | 0o700 if node == ROOT else stat.S_IFREG | 0o600
        size = 0 if node == ROOT else self.size
        return ATTR.pack(node, size, size // 512, 0, 0, 0, 0, 0, 0, mode, 1, 0, 0, 0, 4096, 0)

    def answer(self, call, node, body):
        """The answer's bytes, None for no answer at all; raises OSError."""
        if call == INIT:
            return struct.pack("<IIIIHHIIHHI28x", 7, 31, 131072, 1 | 1 << 5 | 1 << 22,
                               16, 12, WRITE_MAX, 1, WRITE_MAX // 4096, 0, 0)
        if call == LOOKUP:
            if body.rstrip(b"\0") != b"disk":
                raise OSError(errno.ENOENT, "")
            return struct.pack("<QQQQII", DISK, 0, 3600, 3600, 0, 0) + self.attributes(DISK)
        if call in (GETATTR, SETATTR):
            return struct.pack("<QII", 3600, 0, 0) + self.attributes(node)
        if call in (OPEN, OPENDIR):
            return struct.pack("<QII", 0, 0, 0)
        if call == READ:
            _, offset, size = struct.unpack_from("<QQI", body)
            return os.pread(self.image, size, offset)
        if call == WRITE:
            _, offset, size = struct.unpack_from("<QQI", body)
            data = body[40 : 40 + size]
            os.pwrite(self.image, data, offset)
            self.note(offset, data)
            return struct.pack("<II", size, 0)
        if call == FSYNC:
            self.note(-1)
            return b""
        if call in (RELEASE, RELEASEDIR, FLUSH, DESTROY):
            return b""
        if call == STATFS:
            return bytes(80)
        if call in (FORGET, BATCH_FORGET, INTERRUPT):
            return None
        raise OSError(errno.ENOSYS, "")

    def serve(self, fd):
        while True:
            try:
                request = os.read(fd, WRITE_MAX + 65536)
            except OSError as e:
                if e.errno in (errno.EINTR, errno.ENOENT):
                    continue
                break  # unmounted
            _, call, unique, node, *_ = IN.unpack_from(request)
            try:
                error, answer = 0, self.answer(call, node, request[IN.size :])
            except OSError as e:
                error, answer = -e.errno, b""
            if answer is not None:
                os.write(fd, OUT.pack(OUT.size + len(answer), error, unique) + answer)
        self.log.close()


def mount(image, log, folder):
    """Show image as folder/disk and note in log.  Returns the server's process."""
    fd = os.open("/dev/fuse", os.O_RDWR)
    options = b"fd=%d,rootmode=40000,user_id=0,group_id=0" % fd
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(b"facteur", os.fsencode(folder), b"fuse", 0, options) != 0:
        raise OSError(ctypes.get_errno(), "unable to mount a FUSE file system")
    pid = os.fork()
    if pid == 0:
        Disk(image, log).serve(fd)
        os._exit(0)
    os.close(fd)
    return pid


def notes(log):
    """[(time, offset or -1, bytes)]"""
    result = []
    with open(log, "rb") as f:
        while head := f.read(NOTE.size):
            t, offset, length = NOTE.unpack(head)
            result.append((t, offset, f.read(length)))
    return result
