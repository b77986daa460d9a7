#!/usr/bin/python3
"""qmtp_pack PROTOCOL SENDER RECIPIENT...: pack the message on descriptor 0.

PROTOCOL is qmqp, lf (QMTP with lines that end in LF) or crlf.  Backslash escapes in SENDER and
RECIPIENTs are bytes.
"""
import sys


def netstring(s):
    return b"%d:%s," % (len(s), s)


def octets(word):
    return word.encode("utf-8", "surrogateescape").decode("unicode_escape").encode("latin-1") \
        if "\\" in word else word.encode("utf-8", "surrogateescape")


protocol, sender, *recipients = sys.argv[1:]
message = sys.stdin.buffer.read()
sender = netstring(octets(sender))
recipients = b"".join(netstring(octets(r)) for r in recipients)
if protocol == "qmqp":
    package = netstring(netstring(message) + sender + recipients)
elif protocol == "lf":
    package = netstring(b"\n" + message) + sender + netstring(recipients)
else:
    package = netstring(b"\r" + message.replace(b"\n", b"\r\n")) + sender + netstring(recipients)
sys.stdout.buffer.write(package)
