#! /usr/bin/env atf-sh
PATH=$(atf_get_srcdir)/../../bin:$PATH
. "$(atf_get_srcdir)/../lib/until.sh"
zone_helpers=$(atf_get_srcdir)/../dns
. "$zone_helpers/zone.sh"

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
	is_accepted() { [ "$(rcpt "$@")" = K ]; }
	await is_accepted "$@" || atf_fail "never accepted"
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

atf_test_case a_pool_counts_as_one_network
a_pool_counts_as_one_network_body()
{
	home
	printf '%s\n' 'to postmaster@*' 'pool @large.test' 'pool @.large.test' >home/control/greyexempt
	for sender in a@large.test a@x.large.test; do
		atf_check_equal Z450 "$(rcpt '-d 1' $sender)"
		atf_check_equal Z450 "$(TCPREMOTEIP=198.51.100.1 rcpt '-d 60' $sender)"
		TCPREMOTEIP=198.51.100.2 rcpt_in_time '-d 1' $sender
		# the next one begins to wait by itself, and others than these do so in each network
		atf_check_equal Z450 "$(TCPREMOTEIP=198.51.100.1 rcpt '-d 60' other$sender)"
		atf_check_equal K "$(TCPREMOTEIP=2001:db8::1 rcpt '-d 1' $sender)"
		atf_check_equal K "$(TCPREMOTEIP=2001:db8::1 rcpt '-d 60' $sender postmaster@here.test)"
	done
	atf_check_equal Z450 "$(rcpt '-d 1' a@other.test)"
	rcpt_in_time '-d 1' a@other.test
	atf_check_equal Z450 "$(TCPREMOTEIP=198.51.100.1 rcpt '-d 60' a@other.test)"
	# what came through allows its network only
	TCPREMOTEIP=198.51.100.2 rcpt '-d 1' a@large.test c@here.test MESSAGES=1 >allowed
	atf_check_equal K "$(TCPREMOTEIP=198.51.100.3 rcpt '-d 60' new@large.test)"
	atf_check_equal Z450 "$(TCPREMOTEIP=203.0.113.3 rcpt '-d 60' new2@large.test)"
}

atf_test_case clients_that_a_domain_permits_are_one
clients_that_a_domain_permits_are_one_body()
{
	home
	cat >zone <<-'EOF'
	set.test TXT "v=spf1 ip4:192.0.2.0/24 ip4:198.51.100.7 ip6:2001:db8::/32 -all"
	all.test TXT "v=spf1 +all"
	soft.test TXT "v=spf1 ~all"
	EOF
	cat >come <<-'EOF'
	# come IP SENDER DELAY [HELO]
	printf '%s\n' "helo ${4-a}" "mail $2" 'rcpt c@here.test' "done MESSAGES=${DONE-0}" |
	    TCPREMOTEIP=$1 grey-check -d "$3" 2>>log | sed -n 3p | cut -c 1-4
	EOF
	with_zone 'come() { sh come "$@"; }
	    echo "first $(come 192.0.2.1 a@set.test 9)"
	    for sender in a@all.test a@soft.test a@none.test; do come 192.0.2.1 $sender 9; done
	    # it has waited, but elsewhere
	    sleep 1
	    echo "again $(come 198.51.100.7 a@SET.test 1) $(come 2001:db8::5 a@set.test 1)"
	    for sender in a@all.test a@soft.test a@none.test; do come 198.51.100.7 $sender 1; done
	    # another sender there, another recipient: not yet; who is not permitted: not
	    echo "other $(come 198.51.100.7 b@set.test 9) $(come 203.0.113.1 a@set.test 1)"
	    # a message has come through: all of them are known
	    DONE=1 come 198.51.100.7 a@set.test 1
	    echo "known $(come 192.0.2.200 b@set.test 9)"
	    # the null sender is who greets
	    echo "null $(come 192.0.2.250 "<>" 9 set.test) $(come 192.0.2.250 "<>" 9 none.test)"'
	cat >expected <<-'EOF'
		first Z450
		Z450
		Z450
		Z450
		again K K
		Z450
		Z450
		Z450
		other Z450 Z450
		K
		known K
		null K Z450
	EOF
	atf_check diff expected said
	atf_check -o match:'event=allowed network="spf set.test" client=198.51.100.7' cat log
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

atf_test_case exceptions_need_not_wait
exceptions_need_not_wait_body()
{
	home
	cat >home/control/greyexempt <<-'EOF'
		# large senders
		from @large.test
		from	@.large.test
		from bounce-*@some.test
		to postmaster@*
		to any@here.test
		name .good.test
		name mx.fine.test
		nonsense
		from
	EOF
	while read -r sender recipient name answer; do
		atf_check_equal "$sender $recipient $name $answer" \
		    "$sender $recipient $name $(TCPREMOTEHOST=$name rcpt '' $sender $recipient)"
	done <<-'EOF'
		a@large.test c@here.test - K
		A@LARGE.test c@here.test - K
		a@x.large.test c@here.test - K
		a@xlarge.test c@here.test - Z450
		bounce-1@some.test c@here.test - K
		a@some.test c@here.test - Z450
		a@b.test Postmaster@here.test - K
		a@b.test any@here.test - K
		a@b.test c@here.test mx.good.test K
		a@b.test c@here.test MX.fine.test K
		a@b.test c@here.test mx.bad.test Z450
		<> c@here.test - Z450
	EOF
	atf_check_equal Z450 "$(rcpt '')"
	rm home/control/greyexempt
	atf_check_equal Z450 "$(rcpt '' a@large.test)"
	mkdir home/control/greyexempt
	atf_check_equal Z451 "$(rcpt '' a@large.test)"
}

atf_test_case settings_come_from_control
settings_come_from_control_body()
{
	home
	echo 0 >home/control/greydelay
	atf_check_equal K "$(rcpt '')"
	atf_check_equal Z450 "$(rcpt '-d 5')"
	echo x >home/control/greydelay
	atf_check -s exit:111 -e match:'control/greydelay line 1: .* is not a number' grey-check
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
	atf_add_test_case a_pool_counts_as_one_network
	atf_add_test_case clients_that_a_domain_permits_are_one
	atf_add_test_case our_own_clients_and_listed_ones_pass
	atf_add_test_case exceptions_need_not_wait
	atf_add_test_case settings_come_from_control
	atf_add_test_case trouble_is_not_yes
	atf_add_test_case the_disk_it_takes_is_bounded
}
