#! /usr/bin/python3
"""sign.py DOMAIN SELECTOR KEY [LENGTH] <message: the message with a DKIM-Signature above it.

relaxed/relaxed, rsa-sha256, with the private KEY in PEM, of which openssl makes use; with LENGTH
octets of the body as l=.  sign.py DOMAIN SELECTOR KEY record: the line for zone.py.
"""
import base64
import hashlib
import re
import subprocess
import sys

SIGNED = ["from", "to", "subject", "date"]


def relaxed(field):
    name, value = field.split(b":", 1)
    value = re.sub(rb"[ \t]+", b" ", value.replace(b"\n", b"")).strip(b" ")
    return name.strip(b" \t").lower() + b":" + value + b"\r\n"


def body_of(body):
    lines = [re.sub(rb"[ \t]+", b" ", line).rstrip(b" ") for line in body.split(b"\n")]
    while lines and not lines[-1]:
        lines.pop()
    return b"".join(line + b"\r\n" for line in lines)


def main():
    domain, selector, key = sys.argv[1:4]
    if sys.argv[4:] == ["record"]:
        der = subprocess.run(["openssl", "rsa", "-in", key, "-pubout", "-outform", "DER"], check=True,
                             capture_output=True).stdout
        text = "v=DKIM1; k=rsa; p=" + base64.b64encode(der).decode()
        pieces = " ".join(f'"{text[i:i + 200]}"' for i in range(0, len(text), 200))
        print(f"{selector}._domainkey.{domain} TXT {pieces}")
        return
    message = sys.stdin.buffer.read()
    header, _, body = message.partition(b"\n\n")
    body = body_of(body)
    limit = ""
    if sys.argv[4:]:
        limit = f" l={int(sys.argv[4])};"
        body = body[:int(sys.argv[4])]
    fields = re.split(rb"\n(?![ \t])", header)
    names = [f.split(b":")[0].strip().lower().decode() for f in fields]
    taken = [n for n in SIGNED if n in names]
    signature = (f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain}; s={selector};{limit}"
                 f" h={':'.join(taken)}; bh={base64.b64encode(hashlib.sha256(body).digest()).decode()}; b=")
    data = b""
    for name in taken:
        at = len(names) - 1 - names[::-1].index(name)
        data += relaxed(fields[at])
    data += relaxed(signature.encode())[:-2]
    signed = subprocess.run(["openssl", "dgst", "-sha256", "-sign", key], input=data, check=True,
                            capture_output=True).stdout
    sys.stdout.buffer.write(signature.encode() + base64.b64encode(signed) + b"\n" + message)


main()
