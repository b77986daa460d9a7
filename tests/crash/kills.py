#!/usr/bin/python3
"""Everything of the queue killed at a time, again and again, under load, with readers at work.

    kills.py KILLS

Injectors and readers as in power.py.  At random moments queue-serve, queue-run and all
local-deliver, or some of them, are killed (-9) and started again.  In the end the promises must
hold: nothing lost, nothing twice, nothing again that a reader had removed.  An injector that was
not answered asks again with the same ID, which must not make two of it.
Prints what was tried; exit 1 when a promise was broken.
"""
import os
import random
import sys
import threading
import time

from traffic import Door, Readers, Story
from trial import Home, Letter, fresh_id, scratch

INJECTORS = 4
SIZES = (3, 30, 300, 3000)  # lines; the last is too long for the journal
PACE = 0.004  # seconds between two letters of an injector


class Load:
    def __init__(self, home):
        self.home, self.over = home, threading.Event()
        self.lock, self.number = threading.Lock(), 0
        self.repeated = 0
        self.threads = [threading.Thread(target=self.inject, args=(i % 2,)) for i in range(INJECTORS)]
        for t in self.threads:
            t.start()

    def letter(self):
        with self.lock:
            n = self.number
            self.number += 1
            to = ["alice@example.test", "bob@example.test"][: 1 + n % 2]
            one = Letter(fresh_id("kills", n), to, SIZES[n // 2 % len(SIZES)])
            self.home.letters[one.id] = one
            return one

    def inject(self, by_hand):
        door = Door(self.home)
        give = door.give if by_hand else lambda one: self.home.inject(one) == 0
        while not self.over.is_set():
            one = self.letter()
            while not give(one) and not self.over.is_set():
                self.repeated += 1
                time.sleep(0.02)
            else:
                one.acknowledged = one.acknowledged or not self.over.is_set()
            time.sleep(PACE)

    def end(self):
        self.over.set()
        for t in self.threads:
            t.join()


def kill(home, runner, dice):
    """Kill them, and start anew those that are gone.  Returns the queue-run that is there then."""
    whom = dice.choice(("all", "all", "all", "front", "run", "front run", "deliver", "run deliver"))
    gone = []
    if whom in ("all", "front", "front run"):
        gone.append(home.front)
    if whom in ("all", "run", "front run", "run deliver"):
        gone.append(runner)
    for child in gone:
        child.kill()
    if whom in ("all", "deliver", "run deliver"):
        for child in list(home.deliverers):
            child.kill()
    for child in gone:
        child.wait()
    time.sleep(dice.choice((0, 0, 0.02, 0.2)))
    if home.front.poll() is not None:
        home.close_front()
        home.open_front()
    if runner.poll() is not None:
        runner = home.start()
    return runner


def main():
    kills = int(sys.argv[1])
    dice = random.Random(int(os.environ.get("CRASH_SEED", "1")))
    home = Home(os.path.join(scratch(), "home"))
    home.make()
    home.serve()
    home.open_front()
    runner = home.start()
    readers, load = Readers(home, True), Load(home)
    for _ in range(kills):
        time.sleep(dice.uniform(0.05, 0.6))
        runner = kill(home, runner, dice)
    load.end()
    settled = home.settle(runner, 60, hurry=True)
    readers.end()
    home.stop(runner)
    home.close_front()
    home.close()
    story = Story().until(
        {"letters": 0, "promises": [], "taken": readers.taken}, time.monotonic())
    home.taken, home.touched = story.taken, story.touched
    wrong = readers.trouble + home.check()
    if not settled:
        wrong.append("the queue does not become empty")
    for w in list(dict.fromkeys(wrong))[:20]:
        print("   ", w)
    if wrong:
        with open("log", "w") as f:
            f.write(home.logged())
    print("%d kills, %d letters, %d asked again, %d taken, %d broken" % (
        kills, load.number, load.repeated, len(readers.taken), len(wrong)))
    sys.exit(len(wrong) > 0)


main()
