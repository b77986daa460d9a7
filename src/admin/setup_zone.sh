# The DNS records that a home needs, as a fragment of a zone file.

# record NAME TYPE DATA: a line of it
record()
{
	printf '%-45s IN %-5s %s\n' "$1." "$2" "$3"
}

# text NAME STRING: a TXT record
text()
{
	record "$1" TXT "\"$2\""
}

# is_public ADDRESS: may the world know it?  RFC 6890
is_public()
{
	case $1 in
	0 | 0.* | 10.* | 127.* | 169.254.* | 192.168.* | 172.1[6-9].* | 172.2[0-9].* | 172.3[01].* | \
		100.6[4-9].* | 100.[7-9]?.* | 100.1[01]?.* | 100.12[0-7].* | \
		:: | ::1 | fe[89abAB]?:* | [fF][cdCD]??:*) return 1 ;;
	esac
}

# addresses: those at which the world finds us, one a line: -i, or what smtp listens on, or those that
# this machine has
addresses()
{
	heard=$(head -n 1 service/smtp/env/IP 2>/dev/null)
	if [ "$ip" != 0 ]; then
		echo "$ip"
	elif [ "${heard:-0}" != 0 ]; then
		echo "$heard"
	else
		hostname -I 2>/dev/null | tr ' ' '\n'
	fi | while read -r address; do
		{ [ "$ip" != 0 ] || is_public "$address"; } && echo "$address"
	done
}

address_records()
{
	found=
	for address in $(addresses); do
		found=1
		case $address in
		*:*) record "$host" AAAA "$address" ;;
		*) record "$host" A "$address" ;;
		esac
		echo "; whoever gave you the address publishes:"
		record "$("$bin/dns-ask" -n "$address")" PTR "$host."
	done
	[ -n "$found" ] || echo "; $host needs A and AAAA, and its addresses PTR: name one by -i"
}

# Keys are told by their hash, not certificates: a renewed certificate with the same key needs no new
# record (RFC 7671, 5.1).
tlsa_records()
{
	for file in "tls/$host"/cert*.pem; do
		[ -r "$file" ] || continue
		hash=$(openssl x509 -in "$file" -noout -pubkey 2>/dev/null |
			openssl pkey -pubin -outform DER 2>/dev/null | openssl dgst -sha256 -r | cut -d ' ' -f 1)
		record "_25._tcp.$host" TLSA "3 1 1 $hash"
	done
}

# A record is one line here.
dkim_records()
{
	[ -x "$bin/dkim-key" ] && [ -d "dkim/$1" ] || return 0
	shown=$(FACTEUR_HOME=$home "$bin/dkim-key" show "$1") || defer "unable to show the keys of $1"
	printf '%s\n' "$shown" | awk '/^;/ { print; next } { printf "%s", $0 } / \)$/ { print "" }' |
		sed -e 's/ ( "/ "/' -e 's/" )$/"/' -e 's/"	"/" "/g'
}

host_records()
{
	echo "; the host"
	address_records
	text "$host" 'v=spf1 a -all'
	dkim_records "$host"
	[ "$(port smtp 25)" = 25 ] ||
		echo "; other servers send to port 25, and our service smtp listens on $(port smtp 25)"
	echo "; only where the zone is signed (DNSSEC): else they say nothing"
	tlsa_records
}

domain_records()
{
	echo
	echo "; $1"
	[ "$2" = "$host" ] || record "$2" MX "10 $host."
	[ "$2" = "$host" ] || text "$2" 'v=spf1 mx -all'
	dkim_records "$1"
	text "_dmarc.$2" "v=DMARC1; p=none; rua=mailto:postmaster@$2"
	text "_smtp._tls.$2" "v=TLSRPTv1; rua=mailto:postmaster@$2"
	web_records "$1" "$2"
	for service in submissions:465 submission:587 pop3s:995 pop3:110; do
		name=${service%:*}
		[ ! -d "service/$name" ] ||
			record "_$name._tcp.$2" SRV "0 1 $(port "$name" "${service#*:}") $host."
	done
}

# ascii NAME: as the DNS has it
ascii()
{
	"$bin/dns-ask" -a "$1" || exit
}

# hosted: the domains of the home, one a line
hosted()
{
	sed -e '/^#/d' -e 's/[ 	]*$//' -e 's/\.$//' -e '/^$/d' control/domains | tr A-Z a-z
}

# Print all of it.  The working directory is the home.
print_zone()
{
	[ -r control/me ] && [ -r control/domains ] || refuse "$home is no home of a mail system"
	host=$(ascii "$(head -n 1 control/me | tr A-Z a-z)") || exit
	host_records
	hosted | while read -r domain; do
		name=$(ascii "$domain") || exit
		domain_records "$domain" "$name"
	done || exit
}
