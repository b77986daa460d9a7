#! /usr/bin/env atf-sh
PATH=$(atf_get_srcdir)/../../bin:$PATH
. "$(atf_get_srcdir)/../lib/sanitizer.sh"
. "$(atf_get_srcdir)/../lib/until.sh"

# a home, and a sink "keep" that keeps message and envelope there
home()
{
	FACTEUR_HOME=$PWD/home
	PATH=$PWD/bin:$PATH
	export FACTEUR_HOME PATH
	mkdir -p home/control home/queue bin
	echo mx.test >home/control/me
	program keep <<-'EOF'
		cat >message
		tr '\0' '|' <&1 >envelope
		echo "$QUEUEID" >id
	EOF
}

# program name: make an executable of the shell script on standard input
program()
{
	{
		echo '#!/bin/sh'
		cat
	} >"bin/$1"
	chmod +x "bin/$1"
}

# talk argument...: standard input to smtp-recv, with CRLF; "replies" and "log" are what it says
talk()
{
	sed 's/$/\r/' | smtp-recv "$@" >raw 2>log || echo "exit $?" >>raw
	tr -d '\r' <raw >replies
}

# codes: the codes of all replies after the greeting, one line
codes()
{
	sed -n '2,$s/^\([0-9][0-9][0-9]\) .*/\1/p' replies | tr '\n' ' '
}

# codes_of line...: the codes after the greeting when the client says these lines
codes_of()
{
	printf '%s\n' "$@" | talk keep
	codes
}

message()
{
	cat <<-EOF
		EHLO client.test
		MAIL FROM:<a@client.test>
		RCPT TO:<b@mx.test>
		DATA
		Subject: hello

		hello
		.
		QUIT
	EOF
}

atf_test_case takes_a_message
takes_a_message_body()
{
	home
	message | TCPREMOTEIP=192.0.2.1 TCPREMOTEHOST=host.test talk keep
	id=$(cat home/id)
	cat >expected <<-EOF
		220 mx.test ESMTP facteur
		250-mx.test
		250-PIPELINING
		250-8BITMIME
		250-SIZE 0
		250-SMTPUTF8
		250-CHUNKING
		250-DSN
		250-LIMITS RCPTMAX=1000
		250 ENHANCEDSTATUSCODES
		250 2.1.0 ok
		250 2.1.5 ok
		354 send the message, end it with CRLF.CRLF
		250 2.0.0 ok $id
		221 2.0.0 bye
	EOF
	atf_check cmp expected replies
	atf_check -o inline:'Fa@client.test|PRET=HDRS|Tb@mx.test||' cat home/envelope
	cat >expected <<-EOF
		Received: from client.test (host.test [192.0.2.1])
		>by mx.test with ESMTP id $id
		>for <b@mx.test>; DATE
		Subject: hello

		hello
	EOF
	sed -i '3s/; .* +0000$/; DATE/;s/^\t/>/' home/message
	atf_check cmp expected home/message
}

atf_test_case every_reply_ends_in_crlf
every_reply_ends_in_crlf_body()
{
	home
	message | talk keep
	atf_check -s exit:1 grep -v "$(printf '\r')\$" raw
}

atf_test_case logs_what_it_did
logs_what_it_did_body()
{
	home
	message | TCPREMOTEIP=192.0.2.1 talk keep
	id=$(cat home/id)
	echo "id=$id at=smtp-recv event=accepted from=a@client.test rcpts=1 bytes=25 ms=N" \
	    "client=192.0.2.1 helo=client.test rcpt=b@mx.test" >expected
	atf_check -o file:expected sed 's/ ms=[0-9]*/ ms=N/' log
}

# a session without mail is not forgotten: who came, how far, and why it ended
atf_test_case logs_who_brought_no_mail
logs_who_brought_no_mail_body()
{
	home
	while IFS='|' read -r said expected; do
		printf "$said" | tr ' ' '\n' | tr _ ' ' | TCPREMOTEIP=192.0.2.1 talk keep
		echo "at=smtp-recv event=disconnect client=192.0.2.1 accepted=0 $expected" >expected
		atf_check -o file:expected sed -n 's/ ms=[0-9]*/ ms=N/;$p' log
	done <<-'EOF'
		QUIT |reason=quit ms=N
		|reason=gone ms=N
		EHLO_a |reason=gone ms=N helo=a said="EHLO a"
		EHLO_a QUIT |reason=quit ms=N helo=a
		EHLO_a AUTH_PLAIN_c2VjcmV0 |reason=gone ms=N helo=a said="AUTH PLAIN"
		EHLO_a MAIL_FROM:<> |reason=gone ms=N helo=a said="MAIL FROM:<>"
		GET_/_HTTP/1.1 |reason="not SMTP" ms=N
	EOF
}

atf_test_case the_log_ties_a_message_to_its_client
the_log_ties_a_message_to_its_client_body()
{
	home
	message | sed 's/^Subject: hello/&\nMessage-ID: <1@client.test>/;s/^MAIL.*/MAIL FROM:<>/' |
	    AUTHUSER=joe@mx.test TLS_VERSION=TLSv1.3 talk keep
	atf_check -o match:'event=accepted from="" .* helo=client.test user=joe@mx.test tls=TLSv1.3 rcpt=b@mx.test msgid=<1@client.test>' cat log
	message | talk keep
	atf_check -o match:'event=accepted .* helo=client.test rcpt=b@mx.test$' cat log
	printf '%s\n' 'EHLO a' 'MAIL FROM:<@>' QUIT | AUTHUSER=joe@mx.test talk keep
	atf_check -o match:'event=refused code=553 .* user=joe@mx.test said="MAIL FROM:<@>"' cat log
	printf '%s\n' 'EHLO a' 'AUTH PLAIN c2VjcmV0' QUIT | talk keep
	atf_check -o match:'event=refused code=502 .*said="AUTH PLAIN"' -o not-match:c2Vj cat log
}

