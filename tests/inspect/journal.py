#!/usr/bin/env python3
"""journal.py CASE: what the tools make of messages that stand only in the journal of a queue-serve.

The functions below whose name has no underscore at its beginning and that take no argument are the
cases.
"""
import collections
import json
import os
import random
import re
import socket
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'accept'))

from serve import BLOCK, PATIENCE, SERVICES, Service, check, make_id, queue_file, wait_for

FAR = b'Feve@far.test\0PAUTHUSER=eve\0Tbob@far.test\0Tann@b.test\0\0'


class Home:
    """A service whose messages stay in the journal: its scheduler takes none, unless it is told."""

    def __init__(self, window=0, **options):
        self.service = Service(**options)
        self.home = self.service.home
        # where the tools have a folder
        os.rename(self.service.log, self.home + '/service.log')
        os.mkdir(self.home + '/log')
        self.service.log = self.home + '/service.log'
        for folder in ('queue/later/9999999999', 'queue/hold', 'queue/paused'):
            os.makedirs(os.path.join(self.home, folder), exist_ok=True)
        self.client = self.service.client()
        self.scheduler = self.service.scheduler(window)

    def give(self, *numbers, message=b'Subject: x\n\nhi\n', envelope=FAR):
        for n in numbers:
            check(self.client.message(make_id(n), message, envelope), b'K' + make_id(n))

    def run(self, *words, status=0, stderr=None):
        """What a tool says; its exit code and what it complains of are looked at."""
        env = dict(self.service.env, SUDO_USER='tester')
        done = subprocess.run(words, env=env, capture_output=True, timeout=9 * PATIENCE)
        said = done.stderr.decode(errors='replace')
        check(done.returncode, status, '%s: %s' % (' '.join(words), said))
        if stderr is None:
            check(said, '', ' '.join(words))
        elif not re.search(stderr, said):
            sys.exit('%s: %s' % (' '.join(words), said))
        self.said = said
        return done.stdout

    def rows(self, *words, **expected):
        return [json.loads(line) for line in self.run('queue-list', '-j', *words, **expected).splitlines()]

    def listed(self, *words, **expected):
        """(number, place) of all messages that are listed."""
        return [(int(row['id'][11:]), row['place']) for row in self.rows(*words, **expected)]

    def settle(self, *numbers):
        self.scheduler.settle(*[make_id(n) for n in numbers])
        self.scheduler.say(b'F' + make_id(999999))
        check(self.scheduler.answer(), b'F' + make_id(999999))

    def journal(self, name=''):
        return os.path.join(self.home, 'queue/journal', name)

    def stop(self):
        """The service ends, as a kill lets it."""
        self.scheduler.close()
        self.service.kill()

    def segment(self):
        """The segment that has been written to."""
        for path in self.service.slots():
            with open(path, 'rb') as f:
                if f.read(2 * BLOCK)[BLOCK:] != bytes(BLOCK):
                    return path
        return sys.exit('nothing is written')

    def generation(self):
        """That of the newest segment."""
        newest = 0
        for path in self.service.slots():
            with open(path, 'rb') as f:
                newest = max(newest, int.from_bytes(f.read(24)[16:], 'little'))
        return newest

    def harm(self, block, at=100, data=b'!'):
        with open(self.segment(), 'r+b') as f:
            f.seek(block * BLOCK + at)
            f.write(data)


def name(n):
    return make_id(n).decode()


def write(path, data):
    with open(path, 'wb') as f:
        f.write(data)


# The cases.

def what_is_in_the_journal_is_listed():
    h = Home()
    h.give(1, 2, 3)
    write(h.home + '/queue/new/' + name(4), queue_file(b'hi\n'))
    check(h.listed(), [(1, 'journal'), (2, 'journal'), (3, 'journal'), (4, 'new')])
    check(h.listed('state=journal'), [(1, 'journal'), (2, 'journal'), (3, 'journal')])
    check(h.listed('state=new'), [(4, 'new')])
    check(h.listed(name(2), name(4)), [(2, 'journal'), (4, 'new')])
    check(h.listed('-s', 'age', 'sender=eve@far.test'),
          [(1, 'journal'), (2, 'journal'), (3, 'journal')])
    row = h.rows(name(1))[0]
    check((row['size'], row['sender'], row['tries']), (15, 'eve@far.test', 0))
    check(row['recipients'], [{'address': 'bob@far.test', 'state': 'waiting', 'tries': 0},
                              {'address': 'ann@b.test', 'state': 'waiting', 'tries': 0}])
    check(h.rows('domain=b.test', 'user=eve', name(1))[0]['others'], 1)
    h.settle(2)
    check(h.listed('state=journal'), [(1, 'journal'), (3, 'journal')])
    h.run('queue-list', name(2), status=100, stderr='no such message')
    counts = {row['destination']: row for row in
              (json.loads(line) for line in h.run('queue-list', '-cj').splitlines())}
    check(counts['far.test']['messages'], 2)
    check(counts['d.e']['messages'], 1)


