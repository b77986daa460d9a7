#!/usr/bin/python3
"""corpus.py FOLDER: write messages there that are hard to sign, with LF line ends."""

import os
import sys

# with what a submission would add
FROM = (b'From: A <a@example.test>\nMessage-ID: <1@example.test>\n'
        b'Date: Mon, 30 Nov 2026 12:00:00 +0000\n')
BASE = FROM + b'To: b@example.test\nSubject: one\n'

MESSAGES = {
    'plain': BASE + b'\ntext\n',
    'nothing': FROM + b'\n',
    'empty': BASE + b'\n\n\n\n',
    'blanks': BASE + b'\n  \t\n \n\t\t \n',
    'folded': BASE + b'References: <a@b>\n\t<c@d>\n  \t <e@f>\nIn-Reply-To:\n <g@h>\n\ntext\n',
    'spaced': BASE + b'Reply-To:\t a@b  ,   c@d\t \nCc:x@y\n\ntwo  words \t \n\ttab\t\ttab\n',
    'ends': BASE + b'\nno line end',
    'lines': BASE + b'\ntext\n\n\n\n',
    'dots': BASE + b'\n.\n..\n.x\n...\n',
    'eight': FROM + b'Subject: J\xc3\xb6rg \xff\n\nJ\xc3\xb6rg \xff\x80\n',
    'twice': BASE + b'Subject: two\nTo: c@example.test\nTo: d@example.test\nsubject:three\n\ntext\n',
    'list': BASE + b'List-Id: <l.example.test>\nList-Unsubscribe: <mailto:u@example.test>\n'
            b'List-Unsubscribe-Post: List-Unsubscribe=One-Click\nSender: s@example.test\n\ntext\n',
    'long': BASE + b'\n' + b'x' * 998 + b'\n' + b'y' * 999 + b'\n' + b'word ' * 4000 + b'\n',
    'longfield': FROM + b'Subject: ' + b's' * 990 + b'\nCc: ' + b'c@example.test, ' * 200 +
                 b'x@y\n\ntext\n',
    'mime': BASE + b'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="=_x y"\n\n'
            b'--=_x y\nContent-Type: text/plain\n\ntext\n--=_x y--\n',
    'large': BASE + b'\n' + b'a line of text, and another  one\t\n' * 6000,
}

for name, text in MESSAGES.items():
    with open(os.path.join(sys.argv[1], name), 'wb') as file:
        file.write(text)
