#! /usr/bin/env atf-sh
PATH=$(atf_get_srcdir)/../../bin:$PATH

log=runlog
. "$(atf_get_srcdir)/../queue/home.sh"

make_world()
{
	make_home
	mkdir log
	export LOGNAME=tester SUDO_USER=
}

# Where the message stands
place_of()
{
	find queue -name "$1" | sed 's|/[^/]*$||'
}

expect_place()
{
	case $(place_of $1) in
	$2) ;;
	*) ls -R queue; atf_fail "$1 is in $(place_of $1), not $2" ;;
	esac
}

journal_of()
{
	tail -c +65 $(place_of $1)/$1 | tr '\0' '\n' | grep -a '^[0-9]* [A-Z] [0-9]'
}

deferred()
{
	inject "$1"
	until_logged "id=$id .*event=deferred"
}

edit()
{
	atf_check -o match:"$1" -e save:edited queue-edit $2
}

add_case holds_and_releases
holds_and_releases_body()
{
	make_world
	start_workers
	inject 'Fa@b.c\0Tok@local.test\0\0'
	edit '^hold: 1 message, 1 recipient$' "hold $id"
	expect_place $id queue/hold
	start_queue
	atf_check -s exit:100 -o match:'^hold: 0 ' -e match:"$id: it is held already" queue-edit hold $id
	atf_check -s exit:100 -o ignore -e match:"$id: it is held: release it" queue-edit retry $id
	edit '^release: 1 message' "release $id"
	until_logged "id=$id .*event=done"
	atf_check -s exit:100 -o ignore -e match:"$id: no such message" queue-edit release $id
	inject 'Fa@b.c\0Tslow@far.test\0\0'
	atf_check -o match:' id=.* at=queue-edit event=held by=tester' \
	    -o match:' id=.* at=queue-edit event=released by=tester' cat log/admin/current
}

add_case retries_now_though_the_destination_is_down
retries_now_though_the_destination_is_down_body()
{
	make_world
	start_workers
	start_queue
	deferred 'Fa@b.c\0Tdown@dead.test\0\0'
	deferred 'Fa@b.c\0Tok@dead.test\0\0'
	expect_place $id 'queue/later/*'
	edit '^retry: 1 message, 1 recipient$' "retry domain=dead.test recipient=ok@*"
	until_logged "id=$id .*event=done"
	atf_check -o match:"id=$id at=queue-edit event=retried by=tester" cat edited
	expect_count 1 event=done runlog
}

add_case retries_when_queue_run_comes_back
retries_when_queue_run_comes_back_body()
{
	make_world
	start_workers
	start_queue
	deferred 'Fa@b.c\0Tflaky@local.test\0\0'
	stop_queue
	edit '^retry: 1 message' "retry $id"
	expect_place $id queue/new
	start_queue
	until_logged "id=$id .*event=done"
}

add_case removes_without_a_bounce
removes_without_a_bounce_body()
{
	make_world
	start_workers
	start_queue
	deferred 'Fok@far.test\0Tlater1@local.test\0Tlater2@far.test\0\0'
	edit '^remove: 1 message, 1 recipient$' "-m unwanted remove $id domain=LOCAL.test"
	expect_place $id 'queue/later/*'
	journal_of $id >journal
	atf_check -o match:' X 0 - unwanted$' cat journal
	edit '^remove: 1 message, 1 recipient$' "remove $id"
	expect_place $id ''
	atf_check -o match:"id=$id at=queue-edit event=removed n=[0-9] rcpt=later1@local.test text=unwanted by=tester" \
	    -o match:"event=removed n=[0-9] rcpt=later2@far.test text=\"removed by the administrator\" by=tester" \
	    -o match:"id=$id at=queue-edit event=done by=tester" cat log/admin/current
	inject 'Fa@b.c\0Tok@local.test\0\0'
	until_logged "id=$id .*event=done"
	expect_count 0 event=bounced runlog
}

