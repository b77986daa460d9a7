#! /usr/bin/env atf-sh
# pop3-login by itself, and the whole way from a real client through tcpserver, pop3-login,
# auth-check and pop3-serve to a maildir.

PATH=$(atf_get_srcdir)/../../bin:$PATH
. "$(atf_get_srcdir)/../lib/until.sh"
FACTEUR_HOME=$PWD/home
TCPREMOTEIP=127.0.0.1
export FACTEUR_HOME TCPREMOTEIP

make_home()
{
	mkdir -p home/control home/users home/run home/mail
	chmod 755 home
	echo mx.example.test >home/control/me
	echo example.test >home/control/domains
	echo example.test >home/control/defaultdomain
	owner=65534:65534
	[ "$(id -u)" = 0 ] || owner=$(id -u):$(id -g)
	echo "$owner" >home/control/mailuser
	atf_check -o ignore -e ignore mail-compile
	echo 'se cret' | atf_check -o ignore -e ignore mail-user add joe@example.test
}

# message NAME: standard input becomes a message of joe's
message()
{
	cat >"home/mail/example.test/joe/Maildir/$1"
	chown "$owner" "home/mail/example.test/joe/Maildir/$1"
}

# serve PROGRAM...: have run/pop3.sock answered by it
serve()
{
	mkfifo ready
	s6-ipcserver -1 -a 0600 home/run/pop3.sock "$@" >ready 2>auth.log &
	echo $! >>pids
	read -r _ <ready
}

# Sets port.
listen()
{
	mkfifo port
	tcpserver -1 -HRDl0 127.0.0.1 0 pop3-login >port 2>login.log &
	echo $! >>pids
	read -r port <port
}

start()
{
	make_home
	serve auth-check -s pop3-serve Maildir
	listen
}

stop()
{
	kill $(cat pids)
}

# A service of so many programs needs all of them.
network_head()
{
	atf_set require.progs "tcpserver s6-ipcserver $*"
}

# talk FILE: say its content to pop3-login and all that follows, save the answers in "out"
cat_to_network='
import socket, sys
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
s.settimeout(20)
s.sendall(open(sys.argv[2], "rb").read())
answers = b""
while True:
    piece = s.recv(65536)
    if not piece:
        break
    answers += piece
sys.stdout.write(answers.decode().replace("\r\n", "\n"))
'

atf_test_case before_login_little_is_allowed
before_login_little_is_allowed_body()
{
	mkdir home
	printf '%s\r\n' NOOP STAT 'LIST' 'PASS x' USER 'USER ' 'APOP a b' 'AUTH PLAIN' foo '' >in
	printf 'US\0ER x\r\nUSER a\rb\r\n%0600d\r\nquit\nCAPA\r\n' 0 >>in
	atf_check -o save:out -e empty pop3-login <in
	atf_check -o inline:"+OK POP3 server ready
-ERR unknown command, or not before you have logged in
-ERR unknown command, or not before you have logged in
-ERR unknown command, or not before you have logged in
-ERR USER comes first
-ERR USER wants a name
-ERR USER wants a name
-ERR unknown command, or not before you have logged in
-ERR unknown command, or not before you have logged in
-ERR unknown command, or not before you have logged in
-ERR unknown command, or not before you have logged in
-ERR there are control characters in the command
-ERR there are control characters in the command
-ERR the command is too long
+OK good bye
" tr -d '\r' <out
}

atf_test_case capa_tells_what_there_is
capa_tells_what_there_is_body()
{
	mkdir home
	printf 'CAPA\r\nQUIT\r\n' >in
	atf_check -o save:out pop3-login <in
	for word in USER TOP UIDL PIPELINING RESP-CODES AUTH-RESP-CODE; do
		atf_check -o ignore grep "^$word.\$" out
	done
}

# Without it a client that has vanished keeps its connection, and later its mailbox.
atf_test_case tcp_looks_whether_the_client_is_there
tcp_looks_whether_the_client_is_there_body()
{
	mkdir home
	for program in pop3-login 'pop3-login -t' 'tls-front pop3-login'; do
		atf_check -o inline:'1\n' -e ignore python3 -c '
import socket, subprocess, sys
listener = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(listener.getsockname())
server, _ = listener.accept()
client.shutdown(socket.SHUT_WR)
subprocess.run(sys.argv[1:], stdin=server, stdout=server, timeout=20)
print(server.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE))
' $program
	done
}

