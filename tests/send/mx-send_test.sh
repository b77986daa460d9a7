#! /usr/bin/env atf-sh
# mx-send by hand, against servers that play.py plays.

PATH=$(atf_get_srcdir)/../../bin:$PATH

prepare()
{
	mkdir control
	echo mx.me.test >control/me
	FACTEUR_HOME=$PWD
	export FACTEUR_HOME RCPT VERBOSE
	printf 'Subject: test\n\nhello\n' >message
}

# with_server EXIT OUTPUT WORD...: one message for $RCPT to a server with these words.
with_server()
{
	code=$1 output=$2
	shift 2
	rm -f commands ahead pieces message.[0-9]*
	atf_check -s "exit:$code" -o match:"$output" -e save:log \
	    "$(atf_get_srcdir)/play.py" "$@" -- \
	    sh -c 'exec mx-send $VERBOSE "127.0.0.1:$PORT" s@from.test ${RCPT:-r@to.test} <message'
}

# What the server heard must be standard input.
heard()
{
	cut -d ' ' -f 2- commands >heard
	atf_check -o file:heard cat
}

atf_test_case sends_a_message
sends_a_message_body()
{
	prepare
	with_server 0 '^K 2.0.0 <r@to.test> 127.0.0.1\[127.0.0.1\] said: 250 2.0.0 taken$'
	heard <<-'END'
	EHLO mx.me.test
	MAIL FROM:<s@from.test>
	RCPT TO:<r@to.test>
	DATA
	QUIT
	END
	printf 'Subject: test\r\n\r\nhello\r\n' >expected
	atf_check cmp expected message.1
	atf_check -o match:'event=sent rcpt=r@to.test status=2.0.0 host=127.0.0.1\[127.0.0.1\] reply="250 2.0.0 taken"' \
	    cat log
}

atf_test_case wrong_usage_means_not_now
wrong_usage_means_not_now_body()
{
	prepare
	for words in '' '-x' 'host' 'host sender' '-s host'; do
		atf_check -s exit:111 -e match:'mx-send: usage: ' mx-send $words </dev/null
	done
	atf_check -s exit:111 -e match:'unable to enter' \
	    env FACTEUR_HOME=/nonexistent mx-send a b c </dev/null
}

atf_test_case bad_control_files_mean_not_now
bad_control_files_mean_not_now_body()
{
	prepare
	for file in timeoutconnect timeoutremote mxport; do
		for value in x '' 0 -1 99999999999999999999; do
			echo "$value" >control/$file
			atf_check -s exit:111 -o match:"^Z 4.3.5 .*control/$file" -e ignore \
			    mx-send to.test s@from.test r@to.test <message
		done
		rm control/$file
	done
	for file in me helohost smtproutes resolvers; do
		mv control/me kept
		[ $file = me ] || cp kept control/me
		mkdir control/$file
		atf_check -s exit:111 -o match:"^Z 4.3.5 .*control/$file" -e ignore \
		    mx-send to.test s@from.test r@to.test <message
		rmdir control/$file
		mv kept control/me
	done
	echo '127.0.0.1:port' >control/resolvers
	atf_check -s exit:111 -o match:'^Z 4.3.5 .*resolvers' -e ignore \
	    mx-send to.test s@from.test r@to.test <message
	rm control/me
	atf_check -s exit:111 -o match:'^Z 4.3.5 .*control/me is missing' -e ignore \
	    mx-send to.test s@from.test r@to.test <message
}

atf_test_case takes_the_message_from_a_pipe
takes_the_message_from_a_pipe_body()
{
	prepare
	atf_check -o match:'^K ' -e ignore "$(atf_get_srcdir)/play.py" -- \
	    sh -c 'cat message | mx-send "127.0.0.1:$PORT" s@from.test r@to.test'
	atf_check -o inline:'Subject: test\r\n\r\nhello\r\n' cat message.1
}

