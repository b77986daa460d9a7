#! /usr/bin/env atf-sh
# smtp-recv with the queue's service as its sink.

PATH=$(atf_get_srcdir)/../../bin:$PATH
. "$(atf_get_srcdir)/../lib/until.sh"
stand_in=$(atf_get_srcdir)/queue_stand_in.py

home()
{
	FACTEUR_HOME=$PWD/home
	export FACTEUR_HOME
	unset TLS_VERSION TLS_EXPORTER SSL_PROTOCOL AUTHUSER TCPREMOTEIP
	mkdir -p home/control home/run home/queue kept
	echo mx.test >home/control/me
	# whatever would be started in place of the service is missed
	mkdir bin
	ln -s "$(command -v smtp-recv)" "$(command -v submission-fix)" bin/
}

serve()
{
	mkfifo ready
	s6-ipcserver -1 -a 0600 home/run/queue.sock "$stand_in" "$PWD/kept" >ready 2>service.log &
	echo $! >pids
	read -r _ <ready
	rm ready
}

stop()
{
	[ ! -e pids ] || kill $(cat pids) 2>/dev/null
	return 0
}

# talk OPTION...: standard input to smtp-recv, with CRLF; "codes" and "log" are what it says
talk()
{
	sed 's/$/\r/' | PATH=$PWD/bin smtp-recv "$@" unix:run/queue.sock >raw 2>log || echo "exit $?" >>raw
	tr -d '\r' <raw | sed -n 's/^\([0-9][0-9][0-9]\) .*/\1/p' | tr '\n' ' ' >codes
}

message()
{
	cat <<-EOF
		MAIL FROM:<a@client.test>
		RCPT TO:<b@mx.test>
		DATA
		Subject: $1

		$1
		.
	EOF
}

atf_test_case messages_of_a_session_go_over_one_connection cleanup
messages_of_a_session_go_over_one_connection_body()
{
	home
	serve
	{ echo EHLO c; message one; message two; message three; echo QUIT; } | talk
	atf_check -o inline:'220 250 250 250 354 250 250 250 354 250 250 250 354 250 221 ' cat codes
	atf_check -o inline:'one\n' cat kept/connections
	for n in 1 2 3; do
		atf_check -o inline:'Fa@client.test|PRET=HDRS|Tb@mx.test||' cat kept/envelope.$n
	done
	atf_check -o match:'^Received: ' -o match:'^Subject: three$' cat kept/message.3
	id=$(sed -n 's/^250 2.0.0 ok \([0-9a-z]*\).*/\1/p' raw | tail -n 1)
	atf_check -o match:"ESMTP id $id" cat kept/message.3
	atf_check -o match:"^id=$id at=smtp-recv event=accepted" cat log
}
messages_of_a_session_go_over_one_connection_cleanup()
{
	stop
}

atf_test_case long_messages_arrive_whole cleanup
long_messages_arrive_whole_body()
{
	home
	serve
	lines=$(awk 'BEGIN { for (i = 0; i < 40000; i++) printf "%064d\n", i }')
	{ echo EHLO c; message one | sed '/^one$/,$d'; printf '%s\n.\n' "$lines"; message two; echo QUIT; } | talk
	atf_check -o inline:'220 250 250 250 354 250 250 250 354 250 221 ' cat codes
	printf '%s\n' "$lines" >expected
	atf_check -o file:expected sed '1,/^$/d' kept/message.1
	atf_check -o inline:'two\n' sed '1,/^$/d' kept/message.2
}
long_messages_arrive_whole_cleanup()
{
	stop
}

atf_test_case refusals_are_passed_on cleanup
refusals_are_passed_on_body()
{
	home
	serve
	printf '%s\n' 'Dan address is too long (#5.1.3)' 'Zunable to write to the queue (#4.3.0)' K X \
	    >kept/answers
	{ echo EHLO c; message 1; message 2; message 3; message 4; message 5; echo QUIT; } | talk
	atf_check -o inline:'554 5.1.3 an address is too long\n' sed -n 's/\r//;/^554/p' raw
	atf_check -o inline:"451 4.3.0 unable to write to the queue\n451 4.3.0 the queue's service talks nonsense\n" \
	    sed -n 's/\r//;/^451/p' raw
	atf_check -o inline:'2\n' grep -c event=accepted log
	atf_check -o inline:'3\n' grep -c event=refused log
	# after the nonsense it began anew
	atf_check -o inline:'2\n' grep -c one kept/connections
}
refusals_are_passed_on_cleanup()
{
	stop
}

