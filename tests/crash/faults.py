#!/usr/bin/python3
"""Each system call of a program as its last one, or as one that fails.

    faults.py [-fs] [-n TRIALS] kill|error|lasting PROGRAM

Runs the program once under strace to learn its calls, then again and again: killed (-9) at
a call, or with ENOSPC, EIO, EMFILE or ENOMEM from it (lasting: from all calls of that name); and once more without the fault.  The
promises must hold each time, and the system must work again by itself.  -n: so many trials,
always the same; 0: all.  -s: with the queue's service.  -f: at the calls of its forked children;
every process of it meets the fault then that comes so far.  Prints what was tried; exit 1 when a promise was broken.
"""
import getopt
import glob
import os
import random
import shutil
import sys
import time

from talk import mx_send, pop3_serve, smtp_recv
from traffic import Door
from trial import Home, Letter, fresh_id, scratch

ERRORS = ("ENOSPC", "EIO", "EMFILE", "ENOMEM")
MAILDIR = "mail/example.test/alice/Maildir"
CROWD = tuple("user%d" % n for n in range(8))

# Calls that cannot fail, or fail in another way than the ones tried here.
NEVER_FAIL = set(
    """exit exit_group execve umask arch_prctl set_tid_address set_robust_list rseq
    rt_sigaction rt_sigprocmask rt_sigreturn setitimer alarm getpid getuid geteuid getgid getegid
    getresuid getresgid clock_gettime restart_syscall sigaltstack kill wait4 munmap""".split())


class Faulty(Home):
    """A home in which one program is run with a fault, once."""

    served = False  # by queue-serve
    follows = False  # forked children meet the faults, too
    trials = 0

    def fault(self, program, strace):
        self.wrap = {program: strace}

    def begin(self):
        """Open the service, if there is to be one; it may meet the fault, and is begun again."""
        self.trials += 1
        if self.served and not self.open_front():
            self.close_front()
            self.open_front()

    def command(self, argv):
        before = self.wrap.pop(argv[0], [])
        return before + super().command(argv)

    def mailbox(self, address):
        """The texts in the mailbox, whoever they are from."""
        user = address.partition("@")[0]
        return [text for _, text in sorted(self.delivered(user).items())]

    def stored(self, maildir, path):
        """The text of that file, wherever a reader has moved it; None when it is gone."""
        base = os.path.basename(path).partition(",")[0]
        for folder in ("new", "cur"):
            for name in os.listdir(os.path.join(self.path, maildir, folder)):
                if name.startswith(base):
                    with open(os.path.join(self.path, maildir, folder, name)) as f:
                        return f.read()
        return None

    def clean(self):
        """Empty the queue and the mailboxes, and begin anew with the users."""
        self.close_front()
        for folder in ("queue", "mail", "users"):
            shutil.rmtree(os.path.join(self.path, folder), ignore_errors=True)
        shutil.copytree(self.path + ".users", os.path.join(self.path, "users"))
        for folder in ("mail", "queue/new", "queue/later", "queue/hold", "queue/bad", "queue/journal",
                       MAILDIR + "/tmp", MAILDIR + "/new", MAILDIR + "/cur"):
            os.makedirs(os.path.join(self.path, folder), exist_ok=True)
        os.mkfifo(os.path.join(self.path, "queue/trigger"), 0o620)
        self.letters = {}
        self.remote = []
        self.remote_busy = 0


def queue_inject(home):
    letter = Letter(fresh_id("faults", 1), ["alice@example.test", "bob@example.test"], 3000)
    code = home.inject(letter)
    if 11 <= code <= 40:
        yield "a fault of ours is told as one of the message: %d" % code
    if code != 0:
        yield from home.check(settled=False)
        code = home.inject(letter)
        if code != 0:
            yield "it does not recover: %d" % code
    if not home.settle():
        yield "the queue does not become empty"


