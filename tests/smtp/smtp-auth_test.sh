#! /usr/bin/env atf-sh
# AUTH in smtp-recv, with auth-check behind run/auth.sock.

PATH=$(atf_get_srcdir)/../../bin:$PATH
. "$(atf_get_srcdir)/../lib/until.sh"
scram=$(atf_get_srcdir)/scram_client.py

# A home with the mailbox joe@example.test, password secret; auth.sock is answered.
home()
{
	FACTEUR_HOME=$PWD/home
	PATH=$PWD/bin:$PATH
	export FACTEUR_HOME PATH
	unset TLS_VERSION TLS_EXPORTER SSL_PROTOCOL AUTHUSER AUTHMECH TCPREMOTEIP
	mkdir -p home/control home/users home/run home/mail home/queue bin
	echo mx.test >home/control/me
	echo example.test >home/control/domains
	echo example.test >home/control/defaultdomain
	owner=65534:65534
	[ "$(id -u)" = 0 ] || owner=$(id -u):$(id -g)
	echo "$owner" >home/control/mailuser
	atf_check -e ignore mail-compile
	echo secret | atf_check -e ignore mail-user add joe@example.test
	serve_auth auth-check -s
	cat >bin/keep <<-'END'
		#!/bin/sh
		cat >message
		tr '\0' '|' <&1 >envelope
	END
	cat >bin/who <<-'END'
		#!/bin/sh
		while read -r verb rest; do
			echo "$verb ${AUTHUSER-nobody}${AUTHMECH+ $AUTHMECH}" >>asked
			echo K
		done
	END
	chmod +x bin/*
}

# serve_auth PROGRAM...: let it answer run/auth.sock
serve_auth()
{
	rm -f home/run/auth.sock
	mkfifo ready.$$
	s6-ipcserver -1 -a 0600 home/run/auth.sock "$@" >ready.$$ 2>>auth.log &
	echo $! >>pids
	read -r _ <ready.$$
	rm ready.$$
}

stop()
{
	[ ! -e pids ] || kill $(cat pids) 2>/dev/null
	return 0
}

# talk OPTION...: standard input to smtp-recv, with CRLF; "replies" and "log" are what it says
talk()
{
	sed 's/$/\r/' | smtp-recv "$@" keep >raw 2>log || echo "exit $?" >>raw
	tr -d '\r' <raw >replies
}

# plain NAME PASSWORD [AUTHZID]: the message of PLAIN, encoded
plain()
{
	printf '%s\0%s\0%s' "$3" "$1" "$2" | base64 -w 0
}

# after_ehlo: the replies after that to EHLO, without "221 2.0.0 bye"
after_ehlo()
{
	sed '1,/^250 /d;/^221 /d' replies
}

atf_test_case plain_opens_the_way cleanup
plain_opens_the_way_body()
{
	home
	talk -a -p who <<-END
		EHLO c
		AUTH PLAIN $(plain joe secret)
		MAIL FROM:<joe@example.test> AUTH=joe+40example.test
		RCPT TO:<b@c>
		DATA
		.
		QUIT
	END
	atf_check -o inline:'235 2.7.0 authentication succeeded\n' sed -n '/^235/p' replies
	atf_check -o match:'^250-AUTH SCRAM-SHA-256 PLAIN LOGIN$' cat replies
	atf_check -o match:'with ESMTPA id' cat home/message
	atf_check -o match:'^Fjoe@example.test.PAUTH=joe.40example.test.PAUTHUSER=joe@example.test.Tb@c..$' cat home/envelope
	atf_check -o inline:'helo joe@example.test PLAIN\nmail joe@example.test PLAIN\n' head -n 2 home/asked
	atf_check -o match:'event=authenticated client=unknown user=joe@example.test mechanism=PLAIN' cat log
}
plain_opens_the_way_cleanup()
{
	stop
}

atf_test_case a_policy_that_has_begun_begins_anew cleanup
a_policy_that_has_begun_begins_anew_body()
{
	home
	talk -a -p who <<-END
		EHLO c
		MAIL FROM:<a@b>
		RSET
		AUTH PLAIN $(plain joe@example.test secret)
		MAIL FROM:<joe@example.test>
		QUIT
	END
	atf_check -o inline:'helo nobody\nmail nobody\nhelo joe@example.test PLAIN\nmail joe@example.test PLAIN\n' \
	    sh -c 'grep -v done home/asked'
}
a_policy_that_has_begun_begins_anew_cleanup()
{
	stop
}

atf_test_case exchanges_that_succeed cleanup
exchanges_that_succeed_body()
{
	home
	name=$(printf joe | base64) password=$(printf secret | base64)
	while IFS='|' read -r auth next expected; do
		printf '%b\n' "EHLO c\n$auth${next:+\n$next}\nQUIT" | talk -a
		atf_check_equal "$auth $expected" "$auth $(after_ehlo | paste -sd '|')"
	done <<-END
		AUTH PLAIN $(plain joe secret)||235 2.7.0 authentication succeeded
		auth plain $(plain joe secret)||235 2.7.0 authentication succeeded
		AUTH PLAIN $(plain joe secret joe)||235 2.7.0 authentication succeeded
		AUTH PLAIN $(plain joe secret joe@example.test)||235 2.7.0 authentication succeeded
		AUTH PLAIN $(plain joe@example.test secret JOE)||235 2.7.0 authentication succeeded
		AUTH PLAIN $(plain JOE secret '"joe"@EXAMPLE.test')||235 2.7.0 authentication succeeded
		AUTH PLAIN|$(plain JOE@Example.TEST secret)|334 |235 2.7.0 authentication succeeded
		AUTH LOGIN|$name\n$password|334 VXNlcm5hbWU6|334 UGFzc3dvcmQ6|235 2.7.0 authentication succeeded
		AUTH LOGIN $name|$password|334 UGFzc3dvcmQ6|235 2.7.0 authentication succeeded
	END
}
exchanges_that_succeed_cleanup()
{
	stop
}

atf_test_case exchanges_that_fail cleanup
exchanges_that_fail_body()
{
	home
	long=$(head -c 12400 /dev/zero | base64 -w 0)
	fits=$(head -c 8000 /dev/zero | tr '\0' a | base64 -w 0)
	while IFS='|' read -r auth next expected; do
		printf '%b\n' "EHLO c\n$auth${next:+\n$next}\nQUIT" | talk -a
		atf_check_equal "$auth $expected" "$auth $(after_ehlo | cut -c 1-9 | paste -sd '|')"
	done <<-END
		AUTH||501 5.5.4
		AUTH CRAM-MD5||504 5.5.4
		AUTH PLAI||504 5.5.4
		AUTH SCRAM-SHA-256-PLUS||504 5.5.4
		AUTH PLAIN $(plain joe wrong)||535 5.7.8
		AUTH PLAIN $(plain tom secret)||535 5.7.8
		AUTH PLAIN $(plain joe secret tom)||535 5.7.8
		AUTH PLAIN $(plain joe secret joe@other.test)||535 5.7.8
		AUTH PLAIN $(plain joe "$(printf 's%.0s' $(seq 600))")||535 5.7.8
		AUTH PLAIN =||501 5.5.2
		AUTH PLAIN $(printf joe | base64)||501 5.5.2
		AUTH PLAIN $(printf '\0joe\0' | base64)||501 5.5.2
		AUTH PLAIN $(printf '\0\0secret' | base64)||501 5.5.2
		AUTH PLAIN $(printf '\0joe\0secret\0' | base64)||501 5.5.2
		AUTH PLAIN AGpvZQBzZWNyZX==||501 5.5.2
		AUTH PLAIN AGpvZQBzZWNyZXQ||501 5.5.2
		AUTH PLAIN AGpv ZQBzZWNyZXQ=||501 5.5.2
		AUTH PLAIN AGpvZQBz*WNyZXQ=||501 5.5.2
		AUTH PLAIN|*|334 |501 5.7.0
		AUTH PLAIN|!|334 |501 5.5.2
		AUTH LOGIN|*|334 VXNlc|501 5.7.0
		AUTH LOGIN|am9l\n*|334 VXNlc|334 UGFzc|501 5.7.0
		AUTH LOGIN|\n\n|334 VXNlc|334 UGFzc|535 5.7.8|500 5.5.2
		AUTH LOGIN =|$(printf secret | base64)|334 UGFzc|535 5.7.8
		AUTH LOGIN $(printf 'joe\0' | base64)|$(printf secret | base64)|334 UGFzc|501 5.5.2
		AUTH PLAIN|$long|334 |500 5.5.6
		AUTH PLAIN|$fits|334 |501 5.5.2
		AUTH SCRAM-SHA-256 =||535 5.7.8
		AUTH SCRAM-SHA-256 $(printf 'n,,n=joe,r=a\0b' | base64)||501 5.5.2
	END
	atf_check -s exit:1 grep secret log auth.log
}
exchanges_that_fail_cleanup()
{
	stop
}

atf_test_case auth_has_its_time cleanup
auth_has_its_time_body()
{
	home
	printf '%s\n' "AUTH PLAIN $(plain joe secret)" 'HELO c' "AUTH PLAIN $(plain joe secret)" 'EHLO c' \
	    'MAIL FROM:<a@b>' "AUTH PLAIN $(plain joe secret)" RSET "AUTH PLAIN $(plain joe secret)" \
	    'AUTH PLAIN' 'EHLO c' QUIT | talk -a
	atf_check -o inline:'220 503 250 503 250 250 503 250 235 503 250 221 ' \
	    sh -c "sed -n 's/^\\([0-9]*\\) .*/\\1/p' replies | tr '\\n' ' '"
	# who has authenticated is not offered it again
	atf_check_equal 1 "$(grep -c '^250-AUTH' replies)"
}
auth_has_its_time_cleanup()
{
	stop
}