atf_test_case begins_where_the_descriptor_stands
begins_where_the_descriptor_stands_body()
{
	prepare
	atf_check -o match:'^K ' -e ignore "$(atf_get_srcdir)/play.py" -- \
	    sh -c '(read first; mx-send "127.0.0.1:$PORT" s@from.test r@to.test) <message'
	printf '\r\nhello\r\n' >expected
	# a shell may read ahead on a file, but puts the offset back
	atf_check cmp expected message.1
}

atf_test_case what_is_sent_is_canonical
what_is_sent_is_canonical_body()
{
	prepare
	printf '.\n..a\r\n\nb\rc\n.last' >message
	with_server 0 '^K '
	printf '..\r\n...a\r\n\r\nb c\r\n..last\r\n' >expected
	atf_check cmp expected message.1
	: >message
	with_server 0 '^K '
	atf_check test ! -s message.1
}

atf_test_case the_dot_comes_with_the_last_data
the_dot_comes_with_the_last_data_body()
{
	prepare
	with_server 0 '^K '
	atf_check -o inline:'1\n' cat pieces
}

atf_test_case a_large_message_arrives_whole
a_large_message_arrives_whole_body()
{
	prepare
	awk 'BEGIN { for (i = 0; i < 60000; i++) print (i % 3 ? "" : ".") i, "line of text" }' >message
	with_server 0 '^K ' 'ehlo=250-x|250-PIPELINING|250 SIZE'
	awk '{ printf "%s%s\r\n", /^\./ ? "." : "", $0 }' message >expected
	atf_check cmp expected message.1
}

atf_test_case says_helo_when_ehlo_is_refused
says_helo_when_ehlo_is_refused_body()
{
	prepare
	echo other.name.test >control/helohost
	for refusal in '500 what' '502 no' '550 go away'; do
		with_server 0 '^K ' "ehlo=$refusal"
		heard <<-'END'
		EHLO other.name.test
		HELO other.name.test
		MAIL FROM:<s@from.test>
		RCPT TO:<r@to.test>
		DATA
		QUIT
		END
	done
	with_server 111 '^Z 4.0.0 .* said: 450 later' 'ehlo=450 later'
	with_server 100 '^D 5.0.0 .* said: 550 no helo' 'ehlo=502 no' 'helo=550 no helo'
}

atf_test_case pipelines_when_that_is_offered
pipelines_when_that_is_offered_body()
{
	prepare
	RCPT='a@to.test b@to.test'
	with_server 0 '^K ' 'ehlo=250-x|250 PIPELINING'
	atf_check -o inline:'MAIL FROM:<s@from.test>\nRCPT TO:<a@to.test>\nRCPT TO:<b@to.test>\n' \
	    cat ahead
	with_server 0 '^K ' 'ehlo=250-PIPELINING|250 NOPIPELINING'
	atf_check test ! -e ahead
}

atf_test_case each_recipient_has_its_result
each_recipient_has_its_result_body()
{
	prepare
	RCPT='a@to.test b@to.test c@to.test d@to.test e@to.test'
	for ehlo in '250 x' '250-x|250 pipelining'; do
		rm -f commands message.*
		atf_check -s exit:111 -o save:report -e ignore "$(atf_get_srcdir)/play.py" "ehlo=$ehlo" \
		    'rcpt=250 ok' 'rcpt=550 5.1.1 nobody' 'rcpt=450 4.2.0 grey' 'rcpt=251 forwards' \
		    'rcpt=553 no' 'dot=250 taken' -- \
		    sh -c "mx-send 127.0.0.1:\$PORT s@from.test $RCPT <message"
		sed 's/127.0.0.1\[127.0.0.1\]/HOST/' report >short
		atf_check -o file:short cat <<-'END'
		K 2.0.0 <a@to.test> HOST said: 250 taken
		D 5.1.1 <b@to.test> HOST said: 550 5.1.1 nobody
		Z 4.2.0 <c@to.test> HOST said: 450 4.2.0 grey
		K 2.0.0 <d@to.test> HOST said: 250 taken
		D 5.0.0 <e@to.test> HOST said: 553 no
		END
		atf_check test -e message.1 -a ! -e message.2
	done
	RCPT='a@to.test b@to.test'
	with_server 100 '^D 5.1.1 <b' 'rcpt=250 ok' 'rcpt=550 5.1.1 nobody'
}

