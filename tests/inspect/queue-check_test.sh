#! /usr/bin/env atf-sh
PATH=$(atf_get_srcdir)/../../bin:$PATH
log=queue.log
. "$(atf_get_srcdir)/../queue/home.sh"

ID=0hofc52zpb5l953d9rf5s5a3
OTHER=0hofc52zpb5l953d9rf5s5b4
DUE=queue/later/9000000000

# A queue as mail-setup makes it, with a new, a deferred and a held message.
make_queue()
{
	make_home
	mkdir -p log/admin
	mkdir -p queue/paused queue/journal
	chmod 700 queue/new queue/later queue/hold queue/paused queue/bad queue/journal
	chmod 600 queue/trigger
	for id in $ID $OTHER 0hofc52zpb5l953d9rf5s5c5; do
		printf 'Fa@b.c\0Tok1@far.test\0Tok2@far.test\0\0' >envelope
		printf 'Subject: test\n\nhello\n' |
			QUEUEID=$id queue-inject 1<envelope 2>>inject.log || atf_fail "not queued"
	done
	mkdir $DUE
	mv queue/new/$OTHER $DUE
	echo '1795430701 Z 0 4.2.0 not now' >>$DUE/$OTHER
	mv queue/new/$id queue/hold
}

# check STATUS OPTIONS...: the log lines go to the file found.
check()
{
	status=$1
	shift
	atf_check -s exit:$status -e save:found queue-check "$@"
}

# A fault that is found, repaired by -r, and then gone.  $1 is a pattern for its line.
expect_repair()
{
	check 100
	atf_check -o ignore grep -E "event=found .*$1" found
	find queue log -type f ! -path 'log/admin/*' | sort >before
	check 100
	find queue log -type f ! -path 'log/admin/*' | sort >after
	atf_check cmp before after
	check 100 -r
	atf_check -o ignore grep -E "event=found .*$1" found
	check 0
}

atf_test_case finds_nothing_wrong_in_a_sound_queue
finds_nothing_wrong_in_a_sound_queue_body()
{
	make_queue
	check 0
	atf_check -o inline:"at=queue-check event=checked messages=3 found=0 repaired=0\n" cat found
	check 0 -r
	# a line of a later version, or what was a torn one, is no fault
	printf '179543\n1795430702 Q 0 - later\n1795430702 Z 2 4.0.0 who\n' >>$DUE/$OTHER
	check 0
	atf_check -o match:"event=noted file=$DUE/$OTHER lines=3" cat found
}

