#! /usr/bin/env atf-sh
# Processes die at random while mail flows: nothing acknowledged is lost, nothing comes twice.

system_source=$(atf_get_srcdir)
build=$(cd "$system_source/../.." && pwd)
. "$system_source/system.sh"

atf_test_case every_acknowledged_message_arrives_once cleanup
every_acknowledged_message_arrives_once_head()
{
	atf_set descr "kill -9 of random processes during a load of 500 messages"
	atf_set require.progs "s6-svscan tcpserver setpriv"
	atf_set timeout 280
}
every_acknowledged_message_arrives_once_body()
{
	chmod 755 .
	system_make example.test || atf_fail "mail-setup failed"
	mailbox alice@example.test wonderland || atf_fail "mail-user failed"
	system_admin mail-user quota alice@example.test 0 || atf_fail "mail-user failed"
	system_start || atf_fail "not ready: $(cat svscan.out)"
	seed=$(od -An -N2 -tu2 /dev/urandom | tr -d ' ')
	echo "seed $seed"
	as_user "$system_source/kill_load.py" "$smtp" "$svscan" 500 \
	    "$(maildir alice@example.test)" "$seed" >out 2>err
	cat err
	atf_check -o inline:'acknowledged 500, lost 0, twice 0, strange 0\n' cat out
	atf_check -o match:'kills: ' cat err
	# nothing is left in the queue that nobody will see to
	await_queue_empty || atf_fail 'messages are left in the queue'
	system_stop
}
every_acknowledged_message_arrives_once_cleanup()
{
	system_kill
}

atf_init_test_cases()
{
	atf_add_test_case every_acknowledged_message_arrives_once
}
