#! /usr/bin/env atf-sh
# Milters asked, by python3-milter and opendkim, which are not ours.
PATH=$(atf_get_srcdir)/../../bin:$PATH
asking=$(atf_get_srcdir)
. "$asking/../lib/until.sh"
. "$asking/asking.sh"

atf_test_case one_session_of_policy_and_sink cleanup
one_session_of_policy_and_sink_body()
{
	home
	letter
	play
	session -p "milter-ask $milter" milter-ask "$milter" keep
	atf_check -o match:'^250 2.0.0' cat replies
	stop
	sed -e 's/eom .*/eom ID/' -e '/Received/d' calls >got
	cat >expected <<-'EOF'
		connect host.test 192.0.2.1
		helo client.test
		mail <a@client.test> SIZE=10
		rcpt <b@mx.test>
		rcpt <bad@mx.test>
		data
		header From:' a@client.test'
		header Subject:' one\n\tfolded'
		header Subject:' two'
		eoh
		body 12 b'line\r\n.dot\r\n'
		eom ID
		close
	EOF
	sed -i "s/:' /:'/" expected got
	atf_check -o file:expected cat got
	atf_check -o inline:'line\n.dot\n' sed '1,/^$/d' message
}
one_session_of_policy_and_sink_cleanup() { stop; }

atf_test_case the_sink_alone_tells_all_stages cleanup
the_sink_alone_tells_all_stages_body()
{
	home
	letter
	play
	sink 0 "$milter"
	stop
	atf_check -o match:'^connect .*192.0.2.1' -o match:'^helo client.test' -o match:'^mail <a@client.test>' \
	    -o match:'^rcpt <b@mx.test>' -o match:'^rcpt <c@mx.test>' -o match:'^data$' -o match:'^eoh$' cat calls
	atf_check cmp letter message
	atf_check -o inline:'Fa@client.test|Tb@mx.test|Tc@mx.test||' cat envelope
}
the_sink_alone_tells_all_stages_cleanup() { stop; }

atf_test_case what_it_says_is_what_the_client_hears cleanup
what_it_says_is_what_the_client_hears_body()
{
	home
	letter
	while read -r stage verdict; do
		rm -f message
		play "$stage=$verdict"
		session -p "milter-ask $milter" milter-ask "$milter" keep
		case $verdict in
		reject) expected='^550 5.7.1 Command rejected' ;;
		tempfail) expected='^451 4.7.1 ' ;;
		*) expected="^$verdict" ;;
		esac
		grep -q -- "$expected" replies || atf_fail "$stage $verdict: $(cat replies log)"
		case $stage in
		rcpt:*) [ -s message ] || atf_fail "$stage $verdict: not sent to the other" ;;
		*) [ ! -e message ] || atf_fail "$stage $verdict: sent" ;;
		esac
	done <<-'EOF'
		connect reject
		helo tempfail
		mail 550 5.7.1 not you
		mail reject
		rcpt:bad@mx.test 550 5.1.1 nobody
		rcpt:bad@mx.test tempfail
		data 451 4.7.0 later
		header reject
		eoh tempfail
		body 554 5.7.1 spam
		eom 550 5.7.1 virus
		eom tempfail
	EOF
	for stage in connect helo mail data header body eom; do
		rm -f message
		play "$stage=accept"
		session -p "milter-ask $milter" milter-ask "$milter" keep
		[ -s message ] || atf_fail "$stage accept: $(cat replies log)"
	done
	for stage in mail header eom; do
		rm -f message
		play "$stage=discard"
		session -p "milter-ask $milter" milter-ask "$milter" keep
		atf_check -o match:'^250 2.0.0' cat replies
		[ ! -e message ] || atf_fail "$stage discard: sent on"
		atf_check -o match:'event=discarded' cat log
	done
}
what_it_says_is_what_the_client_hears_cleanup() { stop; }

