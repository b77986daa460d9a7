#! /usr/bin/env atf-sh
# What goes over the wire to milters, and what milters may do there, by one without libmilter.
PATH=$(atf_get_srcdir)/../../bin:$PATH
asking=$(atf_get_srcdir)
. "$asking/../lib/until.sh"
. "$asking/asking.sh"

# ask REQUEST...: the policy alone; the first letters of its answers
ask()
{
	printf '%s\n' "$@" | TCPREMOTEIP=192.0.2.1 milter-ask -t 2 "$milter" 2>log >answers
	cut -c 1 answers | xargs
}

atf_test_case macros_by_stage cleanup
macros_by_stage_body()
{
	home
	letter
	raw
	export TCPLOCALIP=192.0.2.25 TCPLOCALPORT=25 TCPREMOTEPORT=2525 TCPREMOTEHOST=host.test TCPCONNNUM=3 \
	    AUTHUSER=joe@mx.test AUTHMECH=SCRAM-SHA-256 TLS_VERSION=TLSv1.3 TLS_CIPHER=TLS_AES_128_GCM_SHA256 \
	    TLS_CIPHER_BITS=128 SSL_CLIENT_S_DN=/CN=joe SSL_CLIENT_I_DN=/CN=ca QUEUEID=000000000000000000000abc
	sink 0 "$milter"
	cat >expected <<-'EOF'
		D C j=mx.test _=host.test [192.0.2.1] v=facteur {daemon_name}=mx.test {daemon_addr}=192.0.2.25 {daemon_port}=25 {if_addr}=192.0.2.25 {if_name}=mx.test {client_addr}=192.0.2.1 {client_name}=host.test {client_port}=2525 {client_ptr}=host.test {client_resolve}=OK {client_connections}=3
		D H {tls_version}=TLSv1.3 {cipher}=TLS_AES_128_GCM_SHA256 {cipher_bits}=128 {cert_subject}=/CN=joe {cert_issuer}=/CN=ca
		D M i=000000000000000000000abc {auth_type}=SCRAM-SHA-256 {auth_authen}=joe@mx.test {mail_addr}=a@client.test {mail_host}=client.test {mail_mailer}=smtp
		D R i=000000000000000000000abc {rcpt_addr}=b@mx.test {rcpt_host}=mx.test {rcpt_mailer}=smtp
		D R i=000000000000000000000abc {rcpt_addr}=c@mx.test {rcpt_host}=mx.test {rcpt_mailer}=smtp
		D T i=000000000000000000000abc
		D N i=000000000000000000000abc
		D E i=000000000000000000000abc
	EOF
	grep ^D packets | atf_check -o file:expected cat

	# as it wants them, with and without braces; what we do not know is not told
	raw macros=0:j macros=1: 'macros=2:{auth_type} {nonsense}, {i}' 'macros=3:{mail_addr} {rcpt_addr}' \
	    'macros=5:{auth_authen} _ {rcpt_addr}' macros=6: macros=99:i
	sink 0 "$milter"
	cat >expected <<-'EOF'
		D C j=mx.test
		D M i=000000000000000000000abc {auth_type}=SCRAM-SHA-256
		D R {mail_addr}=a@client.test {rcpt_addr}=b@mx.test
		D R {mail_addr}=a@client.test {rcpt_addr}=c@mx.test
		D T i=000000000000000000000abc
		D E _=host.test [192.0.2.1] {auth_authen}=joe@mx.test
	EOF
	grep ^D packets | atf_check -o file:expected cat

	# the sink tells them as the policy has agreed upon, and the mechanism need not be known
	raw 'macros=2:{auth_type}' 'macros=5:{mail_addr} i'
	unset AUTHMECH
	session -p "milter-ask $milter" milter-ask "$milter" keep
	atf_check -o match:'^250 2.0.0' cat replies
	atf_check -o match:'^D M \{auth_type\}=SASL$' -o match:'^D E i=[0-9a-z]{24} \{mail_addr\}=a@client.test$' \
	    -o match:'^D R \{rcpt_addr\}=bad@mx.test' cat packets

	# the ID, which the policy does not know, is told before the message is
	raw
	session -p "milter-ask $milter" milter-ask "$milter" keep
	grep -B 1 '^L From' packets | atf_check -o match:'^D T i=[0-9a-z]{24}$' cat

	# half a list is none
	raw 'O=O\x00\x00\x00\x06\x00\x00\x01\xff\x00\x00\x00\x00\x00\x00'
	sink 71 "$milter"
	atf_check -o match:'options that there are not' cat log
}
macros_by_stage_cleanup() { stop; }

