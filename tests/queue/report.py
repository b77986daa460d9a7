#!/usr/bin/env python3
"""report.py FILE: check that FILE is a report as RFC 3464 and 6522 want it, by a parser that
is not ours, and print it in lines:

    header NAME VALUE            of the message
    part TYPE ENCODING           each of the three
    status NAME VALUE...         the fields about the message, then those of each recipient
    recipient NAME VALUE...
    human LINE                   the part for people
    original LINE                what is returned of the message
"""
import email
import email.policy
import email.utils
import re
import sys

ACTIONS = {'failed': '45', 'delayed': '4', 'delivered': '2', 'relayed': '2', 'expanded': '2'}
PARTS = [{'text/plain'}, {'message/delivery-status', 'message/global-delivery-status'},
         {'message/rfc822', 'text/rfc822-headers', 'message/global', 'message/global-headers'}]


def fields(block, is_global):
    """The fields of a block, unfolded; each name once."""
    result = {}
    for line in re.sub(r'\n[ \t]+', ' ', block).split('\n'):
        name, value = line.split(':', 1)
        assert re.fullmatch(r'[!-9;-~]+', name), line
        assert name not in result, name
        assert is_global or value.isascii(), line
        result[name] = value.strip()
    return result


def content(part):
    """What stands in the part, as text."""
    if part.get_content_maintype() == 'message':
        return part.as_bytes(policy=email.policy.compat32).split(b'\n\n', 1)[1].decode('utf-8', 'surrogateescape')
    return part.get_payload(decode=True).decode('utf-8', 'surrogateescape')


def check_date(value):
    assert email.utils.parsedate_to_datetime(value).tzinfo is not None, value


def check_address(value, is_global):
    kind, address = value.split('; ', 1)
    assert kind in ('rfc822', 'utf-8') or kind.startswith('x-'), value
    if kind == 'rfc822':
        assert address.isascii(), value
    if kind == 'utf-8' and not is_global:
        assert re.fullmatch(r'(?:[!-*,-<>-\[\]-~]|\\x\{[0-9A-F]{2,6}\})+', address), value


def check_recipient(block, is_global):
    for name in ('Final-Recipient', 'Action', 'Status', 'Last-Attempt-Date'):
        assert name in block, (name, block)
    for name in ('Final-Recipient', 'Original-Recipient'):
        if name in block:
            check_address(block[name], is_global)
    assert list(block).index('Final-Recipient') == ('Original-Recipient' in block), block
    assert re.fullmatch(r'[245]\.\d{1,3}\.\d{1,3}', block['Status']), block
    assert block['Status'][0] in ACTIONS[block['Action']], block
    assert ('Will-Retry-Until' in block) == (block['Action'] == 'delayed'), block
    assert ('Diagnostic-Code' in block) == (block['Action'] in ('failed', 'delayed')), block
    if 'Diagnostic-Code' in block:
        assert re.match(r'smtp; [2-5]\d\d[ -]|smtp; [2-5]\d\d$|x-facteur; ',
                        block['Diagnostic-Code']), block
    for name in ('Last-Attempt-Date', 'Will-Retry-Until'):
        if name in block:
            check_date(block[name])


def check_message(raw, message, parts):
    assert message.get_content_type() == 'multipart/report'
    assert message.get_param('report-type') == 'delivery-status'
    assert message['Auto-Submitted'].startswith('auto-replied')
    for name in ('Date', 'From', 'To', 'Subject', 'Message-ID', 'MIME-Version'):
        assert len(message.get_all(name)) == 1, name
    check_date(message['Date'])
    assert [p.get_content_type() in t for p, t in zip(parts, PARTS, strict=True)] == [True] * 3
    for part in [message, *parts]:
        assert not part.defects, (part.get_content_type(), part.defects)
    boundary = message.get_boundary().encode()
    assert raw.count(boundary) == 5, raw.count(boundary)
    assert all(len(line) <= 998 for line in raw.split(b'\n'))
    assert raw.endswith(b'\n') and b'\r' not in raw and b'\0' not in raw
    for part in parts:
        eight = not part.as_bytes(policy=email.policy.compat32).isascii()
        assert not eight or part['Content-Transfer-Encoding'] == '8bit'
        assert not eight or message['Content-Transfer-Encoding'] == '8bit'


def main():
    with open(sys.argv[1], 'rb') as f:
        raw = f.read()
    # local-deliver's lines, if there are any
    raw = re.sub(rb'\A(?:(?:Return-Path|Delivered-To):.*\n)+', b'', raw)
    message = email.message_from_bytes(raw, policy=email.policy.compat32)
    parts = message.get_payload()
    check_message(raw, message, parts)
    is_global = parts[1].get_content_type() == 'message/global-delivery-status'
    blocks = [fields(b, is_global) for b in content(parts[1]).strip('\n').split('\n\n')]
    assert blocks[0]['Reporting-MTA'].startswith('dns; ')
    assert len(blocks) > 1
    for block in blocks[1:]:
        check_recipient(block, is_global)

    sys.stdout.reconfigure(encoding='utf-8', errors='surrogateescape')
    for name, value in message.items():
        print('header', name, ' '.join(str(value).split()))
    for part in parts:
        print('part', part.get_content_type(), part['Content-Transfer-Encoding'] or '7bit')
    for kind, block in zip(['status'] + ['recipient'] * len(blocks), blocks):
        print(kind, *[f'{name}={value}' for name, value in block.items()
                      if not name.endswith('Date') and name not in
                      ('Will-Retry-Until', 'Final-Log-ID')], sep='|')
    for kind, part in ('human', parts[0]), ('original', parts[2]):
        for line in content(part).rstrip('\n').split('\n'):
            print(kind, line)


main()