add_case a_success_that_is_to_be_reported_survives_removal
a_success_that_is_to_be_reported_survives_removal_body()
{
	make_world
	start_workers
	inject 'Fok@far.test\0NNOTIFY=SUCCESS\0Tbox@local.test\0Tlater@local.test\0\0'
	now=$(date +%s)
	printf "$now K 0 2.0.0 delivered: x\n$now Z 1 4.0.0 x\n" >>queue/new/$id
	edit '^remove: 1 message, 1 recipient$' "remove $id"
	expect_place $id queue/new
	start_queue
	until_logged "id=$id .*event=done"
	until_true '[ -e remote/ok@far.test.* ]'
	atf_check -o match:'; box@local.test' -o not-match:'; later@' cat remote/ok@far.test.*
	[ ! -e local/jobs ] || atf_fail "delivered again"
}

add_case removes_what_is_kept_in_bad
removes_what_is_kept_in_bad_body()
{
	make_world
	inject 'F#@[]\0Tno@far.test\0\0'
	mv queue/new/$id queue/bad/
	echo nonsense >queue/bad/0hofc52zpb5l953d9rf5s000
	atf_check -s exit:100 -o ignore -e match:'it is in queue/bad' queue-edit retry $id
	edit '^remove: 1 message' "remove $id"
	atf_check -s exit:100 -o ignore -e match:'no header of a queue file' \
	    queue-edit remove 0hofc52zpb5l953d9rf5s000
	edit '^remove: 0 messages' 'remove all'
	atf_check -o inline:'0hofc52zpb5l953d9rf5s000\n' ls queue/bad
}

add_case removes_what_a_crash_has_left
removes_what_a_crash_has_left_body()
{
	make_world
	inject 'Fok@far.test\0Tok@local.test\0\0'
	echo '1795430701 X 0 - removed' >>queue/new/$id
	mv queue/new/$id queue/hold/
	atf_check -s exit:100 -o ignore -e match:'no such recipient is waiting' queue-edit bounce $id
	edit '^remove: 1 message, 0 recipients$' "remove $id"
	expect_place $id ''
}

add_case reads_only_the_folders_that_are_meant
reads_only_the_folders_that_are_meant_body()
{
	make_world
	inject 'Fok@far.test\0Tok@local.test\0\0'
	mv queue/new/$id queue/hold/
	mv queue/later queue/away
	atf_check -o match:"^$id hold" queue-list state=hold
	atf_check -o match:"^message $id" queue-show state=hold,paused older=0s
	edit '^release: 1 message' 'release state=hold'
	atf_check -s exit:111 -o match:"^$id new" -e match:'unable to read queue/later' queue-list
}

add_case bounces_now
bounces_now_body()
{
	make_world
	start_workers
	start_queue
	deferred 'Fok@far.test\0Tlater1@local.test\0Tlater2@far.test\0\0'
	edit '^bounce: 1 message, 1 recipient$' "bounce $id recipient=later1@*"
	until_true '[ -e remote/ok@far.test.* ]'
	atf_check -o match:'^Final-Recipient: rfc822; later1@local.test' -o match:'^Status: 5.0.0' \
	    -o match:'given up by the administrator' -o not-match:'rfc822; later2' \
	    cat remote/ok@far.test.*
	until_true "[ -e queue/later/*/$id ] && [ \$(count \"id=$id .*event=deferred\" runlog) = 2 ]"
	edit '^bounce: 1 message, 1 recipient$' "-m 'gone' bounce $id"
	until_logged "id=$id .*event=done"
	atf_check -o match:"id=$id at=queue-edit event=delivery n=[0-9] rcpt=later1@local.test result=D status=5.0.0 text=\"given up by the administrator\" via=admin by=tester" \
	    cat log/admin/current
}

