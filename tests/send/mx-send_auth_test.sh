#! /usr/bin/env atf-sh
# mx-send: control/smtppasswords, and AUTH with servers of every kind.

PATH=$(atf_get_srcdir)/../../bin:$PATH

# The line is one of control/smtppasswords for 127.0.0.1.
prepare()
{
	mkdir control
	echo mx.me.test >control/me
	FACTEUR_HOME=$PWD
	export FACTEUR_HOME
	printf 'Subject: test\n\nhello\n' >message
	printf '%s\n' "127.0.0.1 $1" >control/smtppasswords
	chmod 600 control/smtppasswords
}

# sent CODE WORD...: the message goes to a server; mx-send exits with CODE
sent()
{
	code=$1
	shift
	rm -f commands
	atf_check -s exit:"$code" -o save:out -e save:log \
	    "$(atf_get_srcdir)/play.py" "$@" -- sh -c 'mx-send -v 127.0.0.1:$PORT a@from.test b@to.test <message'
	! grep -e secret log || atf_fail 'the secret is in the log'
}

# heard LINE...: after EHLO, and before MAIL
heard()
{
	printf '127.0.0.1 %s\n' "$@" >expected
	sed -n '/EHLO/,/MAIL\|QUIT/{/EHLO\|MAIL\|QUIT/!p}' commands >said
	atf_check diff -u expected said
}

plain()
{
	printf "AUTH PLAIN %s" "$(printf "\\0$1\\0$2" | base64 -w0)"
}

atf_test_case says_the_password_that_is_for_the_server
says_the_password_that_is_for_the_server_body()
{
	prepare 'user secret word insecure'
	sent 0 'ehlo=250-x|250 AUTH LOGIN PLAIN' 'auth=235 2.7.0 welcome'
	heard "$(plain user 'secret word')"
	atf_check -o match:'> AUTH PLAIN' cat log
	sent 0 'ehlo=250-x|250 AUTH=LOGIN' 'auth=334 VXNlcm5hbWU6' 'authline=334 UGFzc3dvcmQ6' \
	    'authline=235 ok'
	heard 'AUTH LOGIN' "$(printf user | base64)" "$(printf 'secret word' | base64)"
	# it asks with words that are no base64
	sent 0 'ehlo=250-x|250 AUTH LOGIN' 'auth=334 User?' 'authline=334' 'authline=235 ok'
	echo '127.0.0.2 user secret insecure' >control/smtppasswords
	sent 0 'ehlo=250-x|250 AUTH LOGIN PLAIN'
	atf_check -s exit:1 grep AUTH commands
}

atf_test_case says_a_token_that_another_program_renews
says_a_token_that_another_program_renews_body()
{
	prepare 'user token:token insecure'
	sent 111 'ehlo=250-x|250 AUTH XOAUTH2'
	atf_check -o match:'no token in token' cat out
	echo secret1 >token
	sent 0 'ehlo=250-x|250 AUTH PLAIN XOAUTH2' 'auth=235 ok'
	heard "AUTH XOAUTH2 $(printf 'user=user\001auth=Bearer secret1\001\001' | base64 -w0)"
	echo secret2 >token
	sent 111 'ehlo=250-x|250 AUTH XOAUTH2 OAUTHBEARER' \
	    "auth=334 $(printf '{"status":"invalid_token"}' | base64 -w0)" 'authline=535 5.7.8 no'
	atf_check -o match:'AUTH OAUTHBEARER ' cat commands
	atf_check -o match:'127.0.0.1 AQ==' cat commands
	atf_check -o match:'event=alert .*invalid_token' cat log
	printf 'secret 3' >token
	sent 111 'ehlo=250-x|250 AUTH XOAUTH2'
	atf_check -o match:'no token in token' cat out
}

atf_test_case no_password_goes_in_clear_text_unless_it_may
no_password_goes_in_clear_text_unless_it_may_body()
{
	prepare 'user secret'
	sent 111 'ehlo=250-x|250 AUTH LOGIN PLAIN'
	atf_check -o match:'^Z 4.7.4 .*no TLS as the password in control/smtppasswords wants it' cat out
	atf_check -s exit:1 grep -e AUTH -e MAIL commands
}

atf_test_case a_password_that_is_refused_is_not_now
a_password_that_is_refused_is_not_now_body()
{
	prepare 'user secret insecure'
	sent 111 'ehlo=250-x|250 AUTH LOGIN PLAIN' 'auth=535 5.7.8 wrong'
	atf_check -o match:'^Z 4.7.8 .*127.0.0.1\[127.0.0.1\] said: 535 5.7.8 wrong' cat out
	atf_check -o match:'event=alert host=127.0.0.1.* reply="535 5.7.8 wrong"' cat log
	# it is not said again in another way: accounts are locked for that
	atf_check -o inline:'1\n' grep -c AUTH commands
	sent 111 'ehlo=250-x|250 AUTH PLAIN' 'auth=454 4.7.0 later'
	atf_check -o match:'^Z 4.7.0' cat out
	atf_check -s exit:1 grep event=alert log
	sent 111 'ehlo=250-x|250 AUTH PLAIN' 'auth=DROP'
	atf_check -o match:'^Z 4.4.2' cat out
	sent 111 'ehlo=250-x|250 AUTH PLAIN' 'auth=421 bye'
	atf_check -o match:'^Z 4.' cat out
}

