#!/usr/bin/python3
"""ucspi_tls.py FOLDER PROGRAM...: a server of UCSPI-TLS, as the tests understand its text.

The program runs with the network on 0 and 1.  When it says Y on $SSLCTLFD, TLS is spoken on the
network, with cert.pem and key.pem of FOLDER, and clear text on $SSLREADFD and $SSLWRITEFD.
"""

import os
import select
import socket
import ssl
import sys

control, control_there = socket.socketpair()
read_there, write_here = os.pipe()
read_here, write_there = os.pipe()
if os.fork() == 0:
    control.close()
    os.close(write_here)
    os.close(read_here)
    for name, fd in (("CTL", control_there.fileno()), ("READ", read_there), ("WRITE", write_there)):
        os.set_inheritable(fd, True)
        os.environ["SSL%sFD" % name] = str(fd)
    os.execvp(sys.argv[2], sys.argv[2:])

control_there.close()
os.close(read_there)
os.close(write_there)
if control.recv(1) != b"Y":
    sys.exit(100)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1] + "/cert.pem", sys.argv[1] + "/key.pem")
s = context.wrap_socket(socket.socket(fileno=0), server_side=True)
control.sendall(b"SSL_PROTOCOL=%s\0SSL_CIPHER=%s\0\0" % (
    s.version().encode(), s.cipher()[0].encode()))
control.close()
while True:
    ready = [s] if s.pending() else select.select([s, read_here], [], [])[0]
    if s in ready:
        piece = s.recv(16384)
        if not piece:
            break
        os.write(write_here, piece)
    if read_here in ready:
        piece = os.read(read_here, 16384)
        if not piece:
            s.unwrap()
            break
        s.sendall(piece)
