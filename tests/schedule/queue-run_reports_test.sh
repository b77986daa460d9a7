#! /usr/bin/env atf-sh
# What the sender is told, when, and that it is told once.
PATH=$(atf_get_srcdir)/../../bin:$PATH

. "$(atf_get_srcdir)/../queue/home.sh"

# reported [OF]: the ID of the report about message $id, or about the one given.
reported()
{
	sed -n "s/.*id=${1-$id} at=queue-run event=[a-z]* bounce=\([^ ]*\) .*/\1/p" log
}

# read_report FILE...: one that a parser understands, as "parsed".
read_report()
{
	[ $# = 1 ] || atf_fail "not one report: $*"
	"$(atf_get_srcdir)/../queue/report.py" "$1" >parsed || atf_fail "no good report"
}

# fake PROGRAM: one that stands before ours, its text on standard input.
fake()
{
	mkdir -p fake
	{
		echo '#!/bin/sh'
		echo "real=$(command -v "$1")"
		cat
	} >fake/$1
	chmod 755 fake/$1
	PATH=$PWD/fake:$PATH
}

add_case reports_what_was_asked_for
reports_what_was_asked_for_body()
{
	make_home
	start_workers
	start_queue
	inject 'Fok@far.test\0PENVID=QQ\0NNOTIFY=SUCCESS\0Tbox@local.test\0NNOTIFY=SUCCESS,FAILURE\0Tplain@far.test\0NNOTIFY=SUCCESS\0Tmany@local.test\0NNOTIFY=SUCCESS\0Tokdsn@far.test\0NNOTIFY=FAILURE\0Tbox2@local.test\0Tbox3@local.test\0NNOTIFY=NEVER\0Tbox4@local.test\0\0'
	until_logged "id=$id .*event=done"
	until_true '[ -e remote/ok@far.test.* ]'
	read_report remote/ok@far.test.*
	cat >expected <<-'END'
		header Subject Your mail has been delivered
		part text/plain 7bit
		part message/delivery-status 7bit
		part text/rfc822-headers 7bit
		status|Reporting-MTA=dns; mx.example.test|Original-Envelope-Id=QQ
		recipient|Final-Recipient=rfc822; box@local.test|Action=delivered|Status=2.0.0
		recipient|Final-Recipient=rfc822; plain@far.test|Action=relayed|Status=2.0.0|Remote-MTA=dns; mx.example
		recipient|Final-Recipient=rfc822; many@local.test|Action=expanded|Status=2.0.0
	END
	grep -E '^(header Subject|part|status|recipient)' parsed >found
	atf_check -o file:expected cat found
	atf_check -o match:"id=$id at=queue-run event=confirmed bounce=$(reported) rcpts=3" cat log
	# the report itself is from nobody, and nobody hears of it
	until_logged "id=$(reported) .*event=done"
	expect_count 1 "$(reported) <> ok@far.test" remote/jobs
	expect_count 1 bounce= log
	inject 'Fok@far.test\0NNOTIFY=SUCCESS\0Tokdsn@far.test\0\0'
	until_logged "id=$id .*event=done"
	inject 'F\0NNOTIFY=SUCCESS\0Tbox@local.test\0\0'
	until_logged "id=$id .*event=done"
	expect_count 1 bounce= log
}

# More than a pipe holds: a long message, and many recipients.
add_case makes_a_report_of_any_length
makes_a_report_of_any_length_body()
{
	make_home
	echo 200000 >control/bouncemaxbytes
	start_workers
	start_queue
	printf 'Fok@far.test\0Tno@far.test\0\0' >envelope
	{
		printf 'Subject: long\n\n'
		yes 'a line of seventy bytes or so, of which there are two thousand in all ...' |
			head -n 2000
	} | queue-inject 1<envelope 4>report 2>>inject.log || atf_fail "not queued"
	id=$(cut -c 2- report)
	until_logged "id=$id .*event=done"
	until_true '[ -e remote/ok@far.test.* ]'
	read_report remote/ok@far.test.*
	[ $(wc -c <remote/ok@far.test.*) -gt 140000 ] || atf_fail "cut"
	rm remote/ok@far.test.*
	{
		printf 'Fok@far.test\0'
		n=0
		while [ $n -lt 400 ]; do
			n=$((n + 1))
			printf 'Tno%d@far%d.test\0' $n $((n % 7))
		done
		printf '\0'
	} >envelope
	echo hello | queue-inject 1<envelope 4>report 2>>inject.log || atf_fail "not queued"
	id=$(cut -c 2- report)
	until_logged "id=$id .*event=done"
	until_true '[ -e remote/ok@far.test.* ]'
	read_report remote/ok@far.test.*
	expect_count 400 ^recipient parsed
}

add_case a_report_that_fails_again_and_again_is_loud
a_report_that_fails_again_and_again_is_loud_body()
{
	make_home
	fake queue-bounce <<-'END'
		exit 111
	END
	start_workers
	id=0hofc52zpb5l953d9rf5s5a3
	printf 'Fok@far.test\0Tno@far.test\0\0' >envelope
	echo hello | QUEUEID=$id queue-inject 1<envelope 2>>inject.log || atf_fail "not queued"
	echo "$(($(date +%s) - 9000)) D 0 5.1.1 no" >>queue/new/$id
	start_queue
	until_logged "id=$id .*event=deferred"
	atf_check -o match:"id=$id at=queue-run event=alert sender=ok@far.test seconds=90" cat log
	# half as long again as it has waited: in 4500 seconds, and at most a bucket more
	next=$(sed -n "s/.*id=$id .*event=deferred next=\([0-9]*\).*/\1/p" log)
	wait=$((next - $(date +%s)))
	[ $wait -gt 4300 ] && [ $wait -lt 4700 ] || atf_fail "again in $wait seconds"
}

add_case groups_successes_with_failures
groups_successes_with_failures_body()
{
	make_home
	start_workers
	start_queue
	inject 'Fok@far.test\0NNOTIFY=SUCCESS\0Tbox@local.test\0Tno@local.test\0\0'
	until_logged "id=$id .*event=done"
	until_true '[ -e remote/ok@far.test.* ]'
	read_report remote/ok@far.test.*
	atf_check -o match:'; box@local.test.Action=delivered' -o match:'; no@local.test.Action=failed' \
	    -o match:'^part message/rfc822' cat parsed
	atf_check -o match:"event=bounced bounce=$(reported | head -n 1) rcpts=1" \
	    -o match:"event=confirmed bounce=$(reported | head -n 1) rcpts=1" cat log
}

add_case warns_once_of_a_delay
warns_once_of_a_delay_body()
{
	make_home
	echo 1 >control/delaywarning
	echo 3600 >control/retry
	start_workers
	start_queue
	inject 'Fok@far.test\0Tlater1@local.test\0NNOTIFY=SUCCESS,DELAY\0Tlater2@local.test\0NNOTIFY=SUCCESS,FAILURE\0Tlater3@local.test\0NNOTIFY=NEVER\0Tlater4@local.test\0\0'
	# the warning is not late though the next attempt by control/retry would be
	until_true '[ -e remote/ok@far.test.* ]'
	read_report remote/ok@far.test.*
	atf_check -o match:'; later1@local.test.Action=delayed.Status=4.2.0' \
	    -o match:'; later2@local.test.Action=delayed' -o not-match:later3 -o not-match:later4 \
	    -o match:'^part text/rfc822-headers' cat parsed
	until_true "grep -aq ' W 1 - $(reported)' queue/later/*/$id"
	atf_check -o match:"id=$id at=queue-run event=warned bounce=$(reported) rcpts=2" cat log
	until_true '[ $(count "id=$id .*event=deferred" log) = 2 ]'
	kill -ALRM $queue
	until_true '[ $(count "id=$id .*event=deferred" log) = 3 ]'
	stop_queue
	start_queue
	kill -ALRM $queue
	until_true '[ $(count "id=$id .*event=deferred" log) = 4 ]'
	expect_count 1 event=warned log
	expect_count 1 bounce= log
}

add_case warns_nobody_when_told_so_and_no_null_sender
warns_nobody_when_told_so_and_no_null_sender_body()
{
	make_home
	start_workers
	old=$(($(date +%s) - 100000))
	for late in 0 200000; do
		echo $late >control/delaywarning
		inject 'Fok@far.test\0Tlater@local.test\0\0'
		echo "$old Z 0 4.2.0 later" >>queue/new/$id
		start_queue
		until_logged "id=$id .*event=deferred .*tries=2"
		stop_queue
		rm queue/later/*/$id
	done
	echo 1 >control/delaywarning
	start_queue
	inject 'F\0Tlater@local.test\0\0'
	until_true '[ $(count "id=$id .*event=deferred" log) = 1 ]'
	until_true '[ $(date +%s) -gt $(($(stat -c %Y queue/later/*/$id) + 1)) ]'
	kill -ALRM $queue
	until_true '[ $(count "id=$id .*event=deferred" log) = 2 ]'
	stop_queue
	expect_count 0 bounce= log
}

