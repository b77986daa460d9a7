#!/usr/bin/python3
"""fed PORT FILE: give a server on 127.0.0.1 the lines of FILE, with CRLF, and print its replies."""
import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=20) as s:
    s.sendall(open(sys.argv[2], "rb").read().replace(b"\n", b"\r\n"))
    while True:
        reply = s.recv(65536)
        if not reply:
            break
        sys.stdout.buffer.write(reply.replace(b"\r\n", b"\n"))
