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

# What a mail program makes of the report on standard input.
parse()
{
	cat >parse.py <<-'END'
		import email, email.policy, sys
		m = email.message_from_binary_file(sys.stdin.buffer, policy=email.policy.default)
		assert m.get_content_type() == 'multipart/report', m.get_content_type()
		assert m.get_param('report-type') == 'delivery-status'
		parts = list(m.iter_parts())
		print('parts', *[p.get_content_type() for p in parts])
		for name in 'From To Subject Auto-Submitted MIME-Version'.split():
		    print(name, m[name])
		for block in parts[1].get_payload():
		    print('block', *['%s=%s' % (k, ' '.join(v.split())) for k, v in block.items()
		          if k not in ('Arrival-Date', 'Last-Attempt-Date', 'Final-Log-ID')], sep='|')
		for p in [m] + parts + parts[1].get_payload():
		    assert not p.defects, p.defects
	END
	python3 parse.py
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
		parts text/plain message/delivery-status message/rfc822
		From Mail Delivery System <MAILER-DAEMON@mx.example.test>
		To a@b.c
		Subject Undelivered mail returned to sender
		Auto-Submitted auto-replied
		MIME-Version 1.0
		block|Reporting-MTA=dns; mx.example.test
		block|Final-Recipient=rfc822; no@far.test|Action=failed|Status=5.1.1|Remote-MTA=dns; mx.far.test|Diagnostic-Code=smtp; 550 5.1.1 no such user
		block|Final-Recipient=rfc822; late@far.test|Action=failed|Status=4.4.7|Diagnostic-Code=x-facteur; given up after 7 days: no answer
	END
	atf_check -o file:expected cat parsed
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
	atf_check -o match:'^parts text/plain message/delivery-status text/rfc822-headers' cat parsed
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
	atf_check -o match:'rfc822-headers$' \
	    -o match:'Reporting-MTA=dns; mx.example.test.Original-Envelope-Id=QQ.314159$' \
	    -o match:'^block.Original-Recipient=rfc822; Old=Name@far.test.Final-Recipient=rfc822; no@' \
	    -o match:'^block.Final-Recipient=rfc822; no2@' cat parsed
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
	rm control/me
	atf_check -s exit:111 -e match:'control/me is missing' queue-bounce $file
}

atf_init_test_cases()
{
	for name in $(sed -n 's/^atf_test_case //p' "$(atf_get_srcdir)/queue-bounce_test"); do
		atf_add_test_case "$name"
	done
}
