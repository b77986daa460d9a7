#! /usr/bin/python3
"""give.py [-c | -h | -l | -r BYTES] SOCKET [NAME=VALUE...] <message: give it to a filter, and print the answer.

-c gives all but the end of the envelope, and leaves; -h gives half of it and holds on to it; -l gives
all, and leaves; -r gives bytes instead, as they are.
"""
import os
import socket
import sys
import time


def netstring(s):
    return b"%d:%s," % (len(s), s)


def main():
    arguments = sys.argv[1:]
    way = arguments.pop(0) if arguments[0].startswith("-") else ""
    raw = os.fsencode(arguments.pop(0)) if way == "-r" else None
    path, told = arguments[0], [os.fsencode(pair) for pair in arguments[1:]]
    message = sys.stdin.buffer.read()
    said = netstring(b"E" + b"".join(pair + b"\0" for pair in told)) if told else b""
    said += netstring(b"M" + os.environb.get(b"QUEUEID", b""))
    for at in range(0, len(message), 100000):
        said += netstring(message[at:at + 100000])
    if way == "-h":
        said = said[:-10]
    else:
        said += netstring(b"") + netstring(b"Fjoe@example.org\0Ta@b\0\0")
    if raw is not None:
        said = raw
    with socket.socket(socket.AF_UNIX) as s:
        s.connect(path)
        try:
            s.sendall(said[:-2] if way == "-c" else said)
        except (BrokenPipeError, ConnectionResetError):
            pass
        if way in ("-c", "-l"):
            return
        if way == "-h":
            print("held", flush=True)
        answer = b""
        try:
            while piece := s.recv(4096):
                answer += piece
        except ConnectionResetError:
            pass
        print(answer.decode() or "nothing")


main()
