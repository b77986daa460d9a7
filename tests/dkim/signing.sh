# signing.sh: a home in which messages are signed, and others to verify them.

home=$PWD/home
export FACTEUR_HOME="$home"

# make_keys DOMAIN: keys as other programs make them, r of RSA and e of Ed25519; their records are in
# records, NAME TEXT a line
make_keys()
{
	mkdir -p home/control home/run "home/dkim/$1"
	openssl genrsa -out "home/dkim/$1/r.key" 2048 2>openssl.err &&
	    openssl genpkey -algorithm ed25519 -out "home/dkim/$1/e.key" ||
		atf_fail "openssl makes no keys"
	{
		printf 'r._domainkey.%s v=DKIM1; k=rsa; p=' "$1"
		openssl rsa -in "home/dkim/$1/r.key" -pubout -outform DER 2>openssl.err | base64 -w 0
		printf '\ne._domainkey.%s v=DKIM1; k=ed25519; p=' "$1"
		openssl pkey -in "home/dkim/$1/e.key" -pubout -outform DER | tail -c 32 | base64 -w 0
		echo
	} >>records
}

# start_service: dkim-serve on run/dkim.sock, its log in log
start_service()
{
	mkdir -p home/control home/run
	rm -f ready && mkfifo ready
	s6-ipcserver-socketbinder home/run/dkim.sock dkim-serve -l 20 >ready 2>>log &
	service=$!
	read -r line <ready
}

stop_service()
{
	kill "$service" 2>/dev/null
	wait "$service" 2>/dev/null || :
}

# prepare: the script sign.  ./sign FILE [SINK...]: hand it to dkim-sign; what it makes of it comes to
# home/signed, unless there is another sink, its report to report
prepare()
{
	mkdir -p home/control home/run
	cat >sign <<-'EOF'
	#!/bin/sh
	printf 'Fa@example.test\0Tb@example.test\0\0' >envelope
	[ ! -e cut ] || printf 'Fa@example.test\0T' >envelope
	message=$1
	shift
	[ $# -gt 0 ] || set -- sh -c 'cat >signed; cat <&1 >enveloped'
	exec dkim-sign "$@" <"$message" 1<envelope 4>report
	EOF
	cat >selectors <<-'EOF'
	#!/bin/sh
	printf 'From: a@example.test\n\ntext\n' >message
	./sign message && sed -n 's/.*; s=\([^;]*\);.*/\1/p' home/signed | tr '\n' ' '
	EOF
	cat >ask <<-'EOF'
	#!/usr/bin/python3
	import socket, sys
	s = socket.socket(socket.AF_UNIX)
	s.settimeout(20)
	s.connect('home/run/dkim.sock')
	try:
	    s.sendall(sys.argv[1].encode())
	    s.shutdown(socket.SHUT_WR)
	    sys.stdout.buffer.write(s.makefile('rb').read())
	except OSError:
	    pass
	EOF
	chmod +x sign selectors ask
}