add_case bounces_what_is_held
bounces_what_is_held_body()
{
	make_world
	start_workers
	inject 'Fok@far.test\0Tok1@local.test\0Tok2@local.test\0\0'
	mv queue/new/$id queue/hold/
	start_queue
	# the other recipient stays held, and with it the report
	edit '^bounce: 1 message, 1 recipient$' "bounce $id recipient=ok1@*"
	expect_place $id queue/hold
	edit '^bounce: 1 message, 1 recipient$' "bounce $id"
	until_logged "id=$id .*event=done"
	[ ! -e local/jobs ] || atf_fail "delivered: $(cat local/jobs)"
	until_true '[ -e remote/ok@far.test.* ]'
	atf_check -o match:'rfc822; ok1@local.test' -o match:'rfc822; ok2@local.test' \
	    cat remote/ok@far.test.*
}

add_case redirects_to_another_address
redirects_to_another_address_body()
{
	make_world
	start_workers
	start_queue
	deferred 'Fok@far.test\0Tlater@local.test\0Tlater2@local.test\0\0'
	first=$id
	deferred 'Fok@far.test\0Tlater@local.test\0\0'
	edit '^redirect: 2 messages, 2 recipients$' 'redirect LATER@local.test ok@far.test'
	atf_check -o match:"id=$id at=queue-edit event=redirected n=[0-9] rcpt=later@local.test to=ok@far.test by=tester" \
	    cat edited
	edit '^retry: 1 message' "retry $id"
	until_logged "id=$id .*event=done"
	atf_check test -e remote/ok@far.test.$id
	atf_check -o match:'deferred ok@far.test' -o match:'deferred later2@local.test' queue-list $first
	atf_check -s exit:111 -e match:'x y: not an address' queue-edit redirect a@b.c 'x y'
	atf_check -s exit:111 -e match:usage: queue-edit redirect a@b.c
}

add_case says_what_it_would_do
says_what_it_would_do_body()
{
	make_world
	inject 'Fok@far.test\0Tok1@local.test\0Tok2@far.test\0\0'
	md5sum queue/new/$id >before
	for verb in retry hold remove bounce; do
		atf_check -o match:"^would $verb $id ok2@far.test$" \
		    -o match:"^would $verb: 1 message, 1 recipient$" -o not-match:ok1 \
		    queue-edit -n $verb domain=far.test
	done
	atf_check -o match:"^would redirect $id ok1@local.test$" \
	    queue-edit -n redirect ok1@local.test x@y.z
	atf_check -o ignore md5sum -c before
	[ ! -e log/admin ] || atf_fail "something was logged"
}

add_case does_nothing_to_what_was_not_named
does_nothing_to_what_was_not_named_body()
{
	make_world
	inject 'Fok@far.test\0Tok1@local.test\0\0'
	for verb in retry hold release remove bounce; do
		atf_check -s exit:111 -e match:'which messages' queue-edit $verb
	done
	for words in '' destroy 'remove nonsense' 'remove older=x' '-w x remove all' '-x remove all' \
	    'remove all older=1d' pause 'pause not/a/domain' '-n pause far.test'; do
		atf_check -s exit:111 -e match:'queue-edit: ' queue-edit $words
	done
	atf_check -o match:'^remove: 0 messages' queue-edit remove sender=ok@FAR.tes
	atf_check -s exit:100 -o ignore -e match:'not what the other words say' \
	    queue-edit remove $id sender=x@y.z
	atf_check -s exit:100 -o match:'^hold: 1 message' -e match:'0hofc52zpb5l953d9rf5s000: no such' \
	    queue-edit hold 0hofc52zpb5l953d9rf5s000 $id
}

add_case waits_for_what_is_being_delivered
waits_for_what_is_being_delivered_body()
{
	make_world
	start_workers
	start_queue
	inject 'Fa@b.c\0Tslow@far.test\0Tlater@local.test\0\0'
	busy=$id
	until_true '[ -e remote/jobs ]'
	deferred 'Fa@b.c\0Tlater@local.test\0\0'
	# the rest is done
	atf_check -s exit:111 -o match:'^hold: 1 message' -e match:"$busy: being delivered now" \
	    queue-edit -w 0 hold $busy $id
	expect_place $id queue/hold
	# it is done as soon as it may be
	queue-edit -w 60 hold $busy >out 2>err &
	editor=$!
	: >remote/go
	wait $editor || atf_fail "$(cat err)"
	expect_place $busy queue/hold
	# one that is delivered meanwhile
	rm remote/go
	inject 'Fa@b.c\0Tslow@far.test\0\0'
	until_true '[ $(count "" remote/jobs) = 2 ]'
	mkfifo told
	(queue-edit -w 60 hold $id 2>err; echo $? >code) >out &
	editor=$!
	sleep 0.2
	: >remote/go
	wait $editor
	atf_check -o match:'^100$|^111$' cat code
	atf_check -o match:"$id: (has left the queue meanwhile|no such message)" cat err
}

