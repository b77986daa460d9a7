#! /usr/bin/env atf-sh
# tls-front by itself; what goes through it is tried with tls-wrap.

PATH=$(atf_get_srcdir)/../../bin:$PATH
. "$(atf_get_srcdir)/setup.sh"

talk="timeout 60 /usr/bin/python3 $(atf_get_srcdir)/talk.py"

test_case()
{
	atf_test_case "$1" cleanup
	eval "$1_head() { network_head; }; $1_cleanup() { stop; }"
}

test_case runs_the_program_where_it_was_called
runs_the_program_where_it_was_called_body()
{
	make_home
	serve
	cat >here.sh <<-'EOF'
		#!/bin/sh
		pwd
		echo "$1, $TLS_VERSION, $TCPREMOTEIP"
	EOF
	chmod +x here.sh
	listen tls-front ./here.sh 'one argument'
	atf_check -o inline:"$(pwd -P)\none argument, TLSv1.3, 127.0.0.1\nclose_notify\n" \
	    $talk say "$port"
}

# A browser that was led to the port of mail says what it talks: RFC 7301, 3.2.
test_case who_offers_other_protocols_is_refused
who_offers_other_protocols_is_refused_body()
{
	make_home
	serve
	for protocol in smtp pop3; do
		listen tls-front -p "$protocol" echo hello
		for offered in h2 http/1.1 h2,http/1.1; do
			timeout 20 openssl s_client -connect "127.0.0.1:$port" -alpn "$offered" \
			    </dev/null >out 2>&1
			grep -q 'alert no application protocol' out ||
			    atf_fail "$offered is taken for $protocol: $(cat out)"
			atf_check -s exit:1 grep hello out
		done
		for offered in "-alpn $protocol" "-alpn h2,$protocol" ''; do
			timeout 20 openssl s_client -quiet -connect "127.0.0.1:$port" $offered \
			    </dev/null >out 2>&1
			grep -q hello out || atf_fail "$offered is refused: $(cat out)"
		done
		stop
		serve
	done
}

test_case without_tls_wrap_there_is_no_service
without_tls_wrap_there_is_no_service_body()
{
	make_home
	atf_check -s exit:111 -o empty \
	    -e match:'at=tls-front event=failed client=192.0.2.1 reason="unable to connect to run/tls.sock"' \
	    env TCPREMOTEIP=192.0.2.1 tls-front echo no </dev/null
}

test_case needs_a_socket
needs_a_socket_body()
{
	make_home
	serve
	atf_check -s exit:111 -o empty -e match:'not a connected socket' \
	    tls-front echo no </dev/null
}

test_case says_how_it_is_used
says_how_it_is_used_body()
{
	mkdir home
	for arguments in '' '-t' '-t 5' '-t 0 true' '-t 601 true' '-t x true' '-x true' '-p' '-p smtp'; do
		atf_check -s exit:111 -e match:'usage: tls-front' tls-front $arguments
	done
	rmdir home
	atf_check -s exit:111 -e match:'unable to enter' tls-front true
}

test_case says_which_program_is_missing
says_which_program_is_missing_body()
{
	make_home
	serve
	listen tls-front ./missing
	$talk say "$port" >out
	await grep -q 'unable to run ./missing' server.log || atf_fail "not logged"
}

# What comes before the handshake is over is part of it, even if it came before us.
test_case a_client_that_is_first_loses_nothing
a_client_that_is_first_loses_nothing_body()
{
	make_home
	serve
	listen sh -c 'sleep 0.3; exec tls-front echo hello'
	atf_check -o inline:'hello\nclose_notify\n' $talk say "$port"
}

atf_init_test_cases()
{
	for name in runs_the_program_where_it_was_called without_tls_wrap_there_is_no_service \
	    who_offers_other_protocols_is_refused \
	    needs_a_socket says_how_it_is_used says_which_program_is_missing \
	    a_client_that_is_first_loses_nothing; do
		atf_add_test_case $name
	done
}
