#! /usr/bin/env atf-sh
# Where mx-send sends to: MX records (dnsmasq gives them), smtproutes, loops.

PATH=$(atf_get_srcdir)/../../bin:$PATH

prepare()
{
	[ -x /usr/sbin/dnsmasq ] || atf_skip "no dnsmasq-base"
	mkdir control
	echo mx.me.test >control/me
	FACTEUR_HOME=$PWD
	export FACTEUR_HOME
	printf 'Subject: test\n\nhello\n' >message
	cat >resolve <<-END
	# resolve DOMAIN WORD...: mx-send to the domain; its servers listen on control/mxport
	rm -f commands
	domain=\$1
	shift
	exec "$(atf_get_srcdir)/play.py" "\$@" dns=--local=/test/ -- sh script \$domain
	END
	cat >script <<-'END'
	echo "127.0.0.1:$DNS" >control/resolvers
	[ -e keep_mxport ] || echo $PORT >control/mxport
	[ ! -e routes ] || sed "s/PORT/$PORT/" routes >control/smtproutes
	exec mx-send "$1" s@from.test "r@$1" <message
	END
}

# sends_to ADDRESS OUTPUT DOMAIN WORD...: the mail arrives at that server.
sends_to()
{
	address=$1 output=$2
	shift 2
	atf_check -o match:"$output" -e save:log sh resolve "$@"
	atf_check -o match:"^$address DATA" cat commands
}

# fails EXIT OUTPUT DOMAIN WORD...
fails()
{
	code=$1 output=$2
	shift 2
	atf_check -s "exit:$code" -o match:"$output" -e save:log sh resolve "$@"
}

host()
{
	echo "dns=--host-record=$1,$2"
}

atf_test_case the_best_mx_comes_first
the_best_mx_comes_first_body()
{
	prepare
	for i in 1 2 3; do
		sends_to 127.0.0.3 '^K .* b.mx.test\[127.0.0.3\] said: 250' to.test \
		    at=127.0.0.2 at=127.0.0.3 at=127.0.0.4 \
		    dns=--mx-host=to.test,a.mx.test,20 dns=--mx-host=to.test,b.mx.test,10 \
		    dns=--mx-host=to.test,c.mx.test,30 \
		    $(host a.mx.test 127.0.0.2) $(host b.mx.test 127.0.0.3) $(host c.mx.test 127.0.0.4)
	done
	atf_check -o match:'event=connect host=b.mx.test ip=127.0.0.3' cat log
	sends_to 127.0.0.3 '^K ' TO.test. at=127.0.0.3 dns=--mx-host=to.test,b.mx.test,10 \
	    $(host b.mx.test 127.0.0.3)
}

atf_test_case equal_ones_take_turns
equal_ones_take_turns_body()
{
	prepare
	a=0 b=0
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		sh resolve to.test at=127.0.0.2 at=127.0.0.3 \
		    dns=--mx-host=to.test,a.mx.test,10 dns=--mx-host=to.test,b.mx.test,10 \
		    $(host a.mx.test 127.0.0.2) $(host b.mx.test 127.0.0.3) >out 2>log
		grep -q '^K .*a.mx' out && a=$((a + 1))
		grep -q '^K .*b.mx' out && b=$((b + 1))
		[ $a -eq 0 ] || [ $b -eq 0 ] || break
	done
	# twenty times the same has a chance of one in half a million
	atf_check test $a -gt 0 -a $b -gt 0
}

two='at=127.0.0.2 at=127.0.0.3 dns=--mx-host=to.test,a.mx.test,10 dns=--mx-host=to.test,b.mx.test,20
	dns=--host-record=a.mx.test,127.0.0.2 dns=--host-record=b.mx.test,127.0.0.3'