atf_test_case offered_under_tls_only cleanup
offered_under_tls_only_body()
{
	home
	printf '%s\n' 'EHLO c' "AUTH PLAIN $(plain joe secret)" QUIT >script
	talk -u <script
	atf_check -s exit:1 grep AUTH replies
	atf_check -o match:'^538 5.7.11 ' cat replies
	TLS_VERSION=TLSv1.3 talk -u <script
	atf_check -o match:'^250-AUTH SCRAM-SHA-256 PLAIN LOGIN$' cat replies
	atf_check -o match:'^235 ' cat replies
	echo 0 >home/control/channelbinding
	TLS_VERSION=TLSv1.3 TLS_EXPORTER=00ff talk -u <script
	atf_check -o not-match:PLUS -o match:'^250-AUTH SCRAM-SHA-256 PLAIN LOGIN$' cat replies
	rm home/control/channelbinding
	TLS_VERSION=TLSv1.3 TLS_EXPORTER=00ff talk -u <script
	atf_check -o match:'^250-AUTH SCRAM-SHA-256-PLUS SCRAM-SHA-256 PLAIN LOGIN$' cat replies
	# nobody would answer
	rm home/run/auth.sock
	talk -a <script
	atf_check -s exit:1 grep AUTH replies
	atf_check -o match:'^502 5.5.1 ' cat replies
}
# where to begin is STARTTLS, for who must authenticate
atf_test_case who_must_authenticate_begins_tls_first cleanup
who_must_authenticate_begins_tls_first_body()
{
	home
	printf '%s\n' 'EHLO c' 'MAIL FROM:<a@b>' 'RCPT TO:<c@d>' QUIT >script
	talk -u -p 'relay-check -a' <script
	atf_check -o match:'^530 5.7.0 Authentication required' cat replies
	: >home/run/tls.sock
	talk -u -p 'relay-check -a' <script
	atf_check -o match:'^530 5.7.0 say STARTTLS first' -o not-match:Authentication cat replies
	TLS_VERSION=TLSv1.3 talk -u -p 'relay-check -a' <script
	atf_check -o match:'^530 5.7.0 Authentication required' cat replies
	talk -a -p 'relay-check -a' <script
	atf_check -o match:'^530 5.7.0 Authentication required' cat replies
}
who_must_authenticate_begins_tls_first_cleanup()
{
	stop
}

