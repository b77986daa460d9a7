#!/usr/bin/env python3
"""worker.py SOCKET DIR: stand in for local-deliver or mx-send.

Takes jobs on the unix socket and answers by the recipient's name: ok... is delivered,
via... is too, to a host that is named, later... deferred, no... refused, down... not
reachable, ours... has trouble of our own, busy... has no time, flaky... deferred once, box... put into a mailbox, plain... given to a server without DSN, many... an
alias of several; die... closes the connection, garbage... answers nonsense, hang... never
answers, and slow... answers when DIR/go or DIR/go.RECIPIENT exists.  DIR/jobs lists the
jobs, DIR/connections has a line for each connection, DIR/parameters what they say of their messages, DIR/RECIPIENT.ID is the message as it
came, DIR/most.DOMAIN says how many jobs there were for it at the same time.  Goes into the
background, its pid on standard output, once it listens.
"""
import array
import os
import socket
import sys
import threading
import time

running = {}  # domain: jobs at present, and at most

def read_exactly(sock, n, fds):
    data = b''
    while len(data) < n:
        part, ancillary, _, _ = sock.recvmsg(n - len(data), socket.CMSG_SPACE(64))
        for level, kind, content in ancillary:
            if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                fds.extend(array.array('i', content))
        if not part:
            return None
        data += part
    return data


def read_netstring(sock, fds):
    digits = b''
    while not digits.endswith(b':'):
        c = read_exactly(sock, 1, fds)
        if c is None:
            return None
        digits += c
    return read_exactly(sock, int(digits[:-1]) + 1, fds)[:-1]


def success(name, notify):
    """What is left to the client to report: see job(5)."""
    words = {'box': 'delivered: to a mailbox', 'many': 'expanded: forwarded',
             'plain': 'relayed: mx.example[192.0.2.1] said: 250 2.0.0 taken'}
    for prefix, text in words.items():
        if name.startswith(prefix) and 'SUCCESS' in notify:
            return 'K2.0.0 ' + text
    return 'K2.0.0 delivered'


def answer(rcpt, ident, directory, notify):
    name = rcpt.split('@')[0]
    if name.startswith('no'):
        return 'D5.1.1 mx.example[192.0.2.1] said: 550 5.1.1 no such user: ' + name
    if name.startswith('later'):
        return 'Z4.2.0 mx.example[192.0.2.1] said: 450 4.2.0 try again'
    if name.startswith('ours'):
        return 'Z4.3.5 no such folder'
    if name.startswith('down'):
        return 'Z4.4.1 unable to connect to mx.example'
    if name.startswith('busy'):
        return 'Z4.3.2 mx.example[192.0.2.1] said: 421 4.3.2 too busy'
    if name.startswith('ends'):
        return 'Z4.7.0 mx.example[192.0.2.1] said: 421 4.7.0 too many'
    if name.startswith('via'):
        return 'K2.0.0 mx.example[192.0.2.1] said: 250 2.0.0 ok'
    if name.startswith('flaky'):
        mark = f'{directory}/flaky.{rcpt}.{ident}'
        if not os.path.exists(mark):
            open(mark, 'w').close()
            return 'Z4.2.0 once'
    if name.startswith('slow'):
        while not any(os.path.exists(f'{directory}/{g}') for g in ('go', 'go.' + rcpt)):
            time.sleep(0.01)
    return success(name, notify)


def save(directory, name, fd, offset, length):
    temporary = f'{directory}/.{threading.get_ident()}'
    with open(temporary, 'wb') as f:
        f.write(os.pread(fd, length, offset))
    os.rename(temporary, f'{directory}/{name}')


def count(domain, step, directory, lock):
    with lock:
        now, most = running.get(domain, (0, 0))
        running[domain] = now + step, max(most, now + step)
        if now + step > most:
            with open(f'{directory}/.most', 'w') as f:
                print(now + step, file=f)
            os.rename(f'{directory}/.most', f'{directory}/most.{domain}')


def work(sock, directory, lock, fds):
    """One job; None when there is no more."""
    envelope = read_netstring(sock, fds)
    if envelope is None:
        return None
    records = [r.decode() for r in envelope.split(b'\0')[:-2]]
    params = dict(r[1:].split('=', 1) for r in records if r[0] == 'P')
    rcpts, notify, wish = [], [], ''
    for r in records:
        if r.startswith('NNOTIFY='):
            wish = r[8:]
        if r[0] == 'T':
            rcpts.append(r[1:])
            notify.append(wish)
            wish = ''
    with lock, open(directory + '/jobs', 'a') as jobs:
        print(params['id'], records[0][1:] or '<>', ' '.join(rcpts),
              'again' if params.get('again') == '1' else 'first', file=jobs)
    with lock, open(directory + '/parameters', 'a') as parameters:
        print(params['id'], *[f'{n}={v}' for n, v in sorted(params.items()) if n.isupper()],
              file=parameters)
    domain = rcpts[0].split('@')[-1].lower()
    count(domain, 1, directory, lock)
    for rcpt, wish in zip(rcpts, notify):
        if rcpt.startswith('die'):
            return None
        if rcpt.startswith('garbage'):
            sock.sendall(b'07:nonsense')
        if rcpt.startswith('hang'):
            time.sleep(1000)
        text = answer(rcpt, params['id'], directory, wish)
        if len(rcpts) > 1 and any(r.startswith('ends') for r in rcpts):
            who = 'this' if rcpt.startswith('ends') else 'another'
            text = 'Z4.7.0 session ended at %s recipient: mx.example[192.0.2.1] said: ' \
                '421 4.7.0 too many' % who
        if text[0] == 'K':
            save(directory, f"{rcpt}.{params['id']}", fds[0],
                 int(params['offset']), int(params['length']))
        if rcpt == rcpts[-1]:
            count(domain, -1, directory, lock)
        sock.sendall(f'{len(text.encode())}:{text},'.encode())
    return 1


def serve(sock, directory, lock):
    more = 1
    while more:
        fds = []
        try:
            more = work(sock, directory, lock, fds)
        finally:
            for fd in fds:
                os.close(fd)


def run(sock, directory, lock):
    try:
        serve(sock, directory, lock)
    finally:
        sock.close()


def main():
    path, directory = sys.argv[1:]
    os.makedirs(directory, exist_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    if os.path.exists(path):
        os.unlink(path)
    listener.bind(path)
    listener.listen(100)
    pid = os.fork()
    if pid:
        print(pid)
        return
    null = os.open('/dev/null', os.O_RDWR)
    for fd in 0, 1, 2:
        os.dup2(null, fd)
    lock = threading.Lock()
    while True:
        sock, _ = listener.accept()
        with open(directory + '/connections', 'a') as connections:
            print('one', file=connections)
        threading.Thread(target=run, args=(sock, directory, lock), daemon=True).start()


main()
