"""What the tests of the deliver stage need: a cdb, jobs and questions over a socket.

    post.py cdb FILE KEY=VALUE...            make a cdb; \\0 in a value is a zero byte
    post.py job [-n] [-i ID] [-s SENDER] [-p NAME=VALUE] [-N NAME=VALUE] [-o OFFSET]
            [-r TIMES] [-x COMMAND] MESSAGE RECIPIENT... -- PROGRAM...
    post.py flight JOBS [OPTION...] MESSAGE RECIPIENT... -- PROGRAM...
    post.py leave JOBS MESSAGE RECIPIENT... -- PROGRAM...
    post.py ask QUESTION... -- PROGRAM...    QUESTION is ADDRESS:SIZE
    post.py id                               print a message ID of now
    post.py raw -- PROGRAM...                standard input as it is, answers printed

-n sends the message as a netstring, -x runs a shell command after each of the -r TIMES.
flight sends the JOBS without waiting, many in one piece, each with an ID of its own for one of
the RECIPIENTS in turn; leave closes the connection after the first answer.
The program gets a unix socket as its descriptors 0 and 1, as from s6-ipcserver.  Each
answer is printed on a line.
"""
import array
import os
import random
import socket
import struct
import subprocess
import sys
import threading
import time


def cdb_hash(key):
    h = 5381
    for byte in key:
        h = ((h << 5) + h ^ byte) & 0xFFFFFFFF
    return h


def cdb_make(path, pairs):
    """D. J. Bernstein's constant database."""
    body, tables, at = b"", [[] for _ in range(256)], 2048
    for key, value in pairs:
        h = cdb_hash(key)
        tables[h & 255].append((h, at))
        record = struct.pack("<II", len(key), len(value)) + key + value
        body += record
        at += len(record)
    head, tail = b"", b""
    for table in tables:
        slots = [(0, 0)] * (2 * len(table))
        for h, where in table:
            i = (h >> 8) % len(slots)
            while slots[i][1]:
                i = (i + 1) % len(slots)
            slots[i] = (h, where)
        head += struct.pack("<II", at, len(slots))
        for slot in slots:
            tail += struct.pack("<II", *slot)
        at += 8 * len(slots)
    with open(path + ".tmp", "wb") as f:
        f.write(head + body + tail)
    os.rename(path + ".tmp", path)


def netstring(s):
    return b"%d:%s," % (len(s), s)


def take_netstring(stream):
    size = b""
    while not size.endswith(b":"):
        try:
            c = stream.read(1)
        except ConnectionResetError:
            c = b""
        if not c:
            return None
        size += c
    s = stream.read(int(size[:-1]))
    stream.read(1)
    return s


def start(program):
    ours, theirs = socket.socketpair()
    child = subprocess.Popen(program, stdin=theirs, stdout=theirs)
    theirs.close()
    return ours, child


def finish(sock, child):
    sock.shutdown(socket.SHUT_RDWR)
    code = child.wait()
    return code if code >= 0 else 128 - code


def options(args, letters):
    given = []
    while args and args[0].startswith("-") and args[0] != "--":
        letter = args.pop(0)[1:]
        given.append((letter, args.pop(0) if letter in letters else ""))
    return given


def split(args):
    at = args.index("--")
    return args[:at], args[at + 1 :]


def envelope(given, recipients, length):
    """As the queue sends it: lib/job.h."""
    names = dict(given)
    offset = int(names.get("o", 0))
    records = [b"F" + os.fsencode(names.get("s", "sender@example.org"))]
    parameters = [v for k, v in given if k == "p"]
    parameters.append("id=" + names.get("i", "0ehyf3k2q1abcdefghijklmn"))
    if "n" not in names:
        parameters += ["offset=%d" % offset, "length=%d" % (length - offset)]
    records += [b"P" + os.fsencode(p) for p in parameters]
    for recipient in recipients:
        records += [b"N" + os.fsencode(v) for k, v in given if k == "N"]
        records.append(b"T" + os.fsencode(recipient))
    return b"".join(r + b"\0" for r in records) + b"\0"