atf_test_case an_early_refusal_is_heard cleanup
an_early_refusal_is_heard_body()
{
	home
	serve
	echo 'early Dtoo large for us (#5.3.4)' >kept/answers
	{
		echo EHLO c
		message one | sed '/^one$/,$d'
		awk 'BEGIN { for (i = 0; i < 40000; i++) printf "%064d\n", i; print "." }'
		message two
		echo QUIT
	} | talk
	atf_check -o inline:'220 250 250 250 354 554 250 250 354 250 221 ' cat codes
	atf_check -o match:'^554 5.3.4 too large for us' cat raw
	atf_check -o match:'^Subject: two$' cat kept/message.1
}
an_early_refusal_is_heard_cleanup()
{
	stop
}

atf_test_case a_service_that_begins_anew_is_found_again cleanup
a_service_that_begins_anew_is_found_again_body()
{
	home
	serve
	printf '%s\n' end end K >kept/answers
	{ echo EHLO c; message one; message two; message three; echo QUIT; } | talk
	# when its end is seen only after the message was sent that is put off, never taken for said
	atf_check -o inline:"$(grep -c '^250 2.0.0' raw)\n" sh -c 'ls kept/envelope.* | wc -l'
	atf_check -o match:'^250 2.0.0' cat raw
}
a_service_that_begins_anew_is_found_again_cleanup()
{
	stop
}

atf_test_case a_missing_service_puts_off cleanup
a_missing_service_puts_off_body()
{
	home
	{ echo EHLO c; message one | sed '/^Subject/,$d'; echo QUIT; } | talk
	atf_check -o inline:'220 250 250 250 451 221 ' cat codes
	atf_check -o match:'unable to start unix:run/queue.sock: No such file' cat log
	serve
	{ echo EHLO c; message one; echo QUIT; } | talk
	atf_check -o inline:'220 250 250 250 354 250 221 ' cat codes
}
a_missing_service_puts_off_cleanup()
{
	stop
}

atf_test_case what_is_cut_is_not_handed_over cleanup
what_is_cut_is_not_handed_over_body()
{
	home
	serve
	{ echo EHLO c; message one | sed '$d'; } | talk
	{ echo EHLO c; message one; message two | sed '$d'; } | talk
	{
		echo EHLO c
		message one | sed '/^one$/,$d'
		awk 'BEGIN { for (i = 0; i < 40000; i++) printf "%064d\n", i }'
	} | talk
	stop
	atf_check -o inline:'kept/envelope.1\n' sh -c 'ls kept/envelope.*'
	atf_check -o match:'^Subject: one$' cat kept/message.1
}
what_is_cut_is_not_handed_over_cleanup()
{
	stop
}

atf_test_case filters_hand_over_to_it cleanup
filters_hand_over_to_it_body()
{
	home
	serve
	{ echo EHLO c; message one; message two; echo QUIT; } | RELAYCLIENT='' talk -f submission-fix
	atf_check -o inline:'220 250 250 250 354 250 250 250 354 250 221 ' cat codes
	atf_check -o match:'^Message-ID: ' -o match:'^Date: ' cat kept/message.1
	atf_check -o inline:'Fa@client.test|Tb@mx.test||' cat kept/envelope.2
	echo 'Dnot this one (#5.7.1)' >kept/answers
	{ echo EHLO c; message one; echo QUIT; } | RELAYCLIENT='' talk -f submission-fix
	atf_check -o match:'^554 5.7.1 not this one' cat raw
}
filters_hand_over_to_it_cleanup()
{
	stop
}

atf_init_test_cases()
{
	atf_add_test_case messages_of_a_session_go_over_one_connection
	atf_add_test_case long_messages_arrive_whole
	atf_add_test_case refusals_are_passed_on
	atf_add_test_case an_early_refusal_is_heard
	atf_add_test_case a_service_that_begins_anew_is_found_again
	atf_add_test_case a_missing_service_puts_off
	atf_add_test_case what_is_cut_is_not_handed_over
	atf_add_test_case filters_hand_over_to_it
}
