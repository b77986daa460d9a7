#!/usr/bin/env python3
"""serve.py CASE: play clients, tools and the scheduler to a queue-serve of our own.

The home is made in the working directory.  The functions below whose name has no underscore at its
beginning and that take no argument are the cases.
"""
import array
import glob
import os
import re
import select
import signal
import socket
import subprocess
import sys
import time

BLOCK = 4096
HEAD = 40
PATIENCE = 60
SERVICES = []
ENVELOPE = b'Fa@b.c\0Tc@d.e\0\0'
DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz'


def make_id(n):
    """An ID like those that queueid_make gives, of its own for each n."""
    t, out = 1795430701000000 + n, ''
    for _ in range(11):
        t, d = divmod(t, 36)
        out = DIGITS[d] + out
    return (out + '%013d' % n).encode()


def netstring(s):
    return b'%d:%s,' % (len(s), s)


def queue_file(message, envelope=ENVELOPE, lines=b''):
    head = b'facteur1 %020d %020d' % (len(message), len(envelope))
    return head.ljust(63) + b'\n' + message + envelope + lines


def wait_for(condition, what):
    end = time.monotonic() + PATIENCE
    while True:
        got = condition()
        if got:
            return got
        if time.monotonic() > end:
            sys.exit('timeout: ' + what)
        time.sleep(0.02)


def check(got, expected, what=''):
    if got != expected:
        sys.exit('%s: %r instead of %r' % (what or 'wrong', got, expected))


class Service:
    """One queue-serve, and the home that it works in."""

    def __init__(self, journalbytes=None, home='home', **env):
        self.home = home
        for folder in ('control', 'run', 'queue/new', 'queue/bad', 'queue/journal'):
            os.makedirs(os.path.join(home, folder), exist_ok=True)
        if journalbytes:
            with open(home + '/control/journalbytes', 'w') as f:
                f.write('%d\n' % journalbytes)
        self.env = dict(os.environ, FACTEUR_HOME=os.path.abspath(home), **env)
        self.log = home + '/log'
        self.path = home + '/run/queue.sock'
        self.process = None
        SERVICES.append(self)
        self.start()

    def start(self, wrap=()):
        listener = socket.socket(socket.AF_UNIX)
        if os.path.exists(self.path):
            os.unlink(self.path)
        listener.bind(self.path)
        listener.listen(1000)
        with open(self.log, 'ab') as log:
            self.process = subprocess.Popen(
                list(wrap) + ['queue-serve'], stdin=listener, stdout=subprocess.PIPE, stderr=log,
                env=self.env)
        listener.close()
        check(self.process.stdout.read(1), b'\n', 'no word that it is ready: ' + self.said())

    def end(self):
        """Let it end by itself."""
        self.process.terminate()
        check(self.process.wait(PATIENCE), 0, 'exit code')

    def stop(self):
        """Whatever it does."""
        pids = [self.process.pid] + self.children()
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.process.wait()
        # what strace has started is not our child
        wait_for(lambda: not any(os.path.exists('/proc/%d' % pid) for pid in pids), 'their end')

    def children(self):
        done = subprocess.run(['pgrep', '-P', str(self.process.pid)], capture_output=True)
        return [int(pid) for pid in done.stdout.split()]

    def kill(self):
        self.process.kill()
        self.process.wait()

    def restart(self):
        self.kill()
        self.start()

    def said(self):
        with open(self.log, errors='replace') as f:
            return f.read()

    def client(self):
        return Client(self.path)

    def scheduler(self, window=1000):
        return Scheduler(self.path, window)

    def slots(self):
        return sorted(glob.glob(self.home + '/queue/journal/[0-9][0-9]'))

    def new(self):
        return sorted(os.listdir(self.home + '/queue/new'))

    def file(self, n):
        """The path of a message that becomes a file, or is one."""
        path = '%s/queue/new/%s' % (self.home, make_id(n).decode())
        wait_for(lambda: os.path.exists(path), path)
        return path


class Client:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(PATIENCE)
        self.socket.connect(path)
        self.heard = b''
        self.fds = []

    def say(self, *netstrings):
        self.socket.sendall(b''.join(netstring(n) for n in netstrings))

    def more(self):
        data, control, _, _ = self.socket.recvmsg(65536, socket.CMSG_SPACE(4 * 200))
        for level, kind, fds in control:
            if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                self.fds += array.array('i', fds)
        self.heard += data
        return len(data)

    def answer(self):
        """The next netstring; b'' at the end."""
        while True:
            found = re.match(rb'(\d+):', self.heard)
            if found:
                end = found.end() + int(found[1])
                if len(self.heard) > end:
                    check(self.heard[end:end + 1], b',')
                    text, self.heard = self.heard[found.end():end], self.heard[end + 1:]
                    return text
            try:
                if self.more() == 0:
                    return b''
            except ConnectionResetError:
                return b''

    def begin(self, id, message=b'hi\n', envelope=ENVELOPE, chunk=1048576):
        parts = [message[i:i + chunk] for i in range(0, len(message), chunk)]
        self.say(b'M' + id, *parts, b'', envelope)

    def message(self, id, message=b'hi\n', envelope=ENVELOPE, chunk=1048576):
        self.begin(id, message, envelope, chunk)
        return self.answer()

    def ask(self, text):
        self.say(text)
        return self.answer()

    def close(self):
        self.socket.close()


    def is_silent(self, seconds=0.5):
        self.socket.settimeout(seconds)
        try:
            return not self.heard and self.more() == 0
        except TimeoutError:
            return True
        finally:
            self.socket.settimeout(PATIENCE)


class Scheduler(Client):
    def __init__(self, path, window):
        Client.__init__(self, path)
        check(self.ask(b'R%d' % window), b'K', 'R')

    def take(self):
        """The next message: its ID with what follows, and the file."""
        text = self.answer()
        while text.startswith(b'X'):
            text = self.answer()
        if not text.startswith(b'M'):
            return text.decode(), None
        fd = self.fds.pop(0)
        size = os.fstat(fd).st_size
        data = os.pread(fd, size + 1, 0)
        try:
            os.pwrite(fd, b'x', 0)
            sys.exit('what is handed over can be changed')
        except PermissionError:
            pass
        os.close(fd)
        return text[1:].decode(), data

    def settle(self, *ids):
        self.say(*[b'S' + i for i in ids])


# The cases.

def messages_reach_the_scheduler():
    s = Service()
    scheduler, client = s.scheduler(), s.client()
    for n, size in enumerate((0, 1, 4000, 4096, 65536)):
        body = os.urandom(size)
        check(client.message(make_id(n), body), b'K' + make_id(n))
        check(scheduler.take(), (make_id(n).decode(), queue_file(body)))
    check(client.message(make_id(9), b'x' * 10000, chunk=100), b'K' + make_id(9))
    check(scheduler.take()[1], queue_file(b'x' * 10000))
    made = client.message(b'')
    check(len(made), 25)
    check(scheduler.take()[0], made[1:].decode())
    s.end()
    check(s.new(), [])


