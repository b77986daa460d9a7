#! /usr/bin/env atf-sh
PATH=$(atf_get_srcdir)/../../bin:$PATH

ID=0hofc52zpb5l953d9rf5s5a3
file=queue/new/$ID

make_home()
{
	export FACTEUR_HOME="$PWD"
	mkdir -p control queue/new
	echo mx.example.test >control/me
	echo example.test >control/defaultdomain
}

# make_file ENVELOPE JOURNAL: with the message on standard input, as queue/new/$ID.
make_file()
{
	printf "$1" >envelope
	QUEUEID=$ID queue-inject 1<envelope 2>log || atf_fail "not queued: $(cat log)"
	printf "$2" >>$file
}

# What a mail program makes of the report on standard input: see report.py.
parse()
{
	cat >parsed.mail
	"$(atf_get_srcdir)/../queue/report.py" parsed.mail
}

# report [-d]: make the report about $file, as "parsed".
report()
{
	atf_check -o save:report queue-bounce "$@" $file
	parse <report >parsed || atf_fail "no good report"
}

atf_test_case reports_each_failure
reports_each_failure_body()
{
	make_home
	printf 'Subject: hello\nFrom: a@b.c\n\nsecret words\n' | make_file \
	    'Fa@b.c\0Tno@far.test\0Tok@far.test\0Tlate@far.test\0Told@far.test\0\0' \
	    '5 D 0 5.1.1 mx.far.test[192.0.2.1] said: 550 5.1.1 no such user\n5 K 1 2.0.0 ok\n5 Z 2 4.0.0 x\n5 D 3 5.0.0 x\n6 B 3 - x\n7 D 2 4.4.7 given up after 7 days: no answer\n'
	atf_check -o save:report queue-bounce $file
	parse <report >parsed || atf_fail "no good report"
	cat >expected <<-'END'
		header From Mail Delivery System <MAILER-DAEMON@mx.example.test>
		header To <a@b.c>
		header Subject Undelivered mail returned to sender
		header Auto-Submitted auto-replied
		header MIME-Version 1.0
		part text/plain 7bit
		part message/delivery-status 7bit
		part message/rfc822 7bit
		status|Reporting-MTA=dns; mx.example.test
		recipient|Final-Recipient=rfc822; no@far.test|Action=failed|Status=5.1.1|Remote-MTA=dns; mx.far.test|Diagnostic-Code=smtp; 550 5.1.1 no such user
		recipient|Final-Recipient=rfc822; late@far.test|Action=failed|Status=4.4.7|Diagnostic-Code=x-facteur; given up after 7 days: no answer
	END
	grep -E '^(header (From|To|Subject|Auto|MIME)|part|status|recipient)' parsed >found
	atf_check -o file:expected cat found
	atf_check -o match:'^secret words' -o match:'^<no@far.test>:$' \
	    -o match:'^Arrival-Date: Mon, 23 Nov 2026' cat report
}

atf_test_case returns_only_the_header_of_a_large_message
returns_only_the_header_of_a_large_message_body()
{
	make_home
	echo 1000 >control/bouncemaxbytes
	{ printf 'Subject: hello\n\nsecret words\n'; head -c 1000 /dev/zero | tr '\0' x; } |
		make_file 'Fa@b.c\0Tno@far.test\0\0' '5 D 0 5.1.1 no\n'
	atf_check -o save:report queue-bounce $file
	parse <report >parsed || atf_fail "no good report"
	atf_check -o match:'^part text/rfc822-headers 7bit' cat parsed
	atf_check -o match:'^Subject: hello' -o not-match:'secret words' cat report
}

atf_test_case does_as_the_sender_asked
does_as_the_sender_asked_body()
{
	make_home
	printf 'Subject: hello\n\nsecret words\n' | make_file \
	    'Fa@b.c\0PRET=HDRS\0PENVID=QQ+2B314159\0NORCPT=rfc822;Old+3DName@far.test\0Tno@far.test\0Tno2@far.test\0\0' \
	    '5 D 0 5.1.1 no\n5 D 1 5.1.1 no\n'
	atf_check -o save:report queue-bounce $file
	parse <report >parsed || atf_fail "no good report"
	atf_check -o match:'^part text/rfc822-headers' \
	    -o match:'^status.Reporting-MTA=dns; mx.example.test.Original-Envelope-Id=QQ.314159$' \
	    -o match:'^recipient.Original-Recipient=rfc822; Old=Name@far.test.Final-Recipient=rfc822; no@' \
	    -o match:'^recipient.Final-Recipient=rfc822; no2@' cat parsed
}

