#!/usr/bin/python3
"""The rest of the world: an independent SMTP server (aiosmtpd) on a port of its own.

world.py IP FOLDER: prints the port, keeps each message as FOLDER/NUMBER with the
envelope on top, and has its own opinions about recipients:
    refused@...   550 at RCPT         busy@...    451 at RCPT, the first two times
    spam@...      554 after the data
"""
import collections
import os
import signal
import sys
import threading

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

SMTP.line_length_limit = 1 << 20  # others take long lines, too


class World:
    def __init__(self, folder):
        self.folder = folder
        self.seen = collections.Counter()

    async def handle_RCPT(self, server, session, envelope, address, options):
        local = address.split("@")[0]
        self.seen[address] += 1
        if local == "refused":
            return "550 5.1.1 No such user here"
        if local == "busy" and self.seen[address] <= 2:
            return "451 4.2.1 Try again in a moment"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server, session, envelope):
        if any(r.startswith("spam@") for r in envelope.rcpt_tos):
            return "554 5.7.1 We do not want this"
        # who takes the files away begins anew with 1
        number = 1
        while os.path.exists(os.path.join(self.folder, str(number))):
            number += 1
        name = os.path.join(self.folder, str(number))
        with open(name + ".tmp", "wb") as f:
            f.write(b"X-From: %s\r\n" % envelope.mail_from.encode())
            for rcpt in envelope.rcpt_tos:
                f.write(b"X-To: %s\r\n" % rcpt.encode())
            f.write(envelope.content)
        os.rename(name + ".tmp", name)
        return "250 2.0.0 Kept as %d" % number


def main():
    ip, folder = sys.argv[1:]
    os.makedirs(folder, exist_ok=True)
    # port 0 asks for a free one, which the probe of aiosmtpd's start() would miss
    import socket

    probe = socket.socket()
    probe.bind((ip, 0))
    port = probe.getsockname()[1]
    probe.close()
    controller = Controller(World(folder), hostname=ip, port=port, data_size_limit=0)
    controller.start()
    print(port, flush=True)
    end = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: end.set())
    signal.signal(signal.SIGINT, lambda *_: end.set())
    end.wait()
    controller.stop()


main()
