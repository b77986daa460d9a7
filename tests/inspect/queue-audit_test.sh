#! /usr/bin/env atf-sh
PATH=$(atf_get_srcdir)/../../bin:$PATH

DAY=2020-11-23
clock=1606127807 # in TAI: 10:36:10 of that day
n=0

home()
{
	FACTEUR_HOME=$PWD/home
	TZ=UTC
	export FACTEUR_HOME TZ
	mkdir -p home/control home/log/smtp home/log/queue home/log/deliver home/log/admin \
	    home/queue/new home/queue/hold home/queue/bad home/queue/later/1795500032
	touch home/control/me
	for log in smtp queue deliver; do # three days before
		printf '@40000000%08x00000001 at=run event=begun\n' 1605868607 >home/log/$log/current
	done
}

# made FILE TIME: this file is as old as this moment of the day
made()
{
	mkdir -p $(dirname home/$1) && touch -d "$DAY $2" home/$1
}

# new_id: an ID made at $clock, in $id
new_id()
{
	n=$((n + 1))
	id=$(awk -v t=$((clock - 37)) -v n=$n 'BEGIN {
		for (t *= 1000000; length(s) < 11; t = int(t / 36))
			s = substr("0123456789abcdefghijklmnopqrstuvwxyz", t % 36 + 1, 1) s
		printf "%s%013d", s, n
	}')
}

# say LOG PROGRAM EVENT PAIRS...: a line about $id, a second later
say()
{
	clock=$((clock + 1))
	log=$1 at=$2 event=$3
	shift 3
	printf '@40000000%08x00000001 id=%s at=%s event=%s%s\n' $clock $id $at $event "${*:+ $*}" \
	    >>home/log/$log
}

# accept N: a message for N recipients is accepted and started
accept()
{
	new_id
	say smtp/current queue-inject queued bytes=381 rcpts=$1
	say smtp/current smtp-recv accepted 'from="\"a b\"@far.test"' rcpts=$1 bytes=241 client=192.0.2.1
	start $1
}

start()
{
	say queue/current queue-run start 'from="\"a b\"@far.test"' rcpts=$1 bytes=381 tries=0
}

deliver()
{
	say queue/current queue-run delivery "rcpt=$1" result=$2 status=$2 \
	    'text="mx said: id=0hofd66za866457q3pgjrvin result=K rcpts=7 via=local"' via=${3:-remote}
}

finish()
{
	say queue/current queue-run done
}

# audit STATUS PATTERN...: lines of the answer that are to be there
audit()
{
	status=$1
	shift
	atf_check -s exit:$status -o save:answer queue-audit $DAY
	for pattern in "$@"; do
		grep -Eq "$pattern" answer || atf_fail "no $pattern in: $(cat answer)"
	done
}

atf_test_case proves_each_kind_of_end
proves_each_kind_of_end_body()
{
	home
	accept 2
	deliver bob@example.test K
	deliver x@far.test Z
	say queue/current queue-run deferred next=1795500000 tries=1
	start 2
	deliver x@far.test K
	finish
	accept 1 # still queued
	deliver y@far.test Z
	: >home/queue/later/1795500032/$id
	accept 2 # removed by hand, one of them redirected before
	say admin/current queue-edit redirected rcpt=old@far.test to=new@far.test by=root
	deliver new@far.test K
	say admin/current queue-edit removed rcpt=z@far.test text=spam by=root
	say admin/current queue-edit done by=root
	accept 3 # two failures, of which one is reported
	deliver 'no@far.test' D
	deliver '"\"a \\\" rcpts=7\"@far.test"' D
	deliver ok@far.test K
	say queue/current queue-run unreported rcpt=no@far.test notify=NEVER
	parent=$id
	new_id
	bounce=$id
	say queue/current queue-inject queued bytes=1381 rcpts=1
	id=$parent
	say queue/current queue-run bounced bounce=$bounce rcpts=1
	finish
	id=$bounce
	say queue/current queue-run start 'from=""' rcpts=1 bytes=1381 tries=0
	deliver a@far.test K
	finish
	accept 1 # kept in bad
	say queue/current queue-run bad file=queue/bad/$id 'why="a bounce of a bounce failed"'
	: >home/queue/bad/$id
	audit 0 '^6 messages accepted, for 10 recipients: 5 delivered, 2 failed and reported, 1 removed by hand, 1 still queued, 1 kept in queue/bad$'
}

