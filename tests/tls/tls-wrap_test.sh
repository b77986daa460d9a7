#! /usr/bin/env atf-sh
# tls-wrap behind run/tls.sock, asked by tls-front for openssl's client and python's.

PATH=$(atf_get_srcdir)/../../bin:$PATH
. "$(atf_get_srcdir)/setup.sh"
. "$(atf_get_srcdir)/../lib/sanitizer.sh"

talk="timeout 60 /usr/bin/python3 $(atf_get_srcdir)/talk.py"

# begin PROGRAM...: a home, tls.sock and the program behind TLS
begin()
{
	make_home
	serve
	listen tls-front "$@"
}

# logged PATTERN: has tls-wrap said so?
logged()
{
	grep -Eq "$1" wrap.log
}

test_case()
{
	atf_test_case "$1" cleanup
	eval "$1_head() { network_head; }; $1_cleanup() { stop; }"
}

test_case speaks_tls_1_2_and_1_3_only
speaks_tls_1_2_and_1_3_only_body()
{
	begin sh -c 'echo $TLS_VERSION'
	for version in 1_2 1_3; do
		atf_check -o match:"^TLSv1.${version#1_}\$" -e ignore timeout 20 \
		    openssl s_client -connect 127.0.0.1:$port -tls$version -quiet </dev/null
	done
	for version in 1 1_1; do
		atf_check -s exit:1 -o ignore -e match:'alert protocol version' timeout 20 \
		    openssl s_client -connect 127.0.0.1:$port -tls$version \
		    -cipher DEFAULT@SECLEVEL=0 </dev/null
	done
	await logged 'event=failed client=127.0.0.1 reason="unsupported protocol"' ||
		atf_fail "no reason in the log"
}

# client_gets CODE OPTION...: the handshake ends so
client_gets()
{
	code=$1
	shift
	atf_check -s exit:$code -o save:heard -e ignore timeout 20 \
	    openssl s_client -connect "127.0.0.1:$port" "$@" </dev/null
}

test_case takes_versions_and_ciphers_as_control_says
takes_versions_and_ciphers_as_control_says_body()
{
	begin sh -c 'echo $TLS_VERSION'
	echo 1.3 >home/control/tlsmin
	client_gets 1 -tls1_2
	client_gets 0 -tls1_3
	echo 1.0 >home/control/tlsmin
	client_gets 0 -tls1 -cipher DEFAULT@SECLEVEL=0
	echo ECDHE-ECDSA-AES256-GCM-SHA384 >home/control/tlsciphers
	client_gets 1 -tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256
	client_gets 0 -tls1_2
	atf_check -o ignore grep ECDHE-ECDSA-AES256-GCM-SHA384 heard
	# what is not understood leaves the default
	echo new >home/control/tlsmin
	echo none >home/control/tlsciphers
	client_gets 1 -tls1 -cipher DEFAULT@SECLEVEL=0
	client_gets 0 -tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256
	await logged 'what="unable to understand" object=control/tlsmin' || atf_fail 'tlsmin is not named'
	await logged 'what="unable to understand" object=control/tlsciphers' || atf_fail 'tlsciphers is not named'
}

test_case serves_rsa_beside_ec
serves_rsa_beside_ec_body()
{
	begin sh -c 'echo $TLS_VERSION'
	client_gets 1 -tls1_2 -cipher aRSA
	openssl req -x509 -nodes -days 2 -newkey rsa:2048 -subj /CN=mx.test \
	    -addext subjectAltName=DNS:mx.test -keyout home/tls/mx.test/key-rsa.pem \
	    -out home/tls/mx.test/cert-rsa.pem 2>certify.log || atf_fail 'unable to make a certificate'
	chmod 600 home/tls/mx.test/key-rsa.pem
	client_gets 0 -tls1_2 -cipher aRSA
	atf_check -o match:'rsaEncryption' openssl x509 -noout -text -in heard
	client_gets 0 -tls1_2 -cipher aECDSA
	atf_check -o match:'id-ecPublicKey' openssl x509 -noout -text -in heard
	client_gets 0 -tls1_3
	# one that does not fit is not to harm the other
	openssl genrsa -out home/tls/mx.test/key-rsa.pem 2048 2>certify.log
	client_gets 0 -tls1_2 -cipher aECDSA
}

