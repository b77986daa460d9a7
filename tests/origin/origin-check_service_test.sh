#! /usr/bin/env atf-sh
# origin-check as a service: one that takes the messages of all, told of their sessions.
PATH=$(atf_get_srcdir)/../../bin:$PATH
sign=$(atf_get_srcdir)/sign.py
give=$(atf_get_srcdir)/give.py
zone=$(atf_get_srcdir)/../dns/zone.py
. "$(atf_get_srcdir)/../lib/until.sh"

# A home, a sink "keep" that keeps message, envelope and environment there, a zone, and a message.
home()
{
	FACTEUR_HOME=$PWD/home
	PATH=$PWD/bin:$PATH
	unset QUEUEID TCPREMOTEIP SENDER
	export FACTEUR_HOME PATH give sign
	mkdir -p home/control home/run bin
	echo mx.example.test >home/control/me
	cat >bin/keep <<-'END'
		#!/bin/sh
		cat >message
		tr '\0' '|' <&1 >envelope
		env | sort >environment
		echo "K$QUEUEID" >&4
	END
	# field: the Authentication-Results field at the top of what came out, on one line
	cat >bin/field <<-'END'
		#!/bin/sh
		awk 'NR == 1 || /^\t/ { printf "%s", $0; next } { exit } END { print "" }' home/message | tr '\t' ' '
	END
	chmod +x bin/keep bin/field
	printf '%s\n' 'From: Joe <joe@example.org>' 'To: a@b' 'Subject: s' '' body >message
	openssl genrsa -out key 1024 2>/dev/null
	cat >zone <<-'END'
		example.org A 192.0.2.1
		_dmarc.example.org TXT "v=DMARC1; p=reject"
		_dmarc.soft.test TXT "v=DMARC1; p=quarantine"
	END
	"$sign" example.org sel key record >>zone
	"$sign" example.org sel key <message >signed
}

# serve SCRIPT: run the script while the service takes messages, two at a time, with a DNS.
serve()
{
	{
		cat <<-'END'
			echo "127.0.0.1:$DNS" >home/control/resolvers
			mkfifo ready dns-ready
			dns()
			{
				s6-ipcserver-socketbinder home/run/dns.sock dns-serve -l 50 >dns-ready 2>dns-log &
				dns=$!
				read -r line <dns-ready
			}
			dns
			s6-ipcserver-socketbinder home/run/origin.sock origin-check -l 2 keep >ready 2>log &
			first=$!
			trap 'kill $first $dns' EXIT
			read -r line <ready
		END
		cat "$1"
	} >script
	"$zone" zone -- sh -ex script || { cat said log >&2; atf_fail "the script has failed"; }
}

atf_test_case messages_of_one_process_do_not_mix
messages_of_one_process_do_not_mix_body()
{
	home
	printf '%s\n' 'From: a@one.test' 'From: b@soft.test' 'DKIM-Signature: v=1' '' x >odd
	cat >do <<-'END'
		for turn in 1 2 3; do
			for message in signed message odd message; do
				"$give" home/run/origin.sock TCPREMOTEIP=192.0.2.7 SENDER= <$message >answer
				grep -q "^25:K.\{24\},$" answer
				field | sed 's/ header.b=[^;]*;/;/' >>fields
			done
		done
	END
	serve do >said 2>&1
	head -n 4 fields >four
	atf_check -o match:'^Authentication-Results: mx.example.test; dkim=pass header.d=example.org header.s=sel header.a=rsa-sha256; dmarc=pass ' head -n 1 four
	atf_check -o match:'^Authentication-Results: mx.example.test; dkim=none; dmarc=temperror ' sed -n 2p four
	atf_check -o match:'^Authentication-Results: mx.example.test; dkim=neutral .*dmarc=fail \(the worst of several domains\) .*header.from=soft.test' sed -n 3p four
	cat four four four >expected
	atf_check cmp expected fields
}

