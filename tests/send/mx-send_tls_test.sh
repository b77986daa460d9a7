#! /usr/bin/env atf-sh
# mx-send under TLS, against servers that play.py plays.

PATH=$(atf_get_srcdir)/../../bin:$PATH
. "$(atf_get_srcdir)/../tls/setup.sh"

begin()
{
	make_home
	mkdir -p home/state/tls
	echo mx.me.test >home/control/me
	echo 5 >home/control/timeoutremote
	printf 'Subject: test\n\nhello\n' >message
	authority ca
	echo "$PWD/ca/cert.pem" >home/control/cafile
	issue good ca 2 DNS:to.test,DNS:mx.to.test,IP:127.0.0.1
	serve
}

# sends EXIT OUTPUT WORD...: a message for r@to.test by the route 127.0.0.1, to a server with these words
sends()
{
	code=$1 output=$2
	shift 2
	rm -f commands ahead pieces message.[0-9]*
	atf_check -s "exit:$code" -o match:"$output" -e save:log \
	    "$(atf_get_srcdir)/play.py" "$@" -- \
	    sh -c 'echo ":${ROUTE-127.0.0.1:}$PORT" >home/control/smtproutes
		exec mx-send $VERBOSE to.test s@from.test r@to.test <message'
}

policy()
{
	echo "$1" >home/control/tlspolicy
}

# What the server heard must be standard input.
heard()
{
	cut -d ' ' -f 2- commands >heard
	atf_check -o file:heard cat
}

in_clear="EHLO mx.me.test
MAIL FROM:<s@from.test>
RCPT TO:<r@to.test>
DATA
QUIT"

# nothing_sent: no server has heard of a message
nothing_sent()
{
	! grep MAIL commands || atf_fail "a message has begun"
	! ls message.1 2>/dev/null || atf_fail "a message was sent"
}

test_case()
{
	atf_test_case "$1" cleanup
	eval "$1_head() { network_head; }; $1_cleanup() { stop; }"
}

test_case takes_tls_where_it_is_offered
takes_tls_where_it_is_offered_body()
{
	begin
	sends 0 '^K 2.0.0 <r@to.test> 127.0.0.1\[127.0.0.1\] said: 250 2.0.0 taken$' tls=good
	heard <<-END
	EHLO mx.me.test
	STARTTLS
	(tls)
	$in_clear
	END
	atf_check -o match:'event=sent .* tls="TLSv1.3 TLS_AES_256_GCM_SHA384 x25519 verified=none"' cat log
	# the next session of the same server is resumed
	VERBOSE=-v
	export VERBOSE
	sends 0 'taken \(TLS: TLSv1.3 TLS_AES_256_GCM_SHA384 x25519 verified=none\)$' tls=good
	atf_check -o match:'^= TLSv1.3 .* verified=none.* names=to.test,mx.to.test wanted: may, nobody asks for more' cat log
	sends 0 'taken \(TLS: none\)$'
	atf_check -o match:'event=sent .* tls=none' -o not-match:cleartext cat log
}

# Without a word in control/tlspolicy.
test_case a_password_goes_to_whom_a_certificate_proves
a_password_goes_to_whom_a_certificate_proves_body()
{
	begin
	echo '127.0.0.1 user secret' >home/control/smtppasswords
	chmod 600 home/control/smtppasswords
	sends 0 '^K ' tls=good 'tlsehlo=250-x|250 AUTH PLAIN' 'auth=235 2.7.0 ok'
	atf_check -o match:'AUTH PLAIN AHVzZXIAc2VjcmV0' cat commands
	issue other ca 2 DNS:other.test
	serve
	for starttls in STARTTLS HELP; do
		sends 111 '^Z 4.7.[45] ' tls=other "ehlo=250-x|250-$starttls|250 AUTH PLAIN" \
		    'tlsehlo=250-x|250 AUTH PLAIN' 'auth=235 2.7.0 ok'
		atf_check -s exit:1 grep AUTH commands
		nothing_sent
	done
}

