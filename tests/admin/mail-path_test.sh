#! /usr/bin/env atf-sh
PATH=$(atf_get_srcdir)/../../bin:$PATH

one=0hofd66za866457q3pgjrvin
two=0hofd66za8664580000000ab
three=0hofd66za8664580000000cd

# A home with the logs of a message (one) that was forwarded (two), and that bounced (three)
home()
{
	FACTEUR_HOME=$PWD/home
	export FACTEUR_HOME
	TZ=UTC
	export TZ
	mkdir -p home/control home/users home/log/smtp home/log/queue home/log/deliver \
	    home/queue/new home/queue/hold home/queue/bad home/queue/later
	echo example.test >home/control/domains
	echo example.test >home/control/defaultdomain
	cat >home/log/smtp/@400000006b0417a000000000.s <<-EOF
		@400000006b0416ff00000001 at=smtp-recv event=connect client=192.0.2.1
		@400000006b0416ff00000002 id=$one at=queue-inject event=queued bytes=381 rcpts=2
		@400000006b0416ff00000003 id=$one at=smtp-recv event=accepted from=eve@far.test rcpts=2 bytes=241 client=192.0.2.1
	EOF
	cat >home/log/deliver/current <<-EOF
		@400000006b0416ff00000005 id=$one at=local-deliver event=forwarded rcpt=info@example.test new=$two
		@400000006b0416ff00000006 id=$two at=local-deliver event=delivered rcpt=bob@example.test mailbox=bob@example.test bytes=442
	EOF
	cat >home/log/queue/current <<-EOF
		@400000006b0416ff00000004 id=$one at=queue-run event=start from=eve@far.test rcpts=2 bytes=381 tries=0
		@400000006b0416ff00000008 id=$one at=queue-run event=delivery rcpt=x@far.test result=D status=5.1.1 text="mx.far.test[192.0.2.7] said: 550 5.1.1 \"x\" bounce=$two unknown" via=remote
		@400000006b0416ff00000009 id=$one at=queue-run event=bounced bounce=$three rcpts=1
		@400000006b0416ff0000000a id=$one at=queue-run event=done
		@400000006b0416ff0000000b id=$three at=queue-run event=deferred next=1795500000 tries=3
	EOF
}

atf_test_case shows_the_path_in_order_of_time
shows_the_path_in_order_of_time_body()
{
	home
	atf_check -o save:path mail-path $one
	sed -n '1,/out of the queue/s/^  \([^ ]*\) \([^ ]*\)  \([^ ]*\) .*/\3/p' path >programs
	printf '%s\n' queue-inject smtp-recv queue-run local-deliver queue-run queue-run queue-run \
	    >expected
	atf_check -o file:expected cat programs
	atf_check -o ignore grep '^  2026-11-23 10:35:06.000  queue-inject    put into the queue, 381 bytes for 2 recipients$' path
	atf_check -o ignore grep 'accepted from <eve@far.test> for 2 recipients, 241 bytes, client 192.0.2.1$' path
	atf_check -o ignore grep 'x@far.test has failed, remote: 5.1.1 mx.far.test.192.0.2.7. said: 550 5.1.1 "x" bounce' path
}

atf_test_case follows_what_came_of_it
follows_what_came_of_it_body()
{
	home
	atf_check -o save:path mail-path $one
	atf_check -o inline:"message $one\nmessage $two, which came of $one\nmessage $three, which came of $one\n" \
	    grep ^message path
	atf_check -o match:"message $two, which came of $one" mail-path $two
}

atf_test_case shows_where_it_stands_in_the_queue
shows_where_it_stands_in_the_queue_body()
{
	home
	mkdir home/queue/later/1795500032
	: >home/queue/later/1795500032/$three
	atf_check -o match:'waits until 2026-11-24 06:00:00, attempts so far: 3' \
	    -o match:'now in queue/later/1795500032, due 2026-11-24 06:00:32' mail-path $three
	: >home/queue/hold/0hofd66za8664580000000ef
	atf_check -o match:'now in queue/hold' mail-path 0hofd66za8664580000000ef
}