atf_test_case what_a_session_knows_is_told_and_nothing_else
what_a_session_knows_is_told_and_nothing_else_body()
{
	home
	cat >do <<-'END'
		export QUEUEID=0abcdefghij0123456789abc
		"$give" home/run/origin.sock TCPREMOTEIP=192.0.2.7 SPF_RESULT=pass SPF_DOMAIN=example.org \
			SPF_IDENTITY=mailfrom SENDER=joe@example.org X_SCORE=5 SMTPHELO=h <message >answer
		grep '^25:K0abcdefghij0123456789abc,$' answer
		field >field-told
		mv home/environment told
		"$give" home/run/origin.sock TCPREMOTEIP=192.0.2.8 <message
		mv home/environment later
		for pair in LD_PRELOAD=/x PATH=/x FACTEUR_HOME=/x IFS=x QUEUEID=x XSCORE=1 ENV=/x SENDER TCP; do
			"$give" home/run/origin.sock TCPREMOTEIP=192.0.2.7 "$pair" <message | grep '^nothing$'
		done
		test ! -e home/environment
		# a client of ours, who is believed what another machine of ours has written, or not
		{ echo 'Authentication-Results: mx.example.test; spf=pass'; cat message; } >claiming
		"$give" home/run/origin.sock TCPREMOTEIP=192.0.2.7 RELAYCLIENT= <claiming
		cmp claiming home/message
		"$give" home/run/origin.sock TCPREMOTEIP=192.0.2.7 AUTHUSER=u <claiming
		cmp message home/message
	END
	serve do >said 2>&1
	atf_check -o match:'spf=pass smtp.mailfrom=example.org; dkim=none; dmarc=pass ' cat field-told
	for pair in TCPREMOTEIP=192.0.2.7 SENDER=joe@example.org SMTPHELO=h X_SCORE=5 \
	    QUEUEID=0abcdefghij0123456789abc; do
		atf_check -o ignore grep -Fx "$pair" told
	done
	atf_check -s exit:1 grep -E '^(SPF_|SENDER|SMTPHELO|X_)' later
	atf_check -o match:TCPREMOTEIP=192.0.2.8 cat later
	atf_check -o match:'id=0abcdefghij0123456789abc at=origin-check event=origin' cat log
}

atf_test_case what_is_refused_ends_nothing_else
what_is_refused_ends_nothing_else_body()
{
	home
	echo reject >home/control/dmarc
	{ cat signed; yes 'a line that makes the message long' | head -c 3000000; } >changed
	{ printf '%s\n' 'From: a@free.test' ''; yes 'a line that makes the message long' | head -c 3000000; } >large
	cat >do <<-'END'
		told='TCPREMOTEIP=192.0.2.7 SPF_RESULT=fail SPF_DOMAIN=x.test SENDER=a@x.test SPF_IDENTITY=mailfrom'
		for turn in 1 2 3; do
			"$give" home/run/origin.sock $told <message | grep ':D550 5.7.26 not from example.org'
			"$give" home/run/origin.sock $told <signed | grep ':K'
			"$give" home/run/origin.sock $told <changed | grep ':D550 5.7.26 '
			rm home/message
			"$give" home/run/origin.sock $told <large | grep ':K'
			sed 1,4d home/message | cmp large -
		done
	END
	serve do >said 2>&1
}

atf_test_case nonsense_and_what_is_cut_commit_nothing
nonsense_and_what_is_cut_commit_nothing_body()
{
	home
	cat >do <<-'END'
		"$give" -c home/run/origin.sock <message
		for said in 'GET / HTTP/1.0' '1:X,' '0:,' '1:M,5:hello;' '2:M?,' '99999999999:' '1:E,1:E,1:M,' '1:M,99999999:'; do
			"$give" -r "$said" home/run/origin.sock <message | grep '^nothing$'
		done
		test ! -s home/envelope
		"$give" home/run/origin.sock <message | grep ':K'
	END
	serve do >said 2>&1
	atf_check -o match:'unable to read a message: Protocol error' cat log
}

atf_test_case who_has_left_is_not_served
who_has_left_is_not_served_body()
{
	home
	cat >do <<-'END'
		# both are busy, so that it has to wait
		"$give" -h home/run/origin.sock <message >one &
		one=$!
		"$give" -h home/run/origin.sock <message >two &
		two=$!
		until grep held one && grep held two; do sleep 0.1; done
		"$give" -l home/run/origin.sock <message
		kill $one
		# and behind it, when it has had its turn
		"$give" -r 'GET / HTTP/1.0' home/run/origin.sock <message | grep '^nothing$'
		test ! -s home/envelope
		kill $two
		"$give" home/run/origin.sock <message | grep ':K'
		test -s home/envelope
	END
	serve do >said 2>&1
}

atf_test_case the_answer_names_the_message_as_its_giver_does
the_answer_names_the_message_as_its_giver_does_body()
{
	home
	echo "echo K0other000000000000000000 >&4" >>bin/keep
	sed -i '/QUEUEID/d' bin/keep
	cat >do <<-'END'
		"$give" home/run/origin.sock <message | grep '^25:K0other000000000000000000,$'
		export QUEUEID=0abcdefghij0123456789abc
		"$give" home/run/origin.sock <message | grep '^25:K0abcdefghij0123456789abc,$'
	END
	serve do >said 2>&1
}

atf_test_case no_message_waits_for_another
no_message_waits_for_another_body()
{
	home
	cat >do <<-'END'
		"$give" -h home/run/origin.sock <message >held &
		until grep held held; do sleep 0.1; done
		"$give" home/run/origin.sock <message | grep ':K'
		"$give" home/run/origin.sock <signed | grep ':K'
		# the crash of one is none of the others
		for p in $(pgrep -P $first); do
			kill -ABRT $p
		done
		until grep nothing held; do sleep 0.1; done
		"$give" home/run/origin.sock <signed | grep ':K'
		# a DNS that has been begun anew is asked again, by each of them
		for turn in 1 2 3; do
			"$give" home/run/origin.sock TCPREMOTEIP=192.0.2.7 <signed
		done
		kill $dns; wait $dns || :
		dns
		for turn in 1 2 3; do
			"$give" home/run/origin.sock TCPREMOTEIP=192.0.2.7 <signed
			field | grep 'dkim=pass .*dmarc=pass'
		done
	END
	serve do >said 2>&1
	atf_check -o match:'has died of signal 6' cat log
}

