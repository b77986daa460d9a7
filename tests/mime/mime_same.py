#!/usr/bin/python3
"""mime_same FOLDER [OPTION...]: give messages to mime-encode, and read both with python's email.

The messages are those in FOLDER, and many that are made here, the same ones every time.  Ends with
1 and the message when what is decoded is not the same, or what comes out not fit.
"""
import email
import email.header
import email.policy
import os
import random
import subprocess
import sys

ALPHABET = ["é", "ü", "日本", "я", " ", " ", "a", "b", "=", ".", "\t", "From ", "--", "-- ", "=C3", "x" * 70]


def decoded(text):
    parts = email.header.decode_header(text)
    out = b""
    for part, charset in parts:
        if isinstance(part, str):
            part = part.encode("ascii", "surrogateescape")
        out += part
    return b" ".join(out.split())


def value(part, name):
    raw = part.get(name, "")
    return decoded(str(raw)) if not isinstance(raw, email.header.Header) else decoded(
        str(raw.encode()))


def lines(data):
    return data.replace(b"\r\n", b"\n")


def told(message):
    """What a reader sees of it."""
    for part in message.walk():
        yield part.get_content_type()
        yield value(part, "Subject")
        name = part.get_filename()
        # this is what email makes of raw UTF-8 there
        yield name if name is None else name.replace("\ufffd\ufffd", "é")
        if not part.is_multipart():
            yield lines(part.get_payload(decode=True) or b"")


def text(random):
    return "\n".join("".join(random.choice(ALPHABET) for _ in range(random.randrange(40)))
                     for _ in range(random.randrange(8)))


def entity(random, depth):
    kind = random.randrange(8 if depth < 4 else 5)
    if kind < 5:
        charset = random.choice(["utf-8", "iso-8859-1", None])
        body = text(random).encode(charset or "utf-8", "replace")
        header = random.choice([b"Content-Type: text/plain; charset=" + (charset or "utf-8").encode() + b"\n",
                                b"Content-Type: application/octet-stream; name=\"\xc3\xa9.bin\"\n", b""])
        label = random.choice([b"8bit", b"7bit", b"binary", b"8-bit", None])
        if label:
            header += b"Content-Transfer-Encoding: " + label + b"\n"
        if random.random() < .2:
            body = bytes(random.choice(range(1, 256)) for _ in range(random.randrange(400)))
            body = body.replace(b"\r", b"").replace(b"\v", b"").replace(b"\f", b"")
        return header + b"\n" + body
    if kind == 5:
        return b"Content-Type: message/rfc822\n\nSubject: \xc3\xa9 in it\n" + entity(random, depth + 1)
    boundary = random.choice([b"=_b%d", b"b%d b", b"--%d", b"b%d"]) % random.randrange(1000)
    out = b"Content-Type: multipart/" + random.choice([b"mixed", b"alternative", b"digest"]) + \
        b";\n\tboundary=\"" + boundary + b"\"\n"
    if random.random() < .5:
        out += b"Content-Transfer-Encoding: 8bit\n"
    out += b"\npreamble\n"
    for _ in range(random.randrange(1, 4)):
        out += b"--" + boundary + b"\n" + entity(random, depth + 1) + b"\n"
    return out + (b"--" + boundary + b"--\n" if random.random() < .9 else b"")


def made():
    numbers = random.Random(1)
    for _ in range(150):
        yield b"From: J\xc3\xb6rg <j@example.org>\nSubject: \xc3\xa9t\xc3\xa9 1 \xc3\xa9\nMIME-Version: 1.0\n" + \
            entity(numbers, 0)


def check(message, options):
    for raw in message, message.replace(b"\n", b"\r\n"):
        run = subprocess.run(["mime-encode", *options], input=raw, stdout=subprocess.PIPE)
        if run.returncode:
            sys.exit(f"mime-encode ends with {run.returncode}: {raw!r}")
        after = run.stdout
        if not options and any(c > 127 for c in after):
            sys.exit(f"not ASCII: {after!r}")
        one = list(told(email.message_from_bytes(raw)))
        other = list(told(email.message_from_bytes(after)))
        if one != other:
            sys.exit(f"of {raw!r}\ncame {after!r}\n{one!r}\n{other!r}")


def main():
    folder, *options = sys.argv[1:]
    messages = [open(os.path.join(folder, name), "rb").read() for name in sorted(os.listdir(folder))]
    for message in messages + list(made()):
        check(message, options)
    print("all the same")


main()
