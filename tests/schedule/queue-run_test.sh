#! /usr/bin/env atf-sh
PATH=$(atf_get_srcdir)/../../bin:$PATH

. "$(atf_get_srcdir)/../queue/home.sh"

add_case delivers_to_local_and_remote_recipients
delivers_to_local_and_remote_recipients_body()
{
	make_home
	start_workers
	start_queue
	inject 'Fa@b.c\0Tok1@LOCAL.test\0Tok2@far.test\0Tpostmaster\0\0'
	until_logged "id=$id .*event=done"
	printf 'Subject: test\n\nhello\n' >expected
	for f in local/ok1@LOCAL.test.$id remote/ok2@far.test.$id local/postmaster.$id; do
		atf_check cmp expected $f
	done
	atf_check -o ignore rmdir queue/new
	atf_check -o match:"id=$id at=queue-run event=start from=a@b.c rcpts=3" \
	    -o match:"event=delivery n=1 rcpt=ok2@far.test result=K status=2.0.0 text=delivered via=remote" \
	    cat log
}

add_case retries_by_the_schedule
retries_by_the_schedule_body()
{
	make_home
	echo 1 >control/retry
	start_workers
	start_queue
	inject 'Fa@b.c\0Tflaky@local.test\0Tok@local.test\0\0'
	until_logged "id=$id .*event=deferred"
	until_logged "id=$id .*event=done"
	atf_check -o match:"^$id a@b.c flaky@local.test ok@local.test first" \
	    -o match:"^$id a@b.c flaky@local.test again" cat local/jobs
	atf_check ls queue/later
}

add_case alarm_makes_all_deferred_due_now
alarm_makes_all_deferred_due_now_body()
{
	make_home
	start_workers
	start_queue
	inject 'Fa@b.c\0Tflaky@local.test\0\0'
	first=$id
	inject 'Fa@b.c\0Tflaky@far.test\0\0'
	until_true '[ $(count event=deferred log) = 2 ]'
	kill -ALRM $queue
	until_logged "id=$first .*event=done"
	until_logged "id=$id .*event=done"
	expect_count 0 tries=2 log
}

add_case alarm_retries_each_message_once
alarm_retries_each_message_once_body()
{
	make_home
	start_workers
	start_queue
	for n in 1 2 3; do
		inject 'Fa@b.c\0Tlater@local.test\0\0'
	done
	until_true '[ $(count event=deferred log) = 3 ]'
	kill -ALRM $queue
	until_true '[ $(count event=deferred log) = 6 ]'
	inject 'Fa@b.c\0Tok@local.test\0\0'
	until_logged "id=$id .*event=done"
	expect_count 6 event=deferred log
}

add_case bounces_what_is_refused
bounces_what_is_refused_body()
{
	make_home
	start_workers
	start_queue
	inject 'Fsender@far.test\0Tno@far.test\0Tok@local.test\0Tlater@local.test\0\0'
	until_logged "id=$id .*event=bounced"
	bounce=$(sed -n "s/.*id=$id .*event=bounced bounce=\([^ ]*\).*/\1/p" log)
	until_logged "id=$bounce .*event=done"
	atf_check -o match:'^Final-Recipient: rfc822; no@far.test$' -o match:'^Status: 5.1.1$' \
	    -o not-match:'ok@local.test' cat remote/sender@far.test.$bounce
	# refused and delivered recipients are left alone afterwards
	until_logged "id=$id .*event=deferred"
	kill -ALRM $queue
	until_true '[ $(count "event=deferred" log) = 2 ]'
	atf_check -o match:"^$id sender@far.test later@local.test again" tail -n 1 local/jobs
	expect_count 1 event=bounced log
}

add_case reports_no_failure_that_nobody_wants_to_know
reports_no_failure_that_nobody_wants_to_know_body()
{
	make_home
	start_workers
	start_queue
	inject 'Fok@far.test\0NNOTIFY=NEVER\0Tno1@far.test\0NNOTIFY=SUCCESS\0Tno2@far.test\0\0'
	until_logged "id=$id .*event=done"
	expect_count 2 event=unreported log
	inject 'Fok@far.test\0NNOTIFY=NEVER\0Tno1@far.test\0NNOTIFY=delay,failure\0Tno2@far.test\0\0'
	until_logged "id=$id .*event=done"
	until_true '[ -e remote/ok@far.test.* ]'
	atf_check -o match:'^Final-Recipient: rfc822; no2@' -o not-match:'rfc822; no1@' \
	    cat remote/ok@far.test.*
	expect_count 1 event=bounced log
}

add_case gives_up_after_the_lifetime
gives_up_after_the_lifetime_body()
{
	make_home
	echo 0 >control/queuelifetime
	start_workers
	start_queue
	inject 'Fok@far.test\0Tlater@local.test\0\0'
	until_logged "id=$id .*event=done"
	until_true '[ -e remote/ok@far.test.* ]'
	atf_check -o match:'^Status: 4.4.7$' \
	    -o match:'^Diagnostic-Code: smtp; 450 4.2.0 try again' \
	    -o match:'^  given up after 0 seconds: mx.example' cat remote/ok@far.test.*
}

add_case sends_a_failed_bounce_to_the_postmaster_and_keeps_the_next
sends_a_failed_bounce_to_the_postmaster_and_keeps_the_next_body()
{
	make_home
	echo ok@local.test >control/doublebounceto
	start_workers
	start_queue
	inject 'F\0Tno@far.test\0\0'
	until_true 'grep -q "#@\[\] ok@local.test" local/jobs 2>/dev/null'
	until_logged "id=$id .*event=done"
	inject 'F#@[]\0Tno@far.test\0\0'
	until_logged "id=$id .*event=bad"
	atf_check -o inline:"$id\n" ls queue/bad
	expect_count 1 event=bounced log
}