atf_test_case removes_dots_and_carriage_returns
removes_dots_and_carriage_returns_body()
{
	home
	printf '%s\n' 'HELO a' 'MAIL FROM:<>' 'RCPT TO:<b@c>' DATA '..' '...x' '.y' '' . |
	    talk keep
	atf_check_equal '250 250 250 354 250 ' "$(codes)"
	atf_check -o inline:'.\n..x\ny\n\n' tail -n 4 home/message
	atf_check -o ignore grep -q 'with SMTP id' home/message
	atf_check -o inline:'F|Tb@c||' cat home/envelope
	# whom nothing else tells apart
	printf '%s\n' 'HELO a' 'MAIL FROM:<>' 'RCPT TO:<b@c>' DATA . |
	    TCPREMOTEIP=192.0.2.7 talk keep
	atf_check -o inline:'F|PCLIENT=192.0.2.7|Tb@c||' cat home/envelope
}

atf_test_case replies_to_a_batch_in_one_write
replies_to_a_batch_in_one_write_head()
{
	atf_set require.progs python3
}
replies_to_a_batch_in_one_write_body()
{
	home
	# packets keep the borders of writes
	cat >client <<'EOF'
import socket, subprocess
ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
server = subprocess.Popen(["smtp-recv", "keep"], stdin=theirs, stdout=theirs)
theirs.close()
print(len(ours.recv(9999).splitlines()))
for batch in (b"EHLO a\r\n", b"MAIL FROM:<>\r\nRCPT TO:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n",
    b"x\r\n.\r\nNOOP\r\nMAIL FROM:<>\r\nRSET\r\nQUIT\r\n"):
    ours.send(batch)
    print(len(ours.recv(9999).splitlines()))
print(ours.recv(9999), server.wait())
EOF
	atf_check -o inline:"1\n9\n4\n5\nb'' 0\n" -e ignore python3 client
}

atf_test_case takes_many_messages_in_one_session
takes_many_messages_in_one_session_body()
{
	home
	program keep <<-'EOF'
		cat >>messages
		tr '\0' '|' <&1 >>envelopes
	EOF
	{
		message | sed '$d'
		message | sed '1d;s/a@/c@/'
	} | talk keep
	atf_check_equal '250 250 250 354 250 250 250 354 250 221 ' "$(codes)"
	atf_check -o inline:'Fa@client.test|PRET=HDRS|Tb@mx.test||Fc@client.test|PRET=HDRS|Tb@mx.test||' \
	    cat home/envelopes
	atf_check -o inline:'2\n' grep -c '^Received:' home/messages
}

atf_test_case insists_on_the_order_of_commands
insists_on_the_order_of_commands_body()
{
	home
	atf_check_equal '503 ' "$(codes_of 'MAIL FROM:<a@b>')"
	atf_check_equal '503 ' "$(codes_of 'RCPT TO:<a@b>')"
	atf_check_equal '503 ' "$(codes_of DATA)"
	atf_check_equal '250 503 503 ' "$(codes_of 'HELO a' 'RCPT TO:<a@b>' DATA)"
	atf_check_equal '250 250 503 503 ' \
	    "$(codes_of 'HELO a' 'MAIL FROM:<>' 'MAIL FROM:<>' DATA)"
	atf_check_equal '250 250 553 554 ' \
	    "$(codes_of 'HELO a' 'MAIL FROM:<>' 'RCPT TO:<a>' DATA)"
	for reset in RSET 'HELO b' 'EHLO b'; do
		atf_check_equal '250 250 250 250 503 ' \
		    "$(codes_of 'HELO a' 'MAIL FROM:<>' 'RCPT TO:<a@b>' "$reset" DATA)"
	done
	atf_check_equal '250 214 252 250 502 454 502 502 500 221 ' \
	    "$(codes_of 'NOOP x' HELP 'VRFY a' RSET 'EXPN a' STARTTLS 'AUTH PLAIN' ETRN X QUIT)"
	atf_check_equal '501 501 501 501 501 250 501 ' \
	    "$(codes_of HELO EHLO 'RSET x' 'QUIT x' VRFY 'HELO a' 'DATA x')"
}