offered_under_tls_only_cleanup()
{
	stop
}

atf_test_case our_trouble_is_454 cleanup
our_trouble_is_454_body()
{
	home
	printf '%s\n' 'EHLO c' "AUTH PLAIN $(plain joe secret)" QUIT >script
	mv home/users/users.cdb kept
	talk -a <script
	atf_check -o match:'^454 4.7.0 ' cat replies
	mv kept home/users/users.cdb
	for program in true 'echo nonsense' 'printf 0:,' 'printf 1:x,' 'printf 2:Zx,'; do
		serve_auth sh -c "$program"
		talk -a <script
		atf_check -o match:'^454 4.7.0 ' cat replies
	done
	stop
	talk -a <script
	atf_check -o match:'^454 4.7.0 ' cat replies
	atf_check -o match:'unable to ask run/auth.sock: ' cat log
}
our_trouble_is_454_cleanup()
{
	stop
}

atf_test_case scram_proves_both_sides cleanup
scram_proves_both_sides_head()
{
	atf_set require.progs python3
}
scram_proves_both_sides_body()
{
	home
	proved='334 \nproved\n235 2.7.0 authentication succeeded\n'
	atf_check -o inline:"334 \n$proved" -e ignore $scram joe secret smtp-recv -a keep
	atf_check -o inline:"334 \n$proved" -e ignore $scram JOE@example.test secret smtp-recv -a keep
	atf_check -o inline:"334 \n334 \n$proved" -e ignore $scram joe secret late smtp-recv -a keep
	atf_check -o inline:"334 \n$proved" -e ignore $scram joe secret authzid=joe smtp-recv -a keep
	# the client knows of channel binding; there is no channel, so nobody hid it
	atf_check -o inline:"334 \n$proved" -e ignore $scram joe secret hidden smtp-recv -a keep
	TLS_EXPORTER=$(printf '0a%.0s' $(seq 32)) TLS_VERSION=TLSv1.3
	export TLS_EXPORTER TLS_VERSION
	atf_check -o inline:"334 \n$proved" -e match:'mechanism=SCRAM-SHA-256-PLUS$' \
	    $scram joe secret plus smtp-recv -u keep
}
scram_proves_both_sides_cleanup()
{
	stop
}

