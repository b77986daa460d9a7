#! /usr/bin/env atf-sh
# smtp-recv with policy programs
PATH=$(atf_get_srcdir)/../../bin:$PATH

# a home, a sink "keep" and policies in shell
home()
{
	FACTEUR_HOME=$PWD/home
	PATH=$PWD/bin:$PATH
	export FACTEUR_HOME PATH
	mkdir -p home/control home/queue bin
	echo mx.test >home/control/me
	program keep <<-'EOF'
		cat >message
		tr '\0' '|' <&1 >envelope
	EOF
}

# program name: make an executable of the shell script on standard input
program()
{
	{
		echo '#!/bin/sh'
		cat
	} >"bin/$1"
	chmod +x "bin/$1"
}

# policy name request answer: K to all requests but one; what it hears goes to home/name
policy()
{
	program "$1" <<-EOF
		while read -r line; do
			echo "\$line" >>$1
			case \$line in
			'$2'*) echo '$3' ;;
			*) echo K ;;
			esac
		done
	EOF
}

# talk argument...: standard input to smtp-recv, with CRLF
talk()
{
	sed 's/$/\r/' | smtp-recv "$@" 2>log | tr -d '\r' >replies
	sed -n '2,$s/^\([0-9][0-9][0-9]\) .*/\1/p' replies | tr '\n' ' ' >codes
}

message()
{
	cat <<-EOF
		EHLO client.test
		MAIL FROM:<a@client.test>
		RCPT TO:<b@mx.test>
		RCPT TO:<c@mx.test>
		DATA
		hello
		.
		QUIT
	EOF
}

accepted='250 250 250 250 354 250 221 '

atf_test_case a_policy_hears_the_whole_session
a_policy_hears_the_whole_session_body()
{
	home
	policy listen none
	{
		message | sed '$d;s/^MAIL.*/& SIZE=9 BODY=8BITMIME/'
		printf '%s\n' 'MAIL FROM:<>' RSET 'MAIL FROM:<"x y"@z>' 'HELO other.test' \
		    'MAIL FROM:<>' QUIT
	} | talk -p listen keep
	atf_check -o inline:'250 250 250 250 354 250 250 250 250 250 250 221 ' cat codes
	cat >expected <<-'EOF'
		helo client.test
		mail a@client.test SIZE=9 BODY=8BITMIME
		rcpt b@mx.test
		rcpt c@mx.test
		data
		done RECIPIENTS=2 REFUSED=0 MESSAGES=1
		mail <>
		done RECIPIENTS=0 REFUSED=0 MESSAGES=0
		mail "x y"@z
		done RECIPIENTS=0 REFUSED=0 MESSAGES=0
		helo other.test
		mail <>
	EOF
	atf_check cmp expected home/listen
}

# A greylisted recipient has not failed; one that does not exist has.
atf_test_case a_policy_hears_what_became_of_the_recipients
a_policy_hears_what_became_of_the_recipients_body()
{
	home
	program refuse <<-'END'
		while read -r line; do
			case $line in
			'rcpt later'*) echo 'Z450 4.7.1 later' ;;
			'rcpt no'*) echo 'D550 5.1.1 no' ;;
			*) echo K ;;
			esac
		done
	END
	policy listen none
	printf '%s\n' 'EHLO a.test' 'MAIL FROM:<>' 'RCPT TO:<later@mx.test>' 'RCPT TO:<no@mx.test>' \
	    'RCPT TO:<no2@mx.test>' 'RCPT TO:<yes@mx.test>' RSET QUIT | talk -p refuse -p listen keep
	atf_check -o match:'^done RECIPIENTS=1 REFUSED=2 MESSAGES=0$' cat home/listen
}

