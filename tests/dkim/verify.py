#!/usr/bin/python3
"""verify.py PROGRAM RECORDS FILE...: what PROGRAM says of the signatures in each file: a line
FILE VERDICT... with a word for each signature that it can verify, pass or fail.  RECORDS has
NAME TEXT a line.  PROGRAM is dkimpy, opendkim (which verifies one signature) or mail-dkim.
verify.py sign-PROGRAM KEYS FOLDER FILE... writes each file, signed with the keys KEYS/r.key and
KEYS/e.key as far as PROGRAM can, to FOLDER."""

import os
import subprocess
import sys
import tempfile

DOMAIN = 'example.test'


def wire(path):
    """The message as SMTP sends it."""
    with open(path, 'rb') as file:
        text = file.read().replace(b'\r\n', b'\n')
    if text and not text.endswith(b'\n'):
        text += b'\n'
    return text.replace(b'\r', b' ').replace(b'\n', b'\r\n')


def read_records(path):
    with open(path) as file:
        return dict(line.rstrip('\n').split(' ', 1) for line in file)


def by_dkimpy(records, message):
    import dkim
    known = {(name + '.').encode(): text.encode() for name, text in records.items()}
    look_up = lambda name, timeout=5: known.get(name)
    verdicts = []
    count = len([1 for name, _ in dkim.DKIM(message).headers if name.lower() == b'dkim-signature'])
    for i in range(count):
        try:
            good = dkim.DKIM(message).verify(idx=i, dnsfunc=look_up)
        except dkim.DKIMException:
            good = False
        verdicts.append('pass' if good else 'fail')
    return verdicts


def opendkim(settings, message):
    """opendkim's words about a message in its test mode, in which it plays its own mail server."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, name) for name in ('settings', 'message')]
        for path, text in zip(paths, (settings.encode(), message)):
            with open(path, 'wb') as file:
                file.write(text)
        return subprocess.run(['/usr/sbin/opendkim', '-x', paths[0], '-t', paths[1], '-vv'],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout


def by_opendkim(records_path, message):
    said = opendkim('Mode v\nTestPublicKeys %s\n' % os.path.abspath(records_path), message)
    verdicts = [line for line in said.splitlines() if b'verification (s=' in line]
    if not verdicts:
        sys.stderr.buffer.write(said)
    return ['pass' if b'succeeded' in line else 'fail' for line in verdicts] or ['fail']


MAIL_DKIM = r'''
use Mail::DKIM::Verifier; use Mail::DKIM::DNS; no warnings;
my %records; open my $in, '<', $ARGV[0] or die;
while (<$in>) { chomp; my ($name, $text) = split / /, $_, 2; $records{lc $name} = $text; }
package Record; sub new { bless {text => $_[1]}, $_[0] } sub type {'TXT'}
sub txtdata { $_[0]{text} } sub char_str_list { $_[0]{text} }
package main;
*Mail::DKIM::DNS::query = sub { my $t = $records{lc $_[0]}; defined $t ? (Record->new($t)) : () };
binmode STDIN; my $message = do { local $/; <STDIN> };
my $dkim = Mail::DKIM::Verifier->new; $dkim->PRINT($message); $dkim->CLOSE;
print join(' ', map { $_->result eq 'pass' ? 'pass' : 'fail' }
	grep { $_->algorithm eq 'rsa-sha256' } $dkim->signatures), "\n";
'''


def by_mail_dkim(records_path, message):
    said = subprocess.run(['perl', '-e', MAIL_DKIM, records_path], input=message,
                          stdout=subprocess.PIPE)
    return said.stdout.decode().split() or ['fail']


def judge(program, records_path, path):
    message = wire(path)
    if program == 'dkimpy':
        return by_dkimpy(read_records(records_path), message)
    if program == 'opendkim':
        return by_opendkim(records_path, message)
    return by_mail_dkim(records_path, message)


def sign_by_dkimpy(keys, message):
    import base64
    import dkim
    for canon in ((b'relaxed', b'relaxed'), (b'simple', b'simple'), (b'relaxed', b'simple')):
        with open(keys + '/r.key', 'rb') as file:
            message = dkim.sign(message, b'r', DOMAIN.encode(), file.read(),
                                canonicalize=canon) + message
    with open(keys + '/e.key') as file:
        der = base64.b64decode(''.join(file.read().splitlines()[1:-1]))
    return dkim.sign(message, b'e', DOMAIN.encode(), base64.b64encode(der[-32:]),
                     signature_algorithm=b'ed25519-sha256', length=True) + message


SIGN_MAIL_DKIM = r'''
use Mail::DKIM::Signer; binmode STDIN; my $all = '';
my $message = do { local $/; <STDIN> };
for my $how ('relaxed/relaxed', 'simple/simple') {
	my $dkim = Mail::DKIM::Signer->new(Algorithm => 'rsa-sha256', Method => $how,
	    Domain => $ARGV[1], Selector => 'r', KeyFile => $ARGV[0]);
	$dkim->PRINT($message); $dkim->CLOSE;
	$all .= $dkim->signature->as_string . "\r\n";
}
binmode STDOUT; print $all, $message;
'''


def traditional(keys):
    """Older programs read RSA keys in PKCS #1 only."""
    path = keys + '/traditional'
    if not os.path.exists(path):
        subprocess.run(['openssl', 'rsa', '-in', keys + '/r.key', '-traditional', '-out', path],
                       stderr=subprocess.DEVNULL, check=True)
    return os.path.abspath(path)


def sign_by_mail_dkim(keys, message):
    return subprocess.run(['perl', '-e', SIGN_MAIL_DKIM, traditional(keys), DOMAIN],
                          input=message, stdout=subprocess.PIPE).stdout


def sign_by_opendkim(keys, message):
    fields = b''
    for canon in 'relaxed/relaxed', 'relaxed/simple':
        said = opendkim('Mode s\nDomain %s\nSelector r\nKeyFile %s\nRequireSafeKeys false\n'
                        'SignatureAlgorithm rsa-sha256\nInternalHosts 0.0.0.0/0\n'
                        'Canonicalization %s\n' % (DOMAIN, traditional(keys), canon), message)
        if b"hvalue='" not in said:
            sys.stderr.buffer.write(said)
            continue
        value = said[said.index(b"hvalue='") + 8:]
        value = value[:value.index(b"'")].replace(b'\r\n', b'\n').replace(b'\n', b'\r\n')
        fields += b'DKIM-Signature: ' + value + b'\r\n'
    return fields + message


def sign_by_testmsg(keys, message):
    """opendkim-testmsg of Debian signs with rsa-sha1."""
    return subprocess.run(['/usr/sbin/opendkim-testmsg', '-C', '-d', DOMAIN, '-s', 'r', '-k',
                           traditional(keys)], input=message, stdout=subprocess.PIPE).stdout


SIGNERS = {'sign-dkimpy': sign_by_dkimpy, 'sign-opendkim': sign_by_opendkim,
           'sign-mail-dkim': sign_by_mail_dkim, 'sign-testmsg': sign_by_testmsg}


def main():
    program, records = sys.argv[1:3]
    if program in SIGNERS:
        for path in sys.argv[4:]:
            signed = SIGNERS[program](records, wire(path))
            if signed:  # opendkim-testmsg refuses fields that are there twice
                with open(os.path.join(sys.argv[3], os.path.basename(path)), 'wb') as file:
                    file.write(signed)
        return
    for path in sys.argv[3:]:
        print(os.path.basename(path), *judge(program, records, path))


main()