atf_test_case scram_that_proves_nothing cleanup
scram_that_proves_nothing_head()
{
	atf_set require.progs python3
}
scram_that_proves_nothing_body()
{
	home
	TLS_EXPORTER=$(printf '0a%.0s' $(seq 32)) TLS_VERSION=TLSv1.3
	export TLS_EXPORTER TLS_VERSION
	wrong='535 5.7.8 authentication credentials invalid'
	atf_check -o inline:"334 \n$wrong\n" -e ignore $scram joe wrong smtp-recv -u keep
	atf_check -o inline:"334 \n$wrong\n" -e ignore $scram tom secret smtp-recv -u keep
	atf_check -o inline:"334 \n$wrong\n" -e ignore $scram joe secret nonce smtp-recv -u keep
	atf_check -o inline:"334 \n$wrong\n" -e ignore $scram joe secret proof smtp-recv -u keep
	atf_check -o inline:"334 \n$wrong\n" -e ignore $scram joe secret plus channel=00 smtp-recv -u keep
	atf_check -o inline:"334 \n501 5.7.0 authentication cancelled\n" -e ignore \
	    $scram joe secret cancel smtp-recv -u keep
	# refused at once
	for option in hidden authzid=tom 'plus mechanism=SCRAM-SHA-256' mechanism=SCRAM-SHA-256-PLUS \
	    first=x first=p=tls-unique,,n=joe,r=a; do
		atf_check -o inline:'535 \n' -e ignore $scram joe secret $option smtp-recv -u keep
	done
	# who does not exist has a salt, always the same
	for _ in 1 2; do
		printf '%s\n' 'EHLO c' "AUTH SCRAM-SHA-256 $(printf 'n,,n=tom,r=x' | base64)" '*' QUIT | talk -u
		sed -n 's/^334 //p' replies | base64 -d | sed 's/.*,s=/s=/' >>salts
		echo >>salts
	done
	atf_check -o match:'^s=[A-Za-z0-9+/]*=*,i=15000$' sort -u salts
	atf_check_equal 1 "$(sort -u salts | wc -l)"
}
scram_that_proves_nothing_cleanup()
{
	stop
}

# doc/deviations.md, on SASLprep: the same bytes are the same password
atf_test_case passwords_are_bytes cleanup
passwords_are_bytes_head()
{
	atf_set require.progs 'python3'
}
passwords_are_bytes_body()
{
	home
	composed=$(printf 'caf\303\251') decomposed=$(printf 'cafe\314\201')
	echo "$composed" | atf_check -e ignore mail-user add tom@example.test
	printf '%s\n' 'EHLO c' "AUTH PLAIN $(plain tom "$composed")" QUIT >script
	talk -a <script
	atf_check -o match:'^235 ' cat replies
	printf '%s\n' 'EHLO c' "AUTH PLAIN $(plain tom "$decomposed")" QUIT >script
	talk -a <script
	atf_check -o match:'^535 ' cat replies
	atf_check -o match:'^235 ' -e ignore $scram tom "$composed" smtp-recv -a keep
	atf_check -o match:'^535 ' -e ignore $scram tom "$decomposed" smtp-recv -a keep
}
passwords_are_bytes_cleanup()
{
	stop
}