atf_test_case names_the_address_that_was_redirected
names_the_address_that_was_redirected_body()
{
	make_home
	printf 'Subject: hello\n\nhi\n' | make_file \
	    'Fa@b.c\0Told@far.test\0NORCPT=rfc822;first@far.test\0Told2@far.test\0Tb\303\266b@far.test\0\0' \
	    '5 A 0 - newer@x.test\n6 A 0 - new@x.test\n6 A 1 - new2@x.test\n6 A 2 - new3@x.test\n7 D 0 5.1.1 no\n7 D 1 5.1.1 no\n7 D 2 5.1.1 no\n'
	report
	atf_check -o match:'^recipient.Original-Recipient=rfc822; old@far.test.Final-Recipient=rfc822; new@x.test' \
	    -o match:'^recipient.Original-Recipient=rfc822; first@far.test.Final-Recipient=rfc822; new2@x.test' \
	    -o match:'^recipient.Original-Recipient=utf-8; b.x.F6.b@far.test.Final-Recipient=rfc822; new3@x.test' \
	    -o match:'^human <new@x.test>:' -o match:'^human   .you wrote to old@far.test.$' \
	    -o match:'^human   .you wrote to first@far.test.$' -o match:'^human   .you wrote to böb@far.test.$' \
	    -o not-match:newer cat parsed
}

