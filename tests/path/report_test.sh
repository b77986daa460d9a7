#! /usr/bin/env atf-sh
# What a sender hears of his mail, over a running system: asked for with python's smtplib, read with
# python's email package.

system_source=$(atf_get_srcdir)
build=$(cd "$system_source/../.." && pwd)
. "$system_source/system.sh"
. "$system_source/journeys.sh"
needed='s6-svscan tcpserver dnsmasq python3 setpriv'

# begin: a system for example.test, with alice who writes, and bob.
begin()
{
	chmod 755 .
	export FACTEUR_HOME="$PWD/home" PATH="$bin:$PATH:/usr/sbin"
	system_make example.test || atf_fail "mail-setup failed"
	mailbox alice@example.test wonderland || atf_fail "mail-user failed"
	mailbox bob@example.test builder || atf_fail "mail-user failed"
	system_admin mail-user alias team@example.test bob@example.test friend@world.test ||
	    atf_fail "mail-user failed"
	system_admin mail-user alias away@example.test friend@world.test || atf_fail "mail-user failed"
	world_start
}

end()
{
	world_stop
	system_stop
}

# letter MAIL-OPTIONS RECIPIENT [OPTION...] -- RECIPIENT...: alice writes, from our network
letter()
{
	python3 - "$smtp" "$@" <<-'END' || atf_fail "not taken"
		import smtplib, sys
		client = smtplib.SMTP("127.0.0.1", int(sys.argv[1]), source_address=("127.0.0.2", 0))
		client.ehlo()
		assert client.has_extn("dsn")
		utf8 = "SMTPUTF8" in sys.argv[2]
		client.command_encoding = "utf-8" if utf8 else "ascii"
		def say(command):
		    code, text = client.docmd(command)
		    assert code // 100 in (2, 3), (command, code, text)
		say("MAIL FROM:<alice@example.test> " + sys.argv[2])
		for rcpt in " ".join(sys.argv[3:]).split(" -- "):
		    address, _, options = rcpt.partition(" ")
		    say("RCPT TO:<%s> %s" % (address, options))
		text = "From: alice@example.test\nSubject: %s\nMessage-ID: <letter@example.test>\n\nsecret words\n"
		code, said = client.data((text % ("gr\u00fc\u00dfe" if utf8 else "greetings")).encode())
		assert code == 250, said
		client.quit()
	END
}

has()
{
	[ "$(count "$1")" -ge "$2" ]
}