atf_test_case it_changes_what_it_wants cleanup
it_changes_what_it_wants_body()
{
	home
	letter
	play 'add=X-Last:end' 'insert=0:X-First:start' 'insert=2:X-Third:a
 b' 'change=2:Subject:changed' 'change=1:From:' 'change=1:X-New:new' 'addrcpt=<d@mx.test>' 'delrcpt=<b@mx.test>' \
	    'from=<new@client.test>'
	sink 0 "$milter"
	cat >expected <<-'EOF'
		X-First: start
		X-Third: a
		 b
		Subject: one
		        folded
		Subject: changed
		X-Last: end
		X-New: new

		line
		.dot
	EOF
	sort expected >a
	sed 's/^	folded/        folded/' message | sort >b
	atf_check diff a b
	atf_check -o inline:'X-First: start\n' head -n 1 message
	atf_check -o inline:'Fnew@client.test|Tc@mx.test|Td@mx.test||' cat envelope

	play 'newbody=new\nbody\n' 'quarantine=looks odd'
	sink 0 "$milter"
	atf_check -o match:'event=quarantined' cat log
	atf_check -o inline:'new\nbody\n' sed '1,/^$/d' message
	atf_check -o inline:'Fa@client.test|PHOLD=looks odd|Tb@mx.test|Tc@mx.test||' cat envelope

	# names without a domain are ours
	play 'addrcpt=<postmaster>' 'addrcpt=root' 'from=<>'
	sink 0 "$milter"
	atf_check -o inline:'F|Tb@mx.test|Tc@mx.test|Tpostmaster@mx.test|Troot@mx.test||' cat envelope
	play 'addrcpt=<two words>'
	sink 71 "$milter"
	atf_check -o match:'wants a change that is none' cat log

	# it has left nobody
	rm message
	play 'delrcpt=<b@mx.test>' 'delrcpt=<c@mx.test>'
	sink 0 "$milter"
	atf_check -o match:'event=discarded' cat log
	atf_check test ! -e message

	# a value can't be more than a field
	play "add=X-A:b
X-Injected: c

body"
	sink 0 "$milter"
	atf_check -s exit:1 grep -e '^X-Injected' message
}
it_changes_what_it_wants_cleanup() { stop; }

