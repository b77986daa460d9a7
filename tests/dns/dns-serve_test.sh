#! /usr/bin/env atf-sh
# Questions to a resolver of our own, zone.py.
PATH=$(atf_get_srcdir)/../../bin:$PATH
. "$(atf_get_srcdir)/../lib/until.sh"
zone_helpers=$(atf_get_srcdir)
. "$zone_helpers/zone.sh"
ask=$zone_helpers/ask.py

atf_test_case records_of_all_types_are_found
records_of_all_types_are_found_body()
{
	cat >zone <<-'EOF'
	a.test A 192.0.2.1
	a.test A 192.0.2.2
	a.test AAAA 2001:db8::1
	www.test CNAME a.test
	a.test TTL 300
	t.test TXT "v=spf1 " "-all"
	t.test TXT "x\000\255"
	m.test MX 10 a.test
	m.test MX 0 .
	1.2.0.192.in-addr.arpa PTR a.test
	_25._tcp.a.test TLSA 3 1 1 00ff
	we+ird=x.test TXT hi
	xn--b-eha.test TXT bü
	EOF
	with_zone "$ask home/run/dns.sock 'A 0 a.test' 'A 0 A.TEST' 'AAAA 0 www.test' 'TXT 0 t.test' \
	    'MX 0 m.test' 'PTR 0 1.2.0.192.in-addr.arpa' 'TLSA 0 _25._tcp.a.test' 'CNAME 0 www.test' \
	    'TXT 0 we+ird=x.test' 'TXT 0 bü.test' 'TXT 0 a.test' 'TXT 0 none.test' 'A 0 a..test'"
	cat >expected <<-'EOF'
	found 0 300 a.test \xc0\x00\x02\x01 \xc0\x00\x02\x02
	found 0 300 a.test \xc0\x00\x02\x01 \xc0\x00\x02\x02
	found 0 0 a.test  \x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01
	found 0 0 t.test v=spf1 -all x\x00\xff
	found 0 0 m.test 10 a.test 0 
	found 0 0 1.2.0.192.in-addr.arpa a.test
	found 0 0 _25._tcp.a.test \x03\x01\x01\x00\xff
	found 0 0 www.test a.test
	found 0 0 we+ird=x.test hi
	found 0 0 xn--b-eha.test b\xc3\xbc
	nothing 0 300 a.test
	no-name 0 0 none.test
	no-name 0 0 
	EOF
	atf_check diff expected said
	atf_check test ! -s log
}

atf_test_case what_was_answered_is_remembered
what_was_answered_is_remembered_body()
{
	printf '%s\n' 'a.test A 192.0.2.1' 'a.test TTL 300' 'b.test A 192.0.2.2' >zone
	with_zone "$ask home/run/dns.sock 'A 0 a.test' 'A 0 b.test'
	    $ask home/run/dns.sock 'A 0 a.test' 'A 0 b.test' 'A 0 b.test'"
	atf_check -o inline:'A a.test\nA b.test\nA b.test\n' sort questions
	atf_check -o inline:'3\n' grep -c '^found 0 0 b.test' said
}

atf_test_case failures_take_bounded_time
failures_take_bounded_time_body()
{
	cat >zone <<-'EOF'
	dead.test TIMEOUT
	fail.test SERVFAIL
	refused.test REFUSED
	bad.test NONSENSE 81800001000100000000
	slow.test SLOW 0.3
	slow.test A 192.0.2.9
	a.test A 192.0.2.1
	cut.test CUT
	cut.test A 192.0.2.5
	EOF
	with_zone "$ask home/run/dns.sock 'A 500 dead.test' 'A 500 fail.test' 'A 500 refused.test' \
	    'A 500 bad.test' 'A 20000 slow.test' 'A 20000 a.test' 'A 20000 cut.test'"
	atf_check -o inline:'failed\nfailed\nfailed\nfailed\nfound\nfound\nfound\n' cut -d ' ' -f 1 said
	atf_check -o inline:'2\n' grep -c 'A cut.test' questions # over TCP
}

