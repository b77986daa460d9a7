#! /usr/bin/env atf-sh
# STARTTLS and submissions: smtp-recv with tls-wrap behind run/tls.sock, or another wrapper
# before it.

PATH=$(atf_get_srcdir)/../../bin:$PATH
. "$(atf_get_srcdir)/../tls/setup.sh"

# A home, tls.sock, and a sink that keeps the message
begin()
{
	make_home
	make_sink
	serve
}

make_sink()
{
	cat >keep <<-EOF
		#!/bin/sh
		cat >"$PWD/message"
		tr '\\0' '|' <&1 >"$PWD/envelope"
	EOF
	chmod +x keep
}

# A dialogue in python: PRELUDE connects as s
python()
{
	cat >dialogue.py <<-'EOF'
		import smtplib, socket, ssl, sys
		context = ssl.create_default_context()
		context.check_hostname = False
		context.verify_mode = ssl.CERT_NONE
		port = int(sys.argv[1])
		def line(s):
		    got = b""
		    while not got.endswith(b"\n"):
		        piece = s.recv(1)
		        if not piece:
		            break
		        got += piece
		    return got.decode().strip()
		def reply(s):
		    while True:
		        l = line(s)
		        if l[3:4] != "-":
		            return l
		def connect():
		    s = socket.create_connection(("127.0.0.1", port), timeout=20)
		    reply(s)
		    return s
		def say(s, text):
		    s.sendall(text.encode() + b"\r\n")
		    return reply(s)
	EOF
	cat >>dialogue.py
	timeout 60 /usr/bin/python3 dialogue.py "$port"
}

test_case()
{
	atf_test_case "$1" cleanup
	eval "$1_head() { network_head $2; }; $1_cleanup() { stop; }"
}

test_case takes_mail_after_starttls swaks
takes_mail_after_starttls_body()
{
	begin
	listen smtp-recv "$PWD/keep"
	atf_check -o match:'250-STARTTLS' -o match:'220 2.0.0 begin TLS' \
	    -o match:'TLS started with cipher TLSv1.3' -o match:'<~.*250 2.0.0 ok' \
	    swaks --server 127.0.0.1:$port --tls --from a@client.test --to b@mx.test
	atf_check -o match:'by mx.test with ESMTPS \(TLSv1.3\) id' -o match:'^	tls TLS_AES_128_GCM_SHA256; ' \
	    cat message
	atf_check -o inline:'Fa@client.test|PRET=HDRS|Tb@mx.test||' cat envelope
}

# Who says STARTTLS and then nothing does not get more time than who says nothing at all.
test_case the_limits_of_a_session_hold_in_the_handshake
the_limits_of_a_session_hold_in_the_handshake_body()
{
	begin
	listen smtp-recv "$PWD/keep"
	for limit in timeoutsmtpd timeoutsession; do
		rm -f home/control/timeout*
		echo 3 >home/control/$limit
		# the 60 seconds of a handshake are more than python waits
		python <<-'EOF' >out 2>&1 || atf_fail "$limit does not hold in the handshake: $(cat out)"
			s = connect()
			say(s, "EHLO a")
			print(say(s, "STARTTLS"))
			while s.recv(100):
			    pass
		EOF
		atf_check -o match:'^220' cat out
	done
	atf_check -o inline:'2\n' grep -c 'event=notls client=127.0.0.1 reason=.*timeout' server.log
}

test_case takes_mail_over_tls_from_the_start swaks
takes_mail_over_tls_from_the_start_body()
{
	begin
	listen smtp-recv -t "$PWD/keep"
	atf_check -o not-match:'STARTTLS' -o match:'<~.*250 2.0.0 ok' \
	    swaks --server 127.0.0.1:$port --tls-on-connect --from a@client.test --to b@mx.test
	atf_check -o match:'by mx.test with ESMTPS .*id' cat message
}

# A browser that was led to the port of mail says what it talks: RFC 7301, 3.2.
test_case who_offers_other_protocols_is_refused
who_offers_other_protocols_is_refused_body()
{
	begin
	listen smtp-recv -t "$PWD/keep"
	timeout 20 openssl s_client -connect "127.0.0.1:$port" -alpn http/1.1 </dev/null >out 2>&1
	atf_check -o match:'alert no application protocol' -o not-match:'^220' cat out
	atf_check -o match:'at=smtp-recv event=failed client=127.0.0.1 reason=' cat server.log
	timeout 20 openssl s_client -quiet -connect "127.0.0.1:$port" -alpn smtp </dev/null >out 2>&1
	atf_check -o match:'^220 mx.test' cat out
}

