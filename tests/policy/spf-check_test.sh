#! /usr/bin/env atf-sh
# spf-check, with dns-serve and a resolver of our own; and the test suite of RFC 7208, where it is there.
PATH=$(atf_get_srcdir)/../../bin:$PATH
. "$(atf_get_srcdir)/../lib/until.sh"
zone_helpers=$(atf_get_srcdir)/../dns
. "$zone_helpers/zone.sh"
spf=$(atf_get_srcdir)/../spf

home()
{
	unset RELAYCLIENT AUTHUSER
	export TCPREMOTEIP=192.0.2.9
	mkdir -p home/control home/run
	echo mx.here.test >home/control/me
	cat >zone <<-'EOF'
	a.test TXT "v=spf1 ip4:192.0.2.1 -all exp=why.a.test"
	why.a.test TXT "%{i} is none of ours"
	soft.test TXT "v=spf1 ~all"
	two.test TXT "v=spf1 -all"
	two.test TXT "v=spf1 +all"
	helo.test TXT "v=spf1 ip4:192.0.2.9 -all"
	thief.test TXT "v=spf1 -all"
	xn--b-eha.test TXT "v=spf1 ip4:192.0.2.9 -all"
	fail.test SERVFAIL
	dead.test TIMEOUT
	EOF
}

# check LINE...: the answers to these requests, in said
check()
{
	printf '%s\n' "$@" >requests
	with_zone 'spf-check <requests 2>spf.log'
}

field='Received-SPF: fail \(the domain does not permit this client\) client-ip=192.0.2.9; identity=mailfrom; '
field="$field"'receiver=mx.here.test; mechanism=-all; envelope-from="x@a.test"; helo=helo.test'

atf_test_case results_are_marked
results_are_marked_body()
{
	home
	check 'helo helo.test' 'mail x@a.test' 'rcpt b@here.test' data 'mail x@soft.test' 'mail <>' \
	    'mail x@two.test' 'mail x@fail.test' 'mail x@none.test' 'done RECIPIENTS=1'
	atf_check -o match:'^Kenv SPF_HELO_RESULT=pass Received-SPF: pass \(.*; identity=helo; .*; helo=helo.test$' \
	    sed -n 1p said
	atf_check -o match:"^Kenv SPF_RESULT=fail SPF_DOMAIN=a.test SPF_IDENTITY=mailfrom $field\$" sed -n 2p said
	atf_check -o inline:'K\nK\n' sed -n 3,4p said
	atf_check -o match:'^Kenv SPF_RESULT=softfail .* Received-SPF: softfail ' sed -n 5p said
	# that field is there already
	atf_check -o inline:'Kenv SPF_RESULT=pass SPF_DOMAIN=helo.test SPF_IDENTITY=helo\n' sed -n 6p said
	atf_check -o match:'^Kenv SPF_RESULT=permerror .* Received-SPF: permerror ' sed -n 7p said
	atf_check -o match:'^Kenv SPF_RESULT=temperror .* Received-SPF: temperror ' sed -n 8p said
	atf_check -o match:'^Kenv SPF_RESULT=none .* Received-SPF: none ' sed -n 9p said
	atf_check -o inline:'K\n' sed -n 10p said
	atf_check -o match:'event=spf result=fail domain=a.test identity=mailfrom client=192.0.2.9 mechanism=-all' \
	    -o match:'result=permerror domain=two.test .*reason="the domain has several SPF records"' cat spf.log
	check 'helo none.test' 'mail <>'
	atf_check -o inline:'Kenv SPF_HELO_RESULT=none\n' sed -n 1p said
	atf_check -o match:'^Kenv SPF_RESULT=none SPF_DOMAIN=none.test SPF_IDENTITY=helo Received-SPF: none ' sed -n 2p said
}

