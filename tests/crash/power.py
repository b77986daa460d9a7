#!/usr/bin/python3
"""A real file system, the power cut under load, and mounted again.

    power.py [-c CUTS] [-s SECONDS] ext4|ext4-bare|xfs|btrfs [forgetful]

The system works on a file system over a disk that notes what is written and flushed
(fuse_disk.py): injectors, the queue's service, deliveries, and readers who take what has come.
Then images are made as a cut at random moments may leave them: all that
was flushed, and any part of what was not.  Each is mounted, which replays its journal, the
system started, and the promises checked.  Such an image is what the second life begins with,
which is cut again, mostly while it is still recovering.  With forgetful the disk has lost the last
flushes, which the check must notice.  To be run as root in a mount namespace of its own.
"""
import getopt
import json
import os
import random
import re
import subprocess
import sys
import threading
import time
import uuid

import fuse_disk
from traffic import Door, Readers, Story
from trial import Home, Letter, fresh_id, scratch

MEGABYTES = {"ext4": 192, "ext4-bare": 192, "xfs": 320, "btrfs": 256}
LETTERS = 700  # so many fit, however fast the machine
MAKE = {"ext4": ["mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0"],
        "ext4-bare": ["mkfs.ext4", "-q", "-F", "-O", "^has_journal", "-E", "lazy_itable_init=0"],
        "xfs": ["mkfs.xfs", "-q", "-f"],
        "btrfs": ["mkfs.btrfs", "-q", "-f", "--mixed"]}
BOOT_ID = "/proc/sys/kernel/random/boot_id"
NOBODY, PAGE = 65534, 4096
INJECTORS = 4
SIZES = (3, 30, 300, 3000)  # lines; the last is too long for the journal


# Without a journal both names of a file may go that is renamed, so what is not found is delivered again.
UNORDERED = re.compile(" times$| again, which he had removed$")


def run(*argv):
    subprocess.run(argv, check=True)