atf_test_case a_dead_dns_is_not_waited_for_again_and_again
a_dead_dns_is_not_waited_for_again_and_again_body()
{
	printf '%s\n' 'dead.test TIMEOUT' 'late.test SLOW 2' 'late.test A 192.0.2.1' 'a.test A 192.0.2.1' >zone
	with_zone "$ask home/run/dns.sock 'A 100 dead.test' 'TXT 100 dead.test' 'MX 100 dead.test' \
	        'PTR 100 dead.test' 'AAAA 100 dead.test' 'TLSA 100 dead.test'
	    $ask home/run/dns.sock 'A 9000 late.test'
	    until $ask home/run/dns.sock 'A 1000 a.test' | grep found; do :; done
	    $ask home/run/dns.sock 'A 20000 late.test'"
	# an answer shows that the DNS is there again
	atf_check -o inline:'failed\nfailed\nfailed\nfailed\nfailed\nfailed\nfailed\nfound\nfound\n' \
	    cut -d ' ' -f 1 said
}

atf_test_case what_the_resolver_has_verified_is_marked
what_the_resolver_has_verified_is_marked_body()
{
	printf '%s\n' 'a.test A 192.0.2.1' 'a.test SECURE' 'b.test A 192.0.2.2' >zone
	with_zone "$ask home/run/dns.sock 'A 0 a.test' 'A 0 b.test' 'TXT 0 a.test'"
	atf_check -o inline:'found 1\nfound 0\nnothing 1\n' cut -d ' ' -f 1,2 said
}

atf_test_case a_silent_server_is_asked_last
a_silent_server_is_asked_last_body()
{
	printf '%s\n' 'a.test A 192.0.2.1' 'b.test A 192.0.2.1' >zone
	# one that answers nothing, and one where nobody listens
	python3 -c 'import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", 0))
print("127.0.0.1:%d" % s.getsockname()[1], flush=True)
while True:
    open("heard", "ab").write(s.recv(2000) + b"\n")' >second &
	silent=$!
	trap 'kill $silent' EXIT
	until_true "test -s second"
	with_zone "$ask home/run/dns.sock 'A 20000 a.test'
	    $ask home/run/dns.sock 'A 20000 b.test'"
	atf_check -o inline:'found\nfound\n' cut -d ' ' -f 1 said
	atf_check grep -qa 'a.test' heard
	atf_check -s exit:1 grep -qa 'b.test' heard
	printf '127.0.0.1:1\n' >second
	with_zone "$ask home/run/dns.sock 'A 20000 a.test'"
	atf_check -o inline:'found\n' cut -d ' ' -f 1 said
}

atf_test_case other_resolvers_are_asked_without_a_restart
other_resolvers_are_asked_without_a_restart_body()
{
	echo 'a.test A 192.0.2.1' >zone
	with_zone "cp home/control/resolvers right
	    echo nonsense >home/control/resolvers
	    $ask home/run/dns.sock 'A 0 a.test'
	    cp right home/control/resolvers
	    $ask home/run/dns.sock 'A 0 a.test'"
	atf_check -o inline:'failed\nfound\n' cut -d ' ' -f 1 said
	atf_check -o match:'^dns-serve: unable to use the DNS: ' cat log
}

atf_test_case who_says_nonsense_is_left
who_says_nonsense_is_left_body()
{
	echo 'a.test A 192.0.2.1' >zone
	cat >nonsense.py <<-'EOF'
	import socket
	for said in b"x", b"3:abc,", b"9:1 A 0 a.b;", b"10:x A 0 test,", b"12:1 ANY 0 test,", b"99999:", \
	        b"10:1 A 0 a\0bc,":
	    s = socket.socket(socket.AF_UNIX)
	    s.settimeout(60)
	    s.connect("home/run/dns.sock")
	    s.sendall(said)
	    print(s.recv(100))
	EOF
	with_zone "python3 nonsense.py; $ask home/run/dns.sock 'A 0 a.test'"
	atf_check -o inline:"b''\nb''\nb''\nb''\nb''\nb''\nb''\n" sed '$d' said
	atf_check -o match:'^found' tail -n 1 said
}

atf_test_case wrong_usage
wrong_usage_body()
{
	for arguments in x -b -l '-l 0' '-l x' '-l 100000'; do
		atf_check -s exit:111 -e match:'usage: dns-serve' dns-serve $arguments
	done
}

atf_init_test_cases()
{
	atf_add_test_case records_of_all_types_are_found
	atf_add_test_case what_was_answered_is_remembered
	atf_add_test_case failures_take_bounded_time
	atf_add_test_case a_dead_dns_is_not_waited_for_again_and_again
	atf_add_test_case what_the_resolver_has_verified_is_marked
	atf_add_test_case a_silent_server_is_asked_last
	atf_add_test_case other_resolvers_are_asked_without_a_restart
	atf_add_test_case who_says_nonsense_is_left
	atf_add_test_case wrong_usage
}