add_case asks_a_dead_destination_once
asks_a_dead_destination_once_body()
{
	make_home
	start_workers
	echo 1 >control/concurrencyremote
	# a scan at the start puts them all in line
	for n in 1 2 3 4 5; do
		inject "Fa@b.c\0Tdown$n@Dead.test\0\0"
	done
	inject 'Fa@b.c\0Tok@far.test\0\0'
	start_queue
	until_logged "id=$id .*event=done"
	until_true '[ $(count event=deferred log) = 5 ]'
	inject "Fa@b.c\0Tdown6@dead.test\0\0"
	until_logged "id=$id .*event=deferred"
	expect_count 1 "@[Dd]ead.test" remote/jobs
	atf_check -o match:'not tried again yet: unable to connect to mx.example' cat log
	kill -ALRM $queue
	until_true '[ $(count event=deferred log) = 12 ]'
	expect_count 2 "@[Dd]ead.test" remote/jobs
}

add_case finds_out_by_two_messages_that_a_destination_is_dead
finds_out_by_two_messages_that_a_destination_is_dead_body()
{
	make_home
	start_workers
	for n in $(seq 30); do
		inject "Fa@b.c\0Tdown$n@dead.test\0\0"
	done
	start_queue
	until_true '[ $(count event=deferred log) = 30 ]'
	expect_count 2 @dead.test remote/jobs
}

add_case asks_a_dead_destination_again_when_the_schedule_says
asks_a_dead_destination_again_when_the_schedule_says_body()
{
	make_home
	start_workers
	echo 1 >control/retry
	start_queue
	inject 'Fa@b.c\0Tdown@dead.test\0\0'
	until_true '[ $(count "@dead.test" remote/jobs) -ge 3 ]'
	atf_check -s exit:1 -o empty grep 'not tried again yet' log
}

fill()
{
	"$(atf_get_srcdir)/../queue/fill.py" "$@" >ids
}

# All that the stand-in in the folder has begun with ends, and no more.
release()
{
	for r in $(awk '{ print $3 }' $1/jobs); do
		: >$1/go.$r
	done
}

add_case begins_with_few_deliveries_and_grows_with_success
begins_with_few_deliveries_and_grows_with_success_body()
{
	make_home
	start_workers
	# a scan at the start puts them all in line
	for n in $(seq 30); do
		inject "Fa@b.c\0Tslow$n@slow.test\0\0"
	done
	start_queue
	inject 'Fa@b.c\0Tok@far.test\0\0'
	until_logged "id=$id .*event=done"
	# half of control/concurrencyremote
	for begun in 2 6 14 24; do
		until_true "[ \$(count @slow.test remote/jobs) = $begun ]"
		release remote
	done
	: >remote/go
	until_true '[ $(count event=done log) = 31 ]'
	atf_check -o inline:"10\n" cat remote/most.slow.test
}

add_case does_not_exceed_what_is_allowed_for_a_destination
does_not_exceed_what_is_allowed_for_a_destination_body()
{
	make_home
	echo 3 >control/concurrencydestination
	start_workers
	for n in $(seq 20); do
		inject "Fa@b.c\0Tslow$n@slow.test\0\0"
	done
	start_queue
	for begun in 2 5 8; do
		until_true "[ \$(count @slow.test remote/jobs) = $begun ]"
		release remote
	done
	: >remote/go
	until_true '[ $(count event=done log) = 20 ]'
	atf_check -o inline:"3\n" cat remote/most.slow.test
}

add_case uses_all_local_connections_that_there_may_be_and_no_more
uses_all_local_connections_that_there_may_be_and_no_more_body()
{
	make_home
	echo 1 >control/concurrencylocal
	start_workers
	start_queue
	for n in 1 2 3 4; do
		inject "Fa@b.c\0Tslow$n@local.test\0\0"
		until_true "[ \$(count '' local/jobs) = $n ]"
		sleep 1.1 # beside who takes so long there is another one, four times as many
	done
	inject 'Fa@b.c\0Tslow5@local.test\0\0'
	# remote mail has its own
	inject 'Fa@b.c\0Tok@far.test\0\0'
	until_logged "id=$id .*event=done"
	expect_count 4 "" local/jobs
	: >local/go
	until_true '[ $(count event=done log) = 6 ]'
	atf_check -o inline:"4\n" cat local/most.local.test
	expect_count 4 "" local/connections
}

add_case sends_many_local_jobs_over_one_connection
sends_many_local_jobs_over_one_connection_body()
{
	make_home
	start_workers
	fill queue/new 60 a@b.c slow%d@local.test
	start_queue
	until_true '[ $(count event=start log) = 60 ]'
	expect_count 1 "" local/jobs
	: >local/go
	until_true '[ $(count event=done log) = 60 ]'
	expect_count 1 "" local/connections
}

add_case tries_again_one_by_one_what_was_under_way_on_a_lost_connection
tries_again_one_by_one_what_was_under_way_on_a_lost_connection_body()
{
	make_home
	echo 1 >control/concurrencylocal
	start_workers
	inject 'Fa@b.c\0Tok1@local.test\0\0'
	inject 'Fa@b.c\0Tslow@local.test\0\0'
	inject 'Fa@b.c\0Tok2@local.test\0Tdie@local.test\0\0'
	for n in 3 4; do
		inject "Fa@b.c\0PRET=HDRS\0PENVID=x\0NNOTIFY=NEVER\0Tok$n@local.test\0\0"
	done
	start_queue
	until_true '[ $(count event=start log) = 5 ]'
	: >local/go
	until_logged 'event=deferred'
	until_true '[ $(count event=done log) = 4 ]'
	# nobody knows of them whether they were delivered; the first answer is one
	for job in 'die@local.test again' 'ok3@local.test again' 'ok4@local.test again'; do
		expect_count 1 "@b.c $job" local/jobs
	done
	expect_count 1 ' ok2@local.test die@local.test' local/jobs
	for n in 1 2 3 4; do
		expect_count 1 "rcpt=ok$n@local.test result=K" log
	done
	expect_count 1 event=deferred log
	expect_count 2 "deliver.sock: .* lost" log
}

