#! /usr/bin/env atf-sh
PATH=$(atf_get_srcdir)/../../bin:$PATH

atf_test_case names_the_user
names_the_user_body()
{
	head -n 1 /etc/passwd >/dev/null 2>&1 || atf_skip "passwd can't be read here"
	atf_check -o inline:'root 0\n' env IPCREMOTEEUID=0 peer-user sh -c 'echo $AUTHUSER $PEERUID'
	atf_check -o inline:'uid-4000000001 4000000001\n' env IPCREMOTEEUID=4000000001 \
	    peer-user sh -c 'echo $AUTHUSER $PEERUID'
}

atf_test_case forgets_what_a_client_of_the_network_has
forgets_what_a_client_of_the_network_has_body()
{
	env IPCREMOTEEUID=4000000001 TCPREMOTEIP=192.0.2.1 RELAYCLIENT= TCPREMOTEHOST=x TCPREMOTEINFO=y \
	    peer-user env >environment
	atf_check -s exit:1 grep -e ^TCP -e ^RELAY environment
}

atf_test_case an_unknown_client_is_put_off
an_unknown_client_is_put_off_body()
{
	for uid in '' x -1 4294967295 99999999999; do
		atf_check -s exit:111 -o match:'^421 4.3.0 ' -e match:'IPCREMOTEEUID is not the uid' \
		    env IPCREMOTEEUID="$uid" peer-user echo never
	done
	atf_check -s exit:111 -o match:'^421 4.3.0 ' -e match:'IPCREMOTEEUID' peer-user echo never
	atf_check -s exit:111 -o match:'^421 4.3.0 ' -e match:'usage' peer-user
	atf_check -s exit:111 -o match:'^421 4.3.0 ' -e match:'unable to run' \
	    env IPCREMOTEEUID=4000000001 peer-user ./none
}

atf_test_case what_fails_just_now_is_not_for_ever
what_fails_just_now_is_not_for_ever_head()
{
	atf_set require.progs strace
}
what_fails_just_now_is_not_for_ever_body()
{
	strace -o /dev/null true || atf_skip "strace is not able to trace here"
	atf_check -s exit:111 -o match:'^421 4.3.0 ' -e match:'unable to read /etc/passwd' \
	    env IPCREMOTEEUID=0 strace -o /dev/null -P /etc/passwd -e inject=open,openat:error=EMFILE \
	    peer-user echo never
}

atf_init_test_cases()
{
	atf_add_test_case names_the_user
	atf_add_test_case forgets_what_a_client_of_the_network_has
	atf_add_test_case an_unknown_client_is_put_off
	atf_add_test_case what_fails_just_now_is_not_for_ever
}
