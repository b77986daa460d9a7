#! /usr/bin/env atf-sh
# smtp-recv: BDAT, addresses in UTF-8, and what clients want of those after us.

PATH=$(atf_get_srcdir)/../../bin:$PATH
. "$(atf_get_srcdir)/../lib/sanitizer.sh"

# a home, and a sink "keep" that keeps message and envelope there
home()
{
	FACTEUR_HOME=$PWD/home
	PATH=$PWD/bin:$PATH
	export FACTEUR_HOME PATH
	mkdir -p home/control home/queue bin
	echo mx.test >home/control/me
	cat >bin/keep <<-'EOF'
		#!/bin/sh
		rm -f message envelope
		cat >message
		tr '\0' '|' <&1 >envelope
	EOF
	chmod +x bin/keep
}

# talk FORMAT: printf's output to smtp-recv; "replies" and "log" are what it says
talk()
{
	rm -f home/message home/envelope
	printf "$1" | smtp-recv keep >raw 2>log || atf_fail "exit $?"
	tr -d '\r' <raw >replies
}

# codes: the codes of all replies after the greeting, one line
codes()
{
	sed -n '2,$s/^\([0-9][0-9][0-9]\) .*/\1/p' replies | tr '\n' ' '
}

# body: the message from the line after our Received field on
body()
{
	sed '1,/^\tfor/d' home/message
}

BEGIN='EHLO a\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\n'

atf_test_case a_message_comes_in_chunks_of_any_size
a_message_comes_in_chunks_of_any_size_body()
{
	home
	for chunks in 'BDAT 15 LAST\r\na: b\r\n\r\n.\r\n..\r\n' \
	    'bdat 15\r\na: b\r\n\r\n.\r\n..\r\nBDAT 0 last\r\n' \
	    'BDAT 0\r\nBDAT 5\r\na: b\rBDAT 1\r\n\nBDAT 3\r\n\r\n.BDAT 6 LAST\r\n\r\n..\r\n'; do
		talk "$BEGIN${chunks}QUIT\r\n"
		body >text
		atf_check -o inline:'a: b\n\n.\n..\n' cat text
		atf_check -o inline:'Fa@b|PRET=HDRS|Tc@d||' cat home/envelope
		atf_check -o match:'^250 2.0.0 ok [0-9a-z]{24}$' cat replies
		atf_check -o match:'bytes=15 ' grep accepted log
	done
	talk "${BEGIN}BDAT 1\r\nxBDAT 6 LAST\r\ny\r\nnew"
	body >text
	atf_check -o inline:'xy\nnew\n' cat text
	talk "${BEGIN}BDAT 0 LAST\r\nMAIL FROM:<x@y>\r\nRCPT TO:<c@d>\r\nDATA\r\nz\r\n.\r\n"
	atf_check_equal '250 250 250 250 250 250 354 250 ' "$(codes)"
	atf_check -o inline:'Fx@y|PRET=HDRS|Tc@d||' cat home/envelope
}

atf_test_case chunks_wait_for_their_turn
chunks_wait_for_their_turn_body()
{
	home
	while IFS='|' read -r expected said; do
		talk "EHLO a\r\n${said}NOOP\r\n"
		atf_check_equal "$said: 250 $expected 250 " "$said: $(codes)"
		atf_check test ! -s home/envelope
	done <<-'EOF'
		503|BDAT 6\r\nQUIT\r\n
		503|BDAT 6 LAST\r\nQUIT\r\n
		250 503|MAIL FROM:<a@b>\r\nBDAT 6 LAST\r\nQUIT\r\n
		250 553 554|MAIL FROM:<a@b>\r\nRCPT TO:<c>\r\nBDAT 6 LAST\r\nQUIT\r\n
		250 250 250 503 503 503|MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nBDAT 6\r\nQUIT\r\nDATA\r\nRCPT TO:<c@d>\r\nMAIL FROM:<>\r\n
		250 250 250 250 503|MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nBDAT 6\r\nQUIT\r\nRSET\r\nBDAT 6 LAST\r\nQUIT\r\n
		250 503 250 250|MAIL FROM:<a@b>\r\nBDAT 6\r\nQUIT\r\nRCPT TO:<c@d>\r\nBDAT 6\r\nQUIT\r\n
	EOF
}

