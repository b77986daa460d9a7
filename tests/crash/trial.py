"""A home to be broken: what the crash tests share.

A Home is a small system of the real programs under the user who runs the test, with
stand-ins for what s6-ipcserver (deliver.sock) and mx-send (send.sock) would be, and with
the queue's service once it is opened.  Letters are put in, readers may take some of what is
delivered, and check() says which of the promises in doc/durability.md does not hold.
"""
import array
import atexit
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

BIN = os.path.realpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../bin"))
SENDER = "bob@example.test"
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
BORN = int(time.time() * 1e6)
JOURNAL_BYTES = 1572864  # the least, so that its segments are used again and again
PATIENCE = 60


def fresh_id(name, number):
    """An ID whose time is that of this process's start: an old message is treated otherwise."""
    t, out = BORN + number, ""
    for _ in range(11):
        t, d = divmod(t, 36)
        out = DIGITS[d] + out
    return out + "%s%0*d" % (name, 13 - len(name), number)


def scratch(in_memory=True):
    """A folder for this process's trials, in memory where there is some."""
    where = "/dev/shm" if in_memory and os.access("/dev/shm", os.W_OK) else "."
    folder = tempfile.mkdtemp(prefix="facteur-crash.", dir=where)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    return os.path.realpath(folder)


def netstring(data):
    return b"%d:%s," % (len(data), data)


def netstring_take(data):
    """The first netstring of data and the rest, or None."""
    size, colon, rest = data.partition(b":")
    if not colon or len(rest) <= int(size):
        return None
    return rest[: int(size)], rest[int(size) + 1 :]


class Letter:
    """With success, its sender asks to hear of every delivery."""

    def __init__(self, id, recipients, lines=3, sender=SENDER, success=False):
        self.id, self.recipients, self.sender = id, recipients, sender
        self.success = success
        body = ["%s line %d" % (id, i) for i in range(lines)]
        self.text = ("Subject: %s\n\n%s\n" % (id, "\n".join(body))).encode()
        self.acknowledged = False

    def envelope(self):
        wish = "NNOTIFY=SUCCESS,FAILURE\0" if self.success else ""
        tos = "".join("%sT%s\0" % (wish, r) for r in self.recipients)
        return ("F%s\0%s\0" % (self.sender, tos)).encode()


