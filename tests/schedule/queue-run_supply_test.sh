#! /usr/bin/env atf-sh
# What the queue's service hands over.
PATH=$(atf_get_srcdir)/../../bin:$PATH

. "$(atf_get_srcdir)/../queue/home.sh"

start_service()
{
	service=$("$(atf_get_srcdir)/../queue/supply.py" run/queue.sock journal 2>>service.log)
	echo $service >>pids
}

# begin: a home with all that it takes.
begin()
{
	make_home
	start_workers
	start_service
	start_queue
}

# submit ENVELOPE [stale]: a message that the service hands over, its ID in $id; stale: there is
# a file of it that was made before the service began anew.
submit()
{
	here=$FACTEUR_HOME
	mkdir -p other/queue/new other/control
	FACTEUR_HOME=$here/other
	inject "$1"
	FACTEUR_HOME=$here
	[ -z "$2" ] || echo stale >queue/journal/$id
	mv other/queue/new/$id journal/$id
}

is_no_file()
{
	[ -z "$(find queue -name "$1*")" ]
}

add_case what_is_delivered_at_once_never_is_a_file
what_is_delivered_at_once_never_is_a_file_body()
{
	begin
	submit 'Fa@b.c\0Tok1@local.test\0Tok2@far.test\0\0'
	until_logged "id=$id .*event=done"
	is_no_file "$id" || atf_fail "it has become a file"
	printf 'Subject: test\n\nhello\n' >expected
	for f in local/ok1@local.test.$id remote/ok2@far.test.$id; do
		atf_check cmp expected $f
	done
	until_true '[ ! -e journal/$id ]'
	expect_count 1 "S $id" journal/.said
	expect_count 0 "F $id" journal/.said
	stop_queue
}

