#!/usr/bin/python3
"""web CERTIFICATE KEY PORTFILE: the web server of a policy, over TLS, on 127.0.0.1.

The file "web" says what it does, read at each request: its first line "CODE TYPE", the rest the
body; or the one word hang, big or cut.  It writes its port to PORTFILE, and each request to
"requests": the name in the ClientHello, the Host field, the path."""
import os
import socket
import ssl
import sys
import threading
import time

names = {}
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1], sys.argv[2])


def note_name(sock, name, _):
    names[sock.fileno()] = name


context.sni_callback = note_name


def head_of(sock):
    data = b""
    while b"\r\n\r\n" not in data and len(data) < 65536:
        more = sock.recv(4096)
        if not more:
            break
        data += more
    return data.decode("latin-1")


def answer(sock, what):
    word = what.split("\n", 1)[0]
    if word == "hang":
        time.sleep(100)
    elif word == "big":
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
        for _ in range(1024):
            sock.sendall(b"mx: a.test\n" * 100)
    elif word == "cut":
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 900\r\n\r\nversion: STSv1")
    else:
        code, kind = word.split(" ", 1)
        body = what.split("\n", 1)[1].encode()
        more = "Location: https://mta-sts.other.test/\r\n" if code[0] == "3" else ""
        sock.sendall(("HTTP/1.1 %s X\r\n%sContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
                      % (code, more, kind, len(body))).encode() + body)


def take_body(sock, head):
    fields, _, body = head.partition("\r\n\r\n")
    size = [int(line[15:]) for line in fields.split("\r\n") if line.lower().startswith("content-length:")][0]
    body = body.encode("latin-1")
    while len(body) < size:
        body += sock.recv(65536)
    with open("posted.head", "w") as f:
        f.write(fields)
    with open("posted", "wb") as f:
        f.write(body)


def serve(raw):
    try:
        sock = context.wrap_socket(raw, server_side=True)
        head = head_of(sock)
        lines = head.split("\r\n")
        host = [line[5:].strip() for line in lines if line.lower().startswith("host:")]
        with open("requests", "a") as f:
            f.write("%s %s %s\n" % (names.get(sock.fileno()), host[0].split(":")[0], lines[0]))
        if lines[0].startswith("POST "):
            take_body(sock, head)
        with open("web") as f:
            answer(sock, f.read())
        sock.unwrap()
    except (OSError, IndexError, ValueError):
        pass
    finally:
        raw.close()


door = socket.socket()
door.bind(("127.0.0.1", 0))
door.listen(50)
with open(sys.argv[3] + ".new", "w") as f:
    f.write("%d\n" % door.getsockname()[1])
os.rename(sys.argv[3] + ".new", sys.argv[3])
while True:
    threading.Thread(target=serve, args=(door.accept()[0],), daemon=True).start()
