#! /usr/bin/env atf-sh
PATH=$(atf_get_srcdir)/../../bin:$PATH
. "$(atf_get_srcdir)/../lib/until.sh"

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
	until_true '[ -e first ]'
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
	until_true '[ -e first ]'
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

# What was open where s6-svscan was started is nothing for a session.
atf_test_case what_is_inherited_is_closed
what_is_inherited_is_closed_body()
{
	echo secret >secret
	atf_check -o inline:'3\n' run-alone lock sh -c '
		for fd in 3 4 5 6 7 8 9; do [ ! -e /proc/$$/fd/$fd ] || echo $fd; done' 3<secret 5<secret 9>>secret
	sh -c "exec /usr/bin/python3 -c \"import os
fd = os.open('secret', os.O_RDONLY)
os.dup2(fd, 300)
os.execvp('run-alone', ['run-alone', 'lock', 'sh', '-c', 'ls /proc/self/fd'])\"" >fds
	atf_check -s exit:1 grep -x 300 fds
}

atf_test_case nothing_of_the_lock_is_open_in_the_program
nothing_of_the_lock_is_open_in_the_program_body()
{
	atf_check -o match:'/fd$' -o not-match:'/lock$' \
	    run-alone lock sh -c 'cd /proc/$$/fd; readlink * /proc/self/fd; pwd -P'
}

# The number of a process is given to another, and a session may outlive its service.
atf_test_case another_process_of_that_number_is_not_signalled
another_process_of_that_number_is_not_signalled_body()
{
	sleep 1000 &
	other=$!
	run-alone lock true
	read -r _ start boot <lock
	echo "$other $((start + 1000)) $boot" >lock
	atf_check -e empty -o inline:'second\n' run-alone lock echo second
	echo "$other 1" >lock
	atf_check -e empty -o inline:'third\n' run-alone lock echo third
	kill $other || atf_fail 'another process was ended'
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
	atf_add_test_case what_is_inherited_is_closed
	atf_add_test_case nothing_of_the_lock_is_open_in_the_program
	atf_add_test_case another_process_of_that_number_is_not_signalled
	atf_add_test_case says_what_is_wrong
}