add_case what_is_deferred_becomes_a_file_with_its_lines
what_is_deferred_becomes_a_file_with_its_lines_body()
{
	begin
	submit 'Fa@b.c\0Tok@local.test\0Tlater@far.test\0\0'
	until_logged "id=$id .*event=deferred"
	file=$(echo queue/later/*/$id)
	expect_count 1 'K 0 2.0.0 delivered' $file
	expect_count 1 'Z 1 4.2.0 mx.example' $file
	[ ! -e journal/$id ] || atf_fail "it is not settled"
	expect_count 1 "F $id" journal/.said
	is_no_file queue/journal/$id
	kill -ALRM $queue
	until_true '[ $(count event=deferred log) = 2 ]'
	expect_count 1 ' ok@local.test' local/jobs
	stop_queue
}

add_case what_is_held_by_a_rule_becomes_a_file
what_is_held_by_a_rule_becomes_a_file_body()
{
	make_home
	echo 'sender=@spam.test' >control/hold
	start_workers
	start_service
	start_queue
	submit 'Fx@spam.test\0Tok@local.test\0\0'
	until_logged "id=$id at=queue-run event=held"
	atf_check -o ignore ls queue/hold/$id
	expect_count 1 "F $id" journal/.said
	expect_count 0 event=start log
	# and what a filter wants to be held
	submit 'Fx@b.c\0PHOLD=looks odd\0Tok@local.test\0\0'
	until_logged "id=$id at=queue-run event=held rule=\"looks odd\""
	atf_check -o ignore ls queue/hold/$id
	[ ! -e local/jobs ] || atf_fail "it was delivered"
}

add_case what_is_paused_becomes_a_file
what_is_paused_becomes_a_file_body()
{
	make_home
	echo far.test >control/paused
	start_workers
	start_service
	start_queue
	submit 'Fa@b.c\0Tok@far.test\0\0'
	until_logged "id=$id at=queue-run event=paused"
	atf_check -o ignore ls queue/paused/$id
	submit 'Fa@b.c\0Tok@far.test\0Tok@local.test\0\0'
	until_logged "id=$id at=queue-run event=paused"
	atf_check -o ignore ls queue/paused/$id
	rm control/paused
	kill -HUP $queue
	until_true '[ $(count event=done log) = 2 ]'
	expect_count 1 ' ok@local.test' local/jobs
}

add_case what_is_reported_on_becomes_a_file
what_is_reported_on_becomes_a_file_body()
{
	begin
	submit 'Fok@far.test\0Tno@far.test\0Tok@local.test\0\0'
	until_logged "id=$id .*event=bounced"
	until_logged "id=$id .*event=done"
	expect_count 1 "F $id" journal/.said
	# what was prepared for it need not be known any more
	until_true "grep -q 'S $id' journal/.said"
	until_true '[ -e remote/ok@far.test.* ]'
	atf_check -o match:'^Final-Recipient: rfc822; no@far.test$' cat remote/ok@far.test.*
	is_no_file $id
}

add_case what_is_asked_for_becomes_a_file_while_it_is_under_way
what_is_asked_for_becomes_a_file_while_it_is_under_way_body()
{
	begin
	submit 'Fa@b.c\0Tslow1@local.test\0Tslow2@far.test\0\0'
	until_true '[ -e local/jobs ] && [ -e remote/jobs ]'
	: >journal/.want.$id
	until_true "[ -e queue/new/$id ]"
	: >local/go
	until_true "grep -q 'K 0 2.0.0' queue/new/$id"
	expect_count 0 event=done log
	: >remote/go
	until_logged "id=$id .*event=done"
	is_no_file $id || atf_fail "it is still there"
	expect_count 1 "" local/jobs
	expect_count 1 "" remote/jobs
}

add_case what_takes_long_becomes_a_file
what_takes_long_becomes_a_file_body()
{
	begin
	submit 'Fa@b.c\0Tslow@local.test\0\0'
	until_true '[ -e local/jobs ]'
	is_no_file "$id" || atf_fail "at once"
	until_true "[ -e queue/new/$id ]"
	: >local/go
	until_logged "id=$id .*event=done"
	is_no_file $id || atf_fail "it is still there"
}

# Whenever a queue-run finds it, and whoever has told of it: it may have been delivered.
add_case what_became_a_file_under_way_is_taken_for_a_repetition
what_became_a_file_under_way_is_taken_for_a_repetition_body()
{
	begin
	submit 'Fa@b.c\0Tslow@local.test\0\0'
	slow=$id
	until_true "[ -e queue/new/$slow ]"
	kill -9 $queue
	wait $queue
	: >local/go
	mv queue/new/$slow away
	start_queue
	submit 'Fa@b.c\0Tok@local.test\0\0'
	until_logged "id=$id .*event=done"
	mv away queue/new/$slow
	echo $slow >queue/trigger
	until_logged "id=$slow .*event=done"
	atf_check -o match:"$slow a@b.c slow@local.test again" tail -n 1 local/jobs
}

add_case what_can_not_become_a_file_waits_in_the_journal
what_can_not_become_a_file_waits_in_the_journal_body()
{
	begin
	mv queue/journal away
	submit 'Fa@b.c\0Tlater@local.test\0\0'
	until_logged 'unable to create a file in queue/journal'
	[ -e journal/$id ] || atf_fail "it is settled"
	expect_count 0 event=deferred log
	# others are delivered meanwhile
	first=$id
	submit 'Fa@b.c\0Tok@local.test\0\0'
	until_logged "id=$id .*event=done"
	mv away queue/journal
	kill -ALRM $queue
	until_logged "id=$first .*event=deferred"
	[ ! -e journal/$first ] || atf_fail "it is not settled"
	atf_check -o ignore ls queue/later/*/$first
}

add_case without_the_service_files_are_worked_off_as_ever
without_the_service_files_are_worked_off_as_ever_body()
{
	make_home
	start_workers
	start_queue
	inject 'Fa@b.c\0Tok@local.test\0\0'
	until_logged "id=$id .*event=done"
	expect_count 1 'unable to connect to run/queue.sock' log
	# it comes later
	start_service
	submit 'Fa@b.c\0Tok@local.test\0\0'
	until_logged "id=$id .*event=done"
	expect_count 1 'queue.sock' log
}

add_case a_service_that_dies_gets_back_what_it_had
a_service_that_dies_gets_back_what_it_had_body()
{
	begin
	submit 'Fa@b.c\0Tslow@local.test\0Tok@far.test\0\0'
	under_way=$id
	until_true "grep -q 'L $id' journal/.said"
	submit 'Fa@b.c\0Tok@local.test\0\0'
	kill -9 $service
	until_logged 'queue.sock: the connection was lost'
	# one more ends while nobody is there to hear of it
	submit 'Fa@b.c\0Tok@far.test\0\0'
	: >local/go
	until_logged "id=$under_way .*event=done"
	[ -e journal/$under_way ] || atf_fail "nobody can have settled it"
	start_service
	until_true '[ $(count event=done log) = 3 ]'
	until_true '[ -z "$(ls journal)" ]'
	stop_queue
	# once, whatever was handed over again
	expect_count 2 "" local/jobs
	expect_count 2 "" remote/jobs
}

add_case what_is_being_made_a_file_while_the_service_dies_is_one
what_is_being_made_a_file_while_the_service_dies_is_one_body()
{
	begin
	submit 'Fa@b.c\0Tslow@local.test\0\0'
	until_true '[ -e local/jobs ]'
	kill -9 $service
	until_logged 'queue.sock: the connection was lost'
	# written, but not settled, as long as nobody can do that
	until_true "[ -e queue/journal/$id ]"
	[ ! -e queue/new/$id ] || atf_fail "it is a file beside its record"
	: >local/go
	until_logged "id=$id .*event=delivery"
	expect_count 0 event=done log
	start_service
	until_logged "id=$id .*event=done"
	is_no_file $id || atf_fail "it is still there"
	expect_count 1 "" local/jobs
}

add_case a_file_that_was_made_for_nothing_is_replaced
a_file_that_was_made_for_nothing_is_replaced_body()
{
	begin
	submit 'Fa@b.c\0Tlater@local.test\0\0' stale
	until_logged "id=$id .*event=deferred"
	expect_count 1 'Z 0 4' "$(echo queue/later/*/$id)"
	[ ! -e journal/$id ] || atf_fail "it is not settled"
}

add_case a_scheduler_that_is_killed_loses_nothing
a_scheduler_that_is_killed_loses_nothing_body()
{
	begin
	submit 'Fa@b.c\0Tok@local.test\0Tslow@far.test\0\0'
	until_true '[ -e remote/jobs ]'
	until_true "grep -q 'L $id' journal/.said"
	kill -9 $queue
	wait $queue
	: >remote/go
	start_queue
	until_logged "id=$id .*event=done"
	# what was known is not repeated, and the other may have been delivered
	expect_count 1 "" local/jobs
	atf_check -o match:"$id a@b.c slow@far.test again" tail -n 1 remote/jobs
	until_true '[ -z "$(ls journal)" ]'
}

add_case a_scheduler_that_is_told_to_stop_ends_what_is_under_way
a_scheduler_that_is_told_to_stop_ends_what_is_under_way_body()
{
	begin
	echo 1 >control/concurrencyremote
	kill -HUP $queue
	submit 'Fa@b.c\0Tslow1@far.test\0\0'
	first=$id
	until_true '[ -e remote/jobs ]'
	submit 'Fa@b.c\0Tok@far.test\0\0'
	until_logged "id=$id .*event=start"
	kill -TERM $queue
	: >remote/go
	wait $queue || atf_fail "queue-run ended with $?"
	expect_count 1 "id=$first .*event=done" log
	until_true "[ ! -e journal/$first ]"
	[ -e journal/$id ] || atf_fail "it is gone"
	start_queue
	until_logged "id=$id .*event=done"
	expect_count 2 "" remote/jobs
}

# put ENVELOPE: a message that is a file, which needs no service, its ID in $id
put()
{
	submit "$1"
	mv journal/$id queue/new/
	echo $id >queue/trigger
}

# It was locked when the first scan met it, and is met by another one.
add_case what_is_older_than_the_scheduler_may_have_been_delivered
what_is_older_than_the_scheduler_may_have_been_delivered_body()
{
	begin
	put 'Fa@b.c\0Tslow@local.test\0\0'
	slow=$id
	until_true 'grep -q slow@local.test local/jobs'
	kill -9 $queue
	wait $queue
	start_queue
	submit 'Fa@b.c\0Tok@far.test\0\0'
	until_logged "id=$id .*event=done"
	: >local/go
	kill -ALRM $queue
	until_logged "id=$slow .*event=done"
	atf_check -o match:"$slow a@b.c slow@local.test again" tail -n 1 local/jobs
}

# What was prepared for it must be known as long as a power cut may bring the file back.
add_case what_was_a_file_is_settled_when_its_end_is_on_the_disk
what_was_a_file_is_settled_when_its_end_is_on_the_disk_head()
{
	atf_set require.progs strace
}
what_was_a_file_is_settled_when_its_end_is_on_the_disk_body()
{
	strace -o /dev/null true || atf_skip 'strace is not able to trace here'
	make_home
	start_workers
	start_service
	mkfifo ready
	strace -D -f -y -s 100 -e trace=unlink,unlinkat,fsync,sendto -o calls \
		queue-run -d 3 3>ready 2>>$log &
	queue=$!
	echo $queue >>pids
	expect_ready
	put 'Fa@b.c\0Tok@local.test\0\0'
	until_true "grep -q 'S $id' journal/.said"
	until_true "grep -q 'S$id' calls"
	awk -v id="$id" '
		/unlink/ && index($0, "queue/new/" id) && / = 0$/ { step = 1 }
		step == 1 && /fsync/ && / = 0$/ { step = 2 }
		index($0, "S" id) { exit step == 2 ? 0 : 1 }' calls ||
		atf_fail "not in this order: $(cat calls)"
	expect_count 1 "S $id" journal/.said
}

add_case the_end_of_a_file_is_told_before_we_stop
the_end_of_a_file_is_told_before_we_stop_body()
{
	begin
	put 'Fa@b.c\0Tok@local.test\0\0'
	until_logged "id=$id .*event=done"
	put 'Fa@b.c\0Tslow@local.test\0\0'
	until_true 'grep -q slow@local.test local/jobs'
	kill -TERM $queue
	: >local/go
	wait $queue || atf_fail "queue-run ended with $?"
	expect_count 1 "id=$id .*event=done" log
	until_true "grep -q 'S $id' journal/.said"
}

add_case no_more_are_handed_over_than_it_wants
no_more_are_handed_over_than_it_wants_body()
{
	begin
	for n in $(seq 5); do
		submit "Fa@b.c\0Tslow$n@local.test\0\0"
	done
	until_true '[ "$(cat journal/.window)" = 401 ]'
	until_true '[ $(count event=start log) = 5 ]'
	: >local/go
	until_true '[ $(count event=done log) = 5 ]'
}

add_case what_the_service_made_a_file_of_meanwhile_is_not_delivered_again
what_the_service_made_a_file_of_meanwhile_is_not_delivered_again_body()
{
	begin
	for rcpt in slow1@far.test slow2@later.test; do
		submit "Fa@b.c\0T$rcpt\0\0"
		cp journal/$id queue/new/
		until_true "grep -q ' $rcpt' remote/jobs"
		echo $id >queue/trigger
	done
	: >journal/.want.$id
	until_true "grep -q 'F $id' journal/.said"
	: >remote/go
	until_true '[ $(count event=done log) = 2 ]'
	until_true '[ -z "$(ls queue/new)" ]'
	kill -ALRM $queue
	submit "Fa@b.c\0Tok@local.test\0\0"
	until_logged "id=$id .*event=done"
	expect_count 2 "" remote/jobs
}

# Far more than may be handed over at a time.
add_case mail_to_a_slow_destination_holds_up_no_other
mail_to_a_slow_destination_holds_up_no_other_body()
{
	make_home
	start_workers
	mkdir -p journal
	"$(atf_get_srcdir)/../queue/fill.py" journal 900 u%d@b.c slow%d@slow.test >ids
	start_service
	start_queue
	until_true '[ $(count event=start log) -gt 300 ]'
	submit 'Fa@b.c\0Tok@local.test\0\0'
	until_logged "id=$id .*event=done"
	# they have become files, which nobody has to hand over again
	until_true '[ $(ls queue/new | wc -l) = 900 ]'
	expect_count 1 event=done log
	: >remote/go
	until_true '[ $(ls queue/new | wc -l) -lt 900 ]'
}

add_case a_burst_of_a_thousand_is_delivered_without_files
a_burst_of_a_thousand_is_delivered_without_files_body()
{
	make_home
	start_workers
	mkdir -p journal fill
	"$(atf_get_srcdir)/../queue/fill.py" journal 1000 a@b.c ok%d@local.test >ids
	start_service
	start_queue
	until_true '[ $(count event=done log) = 1000 ]'
	until_true '[ -z "$(ls journal)" ]'
	[ "$(cat journal/.most)" -le 401 ] || atf_fail "$(cat journal/.most) at a time"
	expect_count 0 '^F' journal/.said
	sort -u local/jobs >once
	expect_count 1000 "" once
	expect_count 1000 "" local/jobs
}

atf_init_test_cases()
{
	for name in $(sed -n 's/^add_case //p' "$(atf_get_srcdir)/queue-run_supply_test"); do
		atf_add_test_case "$name"
	done
}
