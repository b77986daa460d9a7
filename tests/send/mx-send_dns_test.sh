#! /usr/bin/env atf-sh
# Where mx-send sends to: MX records (dnsmasq gives them), smtproutes, loops.

PATH=$(atf_get_srcdir)/../../bin:$PATH
. "$(atf_get_srcdir)/../lib/until.sh"
. "$(atf_get_srcdir)/../lib/loopback.sh"

prepare()
{
	[ -x /usr/sbin/dnsmasq ] || atf_skip "no dnsmasq-base"
	mkdir control
	echo mx.me.test >control/me
	: >control/neverto # all that is here is on the loopback
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
	# it may have been taken
	fails 111 '^Z 4.4.2 .* a.mx.test' to.test at=127.0.0.2 dot=DROP ${two#* }
	atf_check -s exit:1 grep 127.0.0.3 commands
}

# Where the first has taken nothing.
atf_test_case a_refusal_for_now_is_taken_to_the_next
a_refusal_for_now_is_taken_to_the_next_body()
{
	prepare
	for phase in greeting ehlo mail rcpt data dot; do
		sends_to 127.0.0.3 '^K .*b.mx.test' to.test at=127.0.0.2 "$phase=450 4.7.1 no" ${two#* }
	done
	sends_to 127.0.0.3 '^K ' to.test at=127.0.0.2 'dot=BYE:421 4.3.2 bye' ${two#* }
	# two names of one server are asked once
	fails 111 '^Z 4.7.1 .* a.mx.test.* said: 450 4.7.1 a' to.test at=127.0.0.2 'rcpt=450 4.7.1 a' 'rcpt=250 b' \
	    dns=--mx-host=to.test,a.mx.test,10 dns=--mx-host=to.test,b.mx.test,20 \
	    $(host a.mx.test 127.0.0.2) $(host b.mx.test 127.0.0.2)
	# what the last one says counts; where that is nothing, what the first has said
	fails 111 '^Z 4.7.2 .* b.mx.test.* said: 450 4.7.2 b' to.test at=127.0.0.2 'rcpt=450 4.7.1 a' \
	    at=127.0.0.3 'rcpt=450 4.7.2 b' ${two#* at=127.0.0.3 }
	fails 100 '^D 5.1.1 .* b.mx.test' to.test at=127.0.0.2 'rcpt=450 4.7.1 a' \
	    at=127.0.0.3 'rcpt=550 5.1.1 b' ${two#* at=127.0.0.3 }
	fails 111 '^Z 4.7.1 .* a.mx.test.* said: 450 4.7.1 a' to.test at=127.0.0.2 'rcpt=450 4.7.1 a' \
	    ${two#* at=127.0.0.3 }
}

atf_test_case what_one_has_taken_in_part_goes_to_no_other
what_one_has_taken_in_part_goes_to_no_other_body()
{
	prepare
	sed -i 's/ "r@$1"/ "q@$1" "r@$1"/' script
	fails 111 '^Z 4.2.0 <r@to.test> a.mx.test' to.test at=127.0.0.2 'rcpt=250 ok' 'rcpt=450 4.2.0 full' \
	    ${two#* }
	atf_check -s exit:1 grep 127.0.0.3 commands
	# one at whom the session ends goes on with the others
	sends_to 127.0.0.3 '^K .*<q@to.test> b.mx.test' to.test at=127.0.0.2 'rcpt=250 ok' 'rcpt=DROP' ${two#* }
	atf_check -o match:'127.0.0.3 RCPT TO:<r' cat commands
	# who was refused for good is not asked for again
	fails 100 '^K .*<r@to.test> b.mx.test' to.test at=127.0.0.2 'rcpt=550 5.1.1 no' \
	    'rcpt=450 4.2.0 full' ${two#* }
	atf_check -s exit:1 grep '127.0.0.3.*RCPT TO:<q' commands
}

atf_test_case several_next_hops_are_tried_in_order
several_next_hops_are_tried_in_order_body()
{
	prepare
	echo 'to.test:127.0.0.4 127.0.0.3 127.0.0.2' >routes
	sends_to 127.0.0.3 '^K ' to.test at=127.0.0.2 at=127.0.0.3
	for phase in greeting rcpt dot; do
		sends_to 127.0.0.2 '^K ' to.test at=127.0.0.2 at=127.0.0.3 "$phase=451 4.3.0 no"
	done
	fails 100 '^D 5.1.1 .*127.0.0.3' to.test at=127.0.0.2 at=127.0.0.3 'rcpt=550 5.1.1 no'
	echo 'to.test:nowhere.test:1 mx!mx.test' >routes
	sends_to 127.0.0.2 '^K .*a.mx.test' to.test at=127.0.0.2 dns=--mx-host=mx.test,a.mx.test,10 \
	    $(host a.mx.test 127.0.0.2)
	# however many servers the first one has that are down
	echo 'to.test:mx!mx.test 127.0.0.2' >routes
	sends_to 127.0.0.2 '^K ' to.test at=127.0.0.2 $(for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
		echo dns=--mx-host=mx.test,m$i.test,$i
		host m$i.test 127.0.1.$i
	done)
	atf_check -o inline:'10\n' grep -c event=unreachable log
	echo 'to.test:nowhere.test:1 mx!mx.test' >routes
	# what leads nowhere is the admin's mistake, and not the sender's
	for no in --local=/nowhere/ --mx-host=mx.test,nowhere.test,1 --dns-rr=mx.test,15,000000 \
	    --mx-host=mx.test,mx.me.test,1; do
		fails 111 '^Z 4.3.5 ' to.test dns=$no
	done
	echo 'to.test:lmtp://127.0.0.3:PORT' >routes
	sends_to 127.0.0.3 '^K ' to.test at=127.0.0.3
	atf_check -o match:'LHLO mx.me.test' cat commands
	# nobody is behind the path
	echo 'to.test:lmtp:///nowhere/lmtp 127.0.0.3:PORT' >routes
	sends_to 127.0.0.3 '^K ' to.test at=127.0.0.3
	atf_check -o match:'event=unreachable host=/nowhere/lmtp ip=unix' cat log
	atf_check -o match:'EHLO mx.me.test' cat commands
	echo 'to.test:127.0.0.3 a:b:c' >routes
	fails 111 '^Z 4.3.5 .*control/smtproutes' to.test at=127.0.0.3
}

# An LMTP server, as Dovecot is one.
atf_test_case a_hop_may_be_the_path_of_a_socket
a_hop_may_be_the_path_of_a_socket_body()
{
	prepare
	echo "to.test:lmtp://$PWD/lmtp" >routes
	echo '127.0.0.1 one.test' >control/helohost
	# the servers that come first have the port
	atf_check -o match:"^K 2.0.0 <r@to.test> $PWD/lmtp\[unix\] said: 250 2.0.0 taken$" -e save:log \
	    sh resolve to.test at=127.0.0.2 "at=$PWD/lmtp"
	atf_check -o match:"^$PWD/lmtp LHLO mx.me.test" -o match:"^$PWD/lmtp DATA" cat commands
	atf_check -o match:"event=connect host=$PWD/lmtp ip=unix" cat log
	rm lmtp
	# a refusal for now leads to the next one
	echo "to.test:lmtp://$PWD/lmtp 127.0.0.2" >routes
	sends_to 127.0.0.2 '^K ' to.test at=127.0.0.2 "at=$PWD/lmtp" 'rcpt=450 4.2.0 full'
	rm lmtp
	fails 100 '^D 5.1.1 ' to.test at=127.0.0.2 "at=$PWD/lmtp" 'rcpt=550 5.1.1 no'
}

# RFC 5891, in the DNS and in the lists.
atf_test_case a_domain_may_be_written_in_utf8
a_domain_may_be_written_in_utf8_body()
{
	prepare
	mx='at=127.0.0.2 at=127.0.0.3 dns=--mx-host=xn--mller-kva.test,a.mx.test,10
		dns=--host-record=a.mx.test,127.0.0.2'
	for domain in müller.test MÜLLER.test xn--mller-kva.test; do
		sends_to 127.0.0.2 '^K ' $domain $mx
	done
	echo '.müller.test:127.0.0.3' >routes
	sends_to 127.0.0.3 '^K ' sub.xn--mller-kva.test $mx
	echo 'xn--mller-kva.test:127.0.0.3' >routes
	sends_to 127.0.0.3 '^K ' müller.test $mx
	fails 100 '^D 5.1.2 ' "$(printf 'm\374ller.test')" $mx
}

atf_test_case a_route_may_be_a_refusal
a_route_may_be_a_refusal_body()
{
	prepare
	printf 'to.test:fail 5.1.6 the office has moved\n.to.test:fail no more\n' >routes
	fails 100 '^D 5.1.6 <r@to.test> the office has moved$' to.test at=127.0.0.2
	fails 100 '^D 5.7.1 <r@sub.to.test> no more$' sub.to.test at=127.0.0.2
	atf_check test ! -e commands
}

atf_test_case a_sender_may_have_a_route
a_sender_may_have_a_route_body()
{
	prepare
	mx="at=127.0.0.2 at=127.0.0.3 dns=--mx-host=to.test,a.mx.test,10 dns=--mx-host=y.test,a.mx.test,10
		dns=--host-record=a.mx.test,127.0.0.2"
	echo '@from.test:127.0.0.3' >control/senderroutes
	sends_to 127.0.0.3 '^K ' to.test $mx
	echo 'other@from.test:127.0.0.3' >control/senderroutes
	sends_to 127.0.0.2 '^K ' to.test $mx
	echo 's@FROM.test:127.0.0.3' >control/senderroutes
	sends_to 127.0.0.3 '^K ' to.test $mx
	# the domain's own line is more exact, that for all is not
	printf 'to.test:127.0.0.2\n:127.0.0.9\n' >routes
	sends_to 127.0.0.2 '^K ' to.test $mx
	sends_to 127.0.0.3 '^K ' y.test $mx
	echo '@from.test:fail not from here' >control/senderroutes
	fails 100 '^D 5.7.1 .*not from here' y.test $mx
	echo '@from.test:a:b:c' >control/senderroutes
	fails 111 '^Z 4.3.5 .*control/senderroutes' y.test $mx
}

# A session that is kept is none for mail that goes another way.
atf_test_case jobs_of_several_senders_go_their_ways
jobs_of_several_senders_go_their_ways_body()
{
	prepare
	cat >script <<-'END'
	echo "127.0.0.1:$DNS" >control/resolvers
	echo $PORT >control/mxport
	for sender in a@from.test b@other.test c@other.test d@from.test e@bound.test; do
		printf 'F%s\0Pid=0123456789abcdefghijklmn\0Tr@to.test\0\0' $sender >envelope
		printf '%s:' $(wc -c <envelope); cat envelope
		printf ',1:\n,'
	done | mx-send -s
	END
	echo '@from.test:127.0.0.3' >control/senderroutes
	echo '@bound.test 127.0.0.7' >control/bindaddresses
	echo '127.0.0.7 seven.test' >control/helohost
	atf_check -o match:'^([0-9]*:K[^,]*,){5}$' -e ignore sh resolve x at=127.0.0.2 at=127.0.0.3 $(host to.test 127.0.0.2)
	grep -e EHLO -e MAIL -e QUIT commands >heard
	atf_check -o inline:'127.0.0.3 EHLO mx.me.test
127.0.0.3 MAIL FROM:<a@from.test>
127.0.0.2 EHLO mx.me.test
127.0.0.2 MAIL FROM:<b@other.test>
127.0.0.2 MAIL FROM:<c@other.test>
127.0.0.3 EHLO mx.me.test
127.0.0.3 MAIL FROM:<d@from.test>
127.0.0.2 EHLO seven.test
127.0.0.2 MAIL FROM:<e@bound.test>
' grep -v QUIT heard
}

atf_test_case our_address_and_name_can_be_chosen
our_address_and_name_can_be_chosen_body()
{
	prepare
	mx="at=127.0.0.2 dns=--host-record=to.test,127.0.0.2 dns=--host-record=sub.to.test,127.0.0.2"
	printf '127.0.0.7 seven.test\nusual.test\n127.0.0.8 eight.test\n' >control/helohost
	sends_to 127.0.0.2 '^K ' to.test $mx
	atf_check -o match:'EHLO usual.test' cat commands
	printf '.to.test 127.0.0.7 ::1\n@from.test 127.0.0.8\n' >control/bindaddresses
	sends_to 127.0.0.2 '^K ' sub.to.test $mx
	atf_check -o match:'EHLO eight.test' cat commands
	sed -i 2d control/bindaddresses
	sends_to 127.0.0.2 '^K ' sub.to.test $mx
	atf_check -o match:'EHLO seven.test' cat commands
	echo '* 192.0.2.77' >control/bindaddresses
	fails 111 '^Z 4.3.5 .*from 192.0.2.77, our address by control/bindaddresses' to.test $mx
	echo '* mine' >control/bindaddresses
	fails 111 '^Z 4.3.5 .*control/bindaddresses' to.test $mx
}

atf_test_case a_family_can_be_switched_off
a_family_can_be_switched_off_body()
{
	has_ipv6 || atf_skip 'no ::1 here'
	prepare
	mx="at=127.0.0.2 at=::1 dns=--host-record=to.test,127.0.0.2,::1 dns=--host-record=six.test,::1"
	for order in 'ipv4 ipv6' ipv4; do
		echo "$order" >control/ipfamilies
		sends_to 127.0.0.2 '^K ' to.test $mx
	done
	for order in 'ipv6 ipv4' ipv6; do
		echo "$order" >control/ipfamilies
		sends_to ::1 '^K ' to.test $mx
	done
	echo ipv4 >control/ipfamilies
	fails 111 '^Z 4.4.4 .*six.test has no address of a family of control/ipfamilies' six.test $mx
	echo ipv5 >control/ipfamilies
	fails 111 '^Z 4.3.5 .*control/ipfamilies' to.test $mx
}

# Each family has its ten addresses, whatever the other one has; the first dead ones cost nothing.
atf_test_case the_other_family_is_tried_in_between
the_other_family_is_tried_in_between_body()
{
	has_ipv6 || atf_skip 'no ::1 here'
	prepare
	sends_to ::1 '^K ' to.test at=::1 $(host to.test ::1) \
	    $(for i in 1 2 3 4 5 6 7 8 9 10 11 12; do host to.test 127.0.1.$i; done)
	atf_check -o inline:'1\n' grep -c event=unreachable log
}

atf_test_case an_mx_that_is_localhost_is_passed_over
an_mx_that_is_localhost_is_passed_over_body()
{
	prepare
	fails 100 '^D 5.4.4 .*localhost' to.test at=127.0.0.1 dns=--mx-host=to.test,localhost,10 \
	    $(host localhost 127.0.0.1)
	sends_to 127.0.0.2 '^K ' to.test at=127.0.0.1 at=127.0.0.2 dns=--mx-host=to.test,LocalHost,10 \
	    $(host localhost 127.0.0.1) dns=--mx-host=to.test,a.mx.test,20 $(host a.mx.test 127.0.0.2)
	atf_check test ! -e message.2
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
	# of very many the best ones count; the others are not even looked up
	sends_to 127.0.0.2 '^K .* best.test' to.test at=127.0.0.2 $(host best.test 127.0.0.2) \
	    $(for i in $(seq 1 400); do
		echo dns=--mx-host=to.test,$long-$i.test,$((1000 - i))
	    done) dns=--mx-host=to.test,best.test,1 dns=--mx-host=to.test,worst.test,2000
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
	! has_ipv6 || sends_to ::1 '^K .*::1\[::1\]' '[IPv6:::1]' at=::1
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
	printf 'TO.test.:127.0.0.3\n.to.test.:127.0.0.3\n' >routes
	sends_to 127.0.0.3 '^K ' to.test $mx
	sends_to 127.0.0.3 '^K ' sub.to.test. $mx
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

# Listening on every address, all of 127.0.0.0/8 is ourselves.
atf_test_case all_of_the_loopback_is_ourselves
all_of_the_loopback_is_ourselves_body()
{
	prepare
	mkdir -p service/smtp/env
	sed -i '2i echo $PORT >service/smtp/env/PORT' script
	for ip in 127.0.0.2 127.255.255.254; do
		fails 100 '^D 5.4.6 ' to.test at=$ip dns=--mx-host=to.test,a.mx.test,10 $(host a.mx.test $ip)
		fails 100 '^D 5.4.6 ' "[$ip]" at=$ip
		atf_check test ! -e commands
	done
	echo 127.0.0.1 >service/smtp/env/IP
	sends_to 127.0.0.2 '^K ' to.test at=127.0.0.2 $(host to.test 127.0.0.2)
}

atf_test_case strangers_mx_records_do_not_lead_inside
strangers_mx_records_do_not_lead_inside_body()
{
	prepare
	rm control/neverto
	for ip in 127.0.0.2 10.1.2.3 192.168.0.1 169.254.169.254 172.31.255.255 100.64.0.1 192.0.2.1 \
	    0.0.0.0 224.0.0.1 255.255.255.255 ::1 fe80::1 fd00::1 2001:db8::1 ff02::1; do
		fails 100 "^D 5.4.4 .*a.mx.test\[$ip\], where mail .*control/neverto" to.test \
		    dns=--mx-host=to.test,a.mx.test,10 $(host a.mx.test $ip)
	done
	fails 100 '^D 5.4.4 ' '[127.0.0.2]' at=127.0.0.2
	fails 100 '^D 5.4.4 ' '[IPv6:::1]' at=127.0.0.2
	atf_check test ! -e commands
	# the others of the domain take it, or may
	echo 127.0.0.3 >control/neverto
	sends_to 127.0.0.2 '^K .*b.mx' to.test at=127.0.0.2 at=127.0.0.3 \
	    dns=--mx-host=to.test,a.mx.test,10 dns=--mx-host=to.test,b.mx.test,20 \
	    $(host a.mx.test 127.0.0.3) $(host b.mx.test 127.0.0.2)
	fails 111 '^Z 4.4.1 ' to.test at=127.0.0.3 \
	    dns=--mx-host=to.test,a.mx.test,10 dns=--mx-host=to.test,b.mx.test,20 \
	    $(host a.mx.test 127.0.0.3) $(host b.mx.test 127.0.0.2)
	# who has written a route wants it
	rm control/neverto
	printf 'to.test:127.0.0.2\n[127.0.0.3]:127.0.0.2\n' >routes
	sends_to 127.0.0.2 '^K ' to.test at=127.0.0.2
	sends_to 127.0.0.2 '^K ' '[127.0.0.3]' at=127.0.0.2
	echo nonsense >control/neverto
	fails 111 '^Z 4.3.5 .*control/neverto' to.test at=127.0.0.2
}

atf_test_case an_mx_that_is_an_address_is_called_so
an_mx_that_is_an_address_is_called_so_body()
{
	prepare
	# whether the DNS says that there is no such name, or nothing
	fails 100 '^D 5.4.4 .*127.0.0.2, where mail for the domain goes, is an address' to.test \
	    at=127.0.0.2 dns=--mx-host=to.test,127.0.0.2,10
	fails 100 '^D 5.4.4 .* is an address' to.test \
	    at=127.0.0.2 dns=--mx-host=to.test,127.0.0.2,10 dns=--address=/127.0.0.2/
}

# silent FILE: a resolver that says nothing; its port is the first line, then one per question.
silent()
{
	cat >silent.py <<-'END'
	import socket, sys
	s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
	s.bind(("127.0.0.1", 0))
	print(s.getsockname()[1], flush=True)
	reply = len(sys.argv) > 1
	while True:
	    question, client = s.recvfrom(2000)
	    print("asked", flush=True)
	    if reply: # REFUSED
	        s.sendto(question[:2] + b"\x81\x05" + question[4:], client)
	END
	python3 silent.py $2 >"$1" 2>/dev/null &
	echo $! >>pids
	until_true "[ -s $1 ]"
}

stop_silent()
{
	[ ! -e pids ] || kill $(cat pids) 2>/dev/null || :
}

atf_test_case a_silent_resolver_is_waited_for_once cleanup
a_silent_resolver_is_waited_for_once_body()
{
	prepare
	silent asked
	port=$(head -n 1 asked)
	cat >script <<-END
	printf '127.0.0.1:%s\n127.0.0.1:%s\n' $port \$DNS >control/resolvers
	echo \$PORT >control/mxport
	for domain in a.test b.test c.test; do
		printf 'Fs@from.test\0Pid=0123456789abcdefghijklmn\0Tr@%s\0\0' \$domain >envelope
		printf '%s:' \$(wc -c <envelope); cat envelope
		printf ',1:\n,'
	done | mx-send -s
	END
	atf_check -o match:'^([0-9]*:K[^,]*,){3}$' -e ignore sh resolve x at=127.0.0.2 \
	    $(host a.test 127.0.0.2) $(host b.test 127.0.0.2) $(host c.test 127.0.0.2)
	atf_check -o inline:'1\n' grep -c asked asked
}
a_silent_resolver_is_waited_for_once_cleanup()
{
	stop_silent
}

atf_test_case a_refusing_resolver_is_passed_at_once cleanup
a_refusing_resolver_is_passed_at_once_body()
{
	prepare
	silent refusing yes
	closed=$("$(atf_get_srcdir)/play.py" -- sh -c 'echo $PORT')
	sed -i '1s/.*/printf "127.0.0.1:%s\\\\n" $(cat first) $DNS >control\/resolvers; date +%s%N >began/' script
	for port in $closed $(head -n 1 refusing); do
		echo $port >first
		sends_to 127.0.0.2 '^K ' to.test at=127.0.0.2 $(host to.test 127.0.0.2)
		# the wait for a silent one is three seconds, and there are two questions
		atf_check test $((($(date +%s%N) - $(cat began)) / 1000000)) -lt 3000
	done
	atf_check -o match:asked cat refusing
}
a_refusing_resolver_is_passed_at_once_cleanup()
{
	stop_silent
}

atf_init_test_cases()
{
	atf_add_test_case the_best_mx_comes_first
	atf_add_test_case equal_ones_take_turns
	atf_add_test_case the_next_mx_is_tried
	atf_add_test_case a_judgement_is_not_asked_for_twice
	atf_add_test_case a_refusal_for_now_is_taken_to_the_next
	atf_add_test_case what_one_has_taken_in_part_goes_to_no_other
	atf_add_test_case several_next_hops_are_tried_in_order
	atf_add_test_case a_hop_may_be_the_path_of_a_socket
	atf_add_test_case a_domain_may_be_written_in_utf8
	atf_add_test_case a_route_may_be_a_refusal
	atf_add_test_case a_sender_may_have_a_route
	atf_add_test_case jobs_of_several_senders_go_their_ways
	atf_add_test_case our_address_and_name_can_be_chosen
	atf_add_test_case a_family_can_be_switched_off
	atf_add_test_case the_other_family_is_tried_in_between
	atf_add_test_case an_mx_that_is_localhost_is_passed_over
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
	atf_add_test_case all_of_the_loopback_is_ourselves
	atf_add_test_case strangers_mx_records_do_not_lead_inside
	atf_add_test_case an_mx_that_is_an_address_is_called_so
	atf_add_test_case a_silent_resolver_is_waited_for_once
	atf_add_test_case a_refusing_resolver_is_passed_at_once
}