# Nothing is said in the clear to somebody who waits for TLS.
test_case says_nothing_without_tls
says_nothing_without_tls_body()
{
	make_home
	atf_check -s exit:111 -o empty -e match:'event=failed client=192.0.2.1 reason="unable to connect' \
	    env TCPREMOTEIP=192.0.2.1 smtp-recv -t true </dev/null
}

test_case takes_a_large_message_from_curl curl
takes_a_large_message_from_curl_body()
{
	begin
	listen tls-front -p smtp smtp-recv "$PWD/keep"
	yes 'a line of the message' | head -n 50000 | sed 's/$/\r/' >sent
	atf_check -o ignore -e ignore timeout 60 curl -sk smtps://127.0.0.1:$port \
	    --mail-from a@client.test --mail-rcpt b@mx.test -T sent
	sed '1,/^	tls/d' message >received
	tr -d '\r' <sent | atf_check cmp - received
}

test_case python_can_use_it
python_can_use_it_body()
{
	begin
	listen smtp-recv "$PWD/keep"
	python >out <<-'EOF'
		c = smtplib.SMTP("127.0.0.1", port, timeout=20)
		c.ehlo("client.test")
		print(c.has_extn("starttls"), c.has_extn("requiretls"))
		c.starttls(context=context)
		c.ehlo("client.test")
		print(c.has_extn("starttls"), c.has_extn("requiretls"))
		print(c.sendmail("a@client.test", ["b@mx.test"], "Subject: x\r\n\r\nx\r\n", ["REQUIRETLS"]))
		c.quit()
	EOF
	atf_check -o inline:'True False\nFalse True\n{}\n' cat out
}

# RFC 3207, 4.2; CVE-2011-0411
test_case forgets_what_was_said_in_the_clear
forgets_what_was_said_in_the_clear_body()
{
	begin
	listen smtp-recv "$PWD/keep"
	python >out <<-'EOF'
		s = connect()
		print(say(s, "EHLO clear.test"))
		print(say(s, "MAIL FROM:<clear@client.test>"))
		s.sendall(b"STARTTLS\r\nMAIL FROM:<injected@client.test>\r\nRSET\r\n")
		print(reply(s))
		t = context.wrap_socket(s)
		print(say(t, "NOOP"))
		print(say(t, "MAIL FROM:<a@client.test>"))
		print(say(t, "EHLO tls.test"))
		print(say(t, "RCPT TO:<b@mx.test>"))
		print(say(t, "STARTTLS"))
		print(say(t, "QUIT"))
	EOF
	atf_check -o inline:'250 ENHANCEDSTATUSCODES
250 2.1.0 ok
220 2.0.0 begin TLS
250 2.0.0 ok
503 5.5.1 say HELO or EHLO first
250 ENHANCEDSTATUSCODES
503 5.5.1 say MAIL first
503 5.5.1 TLS has begun already
221 2.0.0 bye
' sed 's/^250 2.1.0 .*/250 2.1.0 ok/;s/^250 [A-Z].*/250 ENHANCEDSTATUSCODES/' out
}

test_case policies_see_it
policies_see_it_body()
{
	begin
	cat >policy <<-EOF
		#!/bin/sh
		echo "\$TLS_VERSION." >>"$PWD/seen"
		while read -r line; do echo K; done
	EOF
	chmod +x policy
	listen smtp-recv -p "$PWD/policy" "$PWD/keep"
	python <<-'EOF'
		s = connect()
		say(s, "EHLO clear.test")
		say(s, "MAIL FROM:<clear@client.test>")
		say(s, "STARTTLS")
		t = context.wrap_socket(s)
		say(t, "EHLO tls.test")
		say(t, "MAIL FROM:<clear@client.test>")
		say(t, "QUIT")
	EOF
	atf_check -o inline:'.\nTLSv1.3.\n' cat seen
}

test_case says_when_there_is_no_tls
says_when_there_is_no_tls_body()
{
	make_home
	printf '%s\r\n' 'EHLO a' STARTTLS 'STARTTLS x' QUIT | smtp-recv cat >out 2>log
	atf_check -o match:'^454 4.7.0' -o match:'^501 5.5.4' -o not-match:'250-STARTTLS' cat out
	yes STARTTLS | head -n 200 | sed 's/$/\r/' | smtp-recv cat 2>log | tail -n 1 >out
	atf_check -o match:'^421 4.7.0 too many errors' cat out
	: >home/run/tls.sock
	printf '%s\r\n' 'EHLO a' STARTTLS NOOP QUIT | smtp-recv cat >out 2>log
	atf_check -o match:'250-STARTTLS' -o match:'^454 4.7.0' -o match:'^250 2.0.0' cat out
	atf_check -o match:'event=notls client=unknown reason="unable to connect' cat log
}