test_case tells_when_there_is_no_certificate
tells_when_there_is_no_certificate_body()
{
	mkdir -p home/state/tls
	begin true
	atf_check test ! -e home/state/tls/unusable
	mv home/tls/mx.test/cert.pem kept
	await test -e home/state/tls/unusable || atf_fail 'it is not told'
	printf 'EHLO c\r\nSTARTTLS\r\nQUIT\r\n' >in
	atf_check -o save:out -e ignore smtp-recv true <in
	atf_check -o match:'^454 4.7.0' -o not-match:'^250.STARTTLS' cat out
	printf 'CAPA\r\nSTLS\r\nQUIT\r\n' >in
	atf_check -o match:'^-ERR .SYS/TEMP. TLS' -o not-match:'^STLS' -e ignore pop3-login <in
	mv kept home/tls/mx.test/cert.pem
	await test ! -e home/state/tls/unusable || atf_fail 'it is told for ever'
	printf 'EHLO c\r\nQUIT\r\n' >in
	atf_check -o match:'^250.STARTTLS' -e ignore smtp-recv true <in
}

test_case gives_no_tickets_when_asked_not_to
gives_no_tickets_when_asked_not_to_body()
{
	make_home
	serve
	listen smtp-recv true
	smtp_session()
	{
		timeout 20 openssl s_client -connect "127.0.0.1:$port" -starttls smtp "$@" <<-EOF
			QUIT
		EOF
	}
	smtp_session -tls1_2 >heard 2>&1
	atf_check -s exit:1 grep 'session ticket:' heard
	atf_check -s exit:0 -o ignore grep 'Cipher is ECDHE' heard
	kill $(tail -n 1 pids)
	rm port
	listen smtp-recv -u true
	smtp_session -tls1_2 >heard 2>&1
	atf_check -o ignore grep 'session ticket:' heard
}

# RFC 5746 made it safe, but nobody needs it, and each costs us a handshake.
test_case refuses_to_renegotiate
refuses_to_renegotiate_body()
{
	begin sh -c 'while read -r line; do echo "heard $line"; done'
	mkfifo keys
	timeout 20 openssl s_client -connect "127.0.0.1:$port" -tls1_2 <keys >said 2>error &
	exec 7>keys
	echo hello >&7
	await grep -q 'heard hello' said || atf_fail "no TLS"
	echo R >&7
	wait $!
	exec 7>&-
	atf_check -o match:RENEGOTIATING cat said error
	atf_check -o match:'no renegotiation' cat error
	atf_check -s exit:1 grep 'heard R' said
	await logged event=closed || atf_fail "the session goes on"
}

test_case each_connection_has_a_process_of_its_own
each_connection_has_a_process_of_its_own_body()
{
	make_home
	serve 2
	listen tls-front sh -c 'read -r line; echo "heard $line"'
	server=$(head -n 1 pids)
	children() { cat "/proc/$server/task/$server/children"; }
	mkfifo first second
	$talk type "$port" <first >said.1 &
	exec 6>first
	await test -n "$(await grep -q up said.1; children)" || atf_fail "no process"
	one=$(children)
	$talk type "$port" <second >said.2 &
	exec 7>second
	await grep -q up said.2 || atf_fail "no second connection"
	atf_check_equal 2 "$(children | wc -w)"
	# a third one waits until there is room
	$talk type "$port" </dev/null >said.3 &
	kill -9 $one
	await grep -q up said.3 || atf_fail "no third connection"
	echo hello >&7
	await grep -q 'heard hello' said.2 || atf_fail "the other one has suffered"
	exec 6>&- 7>&-
	wait_for_none() { [ -z "$(children)" ]; }
	await wait_for_none || atf_fail "processes are left: $(children)"
	kill -0 "$server" || atf_fail "the server has ended"
}