atf_test_case after_a_refused_chunk_the_rest_is_refused
after_a_refused_chunk_the_rest_is_refused_body()
{
	home
	echo 20 >home/control/databytes
	talk "${BEGIN}BDAT 20\r\na\r\nb\r\nc\r\nd\r\ne\r\nfff\r\nBDAT 1\r\nxBDAT 3 LAST\r\ny\r\nMAIL FROM:<>\r\n"
	atf_check_equal '250 250 250 250 552 552 250 ' "$(codes)"
	talk "${BEGIN}BDAT 30 LAST\r\n%030d\r\nNOOP\r\n"
	atf_check_equal '250 250 250 552 500 250 ' "$(codes)"
	talk "${BEGIN}BDAT 2\r\na\nBDAT 3 LAST\r\ny\r\nBDAT 6 LAST\r\nQUIT\r\n"
	atf_check_equal '250 250 250 550 550 503 ' "$(codes)"
	atf_check -o inline:'1\n' grep -c 'event=refused code=550' log
	talk "${BEGIN}BDAT 2\r\na\nMAIL FROM:<>\r\nRSET\r\nMAIL FROM:<>\r\n"
	atf_check_equal '250 250 250 550 503 250 250 ' "$(codes)"
	rm home/control/databytes
	many=$(yes 'BDAT 6\r\nQUIT\r\n' | head -n 50 | tr -d '\n')
	talk "${BEGIN}BDAT 1\r\n\n${many}QUIT\r\n"
	atf_check -o inline:'51\n' grep -c ^550 replies
	atf_check -o inline:'221 2.0.0 bye\n' tail -n 1 replies
	talk "${BEGIN}BDAT 99999\r\nx"
	atf_check -o match:'reason=gone' tail -n 1 log
	atf_check test ! -s home/envelope
}

atf_test_case a_chunk_without_a_size_ends_the_session
a_chunk_without_a_size_ends_the_session_body()
{
	home
	for argument in '' ' ' ' LAST' ' x' ' -1' ' 1x' ' 0x10' \
	    ' 18446744073709551616' ' 000000000000000000001'; do
		talk "${BEGIN}BDAT$argument\r\nNOOP\r\n"
		atf_check_equal "$argument: 250 250 250 501 " "$argument: $(codes)"
		atf_check -o match:'reason="malformed BDAT"' tail -n 1 log
	done
}

atf_test_case a_chunk_with_a_size_is_read_whatever_follows
a_chunk_with_a_size_is_read_whatever_follows_body()
{
	home
	for argument in '1 LASTS' '1 FIRST' '1 LAST x'; do
		talk "${BEGIN}BDAT $argument\r\nxNOOP\r\nBDAT 1 LAST\r\nx"
		atf_check_equal "$argument: 250 250 250 501 250 501 " "$argument: $(codes)"
		atf_check test ! -s home/envelope
	done
	talk "${BEGIN}BDAT 3  LAST\r\nx\r\nQUIT\r\n"
	atf_check_equal '250 250 250 250 221 ' "$(codes)"
}

atf_test_case refused_chunks_are_not_read_without_end
refused_chunks_are_not_read_without_end_body()
{
	home
	talk "EHLO a\r\nBDAT 100000001\r\nNOOP\r\n"
	atf_check_equal '250 503 421 ' "$(codes)"
	atf_check -o match:'reason="too much refused"' tail -n 1 log
	echo 20 >home/control/databytes
	talk "${BEGIN}BDAT 41\r\n"
	atf_check_equal '250 250 250 552 421 ' "$(codes)"
	talk "${BEGIN}BDAT 30\r\n%030dBDAT 11\r\n"
	atf_check_equal '250 250 250 552 552 421 ' "$(codes)"
	talk "${BEGIN}$(yes 'BDAT 0\r\n' | head -n 200 | tr -d '\n')"
	atf_check -o match:'^421 4.7.0 too many errors' tail -n 1 replies
}

atf_test_case a_sink_that_fails_refuses_the_chunk
a_sink_that_fails_refuses_the_chunk_body()
{
	home
	printf '%s\n' '#!/bin/sh' 'cat >/dev/null' 'echo "Dno spam" >&4' 'exit 82' >bin/keep
	talk "${BEGIN}BDAT 3\r\nx\r\nBDAT 3 LAST\r\nx\r\n"
	atf_check -o inline:'554 5.3.0 no spam\n' tail -n 1 replies
	rm bin/keep
	talk "${BEGIN}BDAT 3\r\nx\r\nBDAT 3 LAST\r\nx\r\nQUIT\r\n"
	atf_check_equal '250 250 250 451 451 221 ' "$(codes)"
}

