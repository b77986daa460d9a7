#!/usr/bin/python3
"""qmqp_play ANSWER... -- COMMAND...: play QMQP servers while COMMAND runs.

COMMAND finds their addresses in $SERVERS.  ANSWER is what one says when it has got a package:
bytes, with backslash escapes; DROP, and it closes the connection; EARLY:BYTES, and it says so
before it has read anything and closes; CLOSED, and nobody listens there.  Packages are left in
the files package.1 and so on.  Exits as COMMAND does.
"""
import os
import socket
import subprocess
import sys
import threading

lock = threading.Lock()
packages = 0


def package(sock):
    got = b""
    while True:
        piece = sock.recv(65536)
        if not piece:
            return None
        got += piece
        length, colon, rest = got.partition(b":")
        if colon and len(rest) > int(length):
            return got


def serve(listener, answer):
    global packages
    while True:
        sock = listener.accept()[0]
        if answer.startswith("EARLY:"):
            sock.sendall(answer[6:].encode().decode("unicode_escape").encode("latin-1"))
            sock.shutdown(socket.SHUT_WR)
            while sock.recv(65536):
                pass
            sock.close()
            continue
        got = package(sock)
        if got is not None:
            with lock:
                packages += 1
                with open("package.%d" % packages, "wb") as f:
                    f.write(got)
            if answer != "DROP":
                sock.sendall(answer.encode().decode("unicode_escape").encode("latin-1"))
        sock.close()


def main():
    words = sys.argv[1:]
    at = words.index("--")
    servers = []
    for answer in words[:at]:
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        servers.append("127.0.0.1:%d" % listener.getsockname()[1])
        if answer == "CLOSED":
            listener.close()
            continue
        listener.listen(16)
        threading.Thread(target=serve, args=(listener, answer), daemon=True).start()
    os._exit(subprocess.run(words[at + 1:], env=dict(os.environ, SERVERS=" ".join(servers)))
             .returncode)


main()