atf_test_case takes_the_file_of_a_maildir
takes_the_file_of_a_maildir_body()
{
	home
	atf_check -o match:"^message $two" \
	    mail-path "mail/x/Maildir/cur/1795430036.${two}rb28a7a0a.mx.example.test,S=442,W=457:2,S"
}

atf_test_case finds_messages_by_address
finds_messages_by_address_body()
{
	home
	atf_check -o match:"^message $one\$" mail-path -r eve@far.test
	atf_check -o match:"^message $two" mail-path -r bob@example.test
	atf_check -s exit:100 -e match:'nothing from or to' mail-path -r ob@example.test
}

atf_test_case says_when_there_is_no_such_message
says_when_there_is_no_such_message_body()
{
	home
	atf_check -s exit:100 -e match:'neither in .*/log nor in .*/queue' \
	    mail-path 0hofd66za8664580000000zz
	atf_check -s exit:100 -e match:'not the ID of a message' mail-path 'x; rm -rf .'
	atf_check -s exit:111 -e match:usage mail-path
	FACTEUR_HOME=$PWD/none atf_check -s exit:111 -e match:'is no home' mail-path $one
}

atf_test_case foresees_the_way_of_an_address
foresees_the_way_of_an_address_body()
{
	home
	echo 'bob@example.test:1:1:' >home/users/mailboxes
	printf '%s\n' 'info@example.test: bob@example.test, x@far.test' \
	    'loop@example.test: loop2@example.test' 'loop2@example.test: loop@example.test' \
	    >home/users/aliases
	printf '%s\n' '# comment' far.test:relay.test:26 .near.test:inner.test mx.near.test: \
	    >home/control/smtproutes
	atf_check -o inline:'bob@example.test: local-deliver, into the mailbox bob@example.test\n' \
	    mail-path -n Bob
	atf_check -o match:'into the mailbox bob@example.test' mail-path -n bob+x@example.test
	atf_check -o match:'by the alias info@example.test, to:' \
	    -o match:'  bob@example.test: local-deliver, into the mailbox' \
	    -o match:'  x@far.test: mx-send, to relay.test:26' mail-path -n info@example.test
	atf_check -o match:'no such mailbox: 550 5.1.1' mail-path -n x@example.test
	atf_check -o match:'to inner.test$' mail-path -n x@a.b.near.test
	atf_check -o match:'to the MX of mx.near.test$' mail-path -n x@mx.near.test
	atf_check -o match:'to the MX of other.test$' mail-path -n x@other.test
	atf_check -o match:'a loop' mail-path -n loop@example.test
	echo :smart.test >>home/control/smtproutes
	atf_check -o match:'to smart.test$' mail-path -n x@other.test
}

atf_test_case asks_the_policy_for_a_client
asks_the_policy_for_a_client_body()
{
	home
	: >home/users/mailboxes
	atf_check -e match:'warning: mail for postmaster' mail-compile
	atf_check -o match:'smtp-recv refuses it from 192.0.2.1: 550 5.7.1' \
	    mail-path -n x@far.test 192.0.2.1
	echo 192.0.2.0/24 >home/control/relayclients
	atf_check -o match:'smtp-recv takes it from 192.0.2.1' -o match:'to the MX of far.test' \
	    mail-path -n x@far.test 192.0.2.1
}

atf_init_test_cases()
{
	atf_add_test_case shows_the_path_in_order_of_time
	atf_add_test_case follows_what_came_of_it
	atf_add_test_case shows_where_it_stands_in_the_queue
	atf_add_test_case takes_the_file_of_a_maildir
	atf_add_test_case finds_messages_by_address
	atf_add_test_case says_when_there_is_no_such_message
	atf_add_test_case foresees_the_way_of_an_address
	atf_add_test_case asks_the_policy_for_a_client
}
