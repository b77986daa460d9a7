#! /usr/bin/env atf-sh
PATH=$(atf_get_srcdir)/../../bin:$PATH

home()
{
	FACTEUR_HOME=$PWD/home
	export FACTEUR_HOME TCPREMOTEIP=192.0.2.1
	unset RELAYCLIENT AUTHUSER
	mkdir -p home/control home/state/rate
}

# answers OPTIONS REQUEST...: what rate-check says, in short, in one line
answers()
{
	options=$1
	shift
	printf '%s\n' "$@" | rate-check $options 2>>log | cut -c 1-10 | paste -sd '|'
}

atf_test_case messages_of_an_address_are_limited
messages_of_an_address_are_limited_body()
{
	home
	atf_check_equal 'K|K|K|K|K|Z450 4.7.1|Z450 4.7.1' \
	    "$(answers '-c 2,0,0' 'helo a' 'mail a@b' done 'mail a@b' done 'mail a@b' 'mail <>')"
	# another process, the same address
	atf_check_equal 'Z450 4.7.1' "$(answers '-c 2,0,0' 'mail a@b')"
	atf_check_equal 'Z450 4.7.1' "$(TCPREMOTEIP=::ffff:192.0.2.1 answers '-c 2,0,0' 'mail a@b')"
	atf_check_equal K "$(TCPREMOTEIP=192.0.2.2 answers '-c 2,0,0' 'mail a@b')"
	echo 'mail a@b' >request
	atf_check -o inline:'Z450 4.7.1 too many messages within an hour, try again later\n' \
	    rate-check -c 2,0,0 <request
	atf_check test ! -s log
}

atf_test_case recipients_of_an_address_are_limited
recipients_of_an_address_are_limited_body()
{
	home
	atf_check_equal 'K|K|K|Z450 4.7.1|K|K|K|Z450 4.7.1' "$(answers '-c 0,2,0' 'mail a@b' \
	    'rcpt a@c' 'rcpt b@c' 'rcpt c@c' data 'done RECIPIENTS=2' 'mail a@b' 'rcpt a@c')"
}

atf_test_case failed_recipients_of_an_address_are_limited
failed_recipients_of_an_address_are_limited_body()
{
	home
	atf_check_equal 'K|K|K|K|Z450 4.7.1' "$(answers '-c 0,0,5' 'mail a@b' \
	    'done RECIPIENTS=1 REFUSED=2 MESSAGES=0' 'mail a@b' 'done REFUSED=3' 'mail a@b')"
}

atf_test_case an_ipv6_address_is_its_64
an_ipv6_address_is_its_64_body()
{
	home
	atf_check_equal K "$(TCPREMOTEIP=2001:db8::1 answers '-c 1,0,0' 'mail a@b')"
	atf_check_equal 'Z450 4.7.1' "$(TCPREMOTEIP=2001:db8::f:1 answers '-c 1,0,0' 'mail a@b')"
	atf_check_equal K "$(TCPREMOTEIP=2001:db8:0:1::1 answers '-c 1,0,0' 'mail a@b')"
}

atf_test_case a_user_is_limited_wherever_he_is_and_raises_the_alarm
a_user_is_limited_wherever_he_is_and_raises_the_alarm_body()
{
	home
	export AUTHUSER=bob@here.test
	atf_check_equal 'K|K|K' "$(answers '-c 1,1,1 -u 2,3,0' 'mail a@b' 'mail a@b' 'rcpt a@c')"
	atf_check_equal 'Z450 4.7.1|Z450 4.7.1|K|K|Z450 4.7.1' \
	    "$(TCPREMOTEIP=192.0.2.9 AUTHUSER=Bob@HERE.test answers '-u 2,3,0' \
	    'mail a@b' 'mail a@b' 'rcpt a@c' 'rcpt a@c' 'rcpt a@c')"
	atf_check -o inline:'2\n' grep -c event=alert log
	atf_check -o match:'^at=rate-check event=alert user=Bob@HERE.test client=192.0.2.9 .*limit=messages most=2$' \
	    -o match:'limit=recipients most=3$' cat log
	# others are not concerned, nor is the address
	atf_check_equal K "$(AUTHUSER=eve@here.test answers '-u 2,3,0' 'mail a@b')"
	atf_check_equal K "$(AUTHUSER= answers '-c 1,1,1' 'mail a@b')"
}

