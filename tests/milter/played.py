#!/usr/bin/python3
"""milter SOCKET LOG RULE...: a milter by python3-milter, which writes each call to LOG.

RULE: STAGE=VERDICT, STAGE being connect, helo, mail, rcpt:ADDRESS, data, header, eoh, body or eom, VERDICT
accept, reject, tempfail, discard, skip, hang or a reply "550 5.7.1 text"; or a change at the end of the message:
add=NAME:VALUE  insert=INDEX:NAME:VALUE  change=INDEX:NAME:VALUE  newbody=TEXT  addrcpt=A  delrcpt=A  from=A
quarantine=WHY.
"""
import sys
import time

import Milter

socket, log_path = sys.argv[1:3]
rules = [r.split("=", 1) for r in sys.argv[3:]]
verdicts = {"accept": Milter.ACCEPT, "reject": Milter.REJECT, "tempfail": Milter.TEMPFAIL,
            "discard": Milter.DISCARD, "skip": Milter.SKIP}
log = open(log_path, "a", buffering=1, encoding="utf-8", errors="surrogateescape")


class Played(Milter.Base):
    def say(self, *words):
        print(*words, file=log)

    def judge(self, stage):
        for name, verdict in rules:
            if name != stage:
                continue
            if verdict == "hang":
                time.sleep(60)
            if verdict in verdicts:
                return verdicts[verdict]
            code, extended, text = verdict.split(" ", 2)
            self.setreply(code, extended, text)
            return Milter.REJECT if code[0] == "5" else Milter.TEMPFAIL
        return Milter.CONTINUE

    def connect(self, name, family, address):
        self.say("connect", name, address[0] if address else address)
        return self.judge("connect")

    def hello(self, name):
        self.say("helo", name)
        return self.judge("helo")

    def envfrom(self, address, *parameters):
        self.say("mail", address, *parameters)
        return self.judge("mail")

    def envrcpt(self, address, *parameters):
        self.say("rcpt", address, *parameters)
        return self.judge("rcpt:" + address.strip("<>"))

    def data(self):
        self.say("data")
        return self.judge("data")

    def header(self, name, value):
        self.say("header", name + ":" + repr(value))
        return self.judge("header")

    def eoh(self):
        self.say("eoh")
        return self.judge("eoh")

    def body(self, chunk):
        self.say("body", len(chunk), repr(bytes(chunk[:60])))
        return self.judge("body")

    def eom(self):
        self.say("eom", self.getsymval("i") or "-")
        for name, value in rules:
            if name == "add":
                self.addheader(*value.split(":", 1))
            elif name == "insert":
                index, field, text = value.split(":", 2)
                self.addheader(field, text, int(index))
            elif name == "change":
                index, field, text = value.split(":", 2)
                self.chgheader(field, int(index), text)
            elif name == "newbody":
                self.replacebody(value.replace("\\n", "\r\n").encode())
            elif name == "addrcpt":
                self.addrcpt(value)
            elif name == "delrcpt":
                self.delrcpt(value)
            elif name == "from":
                self.chgfrom(value)
            elif name == "quarantine":
                self.quarantine(value)
        return self.judge("eom")

    def abort(self):
        self.say("abort")
        return Milter.CONTINUE

    def close(self):
        self.say("close")
        return Milter.CONTINUE


Milter.factory = Played
Milter.set_flags(Milter.ADDHDRS | Milter.CHGHDRS | Milter.CHGBODY | Milter.ADDRCPT | Milter.DELRCPT |
                 Milter.CHGFROM | Milter.QUARANTINE)
Milter.runmilter("played", socket, 60)
