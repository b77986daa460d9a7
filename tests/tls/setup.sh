# setup.sh: a home with TLS, for the tests of all that uses it.  Everything stands in the working
# directory.
. "$(atf_get_srcdir)/../lib/until.sh"

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

ec='-newkey ec -pkeyopt ec_paramgen_curve:prime256v1'

# authority NAME: a private one in the folder NAME
authority()
{
	mkdir "$1"
	openssl req -x509 -nodes -days 3 $ec -subj "/CN=$1" -keyout "$1/key.pem" -out "$1/cert.pem" \
	    2>certify.log || atf_fail "unable to make an authority"
}

# issue FOLDER AUTHORITY DAYS NAMES [SUBJECT]: a certificate, with the authority's after it
issue()
{
	mkdir "$1"
	openssl req -new -nodes $ec -subj "/CN=${5:-server}" -keyout "$1/key.pem" -out "$1/request" \
	    2>>certify.log || atf_fail "unable to make a key"
	echo "${4:+subjectAltName=$4}" >"$1/extensions"
	openssl x509 -req -in "$1/request" -CA "$2/cert.pem" -CAkey "$2/key.pem" -days "$3" \
	    -extfile "$1/extensions" -out "$1/cert.pem" 2>>certify.log ||
		atf_fail "unable to make a certificate"
	cat "$2/cert.pem" >>"$1/cert.pem"
}

# digest FOLDER WHAT [DIGEST]: of the certificate (0) or its key (1), in hexadecimal
digest()
{
	if [ "$2" = 0 ]; then
		openssl x509 -in "$1/cert.pem" -outform DER
	else
		openssl x509 -in "$1/cert.pem" -noout -pubkey | openssl pkey -pubin -outform DER
	fi 2>/dev/null | openssl dgst "-${3:-sha256}" -r | cut -d ' ' -f 1
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