def what_is_taken_survives():
    s = Service()
    client = s.client()
    for n in range(20):
        check(client.message(make_id(n), b'%d\n' % n), b'K' + make_id(n))
    s.restart()
    scheduler = s.scheduler()
    for n in range(20):
        check(scheduler.take(), (make_id(n).decode() + '+', queue_file(b'%d\n' % n)))
    scheduler.settle(*[make_id(n) for n in range(10)])
    time.sleep(0.4)
    s.restart()
    scheduler = s.scheduler()
    for n in range(10, 20):
        check(scheduler.take()[0], make_id(n).decode() + '+')
    scheduler.settle(*[make_id(n) for n in range(10, 20)])
    s.end()
    s.start()
    scheduler = s.scheduler()
    check(s.client().message(make_id(50)), b'K' + make_id(50))
    check(scheduler.take()[0], make_id(50).decode())


def the_same_id_twice_is_one_message():
    s = Service()
    a, b, scheduler = s.client(), s.client(), s.scheduler()
    check(a.message(make_id(1)), b'K' + make_id(1))
    check(b.message(make_id(1)), b'K' + make_id(1))
    check(scheduler.take()[0], make_id(1).decode())
    check(a.message(make_id(2)), b'K' + make_id(2))
    check(scheduler.take()[0], make_id(2).decode())
    with open('%s/queue/new/%s' % (s.home, make_id(3).decode()), 'w'):
        pass
    check(a.message(make_id(3)), b'K' + make_id(3))
    check(scheduler.is_silent(), True, 'a message that stands in queue/new is handed over')


def lines_are_kept_with_their_message():
    s = Service()
    check(s.client().message(make_id(1)), b'K' + make_id(1))
    scheduler = s.scheduler()
    check(scheduler.take()[1], queue_file(b'hi\n'))
    scheduler.say(b'L' + make_id(1) + b'\0' + b'1795430701 K 0 2.0.0 done\n')
    scheduler.say(b'L' + make_id(1) + b'\0' + b'1795430702 Z 1 4.0.0 later\n')
    time.sleep(0.5)
    expected = queue_file(
        b'hi\n', lines=b'1795430701 K 0 2.0.0 done\n1795430702 Z 1 4.0.0 later\n')
    scheduler.close()
    scheduler = s.scheduler()
    check(scheduler.take(), (make_id(1).decode() + '+', expected))
    s.restart()
    scheduler = s.scheduler()
    check(scheduler.take(), (make_id(1).decode() + '+', expected))


def a_window_is_kept():
    s = Service()
    scheduler, client = s.scheduler(2), s.client()
    for n in range(5):
        check(client.message(make_id(n)), b'K' + make_id(n))
    check(scheduler.take()[0], make_id(0).decode())
    check(scheduler.take()[0], make_id(1).decode())
    check(scheduler.is_silent(), True, 'more are handed over than were asked for')
    scheduler.settle(make_id(0))
    check(scheduler.take()[0], make_id(2).decode())
    scheduler.settle(make_id(1), make_id(2))
    check(scheduler.take()[0], make_id(3).decode())
    check(scheduler.take()[0], make_id(4).decode())


def a_new_scheduler_takes_the_place_of_the_old():
    s = Service()
    client, old = s.client(), s.scheduler()
    check(client.message(make_id(1)), b'K' + make_id(1))
    check(old.take()[0], make_id(1).decode())
    new = s.scheduler()
    check(old.answer(), b'')
    check(new.take()[0], make_id(1).decode() + '+')


def what_is_prepared_is_known():
    s = Service()
    deliver, client = s.client(), s.client()
    check(client.message(make_id(1)), b'K' + make_id(1))
    check(deliver.ask(b'Q' + make_id(1) + b' a@b.c'), b'K0')
    check(deliver.ask(b'P' + make_id(1) + b' a@b.c\0' + make_id(2) + b' d@e.f\0'), b'K')
    for _ in range(2):
        check(deliver.ask(b'Q' + make_id(1) + b' a@b.c'), b'K1')
        check(deliver.ask(b'Q' + make_id(2) + b' d@e.f'), b'K1')
        check(deliver.ask(b'Q' + make_id(1) + b' d@e.f'), b'K0')
        check(deliver.ask(b'Q' + make_id(2) + b' d@e'), b'K0')
        check(deliver.ask(b'Q' + make_id(7) + b' a@b.c\0' + make_id(1) + b' a@b.c'), b'K1')
        check(deliver.ask(b'Q' + make_id(1) + b' a@b.c\0' + make_id(7) + b' a@b.c'), b'K1')
        check(deliver.ask(b'Q' + make_id(7) + b' a@b.c\0' + make_id(8) + b' a@b.c'), b'K0')
        s.restart()
        deliver = s.client()
    scheduler = s.scheduler()
    scheduler.settle(make_id(2))
    wait_for(lambda: deliver.ask(b'Q' + make_id(2) + b' d@e.f') == b'K0', 'it to be forgotten')
    # of what is done nothing is kept any more
    check(deliver.ask(b'P' + make_id(2) + b' d@e.f\0' + make_id(3) + b' d@e.f\0'), b'K')
    check(deliver.ask(b'Q' + make_id(2) + b' d@e.f'), b'K0')
    check(deliver.ask(b'Q' + make_id(3) + b' d@e.f'), b'K1')
    check(deliver.ask(b'Q' + make_id(1) + b' a@b.c'), b'K1')
    check(deliver.ask(b'P' + make_id(1) + b' a@b.c\0'), b'K')
    time.sleep(0.4)
    s.restart()
    deliver = s.client()
    check(deliver.ask(b'Q' + make_id(2) + b' d@e.f'), b'K0')
    check(deliver.ask(b'Q' + make_id(1) + b' a@b.c'), b'K1')


def what_is_prepared_outlives_the_record_of_its_message():
    s = Service()
    client, scheduler, deliver = s.client(), s.scheduler(), s.client()
    for n in (1, 2):
        check(client.message(make_id(n)), b'K' + make_id(n))
        scheduler.take()
        check(deliver.ask(b'P' + make_id(n) + b' a@b.c\0'), b'K')
    # one becomes a file the scheduler's way, one the service's
    write_file(s.home + '/queue/journal/' + make_id(1).decode(), queue_file(b'hi\n'))
    check(scheduler.ask(b'F' + make_id(1)), b'F' + make_id(1))
    scheduler.close()
    wait_for(lambda: len(s.new()) == 2, 'the files')
    for _ in range(2):
        for n in (1, 2):
            check(s.client().ask(b'Q' + make_id(n) + b' a@b.c'), b'K1')
        s.restart()
    scheduler = s.scheduler()
    check(scheduler.is_silent(), True, 'a message is there twice')
    scheduler.settle(make_id(1), make_id(2))
    wait_for(lambda: s.client().ask(b'Q' + make_id(2) + b' a@b.c') == b'K0', 'it to be forgotten')


