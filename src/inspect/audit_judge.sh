# The verdict on each message of a day, and the sums.

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