# As root: who else could look into a process that has a key.
atf_test_case no_process_has_the_words_of_another cleanup
no_process_has_the_words_of_another_head()
{
	network_head
	atf_set require.user root
}
no_process_has_the_words_of_another_body()
{
	skip_sanitized tls-wrap
	cat >memory.py <<-'EOF'
		import sys
		found = 0
		for line in open("/proc/%s/maps" % sys.argv[1]):
		    f = line.split()
		    if f[1].startswith("rw") and "[v" not in line:
		        start, end = (int(x, 16) for x in f[0].split("-"))
		        with open("/proc/%s/mem" % sys.argv[1], "rb") as memory:
		            memory.seek(start)
		            found += memory.read(end - start).count(sys.argv[2].encode())
		print(found > 0)
	EOF
	begin sh -c 'read -r line; echo "$line" >heard; read -r line'
	server=$(head -n 1 pids)
	children() { cat "/proc/$server/task/$server/children"; }
	mkfifo first second third
	$talk type "$port" <first >said.1 &
	exec 6>first
	await grep -q up said.1 || atf_fail "no first connection"
	one=$(echo $(children))
	$talk type "$port" <second >said.2 &
	exec 7>second
	await grep -q up said.2 || atf_fail "no second connection"
	two=$(children | tr ' ' '\n' | grep -v -x -e "$one" -e '')
	echo xyzzy-plugh >&6
	await grep -q xyzzy heard || atf_fail "nothing is heard"
	$talk type "$port" <third >said.3 &
	exec 8>third
	await grep -q up said.3 || atf_fail "no third connection"
	three=$(children | tr ' ' '\n' | grep -v -x -e "$one" -e "$two" -e '')
	atf_check -o inline:'True\n' /usr/bin/python3 memory.py "$one" xyzzy-plugh
	for process in "$server" "$two" "$three"; do
		atf_check -o inline:'False\n' /usr/bin/python3 memory.py "$process" xyzzy-plugh
	done
	exec 6>&- 7>&- 8>&-
}
no_process_has_the_words_of_another_cleanup()
{
	stop
}

test_case serves_one_connection_by_another_super_server
serves_one_connection_by_another_super_server_body()
{
	make_home
	mkfifo ready
	s6-ipcserver -1 -a 0600 -c 50 home/run/tls.sock tls-wrap >ready 2>wrap.log &
	echo $! >>pids
	read -r _ <ready
	listen tls-front echo hello
	atf_check -o inline:'hello\nclose_notify\n' $talk say "$port"
}

test_case wants_forward_secrecy
wants_forward_secrecy_body()
{
	begin true
	atf_check -s exit:1 -o ignore -e match:'handshake failure' timeout 20 \
	    openssl s_client -connect 127.0.0.1:$port -tls1_2 -cipher kRSA </dev/null
}

test_case chooses_the_certificate_by_name
chooses_the_certificate_by_name_body()
{
	begin true
	certify other.test
	certify '*.wild.test' _.wild.test
	certify exact.wild.test
	for pair in other.test:other.test OTHER.test:other.test a.wild.test:'*.wild.test' \
	    exact.wild.test:exact.wild.test a.b.wild.test:mx.test wild.test:mx.test \
	    mx.test:mx.test unknown.test:mx.test tickets:mx.test; do
		atf_check_equal "subject=CN = ${pair#*:}" "$(subject_for "${pair%%:*}")"
	done
	atf_check_equal "subject=CN = mx.test" "$(subject_for "")"
	for name in ../tls/other.test .. ./other.test _.wild.test/. ; do
		atf_check_equal "subject=CN = mx.test" "$(subject_for "$name")"
	done
}

test_case a_renewed_certificate_needs_no_restart
a_renewed_certificate_needs_no_restart_body()
{
	begin true
	atf_check_equal "subject=CN = mx.test" "$(subject_for mx.test)"
	certify renewed.test mx.test
	atf_check_equal "subject=CN = renewed.test" "$(subject_for mx.test)"
}

test_case waits_while_a_certificate_is_being_renewed
waits_while_a_certificate_is_being_renewed_body()
{
	begin true
	mv home/tls/mx.test/key.pem old.pem
	certify mx.test new.test
	mv home/tls/new.test/key.pem key.pem
	mv old.pem home/tls/mx.test/key.pem
	mv home/tls/new.test/cert.pem home/tls/mx.test/cert.pem
	(sleep 0.2; mv key.pem home/tls/mx.test/key.pem) &
	atf_check_equal "subject=CN = mx.test" "$(subject_for mx.test)"
}