test_case ends_when_the_handshake_fails
ends_when_the_handshake_fails_body()
{
	begin
	listen smtp-recv "$PWD/keep"
	python >out <<-'EOF'
		s = connect()
		say(s, "EHLO clear.test")
		print(say(s, "STARTTLS"))
		s.sendall(b"EHLO not.tls\r\n" * 10)
		said = b""
		while True:
		    piece = s.recv(1000)
		    if not piece:
		        break
		    said += piece
		print(said == b"")
	EOF
	atf_check -o inline:'220 2.0.0 begin TLS\nTrue\n' cat out
	await grep -q 'event=notls client=127.0.0.1 reason="not TLS"' server.log ||
		atf_fail "not logged"
}

test_case the_run_script_decides
the_run_script_decides_body()
{
	make_home
	: >home/run/tls.sock
	printf '%s\r\n' 'EHLO a' QUIT | UCSPITLS=- smtp-recv cat >out 2>log
	atf_check -o not-match:'STARTTLS' cat out
	printf '%s\r\n' 'EHLO a' 'MAIL FROM:<a@b.test>' QUIT | UCSPITLS=! smtp-recv cat >out 2>log
	atf_check -o match:'250-STARTTLS' -o match:'^530 5.7.0' cat out
}

test_case works_with_tlswrapper "tlswrapper swaks"
works_with_tlswrapper_body()
{
	make_home
	make_sink
	cat home/tls/mx.test/key.pem home/tls/mx.test/cert.pem >both.pem
	chmod 755 .
	chmod 644 both.pem
	STARTTLSFD=5
	export STARTTLSFD
	listen tlswrapper -n -f "$PWD/both.pem" "$(command -v smtp-recv)" "$PWD/keep"
	atf_check -o match:'TLS started with cipher TLSv1.2' -o match:'<~.*250 2.0.0 ok' \
	    swaks --server 127.0.0.1:$port --tls --from a@client.test --to b@mx.test
	atf_check -o match:'by mx.test with ESMTPS .*id' cat message
}

test_case works_with_ucspi_tls swaks
works_with_ucspi_tls_body()
{
	make_home
	make_sink
	listen /usr/bin/python3 "$(atf_get_srcdir)/ucspi_tls.py" home/tls/mx.test \
	    smtp-recv "$PWD/keep"
	atf_check -o match:'TLS started with cipher' -o match:'<~.*250 2.0.0 ok' \
	    swaks --server 127.0.0.1:$port --tls --from a@client.test --to b@mx.test
	atf_check -o match:'by mx.test with ESMTPS .*id' cat message
}

test_case a_killed_tls_wrap_commits_nothing
a_killed_tls_wrap_commits_nothing_body()
{
	begin
	listen smtp-recv "$PWD/keep"
	server=$(head -n 1 pids)
	python >out <<-EOF
		import os
		s = connect()
		say(s, "EHLO clear.test")
		say(s, "STARTTLS")
		t = context.wrap_socket(s)
		say(t, "EHLO tls.test")
		say(t, "MAIL FROM:<a@client.test>")
		say(t, "RCPT TO:<b@mx.test>")
		say(t, "DATA")
		t.sendall(b"Subject: half\\r\\n\\r\\nhalf\\r\\n")
		for pid in open("/proc/$server/task/$server/children").read().split():
		    os.kill(int(pid), 9)
	EOF
	await grep -q event=disconnect server.log || atf_fail "smtp-recv goes on"
	atf_check -s exit:1 grep event=accepted server.log
	[ ! -s envelope ] || atf_fail "an envelope was written"
}

atf_init_test_cases()
{
	for name in takes_mail_after_starttls the_limits_of_a_session_hold_in_the_handshake \
	    takes_mail_over_tls_from_the_start who_offers_other_protocols_is_refused says_nothing_without_tls \
	    takes_a_large_message_from_curl python_can_use_it \
	    forgets_what_was_said_in_the_clear policies_see_it says_when_there_is_no_tls \
	    ends_when_the_handshake_fails the_run_script_decides works_with_tlswrapper \
	    works_with_ucspi_tls a_killed_tls_wrap_commits_nothing; do
		atf_add_test_case $name
	done
}
