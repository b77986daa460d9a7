#! /usr/bin/env atf-sh
# smtp-recv as its own peer-limit.

PATH=$(atf_get_srcdir)/../../bin:$PATH
. "$(atf_get_srcdir)/../lib/until.sh"

home()
{
	FACTEUR_HOME=$PWD/home
	export FACTEUR_HOME
	unset TCPREMOTEIP SERVICE_BUSY
	mkdir -p home/control home/queue home/state/peer bin
	echo mx.test >home/control/me
	holders= number=0
	trap 'kill $holders 2>/dev/null' EXIT
	# a sink that tells what it was started with
	cat >bin/tell <<-'EOF'
		#!/bin/sh
		{ echo "busy: ${SERVICE_BUSY-no}"; ls -l /proc/self/fd; } >"$FACTEUR_HOME/told"
		cat >/dev/null; cat <&1 >/dev/null
	EOF
	chmod 755 bin/tell
	PATH=$PWD/bin:$PATH
}

# hold IP LIMITS: a session that has its place and lasts
hold()
{
	number=$((number + 1))
	mkfifo line.$number
	TCPREMOTEIP=$1 smtp-recv -l "$2" true <>line.$number >held.$number 2>log.$number &
	last=$!
	holders="$holders $last"
	until_true "grep -q '^220 ' held.$number"
}

# come IP LIMITS: what one more is told, and logged
come()
{
	TCPREMOTEIP=$1 smtp-recv -l "$2" true </dev/null >said 2>log
	code=$?
}

atf_test_case who_finds_no_place_is_told_so
who_finds_no_place_is_told_so_body()
{
	home
	hold 192.0.2.1 '-a 2 -n 3'
	come 192.0.2.1 '-a 2 -n 3'
	atf_check -o match:'^220 mx.test' cat said
	hold 192.0.2.1 '-a 2 -n 3'
	come 192.0.2.1 '-a 2 -n 3'
	atf_check_equal 111 "$code"
	atf_check -o inline:'421 4.7.0 too many connections from your address\r\n' cat said
	atf_check -o match:'at=peer-limit event=refused code=421 reason="too many connections" client=192.0.2.1 peer=192.0.2.1$' \
	    cat log
	hold 192.0.2.2 '-a 2 -n 3'
	come 192.0.2.3 '-a 2 -n 3'
	atf_check_equal 111 "$code"
	atf_check -o inline:'421 4.7.0 too many connections from your network\r\n' cat said
	# they are peer-limit's places
	atf_check -s exit:111 -o match:'from your address' -e match:refused \
	    env TCPREMOTEIP=192.0.2.1 peer-limit -a 2 true
	kill $last
	wait $last 2>/dev/null
	come 192.0.2.3 '-a 2 -n 3'
	atf_check -o match:'^220 mx.test' cat said
	# all that is logged of a session has its own name
	atf_check -o not-match:at=peer-limit -o match:at=smtp-recv cat log
}

atf_test_case a_full_server_says_so
a_full_server_says_so_body()
{
	home
	for i in 1 2 3; do
		hold 192.0.2.$i '-c 4'
	done
	come 192.0.2.9 '-c 4'
	atf_check_equal 111 "$code"
	atf_check -o inline:'421 4.3.2 too many connections, try again later\r\n' cat said
	atf_check -o match:'at=peer-limit event=refused code=421 .*client=192.0.2.9 peer=any$' cat log
}

atf_test_case before_tls_nothing_is_said
before_tls_nothing_is_said_body()
{
	home
	hold 192.0.2.1 '-a 1'
	TCPREMOTEIP=192.0.2.1 smtp-recv -l '-q -a 1' -t true </dev/null >said 2>log
	atf_check_equal 111 $?
	atf_check test ! -s said
	atf_check -o match:'at=peer-limit event=refused .*client=192.0.2.1' cat log
}

# message LIMITS: a message to the sink that tells
message()
{
	printf '%s\r\n' 'EHLO c' 'MAIL FROM:<a@c.test>' 'RCPT TO:<b@mx.test>' DATA '' . QUIT >dialogue
	RELAYCLIENT='' TCPREMOTEIP=192.0.2.1 smtp-recv -l "$1" tell <dialogue >said 2>log
	atf_check -o match:'^354' cat said
}

atf_test_case who_comes_when_it_is_nearly_full_has_less_time
who_comes_when_it_is_nearly_full_has_less_time_body()
{
	home
	for i in 1 2 3; do
		hold 192.0.2.$i '-c 5'
	done
	export SERVICE_BUSY=1
	message '-c 50'
	atf_check -o match:'^busy: no$' cat home/told
	unset SERVICE_BUSY
	message '-c 5'
	atf_check -o match:'^busy: 1$' cat home/told
	# which a stranger is told at the end of a quarter of it
	echo 12 >home/control/timeoutstranger
	mkfifo line
	TCPREMOTEIP=192.0.2.1 smtp-recv -l '-c 5' true <>line >said 2>log &
	holders="$holders $!"
	until_true 'grep -q "^421" said'
	atf_check -o match:' ms=([3-9]|1[01])[0-9][0-9][0-9]( |$)' cat log
}

atf_test_case children_have_none_of_it
children_have_none_of_it_body()
{
	home
	message '-a 1'
	atf_check -o match:'[0-9] -> ' -o not-match:places cat home/told
}

atf_test_case its_own_trouble_is_421
its_own_trouble_is_421_body()
{
	home
	trouble='421 4.3.0 unable to serve you now, try again later\r\n'
	for wrong in -x '-c x' '-a 1 true' '-p nntp' '-a 4097'; do
		come 192.0.2.1 "$wrong"
		atf_check_equal 111 "$code"
		atf_check -o inline:"$trouble" cat said
		atf_check -o match:'usage: peer-limit' cat log
	done
	rm -r home/state
	come 192.0.2.1 ''
	atf_check_equal 111 "$code"
	atf_check -o inline:"$trouble" cat said
	atf_check -o match:'peer-limit: unable to open .*/state/peer/places' cat log
	come 192.0.2.1 -q
	atf_check test ! -s said
}

atf_init_test_cases()
{
	atf_add_test_case who_finds_no_place_is_told_so
	atf_add_test_case a_full_server_says_so
	atf_add_test_case before_tls_nothing_is_said
	atf_add_test_case who_comes_when_it_is_nearly_full_has_less_time
	atf_add_test_case children_have_none_of_it
	atf_add_test_case its_own_trouble_is_421
}