atf_test_case what_control_spf_says_is_refused
what_control_spf_says_is_refused_body()
{
	home
	echo reject >home/control/spf
	check 'helo helo.test' 'mail x@a.test' 'mail x@two.test' 'mail x@fail.test' 'mail x@soft.test'
	atf_check -o inline:"D550 5.7.23 SPF: a.test does not permit 192.0.2.9 to send its mail; it explains: \
192.0.2.9 is none of ours\n" sed -n 2p said
	atf_check -o inline:'Kenv\nKenv\nKenv\n' sh -c "sed 1,2d said | cut -d ' ' -f 1"
	echo 'reject permerror' >home/control/spf
	check 'helo thief.test' 'mail x@a.test' 'mail x@two.test' 'mail x@fail.test'
	atf_check -o inline:'D550 5.7.23\nD550 5.7.23\nD550 5.7.24\nKenv SPF_RESULT=temperror\n' \
	    cut -d ' ' -f 1,2 said
	# what nobody understands refuses nothing
	echo rejekt >home/control/spf
	check 'helo helo.test' 'mail x@a.test'
	atf_check -o match:'^Kenv SPF_RESULT=fail' sed -n 2p said
	atf_check -o match:'control/spf is neither' cat spf.log
}

atf_test_case our_own_clients_are_not_asked_for_a_permission
our_own_clients_are_not_asked_for_a_permission_body()
{
	home
	echo 'reject permerror' >home/control/spf
	for who in RELAYCLIENT= AUTHUSER=bob@here.test TCPREMOTEIP=10.1.2.3; do
		echo 10.0.0.0/8 >home/control/relayclients
		printf '%s\n' 'helo thief.test' 'mail x@a.test' >requests
		with_zone "env $who spf-check <requests"
		atf_check -o inline:'K\nK\n' cat said
	done
}

atf_test_case internationalised_and_odd_senders_are_checked
internationalised_and_odd_senders_are_checked_body()
{
	home
	check 'helo [192.0.2.9]' 'mail bob@bü.test SMTPUTF8' 'mail "a b"@soft.test' 'mail x' 'mail x@[192.0.2.1]'
	atf_check -o inline:'Kenv SPF_HELO_RESULT=none\n' sed -n 1p said
	atf_check -o match:'^Kenv SPF_RESULT=pass SPF_DOMAIN=xn--b-eha.test ' sed -n 2p said
	atf_check -o match:'envelope-from="."a b."@soft.test"' sh -c "sed -n 3p said | tr '\\\\\\\\' ."
	atf_check -o inline:'SPF_RESULT=none\nSPF_RESULT=none\n' sh -c "sed -n 4,5p said | cut -d ' ' -f 2"
	TCPREMOTEIP=nonsense
	check 'helo helo.test' 'mail x@a.test'
	atf_check -o inline:'SPF_RESULT=none\n' sh -c "sed -n 2p said | cut -d ' ' -f 2"
}

atf_test_case an_answer_is_never_too_long
an_answer_is_never_too_long_body()
{
	home
	label=$(printf '%063d' 0)
	long=$label.$label.$label.$(printf '%050d' 1).test
	plus=$(printf '%0200d' 0 | tr 0 +)
	words=$(printf '%0250d' 0)
	cat >>zone <<-EOF
	$long TXT "v=spf1 exists:%{l1}.$label.$label.no.test -all " "exp=why.$long"
	$long TXT "not this"
	why.$long TXT "$words" "$words"
	EOF
	check "helo $long" "mail $plus@$long" "mail x@$plus.test"
	echo reject >home/control/spf
	cp said all
	check "mail $plus@$long"
	cat said >>all
	atf_check -o inline:'Kenv SPF_HELO_RESULT=fail\nKenv SPF_RESULT=fail\nKenv SPF_RESULT=none\nD550 5.7.23\n' \
	    cut -d ' ' -f 1,2 all
	atf_check awk 'length > (/^D/ ? 510 : 1000)' all
}

atf_test_case a_dead_dns_costs_no_message
a_dead_dns_costs_no_message_body()
{
	home
	echo 'reject permerror' >home/control/spf
	printf '%s\n' 'mail x@a.test' >requests
	FACTEUR_HOME=$PWD/home
	export FACTEUR_HOME
	# no dns-serve
	atf_check -o match:'^Kenv SPF_RESULT=temperror' -e match:'unable to ask run/dns.sock' spf-check <requests
	check 'mail x@dead.test'
	atf_check -o match:'^Kenv SPF_RESULT=temperror' cat said
}