atf_test_case what_the_client_asked_for_is_told cleanup
what_the_client_asked_for_is_told_body()
{
	home
	letter
	raw
	printf 'Fa@b\0PBODY=8BITMIME\0PSMTPUTF8=1\0PAUTHUSER=joe\0PENVID=x+20y\0NNOTIFY=NEVER\0NORCPT=rfc822;c@d\0Tc@d\0Te@f\0\0' >sent
	# shellcheck disable=SC2094
	milter-ask "$milter" keep <letter 1<sent 2>log || atf_fail "$(cat log)"
	atf_check -o match:'^C localhost 4 0 127.0.0.1$' -o match:'^D C .*_=localhost .127.0.0.1. ' -o match:'^M <a@b> BODY=8BITMIME SMTPUTF8 ENVID=x\+20y$' \
	    -o match:'^R <c@d> NOTIFY=NEVER ORCPT=rfc822;c@d$' -o match:'^R <e@f>$' cat packets
	# shellcheck disable=SC2094
	TCPREMOTEIP=2001:db8::1 TCPREMOTEPORT=65000 milter-ask "$milter" keep <letter 1<sent 2>log || atf_fail "$(cat log)"
	atf_check -o match:'^C \[2001:db8::1\] 6 65000 2001:db8::1$' cat packets
}
what_the_client_asked_for_is_told_cleanup() { stop; }

atf_test_case nothing_is_larger_than_milters_take cleanup
nothing_is_larger_than_milters_take_body()
{
	home
	raw
	{
		printf 'X-Long: %070000d\nSubject: x\n\n' 0
		yes 'a line of a body' | head -n 10000
	} >letter
	sink 0 "$milter"
	atf_check cmp letter message
	atf_check -o match:'^L X-Long:64000$' -o match:'^L Subject:' cat packets
	sed -n 's/^B \([0-9]*\) .*/\1/p' packets | xargs | atf_check -o match:'^6553[45] 6553[45] [0-9]*$' cat
	atf_check_equal "$((10000 * 18))" "$(awk '/^B/ { n += $2 } END { print n }' packets)"
}
nothing_is_larger_than_milters_take_cleanup() { stop; }

atf_test_case a_reply_becomes_one_line_with_a_status cleanup
a_reply_becomes_one_line_with_a_status_body()
{
	home
	while IFS='|' read -r answer expected; do
		raw "R=$answer"
		ask 'mail a@b' 'rcpt c@d' >/dev/null
		atf_check -o "inline:$expected\n" sed 1d answers
	done <<-'EOF'
		y550 5.7.1 no\x00|D550 5.7.1 no
		y550 go away\x00|D550 5.7.1 go away
		y451 4.7.1\x00|Z451 4.7.1 refused
		y550-5.7.9 one\r\n550-5.7.9 two\r\n550 5.7.9 three\x00|D550 5.7.9 one two three
		y554 100%% of it is 5%\x01spam\x00|D554 5.7.1 100% of it is 5 spam
		y550 4.7.1 odd\x00|D550 5.7.1 4.7.1 odd
		y250 2.0.0 fine\x00|Z451 4.7.1 unable to ask a filter, try again later
		y|Z451 4.7.1 unable to ask a filter, try again later
		r|D550 5.7.1 Command rejected
		4|Z421 4.7.0 Service unavailable
	EOF
	# and the client hears it
	letter
	raw 'R=y550 go away\x00'
	session -p "milter-ask $milter" keep
	atf_check -o match:'^550 5.7.1 go away' cat replies
}
a_reply_becomes_one_line_with_a_status_cleanup() { stop; }

