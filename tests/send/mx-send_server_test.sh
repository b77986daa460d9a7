#! /usr/bin/env atf-sh
# mx-send -s: jobs, and the sessions that it keeps between them.

PATH=$(atf_get_srcdir)/../../bin:$PATH

prepare()
{
	mkdir control
	echo mx.me.test >control/me
	FACTEUR_HOME=$PWD
	export FACTEUR_HOME
	printf 'Subject: test\n\nhello\n' >message
	cat >job <<-'END'
	# job MESSAGE RECIPIENT...: print a job as job(5) says, the message as a netstring
	netstring() { printf '%d:' "$(wc -c <"$1")"; cat "$1"; printf ,; }
	message=$1
	shift
	envelope=$(mktemp envelope.XXXXXX)
	printf 'Fs@from.test\0Pid=0123456789abcdefghijklmn\0' >$envelope
	printf 'T%s\0' "$@" >>$envelope
	printf '\0' >>$envelope
	netstring $envelope
	netstring $message
	END
	cat >serve <<-END
	# serve SHELL WORD...: mx-send -s with the jobs that the shell commands print
	rm -f commands message.[0-9]*
	echo ". ./routes; { \$1; } | mx-send -s" >script
	shift
	exec "$(atf_get_srcdir)/play.py" "\$@" -- sh script
	END
	cat >routes <<-'END'
	printf 'to.test:127.0.0.1:%s\nother.test:127.0.0.2:%s\n' $PORT $PORT >control/smtproutes
	END
}

atf_test_case answers_for_each_recipient
answers_for_each_recipient_body()
{
	prepare
	atf_check -e save:log \
	    -o inline:'49:K2.0.0 127.0.0.1[127.0.0.1] said: 250 2.0.0 taken,46:D5.1.1 127.0.0.1[127.0.0.1] said: 550 5.1.1 no,' \
	    sh serve 'sh job message a@to.test b@to.test' 'rcpt=250 ok' 'rcpt=550 5.1.1 no'
	atf_check -o match:'^id=0123456789abcdefghijklmn at=mx-send event=refused rcpt=b@to.test' cat log
	printf 'Subject: test\r\n\r\nhello\r\n' >expected
	atf_check cmp expected message.1
}

atf_test_case keeps_the_session_for_the_same_destination
keeps_the_session_for_the_same_destination_body()
{
	prepare
	for i in 1 2 3; do
		echo sh job message r$i@TO.test
	done | sed '$!s/TO/to/' >jobs
	atf_check -o match:'^49:K.*,49:K.*,49:K.*,$' -e ignore sh serve '. ./jobs'
	atf_check -o inline:'EHLO\nMAIL\nRCPT\nDATA\nMAIL\nRCPT\nDATA\nMAIL\nRCPT\nDATA\nQUIT\n' \
	    awk '{ print $2 }' commands
}

atf_test_case resets_after_a_refusal
resets_after_a_refusal_body()
{
	prepare
	atf_check -o match:'^[0-9]*:D.*,[0-9]*:K.*,$' -e ignore sh serve \
	    'sh job message a@to.test; sh job message b@to.test' 'rcpt=550 no' 'rcpt=250 ok'
	atf_check -o inline:'EHLO\nMAIL\nRCPT\nRSET\nMAIL\nRCPT\nDATA\nQUIT\n' \
	    awk '{ print $2 }' commands
}

atf_test_case another_destination_ends_the_session
another_destination_ends_the_session_body()
{
	prepare
	atf_check -o match:'^49:K.*,49:K.*,$' -e ignore sh serve \
	    'sh job message a@to.test; sh job message b@other.test' at=127.0.0.1 at=127.0.0.2
	# nobody waits for the good-bye before the next one is greeted
	atf_check -o inline:'127.0.0.1 QUIT\n127.0.0.2 EHLO mx.me.test\n' \
	    sh -c 'sed -n "5,\$p" commands | grep -e "1 QUIT" -e EHLO | sort'
}

atf_test_case a_kept_session_that_ended_is_no_failure
a_kept_session_that_ended_is_no_failure_body()
{
	prepare
	for word in 'dot=BYE:250 taken' 'mail=BYE:421 too long'; do
		set -- "$word"
		[ "$word" = "${word#mail}" ] || set -- 'mail=250 ok' "$word" 'mail=250 ok'
		for pipelining in '250 x' '250-x|250 PIPELINING'; do
			atf_check -o match:'^[0-9]*:K.*,[0-9]*:K.*,$' -e ignore sh serve \
			    'sh job message a@to.test; sh job message b@to.test' \
			    "ehlo=$pipelining" "$@"
			atf_check -o inline:'2\n' grep -c EHLO commands
		done
	done
	atf_check -o match:'^[0-9]*:K.*,[0-9]*:K.*,$' -e ignore sh serve \
	    'sh job message a@to.test; sh job message b@to.test' \
	    'mail=250 ok' mail=DROP 'mail=250 ok'
	# but a new one that ends is
	atf_check -o match:'^[0-9]*:K.*,[0-9]*:Z4.4.2 .*,$' -e ignore sh serve \
	    'sh job message a@to.test; sh job message b@to.test' 'mail=250 ok' mail=DROP
}