add_case keeps_a_message_until_its_report_is_queued
keeps_a_message_until_its_report_is_queued_body()
{
	make_home
	fake queue-bounce <<-'END'
		[ -e go ] || exit 111
		exec "$real" "$@"
	END
	start_workers
	start_queue
	inject 'Fok@far.test\0NNOTIFY=SUCCESS\0Tbox@local.test\0\0'
	until_logged "id=$id .*event=deferred"
	atf_check -o match:"unable to queue the report about message $id" cat log
	atf_check -o match:' K 0 2.0.0 delivered: ' sh -c "tail -n 1 queue/later/*/$id | tr '\\0' '\\n'"
	: >go
	kill -ALRM $queue
	until_logged "id=$id .*event=done"
	until_true '[ -e remote/ok@far.test.* ]'
	expect_count 1 box@local.test local/jobs
	# so does one that is only late
	rm go
	echo 1 >control/delaywarning
	kill -HUP $queue
	inject 'Fok@far.test\0Tlater@local.test\0\0'
	until_true '[ $(count "unable to queue the report about message $id" log) -ge 1 ]'
	: >go
	kill -ALRM $queue
	until_logged "id=$id .*event=warned"
}

add_case a_crash_before_a_report_does_not_lose_it
a_crash_before_a_report_does_not_lose_it_body()
{
	make_home
	fake queue-bounce <<-'END'
		[ -e go ] || { kill -9 $PPID; exit 111; }
		exec "$real" "$@"
	END
	start_workers
	start_queue
	inject 'Fok@far.test\0NNOTIFY=SUCCESS\0Tbox@local.test\0\0'
	wait $queue
	: >go
	start_queue
	until_logged "id=$id .*event=done"
	until_true '[ -e remote/ok@far.test.* ]'
	read_report remote/ok@far.test.*
	expect_count 1 box@local.test local/jobs
}