test_case says_what_is_wrong_with_a_certificate
says_what_is_wrong_with_a_certificate_body()
{
	make_home
	certify mx.test new.test
	mv home/tls/new.test/key.pem home/tls/mx.test/key.pem
	serve
	listen tls-front true
	atf_check_equal "" "$(subject_for mx.test 2>/dev/null)"
	await logged 'event=fault what="certificate and key do not fit" object=tls/mx.test' ||
		atf_fail "not logged"
	rm -r home/tls/mx.test
	atf_check_equal "" "$(subject_for mx.test 2>/dev/null)"
	await logged 'event=fault what="no certificate" object=mx.test' || atf_fail "not logged"
	await grep -q 'reason="no certificate"' server.log || atf_fail "tls-front was not told"
}

# What was good once is better than no TLS.
test_case goes_on_with_the_last_good_certificate
goes_on_with_the_last_good_certificate_body()
{
	mkdir -p home/state/tls
	begin true
	certify other.test
	certify renewed.test new.test
	fault='event=fault what="certificate and key do not fit" object=tls/mx.test/cert.pem'
	cp home/tls/other.test/key.pem home/tls/mx.test/key.pem
	atf_check_equal "subject=CN = mx.test" "$(subject_for mx.test)"
	await logged "$fault" || atf_fail "not logged"
	atf_check_equal "subject=CN = mx.test" "$(subject_for mx.test)"
	echo nonsense >home/tls/mx.test/cert.pem
	atf_check_equal "subject=CN = mx.test" "$(subject_for '')"
	rm home/tls/mx.test/key.pem
	await logged 'event=fault what="unable to read" object=tls/mx.test/key.pem' ||
		atf_fail "not logged"
	atf_check_equal "subject=CN = mx.test" "$(subject_for '')"
	atf_check test ! -e home/state/tls/unusable
	[ "$(grep -c "$fault" wrap.log)" -le 2 ] || atf_fail "it is logged again and again"
	cp home/tls/new.test/key.pem home/tls/new.test/cert.pem home/tls/mx.test
	atf_check_equal "subject=CN = renewed.test" "$(subject_for '')"
	await logged 'event=renewed file=tls/mx.test/cert.pem' || atf_fail "not logged"
	atf_check_equal "subject=CN = renewed.test" "$(subject_for '')"
}

# More names than are kept ready.
test_case serves_any_number_of_names
serves_any_number_of_names_body()
{
	make_home
	certify last.test
	for i in $(seq 150); do
		cp -R home/tls/last.test "home/tls/n$i.test"
	done
	certify zz.test
	serve
	listen tls-front true
	atf_check_equal "subject=CN = mx.test" "$(subject_for '')"
	for name in n1 n75 n150; do
		atf_check_equal "subject=CN = last.test" "$(subject_for $name.test)"
	done
	certify new.test n75.test
	atf_check_equal "subject=CN = new.test" "$(subject_for n75.test)"
	echo zz.test >home/control/me
	atf_check_equal "subject=CN = zz.test" "$(subject_for '')"
	rm -r home/tls/n*.test home/tls/last.test
	atf_check_equal "subject=CN = zz.test" "$(subject_for n75.test)"
}

# Who changes control/me goes on with the old certificate until there is a new one.
test_case goes_on_with_the_old_certificate_under_a_new_name
goes_on_with_the_old_certificate_under_a_new_name_body()
{
	mkdir -p home/state/tls
	begin true
	mkdir home/tls/a.test
	echo new.test >home/control/me
	atf_check_equal "subject=CN = mx.test" "$(subject_for mx.test)"
	atf_check_equal "subject=CN = mx.test" "$(subject_for new.test)"
	atf_check_equal "subject=CN = mx.test" "$(subject_for '')"
	mv home/tls/mx.test old
	await test -e home/state/tls/unusable || atf_fail 'it is not told'
	mv old home/tls/mx.test
	await test ! -e home/state/tls/unusable || atf_fail 'it is told for ever'
	certify new.test
	atf_check_equal "subject=CN = new.test" "$(subject_for '')"
}