atf_test_case insists_on_the_syntax_of_commands
insists_on_the_syntax_of_commands_body()
{
	home
	while read -r code line; do
		printf '%s\n' 'EHLO a' "$line" | talk keep
		atf_check_equal "$line: 250 $code " "$line: $(codes)"
	done <<-'EOF'
		250 MAIL FROM:<>
		250 mail from:<a@b>
		250 MAIL FROM: <a@b>
		250 MAIL FROM:<a@b> SIZE=1 BODY=8BITMIME
		250 MAIL FROM:<a@b> body=7bit size=18446
		250 MAIL FROM:<@r.test:a@b>
		250 MAIL FROM:<"a b"@b>
		250 MAIL FROM:<a@[192.0.2.1]>
		501 MAIL
		501 MAIL FROM
		501 MAIL FROM:
		250 MAIL FROM:a@b
		250 MAIL FROM:a@b SIZE=1
		553 MAIL FROM:a b@c
		250 MAIL FROM:<a..b@c>
		250 MAIL FROM:<.a.@c.test.>
		553 MAIL FROM:<a@b..>
		501 MAIL TO:<a@b>
		501 MAIL FROM <a@b>
		553 MAIL FROM:<a@b
		553 MAIL FROM:<a>
		553 MAIL FROM:<a b@c>
		250 MAIL FROM:<a@b_c>
		553 MAIL FROM:<aé@b>
		250 MAIL FROM:<aé@b> SMTPUTF8
		250 MAIL FROM:<a@bücher.example> BODY=8BITMIME smtputf8
		553 MAIL FROM:<a@bücher.example>
		501 MAIL FROM:<a@b> SMTPUTF8=1
		501 MAIL FROM:<a@b> SMTPUTF8 SMTPUTF8
		250 MAIL FROM:<a@b> RET=FULL ENVID=a+2Bb
		250 MAIL FROM:<a@b> ret=hdrs
		501 MAIL FROM:<a@b> RET=ALL
		501 MAIL FROM:<a@b> RET=FULL RET=FULL
		501 MAIL FROM:<a@b> RET
		501 MAIL FROM:<a@b> ENVID=
		501 MAIL FROM:<a@b> ENVID=a+2b
		501 MAIL FROM:<a@b> ENVID=a+0A
		501 MAIL FROM:<a@b> ENVID=a ENVID=a
		555 MAIL FROM:<a@b> REQUIRETLS
		501 MAIL FROM:<a@b>x
		501 MAIL FROM:<a@b>SIZE=1
		501 MAIL FROM:<a@b> SIZE=
		501 MAIL FROM:<a@b> SIZE=x
		501 MAIL FROM:<a@b> SIZE=-1
		501 MAIL FROM:<a@b> SIZE
		501 MAIL FROM:<a@b> SIZE=999999999999999999999
		501 MAIL FROM:<a@b> SIZE
		501 MAIL FROM:<a@b> SIZE=1 SIZE=2
		501 MAIL FROM:<a@b> BODY=9BIT
		501 MAIL FROM:<a@b> BODY=BINARYMIME
		250 MAIL FROM:<a@b> AUTH=<>
		250 MAIL FROM:<a@b> AUTH=a+2Bb@c
		501 MAIL FROM:<a@b> AUTH=a+
		250 MAIL FROM:<a@b> AUTH=a
		250 MAIL FROM:<a@b> AUTH=a+20b@c
		250 MAIL FROM:<a@b> AUTH=<a@b>
		250 MAIL FROM:<a@b> AUTH=+3C+3E+3E
		501 MAIL FROM:<a@b> AUTH
		555 MAIL FROM:<a@b> X
		500 MAILFROM:<a@b>
	EOF
	while read -r code line; do
		printf '%s\n' 'EHLO a' 'MAIL FROM:<>' "$line" | talk keep
		atf_check_equal "$line: 250 250 $code " "$line: $(codes)"
	done <<-'EOF'
		250 RCPT TO:<a@b>
		250 rcpt to:<a@b>
		250 RCPT TO: <a@b>
		250 RCPT TO:<postmaster>
		250 RCPT TO:<@r.test,@s.test:a@b>
		553 RCPT TO:<>
		553 RCPT TO:<a>
		553 RCPT TO:<a@b..c>
		553 RCPT TO:<é@b>
		501 RCPT
		250 RCPT TO:a@b
		250 RCPT TO:postmaster
		250 RCPT TO:<a.@b>
		250 RCPT TO:<a@b.test.>
		250 RCPT TO:<a@b> NOTIFY=SUCCESS
		501 RCPT FROM:<a@b>
		250 RCPT TO:<a@b> NOTIFY=NEVER
		250 RCPT TO:<a@b> notify=delay,success,FAILURE
		501 RCPT TO:<a@b> NOTIFY=NEVER,DELAY
		501 RCPT TO:<a@b> NOTIFY=DELAY,DELAY
		501 RCPT TO:<a@b> NOTIFY=DELAY,
		501 RCPT TO:<a@b> NOTIFY=,DELAY
		501 RCPT TO:<a@b> NOTIFY=
		501 RCPT TO:<a@b> NOTIFY
		501 RCPT TO:<a@b> NOTIFY=NEVER NOTIFY=NEVER
		250 RCPT TO:<a@b> ORCPT=rfc822;a+2Bb@c
		250 RCPT TO:<a@b> ORCPT=utf-8;\x{E9}@c
		501 RCPT TO:<a@b> ORCPT=utf-8;é@c
		250 RCPT TO:<a@b> ORCPT=UTF-8;a\x{2B}\x{10fffd}@c
		501 RCPT TO:<a@b> ORCPT=utf-8;a\x{D800}@c
		501 RCPT TO:<a@b> ORCPT=utf-8;a\x{110000}@c
		501 RCPT TO:<a@b> ORCPT=utf-8;a\x{0A}@c
		501 RCPT TO:<a@b> ORCPT=utf-8;a\x{}@c
		501 RCPT TO:<a@b> ORCPT=utf-8;a\x{E9
		501 RCPT TO:<a@b> ORCPT=utf-8;a\b@c
		501 RCPT TO:<a@b> ORCPT=utf-8;a+b@c
		501 RCPT TO:<a@b> ORCPT=utf-8;a=b@c
		501 RCPT TO:<a@b> ORCPT=utf-8;
		501 RCPT TO:<a@b> ORCPT=rfc822;
		501 RCPT TO:<a@b> ORCPT=a@b
		501 RCPT TO:<a@b> ORCPT=;a@b
		501 RCPT TO:<a@b> ORCPT=rfc 822;a@b
		501 RCPT TO:<a@b> ORCPT=rfc822;a+00b
		501 RCPT TO:<a@b> ORCPT=rfc822;a ORCPT=rfc822;a
		555 RCPT TO:<a@b> RET=FULL
		501 RCPT TO:<a@b> =
	EOF
}

# what the world writes otherwise is written as it should be, and logged once
atf_test_case odd_forms_are_taken_and_written_as_they_should_be
odd_forms_are_taken_and_written_as_they_should_be_body()
{
	home
	long=$(printf 'a%.0s' $(seq 120))
	printf '%s\n' 'EHLO a' "MAIL FROM:a..b@$long.test. AUTH=<x@y>" "RCPT TO:<$long@mx.test>" \
	    'RCPT TO:<b.@mx.test.>' RSET "MAIL FROM:<$long@client.test>" "RCPT TO:c@mx.test" 'RCPT TO:<..d@mx.test>' \
	    DATA . QUIT | talk keep
	atf_check_equal '250 501 503 503 250 250 250 250 354 250 221 ' "$(codes)"
	atf_check -o inline:"F$long@client.test|PRET=HDRS|Tc@mx.test|T\"..d\"@mx.test||" cat home/envelope
	printf '%s\n' 'EHLO a' 'MAIL FROM:a..b@client.test. AUTH=<x@y>' 'RCPT TO:<b.@mx.test.>' 'RCPT TO:e@mx.test' \
	    DATA . QUIT | talk keep
	atf_check -o inline:'F"a..b"@client.test|PRET=HDRS|PAUTH=<>|T"b."@mx.test|Te@mx.test||' cat home/envelope
	for what in 'address without angle brackets' 'dots in the local part' 'dot behind the domain' \
	    'AUTH= is no address'; do
		atf_check_equal "$what 1" "$what $(grep -c "event=tolerated what=\"$what\" client=unknown helo=a" log)"
	done
}