atf_test_case a_refusal_is_of_its_class_at_each_phase
a_refusal_is_of_its_class_at_each_phase_body()
{
	prepare
	for ehlo in '250 x' '250-x|250-PIPELINING|250 8BITMIME'; do
		for phase in greeting mail rcpt data dot; do
			with_server 100 '^D 5.7.1 <r@to.test> .* said: 554 5.7.1 never$' \
			    "ehlo=$ehlo" "$phase=554 5.7.1 never"
			with_server 100 '^D 5.0.0 <r@to.test> .* said: 550 never$' \
			    "ehlo=$ehlo" "$phase=550 never"
			with_server 111 '^Z 4.3.0 <r@to.test> .* said: 451 4.3.0 later$' \
			    "ehlo=$ehlo" "$phase=451 4.3.0 later"
			with_server 111 '^Z 4.0.0 <r@to.test> .* said: 421 bye$' \
			    "ehlo=$ehlo" "$phase=BYE:421 bye"
		done
	done
}

atf_test_case a_lost_connection_means_not_now
a_lost_connection_means_not_now_body()
{
	prepare
	for ehlo in '250 x' '250-x|250 PIPELINING'; do
		for phase in greeting ehlo mail rcpt data dot; do
			for way in DROP RESET; do
				# a reset may come before the connection is looked at
				with_server 111 '^Z 4.4.[12] <r@to.test> .*(: connection lost at |reset by peer)' \
				    "$phase=$way" "ehlo=$ehlo"
			done
		done
	done
	with_server 111 'lost at the final dot; it may have taken the mail' dot=DROP
}

atf_test_case silence_means_not_now
silence_means_not_now_body()
{
	prepare
	echo 1 >control/timeoutremote
	for phase in greeting ehlo mail rcpt data dot; do
		with_server 111 '^Z 4.4.2 <r@to.test> 127.*: no reply to .* in time' \
		    "$phase=HANG" 'ehlo=250-x|250 PIPELINING'
	done
}

atf_test_case nonsense_means_not_now
nonsense_means_not_now_body()
{
	prepare
	for reply in '25' 'hello' '2500 x' '150 x' '650 x' '250_x' '250-a|251 b' '250-a|junk' ''; do
		for phase in greeting ehlo mail rcpt data dot; do
			with_server 111 '^Z 4.5.0 <r@to.test> 127.* answered .* with nonsense' \
			    "$phase=$reply"
		done
	done
	with_server 111 '^Z 4.5.0 .* said out of turn: 354 x' 'mail=354 x'
	with_server 111 '^Z 4.5.0 .* said out of turn: 354 x' 'rcpt=354 x'
	with_server 111 '^Z 4.5.0 .* answered DATA with: 250 x' 'data=250 x'
	with_server 111 '^Z 4.5.0 .* said out of turn: 354 x' 'dot=354 x'
}

atf_test_case an_endless_reply_is_not_kept
an_endless_reply_is_not_kept_body()
{
	prepare
	long=$(awk 'BEGIN { for (i = 0; i < 7000; i++) printf "0123456789" }')
	with_server 111 '^Z 4.5.0 .*endless reply to the greeting' "greeting=220 $long"
	with_server 100 '^D 5.0.0 .* said: 550 0123' "rcpt=550 $(printf %.30000s "$long")"
	atf_check -o inline:'1\n' sh -c 'grep -c event=refused log'
	atf_check -s exit:1 grep -q '.\{1001\}' log
}