atf_test_case the_blank_behind_the_colon cleanup
the_blank_behind_the_colon_body()
{
	home
	printf '%s\n' 'A: b' 'C:d' 'E:	f' 'G:  h' '' >letter
	raw 'E=hX\x00y\x00|c'
	sink 0 "$milter"
	atf_check -o match:"^L A:'b'" -o match:"^L C:'d'" -o match:"^L E:'.tf'" -o match:"^L G:' h'" cat packets
	atf_check -o match:'^X: y$' cat message
	raw steps=0x100000 'E=hX\x00y\x00|hZ\x00 y\x00|hF\x00 y\r\n\r\n\tz\nw\r\n\x00|c'
	sink 0 "$milter"
	atf_check -o match:"^L A:' b'" -o match:"^L C:'d'" -o match:"^L E:'.tf'" -o match:"^L G:'  h'" cat packets
	sed 1,4d message | atf_check -o inline:'X:y\nZ: y\nF: y\n\tz\n\tw\n\n' cat
}
the_blank_behind_the_colon_cleanup() { stop; }

atf_test_case where_no_answer_is_wanted_none_is_awaited cleanup
where_no_answer_is_wanted_none_is_awaited_body()
{
	home
	letter
	raw steps=0xdf080
	session -p "milter-ask $milter" milter-ask "$milter" keep
	atf_check -o match:'^250 2.0.0' cat replies
	atf_check_equal 'C H M R R T L L L N B E Q' "$(grep -v '^[DOa]' packets | cut -c 1 | tr -d c | xargs)"
	# it may not answer nevertheless: that could be taken for the answer to something else
	raw steps=0x4000 M=a
	atf_check_equal 'K K Z' "$(
		{
			printf '%s\n' 'helo x' 'mail a@b'
			until_true 'grep -q "^answered M" packets'
			echo 'rcpt c@d'
		} | milter-ask "$milter" 2>log | cut -c 1 | xargs
	)"
	atf_check -o match:'answers what it was not asked' cat log
	# nor may it be spared what it is not told how
	raw steps=0x800
	sink 71 "$milter"
	raw steps=0xff
	sink 0 "$milter"
	atf_check_equal 'T E Q' "$(grep -v '^[DOa]' packets | cut -c 1 | tr -d c | xargs)"
}
where_no_answer_is_wanted_none_is_awaited_cleanup() { stop; }

# patience N: seconds for a step.  Of the wrong answers it is silence only, the last, that is waited for; and
# all the right ones before must come in time, from a milter that many ask at once.
patience()
{
	case $1 in
	3) echo 5 ;;
	*) echo 60 ;;
	esac
}

# wrong STAGE N OPTION: the sink, where the Nth wrong answer comes at that stage; the letter is left alone
wrong()
{
	mkdir "$1.$2.$3"
	cd "$1.$2.$3" || return
	printf 'Fa@b\0Tc@d\0\0' >sent
	# shellcheck disable=SC2094
	milter-ask "$3" "$(patience "$2")" "$milter.$1.$2" \
	    sh -c 'cat >"$0/message"; cat <&1 >"$0/envelope"' "$PWD" <../letter 1<sent 2>log
	echo $? >code
	cd ..
}

# wrong_policy STAGE N OPTION: the policy
wrong_policy()
{
	printf '%s\n' 'helo x' 'mail a@b' 'rcpt c@d' data |
	    milter-ask "$3" "$(patience "$2")" "$milter.$1.$2" 2>"log.$1.$2.$3" | cut -c 1 | xargs >"policy.$1.$2.$3"
}