atf_test_case the_next_mx_is_tried
the_next_mx_is_tried_body()
{
	prepare
	for word in '421 no' '450 no' '554 no'; do
		sends_to 127.0.0.3 '^K ' to.test at=127.0.0.2 "greeting=$word" ${two#* }
	done
	for phase in greeting ehlo mail rcpt data; do
		sends_to 127.0.0.3 '^K ' to.test at=127.0.0.2 "$phase=DROP" ${two#* }
		sends_to 127.0.0.3 '^K ' to.test at=127.0.0.2 "$phase=BYE:421 4.3.2 bye" ${two#* }
		sends_to 127.0.0.3 '^K ' to.test at=127.0.0.2 "$phase=nonsense" ${two#* }
	done
	sends_to 127.0.0.3 '^K ' to.test at=127.0.0.2 'mail=451 later' ${two#* }
	sends_to 127.0.0.3 '^K ' to.test ${two#* }
	atf_check -o match:'event=unreachable host=a.mx.test ip=127.0.0.2' cat log
}

atf_test_case a_judgement_is_not_asked_for_twice
a_judgement_is_not_asked_for_twice_body()
{
	prepare
	for phase in mail rcpt data dot; do
		fails 100 '^D 5.7.1 .* a.mx.test' to.test at=127.0.0.2 "$phase=550 5.7.1 no" ${two#* }
	done
	for phase in rcpt data dot; do
		fails 111 '^Z 4.7.1 .* a.mx.test' to.test at=127.0.0.2 "$phase=450 4.7.1 no" ${two#* }
	done
	# it may have been taken
	fails 111 '^Z 4.4.2 .* a.mx.test' to.test at=127.0.0.2 dot=DROP ${two#* }
	atf_check -s exit:1 grep 127.0.0.3 commands
}

atf_test_case all_refusing_to_talk_is_for_good_only_if_all_do
all_refusing_to_talk_is_for_good_only_if_all_do_body()
{
	prepare
	fails 100 '^D 5.0.0 .* b.mx.test.* said: 554 no' to.test at=127.0.0.2 'greeting=554 no' \
	    at=127.0.0.3 'greeting=554 no' ${two#* at=127.0.0.3 }
	fails 111 '^Z 4.4.1 ' to.test at=127.0.0.3 'greeting=554 no' ${two#* at=127.0.0.3 }
}

atf_test_case without_mx_the_domain_is_its_own
without_mx_the_domain_is_its_own_body()
{
	prepare
	sends_to 127.0.0.2 '^K .* to.test\[127.0.0.2\]' to.test at=127.0.0.2 $(host to.test 127.0.0.2)
}

atf_test_case every_address_is_tried
every_address_is_tried_body()
{
	prepare
	sends_to 127.0.0.9 '^K ' to.test at=127.0.0.9 dns=--mx-host=to.test,a.mx.test,10 \
	    $(for i in 2 3 4 5 6 7 8 9; do host a.mx.test 127.0.0.$i; done)
	fails 111 '^Z 4.4.1 ' to.test at=127.0.0.99 \
	    $(for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
		echo dns=--mx-host=to.test,m$i.test,$i
		host m$i.test 127.0.1.$i
	    done)
	atf_check -o inline:'10\n' grep -c event=unreachable log
}

atf_test_case a_null_mx_takes_no_mail
a_null_mx_takes_no_mail_body()
{
	prepare
	# MX 0 .
	fails 100 '^D 5.1.10 ' to.test at=127.0.0.2 $(host to.test 127.0.0.2) \
	    dns=--dns-rr=to.test,15,000000
	# "." beside another one says nothing
	sends_to 127.0.0.2 '^K ' to.test at=127.0.0.2 $(host a.mx.test 127.0.0.2) \
	    dns=--dns-rr=to.test,15,000000 dns=--mx-host=to.test,a.mx.test,10
}

atf_test_case a_domain_that_is_not_there_is_refused
a_domain_that_is_not_there_is_refused_body()
{
	prepare
	fails 100 '^D 5.1.2 .*no such domain' a.nowhere.test
	fails 100 '^D 5.1.2 ' to.test dns=--txt-record=to.test,text
	fails 100 '^D 5.1.2 .*not a domain' .
	for bad in '[127.0.0]' '[IPv6:zz]' '[]' '[127.0.0.1' '[a.test]'; do
		atf_check -s exit:100 -o match:'^D 5.1.2 ' -e ignore \
		    mx-send "$bad" s@from.test r@to.test <message
	done
}

atf_test_case a_dns_without_an_answer_means_not_now
a_dns_without_an_answer_means_not_now_body()
{
	prepare
	# dnsmasq refuses what it does not know
	fails 111 '^Z 4.4.3 .*no answer from the DNS' unknown.example
	fails 111 '^Z 4.4.3 .*no answer from the DNS' to.test dns=--mx-host=to.test,mx.unknown.example,10
	sends_to 127.0.0.2 '^K ' to.test at=127.0.0.2 dns=--mx-host=to.test,mx.unknown.example,10 \
	    dns=--mx-host=to.test,a.mx.test,20 $(host a.mx.test 127.0.0.2)
	# nobody there
	port=$("$(atf_get_srcdir)/play.py" -- sh -c 'echo $PORT')
	echo "127.0.0.1:$port" >control/resolvers
	atf_check -s exit:111 -o match:'^Z 4.4.3 ' -e ignore mx-send to.test s@from.test r@to.test <message
}

atf_test_case an_mx_without_an_address_is_passed_over
an_mx_without_an_address_is_passed_over_body()
{
	prepare
	sends_to 127.0.0.2 '^K ' to.test at=127.0.0.2 dns=--mx-host=to.test,a.nowhere.test,10 \
	    dns=--mx-host=to.test,a.mx.test,20 $(host a.mx.test 127.0.0.2)
	fails 100 '^D 5.4.4 ' to.test dns=--mx-host=to.test,a.nowhere.test,10
	fails 111 '^Z 4.4.1 ' to.test at=127.0.0.3 dns=--mx-host=to.test,a.nowhere.test,20 \
	    dns=--mx-host=to.test,a.mx.test,10 $(host a.mx.test 127.0.0.2)
}

atf_test_case a_cname_is_followed
a_cname_is_followed_body()
{
	prepare
	sends_to 127.0.0.2 '^K ' to.test at=127.0.0.2 dns=--mx-host=to.test,alias.test,10 \
	    dns=--cname=alias.test,real.test $(host real.test 127.0.0.2)
	sends_to 127.0.0.2 '^K ' alias.test at=127.0.0.2 \
	    dns=--cname=alias.test,real.test $(host real.test 127.0.0.2)
}

atf_test_case a_long_answer_comes_by_tcp
a_long_answer_comes_by_tcp_body()
{
	prepare
	long=a-name-that-makes-the-answer-too-long-for-a-datagram
	sends_to 127.0.0.2 '^K ' to.test at=127.0.0.2 $(host $long-60.test 127.0.0.2) \
	    $(for i in $(seq 1 60); do
		echo dns=--mx-host=to.test,$long-$i.test,$((100 - i))
	    done)
}

atf_test_case our_own_name_is_a_loop
our_own_name_is_a_loop_body()
{
	prepare
	fails 100 '^D 5.4.6 ' to.test at=127.0.0.2 dns=--mx-host=to.test,MX.me.test,10 \
	    dns=--mx-host=to.test,b.mx.test,10 dns=--mx-host=to.test,c.mx.test,20 \
	    $(host mx.me.test 127.0.0.2) $(host b.mx.test 127.0.0.2) $(host c.mx.test 127.0.0.2)
	# as a backup we send to the better ones, and only to them
	sends_to 127.0.0.2 '^K .* a.mx.test' to.test at=127.0.0.2 dns=--mx-host=to.test,mx.me.test,10 \
	    dns=--mx-host=to.test,a.mx.test,5 $(host a.mx.test 127.0.0.2)
	fails 111 '^Z 4.4.1 .*a.mx.test' to.test at=127.0.0.3 dns=--mx-host=to.test,mx.me.test,10 \
	    dns=--mx-host=to.test,a.mx.test,5 dns=--mx-host=to.test,c.mx.test,20 \
	    $(host a.mx.test 127.0.0.2) $(host c.mx.test 127.0.0.3)
	fails 100 '^D 5.4.6 ' mx.me.test at=127.0.0.2 $(host mx.me.test 127.0.0.2)
}

atf_test_case our_own_address_is_a_loop_if_the_port_is_ours
our_own_address_is_a_loop_if_the_port_is_ours_body()
{
	prepare
	mkdir -p service/smtp/env
	sed -i '2i echo $PORT >service/smtp/env/PORT' script
	set -- to.test at=127.0.0.1 at=127.0.0.2 dns=--mx-host=to.test,a.mx.test,10 \
	    dns=--mx-host=to.test,b.mx.test,10 $(host a.mx.test 127.0.0.1) $(host b.mx.test 127.0.0.2)
	fails 100 '^D 5.4.6 ' "$@"
	atf_check test ! -e commands
	echo 0 >service/smtp/env/IP
	fails 100 '^D 5.4.6 ' "$@"
	fails 100 '^D 5.4.6 ' to.test $(host to.test 0.0.0.0)
	# we listen on another address only
	echo 127.0.0.3 >service/smtp/env/IP
	atf_check -o match:'^K ' -e ignore sh resolve "$@"
	echo 127.0.0.2 >service/smtp/env/IP
	fails 100 '^D 5.4.6 ' "$@"
	rm service/smtp/env/IP
	sed -i 2d script
	echo 7 >service/smtp/env/PORT
	atf_check -o match:'^K ' -e ignore sh resolve "$@"
}

atf_test_case an_address_in_brackets_needs_no_dns
an_address_in_brackets_needs_no_dns_body()
{
	prepare
	sends_to 127.0.0.2 '^K .*127.0.0.2\[127.0.0.2\]' '[127.0.0.2]' at=127.0.0.2
	sends_to 127.0.0.2 '^K .*127.0.0.2\[127.0.0.2\]' 127.0.0.2 at=127.0.0.2
	sends_to ::1 '^K .*::1\[::1\]' '[IPv6:::1]' at=::1
	mkdir -p service/smtp/env
	sed -i '2i echo $PORT >service/smtp/env/PORT' script
	fails 100 '^D 5.4.6 ' '[127.0.0.1]' at=127.0.0.1
}

atf_test_case a_route_is_stronger_than_the_mx
a_route_is_stronger_than_the_mx_body()
{
	prepare
	mx='dns=--mx-host=to.test,a.mx.test,10 dns=--mx-host=sub.to.test,a.mx.test,10
		dns=--host-record=a.mx.test,127.0.0.2 at=127.0.0.2 at=127.0.0.3'
	echo 'to.test:127.0.0.3:PORT' >routes
	sends_to 127.0.0.3 '^K .* 127.0.0.3\[' to.test $mx
	sends_to 127.0.0.2 '^K ' sub.to.test $mx
	echo '.test:127.0.0.3' >routes
	sends_to 127.0.0.3 '^K ' to.test $mx
	printf ':127.0.0.3\nto.test:\n' >routes
	sends_to 127.0.0.2 '^K ' to.test $mx
	sends_to 127.0.0.3 '^K ' other.test $mx
	echo ':relay.test:PORT' >routes
	touch keep_mxport
	rm control/mxport
	sends_to 127.0.0.3 '^K .* relay.test\[127.0.0.3\]' other.test at=127.0.0.3 \
	    dns=--mx-host=relay.test,a.mx.test,10 $(host relay.test 127.0.0.3)
	fails 111 '^Z 4.3.5 .*has no address' other.test
	echo 'to.test:[127.0.0.3]:PORT:x' >routes
	fails 111 '^Z 4.3.5 .*smtproutes' to.test
}

atf_test_case a_route_may_lead_to_ourselves
a_route_may_lead_to_ourselves_body()
{
	prepare
	mkdir -p service/smtp/env
	sed -i '2i echo $PORT >service/smtp/env/PORT' script
	echo 'to.test:127.0.0.1' >routes
	sends_to 127.0.0.1 '^K ' to.test at=127.0.0.1
}

atf_test_case a_route_finds_names_of_this_machine
a_route_finds_names_of_this_machine_body()
{
	prepare
	grep -q '^127.0.0.1.*localhost' /etc/hosts || atf_skip "no localhost in /etc/hosts"
	echo 'to.test:localhost' >routes
	sends_to 127.0.0.1 '^K .* localhost\[127.0.0.1\]' to.test at=127.0.0.1
}

atf_init_test_cases()
{
	atf_add_test_case the_best_mx_comes_first
	atf_add_test_case equal_ones_take_turns
	atf_add_test_case the_next_mx_is_tried
	atf_add_test_case a_judgement_is_not_asked_for_twice
	atf_add_test_case all_refusing_to_talk_is_for_good_only_if_all_do
	atf_add_test_case without_mx_the_domain_is_its_own
	atf_add_test_case every_address_is_tried
	atf_add_test_case a_null_mx_takes_no_mail
	atf_add_test_case a_domain_that_is_not_there_is_refused
	atf_add_test_case a_dns_without_an_answer_means_not_now
	atf_add_test_case an_mx_without_an_address_is_passed_over
	atf_add_test_case a_cname_is_followed
	atf_add_test_case a_long_answer_comes_by_tcp
	atf_add_test_case our_own_name_is_a_loop
	atf_add_test_case our_own_address_is_a_loop_if_the_port_is_ours
	atf_add_test_case an_address_in_brackets_needs_no_dns
	atf_add_test_case a_route_is_stronger_than_the_mx
	atf_add_test_case a_route_may_lead_to_ourselves
	atf_add_test_case a_route_finds_names_of_this_machine
}