# who was not told the size hears it at the end, before the sink has the envelope
atf_test_case a_policy_may_refuse_the_true_size
a_policy_may_refuse_the_true_size_body()
{
	home
	program room <<-'END'
		while read -r line; do
			echo "$line" >>heard
			case $line in
			size*) echo 'D552 5.2.2 mailbox full' ;;
			*) echo K ;;
			esac
		done
	END
	for option in -p -r; do
		rm -f home/heard
		message | talk $option room keep
		atf_check -o inline:'250 250 250 250 354 552 221 ' cat codes
		atf_check -o match:'^size 7$' cat home/heard
		atf_check test ! -e home/envelope
		atf_check -o match:'event=refused code=552 text="5.2.2 mailbox full"' cat log
	done
	rm home/heard
	message | sed 's/^MAIL.*/& SIZE=7/' | talk -r room keep
	atf_check -o inline:"$accepted" cat codes
	atf_check -o not-match:size cat home/heard
}

atf_test_case no_policy_is_started_before_mail
no_policy_is_started_before_mail_body()
{
	home
	program announce <<-'EOF'
		touch started
	EOF
	printf '%s\n' 'EHLO a' RSET QUIT | talk -p announce keep
	atf_check test ! -e home/started
	printf '%s\n' 'EHLO a' 'MAIL FROM:<>' QUIT | talk -p announce keep
	atf_check test -e home/started
}

atf_test_case a_policy_may_refuse_at_each_step
a_policy_may_refuse_at_each_step_body()
{
	home
	while IFS='|' read -r request answer expected; do
		policy refuse "$request" "$answer"
		rm -f home/envelope
		message | talk -p refuse keep
		atf_check_equal "$expected" "$(cat codes)"
		atf_check -o ignore grep "^$(echo "$answer" | cut -c2-)\$" replies
		atf_check -o ignore grep 'event=refused' log
	done <<-'EOF'
		helo|D550 5.7.1 no|250 550 503 503 503 500 500 221 
		mail|Z451 4.7.1 later|250 451 503 503 503 500 500 221 
		rcpt b|D550 5.1.1 unknown|250 250 550 250 354 250 221 
		rcpt c|Z451 4.7.1 later|250 250 250 451 354 250 221 
		data|D554 5.7.1 no|250 250 250 250 554 500 500 221 
		rcpt|Z421 4.7.0 go away|250 250 421 
	EOF
}

atf_test_case a_late_policy_hears_of_mail_with_a_recipient
a_late_policy_hears_of_mail_with_a_recipient_body()
{
	home
	policy listen none
	{
		printf '%s\n' 'EHLO early.test' 'MAIL FROM:<never@told.test>' RSET
		message | sed '$d;s/^MAIL.*/& SIZE=9/'
		printf '%s\n' 'MAIL FROM:<>' RSET 'MAIL FROM:<>' 'RCPT TO:<d@mx.test>' RSET \
		    'MAIL FROM:<x@y.test>' 'RCPT TO:<e@mx.test>' QUIT
	} | talk -r listen keep
	atf_check -o inline:'250 250 250 250 250 250 250 354 250 250 250 250 250 250 250 250 221 ' \
	    cat codes
	cat >expected <<-'EOF'
		helo client.test
		mail a@client.test SIZE=9
		rcpt b@mx.test
		rcpt c@mx.test
		done RECIPIENTS=2 REFUSED=0 MESSAGES=1
		mail <>
		rcpt d@mx.test
		done RECIPIENTS=1 REFUSED=0 MESSAGES=0
		mail x@y.test
		rcpt e@mx.test
	EOF
	atf_check cmp expected home/listen
	message | sed -n '1,2p;$p' | talk -r no-such-program keep
	atf_check -o inline:'250 250 221 ' cat codes
}

atf_test_case what_a_late_policy_refuses_is_told_to_each_recipient
what_a_late_policy_refuses_is_told_to_each_recipient_body()
{
	home
	while IFS='|' read -r request answer expected; do
		policy refuse "$request" "$answer"
		{
			message | sed '$d'
			printf '%s\n' RSET 'MAIL FROM:<f@client.test>' 'RCPT TO:<g@mx.test>' QUIT
		} | talk -r refuse keep
		atf_check_equal "$request $expected" "$request $(cat codes)"
		atf_check -o ignore grep "^$(echo "$answer" | cut -c2-)\$" replies
	done <<-'EOF'
		helo|D550 5.7.1 no|250 250 550 550 554 500 500 250 250 550 221 
		mail a|Z451 4.7.1 later|250 250 451 451 554 500 500 250 250 250 221 
		rcpt b|D550 5.1.1 unknown|250 250 550 250 354 250 250 250 250 221 
		rcpt c|Z451 4.7.1 later|250 250 250 451 354 250 250 250 250 221 
	EOF
	program dies <<-'EOF'
		exit 0
	EOF
	message | talk -r dies keep
	atf_check -o inline:'250 250 451 451 554 500 500 221 ' cat codes
}