atf_test_case moves_what_is_no_message_to_bad
moves_what_is_no_message_to_bad_body()
{
	make_queue
	: >queue/new/0hofc52zpb5l953d9rf5s001
	ln -s /etc/passwd $DUE/0hofc52zpb5l953d9rf5s002
	mkdir queue/hold/0hofc52zpb5l953d9rf5s003
	mkfifo $DUE/0hofc52zpb5l953d9rf5s004
	head -c 70 queue/new/$ID >queue/hold/0hofc52zpb5l953d9rf5s005
	printf 'facteur1 00000000000000000000 00000000000000000003             \nabc' \
	    >$DUE/0hofc52zpb5l953d9rf5s006
	echo x >queue/hold/0hofc52zpb5l953d9rf5s007
	ln queue/hold/0hofc52zpb5l953d9rf5s007 twoname
	echo hello >queue/new/README
	chmod 660 queue/*/0* $DUE/0* 2>/dev/null
	expect_repair 'why="not named by a message ID"'
	atf_check -o inline:"8\n" sh -c 'ls queue/bad | grep -c -e 0hofc52zpb5l953d9rf5s00 -e README'
	atf_check -o inline:"hello\n" cat queue/bad/README
	atf_check -o inline:"x\n" cat queue/bad/0hofc52zpb5l953d9rf5s007
	atf_check -o inline:"8\n" grep -c 'at=queue-check event=bad' log/admin/current
}

atf_test_case mends_mode_and_torn_line_and_nothing_else_of_a_file
mends_mode_and_torn_line_and_nothing_else_of_a_file_body()
{
	make_queue
	printf '1795430702 Z 0 4.2' >>$DUE/$OTHER
	cp $DUE/$OTHER copy
	chmod 666 queue/new/$ID
	expect_repair 'journal is torn'
	echo >>copy
	atf_check cmp copy $DUE/$OTHER
	atf_check -o inline:"600\n" stat -c %a queue/new/$ID
}

atf_test_case lets_queue_run_end_what_is_done_with
lets_queue_run_end_what_is_done_with_body()
{
	make_queue
	printf '1795430702 K 0 2.0.0 ok\n1795430702 B 1 - x\n' >>$DUE/$OTHER
	check 100
	atf_check -o match:'why="all its recipients are done with"' cat found
	check 100 -r
	[ -e queue/new/$OTHER ] || atf_fail "not moved"
	start_workers
	start_queue
	until_logged "id=$OTHER .*event=done"
	stop_queue
	[ ! -e local/jobs ] && [ ! -e remote/jobs ] || atf_check -o not-match:$OTHER cat remote/jobs
	check 0
}

atf_test_case keeps_the_one_of_two_that_knows_more
keeps_the_one_of_two_that_knows_more_body()
{
	make_queue
	cp -p queue/hold/0hofc52zpb5l953d9rf5s5c5 $DUE/
	echo '1795430702 K 0 2.0.0 ok' >>$DUE/0hofc52zpb5l953d9rf5s5c5
	cp -p queue/new/$ID queue/hold/
	expect_repair 'another file has the same ID'
	[ -e $DUE/0hofc52zpb5l953d9rf5s5c5 ] || atf_fail "the wrong one was moved"
	atf_check -o inline:"$ID\n0hofc52zpb5l953d9rf5s5c5\n" ls queue/bad
}

atf_test_case makes_folders_and_trigger_as_they_should_be
makes_folders_and_trigger_as_they_should_be_body()
{
	make_queue
	rm queue/trigger
	rmdir queue/bad
	chmod 755 queue/hold
	expect_repair 'file=queue/bad why=missing'
	atf_check -o inline:"700\n700\n700\n700\n600\n" \
	    stat -c %a queue/new queue/later queue/hold queue/bad queue/trigger
	[ -p queue/trigger ] || atf_fail "no FIFO"
	rm queue/trigger
	echo backup >queue/trigger
	expect_repair 'file=queue/trigger why="not a FIFO"'
	rmdir queue/bad
	echo file >queue/bad
	check 111
	atf_check -o match:'file=queue/bad why="not a folder"' cat found
	check 100 -r
	check 0
	[ -p queue/trigger ] && [ -d queue/bad ] || atf_fail "not made"
	atf_check -o inline:"file\nbackup\n" sh -c 'cat queue/bad.* queue/trigger.*'
}

atf_test_case takes_the_group_that_most_parts_have
takes_the_group_that_most_parts_have_head()
{
	atf_set require.user root
}
takes_the_group_that_most_parts_have_body()
{
	make_queue
	group=$(stat -c %g queue/later)
	other=$((group + 4711))
	cp -p queue/new/$ID queue/new/0hofc52zpb5l953d9rf5s5d6
	chgrp $other queue/new queue/new/0hofc52zpb5l953d9rf5s5d6
	expect_repair 'file=queue/new why="not the mode or the group'
	atf_check -o inline:"$group 700\n" stat -c '%g %a' queue/new
	atf_check -o inline:"$group\n" sh -c 'stat -c %g queue/*/0* | sort -u'
	# which one is right can't be told
	chgrp $other queue/new queue/later queue/trigger
	chgrp $((other + 1)) queue/bad queue/hold
	chgrp $other queue/new/$ID
	check 100 -r
	atf_check -o match:'file=queue why="no group is that of most of its parts"' \
	    -o not-match:event=repaired -o match:'found=1 repaired=0' cat found
	atf_check -o inline:"$other\n$group\n" stat -c %g queue/new/$ID $DUE/$OTHER
}

