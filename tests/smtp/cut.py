#! /usr/bin/python3
"""cut FILE half|reset: end a whole dialogue after each of its bytes, in turn.

FILE is what the client says to smtp-recv, whose sink "keep" appends a line to "kept" for each
message; each message ends with the bytes #END.  half: the client shuts its side down, and hears
the replies to their end; reset: it is gone at once.  Checks that a message is kept only when the
client has sent all of it, and whenever it was told so.  Prints how many cuts were made.
"""
import os
import socket
import struct
import subprocess
import sys

said = open(sys.argv[1], "rb").read()
ends = []
while b"#END" in said:
    ends.append(said.index(b"#END"))
    said = said.replace(b"#END", b"", 1)


def serve(sock):
    return subprocess.Popen(["smtp-recv", "keep"], stdin=sock, stdout=sock,
                            stderr=subprocess.DEVNULL)


def half(text):
    ours, theirs = socket.socketpair()
    server = serve(theirs)
    theirs.close()
    ours.sendall(text)
    ours.shutdown(socket.SHUT_WR)
    heard = b""
    while True:
        got = ours.recv(65536)
        if not got:
            break
        heard += got
    ours.close()
    server.wait()
    # the words with which a message is accepted end with its ID
    return sum(line.startswith(b"250 2.0.0 ok ") and b"octets" not in line
               for line in heard.split(b"\r\n"))


def reset(text):
    listener = socket.create_server(("127.0.0.1", 0))
    ours = socket.create_connection(listener.getsockname())
    theirs = listener.accept()[0]
    listener.close()
    server = serve(theirs)
    theirs.close()
    ours.sendall(text)
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    ours.close()
    server.wait()
    return None


for at in range(len(said) + 1):
    if os.path.exists("home/kept"):
        os.unlink("home/kept")
    told = {"half": half, "reset": reset}[sys.argv[2]](said[:at])
    kept = open("home/kept").read().count("\n") if os.path.exists("home/kept") else 0
    complete = sum(end <= at for end in ends)
    if kept > complete or (told is not None and (kept != told or told != complete)):
        sys.exit("cut after %d bytes: %d messages complete, %d kept, %s told" % (
            at, complete, kept, told))
print("%d cuts" % (len(said) + 1))