test_case warns_of_a_key_that_others_can_read
warns_of_a_key_that_others_can_read_body()
{
	begin true
	chmod 644 home/tls/mx.test/key.pem
	atf_check_equal "subject=CN = mx.test" "$(subject_for mx.test)"
	await logged 'event=exposed file=tls/mx.test/key.pem' || atf_fail "not logged"
}

test_case resumes_a_session_in_another_process
resumes_a_session_in_another_process_body()
{
	begin sh -c 'echo "resumed ${TLS_RESUMED:-0}"'
	atf_check -o inline:'resumed 0 False\nresumed 1 True\n' $talk resume "$port"
	atf_check -o inline:'resumed 0 False\nresumed 1 True\n' $talk resume "$port" TLSv1_2
	atf_check -o inline:'80 600\n' stat -c '%s %a' home/tls/tickets/current
	atf_check test ! -e home/tls/tickets/previous
}

test_case replaces_the_key_of_the_tickets_when_it_is_old
replaces_the_key_of_the_tickets_when_it_is_old_body()
{
	begin true
	atf_check_equal "subject=CN = mx.test" "$(subject_for mx.test)"
	cp home/tls/tickets/current first
	atf_check_equal "subject=CN = mx.test" "$(subject_for mx.test)"
	atf_check cmp first home/tls/tickets/current
	touch -d '13 hours ago' home/tls/tickets/current
	atf_check_equal "subject=CN = mx.test" "$(subject_for mx.test)"
	atf_check cmp first home/tls/tickets/previous
	atf_check -s exit:1 -o ignore cmp first home/tls/tickets/current
	touch -d '25 hours ago' home/tls/tickets/current
	atf_check_equal "subject=CN = mx.test" "$(subject_for mx.test)"
	atf_check test ! -e home/tls/tickets/previous
}

test_case tells_which_openssl_it_has
tells_which_openssl_it_has_body()
{
	make_home
	serve
	await logged '^at=tls-wrap event=begun openssl=3[.0-9a-z]*$' || atf_fail 'it does not tell'
}

# Code that is written to is not run, and code that is run is not written to.
test_case runs_nothing_that_it_could_have_written
runs_nothing_that_it_could_have_written_body()
{
	skip_sanitized tls-wrap
	begin true
	atf_check_equal "subject=CN = mx.test" "$(subject_for mx.test)"
	server=$(head -n 1 pids)
	[ -r "/proc/$server/maps" ] || atf_skip 'another uid has its maps'
	atf_check -s exit:1 grep ' .wx' "/proc/$server/maps"
	grep -q '^Size: *2048 kB\|^Size: *4096 kB' "/proc/$server/smaps" || atf_skip 'it is linked otherwise'
	# nor is it lost: what it was copied from is gone
	atf_check -s exit:1 grep 'r-xp.*/tls-wrap' "/proc/$server/maps"
}

test_case works_without_tickets
works_without_tickets_body()
{
	begin sh -c 'echo "resumed ${TLS_RESUMED:-0}"'
	rm -r home/tls/tickets
	for version in TLSv1_2 TLSv1_3; do
		atf_check -o inline:'resumed 0 False\nresumed 0 False\n' $talk resume "$port" $version
	done
}

test_case a_silent_client_is_left
a_silent_client_is_left_body()
{
	begin -t 1 true
	atf_check -o inline:'ended\n' $talk silent "$port"
	await logged 'event=failed client=127.0.0.1 reason=timeout' || atf_fail "not logged"
}

test_case plain_text_is_refused
plain_text_is_refused_body()
{
	begin sh -c 'echo started >started'
	$talk plain "$port"
	await logged 'event=failed client=127.0.0.1 reason="not TLS"' || atf_fail "not logged"
	atf_check test ! -e started
}

test_case ends_with_close_notify
ends_with_close_notify_body()
{
	begin echo hello
	atf_check -o inline:'hello\nclose_notify\n' $talk say "$port"
	await logged 'event=closed client=127.0.0.1 in=0 out=6 seconds=[0-9]+ reason=closed' ||
		atf_fail "not logged"
}

