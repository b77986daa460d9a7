#!/usr/bin/env python3
"""fill.py FOLDER COUNT SENDER RECIPIENT: write messages into a folder of the queue.

They are made as queue-inject makes them, but fast and without a sync; %d in SENDER and
RECIPIENT is the number of the message, from 1.  Prints the IDs.
"""
import os
import random
import sys
import time

DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz'


def make_id():
    n, time_part = int(time.time() * 1000000), ''
    for _ in range(11):
        n, digit = divmod(n, 36)
        time_part = DIGITS[digit] + time_part
    return time_part + ''.join(random.choice(DIGITS[:32]) for _ in range(13))


def main():
    folder, count, sender, recipient = sys.argv[1:]
    message = b'Subject: test\n\nhello\n'
    for n in range(1, int(count) + 1):
        envelope = f'F{sender}\0T{recipient}\0\0'.replace('%d', str(n)).encode()
        header = f'facteur1 {len(message):020d} {len(envelope):020d}'
        name = make_id()
        path = os.path.join(folder, name)
        with open(path + '.tmp', 'wb') as f:
            f.write(header.ljust(63).encode() + b'\n' + message + envelope)
        os.chmod(path + '.tmp', 0o660)
        os.rename(path + '.tmp', path)
        print(name)


main()
