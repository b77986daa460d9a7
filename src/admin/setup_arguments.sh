# What mail-setup is asked for.

# is_domain NAME: letters, digits, hyphens (and UTF-8) in labels of 63 bytes, RFC 1123, 2.1
is_domain()
{
	printf '%s\n' "$1" | LC_ALL=C awk '
	NR > 1 || $0 == "" || length($0) > 253 { bad = 1 }
	{
		n = split($0, label, ".")
		for (i = 1; i <= n; i++)
			if (label[i] !~ /^[a-zA-Z0-9\200-\377]([-a-zA-Z0-9\200-\377]*[a-zA-Z0-9\200-\377])?$/ ||
			    length(label[i]) > 63)
				bad = 1
	}
	END { exit bad }'
}

is_number()
{
	case $1 in
	'' | *[!0-9]* | ??????*) return 1 ;;
	esac
}

is_address()
{
	case $1 in
	*:*) case $1 in *[!0-9a-fA-F:.]*) return 1 ;; esac ;;
	*) printf '%s\n' "$1" | awk -F . '
		NF != 4 { bad = 1 }
		{ for (i = 1; i <= NF; i++) if ($i !~ /^[0-9]+$/ || $i > 255) bad = 1 }
		END { exit bad }' ;;
	esac
}

# ask QUESTION DEFAULT: on the terminal; sets $answer
ask()
{
	printf '%s [%s]: ' "$1" "$2" >&2
	read -r answer || exit 111
	[ -n "$answer" ] || answer=$2
}

# Who calls it without a word, on a terminal, is asked.
ask_arguments()
{
	ask 'Where shall everything stand?' "$(cd "$bin/.." && pwd)"
	home=$answer
	ask 'For which domains is mail taken (with blanks between)?' "$(hostname -d 2>/dev/null)"
	domains=$(printf '%s\n' "$answer" | tr -s ' ' '\n' | tr A-Z a-z)
	ask 'What is the name of this host, by which others know it?' "$(hostname -f 2>/dev/null)"
	me=$answer
	ask 'On which address shall it listen (0: on all)?' 0
	ip=$answer
	[ "$caller" = 0 ] || {
		as_caller=1
		ask 'You are not root: which number is added to the ports?' 20000
		base=$answer
	}
}

take_options()
{
	as_caller='' ip=0 base=0 me='' is_named='' only=
	while getopts dui:p:m:M:x option; do
		case $option in
		d | x) only=$option ;;
		u) as_caller=1 ;;
		i) ip=$OPTARG ;;
		p) base=$OPTARG ;;
		m) me=$OPTARG ;;
		M) me=$OPTARG is_named=1 ;;
		*) defer "usage: $usage" ;;
		esac
	done
}

# A home that is there needs no word again: whose it is, its name and its domains stand in it.
know_home()
{
	[ -e "$home/control/me" ] || return 0
	[ -n "$is_named" ] || me=$(head -n 1 "$home/control/me")
	[ "$caller" = 0 ] || [ "$(stat -Lc %u "$home/control")" != "$caller" ] || as_caller=1
}

check_arguments()
{
	[ "$ip" != :: ] || ip=0 # tcpserver's word for every address, of either kind
	[ "$ip" = 0 ] || is_address "$ip" || refuse "$ip: not an IP address"
	is_number "$base" && [ "$base" -le $((65535 - 995)) ] ||
		refuse "$base: not a number to add to the ports"
	for domain in $domains; do
		is_domain "$domain" || refuse "$domain: not a domain"
	done
	[ -n "$me" ] || me=$(hostname -f 2>/dev/null)
	case $me in
	*.*) ;;
	*) me=mail.$first ;;
	esac
	is_domain "$me" || refuse "$me: not a host name"
	case $home$bin in
	*:* | *"$newline"*) refuse "a path can't have a colon or a newline in it: $home $bin" ;;
	esac
}

take_arguments()
{
	take_options "$@"
	shift $((OPTIND - 1))
	if [ $# = 0 ] && [ "$OPTIND" = 1 ] && [ -t 0 ]; then
		ask_arguments
	else
		[ $# -ge 1 ] || defer "usage: $usage"
		home=$1
		shift
		for domain; do
			is_domain "$domain" || refuse "$domain: not a domain"
		done
		domains=$(printf '%s\n' "$@" | tr A-Z a-z)
	fi
	know_home
	first=$(printf '%s\n' "$domains" | head -n 1)
	[ -n "$first" ] || { [ -e "$home/control/domains" ] && [ "$only" != x ]; } || defer "usage: $usage"
	[ "$only" != x ] || [ -e "$home/control/domains" ] || defer "$home is no home of a mail system"
	check_arguments
}