atf_test_case a_large_chunk_takes_no_memory
a_large_chunk_takes_no_memory_body()
{
	home
	{
		printf "${BEGIN}BDAT 30000000\r\n"
		awk 'BEGIN { for (i = 0; i < 30000; i++) printf "%0998d\r\n", i }'
		printf 'BDAT 0 LAST\r\nQUIT\r\n'
	} >lines
	(
		sanitized smtp-recv || ulimit -v 20000
		exec smtp-recv keep <lines >raw 2>log
	) || atf_fail "smtp-recv failed"
	tr -d '\r' <raw >replies
	atf_check_equal '250 250 250 250 250 221 ' "$(codes)"
	atf_check -o inline:'30000\n' sh -c "sed '1,/^	for/d' home/message | wc -l"
}

atf_test_case keeps_what_the_client_wants_of_those_after_us
keeps_what_the_client_wants_of_those_after_us_body()
{
	home
	talk 'EHLO a\r\nMAIL FROM:<a@b> RET=hdrs ENVID=QQ314159+20x BODY=8BITMIME\r\nRCPT TO:<c@d> NOTIFY=success,Failure ORCPT=rfc822;Bob+40x@d\r\nRCPT TO:<e@f>\r\nRCPT TO:<g@h> NOTIFY=NEVER\r\nDATA\r\nx\r\n.\r\n'
	atf_check -o inline:'Fa@b|PBODY=8BITMIME|PRET=HDRS|PENVID=QQ314159+20x|NNOTIFY=FAILURE|NORCPT=rfc822;Bob+40x@d|Tc@d|Te@f|NNOTIFY=NEVER|Tg@h||' \
	    cat home/envelope
	envid=$(printf '%0100d')
	orcpt=rfc822\;$(printf '%0493d')
	talk "EHLO a\r\nMAIL FROM:<a@b> ENVID=$envid\r\nRCPT TO:<c@d> ORCPT=$orcpt\r\n"
	atf_check_equal '250 250 250 ' "$(codes)"
	talk "EHLO a\r\nMAIL FROM:<a@b> ENVID=0$envid\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d> ORCPT=${orcpt}0\r\n"
	atf_check_equal '250 501 250 501 ' "$(codes)"
}

atf_test_case requiretls_is_for_sessions_under_tls
requiretls_is_for_sessions_under_tls_body()
{
	home
	said='EHLO a\r\nMAIL FROM:<a@b> REQUIRETLS\r\nRCPT TO:<c@d>\r\nDATA\r\nx\r\n.\r\n'
	talk "$said"
	atf_check -s exit:1 grep REQUIRETLS replies
	atf_check -o match:'^555 ' cat replies
	export TLS_VERSION=TLSv1.3
	talk "$said"
	atf_check -o match:'^250-REQUIRETLS$' cat replies
	atf_check -o inline:'Fa@b|PRET=HDRS|PREQUIRETLS=1|Tc@d||' cat home/envelope
	atf_check -o match:'with ESMTPS (.TLSv1.*. )?id ' cat home/message
	talk "$(printf '%s' "$said" | sed 's/REQUIRETLS/REQUIRETLS=1/')"
	atf_check_equal '250 501 503 503 500 500 ' "$(codes)"
}

