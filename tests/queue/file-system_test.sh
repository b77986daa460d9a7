#! /usr/bin/env atf-sh
# The queue on file systems that lack something, and with folders that are not what they should be.
PATH=$(atf_get_srcdir)/../../bin:$PATH
. "$(atf_get_srcdir)/home.sh"

# lacking WHAT: from now on programs run by $run are as on a file system without that.
lacking()
{
	run="$(atf_get_srcdir)/without.py $1"
	$run true
	[ $? != 77 ] || atf_skip "no seccomp filter can be set here"
}

start_lacking()
{
	[ -p ready ] || mkfifo ready
	$run queue-run -d 3 3>ready 2>>log &
	queue=$!
	echo $queue >>pids
	expect_ready
}

# As inject, but by $run.
inject_lacking()
{
	printf "$1" >envelope
	printf 'Subject: test\n\nhello\n' | $run queue-inject 1<envelope 4>report 2>>inject.log ||
		atf_fail "not queued: $(cat inject.log)"
	id=$(cut -c 2- report)
}

# New, deferred, bounced, found at the start, accepted twice: all as ever, and nothing is left.
journey()
{
	echo 1 >control/retry
	inject_lacking 'Fa@b.c\0Tfound@local.test\0\0'
	start_workers
	start_lacking
	until_logged "id=$id .*event=done"
	inject_lacking 'Fok@far.test\0Tflaky@local.test\0Tno@far.test\0Tok@far.test\0\0'
	until_logged "id=$id .*event=deferred"
	until_logged "id=$id .*event=bounced"
	until_logged "id=$id .*event=done"
	until_true 'ls remote/ok@far.test.* 2>/dev/null | grep -v $id'
	atf_check -o match:'^hello' cat local/flaky@local.test.$id
	# its bounce leaves the queue too
	until_true '[ -z "$(find queue/new queue/later -type f)" ]'
	export QUEUEID=0hofc52zpb5l953d9rf5s5a3
	inject_lacking 'Fa@b.c\0Tslow@far.test\0\0'
	inject_lacking 'Fa@b.c\0Tslow@far.test\0\0'
	unset QUEUEID
	: >remote/go
	until_logged "id=$id .*event=done"
	stop_queue
	atf_check find queue -type f ! -path queue/lock
	expect_count 1 "^$id " remote/jobs
}

add_case goes_on_without_files_without_a_name
goes_on_without_files_without_a_name_body()
{
	make_home
	lacking tmpfile
	journey
}

# As on NFS, where a file has two names for a moment.
add_case goes_on_without_renames_that_spare_what_is_there
goes_on_without_renames_that_spare_what_is_there_body()
{
	make_home
	lacking tmpfile,rename
	journey
}

# As on vfat.
add_case goes_on_without_hard_links_and_without_a_trigger
goes_on_without_hard_links_and_without_a_trigger_body()
{
	make_home
	rm queue/trigger
	lacking tmpfile,rename,link,fifo
	journey
	atf_check -o match:'unable to make queue/trigger: ' \
	    -o match:'without queue/trigger, new messages are looked for' cat log
}

# Nobody could tell whether a message is being worked on.
add_case refuses_to_run_without_locks
refuses_to_run_without_locks_body()
{
	make_home
	lacking lock
	inject_lacking 'Fa@b.c\0Tok@local.test\0\0'
	atf_check -s exit:111 -e match:'unable to lock queue, its file system must have flock' \
	    $run queue-run
	[ -e queue/new/$id ] || atf_fail "the message is gone"
}

add_case goes_on_on_vfat
goes_on_on_vfat_head()
{
	atf_set require.user root
}
goes_on_on_vfat_body()
{
	command -v mkfs.vfat >/dev/null || atf_skip "no mkfs.vfat"
	if [ -z "$MOUNTS_ARE_OURS" ]; then
		atf_check -o ignore -e ignore env MOUNTS_ARE_OURS=1 unshare -m "$0" \
		    -s "$(atf_get_srcdir)" -r result goes_on_on_vfat
		case $(cat result) in
		skipped*) atf_skip "$(sed 's/^skipped: //' result)" ;;
		esac
		return
	fi
	make_home
	run=
	truncate -s 16M image
	mkfs.vfat image >/dev/null
	rm -r queue && mkdir queue
	mount -o loop image queue 2>mount.log || atf_skip "vfat can't be mounted: $(head -n 1 mount.log)"
	mkdir queue/new queue/later queue/bad queue/hold
	journey
	atf_check -o match:'unable to make queue/trigger' cat log
	umount queue
}

