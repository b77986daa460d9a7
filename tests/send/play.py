#! /usr/bin/python3
"""play WORD... -- COMMAND...: play SMTP servers, and a DNS, while COMMAND runs.

COMMAND finds $PORT and, when there is a dns= word, $DNS (its port).  Exits as COMMAND does.
Words, each KEY=VALUE:

at=ADDRESS   begins another server; all have the same port.  Without it one, on 127.0.0.1.
at=/PATH     begins one on a unix socket
dns=OPTION   an option for dnsmasq
tls=FOLDER   after STARTTLS speak TLS with cert.pem and key.pem in FOLDER; EHLO offers it, and tlsehlo
             is what it gets afterwards.  tlsmax=VERSION: no newer one.
smtps=FOLDER speak TLS from the first byte
PHASE=REPLY  what the server says at that phase: greeting ehlo helo mail rcpt data early dot rset
             quit lhlo chunk, or another command in lower case; authline answers what follows a 334
             to AUTH, bdat= BDAT without its data.  After LHLO dot is said for each recipient.  Given several times, the next time, and
             the last one for ever.  early is said before the data are read.
             REPLY has | for a new line, and \\xNN.  DROP closes the connection, RESET
             resets it, HANG says nothing more, BYE:REPLY closes it after the reply,
             RAW:BYTES sends just these bytes, SLOW:REPLY sends it byte by byte.

Left behind: commands (every line heard, "ADDRESS LINE"; "(tls)" where it begins, "(resumed)", or
"(no tls)" where it fails), ahead (the lines that came together with
the next one), message.1 and so on (the bytes between DATA and the final dot, or of all chunks),
pieces (in how many pieces each came).
"""
import os
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time

DEFAULTS = {
    "greeting": "220 fake.test ready", "ehlo": "250 fake.test", "helo": "250 fake.test",
    "mail": "250 sender ok", "rcpt": "250 recipient ok", "data": "354 go ahead",
    "dot": "250 2.0.0 taken", "rset": "250 reset", "quit": "BYE:221 bye",
    "lhlo": "250 fake.test", "chunk": "250 more", "starttls": "220 begin", "tlsehlo": "250 fake.test",
}
lock = threading.Lock()
messages = 0


def note(name, text):
    with lock, open(name, "a") as f:
        f.write(text + "\n")


class End(Exception):
    pass


class Session:
    def __init__(self, server, sock):
        self.server, self.sock, self.buf = server, sock, b""

    def say(self, phase):
        reply = self.server.next_reply(phase)
        raw = b""
        kind, _, rest = reply.partition(":")
        if reply == "DROP":
            raise End
        if reply == "RESET":
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            raise End
        if reply == "HANG":
            while self.sock.recv(65536):
                pass
            raise End
        if kind in ("BYE", "RAW", "SLOW"):
            reply = rest
        raw = reply.encode().decode("unicode_escape").encode("latin-1")
        if kind != "RAW":
            raw = raw.replace(b"|", b"\r\n") + b"\r\n"
        if kind == "SLOW":
            for i in range(len(raw)):
                self.sock.sendall(raw[i:i + 1])
                time.sleep(0.002)
        else:
            self.sock.sendall(raw)
        if kind == "BYE":
            raise End
        return raw[:1]

    def fill(self):
        got = self.sock.recv(262144)
        if not got:
            raise End
        self.buf += got

    def line(self):
        while b"\n" not in self.buf:
            self.fill()
        line, self.buf = self.buf.split(b"\n", 1)
        return line.rstrip(b"\r").decode("latin-1")

    def data(self):
        pieces = 0
        if "early" in self.server.replies:
            self.say("early")
        while not (b"\r\n" + self.buf).find(b"\r\n.\r\n") >= 0:
            self.fill()
            pieces += 1
        end = (b"\r\n" + self.buf).find(b"\r\n.\r\n")
        self.keep(self.buf[:end])
        note("pieces", str(pieces))
        self.buf = self.buf[end + 3:]
        self.conclude()

    def keep(self, data):
        global messages
        with lock:
            messages += 1
            name = "message.%d" % messages
        with open(name, "wb") as f:
            f.write(data)

    def conclude(self):
        """What is said at the end of a message; LMTP: for each recipient that was taken."""
        for _ in range(self.taken if self.is_lmtp else 1):
            self.say("dot")

    def chunk(self, line):
        words = line.split()
        if "bdat" in self.server.replies:
            self.say("bdat")
            return
        while len(self.buf) < int(words[1]):
            self.fill()
        self.chunks += self.buf[:int(words[1])]
        self.buf = self.buf[int(words[1]):]
        if words[2:] == ["LAST"]:
            self.keep(self.chunks)
            self.chunks = b""
            self.conclude()
        else:
            self.say("chunk")

    def begin_tls(self, folder):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder + "/cert.pem", folder + "/key.pem")
        if "tlsmax" in self.server.replies:
            context.maximum_version = ssl.TLSVersion[self.server.replies["tlsmax"][0]]
        context = self.server.contexts.setdefault(folder, context)  # which has the keys of tickets
        try:
            self.sock = context.wrap_socket(self.sock, server_side=True)
        except (OSError, ValueError):
            note("commands", self.server.address + " (no tls)")
            raise End
        self.buf, self.is_tls = b"", True
        note("commands", self.server.address + (" (resumed)" if self.sock.session_reused else " (tls)"))

    def run(self):
        self.is_lmtp, self.taken, self.chunks, self.is_tls = False, 0, b"", False
        try:
            if "smtps" in self.server.replies:
                self.begin_tls(self.server.replies["smtps"][0])
            self.say("greeting")
            while True:
                line = self.line()
                note("commands", self.server.address + " " + line)
                if self.buf:
                    note("ahead", line)
                verb = line.split(" ")[0].lower()
                if verb == "bdat":
                    self.chunk(line)
                    continue
                self.is_lmtp |= verb == "lhlo"
                if verb == "ehlo" and self.is_tls:
                    verb = "tlsehlo"
                class_ = self.say(verb)
                if verb == "starttls" and class_ == b"2" and "tls" in self.server.replies:
                    self.begin_tls(self.server.replies["tls"][0])
                if verb == "mail":
                    self.taken = 0
                self.taken += verb == "rcpt" and class_ == b"2"
                while class_ == b"3" and verb == "auth":
                    note("commands", self.server.address + " " + self.line())
                    class_ = self.say("authline")
                if class_ == b"3" and verb == "data":
                    self.data()
        except (End, OSError):
            pass
        self.sock.close()