test_case resumes_sessions
resumes_sessions_body()
{
	begin
	atf_check -o ignore -e ignore "$(atf_get_srcdir)/play.py" tls=good -- sh -c '
		echo ":127.0.0.1:$PORT" >home/control/smtproutes
		mx-send to.test s@from.test r@to.test <message && mx-send to.test s@from.test r@to.test <message'
	atf_check -o inline:'2\n' grep -c 'resumed\|(tls)' commands
	atf_check -o ignore grep resumed commands
}

# make_job: the script job, which prints a job as job(5) says
make_job()
{
	cat >job <<-'END'
		# job RECIPIENT: print a job as job(5) says
		netstring() { printf '%d:' "$(wc -c <"$1")"; cat "$1"; printf ,; }
		printf 'Fs@from.test\0Pid=0123456789abcdefghijklmn\0T%s\0\0' "$1" >envelope
		netstring envelope
		netstring message
	END
}

# serves SHELL: mx-send -s with the jobs that the shell commands print, to a server with TLS
serves()
{
	make_job
	echo 'echo ":127.0.0.1:$PORT" >home/control/smtproutes' >script
	echo "{ $1; } | mx-send -s" >>script
	atf_check -o match:'^49:K.*,49:K.*,$' -e save:log "$(atf_get_srcdir)/play.py" tls=good -- sh script
}

# One process of tls-wrap has one session after the other, but one with a password is alone.
test_case one_tls_wrap_is_enough
one_tls_wrap_is_enough_body()
{
	begin
	kill $(cat pids)
	echo 'echo >>starts; exec tls-wrap 2>>wrap.log' >start
	mkfifo up
	s6-ipcserver -1 -a 0600 home/run/tls.sock sh start >up 2>>server.log &
	echo $! >>pids
	read -r _ <up
	make_job
	for starts in 1 3; do
		rm -f starts commands message.*
		atf_check -o match:'^49:K.*,49:K.*,49:K.*,$' -e ignore "$(atf_get_srcdir)/play.py" at=127.0.0.1 \
		    tls=good 'tlsehlo=250-x|250 AUTH PLAIN' 'auth=235 ok' at=127.0.0.2 tls=good \
		    'tlsehlo=250-x|250 AUTH PLAIN' 'auth=235 ok' -- sh -c '
			printf "%s\n" "a.test:127.0.0.1:$PORT" "b.test:127.0.0.2:$PORT" >home/control/smtproutes
			{ sh job u@a.test; sh job u@b.test; sh job u@a.test; } | mx-send -s'
		atf_check_equal 3 "$(grep -c '(tls)\|(resumed)' commands)"
		atf_check_equal "$starts" "$(grep -c "" starts)"
		printf '127.0.0.1 user secret insecure\n127.0.0.2 user secret insecure\n' >home/control/smtppasswords
		chmod 600 home/control/smtppasswords
	done
	atf_check_equal 3 "$(grep -c AUTH commands)"
}

test_case a_tls_wrap_that_died_is_replaced
a_tls_wrap_that_died_is_replaced_body()
{
	begin
	make_job
	cp pids server.pid
	atf_check -o match:'^49:K.*,49:K.*,$' -e save:log "$(atf_get_srcdir)/play.py" tls=good -- sh -c '
		echo ":127.0.0.1:$PORT" >home/control/smtproutes
		{ sh job a@to.test; until [ -s message.1 ]; do sleep 0.05; done
		kill -9 $(pgrep -P "$(cat server.pid)")
		sh job b@to.test; } | mx-send -s'
	# not in clear text for it
	atf_check_equal 2 "$(grep -c '(tls)\|(resumed)' commands)"
	atf_check_equal 2 "$(grep -c 'event=sent .* verified=none' log)"
}