add_case makes_a_trigger_that_is_missing
makes_a_trigger_that_is_missing_body()
{
	make_home
	rm queue/trigger
	start_workers
	start_queue
	atf_check -o match:'^prw-------' ls -l queue/trigger
	inject 'Fa@b.c\0Tok@local.test\0\0'
	until_logged "id=$id .*event=done"
	atf_check -o match:'queue/trigger was missing, it is made' cat log
}

add_case sweeps_what_a_killed_injector_left_long_ago
sweeps_what_a_killed_injector_left_long_ago_body()
{
	make_home
	lacking tmpfile
	mkfifo envelope.fifo
	printf 'hello\n' | $run queue-inject 1<envelope.fifo &
	exec 8>envelope.fifo
	until_true 'ls queue/new | grep -q "^tmp\."'
	pkill -9 -P $$ queue-inject
	exec 8>&-
	left=$(ls queue/new)
	start_workers
	start_queue
	inject 'Fa@b.c\0Tok@local.test\0\0'
	until_logged "id=$id .*event=done"
	stop_queue
	[ -e "queue/new/$left" ] || atf_fail "removed while the injector may be at work"
	touch -d '37 hours ago' "queue/new/$left"
	mkdir queue/new/tmp.folder
	touch -d '37 hours ago' queue/new/tmp.folder
	start_queue
	until_logged "event=leftover file=queue/new/$left"
	stop_queue
	atf_check -o inline:"tmp.folder\n" ls queue/new
	atf_check ls queue/bad
}

# For root nothing is unreadable.
add_case is_not_held_up_by_what_it_cannot_read
is_not_held_up_by_what_it_cannot_read_head()
{
	atf_set require.user unprivileged
}
is_not_held_up_by_what_it_cannot_read_body()
{
	make_home
	mkdir queue/later/100
	inject 'Fa@b.c\0Tok@local.test\0\0'
	waiting=$id
	mv queue/new/$id queue/later/100
	inject 'Fa@b.c\0Tok@local.test\0\0'
	closed=$id
	chmod 0 queue/new/$closed queue/later/100
	start_workers
	start_queue
	for n in 1 2 3 4 5; do
		inject 'Fa@b.c\0Tok@local.test\0\0'
		until_logged "id=$id .*event=done"
	done
	atf_check -o match:'unable to read queue/later/100: ' \
	    -o match:"unable to read queue/new/$closed: " -o not-match:event=bad cat log
	expect_count 1 'queue/later/100: ' log
	chmod 660 queue/new/$closed
	chmod 600 queue/later/100
	kill -ALRM $queue
	until_logged "id=$closed .*event=done"
	until_logged "unable to read queue/later/100/$waiting: "
	chmod 700 queue/later/100
	kill -ALRM $queue
	until_logged "id=$waiting .*event=done"
	stop_queue
}

add_case repeats_nothing_that_it_could_not_remove
repeats_nothing_that_it_could_not_remove_head()
{
	atf_set require.user unprivileged
}
repeats_nothing_that_it_could_not_remove_body()
{
	make_home
	start_workers
	start_queue
	inject 'Fa@b.c\0Tslow@far.test\0\0'
	until_true '[ -e remote/jobs ]'
	chmod 500 queue/new
	: >remote/go
	until_logged "unable to remove queue/new/$id: "
	chmod 700 queue/new
	kill_queue
	start_queue
	until_logged "id=$id .*event=done"
	expect_count 1 slow@far.test remote/jobs
}

# One message can't be opened once, for a shortage that is over soon.
add_case comes_back_to_what_a_shortage_let_it_pass_over
comes_back_to_what_a_shortage_let_it_pass_over_body()
{
	command -v strace >/dev/null || atf_skip "no strace"
	make_home
	start_workers
	mkdir queue/later/100
	inject 'Fa@b.c\0Tok@far.test\0\0'
	mv queue/new/$id queue/later/100/
	strace -D -qq -o /dev/null -e signal=none -P queue/later/100/$id \
	    -e inject=open,openat:error=EMFILE:when=1 queue-run 2>>log &
	echo $! >>pids
	until_logged "unable to read queue/later/100/$id: "
	sleep 6
	until_logged "id=$id .*event=done"
}

