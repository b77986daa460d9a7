#! /usr/bin/env atf-sh
# smtp-recv and clients that mean it no good.

PATH=$(atf_get_srcdir)/../../bin:$PATH

# a home, and a sink "keep" that keeps a line for each message there
home()
{
	FACTEUR_HOME=$PWD/home
	PATH=$PWD/bin:$PATH
	export FACTEUR_HOME PATH
	mkdir -p home/control home/queue bin
	echo mx.test >home/control/me
	cat >bin/keep <<-'EOF'
		#!/bin/sh
		exec 3<&1
		cat >/dev/null
		# only the last byte of the envelope commits
		[ "$(tail -c 2 <&3 | od -An -c | tr -d ' ')" = '\0\0' ] || exit 1
		echo message >>kept
	EOF
	chmod +x bin/keep
}

py_head()
{
	atf_set require.progs python3
}

atf_test_case no_message_is_smuggled_in_another
no_message_is_smuggled_in_another_head() { py_head; }
no_message_is_smuggled_in_another_body()
{
	home
	atf_check -o match:'ways, none open' "$(atf_get_srcdir)/smuggle.py"
}

dialogue()
{
	printf 'EHLO a\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\na: b\r\n\r\n..c\r\n.\r\n#END'
	printf 'MAIL FROM:<a@b> SIZE=9\r\nRCPT TO:<c@d>\r\nBDAT 7\r\na: b\r\n\rBDAT 2\r\n\ncBDAT 3 LAST\r\nd\r\n#END'
	printf 'RSET\r\nMAIL FROM:<>\r\nRCPT TO:<c@d>\r\nBDAT 0 LAST\r\n#ENDQUIT\r\n'
}

atf_test_case a_dialogue_that_ends_anywhere_keeps_what_was_acknowledged
a_dialogue_that_ends_anywhere_keeps_what_was_acknowledged_head() { py_head; }
a_dialogue_that_ends_anywhere_keeps_what_was_acknowledged_body()
{
	home
	dialogue >said
	atf_check -o match:'^[0-9]+ cuts$' "$(atf_get_srcdir)/cut.py" said half
}

atf_test_case a_reset_anywhere_keeps_only_whole_messages
a_reset_anywhere_keeps_only_whole_messages_head() { py_head; }
a_reset_anywhere_keeps_only_whole_messages_body()
{
	home
	dialogue >said
	atf_check -o match:'^[0-9]+ cuts$' "$(atf_get_srcdir)/cut.py" said reset
}

# dribble FIRST THEN: say FIRST, then THEN again and again; the last reply, and after how many
# seconds it came, stand in "last"
dribble()
{
	cat >client.py <<-EOF
	import select, socket, subprocess, sys, time
	ours, theirs = socket.socketpair()
	server = subprocess.Popen(["smtp-recv", "keep"], stdin=theirs, stdout=theirs)
	theirs.close()
	heard, begun = b"", time.monotonic()
	def say(b, pause):
	    global heard
	    try:
	        ours.send(b)
	    except OSError:
	        return False
	    if select.select([ours], [], [], pause)[0]:
	        got = ours.recv(65536)
	        heard += got
	        return bool(got)
	    return True
	say(b"$1", 0.1)
	while say(b"$2", 0.05):
	    time.sleep(0.02)  # as a client that thinks
	print(heard.split(b"\\r\\n")[-2].decode(), int(time.monotonic() - begun))
	EOF
	python3 client.py >last 2>log || atf_fail "$(cat log)"
}

atf_test_case a_byte_now_and_then_does_not_hold_a_command
a_byte_now_and_then_does_not_hold_a_command_head() { py_head; }
a_byte_now_and_then_does_not_hold_a_command_body()
{
	home
	echo 1 >home/control/timeoutsmtpd
	dribble '' x
	atf_check -o match:'^421 4.4.2 nothing heard from you, closing [0-9]$' cat last
}

atf_test_case a_session_ends_however_busy_it_is
a_session_ends_however_busy_it_is_head() { py_head; }
a_session_ends_however_busy_it_is_body()
{
	home
	echo 1 >home/control/timeoutsession
	dribble '' 'NOOP\r\n'
	atf_check -o match:'^421 4.4.2 this session takes too long, closing [0-9]$' cat last
	atf_check -o match:'reason="session too long"' tail -n 1 log
	dribble 'EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<c@d>\r\nDATA\r\n' x
	atf_check -o match:'^421 4.4.2 this session takes too long, closing [0-9]$' cat last
	dribble 'EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<c@d>\r\nBDAT 99999\r\n' x
	atf_check -o match:'^421 4.4.2 this session takes too long, closing [0-9]$' cat last
	atf_check test ! -e home/kept
}

