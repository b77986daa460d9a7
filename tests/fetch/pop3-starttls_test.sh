#! /usr/bin/env atf-sh
# STLS and pop3s, from real clients to a maildir.

PATH=$(atf_get_srcdir)/../../bin:$PATH
. "$(atf_get_srcdir)/../tls/setup.sh"

# A home with a mailbox, one message in it, tls.sock and pop3.sock
begin()
{
	mkdir -p home/users home/mail
	chmod 755 home
	make_home
	echo example.test >home/control/domains
	echo example.test >home/control/defaultdomain
	owner=65534:65534
	[ "$(id -u)" = 0 ] || owner=$(id -u):$(id -g)
	echo "$owner" >home/control/mailuser
	atf_check -o ignore -e ignore mail-compile
	echo secret | atf_check -o ignore -e ignore mail-user add joe@example.test
	printf 'Subject: one\n\nhello\n' >"home/mail/example.test/joe/Maildir/new/1.a.b"
	chown "$owner" home/mail/example.test/joe/Maildir/new/1.a.b
	serve
	mkfifo ready2
	s6-ipcserver -1 -a 0600 home/run/pop3.sock auth-check -s pop3-serve Maildir \
	    >ready2 2>auth.log &
	echo $! >>pids
	read -r _ <ready2
}

test_case()
{
	atf_test_case "$1" cleanup
	eval "$1_head() { network_head $2; }; $1_cleanup() { stop; }"
}

test_case python_reads_mail_after_stls
python_reads_mail_after_stls_body()
{
	begin
	listen pop3-login
	cat >dialogue.py <<-'EOF'
		import poplib, ssl, sys
		context = ssl.create_default_context()
		context.check_hostname = False
		context.verify_mode = ssl.CERT_NONE
		p = poplib.POP3("127.0.0.1", int(sys.argv[1]), timeout=20)
		print("STLS" in p.capa())
		p.user("somebody@else.test")
		p.stls(context)
		print("STLS" in p.capa())
		try:
		    p.pass_("secret")
		except poplib.error_proto as e:
		    print(e)
		p.user("joe@example.test")
		p.pass_("secret")
		print(p.stat()[0], p.retr(1)[1][-1])
		p.quit()
	EOF
	atf_check -o inline:"True\nFalse\nb'-ERR USER comes first'\n1 b'hello'\n" \
	    timeout 60 /usr/bin/python3 dialogue.py "$port"
}

test_case curl_reads_mail_over_tls_from_the_start curl
curl_reads_mail_over_tls_from_the_start_body()
{
	begin
	listen pop3-login -t
	atf_check -o match:'Subject: one' timeout 60 curl -sk --user joe@example.test:secret \
	    "pop3s://127.0.0.1:$port/1"
	stop
	grep 'event=login user=joe@example.test client=127.0.0.1' server.log || atf_fail "not logged"
}

test_case curl_reads_mail_after_stls curl
curl_reads_mail_after_stls_body()
{
	begin
	listen pop3-login
	atf_check -o match:'Subject: one' timeout 60 curl -sk --ssl-reqd \
	    --user joe@example.test:secret "pop3://127.0.0.1:$port/1"
}

# CVE-2011-0411
test_case what_was_sent_too_early_is_not_obeyed
what_was_sent_too_early_is_not_obeyed_body()
{
	begin
	listen pop3-login
	cat >dialogue.py <<-'EOF'
		import socket, ssl, sys
		context = ssl.create_default_context()
		context.check_hostname = False
		context.verify_mode = ssl.CERT_NONE
		s = socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=20)
		s.recv(100)
		s.sendall(b"STLS\r\nUSER injected\r\nQUIT\r\n")
		s.recv(100)
		t = context.wrap_socket(s)
		t.sendall(b"PASS x\r\n")
		print(t.recv(1000))
	EOF
	atf_check -o inline:"b'-ERR USER comes first\\\\r\\\\n'\n" \
	    timeout 60 /usr/bin/python3 dialogue.py "$port"
}

test_case says_when_there_is_no_tls
says_when_there_is_no_tls_body()
{
	mkdir -p home/run
	printf '%s\r\n' CAPA STLS QUIT | atf_check -o save:out pop3-login
	atf_check -o not-match:'^STLS' -o match:'^-ERR \[SYS/TEMP\] TLS' cat out
	: >home/run/tls.sock
	printf '%s\r\n' CAPA STLS NOOP QUIT | atf_check -o save:out -e match:event=notls pop3-login
	atf_check -o match:'^STLS' -o match:'^-ERR \[SYS/TEMP\] TLS' -o match:'^.OK good bye' cat out
	printf '%s\r\n' 'USER joe' QUIT | UCSPITLS=! atf_check -o save:out pop3-login
	atf_check -o match:'^-ERR say STLS first' cat out
}

atf_init_test_cases()
{
	for name in python_reads_mail_after_stls curl_reads_mail_over_tls_from_the_start \
	    curl_reads_mail_after_stls what_was_sent_too_early_is_not_obeyed \
	    says_when_there_is_no_tls; do
		atf_add_test_case $name
	done
}