add_case says_what_is_wrong
says_what_is_wrong_body()
{
	make_world
	FACTEUR_HOME=/nonexistent atf_check -s exit:111 -e match:'unable to enter' queue-edit hold all
	rmdir log
	atf_check -s exit:111 -e match:'unable to log' queue-edit hold all
	mkdir log
	mv queue/new queue/away
	atf_check -s exit:111 -o ignore -e match:'unable to read queue/new' queue-edit hold all
	mv queue/away queue/new
	inject 'Fa@b.c\0Tok@far.test\0\0'
	rmdir queue/hold
	atf_check -s exit:111 -o match:'hold: 0' -e match:'unable to move message' queue-edit hold $id
	expect_place $id queue/new
}

add_case is_kept_from_a_queue_of_others
is_kept_from_a_queue_of_others_head()
{
	atf_set require.user root
}
is_kept_from_a_queue_of_others_body()
{
	make_world
	inject 'Fa@b.c\0Tok@far.test\0\0'
	chmod 755 .
	chmod 700 queue
	atf_check -s exit:111 -e match:'permission denied: only root and its owner may look into .*/queue$' \
	    setpriv --reuid 65534 --regid 65534 --clear-groups "$(command -v queue-edit)" hold $id
	mkdir log/admin
	chmod 777 log/admin
	atf_check -s exit:111 -o ignore -e match:'permission denied: only root and its owner' \
	    setpriv --reuid 65534 --regid 65534 --clear-groups "$(command -v queue-edit)" hold $id
	expect_place $id queue/new
}

# In the logs of the services as s6-log writes them
until_recorded()
{
	until_true "grep -q '$1' log/queue/current"
}

# Root in a queue whose owner has put links in the place of folders.
add_case touches_nothing_through_links_as_root
touches_nothing_through_links_as_root_head()
{
	atf_set require.user root
}
touches_nothing_through_links_as_root_body()
{
	make_world
	chmod 755 .
	inject 'Fa@b.c\0Tok@far.test\0\0'
	mkdir queue/paused secret
	chmod 700 secret
	chown -R 65534:65534 queue
	chmod 750 queue
	rmdir queue/hold queue/bad
	ln -s ../secret queue/hold
	ln -s ../secret queue/bad
	atf_check -s exit:111 -o ignore -e match:'Permission denied' queue-edit hold $id
	atf_check -s not-exit:0 -o ignore -e ignore queue-check -r
	atf_check find secret -mindepth 1
	atf_check -o inline:"0 700\n" stat -c '%u %a' secret
	atf_check -o inline:"65534 700\n" stat -c '%u %a' log/admin
	expect_place $id queue/new
	# what it writes is the owner's
	[ ! -L queue/hold ] || rm queue/hold
	mkdir -p queue/hold
	chown 65534:65534 queue/hold
	atf_check -o match:'hold: 1 message' -e ignore queue-edit hold $id
	expect_place $id queue/hold
	atf_check -o inline:"65534\n" stat -c %u log/admin/current
	rm log/admin/current
	mkfifo log/admin/current
	atf_check -s exit:111 -e match:'unable to log' timeout 20 queue-edit release $id
	rm log/admin/current
	ln -s ../../secret/file log/admin/current
	atf_check -s exit:111 -e match:'unable to log' queue-edit release $id
	atf_check find secret -mindepth 1
	# root's own, but others can write in it
	chown root queue
	chmod 777 queue
	atf_check -s exit:111 -e match:"root's, and yet others" queue-list
}

