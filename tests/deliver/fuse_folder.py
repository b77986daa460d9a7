"""A folder shown through FUSE, which counts how often it is asked to sync.

    fuse_folder.py FOLDER MOUNTPOINT LOG COMMAND...

Mounts, runs the command, unmounts; LOG gets a line `fsync PATH` or `fsyncdir PATH` for each
FSYNC and FSYNCDIR.  As with most such file systems, syncfs(2) succeeds and nobody hears of it.
Speaks the kernel's protocol (linux/fuse.h, 7.31) itself.
"""
import ctypes
import errno
import os
import stat
import struct
import subprocess
import sys

IN = struct.Struct("<IIQQIII4x")
OUT = struct.Struct("<IiQ")
ATTR = struct.Struct("<QQQQQQIIIIIIIIII")
WRITE_MAX = 131072
ROOT = 1
(LOOKUP, FORGET, GETATTR, SETATTR, MKDIR, UNLINK, RMDIR, RENAME, LINK, OPEN, READ, WRITE,
 STATFS, RELEASE, FSYNC, FLUSH, INIT, OPENDIR, READDIR, RELEASEDIR, FSYNCDIR, CREATE, INTERRUPT,
 DESTROY, BATCH_FORGET, RENAME2) = (
    1, 2, 3, 4, 9, 10, 11, 12, 13, 14, 15, 16,
    17, 18, 20, 25, 26, 27, 28, 29, 30, 35, 36,
    38, 42, 45)