atf_test_case limits_come_from_control
limits_come_from_control_body()
{
	home
	cat >home/control/ratelimits <<-'EOF'
		# who messages recipients failed
		client 1 0 0
		user 2 0 0
		192.0.2.128/25 3 0 0
		boss@here.test 0 0 0
		www-data 1 0 0
		wrong
	EOF
	while read -r ip user options expected; do
		rm -f home/state/rate/table
		[ "$options" != - ] || options=
		atf_check_equal "$ip $user $expected" "$ip $user $(
			TCPREMOTEIP=${ip#-} AUTHUSER=${user#-}
			export TCPREMOTEIP AUTHUSER
			answers "$options" 'mail a@b' 'mail a@b' 'mail a@b' 'mail a@b' |
			    sed 's/Z450 4.7.1/no/g')"
	done <<-'EOF'
		192.0.2.1 - - K|no|no|no
		192.0.2.200 - - K|K|K|no
		192.0.2.1 bob@here.test - K|K|no|no
		192.0.2.1 boss@here.test - K|K|K|K
		- www-data - K|no|no|no
		- web - K|K|no|no
		192.0.2.1 - -c2,0,0 K|K|no|no
		192.0.2.200 - -c9,0,0 K|K|K|no
	EOF
	atf_check -o match:'file=control/ratelimits line=wrong' cat log
}

atf_test_case hundreds_at_once_share_one_limit
hundreds_at_once_share_one_limit_body()
{
	home
	for i in $(seq 200); do
		answers '-c 77,0,0' 'mail a@b' >"out.$i" &
	done
	wait
	atf_check_equal 77 "$(cat out.* | grep -cx K)"
	atf_check_equal 123 "$(cat out.* | grep -c Z450)"
	atf_check test "$(du -k home/state/rate | cut -f 1)" -lt 5000
}

atf_test_case what_can_not_be_counted_is_not_accepted
what_can_not_be_counted_is_not_accepted_body()
{
	home
	for wrong in '-c 1' '-c 1,2,x' '-u 1,2,3,4' '-x' 'extra'; do
		atf_check -s exit:111 -e match:usage rate-check $wrong
	done
	mkdir home/control/ratelimits
	atf_check -s exit:111 -e match:'unable to read control/ratelimits' rate-check
	rmdir home/control/ratelimits
	rm -r home/state
	atf_check -s exit:111 -e match:'unable to open state/rate/table' rate-check
}

# A limit on the size of files is the poor man's full disk.
atf_test_case a_full_disk_is_451
a_full_disk_is_451_body()
{
	home
	atf_check_equal K "$(answers '' done)"
	atf_check -o match:'^Z451 4.3.0' -e match:'unable to write state/rate/table' \
	    sh -c 'trap "" XFSZ; ulimit -f 1; echo "mail a@b" | rate-check'
}

atf_init_test_cases()
{
	atf_add_test_case messages_of_an_address_are_limited
	atf_add_test_case recipients_of_an_address_are_limited
	atf_add_test_case failed_recipients_of_an_address_are_limited
	atf_add_test_case an_ipv6_address_is_its_64
	atf_add_test_case a_user_is_limited_wherever_he_is_and_raises_the_alarm
	atf_add_test_case limits_come_from_control
	atf_add_test_case hundreds_at_once_share_one_limit
	atf_add_test_case what_can_not_be_counted_is_not_accepted
	atf_add_test_case a_full_disk_is_451
}