add_case frees_a_full_disk
frees_a_full_disk_head()
{
	atf_set require.user root
}
frees_a_full_disk_body()
{
	if [ -z "$MOUNTS_ARE_OURS" ]; then
		unshare -m true 2>/dev/null || atf_skip "nothing can be mounted here"
		atf_check -o ignore -e ignore env MOUNTS_ARE_OURS=1 unshare -m "$0" \
		    -s "$(atf_get_srcdir)" frees_a_full_disk
		return
	fi
	mkdir small
	mount -t tmpfs -o size=512k,mode=755 none small || atf_skip "no tmpfs can be mounted"
	cd small
	make_world
	mkdir queue/paused
	echo far.test >control/paused
	# the file ends with a page, so that there is no room for a journal
	printf 'Fa@b.c\0Tok@far.test\0\0' >envelope
	for id in 0hofc52zpb5l953d9rf5s5a3 0hofc52zpb5l953d9rf5s5b4; do
		head -c $((4096 - 64 - $(wc -c <envelope))) /dev/zero | tr '\0' x |
			QUEUEID=$id queue-inject 1<envelope 2>>inject.log || atf_fail "not queued"
	done
	dd if=/dev/zero of=filler bs=4k 2>/dev/null
	# what is truncated makes room for its log
	atf_check -e match:'event=resumed' queue-edit resume far.test
	atf_check cat control/paused
	rm log/admin/current
	dd if=/dev/zero of=filler2 bs=4k 2>/dev/null
	atf_check -o match:'remove: 1 message' -e match:'event=done' -e match:'is short' \
	    queue-edit remove $id
	[ ! -e queue/new/$id ] || atf_fail "still there"
	atf_check -o match:'remove: 1 message' -e ignore queue-edit remove all
	atf_check find queue -type f ! -path queue/lock
	cd ..
	umount small
}

add_case leaves_a_trace_for_mail_path_and_queue_audit
leaves_a_trace_for_mail_path_and_queue_audit_head()
{
	atf_set require.progs s6-log
}
leaves_a_trace_for_mail_path_and_queue_audit_body()
{
	make_world
	start_workers
	mkdir log/queue
	mkfifo feed
	ln -s feed inject.log
	s6-log -b t "$PWD/log/queue" <feed &
	echo $! >>pids
	exec 8>feed
	log=feed
	start_queue
	inject 'Fok@far.test\0Tlater1@local.test\0Tlater2@far.test\0\0'
	first=$id
	until_recorded "id=$id .*event=deferred"
	edit '^remove: 1 message, 1 recipient$' "-m spam remove $id recipient=later1@*"
	edit '^bounce: 1 message, 1 recipient$' "bounce $id"
	until_recorded "id=$id .*event=done"
	atf_check -e ignore queue-edit pause far.test
	inject 'Fa@b.c\0Tok1@far.test\0\0'
	until_recorded "id=$id .*event=paused"
	edit '^hold: 1 message' "hold $id"
	edit '^redirect: 1 message' "redirect ok1@far.test ok2@local.test"
	edit '^release: 1 message' "release $id"
	until_recorded "id=$id .*event=done"
	inject 'Fa@b.c\0Tlater@other.test\0\0'
	until_recorded "id=$id .*event=deferred"
	edit '^remove: 1 message' "remove $id"
	atf_check -e ignore queue-edit resume far.test
	until_true '[ -e remote/ok@far.test.* ]'
	bounce=$(ls remote | sed -n 's/^ok@far.test.//p')
	until_recorded "id=$bounce .*event=done"
	atf_check -o match:'later1@local.test is removed by tester: spam' \
	    -o match:'later2@far.test has failed, admin: 5.0.0 given up by the administrator' \
	    mail-path $first
	atf_check -o match:"^queue-audit" -o match:'1 failed and reported, 2 removed by hand, 0 still' \
	    queue-audit $(date +%F)
}