atf_test_case returns_no_body_that_is_no_mime_part
returns_no_body_that_is_no_mime_part_body()
{
	make_home
	for body in 'a\0b' 'a\rb' "$(printf '%0999d' 1)"; do
		rm -f queue/new/*
		printf "Subject: hello\n\nsecret words\n$body\n" |
			make_file 'Fa@b.c\0Tno@far.test\0\0' '5 D 0 5.1.1 no\n'
		atf_check -o match:'text/rfc822-headers' -o not-match:'secret words' \
		    queue-bounce $file
	done
}

atf_test_case keeps_lines_short_and_bytes_clean
keeps_lines_short_and_bytes_clean_body()
{
	make_home
	long=$(printf '%03000d' 1)
	printf "Subject: $long\nX: a\001b\rc\n\nhi\n" | make_file \
	    'Fa@b.c\0Tno@far.test\0\0' "5 D 0 5.1.1 a\033[1mb --$long\n5 D 0 5.1.1 a\033[1mb $(printf '%0900d' 1)\n"
	atf_check -o save:report queue-bounce $file
	[ "$(awk 'length > 998' report | wc -l)" = 0 ] || atf_fail "a line is too long"
	[ "$(LC_ALL=C tr -d '\n\t -~' <report | wc -c)" = 0 ] || atf_fail "control characters"
	parse <report >parsed || atf_fail "no good report"
}

atf_test_case sends_what_a_bounce_met_to_the_postmaster
sends_what_a_bounce_met_to_the_postmaster_body()
{
	make_home
	echo hi | make_file 'F\0Tno@far.test\0\0' '5 D 0 5.1.1 no\n'
	atf_check -o match:'^To: <postmaster@example.test>$' queue-bounce $file
	echo chief >control/doublebounceto
	atf_check -o match:'^To: <chief@example.test>$' queue-bounce $file
	echo chief@far.test >control/doublebounceto
	atf_check -o match:'^To: <chief@far.test>$' queue-bounce $file
}

atf_test_case makes_its_message_id_of_its_queue_id
makes_its_message_id_of_its_queue_id_body()
{
	make_home
	echo hi | make_file 'Fa@b.c\0Tno@far.test\0\0' '5 D 0 5.1.1 no\n'
	QUEUEID=0hofc52zpb5l953d9rf5s5zz atf_check \
	    -o match:'^Message-ID: <0hofc52zpb5l953d9rf5s5zz@mx.example.test>$' queue-bounce $file
	[ "$(queue-bounce $file | grep boundary)" != "$(queue-bounce $file | grep boundary)" ] ||
		atf_fail "the boundary can be foreseen"
}

atf_test_case refuses_what_is_nothing_to_report
refuses_what_is_nothing_to_report_body()
{
	make_home
	echo hi | make_file 'Fa@b.c\0Tno@far.test\0\0' '5 Z 0 4.1.1 no\n'
	atf_check -s exit:100 -e match:'nothing to report' queue-bounce $file
	echo nonsense >nonsense
	atf_check -s exit:100 -e match:'nonsense: no header of a queue file' queue-bounce nonsense
	atf_check -s exit:111 -e match:'unable to open nothing: ' queue-bounce nothing
	atf_check -s exit:111 -e match:'usage: ' queue-bounce
	atf_check -s exit:111 -e match:'usage: ' queue-bounce -x $file
	rm control/me
	atf_check -s exit:111 -e match:'control/me is missing' queue-bounce $file
}

atf_test_case tells_every_outcome_in_one_report
tells_every_outcome_in_one_report_body()
{
	make_home
	printf 'Subject: hello\nMessage-ID: <one@b.c>\n\nsecret words\n' | make_file \
	    'Fa@b.c\0NNOTIFY=SUCCESS,FAILURE\0Tno@far.test\0NNOTIFY=SUCCESS\0Tbox@example.test\0NNOTIFY=SUCCESS\0Tplain@far.test\0NNOTIFY=SUCCESS\0Tmany@example.test\0NNOTIFY=SUCCESS\0Tdsn@far.test\0Tok@far.test\0NNOTIFY=NEVER\0Tnever@far.test\0\0' \
	    '5 D 0 5.1.1 mx.far.test[192.0.2.1] said: 550 5.1.1 no such user
5 K 1 2.0.0 delivered: delivered to hidden@example.test
5 K 2 2.6.0 relayed: mx.far.test[192.0.2.1] said: 250 2.6.0 taken
5 K 3 2.0.0 expanded: forwarded as 0hofc52zpb5l953d9rf5s5zz
5 K 4 2.0.0 mx.far.test[192.0.2.1] said: 250 taken
5 K 5 2.0.0 delivered: x\n5 D 6 5.0.0 x\n'
	report
	cat >expected <<-'END'
		status|Reporting-MTA=dns; mx.example.test
		recipient|Final-Recipient=rfc822; no@far.test|Action=failed|Status=5.1.1|Remote-MTA=dns; mx.far.test|Diagnostic-Code=smtp; 550 5.1.1 no such user
		recipient|Final-Recipient=rfc822; box@example.test|Action=delivered|Status=2.0.0
		recipient|Final-Recipient=rfc822; plain@far.test|Action=relayed|Status=2.6.0|Remote-MTA=dns; mx.far.test
		recipient|Final-Recipient=rfc822; many@example.test|Action=expanded|Status=2.0.0
	END
	grep -E '^(status|recipient)' parsed >found
	atf_check -o file:expected cat found
	atf_check -o match:'^header In-Reply-To <one@b.c>' -o match:'^header References <one@b.c>' \
	    -o match:'^original secret words' -o not-match:hidden -o match:'^human <no@far.test>:' \
	    -o match:'^human   box@example.test$' -o match:'^human   plain@far.test$' \
	    -o match:'^human     mx.far.test.192.0.2.1. said: 250 2.6.0 taken$' cat parsed
	# what qmail's marks tell has failed is that alone
	atf_check -o inline:'human <no@far.test>:\n' grep '^human <' parsed
	atf_check -s exit:100 -e match:'nothing to report' queue-bounce -d $file
}

atf_test_case tells_of_a_success_without_looking_like_a_failure
tells_of_a_success_without_looking_like_a_failure_body()
{
	make_home
	printf 'Subject: hello\n\nsecret words\n' | make_file \
	    'Fa@b.c\0PRET=FULL\0NNOTIFY=SUCCESS\0NORCPT=rfc822;old@b.c\0Tbox@example.test\0\0' \
	    '5 Z 0 4.2.2 mailbox is full\n6 K 0 2.0.0 delivered: x\n'
	report
	atf_check -o match:'^header Subject Your mail has been delivered$' \
	    -o match:'^part text/rfc822-headers' -o not-match:'Hi. This is' -o not-match:'human <' \
	    -o match:'^recipient.Original-Recipient=rfc822; old@b.c.Final-Recipient=rfc822; box@example.test.Action=delivered' \
	    -o not-match:'Below this line' -o not-match:secret cat parsed
	# once reported there is nothing more to tell
	printf '7 B 0 - 0hofc52zpb5l953d9rf5s5zz\n' >>$file
	atf_check -s exit:100 -e match:'nothing to report' queue-bounce $file
}

atf_test_case comes_from_whom_the_admin_says
comes_from_whom_the_admin_says_body()
{
	make_home
	echo post >control/bouncefrom
	echo mail.example.test >control/bouncehost
	# what does not matter here may be wrong
	echo often >control/retry
	echo nonsense of all kinds >control/hold
	echo hi | make_file 'Fa@b.c\0Tno@far.test\0\0' '5 D 0 5.1.1 no\n'
	report
	atf_check -o match:'^header From Mail Delivery System <post@mail.example.test>$' cat parsed
}

atf_test_case warns_of_a_delay
warns_of_a_delay_body()
{
	make_home
	echo 864000 >control/queuelifetime
	printf 'Subject: hello\n\nsecret words\n' | make_file \
	    'Fa@b.c\0NNOTIFY=DELAY\0Tlate1@far.test\0Tlate2@far.test\0NNOTIFY=FAILURE\0Tlate3@far.test\0NNOTIFY=NEVER\0Tlate4@far.test\0Tno@far.test\0Twarned@far.test\0\0' \
	    '1795430701 Z 0 4.2.0 mx.far.test[192.0.2.1] said: 450 4.2.0 try again
1795430701 Z 1 4.4.1 unable to connect to mx.far.test
1795430701 Z 2 4.4.1 x\n1795430701 Z 3 4.4.1 x\n1795430701 D 4 5.0.0 x\n1795430701 Z 5 4.4.1 x
1795430702 W 5 - 0hofc52zpb5l953d9rf5s5zz\n1795430705 Z 5 4.4.1 x\n'
	report -d
	cat >expected <<-'END'
		status|Reporting-MTA=dns; mx.example.test
		recipient|Final-Recipient=rfc822; late1@far.test|Action=delayed|Status=4.2.0|Remote-MTA=dns; mx.far.test|Diagnostic-Code=smtp; 450 4.2.0 try again
		recipient|Final-Recipient=rfc822; late2@far.test|Action=delayed|Status=4.4.1|Diagnostic-Code=x-facteur; unable to connect to mx.far.test
	END
	grep -E '^(status|recipient)' parsed >found
	atf_check -o file:expected cat found
	atf_check -o match:'^header Subject Delayed mail, still being tried$' -o not-match:secret \
	    -o match:'^part text/rfc822-headers' -o not-match:'Hi. This is' -o not-match:'human <' \
	    -o match:'go on trying until Thu, 03$' -o match:'Dec 2026 10:45:01 .0000, and tell you' cat parsed
	atf_check -o match:'^Will-Retry-Until: Thu, 03 Dec 2026 10:45:01 .0000$' cat report
	# a warning is none of the failures, and those no warning
	report
	atf_check -o match:'; no@far.test' -o not-match:late cat parsed
}

atf_test_case shows_the_attempts_with_their_times
shows_the_attempts_with_their_times_body()
{
	make_home
	journal=$(seq 1795430701 300 1795436700 | sed 's/.*/& Z 0 4.4.1 unable to connect to mx.far.test/')
	printf 'Subject: hello\n\nhi\n' | make_file 'Fa@b.c\0Tno@far.test\0\0' \
	    "$journal
1795436701 Z 0 4.2.0 mx.far.test[192.0.2.1] said: 450 4.2.0 not you again
1795436701 D 0 4.4.7 given up after 2 hours: mx.far.test[192.0.2.1] said: 450 4.2.0 not you again\n"
	report
	grep '^human     ' parsed | cut -c 11- >found
	cat >expected <<-'END'
		Mon, 23 Nov 2026 10:45:01 +0000: unable to connect to mx.far.test
		Mon, 23 Nov 2026 10:50:01 +0000: the same
		Mon, 23 Nov 2026 10:55:01 +0000: the same
		and 9 more, then
		Mon, 23 Nov 2026 11:45:01 +0000: unable to connect to mx.far.test
		Mon, 23 Nov 2026 11:50:01 +0000: the same
		Mon, 23 Nov 2026 11:55:01 +0000: the same
		Mon, 23 Nov 2026 12:00:01 +0000: the same
		Mon, 23 Nov 2026 12:05:01 +0000: the same
		Mon, 23 Nov 2026 12:10:01 +0000: the same
		Mon, 23 Nov 2026 12:15:01 +0000: the same
		Mon, 23 Nov 2026 12:20:01 +0000: the same
		Mon, 23 Nov 2026 12:25:01 +0000: mx.far.test[192.0.2.1] said: 450 4.2.0
		    not you again
	END
	atf_check -o file:expected cat found
}