# The answers to helo, mail and rcpt come in one piece, and the first is a no.
atf_test_case answers_after_a_refusal_are_not_lost
answers_after_a_refusal_are_not_lost_head()
{
	atf_set require.progs python3
}
answers_after_a_refusal_are_not_lost_body()
{
	home
	cat >bin/batch <<-'EOF'
		#!/usr/bin/env python3
		import os
		while True:
		    requests = os.read(0, 8192)
		    if not requests:
		        break
		    os.write(1, b"".join(b"D550 5.7.1 not you\n" if r.startswith(b"helo bad") else b"K\n"
		                         for r in requests.splitlines()))
	EOF
	chmod +x bin/batch
	printf '%s\n' 'EHLO bad.test' 'MAIL FROM:<a@b.test>' 'RCPT TO:<b@mx.test>' RSET \
	    'EHLO good.test' 'MAIL FROM:<a@b.test>' 'RCPT TO:<b@mx.test>' QUIT | talk -r batch keep
	atf_check -o inline:'250 250 550 250 250 250 250 221 ' cat codes
}

atf_test_case early_and_late_policies_are_asked_in_order
early_and_late_policies_are_asked_in_order_body()
{
	home
	policy early rcpt 'KX-Early: one'
	policy late rcpt 'KX-Late: two'
	policy third 'rcpt c' 'D550 5.7.3 third'
	message | talk -p early -r late -p third keep
	atf_check -o inline:'250 250 250 550 354 250 221 ' cat codes
	atf_check -o inline:'X-Early: one\nX-Late: two\n' sed -n '/^X-/p' home/message
	policy early 'rcpt c' 'D550 5.7.1 early'
	message | talk -p early -r late keep
	atf_check -o inline:'250 250 250 550 354 250 221 ' cat codes
	atf_check -o ignore grep 'early' replies
}

atf_test_case a_refused_recipient_is_not_in_the_envelope
a_refused_recipient_is_not_in_the_envelope_body()
{
	home
	policy refuse 'rcpt b' 'D550 5.1.1 unknown'
	message | talk -p refuse keep
	atf_check -o inline:'Fa@client.test|PRET=HDRS|Tc@mx.test||' cat home/envelope
	atf_check -o match:'for <c@mx.test>' cat home/message
}

atf_test_case the_first_refusal_wins
the_first_refusal_wins_body()
{
	home
	policy first none
	policy second rcpt 'D550 5.7.2 second'
	policy third rcpt 'D550 5.7.3 third'
	message | talk -p first -p second -p third keep
	atf_check -o inline:'2\n' grep -c '^550 5.7.2 second' replies
	atf_check -o inline:'2\n' grep -c '^rcpt' home/first
	atf_check -s exit:1 grep '^rcpt' home/third
	atf_check -o inline:'mail a@client.test\n' tail -n 1 home/third
}

atf_test_case header_fields_stand_above_received
header_fields_stand_above_received_body()
{
	home
	policy first helo 'KX-Helo: one'
	policy second data 'KX-Data: two'
	policy third 'rcpt c' 'KX-Rcpt: three'
	message | talk -p first -p second -p third keep
	atf_check -o inline:"$accepted" cat codes
	atf_check -o inline:'X-Helo: one\nX-Rcpt: three\nX-Data: two\n' head -n 3 home/message
	atf_check -o match:'^Received: ' sed -n 4p home/message

	# fields of one message are not those of the next
	{
		message | sed '$d'
		printf '%s\n' 'MAIL FROM:<>' 'RCPT TO:<d@mx.test>' DATA .
	} | talk -p third -p first keep
	atf_check -o inline:'X-Helo: one\n' head -n 1 home/message
	atf_check -s exit:1 grep X-Rcpt home/message
}