# reports N: alice has N reports, the last one is in "parsed".
reports()
{
	await has alice@example.test "$1" || {
		tail -n 50 home/log/queue/current
		atf_fail "report $1 did not come"
	}
	file=$(ls -t "$(maildir alice@example.test)"/new/* | head -n 1)
	"$system_source/../queue/report.py" "$file" >parsed || atf_fail "no good report"
}

fields()
{
	grep -E '^(status|recipient)' parsed >fields
	atf_check -o file:expected cat fields
}

# NOTIFY, RET, ENVID and ORCPT decide what alice hears.
every_outcome_is_reported_as_asked_journey()
{
	start
	letter "RET=FULL ENVID=A+2BB" bob@example.test NOTIFY=SUCCESS ORCPT="rfc822;Bob+40example.test" -- \
	    someone@world.test NOTIFY=SUCCESS,FAILURE
	reports 1
	cat >expected <<-'END'
		status|Reporting-MTA=dns; mx.example.test|Original-Envelope-Id=A+B
		recipient|Original-Recipient=rfc822; Bob@example.test|Final-Recipient=rfc822; bob@example.test|Action=delivered|Status=2.0.0
		recipient|Final-Recipient=rfc822; someone@world.test|Action=relayed|Status=2.0.0|Remote-MTA=dns; mx.world.test
	END
	fields
	atf_check -o match:'^part text/rfc822-headers' -o not-match:secret \
	    -o match:'^header In-Reply-To <letter@example.test>' cat parsed

	letter "RET=FULL" refused@world.test ORCPT="rfc822;Old+40world.test" -- bob@example.test
	reports 2
	cat >expected <<-'END'
		status|Reporting-MTA=dns; mx.example.test
		recipient|Original-Recipient=rfc822; Old@world.test|Final-Recipient=rfc822; refused@world.test|Action=failed|Status=5.1.1|Remote-MTA=dns; mx.world.test|Diagnostic-Code=smtp; 550 5.1.1 No such user here
	END
	fields
	atf_check -o match:'^part message/rfc822' -o match:'^original secret words' \
	    -o match:'^human Hi. This is the mail system at mx.example.test' cat parsed

	letter "RET=HDRS" refused@world.test NOTIFY=FAILURE
	reports 3
	atf_check -o match:'^part text/rfc822-headers' -o match:'^original Subject: greetings' \
	    -o not-match:secret cat parsed

	# what nobody wants to hear is not told; a last letter shows that nothing more comes
	letter "" refused@world.test NOTIFY=NEVER -- someone@world.test NOTIFY=NEVER -- bob@example.test NOTIFY=FAILURE,DELAY
	letter "" refused@world.test NOTIFY=SUCCESS
	letter "" refused@world.test
	reports 4
	await_queue_empty
	atf_check_equal 4 "$(count alice@example.test)"
}

# An alias of several is reported as expanded, one of a single address is not.
aliases_pass_wishes_on_journey()
{
	start
	letter "ENVID=E" team@example.test NOTIFY=SUCCESS,FAILURE
	reports 1
	cat >expected <<-'END'
		status|Reporting-MTA=dns; mx.example.test|Original-Envelope-Id=E
		recipient|Final-Recipient=rfc822; team@example.test|Action=expanded|Status=2.0.0
	END
	fields
	await has bob@example.test 1 || atf_fail "bob got nothing"
	letter "ENVID=F" away@example.test NOTIFY=SUCCESS
	reports 2
	cat >expected <<-'END'
		status|Reporting-MTA=dns; mx.example.test|Original-Envelope-Id=F
		recipient|Original-Recipient=rfc822; away@example.test|Final-Recipient=rfc822; friend@world.test|Action=relayed|Status=2.0.0|Remote-MTA=dns; mx.world.test
	END
	fields
	atf_check -o match:'^human     .you wrote to away@example.test.$' cat parsed
	await_queue_empty
	atf_check_equal 2 "$(count alice@example.test)"
}

# Mail for a server that is down.
a_delay_is_told_once_journey()
{
	echo 2 | as_user tee home/control/delaywarning >/dev/null
	start
	# no server listens there
	echo "down.test:127.0.0.1:1" | as_user tee home/control/smtproutes >/dev/null
	letter "RET=FULL" late@down.test -- calm@down.test NOTIFY=FAILURE
	reports 1
	atf_check -o match:'^recipient.Final-Recipient=rfc822; late@down.test.Action=delayed.Status=4.4.1' \
	    -o not-match:'calm@' -o not-match:secret -o match:'I go on trying until' cat parsed
	tries=$(grep -c 'rcpt=late@down.test result=Z' home/log/queue/current)
	more() { [ "$(grep -c 'rcpt=late@down.test result=Z' home/log/queue/current)" -gt $((tries + 2)) ]; }
	await more || atf_fail "it is not tried any more"
	atf_check_equal 1 "$(count alice@example.test)"
	atf_check -o match:'the sender is told that it is late by message' \
	    mail-path "$(sed -n 's/.*id=\([0-9a-z]*\) at=queue-run event=warned.*/\1/p' home/log/queue/current)"
}

# A letter with SMTPUTF8.
addresses_in_utf8_are_reported_in_it_journey()
{
	start
	letter SMTPUTF8 "jörg@nowhere.test" "ORCPT=utf-8;jörg@nowhere.test"
	reports 1
	atf_check -o match:'^part message/global-delivery-status 8bit' -o match:'^part message/global 8bit' \
	    -o match:'Original-Recipient=utf-8; jörg@nowhere.test.Final-Recipient=utf-8; jörg@nowhere.test.Action=failed' \
	    -o match:'^original Subject: grüße' cat parsed
}

journeys outcomes_are_reported "what alice hears of her letters" every_outcome_is_reported_as_asked \
    aliases_pass_wishes_on addresses_in_utf8_are_reported_in_it
journeys a_delay_is_told_once "mail for a server that is down" a_delay_is_told_once

atf_init_test_cases()
{
	for name in $cases; do
		atf_add_test_case "$name"
	done
}