def unmount(folder):
    """What the programs of the life before have started may take a moment to end."""
    end = time.monotonic() + 30
    while subprocess.run(("umount", folder)).returncode != 0:
        if time.monotonic() > end:
            raise OSError("unable to unmount " + folder)
        time.sleep(0.1)


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
    return Letter(fresh_id("power", number), to, SIZES[number // 2 % len(SIZES)])


def load(path, seconds, notes, before, syncs):
    """Inject, deliver and read for so long; note when each letter was accepted, or taken."""
    home = Home(path)
    if before.letters == 0:
        home.make()
        os.sync()
    for n in range(before.letters):
        home.letters[letter(n).id] = letter(n)
    began = time.monotonic()
    home.serve()
    home.open_front()
    runner = home.start()
    readers = Readers(home, syncs)
    promises, end = [], time.monotonic() + seconds
    numbers = iter(range(before.letters, before.letters + LETTERS))
    known = [before.letters]

    def inject(by_hand):
        door = Door(home)
        give = door.give if by_hand else lambda one: home.inject(one) == 0
        while time.monotonic() < end:
            n = next(numbers, None)
            if n is None:
                return
            known[0] = max(known[0], n + 1)
            if give(letter(n)):
                promises.append((time.monotonic(), n))

    threads = [threading.Thread(target=inject, args=(i % 2,)) for i in range(INJECTORS)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    readers.end()
    home.stop(runner)
    home.close_front()
    home.close()
    with open(notes, "w") as f:
        json.dump({"began": began, "letters": known[0], "promises": promises,
                   "taken": readers.taken}, f)
    for w in readers.trouble[:10]:
        print("   ", w)
    return len(readers.trouble) > 0


def repair(image):
    """What has no journal is repaired before it is mounted, as a machine does that starts."""
    if subprocess.run(("e2fsck", "-fy", image), stdout=subprocess.DEVNULL,
                      stderr=subprocess.DEVNULL).returncode > 2:
        raise SystemExit("e2fsck fails")


def restart(path, story, unordered):
    """Start the system on what the cut has left, and check; unordered: without a journal."""
    home = Home(path)
    for n in range(story.letters):
        one = letter(n)
        one.acknowledged = n in story.promised
        home.letters[one.id] = one
    home.taken, home.touched = story.taken, story.touched
    wrong = home.check(settled=False)
    home.serve()
    home.open_front()
    if not home.settle(seconds=30):
        wrong.append("the queue does not become empty")
    home.close_front()
    home.close()
    wrong += home.check()
    if unordered:
        wrong = [w for w in wrong if not UNORDERED.search(w)]
    for w in list(dict.fromkeys(wrong))[:10]:
        print("   ", w)
    if wrong:
        print(home.logged())
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


class Place:
    """Where the images are mounted, and what it takes."""

    def __init__(self, system):
        self.folder, self.system = scratch(), system
        os.chmod(self.folder, 0o711)
        self.base, self.disk, self.target, self.working, self.log, self.boot = (
            os.path.join(self.folder, n)
            for n in ("base", "disk", "target", "working", "log", "boot"))
        os.mkdir(self.disk)
        os.mkdir(self.target)
        self.home = os.path.join(self.target, "home")
        self.told = os.path.join(self.target, "told")

    def make(self):
        with open(self.base, "wb") as f:
            f.truncate(MEGABYTES[self.system] << 20)
        run(*MAKE[self.system], self.base)
        run("mount", "-o", "loop", self.base, self.target)
        os.mkdir(self.home)
        os.chown(self.home, NOBODY, NOBODY)
        os.chown(self.target, NOBODY, NOBODY)
        unmount(self.target)

    def boots(self):
        """The machine has been started anew, for all that its programs can tell."""
        with open(self.boot, "w") as f:
            f.write("%s\n" % uuid.uuid4())
        run("mount", "--bind", self.boot, BOOT_ID)

    def live(self, image, seconds, before):
        """The system lives on that image, with a load.  What was told, and the disk's notes."""
        run("cp", "--sparse=always", image, self.working)
        server = fuse_disk.mount(self.working, self.log, self.disk)
        run("mount", "-o", "loop", os.path.join(self.disk, "disk"), self.target)
        self.boots()
        try:
            code = as_nobody(lambda: load(
                self.home, seconds, self.told, before, self.system != "btrfs"))
            with open(self.told) as f:
                told = json.load(f)
        finally:
            unmount(BOOT_ID)
            unmount(self.target)
            unmount(self.disk)
            os.waitpid(server, 0)
        return told, fuse_disk.notes(self.log), code

    def is_broken(self, image, story):
        bare = self.system == "ext4-bare"
        if bare:
            repair(image)
        run("mount", "-o", "loop", image, self.target)
        self.boots()
        try:
            return as_nobody(lambda: restart(self.home, story, bare)) != 0
        finally:
            unmount(BOOT_ID)
            unmount(self.target)


def cut(place, base, before, told, notes, moments, forgotten=0):
    """Cut the life of which was told at these moments.  How many are broken, and the last image's story."""
    made, broken, story = Cuts(base, notes, place.folder), 0, before
    for i, at in enumerate(moments):
        made.make(at, (0.5, 0, 1, 0.9, 0.1)[i % 5], forgotten)
        story = before.until(told, notes[at - 1][0])
        if place.is_broken(made.image, story):
            broken += 1
            print("after a cut at note %d of %d" % (at, len(notes)))
    return broken


def main():
    options, arguments = getopt.getopt(sys.argv[1:], "c:s:")
    options = dict(options)
    cuts, seconds = int(options.get("-c", 10)), float(options.get("-s", 1.5))
    system, forgotten = arguments[0], 30 * ("forgetful" in arguments)
    random.seed(int(os.environ.get("CRASH_SEED", "1")))
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    place = Place(system)
    place.make()
    told, notes, code = place.live(place.base, seconds, Story())
    first = next(i for i, n in enumerate(notes) if n[0] >= told["began"])
    if forgotten:
        first += (len(notes) - first) // 2
    again = 0 if forgotten or system == "ext4-bare" else cuts // 3
    moments = sorted(random.randrange(first, len(notes)) for _ in range(cuts - again))
    broken = cut(place, place.base, Story(), told, notes, moments, forgotten)
    sums = [told["letters"], len(told["promises"]), len(told["taken"]), len(notes)]
    if again:
        # the second life begins where a cut has ended the first
        at = random.randrange((first + len(notes)) // 2, len(notes))
        made, begin = Cuts(place.base, notes, place.folder), os.path.join(place.folder, "begin")
        made.make(at, 0.5)
        os.rename(made.image, begin)
        story = Story().until(told, notes[at - 1][0])
        told, notes, failed = place.live(begin, seconds / 3, story)
        ready = next((i for i, n in enumerate(notes) if n[0] >= told["began"] + 0.2), len(notes) - 1)
        moments = sorted(random.randrange(1, ready if i % 3 else len(notes)) for i in range(again))
        broken += cut(place, begin, story, told, notes, moments)
        code = code or failed
        sums = [a + b for a, b in zip(sums, [
            told["letters"] - story.letters, len(told["promises"]), len(told["taken"]), len(notes)])]
    print("%s: %d letters, %d accepted, %d taken, %d writes and flushes, %d cuts, %d broken" % (
        system, *sums, cuts, broken))
    sys.exit(broken > 0 or code != 0)


main()
