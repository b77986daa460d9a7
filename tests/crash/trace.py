"""From strace's records to what happened to a tree of files.

The programs are run under strace -ff; read() merges what their processes did, in the
order in which the calls returned, into operations on files and names.
"""
import glob
import os
import re

STRACE = ["strace", "-D", "-ff", "-ttt", "-T", "-y", "-xx", "-s", "100000000", "-e", "signal=none"]
CALLS = (
    "trace=%file,%desc,copy_file_range,sendfile,splice,sync,syncfs,exit_group,fsync,fdatasync,sync_file_range,utimensat"
)

LINE = re.compile(r"^(\d+\.\d+) (\w+)\((.*)\) += (.*?)(?: <(\d+\.\d+)>)?$", re.S)
IGNORED = set(
    """access faccessat faccessat2 stat lstat newfstatat fstat statx readlink readlinkat execve
    read pread64 readv recvmsg recvfrom socket connect close fcntl ioctl poll ppoll
    pselect6 getdents64 lseek chdir getcwd umask flock mmap dup dup2 dup3 pipe2 pipe chmod fchmod
    fchmodat chown fchown fchownat lchown utimensat statfs fstatfs epoll_create1 epoll_ctl
    epoll_wait epoll_pwait memfd_create bind listen accept4 shutdown setsockopt getsockname getpeername getrandom
    openat open creat prlimit64 pidfd_open fadvise64 eventfd2 signalfd4 inotify_init1
    arch_prctl getrlimit setrlimit""".split())


def wrap(prefix):
    """What stands before a program's argv to record it in prefix.PID."""
    return STRACE + ["-e", CALLS, "-o", prefix]


def text(s):
    """A string of strace -xx."""
    return bytes.fromhex(s.replace("\\x", ""))


def split(arguments):
    """At the commas outside brackets; the strings hold none, being hexadecimal."""
    parts, depth, start = [], 0, 0
    for i, c in enumerate(arguments):
        if c in "[{(":
            depth += 1
        elif c in "]})":
            depth -= 1
        elif c == "," and depth == 0:
            parts.append(arguments[start:i].strip())
            start = i + 1
    return parts + [arguments[start:].strip()]


class Process:
    """What one process did, as operations: (end, kind, ...)."""

    def __init__(self, cwd):
        self.cwd = cwd
        self.fds = {}
        self.operations = []
        self.linked = []  # the names that it has given
        self.touched = None  # whose inode it has changed, and when

    def path_of_fd(self, s):
        number, _, path = s.partition("<")
        if not path:
            return None
        path = os.fsdecode(text(path.split(">")[0])) if path.startswith("\\x") else path
        self.fds[number] = path
        return path

    def path(self, dirfd, s):
        name = os.fsdecode(text(s.strip('"')))
        if name.startswith("/proc/self/fd/"):
            return self.fds[name[len("/proc/self/fd/"):]]
        base = self.cwd if dirfd is None or dirfd == "AT_FDCWD" else self.path_of_fd(dirfd)
        return os.path.normpath(os.path.join(base, name))

    def data(self, s):
        return b"".join(text(t) for t in re.findall(r'"((?:\\x..)*)"', s))

    def take(self, start, call, arguments, result, seconds):
        a = split(arguments)
        end = start + seconds
        if call in ("write", "pwrite64", "writev", "fsync", "fdatasync", "linkat", "syncfs",
                    "sync_file_range", "utimensat"):
            self.path_of_fd(a[0])
        if result.startswith("-1") or result.startswith("?"):
            if call == "exit_group":
                self.put(start, "exit", int(arguments), self.linked)
            return
        if call in ("sendto", "sendmsg"):
            self.put(end, "say", self.data(",".join(a[1:]))[: int(result)])
            return
        if call in ("open", "openat", "creat"):
            self.take_open(end, call, a, result)
        elif call == "chdir":
            self.cwd = self.path(None, a[0])
        elif call in ("write", "writev"):
            self.put(end, "append", self.path_of_fd(a[0]), self.data(",".join(a[1:]))[: int(result)])
        elif call == "pwrite64":
            self.put(end, "write", self.path_of_fd(a[0]), self.data(a[1])[: int(result)], int(a[3]))
        elif call == "ftruncate":
            self.put(end, "truncate", self.path_of_fd(a[0]), int(a[1]))
        elif call in ("fsync", "fdatasync"):
            self.put(end, "sync", self.path_of_fd(a[0]), start)
            if self.touched and self.touched[0] == self.path_of_fd(a[0]):
                # of a file system that writes one journal in order: lib/sync_files
                self.put(end, "commit", self.touched[1])
            self.touched = None
        elif call == "utimensat" and a[1] == "NULL":
            self.touched = self.path_of_fd(a[0]), start
        elif call == "sync_file_range" and a[3] == "SYNC_FILE_RANGE_WRITE":
            pass  # it waits for nothing
        elif call == "sync_file_range" and "SYNC_FILE_RANGE_WRITE" in a[3]:
            self.put(end, "flush", self.path_of_fd(a[0]), start)
        elif call == "sync_file_range" and a[3] == "SYNC_FILE_RANGE_WAIT_BEFORE":
            pass  # it tells of failed writes, and writes nothing
        elif call in ("sync", "syncfs"):
            self.put(end, "syncall", start)
        else:
            self.take_name(end, call, a)

    def take_open(self, end, call, a, result):
        if call == "openat":
            path, flags = self.path(a[0], a[1]), a[2]
        else:
            path, flags = self.path(None, a[0]), a[1] if call == "open" else "O_CREAT|O_TRUNC"
        opened = self.path_of_fd(result)
        if "O_TMPFILE" in flags:
            self.put(end, "nameless", opened)
        elif "O_CREAT" in flags:
            self.put(end, "create", path)
        if "O_TRUNC" in flags:
            self.put(end, "truncate", path, 0)

    def take_name(self, end, call, a):
        if call == "linkat":
            # /proc/self/fd/N or a name
            self.put(end, "link", self.path(a[0], a[1]), self.path(a[2], a[3]))
        elif call == "link":
            self.put(end, "link", self.path(None, a[0]), self.path(None, a[1]))
        elif call in ("renameat", "renameat2"):
            self.put(end, "rename", self.path(a[0], a[1]), self.path(a[2], a[3]))
        elif call == "rename":
            self.put(end, "rename", self.path(None, a[0]), self.path(None, a[1]))
        elif call == "unlinkat" and "AT_REMOVEDIR" in a[2]:
            self.put(end, "rmdir", self.path(a[0], a[1]))
        elif call == "unlinkat":
            self.put(end, "unlink", self.path(a[0], a[1]))
        elif call in ("unlink", "rmdir", "mkdir"):
            self.put(end, call, self.path(None, a[0]))
        elif call == "mkdirat":
            self.put(end, "mkdir", self.path(a[0], a[1]))
        elif call not in IGNORED and not call.startswith(("get", "set")):
            raise SystemExit("trace.py does not know what %s does to a file" % call)

    def put(self, end, kind, *rest):
        if kind == "link":
            self.linked.append(rest[1])
        self.operations.append((end, kind) + rest)


def read(prefix, cwd):
    """The operations of all processes recorded in prefix.PID, in order."""
    operations = []
    for name in glob.glob(prefix + ".*"):
        process = Process(cwd)
        with open(name) as f:
            for line in f:
                m = LINE.match(line.rstrip("\n"))
                if m:
                    process.take(float(m[1]), m[2], m[3], m[4], float(m[5] or 0))
        operations += process.operations
    return sorted(operations, key=lambda o: o[0])