add_case waits_for_folders_that_vanish
waits_for_folders_that_vanish_body()
{
	make_home
	start_workers
	start_queue
	mv queue/new queue/away
	echo hi | atf_check -s exit:62 -e match:'unable to create a file in .*/queue/new: ' \
	    sh -c 'queue-inject 1<envelope' || :
	mv queue/away queue/new
	rmdir queue/later
	inject 'Fa@b.c\0Tflaky@local.test\0\0'
	until_logged 'unable to make a folder in queue/later'
	waiting=$id
	inject 'Fa@b.c\0Tok@local.test\0\0'
	until_logged "id=$id .*event=done"
	[ -e queue/new/$waiting ] || atf_fail "the message is gone"
	mkdir queue/later
	kill -ALRM $queue
	until_logged "id=$waiting .*event=deferred"
	kill -ALRM $queue
	until_logged "id=$waiting .*event=done"
	stop_queue
}

add_case loses_nothing_on_a_full_disk
loses_nothing_on_a_full_disk_head()
{
	atf_set require.user root
}
loses_nothing_on_a_full_disk_body()
{
	if [ -z "$MOUNTS_ARE_OURS" ]; then
		unshare -m true 2>/dev/null || atf_skip "nothing can be mounted here"
		atf_check -o ignore -e ignore env MOUNTS_ARE_OURS=1 unshare -m "$0" \
		    -s "$(atf_get_srcdir)" loses_nothing_on_a_full_disk
		return
	fi
	make_home
	rm -r queue && mkdir queue
	mount -t tmpfs -o size=256k,mode=755 none queue || atf_skip "no tmpfs can be mounted"
	mkdir queue/new queue/later queue/bad queue/hold
	mkfifo queue/trigger
	start_workers
	# the file ends with a page, so that there is no room for a journal
	printf 'Fa@b.c\0Tflaky@local.test\0\0' >envelope
	waiting=0hofc52zpb5l953d9rf5s5a3
	head -c $((4096 - 64 - $(wc -c <envelope))) /dev/zero | tr '\0' x |
		QUEUEID=$waiting queue-inject 1<envelope 2>>inject.log || atf_fail "not queued"
	dd if=/dev/zero of=queue/filler bs=4k 2>/dev/null
	echo hi | atf_check -s exit:53 -e match:'No space left' sh -c 'queue-inject 1<envelope'
	start_queue
	until_logged 'No space left'
	rm queue/filler
	kill -ALRM $queue
	until_logged "id=$waiting .*event=deferred"
	kill -ALRM $queue
	until_logged "id=$waiting .*event=done"
	stop_queue
	atf_check find queue -type f ! -path queue/lock
	atf_check -o match:xxx cat local/flaky@local.test.$waiting
	umount queue
}

# The disk takes a part of a line, as a full one does.
add_case delivers_once_when_a_line_is_cut
delivers_once_when_a_line_is_cut_body()
{
	make_home
	start_workers
	trap '' XFSZ
	start_queue
	# so large that the log does not meet the limit
	printf 'Fa@b.c\0Tslow@far.test\0Tlater@far.test\0\0' >envelope
	id=0hofc52zpb5l953d9rf5s5a3
	head -c 20000 /dev/zero | tr '\0' x |
		QUEUEID=$id queue-inject 1<envelope 2>>inject.log || atf_fail "not queued"
	size=$(stat -c %s queue/new/$id)
	prlimit --pid $queue --fsize=$((size + 11)):unlimited
	until_true '[ -s remote/jobs ]'
	: >remote/go
	until_logged 'unable to write to the journal of '
	atf_check_equal $size "$(stat -c %s queue/new/$id)"
	prlimit --pid $queue --fsize=unlimited:unlimited
	sleep 5
	until_logged "id=$id .*event=deferred"
	tail -c +$((size + 1)) queue/later/*/$id >journal
	atf_check -o match:'^[0-9]* K 0 2.0.0 delivered$' -o match:'^[0-9]* Z 1 4.2.0 ' cat journal
	expect_count 2 '' journal
	kill -ALRM $queue
	until_true '[ $(count "id=$id .*event=deferred" log) = 2 ]'
	expect_count 1 slow@far.test remote/jobs
}

atf_init_test_cases()
{
	for name in $(sed -n 's/^add_case //p' "$(atf_get_srcdir)/file-system_test"); do
		atf_add_test_case "$name"
	done
}