atf_test_case is_about_thousands_of_recipients_too
is_about_thousands_of_recipients_too_body()
{
	make_home
	rcpts=$(seq -f 'Tno%g@far.test\0' 3000 | tr -d '\n')
	echo hi | make_file "Fa@b.c\0${rcpts}\0" "$(seq -f '5 D %g 5.1.1 mx.far.test[192.0.2.1] said: 550 no' 0 2999)\n"
	report
	atf_check -o inline:'3000\n' sh -c 'grep -c "^recipient" parsed'
	atf_check -o inline:'3000\n' sh -c 'grep -c "^human <no" parsed'
}

atf_test_case a_peers_words_forge_nothing
a_peers_words_forge_nothing_body()
{
	make_home
	filler=$(printf 'word %.0s' $(seq 12))
	printf 'Subject: hello\n\nhi\n' | make_file 'Fa@b.c\0Tno@far.test\0\0' \
	    "5 D 0 5.1.1 mx.far.test[192.0.2.1] said: 550 <victim@far.test>: $filler<victim@far.test>: no $filler -- $filler Action: delivered $filler\n"
	report
	# as mailing list managers look for them
	atf_check -o inline:'<no@far.test>:\n' sh -c "grep ^human parsed | grep -o '<[^>]*>:'"
	atf_check -o inline:'human <no@far.test>:\n' grep '^human <' parsed
	atf_check -o inline:'Action: failed\n' grep '^Action' report
	atf_check -o inline:'human --- Below this line is a copy of the message.\n' grep '^human -' parsed
}

