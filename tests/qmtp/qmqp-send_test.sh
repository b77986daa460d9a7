#! /usr/bin/env atf-sh
# qmqp-send: a sink, and servers that are played or are qmqp-recv.

PATH=$(atf_get_srcdir)/../../bin:$PATH
. "$(atf_get_srcdir)/home.sh"

# sent CODE ANSWER...: with servers that answer so; the report goes to the file report
sent()
{
	code=$1
	shift
	rm -f package.* report
	atf_check -s exit:"$code" -e save:log "$(atf_get_srcdir)/qmqp_play.py" "$@" -- \
	    sh -c 'qmqp-send $SERVERS <text 1<records 4>report'
}

prepare()
{
	home
	printf 'Subject: x\n\none\n' >text
	printf 'Fa@from.test\0PBODY=8BITMIME\0Tb@to.test\0NNOTIFY=NEVER\0Tc@to.test\0\0' >records
}

atf_test_case hands_over_a_package
hands_over_a_package_body()
{
	prepare
	sent 0 '3:Kok,'
	pack qmqp a@from.test b@to.test c@to.test <text >package
	atf_check cmp package package.1
	atf_check -o match:'at=qmqp-send event=sent host=127.0.0.1:[0-9]* reply=ok' cat log
}

atf_test_case tries_one_after_the_other
tries_one_after_the_other_body()
{
	prepare
	sent 0 CLOSED '6:Zlater,' '3:Kok,' '3:Kok,'
	atf_check test -e package.2 -a ! -e package.3
	sent 71 CLOSED '6:Zlater,'
	atf_check -o inline:Zlater cat report
	sent 71 '6:Zlater,' CLOSED
	atf_check -o match:'^Z451 4.4.2 unable to connect: ' cat report
}

atf_test_case a_refusal_is_for_good
a_refusal_is_for_good_body()
{
	prepare
	sent 31 '9:Dno (x\x01y),' '3:Kok,'
	atf_check test ! -e package.2
	atf_check -o inline:'Dno (x y)' cat report
	# said before all of it was read
	head -c 3000000 /dev/zero >>text
	sent 31 'EARLY:4:Dbig,' '3:Kok,'
	atf_check -o inline:Dbig cat report
}

atf_test_case one_that_may_have_it_is_the_last
one_that_may_have_it_is_the_last_body()
{
	prepare
	for answer in DROP nonsense '3:Xok,' '3:Kok;' '0:,' '9999:'; do
		sent 71 "$answer" '3:Kok,'
		atf_check test ! -e package.2
		atf_check -o match:'^Z451 4.4.2 no answer, it may have taken the message: ' cat report
	done
}

atf_test_case what_is_no_envelope_is_not_sent
what_is_no_envelope_is_not_sent_body()
{
	prepare
	for records in '91 Fa@b\0Tc@d\0' '91 ' '91 Fa@b\0\0' '31 Fa@b\0PREQUIRETLS=1\0Tc@d\0\0'; do
		printf "${records#* }" >records
		sent "${records%% *}" '3:Kok,'
		atf_check test ! -e package.1
	done
}

atf_test_case servers_stand_in_a_control_file
servers_stand_in_a_control_file_body()
{
	prepare
	atf_check -s exit:55 -x 'qmqp-send <text 1<records 6>report'
	atf_check -o match:'no QMQP server is configured' cat report
	printf '# comment\nnot.an.address\n' >home/control/qmqpservers
	atf_check -s exit:55 -e match:'not an address of a QMQP server: not.an.address' \
	    -x 'qmqp-send <text 1<records'
	atf_check -e ignore "$(atf_get_srcdir)/qmqp_play.py" '3:Kok,' -- \
	    sh -c 'echo "$SERVERS" >>home/control/qmqpservers; qmqp-send <text 1<records'
	atf_check test -e package.1
	atf_check -s exit:55 -e match:usage qmqp-send -x
}

# What one sends the other takes, through a super-server.
atf_test_case qmqp_recv_understands
qmqp_recv_understands_head()
{
	atf_set require.progs tcpserver
}
qmqp_recv_understands_body()
{
	prepare
	mkfifo port
	RELAYCLIENT= tcpserver -1HRl0 127.0.0.1 0 qmqp-recv keep >port 2>server &
	echo $! >pid
	read -r port <port
	atf_check -e match:'event=sent' -x "qmqp-send 127.0.0.1:$port <text 1<records"
	expect_message text
	atf_check -o inline:'Fa@from.test|Tb@to.test|Tc@to.test||' cat home/envelope
	kill "$(cat pid)"
}
qmqp_recv_understands_cleanup()
{
	[ ! -f pid ] || kill "$(cat pid)" 2>/dev/null || true
}

atf_init_test_cases()
{
	atf_add_test_case hands_over_a_package
	atf_add_test_case tries_one_after_the_other
	atf_add_test_case a_refusal_is_for_good
	atf_add_test_case one_that_may_have_it_is_the_last
	atf_add_test_case what_is_no_envelope_is_not_sent
	atf_add_test_case servers_stand_in_a_control_file
	atf_add_test_case qmqp_recv_understands
}
