#! /usr/bin/env atf-sh
PATH=$(atf_get_srcdir)/../../bin:$PATH
unset CLIENT_UID CLIENT_GID

atf_test_case runs_the_program
runs_the_program_body()
{
	: >socket
	atf_check -s exit:7 -o inline:'a b\n' socket-give socket sh -c 'echo "$1"; exit 7' sh 'a b'
	CLIENT_UID= atf_check socket-give socket true
}

atf_test_case makes_the_client_the_owner
makes_the_client_the_owner_head()
{
	atf_set require.user root
}
makes_the_client_the_owner_body()
{
	: >socket
	CLIENT_UID=1234 atf_check -o inline:'1234\n' socket-give socket stat -c %u socket
	CLIENT_GID=4321 atf_check -o inline:'1234 4321\n' socket-give socket stat -c '%u %g' socket
	CLIENT_UID=1 CLIENT_GID=2 atf_check -o inline:'1 2\n' socket-give socket stat -c '%u %g' socket
}

atf_test_case says_what_is_wrong
says_what_is_wrong_body()
{
	atf_check -s exit:111 -e match:'usage: socket-give' socket-give socket
	CLIENT_UID=1234 atf_check -s exit:111 -e match:'none' socket-give none true
}

atf_init_test_cases()
{
	atf_add_test_case runs_the_program
	atf_add_test_case makes_the_client_the_owner
	atf_add_test_case says_what_is_wrong
}