test_case notices_a_truncation
notices_a_truncation_body()
{
	begin sh -c 'echo hello; cat >/dev/null; echo ended >ended'
	$talk vanish "$port"
	await test -e ended || atf_fail "the program does not see the end"
	await logged 'event=closed .*reason=truncated' || atf_fail "not logged"
	$talk leave "$port"
	await logged 'event=closed .*reason=closed' || atf_fail "not logged"
}

# GnuTLS closes so: nothing that we say is read any more
test_case ends_when_the_client_has_closed_for_good
ends_when_the_client_has_closed_for_good_body()
{
	begin sh -c 'echo hello; cat; for i in 1 2 3; do echo more; sleep 0.1; done; : >said'
	server=$(head -n 1 pids)
	atf_check $talk slam "$port"
	await logged event=closed || atf_fail "it waits for a client that is gone"
	gone() { [ -z "$(cat "/proc/$server/task/$server/children")" ]; }
	await gone || atf_fail "a process is left"
}

test_case one_side_may_end_before_the_other
one_side_may_end_before_the_other_body()
{
	cat >half.py <<-'EOF'
		import socket
		s = socket.socket(fileno=0)
		s.sendall(b"all\n")
		s.shutdown(socket.SHUT_WR)
		open("heard", "wb").write(s.recv(100))
	EOF
	begin /usr/bin/python3 "$PWD/half.py"
	atf_check -o inline:'all close_notify\n' $talk after_end "$port"
	await test -s heard || atf_fail "nothing came after the end"
	atf_check -o inline:'still here\n' cat heard
}

test_case carries_much_both_ways_at_once
carries_much_both_ways_at_once_body()
{
	begin cat
	atf_check -o inline:'unharmed\n' $talk echo "$port" 8
}

