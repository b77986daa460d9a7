#!/usr/bin/python3
"""Every state of the files that POSIX allows after a crash, and a restart on each.

    states.py [-1c] [-n TREES] [-p POINTS] [-s SECONDS] accept|deliver|many|report|late|journal|maildir [BREAK]

Records a run of the real programs, builds the trees that a crash at each point may leave
(what was not synced is there or not, in part or as zeros), starts the system on each and
checks the promises.  Without -n all trees are tried.  With it so many, and more until SECONDS
have gone by: in turn one of each crash point, so that none is left out whatever the clock says;
with -p one of so many crash points, which are spread over all.
-c: in the current folder, not in memory, for its file system is synced in another way.
-1: the first broken promise is enough.  BREAK is what to leave out of the record, to show
that it would be noticed: no-directory-sync, no-file-sync, named-first, no-common-sync, no-record-sync,
no-common-flush.
Prints what was tried; exit 1 when a promise was broken.
"""
import getopt
import hashlib
import itertools
import os
import random
import re
import shutil
import subprocess
import sys
import time

import trace
from traffic import Door
from trial import Home, Letter, fresh_id, scratch

MAILDIR = "mail/example.test/alice/Maildir"
SUBSETS_MAX = 7  # so many un-synced names are combined in every way
STALE_ROUNDS = 10  # a sample that has found nothing new for so long has all


class Inode:
    def __init__(self, kind, born, content=b""):
        self.kind, self.born = kind, born
        self.base = content
        self.writes = []  # (time, offset, bytes) or (time, length, None)
        self.size = len(content)
        self.flushed = -1.0  # what was written before this is there as soon as the inode says so