class Folder:
    def __init__(self, folder, log):
        self.paths = {ROOT: folder}  # by inode
        self.log = open(log, "w", buffering=1)
        self.handles = {}
        self.next = 1

    def attributes(self, node, st):
        return ATTR.pack(
            node, st.st_size, st.st_blocks, int(st.st_atime), int(st.st_mtime), int(st.st_ctime),
            st.st_atime_ns % 10**9, st.st_mtime_ns % 10**9, st.st_ctime_ns % 10**9,
            st.st_mode, st.st_nlink, st.st_uid, st.st_gid, 0, 4096, 0)

    def stat(self, node):
        try:
            st = os.lstat(self.paths[node])
            if node in (ROOT, st.st_ino):
                return st
        except FileNotFoundError:
            pass
        for fd, its in self.handles.values():
            if its == node and fd != -1:
                return os.fstat(fd)
        raise OSError(errno.ENOENT, "")

    def child(self, node, name):
        return os.path.join(self.paths[node], os.fsdecode(name.rstrip(b"\0")))

    def entry(self, path):
        st = os.lstat(path)
        self.paths[st.st_ino] = path
        return struct.pack("<QQQQII", st.st_ino, 0, 0, 0, 0, 0) + self.attributes(st.st_ino, st)

    def open(self, fd, node):
        handle, self.next = self.next, self.next + 1
        self.handles[handle] = (fd, node)
        return struct.pack("<QII", handle, 0, 0)

    def set(self, node, body):
        valid, _, _, size = struct.unpack_from("<IIQQ", body)
        mode, _, uid, gid = struct.unpack_from("<IIII", body, 68)
        path = self.paths[node]
        if valid & 6:
            os.chown(path, uid if valid & 2 else -1, gid if valid & 4 else -1)
        if valid & 1:
            os.chmod(path, stat.S_IMODE(mode))
        if valid & 8:
            os.truncate(path, size)

    def list(self, node, body):
        _, offset, size = struct.unpack_from("<QQI", body)
        result = b""
        for i, name in enumerate([".", ".."] + sorted(os.listdir(self.paths[node]))):
            name = os.fsencode(name)
            record = struct.pack("<QQII", 1, i + 1, len(name), 0) + name
            record += bytes(-len(record) % 8)
            if i >= offset and len(result) + len(record) <= size:
                result += record
            elif i >= offset:
                break
        return result

    def answer(self, call, node, uid, gid, body):
        """The answer's bytes, None for no answer at all; raises OSError."""
        if call == INIT:
            return struct.pack("<IIIIHHIIHHI28x", 7, 31, 131072, 1 << 5, 16, 12, WRITE_MAX, 1,
                               WRITE_MAX // 4096, 0, 0)
        if call == LOOKUP:
            return self.entry(self.child(node, body))
        if call == SETATTR:
            self.set(node, body)
        if call in (GETATTR, SETATTR):
            return struct.pack("<QII", 0, 0, 0) + self.attributes(node, self.stat(node))
        if call == MKDIR:
            mode, umask = struct.unpack_from("<II", body)
            path = self.child(node, body[8:])
            os.mkdir(path, mode & ~umask)
            os.chown(path, uid, gid)
            return self.entry(path)
        if call == CREATE:
            flags, mode, umask = struct.unpack_from("<III", body)
            path = self.child(node, body[16:])
            fd = os.open(path, os.O_RDWR | os.O_CREAT | flags & os.O_EXCL, mode & ~umask)
            os.fchown(fd, uid, gid)
            entry = self.entry(path)
            return entry + self.open(fd, os.fstat(fd).st_ino)
        if call == UNLINK:
            os.unlink(self.child(node, body))
            return b""
        if call == RMDIR:
            os.rmdir(self.child(node, body))
            return b""
        if call in (RENAME, RENAME2):
            (to,) = struct.unpack_from("<Q", body)
            flags = struct.unpack_from("<I", body, 8)[0] if call == RENAME2 else 0
            old, new = body[16 if call == RENAME2 else 8 :].split(b"\0")[:2]
            if flags & 1 and os.path.lexists(self.child(to, new)):
                raise OSError(errno.EEXIST, "")
            os.rename(self.child(node, old), self.child(to, new))
            self.entry(self.child(to, new))
            return b""
        if call == LINK:
            (old,) = struct.unpack_from("<Q", body)
            os.link(self.paths[old], self.child(node, body[8:]))
            return self.entry(self.child(node, body[8:]))
        if call == OPEN:
            fd = os.open(self.paths[node], os.O_RDWR | struct.unpack_from("<I", body)[0] & os.O_TRUNC)
            return self.open(fd, node)
        if call == OPENDIR:
            return self.open(-1, node)
        if call == READDIR:
            return self.list(node, body)
        if call in (RELEASE, RELEASEDIR):
            fd, _ = self.handles.pop(struct.unpack_from("<Q", body)[0])
            if fd != -1:
                os.close(fd)
            return b""
        if call == READ:
            handle, offset, size = struct.unpack_from("<QQI", body)
            return os.pread(self.handles[handle][0], size, offset)
        if call == WRITE:
            handle, offset, size = struct.unpack_from("<QQI", body)
            return struct.pack("<II", os.pwrite(self.handles[handle][0], body[40 : 40 + size], offset), 0)
        if call in (FSYNC, FSYNCDIR):
            print("fsync" if call == FSYNC else "fsyncdir", self.paths[node], file=self.log)
            return b""
        if call in (FLUSH, DESTROY):
            return b""
        if call == STATFS:
            return struct.pack("<QQQQQIII28x", 10**6, 10**6, 10**6, 10**6, 10**6, 4096, 255, 4096)
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
            _, call, unique, node, uid, gid, _ = IN.unpack_from(request)
            try:
                error, answer = 0, self.answer(call, node, uid, gid, request[IN.size :])
            except OSError as e:
                error, answer = -e.errno, b""
            if answer is not None:
                os.write(fd, OUT.pack(OUT.size + len(answer), error, unique) + answer)


def main():
    folder, mountpoint, log, *command = sys.argv[1:]
    os.umask(0)
    fd = os.open("/dev/fuse", os.O_RDWR)
    options = b"fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other,default_permissions" % fd
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(b"facteur", os.fsencode(mountpoint), b"fuse", 0, options) != 0:
        sys.exit("unable to mount a FUSE file system: " + os.strerror(ctypes.get_errno()))
    pid = os.fork()
    if pid == 0:
        Folder(os.path.abspath(folder), log).serve(fd)
        os._exit(0)
    os.close(fd)
    code = subprocess.run(command).returncode
    libc.umount2(os.fsencode(mountpoint), 2)
    os.waitpid(pid, 0)
    sys.exit(code)


main()