def many_starts_leave_room_for_what_is_settled():
    s = Service(journalbytes=1572864)
    for n in range(8):
        client = s.client()
        check(client.message(make_id(n)), b'K' + make_id(n))
        check(client.ask(b'P' + make_id(n) + b' a@b.c\0'), b'K')
        s.restart()
    scheduler = s.scheduler()
    for n in range(8):
        check(scheduler.take()[0], make_id(n).decode() + '+')
    for n in range(8):
        write_file(s.home + '/queue/journal/' + make_id(n).decode(), queue_file(b'hi\n'))
        check(scheduler.ask(b'F' + make_id(n)), b'F' + make_id(n))
    for n in range(8):
        check(s.client().ask(b'Q' + make_id(n) + b' a@b.c'), b'K1')


def many_starts_leave_no_more_segments_than_there_should_be():
    s = Service(journalbytes=1572864)
    for n in range(8):
        check(s.client().message(make_id(n)), b'K' + make_id(n))
        check(s.client().ask(b'P' + make_id(n) + b' a@b.c\0'), b'K')
        check(s.client().ask(b'P' + make_id(n + 100) + b' a@b.c\0'), b'K')
        s.restart()
    check(len(s.slots()) > 3, True, 'segments')
    scheduler, client = s.scheduler(), s.client()
    scheduler.settle(*[make_id(n) for n in range(8)])
    check(client.message(make_id(9)), b'K' + make_id(9))
    wait_for(lambda: len(s.slots()) <= 3, 'fewer segments')
    s.restart()
    for n in range(8):
        check(s.client().ask(b'Q' + make_id(n) + b' a@b.c'), b'K0')
        check(s.client().ask(b'Q' + make_id(n + 100) + b' a@b.c'), b'K1')
    check(s.scheduler().take()[0], make_id(9).decode() + '+')


def what_was_prepared_before_the_boot_is_told_apart():
    if os.geteuid() != 0 or subprocess.call(['unshare', '-m', 'true'], stderr=subprocess.DEVNULL):
        sys.exit(77)
    s = Service()
    check(s.client().ask(b'P' + make_id(1) + b' a@b.c\0'), b'K')
    s.kill()
    with open('boot_id', 'w') as f:
        f.write('00000000-1111-2222-3333-444444444444\n')
    s.start(['unshare', '-m', 'sh', '-c', 'mount --bind boot_id /proc/sys/kernel/random/boot_id && '
             'exec "$@"', 'sh'])
    check(s.client().ask(b'Q' + make_id(1) + b' a@b.c'), b'K2')


def write_file(path, data):
    with open(path, 'wb') as f:
        f.write(data)
        os.fsync(f.fileno())


def a_file_takes_the_place_of_its_record():
    s = Service()
    client, scheduler = s.client(), s.scheduler()
    for n in (1, 2, 3):
        check(client.message(make_id(n)), b'K' + make_id(n))
        scheduler.take()
    journal = s.home + '/queue/journal/'
    data = queue_file(b'hi\n', lines=b'1795430701 Z 0 4.2.0 not now\n')
    # the whole way
    write_file(journal + make_id(1).decode(), data)
    check(scheduler.ask(b'F' + make_id(1)), b'F' + make_id(1))
    os.rename(journal + make_id(1).decode(), s.home + '/queue/moved')
    # half of it: the scheduler dies before it has said so
    write_file(journal + make_id(2).decode(), data)
    scheduler.close()
    wait_for(lambda: s.new() == [make_id(2).decode()], 'the file to be published')
    scheduler = s.scheduler()
    check(scheduler.take()[0], make_id(3).decode() + '+')
    # and all die
    write_file(journal + make_id(3).decode(), data)
    s.restart()
    wait_for(lambda: s.new() == [make_id(2).decode(), make_id(3).decode()], 'the other file')
    scheduler = s.scheduler()
    check(scheduler.is_silent(), True, 'a message is there twice')
    with open(s.home + '/queue/new/' + make_id(3).decode(), 'rb') as f:
        check(f.read(), data)


def a_tool_gets_its_file():
    s = Service()
    client, tool = s.client(), s.client()
    check(tool.ask(b'X' + make_id(9)), b'K')
    for n in (1, 2):
        check(client.message(make_id(n)), b'K' + make_id(n))
    # nobody has it
    check(tool.ask(b'X' + make_id(1)), b'K')
    check(s.new(), [make_id(1).decode()])
    with open(s.home + '/queue/new/' + make_id(1).decode(), 'rb') as f:
        check(f.read(), queue_file(b'hi\n'))
    # the scheduler has it
    scheduler = s.scheduler()
    check(scheduler.take()[0], make_id(2).decode())
    tool.say(b'X' + make_id(2))
    check(scheduler.answer(), b'X' + make_id(2))
    scheduler.settle(make_id(2))
    check(tool.answer(), b'K')


def messages_become_files_without_a_scheduler():
    s = Service()
    client, scheduler = s.client(), s.scheduler()
    check(client.message(make_id(1)), b'K' + make_id(1))
    scheduler.take()
    scheduler.say(b'L' + make_id(1) + b'\0' + b'1795430701 Z 0 4.2.0 not now\n')
    check(client.message(make_id(2)), b'K' + make_id(2))
    scheduler.take()
    scheduler.close()
    check(client.message(make_id(3)), b'K' + make_id(3))
    names = [make_id(n).decode() for n in (1, 2, 3)]
    wait_for(lambda: s.new() == names, 'the files')
    lines = b'1795430701 Z 0 4.2.0 not now\n', b'\n', b''
    for name, line in zip(names, lines):
        with open(s.home + '/queue/new/' + name, 'rb') as f:
            check(f.read(), queue_file(b'hi\n', lines=line))
    for n in range(1000, 1450):
        client.begin(make_id(n))
        client.answer()
    wait_for(lambda: len(s.new()) == 453, 'all files')
    scheduler = s.scheduler()
    check(scheduler.is_silent(), True, 'a message is there twice')
    s.restart()
    scheduler = s.scheduler()
    check(scheduler.is_silent(), True, 'a message is there twice')
    check([f for f in os.listdir(s.home + '/queue/journal') if len(f) > 4], [])


