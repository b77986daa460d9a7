#! /usr/bin/python3
"""compare SEED COUNT: records made up by chance, judged by python3-spf and by "spf-check -t".

Prints what differs, and how often each result came; exits 1 when anything differs.
"""
import collections
import os
import random
import socket
import subprocess
import sys

import spf

import suite

DOMAINS = ["d%d.test" % i for i in range(8)]
HOSTS = ["h%d.d%d.test" % (i, i % 8) for i in range(12)]
V4 = ["192.0.2.%d" % i for i in range(1, 9)]
V6 = ["2001:db8::%d" % i for i in range(1, 5)]


def lookup(name, kind, tcpfallback=True, timeout=30):
    """What python3-spf asks of its DNS client."""
    try:
        status, records = suite.answer(kind, name.rstrip("."))
    except UnicodeError:
        return []
    if status == "failed":
        raise spf.TempError("no answer")
    found = []
    for r in records:
        if kind == "MX":
            preference, host = r.split(b" ", 1)
            found.append(((name, kind), (int(preference), host.decode())))
        elif kind == "TXT":
            found.append(((name, kind), (r,)))
        elif kind == "A":
            found.append(((name, kind), socket.inet_ntoa(r)))
        elif kind == "AAAA":
            found.append(((name, kind), r))
        else:
            found.append(((name, kind), r.decode()))
    return found


def spec(rand):
    return rand.choice(DOMAINS + HOSTS + ["%{d}", "%{l}.d0.test", "%{i}._ip.test", "%{ir}.%{v}.rev.test",
                                          "%{d1r}.test", "%{o2}", "%{h}", "%{s}.test", "gone.test",
                                          "%{lr-}.d1.test", "%{L}%%.test", "_x.%{d}"])


def prefixes(rand):
    return rand.choice(["", "", "", "/24", "/31", "//64", "/0", "/28//127"])


def mechanism(rand):
    kind = rand.choice(["ip4", "ip4", "ip6", "a", "mx", "include", "exists", "ptr", "all", "bad"])
    if kind == "ip4":
        text = "ip4:" + rand.choice(V4) + rand.choice(["", "/32", "/31", "/29"])
    elif kind == "ip6":
        text = "ip6:" + rand.choice(V6) + rand.choice(["", "/128", "/126"])
    elif kind in ("a", "mx"):
        text = kind + rand.choice(["", ":" + spec(rand)]) + prefixes(rand)
    elif kind == "ptr":
        text = kind + rand.choice(["", ":" + rand.choice(DOMAINS)])
    elif kind in ("include", "exists"):
        text = kind + ":" + spec(rand)
    elif kind == "all":
        text = kind
    elif rand.random() < 0.15:
        text = rand.choice(["ip4:1.2.3", "a:", "mx/33", "foo", "a:x", "exists:%{", "include", "all:x", "%d"])
    else:
        text = "%s%d=%%{d}" % (rand.choice(["moo", "x-y", "a.b"]), rand.randrange(1000))
    return ("" if "=" in text else rand.choice(["", "", "-", "~", "?", "+"])) + text


def record(rand):
    terms = [mechanism(rand) for _ in range(rand.randrange(6))]
    if rand.random() < 0.2:
        terms.append("redirect=" + spec(rand))
    return " ".join(["v=spf1"] + terms)


def make_zone(rand):
    zone = {}
    for name in DOMAINS + HOSTS:
        entry = zone[name] = []
        if name in DOMAINS or rand.random() < 0.2:
            entry.append({"TXT": record(rand)})
            if rand.random() < 0.03:
                entry.append({"TXT": record(rand)})
        entry.append({"TXT": "another"})
        for _ in range(rand.randrange(3)):
            entry.append({"A": rand.choice(V4)})
        for _ in range(rand.randrange(2)):
            entry.append({"AAAA": rand.choice(V6)})
        for i in range(rand.choice([0, 1, 2, 2, 3, 11 if rand.random() < 0.1 else 1])):
            entry.append({"MX": [i, rand.choice(HOSTS)]})
        if name in DOMAINS and rand.random() < 0.03:
            zone[name] = ["TIMEOUT"]
    for ip in V4:
        if rand.random() < 0.7:
            zone[".".join(reversed(ip.split("."))) + ".in-addr.arpa"] = [
                {"PTR": rand.choice(HOSTS)} for _ in range(rand.randrange(1, 4))]
        if rand.random() < 0.3:
            zone[ip + "._ip.test"] = [{"A": "127.0.0.2"}]
    for local in ("bob", "a-b"):
        zone[local + ".d0.test"] = [{"A": "127.0.0.2"}]
    return zone


def main():
    rand = random.Random(int(sys.argv[1]))
    spf.DNSLookup = lookup
    os.makedirs("home/run", exist_ok=True)
    os.makedirs("home/control", exist_ok=True)
    suite.listen()
    results, wrong = collections.Counter(), 0
    for _ in range(int(sys.argv[2])):
        suite.load(make_zone(rand))
        for _ in range(5):
            ip, helo = rand.choice(V4 + V6), rand.choice(DOMAINS)
            sender = rand.choice(["bob", "a-b", "x.y"]) + "@" + rand.choice(DOMAINS)
            theirs, _, why = spf.query(i=ip, s=sender, h=helo, receiver="me.test", strict=True,
                                       timeout=0).check()
            said = subprocess.run(["spf-check", "-t", ip, sender, helo], stdout=subprocess.PIPE, check=True,
                                  env=dict(os.environ, FACTEUR_HOME=os.path.abspath("home")))
            ours, field = said.stdout.decode().split("\n")[:2]
            results[ours] += 1
            # it judges all terms before the first is evaluated, and counts questions, not terms
            if ours != theirs and not any(w in why for w in ("trivial recursion", "Void lookup limit")):
                wrong += 1
                print(ip, sender, helo, ": ours", ours, "theirs", theirs, why, field)
                for name, entry in suite.zone.items():
                    print("    ", name, entry)
    print(dict(results), wrong, "differ")
    sys.stdout.flush()
    os._exit(1 if wrong else 0)


main()