# A client that is not of this machine, unless the admin says that its network is closed.
atf_test_case a_password_in_the_clear_is_not_taken
a_password_in_the_clear_is_not_taken_body()
{
	mkdir -p home/control home/run
	printf '%s\r\n' CAPA 'USER x' 'PASS y' QUIT >in
	TCPREMOTEIP=192.0.2.1
	atf_check -o save:out pop3-login <in
	atf_check -s exit:1 grep -E '^(USER|SASL|STLS)' out
	atf_check -o match:'^-ERR .* TLS only' -o match:'^-ERR USER comes first' \
	    -o match:'^UIDL' cat out
	: >home/run/tls.sock
	atf_check -o save:out pop3-login <in
	atf_check -s exit:1 grep -E '^(USER|SASL)' out
	atf_check -o match:'^STLS' -o match:'^-ERR say STLS first' cat out
	echo 192.0.2.0/24 >home/control/clearclients
	printf '%s\r\n' CAPA 'USER x' QUIT >in
	atf_check -o match:'^USER' -o match:'^.OK now the password' pop3-login <in
	rm home/control/clearclients
	unset TCPREMOTEIP
	atf_check -o match:'^-ERR say STLS first' pop3-login <in
	TLS_VERSION=TLSv1.3 TCPREMOTEIP=192.0.2.1 \
	    atf_check -o match:'^USER' -o match:'^.OK now the password' pop3-login <in
}

atf_test_case nobody_talks_for_ever
nobody_talks_for_ever_body()
{
	mkdir home
	yes CAPA | head -n 1000 >in
	atf_check -s exit:111 -o save:out pop3-login <in
	atf_check -o inline:'100\n' grep -c '^UIDL' out
	atf_check -o inline:'-ERR too many commands\r\n' tail -n 1 out
}

atf_test_case a_silent_client_is_left
a_silent_client_is_left_body()
{
	mkdir -p home/control
	echo 1 >home/control/timeoutpop3
	mkfifo commands
	sh -c 'exec 3>commands; printf "USER joe\r\nPASS" >&3; exec sleep 60' &
	sleeper=$!
	atf_check -s exit:111 -o match:ready sh -c 'pop3-login <commands'
	kill $sleeper
}

# However busy it keeps itself.
atf_test_case who_does_not_log_in_is_left
who_does_not_log_in_is_left_body()
{
	mkdir -p home/control
	echo 2 >home/control/timeoutstranger
	mkfifo commands
	sh -c 'exec >commands; for i in 1 2 3 4 5 6 7 8 9 10 11 12; do printf "CAPA\r\n"; sleep 1; done' &
	talker=$!
	start=$(date +%s)
	atf_check -s exit:111 -o match:UIDL sh -c 'pop3-login <commands'
	[ $(($(date +%s) - start)) -lt 9 ] || atf_fail 'it stayed too long'
	kill $talker 2>/dev/null
	echo soon >home/control/timeoutstranger
	atf_check -s exit:111 -e match:'control/timeoutstranger line 1: .* is not a number' pop3-login </dev/null
}

atf_test_case what_is_wrong_with_us_exits_111
what_is_wrong_with_us_exits_111_body()
{
	atf_check -s exit:111 -e match:'unable to enter ' pop3-login </dev/null
	mkdir -p home/control
	atf_check -s exit:111 -e match:'usage: pop3-login' pop3-login x </dev/null
	echo soon >home/control/timeoutpop3
	atf_check -s exit:111 -e match:'control/timeoutpop3 line 1: .* is not a number' pop3-login </dev/null
}

atf_test_case a_missing_service_is_a_temporary_error
a_missing_service_is_a_temporary_error_body()
{
	mkdir -p home/run
	printf 'USER joe\r\nPASS x\r\nPASS x\r\nQUIT\r\n' >in
	atf_check -o save:out -e save:log pop3-login <in
	atf_check -o inline:'+OK POP3 server ready
+OK now the password
-ERR [SYS/TEMP] unable to check the password now
-ERR USER comes first
+OK good bye
' tr -d '\r' <out
	atf_check -o match:'event=deferred user=joe .*reason="unable to connect to run/pop3.sock"' cat log
}

