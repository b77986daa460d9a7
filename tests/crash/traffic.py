"""Who is at work while the power is cut: injectors and readers, and what they remember.

Their memory is outside of what the cut takes.  Each thing that they were promised or did has
the moment from which on it must be so; what they were about to do, the moment when they began.
"""
import os
import re
import socket
import threading
import time

from talk import dialogue
from trial import PATIENCE, netstring, netstring_take

ALICE, BOB = "alice@example.test", "bob@example.test"
MAIL = "mail/example.test"
BATCH = 12  # messages that a reader takes in one session
WORK = 0.002  # seconds between two looks


class Door:
    """A client of run/queue.sock, which keeps its connection."""

    def __init__(self, home):
        self.path = os.path.join(home.path, "run/queue.sock")
        self.socket = None

    def connect(self):
        if not self.socket:
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.settimeout(PATIENCE)
            self.socket.connect(self.path)

    def begin(self, id, text):
        """Give a message that is not whole, and leave."""
        try:
            self.connect()
            self.socket.sendall(netstring(b"M" + id.encode()) + netstring(text) + netstring(text)[:-1])
        except OSError:
            pass
        self.close()

    def give(self, letter):
        """Give the letter.  Returns 1 when it was taken."""
        try:
            self.connect()
            self.socket.sendall(
                netstring(b"M" + letter.id.encode()) + netstring(letter.text) + netstring(b"")
                + netstring(letter.envelope()))
            data = b""
            while not netstring_take(data):
                part = self.socket.recv(4096)
                if not part:
                    raise OSError("closed")
                data += part
            return netstring_take(data)[0] == b"K" + letter.id.encode()
        except OSError:
            self.close()
            return False

    def close(self):
        if self.socket:
            self.socket.close()
            self.socket = None


def sync(folder):
    fd = os.open(folder, os.O_RDONLY)
    os.fsync(fd)
    os.close(fd)


class Readers:
    """Alice fetches and removes by POP3, Bob moves files by hand, until end().

    taken: [(began, done or None, id, address)] of what was removed; trouble: what was wrong.
    """

    def __init__(self, home, syncs):
        self.home, self.taken, self.trouble = home, [], []
        self.syncs = syncs  # Bob syncs the folders between which he moves
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self.work, args=(act,))
                        for act in (self.pop3, self.by_hand)]
        for t in self.threads:
            t.start()

    def work(self, act):
        while not self.over.is_set():
            try:
                if not act():
                    time.sleep(WORK)
            except OSError as e:
                if not isinstance(e, FileNotFoundError):
                    self.trouble.append("a reader fails: %s" % e)
                time.sleep(WORK)

    def end(self):
        self.over.set()
        for t in self.threads:
            t.join()

    def pop3(self):
        maildir = os.path.join(MAIL, "alice/Maildir")
        if not os.listdir(os.path.join(self.home.path, maildir, "new")):
            return False
        began = time.monotonic()
        asked = ["%s %d" % (verb, n) for n in range(1, BATCH + 1) for verb in ("RETR", "DELE")]
        said, code = dialogue(self.home, ["pop3-serve", maildir], asked + ["QUIT"])
        lines, got = iter(said[1:]), []
        for verb, line in zip(asked, lines):
            if line.startswith("+OK") and verb.startswith("RETR"):
                got.append(re.search("^Subject: (.*)$", "\n".join(iter(lines.__next__, ".")), re.M)[1])
        farewell = next(lines, "")
        done = time.monotonic() if code == 0 and farewell.startswith("+OK") else None
        before = {t[2] for t in self.taken if t[1] is not None}
        for id in got:
            if id in before or got.count(id) > 1:
                self.trouble.append("%s has got %s twice" % (ALICE, id))
            self.taken.append((began, done, id, ALICE))
        return True

    def by_hand(self):
        new = os.path.join(self.home.path, MAIL, "bob/Maildir/new")
        saved = os.path.join(self.home.path, MAIL, "bob/saved")
        names = os.listdir(new)
        os.makedirs(saved, exist_ok=True)
        for i, name in enumerate(names[:BATCH]):
            to = os.path.join(saved, name)
            if i % 3 == 2:  # seen, and left where its mailbox has it
                to = os.path.join(new, "../cur", name + ":2,S")
            if os.path.exists(to):
                self.trouble.append("%s has got %s twice" % (BOB, name))
            os.rename(os.path.join(new, name), to)
        if self.syncs:
            for folder in saved, os.path.join(new, "../cur"), new:
                sync(folder)
        return names


class Story:
    """What was promised and done up to some moment, over several lives of the system."""

    def __init__(self):
        self.letters, self.promised = 0, set()
        self.taken, self.touched = set(), set()

    def until(self, told, moment):
        """This one, and what was told of the life that ended at that moment."""
        s = Story()
        s.letters = max(self.letters, told["letters"])
        s.promised = self.promised | {n for t, n in told["promises"] if t <= moment}
        s.taken, s.touched = set(self.taken), set(self.touched)
        for began, done, id, address in told["taken"]:
            if done is not None and done <= moment:
                s.taken.add((id, address))
            elif began <= moment:
                s.touched.add((id, address))
        return s