atf_test_case results_reach_the_sink_in_its_environment
results_reach_the_sink_in_its_environment_body()
{
	home
	program keep <<-'EOF'
		cat >/dev/null
		tr '\0' '|' <&1 >/dev/null
		{ echo "$SMTPHELO|$SENDER|$RECIPIENTS|$SPF_RESULT|$X_WHO"; } >>told
	EOF
	program tell <<-'EOF'
		while read -r verb rest; do
			case $verb:$rest in
			helo:*) echo "Kenv X_WHO=$rest" ;;
			mail:a*) echo 'Kenv SPF_RESULT=soft+20fail Received-SPF: softfail (x)' ;;
			rcpt:evil*) echo 'Kenv PATH=/tmp' ;;
			*) echo K ;;
			esac
		done
	EOF
	{
		message | sed '$d'
		printf '%s\n' 'MAIL FROM:<>' 'RCPT TO:<c@mx.test>' DATA hello . 'MAIL FROM:<d@d.test>' \
		    'RCPT TO:<evil@mx.test>' QUIT
	} | SPF_RESULT= talk -p tell keep
	atf_check -o inline:'250 250 250 250 354 250 250 250 354 250 250 451 221 ' cat codes
	cat >expected <<-'EOF'
		client.test|a@client.test|b@mx.test
		c@mx.test|soft fail|client.test
		client.test||c@mx.test||client.test
	EOF
	atf_check diff expected home/told
	atf_check -o match:'reason="senseless answer"' cat log
}

atf_test_case the_field_of_a_refused_recipient_is_dropped
the_field_of_a_refused_recipient_is_dropped_body()
{
	home
	policy first 'rcpt b' 'KX-Rcpt: b'
	policy second 'rcpt b' 'D550 5.7.1 no'
	message | talk -p first -p second keep
	atf_check -s exit:1 grep X-Rcpt home/message
}

atf_test_case a_failing_policy_never_accepts
a_failing_policy_never_accepts_body()
{
	home
	program dies <<-'EOF'
		exit 0
	EOF
	program kills <<-'EOF'
		read -r line
		kill -9 $$
	EOF
	policy babbles rcpt yes
	policy chatters rcpt 'K
K'
	policy wrong_class rcpt 'Z550 5.7.1 no'
	policy no_status rcpt 'D550 no'
	policy header_cut rcpt 'KX'
	policy endless rcpt "K$(printf 'X-Long: %01000d' 1)"
	for policy in dies kills no-such-policy; do
		message | talk -p $policy keep
		atf_check_equal '250 451 503 503 503 500 500 221 ' "$(cat codes)"
		atf_check -o ignore grep 'event=policyfailed' log
	done
	for policy in babbles chatters wrong_class no_status header_cut endless; do
		message | talk -p $policy keep
		atf_check_equal "$policy 250 250 451 451 554 500 500 221 " \
		    "$policy $(cat codes)"
		atf_check -o ignore grep '^451 4.3.0' replies
		atf_check -o ignore grep 'event=policyfailed' log
	done
	atf_check test ! -e home/envelope
}

atf_test_case a_policy_that_failed_is_begun_anew_at_mail
a_policy_that_failed_is_begun_anew_at_mail_body()
{
	home
	program once <<-'EOF'
		touch again.$$
		while read -r line; do
			case $line in
			rcpt*) [ $(ls again.* | wc -l) = 2 ] || exit 1 ;;
			esac
			echo K
		done
	EOF
	{
		message | sed 4q
		echo RSET
		message | sed 1d
	} | talk -p once keep
	atf_check -o inline:"250 250 451 451 250 ${accepted#250 }" cat codes
}

atf_test_case a_policy_has_arguments_and_the_environment
a_policy_has_arguments_and_the_environment_body()
{
	home
	program tell <<-'EOF'
		echo "$# $1 $2 $TCPREMOTEIP" >told
		while read -r line; do echo K; done
	EOF
	message | TCPREMOTEIP=192.0.2.1 talk -p 'tell  -a  b' keep
	atf_check -o inline:'2 -a b 192.0.2.1\n' cat home/told
	atf_check -s exit:111 -e match:'unable to use policy' smtp-recv -p '' keep
	atf_check -s exit:111 -e match:'unable to use policy' \
	    smtp-recv -p "$(seq 20 | tr '\n' ' ')" keep
	atf_check -s exit:111 -e match:'unable to use policy' \
	    smtp-recv $(yes ' -p tell' | head -n 17) keep
}