atf_test_case what_the_service_says_decides cleanup
what_the_service_says_decides_head()
{
	network_head python3
}
what_the_service_says_decides_body()
{
	make_home
	cat >answer <<'END'
#!/bin/sh
# the name asked for, as a file, is the answer
exec cat "$(dd bs=1000 count=1 2>/dev/null | tr '\0' '\n' | sed -n '1s/.*://p')"
END
	chmod 755 answer
	printf '1:D,' >D
	printf '3:Zno,' >Z
	printf '1:X,' >X
	printf 'nonsense' >nonsense
	printf '1:K' >cut
	: >nothing
	serve "$PWD/answer"
	for name in D Z X nonsense cut nothing; do
		printf 'USER %s\r\nPASS x\r\n' "$PWD/$name"
	done >in
	printf 'QUIT\r\n' >>in
	atf_check -o save:out -e ignore pop3-login <in
	refused='-ERR [AUTH] authentication failed'
	deferred='-ERR [SYS/TEMP] unable to check the password now'
	printf '%s\n' "$refused" "$deferred" "$deferred" "$deferred" "$deferred" "$deferred" >expected
	grep ERR out | tr -d '\r' >answers
	atf_check diff expected answers
}
what_the_service_says_decides_cleanup()
{
	stop
}

atf_test_case the_third_wrong_password_ends_the_connection cleanup
the_third_wrong_password_ends_the_connection_head()
{
	network_head python3
}
the_third_wrong_password_ends_the_connection_body()
{
	start
	printf 'USER joe\r\nPASS se cret \r\nUSER tom\r\nPASS se cret\r\n' >in
	printf 'USER joe@example.test\r\nPASS x\r\nUSER joe\r\nPASS se cret\r\nSTAT\r\n' >>in
	atf_check -o save:out python3 -c "$cat_to_network" "$port" in
	atf_check -o inline:'+OK POP3 server ready
+OK now the password
-ERR [AUTH] authentication failed
+OK now the password
-ERR [AUTH] authentication failed
+OK now the password
-ERR [AUTH] authentication failed
' cat out
	atf_check -o match:'at=pop3-login event=refused user=tom client=127.0.0.1' cat login.log
	atf_check -o match:'at=auth-check event=refused client=127.0.0.1 user=tom' cat auth.log
	atf_check -s exit:1 grep cret login.log auth.log
}
the_third_wrong_password_ends_the_connection_cleanup()
{
	stop
}

atf_test_case a_whole_session_can_be_pipelined cleanup
a_whole_session_can_be_pipelined_head()
{
	network_head python3
}
a_whole_session_can_be_pipelined_body()
{
	start
	printf 'a: b\n\n.x\n' | message new/1.a
	printf 'CAPA\r\nUSER joe\r\nPASS se cret\r\nSTAT\r\nRETR 1\r\nDELE 1\r\nQUIT\r\n' >in
	atf_check -o save:out python3 -c "$cat_to_network" "$port" in
	sed -i '2,/^\.$/d' out
	atf_check -o inline:'+OK POP3 server ready
+OK now the password
+OK messages: 1
+OK 1 12
+OK 12 octets
a: b

..x
.
+OK deleted at QUIT
+OK good bye
' cat out
	atf_check ls home/mail/example.test/joe/Maildir/new
	atf_check -o match:'at=pop3-login event=login user=joe client=127.0.0.1' cat login.log
	atf_check -o match:'at=pop3-serve event=retrieved user=joe@example.test client=127.0.0.1' \
	    cat auth.log
}
a_whole_session_can_be_pipelined_cleanup()
{
	stop
}

atf_test_case a_client_may_send_byte_after_byte cleanup
a_client_may_send_byte_after_byte_head()
{
	network_head python3
}
a_client_may_send_byte_after_byte_body()
{
	start
	echo x | message new/1.a
	atf_check -o match:'^\+OK 1 3' python3 -c '
import socket, sys
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
s.settimeout(20)
s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
for byte in b"USER joe\r\nPASS se cret\r\nSTAT\r\nQUIT\r\n":
    s.sendall(bytes([byte]))
for line in s.makefile():
    print(line)
' "$port"
}
a_client_may_send_byte_after_byte_cleanup()
{
	stop
}

