#!/usr/bin/python3
"""scram_client.py USER PASSWORD [OPTION...] COMMAND...: authenticate to the smtp-recv that
COMMAND starts by SCRAM-SHA-256, with nothing but hashlib and hmac, and show what it says;
then show whether it proved to know the password, too.
Options: plus (bind to the channel, whose exporter is in TLS_EXPORTER), hidden (say that the
server has no channel binding), late (no initial response), authzid=NAME, nonce (send
another nonce back), channel=HEX (bind to another channel), proof (spoil the proof),
mechanism=NAME, first=TEXT (in place of the first message), cancel (instead of the proof)."""
import base64
import hashlib
import hmac
import os
import subprocess
import sys

user, password = sys.argv[1], sys.argv[2].encode()
options = {}
rest = sys.argv[3:]
while rest[0].partition("=")[0] in ("plus", "hidden", "late", "authzid", "nonce", "channel",
                                    "proof", "mechanism", "first", "cancel"):
    name, _, value = rest.pop(0).partition("=")
    options[name] = value
server = subprocess.Popen(rest, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def say(line):
    server.stdin.write(line.encode() + b"\r\n")
    server.stdin.flush()


def hear():
    while True:
        line = server.stdout.readline().decode().rstrip("\r\n")
        if line[3:4] != "-":
            return line


def digest(key, text):
    return hmac.new(key, text, hashlib.sha256).digest()


def encode(s):
    return base64.b64encode(s).decode()


hear()
say("EHLO client.test")
hear()
header = b"p=tls-exporter," if "plus" in options else b"y," if "hidden" in options else b"n,"
if "authzid" in options:
    header += b"a=" + options["authzid"].encode()
header += b","
bare = b"n=" + user.encode() + b",r=rOprNGfwEbeRWgbNEkqO"
first = options["first"].encode() if "first" in options else header + bare
mechanism = options.get("mechanism",
                        "SCRAM-SHA-256-PLUS" if "plus" in options else "SCRAM-SHA-256")
if "late" in options:
    say("AUTH " + mechanism)
    print(hear())
    say(encode(first))
else:
    say("AUTH " + mechanism + " " + encode(first))
reply = hear()
print(reply[:4])
if reply.startswith("334"):
    challenge = base64.b64decode(reply[4:], validate=True)
    part = dict(p.split(b"=", 1) for p in challenge.split(b","))
    salted = hashlib.pbkdf2_hmac("sha256", password, base64.b64decode(part[b"s"]),
                                 int(part[b"i"]))
    key = digest(salted, b"Client Key")
    channel = options.get("channel", os.environ.get("TLS_EXPORTER", ""))
    bound = header + (bytes.fromhex(channel) if "plus" in options else b"")
    nonce = b"other" if "nonce" in options else part[b"r"]
    final = b"c=" + base64.b64encode(bound) + b",r=" + nonce
    message = bare + b"," + challenge + b"," + final
    proof = bytearray(digest(hashlib.sha256(key).digest(), message))
    for i, byte in enumerate(key):
        proof[i] ^= byte
    if "proof" in options:
        proof[31] ^= 1
    say("*" if "cancel" in options else encode(final + b",p=" + base64.b64encode(proof)))
    reply = hear()
    print(reply[:4] if reply.startswith("334") else reply)
    if reply.startswith("334"):
        signature = b"v=" + base64.b64encode(digest(digest(salted, b"Server Key"), message))
        print("proved" if base64.b64decode(reply[4:]) == signature else "not proved")
        say("")
        print(hear())
say("QUIT")
hear()
server.stdin.close()
server.wait()
