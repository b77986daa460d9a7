#! /usr/bin/env atf-sh
# mx-send -s: what the envelope wants of servers that offer this or that.

PATH=$(atf_get_srcdir)/../../bin:$PATH

ALL='ehlo=250-x|250-DSN|250-SMTPUTF8|250-SIZE|250 8BITMIME'
NONE='ehlo=250 x'

prepare()
{
	mkdir control
	echo mx.me.test >control/me
	FACTEUR_HOME=$PWD
	export FACTEUR_HOME
	printf 'Subject: test\n\nhello\n' >message
	cat >send <<-'END'
	netstring() { printf '%d:' "$(wc -c <"$1")"; cat "$1"; printf ,; }
	echo ":${ROUTE-127.0.0.1:$PORT}" >control/smtproutes
	tr '|' '\0' <records >envelope
	{ netstring envelope; netstring message; } | mx-send -s
	END
}

# ordered RECORDS WORD...: one job with these records of the envelope, | for \0, to a server
ordered()
{
	printf '%s' "$1" >records
	shift
	rm -f commands
	"$(atf_get_srcdir)/play.py" "$@" -- sh send >answers 2>log || atf_fail "$(cat log)"
}

# The server heard a command that begins so.
heard()
{
	# play.py takes bytes for characters
	iconv -f utf-8 -t latin1 commands >heard
	atf_check -o save:line grep " $1" heard
	atf_check_equal "127.0.0.1 $1$2" "$(cat line)"
}

ID=Pid=0123456789abcdefghijklmn

atf_test_case passes_on_what_reports_are_wanted
passes_on_what_reports_are_wanted_body()
{
	prepare
	ordered "Fs@from.test|$ID|PRET=HDRS|PENVID=a+2Bb|NNOTIFY=SUCCESS,DELAY|NORCPT=rfc822;o@p|Tr@to.test||" \
	    "$ALL"
	heard 'MAIL' ' FROM:<s@from.test> SIZE=24 RET=HDRS ENVID=a+2Bb'
	heard 'RCPT' ' TO:<r@to.test> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;o@p'
	atf_check -o match:'^[0-9]*:K2.0.0 127.0.0.1\[' cat answers
}

atf_test_case tells_that_a_server_will_not_report
tells_that_a_server_will_not_report_body()
{
	prepare
	ordered "Fs@from.test|$ID|PRET=HDRS|NNOTIFY=SUCCESS|Tr@to.test|NNOTIFY=FAILURE|Tq@to.test||" \
	    "$NONE"
	heard 'MAIL' ' FROM:<s@from.test>'
	atf_check -o match:' TO:<r@to.test>$' cat commands
	atf_check -o match:'^[0-9]*:K2.0.0 relayed: 127.0.0.1\[127.0.0.1\] said: 250 2.0.0 taken,[0-9]*:K2.0.0 127' \
	    cat answers
	atf_check -o match:'rcpt=r@to.test status=2.0.0 dsn=relayed host=127.0.0.1' cat log
}

atf_test_case sends_utf8_to_a_server_that_takes_it
sends_utf8_to_a_server_that_takes_it_body()
{
	prepare
	printf 'Subject: h\303\251\n\nhello\n' >message
	ordered "Fé@from.test|$ID|PSMTPUTF8=1|PBODY=8BITMIME|Tü@bücher.test||" "$ALL"
	heard 'MAIL' ' FROM:<é@from.test> SIZE=23 BODY=8BITMIME SMTPUTF8'
	heard 'RCPT' ' TO:<ü@bücher.test>'
}

atf_test_case an_alias_may_lead_to_an_address_in_utf8
an_alias_may_lead_to_an_address_in_utf8_body()
{
	prepare
	ordered "Fs@from.test|$ID|Tü@to.test||" "$ALL"
	heard 'MAIL' ' FROM:<s@from.test> SIZE=24 SMTPUTF8'
}

atf_test_case sends_domains_in_ascii_to_other_servers
sends_domains_in_ascii_to_other_servers_body()
{
	prepare
	ordered "Fs@grüße.test|$ID|PSMTPUTF8=1|Tr@bücher.test||" "$NONE"
	heard 'MAIL' ' FROM:<s@xn--gre-6ka8l.test>'
	heard 'RCPT' ' TO:<r@xn--bcher-kva.test>'
	atf_check -o match:'^[0-9]*:K' cat answers
}

atf_test_case what_has_no_ascii_form_is_refused
what_has_no_ascii_form_is_refused_body()
{
	prepare
	ordered "Fé@from.test|$ID|PSMTPUTF8=1|Tr@to.test||" "$NONE"
	atf_check -o match:'^[0-9]*:D5.6.7 127.0.0.1\[.*does not offer SMTPUTF8' cat answers
	ordered "Fs@from.test|$ID|PSMTPUTF8=1|Té@to.test|Tr@to.test||" "$NONE"
	atf_check -o match:'^[0-9]*:D5.6.7 .*,[0-9]*:K2.0.0 ' cat answers
	printf 'Subject: h\303\251\n\nhello\n' >message
	ordered "Fs@from.test|$ID|PSMTPUTF8=1|Tr@to.test||" "$NONE"
	atf_check -o match:'^[0-9]*:D5.6.7 .*which the message.s header needs' cat answers
	printf 'Subject: h\n\nh\303\251llo\n' >message
	ordered "Fs@from.test|$ID|PSMTPUTF8=1|Tr@to.test||" "$NONE"
	atf_check -o match:'^[0-9]*:K' cat answers
	ordered "Fs@from.test|$ID|PSMTPUTF8=1|Tr@b$(printf '\303\274\377').test||" "$NONE"
	atf_check -o match:'^[0-9]*:D5.' cat answers
}

