#!/usr/bin/python3
"""A real file system, the power cut under load, and mounted again.

    power.py [-c CUTS] [-s SECONDS] ext4|xfs [forgetful]

The system works on a file system over a disk that notes what is written and flushed
(fuse_disk.py).  Then images are made as a cut at random moments may leave them: all that
was flushed, and any part of what was not.  Each is mounted, which replays its journal, the
system started, and the promises checked.  With forgetful the disk has lost the last flushes,
which the check must notice.  To be run as root in a mount namespace of its own.
"""
import getopt
import json
import os
import random
import shutil
import subprocess
import sys
import threading
import time

import fuse_disk
from trial import Home, Letter, scratch

MEGABYTES = {"ext4": 192, "xfs": 320}
LETTERS = 700  # so many fit, however fast the machine
MAKE = {"ext4": ["mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0"],
        "xfs": ["mkfs.xfs", "-q", "-f"]}
NOBODY, PAGE = 65534, 4096
INJECTORS = 4


def run(*argv):
    subprocess.run(argv, check=True, env=dict(os.environ, PATH="/usr/sbin:/sbin:/usr/bin:/bin"))


def as_nobody(action):
    """Do it in a child that is nobody.  Returns its exit code."""
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            code = action()
        except BaseException as e:
            print("%s: %s" % (type(e).__name__, e))
        finally:
            sys.stdout.flush()
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def letter(number):
    to = ["alice@example.test", "bob@example.test"][: 1 + number % 2]
    return Letter("0aaaaaaaaaapower%08d" % number, to, (3, 30, 300, 3000)[number % 4])


def load(path, seconds, notes):
    """Inject and deliver for so long; note when each letter was accepted."""
    home = Home(path)
    home.make()
    os.sync()
    home.serve()
    runner = home.start()
    promises, end = [], time.monotonic() + seconds
    numbers = iter(range(LETTERS))

    def inject():
        while time.monotonic() < end:
            n = next(numbers, None)
            if n is None:
                return
            if home.inject(letter(n)) == 0:
                promises.append((time.monotonic(), n))

    began = time.monotonic()
    threads = [threading.Thread(target=inject) for _ in range(INJECTORS)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    home.stop(runner)
    home.close()
    with open(notes, "w") as f:
        json.dump({"began": began, "letters": len(home.letters), "promises": promises}, f)
    return 0


def restart(path, known, promised):
    """Start the system on what the cut has left, and check."""
    home = Home(path)
    for n in range(known):
        one = letter(n)
        one.acknowledged = n in promised
        home.letters[one.id] = one
    wrong = home.check(settled=False)
    home.serve()
    if not home.settle(seconds=30):
        wrong.append("the queue does not become empty")
    home.close()
    wrong += home.check()
    for w in list(dict.fromkeys(wrong))[:10]:
        print("   ", w)
    return len(wrong) > 0


class Cuts:
    """Images of the disk after a cut, at later and later moments."""

    def __init__(self, base, notes, folder):
        self.notes, self.flushed = notes, os.path.join(folder, "flushed")
        self.image = os.path.join(folder, "image")
        self.copy(base, self.flushed)
        self.done = 0  # so many notes are in flushed

    def copy(self, a, b):
        run("cp", "--sparse=always", a, b)

    def write(self, path, pieces):
        with open(path, "r+b") as f:
            for offset, data in pieces:
                f.seek(offset)
                f.write(data)

    def make(self, at, chance, forgotten=0):
        """Before note at; what was not flushed got there by chance."""
        flushes = [i for i in range(self.done, at) if self.notes[i][1] == -1]
        if forgotten:
            flushes = flushes[:-forgotten]
        if flushes:
            last = flushes[-1]
            self.write(self.flushed, [n[1:] for n in self.notes[self.done : last] if n[1] != -1])
            self.done = last
        self.copy(self.flushed, self.image)
        if forgotten:
            return
        pieces = [
            (offset + i, data[i : i + PAGE]) for _, offset, data in self.notes[self.done : at]
            if offset != -1 for i in range(0, len(data), PAGE)]
        self.write(self.image, [p for p in pieces if random.random() < chance])


def main():
    options, arguments = getopt.getopt(sys.argv[1:], "c:s:")
    options = dict(options)
    cuts, seconds = int(options.get("-c", 10)), float(options.get("-s", 2))
    system, forgotten = arguments[0], 30 * ("forgetful" in arguments)
    random.seed(int(os.environ.get("CRASH_SEED", "1")))
    folder = scratch()
    os.chmod(folder, 0o711)
    base, disk, target = (os.path.join(folder, n) for n in ("base", "disk", "target"))
    for name in (disk, target):
        os.mkdir(name)
    with open(base, "wb") as f:
        f.truncate(MEGABYTES[system] << 20)
    run(*MAKE[system], base)
    run("mount", "-o", "loop", base, target)
    os.mkdir(os.path.join(target, "home"))
    os.chown(os.path.join(target, "home"), NOBODY, NOBODY)
    os.chown(target, NOBODY, NOBODY)
    run("umount", target)

    working, log = os.path.join(folder, "working"), os.path.join(folder, "log")
    run("cp", "--sparse=always", base, working)
    server = fuse_disk.mount(working, log, disk)
    home, told = os.path.join(target, "home"), os.path.join(target, "told")
    run("mount", "-o", "loop", os.path.join(disk, "disk"), target)
    try:
        code = as_nobody(lambda: load(home, seconds, told))
        with open(told) as f:
            told = json.load(f)
    finally:
        run("umount", target)
        run("umount", disk)
        os.waitpid(server, 0)
    notes = fuse_disk.notes(log)
    first = next(i for i, n in enumerate(notes) if n[0] >= told["began"])
    if forgotten:
        first += (len(notes) - first) // 2
    moments = sorted(random.randrange(first, len(notes)) for _ in range(cuts))
    made, broken = Cuts(base, notes, folder), 0
    for i, at in enumerate(moments):
        made.make(at, (0.5, 0, 1, 0.9, 0.1)[i % 5], forgotten)
        promised = {n for t, n in told["promises"] if t <= notes[at - 1][0]}
        run("mount", "-o", "loop", made.image, target)
        try:
            if as_nobody(lambda: restart(home, told["letters"], promised)) != 0:
                broken += 1
                print("after a cut at note %d of %d" % (at, len(notes)))
        finally:
            run("umount", target)
    print("%s: %d letters, %d accepted, %d writes and %d flushes, %d cuts, %d broken" % (
        system, told["letters"], len(told["promises"]), sum(n[1] != -1 for n in notes),
        sum(n[1] == -1 for n in notes), cuts, broken))
    sys.exit(broken > 0 or code != 0)


main()
