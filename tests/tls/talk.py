#!/usr/bin/python3
"""talk.py VERB PORT [ARGUMENT...]: a TLS client of the tests, with no checks of certificates."""

import select
import socket
import ssl
import sys


def context():
    c = ssl.create_default_context()
    c.check_hostname = False
    c.verify_mode = ssl.CERT_NONE
    # python asks OpenSSL to take any end for a good one
    c.options &= ~getattr(ssl, "OP_IGNORE_UNEXPECTED_EOF", 0)
    return c


def connect(c=None, session=None):
    s = socket.create_connection(("127.0.0.1", int(sys.argv[2])), timeout=20)
    return (c or context()).wrap_socket(
        s, server_hostname="mx.test", session=session, suppress_ragged_eofs=False)


def read_all(s):
    said = b""
    try:
        while True:
            piece = s.recv(65536)
            if not piece:
                return said, "close_notify"
            said += piece
    except ssl.SSLEOFError:
        return said, "truncated"
    except OSError as e:
        return said, e.__class__.__name__


def say():
    """Say the arguments, then print what comes and how it ends."""
    s = connect()
    for line in sys.argv[3:]:
        s.sendall(line.encode() + b"\r\n")
    said, end = read_all(s)
    print(said.decode().replace("\r", ""), end="")
    print(end)


def vanish():
    """Leave without close_notify."""
    s = connect()
    s.recv(100)
    socket.socket(fileno=s.detach()).close()


def leave():
    """Leave with close_notify, and wait for the other's."""
    s = connect()
    s.recv(100)
    s.unwrap().close()


def slam():
    """Hear something, end with close_notify, and close at once: no more can be written to us."""
    s = connect()
    s.recv(1000)
    s.settimeout(0)
    try:
        s.unwrap()
    except ssl.SSLError:
        pass
    socket.socket(fileno=s.detach()).close()


def after_end():
    """Go on talking when the other side has said all."""
    s = connect()
    said, end = read_all(s)
    s.sendall(b"still here\n")
    s.unwrap().close()
    print(said.decode().strip(), end)


def echo():
    """Send much while reading it back; print how much came unharmed."""
    sent = bytes(range(256)) * 4096 * int(sys.argv[3])
    s = connect()
    s.setblocking(False)  # one thread: OpenSSL's connections are not for two
    got, at = b"", 0
    while len(got) < len(sent):
        moved = False
        if at < len(sent):
            try:
                at += s.send(sent[at : at + 65536])
                moved = True
            except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
                pass
        try:
            piece = s.recv(65536)
            if not piece:
                break
            got += piece
            moved = True
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            pass
        if not moved and not any(select.select([s], [s] if at < len(sent) else [], [], 60)):
            break
    s.close()
    print("unharmed" if got == sent else "harmed")


def resume():
    """Two connections, the second with the session of the first; what the server says.  The
    second argument, if any, is the newest version to be spoken."""
    c = context()
    if len(sys.argv) > 3:
        c.maximum_version = ssl.TLSVersion[sys.argv[3]]
    s = connect(c)
    print(s.recv(1000).decode().strip(), s.session_reused)
    again = connect(c, s.session)
    print(again.recv(1000).decode().strip(), again.session_reused)


def type():
    """Pass on what standard input says, and print what comes, once we are connected."""
    import threading
    s = connect()
    print("up", flush=True)
    def show():
        print(read_all(s), flush=True)
    t = threading.Thread(target=show, daemon=True)
    t.start()
    for line in sys.stdin:
        s.sendall(line.encode())
    socket.socket.shutdown(s, socket.SHUT_WR)
    t.join(20)


def plain():
    """Say something that is not TLS, and wait for the end."""
    s = socket.create_connection(("127.0.0.1", int(sys.argv[2])), timeout=20)
    s.sendall(b"EHLO client.test\r\nQUIT\r\n" * 10)
    while s.recv(1000):
        pass
    print("ended")


def silent():
    """Say nothing, and wait for the end."""
    s = socket.create_connection(("127.0.0.1", int(sys.argv[2])), timeout=20)
    while s.recv(1000):
        pass
    print("ended")


def ask():
    """Send the request to the socket home/run/tls.sock, with a descriptor or not; the answer."""
    s = socket.socket(socket.AF_UNIX)
    s.connect("home/run/tls.sock")
    s.settimeout(20)
    request = sys.argv[3].encode().decode("unicode_escape").encode()
    a, b = socket.socketpair()
    try:
        if sys.argv[2] == "with":
            socket.send_fds(s, [request], [b.fileno()])
        else:
            s.sendall(request)
        s.shutdown(socket.SHUT_WR)
    except BrokenPipeError:
        pass
    answer = b""
    try:
        while True:
            piece = s.recv(1000)
            if not piece:
                break
            answer += piece
    except ConnectionResetError:
        pass
    print(answer.decode())


globals()[sys.argv[1]]()