add_case serves_users_in_turn_at_the_same_destination
serves_users_in_turn_at_the_same_destination_body()
{
	make_home
	echo 1 >control/concurrencylocal
	start_workers
	start_queue
	for n in $(seq 30); do
		inject "Fmany@b.c\0Tslow$n@slow.test\0\0"
	done
	for n in $(seq 80); do
		inject "Fx$n@b.c\0PAUTHUSER=many\0Tslow$n@local.test\0\0"
	done
	inject 'Fone@b.c\0Tslow@slow.test\0\0'
	inject 'Fx@b.c\0PAUTHUSER=one\0Tslow@local.test\0\0'
	until_true '[ $(count "" remote/jobs) = 2 ]'
	release remote
	until_true '[ $(count "" remote/jobs) = 6 ]'
	atf_check -o match:'one@b.c slow@slow.test' cat remote/jobs
	: >local/go
	until_true '[ $(count "" local/jobs) = 81 ]'
	# at most 64 were under way before it came
	atf_check -o match:' slow@local.test' head -n 67 local/jobs
}

add_case delays_nobody_by_a_backlog_of_one_user
delays_nobody_by_a_backlog_of_one_user_body()
{
	make_home
	echo 2 >control/concurrencyremote
	echo 1 >control/concurrencylocal
	start_workers
	fill queue/new 2000 many@b.c slow%d@slow.test
	fill queue/new 2000 many@b.c slow%d@local.test
	start_queue
	until_true '[ -e remote/jobs ] && [ $(count "" remote/jobs) = 1 ] && [ -e local/jobs ] && [ $(count "" local/jobs) = 1 ]'
	# the same destination, another one, our own, and another one of the same user
	inject 'Fone@b.c\0Tslow@slow.test\0\0'
	inject 'Ftwo@b.c\0Tok@far.test\0\0'
	until_logged "id=$id .*event=done"
	inject 'Fmany@b.c\0Tok@other.test\0\0'
	until_logged "id=$id .*event=done"
	inject 'Fone@b.c\0Tslow@local.test\0\0'
	until_logged "id=$id .*event=start"
	release remote
	until_true '[ $(count @slow.test remote/jobs) = 2 ]'
	release remote
	until_true 'grep -q "one@b.c slow@slow.test" remote/jobs'
	: >local/go
	until_true 'grep -q "one@b.c slow@local.test" local/jobs'
	# 64 were under way before
	atf_check -o match:'one@b.c slow@local.test' head -n 70 local/jobs
	: >remote/go
	until_true '[ $(ls queue/new | wc -l) = 0 ]'
	expect_count 4004 event=done log
}

add_case delays_nobody_by_a_backlog_for_one_destination
delays_nobody_by_a_backlog_for_one_destination_body()
{
	make_home
	echo 2 >control/concurrencyremote
	start_workers
	fill queue/new 2000 u%d@b.c slow%d@slow.test
	start_queue
	until_true '[ -e remote/jobs ] && [ $(count "" remote/jobs) = 1 ]'
	inject 'Fone@b.c\0Tok@far.test\0\0'
	until_logged "id=$id .*event=done"
	inject 'Fone@b.c\0Tok@local.test\0\0'
	until_logged "id=$id .*event=done"
	expect_count 2 event=done log
}

# What waits in the queue when it starts is not asked in order, but soon.
add_case finds_one_message_behind_a_huge_backlog
finds_one_message_behind_a_huge_backlog_body()
{
	make_home
	echo 2 >control/concurrencyremote
	start_workers
	# more than one reading of the folder holds
	fill queue/new 17000 many@b.c slow%d@slow.test
	fill queue/new 1 one@b.c slow@slow.test
	mkdir queue/later/1000000000
	fill queue/later/1000000000 1 two@b.c slow0@slow.test
	start_queue
	until_logged from=one@b.c
	until_logged from=two@b.c
	for n in $(seq 12); do
		until_true "[ \$(count @slow.test remote/jobs) = $n ]"
		release remote
	done
	atf_check -o match:one@b.c -o match:two@b.c cat remote/jobs
	until_true is_idle
}

add_case keeps_to_the_rate_of_a_destination
keeps_to_the_rate_of_a_destination_body()
{
	make_home
	printf '%s\n' 'slow.test 1/3600' '.below.test 1/3600' >control/rates
	start_workers
	start_queue
	for n in 1 2 3; do
		inject "Fa@b.c\0Tok$n@slow.test\0\0"
		inject "Fa@b.c\0Tok$n@x.below.test\0\0"
		inject "Fa@b.c\0Tok$n@below.test\0\0"
	done
	inject 'Fa@b.c\0Tok@far.test\0\0'
	until_logged "id=$id .*event=done"
	until_true '[ $(count event=done log) = 6 ]'
	expect_count 1 @slow.test remote/jobs
	expect_count 1 @x.below.test remote/jobs
	expect_count 3 @below.test remote/jobs
	until_true is_idle
	# a new rate counts for what waits already, and the others need no signal
	printf '%s\n' 'slow.test 100' '* 1000' >control/rates
	kill -HUP $queue
	until_true '[ $(count event=done log) = 10 ]'
}

add_case keeps_to_the_rate_of_a_server
keeps_to_the_rate_of_a_server_body()
{
	make_home
	echo 'mx:mx.example 1/3600' >control/rates
	start_workers
	start_queue
	# one message each to find out
	for d in a b; do
		for n in 1 2 3; do
			inject "Fa@b.c\0Tvia$n@$d.test\0\0"
		done
	done
	until_true '[ $(count event=done log) = 2 ]'
	inject 'Fa@b.c\0Tok@far.test\0\0'
	until_logged "id=$id .*event=done"
	inject 'Fa@b.c\0Tok@far.test\0\0'
	until_logged "id=$id .*event=done"
	expect_count 1 @a.test remote/jobs
	expect_count 1 @b.test remote/jobs
	until_true is_idle
	# without a rate all may go
	rm control/rates
	kill -HUP $queue
	until_true '[ $(count event=done log) = 8 ]'
}

