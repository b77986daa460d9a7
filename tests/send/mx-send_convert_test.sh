#! /usr/bin/env atf-sh
# mx-send: 8-bit text to servers without 8BITMIME, and long lines.

PATH=$(atf_get_srcdir)/../../bin:$PATH

prepare()
{
	mkdir control
	echo mx.me.test >control/me
	FACTEUR_HOME=$PWD
	export FACTEUR_HOME
	printf 'MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nhere is a caf\303\251\n' >message
}

# sent CODE WORD...: the message goes to a server; mx-send exits with CODE
sent()
{
	code=$1
	shift
	rm -f commands message.1
	atf_check -s exit:"$code" -o save:out -e save:log \
	    "$(atf_get_srcdir)/play.py" "$@" -- sh -c 'mx-send 127.0.0.1:$PORT a@from.test b@to.test <message'
}

expect_encoded()
{
	printf 'MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nhere is a caf=C3=A9\r\n' >encoded
	atf_check cmp encoded message.1
}

atf_test_case converts_for_a_server_without_8bitmime
converts_for_a_server_without_8bitmime_body()
{
	prepare
	sent 0 'ehlo=250-x|250 SIZE 1000000'
	expect_encoded
	atf_check -o match:"MAIL FROM:<a@from.test> SIZE=$(wc -c <encoded)\$" grep MAIL commands
	atf_check -o match:'event=converted host=127.0.0.1' cat log
}

atf_test_case converts_for_a_server_without_extensions
converts_for_a_server_without_extensions_body()
{
	prepare
	sent 0 'ehlo=500 what' 'helo=250 x'
	expect_encoded
}

atf_test_case sends_what_is_fit_as_it_is
sends_what_is_fit_as_it_is_body()
{
	prepare
	sent 0 'ehlo=250-x|250 8BITMIME'
	sed 's/$/\r/' message >crlf
	atf_check cmp crlf message.1
	atf_check -s exit:1 grep converted log
	# 8bit is only said of it
	printf 'Content-Transfer-Encoding: 8bit\n\ntext\n' >message
	sent 0 'ehlo=250 x'
	sed 's/$/\r/' message >crlf
	atf_check cmp crlf message.1
	atf_check -s exit:1 grep converted log
}

atf_test_case refuses_what_can_not_be_converted
refuses_what_can_not_be_converted_body()
{
	prepare
	printf 'Content-Type: multipart/signed; boundary=b\n\n--b\n\ncaf\303\251\n--b--\n' >message
	sent 100 'ehlo=250 x'
	atf_check -o match:'^D 5.6.3 <b@to.test> .*converted: a signed part holds 8-bit text$' cat out
	atf_check -s exit:1 grep MAIL commands
	sent 0 'ehlo=250-x|250 8BITMIME'
}

atf_test_case is_not_now_without_its_converter
is_not_now_without_its_converter_body()
{
	prepare
	mkdir bin
	ln -s "$(command -v mx-send)" bin
	for end in 'exit 111' 'exit 1' 'kill -9 $$' 'printf D5 >&6; exit 100'; do
		printf '#!/bin/sh\n%s\n' "$end" >bin/mime-encode
		chmod 755 bin/mime-encode
		PATH=$PWD/bin:$PATH sent 111 'ehlo=250 x'
		atf_check -o match:'^Z 4.3.0 <b@to.test> unable to convert the message' cat out
		atf_check -s exit:1 grep MAIL commands
	done
}

# One server takes 8-bit text, but not now; the other takes what is made of it, of each job.
atf_test_case each_server_gets_what_it_takes
each_server_gets_what_it_takes_body()
{
	prepare
	cat >send <<-'END'
	netstring() { printf '%d:' "$(wc -c <"$1")"; cat "$1"; printf ,; }
	printf ':localhost.test:%s\n' $PORT >control/smtproutes
	echo 127.0.0.1:$DNS >control/resolvers
	printf 'Fa@from.test\0Pid=0123456789abcdefghijklmn\0PBODY=7BIT\0Tb@to.test\0\0' >envelope
	for i in 1 2; do netstring envelope; netstring message; done | mx-send -s
	END
	atf_check -o match:'^[0-9]*:K.*,[0-9]*:K' -e save:log "$(atf_get_srcdir)/play.py" \
	    dns=--host-record=localhost.test,127.0.0.1 dns=--host-record=localhost.test,127.0.0.2 \
	    at=127.0.0.1 'ehlo=250-x|250 8BITMIME' 'mail=BYE:421 no' \
	    at=127.0.0.2 'ehlo=250 x' -- sh send
	expect_encoded
	atf_check cmp encoded message.2
}

atf_test_case encodes_lines_that_are_too_long
encodes_lines_that_are_too_long_body()
{
	prepare
	{ cat message; head -c 998 /dev/zero | tr '\0' x; echo; } >at_most
	cp at_most message
	echo 998 >control/linemax
	sent 0 'ehlo=250-x|250 8BITMIME'
	atf_check -s exit:1 grep converted log
	sed '$s/^/x/' at_most >message
	sent 0 'ehlo=250-x|250 8BITMIME'
	atf_check -o match:converted cat log
	atf_check -s exit:1 grep -q '.\{80\}' message.1
	rm control/linemax
	sent 0 'ehlo=250-x|250 8BITMIME'
	atf_check -s exit:1 grep converted log
	echo 1 >control/linemax # as 76
	cp at_most message
	sent 0 'ehlo=250-x|250 8BITMIME'
	atf_check -s exit:1 grep -q '.\{80\}' message.1
	echo many >control/linemax
	sent 111 'ehlo=250-x|250 8BITMIME'
	atf_check -o match:'4.3.5 .*control/linemax' cat out
}

atf_init_test_cases()
{
	atf_add_test_case converts_for_a_server_without_8bitmime
	atf_add_test_case converts_for_a_server_without_extensions
	atf_add_test_case sends_what_is_fit_as_it_is
	atf_add_test_case refuses_what_can_not_be_converted
	atf_add_test_case is_not_now_without_its_converter
	atf_add_test_case each_server_gets_what_it_takes
	atf_add_test_case encodes_lines_that_are_too_long
}
