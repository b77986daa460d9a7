#! /usr/bin/python3
"""suite FILE: the test suite of RFC 7208, asked of "spf-check -t".

Plays run/dns.sock, so that a resolver that is silent costs no time.  Prints what differs, and how
many tests there were; exits 1 when any differs.
"""
import os
import socket
import subprocess
import sys
import threading

import yaml

zone = {}


def netstring(s):
    return b"%d:%s," % (len(s), s)


def raw(value):
    """What stands in the file is bytes as Latin-1, or text as UTF-8."""
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode()


def unescape(name):
    out, it = "", iter(name)
    for c in it:
        out += next(it) if c == "\\" else c
    return out


def wire(kind, value):
    if kind in ("TXT", "SPF"):
        return b"".join(map(raw, value)) if isinstance(value, list) else raw(value)
    if kind == "A":
        return socket.inet_aton(value)
    if kind == "AAAA":
        return socket.inet_pton(socket.AF_INET6, value)
    if kind == "MX":
        return b"%d %s" % (value[0], value[1].encode())
    return value.encode()


def load(zonedata):
    """NAME -> [(TYPE, bytes)], None for a time-out.  SPF is TXT, too, unless that is there."""
    zone.clear()
    for name, records in zonedata.items():
        entry = zone.setdefault(name.lower(), [])
        has_text = any(isinstance(r, dict) and "TXT" in r for r in records)
        for record in records:
            kind, value = ("TIMEOUT", None) if record == "TIMEOUT" else list(record.items())[0]
            if kind == "SPF" and not has_text:
                kind = "TXT"
            if kind != "TXT" or value != "NONE":
                entry.append((kind, None if value in ("TIMEOUT", None) else wire(kind, value)))


def answer(kind, name):
    """Status and records."""
    name = unescape(name).lower()
    for _ in range(20):
        if name not in zone:
            return ("nothing" if any(n.endswith("." + name) for n in zone) else "no-name"), []
        records = zone[name]
        found = [v for k, v in records if k == kind]
        if None in found:
            return "failed", []
        if found:
            return "found", found
        if any(k == "TIMEOUT" for k, _ in records):
            return "failed", []
        cname = [v.decode().lower() for k, v in records if k == "CNAME"]
        if not cname:
            return "nothing", []
        name = cname[0]
    return "failed", []


def serve(client):
    buf = b""
    while True:
        got = client.recv(65536)
        if not got:
            return
        buf += got
        while b":" in buf:
            size, rest = buf.split(b":", 1)
            if len(rest) <= int(size):
                break
            request, buf = rest[:int(size)], rest[int(size) + 1:]
            number, kind, _, name = request.split(b" ", 3)
            status, records = answer(kind.decode(), name.decode("latin-1"))
            client.sendall(netstring(b"%s %s 0 0 %s\n" % (number, status.encode(), name) +
                                     b"".join(map(netstring, records))))


def attend(client):
    try:
        serve(client)
    except OSError:  # it has left
        pass


def listen():
    sock = socket.socket(socket.AF_UNIX)
    sock.bind("home/run/dns.sock")
    sock.listen(50)

    def accept():
        while True:
            threading.Thread(target=attend, args=(sock.accept()[0],), daemon=True).start()
    threading.Thread(target=accept, daemon=True).start()


def run(name, test):
    said = subprocess.run(
        ["spf-check", "-t", str(test["host"]), test.get("mailfrom") or "", test["helo"]],
        stdout=subprocess.PIPE, env=dict(os.environ, FACTEUR_HOME=os.path.abspath("home")),
        check=True).stdout.decode("latin-1").split("\n")
    wanted = test["result"] if isinstance(test["result"], list) else [test["result"]]
    if said[0] not in wanted:
        return "%s: %s instead of %s: %s" % (name, said[0], wanted, said[1])
    explanation = test.get("explanation", "DEFAULT")
    if explanation == "DEFAULT":
        explanation = ""
    if "fail" in wanted and "explanation" in test and explanation != said[2]:
        return "%s: explained as %s instead of %s" % (name, said[2], explanation)
    return None


def main():
    os.makedirs("home/run", exist_ok=True)
    os.makedirs("home/control", exist_ok=True)
    with open("home/control/me", "w") as f:
        f.write("receiver.test\n")
    listen()
    count, wrong = 0, []
    with open(sys.argv[1], encoding="utf-8") as f:
        for scenario in yaml.safe_load_all(f):
            load(scenario["zonedata"])
            for name, test in scenario["tests"].items():
                count += 1
                fault = run(name, test)
                if fault:
                    wrong.append(fault)
    for fault in wrong:
        print(fault)
    print("%d tests, %d wrong" % (count, len(wrong)))
    sys.stdout.flush()
    os._exit(1 if wrong or not count else 0)


if __name__ == "__main__":
    main()