def queue_serve(home):
    """Injectors of all kinds, one of which dies in the middle, and a scheduler at work."""
    letters = [
        Letter(fresh_id("faults", n), ["alice@example.test", to], lines)
        for n, (to, lines) in enumerate((
            ("bob@example.test", 3), ("nobody@example.test", 30), ("bob@example.test", 3000)))]
    for one in letters:
        home.letters[one.id] = one
    runner, door = home.start(), Door(home)
    for text in ("a message that never ends\n", "one that is too long for the journal\n" * 3000):
        door.begin(fresh_id("unborn", len(text)), text.encode())
    for one in letters[1:]:
        one.acknowledged = door.give(one)
    home.inject(letters[0])
    settled = home.settle(runner, seconds=1.5, hurry=True)
    if not settled or home.front.poll() is not None or not all(one.acknowledged for one in letters):
        if home.trials % 2:
            runner.kill()  # both are gone
        home.front.kill()
        home.close_front()
        home.open_front()
    for one in letters:
        if not one.acknowledged and home.inject(one) != 0:
            yield "it does not recover"
    home.stop(runner)
    if not home.settle(hurry=True):
        yield "the queue does not become empty"
    if home.unsettled() or os.listdir(os.path.join(home.path, "queue/new")):
        yield "something is left"


def maildir_write(home):
    letter = Letter(fresh_id("faults", 1), ["alice@example.test"], 3000)
    home.letters[letter.id] = letter
    for again in (False, True):
        code = home.run(
            ["maildir-write", "-q", "1000000", "-s", letter.sender, "-r", letter.recipients[0],
             MAILDIR], letter.text, {"QUEUEID": letter.id})
        if code == 0:
            letter.acknowledged = True
            return
        if code not in (111, -9) or again:
            yield "maildir-write ends with %d" % code
        yield from home.check(settled=False)


def local_deliver(home):
    for id, recipients in ((fresh_id("faults", 1), ["alice@example.test", "carol@example.test"]),
                           (fresh_id("faults", 2), ["bob@example.test"]),
                           # so many share their syncs
                           (fresh_id("faults", 3), [u + "@example.test" for u in CROWD])):
        home.inject(Letter(id, recipients, 3000))
    if home.settle(seconds=1.5, hurry=True):
        return
    home.end_deliverers()  # and their fault
    if not home.settle(hurry=True):
        yield "the queue does not become empty"


def queue_run(home):
    home.remote_busy = 1
    for id, recipients in ((fresh_id("faults", 1), ["alice@example.test"]),
                           (fresh_id("faults", 2), ["bob@example.test", "far@world.test"]),
                           (fresh_id("faults", 3), ["carol@example.test", "nobody@example.test"])):
        home.inject(Letter(id, recipients, success=True))
    # what it does not get over by itself the supervisor starts again
    if not home.settle(seconds=1.5, hurry=True) and not home.settle(hurry=True):
        yield "the queue does not become empty"


def queue_edit(home):
    """What was held is released, whatever happens to the first try, and once."""
    for id, recipients in ((fresh_id("faults", 1), ["alice@example.test"]),
                           (fresh_id("faults", 2), ["bob@example.test", "nobody@example.test"])):
        home.inject(Letter(id, recipients))
        os.rename(os.path.join(home.path, "queue/new", id), os.path.join(home.path, "queue/hold", id))
    code = home.run(["queue-edit", "release", "state=hold"])
    if code not in (0, 111, -9):
        yield "queue-edit ends with %d" % code
    if code == 0 and os.listdir(os.path.join(home.path, "queue/hold")):
        yield "what is said to be released is held"
    yield from home.check(settled=False)
    if home.run(["queue-edit", "release", "state=hold"]) != 0:
        yield "it does not recover"
    if not home.settle():
        yield "the queue does not become empty"


def mail_user(home):
    code = home.run(["mail-user", "add", "dave@example.test"], b"secret\n")
    if code != 0:
        code = home.run(["mail-user", "add", "dave@example.test"], b"secret\n")
        if code not in (0, 100):
            yield "it does not recover: %d" % code
    home.inject(Letter(fresh_id("faults", 1), ["alice@example.test", "dave@example.test"]))
    if not home.settle():
        yield "the queue does not become empty"


