#! /usr/bin/env atf-sh
PATH=$(atf_get_srcdir)/../../bin:$PATH

home()
{
	FACTEUR_HOME=$PWD/home
	export FACTEUR_HOME TCPREMOTEIP=192.0.2.1
	unset RELAYCLIENT AUTHUSER
	mkdir -p home/control home/state/grey
}

# rcpt OPTIONS [SENDER [RECIPIENT [DONE]]]: the answer to a recipient, in short
rcpt()
{
	printf '%s\n' 'helo a' "mail ${2-a@b.test}" "rcpt ${3-c@here.test}" \
	    "done ${4-MESSAGES=0}" | grey-check $1 2>>log | sed -n 3p | cut -c 1-4
}

# rcpt_in_time: the same, until it is accepted
rcpt_in_time()
{
	tries=0
	until [ "$(rcpt "$@")" = K ]; do
		[ $((tries += 1)) -lt 200 ] || atf_fail "never accepted"
		sleep 0.1
	done
}

atf_test_case a_stranger_has_to_come_again
a_stranger_has_to_come_again_body()
{
	home
	printf '%s\n' 'mail a@b.test' 'rcpt c@here.test' >requests
	atf_check -o inline:'K\nZ450 4.7.1 greylisted, try again in 300 seconds\n' grey-check <requests
	atf_check -o match:'^Z450 4.7.1 greylisted, try again in [23][0-9][0-9] seconds$' \
	    -o match:'^K$' grey-check <requests
	atf_check_equal K "$(rcpt '-d 0')"
}

atf_test_case the_wait_is_real
the_wait_is_real_body()
{
	home
	before=$(date +%s)
	atf_check_equal Z450 "$(rcpt '-d 2')"
	rcpt_in_time '-d 2'
	atf_check test $(($(date +%s) - before)) -ge 2
}

atf_test_case network_sender_and_recipient_are_one_attempt
network_sender_and_recipient_are_one_attempt_body()
{
	home
	atf_check_equal Z450 "$(rcpt '-d 1')"
	rcpt_in_time '-d 1'
	atf_check_equal K "$(rcpt '-d 1' A@b.TEST C@Here.test)"
	atf_check_equal K "$(TCPREMOTEIP=192.0.2.77 rcpt '-d 1')"
	atf_check_equal Z450 "$(TCPREMOTEIP=192.0.3.1 rcpt '-d 9')"
	atf_check_equal Z450 "$(rcpt '-d 9' x@b.test)"
	atf_check_equal Z450 "$(rcpt '-d 9' a@b.test d@here.test)"
	atf_check_equal Z450 "$(rcpt '-d 9' '<>')"
	export TCPREMOTEIP=2001:db8::1
	atf_check_equal Z450 "$(rcpt '-d 1')"
	rcpt_in_time '-d 1'
	atf_check_equal K "$(TCPREMOTEIP=2001:db8::ffff:2 rcpt '-d 1')"
	atf_check_equal Z450 "$(TCPREMOTEIP=2001:db8:0:1::1 rcpt '-d 9')"
}

atf_test_case success_allows_the_network
success_allows_the_network_body()
{
	home
	atf_check_equal Z450 "$(rcpt '-d 1')"
	rcpt_in_time '-d 1'
	# it waited, but its message was not accepted
	atf_check_equal Z450 "$(rcpt '-d 9' other@b.test)"
	atf_check_equal K "$(rcpt '-d 1' a@b.test c@here.test MESSAGES=1)"
	atf_check -o match:'event=allowed network=192.0.2.0/24 client=192.0.2.1' cat log
	atf_check_equal K "$(rcpt '-d 300' another@b.test)"
	atf_check_equal K "$(TCPREMOTEIP=192.0.2.200 rcpt '-d 300' another@c.test x@here.test)"
	atf_check_equal Z450 "$(TCPREMOTEIP=192.0.3.1 rcpt '-d 300' another@b.test)"
}

# Here time itself is what is tested.
atf_test_case what_is_remembered_expires
what_is_remembered_expires_body()
{
	home
	# the attempt: who comes again too late begins anew
	atf_check_equal Z450 "$(rcpt '-d 1 -w 1')"
	sleep 1.1
	atf_check_equal Z450 "$(rcpt '-d 1 -w 1')"
	# the network
	atf_check_equal K "$(rcpt '-d 0 -l 1' a@b.test c@here.test MESSAGES=1)"
	sleep 1.1
	atf_check_equal Z450 "$(rcpt '-d 9' new@b.test)"
}

atf_test_case our_own_clients_and_listed_ones_pass
our_own_clients_and_listed_ones_pass_body()
{
	home
	atf_check_equal K "$(RELAYCLIENT= rcpt '')"
	atf_check_equal K "$(AUTHUSER=bob@here.test rcpt '')"
	atf_check_equal Z450 "$(rcpt '')"
	echo 192.0.2.1 >home/control/relayclients
	atf_check_equal K "$(rcpt '')"
	rm home/control/relayclients
	atf_check_equal Z450 "$(rcpt '')"
	echo 192.0.2.0/24 >home/control/greyallow
	atf_check_equal K "$(rcpt '')"
}

atf_test_case settings_come_from_control
settings_come_from_control_body()
{
	home
	echo 0 >home/control/greydelay
	atf_check_equal K "$(rcpt '')"
	atf_check_equal Z450 "$(rcpt '-d 5')"
	echo x >home/control/greydelay
	atf_check -s exit:111 -e match:'control/greydelay: not a number' grey-check
}

atf_test_case trouble_is_not_yes
trouble_is_not_yes_body()
{
	home
	for wrong in '-d' '-d x' '-w 40000000' '-x' extra; do
		atf_check -s exit:111 -e match:usage grey-check $wrong
	done
	mkdir home/control/greyallow
	atf_check_equal Z451 "$(rcpt '')"
	rm -r home/control/greyallow
	mkdir home/control/relayclients
	atf_check_equal Z451 "$(rcpt '')"
	rm -r home/control/relayclients home/state
	atf_check -s exit:111 -e match:'unable to open state/grey/table' grey-check
}

atf_test_case the_disk_it_takes_is_bounded
the_disk_it_takes_is_bounded_body()
{
	home
	awk 'BEGIN { for (i = 0; i < 20000; i++) print "mail a" i "@b.test\nrcpt c@here.test" }' |
	    grey-check >answers
	atf_check_equal 20000 "$(grep -c Z450 answers)"
	atf_check_equal $((8193 * 4096)) "$(stat -c %s home/state/grey/table)"
	atf_check_equal Z450 "$(rcpt '-d 300' a7@b.test)"
	atf_check_equal K "$(rcpt '-d 0' a7@b.test)"
}

atf_init_test_cases()
{
	atf_add_test_case a_stranger_has_to_come_again
	atf_add_test_case the_wait_is_real
	atf_add_test_case network_sender_and_recipient_are_one_attempt
	atf_add_test_case success_allows_the_network
	atf_add_test_case what_is_remembered_expires
	atf_add_test_case our_own_clients_and_listed_ones_pass
	atf_add_test_case settings_come_from_control
	atf_add_test_case trouble_is_not_yes
	atf_add_test_case the_disk_it_takes_is_bounded
}