atf_test_case who_brings_no_mail_has_less_time
who_brings_no_mail_has_less_time_head() { py_head; }
who_brings_no_mail_has_less_time_body()
{
	home
	echo 1 >home/control/timeoutstranger
	echo 3 >home/control/timeoutsession
	for said in 'NOOP\r\n' x; do
		dribble 'EHLO a\r\n' "$said"
		atf_check -o match:'^421 4.4.2 no mail from you in time, closing [0-9]$' cat last
		atf_check -o match:'reason="no mail in time"' tail -n 1 log
	done
	# who has brought some may stay
	dribble 'EHLO a\r\nMAIL FROM:<>\r\nRSET\r\n' x
	atf_check -o match:'^421 4.4.2 this session takes too long, closing [0-9]$' cat last
	# a quarter of the time when the service is nearly full
	echo 4 >home/control/timeoutstranger
	echo 3 >home/control/timeoutsession
	export SERVICE_BUSY=1
	dribble 'EHLO a\r\n' x
	atf_check -o match:'^421 4.4.2 no mail from you in time, closing [0-9]$' cat last
	echo 0 >home/control/timeoutstranger
	atf_check -s exit:111 -o match:'^421 4.3.0' -e match:'control/timeoutstranger: not between' smtp-recv true
}

atf_test_case other_protocols_are_sent_away
other_protocols_are_sent_away_body()
{
	home
	while IFS='|' read -r protocol said; do
		printf "$said"'HELO a\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nx\r\n.\r\n' |
		    smtp-recv keep >replies 2>log
		atf_check_equal "2 421 4.7.0 this is a mail server, closing" \
		    "$(wc -l <replies) $(tail -n 1 replies | tr -d '\r')"
		atf_check -o ignore grep "event=foreign protocol=$protocol client=" log
		atf_check -o ignore grep 'reason="not SMTP"' log
	done <<-'EOF'
		HTTP|GET / HTTP/1.1\r\nHost: mx.test:25\r\n
		HTTP|GET / HTTP/1.0\n\n
		HTTP|POST / HTTP/1.1\r\nContent-Length: 100\r\n\r\n
		HTTP|post /\r\n\r\n
		HTTP|CONNECT mx.test:25 HTTP/1.1\r\n\r\n
		HTTP|DELETE /x HTTP/1.1\r\n
		HTTP|PROPFIND /x HTTP/1.1\r\n
		HTTP|PRI * HTTP/2.0\r\n
		HTTP|GET\r\n
		HTTP|POST \n
		HTTP|PATCH /\r\n
		header|Content-Length: 100\r\n
		TLS|\26\3\1\2\0\1\0\1\374\3\3
		TLS|\26\3\1\0\12\n\n
	EOF
	atf_check test ! -e home/kept
}

# said COUNT: many recipients
overshoot()
{
	printf 'EHLO a\r\nMAIL FROM:<a@b>\r\n'
	yes 'RCPT TO:<c@d>' | head -n "$1" | sed 's/$/\r/'
}

atf_test_case an_overlong_line_is_known_by_its_beginning
an_overlong_line_is_known_by_its_beginning_body()
{
	home
	for start in 'GET /:421' 'AUTH PLAIN :500 5.5.6' 'NOOP :500 5.5.2'; do
		for size in 12288 12300 50000 200000; do
			printf "${start%:*}%0${size}d\r\nHELO a\r\n" 0 |
			    smtp-recv keep 2>log | sed -n 2p >reply
			atf_check -o match:"^${start##*:}" cat reply
		done
	done
}

atf_test_case recipients_beyond_the_limit_do_not_fill_the_log
recipients_beyond_the_limit_do_not_fill_the_log_body()
{
	home
	overshoot 20000 | smtp-recv keep >replies 2>log
	atf_check -o inline:'1101\n' grep -c '^452 4.5.3' replies
	atf_check -o match:'^421 4.7.0 too many errors' tail -n 1 replies
	atf_check -o inline:'1\n' grep -c event=refused log
	atf_check -o match:'event=overshot from=a@b overshoot=1101 client=' cat log
	(overshoot 1005; printf 'RSET\r\nQUIT\r\n') | smtp-recv keep >replies 2>log
	atf_check -o inline:'1\n' grep -c event=refused log
	atf_check -o inline:'1\n' grep -c ' overshoot=5 ' log
	atf_check -o match:'reason=quit ' tail -n 1 log
}