atf_test_case replies_of_unusual_form_are_understood
replies_of_unusual_form_are_understood_body()
{
	prepare
	with_server 0 '^K ' 'greeting=SLOW:220-a|220-|220 b' 'ehlo=SLOW:250-x|250 PIPELINING' \
	    'mail=RAW:250\n' 'rcpt=250 ' 'dot=RAW:250 fine\n'
	with_server 100 ' said: 550 5.1.1 no such user at all$' \
	    'rcpt=550-5.1.1 no such user|550 5.1.1 at all'
	with_server 100 '^D 5.0.0 .* said: 550 4.1.1 mixed' 'rcpt=550 4.1.1 mixed'
	with_server 100 ' said: 550 a b  c$' 'rcpt=550 a\x01b\x1b\x00c'
}

atf_test_case a_server_that_refuses_early_is_heard
a_server_that_refuses_early_is_heard_body()
{
	prepare
	awk 'BEGIN { for (i = 0; i < 400000; i++) print "a line of some length, many times" }' >message
	with_server 100 '^D 5.3.4 .* said: 552 5.3.4 too big' 'early=BYE:552 5.3.4 too big'
	with_server 111 '^Z 4.3.2 .* said: 421 4.3.2 shutdown' 'early=BYE:421 4.3.2 shutdown'
	with_server 111 '^Z 4.5.0 .* accepted before the end' 'early=BYE:250 fine'
	with_server 111 '^Z 4.4.2 .* connection lost at the data' 'early=RESET'
}

atf_test_case a_message_that_can_not_be_read_is_not_cut_short
a_message_that_can_not_be_read_is_not_cut_short_body()
{
	prepare
	strace -o /dev/null true 2>/dev/null || atf_skip "no strace, or not allowed"
	awk 'BEGIN { for (i = 0; i < 10000; i++) print "a line of some length" }' >message
	for when in 1 2 4; do
		for ehlo in '250 x' '250-x|250 SIZE'; do
			atf_check -s exit:111 -e ignore \
			    -o match:'^Z 4.3.0 <r@to.test> unable to read the message: Input/output' \
			    "$(atf_get_srcdir)/play.py" "ehlo=$ehlo" -- sh -c "strace -o trace \
				-P message -e inject=pread64:error=EIO:when=$when+ \
				mx-send 127.0.0.1:\$PORT s@from.test r@to.test <message"
		done
	done
	atf_check test ! -e message.1
}

atf_test_case nobody_taken_means_a_lone_dot
nobody_taken_means_a_lone_dot_body()
{
	prepare
	with_server 100 '^D 5.1.1 ' 'ehlo=250-x|250 PIPELINING' 'rcpt=550 5.1.1 no'
	atf_check test -e message.1 -a ! -s message.1
	with_server 100 '^D 5.1.1 ' 'ehlo=250-x|250 PIPELINING' 'rcpt=550 5.1.1 no' 'data=503 no'
	with_server 100 '^D 5.1.8 ' 'ehlo=250-x|250 PIPELINING' 'mail=550 5.1.8 no'
	atf_check test ! -s message.1
}

atf_test_case a_message_over_the_size_is_not_sent
a_message_over_the_size_is_not_sent_body()
{
	prepare
	with_server 0 '^K ' 'ehlo=250-x|250 SIZE 24'
	atf_check -o match:'MAIL FROM:<s@from.test> SIZE=24$' cat commands
	with_server 100 '^D 5.3.4 .* has 24 bytes, .* takes no more than 23' 'ehlo=250-x|250 SIZE 23'
	atf_check -s exit:1 grep MAIL commands
	with_server 0 '^K ' 'ehlo=250-x|250 SIZE 0'
	with_server 0 '^K ' 'ehlo=250-x|250-SIZE|250 SIZE nonsense'
}

