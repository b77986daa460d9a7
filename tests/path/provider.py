#!/usr/bin/python3
"""provider.py FOLDER CERTIFICATE KEY: a server on port 25 that takes mail as large providers do.

It takes what comes over TLS, from an address whose name leads back to it, with a HELO name that
leads to it, that passes SPF and DKIM, both for the domain in From, which has a record of DMARC.
All else is refused, with all the reasons.  The DNS is asked at 127.0.0.1.  A message is kept as
FOLDER/NUMBER.
"""
import email
import os
import ssl
import sys
import threading

import dkim
import DNS
import spf
from aiosmtpd.controller import Controller

DNS.defaults["server"] = ["127.0.0.1"]


def ask(name, kind):
    answers = DNS.DnsRequest(name, qtype=kind, timeout=10).req().answers
    return [a["data"] for a in answers if a["typename"] == kind]


def text(name):
    found = ask(name.rstrip("."), "TXT")
    return b"".join(found[0]) if found else None


def leads_to(name, ip):
    return ip in [str(a) for a in ask(name, "A")]


def faults(session, envelope):
    ip, helo = session.peer[0], session.host_name
    if session.ssl is None:
        yield "no TLS"
    names = ask(".".join(reversed(ip.split("."))) + ".in-addr.arpa", "PTR")
    if not any(leads_to(name, ip) for name in names):
        yield "%s has no name that leads back to it: %s" % (ip, names)
    if not leads_to(helo, ip):
        yield "%s is not the name of %s" % (helo, ip)
    sender = envelope.mail_from or "postmaster@" + helo
    result, words = spf.check2(i=ip, s=sender, h=helo)
    if result != "pass":
        yield "SPF says %s: %s" % (result, words)
    author = email.utils.parseaddr(email.message_from_bytes(envelope.content)["From"])[1].split("@")[-1]
    if sender.split("@")[-1] != author:
        yield "the sender is not of %s" % author
    record = text("_dmarc." + author)
    if not (record or b"").startswith(b"v=DMARC1;"):
        yield "%s has no record of DMARC" % author
    message = dkim.DKIM(envelope.content)
    count = len([h for h, _ in message.headers if h.lower() == b"dkim-signature"])
    passed = []
    for i in range(count):
        try:
            if message.verify(idx=i, dnsfunc=lambda name, timeout=5: text(name.decode())):
                passed.append(message.domain.decode())
        except dkim.DKIMException as e:
            yield "DKIM: %s" % e
    if author not in passed:
        yield "no signature of %s is good: %d of %d are" % (author, len(passed), count)


class Provider:
    def __init__(self, folder):
        self.folder = folder

    async def handle_DATA(self, server, session, envelope):
        try:
            wrong = list(faults(session, envelope))
        except Exception as e:
            wrong = [repr(e)]
        if wrong:
            return "550 5.7.26 " + "; ".join(wrong).replace("\n", " ")[:400]
        name = os.path.join(self.folder, str(1 + len(os.listdir(self.folder))))
        with open(name, "wb") as f:
            f.write(envelope.content)
        return "250 2.0.0 Taken"


def main():
    folder, certificate, key = sys.argv[1:]
    os.makedirs(folder, exist_ok=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    Controller(Provider(folder), hostname="0.0.0.0", port=25, server_hostname="mx.provider.example",
               tls_context=context).start()
    threading.Event().wait()


main()
