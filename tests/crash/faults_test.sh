#! /usr/bin/env atf-sh
# Programs killed at each of their system calls, and calls that fail.

crash=$(atf_get_srcdir)

can_trace()
{
	strace -o /dev/null true || atf_skip "strace is not able to trace here"
	! readelf -d "$crash/../../bin/queue-inject" | grep -q NEEDED ||
	    atf_skip "the programs are built with a library that makes calls of its own"
}

# faults PROGRAM VERB NUMBER [served [forked]]: a case with so many trials, served: with the queue's
# service, forked: at the calls of the children; with CRASH_ALL every call is tried.
faults()
{
	served="${4:+-s} ${5:+-f}"
	name=$(echo "$1${4:+_$4}${5:+_$5}_$2" | sed -e 's/_kill/_may_be_killed_at_any_call/' \
	    -e 's/_error/_meets_errors_at_any_call/' \
	    -e 's/_lasting/_outlives_errors_that_last/' | tr - _)
	eval "
	atf_test_case $name
	${name}_head()
	{
		atf_set require.progs 'strace /usr/bin/python3'
		atf_set require.user unprivileged
		[ -z \"\$CRASH_ALL\" ] || atf_set timeout 3600
	}
	${name}_body()
	{
		number=$3
		[ -z \"\$CRASH_ALL\" ] || number=0
		can_trace
		/usr/bin/python3 '$crash/faults.py' $served -n \$number $2 $1 ||
		    atf_fail 'a promise is broken'
	}
	cases=\"\$cases $name\""
}

faults queue-inject kill 30
faults queue-inject error 60
faults maildir-write kill 60
faults maildir-write error 100
faults local-deliver kill 12
faults local-deliver error 20
faults mail-compile kill 40
faults mail-compile error 60
faults mail-user kill 30
faults mail-user error 25
faults queue-edit kill 30
faults queue-edit error 40
faults queue-run kill 10
faults queue-run error 12
faults queue-serve kill 20 served
faults queue-serve error 30 served
faults queue-serve lasting 3 served
faults local-deliver kill 12 served
faults local-deliver error 20 served
faults queue-run kill 10 served
faults queue-run error 15 served
for program in queue-serve local-deliver; do
	faults $program kill 8 served forked
	faults $program error 10 served forked
done

faults smtp-recv kill 40
faults smtp-recv error 60
faults mx-send kill 25
faults mx-send error 40
faults pop3-serve kill 40
faults pop3-serve error 60

for program in smtp-recv mx-send pop3-serve queue-inject maildir-write local-deliver mail-compile mail-user queue-edit; do
	faults $program lasting 10
done
faults queue-run lasting 8

atf_test_case all_may_be_killed_together
all_may_be_killed_together_head()
{
	atf_set require.progs '/usr/bin/python3'
	atf_set require.user unprivileged
	[ -z "$CRASH_ALL" ] || atf_set timeout 3600
}
all_may_be_killed_together_body()
{
	kills=4
	[ -z "$CRASH_ALL" ] || kills=200
	/usr/bin/python3 "$crash/kills.py" "$kills" || atf_fail 'a promise is broken'
}
cases="$cases all_may_be_killed_together"

atf_init_test_cases()
{
	for name in $cases; do
		atf_add_test_case "$name"
	done
}