def send_job(sock, given, message, recipients):
    with open(message, "rb") as f:
        body = f.read()
        sent = netstring(envelope(given, recipients, len(body)))
        if "n" in dict(given):
            sock.sendall(sent + netstring(body))
            return
        fds = array.array("i", [f.fileno()])
        sock.sendmsg([sent[:1]], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, fds)])
        sock.sendall(sent[1:])


def job(args):
    args, program = split(args)
    given = options(args, "ispNorx")
    message, recipients = args[0], args[1:]
    sock, child = start(program)
    answers = sock.makefile("rb")
    names = dict(given)
    for _ in range(int(names.get("r", 1))):
        send_job(sock, given, message, recipients)
        for _ in recipients:
            print_answer(take_netstring(answers))
        if "x" in names:
            subprocess.run(names["x"], shell=True, check=True)
    return finish(sock, child)


def send_flight(args):
    """Returns the connection, on which all are on their way, and its program."""
    args, program = split(args)
    count = int(args.pop(0))
    given = options(args, "sp")
    message, recipients = args[0], args[1:]
    sock, child = start(program)

    def send():
        with open(message, "rb") as f:
            length = os.fstat(f.fileno()).st_size
            for first in range(0, count, 20):
                piece = b"".join(
                    netstring(envelope(given + [("i", "0ehyf3k2q1%04ddefghijklm" % i)],
                                       [recipients[i % len(recipients)]], length))
                    for i in range(first, min(first + 20, count)))
                fds = array.array("i", [f.fileno()] * (min(first + 20, count) - first))
                sock.sendmsg([piece], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, fds)])

    return sock, child, count, send


def flight(args):
    sock, child, count, send = send_flight(args)
    sender = threading.Thread(target=send)
    sender.start()
    answers = sock.makefile("rb")
    for _ in range(count):
        print_answer(take_netstring(answers))
    sender.join()
    return finish(sock, child)


def leave(args):
    sock, child, _, send = send_flight(args)
    send()
    answers = sock.makefile("rb")
    take_netstring(answers)
    answers.close()
    sock.close()
    code = child.wait()
    return code if code >= 0 else 128 - code


def ask(args):
    questions, program = split(args)
    sock, child = start(program)
    answers = sock.makefile("rb")
    for question in questions:
        address, size = question.rsplit(":", 1)
        sock.sendall(netstring(os.fsencode(address) + b"\0" + size.encode()))
        print_answer(take_netstring(answers))
    return finish(sock, child)


def raw(args):
    _, program = split(args)
    sock, child = start(program)
    sock.sendall(sys.stdin.buffer.read())
    sock.shutdown(socket.SHUT_WR)
    answers = sock.makefile("rb")
    while (answer := take_netstring(answers)) is not None:
        print_answer(answer)
    return finish(sock, child)


def make_id():
    """As lib/queueid.h has it."""
    digits, n, text = "0123456789abcdefghijklmnopqrstuvwxyz", int(time.time() * 1000000), ""
    for _ in range(11):
        n, digit = divmod(n, 36)
        text = digits[digit] + text
    return text + "".join(random.choice(digits) for _ in range(13))


def print_id(args):
    print(make_id())


def print_answer(answer):
    print("nothing" if answer is None else os.fsdecode(answer), flush=True)


def cdb(args):
    pairs = [os.fsencode(a).split(b"=", 1) for a in args[1:]]
    cdb_make(args[0], [(k, v.replace(b"\\0", b"\0")) for k, v in pairs])
    return 0


if __name__ == "__main__":
    sys.exit({"cdb": cdb, "job": job, "flight": flight, "leave": leave, "ask": ask,
              "id": print_id, "raw": raw}[sys.argv[1]](sys.argv[2:]))
