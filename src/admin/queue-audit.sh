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
# ID stands for a message that came of another one; G put into bad; E out of the queue.
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
	function find(wanted) {
		while (pair())
			if (name == wanted)
				return value
		return "?"
	}
	function say(letter, words) { print id, $1, letter, words }
	$2 !~ /^id=[0-9a-z]+$/ || length($2) != 27 || $1 !~ /^@/ { next }
	{
		id = substr($2, 4)
		rest = substr($0, length($1 $2 $3 $4) + 5)
		what = substr($3, 4) " " substr($4, 7)
	}
	what == "smtp-recv accepted" { say("A", find("rcpts")) }
	what == "queue-inject queued" { say("Q", find("rcpts")) }
	what == "queue-run start" { say("S", find("rcpts")) }
	what == "queue-run delivery" || what == "queue-edit delivery" {
		rcpt = find("rcpt")
		result = find("result")
		if (result != "Z")
			say(result, rcpt " " find("via"))
	}
	what == "queue-edit removed" { say("X", find("rcpt")) }
	what == "queue-run unreported" { say("U", find("rcpt")) }
	what ~ /^queue-run (bounced|warned|confirmed)$/ {
		child = find("bounce")
		if ($4 == "event=bounced")
			say("B", find("rcpts") " " child)
		print child, $1, "P", id
	}
	what == "local-deliver forwarded" { print find("new"), $1, "P", id }
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
		rcpts = attempt = reported = silent = done = bad = known = again = 0
		split("", ends); split("", most); split("", kinds); split("", told)
		split("", twice)
	}
	# The same recipient twice in one attempt is twice in the envelope; in two attempts
	# it was delivered twice, unless it is a mailbox here.
	function take_end(letter, rcpt, via,	k) {
		k = rcpt SUBSEP attempt
		if (++ends[k] > most[rcpt])
			most[rcpt] = ends[k]
		if (letter == "K" && kinds[rcpt] ~ /K/ && ends[k] == 1) {
			if (via == "local") # it has met the file that was there
				again++
			else
				twice[rcpt] = "delivered twice"
		}
		if (letter != "D" && kinds[rcpt] ~ (letter == "K" ? "X" : "K"))
			twice[rcpt] = "delivered and removed"
		kinds[rcpt] = kinds[rcpt] letter
	}
	function take() {
		if ($3 == "I") {
			place = $4
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
			take_end($3, $4, $5)
		else if ($3 == "B" && !($5 in told)) {
			told[$5] = 1
			reported += $4
		} else if ($3 == "U")
			silent++
		else if ($3 == "P") {
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
		if (!known && place == "") {
			tell("came of " origin " and was never queued")
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
				tell(r " was " twice[r])
		}
		if (!known)
			rcpts = ended + 1 # all that is known is that it stands there
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

# As many old files as the service keeps, and the oldest does not reach back to the day: what
# was before is gone.
tell_gaps()
{
	for folder in log/*/; do
		service=$(basename "$folder")
		case $service in
		pop3* | auth | check | tls | send) continue ;;
		esac
		oldest=$(find "$folder" -name '@*.[su]' | sort | head -n 1)
		[ -n "$oldest" ] || continue
		kept=$(sed -n 's/.*s6-log.* n\([0-9]*\).*/\1/p' "service/$service/log/run" 2>/dev/null)
		[ "$(find "$folder" -name '@*.[su]' | wc -l)" -ge "${kept:-1}" ] || continue
		first=$(head -n 1 "$oldest" | cut -d ' ' -f 1)
		[ "$(printf '%s\n%s\n' "$first" "$from" | sort | head -n 1)" = "$from" ] || continue
		[ "$service" != admin ] || continue # of which nothing is ever removed
		echo "$folder begins at $first only: what was logged before is gone"
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
any_id=$(printf '[0-9a-z]%.0s' 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24)
work=$(mktemp -d "${TMPDIR:-/tmp}/queue-audit.XXXXXX") || defer "unable to make a folder"
trap 'rm -rf "$work"' EXIT
trap 'exit 111' HUP INT TERM

# the queue is read before and after the logs: a message that is moved meanwhile may be missed once
echo "queue-audit: $day"
list_queue >"$work/queued"
read_logs_safely
list_queue >>"$work/queued"
sort -S 64M -T "$work" -k 1,2 "$work/said" "$work/queued" >"$work/events" || defer "unable to sort"
judge <"$work/events"
verdict=$?
tell_gaps | tee "$work/gaps"
grep -v 'No such file or directory' "$work/complaints" >&2 && verdict=111
[ "$verdict" -ne 0 ] || [ ! -s "$work/gaps" ] || verdict=111
exit "$verdict"