test_case keeps_the_session_as_long_as_the_policy_is_the_same
keeps_the_session_as_long_as_the_policy_is_the_same_body()
{
	begin
	serves 'sh job a@to.test; sh job b@to.test'
	atf_check_equal 1 "$(grep -c STARTTLS commands)"
	atf_check_equal 2 "$(grep -c 'event=sent .* verified=none' log)"
	rm commands message.*
	serves 'sh job a@to.test; until [ -s message.1 ]; do sleep 0.02; done
		echo "to.test verify match=to.test" >home/control/tlspolicy; sh job b@to.test'
	atf_check_equal 2 "$(grep -c STARTTLS commands)"
	atf_check -o match:'rcpt=a@to.test .* verified=none' -o match:'rcpt=b@to.test .* verified=pkix' cat log
	# and recipients of another domain on the same route have another policy
	rm commands
	echo 'other.test encrypt' >home/control/tlspolicy
	serves 'sh job a@to.test; sh job b@other.test'
	atf_check_equal 2 "$(grep -c STARTTLS commands)"
}

test_case what_counts_is_what_is_offered_under_tls
what_counts_is_what_is_offered_under_tls_body()
{
	begin
	sends 0 '^K' tls=good 'ehlo=250-fake.test|250-STARTTLS|250-PIPELINING|250 SIZE 10' \
	    'tlsehlo=250-fake.test|250-SIZE 1000|250 STARTTLS'
	heard <<-END
	EHLO mx.me.test
	STARTTLS
	(tls)
	EHLO mx.me.test
	MAIL FROM:<s@from.test> SIZE=24
	RCPT TO:<r@to.test>
	DATA
	QUIT
	END
}

# Said in clear text, after the reply and with it.
test_case what_was_said_before_is_thrown_away
what_was_said_before_is_thrown_away_body()
{
	begin
	sends 0 '^K' tls=good 'starttls=220 begin|250-evil.test|250 SIZE 1' 'tlsehlo=250 fake.test'
	sed -n '2,$p' commands | cut -d ' ' -f 2- >heard
	atf_check -o match:'^EHLO' tail -n 5 heard
	! grep -q SIZE commands || atf_fail "what was injected counts"
}

test_case goes_in_clear_text_when_tls_fails_and_nothing_forbids_it
goes_in_clear_text_when_tls_fails_and_nothing_forbids_it_body()
{
	begin
	# no handshake, a lost connection, silence, refusals; then a new connection, where that is needed
	sends 0 '^K' 'ehlo=250-fake.test|250 STARTTLS' 'starttls=RAW:220 begin\r\nno TLS here\r\nat all, really\r\n'
	atf_check -o inline:'2\n' grep -ac EHLO commands
	atf_check -o inline:'1\n' grep -ac STARTTLS commands
	atf_check -o match:'event=cleartext host=127.0.0.1.127.0.0.1. result=handshake-failure text=".* no TLS: .*' \
	    -o match:'event=sent .* tls=none' cat log
	for answer in DROP 'BYE:220 begin' 'BYE:421 not now' RESET; do
		sends 0 '^K' 'ehlo=250-fake.test|250 STARTTLS' "starttls=$answer"
		atf_check_equal 2 "$(grep -c EHLO commands)"
		atf_check -o match:event=cleartext cat log
	done
	for answer in '454 not now' '502 what?' '250 no'; do
		sends 0 '^K' 'ehlo=250-fake.test|250 STARTTLS' "starttls=$answer"
		atf_check_equal 1 "$(grep -c EHLO commands)"
		atf_check -o match:'event=cleartext .*result=starttls-not-supported' cat log
	done
	echo 1 >home/control/timeoutremote
	sends 0 '^K' 'ehlo=250-fake.test|250 STARTTLS' starttls=HANG
	atf_check -o match:'event=cleartext .*no reply to STARTTLS in time' cat log
}