# printers, scanners
atf_test_case our_own_clients_may_be_odd
our_own_clients_may_be_odd_body()
{
	home
	for name in 'HP LaserJet 400' 'Büro-PC' ''; do
		printf '%s\n' "EHLO $name" QUIT | talk keep
		atf_check_equal "$name 501 221 " "$name $(codes)"
		atf_check -o match:'event=refused code=501 .*said="?EHLO' cat log
		printf '%s\n' "EHLO $name" 'MAIL FROM:<a@b>' 'RCPT TO:<c@d>' DATA . QUIT | RELAYCLIENT= talk keep
		atf_check_equal "$name 250 250 250 354 250 221 " "$name $(codes)"
		atf_check -o match:'event=tolerated what=".*name' cat log
		atf_check_equal 1 "$(grep -c '^Received: from unknown (HELO [^ ]*' home/message)"
	done
	# commands that LF ends, and lines that CR CR LF or CR ends
	printf 'EHLO a\nMAIL FROM:<a@b>\nRCPT TO:<c@d>\nDATA\na: b\r\r\n\nc\rd\r\n.\r\nQUIT\n' >said
	smtp-recv keep <said >raw 2>log
	atf_check -o match:'^500 5.5.2 a command must end in CR LF' -o not-match:'^354' cat raw
	RELAYCLIENT='' smtp-recv keep <said >raw 2>log
	atf_check -o match:'^250 2.0.0 ok ' cat raw
	atf_check -o inline:'a: b\n\nc\nd\n' sh -c "sed '1,/;/d' home/message"
	atf_check_equal 1 "$(grep -c 'what="command ended by LF"' log)"
	atf_check_equal 1 "$(grep -c 'what="bare CR or LF in a message"' log)"
}

# by a filter, on ports where strangers send, too
atf_test_case the_filter_is_for_our_own_clients
the_filter_is_for_our_own_clients_body()
{
	home
	message | talk -f submission-fix keep
	atf_check -s exit:1 grep -i -e '^Date:' -e '^Message-ID:' home/message
	message | sed 's/^Subject: hello/&\n\tagain\nBcc: <x@y>/' | RELAYCLIENT='' talk -f submission-fix keep
	atf_check -o match:'^Date: ' -o match:'^Message-ID: <.*@mx.test>' -o not-match:Bcc -o match:again cat home/message
	# a chain of them, in one word
	message | RELAYCLIENT='' talk -f '  submission-fix  env SEEN=1 ' sh -c 'echo "$SEEN" >seen; exec keep'
	atf_check -o match:'^Date: ' cat home/message
	atf_check -o inline:'1\n' cat home/seen
	atf_check -s exit:111 -e match:usage -o ignore smtp-recv -f ' ' keep
	service=$(atf_get_srcdir)/../../share/service/smtp
	atf_check -o match:'[+]-f "[$]OWN_FILTERS"' sed -n '/^smtp-recv /,$p' "$service/run"
	atf_check -o inline:'submission-fix dkim-sign\n' cat "$service/env/OWN_FILTERS"
}

atf_test_case a_first_line_with_a_blank_is_not_in_our_field
a_first_line_with_a_blank_is_not_in_our_field_body()
{
	home
	for first in ' by evil' '	x' '. y'; do
		message | sed "s/^Subject: hello/$first/" | talk keep
		atf_check -o match:'^250 2.0.0 ok ' cat replies
		atf_check_equal '' "$(sed -n '/; [A-Z].*[0-9]$/{n;p;}' home/message)"
		atf_check -o match:'what="message begins with a blank"' cat log
	done
	printf 'EHLO a\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nBDAT 2\r\n xBDAT 3 LAST\r\ny\r\nQUIT\r\n' |
	    smtp-recv keep >raw 2>log
	atf_check_equal '' "$(sed -n '/; [A-Z].*[0-9]$/{n;p;}' home/message)"
	atf_check -o inline:' xy\n' tail -n 1 home/message
}