# As a clock leaves it behind that was years ahead, and has been put back.
add_case is_not_harmed_by_what_a_wrong_clock_wrote
is_not_harmed_by_what_a_wrong_clock_wrote_body()
{
	make_home
	start_workers
	mkdir queue/later/2111111104
	fill queue/later/2111111104 1 a@b.c ok@far.test
	printf '2111110000 Z 0 4.2.0 not now\n' >>queue/later/2111111104/$(cat ids)
	fill queue/new 1 a@b.c later@far.test
	printf '2111110000 Z 0 4.2.0 not now\n' >>queue/new/$(cat ids)
	start_queue
	until_true '[ $(count event=done log) = 1 ]'
	until_logged "id=$(cat ids) .*event=deferred"
	# its turn comes by the clock that is right
	next=$(sed -n 's/.*event=deferred next=\([0-9]*\).*/\1/p' log)
	atf_check [ $next -lt $(($(date +%s) + 1000)) ]
	stop_queue
	# and it is given up in the end
	for n in $(seq 200); do
		echo "$((2111110000 + n)) Z 0 4.2.0 not now"
	done >>queue/later/$next/$(cat ids)
	start_queue
	kill -ALRM $queue
	until_logged "id=$(cat ids) .*event=bounced"
}

add_case does_not_storm_a_destination_that_is_busy
does_not_storm_a_destination_that_is_busy_body()
{
	make_home
	start_workers
	for n in $(seq 30); do
		inject "Fa@b.c\0Tbusy$n@busy.test\0\0"
	done
	start_queue
	until_true '[ $(count event=deferred log) = 30 ]'
	expect_count 3 "@busy.test" remote/jobs
	atf_check [ $(cat remote/most.busy.test) -le 2 ]
}

add_case leaves_room_beside_a_slow_destination
leaves_room_beside_a_slow_destination_body()
{
	make_home
	echo 2 >control/concurrencyremote
	start_workers
	start_queue
	for n in 1 2 3 4 5; do
		inject "Fa@b.c\0Tslow$n@slow.test\0\0"
	done
	inject 'Fa@b.c\0Tok@far.test\0\0'
	until_logged "id=$id .*event=done"
	inject 'Fa@b.c\0Tok@local.test\0\0'
	until_logged "id=$id .*event=done"
	expect_count 2 event=done log
	: >remote/go
	until_true '[ $(count event=done log) = 7 ]'
}

add_case groups_recipients_by_domain_in_hundreds
groups_recipients_by_domain_in_hundreds_body()
{
	make_home
	start_workers
	start_queue
	many=$(seq -f 'Tok%g@far.test\0' 1 101 | tr -d '\n')
	inject "Fa@b.c\0Tok@other.test\0${many}Tok@FAR.test\0\0"
	until_logged "id=$id .*event=done"
	expect_count 3 "" remote/jobs
	atf_check -o inline:"4\n5\n103\n" \
	    sh -c 'awk "{ print NF }" remote/jobs | sort -n'
}

add_case defers_when_the_delivery_program_dies_or_talks_nonsense
defers_when_the_delivery_program_dies_or_talks_nonsense_body()
{
	make_home
	start_workers
	start_queue
	inject 'Fa@b.c\0Tok@local.test\0Tdie@local.test\0\0'
	until_logged "id=$id .*event=deferred .*tries=1"
	# the answer that came before the end counts
	atf_check -o match:"^[0-9]* K 0 2.0.0 delivered" -o match:"^[0-9]* Z 1 4.3.0 " \
	    sh -c "tail -n 2 queue/later/*/$id | tr '\\0' '\\n'"
	inject 'Fa@b.c\0Tgarbage@local.test\0\0'
	until_logged "id=$id .*event=deferred .*tries=1"
	inject 'Fa@b.c\0Tok@local.test\0\0'
	until_logged "id=$id .*event=done"
	# tried again much sooner than by the schedule
	next=$(sed -n 's/.*event=deferred next=\([0-9]*\).*/\1/p' log | head -n 1)
	[ $next -lt $(($(date +%s) + 60)) ] || atf_fail "next at $next"
}

add_case waits_for_a_socket_that_is_not_there
waits_for_a_socket_that_is_not_there_body()
{
	make_home
	start_queue
	inject 'Fa@b.c\0Tok@local.test\0\0'
	until_logged 'unable to connect to run/deliver.sock'
	start_workers
	until_logged "id=$id .*event=done"
	expect_count 0 event=deferred log
}

add_case finds_what_it_was_not_told_of
finds_what_it_was_not_told_of_body()
{
	make_home
	start_workers
	inject 'Fa@b.c\0Tok@local.test\0\0'
	start_queue
	until_logged "id=$id .*event=done"
	atf_check -o inline:"$id a@b.c ok@local.test again\n" cat local/jobs
	inject 'Fa@b.c\0Tok@local.test\0\0'
	until_logged "id=$id .*event=done"
	atf_check -o inline:"$id a@b.c ok@local.test first\n" tail -n 1 local/jobs
}

