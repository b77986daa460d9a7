#! /usr/bin/env atf-sh
# Questions to a resolver of our own, zone.py.
PATH=$(atf_get_srcdir)/../../bin:$PATH
zone=$(atf_get_srcdir)/zone.py

atf_test_case prints_records_of_all_types
prints_records_of_all_types_body()
{
	cat >zone <<-'EOF'
		a.test A 192.0.2.1
		a.test AAAA 2001:db8::1
		www.test CNAME a.test
		t.test TXT "v=spf1 " "-all"
		t.test TXT "x\007y"
		m.test MX 10 a.test
		_submission._tcp.m.test SRV 0 1 587 a.test
		1.2.0.192.in-addr.arpa PTR a.test
		1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa PTR six.test
		_25._tcp.a.test TLSA 3 1 1 00ff
		xn--b-eha.test TXT umlaut
	EOF
	cat >script <<-'EOF'
		for question in 'A www.test' 'AAAA a.test' 'CNAME www.test' 'TXT t.test' 'MX m.test' \
		    'SRV _submission._tcp.m.test' 'PTR 192.0.2.1' 'PTR 2001:db8::1' 'TLSA _25._tcp.a.test' \
		    'TXT bü.test'; do
			dns-ask -r "127.0.0.1:$DNS" $question || echo "exit $?"
		done
	EOF
	cat >expected <<-'EOF'
		192.0.2.1
		2001:db8::1
		a.test
		v=spf1 -all
		x y
		10 a.test
		0 1 587 a.test
		a.test
		six.test
		3 1 1 00ff
		umlaut
	EOF
	atf_check -o file:expected "$zone" zone -- sh script
}

atf_test_case no_record_is_not_no_answer
no_record_is_not_no_answer_body()
{
	printf '%s\n' 'a.test A 192.0.2.1' 'bad.test SERVFAIL' 'mute.test TIMEOUT' 'odd.test NONSENSE 00' >zone
	cat >script <<-'EOF'
		for name in none.test a.test bad.test mute.test odd.test; do
			dns-ask -r "127.0.0.1:$DNS" -s 2 TXT "$name" 2>>err
			echo "$name $?"
		done
	EOF
	atf_check -o inline:'none.test 1\na.test 1\nbad.test 111\nmute.test 111\nodd.test 111\n' \
	    "$zone" zone -- sh script
	atf_check -o match:'the DNS does not answer' -o match:'unable to ask the DNS' cat err
}

atf_test_case only_what_is_proved
only_what_is_proved_body()
{
	printf '%s\n' '. NS ns.test' '. SECURE' 'a.test A 192.0.2.1' >zone
	cat >script <<-'EOF'
		dns-ask -S -r "127.0.0.1:$DNS" NS .
		echo $?
		dns-ask -S -r "127.0.0.1:$DNS" A a.test
		echo $?
	EOF
	atf_check -o inline:'ns.test\n0\n1\n' "$zone" zone -- sh script
}

atf_test_case asks_whom_the_home_asks
asks_whom_the_home_asks_body()
{
	mkdir -p home/control
	echo 'a.test A 192.0.2.1' >zone
	echo 'echo "127.0.0.1:$DNS" >home/control/resolvers; FACTEUR_HOME=$PWD/home dns-ask A a.test' >script
	atf_check -o inline:'192.0.2.1\n' "$zone" zone -- sh script
}

atf_test_case names_in_ascii
names_in_ascii_body()
{
	atf_check -o inline:'xn--bcher-kva.example\n' dns-ask -a bücher.example
	atf_check -o inline:'example.org\n' dns-ask -a example.org
	atf_check -o inline:'1.2.0.192.in-addr.arpa\n' dns-ask -n 192.0.2.1
	atf_check -s exit:111 -e match:'not a domain' dns-ask -a "$(printf 'b\374cher.example')"
}

atf_test_case wrong_usage_is_not_now
wrong_usage_is_not_now_body()
{
	for words in '' 'A' 'A b c' '-s 0 A b' '-s x A b' '-x A b' '-a' '-a b c'; do
		atf_check -s exit:111 -e match:'usage' dns-ask $words
	done
	atf_check -s exit:111 -e match:'SPF: not a type' dns-ask SPF a.test
	atf_check -s exit:111 -e match:'unable to use the DNS' -e match:'does not answer' dns-ask -r nonsense A a.test
}

atf_init_test_cases()
{
	atf_add_test_case prints_records_of_all_types
	atf_add_test_case no_record_is_not_no_answer
	atf_add_test_case only_what_is_proved
	atf_add_test_case asks_whom_the_home_asks
	atf_add_test_case names_in_ascii
	atf_add_test_case wrong_usage_is_not_now
}
