"""The programs that talk with strangers, under a fault: smtp-recv, mx-send, pop3-serve.

Each scenario runs its program once, with the fault if the home has one for it, compares
what it has promised with what is there, and once more without the fault.
"""
import os
import socket
import subprocess
import threading

from trial import Letter

PATIENCE = 20
ALICE = "alice@example.test"
MAILDIR = "mail/example.test/alice/Maildir"
STORED = "1600000000.0aaaaaaaaafaults0000000%d.mx.example.test,S=%d"


def dialogue(home, argv, lines):
    """What the program says to these lines, all of them sent at once; its exit code."""
    child = subprocess.Popen(
        home.command(argv), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=home.log,
        env=dict(home.environment, TCPREMOTEIP="127.0.0.1"), cwd=home.path)
    try:
        said, _ = child.communicate("".join(l + "\r\n" for l in lines).encode(), PATIENCE)
    except subprocess.TimeoutExpired:
        child.kill()
        said, _ = child.communicate()
    return said.decode("utf-8", "replace").split("\r\n"), child.returncode


def empty(home):
    """Remove the messages, which are no letters that the home knows."""
    for folder in ("new", "cur"):
        for name in os.listdir(os.path.join(home.path, MAILDIR, folder)):
            os.unlink(os.path.join(home.path, MAILDIR, folder, name))


def smtp_recv(home):
    """Each 250 after a final dot is a promise; a message may be there without one."""
    text = ["Subject: by smtp", "", "line " * 40, "end"]
    before = len(home.mailbox(ALICE))
    promised = 0
    for attempt in range(2):
        said, code = dialogue(home, ["smtp-recv", "queue-inject"], [
            "EHLO a.test", "MAIL FROM:<a@a.test>", "RCPT TO:<%s>" % ALICE, "DATA"] + text + [
            ".", "QUIT"])
        promised += sum(1 for l in said if l.startswith("250 2.0.0 ok "))
        if not said[0].startswith(("220 ", "421 ", "451 ")) and said[0]:
            yield "it greets with " + said[0]
        if attempt and not promised:
            yield "it does not recover: " + " | ".join(said[-4:])
    if not home.settle():
        yield "the queue does not become empty"
    found = home.mailbox(ALICE)[before:]
    if not promised <= len(found) <= 2:
        yield "%d promised, %d there" % (promised, len(found))
    for one in found:
        if not one.endswith(("\n".join(text) + "\n").encode()):
            yield "a cut message of %d bytes" % len(one)
    empty(home)


class Server(threading.Thread):
    """An SMTP server for one session; texts are the messages that it has acknowledged."""

    def __init__(self):
        super().__init__(daemon=True)
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        self.texts = []

    def run(self):
        self.door.settimeout(PATIENCE)
        try:
            client = self.door.accept()[0]
            client.settimeout(PATIENCE)
            with client, client.makefile("rb") as lines:
                self.serve(client, lines)
        except OSError:
            pass  # nobody came, or left without a word
        self.door.close()

    def end(self):
        """Nobody comes any more."""
        try:
            self.door.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # it has had its session
        self.join(PATIENCE + 5)

    def serve(self, client, lines):
        client.sendall(b"220 there\r\n")
        for line in lines:
            verb = line[:4].upper()
            client.sendall(b"354 go on\r\n" if verb == b"DATA" else b"250 ok\r\n")
            if verb == b"QUIT":
                return
            if verb == b"DATA":
                text = []
                for line in lines:
                    if line == b".\r\n":
                        self.texts.append(b"".join(text))
                        client.sendall(b"250 taken\r\n")
                        break
                    text.append(line)


def mx_send(home):
    """Exit 0 only for what the server has taken, and taken whole."""
    letter = Letter("0aaaaaaaaafaults00000001", ["far@world.test"], 3000)
    for attempt in range(2):
        server = Server()
        server.start()
        code = home.run(
            ["mx-send", "127.0.0.1:%d" % server.port, letter.sender] + letter.recipients,
            letter.text)
        server.end()
        for text in server.texts:
            if text.replace(b"\r\n", b"\n") != letter.text:
                yield "the server was sent a cut message of %d bytes" % len(text)
        if code == 0 and not server.texts:
            yield "exit 0 for a message that nobody has taken"
        if code == 100:
            yield "a fault of ours is told as one of the message"
        if attempt and code != 0:
            yield "it does not recover: %d" % code


def pop3_serve(home):
    """Nothing goes without QUIT, nothing that was not marked, and +OK means gone."""
    texts = ["Subject: %d\n\n%s" % (i, "line\n" * 2000) for i in (1, 2)]
    paths = []
    for i, text in enumerate(texts):
        paths.append(os.path.join(home.path, MAILDIR, "new", STORED % (i + 1, len(text))))
        with open(paths[-1], "w") as f:
            f.write(text)
    said, code = dialogue(home, ["pop3-serve", MAILDIR], ["RETR 1", "DELE 1", "QUIT"])
    here = [home.stored(MAILDIR, p) for p in paths]
    if here[1] != texts[1]:
        yield "a message that nobody has marked is lost or cut"
    if here[0] not in (None, texts[0]):
        yield "a message is cut"
    removed = said[-2].startswith("+OK") and len(said) > 4 if len(said) > 1 else False
    if removed and code == 0 and here[0] is not None:
        yield "+OK to QUIT, but the message is still there"
    if here[0] is None and not any(l.startswith("+OK") for l in said):
        yield "removed without a word"
    said, code = dialogue(home, ["pop3-serve", MAILDIR], ["STAT", "QUIT"])
    count = 1 + (here[0] is not None)
    if not any(l.startswith("+OK %d " % count) for l in said):
        yield "it does not recover: " + " | ".join(said[:3])
    empty(home)
