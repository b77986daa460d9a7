#! /usr/bin/python3
"""zone FILE -- COMMAND...: play a DNS resolver that knows FILE, while COMMAND runs.

COMMAND finds $DNS, its port on 127.0.0.1, for UDP and TCP; $ZONE_AT, ADDRESS:PORT, asks for another
place.  Exits as COMMAND does.
FILE is read anew for each question; it has lines of words, as the shell takes them apart:

NAME TYPE DATA...   a record: A, AAAA, MX (preference, name), TXT (strings), PTR, CNAME, SRV (three
                    numbers, name), TLSA (three numbers, hex); \\NNN is a byte, in names too
NAME TTL SECONDS    for which the records of that name hold; else 0
NAME SECURE         answers about that name have AD, when they are asked for it
NAME TIMEOUT        they never come
NAME SLOW SECONDS   they come late
NAME SERVFAIL       and so on: the failure of that name (REFUSED, FORMERR, NOTIMP)
NAME NONSENSE HEX   these bytes, behind the right ID
NAME CUT            the first answer is cut (TC), so that TCP is needed

What is not there does not exist.  Left behind: questions, a line "TYPE NAME" for each.
"""
import os
import re
import shlex
import socket
import socketserver
import struct
import subprocess
import sys
import threading
import time

TYPES = {"A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28, "SRV": 33, "TLSA": 52}
CODES = {"FORMERR": 1, "SERVFAIL": 2, "NOTIMP": 4, "REFUSED": 5}
lock = threading.Lock()


def raw(text):
    """\\NNN as bytes."""
    return b"".join(bytes([int(p[1:])]) if re.fullmatch(r"\\\d\d\d", p) else p.encode()
                    for p in re.findall(r"\\\d\d\d|[^\\]+|\\", text))


def wire(name):
    labels = [raw(label) for label in name.split(".") if label] if name != "." else []
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def data(kind, words):
    if kind == "A":
        return socket.inet_aton(words[0])
    if kind == "AAAA":
        return socket.inet_pton(socket.AF_INET6, words[0])
    if kind == "MX":
        return struct.pack(">H", int(words[0])) + wire(words[1])
    if kind == "SRV":
        return struct.pack(">HHH", *(int(w) for w in words[:3])) + wire(words[3])
    if kind == "TXT":
        return b"".join(bytes([len(raw(w))]) + raw(w) for w in words)
    if kind == "TLSA":
        return bytes(int(w) for w in words[:3]) + bytes.fromhex(words[3])
    return wire(words[0])


def read_zone(path):
    zone = {}
    with open(path, encoding="utf-8") as f:
        for line in f:
            words = shlex.split(line.replace("\\", "\\\\"), comments=True)
            if words:
                zone.setdefault(wire(words[0]).lower(), []).append(words[1:])
    return zone


def find(zone, name, kind):
    """The answers' records, with their owners, following CNAMEs; and whether the name is there."""
    answers = []
    for _ in range(20):
        lines = zone.get(name.lower())
        if lines is None:
            # an empty non-terminal is there, too
            return answers, any(n.endswith(name.lower()) for n in zone)
        ttl = next((int(w[1]) for w in lines if w[0] == "TTL"), 0)
        found = [(name, ttl, t, data(t, w)) for t, *w in lines if TYPES.get(t) == kind]
        answers += found
        cname = next((w[1] for w in lines if w[0] == "CNAME"), None)
        if found or cname is None:
            return answers, True
        answers.append((name, ttl, "CNAME", wire(cname)))
        name = wire(cname)
    return answers, True


def answer(query, path, over_tcp):
    ident, flags, count = struct.unpack(">HHH", query[:6])
    end = 12
    while query[end]:
        end += query[end] + 1
    name, (kind, _) = query[12:end + 1], struct.unpack(">HH", query[end + 1:end + 5])
    with lock, open("questions", "ab") as f:
        words = [k for k, v in TYPES.items() if v == kind] or [str(kind)]
        f.write(words[0].encode() + b" " + b".".join(
            re.findall(rb"[^\0-\x1f]+", name)) + b"\n")
    zone = read_zone(path)
    lines = zone.get(name.lower(), [])
    special = {words[0]: words[1:] for words in lines}
    if "SLOW" in special:
        time.sleep(float(special["SLOW"][0]))
    if "TIMEOUT" in special:
        return None
    if "NONSENSE" in special:
        return query[:2] + bytes.fromhex(special["NONSENSE"][0])
    question = query[12:end + 5]
    code = next((CODES[w] for w in special if w in CODES), 0)
    found, is_there = find(zone, name, kind) if not code else ([], True)
    if not code and not is_there:
        code = 3
    flags = 0x8180 | code | (0x20 if "SECURE" in special and flags & 0x20 else 0)
    if "CUT" in special and not over_tcp:
        return struct.pack(">HHHHHH", ident, flags | 0x200, 1, 0, 0, 0) + question
    body = b"".join(n + struct.pack(">HHIH", TYPES[t], 1, ttl, len(d)) + d for n, ttl, t, d in found)
    ttl = next((int(w[1]) for w in lines if w[0] == "TTL"), 0)
    soa = b"" if found else b"\0" + struct.pack(">HHIH", 6, 1, ttl, 22) + b"\0\0" + struct.pack(
        ">IIIII", 1, 1, 1, 1, ttl)
    whole = struct.pack(">HHHHHH", ident, flags, 1, len(found), 0 if found else 1, 0) + question + body + soa
    if len(whole) > 1232 and not over_tcp:
        return struct.pack(">HHHHHH", ident, flags | 0x200, 1, 0, 0, 0) + question
    return whole


def main():
    path, command = os.path.abspath(sys.argv[1]), sys.argv[3:]
    address, port = os.environ.get("ZONE_AT", "127.0.0.1:0").split(":")

    class Datagram(socketserver.BaseRequestHandler):
        def handle(self):
            query, sock = self.request
            reply = answer(query, path, False)
            if reply is not None:
                sock.sendto(reply, self.client_address)

    class Stream(socketserver.StreamRequestHandler):
        def handle(self):
            while True:
                size = self.rfile.read(2)
                if len(size) < 2:
                    return
                reply = answer(self.rfile.read(struct.unpack(">H", size)[0]), path, True)
                if reply is not None:
                    self.wfile.write(struct.pack(">H", len(reply)) + reply)

    socketserver.ThreadingTCPServer.allow_reuse_address = True
    while True:
        udp = socketserver.ThreadingUDPServer((address, int(port)), Datagram)
        udp.max_packet_size = 65536
        try:
            tcp = socketserver.ThreadingTCPServer(udp.server_address, Stream)
            break
        except OSError:
            udp.server_close()
    for server in (udp, tcp):
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
    code = subprocess.call(command, env=dict(os.environ, DNS=str(udp.server_address[1])))
    sys.stdout.flush()
    os._exit(code if code >= 0 else 99)


main()
