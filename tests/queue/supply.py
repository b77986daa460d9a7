#!/usr/bin/env python3
"""supply.py SOCKET FOLDER: stand in for the queue's service, towards queue-run.

Takes messages that have an ID, into FOLDER, and hands over what stands there, a queue file named by its ID: once, or once more (+) after
the connection was lost or this program was started anew.  What is settled is removed.  FOLDER/.ID
has the lines that are kept with a message, FOLDER/.said all that queue-run says, FOLDER/.window the
window that it asked for, FOLDER/.most how many it had at a time.  When a file FOLDER/.want.ID
appears, queue-run is told to make a file of the message.  Goes into the background, its pid on
standard output, once it listens.
"""
import os
import select
import socket
import sys
import threading

path, folder = sys.argv[1:]
handed = set()  # on the present connection


def tell(sock, text, fds=()):
    data = b'%d:%s,' % (len(text), text)
    n = socket.send_fds(sock, [data], fds) if fds else sock.send(data)
    sock.sendall(data[n:])


def hand_over(sock, ident):
    fd = os.memfd_create('message')
    for name in ident, '.' + ident:
        if os.path.exists(f'{folder}/{name}'):
            with open(f'{folder}/{name}', 'rb') as f:
                os.write(fd, f.read())
    mark = f'{folder}/.handed.{ident}'
    again = b'+' if os.path.exists(mark) else b''
    open(mark, 'w').close()
    tell(sock, b'M' + ident.encode() + again, [fd])
    os.close(fd)
    handed.add(ident)


def settle(ident):
    handed.discard(ident)
    if os.path.exists(f'{folder}/{ident}'):
        os.unlink(f'{folder}/{ident}')


def obey(sock, text):
    letter, ident = chr(text[0]), text[1:25].decode()
    with open(f'{folder}/.said', 'a') as f:
        print(letter, ident, file=f)
    if letter == 'R':
        with open(f'{folder}/.window', 'w') as f:
            f.write(ident)
        tell(sock, b'K')
    elif letter == 'L' and os.path.exists(f'{folder}/{ident}'):
        assert text[25] == 0
        with open(f'{folder}/.{ident}', 'ab') as f:
            f.write(text[26:])
    elif letter in 'SF':
        settle(ident)
        if letter == 'F':
            tell(sock, text)


def take(sock, data):
    """A message with its ID, from queue-inject: all of its netstrings."""
    parts = []
    while len(parts) < 3 or parts[-2]:
        length, colon, rest = data.partition(b':')
        if not colon or len(rest) <= int(length):
            part = sock.recv(65536)
            if not part:
                return
            data += part
            continue
        parts.append(rest[:int(length)])
        data = rest[int(length) + 1:]
    ident, message, envelope = parts[0][1:].decode(), b''.join(parts[1:-2]), parts[-1]
    head = b'facteur1 %020d %020d' % (len(message), len(envelope))
    with open(f'{folder}/.new.{ident}', 'wb') as f:
        f.write(head.ljust(63) + b'\n' + message + envelope)
    os.rename(f'{folder}/.new.{ident}', f'{folder}/{ident}')
    tell(sock, b'K' + ident.encode())


def look(sock, window):
    names = sorted(n for n in os.listdir(folder) if n[0] != '.' or n.startswith('.want'))
    for name in names:
        if name.startswith('.want.'):
            os.unlink(f'{folder}/{name}')
            tell(sock, b'X' + name[6:].encode())
        elif name not in handed and len(handed) < window:
            hand_over(sock, name)
    most = f'{folder}/.most'
    before = int(open(most).read()) if os.path.exists(most) else 0
    if len(handed) > before:
        with open(most, 'w') as f:
            print(len(handed), file=f)


def serve(sock):
    data, window = sock.recv(65536), 0
    if b':M' in data[:12]:
        take(sock, data)
        return
    while True:
        while b':' in data:
            length, rest = data.split(b':', 1)
            if len(rest) <= int(length):
                break
            text, data = rest[:int(length)], rest[int(length) + 1:]
            obey(sock, text)
            if text[:1] == b'R':
                window = int(text[1:])
        if window:
            look(sock, window)
        if select.select([sock], [], [], 0.02)[0]:
            part = sock.recv(65536)
            if not part:
                sweep()
                return
            data += part


def run(sock):
    with sock:
        try:
            serve(sock)
        except (BrokenPipeError, ConnectionResetError):
            sweep()


def sweep():
    """What has become a file needs no record: it goes to queue/new."""
    handed.clear()
    for name in os.listdir('queue/journal'):
        if len(name) == 24:
            settle(name)
            os.rename('queue/journal/' + name, 'queue/new/' + name)
            trigger = os.open('queue/trigger', os.O_RDWR | os.O_NONBLOCK)
            os.write(trigger, name.encode() + b'\n')
            os.close(trigger)


def main():
    for name in folder, 'queue/journal':
        os.makedirs(name, exist_ok=True)
    if os.path.exists(path):
        os.unlink(path)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(10)
    pid = os.fork()
    if pid:
        print(pid)
        return
    null = os.open('/dev/null', os.O_RDWR)
    for fd in 0, 1:
        os.dup2(null, fd)
    sweep()
    while True:
        sock, _ = listener.accept()
        threading.Thread(target=run, args=(sock,), daemon=True).start()


main()
