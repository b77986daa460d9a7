# What would become of mail for an address.

# form(domain), for all programs in awk here: in lower case, its A-labels as UTF-8 (RFC 3492), so that
# both forms of a domain are one
form='
	function utf8(c) {
		if (c < 128)
			return sprintf("%c", c)
		if (c < 2048)
			return sprintf("%c%c", 192 + int(c / 64), 128 + c % 64)
		if (c < 65536)
			return sprintf("%c%c%c", 224 + int(c / 4096), 128 + int(c / 64) % 64, 128 + c % 64)
		return sprintf("%c%c%c%c", 240 + int(c / 262144), 128 + int(c / 4096) % 64, \
			128 + int(c / 64) % 64, 128 + c % 64)
	}
	# of a label behind its xn--, or "" when it is none
	function decoded(s,   chars, count, at, i, k, t, w, old, digit, n, bias, delta, out) {
		for (at = length(s); at > 0 && substr(s, at, 1) != "-"; at--)
			;
		for (count = 0; count < at - 1; count++)
			chars[count] = substr(s, count + 1, 1)
		n = 128
		bias = 72
		for (i = 0; at < length(s); i++) {
			old = i
			w = 1
			for (k = 36; ; k += 36) {
				digit = index("abcdefghijklmnopqrstuvwxyz0123456789", substr(s, ++at, 1)) - 1
				if (at > length(s) || digit < 0)
					return ""
				i += digit * w
				t = k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias
				if (digit < t)
					break
				w *= 36 - t
			}
			delta = int((i - old) / (old == 0 ? 700 : 2))
			delta += int(delta / ++count)
			for (k = 0; delta > 455; k += 36)
				delta = int(delta / 35)
			bias = k + int(36 * delta / (delta + 38))
			n += int(i / count)
			if (n > 1114111)
				return ""
			i %= count
			for (k = count - 1; k > i; k--)
				chars[k] = chars[k - 1]
			chars[i] = utf8(n)
		}
		for (k = 0; k < count; k++)
			out = out chars[k]
		return out
	}
	function form(domain,   labels, n, i, out, label) {
		n = split(tolower(domain), labels, ".")
		for (i = 1; i <= n; i++) {
			label = labels[i] ~ /^xn--/ ? decoded(substr(labels[i], 5)) : ""
			out = out (i > 1 ? "." : "") (label == "" ? labels[i] : label)
		}
		return out
	}
	function address_form(s,   at) {
		for (at = length(s); at > 0 && substr(s, at, 1) != "@"; at--)
			;
		return tolower(substr(s, 1, at)) form(substr(s, at + 1))
	}
'

# is_local DOMAIN: is it in control/domains, in whatever form?
is_local()
{
	[ -e control/domains ] || return 1
	domain=$1 awk "$form"'
		form($0) == form(ENVIRON["domain"]) { found = 1 }
		END { exit !found }' control/domains
}

# rows_of ADDRESS: what is known about it in the lists of users: the lines of mail-user list that count
rows_of()
{
	address=$1 awk -F '\t' "$form"'
		{ key = address_form($1); line[key] = line[key] $0 "\n" }
		END {
			base = domain = address = address_form(ENVIRON["address"])
			sub(/\+.*@/, "@", base)
			sub(/.*@/, "@", domain)
			printf "%s", address in line ? line[address] : base in line ? line[base] : line[domain]
		}'
}

# foresee ADDRESS INDENT ABOVE: the way that mail for it would take from the queue on, when it comes by
# the aliases ABOVE.  Returns 0; 100 when it, or one of its targets, is refused or goes round, 111 when
# that is not known.
foresee()
{
	address=$1
	case $address in
	*@*) ;;
	*) address=$address@$(head -n 1 control/defaultdomain) ;;
	esac
	address=$(printf '%s\n' "$address" | tr A-Z a-z)
	if ! is_local "${address##*@}"; then
		route=$(mx-route "$address")
		verdict=$?
		[ -n "$route" ] || defer 'mx-route gave no answer'
		printf '%s\n' "$route" | sed "s/^/$2/"
		return $verdict
	fi
	rows=$(printf '%s\n' "$users" | rows_of "$address")
	tab=$(printf '\t')
	case $rows in
	'') echo "$2$address: there is no such mailbox: 550 5.1.1"; return 100 ;;
	*"${tab}alias$tab"*) foresee_alias "$2" "$3" ;;
	*) echo "$2$address: local-deliver, into the mailbox ${rows%%"$tab"*}" ;;
	esac
}

# foresee_alias INDENT ABOVE: the same for $address, which is an alias by the first of $rows
foresee_alias()
{
	key=${rows%%"$tab"*}
	echo "$1$address: local-deliver, by the alias $key, to:"
	case "$2 " in
	*" $key "*) echo "$1  and so on: a loop"; return 100 ;;
	esac
	case $rows in
	*"${tab}mailbox$tab"*) copy=$key ;;
	*) copy= ;;
	esac
	printf '%s\n' "$rows" | sed "1s/.*$tab//;1s/, /\n/g;q" | {
		verdict=0
		while read -r target; do
			if [ "$target" = "$copy" ]; then
				echo "$1  $target: local-deliver, into the mailbox $copy"
				continue
			fi
			# apart from us: it has the same variables
			(foresee "$target" "$1  " "$2 $key") || verdict=$?
		done
		exit $verdict
	}
}

# tell_foresight ADDRESS [CLIENT]
tell_foresight()
{
	[ ! -e control/domains ] || [ -r control/domains ] || defer "unable to read $home/control/domains"
	users=$(mail-user list) || defer 'unable to read the lists of users'
	[ $# -eq 1 ] || ask_policy "$@" || exit
	foresee "$1" '' ''
}

# What relay-check says to the client about the recipient
ask_policy()
{
	reply=$(printf 'mail <> \nrcpt %s\n' "$1" | TCPREMOTEIP=$2 relay-check | tail -n 1)
	case $reply in
	K*) echo "smtp-recv takes it from $2" ;;
	?4*) echo "smtp-recv takes it from $2 later: ${reply#?}"; return 111 ;;
	?*) echo "smtp-recv refuses it from $2: ${reply#?}"; return 100 ;;
	'') defer 'relay-check gave no answer: does the system run?' ;;
	esac
}