def what_the_scheduler_has_is_listed_with_its_lines():
    h = Home(window=10)
    h.give(1, message=b'Subject: x\n\n' + b'y' * 5000)
    h.scheduler.take()
    h.scheduler.say(b'L' + make_id(1) + b'\0' + b'1795430701 K 0 2.0.0 done\n')
    h.scheduler.say(b'L' + make_id(1) + b'\0' + b'1795430702 Z 1 4.2.0 full\n')
    h.scheduler.say(b'F' + make_id(2))
    check(h.scheduler.answer(), b'F' + make_id(2))
    row = h.rows()[0]
    check([r['state'] for r in row['recipients']], ['delivered', 'deferred'])
    check(row['recipients'][1]['text'], 'full')
    shown = h.run('queue-show', name(1)).decode()
    for words in ('in queue/journal/%s, not yet a file' % name(1), 'from <eve@far.test>', 'Subject: x',
                  'AUTHUSER eve', 'bob@far.test is delivered: 2.0.0 done',
                  'ann@b.test is deferred: 4.2.0 full'):
        check(words in shown, True, words + ' in ' + shown)
    check(h.run('queue-show', '-m', name(1)), b'Subject: x\n\n' + b'y' * 5000)


def a_file_on_its_way_is_listed_once():
    h = Home(window=10)
    h.give(1, 2)
    h.scheduler.take()
    h.scheduler.take()
    data = queue_file(b'hi\n', lines=b'1795430701 Z 0 4.2.0 not now\n')
    write(h.journal(name(1)), data)
    check(h.listed(), [(1, 'journal'), (2, 'journal')])
    check(h.scheduler.ask(b'F' + make_id(1)), b'F' + make_id(1))
    check(sorted(h.listed()), [(1, 'journal'), (2, 'journal')])
    check(h.rows(name(1))[0]['tries'], 1)
    os.rename(h.journal(name(1)), h.home + '/queue/later/9999999999/' + name(1))
    check(h.listed(), [(2, 'journal'), (1, 'later')])


def messages_are_edited_as_files():
    h = Home()
    h.give(*range(1, 9))
    said = h.run('queue-edit', '-n', 'remove', 'recipient=bob@far.test', name(1)).decode()
    check('would remove %s bob@far.test' % name(1) in said, True, said)
    h.run('queue-edit', 'release', name(1), status=100, stderr='it is not held')
    check(len(h.listed('state=journal')), 8)
    h.run('queue-edit', 'hold', name(1), stderr='event=held')
    check(h.listed(name(1)), [(1, 'hold')])
    h.run('queue-edit', 'remove', name(2), stderr='event=done')
    h.run('queue-edit', 'remove', 'recipient=bob@far.test', name(3), stderr='event=removed')
    h.run('queue-edit', 'redirect', 'bob@far.test', 'joe@b.test', name(4), stderr='event=redirected')
    h.run('queue-edit', 'retry', name(5), stderr='event=retried')
    h.run('queue-edit', '-m', 'no', 'bounce', name(6), stderr='event=delivery')
    check(h.listed('state=journal,hold'), [(7, 'journal'), (8, 'journal'), (1, 'hold')])
    check(sorted(h.listed('state=new')), [(n, 'new') for n in (3, 4, 5, 6)])
    check([r['state'] for r in h.rows(name(3))[0]['recipients']], ['removed', 'waiting'])
    check(h.rows(name(4))[0]['recipients'][0]['address'], 'joe@b.test')
    check([r['state'] for r in h.rows(name(6))[0]['recipients']], ['failed', 'failed'])
    h.run('queue-edit', 'hold', 'all', stderr='event=held')
    check({place for _, place in h.listed()}, {'hold'})


def many_are_edited_at_once():
    h = Home()
    for n in range(1, 301):
        h.client.begin(make_id(n), b'hi\n', FAR)
        h.client.answer()
    said = h.run('queue-edit', 'hold', 'user=eve', stderr='event=held').decode()
    check(said, 'hold: 300 messages, 600 recipients\n')
    check(sorted(h.listed()), [(n, 'hold') for n in range(1, 301)])