def large_messages_are_files():
    s = Service()
    client, scheduler = s.client(), s.scheduler()
    for n, size in enumerate((65537, 1000000, 5000000)):
        body = os.urandom(size)
        check(client.message(make_id(n), body), b'K' + make_id(n))
        with open(s.file(n), 'rb') as f:
            check(f.read() == queue_file(body), True, 'the file is what was sent')
        check(client.message(make_id(n), body, chunk=10000), b'K' + make_id(n), 'asked again')
    envelope = b'Fa@b.c\0' + b''.join(b'Tr%d@c.d\0' % n for n in range(10000)) + b'\0'
    check(client.message(make_id(20), b'hi\n', envelope), b'K' + make_id(20))
    with open(s.file(20), 'rb') as f:
        check(f.read() == queue_file(b'hi\n', envelope), True, 'the file is what was sent')
    check(client.message(make_id(21)), b'K' + make_id(21))
    check(scheduler.take()[0], make_id(21).decode())
    check(client.message(make_id(22), b'x' * 100000, b'F\0\0'), b'Zthe envelope is malformed (#4.5.4)')
    wait_for(lambda: len(s.new()) == 4, 'the files')
    # many that are slow keep nobody waiting
    slow = [s.client() for _ in range(50)]
    for n, c in enumerate(slow):
        c.socket.sendall(netstring(b'M' + make_id(100 + n)) + b'100000:' + b'x' * 70000)
    check(client.message(make_id(23)), b'K' + make_id(23))
    for n, c in enumerate(slow[:25]):
        c.socket.sendall(b'x' * 30000 + b',0:,' + netstring(ENVELOPE))
        check(c.answer(), b'K' + make_id(100 + n))
    for c in slow:
        c.close()
    check(client.message(make_id(24)), b'K' + make_id(24))
    wait_for(lambda: len(s.new()) == 29, 'the files')


def what_is_asked_again_after_its_end_is_the_same():
    s = Service()
    client, scheduler = s.client(), s.scheduler()
    for n in (1, 2):
        check(client.message(make_id(n)), b'K' + make_id(n))
        scheduler.take()
    scheduler.settle(make_id(1))
    write_file(s.home + '/queue/journal/' + make_id(2).decode(), queue_file(b'hi\n'))
    check(scheduler.ask(b'F' + make_id(2)), b'F' + make_id(2))
    os.unlink(s.home + '/queue/journal/' + make_id(2).decode())
    for n in (1, 2):
        check(client.message(make_id(n)), b'K' + make_id(n), 'asked again')
    check(client.message(make_id(3)), b'K' + make_id(3))
    check(scheduler.take()[0], make_id(3).decode())
    check(scheduler.is_silent(), True, 'one comes twice')


def what_is_asked_again_after_a_crash_is_the_same():
    s = Service()
    client, scheduler, deliver = s.client(), s.scheduler(), s.client()
    large = b'x' * 100000
    for n in (1, 2):
        check(client.message(make_id(n)), b'K' + make_id(n))
        scheduler.take()
    scheduler.settle(make_id(1))
    write_file(s.home + '/queue/journal/' + make_id(2).decode(), queue_file(b'hi\n'))
    check(scheduler.ask(b'F' + make_id(2)), b'F' + make_id(2))
    os.unlink(s.home + '/queue/journal/' + make_id(2).decode())
    # files: one waits elsewhere, one is done, of one only that it was prepared is known
    for n in (3, 4, 5):
        check(client.message(make_id(n), large), b'K' + make_id(n))
        os.unlink(s.file(n))
    scheduler.settle(make_id(4))
    check(deliver.ask(b'P' + make_id(6) + b' a@b.c\0'), b'K')
    time.sleep(0.5)
    s.restart()
    client, scheduler = s.client(), s.scheduler()
    for n in (1, 2, 3, 4, 6):
        body = b'hi\n' if n < 3 else large
        check(client.message(make_id(n), body), b'K' + make_id(n), 'asked again')
    check(s.new(), [])
    check(client.message(make_id(7)), b'K' + make_id(7))
    check(scheduler.take()[0], make_id(7).decode())
    check(scheduler.is_silent(), True, 'one comes twice')


def what_was_refused_before_a_crash_may_come_again():
    s = Service()
    s.kill()
    s.start(['strace', '-qq', '-o', '/dev/null', '-e', 'trace=fdatasync',
             '-e', 'inject=fdatasync:error=EIO:when=2'])
    client = s.client()
    check(client.message(make_id(0)), b'K' + make_id(0))
    check(client.message(make_id(1)), b'Zunable to write to the queue (#4.3.0)')
    wait_for(lambda: client.message(make_id(2))[:1] == b'K', 'another segment')
    s.stop()
    s.start()
    client, scheduler = s.client(), s.scheduler()
    check(client.message(make_id(1)), b'K' + make_id(1))
    check(sorted(scheduler.take()[0][:24] for _ in range(3)),
          [make_id(n).decode() for n in range(3)])


def segments_are_used_again():
    s = Service(journalbytes=1572864)
    client, scheduler, deliver = s.client(), s.scheduler(), s.client()
    check(deliver.ask(b'P' + make_id(99999) + b' kept@b.c\0'), b'K')
    client.begin(make_id(0))
    for n in range(600):
        if n < 599:
            client.begin(make_id(n + 1), b'x' * 3000)
        check(client.answer(), b'K' + make_id(n))
        check(scheduler.take()[0], make_id(n).decode())
        scheduler.settle(make_id(n))
    check(len(s.slots()) <= 3, True, 'more slots than may be')
    check(client.message(make_id(5000)), b'K' + make_id(5000))
    time.sleep(0.4)
    s.restart()
    scheduler = s.scheduler()
    check(scheduler.take()[0], make_id(5000).decode() + '+')
    check(scheduler.is_silent(), True, 'what was settled is handed over')
    check(s.client().ask(b'Q' + make_id(99999) + b' kept@b.c'), b'K1', 'carried on')


def fill_up(s, client):
    """Messages until one is not answered; how many were.  There must be a scheduler: without
    one they become files after a while, without end."""
    n = 0
    client.socket.settimeout(8)  # a busy disk takes long, too
    try:
        while n < 100:
            client.begin(make_id(n), b'x' * 60000)
            check(client.answer(), b'K' + make_id(n))
            n += 1
    except TimeoutError:
        pass
    client.socket.settimeout(PATIENCE + 30)
    return n