# What is done to 300 messages while they are delivered neither loses nor doubles one.
add_case pauses_and_resumes_a_destination
pauses_and_resumes_a_destination_body()
{
	make_world
	start_workers
	start_queue
	deferred 'Fa@b.c\0Tlater@far.test\0\0'
	untouched=$id
	atf_check -e match:'event=paused what=Far.test by=tester' queue-edit pause Far.test
	inject 'Fa@b.c\0Tok1@FAR.test\0\0'
	until_logged "id=$id .*event=paused"
	expect_place $id queue/paused
	paused=$id
	inject 'Fa@b.c\0Tok@other.test\0\0'
	until_logged "id=$id .*event=done"
	atf_check -o match:'^paused: far.test$' -o match:' far.test paused$' queue-list -c
	# no attempt was made, and none is counted
	atf_check -o match:"^$paused paused .* tries 0$" -o match:'waiting ok1@FAR.test' queue-list $paused
	atf_check -s exit:100 -o ignore -e match:'its destination is paused' queue-edit retry $paused
	atf_check -e match:'event=resumed what=far.test by=tester' queue-edit resume far.test
	until_logged "id=$paused .*event=done"
	# what waits for its time is not hurried
	expect_place $untouched 'queue/later/*'
	expect_count 1 "id=$untouched .*event=start" runlog
	atf_check -s exit:100 -e match:'far.test: not paused' queue-edit resume far.test
	atf_check -o match:'at=queue-edit event=paused what=Far.test' cat log/admin/current
}

add_case changes_no_list_of_pauses_that_queue_run_rejects
changes_no_list_of_pauses_that_queue_run_rejects_body()
{
	make_world
	printf '# by hand\nfar.test\nnot/a/domain\n\nlocal \n' >control/paused
	cp control/paused before
	for act in 'resume far.test' 'pause near.test'; do
		atf_check -s exit:111 \
		    -e match:'control/paused: neither a domain nor local nor remote, .*: not/a/domain' \
		    queue-edit $act
		atf_check cmp before control/paused
	done
	sed -i '/not/d' control/paused
	atf_check -e match:event=resumed queue-edit resume local
	atf_check -o inline:'# by hand\nfar.test\n\n' cat control/paused
	# and what was changed by hand is heard of from us
	start_workers
	start_queue
	inject 'Fa@b.c\0Tok1@far.test\0\0'
	until_logged "id=$id .*event=paused"
	rm control/paused
	atf_check -s exit:100 -e match:'far.test: not paused' queue-edit resume far.test
	until_logged "id=$id .*event=done"
}

add_case pauses_local_and_remote_mail
pauses_local_and_remote_mail_body()
{
	make_world
	start_workers
	printf '# by hand\nexample.org' >control/paused
	atf_check -e ignore queue-edit pause local remote
	atf_check -e empty queue-edit pause local
	atf_check -o inline:'# by hand\nexample.org\nlocal\nremote\n' cat control/paused
	inject 'Fa@b.c\0Tok1@local.test\0Tok1@far.test\0\0'
	start_queue
	until_logged "id=$id .*event=paused"
	# one of two ways is free
	atf_check -e ignore queue-edit resume local
	until_true '[ -e local/jobs ]'
	atf_check -s exit:1 test -e remote/jobs
	until_true "expect_place $id queue/paused && [ \$(count 'event=paused' runlog) -ge 1 ]"
	stop_queue
	start_queue
	inject 'Fa@b.c\0Tok2@local.test\0\0'
	until_logged "id=$id .*event=done"
	atf_check -s exit:1 test -e remote/jobs
	# also when queue-run does not hear of it
	stop_queue
	atf_check -e ignore queue-edit resume remote
	start_queue
	until_true '[ $(count event=done runlog) = 2 ]'
	atf_check -o inline:'# by hand\nexample.org\n' cat control/paused
	atf_check sh -c 'find queue -type f ! -path queue/lock'
}

