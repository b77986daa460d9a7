#!/usr/bin/python3
"""peer.py serve KIND [FOLDER [VERSION]]: a server on a port of the kernel's choice, which it prints.
KIND tls: speak TLS with cert.pem and key.pem in FOLDER, up to VERSION, and say each line in capitals;
garbage, silent, closing: what their names say; deaf: TLS, and one line, and no end.
peer.py series PORT RECORD... [-- PORT RECORD...]: the same one after the other, on one connection.
peer.py ask PORT RECORD...: ask home/run/tls.sock for TLS as a client of 127.0.0.1 PORT; print the answer, a
record a line, and what is said to "hello" when there is TLS."""

import socket
import ssl
import sys
import threading
import time


def talk_tls(context, s):
    try:
        with context.wrap_socket(s, server_side=True) as t:
            t.settimeout(20)
            for line in t.makefile("rb"):
                t.sendall(line.upper())
            t.unwrap()
    except (OSError, ValueError):
        pass


def talk_deaf(context, s):
    """Say what is heard once, and nothing more, nor hang up."""
    t = context.wrap_socket(s, server_side=True)
    t.sendall(t.recv(100).upper())
    while True:
        time.sleep(100)


def talk(kind, context, s):
    s.settimeout(20)
    if kind == "deaf":
        talk_deaf(context, s)
    if kind == "tls":
        talk_tls(context, s)
        return
    with s:
        try:
            if kind == "garbage":
                s.recv(1000)
                s.sendall(b"500 5.5.1 what was that?\r\n" * 20)
            if kind != "closing":
                while s.recv(1000):
                    pass
        except OSError:
            pass


def serve(kind, folder=None, version="TLSv1_3"):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.maximum_version = ssl.TLSVersion[version]
    if folder:
        context.load_cert_chain(folder + "/cert.pem", folder + "/key.pem")
    listening = socket.create_server(("127.0.0.1", 0))
    print(listening.getsockname()[1], flush=True)
    while True:
        s, _ = listening.accept()
        threading.Thread(target=talk, args=(kind, context, s), daemon=True).start()


def read_netstring(s):
    got = b""
    while b":" not in got:
        piece = s.recv(1)
        if not piece:
            return None
        got += piece
    left = int(got[:-1]) + 1
    content = b""
    while len(content) < left:
        piece = s.recv(left - len(content))
        if not piece:
            return None
        content += piece
    return content[:-1]


def connect():
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(30)
    s.connect("home/run/tls.sock")
    return s


def question(s, port, records, *descriptors):
    network = socket.create_connection(("127.0.0.1", int(port)), timeout=20)
    content = b"".join(r.encode() + b"\0" for r in ("side=client",) + records)
    socket.send_fds(s, [b"%d:%s," % (len(content), content)], [network.fileno(), *descriptors])
    network.close()
    answer = read_netstring(s)
    if answer is None:
        print("no answer")
        return False
    print(answer[:1].decode() + "\n" + answer[1:].replace(b"\0", b"\n").decode())
    return answer[:1] == b"K"


def say_hello(s):
    s.sendall(b"hello\n")
    print(s.recv(1000).decode().strip())


def ask(port, *records):
    s = connect()
    if question(s, port, records):
        say_hello(s)
        s.shutdown(socket.SHUT_WR)
        while s.recv(1000):
            pass


def series(*words):
    """Ask for one session after the other, each PORT RECORD... up to the word --, of the same process."""
    s = connect()
    words = list(words)
    while words:
        end = words.index("--") if "--" in words else len(words)
        clear, other = socket.socketpair()
        clear.settimeout(20)
        is_good = question(s, words[0], tuple(words[1:end]) + ("clear=passed",), other.fileno())
        other.close()
        if is_good:
            say_hello(clear)
        clear.close()
        words = words[end + 1:]


def wrong(port):
    """As many descriptors as nobody wants."""
    for records, descriptors in (("clear=passed",), ()), ((), (1,)):
        question(connect(), port, records, *descriptors)


globals()[sys.argv[1]](*sys.argv[2:])