def a_full_journal_holds_back_its_answers():
    s = Service(journalbytes=1572864)
    client, scheduler = s.client(), s.scheduler()
    n = fill_up(s, client)
    check(15 <= n <= 30, True, '%d messages fit' % n)
    others = [s.client() for _ in range(5)]
    for i, other in enumerate(others):
        other.begin(make_id(1000 + i), b'y' * 60000)
    for i in range(n):
        check(scheduler.take()[0], make_id(i).decode())
    scheduler.settle(*[make_id(i) for i in range(n)])
    check(client.answer(), b'K' + make_id(n))
    for i, other in enumerate(others):
        check(other.answer(), b'K' + make_id(1000 + i))
    s.restart()
    scheduler = s.scheduler()
    check(sorted(scheduler.take()[0] for _ in range(6)),
          sorted(make_id(i).decode() + '+' for i in [n] + list(range(1000, 1005))))


def what_comes_from_within_does_not_wait_for_a_full_journal():
    s = Service(journalbytes=1572864)
    client, inner, _scheduler = s.client(), s.client(), s.scheduler()
    fill_up(s, client)
    for n, envelope in ((9001, ENVELOPE[:7] + b'Porigin=' + make_id(1) + b'\0' + ENVELOPE[7:]),
                        (9002, b'F\0Tc@d.e\0\0')):
        begun = time.monotonic()
        check(inner.message(make_id(n), b'w' * 60000, envelope), b'K' + make_id(n))
        if time.monotonic() - begun > 30:
            sys.exit('it has waited')
        with open(s.file(n), 'rb') as f:
            check(f.read(), queue_file(b'w' * 60000, envelope))
    check(inner.ask(b'Q' + make_id(1) + b' a@b.c'), b'K0')


def what_is_in_the_journal_becomes_no_file_when_it_is_full():
    s = Service(journalbytes=1572864)
    client, inner, _scheduler = s.client(), s.client(), s.scheduler()
    check(inner.message(make_id(9001), b'w' * 60000, b'F\0Tc@d.e\0\0'), b'K' + make_id(9001))
    fill_up(s, client)
    check(inner.message(make_id(9001), b'w' * 60000, b'F\0Tc@d.e\0\0'), b'K' + make_id(9001))
    check(s.new(), [])


def what_is_becoming_a_file_does_not_go_to_the_journal():
    s = Service(journalbytes=1572864)
    s.kill()
    s.start(['strace', '-f', '-qq', '-o', '/dev/null', '-e', 'trace=fsync',
             '-e', 'inject=fsync:delay_enter=3000000'])
    client, a, b, scheduler = s.client(), s.client(), s.client(), s.scheduler(100)
    n = fill_up(s, client)
    a.begin(make_id(9001), b'w' * 60000, b'F\0Tc@d.e\0\0')
    time.sleep(1.5)
    for i in range(n):
        check(scheduler.take()[0], make_id(i).decode())
    scheduler.settle(*[make_id(i) for i in range(n)])
    check(client.answer(), b'K' + make_id(n))
    check(scheduler.take()[0], make_id(n).decode())
    check(b.message(make_id(9001), b'w' * 60000, b'F\0Tc@d.e\0\0'), b'K' + make_id(9001))
    check(a.answer(), b'K' + make_id(9001))
    check(scheduler.is_silent(), True, 'it is in the journal, too')
    s.file(9001)
    check(s.new(), [make_id(9001).decode()])


def what_is_becoming_a_file_does_not_become_another():
    s = Service(journalbytes=1572864)
    s.kill()
    s.start(['strace', '-f', '-qq', '-o', '/dev/null', '-e', 'trace=fsync',
             '-e', 'inject=fsync:delay_enter=1500000'])
    client, a, b, _scheduler = s.client(), s.client(), s.client(), s.scheduler()
    fill_up(s, client)
    a.begin(make_id(9001), b'w' * 60000, b'F\0Tc@d.e\0\0')
    time.sleep(1)
    b.begin(make_id(9001), b'w' * 60000, b'F\0Tc@d.e\0\0')
    os.unlink(s.file(9001))
    for c in a, b:
        check(c.answer(), b'K' + make_id(9001))
    time.sleep(0.5)
    check(s.new(), [], 'it is a file once more')


def a_large_one_that_comes_twice_at_a_time_is_one():
    s = Service()
    a, b, c, scheduler = s.client(), s.client(), s.client(), s.scheduler()
    a.socket.sendall(netstring(b'M' + make_id(1)) + b'100000:' + b'x' * 70000)
    time.sleep(0.3)
    for again in b, c:
        again.begin(make_id(1), b'x' * 100000)
    check(b.is_silent(), True, 'it is taken by two')
    a.socket.sendall(b'x' * 30000 + b',0:,' + netstring(ENVELOPE))
    check(a.answer(), b'K' + make_id(1))
    os.unlink(s.file(1))
    for again in b, c:
        check(again.answer(), b'K' + make_id(1))
    # whose first half has come to nothing
    a.socket.sendall(netstring(b'M' + make_id(2)) + b'100000:' + b'x' * 70000)
    time.sleep(0.3)
    b.begin(make_id(2), b'x' * 100000)
    a.close()
    check(b.answer(), b'K' + make_id(2))
    s.file(2)
    check(s.new(), [make_id(2).decode()])
    check(scheduler.is_silent(), True)


def a_large_one_is_known_wherever_a_kill_leaves_it():
    s = Service()
    for n in range(1, 6):
        client = s.client()
        check(client.message(make_id(n), b'x' * 100000), b'K' + make_id(n))
        wait_for(s.new, 'the file')
        s.kill()
        # it has been deferred meanwhile
        os.unlink(s.file(n))
        s.start()
        check(s.client().message(make_id(n), b'x' * 100000), b'K' + make_id(n))
        time.sleep(0.3)
        check(s.new(), [], 'it is a file once more')
    # of one who was killed before the service knew; it is found also when nobody asks
    for n in (7, 8):
        if n == 8:
            s.kill()
        write_file('%s/queue/journal/%s' % (s.home, make_id(n).decode()), queue_file(b'hi\n'))
        if n == 8:
            s.start()
        else:
            check(s.client().message(make_id(n)), b'K' + make_id(n))
        s.file(n)
        check(s.new(), [make_id(n).decode()])
        os.unlink(s.file(n))
        check(s.client().message(make_id(n)), b'K' + make_id(n))
    check(s.new(), [])
    check(s.scheduler().is_silent(), True, 'it is in the journal, too')


def what_was_injected_without_the_service_is_not_in_the_journal_too():
    s = Service()
    for n in (1, 2):
        check(s.client().message(make_id(n)), b'K' + make_id(n))
    s.kill()
    write_file('%s/queue/new/%s' % (s.home, make_id(1).decode()), queue_file(b'hi\n'))
    s.start()
    scheduler = s.scheduler()
    check(scheduler.take()[0], make_id(2).decode() + '+')
    check(scheduler.is_silent(), True, 'the other is there twice')
    check(s.new(), [make_id(1).decode()])


