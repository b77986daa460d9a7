# The DNS: what the world sees of us, against what mail-setup -d prints.

# ask TYPE NAME: its records, one a line; returns 1 when there are none, 111 without an answer
ask()
{
	# shellcheck disable=SC2086
	"$bin/dns-ask" $servers -s 5 "$@" 2>/dev/null
}

check_dns()
{
	"$bin/mail-setup" -d ${address:+-i "$address"} "$home" >"$work/zone" 2>"$work/said" || {
		broken "mail-setup -d: $(cat "$work/said")" 'mend that first'
		return
	}
	silent=
	grep -v -e '^;' -e '^$' "$work/zone" | sort -u >"$work/records"
	while read -r name _ type data; do
		[ -z "$silent" ] || break
		compare "${name%.}" "$type" "$data"
	done <"$work/records"
	grep '^; .* needs A and AAAA' "$work/zone" >/dev/null &&
		warning 'the address at which the world finds us is not known, so it was not compared' \
		    'name it: mail-check -i ADDRESS'
}

# compare NAME TYPE DATA: is it in the DNS?
compare()
{
	seen=$(ask "$2" "$1")
	case $? in
	0 | 1) ;;
	*) silent=1
		broken "the DNS does not answer for $1" 'see "resolver": mail-check resolver'
		return ;;
	esac
	case $2 in
	TXT) compare_text "$1" "$3" ;;
	TLSA) compare_tlsa "$1" "$3" ;;
	CNAME) [ -n "$seen" ] || [ -n "$(ask A "$1")$(ask AAAA "$1")" ] ||
		warning "$1 is not in the DNS" "publish: $1. IN CNAME $3" ;;
	*) printf '%s\n' "$seen" | sed 's/\.$//' | grep -Fxqi -- "${3%.}" || missing "$@" ;;
	esac
}

missing()
{
	words="$1 has no $2 record \"$3\"${seen:+, but \"$(printf %s "$seen" | tr '\n' '|')\"}"
	case $2 in
	A | AAAA | MX) broken "$words" "publish: $1. IN $2 $3" ;;
	PTR) warning "$words" "ask whoever gave you the address to publish it: many servers refuse mail without" ;;
	*) warning "$words" "publish: $1. IN $2 $3" ;;
	esac
}

spf_permits='^[+?]?((a|mx|ptr|all)$|(a|mx)[:/]|ptr:|ip[46]:|include:|exists:|redirect=)' # RFC 7208, 4.6.1

# A record of the same kind may say something else on purpose; two, or none, are a mistake.
compare_text()
{
	tag=$(printf %s "$2" | sed 's/^"//; s/[ ;"].*//')
	count=$(printf '%s\n' "$seen" | grep -ci -- "^$tag")
	if [ "$count" = 0 ]; then
		warning "$1 has no TXT record that begins with $tag" "publish: $1. IN TXT $2"
	elif [ "$count" -gt 1 ]; then
		broken "$1 has $count TXT records that begin with $tag: none of them counts" 'leave one of them'
	elif [ "$tag" = v=DKIM1 ] && [ "\"$(printf '%s\n' "$seen" | tr -d ' ')\"" != "$(printf %s "$2" | tr -d ' ' | sed 's/""//g')" ]; then
		broken "$1 has another key than ours: signatures fail" "publish: $1. IN TXT $2"
	elif [ "$tag" = v=spf1 ] && ! printf '%s\n' "$seen" | tr A-Z a-z | tr ' "' '[\n*]' | grep -Eq "$spf_permits"; then
		broken "$1 has an SPF record that permits nobody to send: \"$seen\"" "publish: $1. IN TXT $2"
	elif [ "$tag" = v=STSv1 ] && ! printf '%s\n' "$seen" | grep -Fq -- "$(printf %s "$2" | tr -d '"')"; then
		warning "$1 has not the id of the policy that we serve: \"$seen\"" "publish: $1. IN TXT $2"
	fi
	[ "$tag" != v=STSv1 ] || [ "$count" = 0 ] || check_policy_host "mta-sts.${1#_mta-sts.}"
}

# check_policy_host NAME: whoever reads the record fetches the policy from there, over TLS: RFC 8461, 3.3
check_policy_host()
{
	[ -x tls ] || return 0
	certificate=tls/$1/cert.pem
	[ -e "$certificate" ] || certificate=tls/$(head -n 1 control/me | tr A-Z a-z)/cert.pem
	openssl x509 -in "$certificate" -noout -checkhost "$1" 2>/dev/null | grep -q 'does match' ||
		warning "there is no certificate for $1: nobody can fetch the MTA-STS policy that the DNS tells of" \
		    "get one and give it to tls-install, or take the record _$1 out of the DNS"
}

# Without DNSSEC nobody looks at them; but those that are there must be right.
compare_tlsa()
{
	[ -n "$seen" ] || return
	grep " TLSA " "$work/records" | sed 's/.* TLSA *//' >"$work/ours"
	printf '%s\n' "$seen" | grep -Fxqf "$work/ours" ||
		broken "none of the TLSA records of $1 is of a key that we have: servers that check it send us nothing" \
		    "publish: $1. IN TLSA $2"
}

check_resolver()
{
	host=$(head -n 1 control/me)
	ask A "$host" >/dev/null
	if [ $? -gt 1 ]; then
		broken 'no DNS server answers' 'look at control/resolvers or /etc/resolv.conf; mail to others waits until one does'
		return
	fi
	ask -S NS . >/dev/null
	case $? in
	0) ;;
	*) warning 'the DNS server does not validate (DNSSEC), so DANE protects no mail that we send' \
		'run one that does on this machine, unbound for one, and name it in control/resolvers' ;;
	esac
}
