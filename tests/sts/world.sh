# A DNS and a web server for the policies of to.test, and whom they are certified by.

# begin: a home, the authority, the servers; to.test has a record with the id 1
begin()
{
	[ -x /usr/sbin/dnsmasq ] || atf_skip "no dnsmasq-base"
	mkdir -p control run state/sts
	FACTEUR_HOME=$PWD
	export FACTEUR_HOME
	echo mx.me.test >control/me
	certify >log.openssl 2>&1 || atf_fail "$(cat log.openssl)"
	echo "$PWD/authority.pem" >control/cafile
	tell_how_to_ask
	begin_web
	record to.test 'v=STSv1; id=1'
}

key='-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'

certify()
{
	for name in authority other; do
		openssl req -x509 $key -days 2 -subj "/CN=$name" -keyout $name.key -out $name.pem || return
	done
	echo 'subjectAltName=DNS:mta-sts.to.test,DNS:mta-sts.new.test,DNS:mta-sts.many.test,IP:127.0.0.1' >extensions
	openssl req $key -subj /CN=web -keyout web.key -out web.csr &&
	    openssl x509 -req -in web.csr -CA authority.pem -CAkey authority.key -days 2 \
		-extfile extensions -out web.pem
}

begin_web()
{
	rm -f port
	"$(atf_get_srcdir)/web.py" web.pem web.key port &
	echo $! >web.pid
	until_true '[ -s port ]'
	cp port control/stsport
}

end_web()
{
	kill "$(cat web.pid)" && rm web.pid
}

# record DOMAIN TEXT...: the TXT records of the domain's policy; every name has an address
record()
{
	[ ! -s dns.pid ] || kill "$(cat dns.pid)"
	domain=$1
	shift
	for text in "$@"; do
		echo "txt-record=_mta-sts.$domain,$text"
	done >"record.$domain"
	cat record.* >dns.options
	[ ! -e more.options ] || cat more.options >>dns.options
	echo 'txt-record=_mta-sts.other.test,v=STSv1; id=1' >>dns.options
	dns_tries=0
	until serve_dns; do
		dns_tries=$((dns_tries + 1))
		[ $dns_tries -lt 10 ] || atf_fail "no DNS: $(cat dns.log)"
	done
}

# serve_dns_socket: the service at run/dns.sock, as far as dnsmasq knows
serve_dns_socket()
{
	mkfifo dns.ready
	s6-ipcserver-socketbinder run/dns.sock dns-serve -l 10 >dns.ready 2>log.dns &
	echo $! >socket.pid
	read -r _ <dns.ready
}

serve_dns()
{
	dns_port=$(python3 -c 'import socket
s = socket.socket(type=socket.SOCK_DGRAM)
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])')
	: >dns.log # the shell of the background may come to it later
	/usr/sbin/dnsmasq -k -C dns.options -p "$dns_port" --listen-address=127.0.0.1 --bind-interfaces \
	    --no-resolv --no-hosts --local=/test/ --address=/mta-sts.to.test/mta-sts.new.test/127.0.0.1 \
	    --address=/mta-sts.many.test/mta-sts.other.test/127.0.0.1 \
	    --pid-file --user= --log-facility=- >dns.log 2>&1 &
	echo $! >dns.pid
	until_true "grep -q started dns.log || ! kill -0 $!"
	kill -0 "$(cat dns.pid)" 2>/dev/null || return 1
	echo "127.0.0.1:$dns_port" >control/resolvers
}

policy_text()
{
	printf 'version: STSv1\nmode: %s\nmx: %s\nmax_age: 86400\n' "$@"
}

# policy MODE MX: what the web server gives
policy()
{
	{ echo '200 text/plain; charset=utf-8'; policy_text "$@"; } >web.new
	mv web.new web
}

# serve: the service at run/sts.sock
serve()
{
	s6-ipcserver-socketbinder run/sts.sock sts-fetch -l 100 -r 1 2>log.sts &
	echo $! >sts.pid
	until_true 'grep -q event=begun log.sts'
}

# tell_how_to_ask: make "ask BYTES", which says them to the service, and shows what it answers
tell_how_to_ask()
{
	cat >ask <<-'END'
	#!/usr/bin/python3
	import socket, sys
	s = socket.socket(socket.AF_UNIX)
	s.connect("run/sts.sock")
	s.sendall(sys.argv[1].encode())
	data = b""
	while True:
	    try:
	        more = s.recv(65536)
	    except ConnectionResetError:
	        break
	    if not more:
	        break
	    data += more
	    size, colon, rest = data.partition(b":")
	    if colon and len(rest) > int(size):
	        break
	sys.stdout.buffer.write(data.partition(b":")[2].rstrip(b","))
	END
	chmod +x ask
}

end()
{
	for pid in dns.pid web.pid sts.pid socket.pid; do
		[ ! -s $pid ] || kill "$(cat $pid)" 2>/dev/null
	done
	: # who has ended before is no failure
}