def a_full_journal_says_not_now_after_a_minute():
    s = Service(journalbytes=1572864)
    client, scheduler = s.client(), s.scheduler()
    n = fill_up(s, client)
    begun = time.monotonic()
    other = s.client()
    other.begin(make_id(1000), b'y' * 60000)
    check(client.answer(), b"Zthe queue's journal is full (#4.3.1)")
    check(other.answer()[:1], b'Z')
    check(40 < time.monotonic() - begun < 90, True, 'it took a minute')
    check(s.client().message(make_id(1001), b'y' * 60000), b"Zthe queue's journal is full (#4.3.1)")
    for i in range(n):
        check(scheduler.take()[0], make_id(i).decode())
    scheduler.settle(*[make_id(i) for i in range(n)])
    wait_for(lambda: s.client().message(make_id(1002))[:1] == b'K', 'room')
    check(scheduler.take()[0], make_id(1002).decode())


def write_messages(s, count):
    client = s.client()
    for n in range(count):
        check(client.message(make_id(n), b'%d\n' % n), b'K' + make_id(n))
    s.kill()
    return [p for p in s.slots() if open(p, 'rb').read(2 * BLOCK)[BLOCK:] != bytes(BLOCK)][0]


def what_is_damaged_is_kept_and_the_rest_goes_on():
    s = Service()
    slot = write_messages(s, 6)
    with open(slot, 'r+b') as f:
        f.seek(2 * BLOCK + 100)
        f.write(b'!')
        f.seek(4 * BLOCK + 10)
        f.write(b'!')
        f.seek(5 * BLOCK + 5)
        f.write(b'!')
    s.start()
    scheduler = s.scheduler()
    for n in (0, 2, 5):
        check(scheduler.take(), (make_id(n).decode() + '+', queue_file(b'%d\n' % n)))
    check(scheduler.is_silent(), True)
    bad = sorted(os.listdir(s.home + '/queue/bad'), key=lambda b: int(b.split('.')[2]))
    check([b.split('.')[2] for b in bad], [str(2 * BLOCK), str(4 * BLOCK)])
    check([os.path.getsize(s.home + '/queue/bad/' + b) for b in bad], [BLOCK, 2 * BLOCK])
    s.restart()
    check(sorted(os.listdir(s.home + '/queue/bad')), sorted(bad))


def what_is_damaged_at_the_end_of_a_segment_is_kept():
    s = Service()
    for n in range(3):
        check(s.client().message(make_id(n)), b'K' + make_id(n))
        s.restart()
    s.kill()
    with open(s.slots()[1], 'r+b') as f:
        f.seek(BLOCK + 100)
        f.write(b'!')
    s.start()
    scheduler = s.scheduler()
    for n in (0, 2):
        check(scheduler.take()[0], make_id(n).decode() + '+')
    check(scheduler.is_silent(), True)
    bad = os.listdir(s.home + '/queue/bad')
    check([b.split('.')[2] for b in bad], [str(BLOCK)])
    with open(s.home + '/queue/bad/' + bad[0], 'rb') as f:
        check(make_id(1) in f.read(), True, 'it is kept')
    s.restart()
    check(os.listdir(s.home + '/queue/bad'), bad)


def what_was_cut_is_no_damage():
    s = Service()
    slot = write_messages(s, 3)
    with open(slot, 'r+b') as f:
        f.seek(3 * BLOCK + 60)
        f.write(bytes(1000))
    s.start()
    scheduler = s.scheduler()
    for n in (0, 1):
        check(scheduler.take()[0], make_id(n).decode() + '+')
    check(scheduler.is_silent(), True)
    check(os.listdir(s.home + '/queue/bad'), [])
    # nor is it later, with something behind it
    check(s.client().message(make_id(3)), b'K' + make_id(3))
    s.restart()
    check(os.listdir(s.home + '/queue/bad'), [])


def a_segment_without_a_head_is_kept():
    s = Service()
    slot = write_messages(s, 3)
    with open(slot, 'r+b') as f:
        f.write(b'x')
    s.start()
    check(os.listdir(s.home + '/queue/bad'), ['journal.' + os.path.basename(slot)])
    check(s.client().message(make_id(9)), b'K' + make_id(9))
    s.restart()
    check(s.scheduler().take()[0], make_id(9).decode() + '+')


def a_disk_that_fails_once_loses_nothing():
    s = Service()
    s.kill()
    s.start(['strace', '-qq', '-o', '/dev/null', '-e', 'trace=fdatasync',
             '-e', 'inject=fdatasync:error=EIO:when=3'])
    client, scheduler = s.client(), s.scheduler()
    for n in range(6):
        check(client.message(make_id(n)), b'K' + make_id(n) if n != 2 else
              b'Zunable to write to the queue (#4.3.0)')
        if n == 2:
            wait_for(lambda: client.message(make_id(2))[:1] == b'K', 'another segment')
    for n in range(6):
        check(scheduler.take()[0], make_id(n).decode())
    check(scheduler.is_silent(), True)
    s.stop()
    s.start()
    scheduler = s.scheduler()
    check(sorted(scheduler.take()[0] for _ in range(6)),
          [make_id(n).decode() + '+' for n in range(6)])
    check(scheduler.is_silent(), True, 'a message is there twice')


def what_is_settled_after_a_disk_failed_stays_so():
    """A segment in which nothing could be written is not written to after later ones."""
    s = Service()
    # it keeps its segment, the oldest, from being used again
    check(s.client().message(make_id(0)), b'K' + make_id(0))
    s.kill()
    s.start(['strace', '-qq', '-o', '/dev/null', '-e', 'trace=pwrite64',
             '-e', 'inject=pwrite64:error=EIO:when=1'])
    client = s.client()
    check(client.message(make_id(1)), b'Zunable to write to the queue (#4.3.0)')
    wait_for(lambda: client.message(make_id(2))[:1] == b'K', 'another segment')
    s.stop()
    s.start()
    scheduler = s.scheduler()
    check([scheduler.take()[0] for _ in range(2)],
          [make_id(n).decode() + '+' for n in (0, 2)])
    scheduler.settle(make_id(2))
    scheduler.say(b'F' + make_id(3))
    check(scheduler.answer(), b'F' + make_id(3), 'it is on the disk')
    s.restart()
    scheduler = s.scheduler()
    check(scheduler.take()[0], make_id(0).decode() + '+')
    check(scheduler.is_silent(), True, 'what is settled comes again')


