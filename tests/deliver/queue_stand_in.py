"""A stand-in for the queue's service: it keeps records of prepared deliveries, and messages.

    queue_stand_in.py SOCKET RECORDS [WHAT]

Listens on SOCKET, prints a line when it does, and appends a line ID MAILBOX to the file RECORDS
for each record, and to RECORDS.questions one for each question; a message goes to RECORDS.message, its envelope to RECORDS.envelope, its ID to
RECORDS.id; queue-socket(5) has the rest.  WHAT it does otherwise:
    slow     each answer comes a second later
    deaf     it keeps no record, and gives no answer, but to Q
    dumb     it keeps the record, but gives no answer to P
    doubt    it keeps the first record, and ends the connection without an answer, then none
    mute     it gives no answer at all
    old      what is recorded was so before this boot
    refuse   it answers Z to all
    short    it ends each connection after an answer
    leave    it ends each connection when something is asked
    cut      it ends each connection when something is asked after an answer
    full:N   it answers Z to all, for N seconds after the first one
    FOLDER:N it answers to messages when there are N files in FOLDER, or 20 seconds later
"""
import os
import socket
import sys
import threading
import time


def take_netstring(stream):
    size = b""
    while not size.endswith(b":"):
        c = stream.read(1)
        if not c:
            return None
        size += c
    s = stream.read(int(size[:-1]))
    assert stream.read(1) == b","
    return s


class StandIn:
    def __init__(self, path, records, what=""):
        self.records, self.what = records, what
        self.path = path
        self.sock = socket.socket(socket.AF_UNIX)
        try:
            os.unlink(path)
        except FileNotFoundError:
            pass
        self.sock.bind(path)
        self.sock.listen(100)

    def known(self):
        try:
            with open(self.records, "rb") as f:
                return f.read().split(b"\n")
        except FileNotFoundError:
            return []

    def answer(self, request):
        if self.what == "slow":
            time.sleep(1)
        if self.what == "refuse" or self.is_full():
            return b"Zunable to keep records (#4.3.0)"
        if self.what == "mute":
            return b""
        if request[:1] == b"Q":
            with open(self.records + ".questions", "ab") as f:
                f.write(request[1:] + b"\n")
            if not set(request[1:].split(b"\0")) & set(self.known()):
                return b"K0"
            return b"K2" if self.what == "old" else b"K1"
        assert request[:1] == b"P" and request[-1:] == b"\0" and len(request) <= 65536, request
        if self.what == "doubt" and self.known():
            return b"Zunable to keep records (#4.3.0)"
        if self.what != "deaf":
            with open(self.records, "ab") as f:
                f.write(request[1:].replace(b"\0", b"\n"))
        if self.what == "doubt":
            raise OSError
        return b"" if self.what in ("deaf", "dumb") else b"K"

    def is_full(self):
        if not self.what.startswith("full:"):
            return False
        self.since = getattr(self, "since", time.monotonic())
        return time.monotonic() - self.since < int(self.what[5:])

    def sees(self):
        folder, n = self.what.split(":")
        for _ in range(200):
            if os.path.isdir(folder) and len(os.listdir(folder)) >= int(n):
                return True
            time.sleep(0.1)
        return False

    def take_message(self, request, stream):
        with open(self.records + ".message", "wb") as f:
            while piece := take_netstring(stream):
                f.write(piece)
        for what, s in (("envelope", take_netstring(stream)), ("id", request[1:] + b"\n")):
            with open(self.records + "." + what, "wb") as f:
                f.write(s)
        if self.what == "refuse":
            return b"Zunable to keep messages (#4.3.0)"
        if ":" in self.what and not self.sees():
            return b"Zit took too long (#4.3.0)"
        return b"K" + request[1:]

    def talk(self, client):
        stream = client.makefile("rb")
        try:
            answered = False
            while (request := take_netstring(stream)) is not None:
                if self.what == "leave" or (answered and self.what == "cut"):
                    break
                if request[:1] == b"M":
                    answer = self.take_message(request, stream)
                else:
                    answer = self.answer(request)
                if answer:
                    client.sendall(b"%d:%s," % (len(answer), answer))
                    answered = True
                if self.what == "short":
                    break
        except OSError:
            pass
        stream.close()
        client.close()

    def serve(self):
        while True:
            client, _ = self.sock.accept()
            threading.Thread(target=self.talk, args=(client,), daemon=True).start()


if __name__ == "__main__":
    stand_in = StandIn(*sys.argv[1:])
    print("ready", flush=True)
    stand_in.serve()