class Home:
    USERS = ("alice", "bob", "carol")

    def __init__(self, path):
        self.path = path
        self.letters = {}
        self.remote = []  # (id, recipient, text) that a remote host has taken
        self.remote_busy = 0  # so many jobs are put off first
        self.wrap = {}  # program: what stands before it in its argv
        self.environment = {
            "PATH": BIN + ":/usr/local/bin:/usr/bin:/bin",
            "FACTEUR_HOME": path,
            "LC_ALL": "C",
        }
        self.log = tempfile.TemporaryFile("a+b")
        self.deliverers = []
        self.front = None  # the queue's service
        self.taken = set()  # (id, address) of what a reader has removed, durably;
        self.touched = set()  # and of what he may have removed

    def make(self):
        for folder in ("control users run mail log queue/new queue/later queue/hold queue/bad "
                       "queue/journal").split():
            os.makedirs(os.path.join(self.path, folder))
        os.chmod(os.path.join(self.path, "queue"), 0o750)
        os.mkfifo(os.path.join(self.path, "queue/trigger"), 0o620)
        self.control("me", "mx.example.test")
        self.control("domains", "example.test")
        self.control("defaultdomain", "example.test")
        self.control("quota", "50000000")
        self.control("retry", "1")
        self.control("journalbytes", str(JOURNAL_BYTES))
        owner = "%d:%d" % (os.getuid(), os.getgid())
        with open(os.path.join(self.path, "users/mailboxes"), "w") as f:
            for user in self.USERS:
                f.write("%s@example.test:%s:\n" % (user, owner))
        for name in ("aliases", "passwords"):
            open(os.path.join(self.path, "users", name), "w").close()
        if self.run(["mail-compile"]) != 0:
            raise SystemExit("mail-compile failed:\n" + self.logged())

    def control(self, name, text):
        with open(os.path.join(self.path, "control", name), "w") as f:
            f.write(text + "\n")

    def logged(self):
        self.log.seek(0)
        return self.log.read().decode("utf-8", "replace")

    # Programs

    def command(self, argv):
        return self.wrap.get(argv[0], []) + [os.path.join(BIN, argv[0])] + argv[1:]

    def run(self, argv, stdin=b"", environment=(), timeout=60):
        """Run a program to its end; its exit code, or -SIGNAL."""
        env = dict(self.environment, **dict(environment))
        child = subprocess.Popen(
            self.command(argv), stdin=subprocess.PIPE, stdout=self.log, stderr=self.log,
            env=env, cwd=self.path)
        try:
            child.communicate(stdin, timeout)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
            return -99
        return child.returncode

    def inject(self, letter):
        """queue-inject it.  Returns its exit code; 0 is a promise, which is noted."""
        self.letters[letter.id] = letter
        message, envelope = os.pipe(), os.pipe()
        child = subprocess.Popen(
            self.command(["queue-inject"]), stdin=message[0], stdout=envelope[0],
            stderr=self.log, env=dict(self.environment, QUEUEID=letter.id), cwd=self.path)
        os.close(message[0])
        os.close(envelope[0])
        for fd, data in ((message[1], letter.text), (envelope[1], letter.envelope())):
            try:
                while data:
                    data = data[os.write(fd, data):]
            except BrokenPipeError:
                pass
            os.close(fd)
        code = child.wait()
        letter.acknowledged = letter.acknowledged or code == 0
        return code

    # The queue's service

    def open_front(self):
        """Start queue-serve on run/queue.sock.  Returns 1 when it has said that it is ready."""
        listening = self.listen("queue")
        self.front = subprocess.Popen(
            self.command(["queue-serve"]), stdin=listening, stdout=subprocess.PIPE,
            stderr=self.log, env=self.environment, cwd=self.path)
        listening.close()
        with self.front.stdout as ready:
            return ready.read(1) == b"\n"

    def close_front(self):
        """Let the service end, and settle what it has heard."""
        if self.front:
            self.stop(self.front)

    def unsettled(self):
        """What stands in the service's journal, as queue-list shows it."""
        if not self.front:
            return []
        shown = subprocess.run(
            [os.path.join(BIN, "queue-list"), "state=journal"], stdout=subprocess.PIPE,
            stderr=self.log, env=self.environment, cwd=self.path)
        if shown.returncode != 0:
            return ["queue-list fails"]
        return re.findall(r"^[0-9a-z]{24}\b", shown.stdout.decode(), re.M)

    # Stand-ins

    def listen(self, name):
        path = os.path.join(self.path, "run", name + ".sock")
        if os.path.exists(path):
            os.unlink(path)
        s = socket.socket(socket.AF_UNIX)
        s.bind(path)
        s.listen(100)
        return s

    def serve(self):
        """Listen on deliver.sock and send.sock."""
        self.sockets = []
        for name, serve in (("deliver", self.serve_local), ("send", self.serve_remote)):
            s = self.listen(name)
            self.sockets.append(s)
            threading.Thread(target=self.accept, args=(s, serve), daemon=True).start()

    def accept(self, listening, serve):
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            serve(connection)

    def serve_local(self, connection):
        sink = "unix:run/queue.sock" if self.front else "queue-inject"
        with connection:
            child = subprocess.Popen(
                self.command(["local-deliver", sink]), stdin=connection,
                stdout=connection, stderr=self.log, env=self.environment, cwd=self.path)
        self.deliverers.append(child)

    def serve_remote(self, connection):
        threading.Thread(target=self.take_jobs, args=(connection,), daemon=True).start()

    def take_jobs(self, connection):
        data, fds = b"", array.array("i")
        with connection:
            while True:
                try:
                    part, ancillary, _, _ = connection.recvmsg(65536, 100)
                except OSError:
                    return
                if not part:
                    return
                for _, _, content in ancillary:
                    fds.frombytes(content[: len(content) // 4 * 4])
                data += part
                taken = netstring_take(data)
                if taken:
                    data = taken[1]
                    answer = self.take_job(taken[0], fds.pop(0))
                    try:
                        connection.sendall(answer)
                    except OSError:
                        return  # queue-run is gone

    def take_job(self, envelope, fd):
        names = dict(
            r[1:].split(b"=", 1) for r in envelope.split(b"\0") if r.startswith(b"P"))
        text = os.pread(fd, int(names[b"length"]), int(names[b"offset"]))
        os.close(fd)
        answer = b""
        busy = self.remote_busy > 0
        self.remote_busy -= busy
        for r in envelope.split(b"\0"):
            if r.startswith(b"T"):
                if not busy:
                    self.remote.append((names[b"id"].decode(), r[1:].decode(), text))
                said = b"Z4.2.1 busy" if busy else b"K2.0.0 taken"
                answer += b"%d:%s," % (len(said), said)
        return answer

    def end_deliverers(self):
        for child in self.deliverers:
            child.kill()
            child.wait()
        self.deliverers = []

    def close(self):
        for s in getattr(self, "sockets", ()):
            s.shutdown(socket.SHUT_RDWR)
            s.close()
        self.end_deliverers()

    # queue-run

    def start(self):
        return subprocess.Popen(
            self.command(["queue-run"]), stdin=subprocess.DEVNULL, stdout=self.log,
            stderr=self.log, env=self.environment, cwd=self.path)

    def waiting(self):
        """What stands in the queue to be delivered."""
        found = []
        for folder in ("new", "later"):
            for path, _, names in os.walk(os.path.join(self.path, "queue", folder)):
                found += [os.path.join(path, n) for n in names]
        return found

    def is_empty(self):
        """Looked at several times: a message becomes a file, and then a report in the journal."""
        for n in range(3 if self.front else 2):
            if n > 0 and self.front:
                time.sleep(0.05)
            if self.waiting() or self.unsettled():
                return False
        return True

    def settle(self, runner=None, seconds=20, hurry=False):
        """Let queue-run work until nothing waits.  Returns 1 when that was reached."""
        own = runner is None
        if own:
            runner = self.start()
        end, asked = time.monotonic() + seconds, time.monotonic()
        done = False
        while not done and time.monotonic() < end:
            done = self.is_empty()
            if runner.poll() is not None:
                break
            if hurry and time.monotonic() - asked > 0.2:
                asked = time.monotonic()
                runner.send_signal(signal.SIGALRM)
            time.sleep(0.03 if self.front else 0.004)
        if own:
            self.stop(runner)
        return done or self.is_empty()

    def stop(self, runner):
        if runner.poll() is None:
            runner.terminate()
        try:
            runner.wait(20)
        except subprocess.TimeoutExpired:
            runner.kill()
            runner.wait()

    # The promises

    def delivered(self, user):
        """The files of a mailbox, and those that a reader has put aside: {path: text}."""
        found = {}
        for folder in ("Maildir/new", "Maildir/cur", "saved"):
            path = os.path.join(self.path, "mail/example.test", user, folder)
            if not os.path.isdir(path):
                continue
            for name in os.listdir(path):
                with open(os.path.join(path, name), "rb") as f:
                    found[folder + "/" + name] = f.read()
        return found

    def whose(self, text, recipient):
        """The letter that text is a whole copy of, "bounce" for a whole report, or None."""
        subject = re.search(rb"^Subject: (.*)$", text, re.M)
        letter = self.letters.get(subject[1].decode("utf-8", "replace")) if subject else None
        if letter:
            head = "Return-Path: <%s>\nDelivered-To: %s\n" % (letter.sender, recipient)
            if text == head.encode() + letter.text:
                return letter.id
        report = re.search(rb'boundary="?([^"\n]*)"?', text)
        if report and text.rstrip().endswith(b"--" + report[1] + b"--"):
            return "bounce"
        return None

    def events(self, text, recipient):
        """What a file of a mailbox tells: [ID] of a letter, [(ID, recipient)] of a report."""
        id = self.whose(text, recipient)
        if id != "bounce":
            return [id]
        blocks = re.findall(
            rb"^Final-Recipient: rfc822; (\S+)$(?:\n[A-Z].*|\n +.*)*?\nFinal-Log-ID: (\S+)$", text, re.M)
        return [(log_id.decode(), rcpt.decode()) for rcpt, log_id in blocks] or [None]

    def check(self, settled=True):
        """The promises that do not hold, in words.  Before a restart: settled=False."""
        wrong, copies = [], {}
        for user in self.USERS:
            address = user + "@example.test"
            for name, text in self.delivered(user).items():
                for event in self.events(text, address):
                    if event is None:
                        wrong.append(
                            "%s has a cut message %s of %d bytes" % (user, name, len(text)))
                    copies[event, address] = copies.get((event, address), 0) + 1
        for id, address, text in self.remote:
            if id in self.letters and text != self.letters[id].text:
                wrong.append("%s was sent a cut message" % address)
            copies[id, address] = 1  # a second copy can't be avoided: RFC 1047
        for (id, address), n in copies.items():
            if n > 1:
                wrong.append("%s has %s %d times" % (address, id, n))
            if (id, address) in self.taken:
                wrong.append("%s has %s again, which he had removed" % (address, id))
        if settled:
            wrong += self.check_settled(copies)
        return wrong

    def check_settled(self, copies):
        wrong = []
        for letter in self.letters.values():
            for r in letter.recipients:
                is_here = r.endswith("@example.test")
                event = letter.id, r
                if r.startswith("nobody@") or (letter.success and is_here):
                    n = copies.get((event, letter.sender), 0)
                    if not letter.acknowledged <= n <= 1:
                        wrong.append("%s has %d reports of %s to %s" % (letter.sender, n, *event))
                if r.startswith("nobody@"):
                    continue
                if (letter.id, r) in self.taken or (letter.id, r) in self.touched:
                    continue
                if letter.acknowledged and copies.get((letter.id, r), 0) == 0:
                    wrong.append("%s has lost %s" % (r, letter.id))
        for path in self.waiting() + self.unsettled():
            wrong.append("%s stays in the queue" % path)
        for name in os.listdir(os.path.join(self.path, "queue/bad")):
            wrong.append("queue/bad/%s needs a hand" % name)
        return wrong
