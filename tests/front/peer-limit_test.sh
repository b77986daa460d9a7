#! /usr/bin/env atf-sh
PATH=$(atf_get_srcdir)/../../bin:$PATH
. "$(atf_get_srcdir)/../lib/until.sh"

home()
{
	FACTEUR_HOME=$PWD/home
	export FACTEUR_HOME
	unset TCPREMOTEIP
	mkdir -p home/state/peer
	holders=
	trap 'kill $holders 2>/dev/null' EXIT
}

# hold IP [OPTION...]: a connection that has its place and lasts
hold()
{
	ip=$1
	shift
	# one for each: a writer that meets the reader of another would die of SIGPIPE
	rm -f began
	mkfifo began
	TCPREMOTEIP=$ip peer-limit "$@" sh -c 'echo yes >began; exec sleep 100' >refusal 2>log &
	holders="$holders $!"
	last=$!
	read -r answer <began
}

# comes IP [OPTION...]: can one more come?
comes()
{
	ip=$1
	shift
	atf_check -o inline:'in\n' env TCPREMOTEIP="$ip" peer-limit "$@" echo in
}

# stays_out TEXT IP [OPTION...]
stays_out()
{
	text=$1 ip=$2
	shift 2
	atf_check -s exit:111 -o inline:"421 4.7.0 too many connections from your $text\r\n" \
	    -e match:"at=peer-limit event=refused code=421 .*client=$ip" \
	    env TCPREMOTEIP="$ip" peer-limit "$@" echo in
}

atf_test_case an_address_has_so_many_places
an_address_has_so_many_places_body()
{
	home
	comes 192.0.2.1 -a 1
	hold 192.0.2.1 -a 2
	comes 192.0.2.1 -a 2
	hold 192.0.2.1 -a 2
	stays_out address 192.0.2.1 -a 2
	stays_out address ::ffff:192.0.2.1 -a 2
	comes 192.0.2.2 -a 2
	comes 192.0.2.1 -a 3
}

atf_test_case a_killed_process_frees_its_place
a_killed_process_frees_its_place_body()
{
	home
	hold 192.0.2.1 -a 1
	stays_out address 192.0.2.1 -a 1
	kill -KILL $last
	wait $last 2>/dev/null
	comes 192.0.2.1 -a 1
}

atf_test_case a_child_that_lasts_longer_holds_no_place
a_child_that_lasts_longer_holds_no_place_body()
{
	home
	mkfifo end
	TCPREMOTEIP=192.0.2.1 peer-limit -a 1 sh -c 'sleep 100 & echo $!' >child </dev/null
	holders=$(cat child)
	comes 192.0.2.1 -a 1
}

atf_test_case a_network_has_so_many_places
a_network_has_so_many_places_body()
{
	home
	hold 192.0.2.1 -n 2
	hold 192.0.2.2 -n 2
	stays_out network 192.0.2.3 -n 2
	comes 192.0.3.3 -n 2
}

atf_test_case an_ipv6_client_is_its_64_and_its_network_the_48
an_ipv6_client_is_its_64_and_its_network_the_48_body()
{
	home
	hold 2001:db8:0:1::1 -a 1
	stays_out address 2001:db8:0:1:ffff::2 -a 1
	comes 2001:db8:0:2::1 -a 1
	stays_out network 2001:db8:0:2::1 -a 1 -n 1
	comes 2001:db8:1::1 -a 1 -n 1
}

atf_test_case hundreds_at_once_get_no_more_than_the_limit
hundreds_at_once_get_no_more_than_the_limit_body()
{
	home
	mkfifo gate
	# all that come in hold the gate open until everybody has come
	for i in $(seq 200); do
		TCPREMOTEIP=192.0.2.1 peer-limit -a 7 sh -c 'echo in >>came; exec cat gate' \
		    >"out.$i" 2>/dev/null &
		holders="$holders $!"
	done
	until_true '[ "$(cat came out.* 2>/dev/null | grep -c -e in -e 421)" -eq 200 ]'
	atf_check -o inline:'7\n' grep -c in came
	: >gate
}

