#! /usr/bin/env atf-sh
PATH=$(atf_get_srcdir)/../../bin:$PATH

# under_log COMMAND: with a pipe, the log, on descriptor 1.  What service-finish leaves alone in
# it must end by itself, for the pipe is read to its end.
under_log()
{
	sh -c "$1" 2>err | cat >log
}

atf_test_case waits_for_sessions_that_end
waits_for_sessions_that_end_body()
{
	under_log 'sh -c "sleep 0.5; : >ended" 2>&1 & service-finish 20 0 0 smtp; test -e ended && : >waited'
	atf_check test -e waited
}

atf_test_case ends_sessions_that_go_on
ends_sessions_that_go_on_body()
{
	under_log 'sleep 1000 2>&1 & service-finish 0 0 0 smtp; wait $!; echo $? >code'
	atf_check -o inline:'143\n' cat code
	under_log 'sleep 1000 2>&1 & service-finish 0 256 15 smtp; wait $!; echo $? >code'
	atf_check -o inline:'143\n' cat code
}

atf_test_case kills_sessions_that_do_not_end
kills_sessions_that_do_not_end_body()
{
	under_log '(trap "" TERM; exec sleep 1000) 2>&1 & service-finish 0 0 0 smtp; wait $!; echo $? >code'
	atf_check -o inline:'137\n' cat code
}

atf_test_case leaves_sessions_alone_after_a_crash
leaves_sessions_alone_after_a_crash_body()
{
	for end in '256 9' '256 11' '111 0'; do
		under_log "sleep 1000 2>&1 & service-finish 0 $end smtp; kill \$! && : >alive"
		atf_check rm alive
	done
}

atf_test_case leaves_others_alone
leaves_others_alone_body()
{
	sleep 1000 2>other &
	under_log 'service-finish 0 0 0 smtp'
	kill $! || atf_fail 'a process that writes elsewhere was ended'
	atf_check service-finish 0 0 0 smtp
}

atf_test_case says_how_it_is_used
says_how_it_is_used_body()
{
	atf_check -s exit:111 -e match:'usage: service-finish' service-finish 3 0
}

atf_init_test_cases()
{
	atf_add_test_case waits_for_sessions_that_end
	atf_add_test_case ends_sessions_that_go_on
	atf_add_test_case kills_sessions_that_do_not_end
	atf_add_test_case leaves_sessions_alone_after_a_crash
	atf_add_test_case leaves_others_alone
	atf_add_test_case says_how_it_is_used
}