atf_test_case one_process_serves_all_sessions
one_process_serves_all_sessions_body()
{
	home
	printf '%s\n' 'late.test SLOW 0.3' 'late.test TXT "v=spf1 ip6:2001:db8::1 -all"' >>zone
	cat >clients.py <<-'EOF'
		import socket

		def client(ip, sender):
		    s = socket.socket(socket.AF_UNIX)
		    s.settimeout(60)
		    s.connect("home/run/spf.sock")
		    s.sendall(b"env POLICY=2 TCPREMOTEIP=%s\nhelo x.test\nmail %s\nrcpt b@here.test\n" % (ip, sender))
		    return s.makefile("rb")

		late = client(b"2001:db8::1", b"x@late.test")
		quick = client(b"192.0.2.1", b"x@a.test")
		for c in quick, late:
		    for i in range(4):
		        print(c.readline().decode().split(" Received")[0].rstrip())
	EOF
	with_zone 'rm -f ready2; mkfifo ready2
	    s6-ipcserver-socketbinder home/run/spf.sock spf-check -l 5 >ready2 2>spf.log &
	    check=$!
	    trap "kill \$check \$serve" EXIT
	    read -r line <ready2
	    python3 clients.py
	    # dns-serve is begun anew
	    { kill $serve; wait $serve; } 2>/dev/null
	    rm -f ready; mkfifo ready
	    s6-ipcserver-socketbinder home/run/dns.sock dns-serve >ready 2>>log &
	    serve=$!
	    read -r line <ready
	    python3 clients.py'
	cat >expected <<-'EOF'
		Kasks helo
		Kenv SPF_HELO_RESULT=none
		Kenv SPF_RESULT=pass SPF_DOMAIN=a.test SPF_IDENTITY=mailfrom
		K
		Kasks helo
		Kenv SPF_HELO_RESULT=none
		Kenv SPF_RESULT=pass SPF_DOMAIN=late.test SPF_IDENTITY=mailfrom
		K
	EOF
	cat expected expected >twice
	atf_check diff twice said
}

# One wait does for both names; a dns-serve that ends before it has answered is asked for both again.
atf_test_case helo_and_sender_are_asked_for_at_once
helo_and_sender_are_asked_for_at_once_body()
{
	home
	cat >dns.py <<-'EOF'
		import socket
		s = socket.socket(socket.AF_UNIX)
		s.bind("home/run/dns.sock")
		s.listen()
		print(flush=True)
		for turn in range(2):
		    with s.accept()[0] as c:
		        heard = b""
		        while heard.count(b",") < 2:
		            piece = c.recv(4096)
		            heard += piece
		            print(piece.count(b","), file=open("pieces", "a"))
		        print(sorted(q.split()[-1] for q in heard.decode().split(",")[:2]), file=open("asked", "a"))
	EOF
	cat >client.py <<-'EOF'
		import socket
		with socket.socket(socket.AF_UNIX) as c:
		    c.connect("home/run/spf.sock")
		    c.sendall(b"env TCPREMOTEIP=192.0.2.9 POLICY=2\nhelo helo.test\nmail x@a.test\nrcpt b@here.test\n")
		    f = c.makefile()
		    for n in range(4):
		        print(f.readline().split(" Received")[0].rstrip())
	EOF
	mkfifo ready ready2
	export FACTEUR_HOME=$PWD/home
	python3 dns.py >ready &
	dns=$!
	s6-ipcserver-socketbinder home/run/spf.sock spf-check -l 5 >ready2 2>spf.log &
	trap "kill $! $dns 2>/dev/null" EXIT
	read -r line <ready
	read -r line <ready2
	atf_check -o inline:'Kasks helo\nKenv SPF_HELO_RESULT=temperror\nKenv SPF_RESULT=temperror SPF_DOMAIN=a.test SPF_IDENTITY=mailfrom\nK\n' \
	    python3 client.py
	atf_check -o inline:"['a.test', 'helo.test']\n['a.test', 'helo.test']\n" cat asked
	atf_check -o inline:'2\n' head -n 1 pieces
}

