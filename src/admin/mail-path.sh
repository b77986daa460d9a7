#!/bin/sh
# mail-path: show the path that a message took, or would take.

usage='mail-path ID... | mail-path -r ADDRESS | mail-path -n ADDRESS [CLIENT-IP]'
bin=$(dirname "$(readlink -f "$0")")
home=${FACTEUR_HOME:-$(cd "$bin/.." && pwd)}
LC_ALL=C
export LC_ALL FACTEUR_HOME="$home" PATH="$bin:$PATH"

refuse()
{
	echo "mail-path: $*" >&2
	exit 100
}

defer()
{
	echo "mail-path: $*" >&2
	exit 111
}

# All lines of all logs, also the rotated ones, that have one of the words in them.
search()
{
	for word in "$@"; do
		set -- "$@" -e "$word"
		shift
	done
	find log/ -type f \( -name current -o -name '@*.[su]' \) -exec grep -hsF "$@" {} +
}

# id_of WORD: the ID in it, which may also be a file in a maildir or in the queue
id_of()
{
	name=$(basename "$1")
	printf '%s\n' "$name" | sed -n \
		-e 's/^[0-9]*\.\([0-9a-z]\{24\}\)r[0-9a-f]\{8\}\..*/\1/p;t' \
		-e 's/^\([0-9a-z]\{24\}\)$/\1/p'
}

# The IDs of what came of the message in the log lines on standard input.  Only our own
# words count: a peer's may be quoted in the same line.
successors()
{
	sed -n -e 's/.* at=queue-run event=\(bounced\|warned\|confirmed\) bounce=\([0-9a-z]\{24\}\) .*/\2/p' \
		-e 's/.* at=local-deliver event=forwarded .* new=\([0-9a-z]\{24\}\)$/\1/p'
}

readable_time()
{
	if command -v s6-tai64nlocal >/dev/null; then s6-tai64nlocal; else cat; fi
}

# Log lines, with readable times, to sentences.
tell()
{
	awk '
	# the name=value pairs of s to v; quotes and escapes are undone where they only quote
	function parse(s,   name, value, i, c) {
		delete v
		rest = ""
		while (match(s, /^ *[a-z0-9]+=/)) {
			name = substr(s, RSTART, RLENGTH - 1)
			gsub(/ /, "", name)
			s = substr(s, RLENGTH + 1)
			value = ""
			if (substr(s, 1, 1) == "\"") {
				for (i = 2; (c = substr(s, i, 1)) != "\"" && c != ""; i++) {
					if (c == "\\" && substr(s, i + 1, 1) ~ /["\\]/)
						c = substr(s, ++i, 1)
					value = value c
				}
				s = substr(s, i + 1)
			} else {
				match(s, /^[^ ]*/)
				value = substr(s, 1, RLENGTH)
				s = substr(s, RLENGTH + 1)
			}
			v[name] = value
			if (name != "id" && name != "at" && name != "event")
				rest = rest (rest == "" ? "" : ", ") name " " value
		}
	}
	function many(n, what) { return n " " what (n == 1 ? "" : "s") }
	function answer() { return ("status" in v ? " " v["status"] : "") ("text" in v ? " " v["text"] : "") }
	function clock(t,   s, command) {
		command = "date -d @" t + 0 " \"+%Y-%m-%d %H:%M:%S\""
		command | getline s
		close(command)
		return s
	}
	function sentence(e) {
		if (e == "accepted")
			return "accepted from <" v["from"] "> for " many(v["rcpts"], "recipient") \
				", " many(v["bytes"], "byte") ", client " v["client"]
		if (e == "aborted")
			return "the client " v["client"] " went away before the end"
		if (e == "queued")
			return "put into the queue, " many(v["bytes"], "byte") " for " \
				many(v["rcpts"], "recipient")
		if (e == "start")
			return "attempt " v["tries"] + 1 " begins, from <" v["from"] "> for " \
				many(v["rcpts"], "recipient")
		if (e == "delivery")
			return v["rcpt"] " " (v["result"] == "K" ? "is delivered" : \
				v["result"] == "D" ? "has failed" : "is deferred") \
				", " v["via"] ":" answer()
		if (e == "deferred" && "next" in v)
			return "waits until " clock(v["next"]) ", attempts so far: " v["tries"]
		if (e == "bounced")
			return "the failure is reported to the sender by message " v["bounce"]
		if (e == "warned")
			return "the sender is told that it is late by message " v["bounce"]
		if (e == "confirmed")
			return "the success is reported to the sender by message " v["bounce"]
		if (e == "held")
			return "held" ("rule" in v ? " by the rule " v["rule"] : " by " v["by"])
		if (e == "released")
			return "released by " v["by"]
		if (e == "retried")
			return "to be tried at once, by " v["by"]
		if (e == "removed")
			return v["rcpt"] " is removed by " v["by"] ": " v["text"]
		if (e == "redirected")
			return v["rcpt"] " is to go to " v["to"] ", by " v["by"]
		if (e == "paused")
			return "waits until its destination is resumed"
		if (e == "done")
			return "out of the queue"
		if (e == "delivered")
			return v["rcpt"] " is in the mailbox " v["mailbox"] ", " many(v["bytes"], "byte")
		if (e == "forwarded")
			return v["rcpt"] " goes on as message " v["new"]
		if (e == "connect")
			return "connected to " v["host"] " [" v["ip"] "]"
		if (e == "unreachable")
			return "could not reach " v["host"] ("ip" in v ? " [" v["ip"] "]" : "") ":" answer()
		if (e == "sent")
			return v["rcpt"] " is taken by " v["host"] ":" \
				("status" in v ? " " v["status"] : "") " " v["reply"]
		if (e == "retrieved")
			return "fetched by " v["user"] ", client " v["client"]
		if (e == "deleted")
			return "deleted by " v["user"] ", client " v["client"]
		return e ": " rest
	}
	{
		at = index($0, "id=")
		time = substr($0, 1, at - 1)
		sub(/[0-9][0-9][0-9][0-9][0-9][0-9] *$/, "", time)
		parse(substr($0, at))
		printf "  %s  %-14s  %s\n", time, v["at"], sentence(v["event"])
	}'
}

# Where the message stands in the queue, if it does.
tell_place()
{
	for place in queue/new queue/hold queue/paused queue/bad queue/later/*; do
		[ -e "$place/$1" ] || continue
		due=
		case $place in
		queue/later/*) due=", due $(date -d "@${place##*/}" '+%Y-%m-%d %H:%M:%S')" ;;
		esac
		echo "  now in $place$due"
	done
}

# tell_message ID [HOW]: its path, and those of the messages that came of it
tell_message()
{
	lines=$(search "id=$1" | grep "^@[0-9a-f]* id=$1 at=" | sort -u)
	[ -n "$lines" ] || [ -n "$(tell_place "$1")" ] || return
	echo "message $1${2:+, $2}"
	[ -z "$lines" ] || printf '%s\n' "$lines" | readable_time | tell
	tell_place "$1"
	told="$told $1"
	for next in $(printf '%s\n' "$lines" | successors); do
		case $told in
		*" $next"*) ;;
		*) tell_message "$next" "which came of $1" ;;
		esac
	done
}