atf_test_case a_dead_or_slow_milter cleanup
a_dead_or_slow_milter_body()
{
	home
	letter
	milter=unix:$PWD/none
	session -p "milter-ask $milter" keep
	atf_check -o match:'^451 4.7.1 unable to ask' cat replies
	session -p "milter-ask -a $milter" milter-ask -a "$milter" keep
	atf_check -o match:'^250 2.0.0' cat replies
	sink 71 "$milter"
	atf_check -o match:'event=unasked' cat log
	atf_check -o match:'^Z451 4.7.1' cat report
	sink 0 -a "$milter"
	atf_check -o match:'event=unasked' cat log
	atf_check cmp letter message

	rm message
	play body=hang
	sink 71 -t 1 "$milter"
	atf_check -o match:'does not answer' cat log
	play helo=hang
	sink 0 -a -t 1 "$milter"
	atf_check -o match:'does not answer' cat log
	atf_check cmp letter message

	# one that talks nonsense
	printf '\0\0\0\0' >nonsense
	/usr/bin/python3 - <<-'END' &
		import socket
		s = socket.socket(socket.AF_UNIX)
		s.bind("n.sock")
		s.listen()
		for answer in (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\0\0\0\x01x", b"HTTP/1.1 400", b""):
		    c = s.accept()[0]
		    c.recv(100)
		    c.sendall(answer)
		    c.close()
	END
	echo $! >milter.pid
	until_true 'grep -q "00010000 .*n.sock" /proc/net/unix'
	for i in 1 2 3 4 5; do
		sink 71 "unix:$PWD/n.sock"
	atf_check -o match:'event=unasked' cat log
	done
	atf_check -s exit:111 -e match:'neither inet:HOST:PORT' milter-ask nonsense keep
	atf_check -s exit:111 -e match:'usage' milter-ask
}
a_dead_or_slow_milter_cleanup() { stop; }

# Of whom smtp-recv has said that he was not taken, nothing may be taken afterwards.
atf_test_case slow_milters_in_a_row_are_done_before_the_caller cleanup
slow_milters_in_a_row_are_done_before_the_caller_body()
{
	home
	letter
	printf 'Fa@client.test\0Tb@mx.test\0\0' >sent
	play eom=hang
	cat >bin/beside <<-'END'
		#!/bin/sh
		# beside SECONDS COMMAND...: its code and words, if it ends before the seconds are over
		seconds=$1
		shift
		began=$(date +%s)
		SINKSECONDS=$seconds "$@" <letter 1<sent 4>report 2>log
		echo $? >code
		[ $(($(date +%s) - began)) -lt "$seconds" ]
	END
	chmod +x bin/beside
	atf_check beside 12 milter-ask "$milter" milter-ask "$milter" keep
	atf_check -o inline:'71\n' cat code
	# those that may be left out, leave the time for what has to be
	atf_check beside 16 milter-ask -a "$milter" milter-ask -a "$milter" keep
	atf_check -o inline:'71\n' cat code
	atf_check -o match:'^Z451 4.3.0 ' cat report
	atf_check test ! -e envelope
	# one alone has time enough
	atf_check beside 24 milter-ask -a "$milter" keep
	atf_check -o inline:'0\n' cat code
	atf_check test -s envelope
	# a sink that is too slow is ended before the caller leaves
	rm envelope message
	stop
	play
	cat >bin/late <<-'END'
		#!/bin/sh
		sleep $((SINKUNTIL > 0 ? 9 : 1)); exec keep
	END
	chmod +x bin/late
	atf_check beside 10 milter-ask "$milter" late
	atf_check -o inline:'71\n' cat code
	sleep 5
	atf_check test ! -e envelope
	# who has left gets no answer, and nothing is passed on
	{
		SINKSECONDS=60 milter-ask "$milter" keep <letter 1<sent 2>log
		echo $? >code
	} 4>&1 1>&2 | true
	atf_check -o inline:'71\n' cat code
	atf_check test ! -e envelope
}
slow_milters_in_a_row_are_done_before_the_caller_cleanup() { stop; }

atf_test_case what_it_skips_is_not_told cleanup
what_it_skips_is_not_told_body()
{
	home
	letter
	seq 30000 >>letter
	play rcpt:b@mx.test=skip header=skip body=skip
	sink 0 "$milter"
	atf_check cmp letter message
	stop
	atf_check_equal '1 1 1 1' "$(for call in rcpt header body eom; do grep -c "^$call" calls; done | xargs)"
	# the next message is told anew
	play rcpt:b@mx.test=skip header=skip body=skip
	for i in 1 2; do
		printf '%s\r\n' 'EHLO client.test' 'MAIL FROM:<a@client.test>' 'RCPT TO:<b@mx.test>' 'RCPT TO:<c@mx.test>' DATA
		sed 's/^\./../; s/$/\r/' letter
		printf '%s\r\n' .
	done | TCPREMOTEIP=192.0.2.1 smtp-recv -p "milter-ask $milter" milter-ask "$milter" keep 2>log >replies
	stop
	atf_check_equal '2 2 2 2' "$(for call in rcpt header body eom; do grep -c "^$call" calls; done | xargs)"
}
what_it_skips_is_not_told_cleanup() { stop; }

atf_test_case what_is_no_header_stays_as_it_is cleanup
what_is_no_header_stays_as_it_is_body()
{
	home
	play
	for text in 'Subject: x\nno field\nFrom: a@client.test\n\nbody\n' 'no field\n\nbody\n' 'Subject: x\n' \
	    'Subject: x' '\nbody' '' ' folded\nSubject: x\n\n'; do
		printf '%b' "$text" >letter
		sink 0 "$milter"
		atf_check cmp letter message
	done
	# nor is a header cut that is too long to be told
	{
		echo 'X-Long: a'
		yes "$(printf ' %080d' 0)" | head -n 60000
		printf '%s\n' 'Subject: x' '' body
	} >letter
	play add=X-Last:end
	sink 0 "$milter"
	sed /^X-Last/d message | atf_check cmp letter -
	grep -B 1 '^X-Long' message | atf_check -o inline:'X-Last: end\nX-Long: a\n' cat
}
what_is_no_header_stays_as_it_is_cleanup() { stop; }

atf_test_case a_milter_that_is_lost_lets_nobody_through cleanup
a_milter_that_is_lost_lets_nobody_through_body()
{
	home
	play rcpt:bad@mx.test=hang
	printf '%s\n' 'helo x' 'mail a@b' 'rcpt c@mx.test' 'rcpt bad@mx.test' 'rcpt d@mx.test' data 'mail a@b' \
	    'rcpt d@mx.test' >requests
	TCPREMOTEIP=192.0.2.1 milter-ask -t 1 "$milter" <requests 2>log | cut -c 1 | xargs >answers
	atf_check -o inline:'K K K Z Z Z K K\n' cat answers
}
a_milter_that_is_lost_lets_nobody_through_cleanup() { stop; }

atf_test_case many_messages_of_a_session cleanup
many_messages_of_a_session_body()
{
	home
	letter
	play
	{
		printf '%s\r\n' 'EHLO client.test'
		for i in 1 2 3; do
			printf '%s\r\n' "MAIL FROM:<a$i@client.test>" 'RCPT TO:<b@mx.test>' DATA
			sed 's/^\./../; s/$/\r/' letter
			printf '%s\r\n' .
		done
		printf '%s\r\n' 'MAIL FROM:<last@client.test>' RSET QUIT
	} | TCPREMOTEIP=192.0.2.1 smtp-recv -p "milter-ask $milter" milter-ask "$milter" keep 2>log >replies
	atf_check_equal 3 "$(grep -c '^250 2.0.0 ok [0-9a-z]' replies)"
	stop
	atf_check_equal 1 "$(grep -c ^connect calls)"
	atf_check_equal 4 "$(grep -c ^mail calls)"
	atf_check_equal 3 "$(grep -c ^eom calls)"
	atf_check -o match:'^abort' cat calls
}
many_messages_of_a_session_cleanup() { stop; }

atf_test_case opendkim_signs cleanup
opendkim_signs_head()
{
	atf_set require.progs opendkim
}
opendkim_signs_body()
{
	home
	letter
	openssl genrsa -out key 2048 2>/dev/null
	chmod 600 key
	milter=unix:$PWD/dkim.sock
	printf '%s\n' 'Domain client.test' 'Selector sel' "KeyFile $PWD/key" 'Mode s' 'RequireSafeKeys no' 'Syslog no' \
	    "Socket local:$PWD/dkim.sock" >dkim.conf
	opendkim -f -x dkim.conf 2>dkim.err &
	echo $! >milter.pid
	until_true 'grep -q "00010000 .*$PWD/dkim.sock" /proc/net/unix'
	printf 'Fa@client.test\0Tb@mx.test\0\0' >sent
	# shellcheck disable=SC2094
	TCPREMOTEIP=127.0.0.1 milter-ask "$milter" keep <letter 1<sent 2>log || atf_fail "$(cat log dkim.err)"
	atf_check -o match:'^DKIM-Signature: .*d=client.test' cat message
	# from elsewhere it signs for who has authenticated, which it knows by the macros
	session -p "milter-ask $milter" milter-ask "$milter" keep
	atf_check -o not-match:'^DKIM-Signature' -o match:'^Subject: one' cat message
	export AUTHUSER=a@client.test AUTHMECH=PLAIN
	session -p "milter-ask $milter" milter-ask "$milter" keep
	atf_check -o match:'^DKIM-Signature: .*d=client.test' cat message
}
opendkim_signs_cleanup() { stop; }

atf_test_case opendmarc_judges cleanup
opendmarc_judges_head()
{
	atf_set require.progs opendmarc
}
opendmarc_judges_body()
{
	home
	letter
	milter=unix:$PWD/dmarc.sock
	printf '%s\n' "Socket local:$PWD/dmarc.sock" 'Syslog false' 'AuthservID mx.test' >dmarc.conf
	opendmarc -f -c dmarc.conf 2>dmarc.err &
	echo $! >milter.pid
	until_true 'grep -q "00010000 .*$PWD/dmarc.sock" /proc/net/unix'
	# the domain is one that the DNS need not be asked for
	sed -i 's/client\.test/[192.0.2.1]/' letter
	sink 0 "$milter"
	sed '/^Authentication-Results: mx.test;/d' message | atf_check cmp letter -
	session -p "milter-ask $milter" milter-ask "$milter" keep
	atf_check -o match:'^250 2.0.0' cat replies
}
opendmarc_judges_cleanup() { stop; }

atf_init_test_cases()
{
	atf_add_test_case one_session_of_policy_and_sink
	atf_add_test_case the_sink_alone_tells_all_stages
	atf_add_test_case what_it_says_is_what_the_client_hears
	atf_add_test_case it_changes_what_it_wants
	atf_add_test_case a_dead_or_slow_milter
	atf_add_test_case slow_milters_in_a_row_are_done_before_the_caller
	atf_add_test_case what_it_skips_is_not_told
	atf_add_test_case what_is_no_header_stays_as_it_is
	atf_add_test_case a_milter_that_is_lost_lets_nobody_through
	atf_add_test_case many_messages_of_a_session
	atf_add_test_case opendkim_signs
	atf_add_test_case opendmarc_judges
}
