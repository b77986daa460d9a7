# A validating DNS server (unbound) for a world of its own, with a signed root: to be sourced.
#
# signed_dns_begin: serve the file zone, records of the root in the form of a zone file, and the
# zones insecure. (not signed), expired. (signatures of the past) and bogus. (another's key), each
# of which has the records of the file of its name, if there is one.  Sets $DNS to ADDRESS:PORT.
# signed_dns_end: end the server.

signed_dns_begin()
{
	PATH=$PATH:/usr/sbin
	command -v unbound >/dev/null && command -v ldns-signzone >/dev/null ||
		atf_skip "no unbound and ldnsutils"
	mkdir dns && (cd dns && signed_dns_make >log 2>&1) || atf_fail "$(cat dns/log)"
	signed_dns_tries=0
	until signed_dns_serve; do
		signed_dns_tries=$((signed_dns_tries + 1))
		[ "$signed_dns_tries" -lt 10 ] || atf_fail "$(cat dns/unbound.log)"
	done
}

signed_dns_end()
{
	[ ! -s dns/pid ] || kill "$(cat dns/pid)" 2>/dev/null
}

signed_dns_zone()
{
	printf '%s 300 IN SOA ns.test. root.test. 1 3600 600 86400 300\n' "$1"
	printf '%s 300 IN NS ns.test.\n' "$1"
}

# signed_dns_key NAME: make a key, and print what its files are called
signed_dns_key()
{
	ldns-keygen -a ECDSAP256SHA256 -k "$1"
}

# In the folder dns: make the zones, sign them, and tell unbound about them.
signed_dns_make()
{
	set -e
	for name in insecure expired bogus; do
		{
			signed_dns_zone $name.
			[ ! -e ../$name ] || cat ../$name
		} >$name
	done
	{
		signed_dns_zone .
		printf '%s. 300 IN NS ns.test.\n' insecure expired bogus
		echo 'ns.test. 300 IN A 127.0.0.1'
		cat ../zone
		key=$(signed_dns_key expired.)
		ldns-signzone -i 20200101000000 -e 20200201000000 -f expired.signed expired "$key"
		ldns-key2ds -n -2 "$key.key"
		ldns-signzone -f bogus.signed bogus "$(signed_dns_key bogus.)"
		ldns-key2ds -n -2 "$(signed_dns_key bogus.).key"
	} >root
	key=$(signed_dns_key .)
	cp "$key.key" anchor
	ldns-signzone -f root.signed root "$key"
	cat >conf <<-END
	server:
		interface: 127.0.0.1@PORT
		port: PORT
		do-daemonize: no
		chroot: ""
		username: ""
		directory: "$PWD"
		pidfile: ""
		use-syslog: no
		module-config: "validator iterator"
		trust-anchor-file: "$PWD/anchor"
		do-not-query-localhost: no
		cache-max-negative-ttl: 0
		local-zone: "test." nodefault
	remote-control:
		control-enable: no
	END
	for zone in .:root.signed insecure.:insecure expired.:expired.signed bogus.:bogus.signed; do
		printf 'auth-zone:\n\tname: "%s"\n\tzonefile: "%s"\n\tfor-downstream: no\n\tfor-upstream: yes\n' \
			"${zone%:*}" "${zone#*:}" >>conf
	done
}

# Returns false when another has taken the port.
signed_dns_serve()
{
	signed_dns_port=$(python3 -c 'import socket
s = socket.socket(type=socket.SOCK_DGRAM)
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])')
	sed "s/PORT/$signed_dns_port/" dns/conf >dns/unbound.conf
	: >dns/unbound.log
	unbound -d -c dns/unbound.conf >dns/unbound.log 2>&1 &
	echo $! >dns/pid
	DNS=127.0.0.1:$signed_dns_port
	for signed_dns_try in 1 2 3 4 5 6 7 8 9 10 20 30 40 50 60 70 80 90 100; do
		! grep -q 'start of service' dns/unbound.log || return 0
		kill -0 "$(cat dns/pid)" 2>/dev/null || return 1
		sleep 0.1
	done
	return 1
}
