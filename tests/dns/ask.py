#! /usr/bin/python3
"""ask SOCKET QUESTION...: ask dns-serve, all at once: "TYPE MILLISECONDS NAME" each.

Prints for each, in the order in which they were asked: STATUS SECURE TTL NAME RECORD...; what is
not printable in a record is \\xNN.
"""
import socket
import sys


def netstring(s):
    return b"%d:%s," % (len(s), s)


def take(buf):
    head, colon, rest = buf.partition(b":")
    if not colon or len(rest) <= int(head):
        return None, buf
    return rest[:int(head)], rest[int(head) + 1:]


def main():
    sock = socket.socket(socket.AF_UNIX)
    sock.settimeout(60)
    sock.connect(sys.argv[1])
    questions = sys.argv[2:]
    sock.sendall(b"".join(netstring(b"%d %s" % (i, q.encode())) for i, q in enumerate(questions)))
    buf, answers = b"", {}
    while len(answers) < len(questions):
        answer, buf = take(buf)
        if answer is None:
            got = sock.recv(65536)
            if not got:
                sys.exit("no more answers")
            buf += got
            continue
        head, _, records = answer.partition(b"\n")
        number, _, said = head.partition(b" ")
        words = [said]
        while records:
            record, records = take(records)
            words.append(record)
        answers[int(number)] = words
    for i in range(len(questions)):
        print(*("".join(chr(c) if 32 <= c < 127 else "\\x%02x" % c for c in w) for w in answers[i]))


main()