# a stranger's message would be bounced to whom it names as its sender
atf_test_case a_loop_is_refused_at_the_dot
a_loop_is_refused_at_the_dot_body()
{
	home
	mkdir home/users
	echo mx.test >home/control/domains
	echo 65534:65534 >home/control/mailuser
	atf_check -e ignore mail-compile
	for field in 'Delivered-To: b@mx.test' 'delivered-to:  B@MX.test'; do
		message | sed "s/^Subject: hello/$field/" | talk keep
		atf_check -o match:'^554 5.4.6 Delivered-To of a recipient' cat replies
		atf_check test ! -e home/envelope
	done
	message | sed "s/^Subject: hello/Delivered-To: c@mx.test/" | talk keep
	atf_check -o match:'^250 2.0.0 ok ' cat replies
	# whether others have had it before is not for us to say
	message | sed "s/^Subject: hello/Delivered-To: b@far.test/;s/b@mx.test/b@far.test/" | talk keep
	atf_check -o match:'^250 2.0.0 ok ' cat replies
	rm home/envelope
	message | awk '{ print } /^DATA/ { for (i = 0; i < 26; i++) print "Delivered-To: " i "@x.test" }' | talk keep
	atf_check -o match:'^554 5.4.6 ' cat replies
	# what an alias leads to, over others and beside others, but not where its mail is put at once
	cat >home/users/aliases <<-'END'
		b@mx.test: far@far.test, list@mx.test
		list@mx.test: c@mx.test, d@mx.test
		d@mx.test: b@mx.test, d@mx.test
		f@mx.test: e@mx.test
	END
	echo e@mx.test:65534:65534: >home/users/mailboxes
	atf_check -e ignore mail-compile
	for address in list c d; do
		message | sed "s/^Subject: hello/Delivered-To: $address@mx.test/" | talk keep
		atf_check -o match:'^554 5.4.6 Delivered-To of a recipient' cat replies
	done
	for address in e far; do
		message | sed "s/^Subject: hello/Delivered-To: $address@mx.test/" | talk keep
		atf_check -o match:'^250 2.0.0 ok ' cat replies
	done
	message | sed "s/^Subject: hello/Delivered-To: e@mx.test/;s/b@mx.test/f@mx.test/" | talk keep
	atf_check -o match:'^250 2.0.0 ok ' cat replies
	echo x >home/users/users.cdb
	message | sed "s/^Subject: hello/Delivered-To: b@mx.test/" | talk keep
	atf_check -o match:'^451 4.3.0 ' cat replies
}

atf_test_case drops_a_source_route
drops_a_source_route_body()
{
	home
	message | sed 's/<b@/<@x.test,@y.test:b@/;s/<a@/<@z.test:a@/' | talk keep
	atf_check -o inline:'Fa@client.test|PRET=HDRS|Tb@mx.test||' cat home/envelope
}

atf_test_case keeps_the_body_parameter
keeps_the_body_parameter_body()
{
	home
	message | sed 's/^MAIL.*/& SIZE=9 BODY=8bitmime/' | talk keep
	atf_check -o inline:'Fa@client.test|PBODY=8BITMIME|PRET=HDRS|Tb@mx.test||' cat home/envelope
}

atf_test_case postmaster_gets_a_domain
postmaster_gets_a_domain_body()
{
	home
	message | sed 's/<b@.*/<PostMaster>/' | talk keep
	atf_check -o inline:'Fa@client.test|PRET=HDRS|TPostMaster@mx.test||' cat home/envelope
	echo first.test >home/control/defaultdomain
	message | sed 's/<b@.*/<postmaster>/' | talk keep
	atf_check -o inline:'Fa@client.test|PRET=HDRS|Tpostmaster@first.test||' cat home/envelope
	for name in 'postmaster@mx.test' '"postmaster"' '"post\\master"@MX.test'; do
		message | sed "s/<b@.*/<$name>/" | talk keep
		atf_check -o inline:'Fa@client.test|PRET=HDRS|Tpostmaster@first.test||' cat home/envelope
	done
	message | sed 's/<b@.*/<postmaster@other.test>/' | talk keep
	atf_check -o inline:'Fa@client.test|PRET=HDRS|Tpostmaster@other.test||' cat home/envelope
	echo MX.test >home/control/domains
	message | sed 's/<b@.*/<postmaster@mx.test>/' | talk keep
	atf_check -o inline:'Fa@client.test|PRET=HDRS|Tpostmaster@mx.test||' cat home/envelope
	for ip in 192.0.2.7 2001:db8::7; do
		literal="[$(echo $ip | sed '/:/s/^/IPv6:/')]"
		message | sed "s/<b@.*/<postmaster@$literal>/" | TCPLOCALIP=$ip talk keep
		atf_check -o inline:'Fa@client.test|PRET=HDRS|Tpostmaster@first.test||' cat home/envelope
		message | sed "s/<b@.*/<postmaster@$literal>/" | TCPLOCALIP=192.0.2.8 talk keep
		atf_check -o inline:"Fa@client.test|PRET=HDRS|Tpostmaster@$literal||" cat home/envelope
	done
}

atf_test_case refuses_bare_line_ends_after_the_whole_message
refuses_bare_line_ends_after_the_whole_message_body()
{
	home
	for text in 'a\n.\nMAIL FROM:<x@y>\r' 'a\n.\r\nb\r' 'a\r\n.\nb\r' 'a\r.\r\nb\r' \
	    'a\r\r' '\n.\r\nb\r' 'a\nb\r'; do
		{
			printf 'EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<b@c>\r\nDATA\r\n'
			printf "$text\n.\r\nNOOP\r\nQUIT\r\n"
		} | smtp-recv keep 2>log | tr -d '\r' >replies
		atf_check_equal "$text: 250 250 250 354 550 250 221 " "$text: $(codes)"
		atf_check -o match:'^550 5.6.0 message with a bare (CR|LF)' \
		    grep -E ^550 replies
		atf_check -o match:'^id=[0-9a-z]+ at=smtp-recv event=refused code=550' \
		    grep refused log
		atf_check test ! -e home/id
	done
}

atf_test_case refuses_a_command_that_is_not_a_clean_line
refuses_a_command_that_is_not_a_clean_line_body()
{
	home
	printf 'NOOP\nNOOP\rNOOP\r\nNO\0OP\r\nNOOP \1\r\n\r\n\nNOOP \t \r\n' |
	    smtp-recv keep 2>log | tr -d '\r' >replies
	atf_check_equal '500 500 500 500 500 500 250 ' "$(codes)"
	printf 'HELO \351\377\r\n' | smtp-recv keep 2>log | tr -d '\r' >replies
	atf_check_equal '501 ' "$(codes)"
}

