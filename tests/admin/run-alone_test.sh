#! /usr/bin/env atf-sh
PATH=$(atf_get_srcdir)/../../bin:$PATH

# Wait until the file, which a process makes when it runs, is there.
await()
{
	for try in $(seq 200); do
		[ ! -e "$1" ] || return 0
		sleep 0.05
	done
	atf_fail "$1 never came"
}

atf_test_case becomes_the_program
becomes_the_program_body()
{
	atf_check -s exit:7 -o inline:'a b\n' run-alone lock sh -c 'echo "$1"; exit 7' sh 'a b'
	sh -c 'echo $$ >own; exec run-alone lock sh -c "echo \$\$ >its"'
	atf_check cmp own its
}

atf_test_case ends_what_an_earlier_run_has_left
ends_what_an_earlier_run_has_left_body()
{
	run-alone lock sh -c ': >first; exec sleep 1000' &
	first=$!
	await first
	atf_check -o inline:'second\n' -e match:"ending the process .*: $first\$" \
	    run-alone lock echo second
	wait $first
	[ $? = 143 ] || atf_fail "the first ended with $?"
}

atf_test_case kills_what_does_not_end
kills_what_does_not_end_body()
{
	run-alone lock /usr/bin/python3 -c '
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
open("first", "w")
signal.pause()' &
	first=$!
	await first
	atf_check -e match:"killing the process .*: $first\$" run-alone lock true
	wait $first
	[ $? = 137 ] || atf_fail "the first ended with $?"
}

atf_test_case children_have_no_part_in_the_lock
children_have_no_part_in_the_lock_body()
{
	run-alone lock sh -c 'sleep 1000 & echo $! >child'
	atf_check -e empty run-alone lock true
	kill "$(cat child)" || atf_fail 'the child was ended too'
}

atf_test_case leaves_low_descriptors_alone
leaves_low_descriptors_alone_body()
{
	atf_check -o match:'/lock$' -o not-match:' (3|4|5|6|7|8|9) -> .*/lock' \
	    run-alone lock sh -c 'ls -l /proc/$$/fd'
}

atf_test_case says_what_is_wrong
says_what_is_wrong_body()
{
	atf_check -s exit:111 -e match:'usage: run-alone' run-alone lock
	atf_check -s exit:111 -e match:'unable to open none/lock' run-alone none/lock true
	atf_check -s exit:111 -e match:'unable to run ./none' run-alone lock ./none
}

atf_init_test_cases()
{
	atf_add_test_case becomes_the_program
	atf_add_test_case ends_what_an_earlier_run_has_left
	atf_add_test_case kills_what_does_not_end
	atf_add_test_case children_have_no_part_in_the_lock
	atf_add_test_case leaves_low_descriptors_alone
	atf_add_test_case says_what_is_wrong
}