atf_test_case at_each_stage_it_may_be_dead_slow_or_wrong cleanup
at_each_stage_it_may_be_dead_slow_or_wrong_body()
{
	home
	letter
	raw 'wrong=close|raw:\x00\x00\x00\x00|x|-'
	for stage in O C H M R T L N B E; do
		for n in 0 1 2 3; do
			# for the end it would be given ten times as long
			[ $stage$n != E3 ] || continue
			wrong $stage $n -t &
			wrong $stage $n -at &
			waited="$waited $!"
			case $stage in
			[LNBE]) continue ;;
			esac
			wrong_policy $stage $n -t &
			waited="$waited $!"
			wrong_policy $stage $n -at &
			waited="$waited $!"
		done
	done
	# shellcheck disable=SC2086
	wait $waited
	until_true '[ $(ls ?.?.*/code | wc -l) = 78 ]'
	for n in 0 1 2 3; do
		for stage in 'O Z Z Z Z' 'C Z Z Z Z' 'H Z Z Z Z' 'M K Z Z Z' 'R K K Z Z' 'T K K K Z'; do
			atf_check_equal "$stage" "${stage%% *} $(cat "policy.${stage%% *}.$n.-t")"
			atf_check_equal 'K K K K' "$(cat "policy.${stage%% *}.$n.-at")"
		done
	done
	for folder in ?.?.-t; do
		[ "$(cat "$folder/code")" = 71 ] || atf_fail "$folder: $(cat "$folder/log")"
		[ ! -e "$folder/message" ] || atf_fail "$folder: passed on"
		grep -q event=unasked "$folder/log" || atf_fail "$folder: not logged"
	done
	for folder in ?.?.-at; do
		[ "$(cat "$folder/code")" = 0 ] || atf_fail "$folder: $(cat "$folder/log")"
		cmp letter "$folder/message" || atf_fail "$folder: not as it came"
		grep -q event=unasked "$folder/log" || atf_fail "$folder: not logged"
	done
}
at_each_stage_it_may_be_dead_slow_or_wrong_cleanup() { stop; }

atf_test_case a_connection_that_it_has_refused_stays_refused cleanup
a_connection_that_it_has_refused_stays_refused_body()
{
	home
	raw 'C=y550 5.7.1 not you\x00'
	atf_check_equal 'D D D D' "$(ask 'helo x' 'mail a@b' 'helo y' 'mail a@b')"
	atf_check_equal 'C' "$(grep -v '^[DOa]' packets | grep -v close | cut -c 1 | tr -d Q | xargs)"
	atf_check_equal 4 "$(grep -c '^D550 5.7.1 not you$' answers)"
}
a_connection_that_it_has_refused_stays_refused_cleanup() { stop; }

atf_test_case one_that_was_restarted_is_asked_anew cleanup
one_that_was_restarted_is_asked_anew_body()
{
	home
	raw R='c|close'
	atf_check_equal 'K K K K K K K' "$(
		{
			printf '%s\n' 'helo x' 'mail a@b' 'rcpt c@d'
			until_true 'grep -q ^close packets'
			printf '%s\n' 'done RECIPIENTS=1 REFUSED=0 MESSAGES=1' 'mail e@b' 'rcpt c@d' 'done'
		} | milter-ask "$milter" 2>log | cut -c 1 | xargs
	)"
	atf_check_equal 'C H M R C H M R' "$(grep -v '^[DOa]' packets | grep -v close | cut -c 1 | tr -d QA | xargs)"
}
one_that_was_restarted_is_asked_anew_cleanup() { stop; }

atf_test_case a_session_of_many_messages cleanup
a_session_of_many_messages_body()
{
	home
	letter
	raw
	{
		printf '%s\r\n' 'EHLO client.test' 'MAIL FROM:<a1@client.test>' RSET 'MAIL FROM:<a2@client.test>' \
		    'RCPT TO:<b@mx.test>' 'EHLO again.test'
		for i in 3 4; do
			printf '%s\r\n' "MAIL FROM:<a$i@client.test>" 'RCPT TO:<b@mx.test>' DATA
			sed 's/^\./../; s/$/\r/' letter
			printf '%s\r\n' .
		done
		printf '%s\r\n' 'MAIL FROM:<>' 'RCPT TO:<b@mx.test>' QUIT
	} | TCPREMOTEIP=192.0.2.1 smtp-recv -p "milter-ask $milter" milter-ask "$milter" keep 2>log >replies
	atf_check_equal 2 "$(grep -c '^250 2.0.0 ok [0-9a-z]' replies)"
	until_true 'grep -q ^close packets'
	cat >expected <<-'EOF'
		C [192.0.2.1] 4 0 192.0.2.1
		H client.test
		M <a1@client.test>
		A
		M <a2@client.test>
		R <b@mx.test>
		A
		H again.test
		M <a3@client.test>
		R <b@mx.test>
		T
		N
		E
		M <a4@client.test>
		R <b@mx.test>
		T
		N
		E
		M <>
		R <b@mx.test>
		Q
		close
	EOF
	grep -v '^[DOLB] ' packets | sed 's/ *$//' | atf_check -o file:expected cat
}
a_session_of_many_messages_cleanup() { stop; }