atf_test_case a_second_login_is_told_that_the_mailbox_is_in_use cleanup
a_second_login_is_told_that_the_mailbox_is_in_use_head()
{
	network_head python3
}
a_second_login_is_told_that_the_mailbox_is_in_use_body()
{
	start
	echo x | message new/1.a
	atf_check python3 -c '
import poplib, sys
def login():
    client = poplib.POP3("127.0.0.1", int(sys.argv[1]), timeout=20)
    client.user("joe@example.test")
    client.pass_("se cret")
    return client
first = login()
try:
    login()
    sys.exit("two sessions at once")
except poplib.error_proto as error:
    assert b"[IN-USE]" in error.args[0], error
first.dele(1)
first.quit()
for i in range(5):
    assert login().quit().startswith(b"+OK")
second = login()
assert second.stat() == (0, 0)
second.close()
login().close()
login().quit()
' "$port"
}
a_second_login_is_told_that_the_mailbox_is_in_use_cleanup()
{
	stop
}

# The password was changed, or the account closed: who came in before shall be out.
atf_test_case a_login_that_was_ended_is_no_more cleanup
a_login_that_was_ended_is_no_more_head()
{
	network_head python3
}
a_login_that_was_ended_is_no_more_body()
{
	start
	echo x | message new/1.a
	atf_check python3 -c '
import poplib, subprocess, sys
def login(password):
    client = poplib.POP3("127.0.0.1", int(sys.argv[1]), timeout=20)
    client.user("joe@example.test")
    client.pass_(password)
    return client
first = login("se cret")
first.dele(1)
subprocess.run(["mail-user", "passwd", "joe@example.test"], input=b"new\n", check=True)
try:
    first.quit()
    sys.exit("a session outlived its password")
except poplib.error_proto as error:
    assert b"ended" in error.args[0], error
second = login("new")
assert second.stat()[0] == 1
subprocess.run(["mail-user", "quota", "joe@example.test", "1000000"], check=True)
assert second.stat()[0] == 1
subprocess.run(["mail-user", "remove", "joe@example.test"], check=True, stderr=subprocess.DEVNULL)
try:
    second.stat()
    sys.exit("a session outlived its account")
except poplib.error_proto as error:
    assert b"ended" in error.args[0], error
' "$port"
}
a_login_that_was_ended_is_no_more_cleanup()
{
	stop
}

atf_test_case poplib_reads_and_removes cleanup
poplib_reads_and_removes_head()
{
	network_head python3
}
poplib_reads_and_removes_body()
{
	start
	printf 'a: b\n\n.x\n..\n' | message new/1.a
	seq 100000 | message new/2.a
	printf 'a: c' | message cur/3.a:2,S
	atf_check python3 -c '
import poplib, sys
def login():
    client = poplib.POP3("127.0.0.1", int(sys.argv[1]), timeout=20)
    assert "UIDL" in client.capa()
    client.user("joe")
    client.pass_("se cret")
    return client
client = login()
count, octets = client.stat()
assert count == 3
sizes = [int(line.split()[1]) for line in client.list()[1]]
assert sum(sizes) == octets
uids = client.uidl()[1]
for number in 1, 2, 3:
    answer, lines, _ = client.retr(number)
    assert sum(len(line) + 2 for line in lines) == sizes[number - 1]
    assert answer == b"+OK %d octets" % sizes[number - 1]
assert client.retr(1)[1] == [b"a: b", b"", b".x", b".."]
assert len(client.top(2, 0)[1]) == 100000  # there is no empty line in it
assert client.top(1, 1)[1] == [b"a: b", b"", b".x"]
client.dele(2)
client.rset()
client.dele(1)
client.quit()
client = login()
assert [uid.split()[1] for uid in client.uidl()[1]] == [uid.split()[1] for uid in uids[1:]]
client.quit()
' "$port"
	atf_check -o inline:'2.a:2,S\n3.a:2,S\n' ls home/mail/example.test/joe/Maildir/cur
	[ "$(id -u)" != 0 ] || atf_check -o inline:'nobody\n' \
	    stat -c %U home/mail/example.test/joe/Maildir/cur/2.a:2,S
}
poplib_reads_and_removes_cleanup()
{
	stop
}