# little_memory command...: run it on "lines" with 20 MB (unless a sanitizer needs more)
little_memory()
{
	(
		sanitized "$1" || ulimit -v 20000
		exec "$@" <lines
	)
}

# line n: NOOP and blanks to n bytes, CRLF included
line()
{
	printf 'NOOP %*s\r\n' "$(($1 - 7))" x
}

atf_test_case limits_the_length_of_a_command
limits_the_length_of_a_command_body()
{
	home
	{
		line 512
		line 513
		line 4096
		line 4097
		line 10000000
		printf 'HELO a\r\nMAIL FROM:<a@b>%*s\r\nRSET\r\n' 4000 SIZE=1
		printf 'MAIL FROM:<a@b>%*s\r\nQUIT\r\n' 4090 SIZE=1
	} >lines
	little_memory smtp-recv keep >raw 2>log || atf_fail "smtp-recv failed"
	tr -d '\r' <raw >replies
	atf_check_equal '250 500 500 500 500 250 250 250 500 221 ' "$(codes)"
}

atf_test_case a_large_message_takes_no_memory
a_large_message_takes_no_memory_body()
{
	home
	program count <<-'EOF'
		wc -c >count
		cat <&1 >/dev/null
	EOF
	{
		message | sed 's/$/\r/;5q'
		awk 'BEGIN { for (i = 0; i < 30000; i++) printf "%01000d\r\n", i }'
		printf '.\r\nQUIT\r\n'
	} >lines
	little_memory smtp-recv count >raw 2>log || atf_fail "smtp-recv failed"
	tr -d '\r' <raw >replies
	atf_check_equal '250 250 250 354 250 221 ' "$(codes)"
	atf_check test "$(cat home/count)" -gt 30030000
}

atf_test_case limits_the_size_of_a_message
limits_the_size_of_a_message_body()
{
	home
	echo 25 >home/control/databytes
	message | talk keep
	atf_check_equal '250 250 250 354 250 221 ' "$(codes)"
	atf_check -o ignore grep '^250-SIZE 25' replies
	rm home/id
	message | sed 's/^hello/&o/' | talk keep
	atf_check_equal '250 250 250 354 552 221 ' "$(codes)"
	atf_check test ! -e home/id
	message | sed 's/^MAIL.*/& SIZE=26/' | talk keep
	atf_check -o inline:'552 5.3.4 message too large\n' grep '^552' replies
	message | sed 's/^hello/&o/' | DATABYTES=0 talk keep
	atf_check_equal '250 250 250 354 250 221 ' "$(codes)"
	message | DATABYTES=24 talk keep
	atf_check_equal '250 250 250 354 552 221 ' "$(codes)"
}

atf_test_case wants_room_on_the_disk
wants_room_on_the_disk_body()
{
	home
	echo 9000000000000000000 >home/control/queuereserve
	message | talk keep
	atf_check -o inline:'452 4.3.1 not enough disk space, try again later\n' \
	    grep ^452 replies
	echo 0 >home/control/queuereserve
	message | sed 's/^MAIL.*/& SIZE=9000000000000000000/' | talk keep
	atf_check -o ignore grep ^452 replies
	message | talk keep
	atf_check_equal '250 250 250 354 250 221 ' "$(codes)"
}

atf_test_case takes_a_thousand_recipients
takes_a_thousand_recipients_body()
{
	home
	{
		printf 'EHLO a\nMAIL FROM:<>\n'
		for i in $(seq 1200); do
			echo "RCPT TO:<r$i@mx.test>"
		done
		printf 'DATA\n.\n'
	} | talk keep
	atf_check -o inline:'1000\n' grep -c '^250 2.1.5' replies
	atf_check -o inline:'200\n' grep -c '^452 4.5.3' replies
	atf_check -o inline:'1000\n' sh -c "tr '|' '\n' <home/envelope | grep -c ^T"
}

# RFC 1870, 3: 20 digits are well formed
atf_test_case a_size_that_nobody_can_count_is_too_large
a_size_that_nobody_can_count_is_too_large_body()
{
	home
	echo 1000 >home/control/databytes
	for size in 1001 18446744073709551615 18446744073709551616 99999999999999999999; do
		printf '%s\n' 'HELO a' "MAIL FROM:<a@b> SIZE=$size" QUIT | talk true
		atf_check_equal '250 552 221 ' "$(codes)"
	done
}

atf_test_case listed_addresses_are_our_own
listed_addresses_are_our_own_body()
{
	home
	echo first.test >home/control/defaultdomain
	printf '%s\n' '# outside' 192.0.2.7 2001:db8::1 >home/control/localips
	for literal in '[192.0.2.7]' '[IPv6:2001:DB8:0::1]' '[ipv6:2001:db8::1]'; do
		message | sed "s/<b@.*/<b@$literal>/" | talk keep
		atf_check -o inline:'Fa@client.test|PRET=HDRS|Tb@first.test||' cat home/envelope
	done
	message | sed 's/<b@.*/<Postmaster@[192.0.2.7]>/' | talk keep
	atf_check -o inline:'Fa@client.test|PRET=HDRS|TPostmaster@first.test||' cat home/envelope
	message | sed 's/<b@.*/<b@[192.0.2.8]>/' | TCPLOCALIP=192.0.2.8 talk keep
	atf_check -o inline:'Fa@client.test|PRET=HDRS|Tb@[192.0.2.8]||' cat home/envelope
	rm home/control/localips
	mkdir home/control/localips
	message | sed 's/<b@.*/<b@[192.0.2.8]>/' | talk keep
	atf_check -o match:'^451 4.3.0' cat replies
}