atf_test_case milters_one_behind_the_other cleanup
milters_one_behind_the_other_body()
{
	home
	letter
	raw 'E=hX-First\x001\x00|e<new@client.test>\x00|+<d@mx.test>\x00|-<b@mx.test>\x00|c'
	first=$milter
	raw_beside packets.second 'E=hX-Second\x002\x00|+<d@mx.test>\x00|+<e@mx.test>\x00|-<e@mx.test>\x00|c'
	cat >bin/told <<-EOF
		#!/bin/sh
		echo "\$SENDER \$RECIPIENTS" >"$PWD/told"
		exec keep
	EOF
	chmod +x bin/told
	session -p "milter-ask $first" -p "milter-ask $milter" milter-ask "$first" milter-ask "$milter" told
	atf_check -o match:'^250 2.0.0' cat replies
	for log in packets packets.second; do
		atf_check_equal "$log 1" "$log $(grep -c '^C ' $log)"
		atf_check -o match:'^M <a@client.test> SIZE=10$' -o match:'^E' cat $log
	done
	atf_check -o match:"^L X-First:'1'" cat packets.second
	atf_check -o match:'^X-First: 1$' -o match:'^X-Second: 2$' cat message
	atf_check -o match:'^Fnew@client.test\|.*Tbad@mx.test\|Td@mx.test\|\|$' cat envelope
	atf_check -o inline:'new@client.test bad@mx.test\nd@mx.test\n' cat told
}
milters_one_behind_the_other_cleanup() { stop; }

atf_test_case a_quarantined_message_is_in_the_queue_and_held cleanup
a_quarantined_message_is_in_the_queue_and_held_body()
{
	home
	letter
	mkdir -p home/queue/new home/queue/hold
	raw 'E=qlooks odd\x00|c'
	printf 'Fa@client.test\0Tb@mx.test\0\0' >sent
	# shellcheck disable=SC2094
	TCPREMOTEIP=192.0.2.1 milter-ask "$milter" queue-inject <letter 1<sent 2>log || atf_fail "$(cat log)"
	atf_check -o match:'PHOLD=looks odd' sh -c 'tr "\0" "\n" <"$(echo home/queue/new/*)"'
}
a_quarantined_message_is_in_the_queue_and_held_cleanup() { stop; }

atf_test_case a_body_of_fifty_megabytes_in_its_place cleanup
a_body_of_fifty_megabytes_in_its_place_body()
{
	home
	letter
	raw E='huge:51000000|c'
	sink 0 "$milter"
	atf_check_equal 48000000 "$(sed '1,/^$/d' message | wc -c)"
	# in however many pieces, and while it says that it is at work
	raw E="$(yes 'blin\r|be\r\n|p' | head -n 6000 | paste -sd '|')|c"
	sink 0 "$milter"
	atf_check_equal '6000 lin?e' "$(sed '1,/^$/d' message | tr '\r' '?' | uniq -c | xargs)"
}
a_body_of_fifty_megabytes_in_its_place_cleanup() { stop; }

atf_init_test_cases()
{
	atf_add_test_case macros_by_stage
	atf_add_test_case what_the_client_asked_for_is_told
	atf_add_test_case nothing_is_larger_than_milters_take
	atf_add_test_case a_reply_becomes_one_line_with_a_status
	atf_add_test_case the_blank_behind_the_colon
	atf_add_test_case where_no_answer_is_wanted_none_is_awaited
	atf_add_test_case at_each_stage_it_may_be_dead_slow_or_wrong
	atf_add_test_case a_connection_that_it_has_refused_stays_refused
	atf_add_test_case one_that_was_restarted_is_asked_anew
	atf_add_test_case a_session_of_many_messages
	atf_add_test_case milters_one_behind_the_other
	atf_add_test_case a_quarantined_message_is_in_the_queue_and_held
	atf_add_test_case a_body_of_fifty_megabytes_in_its_place
}