atf_test_case another_mechanism_is_tried_when_one_is_not_wanted
another_mechanism_is_tried_when_one_is_not_wanted_body()
{
	prepare 'user secret insecure'
	sent 0 'ehlo=250-x|250 AUTH SCRAM-SHA-256 PLAIN LOGIN' 'auth=504 5.5.4 what' 'auth=534 5.7.9 weak' \
	    'auth=334 ' 'authline=334 ' 'authline=235 ok'
	atf_check -o match:'AUTH SCRAM-SHA-256 ' -o match:'AUTH PLAIN ' -o match:'AUTH LOGIN$' cat commands
	sent 111 'ehlo=250-x|250 AUTH PLAIN' 'auth=504 5.5.4 what'
	atf_check -o match:'^Z 4.5.4' cat out
	sent 111 'ehlo=250-x|250 AUTH CRAM-MD5 GSSAPI'
	atf_check -o match:'^Z 4.7.0 .*no mechanism that it offers can be used: CRAM-MD5 GSSAPI' cat out
	sent 111 'ehlo=250 x'
	atf_check -o match:'^Z 4.7.0 .*it offers no AUTH' cat out
}

atf_test_case a_server_that_does_not_know_the_password_is_left
a_server_that_does_not_know_the_password_is_left_body()
{
	prepare 'user secret insecure'
	sent 111 'ehlo=250-x|250 AUTH SCRAM-SHA-256' 'auth=235 come in'
	atf_check -o match:'^Z 4.7.0 .*it has not shown that it knows the password' cat out
	atf_check -s exit:1 grep MAIL commands
	# a challenge that makes no sense is taken back
	sent 111 'ehlo=250-x|250 AUTH SCRAM-SHA-256' 'auth=334 cj14LHM9eCxpPTE=' 'authline=501 ok'
	atf_check -o match:'127.0.0.1 \*$' cat commands
	sent 111 'ehlo=250-x|250 AUTH PLAIN' 'auth=334 more' 'authline=501 ok'
	atf_check -o match:'^Z 4.7.0 .*it asks too much' cat out
}

atf_test_case passwords_that_others_may_read_are_not_used
passwords_that_others_may_read_are_not_used_body()
{
	prepare 'user secret insecure'
	chmod 644 control/smtppasswords
	sent 111 'ehlo=250-x|250 AUTH PLAIN'
	atf_check -o match:'^Z 4.3.5 .*wrong owner or mode' cat out
	chmod 600 control/smtppasswords
	echo '127.0.0.1 user' >control/smtppasswords
	sent 111 'ehlo=250-x|250 AUTH PLAIN'
	atf_check -o match:'^Z 4.3.5 .*malformed' cat out
}

# Our own server, under TLS: one home for both sides.
atf_test_case binds_a_password_to_the_session_of_tls cleanup
binds_a_password_to_the_session_of_tls_head()
{
	atf_set require.progs "tcpserver s6-ipcserver s6-ipcserver-socketbinder openssl"
}
binds_a_password_to_the_session_of_tls_body()
{
	. "$(atf_get_srcdir)/../tls/setup.sh"
	make_home
	authority ca
	issue peer ca 2 IP:127.0.0.1,DNS:mx.test
	rm -r home/tls/mx.test && mv peer home/tls/mx.test
	echo "$PWD/ca/cert.pem" >home/control/cafile
	mkdir home/users home/mail
	echo example.test | tee home/control/domains >home/control/defaultdomain
	owner=65534:65534
	[ "$(id -u)" = 0 ] || owner=$(id -u):$(id -g)
	echo "$owner" >home/control/mailuser
	atf_check -e ignore mail-compile
	echo secret | atf_check -e ignore mail-user add joe@example.test
	serve
	mkfifo begun
	s6-ipcserver -1 -a 0600 home/run/auth.sock auth-check -s >begun 2>auth.log &
	echo $! >>pids
	read -r _ <begun
	listen smtp-recv -u sh -c 'cat >got; cat <&1 >/dev/null'
	printf 'Subject: test\n\nhello\n' >message
	echo "127.0.0.1:$port joe@example.test secret" >home/control/smtppasswords
	chmod 600 home/control/smtppasswords
	atf_check -o match:'^K .*verified=pkix' -e save:said \
	    mx-send -v "127.0.0.1:$port" joe@example.test b@far.test <message
	atf_check -o match:'^> AUTH SCRAM-SHA-256-PLUS' -o match:'^< 235 ' -o match:'^> BDAT ' cat said
	atf_check -o match:hello cat home/got
	echo "127.0.0.1:$port joe@example.test wrong" >home/control/smtppasswords
	atf_check -s exit:111 -o match:'^Z 4.7.8 .* said: 535' -e ignore \
	    mx-send "127.0.0.1:$port" joe@example.test b@far.test <message
	# nothing is said to whom another authority proves
	authority other
	echo "$PWD/other/cert.pem" >home/control/cafile
	atf_check -s exit:111 -o match:'^Z 4.7.[0-9]* .*certificate-not-trusted' -e save:said \
	    mx-send -v "127.0.0.1:$port" joe@example.test b@far.test <message
	atf_check -s exit:1 grep -e AUTH -e MAIL said
}
binds_a_password_to_the_session_of_tls_cleanup()
{
	[ ! -s pids ] || kill $(cat pids) 2>/dev/null || :
}

atf_init_test_cases()
{
	atf_add_test_case binds_a_password_to_the_session_of_tls
	atf_add_test_case says_the_password_that_is_for_the_server
	atf_add_test_case says_a_token_that_another_program_renews
	atf_add_test_case no_password_goes_in_clear_text_unless_it_may
	atf_add_test_case a_password_that_is_refused_is_not_now
	atf_add_test_case another_mechanism_is_tried_when_one_is_not_wanted
	atf_add_test_case a_server_that_does_not_know_the_password_is_left
	atf_add_test_case passwords_that_others_may_read_are_not_used
}