atf_test_case tells_queue_run_what_it_moves
tells_queue_run_what_it_moves_body()
{
	make_queue
	printf '1795430702 K 0 2.0.0 ok\n1795430702 B 1 - x\n' >>$DUE/$OTHER
	mv queue/hold/0hofc52zpb5l953d9rf5s5c5 queue/later/
	exec 5<>queue/trigger
	check 100 -r
	echo end >&5
	head -n 3 <&5 >told
	atf_check -o inline:"0hofc52zpb5l953d9rf5s5c5\n$OTHER\nend\n" cat told
	exec 5>&-
}

atf_test_case counts_a_message_once_that_is_moved_meanwhile
counts_a_message_once_that_is_moved_meanwhile_body()
{
	make_queue
	mkdir queue/later/8999999999
	: >queue/later/8999999999/README
	printf 'torn' >>$DUE/$OTHER
	flock $DUE/$OTHER sh -c ': >locked; while [ ! -e go ]; do sleep 0.02; done' &
	until_true '[ -e locked ]'
	queue-check 2>found &
	checker=$!
	# it has left queue/new, and waits for the lock
	until_true 'grep -q README found'
	mv queue/new/$ID queue/hold/
	: >go
	wait $checker
	atf_check -o match:'messages=3 found=2' cat found
}

atf_test_case clears_what_is_no_bucket
clears_what_is_no_bucket_body()
{
	make_queue
	mkdir queue/later/soon queue/later/100
	touch -d '2 hours ago' queue/later/100
	mkdir queue/later/9000000064 # somebody may be about to use it
	mv queue/new/$ID queue/later/
	expect_repair 'file=queue/later/soon why="not a bucket"'
	atf_check -o inline:"9000000000\n9000000064\n" ls queue/later
	atf_check -o inline:"soon\n" ls queue/bad
	atf_check -o inline:"$ID\n" ls queue/new
}

atf_test_case moves_an_unfinished_file_when_its_injector_must_be_gone
moves_an_unfinished_file_when_its_injector_must_be_gone_body()
{
	make_queue
	echo half >queue/new/tmp.$OTHER
	check 0
	touch -d '2 hours ago' queue/new/tmp.$OTHER
	expect_repair 'left unfinished by an injector'
	atf_check -o inline:"half\n" cat queue/bad/tmp.$OTHER
}

atf_test_case waits_for_a_message_that_is_being_delivered
waits_for_a_message_that_is_being_delivered_body()
{
	make_queue
	printf 'torn' >>$DUE/$OTHER
	flock $DUE/$OTHER sh -c ': >locked; while [ ! -e go ]; do sleep 0.02; done' &
	until_true '[ -e locked ]'
	check 111 -r -w 0
	atf_check -o match:"$OTHER: being delivered now" cat found
	atf_check -o inline:"torn" tail -n 1 $DUE/$OTHER
	: >go
	wait
	check 100 -r
}

atf_test_case disturbs_no_delivery
disturbs_no_delivery_body()
{
	make_queue
	start_workers
	start_queue
	for n in 1 2 3; do
		for k in 1 2 3 4 5 6 7 8 9; do
			inject "Fa@b.c\0Tok$n$k@local.test\0Tslow@far.test\0\0"
		done
		queue-check -r 2>found
		[ $? != 111 ] || atf_fail "$(cat found)"
	done
	: >remote/go
	until_true '[ $(count event=done queue.log) = 29 ]'
	stop_queue
	atf_check ls queue/bad
	check 0
}

atf_test_case says_when_it_cannot_look
says_when_it_cannot_look_body()
{
	check 111 -x
	atf_check -o match:usage cat found
	export FACTEUR_HOME="$PWD/nowhere"
	check 111
	mkdir nowhere
	check 111
	atf_check -o match:'unable to look at .*/queue: ' cat found
	make_queue
	export FACTEUR_HOME="$PWD"
	rmdir log/admin log
	: >log
	check 111 -r
	atf_check -o match:'unable to log to log/admin/current: ' cat found
}

atf_init_test_cases()
{
	for name in $(sed -n 's/^atf_test_case //p' "$(atf_get_srcdir)/queue-check_test"); do
		atf_add_test_case "$name"
	done
}