def a_scheduler_is_asked_for_the_file():
    h = Home(window=10)
    h.give(1, 2)
    h.scheduler.take()
    h.scheduler.take()

    def schedule():
        for n in 1, 2:
            check(h.scheduler.answer(), b'X' + make_id(n))
            if n == 2:  # it was delivered
                h.scheduler.settle(make_id(n))
                continue
            write(h.journal(name(n)), queue_file(b'hi\n', FAR))
            check(h.scheduler.ask(b'F' + make_id(n)), b'F' + make_id(n))
            time.sleep(0.3)
            os.rename(h.journal(name(n)), h.home + '/queue/new/' + name(n))

    thread = threading.Thread(target=schedule)
    thread.start()
    h.run('queue-edit', 'hold', name(1), stderr='event=held')
    h.run('queue-edit', 'hold', name(2), status=100, stderr='has left the queue meanwhile')
    thread.join(PATIENCE)
    check(h.listed(), [(1, 'hold')])


def the_scheduler_gives_its_messages_as_files():
    h = Home()
    h.scheduler.close()
    for control, line in (('me', b'mx.test'), ('domains', b'b.test'), ('defaultdomain', b'b.test')):
        write('%s/control/%s' % (h.home, control), line + b'\n')
    os.mkdir(h.home + '/users')
    os.mkfifo(h.home + '/queue/trigger')
    with open(h.home + '/run.log', 'ab') as log:
        queue_run = subprocess.Popen(['queue-run', 'false'], env=h.service.env,
                                     stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        h.give(*range(1, 41))
        h.run('queue-edit', '-w', '60', 'hold', 'user=eve', stderr='event=held')
        check(sorted(h.listed()), [(n, 'hold') for n in range(1, 41)])
        h.give(41)
        h.run('queue-edit', '-w', '60', 'remove', name(41), stderr='event=done')
        check(len(h.listed()), 40)
    finally:
        queue_run.terminate()
        queue_run.wait(PATIENCE)


def a_busy_scheduler_is_told_of():
    h = Home(window=10)
    h.give(1)
    h.scheduler.take()
    h.run('queue-edit', 'hold', name(1), status=111, stderr='still being worked on')
    check(h.listed(), [(1, 'journal')])


def without_the_service_nothing_is_edited():
    h = Home()
    h.give(1, 2)
    h.stop()
    check(h.listed(), [(1, 'journal'), (2, 'journal')])
    for words in (name(1),), ('all',):
        h.run('queue-edit', 'remove', *words, status=111,
              stderr='only in the journal of queue-serve, which does not run, .*start it')
    os.unlink(h.service.path)
    h.run('queue-edit', 'remove', 'all', status=111, stderr='start it')
    check(h.listed(), [(1, 'journal'), (2, 'journal')])
    check(os.listdir(h.home + '/queue/new'), [])


def a_queue_without_a_journal_is_as_ever():
    h = Home()
    h.stop()
    for path in os.listdir(h.journal()):
        os.unlink(h.journal(path))
    os.rmdir(h.journal())
    write(h.home + '/queue/new/' + name(4), queue_file(b'hi\n'))
    check(h.listed(), [(4, 'new')])
    check(h.listed(name(4)), [(4, 'new')])
    h.run('queue-list', name(5), status=100, stderr='no such message')


def a_torn_tail_is_no_damage():
    h = Home()
    h.give(1, 2, 3)
    h.stop()
    with open(h.segment(), 'rb') as f:
        batch = f.read(4 * BLOCK)[3 * BLOCK:]
    # a batch that is being written: one half of it, or one that is not of this use of the segment
    for data in (batch[:60], batch[:8] + b'x' * 2000, os.urandom(2 * BLOCK)):
        h.harm(4, 0, data)
        check([n for n, _ in h.listed()], [1, 2, 3])
    h.run('queue-check', status=100, stderr='event=checked')
    check('journal/0' in h.said, False, h.said)


def what_is_damaged_is_told_and_the_rest_listed():
    h = Home()
    h.give(*range(1, 7))
    h.stop()
    h.harm(2, 160)  # in the message
    h.harm(4)
    h.harm(5)
    slot = os.path.relpath(h.segment(), h.home)
    stderr = slot + ': damaged from byte 8192 to 12288\n.*' + slot + ': damaged from byte 16384 to 24576\n'
    check([n for n, _ in h.listed(status=111, stderr=stderr)], [1, 3, 6])
    check(h.listed(name(3), status=111, stderr=stderr), [(3, 'journal')])
    h.run('queue-check', status=100, stderr='event=found file=%s why="damaged from byte 8192 to' % slot)
    # as the service keeps it
    h.service.start()
    h.scheduler = h.service.scheduler(0)
    parts = sorted(f for f in os.listdir(h.home + '/queue/bad') if f.startswith('journal.'))
    check(len(parts), 2)
    rows = h.rows('state=bad')
    check(sorted((row['file'], row['why']) for row in rows),
          [(part, 'a part of the journal that could not be read') for part in parts])
    h.run('queue-check', status=100, stderr='event=noted file=queue/bad/' + re.escape(parts[0]))
    check('id=%s at=queue-check event=noted' % name(2) in h.said, True, h.said)


def what_is_no_segment_is_told():
    h = Home()
    h.give(1)
    h.stop()
    write(h.journal('07'), b'nonsense')
    os.mkdir(h.journal('08'))
    os.symlink('/etc/passwd', h.journal('09'))
    stderr = '07: no head of a segment\n.*08: not a regular file\n.*09: not a regular file\n'
    check([n for n, _ in h.listed(status=111, stderr=stderr)], [1])


def strangers_in_the_journal_are_found():
    h = Home()
    h.give(1, 2)
    h.run('queue-check', '-r', status=100, stderr='event=checked')
    h.run('queue-check', stderr='checked messages=2 found=0')
    h.service.kill()
    old = time.time() - 7200
    for path, data in (('README', b'x'), ('tmp.x', b'x'), ('03.tmp', b'x' * 5000), ('04.tmp', b'x'),
                       (name(8), queue_file(b'hi\n')), (name(1), b'cut'), ('7', b'')):
        write(h.journal(path), data)
        os.chmod(h.journal(path), 0o600)
        if path != '04.tmp':
            os.utime(h.journal(path), (old, old))
    os.chmod(h.segment(), 0o644)
    faults = {'README': 'not a part of the journal', '7': 'not a part of the journal',
              'tmp.x': 'left unfinished', '03.tmp': 'left unfinished', name(1): 'no message'}
    h.run('queue-check', status=100, stderr='event=checked')
    for path, why in faults.items():
        check(bool(re.search('event=found file=queue/journal/%s why="?%s' % (path, why), h.said)), True,
              path + ' in ' + h.said)
    check('why="not the mode' in h.said, True, h.said)
    check(name(8) in h.said or '04.tmp' in h.said, False, h.said)
    check('messages=3' in h.said, True, h.said)
    h.run('queue-check', '-r', status=100, stderr='repaired=%d' % (len(faults) + 1))
    check(sorted(os.listdir(h.home + '/queue/bad')), sorted(['README', '7', 'tmp.x', name(1)]))
    check(os.path.exists(h.journal('03.tmp')), False)
    h.run('queue-check', stderr='found=0')
    h.service.start()
    h.scheduler = h.service.scheduler(0)
    wait_for(lambda: h.service.new() == [name(8)], 'the file that was complete')
    check(h.listed('state=journal,new'), [(1, 'journal'), (2, 'journal'), (8, 'new')])


def a_file_beside_its_record_takes_its_place():
    h = Home()
    h.run('queue-check', '-r', status=100, stderr='event=checked')
    h.give(1, 2)
    path = h.home + '/queue/later/9999999999/' + name(1)
    write(path, queue_file(b'hi\n', FAR, b'1795430701 Z 1 4.2.0 full\n'))
    os.chmod(path, 0o660)
    time.sleep(2.1)  # so that it is older than the look at it, in seconds
    h.run('queue-check', status=100, stderr='file=queue/later/9999999999/%s why="it stands in the journal' % name(1))
    check(os.path.exists(path), True)
    h.run('queue-check', '-r', status=111, stderr='while queue-serve runs')
    check(os.path.exists(path), True)
    h.stop()
    h.run('queue-check', '-r', status=100, stderr='messages=2 found=1 repaired=1')
    check(h.listed(), [(1, 'journal'), (2, 'journal')])
    h.service.start()
    h.scheduler = h.service.scheduler(0)
    wait_for(lambda: h.service.new() == [name(1)], 'the file')
    check(h.listed(), [(2, 'journal'), (1, 'new')])
    check(h.rows(name(1))[0]['tries'], 1)


def a_lock_that_is_none_is_found():
    h = Home()
    h.run('queue-check', '-r', status=100, stderr='event=checked')
    h.service.kill()
    os.unlink(h.journal('lock'))
    os.mkdir(h.journal('lock'))
    os.symlink('/etc/passwd', h.home + '/queue/lock')
    h.run('queue-check', status=100, stderr='file=queue/journal/lock why="not a regular file')
    check('file=queue/lock why="not a regular file' in h.said, True, h.said)
    h.run('queue-check', '-r', status=100, stderr='repaired=2')
    h.run('queue-check', stderr='found=0')
    h.service.start()


class _Movers:
    """One who gives messages, and a scheduler: some are delivered, others become files, that move on."""

    def __init__(self, h):
        self.h, self.fates, self.answered, self.wrong = h, {}, [], []
        self.done, self.lock = threading.Event(), threading.Lock()
        self.threads = [threading.Thread(target=self.play, args=(work,))
                        for work in (self.inject, self.schedule)]
        for thread in self.threads:
            thread.start()

    def play(self, work):
        try:
            work()
        except (OSError, SystemExit, KeyError, IndexError) as e:
            if not self.done.is_set():
                self.wrong.append(repr(e))

    def inject(self):
        client, n = self.h.service.client(), 0
        while not self.done.is_set():
            n += 1
            self.fates[name(n)] = random.choice(('delivered', 'delivered', 'file'))
            client.begin(make_id(n), b'x' * random.choice((10, 3000, 30000)), FAR)
            check(client.answer(), b'K' + make_id(n))
            with self.lock:
                self.answered.append(n)

    def schedule(self):
        journal, queue = self.h.journal(), self.h.home + '/queue/'
        while not self.done.is_set():
            text = self.h.scheduler.answer()
            id = text[1:].rstrip(b'+').decode()
            if text[:1] == b'F':
                os.rename(journal + id, queue + 'new/' + id)
                os.rename(queue + 'new/' + id, queue + 'hold/' + id)
                continue
            os.close(self.h.scheduler.fds.pop(0))
            if self.fates[id] == 'file':
                write(journal + '.' + id, queue_file(b'hi\n', FAR))
                os.rename(journal + '.' + id, journal + id)
                self.h.scheduler.say(b'F' + id.encode())
            else:
                self.h.scheduler.say(b'S' + id.encode())

    def files(self):
        """Messages that have been taken by now, and that will never leave the queue."""
        with self.lock:
            return {n for n in self.answered if self.fates[name(n)] == 'file'}

    def end(self):
        self.done.set()
        self.threads[0].join(PATIENCE)
        self.h.scheduler.socket.shutdown(socket.SHUT_RDWR)
        self.threads[1].join(PATIENCE)


def messages_on_the_move_are_listed_once():
    """The journal is used again and again while it is read; nothing is damaged, missed or doubled."""
    h = Home(window=1000000, journalbytes=1572864)
    movers = _Movers(h)
    rounds, end = int(os.environ.get('ROUNDS', '15')), time.monotonic() + PATIENCE
    try:
        while rounds > 0 or h.generation() < 8:
            rounds -= 1
            known = movers.files()
            got = collections.Counter(n for n, _ in h.listed())
            check(movers.wrong, [])
            check([n for n, k in got.items() if k > 1], [], 'listed twice')
            check(sorted(known - set(got)), [], 'not listed')
            if known:
                n = max(known)
                check([m for m, _ in h.listed(name(n))], [n], 'by its ID')
            if rounds < 0 and time.monotonic() > end:
                sys.exit('the journal is not used again')
    finally:
        movers.end()


def audits_and_paths_know_of_the_journal():
    h = Home()
    for log in ('smtp', 'queue'):
        os.mkdir(h.home + '/log/' + log)
    write(h.home + '/control/me', b'mx.example.test\n')
    id = h.client.message(b'', b'Subject: x\n\nhi\n', FAR)[1:].decode()
    day = time.strftime('%Y-%m-%d')
    label = '@%016x' % (4611686018427387904 + 37 + int(time.time()))
    with open(h.home + '/log/smtp/current', 'w') as f:
        f.write('@%016x00000001 at=run event=begun\n' % (4611686018427387904 + 37 + int(time.time()) - 200000))
        f.write('%s00000002 id=%s at=smtp-recv event=accepted from=eve@far.test rcpts=2 bytes=15 '
                'client=192.0.2.1\n' % (label, id))
    with open(h.home + '/log/queue/current', 'w') as f:
        f.write('@%016x00000001 at=run event=begun\n' % (4611686018427387904 + 37 + int(time.time()) - 200000))
    said = h.run('queue-audit', day).decode()
    check('1 message accepted, for 2 recipients: 0 delivered' in said and '2 still queued' in said, True, said)
    said = h.run('mail-path', id).decode()
    check('now in queue/journal' in said, True, said)
    # one of which no log tells
    h.give(7)
    said = h.run('mail-path', name(7)).decode()
    check('now in queue/journal' in said, True, said)


if __name__ == '__main__':
    try:
        globals()[sys.argv[1]]()
    finally:
        for service in SERVICES:
            service.stop()
