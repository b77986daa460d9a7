#!/bin/sh
# queue-audit: prove from logs and queue that every message of a day has come to one end.

usage='queue-audit DAY'
bin=$(dirname "$(readlink -f "$0")")
home=${FACTEUR_HOME:-$(cd "$bin/.." && pwd)}
LC_ALL=C
export LC_ALL

defer()
{
	echo "queue-audit: $*" >&2
	exit 111
}

# The TAI64N label of a moment, in seconds since 1970: TAI has been 37 s ahead since 2017.
label_of()
{
	printf '@%016x00000000' $((4611686018427387904 + $1 + 37))
}

# Where the messages stand now: "ID ~ I PLACE", which sorts behind all log lines of the ID.
list_queue()
{
	find queue/new queue/later queue/hold queue/paused queue/bad -name "$any_id" \
	    -printf '%f ~ I %h\n' 2>>"$work/complaints"
	:
}

# The log files that may have lines of that day or later.  The name of an old one is the time
# of its end.
list_logs()
{
	find log/ -type f \( -name current -o -name '@*.[su]' \) | awk -v from="$from" '
	{ name = $0; sub(/.*\//, "", name) }
	name == "current" || name >= from' | sort
}

# Log lines to what they say about a message, "ID LABEL LETTER...": A accepted, Q queued or S
# started for so many recipients; K, D, X the end of a recipient: delivered, failed, removed; U a
# failure of which nobody wants to hear; B reported in a message, for so many; P an origin: the
# ID stands for a message that came of another one; L what a local delivery did, for an address;
# G put into bad; E out of the queue.  A recipient is "#" and its number in the envelope, for two
# can have one address; in logs of before there were numbers it is the address.
read_logs()
{
	tr '\n' '\0' <"$work/logs" | xargs -0r awk '
	# the next name=value of rest; a value that is quoted stays so, without its blanks
	function pair(	n) {
		if (!match(rest, /^[a-z0-9]+=/))
			return 0
		name = substr(rest, 1, RLENGTH - 1)
		rest = substr(rest, RLENGTH + 1)
		if (substr(rest, 1, 1) == "\"")
			n = match(rest, /^"([^"\\]|\\.)*"/) ? RLENGTH : length(rest)
		else
			n = (n = index(rest, " ")) ? n - 1 : length(rest)
		value = substr(rest, 1, n)
		gsub(/ /, "\\x20", value)
		rest = substr(rest, n + 2)
		return 1
	}
	function parse() {
		split("", v)
		while (pair())
			v[name] = value
	}
	function get(wanted) { return wanted in v ? v[wanted] : "?" }
	function key() { return "n" in v ? "#" v["n"] : get("rcpt") }
	function say(letter, words) { print id, $1, letter, words }
	$2 !~ /^id=[0-9a-z]+$/ || length($2) != 27 || $1 !~ /^@/ { next }
	{
		id = substr($2, 4)
		rest = substr($0, length($1 $2 $3 $4) + 5)
		what = substr($3, 4) " " substr($4, 7)
	}
	what == "smtp-recv accepted" { parse(); say("A", get("rcpts")) }
	what == "queue-inject queued" { parse(); say("Q", get("rcpts")) }
	what == "queue-run start" { parse(); say("S", get("rcpts")) }
	what == "queue-run delivery" || what == "queue-edit delivery" {
		parse()
		if (get("result") != "Z")
			say(get("result"), key() " " get("rcpt") " " get("via"))
	}
	what == "queue-edit removed" { parse(); say("X", key() " " get("rcpt")) }
	what == "queue-run unreported" { parse(); say("U", key()) }
	what ~ /^queue-run (bounced|warned|confirmed)$/ {
		parse()
		if ($4 == "event=bounced")
			say("B", get("rcpts") " " get("bounce"))
		print get("bounce"), $1, "P", id
	}
	what == "local-deliver delivered" {
		parse()
		say("L", get("rcpt") ("again" in v ? " again" : " fresh"))
	}
	what == "local-deliver forwarded" {
		parse()
		say("L", get("rcpt") " " get("new"))
		print get("new"), $1, "P", id
	}
	what ~ /^queue-[a-z]+ bad$/ { say("G", "") }
	what ~ /^queue-[a-z]+ done$/ { say("E", "") }'
}

# A log that is put aside while it is read may be missed: then all are read anew.
read_logs_safely()
{
	for try in 1 2 3 4 5; do
		list_logs >"$work/logs"
		read_logs >"$work/said" 2>"$work/trouble"
		trouble=$?
		list_logs >"$work/logs.now"
		! cmp -s "$work/logs" "$work/logs.now" || break
	done
	[ "$trouble" -eq 0 ] || cat "$work/trouble" >>"$work/complaints"
}

# What is said about each message, in the order of time, to a verdict on each; then the sums.
judge()
{
	awk -v from="$from" -v to="$to" '
	function tell(words) { print id ": " words; unproved++ }
	function many(n, one, more) { return n " " (n == 1 ? one : more != "" ? more : one "s") }
	# seconds since 1970 that the ID says, as a label without nanoseconds
	function id_label(	t, i) {
		for (i = 1; i <= 11; i++)
			t = t * 36 + index("0123456789abcdefghijklmnopqrstuvwxyz", substr(id, i, 1)) - 1
		t = int(t / 1000000) + 37
		return sprintf("@40000000%08x", t)
	}
	function begin() {
		id = $1
		accepted = came = origin = place = ""
		rcpts = attempt = reported = silent = done = bad = known = file = again = 0
		split("", ends); split("", most); split("", kinds); split("", told)
		split("", twice); split("", address); split("", hushed)
		split("", more); split("", fresh); split("", same); split("", went)
	}
	# Without a number, the same address twice in one attempt is twice in the envelope.
	function take_end(letter, rcpt, name, via,	k) {
		k = rcpt ~ /^#/ ? rcpt : rcpt SUBSEP attempt
		address[rcpt] = name
		if (++ends[k] > most[rcpt] && (most[rcpt] == 0 || rcpt !~ /^#/))
			most[rcpt] = ends[k]
		if (letter == "K" && kinds[rcpt] ~ /K/ && (ends[k] == 1 || rcpt ~ /^#/)) {
			if (via == "local") # it may have met the file that was there
				more[name]++
			else
				twice[rcpt] = "delivered twice"
		}
		if (letter != "D" && kinds[rcpt] ~ (letter == "K" ? "X" : "K"))
			twice[rcpt] = "delivered and removed"
		kinds[rcpt] = kinds[rcpt] letter
	}
	# A file or a message of its own each time, or the one that was there?
	function take_local(name, did) {
		if (did == "again" || (name, did) in went)
			same[name]++
		else
			fresh[name]++
		if (did != "again" && did != "fresh")
			went[name, did] = 1
	}
	function take_repeated(	r) {
		for (r in more)
			if (same[r] >= more[r] && fresh[r] <= 1)
				again += more[r]
			else
				tell(r " was delivered twice, and nothing shows that it was into the same file")
	}
	function take() {
		if ($3 == "I") {
			place = $4
			return
		}
		if ($3 == "F") {
			file = $4
			return
		}
		if ($3 == "Q" || $3 == "A" || $3 == "S") {
			known = 1
			if ($4 + 0 > rcpts)
				rcpts = $4 + 0
			if ($3 == "S")
				attempt++
			else if (accepted == "")
				accepted = $2
		} else if ($3 == "K" || $3 == "D" || $3 == "X")
			take_end($3, $4, $5, $6)
		else if ($3 == "L")
			take_local($4, $5)
		else if ($3 == "B" && !($5 in told)) {
			told[$5] = 1
			reported += $4
		} else if ($3 == "U") {
			silent += $4 !~ /^#/ || !($4 in hushed)
			hushed[$4] = 1
		} else if ($3 == "P") {
			origin = $4
			if (came == "")
				came = $2
		} else if ($3 == "G")
			bad = 1
		else if ($3 == "E")
			done = 1
	}
	function end(	r, ended, failed, k, x) {
		if (accepted == "")
			accepted = came != "" ? came : id_label()
		if (accepted < from || accepted >= to)
			return
		messages++
		if (!known && !file) {
			tell(place != "" ? "stands in " place ", and for how many is not known" : \
				origin != "" ? "came of " origin " and was never queued" : \
				"was for recipients of whom no log tells")
			return
		}
		for (r in kinds) {
			ended += most[r]
			if (kinds[r] ~ /K/)
				k += most[r]
			else if (kinds[r] ~ /X/)
				x += most[r]
			else
				failed += most[r]
			if (r in twice)
				tell(address[r] " was " twice[r])
		}
		take_repeated()
		if (!known)
			rcpts = file
		recipients += rcpts
		repeated += again
		delivered += k
		removed += x
		if (ended > rcpts)
			tell(many(ended, "end") " for " many(rcpts, "recipient"))
		if (reported + silent > failed)
			tell("told of " many(reported + silent, "failure") ", but had " failed + 0)
		if (ended >= rcpts && (reported + silent >= failed))
			bounced += failed
		else if (place != "") {
			bounced += reported + silent
			if (place == "queue/bad")
				kept += rcpts - k - x - reported - silent
			else
				queued += rcpts - k - x - reported - silent
		} else if (bad)
			tell("was put into queue/bad, and is not there any more")
		else if (ended < rcpts)
			tell(many(rcpts - ended, "recipient") " of " rcpts " came to no end" \
				(done ? ", but it left the queue" : ""))
		else
			tell(many(failed - reported - silent, "failure") " nobody was told of")
	}
	$1 != id {
		if (id != "")
			end()
		begin()
	}
	{ take() }
	END {
		if (id != "")
			end()
		printf "%s accepted, for %s: %d delivered, %d failed and reported, %d removed by hand, " \
			"%d still queued, %d kept in queue/bad\n", many(messages + 0, "message"), \
			many(recipients + 0, "recipient"), delivered, bounced, removed, queued, kept
		if (repeated)
			print many(repeated, "local delivery", "local deliveries") " repeated, into the same file"
		if (unproved)
			print many(unproved, "fault")
		exit unproved ? 100 : 0
	}'
}

# What stands in the queue and of which no log tells for how many it is: "ID ~ F RECIPIENTS", as the
# file says.
read_files()
{
	awk '
	$1 != id { if (place && !known) print id; id = $1; place = known = 0 }
	$3 == "I" { place = 1 }
	$3 ~ /^[AQS]$/ { known = 1 }
	END { if (place && !known) print id }' "$work/events" |
		FACTEUR_HOME=$home xargs -r "$bin/queue-list" -j 2>/dev/null | awk '
		match($0, /^{"id":"[0-9a-z]+"/) {
			id = substr($0, 8, RLENGTH - 8)
			n = gsub(/[{,]"address":"/, "")
			if (n > 0)
				print id, "~", "F", n
		}' | sort -k 1,2
}

# made_at SERVICE: when its log must have begun, in seconds: when the service was made, or the home
made_at()
{
	{
		find "service/$1" -name supervise -prune -o -type f -printf '%T@\n'
		[ "$1" != queue ] && [ -d "service/$1" ] || stat -c %Y control/me service/.made
	} 2>/dev/null | sort -n | head -n 1 | cut -d . -f 1
}

# is_earlier LABEL LABEL: or the same
is_earlier()
{
	[ "$(printf '%s\n%s\n' "$1" "$2" | sort | head -n 1)" = "$1" ]
}

# A log of those that accept, forward or end messages must begin before the day, or within an hour
# of the service's making; what begins later may have lost what it said before, and what begins
# earlier shows that the files have been changed since.  The line of the run script makes each log
# begin, also that of a service which nobody uses.
tell_gaps()
{
	for name in $(ls service log 2>/dev/null | sort -u | grep -vx queue) queue; do
		case $name in
		pop3* | auth | check | relay | tls | send) continue ;;
		admin) continue ;; # a line that is missing there makes a fault, and hides none
		esac
		[ -d "service/$name" ] || [ -d "log/$name" ] || [ "$name" = queue ] || continue
		first=$(find "log/$name/" -type f \( -name current -o -name '@*.[su]' \) 2>/dev/null |
			sort | xargs -r awk '/^@[0-9a-f]+ /{ print $1; exit }' 2>/dev/null)
		if [ -z "$first" ]; then
			[ ! -d "service/$name" ] && [ "$name" != queue ] ||
				echo "log/$name says nothing: what was logged is gone, or it was never started"
			continue
		fi
		is_earlier "$first" "$from" && continue
		made=$(made_at "$name")
		[ -n "$made" ] && is_earlier "$(label_of $((made - 60)))" "$first" &&
			is_earlier "$first" "$(label_of $((made + 3600)))" && continue
		echo "log/$name begins at $first only: what was logged before is gone"
	done
}

[ $# -eq 1 ] || defer "usage: $usage"
cd "$home" 2>/dev/null && [ -d control ] || defer "$home is no home: set FACTEUR_HOME"
for folder in log queue queue/new queue/later; do
	[ -r "$folder" ] && [ -x "$folder" ] || defer "unable to read $home/$folder"
done
day=$(date -d "$1" +%F 2>/dev/null) || defer "$1: no day, such as $(date +%F)"
from=$(label_of "$(date -d "$day 00:00" +%s)")
to=$(label_of "$(date -d "$(date -d "$day + 1 day" +%F) 00:00" +%s)")
now=$(label_of "$(date +%s)")
is_earlier "$from" "$now" || defer "$day has not begun"
unfinished=
is_earlier "$to" "$now" || unfinished=', which is not over'
any_id=$(printf '[0-9a-z]%.0s' 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24)
work=$(mktemp -d "${TMPDIR:-/tmp}/queue-audit.XXXXXX") || defer "unable to make a folder"
trap 'rm -rf "$work"' EXIT
trap 'exit 111' HUP INT TERM

# the queue is read before and after the logs: a message that is moved meanwhile may be missed once
echo "queue-audit: $day$unfinished"
list_queue >"$work/queued"
read_logs_safely
list_queue >>"$work/queued"
sort -S 64M -T "$work" -k 1,2 "$work/said" "$work/queued" >"$work/events" || defer "unable to sort"
read_files >"$work/files"
sort -m -S 64M -T "$work" -k 1,2 "$work/events" "$work/files" | judge
verdict=$?
tell_gaps | tee "$work/gaps"
grep -v 'No such file or directory' "$work/complaints" >&2 && verdict=111
[ ! -s "$work/gaps" ] || verdict=111
exit "$verdict"
