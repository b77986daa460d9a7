#! /usr/bin/env atf-sh
PATH=$(atf_get_srcdir)/../../bin:$PATH

tell='echo "$TCPREMOTEIP $TCPREMOTEPORT $TCPLOCALIP $TCPLOCALPORT"; cat'

home()
{
	FACTEUR_HOME=$PWD/home
	export FACTEUR_HOME
	unset RELAYCLIENT AUTHUSER
	export TCPREMOTEIP=192.0.2.1 TCPREMOTEPORT=1 TCPLOCALIP=192.0.2.2 TCPLOCALPORT=2
	mkdir -p home/control
	echo 192.0.2.0/28 >home/control/proxyclients
}

# v2 COMMAND FAMILY HEX: a header of version 2
v2()
{
	printf '\r\n\r\n\0\r\nQUIT\n'
	printf "$(printf '%s%s%04x%s' "$1" "$2" $((${#3} / 2)) "$3" | sed 's/../\\x&/g')"
}

# becomes OUTPUT: what comes on standard input makes us that, and nothing of what follows is lost
becomes()
{
	atf_check -o inline:"$1\nrest\n" -e ignore proxy-front sh -c "$tell"
}

# the server need not log that it was looked at
atf_test_case a_look_at_our_health_is_told
a_look_at_our_health_is_told_body()
{
	home
	echo mx.test >home/control/me
	v2 20 00 '' >said
	atf_check -o inline:'1\n' -e ignore sh -c 'proxy-front sh -c "echo \${PROXY_LOCAL-none}" <said'
	{ cat said; printf 'QUIT\r\n'; } >quit
	atf_check -o match:'^221' sh -c 'proxy-front smtp-recv true <quit'
	{ cat said; printf 'NONSENSE\r\nQUIT\r\n'; } >nonsense
	atf_check -o match:'^221' -e match:event=refused -e match:event=disconnect \
	    sh -c 'proxy-front smtp-recv true <nonsense'
	v2 21 00 '' >said
	atf_check -o inline:'none\n' -e ignore \
	    sh -c 'PROXY_LOCAL=1 proxy-front sh -c "echo \${PROXY_LOCAL-none}" <said'
}

atf_test_case a_header_of_version_1_tells_the_client
a_header_of_version_1_tells_the_client_body()
{
	home
	printf 'PROXY TCP4 198.51.100.7 203.0.113.5 4711 25\r\nrest\n' |
	    becomes '198.51.100.7 4711 203.0.113.5 25'
	printf 'PROXY TCP6 2001:DB8::7 2001:db8::1 65535 0\r\nrest\n' |
	    becomes '2001:db8::7 65535 2001:db8::1 0'
	printf 'PROXY TCP6 ::ffff:198.51.100.7 2001:db8::1 1 1\r\nrest\n' |
	    becomes '198.51.100.7 1 2001:db8::1 1'
	printf 'PROXY UNKNOWN\r\nrest\n' | becomes '192.0.2.1 1 192.0.2.2 2'
	printf 'PROXY UNKNOWN ffff::1 x y z\r\nrest\n' | becomes '192.0.2.1 1 192.0.2.2 2'
}

atf_test_case a_header_of_version_2_tells_the_client
a_header_of_version_2_tells_the_client_body()
{
	home
	{
		v2 21 11 c6336407cb00710512670019
		echo rest
	} | becomes '198.51.100.7 4711 203.0.113.5 25'
	{
		v2 21 11 c6336407cb0071051267001904000201ff030000
		echo rest
	} | becomes '198.51.100.7 4711 203.0.113.5 25'
	{
		v2 21 21 20010db800000000000000000000000720010db800000000000000000000000100190019
		echo rest
	} | becomes '2001:db8::7 25 2001:db8::1 25'
	{
		v2 20 00 ''
		echo rest
	} | becomes '192.0.2.1 1 192.0.2.2 2'
	{
		v2 20 11 c6336407cb00710512670019
		echo rest
	} | becomes '192.0.2.1 1 192.0.2.2 2'
	{
		v2 21 00 0102030405
		echo rest
	} | becomes '192.0.2.1 1 192.0.2.2 2'
}