atf_test_case does_not_send_in_the_clear_what_wants_tls
does_not_send_in_the_clear_what_wants_tls_body()
{
	prepare
	ordered "Fs@from.test|$ID|PREQUIRETLS=1|Tr@to.test||" 'ehlo=250-x|250 REQUIRETLS'
	atf_check -o match:'^[0-9]*:D5.7.10 ' cat answers
	atf_check -s exit:1 grep MAIL commands
	# but to a program of this machine, whose socket nobody can listen to
	ROUTE=lmtp://$PWD/lmtp
	export ROUTE
	ordered "Fs@from.test|$ID|PREQUIRETLS=1|Tr@to.test||" at=127.0.0.1 "at=$PWD/lmtp"
	atf_check -o match:'^[0-9]*:K2.0.0 ' cat answers
	atf_check -o inline:"$PWD/lmtp MAIL FROM:<s@from.test>\n" grep MAIL commands
}

atf_test_case sends_in_one_chunk_to_who_takes_it
sends_in_one_chunk_to_who_takes_it_body()
{
	prepare
	printf '.Subject: test\n\n.hello' >message
	printf '.Subject: test\r\n\r\n.hello\r\n' >wanted
	ordered "Fs@from.test|$ID|Tr@to.test||" 'ehlo=250-x|250-PIPELINING|250 CHUNKING'
	atf_check -o match:'^[0-9]*:K2.0.0' cat answers
	atf_check cmp wanted message.1
	heard 'BDAT' ' 26 LAST'
	atf_check -s exit:1 grep ' DATA' commands
	rm message.1
	seq 1 50000 >message
	sed 's/$/\r/' message >wanted
	ordered "Fs@from.test|$ID|Tr@to.test||" 'ehlo=250-x|250 CHUNKING'
	atf_check cmp wanted message.1
}

atf_test_case sends_no_chunk_twice_to_who_knows_none
sends_no_chunk_twice_to_who_knows_none_body()
{
	prepare
	seq 1 50000 >message
	sed 's/$/\r/' message >wanted
	for bdat in '502 what?' 'BYE:500 what?'; do
		rm -f message.1
		ordered "Fs@from.test|$ID|Tr@to.test||" 'ehlo=250-x|250 CHUNKING' bdat="$bdat"
		atf_check -o match:'^[0-9]*:K2.0.0' cat answers
		atf_check cmp wanted message.1
		atf_check -o match:'event=unchunked host=127.0.0.1.* reply=.50' cat log
	done
}

atf_test_case hears_why_a_chunk_is_refused_before_its_end
hears_why_a_chunk_is_refused_before_its_end_body()
{
	prepare
	seq 1 300000 >message
	ordered "Fs@from.test|$ID|Tr@to.test||" 'ehlo=250-x|250 CHUNKING' 'bdat=BYE:552 5.3.4 too large'
	atf_check -o match:'^[0-9]*:D5.3.4 127.0.0.1\[127.0.0.1\] said: 552 5.3.4 too large' cat answers
	ordered "Fs@from.test|$ID|Tr@to.test||" 'ehlo=250-x|250 CHUNKING' 'bdat=BYE:452 4.3.1 full'
	atf_check -o match:'^[0-9]*:Z4.3.1 ' cat answers
	# the last word is lost: it may have been taken
	ordered "Fs@from.test|$ID|Tr@to.test||" 'ehlo=250-x|250 CHUNKING' dot=DROP
	atf_check -o match:'^[0-9]*:Z4.4.2 .*the last chunk; it may have taken the mail' cat answers
	atf_check -o inline:'1\n' grep -c BDAT commands
}

atf_test_case keeps_the_limits_of_a_server
keeps_the_limits_of_a_server_body()
{
	prepare
	ordered "Fs@from.test|$ID|Ta@to.test|Tb@to.test|Tc@other.test||" \
	    'ehlo=250-x|250 LIMITS RCPTDOMAINMAX=1 MAILMAX=1 RCPTMAX=1'
	atf_check -o match:'^[0-9]*:K2.0.0.*,[0-9]*:K2.0.0.*,[0-9]*:K2.0.0' cat answers
	atf_check -o inline:'3\n' grep -c EHLO commands
	atf_check -o inline:'3\n' grep -c QUIT commands
	echo 2 >control/rcptmax
	ordered "Fs@from.test|$ID|Ta@to.test|Tb@to.test|Tc@other.test||" "$NONE"
	atf_check -o inline:'2\n' grep -c DATA commands
	echo 0 >control/rcptmax
	ordered "Fs@from.test|$ID|Ta@to.test||" "$NONE"
	atf_check -o match:'^[0-9]*:Z4.3.5 control/rcptmax' cat answers
}

atf_init_test_cases()
{
	atf_add_test_case sends_in_one_chunk_to_who_takes_it
	atf_add_test_case sends_no_chunk_twice_to_who_knows_none
	atf_add_test_case keeps_the_limits_of_a_server
	atf_add_test_case hears_why_a_chunk_is_refused_before_its_end
	atf_add_test_case passes_on_what_reports_are_wanted
	atf_add_test_case tells_that_a_server_will_not_report
	atf_add_test_case sends_utf8_to_a_server_that_takes_it
	atf_add_test_case an_alias_may_lead_to_an_address_in_utf8
	atf_add_test_case sends_domains_in_ascii_to_other_servers
	atf_add_test_case what_has_no_ascii_form_is_refused
	atf_add_test_case does_not_send_in_the_clear_what_wants_tls
}