atf_test_case eight_bit_is_announced_where_that_is_understood
eight_bit_is_announced_where_that_is_understood_body()
{
	prepare
	with_server 0 '^K ' 'ehlo=250-x|250 8BITMIME'
	atf_check -s exit:1 grep BODY commands
	printf 'Subject: x\n\ncaf\303\251\n' >message
	with_server 0 '^K ' 'ehlo=250-x|250 8BITMIME'
	atf_check -o match:'MAIL FROM:<s@from.test> BODY=8BITMIME$' cat commands
	printf 'Subject: x\r\n\r\ncaf\303\251\r\n' >expected
	atf_check cmp expected message.1
	with_server 0 '^K '
	atf_check -s exit:1 grep BODY commands
}

atf_test_case too_many_recipients_go_in_another_transaction
too_many_recipients_go_in_another_transaction_body()
{
	prepare
	RCPT='a@to.test b@to.test c@to.test'
	for reply in '452 4.5.3 too many' '452 too many' '552 too many' '552 5.5.3 too many'; do
		with_server 0 '^K 2.0.0 <c@to.test>' 'ehlo=250-x|250 PIPELINING' 'rcpt=250 ok' \
		    "rcpt=$reply" "rcpt=$reply" 'rcpt=250 ok'
		atf_check -o inline:'2\n' sh -c 'ls message.[0-9]* | wc -l'
	done
	with_server 111 '^Z 4.2.2 <b@to.test>' 'rcpt=250 ok' 'rcpt=452 4.2.2 full' 'rcpt=250 ok'
	atf_check test ! -e message.2
	with_server 100 '^D 5.2.2 <b@to.test>' 'rcpt=250 ok' 'rcpt=552 5.2.2 full' 'rcpt=250 ok'
	RCPT=a@to.test
	with_server 111 '^Z 4.0.0 <a@to.test>' 'rcpt=452 full'
	with_server 100 '^D 5.0.0 <a@to.test>' 'rcpt=552 full'
	with_server 111 '^Z 4.5.3 <a@to.test>' 'rcpt=552 5.5.3 too many'
}

atf_test_case a_hundred_recipients_are_one_transaction
a_hundred_recipients_are_one_transaction_body()
{
	prepare
	RCPT=$(awk 'BEGIN { for (i = 0; i < 230; i++) print "r" i "@to.test" }')
	with_server 0 '<r229@to.test>' 'ehlo=250-x|250 PIPELINING'
	atf_check -o inline:'3\n' sh -c 'ls message.[0-9]* | wc -l'
	with_server 0 '<r229@to.test>' 'ehlo=250-x|250-PIPELINING|250 LIMITS MAILMAX=50 RCPTMAX=60'
	atf_check -o inline:'4\n' sh -c 'ls message.[0-9]* | wc -l'
}

atf_test_case shows_the_dialogue
shows_the_dialogue_body()
{
	prepare
	VERBOSE=-v with_server 0 '^K '
	for line in '^= 127.0.0.1\[127.0.0.1\]' '^< 220 fake.test' '^> EHLO mx.me.test' '^< 354 ' \
	    '^> QUIT'; do
		atf_check -o ignore grep "$line" log
	done
}