def a_full_disk_is_not_now():
    s = Service(journalbytes=1572864)
    s.kill()
    for path in s.slots():
        os.unlink(path)
    s.start(['prlimit', '--fsize=100000:'])
    client = s.client()
    check(client.message(make_id(1))[:1], b'Z')
    check(client.message(make_id(2), b'x' * 200000)[:1], b'Z')
    client = s.client()
    check(client.message(make_id(3))[:1], b'Z')
    subprocess.check_call(['prlimit', '--fsize=10000000:', '-p', str(s.process.pid)])
    wait_for(lambda: client.message(make_id(4))[:1] == b'K', 'room')
    check(client.message(make_id(5), b'x' * 200000), b'K' + make_id(5))
    s.restart()
    check(s.scheduler().take()[0], make_id(4).decode() + '+')
    s.file(5)
    check(s.new(), [make_id(5).decode()])


def a_full_disk_holds_back_no_message_that_can_be_handed_over():
    s = Service()
    s.kill()
    s.start(['strace', '-f', '-qq', '-o', '/dev/null', '-e', 'trace=linkat',
             '-e', 'inject=linkat:error=ENOSPC'])
    client, scheduler, tool = s.client(), s.scheduler(window=1), s.client()
    for n in range(1, 4):
        check(client.message(make_id(n)), b'K' + make_id(n))
    check(scheduler.take()[0], make_id(1).decode())
    tool.say(b'X' + make_id(3))
    wait_for(lambda: 'unable to write files of messages' in s.said(), 'a failure')
    for n in range(1, 3):
        scheduler.settle(make_id(n))
        check(scheduler.take()[0], make_id(n + 1).decode())
    check(scheduler.answer(), b'X' + make_id(3), 'the file is wanted')
    scheduler.settle(make_id(3))
    check(tool.answer(), b'K')


def what_cannot_be_moved_to_its_place_is_moved_later():
    s = Service()
    s.kill()
    s.start(['strace', '-qq', '-o', '/dev/null', '-e', 'trace=renameat2',
             '-e', 'inject=renameat2:error=ENOSPC:when=1'])
    client, scheduler = s.client(), s.scheduler()
    check(client.message(make_id(1), b'x' * 200000), b'K' + make_id(1))
    wait_for(lambda: 'unable to move' in s.said(), 'a failure')
    # no other waits for that
    client = s.client()
    check(client.message(make_id(2)), b'K' + make_id(2))
    check(scheduler.take()[0], make_id(2).decode())
    s.file(1)


def bad_clients_cost_nobody_else_their_service():
    s = Service()
    good, scheduler, kept = s.client(), s.scheduler(), []

    def still_good(n):
        check(good.message(make_id(n)), b'K' + make_id(n))
        taken = scheduler.take()[0]
        while taken in deaf_ids:
            scheduler.settle(taken.encode())
            taken = scheduler.take()[0]
        check(taken, make_id(n).decode())
        scheduler.settle(make_id(n))

    # their messages are taken when they are read before the end of the connection is seen
    deaf_ids = [make_id(300 + n).decode() for n in range(20)]
    for n, bytes_ in enumerate((
            b'x', b'0:,', b'99999999999999', b'1:Z,', b'5:Mabcd,', b'4:SELF,',
            netstring(b'S' + make_id(1)), netstring(b'L' + make_id(1) + b'\0x'),
            netstring(b'F' + make_id(1)), b'2:Rx,', b'1:P,', b'1:Q,', b'1:X,',
            netstring(b'P' + make_id(1) + b' a@b'), netstring(b'Q' + make_id(1)),
            netstring(b'M') + b'1048577:', netstring(b'M') + b'1:xy',
            netstring(b'M') + b'0:,16777217:')):
        bad = s.client()
        bad.socket.sendall(bytes_)
        check(bad.answer(), b'', repr(bytes_))
        still_good(100 + n)
    for n, bytes_ in enumerate((
            b'', b'2', b'25:M', netstring(b'M'), netstring(b'M') + b'100:xxx',
            netstring(b'M') + b'3:abc,0:,', netstring(b'M') + b'0:,10:Fa\0',
            netstring(b'M') + b'0:,16000000:' + b'x' * 200000)):
        dying, stalling = s.client(), s.client()
        dying.socket.sendall(bytes_)
        stalling.socket.sendall(bytes_)
        kept.append(stalling)
        dying.close()
        still_good(200 + n)
    for letter in b'KMZ':
        bad = s.client()
        bad.socket.sendall(netstring(bytes([letter]) * 60000))
        check(bad.answer(), b'')
    # nobody takes the answer
    for n in range(20):
        deaf = s.client()
        deaf.begin(make_id(300 + n))
        deaf.close()
    still_good(400)
    for n, envelope in enumerate((b'', b'F', b'F\0', b'F\0\0', b'Tc@d.e\0\0', b'x' * 100)):
        check(good.message(make_id(500 + n), b'hi\n', envelope)[:1], b'Z', repr(envelope))
    check(good.message(make_id(510), b'', b'F\0T' + b'x' * 1010 + b'\0\0'),
          b'Dan address is too long (#5.1.3)')
    check(good.message(make_id(511), b'', b'F\0Ta\x9b@b.c\0\0')[:1], b'D')
    check(s.new(), [])


def a_thousand_connections_are_too_many():
    s = Service()
    busy, scheduler = s.client(), s.scheduler()
    busy.socket.sendall(netstring(b'M' + make_id(1)))
    idle = [s.client() for _ in range(700)]
    # the last ones are served, and who was in the middle of something, and the scheduler
    check(idle[-1].message(make_id(2)), b'K' + make_id(2))
    check(scheduler.take()[0], make_id(2).decode())
    check(idle[0].answer(), b'')
    busy.say(b'', ENVELOPE)
    check(busy.answer(), b'K' + make_id(1))


