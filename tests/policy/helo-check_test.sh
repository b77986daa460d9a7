#! /usr/bin/env atf-sh
PATH=$(atf_get_srcdir)/../../bin:$PATH

home()
{
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

answer()
{
	printf 'helo %s\nmail a@b.test\n' "$1" | helo-check 2>>log | sed -n '1s/^\(.\)[0-9. ]*/\1 /p'
}

atf_test_case a_stranger_says_who_it_is
a_stranger_says_who_it_is_body()
{
	home
	printf '%s\n' '# comment' ylmf-pc.test .dynamic.test >home/control/badhelo
	while IFS='|' read -r name expected; do
		atf_check_equal "$name|$expected" "$name|$(answer "$name" | sed 's/ *$//')"
	done <<-'EOF'
		mail.example.org|K
		mail.example.org.|K
		under_score.example.org|K
		xn--bcher-kva.example|K
		[192.0.2.1]|K
		localhost|D your HELO is not a full host name
		WIN-ABC|D your HELO is not a full host name
		192.0.2.1|D your HELO is an address without brackets
		2001:db8::1|D your HELO is an address without brackets
		[192.0.2.2]|D your HELO is not the address that you come from
		[IPv6:2001:db8::1]|D your HELO is not the address that you come from
		[2001:db8::1]|D your HELO is neither a host name nor an address
		[nonsense]|D your HELO is neither a host name nor an address
		a..b|D your HELO is neither a host name nor an address
		-a.b-|D your HELO is neither a host name nor an address
		a/b.c|D your HELO is neither a host name nor an address
		.|D your HELO is neither a host name nor an address
		mx.here.test|D your HELO is our name
		MX.Here.Test.|D your HELO is our name
		here.test|D your HELO is our name
		client.here.test|K
		YLMF-pc.test|D we take no mail from who calls himself that
		a.b.dynamic.test|D we take no mail from who calls himself that
		dynamic.test|K
	EOF
	atf_check_equal K "$(TCPREMOTEIP=2001:db8::1 answer '[IPv6:2001:DB8:0::1]' | tr -d ' ')"
}

atf_test_case our_own_clients_may_say_anything
our_own_clients_may_say_anything_body()
{
	home
	atf_check_equal K "$(RELAYCLIENT= answer localhost | tr -d ' ')"
	atf_check_equal K "$(AUTHUSER=bob@here.test answer here.test | tr -d ' ')"
	echo 192.0.2.1 >home/control/relayclients
	atf_check_equal K "$(answer '[127.0.0.1]' | tr -d ' ')"
}

atf_test_case what_is_not_known_is_not_now
what_is_not_known_is_not_now_body()
{
	home
	printf 'helo a.test\n' >request
	mkdir home/control/badhelo
	atf_check -o match:'^Z451 4.3.0' -e match:'unable to read control/badhelo' helo-check <request
	rmdir home/control/badhelo
	rm home/users/users.cdb
	atf_check -o match:'^Z451 4.3.0' -e match:'unable to open users/users.cdb' helo-check <request
	atf_check -s exit:111 -e match:usage helo-check extra
}

atf_test_case the_refusal_is_the_answer_to_mail
the_refusal_is_the_answer_to_mail_body()
{
	home
	mkdir -p home/queue
	printf 'EHLO localhost\r\nMAIL FROM:<a@b.test>\r\nQUIT\r\n' >talk
	atf_check -o match:'^250.mx.here.test' -o match:'^550 5.7.1 your HELO' -e ignore \
	    smtp-recv -p helo-check true <talk
}

atf_init_test_cases()
{
	atf_add_test_case a_stranger_says_who_it_is
	atf_add_test_case our_own_clients_may_say_anything
	atf_add_test_case what_is_not_known_is_not_now
	atf_add_test_case the_refusal_is_the_answer_to_mail
}