# RFC 9266
test_case both_sides_know_the_channel_binding
both_sides_know_the_channel_binding_body()
{
	begin sh -c 'echo "Binding: $TLS_EXPORTER"'
	atf_check -o save:out -e ignore timeout 20 openssl s_client -connect 127.0.0.1:$port \
	    -tls1_3 -ign_eof -keymatexport EXPORTER-Channel-Binding -keymatexportlen 32 </dev/null
	ours=$(sed -n 's/^Binding: //p' out | tr a-f A-F)
	theirs=$(sed -n 's/^ *Keying material: //p' out)
	[ ${#ours} = 64 ] || atf_fail "no channel binding"
	atf_check_equal "$theirs" "$ours"
}

test_case tells_what_was_agreed
tells_what_was_agreed_body()
{
	begin sh -c 'echo "$TLS_VERSION $TLS_CIPHER $TLS_CIPHER_BITS $TLS_SNI"'
	atf_check -o match:'^TLSv1.3 TLS_[A-Z0-9_]* (128|256) mx.test$' $talk say "$port"
	await logged 'event=handshake client=127.0.0.1 version=TLSv1.3 cipher=TLS_.* sni=mx.test ms=' ||
		atf_fail "not logged"
}

test_case when_it_is_killed_both_sides_end
when_it_is_killed_both_sides_end_body()
{
	begin sh -c 'echo hello; cat >/dev/null; echo ended >ended'
	$talk say "$port" >said &
	talker=$!
	await logged event=handshake || atf_fail "no handshake"
	server=$(head -n 1 pids)
	kill -9 $(cat "/proc/$server/task/$server/children")
	await test -e ended || atf_fail "the program does not see the end"
	wait $talker
	atf_check -s exit:1 grep close_notify said
}

test_case refuses_malformed_requests
refuses_malformed_requests_body()
{
	make_home
	serve
	atf_check -o match:',$' -o match:':Dunknown parameter' \
	    $talk ask with '27:side=server\0verify_it=yes\0\0,'
	atf_check -o match:':Dno descriptor' $talk ask without '12:side=server\0,'
	atf_check -o match:':Dmalformed request' $talk ask with '12:side=server\0;'
	atf_check -o match:':Dmalformed request' $talk ask with '12:side=server\0,QUIT'
	atf_check -o match:':Dmalformed request' $talk ask with '99999:side=server\0,'
	atf_check -o match:':Drequest cut off' $talk ask with '12:side='
	atf_check -o match:':Dno side' $talk ask with '10:timeout=9\0,'
	atf_check -o inline:'\n' $talk ask without ''
}

# As root: one of another uid must be named.
atf_test_case serves_those_only_who_may cleanup
serves_those_only_who_may_head()
{
	network_head setpriv
	atf_set require.user root
}
serves_those_only_who_may_body()
{
	chmod 755 .
	make_home
	mkfifo ready
	s6-ipcserver -1 -a 0666 home/run/tls.sock tls-wrap >ready 2>wrap.log &
	echo $! >>pids
	read -r _ <ready
	nobody=$(id -u nobody)
	other="setpriv --reuid=$nobody --clear-groups --regid=$nobody"
	atf_check -o match:':Dnot one of CLIENT_UIDS' $other /usr/bin/python3 \
	    "$(atf_get_srcdir)/talk.py" ask without '10:timeout=9\0,'
	stop
	CLIENT_UIDS="1 $nobody "
	export CLIENT_UIDS
	s6-ipcserver -1 -a 0666 home/run/tls.sock tls-wrap >ready 2>wrap.log &
	echo $! >>pids
	read -r _ <ready
	atf_check -o match:':Dno descriptor' $other /usr/bin/python3 \
	    "$(atf_get_srcdir)/talk.py" ask without '10:timeout=9\0,'
}
serves_those_only_who_may_cleanup()
{
	stop
}

atf_test_case is_used_without_arguments
is_used_without_arguments_body()
{
	for arguments in x -l '-l 0' '-l x' '-l 1 2' '-l 65537'; do
		atf_check -s exit:111 -e match:'usage: tls-wrap' timeout 20 tls-wrap $arguments </dev/null
	done
	make_home
	atf_check -s exit:111 -o ignore -e match:'unable to serve the socket' timeout 20 tls-wrap -l 5 </dev/null
}

# Their licences do not go together.
atf_test_case has_openssl_alone_and_is_alone_with_it
has_openssl_alone_and_is_alone_with_it_head()
{
	atf_set require.progs nm
}
has_openssl_alone_and_is_alone_with_it_body()
{
	bin=$(atf_get_srcdir)/../../bin
	has_openssl() { nm "$1" 2>/dev/null | grep -qE ' (T|U) SSL_new(@|$)'; }
	has_openssl "$bin/tls-wrap" || atf_fail 'tls-wrap is without it'
	atf_check -s exit:1 sh -c "nm '$bin/tls-wrap' | grep -E ' [TU] (stralloc_|errmsg_|buffer_|die|carp)'"
	for program in "$bin"/*; do
		[ "$(basename "$program")" = tls-wrap ] || ! has_openssl "$program" ||
			atf_fail "$program is linked with OpenSSL"
	done
}

atf_init_test_cases()
{
	for name in ends_when_the_client_has_closed_for_good refuses_to_renegotiate each_connection_has_a_process_of_its_own \
	    serves_one_connection_by_another_super_server speaks_tls_1_2_and_1_3_only wants_forward_secrecy \
	    chooses_the_certificate_by_name a_renewed_certificate_needs_no_restart \
	    waits_while_a_certificate_is_being_renewed says_what_is_wrong_with_a_certificate \
	    goes_on_with_the_last_good_certificate serves_any_number_of_names \
	    warns_of_a_key_that_others_can_read goes_on_with_the_old_certificate_under_a_new_name \
	    resumes_a_session_in_another_process \
	    replaces_the_key_of_the_tickets_when_it_is_old works_without_tickets \
	    a_silent_client_is_left plain_text_is_refused ends_with_close_notify \
	    notices_a_truncation one_side_may_end_before_the_other \
	    carries_much_both_ways_at_once both_sides_know_the_channel_binding \
	    tells_what_was_agreed tells_which_openssl_it_has runs_nothing_that_it_could_have_written when_it_is_killed_both_sides_end refuses_malformed_requests \
	    serves_those_only_who_may no_process_has_the_words_of_another is_used_without_arguments \
	    gives_no_tickets_when_asked_not_to serves_rsa_beside_ec \
	    takes_versions_and_ciphers_as_control_says tells_when_there_is_no_certificate \
	    has_openssl_alone_and_is_alone_with_it; do
		atf_add_test_case $name
	done
}