atf_test_case a_session_that_leads_to_nothing_ends
a_session_that_leads_to_nothing_ends_body()
{
	home
	program drop <<-'EOF'
		cat >/dev/null
		cat <&1 >/dev/null
	EOF
	for command in NOOP RSET 'VRFY a' HELP 'EHLO a'; do
		{
			echo 'EHLO a'
			yes "$command" | head -n 130
		} | talk drop
		atf_check -o inline:'421 4.7.0 too many errors, closing\n' tail -n 1 replies
	done
	# each message that is taken begins the count anew
	{
		for i in 1 2 3; do
			yes NOOP | head -n 90
			printf '%s\n' 'EHLO a' 'MAIL FROM:<a@b>' 'RCPT TO:<c@d>' DATA x .
		done
		echo QUIT
	} | talk drop
	atf_check -o inline:'221 2.0.0 bye\n' tail -n 1 replies
}

atf_test_case ends_a_session_with_too_many_errors
ends_a_session_with_too_many_errors_body()
{
	home
	yes NONSENSE | head -n 100 | talk keep
	atf_check -o inline:'21\n' grep -c ^500 replies
	atf_check -o inline:'421 4.7.0 too many errors, closing\n' tail -n 1 replies
	atf_check -o match:'reason="too many errors"' tail -n 1 log
	{
		printf '%s\n' 'HELO a' 'MAIL FROM:<>'
		for i in $(seq 200); do echo "RCPT TO:<user>"; done
	} | talk keep
	atf_check -o inline:'101\n' grep -c ^553 replies
	atf_check -o inline:'421 4.7.0 too many errors, closing\n' tail -n 1 replies
}

atf_test_case a_client_that_does_not_stop_hears_why_it_must
a_client_that_does_not_stop_hears_why_it_must_head()
{
	atf_set require.progs 'tcpserver python3'
}
a_client_that_does_not_stop_hears_why_it_must_body()
{
	home
	mkfifo port
	tcpserver -1 -HRD -l mx.test 127.0.0.1 0 smtp-recv keep >port 2>log &
	server=$!
	trap 'kill $server' EXIT
	read -r port <port
	cat >client <<'EOF'
import socket, sys
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
s.sendall(b"NONSENSE\r\n" * 20000)
s.shutdown(socket.SHUT_WR)
print(s.makefile("rb").readlines()[-1])
EOF
	atf_check -o match:'421 4.7.0 too many errors' python3 client "$port"
}

# It waits for the answer to its data, and would do so for as long as we wait for the end.
atf_test_case a_dot_ended_by_lf_is_answered_soon
a_dot_ended_by_lf_is_answered_soon_body()
{
	home
	mkfifo talk
	exec 3<>talk
	for way in 1 2 3 4; do
		case $way in
		1) set -- 'x\n.\n' ;;
		2) set -- 'x\r\n.\n' ;;
		3) set -- '.\n' ;;
		4) set -- 'x\n' . '\n' && export RELAYCLIENT= ;;
		esac
		: >replies
		timeout 60 smtp-recv keep <talk >replies 2>log &
		printf 'HELO a\r\nMAIL FROM:<>\r\nRCPT TO:<b@c>\r\nDATA\r\n' >&3
		until_true 'grep -q ^354 replies'
		for piece; do
			printf "$piece" >&3
			sleep 0.2
		done
		wait $! || atf_fail "it waits for the end"
		atf_check -o match:'^550 5.6.0 the message seems to end with LF . LF' cat replies
		atf_check -o match:'event=refused code=550 .*LF . LF' cat log
		atf_check test ! -s home/envelope
	done
	# where more comes it is none
	: >replies
	smtp-recv keep <talk >replies 2>log &
	printf 'HELO a\r\nMAIL FROM:<>\r\nRCPT TO:<b@c>\r\nDATA\r\nx\n.\n' >&3
	until_true 'grep -q ^354 replies'
	sleep 0.5
	printf 'y\r\n.\r\nQUIT\r\n' >&3
	wait $! || :
	atf_check -o match:'^250 2.0.0 ok ' -o match:'^221' cat replies
	atf_check -o inline:'x\n.\ny\n' tail -n 3 home/message
}

atf_test_case a_client_that_says_nothing_is_sent_away
a_client_that_says_nothing_is_sent_away_body()
{
	home
	echo 1 >home/control/timeoutsmtpd
	mkfifo quiet
	exec 3<>quiet
	atf_check -o match:'^421 4.4.2 ' -e match:'reason=timeout' smtp-recv keep <quiet
	printf 'HELO a\r\nMAIL FROM:<>\r\nRCPT TO:<b@c>\r\nDATA\r\nx\r\n' >&3
	atf_check -o match:'^421 4.4.2 ' -e match:'event=aborted' smtp-recv keep <quiet
	atf_check test ! -s home/envelope
}

atf_test_case a_client_that_vanishes_leaves_nothing
a_client_that_vanishes_leaves_nothing_body()
{
	home
	for end in 4 6 7; do
		message | sed "${end}q" | talk keep
		atf_check -o match:'reason=gone' tail -n 1 log
		atf_check test ! -s home/envelope
	done
	# the end of the data without its last byte
	message | sed 's/$/\r/;8q' | head -c -1 >cut
	atf_check -o not-match:'^250 2.0.0' -e match:'event=aborted' smtp-recv keep <cut
	atf_check test ! -s home/envelope
}