atf_test_case smtp_recv_puts_the_field_above_the_message
smtp_recv_puts_the_field_above_the_message_body()
{
	home
	cat >keep <<-'EOF'
		#!/bin/sh
		cat >"$FACTEUR_HOME/../message"
		cat <&1 >/dev/null
		echo "$SPF_RESULT $SPF_DOMAIN $SPF_IDENTITY $SPF_HELO_RESULT" >"$FACTEUR_HOME/../told"
	EOF
	chmod +x keep
	printf '%s\r\n' 'EHLO helo.test' 'MAIL FROM:<x@a.test>' 'RCPT TO:<b@here.test>' DATA 'Subject: x' '' x . \
	    'MAIL FROM:<x@a.test>' 'RCPT TO:<b@here.test>' QUIT >lines
	with_zone 'rm -f ready2; mkfifo ready2
	    s6-ipcserver-socketbinder home/run/spf.sock spf-check -l 5 >ready2 2>spf.log &
	    check=$!
	    trap "kill $check $serve" EXIT
	    read -r line <ready2
	    { head -n 8 lines; until [ -s told ]; do sleep 0.02; done; echo reject >home/control/spf
	      sed 1,8d lines; } | smtp-recv -r unix:run/spf.sock "$PWD/keep" 2>smtp.log'
	atf_check -o inline:'fail a.test mailfrom pass\n' cat told
	atf_check -o match:'^Received-SPF: pass .*identity=helo' -o match:'^Received-SPF: fail .*identity=mailfrom' \
	    -o match:'^Received: from helo.test' sed -n 1,3p message
	atf_check -o match:'^550 5.7.23 SPF: a.test does not permit 192.0.2.9' cat said
}

atf_test_case a_trial_shows_what_would_be_found
a_trial_shows_what_would_be_found_body()
{
	home
	with_zone "spf-check -t 192.0.2.5 x@a.test helo.test; spf-check -t 192.0.2.9 '' helo.test
	    spf-check -t 2001:db8::1 x@soft.test"
	atf_check -o inline:'fail\n192.0.2.5 is none of ours\npass\nsoftfail\n' grep -v ^Received said
}

atf_test_case the_test_suite_of_the_rfc_passes
the_test_suite_of_the_rfc_passes_head()
{
	atf_set require.progs python3
}
the_test_suite_of_the_rfc_passes_body()
{
	suite=$FACTEUR_SOURCE/../shared/data/spf/rfc7208-tests.yml
	[ -e "$suite" ] || atf_skip "the suite is not in $suite"
	/usr/bin/python3 -c 'import yaml' 2>/dev/null || atf_skip "no python3-yaml"
	atf_check -o match:'^[1-9][0-9]* tests, 0 wrong$' /usr/bin/python3 "$spf/suite.py" "$suite"
}

atf_test_case python3_spf_judges_as_we_do
python3_spf_judges_as_we_do_body()
{
	/usr/bin/python3 -c 'import spf, yaml' 2>/dev/null || atf_skip "no python3-spf, python3-yaml"
	atf_check -o match:" 0 differ$" -e ignore /usr/bin/python3 "$spf/compare.py" 7 200
}

atf_test_case wrong_usage
wrong_usage_body()
{
	home
	for arguments in x -b -l '-l 0' '-l x' -t '-t 192.0.2.1' '-t 192.0.2.1 a b c' '-l 5 -t 192.0.2.1 a'; do
		atf_check -s exit:111 -e match:'usage: spf-check' spf-check $arguments
	done
	FACTEUR_HOME=$PWD/home
	export FACTEUR_HOME
	atf_check -s exit:111 -e match:'nonsense is not an IP address' spf-check -t nonsense x@a.test
}

atf_init_test_cases()
{
	atf_add_test_case results_are_marked
	atf_add_test_case what_control_spf_says_is_refused
	atf_add_test_case our_own_clients_are_not_asked_for_a_permission
	atf_add_test_case internationalised_and_odd_senders_are_checked
	atf_add_test_case an_answer_is_never_too_long
	atf_add_test_case a_dead_dns_costs_no_message
	atf_add_test_case one_process_serves_all_sessions
	atf_add_test_case helo_and_sender_are_asked_for_at_once
	atf_add_test_case smtp_recv_puts_the_field_above_the_message
	atf_add_test_case a_trial_shows_what_would_be_found
	atf_add_test_case the_test_suite_of_the_rfc_passes
	atf_add_test_case python3_spf_judges_as_we_do
	atf_add_test_case wrong_usage
}