atf_test_case an_idle_session_is_ended
an_idle_session_is_ended_body()
{
	prepare
	# more than one idle time, but nothing depends on how much
	cat >jobs <<-'END'
	sh job message a@to.test
	until grep -q QUIT commands 2>/dev/null; do
		sleep 0.1
	done
	sh job message b@to.test
	END
	atf_check -o match:'^49:K.*,49:K.*,$' -e ignore sh serve '. ./jobs'
	atf_check -o inline:'2\n' grep -c EHLO commands
}

atf_test_case an_address_that_did_not_answer_is_left_alone
an_address_that_did_not_answer_is_left_alone_body()
{
	prepare
	echo 1 >control/timeoutconnect
	# a queue that is full: the kernel drops further connections without a word
	cat >full.py <<-'END'
	import os, socket, subprocess, sys
	server = socket.socket()
	server.bind(("127.0.0.1", 0))
	server.listen(0)
	others = [socket.socket() for i in range(4)]
	for other in others:
	    other.setblocking(False)
	    other.connect_ex(server.getsockname())
	open("control/smtproutes", "w").write(":127.0.0.1:%d" % server.getsockname()[1])
	sys.exit(subprocess.call(["sh", "-c", sys.argv[1]]))
	END
	atf_check -e ignore \
	    -o match:'Z4.4.1 unable to connect to 127.*: Connection timed out,' \
	    -o match:'Z4.4.1 127.0.0.1.127.0.0.1. was not reachable a moment ago,' \
	    /usr/bin/python3 full.py \
	    '{ sh job message a@to.test; sh job message b@to.test; } | mx-send -s'
}

atf_test_case takes_the_message_as_a_descriptor
takes_the_message_as_a_descriptor_body()
{
	prepare
	cat >client.py <<-'END'
	import os, socket, subprocess, sys
	open("control/smtproutes", "w").write(":127.0.0.1:" + os.environ["PORT"])
	ours, theirs = socket.socketpair()
	child = subprocess.Popen(["mx-send", "-s"], stdin=theirs, stdout=theirs)
	theirs.close()
	open("queued", "w").write("header line\nSubject: x\n\nhello\nenvelope")
	def job(offset, length):
	    envelope = b"Fs@from.test\0Pid=0123456789abcdefghijklmn\0Poffset=%d\0Plength=%d\0Tr@to.test\0\0"
	    envelope %= offset, length
	    with open("queued") as f:
	        socket.send_fds(ours, [b"%d:%s," % (len(envelope), envelope)], [f.fileno()])
	    return ours.recv(1000)
	print(job(12, 18).decode())
	print(job(12, 17).decode())
	print(job(12, 10000).decode())
	sys.exit(child.wait())
	END
	atf_check -s exit:111 -o match:'^49:K' -e match:'unable to read a job' \
	    "$(atf_get_srcdir)/play.py" -- /usr/bin/python3 client.py
	printf 'Subject: x\r\n\r\nhello\r\n' >expected
	atf_check cmp expected message.1
	atf_check cmp expected message.2
	atf_check test ! -e message.3
}

atf_test_case a_malformed_job_is_not_answered
a_malformed_job_is_not_answered_body()
{
	prepare
	for job in 'junk' '3:abc,' '5:Fa' '14:Fa\0Pid=x\0Tb@c\0\0,0:,' '99999999999:' \
	    '40:Fa\0Pid=0123456789abcdefghijklmn\0Tb@c\0\0,x'; do
		atf_check -s exit:111 -e match:'mx-send: unable to read a job: ' \
		    sh -c "printf '$job' | mx-send -s"
	done
	atf_check mx-send -s </dev/null
}

atf_test_case a_recipient_without_a_domain_is_refused
a_recipient_without_a_domain_is_refused_body()
{
	prepare
	for recipient in nobody nobody@ @; do
		atf_check -o match:':D5.1.[23] ' -e ignore sh -c "sh job message $recipient | mx-send -s"
	done
}

atf_test_case the_control_files_are_read_for_each_job
the_control_files_are_read_for_each_job_body()
{
	prepare
	atf_check -o match:'^49:K.*,[0-9]*:K2.0.0 127.0.0.2' -e ignore \
	    sh serve 'sh job message a@to.test; until [ -e message.1 ]; do :; done
	    sed -i s/127.0.0.1/127.0.0.2/ control/smtproutes; sh job message b@to.test' \
	    at=127.0.0.1 at=127.0.0.2
}

