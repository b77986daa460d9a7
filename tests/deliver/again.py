"""Deliveries that are killed, and repeated, while their reader takes the mail away.

    again.py HOME MAILBOX READER [WHAT]

Starts local-deliver with a message for MAILBOX again and again, each time killed at another of
its system calls, from the first to the last; then READER (pop3, move, none) takes what he finds;
then the delivery is repeated, as the queue does it, and the reader comes once more.  He must have
got each message once, and whole.  WHAT the stand-in for the queue's service does is told in
queue_stand_in.py; `none`: there is none, and the delivery is only tried whole; `alias`: what is killed
came by an alias, and is repeated first to the mailbox as its first recipient, then as it was.  Without CRASH_ALL
in the environment each fifth call is tried.
"""
import os
import re
import subprocess
import sys
import threading

from post import make_id
from queue_stand_in import StandIn

sys.argv += [""]
home, mailbox, reader, what = sys.argv[1:5]
local, domain = mailbox.split("@")
maildir = "%s/mail/%s/%s/Maildir" % (home, domain, local)
here = os.path.dirname(os.path.abspath(__file__))
body = b"Subject: x\n\n" + b"0123456789abcdef\n" * 200
with open("message", "wb") as f:
    f.write(body)


def deliver(message_id, again, traced=False, at=None, origin=None):
    """Deliver it, killed at a system call of that name and number; returns the answer."""
    program = ["local-deliver", "false"]
    if traced:
        program = ["strace", "-o", "calls"] + program
    if at:
        program = ["strace", "-o", "/dev/null", "-e", "trace=" + at[0], "-e",
                   "inject=%s:signal=KILL:when=%d" % at] + program
    args = ["python3", here + "/post.py", "job", "-i", message_id]
    args += ["-p", "again=1"] if again else []
    args += ["-p", "origin=" + origin] if origin else []
    args += ["message", mailbox, "--"] + program
    return subprocess.run(args, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout


def as_owner():
    owner = os.stat(maildir)
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(owner.st_gid)
        os.setuid(owner.st_uid)


def present():
    return [os.path.join(maildir, folder, name) for folder in ("new", "cur")
            for name in os.listdir(os.path.join(maildir, folder)) if not name.startswith(".")]


def read_mail(taken):
    """What the reader does with all that he finds."""
    files = present()
    for path in files:
        with open(path, "rb") as f:
            content = f.read()
        if not content.endswith(body):
            sys.exit("%s is cut: %d bytes" % (path, len(content)))
    taken += files
    if reader == "pop3" and files:
        talk = b"".join(b"DELE %d\r\n" % (i + 1) for i in range(len(files))) + b"QUIT\r\n"
        r = subprocess.run(["pop3-serve", os.path.abspath(maildir)], input=talk,
                           stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, preexec_fn=as_owner)
        if r.returncode != 0 or present():
            sys.exit("pop3-serve: %r" % r.stdout)
    elif reader == "move":
        for path in files:
            os.rename(path, os.path.join("archive", os.path.basename(path)))


def last(taken):
    """At the end of a round nothing is left, neither seen nor unseen."""
    if reader == "none":
        for path in present():
            os.unlink(path)
        taken[:] = set(taken)
    left = os.listdir(os.path.join(maildir, "tmp"))
    if left:
        sys.exit("left in tmp: %s" % left)


def one_round(at):
    taken = []
    message_id = make_id()
    origin = make_id() if what == "alias" else None
    first = deliver(message_id, False, at=at, origin=origin)
    read_mail(taken)
    for again in [(origin, None)] * bool(origin) + [(message_id, origin)]:
        second = deliver(again[0], True, origin=again[1])
        if not second.startswith(b"K"):
            sys.exit("%s: repeated, it was answered by %r" % (at, second))
        read_mail(taken)
    last(taken)
    if len(taken) != 1:
        sys.exit("%s, answer %r: delivered %d times: %s" % (at, first, len(taken), taken))


def calls():
    """The name and number of each call from the coming of the first job on."""
    count, found = {}, []
    with open("calls") as f:
        for line in f:
            name = line.split("(")[0]
            if not re.fullmatch("[a-z_0-9]+", name):
                continue
            count[name] = count.get(name, 0) + 1
            if found or name == "recvmsg":
                found.append((name, count[name]))
    return found


os.makedirs("archive", exist_ok=True)
os.makedirs(home + "/run", exist_ok=True)
if what != "none":
    stand_in = StandIn(home + "/run/queue.sock", "records", what)
    threading.Thread(target=stand_in.serve, daemon=True).start()
# its folders first
for number in (1, 2):
    if not deliver(make_id(), False, number == 2,
                   origin=make_id() if what == "alias" else None).startswith(b"K"):
        sys.exit("it is not able to deliver at all")
for path in present():
    os.unlink(path)
points = [] if what == "none" else calls()
if not os.environ.get("CRASH_ALL"):
    points = points[len(reader) % 5::5]
for at in points:
    one_round(at)
one_round(None)
print("killed at %d calls" % len(points))
