#! /usr/bin/env atf-sh
# Messages signed by dkim-sign and dkim-serve, verified by programs of others.
here=$(atf_get_srcdir)
PATH=$here/../../bin:$PATH
. "$here/signing.sh"
. "$here/../lib/sanitizer.sh"

message()
{
	prepare
	cat >message <<-EOF
	From: A <a@${1:-example.test}>
	To: b@example.test
	Subject: one

	text
	EOF
}

# needs_verifier COMMAND: skip where it is not there
needs_verifier()
{
	eval "$1" 2>/dev/null || atf_skip "not there: $1"
}

# verify_corpus PROGRAM VERDICTS: what PROGRAM says of each message of the corpus, once signed
verify_corpus()
{
	make_keys example.test
	start_service
	mkdir plain signed
	"$here/corpus.py" plain
	prepare
	for m in plain/*; do
		./sign "$m" || atf_fail "$m was not signed"
		mv home/signed "signed/${m#plain/}"
		echo "${m#plain/} $2"
	done >expected
	stop_service
	atf_check -o file:expected "$here/verify.py" "$1" records signed/*
}

atf_test_case dkimpy_verifies_what_we_sign
dkimpy_verifies_what_we_sign_body()
{
	needs_verifier "/usr/bin/python3 -c 'import dkim, nacl'"
	verify_corpus dkimpy 'pass pass'
}

# These two of Debian know RSA only.
atf_test_case opendkim_verifies_what_we_sign
opendkim_verifies_what_we_sign_body()
{
	needs_verifier 'test -x /usr/sbin/opendkim'
	verify_corpus opendkim pass
}

atf_test_case mail_dkim_verifies_what_we_sign
mail_dkim_verifies_what_we_sign_body()
{
	needs_verifier 'perl -MMail::DKIM -e 1'
	verify_corpus mail-dkim pass
}

atf_test_case the_message_and_its_envelope_go_on_unchanged
the_message_and_its_envelope_go_on_unchanged_body()
{
	make_keys example.test
	start_service
	message
	printf 'bare \r CR, CRLF\r\nand no end' >>message
	atf_check ./sign message
	atf_check -o match:'^K$' cat report
	atf_check -o inline:'2\n' grep -c '^DKIM-Signature: v=1; a=' home/signed
	tail -c "$(wc -c <message)" home/signed >rest
	atf_check cmp message rest
	atf_check cmp envelope home/enveloped
	stop_service
}

atf_test_case what_is_larger_than_memory_goes_through_a_file
what_is_larger_than_memory_goes_through_a_file_body()
{
	make_keys example.test
	start_service
	message
	{
		head -c 20000000 /dev/zero | tr '\0' 'x' | fold
		echo
	} >>message
	# 16 MB of address space are enough for any message
	sanitized dkim-sign && room=unlimited || room=16000
	atf_check sh -c 'ulimit -v "$0"; exec ./sign message' $room
	stop_service
	grep -v -e ^DKIM -e '^	' home/signed >rest
	atf_check cmp message rest
	needs_verifier "/usr/bin/python3 -c 'import dkim, nacl'"
	atf_check -o inline:'signed pass pass\n' "$here/verify.py" dkimpy records home/signed
}

atf_test_case a_stranger_gets_no_signature
a_stranger_gets_no_signature_body()
{
	make_keys example.test
	start_service
	message
	mkdir -p home/control
	echo 192.0.2.0/24 >home/control/relayclients
	export TCPREMOTEIP=198.51.100.1
	atf_check ./sign message
	atf_check cmp message home/signed
	atf_check cmp envelope home/enveloped
	# whom the list names is none, nor who has authenticated
	export TCPREMOTEIP=192.0.2.1
	atf_check ./sign message
	atf_check -o inline:'2\n' grep -c ^DKIM home/signed
	export TCPREMOTEIP=198.51.100.1 AUTHUSER=a@example.test
	atf_check ./sign message
	atf_check -o inline:'2\n' grep -c ^DKIM home/signed
	unset AUTHUSER
	export RELAYCLIENT=
	atf_check ./sign message
	atf_check -o inline:'2\n' grep -c ^DKIM home/signed
	unset RELAYCLIENT
	# who is not known just now is not taken for a stranger
	rm home/control/relayclients home/signed
	mkdir home/control/relayclients
	atf_check -s exit:71 -o ignore -e match:'relayclients' ./sign message
	atf_check test ! -e home/signed
	stop_service
}

atf_test_case a_stranger_s_message_goes_to_a_service_too
a_stranger_s_message_goes_to_a_service_too_body()
{
	mkdir -p home/control
	message
	export TCPREMOTEIP=198.51.100.1
	atf_check -s exit:71 -e match:'unable to start unix:run/none.sock' \
	    ./sign message unix:run/none.sock
	atf_check -o inline:'Z451 4.3.0 unable to hand the message on' cat report
	atf_check -s exit:71 -e match:'unable to run no-such-program' \
	    ./sign message no-such-program
}

atf_test_case a_domain_without_key_is_sent_unsigned_and_logged_once
a_domain_without_key_is_sent_unsigned_and_logged_once_body()
{
	make_keys example.test
	start_service
	for domain in other.test other.test Sub.example.test other.test; do
		message "$domain"
		atf_check ./sign message
		atf_check cmp message home/signed
	done
	stop_service
	atf_check -o inline:'at=dkim-serve event=unsigned domain=other.test why="no key"
at=dkim-serve event=unsigned domain=sub.example.test why="no key"
' cat log
}

atf_test_case a_message_without_author_is_sent_unsigned
a_message_without_author_is_sent_unsigned_body()
{
	make_keys example.test
	prepare
	printf 'Subject: x\n\ntext\n' >message
	QUEUEID=00000000000aaaaaaaaaaaaa
	export QUEUEID
	atf_check -e inline:'id=00000000000aaaaaaaaaaaaa at=dkim-sign event=unsigned why="no domain in From"\n' \
	    ./sign message
	atf_check cmp message home/signed
	printf 'From: a@example.test\nFrom: b@example.test\n\ntext\n' >message
	atf_check -e match:'event=unsigned' ./sign message
	# nor is one signed whose header can't be seen as a whole
	{
		echo 'From: a@example.test'
		yes 'X: y' | head -n 5000
		printf '%s\n' 'Subject: s' '' text
	} >message
	atf_check -e match:'event=unsigned why="the header is too large"' ./sign message
	atf_check cmp message home/signed
}

atf_test_case without_the_service_a_message_is_put_off
without_the_service_a_message_is_put_off_body()
{
	mkdir -p home/control home/run
	message
	atf_check -s exit:71 -e match:'unable to connect to run/dkim.sock' ./sign message
	atf_check -o inline:'Z451 4.3.0 unable to sign the message now' cat report
	atf_check -s exit:1 test -e home/signed
}

atf_test_case an_answer_that_makes_no_sense_puts_off
an_answer_that_makes_no_sense_puts_off_body()
{
	mkdir -p home/control home/run
	message
	for answer in '' '1:X,' '0:,' '3:Kab,' '6:K x: y,' '9:Kx:y' '99999999:K' '5:Zdead,'; do
		rm -f ready home/run/dkim.sock; mkfifo ready
		s6-ipcserver-socketbinder home/run/dkim.sock s6-ipcserverd -1 \
		    sh -c "head -c 20 >/dev/null; printf '%s' '$answer'" >ready &
		server=$!
		read -r line <ready
		atf_check -s exit:71 -e match:'unable to' ./sign message
		kill $server
		wait $server || :
	done
}

atf_test_case the_next_sink_decides
the_next_sink_decides_body()
{
	make_keys example.test
	start_service
	message
	atf_check -s exit:31 ./sign message \
	    sh -c 'cat >/dev/null; cat <&1 >/dev/null; echo D550 no >&4; exit 31'
	atf_check -o match:'^D550 no' cat report
	atf_check -s exit:71 ./sign message false
	atf_check -s exit:71 -e match:'unable to start no-such' ./sign message no-such
	# a cut envelope commits nothing
	touch cut
	atf_check -s exit:71 -e ignore ./sign message \
	    sh -c 'cat >/dev/null; cat <&1 | tail -c 1 | grep -q T && exit 91'
	stop_service
	atf_check -s exit:111 -e match:usage dkim-sign
}

atf_test_case a_stranger_s_program_is_run_in_our_place
a_stranger_s_program_is_run_in_our_place_body()
{
	mkdir -p home/control
	message
	export TCPREMOTEIP=198.51.100.1
	atf_check -s exit:42 ./sign message sh -c 'exit 42'
}

atf_init_test_cases()
{
	atf_add_test_case dkimpy_verifies_what_we_sign
	atf_add_test_case opendkim_verifies_what_we_sign
	atf_add_test_case mail_dkim_verifies_what_we_sign
	atf_add_test_case the_message_and_its_envelope_go_on_unchanged
	atf_add_test_case what_is_larger_than_memory_goes_through_a_file
	atf_add_test_case a_stranger_gets_no_signature
	atf_add_test_case a_stranger_s_message_goes_to_a_service_too
	atf_add_test_case a_domain_without_key_is_sent_unsigned_and_logged_once
	atf_add_test_case a_message_without_author_is_sent_unsigned
	atf_add_test_case without_the_service_a_message_is_put_off
	atf_add_test_case an_answer_that_makes_no_sense_puts_off
	atf_add_test_case the_next_sink_decides
	atf_add_test_case a_stranger_s_program_is_run_in_our_place
}