# serve name request answer: the like of policy, behind the socket home/name.sock; the next
# client is served when one is gone
serve()
{
	cat >server.py <<-'EOF'
		import os, socket, sys
		name = sys.argv[1]
		answers = list(zip(sys.argv[2::2], sys.argv[3::2]))
		server = socket.socket(socket.AF_UNIX)
		server.bind("home/" + name + ".sock")
		server.listen()
		print("ready", flush=True)
		while True:
		    client = server.accept()[0]
		    with open("home/" + name, "a") as heard, client.makefile("rb") as lines:
		        try:
		            for line in lines:
		                line = line.decode()
		                print(line, end="", file=heard, flush=True)
		                said = next((a for r, a in answers if line.startswith(r)), "K")
		                if said == "dies":
		                    break
		                client.sendall(said.encode() + b"\n")
		        except ConnectionError:
		            pass  # it has not waited for the last answer
		    client.close()
	EOF
	mkfifo "ready.$1"
	python3 server.py "$@" >"ready.$1" 2>server.log &
	servers="$servers $!"
	trap 'kill $servers' EXIT
	read -r line <"ready.$1"
}

# A server that says what it wants is asked nothing else, and not about room that it has promised.
atf_test_case a_server_is_asked_what_it_wants
a_server_is_asked_what_it_wants_head()
{
	atf_set require.progs python3
}
a_server_is_asked_what_it_wants_body()
{
	home
	serve listen env 'Kasks size nonsense' 'rcpt b' Kroom=100 'rcpt c' Kroom=20 'rcpt d' K \
	    'size 28' 'Z452 4.2.2 full'
	for how in -r -p; do
		rm -f home/listen
		{
			message | sed '$d'                             # 7 bytes: everybody has room
			message | sed '1d;$d;s/hello/&, 20 more bytes hello/' # 28: c has not said so
			message | sed '1d;$d;/<c@/d;s/hello/&, 20 more bytes hello/' # b has
			message | sed '1d;$d;/<c@/d;s/<b@/<d@/'        # d has said nothing
			message | sed '$d;s/client.test/other.test/'
			echo QUIT
		} | TCPREMOTEIP=192.0.2.1 talk $how unix:listen.sock keep
		atf_check -o inline:"250 250 250 250 354 250 250 250 250 354 452 $(
		    )250 250 354 250 250 250 354 250 250 250 250 250 354 250 221 " cat codes
		cat >expected <<-'EOF'
			env POLICY=2 TCPREMOTEIP=192.0.2.1
			helo client.test
			mail a@client.test
			rcpt b@mx.test
			rcpt c@mx.test
			mail a@client.test
			rcpt b@mx.test
			rcpt c@mx.test
			size 28
			mail a@client.test
			rcpt b@mx.test
			mail a@client.test
			rcpt d@mx.test
			size 7
			mail a@other.test
			rcpt b@mx.test
			rcpt c@mx.test
		EOF
		atf_check -o file:expected cat home/listen
		# no header field came of it
		atf_check -s exit:1 grep room home/message
	done
	# to who has not said what it wants, room is nonsense
	serve other 'rcpt c' Kroom=20
	message | talk -r unix:other.sock keep
	atf_check -o inline:'250 250 250 451 354 451 221 ' cat codes
	atf_check -o match:'reason="senseless answer"' cat log
	# none of the verbs
	serve nothing env Kasks
	message | talk -p unix:nothing.sock keep
	atf_check -o inline:"$accepted" cat codes
	atf_check -o inline:'env POLICY=2\nhelo client.test\nmail a@client.test\nrcpt b@mx.test\nrcpt c@mx.test\n' \
	    cat home/nothing
}

