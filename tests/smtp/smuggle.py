#! /usr/bin/python3
"""smuggle: try to hide a message in another one, in every way that has been published.

Speaks to smtp-recv, whose sink "keep" appends a line to "kept" for each message.  Prints what went
wrong, and exits 1 then; else prints how many ways were tried.
"""
import socket
import subprocess
import sys

# Ends of data that some server somewhere takes for CRLF.CRLF: SEC Consult's research of 2023 and
# the tools that followed it.
ENDS = [
    b"\n.\n", b"\n.\r\n", b"\n.\r", b"\r.\n", b"\r.\r", b"\r.\r\n", b"\r\n.\n", b"\r\n.\r",
    b"\r\n\0.\r\n", b"\r\n.\0\r\n", b"\r\n\0.\0\r\n", b"\0\n.\r\n", b"\n\0.\r\n", b"\r\0.\r\n",
    b"\n.\0\n", b"\r\n.\0\n", b"\n\n.\n\n", b"\n.\r\r\n", b"\r\n.\r\r\n", b"\r\r\n.\r\r\n",
    b"\r.\r\r\n", b"\r\n.\n\r\n", b"\n\r.\n\r", b"\n\r.\r\n", b"\r\n.\r\0\n", b"\r\0\n.\r\0\n",
    b"\r\n.\n.\r", b"\r\r.\r\r", b"\n\r\n.\n",
]
HIDDEN = b"MAIL FROM:<evil@x.test>\r\nRCPT TO:<b@mx.test>\r\nDATA\r\nSubject: hidden\r\n\r\nhidden\r\n"
failures = []


def talk(said, one_by_one):
    """Say it all at once, or byte by byte; returns the codes of all replies but EHLO's."""
    ours, theirs = socket.socketpair()
    server = subprocess.Popen(["smtp-recv", "keep"], stdin=theirs, stdout=theirs,
                              stderr=subprocess.DEVNULL)
    theirs.close()
    if one_by_one:
        for i in range(len(said)):
            ours.sendall(said[i:i + 1])
    else:
        ours.sendall(said)
    ours.shutdown(socket.SHUT_WR)
    heard = b""
    while True:
        got = ours.recv(65536)
        if not got:
            break
        heard += got
    server.wait()
    return [line[:3].decode() for line in heard.split(b"\r\n") if line[3:4] == b" "]


def kept():
    try:
        with open("home/kept") as f:
            return len(f.readlines())
    except FileNotFoundError:
        return 0


def expect(what, said, codes):
    for one_by_one in (False, True):
        got = talk(said, one_by_one)
        if got != ["220", "250"] + codes or kept():
            failures.append("%s, %s: %s, %d kept" % (
                what, "byte by byte" if one_by_one else "at once", " ".join(got), kept()))


def is_broken(text):
    """Is there a CR, LF or null byte out of place, not counting a CR at the very end?"""
    rest = text.replace(b"\r\n", b"")
    return b"\n" in rest or b"\0" in rest or b"\r" in (rest[:-1] if text.endswith(b"\r") else rest)


def begin(options):
    return (b"EHLO a\r\nMAIL FROM:<a@x.test>" + options + b"\r\nRCPT TO:<b@mx.test>\r\n")


def chunks(text, size):
    parts = [text[i:i + size] for i in range(0, len(text), size)]
    return b"".join(b"BDAT %d\r\n%s" % (len(p), p) for p in parts) + b"BDAT 0 LAST\r\n", len(parts)


for end in ENDS:
    for options in (b"", b" BODY=8BITMIME", b" BODY=8BITMIME SMTPUTF8"):
        text = b"Subject: outside\r\n\r\noutside" + end + HIDDEN
        expect("%r after DATA%s" % (end, options.decode()),
               begin(options) + b"DATA\r\n" + text + b".\r\nQUIT\r\n",
               ["250", "250", "354", "550", "221"])
        expect("%r in a chunk%s" % (end, options.decode()),
               begin(options) + b"BDAT %d LAST\r\n%sQUIT\r\n" % (len(text), text),
               ["250", "250", "550", "221"])
    said, n = chunks(text, 7)
    got = talk(begin(b"") + said + b"QUIT\r\n", False)
    first = got.index("550") if "550" in got else len(got)
    if got[:4] != ["220", "250", "250", "250"] or set(got[4:first]) - {"250"} or \
            set(got[first:-1]) != {"550"} or len(got) != 4 + n + 2 or kept():
        failures.append("%r in small chunks: %s" % (end, " ".join(got)))
    # the whole hidden dialogue where a chunk ends
    for at in range(len(end) + 1):
        head, tail = b"Subject: o\r\n\r\no" + end[:at], end[at:] + HIDDEN
        expect("%r cut at %d" % (end, at),
               begin(b"") + b"BDAT %d\r\n%sBDAT %d LAST\r\n%sQUIT\r\n" % (
                   len(head), head, len(tail), tail),
               ["250", "250", "550" if is_broken(head) else "250", "550", "221"])

# In a chunk the true end of DATA is text like any other.
text = b"Subject: one\r\n\r\none\r\n.\r\n" + HIDDEN
got = talk(begin(b"") + b"BDAT %d LAST\r\n%sQUIT\r\n" % (len(text), text), False)
if got != ["220", "250", "250", "250", "250", "221"] or kept() != 1:
    failures.append("CRLF.CRLF in a chunk: %s" % " ".join(got))

for failure in failures:
    print(failure)
if not failures:
    print("%d ways, none open" % len(ENDS))
sys.exit(bool(failures))