atf_test_case an_address_can_not_become_a_command
an_address_can_not_become_a_command_body()
{
	prepare
	for address in 'a>b@to.test' 'a b@to.test' '<a@to.test' "$(printf 'a\rRSET@to.test')" \
	    '"open@to.test' ''; do
		atf_check -s exit:100 -o match:'^D 5.1.3 ' -e ignore "$(atf_get_srcdir)/play.py" -- \
		    sh -c 'mx-send "127.0.0.1:$PORT" s@from.test "$1" <message' sh "$address"
	done
	atf_check -s exit:100 -o match:'^D 5.1.7 ' -e ignore "$(atf_get_srcdir)/play.py" -- \
	    sh -c 'mx-send "127.0.0.1:$PORT" "s> SIZE=1" r@to.test <message'
	atf_check test ! -e commands
	atf_check -o match:'^K ' -e ignore "$(atf_get_srcdir)/play.py" -- \
	    sh -c 'mx-send "127.0.0.1:$PORT" "" "\"a b>\"@to.test" <message'
	atf_check -o match:'MAIL FROM:<>$' -o match:'RCPT TO:<"a b>"@to.test>$' cat commands
	# nor an option
	atf_check -o match:'^K ' -e not-match:'^>' "$(atf_get_srcdir)/play.py" -- \
	    sh -c 'mx-send "127.0.0.1:$PORT" s@from.test -v@to.test <message'
	atf_check -o match:'RCPT TO:<-v@to.test>$' cat commands
}

atf_test_case nobody_listening_means_not_now
nobody_listening_means_not_now_body()
{
	prepare
	# the port of a server that has ended
	port=$("$(atf_get_srcdir)/play.py" -- sh -c 'echo $PORT')
	atf_check -s exit:111 -o match:'^Z 4.4.1 .*unable to connect to .* refused' \
	    -e match:event=unreachable mx-send "127.0.0.1:$port" s@from.test r@to.test <message
}

atf_test_case an_independent_server_understands
an_independent_server_understands_body()
{
	prepare
	/usr/bin/python3 -c 'import aiosmtpd' 2>/dev/null || atf_skip "no python3-aiosmtpd"
	cat >server.py <<-'END'
	import asyncio, os, sys
	from aiosmtpd.smtp import SMTP
	class Handler:
	    async def handle_DATA(self, server, session, envelope):
	        with open("taken", "ab") as f:
	            f.write(("%s %s\n" % (envelope.mail_from, envelope.rcpt_tos)).encode())
	            f.write(envelope.content)
	        return "250 OK"
	async def main():
	    loop = asyncio.get_running_loop()
	    server = await loop.create_server(lambda: SMTP(Handler(), loop=loop), "127.0.0.1", 0)
	    port = server.sockets[0].getsockname()[1]
	    client = await asyncio.create_subprocess_exec(
	        *sys.argv[1:], env=dict(os.environ, PORT=str(port)))
	    return await client.wait()
	sys.exit(asyncio.run(main()))
	END
	printf 'Subject: x\n\n.\n..\n.end' >message
	atf_check -o match:'^K 2.0.0 <b@to.test> ' -e ignore /usr/bin/python3 server.py \
	    sh -c 'mx-send "127.0.0.1:$PORT" s@from.test a@to.test b@to.test <message'
	printf "s@from.test ['a@to.test', 'b@to.test']\nSubject: x\r\n\r\n.\r\n..\r\n.end\r\n" >expected
	atf_check cmp expected taken
}

atf_test_case a_refusal_of_us_is_no_refusal_of_the_message
a_refusal_of_us_is_no_refusal_of_the_message_body()
{
	prepare
	for ehlo in '250 x' '250-x|250 PIPELINING'; do
		for reply in '530 5.7.0 Must issue a STARTTLS command first' '530 5.7.1 Client was not authenticated' \
		    '534 5.7.9 too weak' '535 5.7.8 no' '538 5.7.11 encrypt' \
		    '550 5.7.0 must issue starttls first' '554-5.7.0 Must issue|554 5.7.0 STARTTLS'; do
			for phase in ehlo mail rcpt data; do
				set -- "$phase=$reply"
				[ $phase = ehlo ] && set -- "$@" "helo=$reply" || set -- "$@" "ehlo=$ehlo"
				with_server 111 "^Z 4.7.[0-9]* <r@to.test> .* said: 5" "$@"
				atf_check -o match:'event=alert host=127.0.0.1\[127.0.0.1\] reply="5.*reason=' cat log
			done
		done
	done
	with_server 111 '^Z 4.7.0 ' 'mail=530 authentication required'
	for reply in '550 5.7.0 no' '554 5.7.1 no STARTTLS' '523 5.7.10 no'; do
		with_server 100 '^D 5.7' "mail=$reply"
		atf_check -s exit:1 grep event=alert log
	done
}