add_case keeps_foreign_files_apart
keeps_foreign_files_apart_body()
{
	make_home
	start_workers
	good=0hofc52zpb5l953d9rf5s000
	for n in 1 2 3 4 5 6 7 8 9; do
		eval "id$n=0hofc52zpb5l953d9rf5s00$n"
	done
	printf 'F\0Tok@local.test\0\0' >envelope
	QUEUEID=$good queue-inject </dev/null 1<envelope 2>>log
	cd queue/new
	: >$id1
	ln -s /etc/passwd $id2
	mkdir $id3
	mkfifo $id4
	printf 'facteur1 99999999999999999999 00000000000000000010             \nF\0T' >$id5
	printf 'facteur1 18446744073709551615 00000000000000000010             \nF\0T' >$id6
	printf 'facteur1 00000000000000000000 00000000000000000003             \nabc' >$id7
	printf 'x' >$id8
	ln $id8 $id9
	printf 'facteur9 00000000000000000000 00000000000000000003             \nabc' >noid
	: >.hidden
	cd ../..
	start_queue
	until_logged "id=$good .*event=done"
	until_true '[ $(ls queue/new | wc -l) = 0 ]'
	atf_check -o inline:"$(printf '%s\n' $id1 $id2 $id3 $id4 $id5 $id6 $id7 $id8 $id9 noid)\n" \
	    ls queue/bad
	atf_check -o match:'event=bad file=queue/bad/.* why="more than one name"' \
	    -o match:'why="no header of a queue file"' -o match:'why="malformed envelope"' \
	    -o match:'why="not a regular file"' -o match:'why="not named by a message ID"' cat log
	# the same name once more is not written over the first
	: >queue/new/noid
	kill -ALRM $queue
	until_logged 'event=bad file=queue/bad/noid.1 why="not named by a message ID"'
	atf_check -o inline:"facteur9" head -c 8 queue/bad/noid
}

add_case goes_on_where_the_journal_ends
goes_on_where_the_journal_ends_body()
{
	make_home
	start_workers
	inject 'Fok@far.test\0Tok1@local.test\0Tok2@local.test\0Tok3@local.test\0Tok4@local.test\0\0'
	now=$(date +%s)
	printf "$now K 0 2.0.0 fine\n$now Z 1 4.0.0 no\nnonsense\n\0\0\n$now K 99 2.0.0 x\n" \
	    >>queue/new/$id
	printf "$now D 2 5.0.0 never\n$now K 1" >>queue/new/$id
	start_queue
	until_logged "id=$id .*event=done"
	atf_check -o inline:"$id ok@far.test ok2@local.test ok4@local.test again\n" cat local/jobs
	until_true '[ -e remote/ok@far.test.* ]'
	atf_check -o match:'^Final-Recipient: rfc822; ok3@local.test' cat remote/ok@far.test.*
}

add_case leaves_what_is_held_alone
leaves_what_is_held_alone_body()
{
	make_home
	start_workers
	inject 'Fa@b.c\0Tok@local.test\0\0'
	held=$id
	mv queue/new/$id queue/hold/
	start_queue
	inject 'Fa@b.c\0Tok@local.test\0\0'
	until_logged "id=$id .*event=done"
	atf_check -o inline:"$held\n" ls queue/hold
}

add_case term_lets_deliveries_end
term_lets_deliveries_end_body()
{
	make_home
	start_workers
	start_queue
	inject 'Fa@b.c\0Tslow@local.test\0\0'
	until_true '[ -e local/jobs ]'
	slow=$id
	kill -TERM $queue
	inject 'Fa@b.c\0Tok@local.test\0\0'
	: >local/go
	wait $queue || atf_fail "queue-run ended with $?"
	atf_check -o match:"id=$slow .*event=done" cat log
	atf_check -o inline:"$id\n" ls queue/new
}

add_case repeats_nothing_that_is_known_after_a_kill
repeats_nothing_that_is_known_after_a_kill_body()
{
	make_home
	start_workers
	start_queue
	inject 'Fa@b.c\0Tok@local.test\0Tslow@far.test\0\0'
	until_true "tail -n 1 queue/new/$id | grep -aq ' K 0 2.0.0 delivered'"
	kill_queue
	: >remote/go
	start_queue
	until_logged "id=$id .*event=done"
	expect_count 1 "" local/jobs
}

add_case makes_a_bounce_only_once
makes_a_bounce_only_once_body()
{
	make_home
	start_workers
	inject 'Fok@far.test\0Tno@local.test\0\0'
	cp queue/new/$id copy
	start_queue
	until_logged "id=$id .*event=done"
	until_true '[ -e remote/ok@far.test.* ]'
	first=$(ls remote/ok@far.test.*)
	# as if a crash had undone the removal
	cp copy queue/new/$id
	kill -ALRM $queue
	until_true '[ $(count "id=$id .*event=done" log) = 2 ]'
	until_true '[ $(count "" remote/jobs) = 2 ]'
	atf_check -o inline:"$first\n" sh -c 'ls remote/ok@far.test.*'
}

add_case keeps_a_message_that_it_cannot_put_away
keeps_a_message_that_it_cannot_put_away_body()
{
	make_home
	start_workers
	start_queue
	rmdir queue/later
	inject 'Fa@b.c\0Tok@local.test\0Tflaky@local.test\0\0'
	until_logged 'unable to make a folder in queue/later: '
	mkdir queue/later
	kill -ALRM $queue
	until_logged "id=$id .*event=deferred"
	kill -ALRM $queue
	until_logged "id=$id .*event=done"
	atf_check -o match:"^$id a@b.c flaky@local.test again" tail -n 1 local/jobs
}

add_case does_with_few_descriptors
does_with_few_descriptors_body()
{
	make_home
	start_workers
	for n in $(seq 40); do
		inject "Fa@b.c\0Tok$n@d$n.test\0Tok$n@local.test\0\0"
	done
	ulimit -n 50
	start_queue
	until_true '[ $(count event=done log) = 40 ]'
}

add_case puts_a_line_that_does_not_move_back
puts_a_line_that_does_not_move_back_body()
{
	make_home
	start_workers
	ulimit -n 300
	for n in $(seq 80); do
		inject "Fa@b.c\0Tslow$n@slow.test\0\0"
	done
	start_queue
	inject 'Fa@b.c\0Tok@far.test\0\0'
	until_logged "id=$id .*event=done"
	: >remote/go
	until_true '[ $(ls queue/new | wc -l) = 0 ]'
	kill -ALRM $queue
	until_true '[ $(count event=done log) = 81 ]'
	expect_count 0 event=deferred log
}