atf_test_case a_policy_may_be_a_server_behind_a_socket
a_policy_may_be_a_server_behind_a_socket_head()
{
	atf_set require.progs python3
}
a_policy_may_be_a_server_behind_a_socket_body()
{
	home
	serve listen 'rcpt c' 'D550 5.1.1 unknown'
	message | env -i PATH="$PATH" FACTEUR_HOME="$FACTEUR_HOME" TCPREMOTEIP=192.0.2.1 TLS_X='a b+' \
	    RELAYCLIENT= OTHER=x sh -c 'sed "s/\$/\r/" | smtp-recv -r unix:listen.sock keep' |
	    tr -d '\r' >replies
	atf_check -o inline:'550 5.1.1 unknown\n' grep ^550 replies
	atf_check -o match:'^250 2.0.0 ok' cat replies
	cat >expected <<-'EOF'
		POLICY=2
		RELAYCLIENT=
		TCPREMOTEIP=192.0.2.1
		TLS_X=a+20b+2B
		env
	EOF
	atf_check -o file:expected sh -c "sed -n 1p home/listen | tr ' ' '\n' | sort"
	atf_check -o inline:'helo client.test\nmail a@client.test\nrcpt b@mx.test\nrcpt c@mx.test\nsize 7\ndone RECIPIENTS=1 REFUSED=1 MESSAGES=1\n' \
	    sed 1d home/listen
	# as one that is asked about all, the second connection of the server
	: >home/listen
	message | talk -p unix:listen.sock keep
	atf_check -o inline:'250 250 250 550 354 250 221 ' cat codes
	atf_check -o match:'^data$' cat home/listen
}

atf_test_case a_server_that_fails_never_accepts
a_server_that_fails_never_accepts_head()
{
	atf_set require.progs python3
}
a_server_that_fails_never_accepts_body()
{
	home
	message | talk -r unix:nobody.sock keep
	atf_check -o inline:'250 250 451 451 554 500 500 221 ' cat codes
	atf_check -o match:'event=policyfailed policy=unix:nobody.sock reason="No such file' cat log
	message | talk -r "unix:$(printf %0200d 1)" keep
	atf_check -o inline:'250 250 451 451 554 500 500 221 ' cat codes
	message | TCPREMOTEHOST=$(printf %05000d 1) talk -r unix:nobody.sock keep
	atf_check -o match:'event=policyfailed .*reason="Argument list too long"' cat log
	serve senseless 'rcpt b' yes
	serve dies 'rcpt b' dies
	for policy in senseless dies; do
		{
			message | sed 4q
			printf '%s\n' RSET 'MAIL FROM:<>' 'RCPT TO:<c@mx.test>' QUIT
		} | talk -r unix:$policy.sock keep
		atf_check_equal "$policy 250 250 451 451 250 250 250 221 " "$policy $(cat codes)"
		atf_check -o inline:'2\n' grep -c ^env home/$policy
	done
	atf_check test ! -e home/envelope
}

atf_init_test_cases()
{
	atf_add_test_case a_late_policy_hears_of_mail_with_a_recipient
	atf_add_test_case what_a_late_policy_refuses_is_told_to_each_recipient
	atf_add_test_case answers_after_a_refusal_are_not_lost
	atf_add_test_case early_and_late_policies_are_asked_in_order
	atf_add_test_case a_server_is_asked_what_it_wants
	atf_add_test_case a_policy_may_be_a_server_behind_a_socket
	atf_add_test_case a_server_that_fails_never_accepts
	atf_add_test_case a_policy_hears_the_whole_session
	atf_add_test_case a_policy_hears_what_became_of_the_recipients
	atf_add_test_case a_policy_may_refuse_the_true_size
	atf_add_test_case no_policy_is_started_before_mail
	atf_add_test_case a_policy_may_refuse_at_each_step
	atf_add_test_case a_refused_recipient_is_not_in_the_envelope
	atf_add_test_case the_first_refusal_wins
	atf_add_test_case header_fields_stand_above_received
	atf_add_test_case results_reach_the_sink_in_its_environment
	atf_add_test_case the_field_of_a_refused_recipient_is_dropped
	atf_add_test_case a_failing_policy_never_accepts
	atf_add_test_case a_policy_that_failed_is_begun_anew_at_mail
	atf_add_test_case a_policy_has_arguments_and_the_environment
}
