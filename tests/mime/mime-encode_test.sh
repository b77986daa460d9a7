#! /usr/bin/env atf-sh
# mime-encode: descriptors, options and verdicts; and python's reader, which sees the same after it.

PATH=$(atf_get_srcdir)/../../bin:$PATH
. "$(atf_get_srcdir)/../lib/sanitizer.sh"

atf_test_case writes_what_is_fit_as_it_is
writes_what_is_fit_as_it_is_body()
{
	printf 'Subject: x\n\ntext\r\n' >message
	atf_check -o file:message mime-encode <message
	atf_check -o file:message -x 'cat message | mime-encode'
	atf_check mime-encode </dev/null
}

atf_test_case reads_from_where_the_descriptor_stands
reads_from_where_the_descriptor_stands_body()
{
	head -c 5000 /dev/zero >file
	printf 'MIME-Version: 1.0\nContent-Type: text/plain\n\nhere is a caf\303\251\n' >>file
	atf_check -o inline:'MIME-Version: 1.0\nContent-Type: text/plain
Content-Transfer-Encoding: quoted-printable\n\nhere is a caf=C3=A9\n' \
	    -x '{ dd bs=5000 count=1 2>&1 >/dev/null | true; mime-encode; } <file'
}

atf_test_case refuses_signed_parts_and_says_why
refuses_signed_parts_and_says_why_body()
{
	printf 'Content-Type: multipart/signed; boundary=b\n\n--b\n\n\303\251\n--b--\n' >message
	atf_check -s exit:100 -e inline:'mime-encode: 5.6.3 a signed part holds 8-bit text\n' \
	    mime-encode <message
	atf_check -s exit:100 -x 'mime-encode 6>report <message'
	atf_check -o inline:'D5.6.3 a signed part holds 8-bit text' cat report
	atf_check -o file:message mime-encode -8 -l 998 <message
}

atf_test_case is_not_now_when_something_is_wrong_with_us
is_not_now_when_something_is_wrong_with_us_body()
{
	atf_check -s exit:111 -e match:usage mime-encode x </dev/null
	atf_check -s exit:111 -e match:usage mime-encode -8 </dev/null
	atf_check -s exit:111 -e match:usage mime-encode -l 0 </dev/null
	atf_check -s exit:111 -e match:usage mime-encode -l x </dev/null
	atf_check -s exit:111 -e match:'unable to read the message' -x 'mime-encode <&-'
	printf 'x: y\n\nz\n' >message
	atf_check -s exit:111 -e match:'unable to write the message' \
	    -x 'mime-encode <message >/dev/full'
}

atf_test_case encodes_long_lines_only_when_asked
encodes_long_lines_only_when_asked_body()
{
	{ printf 'MIME-Version: 1.0\nContent-Type: text/plain\n\n'
	    head -c 1000 /dev/zero | tr '\0' x; printf '\n\303\251\n'; } >message
	atf_check -o save:out mime-encode -8 -l 1000 <message
	atf_check cmp message out
	atf_check -o save:out mime-encode -8 -l 998 <message
	atf_check -s exit:1 grep -q '.\{77\}' out
	atf_check -o match:'^=C3=A9$' cat out
}

# A message of a hundred thousand parts, and one of a line of ten megabytes.
atf_test_case large_ones_take_no_memory
large_ones_take_no_memory_body()
{
	skip_sanitized mime-encode
	{ printf 'Content-Type: multipart/mixed; boundary=b\n\n'
	    yes -- "$(printf -- '--b\n\ncaf\303\251')" | head -n 300000; } >parts
	{ printf 'MIME-Version: 1.0\nContent-Type: text/plain\n\n'
	    yes "$(printf 'caf\303\251')" | head -c 10000000 | tr '\n' ' '; } >line
	for f in parts line; do
		atf_check -o save:out -x "ulimit -d 4000; mime-encode <$f"
		[ "$(wc -c <out)" -gt "$(wc -c <$f)" ] || atf_fail 'something is missing'
	done
}

atf_test_case python_reads_the_same
python_reads_the_same_head()
{
	atf_set require.progs python3
}
python_reads_the_same_body()
{
	mkdir letters
	# a list's footer behind base64, and another charset without a label
	printf '%b' 'Received: from x (x [192.0.2.1]) by y; Mon, 30 Nov 2026 00:00:00 +0000\nFrom: "M\303\274ller, J\303\266rg" <j@example.de>\nTo: list@example.org (Die Leute f\303\274r \303\226l)\nSubject: Gr\303\274\303\237e und \303\234bles\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="----=_NextPart_000_0001_01D7"\n\nThis is a multi-part message in MIME format.\n\n------=_NextPart_000_0001_01D7\nContent-Type: multipart/alternative;\n\tboundary="----=_NextPart_000_0001_01D70"\n\n------=_NextPart_000_0001_01D70\nContent-Type: text/plain;\n\tcharset="iso-8859-1"\nContent-Transfer-Encoding: 8bit\n\nSch\366ne Gr\374\337e\n-- \nJ\366rg\n\n------=_NextPart_000_0001_01D70\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n<p>Sch=C3=B6ne Gr\303\274\303\237e <a href=3D"x">=\n</a></p>\n\n------=_NextPart_000_0001_01D70--\n\n------=_NextPart_000_0001_01D7\nContent-Type: application/pdf;\n\tname="\303\251tat.pdf"\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment;\n\tfilename="\303\251tat.pdf"\n\nJVBERi0xLjQKJcOkw7zDtsOfCjIg\n\n------=_NextPart_000_0001_01D7--\n\n_______\nAbmelden f\303\274r alle\n' >letters/outlook
	printf '%b' 'From root@host Mon Nov 30 00:00:00 2026\nFrom: Cron Daemon <root@host>\nSubject: Cron <root@host> l\303\244uft\nContent-Type: text/plain; charset=ANSI_X3.4-1968\nContent-Transfer-Encoding: 8bit\n\nZeile mit \303\244 \nund\tTab\t\n.\nFrom hier\n' >letters/cron
	printf '%b' 'From: a@example.org\nSubject: =?utf-8?B?0J/RgNC40LLQtdGC?=\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8; format=flowed\nContent-Transfer-Encoding: 8bit\n\n\320\237\321\200\320\270\320\262\320\265\321\202, \320\274\320\270\321\200! \n' >letters/russian
	printf '%b' 'From: MAILER-DAEMON\nContent-Type: multipart/report; report-type=delivery-status; boundary="r"\nMIME-Version: 1.0\n\n--r\n\nLeider: \303\274\n--r\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; a@b\nAction: failed\nStatus: 5.0.0\n\n--r\nContent-Type: message/rfc822\n\nFrom: x\nSubject: \303\244\n\n\303\266\303\266\303\266\n--r--\n' >letters/bounce
	atf_check -o inline:'all the same\n' "$(atf_get_srcdir)/mime_same.py" letters
	atf_check -o inline:'all the same\n' "$(atf_get_srcdir)/mime_same.py" letters -8 -l 70
}

atf_init_test_cases()
{
	atf_add_test_case writes_what_is_fit_as_it_is
	atf_add_test_case reads_from_where_the_descriptor_stands
	atf_add_test_case refuses_signed_parts_and_says_why
	atf_add_test_case is_not_now_when_something_is_wrong_with_us
	atf_add_test_case encodes_long_lines_only_when_asked
	atf_add_test_case large_ones_take_no_memory
	atf_add_test_case python_reads_the_same
}
