#! /usr/bin/env atf-sh
# What a crash may leave of the files, and what the system makes of it.

crash=$(atf_get_srcdir)

# states ARGUMENT...: for a sample, each crash point once at least, as many as three seconds
# allow, and at least LEAST; all of them with CRASH_ALL.
LEAST=50
states()
{
	sample="-n $LEAST -s 3"
	[ -z "$CRASH_ALL" ] || sample=
	/usr/bin/python3 "$crash/states.py" $sample "$@" >out 2>&1
	code=$?
	cat out
	return $code
}

needs()
{
	atf_set require.progs 'strace /usr/bin/python3'
	atf_set require.user unprivileged
	[ -z "$CRASH_ALL" ] || atf_set timeout 3600
}

can_trace()
{
	strace -o /dev/null true || atf_skip "strace is not able to trace here"
	! readelf -d "$crash/../../bin/queue-inject" | grep -q NEEDED ||
	    atf_skip "the programs are built with a library that makes calls of its own"
}

# holds NAME SCENARIO DESCRIPTION [SAMPLE [OPTION]]: a case in which every promise must hold.
holds()
{
	eval "
	atf_test_case $1
	$1_head()
	{
		atf_set descr '$3'
		needs
	}
	$1_body()
	{
		can_trace
		[ -n \"\$CRASH_ALL\" ] || set -- $4
		states $5 \"\$@\" $2 || atf_fail 'a promise is broken'
	}
	cases=\"\$cases $1\""
}

# catches SCENARIO BREAK [OPTION]: a case in which the check must find what was left out.
catches()
{
	name=$(echo "$1_notices_$2" | tr - _)
	eval "
	atf_test_case $name
	${name}_head()
	{
		atf_set descr 'a record of $1 with $2 is noticed'
		needs
	}
	${name}_body()
	{
		can_trace
		# the first is enough, and must be among so many
		CRASH_ALL= LEAST=1000 states -1 $3 $1 $2 && atf_fail 'it is not noticed'
		! grep 'synced in another way' out || atf_skip 'that is not left out here'
		atf_check -o match:' [1-9][0-9]* broken' tail -n 1 out
	}
	cases=\"\$cases $name\""
}

holds what_is_accepted_survives accept "queue-inject, then a crash, then queue-run"
holds what_is_written_survives maildir "maildir-write, then a crash"
holds what_is_under_way_survives deliver "queue-run and local-deliver, a crash, and again"
holds what_many_share_survives many "many recipients of one message, a crash, and again"
holds what_a_commit_carries_survives many \
    "the same in the current folder, whose file system may write one journal in order" "" -c
holds what_is_late_is_told_once late "queue-run reports a delay, a crash, and again"
holds what_the_service_took_survives journal "queue-serve and all behind it, a crash, and again" \
    "-n 12 -p 12 -s 0"
holds what_is_reported_is_so_once report "queue-run reports successes and failures, a crash, and again"
for break in no-directory-sync no-file-sync named-first; do
	catches accept $break
	catches maildir $break
done
catches deliver named-first
catches many no-common-sync
catches many no-common-flush -c
catches journal no-record-sync

atf_init_test_cases()
{
	for name in $cases; do
		atf_add_test_case "$name"
	done
}