atf_test_case tells_what_came_to_no_end
tells_what_came_to_no_end_body()
{
	home
	accept 3
	deliver bob@example.test K
	deliver x@far.test Z
	audit 100 "^$id: 2 recipients of 3 came to no end$" '^1 fault$'
	finish
	audit 100 "^$id: 2 recipients of 3 came to no end, but it left the queue$"
	: >home/queue/hold/$id
	audit 0 '1 delivered.* 2 still queued'
	new_id # accepted by a program that does not log what it queues
	lost=$id
	say smtp/current smtp-recv accepted from=b@far.test rcpts=1 bytes=1 client=::1
	audit 100 "^$lost: 1 recipient of 1 came to no end"
}

atf_test_case tells_what_ended_twice
tells_what_ended_twice_body()
{
	home
	accept 1
	deliver bob@example.test K
	start 1
	deliver bob@example.test K
	finish
	audit 100 "^$id: bob@example.test was delivered twice$"
	home
	rm home/log/*/current && home
	accept 1
	deliver bob@example.test K local
	start 1
	deliver bob@example.test K local
	finish
	say deliver/current local-deliver delivered rcpt=bob@example.test mailbox=b@x.test bytes=9
	say deliver/current local-deliver delivered rcpt=bob@example.test mailbox=b@x.test bytes=9 again=1
	audit 0 '^1 local delivery repeated, into the same file$'
	accept 2 # the same address twice in one envelope
	deliver bob@example.test K
	deliver bob@example.test K
	finish
	audit 0 '3 delivered'
	accept 1
	deliver bob@example.test K
	deliver eve@example.test K
	finish
	audit 100 "^$id: 2 ends for 1 recipient$"
	accept 1
	deliver bob@example.test K
	say admin/current queue-edit removed rcpt=bob@example.test text=x by=root
	audit 100 "^$id: bob@example.test was delivered and removed$"
}

atf_test_case tells_of_failures_that_nobody_reported
tells_of_failures_that_nobody_reported_body()
{
	home
	accept 2
	deliver no1@example.test D
	deliver no2@example.test D
	parent=$id
	new_id
	bounce=$id id=$parent
	say queue/current queue-run bounced bounce=$bounce rcpts=1
	finish
	audit 100 "^$parent: 1 failure nobody was told of$" \
	    "^$bounce: came of $parent and was never queued$" '^2 faults$'
	# a bounce that is made again after a crash is the same one
	id=$bounce
	say queue/current queue-inject queued bytes=1381 rcpts=1
	: >home/queue/new/$bounce
	id=$parent
	start 2
	deliver no2@example.test D
	say queue/current queue-run bounced bounce=$bounce rcpts=2
	new_id
	second=$id
	say queue/current queue-inject queued bytes=1381 rcpts=1
	: >home/queue/new/$second
	id=$parent
	say queue/current queue-run bounced bounce=$second rcpts=1
	audit 0 '2 failed and reported'
}

atf_test_case follows_what_was_forwarded
follows_what_was_forwarded_body()
{
	home
	accept 1
	parent=$id
	new_id
	child=$id id=$parent
	say deliver/current local-deliver forwarded rcpt=info@example.test new=$child
	deliver info@example.test K
	finish
	audit 100 "^$child: came of $parent and was never queued$"
	id=$child
	say deliver/current queue-inject queued bytes=9 rcpts=1
	audit 100 "^$child: 1 recipient of 1 came to no end$"
	start 1
	deliver x@far.test K
	finish
	audit 0 '2 delivered'
}

atf_test_case counts_by_the_day_of_acceptance
counts_by_the_day_of_acceptance_body()
{
	home
	clock=$(($(date -d "$DAY 00:00" +%s) + 37 - 3))
	accept 1 # two seconds before the day
	deliver x@far.test Z
	first=$id
	clock=$((clock + 100))
	accept 1
	second=$id
	clock=$((clock + 86400))
	id=$first
	deliver x@far.test K
	finish
	id=$second
	start 1
	deliver x@far.test K # after midnight
	finish
	accept 1 # the day after
	audit 0 '^1 message accepted, for 1 recipient: 1 delivered'
	DAY=2020-11-22 audit 0 '^1 message accepted, for 1 recipient: 1 delivered'
	DAY=2020-11-24 audit 100 "^$id: 1 recipient of 1 came to no end"
	# when the lines of its acceptance are gone, its ID tells its time
	grep -v -e queued -e accepted home/log/smtp/current >rest
	cat rest >home/log/smtp/current
	DAY=2020-11-22 audit 0 '^1 message accepted'
}

atf_test_case reads_the_logs_that_were_put_aside
reads_the_logs_that_were_put_aside_body()
{
	home
	for service in smtp queue; do
		mkdir -p home/service/$service/log
		echo "s6-log -d 3 n20 s1000000 t \"\$FACTEUR_HOME/log/$service\"" >home/service/$service/log/run
	done
	accept 1
	deliver x@far.test Z
	mv home/log/smtp/current home/log/smtp/@400000005fbbb00000000000.s
	mv home/log/queue/current home/log/queue/@400000005fbbb00000000000.u
	: >home/log/smtp/current
	start 1
	deliver x@far.test K
	finish
	audit 0 '1 delivered'
}

atf_test_case says_which_logs_are_gone
says_which_logs_are_gone_body()
{
	home
	accept 1
	deliver x@far.test K
	finish
	audit 0 '1 delivered'
	# what was before this line is gone, however little has been kept
	sed -i 1d home/log/queue/current
	audit 111 '^log/queue begins at @.* only: what was logged before is gone$'
	mv home/log/queue/current home/log/queue/@400000005fbbb00000000000.s
	audit 111 '^log/queue begins at'
	# not for a day that is in them completely
	DAY=2020-11-24 audit 0 '^0 messages accepted'
	# a young home has no older ones
	made control/me 10:00:00
	audit 0 '1 delivered'
	made control/me 9:30:00
	audit 111 '^log/queue begins at'
	rm -r home/log
	home
	accept 1
	deliver x@far.test K
	finish
	made service/smtp/run 9:00:00
	audit 0 '1 delivered'
	sed -i 1d home/log/smtp/current
	audit 111 '^log/smtp begins at'
	made service/smtp/run 10:30:00
	audit 0 '1 delivered'
	: >home/log/smtp/current
	audit 111 '^log/smtp says nothing'
}

atf_test_case proves_nothing_without_logs
proves_nothing_without_logs_body()
{
	home
	mkdir -p home/queue/later home/queue/new
	printf 'Fs@x.test\0Ta@a.test\0Tb@b.test\0Tc@b.test\0\0' >envelope
	printf 'Subject: x\n\nhi\n' | queue-inject 1<envelope 4>reply 2>said ||
		atf_fail "not queued: $(cat said)"
	rm -r home/log/*
	DAY=today audit 111 '^1 message accepted, for 3 recipients: .* 3 still queued' \
	    '^log/queue says nothing: what was logged is gone' 'which is not over$'
	rm home/queue/new/*
	mkdir home/log/queue
	: >home/log/queue/current
	DAY=today audit 111 '^0 messages' '^log/queue says nothing'
	atf_check -s exit:111 -e match:'has not begun' queue-audit tomorrow
}

atf_test_case does_not_guess_for_how_many_it_was
does_not_guess_for_how_many_it_was_body()
{
	home
	new_id
	: >home/queue/bad/$id
	audit 100 "^$id: stands in queue/bad, and for how many is not known"
	rm home/queue/bad/$id
	deliver x@far.test K
	audit 100 "^$id: was for recipients of whom no log tells"
}

# deliver_n N ADDRESS RESULT [VIA]
deliver_n()
{
	say queue/current queue-run delivery n=$1 "rcpt=$2" result=$3 status=$3 text=x via=${4:-remote}
}

atf_test_case tells_recipients_of_one_address_apart
tells_recipients_of_one_address_apart_body()
{
	home
	accept 2 # one of two redirected to the other
	deliver_n 0 ok@far.test K
	deliver_n 1 late@far.test Z
	say admin/current queue-edit redirected n=1 rcpt=late@far.test to=ok@far.test by=root
	start 2
	deliver_n 1 ok@far.test K
	finish
	accept 2 # one address twice
	deliver_n 0 ok@far.test K
	deliver_n 1 ok@far.test Z
	start 2
	deliver_n 1 ok@far.test K
	finish
	accept 2 # the same, removed
	deliver_n 0 ok@far.test K
	say admin/current queue-edit removed n=1 rcpt=ok@far.test text=x by=root
	accept 1 # what nobody wants to hear is said twice, before and after a crash
	deliver_n 0 no@far.test D
	say queue/current queue-run unreported n=0 rcpt=no@far.test notify=NEVER
	start 1
	deliver_n 0 no@far.test D
	say queue/current queue-run unreported n=0 rcpt=no@far.test notify=NEVER
	finish
	audit 0 '^4 messages accepted, for 7 recipients: 5 delivered, 1 failed and reported, 1 removed'
	accept 2
	deliver_n 1 ok@far.test K
	start 2
	deliver_n 1 ok@far.test K
	deliver_n 0 ok@far.test K
	audit 100 "^$id: ok@far.test was delivered twice"
}

atf_test_case believes_in_one_file_when_it_is_shown
believes_in_one_file_when_it_is_shown_body()
{
	home
	accept 1
	deliver_n 0 bob@example.test K local
	start 1
	deliver_n 0 bob@example.test K local
	finish
	audit 100 "^$id: bob@example.test was delivered twice, and nothing shows"
	say deliver/current local-deliver delivered rcpt=bob@example.test mailbox=b@x.test bytes=9
	audit 100 "^$id: bob@example.test was delivered twice"
	say deliver/current local-deliver delivered rcpt=bob@example.test mailbox=b@x.test bytes=9 again=1
	audit 0 '^1 local delivery repeated, into the same file$'
	say deliver/current local-deliver delivered rcpt=bob@example.test mailbox=b@x.test bytes=9
	audit 100 "^$id: bob@example.test was delivered twice"
}

atf_test_case says_what_it_cannot_do
says_what_it_cannot_do_body()
{
	home
	atf_check -s exit:111 -e match:usage queue-audit
	atf_check -s exit:111 -e match:'no day' queue-audit 2026-13-45
	rm -r home/queue/new
	atf_check -s exit:111 -e match:'unable to read .*/queue/new' queue-audit $DAY
	rm -r home/control
	atf_check -s exit:111 -e match:'is no home' queue-audit $DAY
}

atf_test_case says_what_it_cannot_read
says_what_it_cannot_read_head()
{
	atf_set require.user unprivileged
}
says_what_it_cannot_read_body()
{
	home
	accept 1
	deliver x@far.test K
	finish
	chmod 0 home/log/smtp/current
	atf_check -s exit:111 -o ignore -e match:'ermission denied' queue-audit $DAY
	chmod 600 home/log/smtp/current
	chmod 0 home/queue/hold
	atf_check -s exit:111 -o ignore -e match:'ermission denied' queue-audit $DAY
	chmod 700 home/queue/hold
}

atf_init_test_cases()
{
	for name in $(sed -n 's/^atf_test_case //p' "$(atf_get_srcdir)/queue-audit_test"); do
		atf_add_test_case "$name"
	done
}
