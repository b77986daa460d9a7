#!/usr/bin/python3
"""A load of messages while processes of the system are killed at random.

kill_load.py PORT SVSCAN-PID MESSAGES MAILDIR SEED: sends MESSAGES messages, each with a token of
its own, from eight clients; kills -9 a random descendant of s6-svscan (but s6-supervise)
every few hundredths of a second, as long as messages still get through; waits until mail stops arriving.  Every
token that got its 250 must then be in MAILDIR exactly once, and no other one twice.
"""
import collections
import itertools
import os
import random
import re
import signal
import smtplib
import sys
import threading
import time

PORT, SVSCAN, MESSAGES = (int(a) for a in sys.argv[1:4])
MAILDIR, SEED = sys.argv[4], int(sys.argv[5])
CLIENTS = 8
MESSAGES_PER_KILL = 5  # no more, that a fast system too is killed often enough
SECONDS = 200  # for one message to get its 250
PATIENCE = 0.3  # seconds without a 250 after which the next is killed all the same

acknowledged = set()
sent = set()
lock = threading.Lock()
todo = iter(range(MESSAGES))
finished = threading.Event()
kills = collections.Counter()


def send_one(number):
    """Send until a 250 comes, under a new token each time, for an old one may have arrived."""
    until = time.time() + SECONDS
    for attempt in itertools.takewhile(lambda _: time.time() < until, itertools.count()):
        token = "token-%d-%d-" % (number, attempt)
        with lock:
            sent.add(token)
        try:
            with smtplib.SMTP("127.0.0.1", PORT, timeout=20) as s:
                s.sendmail("load@client.test", ["alice@example.test"],
                           "Subject: %s\n\n%s\n" % (token, "x" * 2000))
                with lock:
                    acknowledged.add(token)
                return
        except (OSError, smtplib.SMTPException):
            if token in acknowledged:
                return  # the 250 came, only QUIT failed
            time.sleep(0.05)
    raise SystemExit("no 250 in %d seconds" % SECONDS)


def client():
    while True:
        with lock:
            number = next(todo, None)
        if number is None:
            return
        while number > sum(kills.values()) * MESSAGES_PER_KILL + CLIENTS:
            time.sleep(0.005)
        send_one(number)


def descendants():
    children = collections.defaultdict(list)
    names = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/stat" % pid) as f:
                stat = f.read()
        except OSError:
            continue
        names[int(pid)] = stat[stat.index("(") + 1:stat.rindex(")")]
        children[int(stat[stat.rindex(")") + 2:].split()[1])].append(int(pid))
    found, queue = [], [SVSCAN]
    while queue:
        for pid in children[queue.pop()]:
            queue.append(pid)
            if names[pid] not in ("s6-supervise", "s6-svscan"):
                found.append((pid, names[pid]))
    return found


def killer():
    chance = random.Random(SEED)
    while not finished.is_set():
        victims = descendants()
        if victims:
            # by name first, so that the few long-lived ones have their turn
            name = chance.choice(sorted({n for _, n in victims}))
            pid = chance.choice([p for p, n in victims if n == name])
            try:
                os.kill(pid, signal.SIGKILL)
                kills[name] += 1
            except ProcessLookupError:
                pass
        # on a slow machine nothing would live long enough to do its work
        before, until = len(acknowledged), time.time() + PATIENCE
        time.sleep(chance.uniform(0.01, 0.08))
        while len(acknowledged) == before and time.time() < until and not finished.is_set():
            time.sleep(0.01)


def tokens():
    found = collections.Counter()
    for folder in ("new", "cur"):
        path = os.path.join(MAILDIR, folder)
        for name in os.listdir(path) if os.path.isdir(path) else ():
            with open(os.path.join(path, name)) as f:
                found.update(re.findall(r"^Subject: (token-\d+-\d+-)$", f.read(), re.M))
    return found


def main():
    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    murder = threading.Thread(target=killer)
    for t in threads:
        t.start()
    murder.start()
    for t in threads:
        t.join()
    finished.set()
    murder.join()
    until = time.time() + 60
    while time.time() < until and not acknowledged <= tokens().keys():
        time.sleep(0.3)
    time.sleep(2)  # a second copy would come now
    found = tokens()
    lost = sorted(acknowledged - found.keys())
    twice = sorted(t for t, n in found.items() if n > 1)
    strange = sorted(found.keys() - sent)
    print("acknowledged %d, lost %d, twice %d, strange %d" %
          (len(acknowledged), len(lost), len(twice), len(strange)))
    print("kills:", sum(kills.values()), dict(kills), file=sys.stderr)
    for t in (lost + twice + strange)[:10]:
        print(t, file=sys.stderr)


main()