add_case pauses_what_is_in_line_already
pauses_what_is_in_line_already_body()
{
	make_world
	echo 1 >control/concurrencyremote
	start_workers
	start_queue
	for n in 1 2 3; do
		inject "Fa@b.c\0Tslow$n@slow.test\0\0"
	done
	inject 'Fa@b.c\0Tslow4@slow.test\0Tok@local.test\0\0'
	until_logged "id=$id .*rcpt=ok@local.test result=K"
	atf_check -e ignore queue-edit pause slow.test
	# what is under way ends
	until_true '[ $(ls queue/paused | wc -l) = 3 ]'
	expect_count 1 '' remote/jobs
	inject 'Fa@b.c\0Tok1@far.test\0\0'
	: >remote/go
	until_logged "id=$id .*event=done"
	atf_check -e ignore queue-edit resume slow.test
	until_true '[ $(count event=done runlog) = 5 ]'
	expect_count 6 'result=K' runlog
	expect_count 0 event=deferred runlog
}

add_case resumes_what_waits_for_something_else_too
resumes_what_waits_for_something_else_too_body()
{
	make_world
	start_workers
	start_queue
	atf_check -e ignore queue-edit pause far.test
	inject 'Fa@b.c\0Tok@far.test\0Tlater@local.test\0\0'
	until_logged "id=$id .*event=deferred"
	expect_place $id 'queue/later/*'
	atf_check -e ignore queue-edit pause other.test
	atf_check -e ignore queue-edit resume far.test
	until_logged "id=$id .*rcpt=ok@far.test result=K"
	until_true '[ $(count event=deferred runlog) = 2 ]'
	expect_count 1 '' remote/jobs
}

add_case bounces_and_holds_what_is_paused
bounces_and_holds_what_is_paused_body()
{
	make_world
	start_workers
	start_queue
	atf_check -e ignore queue-edit pause far.test
	inject 'Fok@other.test\0Tok1@far.test\0Tok2@far.test\0\0'
	until_logged "id=$id .*event=paused"
	edit '^bounce: 1 message, 1 recipient$' "bounce $id recipient=ok1@*"
	until_logged "id=$id .*event=bounced"
	until_true "expect_place $id queue/paused"
	edit '^hold: 1 message' "hold $id"
	atf_check -e ignore queue-edit resume far.test
	inject 'Fa@b.c\0Tok@far.test\0\0'
	until_logged "id=$id .*event=done"
	expect_count 1 '@far.test' remote/jobs
}

add_case disturbs_no_delivery
disturbs_no_delivery_body()
{
	make_world
	echo 1 >control/retry
	start_workers
	start_queue
	(
		while [ ! -e enough ]; do
			for verb in hold release retry; do
				queue-edit -w 0 $verb all >>edited 2>&1
			done
		done
	) &
	editor=$!
	echo $editor >>pids
	for n in $(seq 100); do
		inject "Fa@b.c\0Tok$n@local.test\0\0"
		echo $id >>ids
		inject "Fa@b.c\0Tflaky$n@far$n.test\0\0"
		echo $id >>ids
		inject "Fa@b.c\0Tok$n@far.test\0Tflaky$n@local.test\0\0"
		echo $id >>ids
	done
	: >enough
	wait $editor
	atf_check -o ignore -e ignore -s ignore queue-edit -w 5 release all
	until_counted 300 event=done runlog
	atf_check sh -c 'find queue -type f ! -path queue/lock'
	expect_count 300 event=done runlog
	# each recipient has exactly one delivery, and each message exactly one end
	sed -n 's/id=\([0-9a-z]*\) .*event=done.*/\1/p' runlog | sort >done
	sort ids >expected
	atf_check cmp expected done
	expect_count 400 'event=delivery .*result=K' runlog
	sed -n 's/id=\([0-9a-z]*\) .*rcpt=\([^ ]*\) result=K.*/\1 \2/p' runlog | sort | uniq -d >twice
	atf_check cat twice
	for verb in held released retried; do
		atf_check -o ignore grep -q event=$verb log/admin/current
	done
}

atf_init_test_cases()
{
	for name in $(sed -n 's/^add_case //p' "$(atf_get_srcdir)/queue-edit_test"); do
		atf_add_test_case "$name"
	done
}