add_case refuses_a_second_scheduler
refuses_a_second_scheduler_body()
{
	make_home
	start_queue
	atf_check -s exit:111 -e match:'unable to lock queue' queue-run
}

# The lock of the folder is not seen on another machine, that of the file is.
add_case refuses_a_second_scheduler_on_another_machine
refuses_a_second_scheduler_on_another_machine_body()
{
	make_home
	: >queue/lock
	atf_check -s exit:111 -e match:'unable to lock queue, another queue-run has it' \
	    flock queue/lock queue-run
	start_queue
	atf_check -s exit:1 flock -n queue/lock true
}

add_case makes_what_is_missing_of_the_queue
makes_what_is_missing_of_the_queue_head()
{
	atf_set require.user unprivileged
}
makes_what_is_missing_of_the_queue_body()
{
	make_home
	rmdir queue/new queue/later queue/bad queue/hold
	: >queue/later
	rm queue/trigger
	echo backup >queue/trigger # as cp and rsync leave it
	start_workers
	start_queue
	inject 'Fa@b.c\0Tok@local.test\0Tlater@far.test\0\0'
	until_logged "id=$id .*event=deferred"
	atf_check -o inline:"700\n700\n700\n700\n700\n600\n" stat -c %a \
	    queue/new queue/later queue/bad queue/hold queue/paused queue/trigger
	atf_check -o inline:"backup\n" sh -c 'cat queue/trigger.*'
	[ -f "$(echo queue/later.*)" ] || atf_fail "the file queue/later is gone"
	expect_count 7 'was missing, it is made\|is set aside$' log
	atf_check -o match:'queue/new was missing, it is made' \
	    -o match:'what stood at queue/trigger is set aside' cat log
	stop_queue
	# without queue/new there is nothing to do
	chmod 0 queue/new
	atf_check -s exit:111 -e match:'unable to use queue/new: ' queue-run
}

add_case goes_on_with_parts_that_it_can_not_use
goes_on_with_parts_that_it_can_not_use_head()
{
	atf_set require.user unprivileged
}
goes_on_with_parts_that_it_can_not_use_body()
{
	make_home
	chmod 0 queue/trigger
	chmod 500 queue/bad
	inject 'Fa@b.c\0Tbroken@local.test\0\0'
	truncate -s 70 queue/new/$id
	broken=$id
	mkdir queue/later/100
	cp queue/new/$id queue/later/100/${id%?????}00000
	start_workers
	start_queue
	atf_check -o match:'unable to use queue/trigger: ' \
	    -o match:'unable to use queue/bad: ' cat log
	inject 'Fa@b.c\0Tok@local.test\0\0'
	until_logged "id=$id .*event=done"
	until_logged "event=foreign file=queue/later/100/.* unable to move it to queue/bad: "
	sleep 1.5
	expect_count 1 "event=foreign file=queue/new/$broken .*unable to move it" log
	[ -e queue/new/$broken ] || atf_fail "the message is gone"
	chmod 700 queue/bad
	kill -ALRM $queue
	until_true '[ $(ls queue/bad | wc -l) = 2 ]'
}

