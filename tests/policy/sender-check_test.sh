#! /usr/bin/env atf-sh
PATH=$(atf_get_srcdir)/../../bin:$PATH

home()
{
	[ -x /usr/sbin/dnsmasq ] || atf_skip "no dnsmasq-base"
	FACTEUR_HOME=$PWD/home
	export FACTEUR_HOME TCPREMOTEIP=192.0.2.1
	unset RELAYCLIENT AUTHUSER
	mkdir -p home/control home/users
	echo here.test >home/control/domains
	echo mx.here.test >home/control/me
	: >home/users/mailboxes
	: >home/users/aliases
	: >home/users/passwords
	atf_check -e ignore mail-compile
}

# with_dns COMMAND: run it while there is a DNS
with_dns()
{
	cat >script <<-END
	echo "127.0.0.1:\$DNS" >home/control/resolvers
	$1
	END
	"$(atf_get_srcdir)/../send/play.py" dns=--local=/test/ \
	    dns=--mx-host=mx-only.test,mail.other.test,10 \
	    dns=--host-record=a-only.test,192.0.2.7 \
	    dns=--host-record=aaaa-only.test,2001:db8::7 \
	    dns=--txt-record=txt-only.test,hello \
	    dns=--dns-rr=null.test,15,000000 \
	    dns=--mx-host=xn--bcher-kva.test,mail.other.test,10 \
	    -- sh script
}

atf_test_case the_domain_of_a_sender_must_exist_and_take_mail
the_domain_of_a_sender_must_exist_and_take_mail_body()
{
	home
	while IFS='|' read -r address expected; do
		echo "mail $address SIZE=5" >requests
		with_dns 'sender-check <requests >answers 2>log'
		atf_check_equal "$address|$expected" "$address|$(cut -c 1-11 answers | sed 's/ $//')"
	done <<-'EOF'
		a@mx-only.test|K
		a@MX-only.TEST|K
		a@a-only.test|K
		a@aaaa-only.test|K
		a@txt-only.test|D550 5.1.8
		a@none.test|D550 5.1.8
		a@sub.a-only.test|D550 5.1.8
		a@null.test|D550 5.7.27
		a@not-served.example|Z451 4.4.3
		a@here.test|K
		a@[192.0.2.1]|K
		a@bücher.test|K
		a@bücker.test|D550 5.1.8
		<>|K
		postmaster|D553 5.1.7
	EOF
}

atf_test_case our_own_clients_are_not_judged
our_own_clients_are_not_judged_body()
{
	home
	echo 'mail a@none.test' >requests
	for who in RELAYCLIENT= AUTHUSER=bob@here.test; do
		with_dns "env $who sender-check <requests >answers 2>log"
		atf_check -o inline:'K\n' cat answers
	done
	echo 192.0.2.0/24 >home/control/relayclients
	with_dns 'sender-check <requests >answers 2>log'
	atf_check -o inline:'K\n' cat answers
}

atf_test_case no_answer_is_not_now
no_answer_is_not_now_head()
{
	atf_set require.progs python3
}
no_answer_is_not_now_body()
{
	home
	echo 'mail a@mx-only.test' >requests
	cat >silent <<-'END'
		import socket, subprocess, sys, time
		s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
		s.bind(("127.0.0.1", 0))
		with open("home/control/resolvers", "w") as f:
		    print("127.0.0.1:%d" % s.getsockname()[1], file=f)
		began = time.time()
		r = subprocess.run(["sender-check", "-s", "1"], stdin=open("requests"))
		sys.exit(r.returncode or time.time() - began > 3)
	END
	atf_check -o match:'^Z451 4.4.3' python3 silent
	echo nonsense >home/control/resolvers
	atf_check -o match:'^Z451 4.3.0' -e match:'unable to use the DNS' sender-check <requests
	rm home/users/users.cdb
	atf_check -o match:'^Z451 4.3.0' -e match:'unable to open users/users.cdb' \
	    sender-check <requests
	for wrong in '-s 0' '-s 26' '-x' extra; do
		atf_check -s exit:111 -e match:usage sender-check $wrong
	done
}

atf_init_test_cases()
{
	atf_add_test_case the_domain_of_a_sender_must_exist_and_take_mail
	atf_add_test_case our_own_clients_are_not_judged
	atf_add_test_case no_answer_is_not_now
}