atf_test_case cuts_a_header_at_a_line_and_says_so
cuts_a_header_at_a_line_and_says_so_body()
{
	make_home
	echo 100 >control/bouncemaxbytes
	{ printf 'Subject: hello\n'; seq -f 'X-Field: %g' 1000; printf '\nsecret\n'; } |
		make_file 'Fa@b.c\0Tno@far.test\0\0' '5 D 0 5.1.1 no\n'
	report
	{ echo Subject: hello; seq -f 'X-Field: %g' 7; } | sed 's/^/original /' >expected
	grep ^original parsed >found
	atf_check -o file:expected cat found
	atf_check -o match:'^part text/rfc822-headers' -o match:'its end is left out' cat parsed
	atf_check -o match:'^Content-Description: Beginning of' cat report
	# not even one line fits, and nothing at all
	for n in 5 0; do
		echo $n >control/bouncemaxbytes
		report
		atf_check -o match:'^part text/rfc822-headers' -o match:'its end is left out' \
		    -o not-match:'^original .' cat parsed
	done
}

atf_test_case makes_a_sound_part_of_any_original
makes_a_sound_part_of_any_original_body()
{
	make_home
	n=0
	while read -r kind text; do
		n=$((n + 1))
		rm -f $file
		printf "$text" | make_file 'Fa@b.c\0Tno@far.test\0\0' '5 D 0 5.1.1 no\n'
		report
		atf_check -o match:"^part $kind" cat parsed
	done <<-'END'
		message/rfc822 Subject: no end
		message/rfc822 Subject: crlf\r\n\r\nhi\r\n
		message/rfc822.8bit Subject: eight\n\n\303\266\377\n
		message/rfc822.8bit Subject: \303\266 \377\n\nhi\n
		message/rfc822 \nonly a body\n
		message/rfc822 \n
		text/rfc822-headers Subject: null\n\na\0b\n
		text/rfc822-headers Subject: n\0ll\nX: a\001\177\n\nb\n
		text/rfc822-headers Subject: bare\n\na\rb\n
	END
	atf_check_equal 9 $n
	rm -f $file
	make_file 'Fa@b.c\0Tno@far.test\0\0' '5 D 0 5.1.1 no\n' </dev/null
	report
	rm -f $file
	{ printf 'Subject: '; head -c 40000 /dev/zero | tr '\0' x; printf '\nX-Last: y\n\nhi\n'; } |
		make_file 'Fa@b.c\0Tno@far.test\0\0' '5 D 0 5.1.1 no\n'
	report
	# folded, not cut
	atf_check -o match:'^part text/rfc822-headers' -o match:'^original X-Last: y' cat parsed
	atf_check -o inline:'40000\n' sh -c 'grep ^original parsed | cut -c 10- | tr -dc x | wc -c'
}