atf_test_case curl_lists_and_reads cleanup
curl_lists_and_reads_head()
{
	network_head curl
}
curl_lists_and_reads_body()
{
	start
	printf 'a: b\n\n.x\n' | message new/1.a
	atf_check -o inline:'1 12\r\n' curl -s -m 20 -u 'joe:se cret' "pop3://127.0.0.1:$port/"
	atf_check -o inline:'a: b\r\n\r\n.x\r\n' curl -s -m 20 -u 'joe:se cret' "pop3://127.0.0.1:$port/1"
	atf_check -s exit:67 curl -s -m 20 -u 'joe:secret' "pop3://127.0.0.1:$port/1"
}
curl_lists_and_reads_cleanup()
{
	stop
}

atf_test_case mpop_fetches_all cleanup
mpop_fetches_all_head()
{
	network_head mpop
}
mpop_fetches_all_body()
{
	start
	for i in 1 2 3; do printf "Subject: $i\n\n.x\n" | message new/$i.a; done
	mkdir -p got/new got/cur got/tmp
	cat >mpoprc <<END
account default
host 127.0.0.1
port $port
user joe@example.test
password "se cret"
tls off
auth user
delivery maildir $PWD/got
uidls_file $PWD/uidls
keep on
END
	chmod 600 mpoprc
	atf_check -o match:'retrieving' -o match:'3 messages' mpop -C mpoprc
	atf_check -o inline:'3\n' sh -c 'ls got/new | wc -l'
	# known already
	atf_check -o not-match:'retrieving' mpop -C mpoprc
	atf_check -o match:'3 messages' mpop -C mpoprc --keep=off
	atf_check ls home/mail/example.test/joe/Maildir/cur
}
mpop_fetches_all_cleanup()
{
	stop
}

atf_test_case fetchmail_fetches_all cleanup
fetchmail_fetches_all_head()
{
	network_head fetchmail
}
fetchmail_fetches_all_body()
{
	id -un >/dev/null 2>&1 || atf_skip 'fetchmail wants a user who has a name'
	start
	for i in 1 2 3; do printf "From: a@b.test\nSubject: $i\n\n.x\n" | message new/$i.a; done
	cat >fetchmailrc <<END
set no bouncemail
poll 127.0.0.1 service $port protocol pop3 auth password
	user "joe@example.test" password "se cret" sslproto ""
	mda "cat >>$PWD/got; echo >>$PWD/got" fetchall nokeep
END
	chmod 600 fetchmailrc
	atf_check -o match:'reading message' -e ignore env HOME="$PWD" \
	    fetchmail -f fetchmailrc --nodetach --nosyslog --pidfile "$PWD/pid"
	atf_check -o inline:'3\n' grep -c '^Subject: [123]' got
	atf_check -o empty find home/mail/example.test/joe/Maildir/cur home/mail/example.test/joe/Maildir/new -type f
}
fetchmail_fetches_all_cleanup()
{
	stop
}

# As its own peer-limit.
atf_test_case places_are_counted
places_are_counted_body()
{
	mkdir -p home/state/readers
	limits='-p pop3 -d readers -a 1'
	mkfifo end
	pop3-login -l "$limits" <end >held 2>log &
	exec 9>end
	until_true 'grep -q "^+OK" held'
	pop3-login -l "$limits" </dev/null >said 2>log
	atf_check_equal 111 $?
	atf_check -o inline:'-ERR [SYS/TEMP] too many connections from your address\r\n' cat said
	atf_check -o match:'at=peer-limit event=refused code=421 .*client=127.0.0.1' cat log
	pop3-login -l '-q -d readers -a 1' -t </dev/null >said 2>log
	atf_check_equal 111 $?
	atf_check test ! -s said
	exec 9>&-
	wait
	pop3-login -l "$limits" </dev/null >said 2>log
	atf_check -o match:'^.OK' cat said
	pop3-login -l "-p pop3 -a x" </dev/null >said 2>log
	atf_check -o inline:'-ERR [SYS/TEMP] unable to serve you now, try again later\r\n' cat said
	for wrong in -x '-l' '-t x'; do
		atf_check -s exit:111 -e match:'usage: pop3-login' pop3-login $wrong
	done
}

atf_init_test_cases()
{
	for name in $(sed -n 's/^atf_test_case \([^ ]*\).*/\1/p' "$(atf_get_srcdir)/pop3-login_test"); do
		atf_add_test_case "$name"
	done
}