# What a server that takes so many messages a session says to the next one is no verdict.
atf_test_case a_refusal_in_a_used_session_is_asked_for_again
a_refusal_in_a_used_session_is_asked_for_again_body()
{
	prepare
	two='sh job message a@to.test; sh job message b@to.test'
	for ehlo in '250 x' '250-x|250 PIPELINING'; do
		for phase in mail rcpt data dot; do
			for way in 'BYE:550 5.7.1 too many messages' '503 5.5.1 again?'; do
				case $phase in
				data) ok='354 go ahead' ;;
				*) ok='250 ok' ;;
				esac
				atf_check -o match:'^[0-9]*:K.*,[0-9]*:K.*,$' -e ignore sh serve "$two" \
				    "ehlo=$ehlo" "$phase=$ok" "$phase=$way" "$phase=$ok"
				atf_check -o inline:'2\n' grep -c EHLO commands
			done
			# a new one is believed
			atf_check -o match:'^[0-9]*:K.*,[0-9]*:D5.7.1 .*said: 550 5.7.1 no,$' -e ignore \
			    sh serve "$two" "ehlo=$ehlo" "$phase=$ok" "$phase=550 5.7.1 no"
			atf_check -o inline:'2\n' grep -c EHLO commands
		done
	done
}

# The same within one mail that takes several transactions.
atf_test_case a_second_transaction_refused_begins_anew
a_second_transaction_refused_begins_anew_body()
{
	prepare
	for ehlo in '250-x|250 LIMITS RCPTMAX=1' '250-x|250-PIPELINING|250 LIMITS RCPTMAX=1'; do
		atf_check -o match:'^([0-9]*:K[^,]*,){3}$' -e ignore sh serve \
		    'sh job message a@to.test b@to.test c@to.test' "ehlo=$ehlo" \
		    'mail=250 ok' 'mail=503 one is enough' 'mail=250 ok' 'mail=503 one is enough' 'mail=250 ok'
		atf_check -o inline:'3\n' grep -c EHLO commands
	done
}

# Who makes a server end the session is told from those whom it did not come to judge.
atf_test_case a_session_that_ends_at_a_recipient_judges_nobody_else
a_session_that_ends_at_a_recipient_judges_nobody_else_body()
{
	prepare
	echo 1 >control/timeoutremote
	for ehlo in '250 x' '250-x|250 PIPELINING'; do
		for way in 'BYE:421 4.7.0 too many' DROP HANG; do
			case $way in
			BYE*) status=4.7.0 why=' said: 421 4.7.0 too many' ;;
			DROP) status=4.4.2 why=': connection lost at RCPT' ;;
			HANG) status=4.4.2 why=': no reply to RCPT in time' ;;
			esac
			atf_check -o save:answers -e ignore sh serve \
			    'sh job message a@to.test b@to.test c@to.test' "ehlo=$ehlo" \
			    'rcpt=250 ok' "rcpt=$way" 'rcpt=250 ok'
			tr , '\n' <answers | cut -d : -f 2- >each
			here="Z$status session ended at this recipient: 127.0.0.1[127.0.0.1]$why"
			elsewhere="Z$status session ended at another recipient: 127.0.0.1[127.0.0.1]$why"
			printf '%s\n' "$elsewhere" "$here" "$elsewhere" >expected
			atf_check -o file:expected cat each
		done
	done
	# there is nobody else
	atf_check -o match:'^[0-9]*:Z4.7.0 127.0.0.1\[127.0.0.1\] said: 421 4.7.0 too many,$' -e ignore \
	    sh serve 'sh job message a@to.test' 'rcpt=BYE:421 4.7.0 too many'
}

atf_test_case a_bounce_of_a_bounce_has_the_null_sender
a_bounce_of_a_bounce_has_the_null_sender_body()
{
	prepare
	sed -i 's/Fs@from.test/F#@[]/' job
	atf_check -o match:'^[0-9]*:K' -e ignore sh serve 'sh job message a@to.test'
	atf_check -o inline:'127.0.0.1 MAIL FROM:<>\n' grep MAIL commands
}

atf_init_test_cases()
{
	atf_add_test_case answers_for_each_recipient
	atf_add_test_case keeps_the_session_for_the_same_destination
	atf_add_test_case resets_after_a_refusal
	atf_add_test_case another_destination_ends_the_session
	atf_add_test_case a_kept_session_that_ended_is_no_failure
	atf_add_test_case an_idle_session_is_ended
	atf_add_test_case an_address_that_did_not_answer_is_left_alone
	atf_add_test_case takes_the_message_as_a_descriptor
	atf_add_test_case a_malformed_job_is_not_answered
	atf_add_test_case a_recipient_without_a_domain_is_refused
	atf_add_test_case the_control_files_are_read_for_each_job
	atf_add_test_case a_refusal_in_a_used_session_is_asked_for_again
	atf_add_test_case a_second_transaction_refused_begins_anew
	atf_add_test_case a_session_that_ends_at_a_recipient_judges_nobody_else
	atf_add_test_case a_bounce_of_a_bounce_has_the_null_sender
}