atf_test_case scram_needs_keys_of_everybody cleanup
scram_needs_keys_of_everybody_body()
{
	home
	echo other | atf_check -e ignore mail-user add tom@example.test
	# as an earlier mail-user wrote it
	sed -i '/^tom/s/:SCRAM.*//' home/users/passwords
	atf_check -e match:'no keys for SCRAM, so nobody is offered it' mail-compile
	printf '%s\n' 'EHLO c' "AUTH PLAIN $(plain tom other)" QUIT >script
	talk -a <script
	atf_check -o match:'^250-AUTH PLAIN LOGIN$' cat replies
	atf_check -o match:'^235 ' cat replies
	echo new | atf_check -e ignore mail-user passwd tom@example.test
	printf '%s\n' 'EHLO c' "AUTH PLAIN $(plain tom new)" QUIT >script
	talk -a <script
	atf_check -o match:'^250-AUTH SCRAM-SHA-256 PLAIN LOGIN$' cat replies
	atf_check -o match:'^235 ' cat replies
	atf_check -o match:'^235 ' -e ignore $scram tom new smtp-recv -a keep
	atf_check -o match:'^535 ' -e ignore $scram tom other smtp-recv -a keep
}
scram_needs_keys_of_everybody_cleanup()
{
	stop
}

atf_test_case guesses_end_the_session cleanup
guesses_end_the_session_body()
{
	home
	{
		echo 'EHLO c'
		for _ in 1 2 3 4 5 6; do
			echo "AUTH PLAIN $(plain joe wrong)"
		done
	} | talk -a
	atf_check -o inline:'535 535 535 535 421 ' \
	    sh -c "sed -n '/^5/s/ .*//p;/^421/s/ .*//p' replies | tr '\\n' ' '"
}
guesses_end_the_session_cleanup()
{
	stop
}

atf_test_case bare_lf_of_our_own_is_mended cleanup
bare_lf_of_our_own_is_mended_body()
{
	home
	send()
	{
		printf 'EHLO c\r\n%sMAIL FROM:<joe@example.test>\r\nRCPT TO:<b@c>\r\nDATA\r\na\nb\n.\r\nc\n\r\n.\r\nQUIT\r\n' "$1"
	}
	send '' | smtp-recv -a keep >replies 2>log
	atf_check -o match:'^550 5.6.0 message with a bare LF' cat replies
	for relay in yes listed; do
		rm -f home/message
		case $relay in
		yes) send '' | RELAYCLIENT= smtp-recv -a keep >replies 2>log ;;
		listed)
			echo 192.0.2.7 >home/control/relayclients
			send '' | TCPREMOTEIP=192.0.2.7 smtp-recv -a keep >replies 2>log ;;
		esac
		# a line that a bare LF began is no final dot
		atf_check -o inline:'a\nb\n.\nc\n\n' tail -n 5 home/message
	done
	rm home/message
	send "AUTH PLAIN $(plain joe secret)
" | sed 's/^\(AUTH .*[^\r]\)$/\1\r/' | smtp-recv -a keep >replies 2>log
	atf_check -o inline:'a\nb\n.\nc\n\n' tail -n 5 home/message
	atf_check -o match:'bytes=14 ' cat log
}
bare_lf_of_our_own_is_mended_cleanup()
{
	stop
}

atf_test_case the_client_is_hidden_when_control_says_so cleanup
the_client_is_hidden_when_control_says_so_body()
{
	home
	echo 1 >home/control/hideclient
	printf '%s\n' 'EHLO laptop.home' "AUTH PLAIN $(plain joe secret)" 'MAIL FROM:<joe@example.test>' \
	    'RCPT TO:<b@c>' DATA . QUIT >script
	TCPREMOTEIP=192.0.2.7 TCPREMOTEHOST=home.test talk -a <script
	atf_check -o match:'^Received: by mx.test with ESMTPA id [0-9a-z]*$' head -n 1 home/message
	atf_check -s exit:1 grep -e 192.0.2.7 -e home home/message
	# of strangers all is told
	sed -i /AUTH/d script
	TCPREMOTEIP=192.0.2.7 TCPREMOTEHOST=home.test talk -a <script
	atf_check -o match:'^Received: from laptop.home .home.test .192.0.2.7..$' head -n 1 home/message
}
the_client_is_hidden_when_control_says_so_cleanup()
{
	stop
}