# On a socket the header and what follows arrive together.
atf_test_case not_one_byte_beyond_the_header_is_read
not_one_byte_beyond_the_header_is_read_head()
{
	atf_set require.progs python3
}
not_one_byte_beyond_the_header_is_read_body()
{
	home
	cat >feed <<-'END'
		import socket, subprocess, sys
		v1 = b"PROXY TCP4 198.51.100.7 203.0.113.5 4711 25\r\n"
		v2 = (b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xc6\x33\x64\x07\xcb\0\x71\x05\x12\x67\0\x19")
		for header in v1, v2:
		    for cut in range(len(header) + 1):
		        ours, theirs = socket.socketpair()
		        ours.sendall(header[:cut])
		        p = subprocess.Popen(["proxy-front", "sh", "-c", sys.argv[1]], stdin=theirs,
		            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
		        theirs.close()
		        ours.sendall(header[cut:] + b"QUIT\r\nmore\r\n")
		        ours.shutdown(socket.SHUT_WR)
		        out = p.communicate()[0]
		        if out != b"198.51.100.7 4711 203.0.113.5 25\nQUIT\r\nmore\r\n":
		            sys.exit("cut at %d: %r" % (cut, out))
	END
	atf_check python3 feed "$tell"
}

atf_test_case what_was_known_of_the_proxy_is_forgotten
what_was_known_of_the_proxy_is_forgotten_body()
{
	home
	printf 'PROXY TCP4 198.51.100.7 203.0.113.5 4711 25\r\n' >header
	atf_check -o inline:'- - -\n' \
	    -e match:'event=proxied client=198.51.100.7 port=4711 proxy=192.0.2.1' \
	    env RELAYCLIENT= TCPREMOTEHOST=proxy.test TCPREMOTEINFO=x proxy-front sh -c \
	    'echo "${RELAYCLIENT--} ${TCPREMOTEHOST--} ${TCPREMOTEINFO--}"' <header
	printf 'PROXY UNKNOWN\r\n' >header
	atf_check -o inline:'-\n' env RELAYCLIENT= \
	    proxy-front sh -c 'echo "${RELAYCLIENT--}"' <header
}

atf_test_case who_is_not_trusted_is_not_believed
who_is_not_trusted_is_not_believed_body()
{
	home
	printf 'PROXY TCP4 198.51.100.7 203.0.113.5 4711 25\r\n' >header
	for ip in 192.0.2.16 2001:db8::1 nonsense; do
		atf_check -o match:"^$ip 1" -o match:'^PROXY TCP4' env TCPREMOTEIP=$ip \
		    proxy-front sh -c "$tell" <header
	done
	rm home/control/proxyclients
	atf_check -o match:'^192.0.2.1 1' proxy-front sh -c "$tell" <header
	atf_check -o match:'^192.0.2.1 1' env -u TCPREMOTEIP \
	    sh -c 'proxy-front -a ::/0 echo 192.0.2.1 1' <header
	atf_check -o match:'^198.51.100.7' -e ignore \
	    proxy-front -a 10.0.0.0/8 -a 192.0.2.1 sh -c "$tell" <header
}

atf_test_case malformed_headers_end_the_connection
malformed_headers_end_the_connection_body()
{
	home
	trouble='421 4.3.0 unable to serve you now, try again later\r\n'
	while read -r header; do
		printf "$header" >header
		atf_check -s exit:111 -o inline:"$trouble" -e match:'event=refused reason=' \
		    proxy-front echo served <header
	done <<-'EOF'
		EHLO a\\r\\n
		PROXY
		PROXY TCP4 198.51.100.7 203.0.113.5 4711 25\\n
		PROXY TCP4 198.51.100.7 203.0.113.5 4711 25
		PROXY TCP4 198.51.100.7 203.0.113.5 4711\\r\\n
		PROXY TCP4 198.51.100.7 203.0.113.5 4711 65536\\r\\n
		PROXY TCP4 198.51.100.7 203.0.113.5 04711 25\\r\\n
		PROXY TCP4 198.51.100.7 203.0.113.5 -1 25\\r\\n
		PROXY TCP4 198.51.100.7 203.0.113.5 4711 25 \\r\\n
		PROXY TCP4  198.51.100.7 203.0.113.5 4711 25\\r\\n
		PROXY TCP4 198.51.100.07 203.0.113.5 4711 25\\r\\n
		PROXY TCP4 2001:db8::1 203.0.113.5 4711 25\\r\\n
		PROXY TCP6 198.51.100.7 203.0.113.5 4711 25\\r\\n
		PROXY UDP4 198.51.100.7 203.0.113.5 4711 25\\r\\n
		PROXY UNKNOWNS 1 2\\r\\n
		proxy TCP4 198.51.100.7 203.0.113.5 4711 25\\r\\n
	EOF
	for parts in '11 11 c6336407cb00710512670019' '22 11 c6336407cb00710512670019' \
	    '21 12 c6336407cb00710512670019' '21 31 c6336407cb00710512670019' \
	    '21 11 c6336407cb007105126700' '21 21 c6336407cb00710512670019' \
	    '21 11 c6336407cb0071051267001904' '21 11 c6336407cb00710512670019040002ff'; do
		v2 $parts >header
		atf_check -s exit:111 -o inline:"$trouble" -e match:'event=refused reason=' \
		    proxy-front echo served <header
	done
	{
		v2 21 11 "$(printf %04094d 0)"
	} >header
	atf_check -s exit:111 -o inline:"$trouble" -e match:malformed proxy-front echo served <header
	printf '%0200d' 0 | sed 's/^/PROXY UNKNOWN /' >header
	atf_check -s exit:111 -o inline:"$trouble" -e match:malformed proxy-front echo served <header
}

atf_test_case a_proxy_that_says_nothing_is_not_waited_for
a_proxy_that_says_nothing_is_not_waited_for_body()
{
	home
	mkfifo quiet
	exec 3<>quiet
	atf_check -s exit:111 -o match:'^421 4.3.0' -e match:'no header in time' \
	    proxy-front -s 1 echo served <&3
	printf 'PROXY TCP4 ' >&3
	atf_check -s exit:111 -e match:'no header in time' proxy-front -q -s 1 echo served <&3
}

atf_test_case its_own_trouble_is_421
its_own_trouble_is_421_body()
{
	home
	trouble='421 4.3.0 unable to serve you now, try again later\r\n'
	for wrong in '' '-s 0 true' '-a x true' '-a 192.0.2.1/24 true' '-x true'; do
		atf_check -s exit:111 -o inline:"$trouble" -e match:usage proxy-front $wrong
	done
	atf_check -s exit:111 -e match:usage proxy-front -q
	rm home/control/proxyclients
	mkdir home/control/proxyclients
	atf_check -s exit:111 -o inline:"$trouble" -e match:'unable to read control/proxyclients' \
	    proxy-front echo served
}

atf_init_test_cases()
{
	atf_add_test_case a_look_at_our_health_is_told
	atf_add_test_case a_header_of_version_1_tells_the_client
	atf_add_test_case a_header_of_version_2_tells_the_client
	atf_add_test_case not_one_byte_beyond_the_header_is_read
	atf_add_test_case what_was_known_of_the_proxy_is_forgotten
	atf_add_test_case who_is_not_trusted_is_not_believed
	atf_add_test_case malformed_headers_end_the_connection
	atf_add_test_case a_proxy_that_says_nothing_is_not_waited_for
	atf_add_test_case its_own_trouble_is_421
}
