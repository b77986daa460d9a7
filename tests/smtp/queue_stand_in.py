#!/usr/bin/python3
"""queue_stand_in.py FOLDER: the queue's service as the tests want it, for one connection on 0 and 1.

It keeps what it takes in FOLDER: message.N and envelope.N, N from 1 on; connections has a line for
each connection.  FOLDER/answers has what it says, a line for each message (K: that message's ID); a
line "end" is K, and ends the connection, "early ANSWER" is said before the message is read,
and the connection then ended.  Without a line it is K.
"""

import os
import sys

folder = sys.argv[1]


def path(name):
    return os.path.join(folder, name)


def read(n):
    s = b""
    while len(s) < n:
        piece = os.read(0, n - len(s))
        if not piece:
            sys.exit(0)
        s += piece
    return s


def netstring():
    digits = b""
    while not digits.endswith(b":"):
        digits += read(1)
    content = read(int(digits[:-1]))
    if read(1) != b",":
        sys.exit("no netstring")
    return content


def say(answer):
    os.write(1, b"%d:%s," % (len(answer.encode()), answer.encode()))


def next_answer():
    try:
        with open(path("answers")) as f:
            lines = f.read().splitlines()
    except FileNotFoundError:
        return "K"
    with open(path("answers"), "w") as f:
        f.write("".join(line + "\n" for line in lines[1:]))
    return lines[0] if lines else "K"


def keep(message, envelope):
    n = 1
    while os.path.exists(path("envelope.%d" % n)):
        n += 1
    with open(path("message.%d" % n), "wb") as f:
        f.write(message)
    with open(path("envelope.%d" % n), "wb") as f:
        f.write(envelope.replace(b"\0", b"|"))


with open(path("connections"), "a") as f:
    f.write("one\n")
while True:
    request = netstring()
    answer = next_answer()
    if answer.startswith("early "):
        say(answer[6:])
        break
    message = b""
    while True:
        piece = netstring()
        if not piece:
            break
        message += piece
    envelope = netstring()
    if answer in ("K", "end"):
        keep(message, envelope)
        say("K" + request[1:].decode())
    else:
        say(answer)
    if answer == "end":
        break