atf_test_case who_is_not_known_vouches_for_nobody cleanup
who_is_not_known_vouches_for_nobody_body()
{
	home
	printf '%s\n' 'EHLO c' 'MAIL FROM:<a@b> AUTH=x@y' 'RCPT TO:<b@c>' DATA . QUIT | talk -a
	atf_check -o inline:'Fa@b|PRET=HDRS|PAUTH=<>|Tb@c||' cat home/envelope
}
who_is_not_known_vouches_for_nobody_cleanup()
{
	stop
}

# the services for the world have no policies that hold users to their rights
atf_test_case only_a_chain_that_asks_for_it_has_auth cleanup
only_a_chain_that_asks_for_it_has_auth_body()
{
	home
	printf '%s\n' 'EHLO c' "AUTH PLAIN $(plain joe secret)" 'MAIL FROM:<boss@elsewhere.test>' QUIT >script
	TLS_VERSION=TLSv1.3 talk -p who <script
	atf_check -o not-match:AUTH -o match:'^502 5.5.1 ' -o not-match:'^235' cat replies
	atf_check -o match:'^mail nobody$' cat home/asked
	TLS_VERSION=TLSv1.3 talk -u -p who <script
	atf_check -o match:'^250-AUTH ' -o match:'^235 ' cat replies
	share=$(atf_get_srcdir)/../../share/service
	for service in smtp submission submissions; do
		sed -n '/^smtp-recv -l "[^"]*"/,$p' "$share/$service/run" | sed 's/-l "[^"]*"//' |
		    tr -s '\\\t\n ' ' ' >$service.options
	done
	atf_check -o match:'^smtp-recv ' -o not-match:' -[ua] ' cat smtp.options
	atf_check -o match:'^smtp-recv -u ' cat submission.options
	atf_check -o match:'^smtp-recv -t -u ' cat submissions.options
}
only_a_chain_that_asks_for_it_has_auth_cleanup()
{
	stop
}

# The password was changed, or the account closed: who came in before shall be out.
atf_test_case a_login_that_was_ended_is_no_more cleanup
a_login_that_was_ended_is_no_more_body()
{
	home
	mkfifo talk
	trap '' PIPE
	for turn in 1 2; do
		: >raw
		TLS_VERSION=TLSv1.3 smtp-recv -u keep <talk >raw 2>log &
		exec 3>talk
		printf 'EHLO c\r\nAUTH PLAIN %s\r\n' "$(plain joe secret)" >&3
		until_true 'grep -q "^235" raw'
		printf 'NOOP\r\n' >&3
		until_true 'grep -q "^250 2.0.0" raw'
		echo secret | atf_check mail-user passwd joe@example.test
		printf 'MAIL FROM:<joe@example.test>\r\nQUIT\r\n' >&3
		exec 3>&-
		wait $! || :
		atf_check -o match:'^421 4.7.0 this login has been ended' -o not-match:'^221' cat raw
		atf_check -o match:'login ended' cat log
	done
	# another's change ends nobody's
	: >raw
	echo other | atf_check -e ignore mail-user add jim@example.test
	TLS_VERSION=TLSv1.3 smtp-recv -u keep <talk >raw 2>log &
	exec 3>talk
	printf 'EHLO c\r\nAUTH PLAIN %s\r\n' "$(plain joe secret)" >&3
	until_true 'grep -q "^235" raw'
	atf_check -e ignore mail-user remove jim@example.test
	printf 'MAIL FROM:<joe@example.test>\r\nQUIT\r\n' >&3
	exec 3>&-
	wait $! || :
	atf_check -o match:'^250 2.1.0' -o match:'^221' cat raw
}
a_login_that_was_ended_is_no_more_cleanup()
{
	stop
}

atf_init_test_cases()
{
	for name in $(sed -n 's/^atf_test_case \([^ ]*\).*/\1/p' "$(atf_get_srcdir)/smtp-auth_test"); do
		atf_add_test_case "$name"
	done
}
