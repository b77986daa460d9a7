#!/usr/bin/env python3
"""without.py WHAT[,WHAT...] COMMAND...: run COMMAND as on a file system that lacks something.

The system calls fail as they do on vfat or NFS: tmpfile (files without a name), link (hard
links), rename (renameat2's flags), fifo (FIFOs), lock (flock).  Done by a seccomp filter, which static programs
and their children obey too.  Exits with 77 where that can't be done.
"""
import ctypes
import errno
import os
import platform
import struct
import sys

if platform.machine() != 'x86_64':
    sys.exit(77)

OPEN, FLOCK, LINK, MKNOD = 2, 73, 86, 133
OPENAT, MKNODAT, LINKAT, RENAMEAT2 = 257, 259, 265, 316
TMPFILE, FIFO = 0o20000000, 0o010000
LOAD, EQUAL, BITS, RETURN = 0x20, 0x15, 0x45, 0x06  # of classic BPF
ALLOW, FAIL = 0x7fff0000, 0x00050000
NUMBER, ARGUMENTS = 0, 16

LACKS = {
    'tmpfile': [(OPEN, 1, BITS, TMPFILE, errno.EOPNOTSUPP),
                (OPENAT, 2, BITS, TMPFILE, errno.EOPNOTSUPP)],
    'link': [(LINK, None, None, None, errno.EPERM), (LINKAT, None, None, None, errno.EPERM)],
    'rename': [(RENAMEAT2, 4, BITS, 0xffffffff, errno.EINVAL)],
    'lock': [(FLOCK, None, None, None, errno.ENOLCK)],
    'fifo': [(MKNOD, 1, BITS, FIFO, errno.EPERM), (MKNODAT, 2, BITS, FIFO, errno.EPERM)],
}


def instruction(code, k, true=0, false=0):
    return struct.pack('HBBI', code, true, false, k & 0xffffffff)


def rule(call, argument, test, value, error):
    """If it is that call, and its argument passes the test, it fails."""
    failure = instruction(RETURN, FAIL | error)
    if argument is None:
        return instruction(LOAD, NUMBER) + instruction(EQUAL, call, 0, 1) + failure
    return (instruction(LOAD, NUMBER) + instruction(EQUAL, call, 0, 3) +
            instruction(LOAD, ARGUMENTS + 8 * argument) + instruction(test, value, 0, 1) + failure)


def main():
    rules = b''.join(rule(*r) for what in sys.argv[1].split(',') for r in LACKS[what])
    program = rules + instruction(RETURN, ALLOW)
    code = ctypes.create_string_buffer(program, len(program))
    filter_ = struct.pack('HxxxxxxQ', len(program) // 8, ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(38, 1, 0, 0, 0) == -1 or libc.prctl(22, 2, ctypes.c_char_p(filter_), 0, 0) == -1:
        sys.exit(77)
    os.execvp(sys.argv[2], sys.argv[2:])


main()