test_case nothing_goes_in_clear_text_where_a_policy_forbids_it
nothing_goes_in_clear_text_where_a_policy_forbids_it_body()
{
	begin
	for level in encrypt verify dane "fingerprint sha256=$(digest good 0)"; do
		policy "* $level"
		word=${level%% *}
		why="no TLS as control/tlspolicy \\* $word wants it"
		sends 111 "^Z 4.7.4 <r@to.test> .*$why: starttls-not-supported: the server does not offer STARTTLS"
		nothing_sent
		for answer in DROP 'BYE:220 begin' RESET 'RAW:220 begin\r\nno TLS at all, really\r\n'; do
			sends 111 "^Z 4.7.5 <r@to.test> .*$why: " 'ehlo=250-fake.test|250 STARTTLS' "starttls=$answer"
			nothing_sent
		done
		sends 111 "^Z 4.7.4 <r@to.test> .*$why: starttls-not-supported: 454 not now" \
		    'ehlo=250-fake.test|250 STARTTLS' 'starttls=454 not now'
		nothing_sent
	done
	atf_check -o match:'event=deferred rcpt=r@to.test status=4.7.4 text=.*control/tlspolicy' cat log
}

test_case nothing_goes_in_clear_text_when_tls_sock_fails
nothing_goes_in_clear_text_when_tls_sock_fails_body()
{
	begin
	stop
	for level in encrypt verify may; do
		policy "to.test $level"
		rm -f home/run/tls.sock
		code=111 output='^Z 4.3.0 .*no TLS as control/tlspolicy to.test .* wants it: unable to connect'
		[ $level != may ] || { code=0; output=^K; }
		sends $code "$output" tls=good
		# it answers with garbage, with nothing, with less than was asked, with a judgement of its own
		for answer in garbage '' '5:Kxxxx,' '0:,' 'K' '9:D nothing,' \
		    '59:KTLS_VERSION=TLSv1.3\0TLS_CIPHER=x\0TLS_VERIFIED=fingerprint\0,' \
		    '25:KTLS_VERSION=TLSv1.3\0TLS_,'; do
			printf '%b' "$answer" >answer
			rm -f home/run/tls.sock
			[ -p ready ] || mkfifo ready
			s6-ipcserver -1 home/run/tls.sock sh -c 'head -c 10 >/dev/null; cat answer' >ready 2>/dev/null &
			echo $! >pids
			read -r _ <ready
			[ $level = may ] || output='^Z 4.3.0 .*no TLS as control/tlspolicy to.test .* wants it: '
			sends $code "$output" tls=good
			[ $level = may ] || nothing_sent
			stop
		done
	done
}

test_case verifies_names_as_the_policy_says
verifies_names_as_the_policy_says_body()
{
	begin
	# the host of the route
	policy '* verify'
	sends 0 ^K tls=good
	atf_check -o match:'event=sent .* verified=pkix"' cat log
	policy 'to.test verify match=other.test,mx.to.test min=1.3'
	sends 0 ^K tls=good
	policy '[127.0.0.1] verify match=mx'
	sends 0 ^K tls=good
	policy '[127.0.0.1] verify match=other.test'
	sends 111 '^Z 4.7.5 .*tlspolicy .127.0.0.1. verify wants it: certificate-host-mismatch: ' tls=good
	nothing_sent
	issue late ca -1 IP:127.0.0.1
	policy '* verify'
	sends 111 '^Z 4.7.5 .*certificate-expired: certificate has expired' tls=late
	nothing_sent
	policy '* verify min=1.3'
	sends 111 '^Z 4.7.5 .*handshake-failure: ' tls=good tlsmax=TLSv1_2
	nothing_sent
	policy '* none'
	sends 0 ^K tls=late
	heard <<-END
	$in_clear
	END
	policy "* fingerprint sha256=$(digest ca 0),$(digest late 1)"
	sends 0 ^K tls=late
	policy "* fingerprint sha256=$(digest ca 0)"
	sends 111 '^Z 4.7.5 .*validation-failure: the certificate has none of the fingerprints' tls=late
	nothing_sent
}