add_case gives_nothing_up_for_time_that_it_was_not_there
gives_nothing_up_for_time_that_it_was_not_there_body()
{
	make_home
	now=$(date +%s)
	inject 'Fa@local.test\0Tlater1@far.test\0\0'
	echo '5000 Z 0 4.2.0 before the clock was set' >>queue/new/$id
	wrong=$id
	inject 'Fa@local.test\0Tlater2@far.test\0\0'
	# an old ID, so that the attempts were not made before it
	off=0ho000000${id#?????????}
	mv queue/new/$id queue/new/$off
	echo "$((now - 8 * 86400)) Z 0 4.2.0 before the machine was off" >>queue/new/$off
	inject 'Fa@local.test\0Tlater3@far.test\0\0'
	old=0ho000001${id#?????????}
	mv queue/new/$id queue/new/$old
	for day in 8 7 6 5 4 3 2 1; do
		echo "$((now - day * 86400)) Z 0 4.2.0 day by day" >>queue/new/$old
	done
	start_workers
	start_queue
	until_logged "id=$wrong .*event=deferred"
	until_logged "id=$off .*event=deferred"
	until_logged 'rcpt=later3@far.test result=D .*given up after 8 days'
	expect_count 1 'given up' log
}

add_case says_what_is_missing_or_wrong
says_what_is_missing_or_wrong_body()
{
	make_home
	for f in retry rates queuelifetime concurrencylocal concurrencyremote concurrencydestination; do
		echo often >control/$f
		atf_check -s exit:111 -e match:"control/$f(: | line 1: )" queue-run
		rm control/$f
	done
	atf_check -s exit:111 -e match:'usage: ' queue-run -x
	atf_check -s exit:111 -e match:'usage: ' queue-run -d x
	atf_check -s exit:111 -e match:'usage: ' queue-run unix:run/queue.sock
	FACTEUR_HOME=/nonexistent atf_check -s exit:111 -e match:'unable to enter' queue-run
}

add_case follows_a_change_of_our_domains
follows_a_change_of_our_domains_body()
{
	make_home
	start_workers
	start_queue
	inject 'Fa@b.c\0Tok@new.test\0\0'
	until_logged "id=$id .*event=done"
	echo new.test >>control/domains
	mail-compile
	inject 'Fa@b.c\0Tok@new.test\0\0'
	until_logged "id=$id .*event=done"
	atf_check -o inline:"via=remote\nvia=local\n" \
	    sh -c 'sed -n "s/.*event=delivery.*\(via=.*\)/\1/p" log'
}

add_case waits_while_our_domains_are_unknown
waits_while_our_domains_are_unknown_body()
{
	make_home
	start_workers
	mv users/users.cdb users/away
	start_queue
	inject 'Fa@b.c\0Tok@local.test\0\0'
	until_logged "id=$id .*event=deferred"
	atf_check -o match:'unable to open users/users.cdb: ' -o match:'result=Z status=4.3.5' cat log
	mv users/away users/users.cdb
	kill -ALRM $queue
	until_logged "id=$id .*event=done"
	atf_check -s exit:1 test -e remote/jobs
}

add_case never_gives_up_for_trouble_of_ours
never_gives_up_for_trouble_of_ours_body()
{
	make_home
	start_workers
	echo 0 >control/queuelifetime
	mv users/users.cdb users/away
	start_queue
	inject 'Fok@far.test\0Tours@far.test\0\0'
	until_logged "id=$id .*event=deferred"
	first=$id
	mv users/away users/users.cdb
	inject 'Fok@far.test\0Tours@local.test\0\0'
	until_logged "id=$id .*event=deferred"
	kill -ALRM $queue
	until_logged "id=$first .*result=Z status=4.3.5 text=\"no such"
	expect_count 0 result=D log
	# what a server says about itself is another matter
	inject 'Fok@far.test\0Tbusy@away.test\0\0'
	until_logged "id=$id .*result=D status=4.4.7"
}

add_case keeps_all_that_is_damaged_under_one_id
keeps_all_that_is_damaged_under_one_id_body()
{
	make_home
	start_workers
	export QUEUEID=0hofc52zpb5l953d9rf5s5a3
	for n in '' .1 .2; do
		inject 'Fa@b.c\0Tok@local.test\0\0'
		printf "x$n" | dd of=queue/new/$id bs=1 conv=notrunc 2>/dev/null
		start_queue
		until_logged "event=bad file=queue/bad/$id$n why="
		stop_queue
	done
	atf_check -o inline:"$id\n$id.1\n$id.2\n" ls queue/bad
	atf_check -o match:"^$id.1 bad not a message: no header of a queue file" queue-list
}

add_case hup_rereads_the_settings
hup_rereads_the_settings_body()
{
	make_home
	start_workers
	start_queue
	echo nonsense >control/queuelifetime
	kill -HUP $queue
	until_logged 'control/queuelifetime line 1: '
	echo 0 >control/queuelifetime
	kill -HUP $queue
	# the signal has been heard when the next message is taken
	inject 'Fok@far.test\0Tlater@local.test\0\0'
	until_logged "id=$id .*event=done"
}

# lock_message PATH: hold its lock until the file unlock exists
lock_message()
{
	flock "$1" sh -c ': >locked; until [ -e unlock ]; do sleep 0.02; done; eval "$AFTER"' &
	locker=$!
	echo $locker >>pids
	until_true '[ -e locked ]'
}

# Processor time that queue-run has used, in ticks
ticks()
{
	awk '{ print $14 + $15 }' /proc/$queue/stat
}

add_case leaves_a_locked_message_until_it_is_free
leaves_a_locked_message_until_it_is_free_body()
{
	make_home
	start_workers
	inject 'Fa@b.c\0Tok@local.test\0\0'
	locked=$id
	lock_message queue/new/$locked
	start_queue
	inject 'Fa@b.c\0Tok@local.test\0\0'
	until_logged "id=$id .*event=done"
	before=$(ticks)
	sleep 1.5
	[ $(($(ticks) - before)) -lt 50 ] || atf_fail "queue-run spins"
	expect_count 0 "id=$locked " log
	: >unlock
	wait $locker
	until_logged "id=$locked .*event=done"
	expect_count 2 event=start log
}

add_case forgets_no_locked_message_when_there_are_many
forgets_no_locked_message_when_there_are_many_body()
{
	make_home
	start_workers
	for n in $(seq 80); do
		inject "Fa@b.c\0Tok$n@local.test\0\0"
	done
	python3 -c '
import fcntl, glob, os, time
files = [open(f) for f in glob.glob("queue/new/*")]
for f in files:
    fcntl.flock(f, fcntl.LOCK_EX)
open("locked", "w")
while not os.path.exists("unlock"):
    time.sleep(0.02)
' &
	echo $! >>pids
	until_true '[ -e locked ]'
	start_queue
	inject 'Fa@b.c\0Tok@local.test\0\0'
	until_logged "id=$id .*event=done"
	expect_count 1 event=start log
	: >unlock
	until_true '[ $(count event=done log) = 81 ]'
}

add_case lets_a_message_go_that_was_moved_while_it_was_locked
lets_a_message_go_that_was_moved_while_it_was_locked_body()
{
	make_home
	start_workers
	inject 'Fa@b.c\0Tok@local.test\0\0'
	moved=$id
	AFTER="mv queue/new/$moved queue/hold/"
	export AFTER
	lock_message queue/new/$moved
	start_queue
	: >unlock
	wait $locker
	inject 'Fa@b.c\0Tok@local.test\0\0'
	until_logged "id=$id .*event=done"
	sleep 1.2
	expect_count 0 "id=$moved " log
	atf_check -o inline:"$moved\n" ls queue/hold
	# it was not kept in memory either: it is taken when it comes back
	mv queue/hold/$moved queue/new/
	echo $moved >queue/trigger
	until_logged "id=$moved .*event=done"
}

add_case locks_a_message_while_it_is_active
locks_a_message_while_it_is_active_body()
{
	make_home
	start_workers
	start_queue
	inject 'Fa@b.c\0Tslow@far.test\0Tlater@local.test\0\0'
	until_true '[ -e remote/jobs ]'
	atf_check -s exit:1 flock -n queue/new/$id true
	: >remote/go
	until_logged "id=$id .*event=deferred"
	atf_check sh -c "flock -w 5 queue/later/*/$id true"
}

add_case obeys_what_the_admin_wrote_into_the_journal
obeys_what_the_admin_wrote_into_the_journal_body()
{
	make_home
	start_workers
	inject 'Fok@far.test\0Told@local.test\0Tok@local.test\0Tno@local.test\0Tlater@local.test\0\0'
	now=$(date +%s)
	printf "$now A 0 - ok1@far.test\n$now A 0 - ok2@far.test\n$now X 1 - not wanted\n" \
	    >>queue/new/$id
	printf "$now X 2 - no\n$now Z 2 4.0.0 too late\n$now ? 3 - of a later version\n" \
	    >>queue/new/$id
	start_queue
	until_logged "id=$id .*event=deferred"
	atf_check -o inline:"$id ok@far.test ok2@far.test again\n" cat remote/jobs
	atf_check -o inline:"$id ok@far.test later@local.test again\n" cat local/jobs
	# these lines are no attempts: the lifetime counts from now on
	atf_check -o match:'event=deferred next=[0-9]* tries=1' cat log
}

add_case removes_a_message_of_which_all_recipients_were_removed
removes_a_message_of_which_all_recipients_were_removed_body()
{
	make_home
	start_workers
	inject 'Fok@far.test\0Tok@local.test\0Tno@local.test\0\0'
	printf "1795430701 X 0 - no\n1795430701 D 1 5.0.0 no\n1795430701 X 1 - no\n" \
	    >>queue/new/$id
	start_queue
	until_logged "id=$id .*event=done"
	atf_check -s exit:1 test -e local/jobs -o -e remote/jobs
}

add_case tries_a_dead_destination_when_the_admin_says_so
tries_a_dead_destination_when_the_admin_says_so_body()
{
	make_home
	start_workers
	start_queue
	inject 'Fa@b.c\0Tdown@dead.test\0\0'
	until_logged "id=$id .*event=deferred"
	inject 'Fa@b.c\0Tok@dead.test\0\0'
	until_logged "id=$id .*event=deferred"
	expect_count 1 "" remote/jobs
	echo "$(date +%s) N 0 - now" >>$(echo queue/later/*/$id)
	mv queue/later/*/$id queue/new/
	echo $id >queue/trigger
	until_logged "id=$id .*event=done"
	expect_count 2 "" remote/jobs
}

add_case works_off_a_burst_in_order
works_off_a_burst_in_order_body()
{
	make_home
	echo 1 >control/concurrencylocal
	start_workers
	start_queue
	for n in $(seq 100); do
		inject "Fa@b.c\0Tok$n@local.test\0\0"
	done
	until_true '[ $(count event=done log) = 100 ]'
	seq -f 'ok%g@local.test' 100 >expected
	atf_check -o file:expected awk '{ print $3 }' local/jobs
	stop_queue
	atf_check ls queue/new
}

add_case holds_what_a_rule_says
holds_what_a_rule_says_body()
{
	make_home
	start_workers
	cat >control/hold <<-END
		# spam
		sender=@spam.test
		recipient=*@local.test larger=1k
		user=eve
	END
	start_queue
	inject 'Fx@spam.test\0Tok@local.test\0Tok@far.test\0\0'
	until_logged "id=$id at=queue-run event=held rule=\"sender=@spam.test\""
	inject 'Fx@b.c\0PAUTHUSER=eve\0Tok@local.test\0\0'
	until_logged "id=$id at=queue-run event=held rule=\"user=eve\""
	inject 'Fx@b.c\0Tok@local.test\0\0'
	until_logged "id=$id .*event=done"
	atf_check -o inline:'2\n' sh -c 'ls queue/hold | wc -l'
	# what has been tried before the rule came is not held, nor what was released
	inject 'Fx@b.c\0Tlater@local.test\0\0'
	until_logged "id=$id .*event=deferred"
	echo sender= >control/hold
	echo sender=x@b.c >>control/hold
	kill -HUP $queue
	kill -ALRM $queue
	until_true '[ $(count "id=$id .*event=deferred" log) = 2 ]'
	held=$(ls queue/hold | head -n 1)
	# no signal is needed for the next one
	echo 'sender=*' >control/hold
	inject 'Fx@y.z\0Tok@local.test\0\0'
	until_logged "id=$id at=queue-run event=held"
	echo "$(date +%s) N 0 - released" >>queue/hold/$held
	mv queue/hold/$held queue/new/
	echo $held >queue/trigger
	until_logged "id=$held .*event=done"
}

add_case refuses_wrong_rules
refuses_wrong_rules_body()
{
	make_home
	for rule in nonsense older=1d state=new 'sender=a@b.c x=y' recipient=; do
		echo "$rule" >control/hold
		atf_check -s exit:111 -e match:'control/hold: not what' queue-run
	done
	rm control/hold
	echo '!' >control/paused
	atf_check -s exit:111 -e match:'control/paused: not what' queue-run
}

# One recipient is not the fault of the others, nor of those of other messages.
add_case who_ended_a_session_is_tried_apart
who_ended_a_session_is_tried_apart_body()
{
	make_home
	echo 1 >control/retry
	start_workers
	start_queue
	inject 'Fa@b.c\0Tok1@far.test\0Tends@far.test\0Tok2@far.test\0\0'
	until_logged "id=$id .*rcpt=ok2@far.test result=K"
	until_true '[ $(count "^$id a@b.c ends@far.test again" remote/jobs) -ge 4 ]'
	atf_check -o match:"^$id a@b.c ok1@far.test ok2@far.test again" cat remote/jobs
	atf_check -o match:"tries=1\$" grep "id=$id .*event=deferred next" log
	expect_count 3 'text="session ended at .* recipient: mx.example' log
	expect_count 0 'not tried again yet' log
	inject 'Fa@b.c\0Tok3@far.test\0\0'
	until_logged "id=$id .*event=done"
}

atf_init_test_cases()
{
	for name in $(sed -n 's/^add_case //p' "$(atf_get_srcdir)/queue-run_test"); do
		atf_add_test_case "$name"
	done
}
