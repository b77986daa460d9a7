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
	silent='' host=$(head -n 1 control/me | tr A-Z a-z)
	grep -v -e '^;' -e '^$' "$work/zone" | sort -u >"$work/records"
	while read -r name _ type data; do
		[ -z "$silent" ] || break
		compare "${name%.}" "$type" "$data"
	done <"$work/records"
	[ -n "$silent" ] || check_permission
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
	CNAME) compare_name "$1" "$3" ;;
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

# is_ours: is one of the addresses seen one of this host?
is_ours()
{
	{
		ask A "$host"
		ask AAAA "$host"
	} >"$work/addresses"
	printf '%s\n' "$seen" | grep -Fxqf "$work/addresses"
}

# compare_name NAME HOST: it leads somewhere; and whoever comes to us finds a certificate for it
compare_name()
{
	[ -n "$seen" ] || seen=$(ask A "$1")$(ask AAAA "$1")
	if [ -z "$seen" ]; then
		warning "$1 is not in the DNS" "publish: $1. IN CNAME $2"
	elif [ "${seen%.}" = "${2%.}" ] || is_ours; then
		case $1 in
		mta-sts.*) ;; # as its policy's host
		*) has_certificate "$1" ||
			warning "there is no certificate for $1: mail programs that look there for our settings get none" \
			    "get one and give it to tls-install, or take $1 out of the DNS" ;;
		esac
	fi
}

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
	elif [ "$tag" = v=STSv1 ] && ! printf '%s\n' "$seen" | grep -Fq -- "$(printf %s "$2" | tr -d '"')"; then
		warning "$1 has not the id of the policy that we serve: \"$seen\"" "publish: $1. IN TXT $2"
	fi
	[ "$tag" != v=STSv1 ] || [ "$count" = 0 ] || check_policy_host "mta-sts.${1#_mta-sts.}"
}

# has_certificate NAME: also when that can't be seen
has_certificate()
{
	[ -x tls ] || return 0
	certificate=tls/$1/cert.pem
	[ -e "$certificate" ] || certificate=tls/$host/cert.pem
	openssl x509 -in "$certificate" -noout -checkhost "$1" 2>/dev/null | grep -q 'does match'
}

# check_policy_host NAME: whoever reads the record fetches the policy from there, over TLS: RFC 8461, 3.3
check_policy_host()
{
	has_certificate "$1" ||
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

# serve_dns: dns-serve for spf-check, in a home of its own, asking the servers that we ask
serve_dns()
{
	mkdir -p "$work/spf/control" "$work/spf/run" && cp control/me "$work/spf/control" || return 1
	if [ -n "$servers" ]; then
		printf '%s\n' "$servers" | tr ' ' '\n' | grep -v -e '^-r$' -e '^$' >"$work/spf/control/resolvers"
	elif [ -e control/resolvers ]; then
		cp control/resolvers "$work/spf/control"
	fi
	chmod 711 "$work" && chmod -R a+rX "$work/spf"
	(
		[ "$(id -u)" != 0 ] || ! id facteur-dns >/dev/null 2>&1 ||
			set -- s6-applyuidgid -u "$(id -u facteur-dns)" -g "$(id -g facteur-dns)" -G ''
		cd "$work/spf" && FACTEUR_HOME=$work/spf exec s6-ipcserver-socketbinder -a 0600 -b 100 run/dns.sock \
			"$@" "$(program dns-serve "$@")" -l 10
	) >"$work/spf/ready" 2>/dev/null &
	server=$!
	# as long as it lives: a busy machine needs time for it
	tries=0
	until [ -s "$work/spf/ready" ]; do
		tries=$((tries + 1))
		[ "$tries" -lt 300 ] && kill -0 "$server" 2>/dev/null || return 1
		sleep 0.1
	done
}

stop_dns()
{
	[ -z "$server" ] || kill "$server" 2>/dev/null
	wait
	server=
}

# permits: does the SPF of $domain permit $ip to send its mail?
permits()
{
	FACTEUR_HOME=$work/spf "$bin/spf-check" -t "$ip" "postmaster@$domain" "$host" >"$work/permission" 2>/dev/null </dev/null
	result=$(head -n 1 "$work/permission")
	case $result in
	pass | none) ;; # without a record it has been said
	temperror | '') warning "SPF of $domain can't be evaluated: the DNS does not answer in time" 'try it again' ;;
	neutral) warning "SPF of $domain says nothing of mail from $ip, which is our address" \
		"publish a record that ends with -all, after what permits $ip" ;;
	permerror) broken "SPF of $domain is in error: $(sed -n 2p "$work/permission")" 'publish what mail-setup -d prints' ;;
	*) broken "SPF of $domain forbids ($result) $ip, our address, to send its mail" \
		'publish what mail-setup -d prints, or permit the address in your record' ;;
	esac
}

# check_permission: does the SPF of our domains and our host permit the addresses that we have?
check_permission()
{
	# what goes by way of another host is for that one's addresses
	! grep -q '^[*]*:.' control/smtproutes 2>/dev/null || return 0
	serve_dns || {
		stop_dns
		warning 'SPF was not evaluated: dns-serve does not run' "run it by hand: $bin/dns-serve -h"
		return
	}
	sed -n "s/^$host\\. *IN *A\(AAA\)* *//p" "$work/records" >"$work/ips"
	sed -n 's/^\([^ ]*\)\. *IN *TXT *"v=spf1.*/\1/p' "$work/records" | while read -r domain; do
		while read -r ip; do
			permits
		done <"$work/ips"
	done
	stop_dns
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
