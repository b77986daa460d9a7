#!/usr/bin/python3
"""raw SOCKET LOG [NAME=VALUE...]: a milter without libmilter, which writes each packet to LOG.

version=N, actions=N, steps=N: what it agrees upon, 6, 0x1ff and 0 else.
macros=STAGE:NAMES: the macros that it wants, as often as wanted.
LETTER=ANSWER|ANSWER...: what it answers to that command instead of "c"; LETTER:N=ANSWER..., what the Nth time,
from 1; an answer is a letter and data, with
Python's escapes; "-" none, "close" the end of the connection, "raw:..." bytes that are no packet, "wait" a second,
"huge:N" a new body of N bytes in pieces.
wrong=ANSWER|...: sockets SOCKET.LETTER.N besides, where the Nth of these, from 0, is the answer to that command.
"""
import socket
import struct
import sys
import threading
import time

path, log_path = sys.argv[1:3]
settings = [a.split("=", 1) for a in sys.argv[3:]]
numbers = {"version": 6, "actions": 0x1FF, "steps": 0}
numbers.update((n, int(v, 0)) for n, v in settings if n in numbers)
macros = b"".join(struct.pack(">I", int(v.split(":", 1)[0])) + v.split(":", 1)[1].encode() + b"\0"
                  for n, v in settings if n == "macros")
wrong = [text for n, v in settings if n == "wrong" for text in v.split("|")]
answers = {n: v.split("|") for n, v in settings if len(n) == 1 or n[1:2] == ":"}
times = {}
quiet = {"C": 0x1000, "H": 0x2000, "M": 0x4000, "R": 0x8000, "T": 0x10000, "N": 0x40000, "B": 0x80000, "L": 0x80}
log = open(log_path, "a", buffering=1, encoding="utf-8", errors="backslashreplace")


def packet(data):
    return struct.pack(">I", len(data)) + data


def read(peer, n):
    data = b""
    while len(data) < n:
        more = peer.recv(n - len(data))
        if not more:
            raise EOFError
        data += more
    return data


def words(data):
    return [w.decode("utf-8", "backslashreplace") for w in data.split(b"\0")[:-1]]


def tell(command, data):
    """A line about a packet."""
    if command == "O":
        version, actions, steps = struct.unpack(">III", data)
        return "version=%d actions=%#x steps=%#x" % (version, actions, steps)
    if command == "D":
        pairs = words(data[1:])
        return " ".join([chr(data[0])] + [n + "=" + v for n, v in zip(pairs[::2], pairs[1::2])])
    if command == "C":
        name, rest = data.split(b"\0", 1)
        port = struct.unpack(">H", rest[1:3])[0] if len(rest) > 3 else 0
        return "%s %s %d %s" % (name.decode(), rest[:1].decode(), port, rest[3:-1].decode())
    if command == "L":
        name, value = data.split(b"\0")[:2]
        return "%s:%r" % (name.decode(), value.decode("utf-8", "backslashreplace")) if len(value) < 2000 \
            else "%s:%d" % (name.decode(), len(value))
    if command == "B":
        return "%d %r" % (len(data), data[:20])
    return " ".join(words(data))


def answer(peer, text):
    if text == "-":
        return
    if text == "close":
        raise EOFError
    if text == "wait":
        time.sleep(1)
    elif text.startswith("raw:"):
        peer.sendall(text[4:].encode("latin-1").decode("unicode_escape").encode("latin-1"))
    elif text.startswith("huge:"):
        piece = b"b" + b"0123456789abcde\r\n" * 3000
        left = int(text[5:])
        while left > 0:
            peer.sendall(packet(piece[:left + 1]))
            left -= len(piece) - 1
    else:
        peer.sendall(packet(text.encode("latin-1").decode("unicode_escape").encode("latin-1")))


def serve(peer, answers):
    try:
        while True:
            size = struct.unpack(">I", read(peer, 4))[0]
            data = read(peer, size)
            command, data = chr(data[0]), data[1:]
            print(command, tell(command, data), file=log)
            times[command] = times.get(command, 0) + 1
            turn = "%s:%d" % (command, times[command])
            if turn in answers or command in answers:
                for text in answers.get(turn) or answers[command]:
                    answer(peer, text)
                print("answered", command, file=log)
            elif command == "O":
                peer.sendall(packet(b"O" + struct.pack(">III", *numbers.values()) + macros))
            elif command in "CHMRTLNBE" and not numbers["steps"] & quiet.get(command, 0):
                peer.sendall(packet(b"c"))
    except (EOFError, OSError):
        print("close", file=log)
        peer.close()


def listen(name, rules):
    server = socket.socket(socket.AF_UNIX)
    server.bind(name)
    server.listen()
    while True:
        threading.Thread(target=serve, args=(server.accept()[0], rules), daemon=True).start()


for n, text in enumerate(wrong):
    for letter in "OCHMRTLNBE":
        threading.Thread(target=listen, args=("%s.%s.%d" % (path, letter, n), {letter: [text]}), daemon=True).start()
listen(path, answers)