atf_test_case addresses_may_be_in_utf8
addresses_may_be_in_utf8_body()
{
	home
	talk 'EHLO a\r\nMAIL FROM:<\303\251@b\303\274cher.test> SMTPUTF8\r\nRCPT TO:<"\342\202\254 x"@d> ORCPT=utf-8;\342\202\254@d\r\nDATA\r\nSubject: \303\251\r\n.\r\n'
	atf_check_equal '250 250 250 354 250 ' "$(codes)"
	atf_check -o inline:'Fé@bücher.test|PSMTPUTF8=1|PRET=HDRS|NORCPT=utf-8;€@d|T"€ x"@d||' \
	    cat home/envelope
	atf_check -o match:'with UTF8SMTP id ' cat home/message
	# what is not UTF-8, or moves a terminal, is no address
	for bytes in '\351' '\303' '\303\303\251' '\300\200' '\355\240\200' '\364\220\200\200' \
	    '\302\233' '\233' '\342\200\256' '\342\200\216' '\342\201\246' '\342\200\250'; do
		talk "EHLO a\r\nMAIL FROM:<$bytes@b> SMTPUTF8\r\nMAIL FROM:<a@$bytes> SMTPUTF8\r\n"
		atf_check_equal "$bytes: 250 553 553 " "$bytes: $(codes)"
	done
	# without SMTPUTF8 the recipients are ASCII
	talk 'EHLO a\r\nMAIL FROM:<a@b>\r\nRCPT TO:<\303\251@d>\r\n'
	atf_check -o match:'^553 5.6.7 ' tail -n 1 replies
	talk 'EHLO a\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nSubject: \303\251\r\n.\r\n'
	atf_check -o match:'with ESMTP id ' cat home/message
	body >text
	atf_check -o inline:'Subject: é\n' cat text
}

# listening COMMAND...: run it with $PORT, on which smtp-recv answers
listening()
{
	mkfifo port
	tcpserver -1HRDl0 127.0.0.1 0 smtp-recv keep >port 2>log &
	read -r PORT <port
	export PORT
	"$@"
	code=$?
	kill $!
	return $code
}

atf_test_case python_sends_utf8_and_dsn
python_sends_utf8_and_dsn_head()
{
	atf_set require.progs python3 tcpserver
}
python_sends_utf8_and_dsn_body()
{
	home
	cat >client.py <<-'EOF'
	import os, smtplib
	from email.message import EmailMessage
	client = smtplib.SMTP("127.0.0.1", int(os.environ["PORT"]))
	client.ehlo()
	print(sorted(client.esmtp_features))
	message = EmailMessage()
	message["From"] = "é@bücher.test"
	message["To"] = "ü@mx.test"
	message["Subject"] = "Grüße"
	message.set_content("Hallo")
	client.send_message(message, rcpt_options=["NOTIFY=SUCCESS"])
	client.sendmail("a@b", ["c@d"], "Subject: x\r\n\r\n.y\r\n", ["RET=FULL"])
	client.quit()
	EOF
	listening python3 client.py >features || atf_fail "$(cat log)"
	atf_check -o inline:"['8bitmime', 'chunking', 'dsn', 'enhancedstatuscodes', 'limits', 'pipelining', 'size', 'smtputf8']\n" \
	    cat features
	atf_check -o match:'from="?é@b.*cher.test' grep accepted log
	atf_check -o inline:'Fa@b|PRET=HDRS|Tc@d||' cat home/envelope
}

atf_test_case swaks_and_curl_send
swaks_and_curl_send_head()
{
	atf_set require.progs swaks curl tcpserver
}
swaks_and_curl_send_body()
{
	home
	cat >clients <<-'EOF'
	swaks --server 127.0.0.1:$PORT --from a@b --to c@d --pipeline --silent 2 &&
	    mv home/envelope first &&
	    printf 'Subject: x\r\n\r\n.y\r\n' | curl -sS -T - --mail-from a@b --mail-rcpt c@d \
		smtp://127.0.0.1:$PORT/client.test
	EOF
	listening sh clients || atf_fail "$(cat log)"
	atf_check -o inline:'Fa@b|PRET=HDRS|Tc@d||' cat first
	atf_check -o match:'^Fa@b\|' cat home/envelope
	body >text
	atf_check -o inline:'Subject: x\n\n.y\n' cat text
}

atf_init_test_cases()
{
	atf_add_test_case a_message_comes_in_chunks_of_any_size
	atf_add_test_case chunks_wait_for_their_turn
	atf_add_test_case after_a_refused_chunk_the_rest_is_refused
	atf_add_test_case a_chunk_without_a_size_ends_the_session
	atf_add_test_case a_chunk_with_a_size_is_read_whatever_follows
	atf_add_test_case refused_chunks_are_not_read_without_end
	atf_add_test_case a_sink_that_fails_refuses_the_chunk
	atf_add_test_case a_large_chunk_takes_no_memory
	atf_add_test_case keeps_what_the_client_wants_of_those_after_us
	atf_add_test_case requiretls_is_for_sessions_under_tls
	atf_add_test_case addresses_may_be_in_utf8
	atf_add_test_case python_sends_utf8_and_dsn
	atf_add_test_case swaks_and_curl_send
}
