#! /usr/bin/env atf-sh
# Programs killed at each of their system calls, and calls that fail.

crash=$(atf_get_srcdir)

can_trace()
{
	strace -o /dev/null true || atf_skip "strace is not able to trace here"
	! ldd "$crash/../../bin/queue-inject" >/dev/null 2>&1 ||
	    atf_skip "the programs are built with a library that makes calls of its own"
}

# faults PROGRAM VERB NUMBER: a case with so many trials; with CRASH_ALL every call is tried.
faults()
{
	name=$(echo "$1_$2" | sed -e 's/_kill/_may_be_killed_at_any_call/' \
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
		/usr/bin/python3 '$crash/faults.py' -n \$number $2 $1 ||
		    atf_fail 'a promise is broken'
	}
	cases=\"\$cases $name\""
}

faults queue-inject kill 30
faults queue-inject error 60
faults maildir-write kill 60
faults maildir-write error 100
faults local-deliver kill 25
faults local-deliver error 40
faults mail-compile kill 40
faults mail-compile error 60
faults mail-user kill 30
faults mail-user error 25
faults queue-edit kill 30
faults queue-edit error 40
faults queue-run kill 20
faults queue-run error 25

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

atf_init_test_cases()
{
	for name in $cases; do
		atf_add_test_case "$name"
	done
}