class Model:
    """A tree and what happens to it."""

    def __init__(self, root):
        self.root = root
        self.inodes = {0: Inode("dir", -1)}
        self.names = {}  # (directory, name): inode, as the programs see it
        self.initial = {}
        self.changes = []  # of names: (time, {directories}, [(directory, name, inode or None)])
        self.synced = {}  # directory: time
        self.nameless = {}
        self.load(root, 0)
        self.initial = dict(self.names)

    def load(self, path, directory):
        for name in sorted(os.listdir(path)):
            full = os.path.join(path, name)
            if os.path.isdir(full):
                self.names[directory, name] = n = self.make("dir", -1)
                self.load(full, n)
            elif os.path.isfile(full):
                with open(full, "rb") as f:
                    self.names[directory, name] = self.make("file", -1, f.read())

    def make(self, kind, time, content=b""):
        n = len(self.inodes)
        self.inodes[n] = Inode(kind, time, content)
        return n

    def split(self, path):
        """The directory and the name of a path, or None outside the tree."""
        if not path.startswith(self.root + "/"):
            return None
        directory = 0
        *folders, name = path[len(self.root) + 1 :].split("/")
        for folder in folders:
            directory = self.names.get((directory, folder))
            if directory is None:
                return None
        return directory, name

    def find(self, path):
        if path is None:
            return None
        if path in self.nameless:
            return self.nameless[path]
        if path == self.root:
            return 0
        place = self.split(path)
        return self.names.get(place) if place else None

    def change(self, time, *entries):
        for directory, name, inode in entries:
            if inode is None:
                self.names.pop((directory, name), None)
            else:
                self.names[directory, name] = inode
        self.changes.append((time, {e[0] for e in entries}, entries))

    def apply(self, time, kind, *rest):
        getattr(self, "do_" + kind)(time, *rest)

    def do_exit(self, time, code, linked):
        pass

    def do_say(self, time, data):
        pass

    def do_nameless(self, time, path):
        if path.startswith(self.root):
            self.nameless[path] = self.make("file", time)

    def do_create(self, time, path):
        place = self.split(path)
        if place and place not in self.names:
            self.change(time, place + (self.make("file", time),))

    def do_append(self, time, path, data):
        inode = self.inodes.get(self.find(path))
        if inode and inode.kind == "file" and data:
            inode.writes.append((time, inode.size, data))
            inode.size += len(data)

    def do_write(self, time, path, data, offset):
        inode = self.inodes.get(self.find(path))
        if inode:
            inode.writes.append((time, offset, data))
            inode.size = max(inode.size, offset + len(data))

    def do_truncate(self, time, path, length):
        inode = self.inodes.get(self.find(path))
        if inode and inode.size != length:
            inode.writes.append((time, length, None))
            inode.size = length

    def do_sync(self, time, path, start):
        n = self.find(path)
        if n is None:
            return
        if self.inodes[n].kind == "dir":
            self.synced.setdefault(n, []).append((time, start))
        else:
            self.inodes[n].writes.append((time, start, "sync"))

    def do_syncall(self, time, start):
        for n, inode in list(self.inodes.items()):
            if inode.kind == "dir":
                self.synced.setdefault(n, []).append((time, start))
            else:
                inode.writes.append((time, start, "sync"))

    def do_flush(self, time, path, start):
        inode = self.inodes.get(self.find(path))
        if inode:
            inode.flushed = start

    def do_commit(self, time, start):
        """The inodes and names of before start are on the disk, and what was flushed of the files."""
        for n, inode in list(self.inodes.items()):
            if inode.kind == "dir":
                self.synced.setdefault(n, []).append((time, start))
            elif inode.flushed >= 0:
                inode.writes.append((time, min(start, inode.flushed), "sync"))

    def do_link(self, time, old, new):
        n, place = self.find(old), self.split(new)
        if n is not None and place:
            self.change(time, place + (n,))

    def do_rename(self, time, old, new):
        n, source, target = self.find(old), self.split(old), self.split(new)
        if n is not None and source and target:
            self.change(time, source + (None,), target + (n,))

    def do_unlink(self, time, path):
        place = self.split(path)
        if place and place in self.names:
            self.change(time, place + (None,))

    do_rmdir = do_unlink

    def do_mkdir(self, time, path):
        place = self.split(path)
        if place:
            self.change(time, place + (self.make("dir", time),))

    # After a crash

    def pending_names(self, crash):
        """The changes of names at the time of the crash: those on the disk, those perhaps."""
        sure, perhaps = [], []
        for change in self.changes:
            if change[0] > crash:
                continue
            safe = any(
                end <= crash and start >= change[0]
                for directory in change[1] for end, start in self.synced.get(directory, ()))
            (sure if safe else perhaps).append(change)
        return sure, perhaps

    def names_after(self, sure, chosen):
        names = dict(self.initial)
        for _, _, entries in sorted(sure + list(chosen), key=lambda c: c[0]):
            for directory, name, inode in entries:
                if inode is not None:
                    names[directory, name] = inode
                elif self.can_remove(names, names.get((directory, name))):
                    names.pop((directory, name), None)
        return names

    def can_remove(self, names, inode):
        """No file system forgets a directory that still holds a name on the disk."""
        return inode is None or not any(d == inode for d, _ in names)

    def contents(self, n, crash):
        """What the file may hold after the crash, the likeliest first."""
        inode = self.inodes[n]
        writes = [w for w in inode.writes if w[0] <= crash]
        synced = max([w[1] for w in writes if w[2] == "sync"], default=-1.0)
        writes = [w for w in writes if w[2] != "sync"]
        sure = [w for w in writes if w[0] <= synced]
        perhaps = [w for w in writes if w[0] > synced]
        yield self.write(inode, sure + perhaps)
        if not perhaps:
            return
        yield self.write(inode, sure)
        whole = self.write(inode, sure + perhaps)
        done = len(self.write(inode, sure))
        if len(whole) > done:
            yield whole[: (done + len(whole)) // 2]
            yield whole[:-1]
            yield whole[:done] + bytes(len(whole) - done)
        for i, (at, offset, part) in enumerate(perhaps):
            # one into what was there before, as a journal's, may be there in part
            if part and offset + len(part) <= done:
                yield self.write(inode, sure + perhaps[:i] + [(at, offset, part[: len(part) // 2])])
        for skipped in range(len(perhaps) if len(perhaps) > 1 else 0):
            yield self.write(inode, sure + perhaps[:skipped] + perhaps[skipped + 1 :])

    def write(self, inode, writes):
        data = bytearray(inode.base)
        for _, offset, part in writes:
            if part is None:
                del data[offset:]
                data.extend(bytes(offset - len(data)))
            else:
                data.extend(bytes(max(0, offset - len(data))))
                data[offset : offset + len(part)] = part
        return bytes(data)

    def tree(self, names, contents):
        """{path: bytes, or None for a directory}, of what can be reached."""
        children, tree = {}, {}
        for (directory, name), inode in names.items():
            children.setdefault(directory, []).append((name, inode))

        def walk(directory, path):
            for name, inode in children.get(directory, ()):
                full = path + name
                if self.inodes[inode].kind == "dir":
                    tree[full] = None
                    walk(inode, full + "/")
                else:
                    tree[full] = contents.get(inode, b"")

        walk(0, "")
        return tree

    def subsets(self, perhaps):
        if len(perhaps) <= SUBSETS_MAX:
            for n in range(len(perhaps) + 1):
                yield from itertools.combinations(perhaps, n)
            return
        for i in range(len(perhaps) + 1):
            yield tuple(perhaps[:i])
        for i in range(len(perhaps)):
            yield tuple(perhaps[:i] + perhaps[i + 1 :])
            yield (perhaps[i],)

    def variants(self, names, crash):
        """{file: what it holds}, in the ways that a crash may leave them."""
        files = sorted({n for n in names.values() if self.inodes[n].kind == "file"})
        variants = {n: list(dict.fromkeys(self.contents(n, crash))) for n in files}
        usual = {n: v[0] for n, v in variants.items()}
        yield usual
        for n in files:
            for other in variants[n][1:]:
                yield {**usual, n: other}
        yield {n: v[1 if len(v) > 1 else 0] for n, v in variants.items()}

    def states(self, crash):
        """The trees that a crash at that time may leave."""
        sure, perhaps = self.pending_names(crash)
        for chosen in self.subsets(perhaps):
            names = self.names_after(sure, chosen)
            for contents in self.variants(names, crash):
                yield self.tree(names, contents)

    def some_state(self, crash, dice):
        """One of them."""
        sure, perhaps = self.pending_names(crash)
        names = self.names_after(sure, dice.choice(list(self.subsets(perhaps))))
        return self.tree(names, dice.choice(list(self.variants(names, crash))))


# What is recorded


def accept(home, record):
    """Letters are accepted, nobody delivers them yet."""
    home.wrap["queue-inject"] = record("inject")
    home.inject(Letter("0aaaaaaaaaaccept00000001", ["alice@example.test"]))
    home.inject(Letter("0aaaaaaaaaaccept00000002", ["alice@example.test", "bob@example.test"], 5000))


def deliver(home, record):
    """A journey: to one, to two, here and there with a delay, and to nobody."""
    for program in ("queue-inject", "queue-run", "local-deliver"):
        home.wrap[program] = record(program)
    home.remote_busy = 1
    home.serve()
    home.inject(Letter("0aaaaaaaaadeliver0000001", ["alice@example.test"]))
    runner = home.start()
    home.settle(runner)
    home.inject(Letter("0aaaaaaaaadeliver0000002", ["alice@example.test", "carol@example.test"]))
    home.inject(Letter("0aaaaaaaaadeliver0000003", ["alice@example.test", "far@world.test"]))
    home.inject(Letter("0aaaaaaaaadeliver0000004", ["alice@example.test", "nobody@example.test"]))
    home.settle(runner)
    home.stop(runner)
    home.close()


CROWD = tuple("user%d" % n for n in range(10))


def many(home, record):
    """A journey to so many mailboxes that they share their syncs."""
    for program in ("queue-inject", "queue-run", "local-deliver"):
        home.wrap[program] = record(program)
    home.serve()
    home.inject(Letter("0aaaaaaaaaaaamany0000001", [u + "@example.test" for u in CROWD]))
    runner = home.start()
    home.settle(runner)
    home.stop(runner)
    home.close()


def report(home, record):
    """A journey of letters whose sender asked to hear of them."""
    for program in ("queue-inject", "queue-run", "local-deliver"):
        home.wrap[program] = record(program)
    home.remote_busy = 1
    home.serve()
    for n, recipients in enumerate((
            ["alice@example.test"], ["alice@example.test", "nobody@example.test"],
            ["alice@example.test", "far@world.test"])):
        home.inject(Letter("0aaaaaaaaaareport%07d" % (n + 1), recipients, success=True))
    runner = home.start()
    home.settle(runner)
    home.stop(runner)
    home.close()


def late(home, record):
    """A letter that is late: its sender is told so, once."""
    for program in ("queue-inject", "queue-run", "local-deliver"):
        home.wrap[program] = record(program)
    home.remote_busy = 2
    home.serve()
    home.inject(Letter("0aaaaaaaaaaaalate0000001", ["far@world.test"]))
    runner = home.start()
    home.settle(runner)
    home.stop(runner)
    home.close()


def journal(home, record):
    """A journey through the queue's service: most never become files, and a reader takes his."""
    for program in ("queue-serve", "queue-run", "local-deliver"):
        home.wrap[program] = record(program)
    home.remote_busy = 1
    home.serve()
    home.open_front()
    runner, door = home.start(), Door(home)

    def give(number, *recipients, lines=3):
        letter = home.letters[fresh_id("journal", number)] = Letter(
            fresh_id("journal", number), [r for r in recipients], lines)
        door.give(letter)

    give(1, "alice@example.test")
    home.settle(runner)
    home.taken_at = [take_away(home, record("reader"))]
    give(2, "alice@example.test", "carol@example.test", lines=30)
    give(3, "alice@example.test", "far@world.test")
    give(4, "alice@example.test", "nobody@example.test")
    home.settle(runner)
    home.stop(runner)
    home.close_front()
    home.front = None
    home.close()


def take_away(home, tracer):
    """Alice removes what she has, durably.  (began, done, id, address) of that."""
    new = os.path.join(home.path, MAILDIR, "new")
    (name,) = os.listdir(new)
    with open(os.path.join(new, name), "rb") as f:
        id = home.whose(f.read(), "alice@example.test")
    began = time.time()
    subprocess.run(tracer + ["rm", os.path.join(new, name)], check=True)
    subprocess.run(tracer + ["sync", new], check=True)
    return began, time.time(), id, "alice@example.test"


def maildir(home, record):
    """maildir-write alone, into a maildir with a quota."""
    home.wrap["maildir-write"] = record("maildir-write")
    for id, lines in (("0aaaaaaaaamaildir0000001", 3), ("0aaaaaaaaamaildir0000002", 5000)):
        letter = home.letters[id] = Letter(id, ["alice@example.test"], lines)
        home.run(
            ["maildir-write", "-q", "1000000", "-s", letter.sender, "-r",
             letter.recipients[0], MAILDIR], letter.text, {"QUEUEID": id})


def snapshot(home):
    """The tree that the programs were left in front of, as the model sees it."""
    tree = {}
    for path, folders, names in os.walk(home.path):
        for name in folders:
            tree[os.path.relpath(os.path.join(path, name), home.path)] = None
        for name in names:
            full = os.path.join(path, name)
            if os.path.isfile(full):
                with open(full, "rb") as f:
                    tree[os.path.relpath(full, home.path)] = f.read()
    return tree


def broken(operations, how, root):
    """The record without what BREAK says."""
    result, held = [], {}
    for o in operations:
        is_sync = o[1] == "sync" and o[2].startswith(root)
        is_folder = is_sync and os.path.basename(o[2]) in ("new", "later")
        if how == "no-directory-sync" and is_folder:
            continue
        if how == "no-common-sync" and o[1] in ("syncall", "commit"):
            continue
        if how == "no-common-flush" and o[1] == "flush":
            continue
        if how == "no-record-sync" and is_sync and re.search("/queue/journal/[0-9][0-9]$", o[2]):
            continue
        if how == "no-file-sync" and is_sync and not is_folder:
            continue
        if how == "named-first" and is_sync and not is_folder:
            held[o[2]] = o
            continue
        if o[1] == "link" and o[2] in held:
            # the file is synced, but only after it has got its name
            earlier = held.pop(o[2])
            result.append((earlier[0],) + o[1:])
            result.append((o[0], "sync", o[2], earlier[0]))
            continue
        result.append(o)
    return result


class Trials:
    def __init__(self, home, model, promises, remote, has_front):
        self.home, self.model = home, model
        self.promises, self.remote = promises, remote
        self.has_front = has_front  # the queue has its service
        self.seen = set()
        self.been_round = False  # each crash point has been tried
        self.failures = 0
        self.tried = 0

    def put(self, tree):
        """Make the home's files that tree."""
        for folder in ("queue", "mail"):
            shutil.rmtree(os.path.join(self.home.path, folder), ignore_errors=True)
        for path in sorted(tree):
            if path.split("/")[0] not in ("queue", "mail"):
                continue
            full = os.path.join(self.home.path, path)
            if tree[path] is None:
                os.makedirs(full, exist_ok=True)
            else:
                with open(full, "wb") as f:
                    f.write(tree[path])
        os.mkfifo(os.path.join(self.home.path, "queue/trigger"), 0o620)

    def digest(self, tree, acknowledged):
        h = hashlib.sha256(repr(acknowledged).encode())
        for path in sorted(tree):
            if path.startswith(("queue", "mail")):
                h.update(repr((path, tree[path])).encode())
        return h.digest()

    def new(self, crash, tree):
        """(crash, tree, ids promised, remote deliveries), or None for a tree that was there."""
        promised = frozenset(id for t, id in self.promises if t <= crash)
        sent = [r for t, r in self.remote if t <= crash]
        removals = [(began <= crash, done <= crash) for began, done, _, _ in self.home.taken_at]
        key = self.digest(tree, sorted(promised) + [str(len(sent)), repr(removals)])
        if key in self.seen:
            return None
        self.seen.add(key)
        return crash, tree, promised, sent

    def all(self, crashes):
        for crash in crashes:
            for tree in self.model.states(crash):
                yield self.new(crash, tree)

    def sample(self, crashes, least, seconds):
        """One of each crash point, in turn, until there are enough and the time is over."""
        end = time.monotonic() + seconds
        dice = random.Random(int(os.environ.get("CRASH_SEED", "1")))
        stale = 0
        while stale < STALE_ROUNDS:
            before = len(self.seen)
            for i, crash in enumerate(crashes):
                if self.been_round and len(self.seen) >= least and time.monotonic() > end:
                    return
                yield self.new(crash, self.model.some_state(crash, dice))
            self.been_round = True
            stale = stale + 1 if len(self.seen) == before else 0

    def trial(self, crash, tree, promised, sent, restart):
        home = self.home
        self.put(tree)
        home.remote = list(sent)
        for letter in home.letters.values():
            letter.acknowledged = letter.id in promised
        home.taken = {(id, to) for _, done, id, to in home.taken_at if done <= crash}
        home.touched = {(id, to) for began, _, id, to in home.taken_at if began <= crash}
        at = home.log.seek(0, 2)
        wrong = home.check(settled=False)
        if restart:
            if self.has_front and not home.open_front():
                wrong.append("queue-serve does not start")
            if not home.settle(seconds=10, hurry=self.has_front):
                wrong.append("the queue does not become empty")
            home.close_front()
            wrong += home.check()
            home.front = None
        else:
            wrong += ["lost " + w for w in home.check_settled(counts(home))]
        self.tried += 1
        if wrong:
            self.failures += 1
            if self.failures <= 3:
                print("after a crash at %.6f:" % crash)
                for w in dict.fromkeys(wrong):
                    print("   ", w)
                for path in sorted(tree):
                    if path.startswith(("queue", "mail")) and tree[path] is not None:
                        print("    %6d %s" % (len(tree[path]), path))
                home.log.seek(at)
                print(home.log.read().decode("utf-8", "replace"))


def counts(home):
    found = {}
    for user in home.USERS:
        for text in home.delivered(user).values():
            for event in home.events(text, user + "@example.test"):
                key = event, user + "@example.test"
                found[key] = found.get(key, 0) + 1
    return found


def record(scenario, folder):
    """Run the scenario.  Returns the home, the model with nothing done, the operations."""
    home = Home(os.path.join(folder, "home"))
    if scenario is many:
        home.USERS = CROWD
    home.make()
    remote, prefixes = [], []
    take_job = home.take_job

    def noted_job(envelope, fd):
        before = len(home.remote)
        answer = take_job(envelope, fd)
        remote.extend((time.time(), r) for r in home.remote[before:])
        return answer

    home.take_job = noted_job

    def recorder(name):
        prefix = os.path.join(folder, "trace." + name)
        prefixes.append(prefix)
        return trace.wrap(prefix)

    if scenario is maildir:
        for name in ("tmp", "new", "cur"):
            os.makedirs(os.path.join(home.path, MAILDIR, name))
    if scenario is report:
        # of two maildirsize files made at once it is not recorded which is left
        home.control("concurrencylocal", "1")
    if scenario is late:
        home.control("delaywarning", "1")
    home.taken_at = []
    if scenario is journal:
        # a segment is there, filled
        home.open_front()
        home.close_front()
        home.front = None
    model = Model(home.path)
    scenario(home, recorder)
    time.sleep(0.3)  # for the tracers, which end after the programs
    operations = sorted(
        (o for p in prefixes for o in trace.read(p, home.path)), key=lambda o: o[0])
    home.take_job, home.wrap = take_job, {}
    return home, model, operations, remote


def promise_times(home, operations):
    """[(time, id)]: when a program that had named a letter's file said 0, or the service K."""
    return [
        (o[0], id) for o in operations if o[1] == "exit" and o[2] == 0
        for path in o[3] for id in home.letters if id in path] + [
        (o[0], id) for o in operations if o[1] == "say"
        for id in home.letters if b":K" + id.encode() in o[2]]


def main():
    options, arguments = getopt.getopt(sys.argv[1:], "1cn:p:s:")
    options = dict(options)
    least = int(options.get("-n", 0))
    scenarios = {
        "accept": accept, "deliver": deliver, "many": many, "report": report,
        "late": late, "journal": journal, "maildir": maildir}
    scenario = scenarios[arguments[0]]
    home, model, operations, remote = record(scenario, scratch("-c" not in options))
    promises = promise_times(home, operations)
    if len(arguments) > 1:
        whole = len(operations)
        operations = broken(operations, arguments[1], home.path)
        if arguments[1] == "no-common-flush" and len(operations) == whole:
            raise SystemExit("this file system is synced in another way")
    for operation in operations:
        model.apply(*operation)

    # the model must have understood what happened
    usual = model.tree(model.names, {
        n: next(model.contents(n, float("inf"))) for n in set(model.names.values())
        if model.inodes[n].kind == "file"})
    real = snapshot(home)
    differing = sorted(
        p for p in set(usual) | set(real)
        if usual.get(p, 0) != real.get(p, 0) and not p.startswith("run"))
    if differing:
        raise SystemExit("the record does not explain " + ", ".join(differing[:5]))

    home.serve()
    trials = Trials(home, model, promises, remote, scenario is journal)
    crashes = sorted({0.0} | {o[0] for o in operations} | {t for t, _ in promises})
    points = int(options.get("-p", len(crashes)))
    if least:
        crashes = crashes[:: max(1, len(crashes) // points)]
        states = trials.sample(crashes, least, float(options.get("-s", 0)))
    else:
        states = trials.all(crashes)
    for state in filter(None, states):
        trials.trial(*state, scenario is not maildir)
        if trials.failures and "-1" in options:
            break
    home.close()
    print("%d calls, %d crash points, %d %s tried, %d broken"
          % (len(operations), len(crashes), trials.tried,
             "states of them" if least else "states, all", trials.failures))
    sys.exit(trials.failures > 0)


main()
