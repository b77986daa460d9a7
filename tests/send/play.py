#! /usr/bin/python3
"""play WORD... -- COMMAND...: play SMTP servers, and a DNS, while COMMAND runs.

COMMAND finds $PORT and, when there is a dns= word, $DNS (its port).  Exits as COMMAND does.
Words, each KEY=VALUE:

at=ADDRESS   begins another server; all have the same port.  Without it one, on 127.0.0.1.
dns=OPTION   an option for dnsmasq
PHASE=REPLY  what the server says at that phase: greeting ehlo helo mail rcpt data early dot rset
             quit, or another command in lower case.  Given several times, the next time, and
             the last one for ever.  early is said before the data are read.
             REPLY has | for a new line, and \\xNN.  DROP closes the connection, RESET
             resets it, HANG says nothing more, BYE:REPLY closes it after the reply,
             RAW:BYTES sends just these bytes, SLOW:REPLY sends it byte by byte.

Left behind: commands (every line heard, "ADDRESS LINE"), ahead (the lines that came together with
the next one), message.1 and so on (the
bytes between DATA and the final dot), pieces (in how many pieces each came).
"""
import os
import socket
import struct
import subprocess
import sys
import threading
import time

DEFAULTS = {
    "greeting": "220 fake.test ready", "ehlo": "250 fake.test", "helo": "250 fake.test",
    "mail": "250 sender ok", "rcpt": "250 recipient ok", "data": "354 go ahead",
    "dot": "250 2.0.0 taken", "rset": "250 reset", "quit": "BYE:221 bye",
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
        global messages
        pieces = 0
        if "early" in self.server.replies:
            self.say("early")
        while not (b"\r\n" + self.buf).find(b"\r\n.\r\n") >= 0:
            self.fill()
            pieces += 1
        end = (b"\r\n" + self.buf).find(b"\r\n.\r\n")
        with lock:
            messages += 1
            name = "message.%d" % messages
        with open(name, "wb") as f:
            f.write(self.buf[:end])
        note("pieces", str(pieces))
        self.buf = self.buf[end + 3:]
        self.say("dot")

    def run(self):
        try:
            self.say("greeting")
            while True:
                line = self.line()
                note("commands", self.server.address + " " + line)
                if self.buf:
                    note("ahead", line)
                verb = line.split(" ")[0].lower()
                if self.say(verb) == b"3" and verb == "data":
                    self.data()
        except (End, OSError):
            pass
        self.sock.close()


class Server:
    def __init__(self, address):
        self.address, self.replies, self.used = address, {}, {}

    def next_reply(self, phase):
        with lock:
            n = self.used.get(phase, 0)
            self.used[phase] = n + 1
        given = self.replies.get(phase) or [DEFAULTS.get(phase, "502 what?")]
        return given[min(n, len(given) - 1)]

    def listen(self, port):
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