# As dkim-sign does, for one.
add_case reports_go_through_the_chain_that_is_given
reports_go_through_the_chain_that_is_given_body()
{
	make_home
	cat >marked <<-'END'
	#!/bin/sh
	# usage: marked sink...
	[ "$1 $2" = 'queue-inject ' ] || exit 71
	{ echo "Marked: $QUEUEID" && cat; } >message.$$
	exec "$@" <message.$$
	END
	chmod 755 marked
	start_workers
	start_queue "$PWD/marked" queue-inject
	inject 'Fok@far.test\0Tno@far.test\0\0'
	until_logged "id=$id .*event=done"
	until_true '[ -e remote/ok@far.test.* ]'
	atf_check -o ignore grep -x "Marked: $(reported)" remote/ok@far.test.*
	read_report remote/ok@far.test.*
	stop_queue
	# a chain that does not take it: the message stays, and it is tried again
	printf '#!/bin/sh\nexit 71\n' >marked
	start_queue "$PWD/marked" queue-inject
	inject 'Fok@far.test\0Tno@far.test\0\0'
	until_logged "unable to queue the report about message $id"
	atf_check -s exit:1 grep "id=$id .*event=done" log
}

add_case a_crash_after_a_report_does_not_repeat_it
a_crash_after_a_report_does_not_repeat_it_body()
{
	make_home
	# the report is queued, and the scheduler ends before it can write that down
	fake queue-inject <<-'END'
		"$real" "$@" || exit
		[ -e go ] || kill -9 $PPID
	END
	: >go
	start_workers
	start_queue
	rm go
	PATH=${PATH#*fake:} inject 'Fok@far.test\0NNOTIFY=SUCCESS\0Tbox@local.test\0Tno@local.test\0Tflaky@local.test\0\0'
	wait $queue
	: >go
	# what is owed since then is settled before the others' turn comes
	start_queue
	until_logged "id=$id .*event=done"
	until_true '[ $(count "<> ok@far.test" remote/jobs) -ge 1 ]'
	stop_queue
	atf_check -o inline:'1\n' sh -c 'cut -d " " -f 1 remote/jobs | sort -u | wc -l'
	read_report remote/ok@far.test.*
	atf_check -o match:'; box@local.test.Action=delivered' -o match:'; no@local.test.Action=failed' cat parsed
	atf_check -o inline:'1\n' sh -c 'sed -n "s/.* bounce=\([^ ]*\) .*/\1/p" log | sort -u | wc -l'
}

add_case tells_the_queue_what_a_report_needs
tells_the_queue_what_a_report_needs_body()
{
	make_home
	start_workers
	start_queue
	inject 'Fj\303\266@far.test\0Tno@local.test\0\0'
	until_true '[ $(count "" remote/parameters) = 1 ]'
	inject 'Fok@far.test\0PSMTPUTF8=1\0PREQUIRETLS=1\0PRET=FULL\0Tno@local.test\0\0'
	until_true '[ $(count "" remote/parameters) = 2 ]'
	inject 'Fok@far.test\0PBODY=8BITMIME\0PENVID=x\0PRET=FULL\0Tno@local.test\0\0'
	until_true '[ $(count "" remote/parameters) = 3 ]'
	atf_check -o inline:'SMTPUTF8=1\nREQUIRETLS=1 SMTPUTF8=1\n\n' \
	    sh -c 'cut -c 26- remote/parameters'
}

atf_init_test_cases()
{
	for name in $(sed -n 's/^add_case //p' "$(atf_get_srcdir)/queue-run_reports_test"); do
		atf_add_test_case "$name"
	done
}