test_case begins_with_tls_on_a_route_with_smtps
begins_with_tls_on_a_route_with_smtps_body()
{
	begin
	ROUTE=smtps://127.0.0.1:
	export ROUTE
	sends 0 ^K smtps=good
	heard <<-END
	(tls)
	$in_clear
	END
	# never less, though the policy asks for nothing
	policy '* none'
	sends 0 ^K smtps=good
	sends 111 '^Z 4.7.5 .*the route says smtps wants it: handshake-failure: not TLS'
	nothing_sent
	policy '* verify match=other.test'
	sends 111 '^Z 4.7.5 .*certificate-host-mismatch: ' smtps=good
	nothing_sent
	stop
	rm home/run/tls.sock
	sends 111 '^Z 4.3.0 .*unable to connect to run/tls.sock' smtps=good
}

# The server is found by MX, and the other one is tried when the first does not fit.
test_case judges_each_mx_host_by_the_policy_of_the_domain
judges_each_mx_host_by_the_policy_of_the_domain_body()
{
	begin
	: >home/control/neverto
	issue second ca 2 DNS:second.test
	policy 'to.test verify match=mx'
	rm -f commands
	# first.test: neither its certificate is for that name nor that of to.test
	atf_check -o match:'^K' -e save:log "$(atf_get_srcdir)/play.py" \
	    at=127.0.0.2 tls=good at=127.0.0.3 tls=second dns=--local=/test/ dns=--mx-host=to.test,first.test,10 \
	    dns=--mx-host=to.test,second.test,20 dns=--host-record=first.test,127.0.0.2 \
	    dns=--host-record=second.test,127.0.0.3 -- sh -c 'echo "127.0.0.1:$DNS" >home/control/resolvers
		echo $PORT >home/control/mxport
		exec mx-send to.test s@from.test r@to.test <message'
	atf_check -o ignore grep '^127.0.0.2 (no tls)' commands
	! grep '^127.0.0.2 MAIL' commands || atf_fail 'the wrong server has heard of it'
	atf_check -o ignore grep '^127.0.0.3 DATA' commands
}

test_case a_malformed_policy_means_not_now
a_malformed_policy_means_not_now_body()
{
	begin
	policy 'to.test always'
	sends 111 '^Z 4.3.5 .*control/tlspolicy: malformed line for to.test: no level' tls=good
	policy 'other.test always'
	sends 0 ^K tls=good
	rm home/control/tlspolicy
	mkdir home/control/tlspolicy
	sends 111 '^Z 4.3.5 .*unable to read control/tlspolicy' tls=good
}

atf_init_test_cases()
{
	atf_add_test_case takes_tls_where_it_is_offered
	atf_add_test_case a_password_goes_to_whom_a_certificate_proves
	atf_add_test_case resumes_sessions
	atf_add_test_case one_tls_wrap_is_enough
	atf_add_test_case a_tls_wrap_that_died_is_replaced
	atf_add_test_case keeps_the_session_as_long_as_the_policy_is_the_same
	atf_add_test_case what_counts_is_what_is_offered_under_tls
	atf_add_test_case what_was_said_before_is_thrown_away
	atf_add_test_case goes_in_clear_text_when_tls_fails_and_nothing_forbids_it
	atf_add_test_case nothing_goes_in_clear_text_where_a_policy_forbids_it
	atf_add_test_case nothing_goes_in_clear_text_when_tls_sock_fails
	atf_add_test_case verifies_names_as_the_policy_says
	atf_add_test_case begins_with_tls_on_a_route_with_smtps
	atf_add_test_case judges_each_mx_host_by_the_policy_of_the_domain
	atf_add_test_case a_malformed_policy_means_not_now
}