atf_test_case smtp_recv_tells_the_service_of_its_session
smtp_recv_tells_the_service_of_its_session_body()
{
	home
	printf '%s\r\n' 'EHLO me.test' 'MAIL FROM:<joe@example.org>' 'RCPT TO:<a@b.test>' DATA \
	    'Subject: one' '' text . 'MAIL FROM:<>' 'RCPT TO:<c@b.test>' DATA 'Subject: two' '' text . \
	    QUIT >talk
	cat >do <<-'END'
		echo 192.0.2.0/24 >home/control/relayclients
		cat talk | TCPREMOTEIP=192.0.2.7 smtp-recv filter:run/origin.sock
		# nobody is there
		TCPREMOTEIP=192.0.2.7 smtp-recv filter:run/none.sock <talk | grep 451
	END
	serve do >said 2>&1
	atf_check -o match:'451 4.3.0' cat said
	atf_check -o match:'SENDER=$' -o match:'SMTPHELO=me.test' -o match:'RECIPIENTS=c@b.test' cat home/environment
	atf_check -o match:'^F.*Tc@b.test' cat home/envelope
}

atf_test_case the_next_sink_ends_before_the_caller_leaves
the_next_sink_ends_before_the_caller_leaves_body()
{
	home
	cat >bin/keep <<-'END'
		#!/bin/sh
		echo "$SINKSECONDS $SINKUNTIL" >told
		cat >message
		sleep 6
		cat <&1 >envelope
		echo "K$QUEUEID" >&4
	END
	cat >do <<-'END'
		"$give" home/run/origin.sock TCPREMOTEIP=192.0.2.7 SINKSECONDS=9 <message >answer
		grep -q "Z" answer
		began=$(date +%s)
		"$give" home/run/origin.sock TCPREMOTEIP=192.0.2.7 <message >answer
		grep -q "^25:K" answer
		[ -s home/envelope ]
		rm home/envelope
		# so does one that is a program itself, and one whose caller has left
		code=0
		TCPREMOTEIP=192.0.2.7 SINKSECONDS=9 origin-check keep <message 1<envelope || code=$?
		[ $code = 71 ]
		sleep 4
		[ ! -e home/envelope ]
		{ TCPREMOTEIP=192.0.2.7 origin-check keep <message 1<envelope || echo $? >code; } 4>&1 1>&2 | true
		[ "$(cat code)" = 54 ]
		[ ! -e home/envelope ]
	END
	printf 'Fa@b\0Tb@mx.test\0\0' >envelope
	serve do >said 2>&1
}

atf_test_case a_service_that_ends_leaves_its_socket_at_once
a_service_that_ends_leaves_its_socket_at_once_body()
{
	home
	sed -i '2i[ ! -e slow ] || touch at-work.$$; until [ ! -e at-work.$$ ]; do sleep 0.1; done' bin/keep
	cat >do <<-'END'
		touch home/slow
		for name in one two; do
			"$give" home/run/origin.sock <message >$name &
		done
		# both are at work; a third waits in vain
		until [ -n "$(find home -name 'at-work.*' | sed -n 2p)" ]; do sleep 0.1; done
		"$give" home/run/origin.sock <message >three &
		sleep 1
		kill $first
		until grep nothing three; do sleep 0.1; done
		! "$give" home/run/origin.sock <message 2>refused
		grep ConnectionRefused refused
		# the next one can begin
		rm home/slow
		mkfifo again
		s6-ipcserver-socketbinder home/run/origin.sock origin-check -l 2 keep >again 2>>log &
		first=$!
		read -r line <again
		"$give" home/run/origin.sock <message | grep ':K'
		# while the others are served to their end
		[ ! -s one ] && [ ! -s two ]
		rm home/at-work.*
		until grep ':K' one && grep ':K' two; do sleep 0.1; done
	END
	serve do >said 2>&1
}

atf_init_test_cases()
{
	atf_add_test_case a_service_that_ends_leaves_its_socket_at_once
	atf_add_test_case the_next_sink_ends_before_the_caller_leaves
	atf_add_test_case messages_of_one_process_do_not_mix
	atf_add_test_case what_a_session_knows_is_told_and_nothing_else
	atf_add_test_case what_is_refused_ends_nothing_else
	atf_add_test_case nonsense_and_what_is_cut_commit_nothing
	atf_add_test_case who_has_left_is_not_served
	atf_add_test_case the_answer_names_the_message_as_its_giver_does
	atf_add_test_case no_message_waits_for_another
	atf_add_test_case smtp_recv_tells_the_service_of_its_session
}