def mail_compile(home):
    with open(os.path.join(home.path, "users/mailboxes"), "a") as f:
        f.write("dave@example.test:%d:%d:\n" % (os.getuid(), os.getgid()))
    code = home.run(["mail-compile"])
    home.inject(Letter(fresh_id("faults", 1), ["alice@example.test"]))
    if code != 0 and home.run(["mail-compile"]) != 0:
        yield "it does not recover"
    home.inject(Letter(fresh_id("faults", 2), ["dave@example.test"]))
    if not home.settle():
        yield "the queue does not become empty"


SCENARIOS = {
    "queue-serve": queue_serve,
    "queue-inject": queue_inject,
    "maildir-write": maildir_write,
    "local-deliver": local_deliver,
    "queue-run": queue_run,
    "queue-edit": queue_edit,
    "mail-user": mail_user,
    "mail-compile": mail_compile,
    "smtp-recv": smtp_recv,
    "mx-send": mx_send,
    "pop3-serve": pop3_serve,
}


def calls_in(path):
    """[(call, which one of that name)] of one process."""
    seen, calls = {}, []
    with open(path) as f:
        for line in f:
            name = line.partition("(")[0]
            if name.isidentifier():
                seen[name] = seen.get(name, 0) + 1
                calls.append((name, seen[name]))
    return calls


def calls_of(home, program, folder):
    """[(call, which one of that name)] of one good run, or of its forked children."""
    record = os.path.join(folder, "calls")
    home.clean()
    follow = ["-ff"] if home.follows else []
    home.fault(program, ["strace", "-D"] + follow + ["-e", "signal=none", "-o", record])
    home.begin()
    wrong = list(SCENARIOS[program](home)) + home.check()
    if wrong:
        raise SystemExit("without any fault: " + "; ".join(wrong) + "\n" + home.logged())
    time.sleep(0.3)  # for the tracer, which ends after the program
    if not home.follows:
        return calls_in(record)
    each = [calls_in(path) for path in sorted(glob.glob(record + ".*"))]
    # who was started, and not forked, begins with execve
    return list(dict.fromkeys(c for calls in each if calls and calls[0][0] != "execve" for c in calls))


def faults(verb, calls):
    if verb == "kill":
        return ["%s:signal=KILL:when=%d" % c for c in calls if c[0] != "execve"]
    if verb == "lasting":
        return ["%s:error=%s" % (name, error)
                for name, n in calls if n == 1 and name not in NEVER_FAIL for error in ERRORS]
    return ["%s:error=%s:when=%d" % (name, error, n)
            for name, n in calls if name not in NEVER_FAIL for error in ERRORS]


def try_one(home, program, fault):
    home.clean()
    at = home.log.seek(0, 2)
    home.fault(program, ["strace", "-D"] + ["-f"] * home.follows + ["-qq", "-o", "/dev/null", "-e", "signal=none", "-e", "inject=" + fault])
    home.begin()
    wrong = list(SCENARIOS[program](home))
    home.wrap = {}
    wrong += home.check()
    if wrong:
        print("%s with %s:" % (program, fault))
        for w in dict.fromkeys(wrong):
            print("   ", w)
        home.log.seek(at)
        print(home.log.read().decode("utf-8", "replace"))
    return not wrong


def sample(everything, n):
    if n == 0 or n >= len(everything):
        return everything
    return random.Random(1).sample(everything, n)


def main():
    options, (verb, program) = getopt.getopt(sys.argv[1:], "fsn:")
    folder = scratch()
    home = Faulty(os.path.join(folder, "home"))
    home.served = ("-s", "") in options
    home.follows = ("-f", "") in options
    if program == "local-deliver":
        home.USERS += CROWD
    home.make()
    shutil.copytree(os.path.join(home.path, "users"), home.path + ".users")
    if program.startswith("mail-"):
        home.USERS += ("dave",)
    home.serve()
    everything = faults(verb, calls_of(home, program, folder))
    chosen = sample(everything, int(dict(options).get("-n", 0)))
    broken = sum(not try_one(home, program, fault) for fault in chosen)
    home.close_front()
    home.close()
    print("%s: %d faults, %d tried, %d broken" % (program, len(everything), len(chosen), broken))
    sys.exit(broken > 0)


main()
