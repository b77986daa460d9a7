#!/usr/bin/python3
"""peer.py serve KIND [FOLDER [VERSION]]: a server on a port of the kernel's choice, which it prints.
KIND tls: speak TLS with cert.pem and key.pem in FOLDER, up to VERSION, and say each line in capitals;
garbage, silent, closing: what their names say.
peer.py ask PORT RECORD...: ask home/run/tls.sock for TLS as a client of 127.0.0.1 PORT; print the answer, a
record a line, and what is said to "hello" when there is TLS."""

import socket
import ssl
import sys
import threading


def talk_tls(context, s):
    try:
        with context.wrap_socket(s, server_side=True) as t:
            t.settimeout(20)
            for line in t.makefile("rb"):
                t.sendall(line.upper())
            t.unwrap()
    except (OSError, ValueError):
        pass


def talk(kind, context, s):
    s.settimeout(20)
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


def ask(port, *records):
    network = socket.create_connection(("127.0.0.1", int(port)), timeout=20)
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(30)
    s.connect("home/run/tls.sock")
    content = b"".join(r.encode() + b"\0" for r in ("side=client",) + records)
    socket.send_fds(s, [b"%d:%s," % (len(content), content)], [network.fileno()])
    network.close()
    answer = read_netstring(s)
    if answer is None:
        print("no answer")
        return
    print(answer[:1].decode() + "\n" + answer[1:].replace(b"\0", b"\n").decode())
    if answer[:1] == b"K":
        s.sendall(b"hello\n")
        print(s.recv(1000).decode().strip())
        s.shutdown(socket.SHUT_WR)
        while s.recv(1000):
            pass


globals()[sys.argv[1]](*sys.argv[2:])