# "connection lost" is only for those who have said nothing.
atf_test_case what_a_server_says_before_it_closes_is_the_reason
what_a_server_says_before_it_closes_is_the_reason_body()
{
	prepare
	for way in DROP RESET HANG; do
		[ $way != HANG ] || echo 1 >control/timeoutremote
		with_server 100 '^D 5.7.1 .* said: 550 5.7.1 access denied$' \
		    'ehlo=550 5.7.1 access denied' helo=$way
		# it does not know EHLO, which is no reason
		with_server 111 '^Z 4.5.1 .* said: 502 5.5.1 what$' 'ehlo=502 5.5.1 what' helo=$way
	done
	with_server 100 '^D 5.7.1 .* said: 550 5.7.1 denied$' 'ehlo=BYE:550 5.7.1 denied'
	with_server 111 '^Z 4.3.2 .* said: 421 4.3.2 busy$' 'ehlo=550 5.7.1 denied' 'helo=BYE:421 4.3.2 busy'
	with_server 111 '^Z 4.4.2 .*: connection lost at EHLO$' ehlo=DROP
	for way in BYE: ''; do
		with_server 111 '^Z 4.7.1 .* said: 450 4.7.1 go away$' 'ehlo=250-x|250 PIPELINING' \
		    "mail=${way}450 4.7.1 go away" rcpt=DROP
		with_server 100 '^D 5.7.1 .* said: 550 5.7.1 go away$' 'ehlo=250-x|250 PIPELINING' \
		    "mail=${way}550 5.7.1 go away" rcpt=DROP
		with_server 100 '^D 5.7.1 .* said: 550 5.7.1 go away$' 'ehlo=250-x|250 PIPELINING' \
		    "rcpt=${way}550 5.7.1 go away" data=DROP
	done
}

atf_init_test_cases()
{
	atf_add_test_case sends_a_message
	atf_add_test_case wrong_usage_means_not_now
	atf_add_test_case bad_control_files_mean_not_now
	atf_add_test_case takes_the_message_from_a_pipe
	atf_add_test_case begins_where_the_descriptor_stands
	atf_add_test_case what_is_sent_is_canonical
	atf_add_test_case the_dot_comes_with_the_last_data
	atf_add_test_case a_large_message_arrives_whole
	atf_add_test_case says_helo_when_ehlo_is_refused
	atf_add_test_case pipelines_when_that_is_offered
	atf_add_test_case each_recipient_has_its_result
	atf_add_test_case a_refusal_is_of_its_class_at_each_phase
	atf_add_test_case a_lost_connection_means_not_now
	atf_add_test_case silence_means_not_now
	atf_add_test_case nonsense_means_not_now
	atf_add_test_case an_endless_reply_is_not_kept
	atf_add_test_case replies_of_unusual_form_are_understood
	atf_add_test_case a_server_that_refuses_early_is_heard
	atf_add_test_case a_message_that_can_not_be_read_is_not_cut_short
	atf_add_test_case nobody_taken_means_a_lone_dot
	atf_add_test_case a_message_over_the_size_is_not_sent
	atf_add_test_case eight_bit_is_announced_where_that_is_understood
	atf_add_test_case too_many_recipients_go_in_another_transaction
	atf_add_test_case a_hundred_recipients_are_one_transaction
	atf_add_test_case shows_the_dialogue
	atf_add_test_case an_address_can_not_become_a_command
	atf_add_test_case nobody_listening_means_not_now
	atf_add_test_case an_independent_server_understands
	atf_add_test_case a_refusal_of_us_is_no_refusal_of_the_message
	atf_add_test_case what_a_server_says_before_it_closes_is_the_reason
}
