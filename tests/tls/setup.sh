# setup.sh: a home with TLS, for the tests of all that uses it.  Everything stands in the working
# directory.

FACTEUR_HOME=$PWD/home
export FACTEUR_HOME

# certify NAME [FOLDER]: make a key and a certificate in tls/NAME, or for NAME in tls/FOLDER
certify()
{
	rm -rf new
	mkdir new
	openssl req -x509 -nodes -days 2 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 \
	    -subj "/CN=$1" -addext "subjectAltName=DNS:$1" -keyout new/key.pem -out new/cert.pem \
	    2>certify.log || atf_fail "unable to make a certificate"
	chmod 600 new/key.pem
	rm -rf "home/tls/${2:-$1}"
	mv new "home/tls/${2:-$1}"
}

make_home()
{
	mkdir -p home/control home/run home/queue home/tls/tickets
	echo mx.test >home/control/me
	certify mx.test
}

# serve [MOST]: tls.sock, logging to wrap.log
serve()
{
	[ -p ready ] || mkfifo ready
	s6-ipcserver-socketbinder -a 0600 home/run/tls.sock tls-wrap -l "${1:-50}" >ready 2>>wrap.log &
	echo $! >>pids
	read -r _ <ready
}

# listen PROGRAM...: launch it per connection, logging to server.log.  Sets port.
listen()
{
	[ -p port ] || mkfifo port
	tcpserver -1 -HRDl0 127.0.0.1 0 "$@" >port 2>>server.log &
	echo $! >>pids
	read -r port <port
}

stop()
{
	[ ! -s pids ] || kill $(cat pids) 2>/dev/null
	rm -f pids
}

# await COMMAND...: until it succeeds, 20 seconds at most
await()
{
	i=0
	until "$@"; do
		[ $((i += 1)) -le 200 ] || return 1
		sleep 0.1
	done
}

# subject_for NAME: of the certificate that a client gets who asks for NAME, or none
subject_for()
{
	name="-servername $1"
	[ -n "$1" ] || name=-noservername
	timeout 20 openssl s_client -connect "127.0.0.1:$port" $name </dev/null 2>/dev/null | openssl x509 -noout -subject
}

network_head()
{
	atf_set require.progs "tcpserver s6-ipcserver s6-ipcserver-socketbinder openssl python3 $*"
}