atf_test_case is_not_in_service_without_control_files
is_not_in_service_without_control_files_body()
{
	home
	rm home/control/me
	atf_check -s exit:111 -o match:'^421 4.3.0' -e match:'control/me' smtp-recv keep </dev/null
	echo 'no host' >home/control/me
	atf_check -s exit:111 -o match:'^421 4.3.0' -e match:'control/me' smtp-recv keep </dev/null
	echo mx.test >home/control/me
	for file in databytes timeoutsmtpd queuereserve; do
		echo x >home/control/$file
		atf_check -s exit:111 -o match:'^421 4.3.0' \
		    -e match:"control/$file line 1: .* is not a number" smtp-recv keep </dev/null
		rm home/control/$file
	done
	DATABYTES=x atf_check -s exit:111 -o match:'^421 4.3.0' -e match:'DATABYTES' \
	    env DATABYTES=x smtp-recv keep </dev/null
	atf_check -s exit:111 -e match:'unable to' env FACTEUR_HOME=/nowhere smtp-recv keep
}

atf_test_case wants_a_sink
wants_a_sink_body()
{
	home
	for arguments in '' -p '-p x' '-x keep' --; do
		atf_check -s exit:111 -e match:'^smtp-recv: usage: ' smtp-recv $arguments
	done
	message | talk -- keep
	atf_check_equal '250 250 250 354 250 221 ' "$(codes)"
}

atf_test_case tells_what_the_sink_says
tells_what_the_sink_says_body()
{
	home
	while IFS='|' read -r code text reply; do
		program refuse <<-EOF
			cat >/dev/null
			printf '%s' '$text' >&4
			exit $code
		EOF
		message | talk refuse
		atf_check_equal "$reply" "$(sed -n '/^354/{n;p;}' replies)"
		atf_check_equal '221' "$(sed -n '$s/ .*//p' replies)"
	done <<-'EOF'
		31||554 5.3.0 message refused
		31|Dno spam (#5.7.1)|554 5.7.1 no spam
		82|D550 5.7.1 no spam|550 5.7.1 no spam
		82|Zbusy|451 4.3.0 busy
		53||451 4.3.0 unable to keep the message now, try again later
		111|Dcontradiction|451 4.3.0 unable to keep the message now, try again later
	EOF
	program die <<-'EOF'
		kill -9 $$
	EOF
	message | talk die
	atf_check_equal '250 250 250 354 451 221 ' "$(codes)"
}

atf_test_case a_missing_sink_is_known_before_the_data
a_missing_sink_is_known_before_the_data_body()
{
	home
	printf '%s\n' 'HELO a' 'MAIL FROM:<>' 'RCPT TO:<b@c>' DATA QUIT | talk no-such-sink
	atf_check_equal '250 250 250 451 221 ' "$(codes)"
	atf_check -o ignore grep 'unable to start no-such-sink' log
}

atf_test_case a_sink_that_does_not_read_gets_no_message
a_sink_that_does_not_read_gets_no_message_body()
{
	home
	{
		message | sed 5q
		seq 200000
		printf '%s\n' . QUIT
	} >lines
	for code in 0 31 111; do
		program hasty <<-EOF
			exit $code
		EOF
		talk hasty <lines
		expected=451
		[ $code = 31 ] && expected=554
		atf_check_equal "250 250 250 354 $expected 221 " "$(codes)"
	done
}

atf_test_case a_sink_knows_the_id_and_the_client
a_sink_knows_the_id_and_the_client_body()
{
	home
	program tell <<-'EOF'
		cat >/dev/null
		echo "$QUEUEID $TCPREMOTEIP $1" >told
	EOF
	message | TCPREMOTEIP=192.0.2.1 talk tell argument
	id=$(sed -n 's/^250 2.0.0 ok //p' replies)
	atf_check -o inline:"$id 192.0.2.1 argument\n" cat home/told
}

atf_init_test_cases()
{
	atf_add_test_case takes_a_message
	atf_add_test_case every_reply_ends_in_crlf
	atf_add_test_case logs_what_it_did
	atf_add_test_case logs_who_brought_no_mail
	atf_add_test_case removes_dots_and_carriage_returns
	atf_add_test_case replies_to_a_batch_in_one_write
	atf_add_test_case takes_many_messages_in_one_session
	atf_add_test_case insists_on_the_order_of_commands
	atf_add_test_case insists_on_the_syntax_of_commands
	atf_add_test_case odd_forms_are_taken_and_written_as_they_should_be
	atf_add_test_case our_own_clients_may_be_odd
	atf_add_test_case the_filter_is_for_our_own_clients
	atf_add_test_case a_first_line_with_a_blank_is_not_in_our_field
	atf_add_test_case a_loop_is_refused_at_the_dot
	atf_add_test_case the_log_ties_a_message_to_its_client
	atf_add_test_case drops_a_source_route
	atf_add_test_case keeps_the_body_parameter
	atf_add_test_case postmaster_gets_a_domain
	atf_add_test_case refuses_bare_line_ends_after_the_whole_message
	atf_add_test_case refuses_a_command_that_is_not_a_clean_line
	atf_add_test_case limits_the_length_of_a_command
	atf_add_test_case a_large_message_takes_no_memory
	atf_add_test_case limits_the_size_of_a_message
	atf_add_test_case wants_room_on_the_disk
	atf_add_test_case takes_a_thousand_recipients
	atf_add_test_case a_size_that_nobody_can_count_is_too_large
	atf_add_test_case listed_addresses_are_our_own
	atf_add_test_case a_session_that_leads_to_nothing_ends
	atf_add_test_case ends_a_session_with_too_many_errors
	atf_add_test_case a_client_that_does_not_stop_hears_why_it_must
	atf_add_test_case a_dot_ended_by_lf_is_answered_soon
	atf_add_test_case a_client_that_says_nothing_is_sent_away
	atf_add_test_case a_client_that_vanishes_leaves_nothing
	atf_add_test_case is_not_in_service_without_control_files
	atf_add_test_case wants_a_sink
	atf_add_test_case tells_what_the_sink_says
	atf_add_test_case a_missing_sink_is_known_before_the_data
	atf_add_test_case a_sink_that_does_not_read_gets_no_message
	atf_add_test_case a_sink_knows_the_id_and_the_client
}