def endless_envelopes_keep_nobody_waiting():
    s = Service()
    good, scheduler = s.client(), s.scheduler()
    bad = [s.client() for _ in range(8)]
    for c in bad:
        c.socket.sendall(netstring(b'M') + b'0:,16777216:Fa@b.c\0')
    piece = b'Tc@d.e\0' * 10000

    def send(c, bytes_):
        try:
            c.socket.sendall(bytes_)
        except (BrokenPipeError, ConnectionResetError):
            pass  # one at a time is enough

    for n in range(20):
        for c in bad:
            send(c, piece)
        check(good.message(make_id(n)), b'K' + make_id(n))
        check(scheduler.take()[0], make_id(n).decode())
        scheduler.settle(make_id(n))
        check(good.message(make_id(100 + n), b'x' * 100000), b'K' + make_id(100 + n))
    # whole, it is more than anybody takes
    for c in bad:
        rest = 16777216 - len(b'Fa@b.c\0') - 20 * len(piece)
        send(c, b'Tc@d.e\0' * (rest // 7) + b'x' * (rest % 7) + b',')
        check(c.answer()[:1] in (b'Z', b'D'), True, 'an endless envelope')
        c.close()
    wait_for(lambda: len(s.new()) == 20, 'the files')
    check(good.message(make_id(200)), b'K' + make_id(200))


def all_envelopes_together_are_bounded():
    s = Service()
    crowded = netstring(b'Ztoo many large envelopes are on their way (#4.3.1)')
    envelope = b'F\0' + b''.join(b'Tr%d@c.d\0' % n for n in range(300000)) + b'\0'

    def long_one(n):
        c = s.client()
        # how long it is to be is what counts, and not what has come of it
        c.socket.sendall(netstring(b'M' + make_id(n)) + b'0:,16000000:Fa@b.c\0')
        return c

    def one_is_left():
        """Of many that come at a time; all may be told that there is no room."""
        waiting = [long_one(n) for n in range(21)]
        while len(waiting) > 1:
            for c in select.select([c.socket for c in waiting], [], [], PATIENCE)[0]:
                check(c.recv(1000), crowded)
                waiting = [w for w in waiting if w.socket != c]
        return waiting if waiting and waiting[0].is_silent(2) else []

    def is_taken(n):
        try:
            return s.client().message(make_id(n), b'hi\n', envelope)[:1] == b'K'
        except (BrokenPipeError, ConnectionResetError):
            return False

    left = wait_for(one_is_left, 'one that has room')[0]
    check(is_taken(50), False, 'another long one')
    short = b'F\0' + b''.join(b'Tr%d@c.d\0' % n for n in range(6000)) + b'\0'
    check(s.client().message(make_id(51), b'hi\n', short), b'K' + make_id(51))
    check(left.is_silent(), True, 'the one that was there has to leave')
    left.close()
    wait_for(lambda: is_taken(52), 'room')
    s.file(52)
    # whoever was killed does not count any more
    left = wait_for(one_is_left, 'one that has room')
    subprocess.call(['pkill', '-KILL', '-P', str(s.process.pid)])
    wait_for(lambda: is_taken(53), 'room')


def one_user_leaves_room_for_others():
    if os.geteuid() != 0:
        sys.exit(77)
    s = Service(QUEUE_CLIENTS='12345')
    os.chmod('.', 0o755)
    os.chmod(s.path, 0o777)
    scheduler, kept = s.scheduler(), []
    end = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        os.setgroups([])
        os.setuid(12345)
        # as many as may be, each in the middle of a message, large or small
        refused = b''
        while not refused:
            c = s.client()
            c.socket.settimeout(0.1 if len(kept) >= 500 else PATIENCE)
            try:
                c.socket.sendall(netstring(b'M') + b'100000:' + b'x' * (70000 if len(kept) < 450 else 1))
                # who has not been heard yet may still make room for another
                refused = c.answer() if len(kept) >= 500 else b''
            except (BrokenPipeError, ConnectionResetError, TimeoutError):
                pass
            kept.append(c)
        end[0].sendall(refused)
        end[0].recv(1)
        os._exit(0)
    refused = end[1].recv(1000)
    good = s.client()
    check(good.message(make_id(1)), b'K' + make_id(1))
    check(scheduler.take()[0], make_id(1).decode())
    check(good.message(make_id(2), b'y' * 100000), b'K' + make_id(2))
    s.file(2)
    check(s.new(), [make_id(2).decode()])
    check(refused, b'Ztoo many are connected to the queue (#4.3.2)')
    end[1].sendall(b'x')
    os.waitpid(pid, 0)
    wait_for(lambda: good.message(make_id(3), b'y' * 100000) == b'K' + make_id(3), 'the end')


def strangers_may_not_connect():
    if os.geteuid() != 0:
        sys.exit(77)
    s = Service(QUEUE_CLIENTS=' 12345 12346\n')
    os.chmod('.', 0o755)
    os.chmod(s.path, 0o777)

    def play(uid):
        os.setgroups([])
        os.setuid(uid)
        c = s.client()
        c.socket.settimeout(5)
        if uid not in (12345, 12346):
            check(c.answer(), b'Zyou may not connect to the queue (#4.3.0)')
            check(c.answer(), b'')
            return
        check(c.message(make_id(uid)), b'K' + make_id(uid))
        for text in (b'R10', b'Q' + make_id(1) + b' a@b', b'P' + make_id(1) + b' a@b\0',
                     b'X' + make_id(1), b'S' + make_id(1)):
            c = s.client()
            check(c.ask(text), b'', repr(text))

    for uid in (12345, 12346, 12347):
        pid = os.fork()
        if pid == 0:
            try:
                play(uid)
            except SystemExit as e:
                print(uid, e, file=sys.stderr)
                os._exit(1)
            os._exit(0)
        check(os.waitpid(pid, 0)[1], 0, 'uid %d' % uid)


def kills_lose_nothing_and_make_nothing_twice():
    """Messages in several sizes, kills: each that was answered comes, settled ones never again."""
    s = Service(journalbytes=64000000)
    answered, settled, n = set(), set(), 0
    for turn in range(12):
        client, scheduler = s.client(), s.scheduler(100000)
        end, most = time.monotonic() + 0.2, n + 300  # for all that is not settled there is room
        while time.monotonic() < end and n < most:
            client.begin(make_id(n), b'%d\n' % n * (n % 500))
            check(client.answer(), b'K' + make_id(n))
            answered.add(make_id(n).decode())
            n += 1
            id = scheduler.take()[0].rstrip('+')
            check(id in settled, False, 'settled, it comes again')
            if n % 5:
                scheduler.settle(id.encode())
                settled.add(id)
        if turn % 2:
            # what was settled in the last moments might come again
            time.sleep(0.4)
        else:
            scheduler.say(b'F' + make_id(999999))
            wait_for(lambda: scheduler.take()[0].startswith('F'), 'an answer')
        s.restart()
    scheduler = s.scheduler(100000)
    got = {scheduler.take()[0] for _ in answered - settled}
    check(got, {id + '+' for id in answered - settled})
    check(scheduler.is_silent(), True, 'more come')


def stuck_messages_do_not_keep_all_others_out():
    s = Service(journalbytes=1572864)
    client, scheduler = s.client(), s.scheduler()
    check(client.message(make_id(1)), b'K' + make_id(1))
    scheduler.take()
    asked = False
    for n in range(2, 60):
        client.begin(make_id(n), b'x' * 60000)
        text = scheduler.answer()
        if text == b'X' + make_id(1):
            asked = True
            scheduler.settle(make_id(1))
            text = scheduler.answer()
        check(text, b'M' + make_id(n))
        os.close(scheduler.fds.pop(0))
        scheduler.settle(make_id(n))
        check(client.answer(), b'K' + make_id(n))
    check(asked, True, 'the file is wanted')


if __name__ == '__main__':
    try:
        globals()[sys.argv[1]]()
    finally:
        for service in SERVICES:
            service.stop()