atf_test_case speaks_utf8_to_who_does
speaks_utf8_to_who_does_body()
{
	make_home
	# "böb@dömain.test": its sender speaks UTF-8, so it is told in it
	printf 'Subject: h\303\266\n\nhi\n' | make_file \
	    'Fa@b.c\0PSMTPUTF8=1\0NORCPT=utf-8;b\303\266b\\x{2B}x@b.c\0Tb\303\266b@d\303\266main.test\0\0' \
	    '5 D 0 5.1.1 mx[192.0.2.1] said: 550 n\303\266\n'
	report
	atf_check -o match:'^part message/global-delivery-status 8bit' -o match:'^part message/global 8bit' \
	    -o match:'^recipient.Original-Recipient=utf-8; böb.x@b.c.Final-Recipient=utf-8; böb@dömain.test.' \
	    -o match:'Diagnostic-Code=smtp; 550 nö$' -o match:'^human <böb@dömain.test>:' cat parsed
	rm $file
	# nothing in it needs UTF-8
	printf 'Subject: hi\n\nhi\n' | make_file 'Fa@b.c\0PSMTPUTF8=1\0Tno@far.test\0\0' '5 D 0 5.1.1 no\n'
	report
	atf_check -o match:'^part message/delivery-status 7bit' -o match:'^part message/rfc822 7bit' cat parsed
	rm $file
	# only the header goes back
	printf 'Subject: h\303\266\n\nhi\n' | make_file 'Fj\303\266@b.c\0PRET=HDRS\0Tno@far.test\0\0' '5 D 0 5.1.1 no\n'
	report
	atf_check -o match:'^part message/delivery-status 7bit' -o match:'^part message/global-headers 8bit' \
	    -o match:'^original Subject: hö' cat parsed
	atf_check -o match:'^To: <jö@b.c>$' cat report
}

atf_test_case spares_utf8_who_does_not_speak_it
spares_utf8_who_does_not_speak_it_body()
{
	make_home
	# as an alias may lead to such an address
	printf 'Subject: hi\n\nhi\n' | make_file \
	    'Fa@b.c\0NORCPT=utf-8;b\\x{F6}b@b.c\0Tb\303\266b@d.test\0NORCPT=utf-8;\\x{A}\0Tno@far.test\0NORCPT=rfc822;a+0Ab\0Tno@far.test\0\0' \
	    '5 D 0 5.1.1 no\n5 D 1 5.1.1 no\n5 D 2 5.1.1 no\n'
	report
	grep -E '^(part|recipient)' parsed >found
	cat >expected <<-'END'
		part text/plain 8bit
		part message/delivery-status 7bit
		part message/rfc822 7bit
		recipient|Original-Recipient=utf-8; b\x{F6}b@b.c|Final-Recipient=utf-8; b\x{F6}b@d.test|Action=failed|Status=5.1.1|Diagnostic-Code=x-facteur; no
		recipient|Final-Recipient=rfc822; no@far.test|Action=failed|Status=5.1.1|Diagnostic-Code=x-facteur; no
		recipient|Final-Recipient=rfc822; no@far.test|Action=failed|Status=5.1.1|Diagnostic-Code=x-facteur; no
	END
	atf_check -o file:expected cat found
}

atf_test_case returns_no_secrets_where_tls_was_asked_for
returns_no_secrets_where_tls_was_asked_for_body()
{
	make_home
	printf 'Subject: hello\n\nsecret words\n' | make_file 'Fa@b.c\0PREQUIRETLS=1\0Tno@far.test\0\0' '5 D 0 5.7.30 no\n'
	report
	atf_check -o match:'^part text/rfc822-headers' -o not-match:secret cat parsed
}

atf_test_case tells_a_null_sender_of_failures_only
tells_a_null_sender_of_failures_only_body()
{
	make_home
	echo hi | make_file 'F\0NNOTIFY=SUCCESS,DELAY\0Tbox@b.c\0NNOTIFY=DELAY\0Tlate@b.c\0\0' \
	    '5 K 0 2.0.0 delivered: x\n5 Z 1 4.0.0 x\n'
	atf_check -s exit:100 -e match:'nothing to report' queue-bounce $file
	atf_check -s exit:100 -e match:'nothing to report' queue-bounce -d $file
	rm $file
	echo hi | make_file 'F#@[]\0Tno@b.c\0\0' '5 D 0 5.1.1 x\n'
	atf_check -s exit:100 -e match:'nothing to report' queue-bounce $file
}

atf_init_test_cases()
{
	for name in $(sed -n 's/^atf_test_case //p' "$(atf_get_srcdir)/queue-bounce_test"); do
		atf_add_test_case "$name"
	done
}