# The places of a server are those of its process; the last one is for saying that it is full.
atf_test_case a_full_server_says_so
a_full_server_says_so_body()
{
	home
	for i in 1 2 3; do
		hold 192.0.2.$i -c 4
	done
	full='421 4.3.2 too many connections, try again later\r\n'
	TCPREMOTEIP=192.0.2.9 peer-limit -c 4 echo in >said 2>log
	atf_check -o inline:"$full" cat said
	atf_check -o match:'event=refused code=421 .*client=192.0.2.9 peer=any' cat log
	TCPREMOTEIP=192.0.2.9 peer-limit -p pop3 -c 4 echo in >said 2>log
	atf_check -o inline:'-ERR [SYS/TEMP] too many connections, try again later\r\n' cat said
	TCPREMOTEIP=192.0.2.9 peer-limit -q -c 4 echo in >said 2>log
	atf_check test ! -s said
	# another server has places of its own
	atf_check -o inline:'in\n' sh -c 'TCPREMOTEIP=192.0.2.9 peer-limit -c 4 echo in; true'
	kill $last
	wait $last 2>/dev/null
	TCPREMOTEIP=192.0.2.9 peer-limit -c 4 echo in >said
	atf_check -o inline:'in\n' cat said
}

atf_test_case who_comes_when_it_is_nearly_full_is_told
who_comes_when_it_is_nearly_full_is_told_body()
{
	home
	show='echo ${SERVICE_BUSY-quiet}'
	for i in 1 2 3; do
		SERVICE_BUSY=1 peer-limit -c 5 sh -c "$show" >said
		atf_check -o inline:'quiet\n' cat said
		hold 192.0.2.$i -c 5
	done
	peer-limit -c 5 sh -c "$show" >said
	atf_check -o inline:'1\n' cat said
}

atf_test_case no_limit_where_none_is_wanted
no_limit_where_none_is_wanted_body()
{
	home
	for i in $(seq 25); do
		hold 192.0.2.1 -a 0 -n 100
	done
	comes 192.0.2.1 -a 0
	stays_out network 192.0.2.1 -a 0 -n 3
	comes 192.0.2.1 -a 0 -n 0
}

atf_test_case it_speaks_pop3
it_speaks_pop3_body()
{
	home
	hold 192.0.2.1 -a 1 -n 1
	atf_check -s exit:111 -e ignore -o inline:'-ERR [SYS/TEMP] too many connections from your address\r\n' \
	    env TCPREMOTEIP=192.0.2.1 peer-limit -p pop3 -a 1 echo in
	atf_check -s exit:111 -e ignore -o inline:'-ERR [SYS/TEMP] too many connections from your network\r\n' \
	    env TCPREMOTEIP=192.0.2.2 peer-limit -p pop3 -n 1 echo in
	atf_check -s exit:111 -e ignore -o inline:'-ERR [SYS/TEMP] unable to serve you now, try again later\r\n' \
	    peer-limit -p pop3 ./none
}

atf_test_case it_says_nothing_where_it_must_not
it_says_nothing_where_it_must_not_body()
{
	home
	hold 192.0.2.1 -a 1
	atf_check -s exit:111 -e match:event=refused env TCPREMOTEIP=192.0.2.1 \
	    peer-limit -q -a 1 echo in
	atf_check -s exit:111 -e match:usage peer-limit -q
	rm -r home/state
	atf_check -s exit:111 -e match:'unable to open' peer-limit -q echo in
}

atf_test_case its_own_trouble_is_421
its_own_trouble_is_421_body()
{
	home
	trouble='421 4.3.0 unable to serve you now, try again later\r\n'
	atf_check -s exit:111 -o inline:"$trouble" -e match:'unable to run ./none' peer-limit ./none
	for wrong in '' '-c x true' '-c 65537 true' '-p nntp true' '-a -1 true' '-a x true' '-n 4097 true' '-x true' '-a'; do
		atf_check -s exit:111 -o inline:"$trouble" -e match:usage peer-limit $wrong
	done
	rm -r home/state
	atf_check -s exit:111 -o inline:"$trouble" -e match:'unable to open' peer-limit echo in
}

atf_init_test_cases()
{
	atf_add_test_case an_address_has_so_many_places
	atf_add_test_case a_killed_process_frees_its_place
	atf_add_test_case a_child_that_lasts_longer_holds_no_place
	atf_add_test_case a_network_has_so_many_places
	atf_add_test_case an_ipv6_client_is_its_64_and_its_network_the_48
	atf_add_test_case hundreds_at_once_get_no_more_than_the_limit
	atf_add_test_case a_full_server_says_so
	atf_add_test_case who_comes_when_it_is_nearly_full_is_told
	atf_add_test_case no_limit_where_none_is_wanted
	atf_add_test_case it_speaks_pop3
	atf_add_test_case it_says_nothing_where_it_must_not
	atf_add_test_case its_own_trouble_is_421
}