tell_messages()
{
	for word in "$@"; do
		id=$(id_of "$word")
		[ -n "$id" ] || refuse "$word: not the ID of a message"
		told=
		origin=$(search "bounce=$id" "new=$id" | sed -n 's/.*id=\([0-9a-z]\{24\}\) .*/\1/p' |
			head -n 1)
		path=$(tell_message "$id" "${origin:+which came of $origin}")
		[ -n "$path" ] || refuse "$id: neither in $home/log nor in $home/queue"
		printf '%s\n' "$path"
	done
}

# The messages from or to an address
tell_correspondence()
{
	ids=$(search "rcpt=$1" "from=$1" | grep -E "(rcpt|from)=$1( |\$)" | sort |
		sed -n 's/.*id=\([0-9a-z]\{24\}\) .*/\1/p' | awk '!met[$0]++')
	[ -n "$ids" ] || refuse "$1: nothing from or to this address in $home/log"
	tell_messages $ids
}

# Where mail for the remote domain goes: control/smtproutes, the longest match first
route_of()
{
	{ grep -v '^#' control/smtproutes || :; } 2>/dev/null | awk -F : -v domain="$1" '
	{ route = $0; sub(/^[^:]*:/, "", route); sub(/[ \t]+$/, "", route) }
	!(tolower($1) in routes) { routes[tolower($1)] = route }
	END {
		while (!(domain in routes) && domain != "")
			sub(/^\.?[^.]*/, "", domain)
		if (domain in routes)
			print routes[domain]
	}'
}

# foresee ADDRESS INDENT: the way that mail for it would take from the queue on
foresee()
{
	address=$1 indent=$2
	case $address in
	*@*) ;;
	*) address=$address@$(head -n 1 control/defaultdomain) ;;
	esac
	address=$(printf '%s\n' "$address" | tr A-Z a-z)
	domain=${address##*@}
	if ! grep -Fxqi -- "$domain" control/domains; then
		route=$(route_of "$domain")
		echo "$indent$address: mx-send, to ${route:-the MX of $domain}"
		return
	fi
	found=$(mail-user list "$domain" | awk -F '\t' -v address="$address" '
		{ line[$1] = $0 }
		END {
			base = address
			sub(/\+.*@/, "@", base)
			domain = address
			sub(/.*@/, "@", domain)
			if (address in line) print line[address]
			else if (base in line) print line[base]
			else if (domain in line) print line[domain]
		}')
	tab=$(printf '\t')
	case $found in
	'') echo "$indent$address: there is no such mailbox: 550 5.1.1" ;;
	*"${tab}mailbox$tab"*)
		echo "$indent$address: local-deliver, into the mailbox ${found%%"$tab"*}" ;;
	*)
		echo "$indent$address: local-deliver, by the alias ${found%%"$tab"*}, to:"
		[ ${#indent} -lt 20 ] || { echo "$indent  and so on: a loop"; return; }
		printf '%s\n' "${found##*"$tab"}" | sed 's/, /\n/g' | while read -r target; do
			foresee "$target" "$indent  "
		done
		;;
	esac
}

# What relay-check says to the client about the recipient
ask_policy()
{
	reply=$(printf 'mail <> \nrcpt %s\n' "$1" | TCPREMOTEIP=$2 relay-check | tail -n 1)
	case $reply in
	K*) echo "smtp-recv takes it from $2" ;;
	?*) echo "smtp-recv refuses it from $2: ${reply#?}"; exit ;;
	*) defer 'relay-check gave no answer: does the system run?' ;;
	esac
}

cd "$home" 2>/dev/null && [ -d control ] || defer "$home is no home: set FACTEUR_HOME"
mode=path
while getopts nr option; do
	case $option in
	n) mode=foresee ;;
	r) mode=correspondence ;;
	*) defer "usage: $usage" ;;
	esac
done
shift $((OPTIND - 1))
case $mode:$# in
path:0) defer "usage: $usage" ;;
path:*) [ -r log ] || defer "unable to read $home/log"; tell_messages "$@" ;;
correspondence:1) tell_correspondence "$1" ;;
foresee:1) foresee "$1" '' ;;
foresee:2) ask_policy "$1" "$2" && foresee "$1" '' ;;
*) defer "usage: $usage" ;;
esac