atf_test_case deferrals_without_end_end_the_session
deferrals_without_end_end_the_session_body()
{
	home
	printf '#!/bin/sh\nwhile read -r line; do echo "Z450 4.2.0 later"; done\n' >bin/later
	chmod +x bin/later
	(printf 'EHLO a\r\n'; yes 'MAIL FROM:<a@b>' | head -n 2000 | sed 's/$/\r/') |
	    smtp-recv -p later keep >replies 2>log
	atf_check -o inline:'1101\n' grep -c '^450 ' replies
	atf_check -o match:'^421 4.7.0 too many errors' tail -n 1 replies
}

atf_test_case refusals_of_a_session_are_logged_up_to_a_number
refusals_of_a_session_are_logged_up_to_a_number_body()
{
	home
	cat >bin/choose <<-'EOF'
		#!/bin/sh
		while read -r verb address rest; do
			case $verb$address in rcptn*) echo "D550 5.1.1 no" ;; *) echo K ;; esac
		done
	EOF
	chmod +x bin/choose
	for i in $(seq 12); do
		printf 'EHLO a\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\n'
		yes 'RCPT TO:<n@d>' | head -n 95 | sed 's/$/\r/'
		printf 'DATA\r\n.\r\n'
	done | smtp-recv -p choose keep >replies 2>log
	atf_check -o inline:'1140\n' grep -c '^550' replies
	atf_check -o inline:'1000\n' grep -c event=refused log
	atf_check -o match:'refusals=1140$' tail -n 1 log
}

atf_test_case the_header_of_a_message_has_a_limit
the_header_of_a_message_has_a_limit_body()
{
	home
	echo 23 >home/control/headermax
	for header in 'To: 3456789012345678:250' 'To: 34567890123456789:552' \
	    'Too long but no header:250'; do
		printf '%s\r\n' 'EHLO a' 'MAIL FROM:<>' 'RCPT TO:<c@d>' DATA \
		    "${header%:*}" '' 'a long line of the body that does not count' . QUIT |
		    smtp-recv keep 2>/dev/null >replies
		atf_check_equal "$header: ${header##*:}" \
		    "$header: $(sed -n '/^354/{n;s/ .*//p;}' replies)"
	done
}

# so that one that has vanished is missed, at a cost only for those who are slow
atf_test_case tcp_looks_whether_a_silent_client_is_there
tcp_looks_whether_a_silent_client_is_there_body()
{
	home
	cat >silent.py <<-'END'
		import socket, subprocess, sys, time
		listener = socket.create_server(("127.0.0.1", 0))
		client = socket.create_connection(listener.getsockname())
		server, _ = listener.accept()
		watched = lambda: server.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
		smtp = subprocess.Popen(sys.argv[1:], stdin=server, stdout=server)
		end = time.monotonic() + 60
		client.sendall(b"EHLO client.test\r\n")
		while not watched() and time.monotonic() < end:
		    time.sleep(0.1)
		print(watched())
		client.sendall(b"QUIT\r\n")
		smtp.wait(60)
		server.close()
		print(client.makefile().read().split("\n")[-2])
	END
	atf_check -o inline:'1\n221 2.0.0 bye\n' -e ignore python3 silent.py smtp-recv true
}

atf_init_test_cases()
{
	atf_add_test_case tcp_looks_whether_a_silent_client_is_there
	atf_add_test_case no_message_is_smuggled_in_another
	atf_add_test_case a_dialogue_that_ends_anywhere_keeps_what_was_acknowledged
	atf_add_test_case a_reset_anywhere_keeps_only_whole_messages
	atf_add_test_case a_byte_now_and_then_does_not_hold_a_command
	atf_add_test_case a_session_ends_however_busy_it_is
	atf_add_test_case who_brings_no_mail_has_less_time
	atf_add_test_case other_protocols_are_sent_away
	atf_add_test_case an_overlong_line_is_known_by_its_beginning
	atf_add_test_case recipients_beyond_the_limit_do_not_fill_the_log
	atf_add_test_case deferrals_without_end_end_the_session
	atf_add_test_case refusals_of_a_session_are_logged_up_to_a_number
	atf_add_test_case the_header_of_a_message_has_a_limit
}