class Server:
    def __init__(self, address):
        self.address, self.replies, self.used, self.contexts = address, {}, {}, {}

    def next_reply(self, phase):
        with lock:
            n = self.used.get(phase, 0)
            self.used[phase] = n + 1
        given = self.replies.get(phase) or [DEFAULTS.get(phase, "502 what?")]
        if phase == "ehlo" and "tls" in self.replies and "ehlo" not in self.replies:
            given = ["250-fake.test|250 STARTTLS"]
        return given[min(n, len(given) - 1)]

    def listen(self, port):
        if self.address.startswith("/"):
            self.sock = socket.socket(socket.AF_UNIX)
            self.sock.bind(self.address)
            self.sock.listen(64)
            threading.Thread(target=self.accept, daemon=True).start()
            return port
        family = socket.AF_INET6 if ":" in self.address else socket.AF_INET
        self.sock = socket.socket(family)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.sock.bind((self.address, port))
        self.sock.listen(64)
        threading.Thread(target=self.accept, daemon=True).start()
        return self.sock.getsockname()[1]

    def accept(self):
        while True:
            session = Session(self, self.sock.accept()[0])
            threading.Thread(target=session.run, daemon=True).start()


def start_dns(options):
    """dnsmasq on a port that was free; it is up when it answers."""
    query = bytes.fromhex("1234010000010000000000000161047465737400 00010001".replace(" ", ""))
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.bind(("127.0.0.1", 0))
            port = s.getsockname()[1]
        dns = subprocess.Popen(
            ["/usr/sbin/dnsmasq", "-k", "--no-resolv", "--no-hosts", "--conf-file=/dev/null",
             "--listen-address=127.0.0.1", "--bind-interfaces", "--port=%d" % port,
             "--user=", "--group=", "--pid-file="] + options, stderr=subprocess.DEVNULL)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.connect(("127.0.0.1", port))
            s.settimeout(0.05)
            while dns.poll() is None:
                try:
                    s.send(query)
                    s.recv(512)
                    return dns, port
                except OSError:
                    time.sleep(0.01)


def listen_all(servers):
    """On one port, free at all addresses."""
    while True:
        try:
            port = servers[0].listen(0)
            for server in servers[1:]:
                server.listen(port)
            return port
        except OSError:
            continue


def main():
    words, command = sys.argv[1:], []
    if "--" in words:
        command = words[words.index("--") + 1:]
        words = words[:words.index("--")]
    servers, dns_options, dns = [], [], None
    for word in words:
        key, _, value = word.partition("=")
        if key == "dns":
            dns_options.append(value)
        elif key == "at":
            servers.append(Server(value))
        else:
            if not servers:
                servers.append(Server("127.0.0.1"))
            servers[-1].replies.setdefault(key, []).append(value)
    env = dict(os.environ, PORT=str(listen_all(servers or [Server("127.0.0.1")])))
    if dns_options:
        dns, port = start_dns(dns_options)
        env["DNS"] = str(port)
    try:
        code = subprocess.call(command, env=env)
    finally:
        if dns:
            dns.kill()
            dns.wait()
    sys.stdout.flush()
    os._exit(code if code >= 0 else 99)


main()
